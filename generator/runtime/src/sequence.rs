//! The events and the lines of a body, and the errors of reading them.

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::body_excerpt::excerpt;
use super::endpoint::Endpoint;
use super::error::{DecodeError, Error, NoFailure};
use super::events::{EventParser, RawEvent};
use super::lines::{Line, LineFault, LineParser};
use super::pieces::{Broken, Feed, Origin, Pieces};
use super::response::essence;
use super::transport::TransportError;

/// The default limit for the size of an event or a line.
const MAX_BYTES: usize = 4 << 20;

/// The three forms of a sequence.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Events,
    Lines,
    Texts,
}

impl Form {
    pub(super) fn new(media_type: &str) -> Option<Self> {
        let essence = essence(media_type);
        match essence.as_str() {
            "text/event-stream" => Some(Self::Events),
            "application/json-seq" => Some(Self::Texts),
            "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/ndjson"
            | "application/x-ndjson"
            | "application/stream+json"
            | "application/x-json-stream" => Some(Self::Lines),
            _ if essence.ends_with("+json-seq") => Some(Self::Texts),
            _ => None,
        }
    }
}

/// An event or a line as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// A server-sent event.
    Event(RawEvent),
    /// A line, or a text of a JSON text sequence.
    Line(Line),
}

impl Raw {
    /// Returns the data of the event, or the line.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Event(event) => event.data().as_bytes(),
            Self::Line(line) => line.bytes(),
        }
    }

    /// Reads the data of the event, or the line, as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not JSON, or does not match the type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        match self {
            Self::Event(event) => event.json(),
            Self::Line(line) => line.json(),
        }
    }

    /// Returns `true` if the server reports an error with it.
    pub(super) fn is_error(&self) -> bool {
        if matches!(self, Self::Event(event) if event.event() == "error") {
            return true;
        }
        let members = serde_json::from_slice::<std::collections::BTreeMap<String, IgnoredAny>>;
        members(self.bytes()).is_ok_and(|members| members.contains_key("error"))
    }
}

/// The server-sent events of a body, as received.
pub struct RawEvents {
    pub(super) origin: Origin,
    feed: Feed,
    parser: EventParser,
    /// The number of events.
    count: u64,
    max_bytes: usize,
}

impl RawEvents {
    pub(super) fn new(pieces: Pieces) -> Self {
        Self {
            origin: pieces.origin,
            feed: pieces.feed,
            parser: EventParser::new(MAX_BYTES),
            count: 0,
            max_bytes: MAX_BYTES,
        }
    }

    /// Sets the maximum size of an event in bytes, by default 4 MiB.
    #[must_use]
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.parser.set_max_bytes(max_bytes);
        self.max_bytes = max_bytes;
        self
    }

    /// Returns the next event; `None` at the end and after an error.
    pub async fn next(&mut self) -> Option<Result<RawEvent, StreamError>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// Returns the `id` of the last event that had one, or an empty text.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.parser.last_event_id().unwrap_or_default()
    }

    /// Like [`last_event_id`](Self::last_event_id), but returns `None` if no event had an `id`.
    pub(super) fn own_last_event_id(&self) -> Option<&str> {
        self.parser.last_event_id()
    }

    /// Returns the delay that the server requests before the next connection (`retry`).
    #[must_use]
    pub fn retry(&self) -> Option<Duration> {
        self.parser.reconnection_time().map(Duration::from_millis)
    }

    pub(super) fn set_idle_timeout(&mut self, limit: Option<Duration>) {
        self.feed.idle_timeout = limit;
    }

    /// Closes the connection.
    pub(super) fn close(&mut self) {
        self.feed.close();
        self.parser.restart();
    }

    /// Continues with the body of another connection.
    pub(super) fn continue_with(&mut self, pieces: Pieces) {
        self.origin = pieces.origin;
        self.feed.continue_with(pieces.feed);
        self.parser.restart();
    }

    pub(super) fn poll_event(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<RawEvent, StreamError>>> {
        loop {
            match self.parser.next() {
                Ok(Some(event)) => {
                    self.count += 1;
                    return Poll::Ready(Some(Ok(event)));
                }
                Ok(None) => {}
                Err(_) => {
                    let error = StreamError::TooLarge {
                        endpoint: self.origin.endpoint.clone(),
                        place: Place::event(self.count + 1),
                        limit: self.max_bytes,
                    };
                    self.close();
                    return Poll::Ready(Some(Err(error)));
                }
            }
            match ready!(self.feed.poll_piece(context)) {
                Some(Ok(piece)) => self.parser.push(piece),
                Some(Err(broken)) => {
                    let error = StreamError::broken(&self.origin.endpoint, broken);
                    return Poll::Ready(Some(Err(error)));
                }
                None => return Poll::Ready(None),
            }
        }
    }

    /// Returns the place of the last event.
    pub(super) fn place(&self) -> Place {
        Place::event(self.count)
    }
}

