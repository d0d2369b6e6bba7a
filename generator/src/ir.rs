//! What is to be generated, once every decision is made: data only.
//!
//! `lower` writes it and `emit` reads it. It holds no pointer back to the
//! document, no OpenAPI type and no token.

mod kinds;
mod operation;
mod pagination;
mod proof;
mod stream;
mod types;
mod wire;

use crate::ident::MethodName;

pub use kinds::{Content, Kinds};
pub use operation::{
    ArrayForm, Body, BodyChoice, BodyCodec, CallExample, FieldStyle, FormField, HeaderCodec,
    IdempotencyKey, Link, Operation, OperationGroup, Outcome, Parameter, Part, PathStyle, Place,
    QueryStyle, ResponseBody, ResponseCase, ResponseCodec, ResponseHeader, Status, Style, Webhook,
};
pub use pagination::{
    Certainty, DecidedBy, FieldStep, NextPage, PageCode, PageEnd, PageEndKind, PageInput,
    PageItems, PageParameter, PageStyle, Pagination,
};
pub use proof::{Example, ExampleGroup};
pub use stream::{EventData, Stream, StreamItem};
pub use types::{
    Additional, Constant, DefaultFunction, Enum, Field, Integer, Module, Owner, Presence, Repr,
    Shape, Struct, TagSource, Tagging, Traits, Type, TypeDef, TypePath, Union, UnionVariant, Value,
    Variant,
};
pub use wire::{
    Argument, ChosenFile, Credential, WireAnswer, WireBody, WireHeader, WirePage, WirePages,
    WireRequest, WireTest, WireTests,
};

/// A name on the wire and its spelling in Rust.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// What the API asks for where an operation says nothing else.
    pub security: Vec<Requirement>,
    /// Members of bodies that hold a secret without being called one; an empty name is a body of a
    /// failure that is a secret.
    pub secret_names: Vec<String>,
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

impl Api {
    /// The types that are declared, without those that are one more path to another.
    pub fn declared(&self) -> impl Iterator<Item = &TypeDef> {
        self.types.iter().filter(|def| def.same_as.is_none())
    }
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
    /// The URL of `contact`, where it is a web address.
    pub homepage: Option<String>,
    /// `license`: its name, and its SPDX expression where the document gives one.
    pub license: Option<License>,
    /// `externalDocs` of the document: URL and description.
    pub external_docs: Option<ExternalDocs>,
    /// What became of the faults of the document, each as a sentence.
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
    /// The URL, with `{variable}`s where it has any.
    pub url: String,
    /// `description`
    pub description: Option<String>,
    /// The variables of the URL.
    pub variables: Vec<ServerVariable>,
}

impl Server {
    /// The URL with its variables at their defaults; one without a default stays in its braces.
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
    /// Its name in the URL template.
    pub name: String,
    /// `default`; without one the user of the crate has to give a value.
    pub default: Option<String>,
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
    /// The flows of OAuth 2 in which the client fetches an access token; both are absent for any
    /// other scheme.
    pub flows: Flows,
    /// `description`, and what the document says of flows, scopes and formats.
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

/// The URLs of the OAuth Flow Object; empty where the document has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// `authorizationUrl`
    pub authorization_url: String,
    /// `tokenUrl`
    pub token_url: String,
    /// `refreshUrl`
    pub refresh_url: String,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Docs {
    /// `title` or `summary`.
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// Facts that no type carries: bounds, patterns, formats, defaults. One each.
    pub notes: Vec<String>,
}
