//! Any [`tower_service::Service`] as a transport: a `hyper` client, a stack of `tower` layers, or a
//! server in the same process.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::Body;
use super::builder::ClientBuilder;
use super::transport::{BoxError, Limits, Sending, Sleeping, Transport, TransportError};

/// Sends requests with a service.
///
/// Timers belong to an asynchronous runtime, which this crate does not require: set one with
/// [`timer`](Self::timer). Without it nothing is retried, and the timeout of a call is only checked
/// between redirects. The service has to apply its own (for example `tower::timeout`).
#[derive(Clone)]
pub struct Tower<S> {
    service: S,
    timer: Option<Timer>,
}

type Timer = Arc<dyn Fn(Duration) -> Sleeping<'static> + Send + Sync>;

impl<S> Tower<S> {
    /// Creates a transport from a service. A clone of it sends each request.
    pub fn new(service: S) -> Self {
        Self {
            service,
            timer: None,
        }
    }

    /// Sets the timer, such as `|time| Box::pin(tokio::time::sleep(time))`.
    #[must_use]
    pub fn timer(
        mut self,
        timer: impl Fn(Duration) -> Sleeping<'static> + Send + Sync + 'static,
    ) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// Returns a future that starts to wait when it is first polled.
    fn start(&self, time: Duration) -> Option<Sleeping<'static>> {
        let timer = Arc::clone(self.timer.as_ref()?);
        Some(Box::pin(async move { timer(time).await }))
    }
}

impl<S: fmt::Debug> fmt::Debug for Tower<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tower")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl<S, B> Transport for Tower<S>
where
    S: tower_service::Service<http::Request<Body>, Response = http::Response<B>>
        + Clone
        + Send
        + Sync,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        let mut service = self.service.clone();
        let mut deadline = limits.timeout.and_then(|time| self.start(time));
        Box::pin(async move {
            let response = async {
                poll_fn(|cx| service.poll_ready(cx)).await?;
                service.call(request).await
            };
            let mut response = std::pin::pin!(response);
            let response = poll_fn(|cx| {
                if is_over(&mut deadline, cx) {
                    return Poll::Ready(Err(late()));
                }
                let response = response.as_mut().poll(cx);
                response.map_err(TransportError::from_source)
            });
            let response = response.await?;
            Ok(response.map(|body| {
                let body = Body::stream(body);
                match deadline {
                    Some(_) => Body::stream(Timed { body, deadline }),
                    None => body,
                }
            }))
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        self.start(time)
    }
}

fn is_over(deadline: &mut Option<Sleeping<'static>>, cx: &mut Context<'_>) -> bool {
    let over = deadline.as_mut().map(|deadline| deadline.as_mut().poll(cx));
    over.is_some_and(|over| over.is_ready())
}

fn late() -> TransportError {
    TransportError::timeout("the time for the exchange is over")
}

/// A body that ends with an error at the deadline.
struct Timed {
    body: Body,
    deadline: Option<Sleeping<'static>>,
}

impl HttpBody for Timed {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<bytes::Bytes>, TransportError>>> {
        if is_over(&mut self.deadline, cx) {
            // A finished future must not be polled again.
            self.deadline = None;
            return Poll::Ready(Some(Err(late())));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl ClientBuilder {
    /// Adds a layer around every attempt. The first of several layers sees a request first.
    ///
    /// A layer finds the [`Endpoint`], the [`OperationId`] and the [`Attempt`] in the extensions of
    /// a request. The timeout of the call includes it, if the transport has a timer.
    ///
    /// [`Endpoint`]: super::endpoint::Endpoint
    /// [`OperationId`]: super::endpoint::OperationId
    /// [`Attempt`]: super::endpoint::Attempt
    pub fn layer<L, S, B>(self, layer: L) -> Self
    where
        L: tower_layer::Layer<Innermost, Service = S> + Send + 'static,
        S: tower_service::Service<http::Request<Body>, Response = http::Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: HttpBody + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.wrap(move |transport| {
            let service = layer.layer(Innermost {
                transport: Arc::clone(&transport),
            });
            let mut tower = Tower::new(service);
            if transport.sleep(Duration::ZERO).is_some() {
                let transport = Arc::clone(&transport);
                tower = tower.timer(move |time| {
                    let transport = Arc::clone(&transport);
                    Box::pin(async move {
                        if let Some(sleeping) = transport.sleep(time) {
                            sleeping.await;
                        }
                    })
                });
            }
            Arc::new(Layered { tower, transport })
        })
    }
}

/// The transport as a service, inside the layers.
#[derive(Clone)]
pub struct Innermost {
    transport: Arc<dyn Transport>,
}

impl fmt::Debug for Innermost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Innermost").finish_non_exhaustive()
    }
}

impl tower_service::Service<http::Request<Body>> for Innermost {
    type Response = http::Response<Body>;
    type Error = TransportError;
    type Future = Sending<'static>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let transport = Arc::clone(&self.transport);
        let limits = request.extensions_mut().remove::<Limits>();
        Box::pin(async move { transport.send(request, limits.unwrap_or_default()).await })
    }
}

/// Layers around a transport, with the clock of the transport.
struct Layered<S> {
    tower: Tower<S>,
    transport: Arc<dyn Transport>,
}

impl<S> Transport for Layered<S>
where
    Tower<S>: Transport,
    S: Send + Sync,
{
    fn send(&self, mut request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        request.extensions_mut().insert(limits);
        self.tower.send(request, limits)
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        self.transport.sleep(time)
    }

    fn now(&self) -> Duration {
        self.transport.now()
    }

    fn date(&self) -> Option<SystemTime> {
        self.transport.date()
    }
}
