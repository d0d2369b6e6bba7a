//! A blocking transport: ureq, with TLS by rustls.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ::ureq::{Agent, Error, SendBody, Timeout};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::Body;
use super::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// The size of each piece of a response, in bytes.
const PIECE: usize = 16 << 10;

/// Sends requests with a [`ureq::Agent`], for [`Request::call`].
///
/// Its futures do all of their work when they are first polled, and block the thread until it is
/// done. So a call needs no asynchronous runtime.
///
/// If the body of a response is read in pieces, the timeout of the call applies separately to
/// connecting, sending, and waiting for the head. The body can be silent for
/// [`Options::idle_timeout`], or for the timeout of the call if that is longer.
///
/// [`Options::idle_timeout`]: super::options::Options::idle_timeout
/// [`ureq::Agent`]: ::ureq::Agent
/// [`Request::call`]: super::operation::Request::call
#[derive(Clone, Debug)]
pub struct Ureq {
    agent: Agent,
}

impl Ureq {
    /// Creates an agent that trusts Mozilla's certificates, and uses the proxy of the environment.
    #[must_use]
    pub fn new() -> Self {
        Self::with_agent(Agent::new_with_defaults())
    }

    /// Uses your own agent, for example with a proxy, a certificate or a resolver. Its redirects
    /// and timeouts are not used: the client has its own.
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
            // `Client` handles these, and sends no header of ureq.
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .timeout_connect(shorter(limits.connect_timeout, limits.head_timeout))
            .timeout_global(limits.timeout)
            // ureq has no limit for everything before the body, so each part has it.
            .timeout_resolve(limits.head_timeout)
            .timeout_send_request(limits.head_timeout)
            .timeout_send_body(limits.head_timeout)
            .timeout_recv_response(limits.head_timeout)
            .timeout_per_read(silence(limits))
            .build();
        self.agent.run(request)
    }
}

/// Returns the shorter of two limits.
fn shorter(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    [one, other].into_iter().flatten().min()
}

/// Returns the limit for silence. It includes the wait for the head, so it is at least that limit.
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

/// The body of a request, which has to be ready when it is read.
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

/// The body of a response, read when it is polled.
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

/// Classifies an error. Only errors that certainly occur before the request is sent are connection
/// errors.
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
        // It can contain the URL, and a credential in it.
        Error::BadUri(_) => TransportError::other("ureq does not accept the URL"),
        error => TransportError::other(error),
    }
}
