//! The default transport in a browser: reqwest, which calls `fetch`.
//!
//! `fetch` has limits that no transport can remove:
//!
//! - It follows redirects itself, also to other servers, and sends them the headers. So a 3XX
//!   response never arrives, even if it is documented, and a header with an API key can reach
//!   another server.
//! - It sends neither `Cookie` nor `Content-Length`, and decodes bodies itself.
//! - It does not report connection errors. So a call that is not safe to repeat is not repeated
//!   after a network error.

#![cfg(target_family = "wasm")]

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use gloo_timers::future::TimeoutFuture;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use send_wrapper::SendWrapper;
use web_time::web::SystemTimeExt;

use super::body::Body;
use super::transport::{BoxError, Limits, Sending, Sleeping, Transport, TransportError};

/// The longest time for `setTimeout`, in milliseconds. A longer timer ends at once.
const LONGEST_TIMER: u32 = i32::MAX.unsigned_abs();

/// How much earlier than the clock a timer can end.
const PRECISION: Duration = Duration::from_millis(2);

/// Sends requests with a [`reqwest::Client`] in the browser.
#[derive(Clone, Debug)]
pub struct Reqwest {
    // JavaScript values stay on their thread.
    client: SendWrapper<::reqwest::Client>,
    /// The start time of the clock.
    start: web_time::Instant,
}

impl Reqwest {
    /// Creates a client. `fetch` has no connect timeout.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no `fetch`.
    pub fn new(_: Limits) -> Result<Self, BoxError> {
        Ok(Self::with_client(::reqwest::Client::builder().build()?))
    }

    /// Uses your own client.
    #[must_use]
    pub fn with_client(client: ::reqwest::Client) -> Self {
        Self {
            client: SendWrapper::new(client),
            start: web_time::Instant::now(),
        }
    }
}

impl Transport for Reqwest {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(SendWrapper::new(async move {
            let (head, mut body) = request.into_parts();
            let mut bytes = Vec::new();
            while let Some(piece) = body.next().await {
                bytes.extend_from_slice(&piece?);
            }
            let is_empty = bytes.is_empty();
            let request = http::Request::from_parts(head, bytes);
            let mut request = ::reqwest::Request::try_from(request).map_err(error)?;
            if is_empty {
                // `fetch` rejects a GET with an empty body.
                *request.body_mut() = None;
            }
            let longest = Duration::from_millis(LONGEST_TIMER.into());
            let timeout = limits.timeout.filter(|limit| *limit <= longest);
            *request.timeout_mut() = timeout;
            let deadline = timeout.map(|limit| self.now() + limit.saturating_sub(PRECISION));
            let received = self.client.execute(request).await.map_err(error)?;
            let (status, mut headers) = (received.status(), received.headers().clone());
            if headers.remove(CONTENT_ENCODING).is_some() {
                // It is the length before decoding by `fetch`.
                headers.remove(CONTENT_LENGTH);
            }
            let pieces: Pieces = Box::pin(received.bytes_stream());
            let mut response = http::Response::new(Body::stream(Received {
                pieces: SendWrapper::new(pieces),
                deadline,
                start: self.start,
            }));
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        }))
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        Some(Box::pin(SendWrapper::new(async move {
            let mut left = time.as_nanos().div_ceil(1_000_000);
            while left > 0 {
                let part = u32::try_from(left)
                    .unwrap_or(LONGEST_TIMER)
                    .min(LONGEST_TIMER);
                TimeoutFuture::new(part).await;
                left -= u128::from(part);
            }
        })))
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn date(&self) -> Option<std::time::SystemTime> {
        Some(web_time::SystemTime::now().to_std())
    }
}

type Pieces = Pin<Box<dyn Stream<Item = ::reqwest::Result<bytes::Bytes>>>>;

/// The body of a response, with classified errors.
struct Received {
    pieces: SendWrapper<Pieces>,
    /// The end of the request's timer, which cancels the body without an error of its own.
    deadline: Option<Duration>,
    start: web_time::Instant,
}

impl http_body::Body for Received {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, TransportError>>> {
        let polled = self.pieces.as_mut().poll_next(context);
        polled.map_ok(http_body::Frame::data).map_err(|source| {
            let now = self.start.elapsed();
            match self.deadline.is_some_and(|deadline| now >= deadline) {
                true => TransportError::timeout(source.without_url()),
                false => error(source),
            }
        })
    }
}

/// Omits the URL: it can contain a credential.
fn error(error: ::reqwest::Error) -> TransportError {
    let error = error.without_url();
    match error.is_timeout() {
        true => TransportError::timeout(error),
        false => TransportError::other(error),
    }
}
