//! Errors of fetching an access token.

use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use super::endpoint::Endpoint;
use super::response::at_attempt;
use super::transport::{BoxError, TransportError};

/// The error of fetching an access token. The call that needs it was not sent, or not sent again
/// after a 401 response.
///
/// All calls that waited for the same request get the same error. It contains no secret.
#[derive(Clone)]
pub struct TokenError {
    /// The call, and the security scheme that it uses.
    call: Option<(Endpoint, &'static str)>,
    pub(super) attempts: u32,
    cause: Arc<Cause>,
}

#[derive(Default)]
struct Cause {
    message: String,
    status: Option<StatusCode>,
    error: Option<String>,
    description: Option<String>,
    is_timeout: bool,
    is_retryable: bool,
    source: Option<BoxError>,
    /// It is already in the message.
    transport: Option<TransportError>,
}

impl TokenError {
    /// Creates an error with this message, which must not contain a secret.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self::from_cause(Cause {
            message: message.into(),
            ..Cause::default()
        })
    }

    /// Creates an error with a cause. The message must not contain a secret.
    #[must_use]
    pub fn caused(message: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self::from_cause(Cause {
            message: message.into(),
            source: Some(source.into()),
            ..Cause::default()
        })
    }

    /// Creates the error for an incomplete or missing response of the token endpoint.
    #[must_use]
    pub fn transport(source: TransportError) -> Self {
        Self::from_cause(Cause {
            message: format!("the request to the token endpoint failed: {source}"),
            is_timeout: source.is_timeout(),
            is_retryable: true,
            transport: Some(source),
            ..Cause::default()
        })
    }

    /// Creates the error for a token that did not arrive within the time of the call.
    #[must_use]
    pub fn timeout() -> Self {
        Self::from_cause(Cause {
            message: "it did not arrive within the timeout of the call".to_owned(),
            is_timeout: true,
            is_retryable: true,
            ..Cause::default()
        })
    }

    /// Creates the error for a response of the token endpoint, with its status, and with the error
    /// and description of RFC 6749, section 5.2.
    #[must_use]
    pub fn answer(status: StatusCode, error: Option<String>, description: Option<String>) -> Self {
        let mut message = format!("the token endpoint answered {status}");
        if status.is_redirection() {
            message.push_str(", and redirects are not followed");
        }
        if let Some(error) = &error {
            message.push_str(": ");
            message.push_str(error);
        }
        if let Some(description) = &description {
            message.push_str(if error.is_some() { " (" } else { ": (" });
            message.push_str(description);
            message.push(')');
        }
        let is_retryable = status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429);
        Self::from_cause(Cause {
            message,
            status: Some(status),
            error,
            description,
            is_retryable,
            ..Cause::default()
        })
    }

    /// Creates the error for a browser redirect with an error (RFC 6749, section 4.1.2.1).
    #[must_use]
    pub fn refused(error: String, description: Option<String>) -> Self {
        let mut message = format!("the login failed: {error}");
        if let Some(description) = &description {
            message.push_str(&format!(" ({description})"));
        }
        Self::from_cause(Cause {
            message,
            error: Some(error),
            description,
            ..Cause::default()
        })
    }

    fn from_cause(cause: Cause) -> Self {
        Self {
            call: None,
            attempts: 0,
            cause: Arc::new(cause),
        }
    }

    /// Adds the call, and the number of its attempts sent before.
    pub(super) fn in_call(self, endpoint: &Endpoint, scheme: &'static str, attempts: u32) -> Self {
        Self {
            call: Some((endpoint.clone(), scheme)),
            attempts,
            ..self
        }
    }

    /// Returns the status of the token endpoint's response, if it was a failure.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.cause.status
    }

    /// Returns the code of RFC 6749, sections 4.1.2.1 and 5.2, such as `invalid_client`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.cause.error.as_deref()
    }

    /// Returns the server's description of the error.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.cause.description.as_deref()
    }

    /// Returns `true` for a timeout.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.cause.is_timeout
    }

    /// Returns `true` if a later attempt can succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.cause.is_retryable
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((endpoint, scheme)) = &self.call {
            write!(f, "{endpoint}: no access token for `{scheme}`: ")?;
        }
        f.write_str(&self.cause.message)?;
        at_attempt(f, self.attempts)
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenError")
            .field("message", &self.cause.message)
            .field("source", &std::error::Error::source(self))
            .finish_non_exhaustive()
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Some(transport) = &self.cause.transport {
            return std::error::Error::source(transport);
        }
        let source = self.cause.source.as_deref();
        source.map(|source| source as &(dyn std::error::Error + 'static))
    }
}
