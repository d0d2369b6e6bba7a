//! Operations that return items one by one: events, lines of JSON, or a JSON text sequence.

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

#[cfg(feature = "blocking")]
use super::endpoint::Endpoint;
use super::error::{DecodeError, Error};
use super::events::RawEvent;
use super::json;
use super::lines::Line;
use super::operation::{Operation, Request};
use super::pieces::{Opened, Origin, Pieces, failure, open, write};
use super::reconnect::{Reconnect, Reconnection, another_media_type};
use super::response::media_type_matches;
use super::sequence::{Form, Lines, RawEvents};
use super::stream_error::{Place, Raw, StreamError};

/// The default text that ends a stream of JSON.
const DONE: &[u8] = b"[DONE]";

/// An operation that returns items one by one.
pub trait Streamed: Operation {
    /// The form of the items.
    const STREAMING: Streaming;
    /// The type of an item.
    type Item;

    /// Sets the input that selects the stream, if any.
    fn select(&mut self) {}

    /// Reads an item.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not match the document.
    fn item(raw: Raw) -> Result<Self::Item, Unread>;
}

/// An item that cannot be read, and the reason.
pub type Unread = Box<(Raw, DecodeError)>;

/// Reads an item.
type Read<T> = fn(Raw) -> Result<T, Unread>;

/// The form of the items of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Streaming {
    media_type: &'static str,
    is_json: bool,
    terminator: Option<&'static str>,
}

impl Streaming {
    /// JSON items in a body of this media type.
    #[must_use]
    pub const fn json(media_type: &'static str) -> Self {
        Self {
            media_type,
            is_json: true,
            terminator: None,
        }
    }

    /// Items that the document does not describe.
    #[must_use]
    pub const fn raw(media_type: &'static str) -> Self {
        Self {
            is_json: false,
            ..Self::json(media_type)
        }
    }

    /// Sets the text that ends the stream. A body without it is cut off.
    #[must_use]
    pub const fn until(self, terminator: &'static str) -> Self {
        Self {
            terminator: Some(terminator),
            ..self
        }
    }

    fn is_end(&self, item: &[u8]) -> bool {
        match self.terminator {
            Some(terminator) => item == terminator.as_bytes(),
            None => self.is_json && item == DONE,
        }
    }
}

impl<O: Streamed> Request<'_, O> {
    /// Sends the request for a stream, and returns its items as they arrive. The timeout of the
    /// call ends with the head of the response.
    ///
    /// # Errors
    ///
    /// See [`Error`]. A success of another media type is [`Error::Decode`].
    pub async fn stream(mut self) -> Result<Events<O::Item>, Error<O::Failure>> {
        self.operation.select();
        let media_type = O::STREAMING.media_type;
        let opened = open(&self, media_type, &[], is_expected::<O>).await?;
        self::opened::<O>(opened)
    }

    /// Sends the request for a stream that reconnects: see [`Reconnect`].
    ///
    /// # Errors
    ///
    /// Returns the errors of [`stream`](Self::stream). Also returns [`Error::Encode`], without
    /// sending anything, if the operation is not a GET of server-sent events, or the transport has
    /// no timer.
    pub async fn stream_with(
        mut self,
        reconnect: Reconnect,
    ) -> Result<Events<O::Item>, Error<O::Failure>> {
        let media_type = O::STREAMING.media_type;
        let is_events = Form::new(media_type) == Some(Form::Events);
        Reconnect::check(&O::ENDPOINT, is_events).map_err(Error::Encode)?;
        self.operation.select();
        let (call, parts, options) = write(&self, media_type, &[]);
        let again = (call.clone(), parts.clone(), options.clone());
        let again = Reconnection::new(reconnect, self.client, again, is_expected::<O>);
        let again = again.map_err(Error::Encode)?;
        let opening = self.client.open(call, parts, options, is_expected::<O>);
        let mut events = opened::<O>(opening.await.map_err(Error::widen)?)?;
        // This status has no events.
        if events.status != StatusCode::NO_CONTENT {
            events.reconnection = Some(Box::new(again));
        }
        Ok(events)
    }
}

/// Returns the items of a successful response.
fn opened<O: Streamed>(opened: Opened) -> Result<Events<O::Item>, Error<O::Failure>> {
    match opened {
        Opened::Pieces(pieces) => Ok(Events::new(pieces, O::STREAMING, O::item)),
        Opened::Whole(reply) if reply.status().is_success() => {
            Err(another_media_type(reply, O::STREAMING.media_type))
        }
        Opened::Whole(reply) => Err(failure::<O>(reply)),
    }
}

/// Returns `true` if a response is the stream of an operation.
fn is_expected<O: Streamed>(head: &http::response::Parts) -> bool {
    let content_type = head.headers.get(http::header::CONTENT_TYPE);
    let content_type = content_type.and_then(|one| one.to_str().ok());
    // A response without a media type can be anything.
    content_type.is_none_or(|actual| is_alike(O::STREAMING.media_type, actual))
}

