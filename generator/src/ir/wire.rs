//! What the generated test of an operation sends and answers, and what has to be seen of it.

use serde_json::Value as Json;

use crate::ident::{FieldName, MethodName, TypeName};

use super::{HeaderCodec, Type, Value};

/// The tests of all operations.
#[derive(Clone, Debug, Default)]
pub struct WireTests {
    /// The server that the client is given, where the document's own is no absolute URL.
    pub server: Option<String>,
    /// The credential of each security scheme, in the order of the schemes: what the builder's
    /// setter is given, and what of it stands in a request.
    pub credentials: Vec<Credential>,
}

/// A made-up credential.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The setter.
    pub setter: MethodName,
    /// How many texts it is given; none where the transport has the credential.
    pub arguments: usize,
    /// The text that no request has that does not ask for it.
    pub secret: Option<String>,
}

/// One call of an operation, with what it has to send and what is answered.
#[derive(Clone, Debug)]
pub struct WireTest {
    /// The test's name.
    pub name: MethodName,
    /// What each parameter is given, in the operation's order; none is left out that is required.
    pub parameters: Vec<Option<Argument>>,
    /// What is sent as the body.
    pub body: Option<Argument>,
    /// What has to be sent.
    pub request: WireRequest,
    /// What is answered, one after the other.
    pub answers: Vec<WireAnswer>,
    /// Pages that are served after that; `None` for an operation without pages.
    pub pages: Option<WirePages>,
}

/// Pages of an operation, each made of the example of one response.
#[derive(Clone, Debug)]
pub struct WirePages {
    /// The position of that response among the answers.
    pub answer: usize,
    /// The JSON Pointer of the items in its body.
    pub items: String,
    /// An item, where the example of the response has none.
    pub item: Option<Json>,
    /// Whether the generated code takes the items out of a page.
    pub has_items: bool,
    /// The pages in their order.
    pub pages: Vec<WirePage>,
}

/// One page.
#[derive(Clone, Debug)]
pub struct WirePage {
    /// The request that asks for it.
    pub request: WireRequest,
    /// The header `Link` of its response.
    pub link: Option<String>,
    /// The number of its items.
    pub items: usize,
    /// The values that its body has instead of those of the example, by JSON Pointers; `None` for
    /// one that is absent.
    pub edits: Vec<(String, Option<Json>)>,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A value of a type.
    Value {
        /// The type.
        ty: Type,
        /// The value, where Rust has an expression for it.
        value: Option<Value>,
        /// The same in JSON.
        json: Json,
    },
    /// A value of a struct, with the media types that some of its files are given.
    Files(Box<Argument>, Type, Vec<ChosenFile>),
    /// Bytes, with their media type where the document has a range only.
    Content(Option<String>, String),
    /// One media type of a body: the enum, the variant, and what is in it.
    Choice(TypeName, TypeName, Box<Argument>),
}

/// A field of a struct whose files are given a media type.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenFile {
    /// The field.
    pub field: FieldName,
    /// Its type, without aliases.
    pub ty: Type,
    /// The variant that a file is, where the type is a union.
    pub variant: Option<TypeName>,
    /// The media type.
    pub media_type: String,
}

/// A request as it has to be.
#[derive(Clone, Debug)]
pub struct WireRequest {
    /// The HTTP method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The headers, in lower case and in the order of their names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: WireBody,
}

/// A body on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum WireBody {
    /// None.
    Empty,
    /// JSON, which is compared by its value.
    Json(Json),
    /// Text, which is compared by its bytes.
    Text(String),
}

/// A response, and how it has to be read.
#[derive(Clone, Debug)]
pub struct WireAnswer {
    /// The status.
    pub status: u16,
    /// The media type of the body.
    pub media_type: Option<String>,
    /// The headers that the document declares.
    pub headers: Vec<WireHeader>,
    /// The body.
    pub body: WireBody,
    /// Whether it is a success.
    pub is_success: bool,
    /// Which case of the outcome it is.
    pub case: usize,
    /// Which body of the case, and what is read, in JSON; none of text and bytes, which are the
    /// body itself.
    pub read: Option<(usize, Option<Json>)>,
}

/// A header of a response.
#[derive(Clone, Debug)]
pub struct WireHeader {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// By which its accessor is known.
    pub ty: Type,
    /// The same.
    pub codec: HeaderCodec,
    /// What the accessor gives, in JSON.
    pub read: Json,
}
