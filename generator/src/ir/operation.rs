//! Operations: requests, responses, webhooks.

use crate::ident::{FieldName, MethodName, ModuleName, TypeName};

use super::header::ResponseHeader;
use super::{Docs, Name, PageCode, Pagination, Requirement, Server, Stream, Type};

/// The operations with one tag.
#[derive(Clone, Debug)]
pub struct OperationGroup {
    /// The module of the group.
    pub module: ModuleName,
    /// The tag's name in the document, or a substitute for operations without a tag.
    pub title: String,
    /// The tag's documentation.
    pub docs: Docs,
    /// The operations in document order.
    pub operations: Vec<Operation>,
    /// Operations of other groups that also have this tag: the module and the type.
    pub others: Vec<(ModuleName, TypeName)>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, or `GET /path` if the document has none.
    pub wire_name: String,
    /// The client's method.
    pub method_name: MethodName,
    /// The request type.
    pub type_name: TypeName,
    /// The HTTP method in upper case.
    pub http_method: String,
    /// The path template.
    pub path: String,
    /// The documentation.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
    /// The operation's own servers, which replace the document's; usually empty.
    pub servers: Vec<Server>,
    /// The alternatives of `security`; empty if no credential is sent.
    pub security: Vec<Requirement>,
    /// The parameters: path parameters first, then document order.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The key that makes repeated calls safe, unless it is a required header.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The successful responses.
    pub success: Outcome,
    /// The documented failures.
    pub failure: Outcome,
    /// The media types of the responses for the `Accept` header; empty for none.
    pub accept: String,
    /// The type that reads response headers, or `None` if there are none.
    pub headers_name: Option<TypeName>,
    /// The requests that the API sends because of the call.
    pub callbacks: Vec<Webhook>,
    /// The links of its responses.
    pub links: Vec<Link>,
    /// The pagination of a long list, if there is one.
    pub pagination: Option<Pagination>,
    /// The generated code that reads its pages, or the reason why there is none.
    pub page_code: Result<PageCode, String>,
    /// The stream of items in the response, if any.
    pub stream: Option<Stream>,
    /// The boolean property of the body that selects a stream, if it is called `stream`.
    pub stream_switch: Option<String>,
}

impl Operation {
    /// Returns the documented responses, successes first.
    pub fn cases(&self) -> impl Iterator<Item = &ResponseCase> {
        self.success.cases.iter().chain(&self.failure.cases)
    }
}

/// A key that lets a server recognize repeated calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdempotencyKey {
    /// The optional header with this name, whose value may be a UUID.
    Header(String),
    /// The property with this name in a JSON body.
    Property(String),
}

/// The Link Object of a response.
#[derive(Clone, Debug)]
pub struct Link {
    /// The key in the document.
    pub name: String,
    /// The status of the response with the link, as in the document: `201`, `4XX`, `default`.
    pub status: String,
    /// The method of the target operation, if the document contains it.
    pub target: Option<MethodName>,
    /// `operationId` or `operationRef`.
    pub wire_target: String,
    /// The parameters and the body, each with a value or runtime expression.
    pub values: Vec<(String, String)>,
    /// The URL of the target's server, if it differs.
    pub server: Option<String>,
    /// `description`
    pub description: Option<String>,
}

/// A request that the API sends: a webhook, or a callback of an operation.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The key in the document.
    pub wire_name: String,
    /// The type of the received request: the body, or a struct with the parameters and the body.
    pub type_name: TypeName,
    /// The HTTP method in upper case.
    pub http_method: String,
    /// For a callback, the runtime expression of the URL.
    pub url: Option<String>,
    /// The documentation.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The body. If there are several media types and no parameters, their enum is the webhook's
    /// own type.
    pub body: Option<Body>,
    /// The enum of possible answers, or `None` if none are documented.
    pub answer_type: Option<TypeName>,
    /// The documented answers.
    pub answers: Vec<ResponseCase>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name; the field and the setter.
    pub name: Name<FieldName>,
    /// The location and serialization.
    pub style: Style,
    /// The type, without the `Option` of an optional parameter.
    pub ty: Type,
    /// True if the parameter is required.
    pub required: bool,
    /// The documentation.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// The location and serialization of a parameter (OpenAPI 3.1, section "Style Values").
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
    /// Serialized as a media type (`content`), here JSON.
    Json(ParameterLocation),
}

