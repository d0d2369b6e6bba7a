//! What carries a request to a server.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::body::Body;

/// Any error that can cross threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A response on its way.
pub type Sending<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// Sends one request and gives the response. It follows no redirect, adds no
/// credential and tries no second time; the client does what there is to do.
pub trait Transport: Send + Sync {
    /// Sends a request.
    ///
    /// The time in `limits` is for the whole exchange, the response's body
    /// included; the client counts the body's bytes itself.
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_>;
}

/// How long a call may take and how much it may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The time for a connection to be there.
    pub connect_timeout: Option<Duration>,
    /// The time for the whole call, from the first redirect to the last byte.
    pub timeout: Option<Duration>,
    /// The size of a response's body in bytes.
    pub max_response_bytes: u64,
}

impl Default for Limits {
    /// 10 s, 60 s and 32 MiB.
    fn default() -> Self {
        Self {
            connect_timeout: Some(Duration::from_secs(10)),
            timeout: Some(Duration::from_secs(60)),
            max_response_bytes: 32 << 20,
        }
    }
}

/// Why a transport gave no response, or not all of it.
pub struct TransportError {
    kind: Kind,
    source: BoxError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Connect,
    Timeout,
    Other,
}

impl TransportError {
    /// There was no connection.
    pub fn connect(source: impl Into<BoxError>) -> Self {
        Self {
            kind: Kind::Connect,
            source: source.into(),
        }
    }

    /// Time ran out.
    pub fn timeout(source: impl Into<BoxError>) -> Self {
        Self {
            kind: Kind::Timeout,
            source: source.into(),
        }
    }

    /// Anything else.
    pub fn other(source: impl Into<BoxError>) -> Self {
        Self {
            kind: Kind::Other,
            source: source.into(),
        }
    }

    /// Keeps a `TransportError` as it is.
    pub(crate) fn from_source(source: impl Into<BoxError>) -> Self {
        match source.into().downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => Self::other(source),
        }
    }

    /// Whether there was no connection.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind == Kind::Connect
    }

    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind == Kind::Timeout
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Connect => "no connection to the server",
            Kind::Timeout => "time ran out",
            Kind::Other => "the exchange with the server broke off",
        })
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("source", &self.source)
            .finish()
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
