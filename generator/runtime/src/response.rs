//! Responses.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::body_excerpt::{Hidden, excerpt};
use super::endpoint::Endpoint;
use super::error::{DecodeError, Failure, Rejection};
use super::json;
use super::retry::Tried;

/// A response as received, the input of a decoder.
#[derive(Clone)]
pub struct Reply {
    endpoint: Option<Endpoint>,
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
    hidden: Arc<Hidden>,
    tried: Tried,
}

impl Reply {
    /// Creates a response from its parts.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, bytes: impl Into<Bytes>) -> Self {
        Self {
            endpoint: None,
            status,
            headers,
            bytes: bytes.into(),
            hidden: Arc::default(),
            tried: Tried::default(),
        }
    }

    /// Sets the endpoint, the texts to hide in messages, and the result of the attempts.
    pub(crate) fn with_context(
        mut self,
        endpoint: Endpoint,
        hidden: Arc<Hidden>,
        tried: Tried,
    ) -> Self {
        self.endpoint = Some(endpoint);
        self.hidden = hidden;
        self.tried = tried;
        self
    }

    pub(crate) fn tried(&self) -> Tried {
        self.tried
    }

    /// Returns the number of requests sent, without redirects.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.tried.attempts
    }

    /// Returns the delay that the server requests (`Retry-After`), counted from its response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.tried.retry_after
    }

    /// Returns the server's id of the request: the header `X-Request-Id` or `Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the status as a number, for a `match`.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the header `Content-Type`, if it is present and text.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
    }

    /// Returns `true` if the body has a documented media type or range: `application/json`,
    /// `image/*`, `*/*`. Documented parameters such as `version` have to match, except `charset`.
    ///
    /// A response without a media type matches anything.
    #[must_use]
    pub fn is(&self, documented: &str) -> bool {
        self.content_type()
            .is_none_or(|actual| media_type_matches(documented, actual))
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is empty, is not JSON, or does not match the type. The error
    /// has the path to the wrong value.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        json::read(&self.bytes).map_err(|error| self.explain(error))
    }

    /// Explains an error of JSON that is not in UTF-8 (RFC 8259, section 8.1).
    #[cold]
    fn explain(&self, error: DecodeError) -> DecodeError {
        let is_utf8 = |name: &&str| {
            ["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|utf8| name.eq_ignore_ascii_case(utf8))
        };
        let charset = self.content_type().and_then(charset_of);
        let charset = charset.filter(|name| !is_utf8(name));
        let message = match std::str::from_utf8(&self.bytes) {
            // ASCII text in UTF-16 is UTF-8 with zeros.
            Ok(text) if charset.is_none() || !text.contains('\0') => return error,
            Ok(_) => "JSON has to be in UTF-8".to_owned(),
            Err(error) => {
                let at = error.valid_up_to();
                format!("JSON has to be in UTF-8, and the body is not from byte {at} on")
            }
        };
        let charset =
            charset.map(|name| format!("; the response is in `charset={}`", name.escape_debug()));
        DecodeError::new("", message + charset.as_deref().unwrap_or_default())
    }

    /// Returns the start of the body for a message, without secrets; `None` if it is not text.
    pub(crate) fn excerpt(&self) -> Option<String> {
        excerpt(self.content_type(), &self.bytes, &self.hidden)
    }

    /// Reads the body as JSON if the response has this status, the only success. Otherwise, reads
    /// the failure.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`json`](Self::json) and [`failure`](Self::failure).
    pub fn json_if<T: DeserializeOwned, F: Failure>(&self, code: u16) -> Result<T, Rejection<F>> {
        if self.code() == code {
            self.json().map_err(Rejection::Decode)
        } else {
            self.failure()
        }
    }

    /// Returns `()` if the response has this status, the only success. Otherwise, reads the
    /// failure.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`failure`](Self::failure).
    pub fn nothing_if<F: Failure>(&self, code: u16) -> Result<(), Rejection<F>> {
        if self.code() == code {
            Ok(())
        } else {
            self.failure()
        }
    }

    /// Reads the response as a failure, for the decoder of an operation.
    ///
    /// # Errors
    ///
    /// Always returns an error: the failure, or why it cannot be read.
    pub fn failure<T, F: Failure>(&self) -> Result<T, Rejection<F>> {
        Err(match F::decode(self) {
            Ok(Some(failure)) => Rejection::Failure(failure),
            Ok(None) => Rejection::Undocumented,
            Err(error) => Rejection::Decode(error),
        })
    }
}

