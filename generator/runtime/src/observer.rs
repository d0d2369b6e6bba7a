//! Information about each request that was sent, for metrics.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::Body;
use super::builder::ClientBuilder;
use super::endpoint::{Attempt, Endpoint, OperationId};
use super::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// Receives each request that was sent, to count and measure requests.
///
/// Functions implement it: `.observer(|attempted: &Attempted| ..)`. It is called at the end of the
/// response, so it must return quickly.
pub trait Observer: Send + Sync {
    /// Records a request: its response was read, failed to arrive, or is no longer needed.
    fn attempt(&self, attempted: &Attempted);
}

impl<F: Fn(&Attempted) + Send + Sync> Observer for F {
    fn attempt(&self, attempted: &Attempted) {
        self(attempted);
    }
}

/// A request that was sent. A followed redirect is another request of the same attempt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempted {
    /// The method and the path template.
    pub endpoint: Endpoint,
    /// The name of the operation; `None` for an endpoint that is not in the document.
    pub operation: Option<OperationId>,
    /// The number of the attempt.
    pub attempt: Attempt,
    /// The status, if there was a response.
    pub status: Option<StatusCode>,
    /// The reason for an incomplete response: one of [`ERROR_WORDS`]. No status is an error here.
    pub error: Option<&'static str>,
    /// The time until the head of the response.
    pub time_to_head: Option<Duration>,
    /// The time until the end of the response, or until the error.
    pub time: Duration,
    /// The size of the request body; `None` if its length is not known in advance.
    pub request_bytes: Option<u64>,
    /// The number of bytes read from the response body.
    pub response_bytes: u64,
}

/// The values of [`Attempted::error`]: no connection, connection timeout, response timeout, any
/// other error of the transport, a call dropped before the head of the response, and a response
/// that was not read to its end, such as that before a retry.
pub const ERROR_WORDS: [&str; 6] = [
    "connect",
    "connect_timeout",
    "timeout",
    "transport",
    "canceled",
    "unread",
];

/// Returns the word for a transport error.
pub(crate) fn word(error: &TransportError) -> &'static str {
    match (error.is_connect(), error.is_timeout()) {
        (true, false) => "connect",
        (true, true) => "connect_timeout",
        (false, true) => "timeout",
        (false, false) => "transport",
    }
}

impl ClientBuilder {
    /// Adds an observer of each request. All observers are called.
    pub fn observer(self, observer: impl Observer + 'static) -> Self {
        let observer = Arc::new(observer);
        self.wrap(move |transport| {
            Arc::new(Observed {
                transport,
                observer,
            })
        })
    }
}

/// A transport with an observer.
struct Observed {
    transport: Arc<dyn Transport>,
    observer: Arc<dyn Observer>,
}

impl Transport for Observed {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            let mut watch = self.watch(&request);
            match self.transport.send(request, limits).await {
                Ok(response) => {
                    watch.attempted.status = Some(response.status());
                    watch.attempted.time_to_head = Some(watch.elapsed());
                    Ok(response.map(|body| Body::stream(Watched { body, watch })))
                }
                Err(error) => {
                    watch.end(Some(word(&error)));
                    Err(error)
                }
            }
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        self.transport.sleep(time)
    }

    fn now(&self) -> Duration {
        self.transport.now()
    }

    fn date(&self) -> Option<std::time::SystemTime> {
        self.transport.date()
    }
}

impl Observed {
    fn watch(&self, request: &http::Request<Body>) -> Watch {
        let extensions = request.extensions();
        let endpoint = extensions.get::<Endpoint>().cloned();
        Watch {
            transport: Arc::clone(&self.transport),
            observer: Arc::clone(&self.observer),
            start: self.transport.now(),
            is_over: false,
            attempted: Attempted {
                endpoint: endpoint.unwrap_or_else(|| Endpoint::new(request.method().clone(), "")),
                operation: extensions.get().copied(),
                attempt: extensions.get().copied().unwrap_or(Attempt(1)),
                status: None,
                error: None,
                time_to_head: None,
                time: Duration::ZERO,
                request_bytes: request.body().size_hint().exact(),
                response_bytes: 0,
            },
        }
    }
}

/// A request in progress. Dropping it before its end counts as canceled.
struct Watch {
    transport: Arc<dyn Transport>,
    observer: Arc<dyn Observer>,
    start: Duration,
    is_over: bool,
    attempted: Attempted,
}

impl Watch {
    fn elapsed(&self) -> Duration {
        self.transport.now().saturating_sub(self.start)
    }

    fn end(&mut self, error: Option<&'static str>) {
        if !std::mem::replace(&mut self.is_over, true) {
            self.attempted.error = error;
            self.attempted.time = self.elapsed();
            self.observer.attempt(&self.attempted);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let has_head = self.attempted.status.is_some();
        self.end(Some(if has_head { "unread" } else { "canceled" }));
    }
}

/// A response body that counts its bytes.
struct Watched {
    body: Body,
    watch: Watch,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.body.is_end_stream() {
            self.watch.end(None);
        }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                self.watch.attempted.response_bytes += length as u64;
            }
            Some(Err(error)) => self.watch.end(Some(word(error))),
            None => self.watch.end(None),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed").finish_non_exhaustive()
    }
}
