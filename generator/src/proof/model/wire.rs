//! The data of the generated tests of operations: their calls, and the expected requests and
//! results.

use serde_json::Value as Json;

use crate::ident::{FieldName, MethodName, TypeName};
use crate::ir::{HeaderCodec, Type, Value};

/// The tests of all operations.
#[derive(Clone, Debug, Default)]
pub struct WireTests {
    /// The server for the client, if the document's server is not an absolute URL.
    pub server: Option<String>,
    /// The credential of each security scheme, in order of the schemes.
    pub credentials: Vec<Credential>,
}

/// A dummy credential.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The setter.
    pub setter: MethodName,
    /// The number of arguments; zero if the transport has the credential.
    pub arguments: usize,
    /// A text that only appears in requests that require the credential.
    pub secret: Option<String>,
}

/// A call of an operation, with the expected request and the responses.
#[derive(Clone, Debug)]
pub struct WireTest {
    /// The name of the test.
    pub name: MethodName,
    /// The argument for each parameter, in order. Every required parameter has one.
    pub parameters: Vec<Option<Argument>>,
    /// The body to send.
    pub body: Option<Argument>,
    /// The expected request.
    pub request: WireRequest,
    /// The responses, in order.
    pub answers: Vec<WireAnswer>,
    /// The pages served after that, or `None` for an operation without pages.
    pub pages: Option<WirePages>,
}

/// Pages of an operation, each created from the example of one response.
#[derive(Clone, Debug)]
pub struct WirePages {
    /// The position of that response among the answers.
    pub answer: usize,
    /// The JSON Pointer to the items in its body.
    pub items: String,
    /// An item, if the example of the response has none.
    pub item: Option<Json>,
    /// True if the generated code returns the items of a page.
    pub has_items: bool,
    /// The pages in order.
    pub pages: Vec<WirePage>,
}

/// One page.
#[derive(Clone, Debug)]
pub struct WirePage {
    /// The request for the page.
    pub request: WireRequest,
    /// The header `Link` of its response.
    pub link: Option<String>,
    /// The number of its items.
    pub items: usize,
    /// The values in its body that replace those of the example, by JSON Pointer; `None` for an
    /// absent value.
    pub edits: Vec<(String, Option<Json>)>,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A typed value.
    Value {
        /// The type.
        ty: Type,
        /// The value, if Rust has an expression for it.
        value: Option<Value>,
        /// The value as JSON.
        json: Json,
    },
    /// A struct value, with the media types for some of its files.
    Files(Box<Argument>, Type, Vec<ChosenFile>),
    /// Bytes, with their media type if the document only has a range.
    Content(Option<String>, String),
    /// One media type of a body: the enum, the variant, and its value.
    Choice(TypeName, TypeName, Box<Argument>),
}

/// A field of a struct whose files have a given media type.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenFile {
    /// The field.
    pub field: FieldName,
    /// The type, with aliases resolved.
    pub ty: Type,
    /// The variant for a file, if the type is a union.
    pub variant: Option<TypeName>,
    /// The media type.
    pub media_type: String,
}

/// An expected request.
#[derive(Clone, Debug)]
pub struct WireRequest {
    /// The HTTP method.
    pub method: String,
    /// The complete URL.
    pub url: String,
    /// The headers, in lower case, ordered by name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: WireBody,
}

/// A body on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum WireBody {
    /// None.
    Empty,
    /// JSON, compared by value.
    Json(Json),
    /// Text, compared by bytes.
    Text(String),
}

/// A response with its expected result.
#[derive(Clone, Debug)]
pub struct WireAnswer {
    /// The status.
    pub status: u16,
    /// The media type of the body.
    pub media_type: Option<String>,
    /// The declared headers.
    pub headers: Vec<WireHeader>,
    /// The body.
    pub body: WireBody,
    /// True for a success.
    pub is_success: bool,
    /// The index of the expected case.
    pub case: usize,
    /// The index of the expected body in the case, and the value as JSON, or `None` for text and
    /// bytes, which are the body itself.
    pub read: Option<(usize, Option<Json>)>,
}

/// A response header.
#[derive(Clone, Debug)]
pub struct WireHeader {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The type of the accessor.
    pub ty: Type,
    /// The deserialization of the accessor.
    pub codec: HeaderCodec,
    /// The expected value of the accessor, as JSON.
    pub read: Json,
}
