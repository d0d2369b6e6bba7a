//! What is to be generated, once every decision is made: data only.
//!
//! `lower` writes it and `emit` reads it. It holds no pointer back to the
//! document, no OpenAPI type and no token.

mod proof;
mod wire;

pub use proof::{Example, ExampleGroup};

use crate::ident::{FieldName, MethodName, ModuleName, TypeName};

pub use wire::{
    Argument, Credential, WireAnswer, WireBody, WireHeader, WireRequest, WireTest, WireTests,
};

/// A name on the wire and its spelling in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<R> {
    /// As the document has it, byte for byte.
    pub wire: String,
    /// As the generated code has it.
    pub rust: R,
}

/// The whole crate.
#[derive(Clone, Debug)]
pub struct Api {
    /// What the document says of itself.
    pub info: Info,
    /// The document's servers in order; never empty (OpenAPI: the default is `/`).
    pub servers: Vec<Server>,
    /// The variables in the URLs of all servers, also of those of operations: each
    /// one's name, and the builder's setter.
    pub server_variables: Vec<Name<MethodName>>,
    /// Every security scheme that the document declares.
    pub schemes: Vec<SecurityScheme>,
    /// The modules that hold inline schemas, parents before children.
    pub modules: Vec<Module>,
    /// Every type, in the order of the document.
    pub types: Vec<TypeDef>,
    /// The operations by tag, in the order in which the tags occur.
    pub groups: Vec<OperationGroup>,
    /// The tags that no operation has, and what the document says of them: chapters of its own words.
    pub chapters: Vec<(String, Docs)>,
    /// The webhooks in the document's order.
    pub webhooks: Vec<Webhook>,
    /// The examples of the document, by where they stand.
    pub examples: Vec<ExampleGroup>,
    /// What the tests of the operations have in common.
    pub wire: WireTests,
}

/// The Info Object.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// `title`
    pub title: String,
    /// `version`, as it stands.
    pub version: String,
    /// `summary` and `description`, joined.
    pub description: Option<String>,
    /// `termsOfService`
    pub terms_of_service: Option<String>,
    /// `contact`: name, URL, e-mail.
    pub contact: Option<Contact>,
    /// `license`: its name, and its SPDX expression where the document gives one.
    pub license: Option<License>,
    /// `externalDocs` of the document: URL and description.
    pub external_docs: Option<ExternalDocs>,
}

/// The Contact Object.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// `name`
    pub name: Option<String>,
    /// `url`
    pub url: Option<String>,
    /// `email`
    pub email: Option<String>,
}

/// The License Object.
#[derive(Clone, Debug)]
pub struct License {
    /// `name`
    pub name: String,
    /// `identifier`, an SPDX expression.
    pub identifier: Option<String>,
    /// `url`
    pub url: Option<String>,
}

/// The External Documentation Object.
#[derive(Clone, Debug)]
pub struct ExternalDocs {
    /// `url`
    pub url: String,
    /// `description`
    pub description: Option<String>,
}

/// The Server Object.
#[derive(Clone, Debug)]
pub struct Server {
    /// The URL, with `{variable}`s where it has any.
    pub url: String,
    /// `description`
    pub description: Option<String>,
    /// The variables of the URL.
    pub variables: Vec<ServerVariable>,
}

impl Server {
    /// The URL with its variables at their defaults.
    #[must_use]
    pub fn default_url(&self) -> String {
        let mut url = self.url.clone();
        for ServerVariable { name, default, .. } in &self.variables {
            url = url.replace(&format!("{{{name}}}"), default);
        }
        url
    }
}

/// The Server Variable Object.
#[derive(Clone, Debug)]
pub struct ServerVariable {
    /// Its name in the URL template.
    pub name: String,
    /// `default`
    pub default: String,
    /// `enum`; empty where any value goes.
    pub values: Vec<String>,
    /// `description`
    pub description: Option<String>,
}

/// The Security Scheme Object.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// Its key under `components/securitySchemes`, and the builder's setter.
    pub name: Name<MethodName>,
    /// Where the credential goes.
    pub kind: SchemeKind,
    /// `description`, and what the document says of flows, scopes and formats.
    pub docs: Docs,
}

/// Where and how a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// `Authorization: Bearer`, also for OAuth 2 and OpenID Connect.
    Bearer,
    /// `Authorization: Basic` (RFC 7617).
    Basic,
    /// Another scheme of the HTTP authentication registry: the caller gives the
    /// parameters, this is the word before them.
    Http(String),
    /// An API key in the header of this name.
    Header(String),
    /// An API key in the query parameter of this name.
    Query(String),
    /// An API key in the cookie of this name.
    Cookie(String),
    /// The transport's certificate; nothing is put into the request.
    MutualTls,
}

/// One alternative of a Security Requirement: all of these schemes together.
pub type Requirement = Vec<Name<MethodName>>;

