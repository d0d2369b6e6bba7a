//! A response with a body that is read in pieces.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, StatusCode};
use http_body::Body as _;

use super::body::Body;
use super::body_excerpt::Hidden;
use super::client::Client;
use super::endpoint::Endpoint;
use super::error::{Error, NoFailure};
use super::exchange::Exchange;
use super::operation::{Call, Operation, Request, encode, receive};
use super::options::Options;
use super::request::Parts;
use super::response::Reply;
use super::sequence::{Lines, RawEvents};
use super::stream_error::StreamError;
use super::transport::{Sleeping, Transport, TransportError};
use super::unread_response::Incoming;

/// A response with a body in pieces, or one that is read whole.
pub(super) enum Opened {
    Pieces(Pieces),
    Whole(Reply),
}

impl<O: Operation> Request<'_, O> {
    /// Sends the request and returns the head of a success. The body is not read yet, and the
    /// timeout of the call ends with the head.
    ///
    /// # Errors
    ///
    /// See [`Error`]. A failure is read whole, and is the same error as for `.await`.
    pub async fn in_pieces(self) -> Result<Pieces, Error<O::Failure>> {
        match open(&self, O::ACCEPT, &[], |_| true).await? {
            Opened::Pieces(pieces) => Ok(pieces),
            Opened::Whole(reply) => {
                // For example, a documented redirect.
                let response = receive::<O>(Ok(reply))?;
                let transport = Arc::clone(&self.client.shared.transport);
                Ok(Pieces::whole(response.reply(), O::ENDPOINT, transport))
            }
        }
    }
}

/// Sends the request with extra headers. A failure, or a success other than the expected one, is
/// read whole.
pub(super) async fn open<O: Operation>(
    request: &Request<'_, O>,
    accept: &'static str,
    headers: &[(http::HeaderName, &str)],
    is_expected: fn(&http::response::Parts) -> bool,
) -> Result<Opened, Error<O::Failure>> {
    let (call, parts, options) = write(request, accept, headers);
    let opening = request.client.open(call, parts, options, is_expected);
    opening.await.map_err(Error::widen)
}

/// Writes the request with extra headers.
pub(super) fn write<O: Operation>(
    request: &Request<'_, O>,
    accept: &'static str,
    headers: &[(http::HeaderName, &str)],
) -> (Call, Parts, Options) {
    let mut call = Call::of::<O>();
    call.accept = accept;
    call.is_in_pieces = true;
    let options = request.options.as_deref();
    let (parts, options) = request.client.write(&call, options, &|parts| {
        encode(request, parts);
        for (name, value) in headers {
            // An input of the operation has precedence.
            if !parts.headers().contains_key(name) {
                parts.header_text(name.as_str(), value);
            }
        }
    });
    (call, parts, options)
}

/// Returns the error of a response that is not a success.
pub(super) fn failure<O: Operation>(reply: Reply) -> Error<O::Failure> {
    match receive::<O>(Ok(reply)) {
        Ok(response) => Error::Undocumented(Box::new(response.reply().clone())),
        Err(error) => error,
    }
}

impl Client {
    /// Sends a request; see [`open`].
    pub(super) async fn open(
        &self,
        call: Call,
        parts: Parts,
        options: Options,
        is_expected: fn(&http::response::Parts) -> bool,
    ) -> Result<Opened, Error<NoFailure>> {
        let idle_timeout = options.silence();
        let mut exchange = Exchange::new(&self.shared, call, parts, options)?;
        loop {
            let incoming = exchange.head().await?;
            if incoming.head.status.is_success() && is_expected(&incoming.head) {
                let transport = Arc::clone(&self.shared.transport);
                let pieces = Pieces::new(incoming, transport).idle_timeout(idle_timeout);
                return Ok(Opened::Pieces(pieces));
            }
            match exchange.whole(incoming).await {
                Ok(reply) => return Ok(Opened::Whole(reply)),
                Err(error) => exchange.retry(error).await?,
            }
        }
    }
}

/// The data for error messages on a body, and the secrets to hide.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) endpoint: Endpoint,
    pub(super) hidden: Arc<Hidden>,
}

/// The head of a response, and its body as it arrives.
///
/// Dropping it closes the connection. The size of the body is not limited: the caller reads it
/// piece by piece.
#[must_use = "the body is read by `bytes`, `lines` or `events`"]
pub struct Pieces {
    head: Reply,
    pub(super) origin: Origin,
    pub(super) feed: Feed,
}

impl Pieces {
    fn new(incoming: Incoming, transport: Arc<dyn Transport>) -> Self {
        let Incoming {
            endpoint,
            head,
            body,
            max_bytes: _,
            timeout: _,
            hidden,
            tried,
        } = incoming;
        let head = Reply::new(head.status, head.headers, Bytes::new());
        Self {
            head: head.with_context(endpoint.clone(), Arc::clone(&hidden), tried),
            origin: Origin { endpoint, hidden },
            feed: Feed::new(body, transport),
        }
    }

