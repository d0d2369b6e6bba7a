//! Server-sent events (WHATWG HTML, section 9.2.6 "Interpreting an event stream").

use std::fmt;

use bytes::{Buf, Bytes};
use serde::de::DeserializeOwned;

use super::error::DecodeError;
use super::json;

/// The byte order mark, which is not part of the text.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The allowance of a line above the limit: for its field name, a colon, a space and the BOM.
const LINE_ROOM: usize = 16;

/// A server-sent event as received.
#[derive(Clone, PartialEq, Eq)]
pub struct RawEvent {
    event: Option<String>,
    data: String,
    id: Option<String>,
    retry: Option<u64>,
}

impl RawEvent {
    /// Returns the field `event`; `message` if the event does not have it.
    #[must_use]
    pub fn event(&self) -> &str {
        self.own_event().unwrap_or("message")
    }

    /// Returns the field `event`, if the event has it.
    pub(crate) fn own_event(&self) -> Option<&str> {
        self.event.as_deref()
    }

    /// Returns the fields `data`, joined by line feeds.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Returns the field `id`, if the event has it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the field `retry` in milliseconds, if the event has it.
    #[must_use]
    pub fn retry(&self) -> Option<u64> {
        self.retry
    }

    /// Decodes the data as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not JSON, or does not match the type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        json::read(self.data.as_bytes())
    }
}

/// Omits the data: it is part of a body.
impl fmt::Debug for RawEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawEvent")
            .field("event", &self.event())
            .field("data", &format_args!("[{} bytes]", self.data.len()))
            .field("id", &self.id)
            .field("retry", &self.retry)
            .finish()
    }
}

/// An event or a line exceeds the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Returns the end of the first line.
fn line_end(bytes: &[u8]) -> Option<usize> {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    // Without an exit for each byte, the compiler can vectorize the loop.
    let (blocks, _) = bytes.as_chunks::<32>();
    let has_end = |block: &[u8; 32]| block.iter().fold(false, |found, byte| found | is_end(byte));
    let start = blocks.iter().take_while(|block| !has_end(block)).count() * 32;
    let end = bytes.get(start..)?.iter().position(is_end)?;
    Some(start + end)
}

/// Splits a body into events. The text is UTF-8; U+FFFD replaces invalid bytes.
pub(crate) struct EventParser {
    /// The bytes that are not parsed yet.
    piece: Bytes,
    /// The beginning of an incomplete line.
    line: Vec<u8>,
    /// True if the last line ended in a carriage return, which a line feed may follow.
    after_cr: bool,
    is_first_line: bool,
    event: String,
    data: Option<String>,
    id: Option<String>,
    retry: Option<u64>,
    last_event_id: Option<String>,
    reconnection_time: Option<u64>,
    max_bytes: usize,
}

impl EventParser {
    /// Creates a parser with a size limit for events, in bytes.
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self {
            piece: Bytes::new(),
            line: Vec::new(),
            after_cr: false,
            is_first_line: true,
            event: String::new(),
            data: None,
            id: None,
            retry: None,
            last_event_id: None,
            reconnection_time: None,
            max_bytes,
        }
    }

    pub(crate) fn set_max_bytes(&mut self, max_bytes: usize) {
        self.max_bytes = max_bytes;
    }

    /// Starts with the body of another connection. The last id and the reconnection time are kept.
    pub(crate) fn restart(&mut self) {
        *self = Self {
            last_event_id: self.last_event_id.take(),
            reconnection_time: self.reconnection_time,
            ..Self::new(self.max_bytes)
        };
    }

    /// Returns the `id` of the last event that had one.
    pub(crate) fn last_event_id(&self) -> Option<&str> {
        self.last_event_id.as_deref()
    }

    /// Returns the last `retry`, in milliseconds.
    pub(crate) fn reconnection_time(&self) -> Option<u64> {
        self.reconnection_time
    }

    /// Adds the next piece of the body, after [`next`](Self::next) has returned `None`.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.piece = piece;
    }

    /// Returns the next event; `None` if it needs another piece.
    ///
    /// An event without an empty line after it at the end of the body is dropped.
    pub(crate) fn next(&mut self) -> Result<Option<RawEvent>, TooLong> {
        let mut piece = std::mem::take(&mut self.piece);
        let mut rest: &[u8] = &piece;
        let mut found = Ok(None);
        while !rest.is_empty() {
            if std::mem::take(&mut self.after_cr) {
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            let Some(end) = line_end(rest) else {
                if self.is_too_long(rest) {
                    return Err(TooLong);
                }
                self.line.extend_from_slice(rest);
                rest = &[];
                break;
            };
            let (line, after) = rest.split_at(end);
            self.after_cr = after.starts_with(b"\r");
            rest = after.get(1..).unwrap_or_default();
            found = self.finish_line(line);
            if found != Ok(None) {
                break;
            }
        }
        let parsed = piece.len() - rest.len();
        piece.advance(parsed);
        self.piece = piece;
        found
    }

    /// Returns whether the line is too long with this end.
    fn is_too_long(&self, end: &[u8]) -> bool {
        self.line.len() + end.len() > self.max_bytes.saturating_add(LINE_ROOM)
    }

    /// Processes the end of a line, without its terminator.
    fn finish_line(&mut self, end: &[u8]) -> Result<Option<RawEvent>, TooLong> {
        if self.is_too_long(end) {
            return Err(TooLong);
        }
        if self.line.is_empty() {
            return self.line(end);
        }
        let mut line = std::mem::take(&mut self.line);
        line.extend_from_slice(end);
        let event = self.line(&line);
        // The memory of a very long line is not kept.
        if line.capacity() <= 1 << 16 {
            line.clear();
            self.line = line;
        }
        event
    }

    /// Processes a line.
    fn line(&mut self, mut line: &[u8]) -> Result<Option<RawEvent>, TooLong> {
        if std::mem::take(&mut self.is_first_line) {
            line = line.strip_prefix(BOM).unwrap_or(line);
        }
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            // A comment.
            Some(0) => return Ok(None),
            Some(colon) => {
                let (name, value) = line.split_at(colon);
                let value = value.get(1..).unwrap_or_default();
                (name, value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &[][..]),
        };
        self.field(name, value);
        let data = self.data.as_ref().map_or(0, String::len);
        let id = self.id.as_ref().map_or(0, String::len);
        if data + self.event.len() + id > self.max_bytes {
            return Err(TooLong);
        }
        Ok(None)
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"data" => {
                let value = String::from_utf8_lossy(value);
                match &mut self.data {
                    Some(data) => {
                        data.push('\n');
                        data.push_str(&value);
                    }
                    none => *none = Some(value.into_owned()),
                }
            }
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => {
                self.id = Some(String::from_utf8_lossy(value).into_owned());
            }
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                let digits = std::str::from_utf8(value).unwrap_or_default();
                // A number that is missing or out of range is ignored.
                if let Ok(retry) = digits.parse() {
                    self.retry = Some(retry);
                    self.reconnection_time = Some(retry);
                }
            }
            _ => {}
        }
    }

    /// Ends the event at an empty line; `None` without data.
    fn dispatch(&mut self) -> Option<RawEvent> {
        let event = std::mem::take(&mut self.event);
        let (id, retry) = (self.id.take(), self.retry.take());
        if id.is_some() {
            // It counts without data, too.
            self.last_event_id.clone_from(&id);
        }
        let data = self.data.take()?;
        Some(RawEvent {
            event: (!event.is_empty()).then_some(event),
            data,
            id,
            retry,
        })
    }
}
