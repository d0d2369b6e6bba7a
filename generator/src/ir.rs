//! The intermediate representation of the generated crate, with all decisions made.
//!
//! `lower` creates it and `emit` reads it. It contains no pointers into the document, no OpenAPI
//! types and no tokens.

mod kinds;
mod operation;
mod pagination;
mod stream;
mod types;

use crate::ident::MethodName;

pub use kinds::{Content, Kinds};
pub use operation::{
    ArrayForm, Body, BodyChoice, BodyCodec, FieldStyle, FormField, HeaderCodec, IdempotencyKey,
    Link, Operation, OperationGroup, Outcome, Parameter, ParameterLocation, Part, PathStyle,
    QueryStyle, ResponseBody, ResponseCase, ResponseCodec, ResponseHeader, Status, Style, Webhook,
};
pub use pagination::{
    Certainty, DecidedBy, FieldStep, NextPage, PageCode, PageEnd, PageEndKind, PageInput,
    PageItems, PageParameter, PageStyle, Pagination,
};
pub use stream::{EventData, Stream, StreamItem};
pub use types::{
    Additional, Constant, DefaultFunction, Enum, Field, Integer, Module, Owner, Presence, Repr,
    Shape, Struct, TagSource, Tagging, Traits, Type, TypeDef, TypePath, Union, UnionVariant, Value,
    Variant,
};

/// A name on the wire with its Rust spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name<R> {
    /// The name in the document, byte for byte.
    pub wire: String,
    /// The name in generated code.
    pub rust: R,
}

/// The whole crate.
#[derive(Clone, Debug)]
pub struct Api {
    /// The metadata of the API.
    pub info: Info,
    /// The servers in document order; never empty (OpenAPI: the default is `/`).
    pub servers: Vec<Server>,
    /// The variables in the URLs of all servers, including those of operations: the names and the
    /// builder's setters.
    pub server_variables: Vec<Name<MethodName>>,
    /// Every security scheme that the document declares.
    pub schemes: Vec<SecurityScheme>,
    /// The default security requirements of operations.
    pub security: Vec<Requirement>,
    /// The names of body members that hold a secret although their names do not suggest it. An
    /// empty name means that the whole body of a failure is a secret.
    pub secret_names: Vec<String>,
    /// The modules for inline schemas, parents before children.
    pub modules: Vec<Module>,
    /// Every type, in document order.
    pub types: Vec<TypeDef>,
    /// The operations by tag, in order of the first use of each tag.
    pub groups: Vec<OperationGroup>,
    /// The tags without operations, with their documentation: chapters of the crate's docs.
    pub chapters: Vec<(String, Docs)>,
    /// The webhooks in document order.
    pub webhooks: Vec<Webhook>,
}

impl Api {
    /// Returns the declared types, without the re-exports.
    pub fn declared(&self) -> impl Iterator<Item = &TypeDef> {
        self.types.iter().filter(|def| def.same_as.is_none())
    }
}

/// The Info Object.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// `title`
    pub title: String,
    /// `version`, unchanged.
    pub version: String,
    /// `summary` and `description`, joined.
    pub description: Option<String>,
    /// `termsOfService`
    pub terms_of_service: Option<String>,
    /// `contact`: name, URL, e-mail.
    pub contact: Option<Contact>,
    /// The URL of `contact`, if it is a web address.
    pub homepage: Option<String>,
    /// `license`: the name, and the SPDX expression if the document has one.
    pub license: Option<License>,
    /// `externalDocs` of the document: URL and description.
    pub external_docs: Option<ExternalDocs>,
    /// The effects of repaired faults, each a sentence.
    pub faults: Vec<String>,
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
    /// The URL, with `{variable}`s if it has any.
    pub url: String,
    /// `description`
    pub description: Option<String>,
    /// The variables of the URL.
    pub variables: Vec<ServerVariable>,
}

impl Server {
    /// Returns the URL with variables replaced by their defaults. A variable without a default
    /// stays in braces.
    #[must_use]
    pub fn default_url(&self) -> String {
        let mut url = self.url.clone();
        for ServerVariable { name, default, .. } in &self.variables {
            if let Some(default) = default {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        url
    }
}

/// The Server Variable Object.
#[derive(Clone, Debug)]
pub struct ServerVariable {
    /// The name in the URL template.
    pub name: String,
    /// `default`. Without one, the user of the crate must set a value.
    pub default: Option<String>,
    /// `enum`; empty if any value is allowed.
    pub values: Vec<String>,
    /// `description`
    pub description: Option<String>,
}

/// The Security Scheme Object.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// The key under `components/securitySchemes`, and the builder's setter.
    pub name: Name<MethodName>,
    /// The kind of credential and where it is sent.
    pub kind: SchemeKind,
    /// The flows of OAuth 2 in which the client fetches an access token; both are absent for other
    /// schemes.
    pub flows: Flows,
    /// `description`, and the documented flows, scopes and formats.
    pub docs: Docs,
}

/// The flows of the OAuth Flows Object in which the client fetches an access token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// `clientCredentials`
    pub client_credentials: Option<Flow>,
    /// `authorizationCode`
    pub authorization_code: Option<Flow>,
}

/// The URLs of the OAuth Flow Object; empty if the document has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// `authorizationUrl`
    pub authorization_url: String,
    /// `tokenUrl`
    pub token_url: String,
    /// `refreshUrl`
    pub refresh_url: String,
}

/// The kind of credential and where it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// `Authorization: Bearer`, including OAuth 2 and OpenID Connect.
    Bearer,
    /// `Authorization: Basic` (RFC 7617).
    Basic,
    /// Another registered HTTP authentication scheme. The caller supplies the parameters; this is
    /// the scheme name before them.
    Http(String),
    /// An API key in the header with this name.
    Header(String),
    /// An API key in the query parameter with this name.
    Query(String),
    /// An API key in the cookie with this name.
    Cookie(String),
    /// The transport's certificate; the request contains no credential.
    MutualTls,
}

/// One alternative of a Security Requirement: all of these schemes apply.
pub type Requirement = Vec<Name<MethodName>>;

/// The text of a rustdoc comment, as Markdown.
///
/// The lines are the document's; `emit` neutralizes code blocks, HTML and links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Docs {
    /// `title` or `summary`.
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// Facts that the type does not express: bounds, patterns, formats, defaults. One per item.
    pub notes: Vec<String>,
}
