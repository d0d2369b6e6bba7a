//! Which calls are sent again, and when.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use http::{Method, StatusCode};

use super::transport::TransportError;

/// When a call is sent again.
///
/// A call is *safe to repeat* if its method is (RFC 9110, section 9.2.2: GET, HEAD, OPTIONS, TRACE,
/// QUERY, PUT and DELETE), if it has an idempotency key, or if
/// [`Options::repeatable`](super::options::Options::repeatable) says so. It is repeated
///
/// - where there was no connection, and after 408, 425 and 429: the server did nothing;
/// - only if it is safe after any other failure of the transport, after the time of an attempt, and
///   after 500, 502, 503 and 504;
/// - as the server says by the header `X-Should-Retry` or `Stripe-Should-Retry` of a response from 400 on.
///
/// The delay is a random time between half and all of 0.5 s, 1 s, 2 s, 4 s, and then 8 s. The server
/// can ask for another one by `Retry-After-Ms` or `Retry-After`.
///
/// A client has a budget for the retries of all its calls, so that they do not multiply the load on
/// a server that fails: 35 without a success, and more where the server only limits the rate (429).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retry {
    pub(super) max_retries: u32,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) max_server_delay: Duration,
}

impl Default for Retry {
    /// 2 retries, no limit for the time of an attempt, and delays of up to 60 s if the server asks
    /// for them.
    fn default() -> Self {
        Self {
            max_retries: 2,
            attempt_timeout: None,
            max_server_delay: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// Nothing is repeated.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// Sets how many times a call is repeated.
    pub fn max_retries(mut self, count: u32) -> Self {
        self.max_retries = count;
        self
    }

    /// Sets how long one attempt may take; `None` for as long as there is time for the call. Zero is
    /// an error.
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = limit.into();
        self
    }

    /// Sets how long a delay the server may ask for. A call for which it asks for a longer one fails
    /// at once.
    pub fn max_server_delay(mut self, limit: Duration) -> Self {
        self.max_server_delay = limit;
        self
    }

    /// What is wrong, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        (self.attempt_timeout == Some(Duration::ZERO)).then_some("the time of an attempt is zero")
    }
}

/// Whether a call can be repeated after what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Never,
    IfSafe,
    Always,
}

impl Verdict {
    pub(super) fn of_error(error: &TransportError) -> Self {
        if error.is_connect() {
            Self::Always
        } else {
            Self::IfSafe
        }
    }

    pub(super) fn of_response(status: StatusCode, headers: &HeaderMap) -> Self {
        let is_failure = status.as_u16() >= 400;
        match should_retry(headers).filter(|_| is_failure) {
            Some(true) => return Self::Always,
            Some(false) => return Self::Never,
            None => {}
        }
        match status.as_u16() {
            408 | 425 | 429 => Self::Always,
            500 | 502 | 503 | 504 => Self::IfSafe,
            _ => Self::Never,
        }
    }
}

/// What the server says on retries.
fn should_retry(headers: &HeaderMap) -> Option<bool> {
    ["x-should-retry", "stripe-should-retry"]
        .iter()
        .find_map(|name| match headers.get(*name)?.as_bytes() {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        })
}

/// Whether the effect of two requests of this method is that of one (RFC 9110, section 9.2.2; QUERY
/// is one of these methods by its own specification).
pub(super) fn is_idempotent(method: &Method) -> bool {
    matches!(
        method.as_str(),
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" | "PUT" | "DELETE"
    )
}

/// The delay before a retry, of which `retries` were before.
pub(super) fn backoff(retries: u32, random: f64) -> Duration {
    let longest = Duration::from_millis(500)
        .saturating_mul(1 << retries.min(4))
        .min(Duration::from_secs(8));
    longest.mul_f64(0.5 + random / 2.0)
}

/// The delay that the server asks for, a little longer: of those that wait for the same moment, not
/// all come at once.
pub(super) fn spread(delay: Duration, random: f64) -> Duration {
    delay.saturating_add(delay.min(Duration::from_secs(3600)).mul_f64(random / 10.0))
}

/// A number from 0 to 1.
///
/// It has to differ between clients, and nobody gains by guessing it: the hasher of the standard
/// library, which the operating system seeds, is enough, and needs no other crate. Where it is not
/// seeded (`wasm32-unknown-unknown`), the clock makes the difference.
pub(super) fn random(now: Duration) -> f64 {
    let hash = RandomState::new().hash_one(now);
    f64::from(u32::try_from(hash >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

/// The delay that a response asks for: `Retry-After-Ms`, or else `Retry-After` in seconds or as a
/// date (RFC 9110, section 10.2.3), counted from the response's `Date`, or else from `now`.
///
/// What is neither is ignored. Of several values, the longest delay counts.
pub(super) fn server_delay(headers: &HeaderMap, now: Option<SystemTime>) -> Option<Duration> {
    let values = |name| {
        let values = headers.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok().map(str::trim))
    };
    let milliseconds = values("retry-after-ms").filter_map(|text| decimal(text, 1e-3));
    if let Some(delay) = milliseconds.max() {
        return Some(delay);
    }
    let date = || headers.get(DATE).and_then(http_date).or(now);
    values(RETRY_AFTER.as_str())
        .filter_map(|text| {
            decimal(text, 1.0).or_else(|| {
                let moment = httpdate::parse_http_date(text).ok()?;
                // A date in the past is no delay.
                Some(moment.duration_since(date()?).unwrap_or_default())
            })
        })
        .max()
}

fn http_date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

/// A decimal number without a sign and an exponent, in units of so many seconds. One that is too
/// large is the longest time.
fn decimal(text: &str, unit: f64) -> Option<Duration> {
    let is_decimal = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number: f64 = text.parse().ok().filter(|_| is_decimal)?;
    Some(Duration::try_from_secs_f64(number * unit).unwrap_or(Duration::MAX))
}

/// How many retries the calls of a client have together.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 500;

    pub(super) const fn full() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// The cost of a retry after this status: less where the server asks for fewer calls, and does
    /// not fail.
    pub(super) fn cost(status: Option<StatusCode>) -> u32 {
        match status {
            Some(StatusCode::TOO_MANY_REQUESTS) => 5,
            _ => 14,
        }
    }

    /// Takes the cost of a retry, if there is enough.
    pub(super) fn take(&self, cost: u32) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(cost)
            })
            .is_ok()
    }

    /// Adds the cost of the last retry of a call that succeeded, or 1 for one without a retry.
    pub(super) fn succeeded(&self, cost: Option<u32>) {
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_add(cost.unwrap_or(1)).min(Self::FULL))
            });
    }
}

/// How a call went, beside its response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tried {
    /// How many requests were sent, redirects aside.
    pub(crate) attempts: u32,
    /// Whether the call could be repeated.
    pub(crate) is_retryable: bool,
    /// The delay that the server asks for.
    pub(crate) retry_after: Option<Duration>,
}
