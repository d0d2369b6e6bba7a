//! Security schemes and requirements.

use super::name::{Docs, Name};
use crate::ident::MethodName;

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