/// Returns `true` if two media types have the same form: lines of JSON have many names.
fn is_alike(documented: &str, actual: &str) -> bool {
    let form = Form::new(documented);
    form.is_some() && form == Form::new(actual) || media_type_matches(documented, actual)
}

/// The items of a stream, in order.
///
/// Dropping it closes the connection. Only [`stream_with`](Request::stream_with) reconnects.
pub struct Events<T> {
    status: StatusCode,
    headers: HeaderMap,
    source: Source,
    streaming: Streaming,
    read: Read<T>,
    is_over: bool,
    reconnection: Option<Box<Reconnection>>,
}

enum Source {
    Events(RawEvents),
    Lines(Lines),
}

impl Source {
    fn poll_raw(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Raw, StreamError>>> {
        match self {
            Self::Events(events) => events.poll_event(context).map_ok(Raw::Event),
            Self::Lines(lines) => lines.poll_line(context).map_ok(Raw::Line),
        }
    }

    fn origin(&self) -> &Origin {
        match self {
            Self::Events(events) => &events.origin,
            Self::Lines(lines) => &lines.origin,
        }
    }

    fn place(&self) -> Place {
        match self {
            Self::Events(events) => events.place(),
            Self::Lines(lines) => lines.place(),
        }
    }

    fn close(&mut self) {
        match self {
            Self::Events(events) => events.close(),
            Self::Lines(lines) => lines.close(),
        }
    }
}

impl<T> Events<T> {
    fn new(pieces: Pieces, streaming: Streaming, read: Read<T>) -> Self {
        Self {
            status: pieces.status(),
            headers: pieces.headers().clone(),
            source: match Form::new(streaming.media_type) {
                Some(Form::Events) => Source::Events(pieces.events()),
                _ => Source::Lines(pieces.lines()),
            },
            streaming,
            read,
            is_over: false,
            reconnection: None,
        }
    }

    /// Sets the maximum time without new bytes: see [`Pieces::idle_timeout`]. Comments reset the
    /// time.
    #[must_use]
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        match &mut self.source {
            Source::Events(events) => events.set_idle_timeout(limit.into()),
            Source::Lines(lines) => lines.set_idle_timeout(limit.into()),
        }
        self
    }

    /// Sets the maximum size of an item in bytes, by default 4 MiB.
    #[must_use]
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.source = match self.source {
            Source::Events(events) => Source::Events(events.max_bytes(max_bytes)),
            Source::Lines(lines) => Source::Lines(lines.max_bytes(max_bytes)),
        };
        self
    }

    /// Returns the next item; `None` at the end and after an error.
    pub async fn next(&mut self) -> Option<Result<T, StreamError>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the `id` of the last event that had one, or an empty text.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        match &self.source {
            Source::Events(events) => events.last_event_id(),
            Source::Lines(_) => "",
        }
    }

    /// Returns the delay that the server requests before the next connection (`retry`).
    #[must_use]
    pub fn retry(&self) -> Option<Duration> {
        match &self.source {
            Source::Events(events) => events.retry(),
            Source::Lines(_) => None,
        }
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, StreamError>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let next = loop {
            if let (Some(again), Source::Events(events)) =
                (&mut self.reconnection, &mut self.source)
            {
                match ready!(again.poll(events, context)) {
                    Ok(true) => {}
                    Ok(false) => break None,
                    Err(error) => break Some(Err(error)),
                }
            }
            let end = match ready!(self.source.poll_raw(context)) {
                Some(Ok(raw)) if self.streaming.is_end(raw.bytes()) => break None,
                Some(Ok(raw)) => match self.item(raw) {
                    Ok(item) => return Poll::Ready(Some(Ok(item))),
                    Err(error) => break Some(Err(error)),
                },
                Some(Err(error)) if !error.is_end_of_connection() => break Some(Err(error)),
                Some(Err(error)) => Some(error),
                None => self.cut_off(),
            };
            match self.reconnect() {
                Ok(true) => {}
                Ok(false) => break end.map(Err),
                Err(error) => break Some(Err(error)),
            }
        };
        self.is_over = true;
        self.source.close();
        self.reconnection = None;
        Poll::Ready(next)
    }

    /// Starts to reconnect. Returns `false` if the stream cannot continue.
    fn reconnect(&mut self) -> Result<bool, StreamError> {
        match (&mut self.reconnection, &self.source) {
            (Some(again), Source::Events(events)) => again.begin(events),
            _ => Ok(false),
        }
    }

    fn item(&mut self, raw: Raw) -> Result<T, StreamError> {
        if let Some(reconnection) = &mut self.reconnection {
            reconnection.progress();
        }
        (self.read)(raw).map_err(|unread| {
            let (raw, source) = *unread;
            self.unread(raw, source)
        })
    }

    /// Returns an error if the body ends without its required terminator.
    fn cut_off(&self) -> Option<StreamError> {
        let message = match (self.streaming.terminator, &self.reconnection) {
            (Some(_), _) => "the stream is cut off: its terminator did not arrive",
            (None, Some(_)) => "each connection ends without an event",
            (None, None) => return None,
        };
        Some(StreamError::CutOff {
            endpoint: self.source.origin().endpoint.clone(),
            place: None,
            message,
        })
    }

    fn unread(&self, raw: Raw, source: DecodeError) -> StreamError {
        StreamError::of_item(self.source.origin(), self.source.place(), raw, source)
    }

    #[cfg(feature = "blocking")]
    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.source.origin().endpoint
    }
}

