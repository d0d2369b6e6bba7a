//! Streams of events that continue after the connection ends.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use http::{Method, StatusCode};

use super::builder::NO_TIMER;
use super::client::Client;
use super::endpoint::Endpoint;
use super::error::{DecodeError, EncodeError, Error, NoFailure};
use super::operation::Call;
use super::options::Options;
use super::pieces::Opened;
use super::request::Parts;
use super::response::Reply;
use super::sequence::RawEvents;
use super::stream_error::StreamError;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The rules by which a stream of server-sent events continues after its connection ends. Used by
/// [`Request::stream_with`](super::operation::Request::stream_with).
///
/// It sends the same request again, with the `id` of the last event in the header `Last-Event-ID`
/// (WHATWG HTML, section 9.2.3 "Processing model"), if
///
/// - the connection breaks off, or the server is silent for too long;
/// - the body ends without the text that ends the stream, such as `[DONE]`.
///
/// The stream ends when the server answers with the status 204. Any other response that is not a
/// stream of events, and an event that cannot be read, end it with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Reconnect {
    max_attempts: u32,
    delay: Duration,
    max_server_delay: Duration,
}

impl Reconnect {
    /// Reconnects with `Last-Event-ID`: up to 5 times without an event in between, each 3 s after
    /// the connection ends.
    pub fn last_event_id() -> Self {
        Self {
            max_attempts: 5,
            delay: Duration::from_secs(3),
            max_server_delay: Duration::from_secs(60),
        }
    }

    /// Sets the number of attempts before an event arrives. Each event resets the count. An attempt
    /// includes the retries of the call.
    pub fn max_attempts(mut self, count: u32) -> Self {
        self.max_attempts = count;
        self
    }

    /// Sets the delay before each attempt, unless the server sets another one with `retry`.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets the longest delay that the server can request with `retry`, by default 60 s. If it
    /// requests more, the stream ends with an error when its connection ends.
    pub fn max_server_delay(mut self, delay: Duration) -> Self {
        self.max_server_delay = delay;
        self
    }

    /// Checks that an operation can reconnect.
    pub(super) fn check(endpoint: &Endpoint, is_events: bool) -> Result<(), EncodeError> {
        let message = if *endpoint.method() != Method::GET {
            "only a GET can reconnect: any other request could have its effect twice"
        } else if !is_events {
            "only server-sent events can reconnect: lines and texts have no id"
        } else {
            return Ok(());
        };
        Err(EncodeError::new("the request", message))
    }
}

/// The request of a stream, kept to send it again.
pub(super) struct Reconnection {
    reconnect: Reconnect,
    client: Client,
    call: Call,
    parts: Parts,
    options: Options,
    is_expected: fn(&http::response::Parts) -> bool,
    /// The number of attempts since the last event.
    attempts: u32,
    current: Option<Opening>,
}

type Opening = Pin<Box<dyn Future<Output = Result<Opened, Error<NoFailure>>> + Send>>;

impl Reconnection {
    /// # Errors
    ///
    /// Returns an error if the transport has no timer.
    pub(super) fn new(
        reconnect: Reconnect,
        client: &Client,
        (call, parts, options): (Call, Parts, Options),
        is_expected: fn(&http::response::Parts) -> bool,
    ) -> Result<Self, EncodeError> {
        if !client.shared.has_timer() {
            return Err(EncodeError::new("the request", NO_TIMER));
        }
        Ok(Self {
            reconnect,
            client: client.clone(),
            call,
            parts,
            options,
            is_expected,
            attempts: 0,
            current: None,
        })
    }

    /// Resets the number of attempts after an event.
    pub(super) fn progress(&mut self) {
        self.attempts = 0;
    }

    /// Starts an attempt after a connection ends. Returns `false` if the limit is reached.
    ///
    /// # Errors
    ///
    /// Returns an error if the id cannot be sent, or the server requests too long a delay.
    pub(super) fn begin(&mut self, events: &RawEvents) -> Result<bool, StreamError> {
        if let Some(id) = events.own_last_event_id() {
            // The id of an event replaces the caller's.
            self.options.headers.remove(LAST_EVENT_ID);
            self.parts.headers.remove(LAST_EVENT_ID);
            if !id.is_empty() {
                let value = HeaderValue::from_bytes(id.as_bytes()).map_err(|_| {
                    let message =
                        "the id of the last event has a character that is not allowed in a header";
                    let place = "the header `Last-Event-ID`";
                    self.failed(Error::Encode(EncodeError::new(place, message)))
                })?;
                self.parts.headers.insert(LAST_EVENT_ID, value);
            }
        }
        if let Some(delay) = events.retry() {
            if delay > self.reconnect.max_server_delay {
                return Err(StreamError::CutOff {
                    endpoint: self.call.endpoint.clone(),
                    place: None,
                    message: "the connection ended, and the server asks for a longer wait (`retry`) \
                              than `max_server_delay`",
                });
            }
            self.reconnect.delay = delay;
        }
        Ok(self.attempt())
    }

    /// Starts an attempt. Returns `false` if the limit is reached.
    fn attempt(&mut self) -> bool {
        if self.attempts >= self.reconnect.max_attempts {
            return false;
        }
        self.attempts += 1;
        let (client, call) = (self.client.clone(), self.call.clone());
        let (parts, options) = (self.parts.clone(), self.options.clone());
        let (delay, is_expected) = (self.reconnect.delay, self.is_expected);
        self.current = Some(Box::pin(async move {
            if let Some(sleeping) = client.shared.transport.sleep(delay) {
                sleeping.await;
            }
            client.open(call, parts, options, is_expected).await
        }));
        true
    }

    /// Waits for the current attempt, if any. Returns `false` if the server ends the stream.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream cannot continue.
    pub(super) fn poll(
        &mut self,
        events: &mut RawEvents,
        context: &mut Context<'_>,
    ) -> Poll<Result<bool, StreamError>> {
        while let Some(current) = &mut self.current {
            let opened = ready!(current.as_mut().poll(context));
            self.current = None;
            match opened {
                Ok(Opened::Pieces(pieces)) if pieces.status() == StatusCode::NO_CONTENT => {
                    return Poll::Ready(Ok(false));
                }
                Ok(Opened::Pieces(pieces)) => events.continue_with(pieces),
                Ok(Opened::Whole(reply)) => return Poll::Ready(Err(self.refused(reply))),
                Err(Error::Transport { .. } | Error::Timeout { .. }) if self.attempt() => {}
                Err(error) => return Poll::Ready(Err(self.failed(error))),
            }
        }
        Poll::Ready(Ok(true))
    }

    /// Returns the error of a response that is not a stream of events.
    fn refused(&self, reply: Reply) -> StreamError {
        self.failed(if reply.status().is_success() {
            another_media_type(reply, self.call.accept)
        } else {
            Error::Undocumented(Box::new(reply))
        })
    }

    fn failed(&self, source: Error<NoFailure>) -> StreamError {
        StreamError::Reconnect {
            endpoint: self.call.endpoint.clone(),
            source: Box::new(source),
        }
    }
}

/// Returns the error of a success with an undocumented media type.
pub(super) fn another_media_type<F>(reply: Reply, media_type: &str) -> Error<F> {
    let content_type = reply.content_type().unwrap_or_default().escape_debug();
    let message = format!("the body is `{content_type}`, and not `{media_type}`");
    Error::Decode {
        reply: Box::new(reply),
        source: Box::new(DecodeError::new("", message)),
    }
}