/// Compares the types, subtypes and documented parameters. `documented` can be a range: `image/*`,
/// `application/*+json`, `*/*`.
pub(crate) fn media_type_matches(documented: &str, actual: &str) -> bool {
    let (wanted, mut asked) = media_type(documented);
    let (sent, given) = media_type(actual);
    let (wanted, sent) = (wanted.to_ascii_lowercase(), sent.to_ascii_lowercase());
    // Plain JSON matches each JSON range.
    let is_json = matches!(sent.as_str(), "application/json" | "text/json");
    let same_type = is_of_range(&wanted, &sent) || is_json && wanted.ends_with("*+json");
    same_type
        && asked.all(|(name, value)| {
            // The charset does not change the content.
            let is_encoding = name.eq_ignore_ascii_case("charset");
            let mut same = given.clone().filter(|(n, _)| n.eq_ignore_ascii_case(name));
            is_encoding || same.any(|(_, v)| v == value)
        })
}

/// Returns `true` if a text matches a range, where `*` matches any text.
fn is_of_range(range: &str, text: &str) -> bool {
    let Some((start, others)) = range.split_once('*') else {
        return range == text;
    };
    let Some(mut rest) = text.strip_prefix(start) else {
        return false;
    };
    let (middle, end) = others.rsplit_once('*').unwrap_or(("", others));
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(end)
}

/// Returns the charset of a media type.
pub(crate) fn charset_of(content_type: &str) -> Option<&str> {
    let (_, mut parameters) = media_type(content_type);
    let charset = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    charset.map(|(_, charset)| charset)
}

/// Returns the type and subtype of a media type, in lower case.
pub(crate) fn essence(content_type: &str) -> String {
    media_type(content_type).0.to_ascii_lowercase()
}

/// Returns `true` for `application/json` and each `+json`, with or without parameters.
#[must_use]
pub fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// Splits into type and subtype, and parameters (RFC 9110, section 8.3.1).
fn media_type(text: &str) -> (&str, impl Iterator<Item = (&str, &str)> + Clone) {
    let mut pieces = text.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or_default();
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim(), value.trim().trim_matches('"')))
    });
    (essence, parameters)
}

/// Returns the server's id of a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers
        .get("x-request-id")
        .or_else(|| headers.get("request-id"))?;
    id.to_str().ok().filter(|id| !id.is_empty())
}

/// Writes the number of the attempt to a message, if there were several.
pub(crate) fn at_attempt(f: &mut fmt::Formatter<'_>, attempts: u32) -> fmt::Result {
    match attempts {
        0 | 1 => Ok(()),
        _ => write!(f, " at attempt {attempts}"),
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.endpoint {
            Some(endpoint) => write!(f, "{endpoint}")?,
            None => f.write_str("the server")?,
        }
        write!(f, " answered {}", self.status)?;
        at_attempt(f, self.tried.attempts)?;
        match self.bytes.len() {
            0 => f.write_str(" without a body")?,
            length => {
                let content_type = self.content_type().unwrap_or("of no media type");
                write!(f, " ({}, {length} bytes)", content_type.escape_debug())?;
            }
        }
        let id = self.request_id();
        match id.filter(|id| id.len() <= 100 && !self.hidden.in_text(id)) {
            Some(id) => write!(f, ", request `{}`", id.escape_debug()),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values can be cookies and tokens.
        let headers: Vec<_> = self.headers.keys().collect();
        f.debug_struct("Reply")
            .field("endpoint", &self.endpoint)
            .field("status", &self.status)
            .field("headers", &headers)
            .field("bytes", &format_args!("[{} bytes]", self.bytes.len()))
            .finish()
    }
}

/// A decoded body with its response.
#[derive(Clone, Debug)]
pub struct Response<T> {
    reply: Reply,
    value: T,
}

impl<T> Response<T> {
    pub(crate) fn new(reply: Reply, value: T) -> Self {
        Self { reply, value }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.reply.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.reply.headers
    }

    /// Returns the body as received.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.reply.bytes
    }

    /// Returns the number of requests sent, without redirects.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.reply.attempts()
    }

    /// Returns the delay that the server requests (`Retry-After`), counted from its response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.reply.retry_after()
    }

    /// Returns the server's id of the request: the header `X-Request-Id` or `Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.reply.request_id()
    }

    /// Returns the response as received.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// Returns the decoded body.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns the decoded body by value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}