/// The text of a rustdoc comment, as Markdown that is safe to show.
///
/// The lines are the document's; `emit` neutralises code blocks, HTML and links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// `title` or `summary`.
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// Facts that no type carries: bounds, patterns, formats, defaults. One each.
    pub notes: Vec<String>,
}

/// A module for the schemas that stand inside another one, or inside an operation.
#[derive(Clone, Debug)]
pub struct Module {
    /// From `types` downwards; never empty.
    pub path: Vec<ModuleName>,
    /// What the schemas stand inside of.
    pub owner: Owner,
}

/// What a module of inline schemas belongs to.
#[derive(Clone, Debug)]
pub enum Owner {
    /// A named type.
    Type(TypePath),
    /// An operation, by its name on the wire.
    Operation(String),
}

/// Where a type is declared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypePath {
    /// The modules below `types`.
    pub modules: Vec<ModuleName>,
    /// The type's own name.
    pub name: TypeName,
}

/// One declared type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Where it is declared.
    pub path: TypePath,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
    /// What it is.
    pub shape: Shape,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An object with known properties.
    Struct(Struct),
    /// One of a list of values.
    Enum(Enum),
    /// `oneOf`, `anyOf`.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
    /// A type of its own around another: where an alias would be infinite.
    Newtype(Type),
}

/// An object schema.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The properties in the document's order.
    pub fields: Vec<Field>,
    /// What becomes of properties that the schema does not name.
    pub additional: Additional,
}

/// `additionalProperties`, by wire rule 6.
#[derive(Clone, Debug)]
pub enum Additional {
    /// They are skipped when reading.
    Ignored,
    /// They are refused when reading.
    Refused,
    /// They are kept in a map of this field.
    Kept {
        /// The field.
        field: FieldName,
        /// The type of the map's values.
        value: Type,
        /// The document's words on it.
        docs: Docs,
    },
}

/// One property.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Name<FieldName>,
    /// Its type, without the `Option` that its presence may add.
    pub ty: Type,
    /// Whether it can be absent or null.
    pub presence: Presence,
    /// Its default, whatever its presence (wire rule 2).
    pub default: Option<DefaultFunction>,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// Whether a property can be absent or null, by wire rules 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// `T`: always there.
    Required,
    /// `Option<T>`: always there, may be null.
    Nullable,
    /// `Option<T>`: left out when `None`; a null is read as `None`.
    Optional,
    /// `Option<Option<T>>`: absent, null and a value are three things.
    OptionalNullable,
    /// `T`: absent is the default function's value, and that value is left out.
    Defaulted,
    /// `Option<T>`: as `Defaulted`, and null is `None`; the default function returns the `Option`.
    NullableDefaulted,
    /// `T`: required and with a default. Always written; absent is the default
    /// function's value, and `new` does not ask for it.
    Preset,
    /// `T`: required, and the schema allows one value only (`const`). Always
    /// written, absent is an error, and `new` does not ask for it: the default
    /// function gives the value.
    Constant,
}

/// The function that gives a property's default.
#[derive(Clone, Debug)]
pub struct DefaultFunction {
    /// `default_` and the property's name; an associated function of the type.
    pub name: MethodName,
    /// What it returns.
    pub value: Value,
    /// The value as the document has it, in JSON, for the docs.
    pub wire: String,
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// An integer of this width.
    Integer(Integer),
    /// `f32`
    Float32,
    /// `f64`
    Float64,
    /// `String`
    String,
    /// `Secret`: text that does not print.
    Secret,
    /// `Uri`: text kept byte for byte (wire rule 3).
    Uri,
    /// `uuid::Uuid`
    Uuid,
    /// `chrono::NaiveDate` (RFC 3339, full-date)
    Date,
    /// `chrono::DateTime<FixedOffset>` (RFC 3339, date-time)
    DateTime,
    /// `Base64`: bytes in base64 text (RFC 4648, section 4).
    Base64,
    /// `Bytes`: a body, or a part of one, as it is.
    Bytes,
    /// `serde_json::Value`: the document leaves it open.
    Json,
    /// `()`: only null.
    Null,
    /// A declared type.
    Named(TypePath),
    /// `Vec<T>`
    Vec(Box<Type>),
    /// `BTreeMap<String, T>`
    Map(Box<Type>),
    /// `Option<T>`: a nullable item or map value.
    Option(Box<Type>),
    /// `Box<T>`: recursion closes here (wire rule 11).
    Box(Box<Type>),
    /// A tuple: `prefixItems` of a fixed length.
    Tuple(Vec<Type>),
}

