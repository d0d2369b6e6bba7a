//! The default transport in a browser: reqwest, which calls `fetch`.
//!
//! `fetch` sets limits that no transport can lift: it follows redirects itself, sends neither the header
//! `Cookie` nor `Content-Length`, and does not say whether a connection was there. There is no timer, so
//! nothing is retried.

#![cfg(target_family = "wasm")]

use send_wrapper::SendWrapper;

use super::body::Body;
use super::transport::{BoxError, Limits, Sending, Transport, TransportError};

/// Sends requests with a [`reqwest::Client`] of the browser.
#[derive(Clone, Debug)]
pub struct Reqwest {
    // What JavaScript owns stays on its thread.
    client: SendWrapper<::reqwest::Client>,
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
            *request.timeout_mut() = limits.timeout;
            let response = self.client.execute(request).await.map_err(error)?;
            let (status, headers) = (response.status(), response.headers().clone());
            let announced = response.content_length().unwrap_or_default();
            // The client refuses a body by its announced length before it reads it.
            let body = match announced > limits.max_response_bytes {
                true => Body::default(),
                false => Body::from(response.bytes().await.map_err(error)?),
            };
            let mut response = http::Response::new(body);
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        }))
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
