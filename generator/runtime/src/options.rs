//! Options of one call, which override those of its client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, HeaderName, HeaderValue, TRANSFER_ENCODING,
};

use super::body_excerpt::Hide;
use super::credential::{Credential, push};
use super::error::EncodeError;
use super::percent;
use super::retry::Retry;
use super::secret::Secret;
use super::security::{Scheme, Security};

/// The default maximum time without new bytes of a body.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Options of one call, which override those of its client: for
/// [`Request::with`](super::operation::Request::with) and
/// [`Client::with`](super::client::Client::with).
///
/// If an option is set twice, the later value wins. An invalid option is an error of the call, not
/// of the setter.
#[derive(Clone, Default)]
#[must_use = "options are given to a request or a client by `with`"]
pub struct Options {
    pub(super) timeout: Option<Option<Duration>>,
    pub(super) idle_timeout: Option<Option<Duration>>,
    pub(super) retry: Option<Retry>,
    pub(super) headers: HeaderMap,
    query: Vec<(String, String)>,
    /// True if the credentials of the client are omitted.
    pub(super) anonymous: bool,
    pub(super) credentials: Vec<Credential>,
    /// Texts to hide in messages.
    pub(super) secrets: Vec<Hide>,
    pub(super) idempotency_key: Option<HeaderValue>,
    pub(super) repeatable: Option<bool>,
    pub(super) explicit_defaults: Option<bool>,
    error: Option<EncodeError>,
}

