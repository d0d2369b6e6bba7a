//! Security schemes and the requirements of operations (OpenAPI 3.1, sections 4.8.27 and 4.8.30).

/// The security requirements of an operation: one alternative is needed, with all of its schemes.
/// An empty alternative needs nothing.
pub type Security = &'static [&'static [Scheme]];

/// A security scheme of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    name: &'static str,
    pub(super) kind: Kind,
}

/// The form of the credential in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Http(&'static str),
    OAuth2(&'static Flows),
    Header(&'static str),
    Query(&'static str),
    Cookie(&'static str),
    MutualTls,
}

impl Scheme {
    /// `Authorization: Bearer ..` (RFC 6750), also for OAuth 2 without [`Flows`] and OpenID Connect.
    #[must_use]
    pub const fn bearer(name: &'static str) -> Self {
        Self::http(name, "Bearer")
    }

    /// `Authorization: Bearer ..` with an access token of these flows of OAuth 2.
    #[must_use]
    pub const fn oauth2(name: &'static str, flows: &'static Flows) -> Self {
        let kind = Kind::OAuth2(flows);
        Self { name, kind }
    }

    /// `Authorization: Basic ..` (RFC 7617).
    #[must_use]
    pub const fn basic(name: &'static str) -> Self {
        Self::http(name, "Basic")
    }

    /// `Authorization:` with another scheme.
    #[must_use]
    pub const fn http(name: &'static str, word: &'static str) -> Self {
        let kind = Kind::Http(word);
        Self { name, kind }
    }

    /// An API key in this header.
    #[must_use]
    pub const fn header(name: &'static str, header: &'static str) -> Self {
        let kind = Kind::Header(header);
        Self { name, kind }
    }

    /// An API key in this query parameter.
    #[must_use]
    pub const fn query(name: &'static str, parameter: &'static str) -> Self {
        let kind = Kind::Query(parameter);
        Self { name, kind }
    }

    /// An API key in this cookie.
    #[must_use]
    pub const fn cookie(name: &'static str, cookie: &'static str) -> Self {
        let kind = Kind::Cookie(cookie);
        Self { name, kind }
    }

    /// A certificate that the transport presents. The request does not contain it.
    #[must_use]
    pub const fn mutual_tls(name: &'static str) -> Self {
        let kind = Kind::MutualTls;
        Self { name, kind }
    }

    /// Returns the place and the name of the API key's parameter.
    pub(crate) fn parameter(&self) -> Option<(&'static str, &'static str)> {
        match self.kind {
            Kind::Header(name) => Some(("header", name)),
            Kind::Query(name) => Some(("query", name)),
            Kind::Http(_) | Kind::OAuth2(_) | Kind::Cookie(_) | Kind::MutualTls => None,
        }
    }

    /// Returns the documented OAuth 2 flows for an access token, if any.
    #[must_use]
    pub const fn flows(&self) -> Option<&'static Flows> {
        match self.kind {
            Kind::OAuth2(flows) => Some(flows),
            _ => None,
        }
    }

    /// Returns the name in the document.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// The flows of OAuth 2 by which the client fetches an access token (OpenAPI 3.1, section 4.8.28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flows {
    /// `clientCredentials`
    pub client_credentials: Option<Flow>,
    /// `authorizationCode`
    pub authorization_code: Option<Flow>,
}

/// The documented URLs of a flow of OAuth 2, or empty. Relative URLs are relative to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// `authorizationUrl`
    pub authorization_url: &'static str,
    /// `tokenUrl`
    pub token_url: &'static str,
    /// `refreshUrl`
    pub refresh_url: &'static str,
}
