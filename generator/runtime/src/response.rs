//! What comes back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::endpoint::Endpoint;
use super::error::{DecodeError, Failure, Rejection};
use super::excerpt::{Hidden, excerpt};
use super::json;
use super::retry::Tried;

/// A response as it was received: what a decoder sees.
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
    /// A response of these parts.
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

    /// Sets what was called, what no message shows, and how the call went.
    pub(crate) fn of(mut self, endpoint: Endpoint, hidden: Arc<Hidden>, tried: Tried) -> Self {
        self.endpoint = Some(endpoint);
        self.hidden = hidden;
        self.tried = tried;
        self
    }

    pub(crate) fn tried(&self) -> Tried {
        self.tried
    }

    /// How many requests were sent, redirects aside.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.tried.attempts
    }

    /// How long the server asks to wait (`Retry-After`), counted from the response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.tried.retry_after
    }

    /// What the server calls the request: the header `X-Request-Id` or `Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The status as a number, for a `match`.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The header `Content-Type`, where it is there and text.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
    }

    /// Whether the body is of a media type or range of the document:
    /// `application/json`, `image/*`, `*/*`. Parameters that the document has,
    /// such as `version`, have to be the same, but not `charset`.
    ///
    /// A response that does not say what it is can be anything.
    #[must_use]
    pub fn is(&self, documented: &str) -> bool {
        self.content_type()
            .is_none_or(|actual| media_type_matches(documented, actual))
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// If the body is empty, is not JSON, or not that of the type; with the
    /// path to the value that is not.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        json::read(&self.bytes).map_err(|error| self.explain(error))
    }

    /// Says that JSON in another charset than UTF-8 (RFC 8259, section 8.1) is in that.
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
            // UTF-16 of ASCII is UTF-8 with zeros.
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

    /// The beginning of the body for a message, without secrets; `None` where it is no text.
    pub(crate) fn excerpt(&self) -> Option<String> {
        excerpt(self.content_type(), &self.bytes, &self.hidden)
    }

    /// The body as JSON for this status, which is the only success, and else the failure.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json) and [`failure`](Self::failure).
    pub fn json_if<T: DeserializeOwned, F: Failure>(&self, code: u16) -> Result<T, Rejection<F>> {
        if self.code() == code {
            self.json().map_err(Rejection::Decode)
        } else {
            self.failure()
        }
    }

    /// Nothing for this status, which is the only success, and else the failure.
    ///
    /// # Errors
    ///
    /// As [`failure`](Self::failure).
    pub fn nothing_if<F: Failure>(&self, code: u16) -> Result<(), Rejection<F>> {
        if self.code() == code {
            Ok(())
        } else {
            self.failure()
        }
    }

    /// The response as the failure that it is, for an operation's decoder.
    ///
    /// # Errors
    ///
    /// Always: with the failure, or else with why it is none.
    pub fn failure<T, F: Failure>(&self) -> Result<T, Rejection<F>> {
        Err(match F::decode(self) {
            Ok(Some(failure)) => Rejection::Failure(failure),
            Ok(None) => Rejection::Undocumented,
            Err(error) => Rejection::Decode(error),
        })
    }
}

/// Compares by type and subtype, and by the parameters that the document has;
/// `documented` may be a range: `image/*`, `application/*+json`, `*/*`.
pub(crate) fn media_type_matches(documented: &str, actual: &str) -> bool {
    let (wanted, mut asked) = media_type(documented);
    let (sent, given) = media_type(actual);
    let (wanted, sent) = (wanted.to_ascii_lowercase(), sent.to_ascii_lowercase());
    // Plain JSON is of every range of JSON.
    let is_json = matches!(sent.as_str(), "application/json" | "text/json");
    let same_type = is_of_range(&wanted, &sent) || is_json && wanted.ends_with("*+json");
    same_type
        && asked.all(|(name, value)| {
            // In whichever encoding it is, it says the same.
            let is_encoding = name.eq_ignore_ascii_case("charset");
            let mut same = given.clone().filter(|(n, _)| n.eq_ignore_ascii_case(name));
            is_encoding || same.any(|(_, v)| v == value)
        })
}

/// Whether a text is the range's, in which `*` stands for any text.
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

/// The charset that a media type names.
pub(crate) fn charset_of(content_type: &str) -> Option<&str> {
    let (_, mut parameters) = media_type(content_type);
    let charset = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    charset.map(|(_, charset)| charset)
}

/// Returns the type and subtype of a media type, in lower case.
pub(crate) fn essence(content_type: &str) -> String {
    media_type(content_type).0.to_ascii_lowercase()
}

/// Returns true for `application/json` and each `+json`, with or without parameters.
#[must_use]
pub fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// The type and subtype, and the parameters (RFC 9110, section 8.3.1).
fn media_type(text: &str) -> (&str, impl Iterator<Item = (&str, &str)> + Clone) {
    let mut pieces = text.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or_default();
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim(), value.trim().trim_matches('"')))
    });
    (essence, parameters)
}

/// What a server calls a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers
        .get("x-request-id")
        .or_else(|| headers.get("request-id"))?;
    id.to_str().ok().filter(|id| !id.is_empty())
}

/// Says in a message which attempt it was, if there were several.
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
        // The values of headers can be cookies and tokens.
        let headers: Vec<_> = self.headers.keys().collect();
        f.debug_struct("Reply")
            .field("endpoint", &self.endpoint)
            .field("status", &self.status)
            .field("headers", &headers)
            .field("bytes", &format_args!("[{} bytes]", self.bytes.len()))
            .finish()
    }
}

/// A decoded body with the response that it came in.
#[derive(Clone, Debug)]
pub struct Response<T> {
    reply: Reply,
    value: T,
}

impl<T> Response<T> {
    pub(crate) fn new(reply: Reply, value: T) -> Self {
        Self { reply, value }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.reply.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.reply.headers
    }

    /// The body as it was received.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.reply.bytes
    }

    /// How many requests were sent, redirects aside.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.reply.attempts()
    }

    /// How long the server asks to wait (`Retry-After`), counted from the response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.reply.retry_after()
    }

    /// What the server calls the request: the header `X-Request-Id` or `Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.reply.request_id()
    }

    /// The response as it was received.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// The decoded body.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The decoded body, by value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}