/// The lines of a body, or the texts of a JSON text sequence (RFC 7464). Blank lines are skipped.
pub struct Lines {
    pub(super) origin: Origin,
    feed: Feed,
    parser: LineParser,
    is_sequence: bool,
    is_at_end: bool,
    last: u64,
    max_bytes: usize,
}

impl Lines {
    pub(super) fn new(pieces: Pieces) -> Self {
        let form = pieces.content_type().and_then(Form::new);
        let is_sequence = form == Some(Form::Texts);
        Self {
            origin: pieces.origin,
            feed: pieces.feed,
            parser: if is_sequence {
                LineParser::sequence(MAX_BYTES)
            } else {
                LineParser::lines(MAX_BYTES)
            },
            is_sequence,
            is_at_end: false,
            last: 0,
            max_bytes: MAX_BYTES,
        }
    }

    /// Sets the maximum size of a line in bytes, by default 4 MiB.
    #[must_use]
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.parser.set_max_bytes(max_bytes);
        self.max_bytes = max_bytes;
        self
    }

    /// Returns the next line; `None` at the end and after an error.
    pub async fn next(&mut self) -> Option<Result<Line, StreamError>> {
        poll_fn(|context| self.poll_line(context)).await
    }

    pub(super) fn set_idle_timeout(&mut self, limit: Option<Duration>) {
        self.feed.idle_timeout = limit;
    }

    /// Closes the connection.
    pub(super) fn close(&mut self) {
        self.feed.close();
        self.is_at_end = true;
    }

    pub(super) fn poll_line(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Line, StreamError>>> {
        while !self.is_at_end {
            match self.parser.next() {
                Ok(Some(line)) => return Poll::Ready(Some(Ok(self.found(line)))),
                Ok(None) => {}
                Err(fault) => return Poll::Ready(Some(Err(self.fault(fault)))),
            }
            match ready!(self.feed.poll_piece(context)) {
                Some(Ok(piece)) => self.parser.push(piece),
                Some(Err(broken)) => {
                    self.is_at_end = true;
                    let error = StreamError::broken(&self.origin.endpoint, broken);
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.is_at_end = true;
                    return Poll::Ready(match self.parser.end() {
                        Ok(line) => line.map(|line| Ok(self.found(line))),
                        Err(fault) => Some(Err(self.fault(fault))),
                    });
                }
            }
        }
        Poll::Ready(None)
    }

    fn found(&mut self, line: Line) -> Line {
        self.last = line.number();
        line
    }

    fn fault(&mut self, fault: LineFault) -> StreamError {
        self.last = self.parser.current();
        let (endpoint, place) = (self.origin.endpoint.clone(), self.place());
        self.close();
        let message = match fault {
            LineFault::TooLong => {
                return StreamError::TooLarge {
                    endpoint,
                    place,
                    limit: self.max_bytes,
                };
            }
            LineFault::Truncated => "the text is incomplete",
            LineFault::NoSeparator => "the text does not begin with the character RS",
        };
        StreamError::CutOff {
            endpoint,
            place: Some(place),
            message,
        }
    }

    /// Returns the place of the last line.
    pub(super) fn place(&self) -> Place {
        Place {
            unit: if self.is_sequence { "text" } else { "line" },
            number: self.last,
        }
    }
}

#[cfg(feature = "stream")]
impl futures_core::Stream for RawEvents {
    type Item = Result<RawEvent, StreamError>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_event(context)
    }
}

#[cfg(feature = "stream")]
impl futures_core::Stream for Lines {
    type Item = Result<Line, StreamError>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_line(context)
    }
}

impl fmt::Debug for RawEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawEvents")
            .field("endpoint", &self.origin.endpoint)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("endpoint", &self.origin.endpoint)
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

/// The place of an item in a stream: `event 3`, `line 5`, `text 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    unit: &'static str,
    number: u64,
}

impl Place {
    fn event(number: u64) -> Self {
        Self {
            unit: "event",
            number,
        }
    }

    /// Returns the number of the event, the line or the text, starting at 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.unit, self.number)
    }
}

