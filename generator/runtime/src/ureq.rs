//! A transport that blocks the thread: ureq, with TLS by rustls.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ::ureq::{Agent, Error, SendBody, Timeout};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::Body;
use super::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// The size of a piece of a response, in bytes.
const PIECE: usize = 16 << 10;

/// Sends requests with a [`ureq::Agent`], for [`Request::call`].
///
/// Its futures do not wait: they do all of their work where they are polled first, and block the thread
/// until it is done. So a call needs no asynchronous runtime.
///
/// If the body of a response is read in pieces, the time of the call limits each of connecting, sending,
/// and waiting for the head; and the body may be silent for [`Options::idle_timeout`], or for the time
/// of the call if that is longer.
///
/// [`Options::idle_timeout`]: super::options::Options::idle_timeout
/// [`ureq::Agent`]: ::ureq::Agent
/// [`Request::call`]: super::operation::Request::call
#[derive(Clone, Debug)]
pub struct Ureq {
    agent: Agent,
}

impl Ureq {
    /// An agent that trusts the certificates of Mozilla, and takes a proxy from the environment.
    #[must_use]
    pub fn new() -> Self {
        Self::with_agent(Agent::new_with_defaults())
    }

    /// An agent of your own: with a proxy, a certificate, a resolver. Its redirects and its time
    /// limits are not used: the client has its own.
    #[must_use]
    pub fn with_agent(agent: Agent) -> Self {
        Self { agent }
    }

    fn run(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        let (head, body) = request.into_parts();
        let response = match body.as_bytes() {
            Some(bytes) if bytes.is_empty() => self.send_body(head, (), limits),
            Some(bytes) => self.send_body(head, bytes.as_ref(), limits),
            None => {
                let mut head = head;
                if let Some(length) = body.size_hint().exact() {
                    head.headers
                        .insert(http::header::CONTENT_LENGTH, length.into());
                }
                let reader = SendBody::from_owned_reader(Outgoing {
                    body,
                    piece: Bytes::new(),
                });
                self.send_body(head, reader, limits)
            }
        };
        let response = response.map_err(error)?;
        Ok(response.map(|body| {
            let length = body.content_length();
            let reader = body.into_reader();
            Body::stream(Received { reader, length })
        }))
    }

    fn send_body(
        &self,
        head: http::request::Parts,
        body: impl ::ureq::AsSendBody,
        limits: Limits,
    ) -> Result<http::Response<::ureq::Body>, Error> {
        let request = http::Request::from_parts(head, body);
        let request = self
            .agent
            .configure_request(request)
            // `Client` decides on these, and adds no header on its own.
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .timeout_connect(shorter(limits.connect_timeout, limits.head_timeout))
            .timeout_global(limits.timeout)
            // There is no limit for all that comes before the body, so each part has it.
            .timeout_resolve(limits.head_timeout)
            .timeout_send_request(limits.head_timeout)
            .timeout_send_body(limits.head_timeout)
            .timeout_recv_response(limits.head_timeout)
            .timeout_per_read(silence(limits))
            .build();
        self.agent.run(request)
    }
}

/// The shorter one of two limits.
fn shorter(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    [one, other].into_iter().flatten().min()
}

/// How long the server may be silent. The wait for the head counts, so it is at least the time for that.
fn silence(limits: Limits) -> Option<Duration> {
    let (head, idle) = (limits.head_timeout?, limits.idle_timeout?);
    Some(head.max(idle))
}

impl Default for Ureq {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Ureq {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move { self.run(request, limits) })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        Some(Box::pin(async move { std::thread::sleep(time) }))
    }
}

/// The body of a request, which has to be ready wherever it is read.
struct Outgoing {
    body: Body,
    piece: Bytes,
}

impl Read for Outgoing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            let mut context = Context::from_waker(Waker::noop());
            match Pin::new(&mut self.body).poll_frame(&mut context) {
                Poll::Ready(None) => return Ok(0),
                Poll::Ready(Some(frame)) => {
                    let frame = frame.map_err(io::Error::other)?;
                    self.piece = frame.into_data().unwrap_or_default();
                }
                Poll::Pending => {
                    return Err(io::Error::other("the body of the request is not ready"));
                }
            }
        }
        let length = buffer.len().min(self.piece.len());
        let piece = self.piece.split_to(length);
        if let Some(buffer) = buffer.get_mut(..length) {
            buffer.copy_from_slice(&piece);
        }
        Ok(length)
    }
}

/// The body of a response, read where it is polled.
struct Received {
    reader: ::ureq::BodyReader<'static>,
    length: Option<u64>,
}

impl HttpBody for Received {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let mut piece = vec![0; PIECE];
        Poll::Ready(match self.reader.read(&mut piece) {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                self.length = self.length.map(|left| left.saturating_sub(length as u64));
                Some(Ok(Frame::data(piece.into())))
            }
            Err(source) => Some(Err(error(source.into()))),
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Only what is known to happen before the request is sent is an error of connecting.
fn error(error: Error) -> TransportError {
    let is_refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            TransportError::connect_timeout(error)
        }
        Error::Timeout(_) => TransportError::timeout(error),
        Error::HostNotFound | Error::ConnectionFailed | Error::ConnectProxyFailed(_) => {
            TransportError::connect(error)
        }
        Error::Io(source) if is_refused(&source) => TransportError::connect(source),
        // It can name the URL, which can hold a credential.
        Error::BadUri(_) => TransportError::other("the URL is none that ureq takes"),
        error => TransportError::other(error),
    }
}