    /// Creates pieces from a response that was read whole.
    fn whole(reply: &Reply, endpoint: Endpoint, transport: Arc<dyn Transport>) -> Self {
        Self {
            head: reply.clone(),
            origin: Origin {
                endpoint,
                hidden: Arc::default(),
            },
            feed: Feed::new(Body::from(reply.bytes().clone()), transport),
        }
    }

    /// Sets the maximum time without new bytes. The default is 60 s, or the value in the options of
    /// the call. `None` means no limit. A transport without a timer does not apply it, and a
    /// blocking one applies only [`Options::idle_timeout`].
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.feed.idle_timeout = limit.into();
        self
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status()
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.head.headers()
    }

    /// Returns the header `Content-Type`, if it is present and text.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.head.content_type()
    }

    /// Returns the header `Content-Length`, if it is present and a number.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        let length = self.headers().get(CONTENT_LENGTH)?;
        length.to_str().ok()?.parse().ok()
    }

    /// Returns the server's id of the request: see [`Reply::request_id`].
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// Returns the number of requests sent, without redirects.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.head.attempts()
    }

    /// Reads the body as it arrives.
    pub fn bytes(self) -> Chunks {
        Chunks {
            endpoint: self.origin.endpoint,
            feed: self.feed,
        }
    }

    /// Reads the body line by line, or text by text for a JSON text sequence
    /// (`application/json-seq`).
    pub fn lines(self) -> Lines {
        Lines::new(self)
    }

    /// Reads the body as server-sent events, whatever its media type.
    pub fn events(self) -> RawEvents {
        RawEvents::new(self)
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pieces")
            .field("endpoint", &self.origin.endpoint)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

/// The bytes of a body, as they arrive.
pub struct Chunks {
    endpoint: Endpoint,
    feed: Feed,
}

impl Chunks {
    /// Returns the next bytes, never empty; `None` at the end and after an error.
    pub async fn next(&mut self) -> Option<Result<Bytes, StreamError>> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    #[cfg(feature = "blocking")]
    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(super) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, StreamError>>> {
        let polled = self.feed.poll_piece(context);
        polled.map_err(|broken| StreamError::broken(&self.endpoint, broken))
    }
}

#[cfg(feature = "stream")]
impl futures_core::Stream for Chunks {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_chunk(context)
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// A body with an idle timeout.
pub(super) struct Feed {
    /// `None` after the end or an error: the connection is then closed.
    body: Option<Body>,
    transport: Arc<dyn Transport>,
    pub(super) idle_timeout: Option<Duration>,
    /// The timer of the current silence.
    timer: Option<Sleeping<'static>>,
}

/// The reason why the body has no more pieces.
pub(super) enum Broken {
    Transport(TransportError),
    Silent(Duration),
}

impl Feed {
    fn new(body: Body, transport: Arc<dyn Transport>) -> Self {
        Self {
            body: Some(body),
            transport,
            idle_timeout: None,
            timer: None,
        }
    }

    /// Continues with the body of another connection, with the same limit.
    pub(super) fn continue_with(&mut self, other: Self) {
        *self = Self {
            idle_timeout: self.idle_timeout,
            ..other
        };
    }

    /// Closes the connection.
    pub(super) fn close(&mut self) {
        self.body = None;
        self.timer = None;
    }

    /// Waits for the next piece; `None` at the end.
    pub(super) fn poll_piece(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Broken>>> {
        while let Some(body) = &mut self.body {
            let Poll::Ready(frame) = Pin::new(body).poll_frame(context) else {
                return self.poll_silence(context);
            };
            self.timer = None;
            match frame {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) if !bytes.is_empty() => return Poll::Ready(Some(Ok(bytes))),
                    // No data, or trailers.
                    _ => {}
                },
                Some(Err(error)) => {
                    self.close();
                    // The transport has no other limit for a body in pieces.
                    let limit = self.idle_timeout.filter(|_| error.is_timeout());
                    let broken = limit.map_or(Broken::Transport(error), Broken::Silent);
                    return Poll::Ready(Some(Err(broken)));
                }
                None => self.close(),
            }
        }
        Poll::Ready(None)
    }

    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        let Some(limit) = self.idle_timeout else {
            return Poll::Pending;
        };
        if self.transport.sleep(Duration::ZERO).is_none() {
            return Poll::Pending;
        }
        let timer = self.timer.get_or_insert_with(|| {
            let transport = Arc::clone(&self.transport);
            Box::pin(async move {
                if let Some(sleeping) = transport.sleep(limit) {
                    sleeping.await;
                }
            })
        });
        match timer.as_mut().poll(context) {
            Poll::Ready(()) => {
                self.close();
                Poll::Ready(Some(Err(Broken::Silent(limit))))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
