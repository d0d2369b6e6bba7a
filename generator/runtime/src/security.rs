//! Security schemes and the credentials for them.

use std::fmt;

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use super::percent;
use super::secret::Secret;

/// What an operation asks for: one of these alternatives, and of it every
/// scheme. An empty alternative asks for nothing.
pub type Security = &'static [&'static [Scheme]];

/// A security scheme of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Http(&'static str),
    Header(&'static str),
    Query(&'static str),
    Cookie(&'static str),
    MutualTls,
}

impl Scheme {
    /// `Authorization: Bearer ..` (RFC 6750), also for OAuth 2 and OpenID Connect.
    #[must_use]
    pub const fn bearer(name: &'static str) -> Self {
        Self::http(name, "Bearer")
    }

    /// `Authorization: Basic ..` (RFC 7617).
    #[must_use]
    pub const fn basic(name: &'static str) -> Self {
        Self::http(name, "Basic")
    }

    /// `Authorization:` with the word of another scheme.
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

    /// A certificate that the transport presents; nothing is put into a request.
    #[must_use]
    pub const fn mutual_tls(name: &'static str) -> Self {
        let kind = Kind::MutualTls;
        Self { name, kind }
    }

    /// The place and the name of the parameter that an API key is.
    pub(crate) fn parameter(&self) -> Option<(&'static str, &'static str)> {
        match self.kind {
            Kind::Header(name) => Some(("header", name)),
            Kind::Query(name) => Some(("query", name)),
            Kind::Http(_) | Kind::Cookie(_) | Kind::MutualTls => None,
        }
    }

    /// Its name in the document.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// A credential, ready to be put into a request.
#[derive(Clone)]
pub(crate) struct Credential {
    scheme: Scheme,
    placed: Placed,
}

#[derive(Clone)]
enum Placed {
    Header(HeaderName, HeaderValue),
    Query(String),
    Cookie(String),
    Nothing,
}

impl Credential {
    /// Checks that the value can stand in its place.
    pub(crate) fn new(scheme: Scheme, secret: &Secret) -> Result<Self, &'static str> {
        let secret = secret.expose();
        let placed = match scheme.kind {
            Kind::Http(word) => header(AUTHORIZATION, &format!("{word} {secret}"))?,
            Kind::Header(name) => {
                let name =
                    HeaderName::try_from(name).map_err(|_| "its header has no legal name")?;
                header(name, secret)?
            }
            Kind::Query(name) => Placed::Query(format!(
                "{}={}",
                percent::encode(name),
                percent::encode(secret)
            )),
            Kind::Cookie(name) => {
                // RFC 6265, section 4.1.1: cookie-octet.
                if !secret
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b))
                {
                    return Err("it has a character that a cookie cannot have");
                }
                Placed::Cookie(format!("{name}={secret}"))
            }
            Kind::MutualTls => Placed::Nothing,
        };
        Ok(Self { scheme, placed })
    }

    /// Whether it is the credential of a scheme.
    pub(crate) fn is_of(&self, scheme: Scheme) -> bool {
        self.scheme.name == scheme.name
    }

    /// Whether it is of the same scheme as another one.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.is_of(other.scheme)
    }

    /// Whether it replaces another one in a request: both are in the same header.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        match (&self.placed, &other.placed) {
            (Placed::Header(name, _), Placed::Header(other, _)) => name == other,
            _ => false,
        }
    }

    /// Whether a pair of a query has its name.
    pub(crate) fn is_pair(&self, pair: &str) -> bool {
        let name = |pair: &str| pair.split('=').next().map(str::to_owned);
        matches!(&self.placed, Placed::Query(own) if name(own) == name(pair))
    }

    /// Adds it to what is sent.
    pub(crate) fn apply(
        &self,
        headers: &mut http::HeaderMap,
        query: &mut String,
        cookies: &mut String,
    ) {
        match &self.placed {
            Placed::Header(name, value) => {
                headers.insert(name.clone(), value.clone());
            }
            Placed::Query(pair) => push(query, "&", pair),
            Placed::Cookie(pair) => push(cookies, "; ", pair),
            Placed::Nothing => {}
        }
    }
}

fn header(name: HeaderName, value: &str) -> Result<Placed, &'static str> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| "it has a character that a header cannot have, such as a line break")?;
    value.set_sensitive(true);
    Ok(Placed::Header(name, value))
}

/// Adds a pair to a list of pairs.
pub(crate) fn push(list: &mut String, separator: &str, pair: &str) {
    if !list.is_empty() {
        list.push_str(separator);
    }
    list.push_str(pair);
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: [redacted]", self.scheme.name)
    }
}

/// The credentials for the first alternative that is complete; `None` where
/// none is. Nothing is sent for an empty alternative, which makes the others
/// optional wherever it stands, only where none of those is complete.
pub(crate) fn select(security: Security, credentials: &[Credential]) -> Option<Vec<&Credential>> {
    let complete = |alternative: &&[Scheme]| {
        alternative
            .iter()
            .map(|scheme| credentials.iter().find(|c| c.is_of(*scheme)))
            .collect()
    };
    let is_optional = security.iter().any(|alternative| alternative.is_empty());
    security
        .iter()
        .filter(|alternative| !alternative.is_empty())
        .find_map(complete)
        .or_else(|| (security.is_empty() || is_optional).then(Vec::new))
}
