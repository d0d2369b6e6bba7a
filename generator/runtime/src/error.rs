//! The errors of a call.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::endpoint::Endpoint;
use super::response::{Reply, Response, at_attempt, request_id};
use super::retry::Tried;
use super::security::{Scheme, Security};
use super::token_error::TokenError;
use super::transport::TransportError;

/// The error of a call. `F` is the type of the documented failures.
///
/// It contains the response, if one was received. `Display` prints a documented failure with the
/// first 200 characters of its body if that is JSON or text, without the client's credentials and
/// without secret members. All other output omits bodies and credentials.
#[non_exhaustive]
pub enum Error<F> {
    /// A failure that the document describes.
    Failure(Box<Response<F>>),
    /// A status or a media type that the document does not describe.
    Undocumented(Box<Reply>),
    /// A body that does not match the document.
    Decode {
        /// The received response.
        reply: Box<Reply>,
        /// The path to the value, and the reason.
        source: Box<DecodeError>,
    },
    /// A body that exceeds the client's limit.
    TooLarge(Box<TooLarge>),
    /// The client has no credentials for any alternative of the operation's `security`. The request
    /// was not sent.
    MissingCredential(MissingCredential),
    /// No access token is available; the request was not sent.
    Token(TokenError),
    /// The request cannot be written; nothing was sent.
    Encode(EncodeError),
    /// The response was not complete within the time limit of the call or the attempt.
    Timeout {
        /// The called endpoint.
        endpoint: Endpoint,
        /// The time limit.
        limit: Option<Duration>,
        /// The error of the transport.
        source: TransportError,
    },
    /// There was no response.
    Transport {
        /// The called endpoint.
        endpoint: Endpoint,
        /// The error of the transport.
        source: TransportError,
    },
}

impl<F> Error<F> {
    /// Returns the status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::TooLarge(error) => Some(error.status),
            _ => self.reply().map(Reply::status),
        }
    }

    /// Returns the headers, if there was a response.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::TooLarge(error) => Some(&error.headers),
            _ => self.reply().map(Reply::headers),
        }
    }

    /// Returns the body, if the response was complete.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        self.reply().map(Reply::bytes)
    }

    /// Returns the response, if it was complete.
    #[must_use]
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Failure(response) => Some(response.reply()),
            Self::Undocumented(reply) | Self::Decode { reply, .. } => Some(reply),
            _ => None,
        }
    }

    /// Returns the failure, if the document describes it.
    #[must_use]
    pub fn failure(&self) -> Option<&F> {
        match self {
            Self::Failure(response) => Some(response.value()),
            _ => None,
        }
    }

    /// Returns `true` if a time limit was exceeded.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Token(error) => error.is_timeout(),
            _ => self
                .transport_error()
                .is_some_and(TransportError::is_timeout),
        }
    }

    /// Returns the number of requests sent, without redirects; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        match (self.tried(), self.transport_error(), self) {
            (Some(tried), _, _) => tried.attempts,
            (None, Some(source), _) => source.attempts,
            (None, None, Self::Token(error)) => error.attempts,
            _ => 0,
        }
    }

    /// Returns `true` if the same call can succeed later and is safe to repeat. The client has
    /// already used all attempts or all time for it.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match (self.tried(), self.transport_error(), self) {
            (Some(tried), _, _) => tried.is_retryable,
            (None, Some(source), _) => source.is_retryable,
            (None, None, Self::Token(error)) => error.is_retryable(),
            _ => false,
        }
    }

    /// Returns the delay that the server requests (`Retry-After`), counted from its response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.tried()?.retry_after
    }

    /// Returns the server's identifier of the request, for support; see [`Reply::request_id`].
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    fn tried(&self) -> Option<Tried> {
        match self {
            Self::TooLarge(error) => Some(error.tried),
            _ => self.reply().map(Reply::tried),
        }
    }

    fn transport_error(&self) -> Option<&TransportError> {
        match self {
            Self::Timeout { source, .. } | Self::Transport { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl Error<NoFailure> {
    /// Converts the error to that of an operation with failures.
    pub(crate) fn widen<F>(self) -> Error<F> {
        match self {
            Self::Failure(response) => match *response.value() {},
            Self::Undocumented(reply) => Error::Undocumented(reply),
            Self::Decode { reply, source } => Error::Decode { reply, source },
            Self::TooLarge(error) => Error::TooLarge(error),
            Self::MissingCredential(error) => Error::MissingCredential(error),
            Self::Token(error) => Error::Token(error),
            Self::Encode(error) => Error::Encode(error),
            Self::Timeout {
                endpoint,
                limit,
                source,
            } => Error::Timeout {
                endpoint,
                limit,
                source,
            },
            Self::Transport { endpoint, source } => Error::Transport { endpoint, source },
        }
    }
}

impl<F> fmt::Display for Error<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failure(response) => {
                let reply = response.reply();
                match reply.excerpt() {
                    Some(excerpt) => write!(f, "{reply}: {excerpt}"),
                    None => reply.fmt(f),
                }
            }
            Self::Undocumented(reply) => {
                write!(f, "{reply}, which the document does not describe")
            }
            Self::Decode { reply, source } => write!(f, "{reply}: {source}"),
            Self::TooLarge(error) => error.fmt(f),
            Self::MissingCredential(error) => error.fmt(f),
            Self::Token(error) => error.fmt(f),
            Self::Encode(error) => error.fmt(f),
            Self::Timeout {
                endpoint,
                limit,
                source,
            } => {
                match limit {
                    Some(limit) => write!(f, "{endpoint}: no complete response within {limit:?}"),
                    None => write!(f, "{endpoint}: no complete response in time"),
                }?;
                at_attempt(f, source.attempts)
            }
            Self::Transport { endpoint, source } => {
                write!(f, "{endpoint}: {source}")?;
                at_attempt(f, source.attempts)
            }
        }
    }
}

