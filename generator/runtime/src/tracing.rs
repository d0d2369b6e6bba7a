//! Spans of the crate `tracing`, one for each request, with the names of OpenTelemetry's semantic
//! conventions for HTTP clients.
//!
//! A span has no body. It has the names of the headers, and only the values listed here.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use ::tracing::Span;
use ::tracing::field::Empty;
use bytes::Bytes;
use http::{HeaderMap, Uri};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::Body;
use super::body_excerpt::Hidden;
use super::endpoint::{Attempt, Endpoint};
use super::observer::word;
use super::redact::{self, REDACTED, hides};
use super::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// The maximum length of a header value in a span, in bytes.
const LONGEST_VALUE: usize = 200;

/// Puts a span around each request.
pub(super) fn traced(transport: Arc<dyn Transport>) -> Arc<dyn Transport> {
    Arc::new(Traced(transport))
}

/// Logs that a call is repeated after a delay.
pub(super) fn retry(endpoint: &Endpoint, attempt: Attempt, cause: &str, delay: Duration) {
    ::tracing::debug!(
        "http.request.method" = endpoint.method().as_str(),
        "url.template" = endpoint.path(),
        attempt = attempt.0,
        cause,
        delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
        "the call is repeated"
    );
}

struct Traced(Arc<dyn Transport>);

impl Transport for Traced {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            // It stays in the request for a tape.
            let hidden = request.extensions().get::<Arc<Hidden>>().cloned();
            let hidden = hidden.unwrap_or_default();
            let span = span(&request, &hidden);
            let mut sending = span.in_scope(|| self.0.send(request, limits));
            let sent = std::future::poll_fn(|cx| span.in_scope(|| sending.as_mut().poll(cx))).await;
            match sent {
                Ok(response) => {
                    answered(&span, &response, &hidden);
                    Ok(response.map(|body| Body::stream(Spanned { body, span })))
                }
                Err(error) => {
                    failed(&span, word(&error));
                    Err(error)
                }
            }
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        self.0.sleep(time)
    }

    fn now(&self) -> Duration {
        self.0.now()
    }

    fn date(&self) -> Option<SystemTime> {
        self.0.date()
    }
}

/// Creates the span of a request. A disabled span computes nothing.
fn span(request: &http::Request<Body>, hidden: &Hidden) -> Span {
    let extensions = request.extensions();
    let template = extensions.get::<Endpoint>().map_or("", Endpoint::path);
    let (method, uri) = (request.method().as_str(), request.uri());
    let span = ::tracing::info_span!(
        "http_request",
        "otel.name" = %format_args!("{method} {template}"),
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "http.request.method" = method,
        "http.request.resend_count" = Empty,
        "http.request.headers" = %names(request.headers()),
        "http.request.header.content-type" = Empty,
        "http.request.header.content-length" = Empty,
        "http.response.status_code" = Empty,
        "http.response.header.content-type" = Empty,
        "http.response.header.content-length" = Empty,
        "http.response.header.retry-after" = Empty,
        "http.response.header.x-request-id" = Empty,
        "http.response.header.date" = Empty,
        "server.address" = uri.host().unwrap_or_default(),
        "server.port" = port(uri),
        "url.full" = %url(uri, hidden),
        "url.template" = template,
        "error.type" = Empty,
    );
    if !span.is_disabled() {
        if let Some(Attempt(attempt @ 2..)) = extensions.get() {
            span.record("http.request.resend_count", attempt - 1);
        }
        let fields = [
            ("content-type", "http.request.header.content-type"),
            ("content-length", "http.request.header.content-length"),
        ];
        headers(&span, request.headers(), &fields, hidden);
    }
    span
}

fn answered(span: &Span, response: &http::Response<Body>, hidden: &Hidden) {
    if span.is_disabled() {
        return;
    }
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    let fields = [
        ("content-type", "http.response.header.content-type"),
        ("content-length", "http.response.header.content-length"),
        ("retry-after", "http.response.header.retry-after"),
        ("x-request-id", "http.response.header.x-request-id"),
        ("date", "http.response.header.date"),
    ];
    headers(span, response.headers(), &fields, hidden);
    if status.as_u16() >= 400 {
        failed(span, status.as_str());
    }
}

fn failed(span: &Span, error: &str) {
    span.record("error.type", error);
    span.record("otel.status_code", "ERROR");
}

/// Records the value of each of these headers in its field.
fn headers(span: &Span, headers: &HeaderMap, fields: &[(&str, &str)], hidden: &Hidden) {
    for (name, field) in fields {
        if let Some(Ok(value)) = headers.get(*name).map(|value| value.to_str()) {
            let is_shown = value.len() <= LONGEST_VALUE && !hides(hidden, value);
            span.record(*field, if is_shown { value } else { REDACTED });
        }
    }
}

fn names(headers: &HeaderMap) -> String {
    let names: Vec<&str> = headers.keys().map(|name| name.as_str()).collect();
    names.join(", ")
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(match uri.scheme_str() {
        Some("http") => 80,
        _ => 443,
    })
}

/// Returns the URL without a user name, and without secrets in its path and query.
fn url(uri: &Uri, hidden: &Hidden) -> String {
    let scheme = uri.scheme_str().unwrap_or_default();
    let mut url = format!("{scheme}://{}", uri.host().unwrap_or_default());
    if let Some(port) = uri.port_u16() {
        url.push_str(&format!(":{port}"));
    }
    url.push_str(&redact::path(uri.path(), hidden));
    if let Some(query) = uri.query() {
        url.push('?');
        url.push_str(&redact::query(query, hidden));
    }
    url
}

/// The body of a response, read inside the span.
struct Spanned {
    body: Body,
    span: Span,
}

impl HttpBody for Spanned {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let Self { body, span } = self.get_mut();
        let frame = span.in_scope(|| Pin::new(body).poll_frame(cx));
        let frame = ready!(frame);
        if let Some(Err(error)) = &frame {
            failed(span, word(error));
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
