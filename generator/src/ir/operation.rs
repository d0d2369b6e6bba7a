//! What the operations become: requests, responses, webhooks.

use crate::ident::{FieldName, MethodName, ModuleName, TypeName};

use super::{Docs, Name, Pagination, Requirement, Server, Stream, Type, Value, WireTest};

/// The operations of one tag.
#[derive(Clone, Debug)]
pub struct OperationGroup {
    /// The module.
    pub module: ModuleName,
    /// The tag's name as the document has it, or a stand-in for operations without one.
    pub title: String,
    /// The tag's words.
    pub docs: Docs,
    /// Its operations in the document's order.
    pub operations: Vec<Operation>,
    /// Operations of other groups that have this tag too: the module and the type.
    pub others: Vec<(ModuleName, TypeName)>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, or `GET /path` where the document has none.
    pub wire_name: String,
    /// The client's method.
    pub method_name: MethodName,
    /// The type that is the request.
    pub type_name: TypeName,
    /// The HTTP method, in capitals.
    pub http_method: String,
    /// The path template.
    pub path: String,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
    /// Its own servers, instead of the document's; mostly empty.
    pub servers: Vec<Server>,
    /// The alternatives of `security`; empty where nothing is sent.
    pub security: Vec<Requirement>,
    /// The parameters: path first, then the document's order.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The key that makes it safe to repeat a call, but for a header that has to be given.
    pub idempotency_key: Option<IdempotencyKey>,
    /// What a success holds.
    pub success: Outcome,
    /// What a documented failure holds.
    pub failure: Outcome,
    /// The media types of its responses, as the header `Accept` has them; empty for none.
    pub accept: String,
    /// What reads the headers of its responses; `None` where they have none.
    pub headers_name: Option<TypeName>,
    /// A call with the document's own example values.
    pub example: Option<CallExample>,
    /// How the generated tests try it; or why they do not.
    pub tests: Result<Vec<WireTest>, String>,
    /// What the API sends on account of the call.
    pub callbacks: Vec<Webhook>,
    /// Where its responses lead on to.
    pub links: Vec<Link>,
    /// How it gives a long list page by page; `None` where it gives none.
    pub pagination: Option<Pagination>,
    /// How it answers item by item; `None` where it does not.
    pub stream: Option<Stream>,
    /// The boolean property of the body that selects a stream, where it is called `stream`.
    pub stream_switch: Option<String>,
}

/// A key by which a server recognizes a repeated call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdempotencyKey {
    /// The optional header of this name, whose value may be a UUID.
    Header(String),
    /// The property of this name in a body of JSON.
    Property(String),
}

/// The Link Object of a response.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its key in the document.
    pub name: String,
    /// The response that has it, as the document has it: `201`, `4XX`, `default`.
    pub status: String,
    /// The method of the operation that it leads to, where the document has that.
    pub target: Option<MethodName>,
    /// `operationId` or `operationRef`.
    pub wire_target: String,
    /// The parameters and the body, each with the value or the runtime expression.
    pub values: Vec<(String, String)>,
    /// The URL of the server that it is to be sent to, where that is another.
    pub server: Option<String>,
    /// `description`
    pub description: Option<String>,
}

/// A request that the API sends: a webhook, or a callback of an operation.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its key in the document.
    pub wire_name: String,
    /// The type of what arrives: the body, or a struct of the parameters and the body.
    pub type_name: TypeName,
    /// The HTTP method, in capitals.
    pub http_method: String,
    /// Of a callback: the runtime expression that gives the URL.
    pub url: Option<String>,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The body; the enum of its media types, where there are several, is the
    /// webhook's own type where it has no parameters.
    pub body: Option<Body>,
    /// The enum of what may be answered; `None` where the document does not say.
    pub answer_type: Option<TypeName>,
    /// What may be answered.
    pub answers: Vec<ResponseCase>,
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name; the field and the setter.
    pub name: Name<FieldName>,
    /// Where it goes and how it is written.
    pub style: Style,
    /// Its type, without the `Option` of an optional one.
    pub ty: Type,
    /// Whether the call cannot do without it.
    pub required: bool,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// Where a parameter goes and how it is written (OpenAPI 3.1, section "Style Values").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Style {
    /// In the path.
    Path {
        /// The style.
        style: PathStyle,
        /// `explode`
        explode: bool,
    },
    /// In the query.
    Query {
        /// The style.
        style: QueryStyle,
        /// `explode`
        explode: bool,
        /// `allowReserved`
        allow_reserved: bool,
    },
    /// In a header, style `simple`.
    Header {
        /// `explode`
        explode: bool,
    },
    /// In a cookie, style `form`.
    Cookie {
        /// `explode`
        explode: bool,
    },
    /// As text of a media type (`content`), here JSON.
    Json(Place),
}

/// The four places of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the value of `in`")]
pub enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// The styles of a path parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the value of `style`")]
pub enum PathStyle {
    Simple,
    Label,
    Matrix,
}

/// The styles of a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the value of `style`")]
pub enum QueryStyle {
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject(ArrayForm),
}

