//! Retries: the calls that are repeated, and the delays.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use http::{Method, StatusCode};

use super::transport::TransportError;

/// The rules for retries.
///
/// A call is *safe to repeat* if its method is idempotent (RFC 9110, section 9.2.2: GET, HEAD,
/// OPTIONS, TRACE, QUERY, PUT and DELETE), if it has an idempotency key, or if
/// [`Options::repeatable`](super::options::Options::repeatable) is set. It is retried
///
/// - after a failed connection, and after 408, 425 and 429, because the server did nothing;
/// - only if it is safe to repeat, after other errors of the transport, after the timeout of an
///   attempt, and after 500, 502, 503 and 504;
/// - as set by the header `X-Should-Retry` or `Stripe-Should-Retry` of a response from 400 on.
///
/// The delay is random, between half and all of 0.5 s, 1 s, 2 s, 4 s, and then 8 s. The server can
/// request another one by `Retry-After-Ms` or `Retry-After`.
///
/// All calls of a client share a budget for retries, which limits the load on a failing server: 35
/// retries without a success, and more if the server only limits the rate (429).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retry {
    pub(super) max_retries: u32,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) max_server_delay: Duration,
}

impl Default for Retry {
    /// 2 retries, no timeout for an attempt, and delays of up to 60 s if the server requests them.
    fn default() -> Self {
        Self {
            max_retries: 2,
            attempt_timeout: None,
            max_server_delay: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// Disables retries.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// Sets the maximum number of retries of a call.
    pub fn max_retries(mut self, count: u32) -> Self {
        self.max_retries = count;
        self
    }

    /// Sets the timeout of one attempt. With `None`, only the timeout of the call applies. Zero is
    /// an error.
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = limit.into();
        self
    }

    /// Sets the longest delay that the server can request. If it requests a longer one, the call
    /// fails at once.
    pub fn max_server_delay(mut self, limit: Duration) -> Self {
        self.max_server_delay = limit;
        self
    }

    /// Returns the error in the settings, if any.
    pub(super) fn fault(&self) -> Option<&'static str> {
        (self.attempt_timeout == Some(Duration::ZERO)).then_some("the time of an attempt is zero")
    }
}

/// Whether a call can be retried after an outcome.
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

/// Returns the value of the header `X-Should-Retry` or `Stripe-Should-Retry`, if there is one.
fn should_retry(headers: &HeaderMap) -> Option<bool> {
    ["x-should-retry", "stripe-should-retry"]
        .iter()
        .find_map(|name| match headers.get(*name)?.as_bytes() {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        })
}

/// Returns `true` if the method is idempotent (RFC 9110, section 9.2.2; for QUERY, its own
/// specification).
pub(super) fn is_idempotent(method: &Method) -> bool {
    matches!(
        method.as_str(),
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" | "PUT" | "DELETE"
    )
}

/// Returns the delay before the next retry, after `retries` retries.
pub(super) fn backoff(retries: u32, random: f64) -> Duration {
    let longest = Duration::from_millis(500)
        .saturating_mul(1 << retries.min(4))
        .min(Duration::from_secs(8));
    longest.mul_f64(0.5 + random / 2.0)
}

/// Returns a slightly longer delay, so that clients that wait for the same moment do not all send
/// at once.
pub(super) fn spread(delay: Duration, random: f64) -> Duration {
    delay.saturating_add(delay.min(Duration::from_secs(3600)).mul_f64(random / 10.0))
}

/// Returns a number from 0 to 1.
///
/// It has to differ between clients, but need not be secret. The hasher of the standard library,
/// seeded by the operating system, is enough and needs no other crate. Without a seed
/// (`wasm32-unknown-unknown`), the clock makes the difference.
pub(super) fn random(now: Duration) -> f64 {
    let hash = RandomState::new().hash_one(now);
    f64::from(u32::try_from(hash >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

/// Returns the delay that a response requests: `Retry-After-Ms`, or else `Retry-After` in seconds
/// or as a date (RFC 9110, section 10.2.3), relative to the response's `Date`, or else to `now`.
///
/// Other values are ignored. Of several values, the longest delay is used.
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

/// Reads a decimal number without sign and exponent. A unit is this many seconds. A number that is
/// too large gives the maximum duration.
fn decimal(text: &str, unit: f64) -> Option<Duration> {
    let is_decimal = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number: f64 = text.parse().ok().filter(|_| is_decimal)?;
    Some(Duration::try_from_secs_f64(number * unit).unwrap_or(Duration::MAX))
}

/// The number of retries that the calls of a client share.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 500;

    pub(super) const fn full() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// Returns the cost of a retry after this status. It is lower if the server only limits the
    /// rate.
    pub(super) fn cost(status: Option<StatusCode>) -> u32 {
        match status {
            Some(StatusCode::TOO_MANY_REQUESTS) => 5,
            _ => 14,
        }
    }

    /// Takes the cost of a retry, if the budget is sufficient.
    pub(super) fn take(&self, cost: u32) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(cost)
            })
            .is_ok()
    }

    /// Adds the cost of the last retry of a successful call, or 1 without a retry.
    pub(super) fn succeeded(&self, cost: Option<u32>) {
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_add(cost.unwrap_or(1)).min(Self::FULL))
            });
    }
}

/// The attempts of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tried {
    /// The number of requests sent, without redirects.
    pub(crate) attempts: u32,
    /// True if the call could be retried.
    pub(crate) is_retryable: bool,
    /// The delay that the server requests.
    pub(crate) retry_after: Option<Duration>,
}
