//! The default transport: reqwest, with TLS by rustls. For browsers, see `reqwest_wasm`.

#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use super::body::Body;
use super::transport::{BoxError, Limits, Sending, Sleeping, Transport, TransportError};

/// Sends requests with a [`reqwest::Client`].
#[derive(Clone, Debug)]
pub struct Reqwest {
    client: ::reqwest::Client,
}

impl Reqwest {
    /// Creates a client with the connect timeout of `limits`.
    ///
    /// # Errors
    ///
    /// Returns an error if TLS cannot be set up.
    pub fn new(limits: Limits) -> Result<Self, BoxError> {
        let mut builder = ::reqwest::Client::builder()
            // `Client` follows redirects and retries itself.
            .redirect(::reqwest::redirect::Policy::none())
            .retry(::reqwest::retry::never())
            .referer(false);
        if let Some(timeout) = limits.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        Ok(Self {
            client: builder.build()?,
        })
    }

    /// Uses your own client, for example with a proxy, a certificate or a resolver. It must not
    /// follow redirects (`redirect::Policy::none()`): they can send credentials and bodies to other
    /// hosts.
    #[must_use]
    pub fn with_client(client: ::reqwest::Client) -> Self {
        Self { client }
    }
}

impl Transport for Reqwest {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            let request = request.map(|body| match body.as_bytes() {
                Some(bytes) => ::reqwest::Body::from(bytes.clone()),
                None => ::reqwest::Body::wrap(body),
            });
            let mut request = ::reqwest::Request::try_from(request).map_err(error)?;
            *request.timeout_mut() = limits.timeout;
            let response = self.client.execute(request).await.map_err(error)?;
            let response = http::Response::from(response);
            Ok(response.map(|body| Body::stream(Received(body))))
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        // `sleep` panics outside of a runtime, so it is only called when the future is polled.
        Some(Box::pin(async move { tokio::time::sleep(time).await }))
    }
}

/// The body of a response, with classified errors.
struct Received(::reqwest::Body);

impl http_body::Body for Received {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, TransportError>>> {
        std::pin::Pin::new(&mut self.0)
            .poll_frame(cx)
            .map_err(error)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0.size_hint()
    }
}

/// Omits the URL: it can contain a credential.
fn error(error: ::reqwest::Error) -> TransportError {
    let error = error.without_url();
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportError::connect_timeout(error),
        (true, false) => TransportError::connect(error),
        (false, true) => TransportError::timeout(error),
        (false, false) => TransportError::other(error),
    }
}
