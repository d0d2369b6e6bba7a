//! The default transport in a browser: reqwest, which calls `fetch`.
//!
//! `fetch` sets limits that no transport can lift:
//!
//! - It follows redirects itself, also to other servers, and takes the headers with it. So a response of
//!   class 3XX never arrives, even if the document describes it, and a header with an API key may be sent
//!   to another server.
//! - It sends neither the header `Cookie` nor `Content-Length`, and decodes bodies itself.
//! - It does not say whether there was a connection. So a call that is not safe to repeat is not repeated
//!   after an error of the network.

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

/// The longest time that `setTimeout` takes, in milliseconds: a longer one ends at once.
const LONGEST_TIMER: u32 = i32::MAX.unsigned_abs();

/// How much earlier a timer may end than the clock says.
const PRECISION: Duration = Duration::from_millis(2);

/// Sends requests with a [`reqwest::Client`] of the browser.
#[derive(Clone, Debug)]
pub struct Reqwest {
    // What JavaScript owns stays on its thread.
    client: SendWrapper<::reqwest::Client>,
    /// The start of the clock.
    start: web_time::Instant,
}

impl Reqwest {
    /// A client; `fetch` has no limit for connecting alone.
    ///
    /// # Errors
    ///
    /// If there is no `fetch`.
    pub fn new(_: Limits) -> Result<Self, BoxError> {
        Ok(Self::with_client(::reqwest::Client::builder().build()?))
    }

    /// A client of your own.
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
                // `fetch` refuses even an empty body of a GET.
                *request.body_mut() = None;
            }
            let longest = Duration::from_millis(LONGEST_TIMER.into());
            let timeout = limits.timeout.filter(|limit| *limit <= longest);
            *request.timeout_mut() = timeout;
            let deadline = timeout.map(|limit| self.now() + limit.saturating_sub(PRECISION));
            let received = self.client.execute(request).await.map_err(error)?;
            let (status, mut headers) = (received.status(), received.headers().clone());
            if headers.remove(CONTENT_ENCODING).is_some() {
                // It is the length of what `fetch` has decoded.
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

/// The body of a response, its errors classified.
struct Received {
    pieces: SendWrapper<Pieces>,
    /// When the timer of the request ends, which cancels the body without saying so.
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

/// Without the URL: it can hold a credential.
fn error(error: ::reqwest::Error) -> TransportError {
    let error = error.without_url();
    match error.is_timeout() {
        true => TransportError::timeout(error),
        false => TransportError::other(error),
    }
}
