//! Any [`tower_service::Service`] as a transport: a `hyper` client, a stack of
//! `tower` layers, a server in the same process.

use super::body::Body;
use super::transport::{BoxError, Limits, Sending, Transport, TransportError};

/// Sends requests with a service.
///
/// The service keeps the times itself (`tower::timeout`, say): a timer comes
/// with a runtime, and this crate asks for none. The client still stops between
/// two redirects when the time is over, and limits the size of a response.
#[derive(Clone, Debug)]
pub struct Tower<S>(S);

impl<S> Tower<S> {
    /// A transport over a service; each request is sent by a clone of it.
    pub fn new(service: S) -> Self {
        Self(service)
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
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(&self, request: http::Request<Body>, _limits: Limits) -> Sending<'_> {
        let mut service = self.0.clone();
        Box::pin(async move {
            std::future::poll_fn(|cx| service.poll_ready(cx))
                .await
                .map_err(TransportError::from_source)?;
            let response = service
                .call(request)
                .await
                .map_err(TransportError::from_source)?;
            Ok(response.map(Body::stream))
        })
    }
}
