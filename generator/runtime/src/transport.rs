//! Transports, which send a request to a server.

use std::fmt;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use super::body::Body;
use super::retry::Tried;

/// Any error that can cross threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The future of a response.
pub type Sending<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// The future of a timer.
pub type Sleeping<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Sends a request and returns the response, and has the clock for the timeouts of a call. It
/// follows no redirects, adds no credentials and does not retry: the client does.
pub trait Transport: Send + Sync {
    /// Sends a request.
    ///
    /// The timeout in `limits` includes the body of the response. The client counts the bytes of
    /// the body itself.
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_>;

    /// Waits, or returns `None` if the transport has no timer. Then nothing is retried.
    ///
    /// The time starts when the future is first polled, because a client can be created outside of
    /// an asynchronous runtime.
    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        let _ = time;
        None
    }

    /// Returns the time since a fixed moment. It never goes back, and is not the time of day.
    ///
    /// On a target without a clock (`wasm32-unknown-unknown`) it is always zero, unless the
    /// transport has a clock. Then the client does not apply timeouts itself.
    fn now(&self) -> Duration {
        monotonic()
    }

    /// Returns the time of day, or `None` without a clock.
    fn date(&self) -> Option<SystemTime> {
        HAS_CLOCK.then(SystemTime::now)
    }
}

/// False on the target where the clock of the standard library panics.
const HAS_CLOCK: bool = !cfg!(all(target_family = "wasm", target_os = "unknown"));

/// Returns the time since the first call of this function.
fn monotonic() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    if HAS_CLOCK {
        START.get_or_init(Instant::now).elapsed()
    } else {
        Duration::ZERO
    }
}

/// The limits for the time and the response size of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The timeout for connecting.
    pub connect_timeout: Option<Duration>,
    /// The timeout of the whole call, from its first request to the last byte of its response.
    pub timeout: Option<Duration>,
    /// The maximum size of a response's body in bytes.
    pub max_response_bytes: u64,
    /// The timeout for the head of the response if the body is read in pieces. `timeout` is then
    /// `None`. The client also applies it, unless the transport blocks.
    pub head_timeout: Option<Duration>,
    /// How long a body in pieces can be silent. The client also applies it, unless the transport
    /// blocks.
    pub idle_timeout: Option<Duration>,
}

impl Default for Limits {
    /// 10 s, 60 s and 32 MiB, for a call with a body that is read whole.
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

/// Why a transport returned no response, or only a part of it.
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
    /// Creates the error for a failed connection. Nothing was sent.
    pub fn connect(source: impl Into<BoxError>) -> Self {
        Self::new(Kind::Connect, source)
    }

    /// Creates the error for a connection timeout. Nothing was sent.
    pub fn connect_timeout(source: impl Into<BoxError>) -> Self {
        Self::new(Kind::ConnectTimeout, source)
    }

    /// Creates the error for a timeout.
    pub fn timeout(source: impl Into<BoxError>) -> Self {
        Self::new(Kind::Timeout, source)
    }

    /// Creates any other error.
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

    /// Sets the attempts of the call.
    pub(crate) fn after(self, tried: Tried) -> Self {
        Self {
            attempts: tried.attempts,
            is_retryable: tried.is_retryable,
            ..self
        }
    }

    /// Returns a `TransportError` unchanged.
    pub(crate) fn from_source(source: impl Into<BoxError>) -> Self {
        match source.into().downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => Self::other(source),
        }
    }

    /// Returns `true` if the connection failed.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.kind, Kind::Connect | Kind::ConnectTimeout)
    }

    /// Returns `true` for a timeout.
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