/// How the style `deepObject` writes an array, for which the specification has no form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArrayForm {
    /// `expand[0]=a&expand[1]=b`
    #[default]
    Indices,
    /// `expand[]=a&expand[]=b`
    Brackets,
    /// `expand=a&expand=b`
    Repeat,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether the call cannot do without it.
    pub required: bool,
    /// The media types; with more than one, the body is an enum of this name.
    pub choices: Vec<BodyChoice>,
    /// The enum of the choices, where there are several.
    pub choice_type: Option<TypeName>,
    /// The document's words.
    pub docs: Docs,
}

/// One way to send a request body.
#[derive(Clone, Debug)]
pub struct BodyChoice {
    /// The media type that is sent; of bytes also a range, out of which the caller chooses.
    pub media_type: String,
    /// The key of the document's `content` that it comes from.
    pub key: String,
    /// Its variant, where there are several.
    pub variant: TypeName,
    /// How it is written.
    pub codec: BodyCodec,
    /// What is written.
    pub ty: Type,
}

/// How a body becomes bytes (wire rule 15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyCodec {
    /// JSON and every `+json`.
    Json,
    /// `application/x-www-form-urlencoded`; the properties that are not written in the default style.
    Form(Vec<FormField>),
    /// `multipart/form-data` (RFC 7578).
    Multipart(Vec<Part>),
    /// Text in UTF-8, XML included.
    Text,
    /// Text in the charset that the media type names.
    EncodedText,
    /// Bytes.
    Bytes,
}

/// One property of a form body, by its Encoding Object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// The property.
    pub name: String,
    /// How it is written.
    pub style: FieldStyle,
}

/// How a property of a form body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldStyle {
    /// As a query parameter is.
    Query {
        /// The style.
        style: QueryStyle,
        /// `explode`
        explode: bool,
        /// `allowReserved`
        allow_reserved: bool,
    },
    /// As JSON (`contentType`).
    Json,
}

/// One part of a multipart body that is not written in the default way: by its Encoding Object, or
/// by the keywords of its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The property.
    pub name: String,
    /// `contentType`, which may be a list with ranges, or `contentMediaType`.
    pub content_type: Option<String>,
    /// `contentEncoding`, for the header `Content-Transfer-Encoding`.
    pub transfer_encoding: Option<String>,
    /// Whether a text is what its media type says already, and not the value of a JSON string.
    pub is_verbatim: bool,
}

/// What one class of responses holds: nothing, a value, or one of several.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The enum of the cases; `None` where there is no more than one success body,
    /// which then stands for itself.
    pub enum_name: Option<TypeName>,
    /// The cases: exact codes first, then ranges, then `default`.
    pub cases: Vec<ResponseCase>,
}

/// One documented response and media type.
#[derive(Clone, Debug)]
pub struct ResponseCase {
    /// Which status it is for.
    pub status: Status,
    /// Its variant.
    pub variant: TypeName,
    /// The bodies by media type; empty where the response has none.
    pub bodies: Vec<ResponseBody>,
    /// The headers that the document declares.
    pub headers: Vec<ResponseHeader>,
    /// The document's words.
    pub docs: Docs,
}

impl ResponseCase {
    /// Returns the bodies that have a variant of their own, each with all media types of that variant.
    pub fn outputs(&self) -> Vec<(&ResponseBody, Vec<&str>)> {
        let mut outputs: Vec<(&ResponseBody, Vec<&str>)> = Vec::new();
        for body in &self.bodies {
            let media_types = body.media_types.iter().map(String::as_str);
            let mut known = outputs.iter_mut();
            match known.find(|(other, _)| other.variant == body.variant) {
                Some((_, known)) => known.extend(media_types),
                None => outputs.push((body, media_types.collect())),
            }
        }
        outputs
    }
}

/// One way to read a response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResponseBody {
    /// The media types or ranges that are read this way, as the document has them.
    pub media_types: Vec<String>,
    /// Its variant, where the outcome is an enum. Bodies of one type may share it.
    pub variant: TypeName,
    /// How it is read.
    pub codec: ResponseCodec,
    /// What is read.
    pub ty: Type,
}

/// How a response body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseCodec {
    /// JSON and every `+json`.
    Json,
    /// Text, XML and forms included.
    Text,
    /// JSON where the response says that it is JSON, else text.
    JsonOrText,
    /// Bytes.
    Bytes,
}

/// A header of a response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResponseHeader {
    /// Its name; the accessor.
    pub name: Name<MethodName>,
    /// Its type.
    pub ty: Type,
    /// How it is read.
    pub codec: HeaderCodec,
    /// `required`
    pub required: bool,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// How a response header is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeaderCodec {
    /// Text in the style `simple`.
    Text,
    /// JSON (`content`).
    Json,
}

/// Which status codes a response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// One code.
    Code(u16),
    /// `1XX` to `5XX`, by the first digit.
    Range(u8),
    /// `default`
    Default,
}

impl std::fmt::Display for Status {
    /// As the document has it: `404`, `4XX`, `default`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(digit) => write!(f, "{digit}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A call with example values.
#[derive(Clone, Debug)]
pub struct CallExample {
    /// The arguments of the method, in its order.
    pub arguments: Vec<Value>,
    /// Setters that are called, with their values.
    pub setters: Vec<(FieldName, Value)>,
    /// Whether the document gives a value itself.
    pub is_own: bool,
}