/// The locations of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the value of `in`")]
pub enum ParameterLocation {
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

/// The serialization of arrays in the style `deepObject`, which the specification does not define.
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
    /// True if the body is required.
    pub required: bool,
    /// The media types. With more than one, the body is the enum `choice_type`.
    pub choices: Vec<BodyChoice>,
    /// The enum of the choices, if there are several.
    pub choice_type: Option<TypeName>,
    /// The documentation.
    pub docs: Docs,
}

/// One media type of a request body.
#[derive(Clone, Debug)]
pub struct BodyChoice {
    /// The media type to send. For bytes, it may be a range from which the caller chooses.
    pub media_type: String,
    /// The key in the document's `content`.
    pub key: String,
    /// The variant, if there are several choices.
    pub variant: TypeName,
    /// The serialization.
    pub codec: BodyCodec,
    /// The type of the body.
    pub ty: Type,
}

/// The serialization of a body (wire rule 15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyCodec {
    /// JSON and every `+json`.
    Json,
    /// `application/x-www-form-urlencoded`, with the properties that have a style other than the
    /// default.
    Form(Vec<FormField>),
    /// `multipart/form-data` (RFC 7578).
    Multipart(Vec<Part>),
    /// Text in UTF-8, XML included.
    Text,
    /// Text in the charset of the media type.
    EncodedText,
    /// Bytes.
    Bytes,
}

/// A property of a form body with an Encoding Object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// The name of the property.
    pub name: String,
    /// The serialization.
    pub style: FieldStyle,
}

/// The serialization of a property of a form body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldStyle {
    /// Like a query parameter.
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

/// A part of a multipart body that is not serialized by default: it has an Encoding Object or
/// keywords that change the serialization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the property.
    pub name: String,
    /// `contentType`, which may be a list with ranges, or `contentMediaType`.
    pub content_type: Option<String>,
    /// `contentEncoding`, sent as `Content-Transfer-Encoding`.
    pub transfer_encoding: Option<String>,
    /// True if a string already has the part's media type and is not encoded as a JSON string.
    pub is_verbatim: bool,
}

/// The responses of an operation that are successful, or those that are not.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The enum of the cases. `None` if there is at most one success body, which is then returned
    /// directly.
    pub enum_name: Option<TypeName>,
    /// The cases: exact codes first, then ranges, then `default`.
    pub cases: Vec<ResponseCase>,
}

/// A documented response.
#[derive(Clone, Debug)]
pub struct ResponseCase {
    /// The status codes of the response.
    pub status: Status,
    /// The variant of the response.
    pub variant: TypeName,
    /// The bodies by media type; empty if the response has none.
    pub bodies: Vec<ResponseBody>,
    /// The declared headers.
    pub headers: Vec<ResponseHeader>,
    /// The documentation.
    pub docs: Docs,
}

impl ResponseCase {
    /// Returns the bodies with distinct variants, each with all media types of its variant.
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

/// One way to read the body of a response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResponseBody {
    /// The media types or ranges that are read this way, as in the document.
    pub media_types: Vec<String>,
    /// The variant, if the outcome is an enum. Bodies of one type may share it.
    pub variant: TypeName,
    /// The deserialization.
    pub codec: ResponseCodec,
    /// The type of the body.
    pub ty: Type,
}

/// The deserialization of a response body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseCodec {
    /// JSON and every `+json`.
    Json,
    /// Text, including XML and forms.
    Text,
    /// JSON if the response declares it, otherwise text.
    JsonOrText,
    /// Bytes.
    Bytes,
}

/// The status codes of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// A single code.
    Code(u16),
    /// `1XX` to `5XX`, by first digit.
    Range(u8),
    /// `default`
    Default,
}

impl std::fmt::Display for Status {
    /// Formats the status as in the document: `404`, `4XX`, `default`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(digit) => write!(f, "{digit}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}