#[cfg(feature = "stream")]
impl<T> futures_core::Stream for Events<T> {
    type Item = Result<T, StreamError>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("status", &self.status)
            .field("streaming", &self.streaming)
            .field("place", &self.source.place())
            .finish_non_exhaustive()
    }
}

/// Reads the data of an event, or a line, as JSON.
pub fn json<T: DeserializeOwned>(raw: Raw) -> Result<T, Unread> {
    raw.json().map_err(|error| Box::new((raw, error)))
}

/// Reads an event as an object with its fields (OpenAPI 3.2, section "Working with Sequential Media
/// Types"). `data` is JSON.
pub fn event<T: DeserializeOwned>(raw: Raw) -> Result<T, Unread> {
    object(raw, |data| {
        let value: Result<&RawValue, _> = serde_json::from_str(data);
        match value {
            Ok(_) => Ok(data.to_owned()),
            Err(error) => Err(DecodeError::new(".data", error.to_string())),
        }
    })
}

/// Reads an event as an object with its fields. `data` is text.
pub fn text_event<T: DeserializeOwned>(raw: Raw) -> Result<T, Unread> {
    object(raw, |data| Ok(quoted(data)))
}

/// Reads an event as an object with its fields. `data` is JSON or text.
pub fn any_event<T: DeserializeOwned>(raw: Raw) -> Result<T, Unread> {
    // A quoted text is kept as it is, if the type allows text.
    let (first, second): (Read<T>, Read<T>) = if raw.bytes().starts_with(b"\"") {
        (text_event, event)
    } else {
        (event, text_event)
    };
    first(raw).or_else(|unread| {
        let (raw, error) = *unread;
        second(raw).map_err(|unread| Box::new((unread.0, error)))
    })
}

/// Returns an event unchanged.
pub fn raw_event(raw: Raw) -> Result<RawEvent, Unread> {
    match raw {
        Raw::Event(event) => Ok(event),
        Raw::Line(_) => Err(wrong_form(raw)),
    }
}

/// Returns a line unchanged.
pub fn raw_line(raw: Raw) -> Result<Line, Unread> {
    match raw {
        Raw::Line(line) => Ok(line),
        Raw::Event(_) => Err(wrong_form(raw)),
    }
}

/// Returns the error of an item that the form of the stream excludes.
fn wrong_form(raw: Raw) -> Unread {
    Box::new((raw, DecodeError::new("", "the item has another form")))
}

fn object<T: DeserializeOwned>(
    raw: Raw,
    data: impl Fn(&str) -> Result<String, DecodeError>,
) -> Result<T, Unread> {
    let Raw::Event(event) = &raw else {
        return json(raw);
    };
    let read = data(event.data()).and_then(|data| {
        let mut text = format!("{{\"data\":{data}");
        let texts = [("event", event.own_event()), ("id", event.id())];
        for (name, value) in texts {
            if let Some(value) = value {
                text.push_str(&format!(",\"{name}\":{}", quoted(value)));
            }
        }
        if let Some(retry) = event.retry() {
            text.push_str(&format!(",\"retry\":{retry}"));
        }
        text.push('}');
        json::read(text.as_bytes())
    });
    read.map_err(|error| Box::new((raw, error)))
}

/// Returns a text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Implements `Streamed` for an operation.
#[allow(unused_macros, reason = "a tag may have no operation with a stream")]
macro_rules! streamed {
    (
        $operation:ident: $streaming:expr, $read:ident $item:ty
        $(, select($($input:tt)+))? $(,)?
    ) => {
        impl $crate::runtime::streamed::Streamed for $operation {
            const STREAMING: $crate::runtime::streamed::Streaming = $streaming;
            type Item = $item;

            $(
                fn select(&mut self) {
                    self.$($input)+;
                }
            )?

            fn item(
                raw: $crate::runtime::stream_error::Raw,
            ) -> ::core::result::Result<$item, $crate::runtime::streamed::Unread> {
                $crate::runtime::streamed::$read(raw)
            }
        }
    };
}

#[allow(unused_imports, reason = "used by the operations that have a stream")]
pub(crate) use streamed;
