//! The errors of streams, and the event or the line that causes them.

use std::fmt;
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::body_excerpt::excerpt;
use super::endpoint::Endpoint;
use super::error::{DecodeError, Error, NoFailure};
use super::events::RawEvent;
use super::lines::Line;
use super::pieces::{Broken, Origin};
use super::transport::TransportError;

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

/// The place of an item in a stream: `event 3`, `line 5`, `text 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    unit: &'static str,
    number: u64,
}

impl Place {
    pub(super) fn event(number: u64) -> Self {
        Self {
            unit: "event",
            number,
        }
    }

    pub(super) fn line(number: u64) -> Self {
        Self {
            unit: "line",
            number,
        }
    }

    /// Returns the place of a text of a JSON text sequence.
    pub(super) fn text(number: u64) -> Self {
        Self {
            unit: "text",
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
