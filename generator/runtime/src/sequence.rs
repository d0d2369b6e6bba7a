//! The events and the lines of a body.

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::events::{EventParser, RawEvent};
use super::lines::{Line, LineFault, LineParser};
use super::pieces::{Feed, Origin, Pieces};
use super::response::essence;

pub use super::stream_error::{Place, Raw, StreamError};

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
        if self.is_sequence {
            Place::text(self.last)
        } else {
            Place::line(self.last)
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