impl<F: fmt::Debug> fmt::Debug for Error<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failure(response) => f.debug_tuple("Failure").field(response).finish(),
            Self::Undocumented(reply) => f.debug_tuple("Undocumented").field(reply).finish(),
            Self::Decode { reply, source } => f
                .debug_struct("Decode")
                .field("reply", reply)
                .field("source", source)
                .finish(),
            Self::TooLarge(error) => f.debug_tuple("TooLarge").field(error).finish(),
            Self::MissingCredential(error) => {
                f.debug_tuple("MissingCredential").field(error).finish()
            }
            Self::Token(error) => f.debug_tuple("Token").field(error).finish(),
            Self::Encode(error) => f.debug_tuple("Encode").field(error).finish(),
            Self::Timeout {
                endpoint,
                limit,
                source,
            } => f
                .debug_struct("Timeout")
                .field("endpoint", endpoint)
                .field("limit", limit)
                .field("source", source)
                .finish(),
            Self::Transport { endpoint, source } => f
                .debug_struct("Transport")
                .field("endpoint", endpoint)
                .field("source", source)
                .finish(),
        }
    }
}

impl<F: fmt::Debug> std::error::Error for Error<F> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The message already includes these errors, so a report does not repeat them.
            Self::Decode { source, .. } => std::error::Error::source(source.as_ref()),
            Self::Transport { source, .. } => std::error::Error::source(source),
            Self::Token(error) => std::error::Error::source(error),
            Self::Timeout { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The reason why an operation's decoder returns no output.
#[derive(Debug)]
pub enum Rejection<F> {
    /// A failure that the document describes.
    Failure(F),
    /// A status or a media type that the document does not describe.
    Undocumented,
    /// A body that does not match the document.
    Decode(DecodeError),
}

impl<F> From<DecodeError> for Rejection<F> {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

/// The documented failures of one operation or several.
pub trait Failure: Sized {
    /// Decodes a response other than a success; `None` if the document does not describe it.
    ///
    /// # Errors
    ///
    /// Returns an error if the body does not match the document.
    fn decode(reply: &Reply) -> Result<Option<Self>, DecodeError>;
}

/// The failure type of an operation that documents no failures. It has no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFailure {}

impl Failure for NoFailure {
    fn decode(_: &Reply) -> Result<Option<Self>, DecodeError> {
        Ok(None)
    }
}

impl fmt::Display for NoFailure {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for NoFailure {}

/// A body or a header that does not match the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    message: String,
}

impl DecodeError {
    /// Creates an error with a path such as `.grant_types[0]`, and the fault there.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }

    /// Returns the path in the body, such as `.grant_types[0]`; empty for the whole body.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the fault, without the value.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl std::error::Error for DecodeError {}

/// A request that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    place: String,
    message: String,
}

impl EncodeError {
    /// Creates an error with a place such as ``the path parameter `id` ``, and the fault there.
    #[must_use]
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
        }
    }

    /// Creates an error of the body.
    #[must_use]
    pub fn body(message: impl fmt::Display) -> Self {
        Self::new("the body", message.to_string())
    }

    /// Returns the fault.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write {}: {}", self.place, self.message)
    }
}

impl std::error::Error for EncodeError {}

/// A response whose body exceeds the client's limit.
#[derive(Clone)]
pub struct TooLarge {
    /// The called endpoint.
    pub endpoint: Endpoint,
    /// The client's limit in bytes.
    pub limit: u64,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    pub(crate) tried: Tried,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} answered {} with more than {} bytes",
            self.endpoint, self.status, self.limit
        )
    }
}

impl fmt::Debug for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TooLarge")
            .field("endpoint", &self.endpoint)
            .field("limit", &self.limit)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for TooLarge {}

/// A call for which the client lacks the credentials.
#[derive(Clone, Debug)]
pub struct MissingCredential {
    pub(crate) endpoint: Endpoint,
    pub(crate) security: Security,
}

impl MissingCredential {
    /// Returns the alternatives that the operation accepts. Each one requires all of its schemes.
    #[must_use]
    pub fn alternatives(&self) -> &'static [&'static [Scheme]] {
        self.security
    }
}

impl fmt::Display for MissingCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} needs ", self.endpoint)?;
        for (i, alternative) in self.security.iter().enumerate() {
            if i > 0 {
                f.write_str(", or ")?;
            }
            for (i, scheme) in alternative.iter().enumerate() {
                if i > 0 {
                    f.write_str(" and ")?;
                }
                write!(f, "`{}`", scheme.name())?;
            }
        }
        f.write_str(", which the client was not given")
    }
}

impl std::error::Error for MissingCredential {}