/// The error of a stream, which ends with it.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError {
    /// The server reports an error: an event `error`, or an object with a member `error`, that is
    /// not a documented item.
    Event {
        /// The operation.
        endpoint: Endpoint,
        /// The place of the item.
        place: Place,
        /// The item as received.
        raw: Box<Raw>,
        /// The start of its data, without secrets.
        excerpt: Option<String>,
    },
    /// An item does not match the document.
    Decode {
        /// The operation.
        endpoint: Endpoint,
        /// The place of the item.
        place: Place,
        /// The item as received.
        raw: Box<Raw>,
        /// The error, with its place in the item.
        source: Box<DecodeError>,
    },
    /// An item is larger than the limit.
    TooLarge {
        /// The operation.
        endpoint: Endpoint,
        /// The place of the item.
        place: Place,
        /// The limit in bytes.
        limit: usize,
    },
    /// The body ends before the stream does, or inside an item.
    CutOff {
        /// The operation.
        endpoint: Endpoint,
        /// The place of the item, or `None` for the end.
        place: Option<Place>,
        /// The part that is missing.
        message: &'static str,
    },
    /// No bytes arrived within the limit.
    Timeout {
        /// The operation.
        endpoint: Endpoint,
        /// The limit.
        limit: Duration,
    },
    /// The connection failed.
    Transport {
        /// The operation.
        endpoint: Endpoint,
        /// The error of the transport.
        source: TransportError,
    },
    /// The connection ends, and the stream cannot continue: see
    /// [`Reconnect`](super::reconnect::Reconnect).
    Reconnect {
        /// The operation.
        endpoint: Endpoint,
        /// The reason why reconnecting failed. A response with a failure is
        /// [`Error::Undocumented`], even if it is documented.
        source: Box<Error<NoFailure>>,
    },
}

impl StreamError {
    pub(super) fn broken(endpoint: &Endpoint, broken: Broken) -> Self {
        let endpoint = endpoint.clone();
        match broken {
            Broken::Transport(source) => Self::Transport { endpoint, source },
            Broken::Silent(limit) => Self::Timeout { endpoint, limit },
        }
    }

    /// Creates the error of an item that cannot be read.
    pub(super) fn of_item(origin: &Origin, place: Place, raw: Raw, source: DecodeError) -> Self {
        let endpoint = origin.endpoint.clone();
        if raw.is_error() {
            let excerpt = excerpt(None, raw.bytes(), &origin.hidden);
            let raw = Box::new(raw);
            return Self::Event {
                endpoint,
                place,
                raw,
                excerpt,
            };
        }
        Self::Decode {
            endpoint,
            place,
            raw: Box::new(raw),
            source: Box::new(source),
        }
    }

    /// Returns the operation.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        match self {
            Self::Event { endpoint, .. }
            | Self::Decode { endpoint, .. }
            | Self::TooLarge { endpoint, .. }
            | Self::CutOff { endpoint, .. }
            | Self::Timeout { endpoint, .. }
            | Self::Transport { endpoint, .. }
            | Self::Reconnect { endpoint, .. } => endpoint,
        }
    }

    /// Returns the event or the line that is an error, or cannot be read.
    #[must_use]
    pub fn raw(&self) -> Option<&Raw> {
        match self {
            Self::Event { raw, .. } | Self::Decode { raw, .. } => Some(raw),
            _ => None,
        }
    }

    /// Returns `true` if another connection can continue the stream.
    pub(super) fn is_end_of_connection(&self) -> bool {
        matches!(self, Self::Timeout { .. } | Self::Transport { .. })
    }

    /// Returns `true` if no bytes arrived within the limit.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout { .. } => true,
            Self::Transport { source, .. } => source.is_timeout(),
            Self::Reconnect { source, .. } => source.is_timeout(),
            _ => false,
        }
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Reconnect { source, .. } = self {
            // Both start with the endpoint.
            return match source.as_ref() {
                Error::Undocumented(reply) => write!(f, "cannot reconnect: {reply}"),
                source => write!(f, "cannot reconnect: {source}"),
            };
        }
        write!(f, "{}: ", self.endpoint())?;
        match self {
            Self::Event { place, excerpt, .. } => {
                write!(f, "{place} is an error of the server")?;
                match excerpt {
                    Some(excerpt) => write!(f, ": {excerpt}"),
                    None => Ok(()),
                }
            }
            Self::Decode { place, source, .. } => write!(f, "{place}: {source}"),
            Self::TooLarge { place, limit, .. } => {
                write!(f, "{place} has more than {limit} bytes")
            }
            Self::CutOff { place, message, .. } => match place {
                Some(place) => write!(f, "{place}: {message}"),
                None => f.write_str(message),
            },
            Self::Timeout { limit, .. } => write!(f, "nothing arrived for {limit:?}"),
            Self::Transport { source, .. } => source.fmt(f),
            Self::Reconnect { source, .. } => source.fmt(f),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // It is already in the message.
            Self::Transport { source, .. } => std::error::Error::source(source),
            Self::Reconnect { source, .. } => std::error::Error::source(source.as_ref()),
            _ => None,
        }
    }
}
