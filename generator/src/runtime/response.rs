//! What comes back.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::error::{DecodeError, Failure, Rejection};
use super::json;
use super::operation::Endpoint;

/// A response as it was received: what a decoder sees.
#[derive(Clone)]
pub struct Reply {
    endpoint: Option<Endpoint>,
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
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
        }
    }

    pub(crate) fn of(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
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
        json::read(&self.bytes)
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

    /// The body as text.
    ///
    /// # Errors
    ///
    /// If the body is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(DecodeError::new(
                "",
                format!("the body is not UTF-8 from byte {} on", error.valid_up_to()),
            )),
        }
    }
}

/// Compares by type and subtype, and by the parameters that the document has;
/// `documented` may be a range.
pub(crate) fn media_type_matches(documented: &str, actual: &str) -> bool {
    let (wanted, mut asked) = media_type(documented);
    let (sent, given) = media_type(actual);
    let same_type = match (wanted.split_once('/'), sent.split_once('/')) {
        (Some(("*", "*")), _) => true,
        (Some((kind, "*")), Some((actual, _))) => kind.eq_ignore_ascii_case(actual),
        _ => wanted.eq_ignore_ascii_case(sent),
    };
    same_type
        && asked.all(|(name, value)| {
            // In whichever encoding it is, it says the same.
            let is_encoding = name.eq_ignore_ascii_case("charset");
            let mut same = given.clone().filter(|(n, _)| n.eq_ignore_ascii_case(name));
            is_encoding || same.any(|(_, v)| v == value)
        })
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

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.endpoint {
            Some(endpoint) => write!(f, "{endpoint}")?,
            None => f.write_str("the server")?,
        }
        write!(f, " answered {}", self.status)?;
        match self.bytes.len() {
            0 => f.write_str(" without a body"),
            length => {
                let content_type = self.content_type().unwrap_or("of no media type");
                write!(f, " ({}, {length} bytes)", content_type.escape_debug())
            }
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