impl Options {
    /// Returns options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time limit of the call, including its retries and the body of the response; `None`
    /// for no limit. Zero is an error.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        let limit = limit.into();
        if limit == Some(Duration::ZERO) {
            self.refuse("the request", "its timeout is zero");
        }
        self.timeout = Some(limit);
        self
    }

    /// Sets the maximum time without new bytes of a body that is read in pieces, such as a stream;
    /// `None` for no limit. The default is 60 s. Zero is an error.
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        let limit = limit.into();
        if limit == Some(Duration::ZERO) {
            self.refuse("the request", "its idle timeout is zero");
        }
        self.idle_timeout = Some(limit);
        self
    }

    /// Sets the rules for retries of the call.
    pub fn retry(mut self, retry: Retry) -> Self {
        if let Some(message) = retry.fault() {
            self.refuse("the request", message);
        }
        self.retry = Some(retry);
        self
    }

    /// Adds a header, in place of a default one of this name.
    ///
    /// A documented header is set by its input, and `Authorization`, `Cookie` and the header of an
    /// API key by [`credential`](Self::credential): here they are errors.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        let place = format!("the header `{}`", name.escape_debug());
        match (
            HeaderName::try_from(name),
            HeaderValue::try_from(value.as_ref()),
        ) {
            (Ok(header), Ok(value)) => match refused(&header) {
                Some(message) => self.refuse(place, message),
                None => {
                    self.headers.insert(header, value);
                }
            },
            (Err(_), _) => self.refuse(place, "this is not a valid header name"),
            (_, Err(_)) => self.refuse(place, FORBIDDEN_CHARACTER),
        }
        self
    }

    /// Adds a percent-encoded parameter to the query. A documented parameter is set by its input:
    /// here it is an error.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets the credential of a scheme, instead of the client's.
    pub fn credential(mut self, scheme: Scheme, secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        match Credential::new(scheme, secret.expose()) {
            Ok(credential) => {
                self.credentials.retain(|known| !known.is_of(scheme));
                self.credentials.push(credential);
            }
            Err(message) => self.refuse(format!("the credential `{}`", scheme.name()), message),
        }
        self.hide(&secret)
    }

    /// Omits all credentials set so far, on the client or on these options, even if the operation
    /// requires them.
    pub fn anonymous(mut self) -> Self {
        self.credentials.clear();
        self.anonymous = true;
        self
    }

    /// Sets the key by which the server recognizes a repeated call, which is then safe to repeat.
    ///
    /// It is sent in the header that the operation documents, or else in `Idempotency-Key`. An
    /// empty key is an error. A key is for one call: a client cannot have one.
    pub fn idempotency_key(mut self, key: impl AsRef<str>) -> Self {
        let place = "the idempotency key";
        match HeaderValue::try_from(key.as_ref()) {
            Ok(value) if value.is_empty() => self.refuse(place, "it is empty"),
            Ok(value) => self.idempotency_key = Some(value),
            Err(_) => self.refuse(place, FORBIDDEN_CHARACTER),
        }
        self
    }

    /// Sets whether it is safe to repeat the call, if its method does not determine it (RFC 9110,
    /// section 9.2.2).
    pub fn repeatable(mut self, repeatable: bool) -> Self {
        self.repeatable = Some(repeatable);
        self
    }

    /// Sets whether the request includes properties that equal their default.
    pub fn explicit_defaults(mut self, explicit: bool) -> Self {
        self.explicit_defaults = Some(explicit);
        self
    }

    /// Hides this text in all errors.
    pub(super) fn hide(mut self, secret: &Secret) -> Self {
        self.secrets
            .push(Arc::new(percent::encode(secret.expose())));
        self.secrets.push(Arc::new(secret.expose().to_owned()));
        self
    }

    /// Keeps the first error for the call.
    pub(super) fn refuse(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.error
            .get_or_insert_with(|| EncodeError::new(place, message));
    }

    /// Returns these options, merged with those of `earlier` that they do not set.
    pub(super) fn over(self, earlier: &Self) -> Self {
        let mut all = earlier.clone();
        if self.anonymous {
            all = all.anonymous();
        }
        for credential in self.credentials {
            all.credentials.retain(|known| !known.is_same(&credential));
            all.credentials.push(credential);
        }
        for (name, value) in &self.headers {
            all.headers.insert(name.clone(), value.clone());
        }
        all.query
            .retain(|(name, _)| !self.query.iter().any(|(later, _)| later == name));
        all.query.extend(self.query);
        all.secrets.extend(self.secrets);
        Self {
            timeout: self.timeout.or(all.timeout),
            idle_timeout: self.idle_timeout.or(all.idle_timeout),
            retry: self.retry.or(all.retry),
            idempotency_key: self.idempotency_key.or(all.idempotency_key),
            repeatable: self.repeatable.or(all.repeatable),
            explicit_defaults: self.explicit_defaults.or(all.explicit_defaults),
            error: all.error.or(self.error),
            ..all
        }
    }

    /// Returns the maximum time without new bytes of a body that is read in pieces.
    pub(super) fn silence(&self) -> Option<Duration> {
        self.idle_timeout.unwrap_or(Some(IDLE_TIMEOUT))
    }

    /// Returns whether these options set a header or a query parameter of this name.
    pub(super) fn sets(&self, place: &str, name: &str) -> bool {
        match place {
            "header" => self.headers.contains_key(name),
            "query" => self.query.iter().any(|(known, _)| known == name),
            _ => false,
        }
    }

    /// Returns whether these options set no headers and no query parameters.
    pub(super) fn sets_nothing(&self) -> bool {
        self.headers.is_empty() && self.query.is_empty()
    }

    /// Checks everything that does not depend on the inputs of the operation.
    pub(super) fn check(&self, security: Security) -> Result<(), EncodeError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        for scheme in security.iter().copied().flatten() {
            if let Some((place, name)) = scheme.parameter()
                && self.sets(place, name)
            {
                let place = format!("the {place} parameter `{name}`");
                return Err(EncodeError::new(place, USE_CREDENTIAL));
            }
        }
        Ok(())
    }

    /// Adds the parameters to a query.
    pub(super) fn add_query(&self, query: &mut String) {
        for (name, value) in &self.query {
            let pair = format!("{}={}", percent::encode(name), percent::encode(value));
            push(query, "&", &pair);
        }
    }
}

const FORBIDDEN_CHARACTER: &str =
    "it has a character that is not allowed in a header, such as a line break";

const USE_CREDENTIAL: &str = "it is a credential: use `credential` instead";

/// Returns the reason to reject a header, if any.
fn refused(name: &HeaderName) -> Option<&'static str> {
    if [AUTHORIZATION, COOKIE].contains(name) {
        Some(USE_CREDENTIAL)
    } else if [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
        Some("the transport sets it")
    } else {
        None
    }
}

/// Omits the values: any of them can be a password.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.keys().collect();
        let query: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        f.debug_struct("Options")
            .field("timeout", &self.timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("retry", &self.retry)
            .field("headers", &headers)
            .field("query", &query)
            .field("anonymous", &self.anonymous)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