/// The integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the Rust type of its name")]
pub enum Integer {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// A value of a type, for defaults and examples.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true`, `false`
    Bool(bool),
    /// An integer literal.
    Integer(i128),
    /// A float literal; finite.
    Float(f64),
    /// `"..".to_owned()`
    String(String),
    /// A secret's text.
    Secret(String),
    /// A URI's text.
    Uri(String),
    /// A UUID's text, checked.
    Uuid(String),
    /// A full-date's year, month and day, checked.
    Date(i32, u32, u32),
    /// A date-time's text, checked.
    DateTime(String),
    /// Bytes.
    Base64(Vec<u8>),
    /// A file with this text in it.
    File(String),
    /// A JSON value.
    Json(serde_json::Value),
    /// `()`
    Null,
    /// A variant of an enum without data.
    Variant(TypePath, TypeName),
    /// `Unknown(..)` of an open enum.
    Unknown(TypePath, String),
    /// A variant of a union with its value.
    UnionVariant(TypePath, TypeName, Box<Value>),
    /// `vec![..]`
    Vec(Vec<Value>),
    /// A `BTreeMap` from these pairs.
    Map(Vec<(String, Value)>),
    /// A struct: the values that its `new` takes, in order, and other fields that are set.
    Struct {
        /// The type.
        path: TypePath,
        /// The arguments of `new`; empty where the type has `Default` instead.
        required: Vec<Value>,
        /// The other fields that are set, already wrapped in `Some` where they are.
        fields: Vec<(FieldName, Value)>,
    },
    /// A newtype around a value.
    Newtype(TypePath, Box<Value>),
    /// One media type of a request body: the enum, the variant, and what is in it.
    BodyChoice(TypeName, TypeName, Box<Value>),
    /// `Some(..)`
    Some(Box<Value>),
    /// `None`
    None,
    /// `Box::new(..)`
    Box(Box<Value>),
    /// A tuple.
    Tuple(Vec<Value>),
}

/// An `enum`, by wire rule 5.
#[derive(Clone, Debug)]
pub struct Enum {
    /// What its values are on the wire.
    pub repr: Repr,
    /// The values in the document's order.
    pub variants: Vec<Variant>,
    /// Whether a value that the document does not name is kept in `Unknown`.
    pub open: Option<TypeName>,
}

/// The JSON type of an enum's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repr {
    /// Strings.
    Text,
    /// Integers; `Unknown` holds an `i64`.
    Integer,
    /// Anything else, or a mixture; `Unknown` holds a `serde_json::Value`.
    Json,
}

/// One value of an enum.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub name: TypeName,
    /// Its value on the wire.
    pub value: serde_json::Value,
    /// The document's words (`x-enum-descriptions` and the like); mostly empty.
    pub docs: Docs,
}

/// A `oneOf` or `anyOf`, by wire rule 8.
#[derive(Clone, Debug)]
pub struct Union {
    /// The branches in the document's order.
    pub variants: Vec<UnionVariant>,
    /// How a reader tells them apart.
    pub tagging: Tagging,
    /// The variant that keeps, as JSON, what no branch carries.
    pub other: Option<TypeName>,
}

/// How the branches of a union are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// By the value of this property.
    Property(String),
    /// By which branch carries the whole value.
    Untagged,
}

/// One branch of a union.
#[derive(Clone, Debug)]
pub struct UnionVariant {
    /// Its name.
    pub name: TypeName,
    /// Its type.
    pub ty: Type,
    /// The values of the tag that mean this branch; the first is written where the type itself does not.
    pub tags: Vec<String>,
    /// Whether the branch's own type has the tag as a property and so writes it.
    pub writes_tag: bool,
    /// The document's words.
    pub docs: Docs,
}

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
    /// What a success holds.
    pub success: Outcome,
    /// What a documented failure holds.
    pub failure: Outcome,
    /// A call with the document's own example values.
    pub example: Option<CallExample>,
    /// How the generated tests try it; or why they do not.
    pub tests: Result<Vec<WireTest>, String>,
    /// What the API sends on account of the call.
    pub callbacks: Vec<Webhook>,
    /// Where its responses lead on to.
    pub links: Vec<Link>,
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
    DeepObject,
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

/// One media type of a request body.
#[derive(Clone, Debug)]
pub struct BodyChoice {
    /// The media type, as the document has it.
    pub media_type: String,
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
    /// Text, XML included.
    Text,
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

/// One part of a multipart body, by its Encoding Object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The property.
    pub name: String,
    /// `contentType`
    pub content_type: Option<String>,
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

/// One media type of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseBody {
    /// The media types or ranges that are read this way, as the document has them.
    pub media_types: Vec<String>,
    /// Its variant, where the outcome is an enum.
    pub variant: TypeName,
    /// How it is read.
    pub codec: ResponseCodec,
    /// What is read.
    pub ty: Type,
}

/// How a response body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseCodec {
    /// JSON and every `+json`.
    Json,
    /// Text, XML and forms included.
    Text,
    /// Bytes.
    Bytes,
}

/// A header of a response.
#[derive(Clone, Debug)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}
