//! A credential in the form that a request contains.

use std::fmt;
use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use super::fetched_credential::Fetch;
use super::percent;
use super::security::{Kind, Scheme};

/// A credential in the form that a request contains.
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
    /// The source of the credential, which is sent in the header `Authorization`.
    Fetched(Arc<dyn Fetch>),
    Nothing,
}

impl Credential {
    /// Checks that the value is valid in its place.
    pub(crate) fn new(scheme: Scheme, secret: &str) -> Result<Self, &'static str> {
        let placed = match scheme.kind {
            Kind::OAuth2(_) => header(AUTHORIZATION, &format!("Bearer {secret}"))?,
            Kind::Http(word) => header(AUTHORIZATION, &format!("{word} {secret}"))?,
            Kind::Header(name) => {
                let name = HeaderName::try_from(name)
                    .map_err(|_| "the name of its header is not valid")?;
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
                    return Err("it has a character that is not allowed in a cookie");
                }
                Placed::Cookie(format!("{name}={secret}"))
            }
            Kind::MutualTls => Placed::Nothing,
        };
        Ok(Self { scheme, placed })
    }

    /// Creates a credential that this source fetches.
    pub(crate) fn fetched(scheme: Scheme, fetch: Arc<dyn Fetch>) -> Self {
        let placed = Placed::Fetched(fetch);
        Self { scheme, placed }
    }

    /// Returns the source of a fetched credential.
    pub(crate) fn fetch(&self) -> Option<&Arc<dyn Fetch>> {
        match &self.placed {
            Placed::Fetched(fetch) => Some(fetch),
            _ => None,
        }
    }

    /// Returns `true` if requests contain it. A certificate is part of the connection instead.
    pub(crate) fn is_sent(&self) -> bool {
        !matches!(self.placed, Placed::Nothing)
    }

    /// Returns the name of its scheme.
    pub(crate) fn name(&self) -> &'static str {
        self.scheme.name()
    }

    /// Returns `true` if it is for a scheme.
    pub(crate) fn is_of(&self, scheme: Scheme) -> bool {
        self.name() == scheme.name()
    }

    /// Returns `true` if it is for the same scheme as another one.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.is_of(other.scheme)
    }

    /// Returns `true` if it replaces another one in the same header of a request.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        let name = self.header();
        name.is_some() && name == other.header()
    }

    /// Returns its header.
    fn header(&self) -> Option<&HeaderName> {
        match &self.placed {
            Placed::Header(name, _) => Some(name),
            Placed::Fetched(_) => Some(&AUTHORIZATION),
            _ => None,
        }
    }

    /// Returns `true` if a pair of a query has its name.
    pub(crate) fn is_pair(&self, pair: &str) -> bool {
        let name = |pair: &str| pair.split('=').next().map(str::to_owned);
        matches!(&self.placed, Placed::Query(own) if name(own) == name(pair))
    }

    /// Adds it to a request.
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
            Placed::Fetched(_) | Placed::Nothing => {}
        }
    }
}

fn header(name: HeaderName, value: &str) -> Result<Placed, &'static str> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| "it has a character that is not allowed in a header, such as a line break")?;
    value.set_sensitive(true);
    Ok(Placed::Header(name, value))
}

/// Returns the names of the headers that contain credentials; `api_keys` are those of the document.
pub(crate) fn secret_headers(
    api_keys: &'static [&'static str],
) -> impl Iterator<Item = &'static str> {
    let names = ["authorization", "cookie", "proxy-authorization"];
    names.into_iter().chain(api_keys.iter().copied())
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
        write!(f, "{}: [redacted]", self.name())
    }
}
