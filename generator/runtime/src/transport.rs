//! What carries a request to a server.

use std::fmt;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use super::body::Body;
use super::retry::Tried;

/// Any error that can cross threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A response on its way.
pub type Sending<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// A time that passes.
pub type Sleeping<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Sends one request and gives the response, and has the clock that a call is measured by. It
/// follows no redirect, adds no credential and repeats nothing: the client does.
pub trait Transport: Send + Sync {
    /// Sends a request.
    ///
    /// The time in `limits` is for the whole exchange, the response's body
    /// included; the client counts the body's bytes itself.
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_>;

    /// Waits; `None` where the transport has no timer. Then nothing is retried.
    ///
    /// The time begins when the future is polled first: a client may be made where no asynchronous
    /// runtime is.
    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        let _ = time;
        None
    }

    /// Returns the time since a fixed moment. It does not go back, and is not the time of day.
    ///
    /// A target without a clock (`wasm32-unknown-unknown`) stays at zero unless the transport has
    /// one: then the client does not limit the time itself.
    fn now(&self) -> Duration {
        monotonic()
    }

    /// Returns the time of day; `None` where there is no clock.
    fn date(&self) -> Option<SystemTime> {
        HAS_CLOCK.then(SystemTime::now)
    }
}

/// Whether the standard library has a clock: on this target it panics.
const HAS_CLOCK: bool = !cfg!(all(target_family = "wasm", target_os = "unknown"));

/// Returns the time since this function was called first.
fn monotonic() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    if HAS_CLOCK {
        START.get_or_init(Instant::now).elapsed()
    } else {
        Duration::ZERO
    }
}

/// How long a call may take and how much it may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The time for a connection to be there.
    pub connect_timeout: Option<Duration>,
    /// The time for the whole call, from its first request to the last byte of its response.
    pub timeout: Option<Duration>,
    /// The size of a response's body in bytes.
    pub max_response_bytes: u64,
    /// The time until the head of the response, for a call whose body is read in pieces: `timeout` is
    /// `None` then. The client limits it too, unless the transport blocks.
    pub head_timeout: Option<Duration>,
    /// How long the body of such a call may be silent. The client limits it too, unless the transport
    /// blocks.
    pub idle_timeout: Option<Duration>,
}

impl Default for Limits {
    /// 10 s, 60 s and 32 MiB, for a call whose body is read as a whole.
    fn default() -> Self {
        Self {
            connect_timeout: Some(Duration::from_secs(10)),
            timeout: Some(Duration::from_secs(60)),
            max_response_bytes: 32 << 20,
            head_timeout: None,
            idle_timeout: None,
        }
    }
}

/// Why a transport gave no response, or not all of it.
pub struct TransportError {
    kind: Kind,
    source: BoxError,
    pub(crate) attempts: u32,
    pub(crate) is_retryable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Connect,
    ConnectTimeout,
    Timeout,
    Other,
}

impl TransportError {
    /// There was no connection, so that nothing was sent.
    pub fn connect(source: impl Into<BoxError>) -> Self {
        Self::new(Kind::Connect, source)
    }

    /// There was no connection in time, so that nothing was sent.
    pub fn connect_timeout(source: impl Into<BoxError>) -> Self {
        Self::new(Kind::ConnectTimeout, source)
    }

    /// Time ran out.
    pub fn timeout(source: impl Into<BoxError>) -> Self {
        Self::new(Kind::Timeout, source)
    }

    /// Anything else.
    pub fn other(source: impl Into<BoxError>) -> Self {
        Self::new(Kind::Other, source)
    }

    fn new(kind: Kind, source: impl Into<BoxError>) -> Self {
        Self {
            kind,
            source: source.into(),
            attempts: 0,
            is_retryable: false,
        }
    }

    /// Sets what is known of the call.
    pub(crate) fn after(self, tried: Tried) -> Self {
        Self {
            attempts: tried.attempts,
            is_retryable: tried.is_retryable,
            ..self
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
        matches!(self.kind, Kind::Connect | Kind::ConnectTimeout)
    }

    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind, Kind::Timeout | Kind::ConnectTimeout)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Connect => "no connection to the server",
            Kind::ConnectTimeout => "no connection to the server in time",
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
