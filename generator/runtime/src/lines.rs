//! Lines of JSON (NDJSON, JSON Lines), and JSON text sequences (RFC 7464).

use std::borrow::Cow;
use std::fmt;

use bytes::{Buf, Bytes};
use serde::de::DeserializeOwned;

use super::error::DecodeError;
use super::events::TooLong;
use super::json;

/// The byte that begins each text of a sequence.
const RS: u8 = 0x1E;

/// A line of a body, or a JSON text of a sequence.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    number: u64,
    bytes: Bytes,
}

impl Line {
    /// Returns the number of the line in the body, or of the JSON text in the sequence, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the bytes, without the line ending.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the text. U+FFFD replaces invalid UTF-8.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Decodes the line as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not JSON, or does not match the type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        json::read(&self.bytes)
    }
}

/// Omits the text: it is part of a body.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("number", &self.number)
            .field("bytes", &format_args!("[{} bytes]", self.bytes.len()))
            .finish()
    }
}

/// A fault in a body of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineFault {
    TooLong,
    /// A text of a sequence is incomplete.
    Truncated,
    /// A part of a sequence does not begin with RS.
    NoSeparator,
}

impl From<TooLong> for LineFault {
    fn from(_: TooLong) -> Self {
        Self::TooLong
    }
}

/// Splits a body into lines, or a sequence into its texts.
pub(crate) struct LineParser {
    /// The bytes that are not parsed yet.
    piece: Bytes,
    /// The beginning of an incomplete item.
    item: Vec<u8>,
    number: u64,
    /// The state of the current text of a sequence; `None` for lines.
    text: Option<Text>,
    max_bytes: usize,
}

/// The state within a JSON text.
#[derive(Clone, Copy, Debug, Default)]
struct Text {
    is_begun: bool,
    depth: usize,
    is_string: bool,
    is_escaped: bool,
}

impl LineParser {
    /// Makes a parser of lines with a size limit in bytes. Blank lines are skipped.
    pub(crate) fn lines(max_bytes: usize) -> Self {
        Self {
            piece: Bytes::new(),
            item: Vec::new(),
            number: 0,
            text: None,
            max_bytes,
        }
    }

    /// Makes a parser of a JSON text sequence.
    pub(crate) fn sequence(max_bytes: usize) -> Self {
        Self {
            text: Some(Text::default()),
            ..Self::lines(max_bytes)
        }
    }

    pub(crate) fn set_max_bytes(&mut self, max_bytes: usize) {
        self.max_bytes = max_bytes;
    }

    /// Returns the number of the current line or text.
    pub(crate) fn current(&self) -> u64 {
        match self.text {
            Some(_) if !self.item.is_empty() => self.number,
            _ => self.number + 1,
        }
    }

    /// Adds the next piece of the body, after [`next`](Self::next) has returned `None`.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.piece = piece;
    }

    /// Returns the next line or text; `None` if it needs another piece.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, LineFault> {
        match self.text {
            None => self.next_line(),
            Some(_) => self.next_text(),
        }
    }

    /// Returns the last line at the end of the body. Its line feed is optional.
    pub(crate) fn end(&mut self) -> Result<Option<Line>, LineFault> {
        match self.text {
            None => self.line(Bytes::new()),
            Some(_) if self.item.is_empty() => Ok(None),
            Some(text) => match self.item.last() {
                Some(b'}' | b']' | b'"') if text.is_closed() => Ok(self.take_text()),
                // A number is complete only before white space (RFC 7464, section 2.4).
                Some(b' ' | b'\t' | b'\r') if text.is_closed() => Ok(self.take_text()),
                _ => Err(LineFault::Truncated),
            },
        }
    }

    fn next_line(&mut self) -> Result<Option<Line>, LineFault> {
        loop {
            let end = self.piece.iter().position(|byte| *byte == b'\n');
            let length = self.item.len() + end.unwrap_or(self.piece.len());
            // The BOM and the carriage return do not count.
            if length > self.max_bytes.saturating_add(4) {
                return Err(LineFault::TooLong);
            }
            let Some(end) = end else {
                self.item.extend_from_slice(&self.piece);
                self.piece = Bytes::new();
                return Ok(None);
            };
            let line = self.piece.split_to(end);
            self.piece.advance(1);
            if let Some(line) = self.line(line)? {
                return Ok(Some(line));
            }
        }
    }

    /// Returns the line with this end, unless it is blank.
    fn line(&mut self, end: Bytes) -> Result<Option<Line>, LineFault> {
        let mut bytes = if self.item.is_empty() {
            end
        } else {
            self.item.extend_from_slice(&end);
            std::mem::take(&mut self.item).into()
        };
        if bytes.ends_with(b"\r") {
            bytes.truncate(bytes.len() - 1);
        }
        if self.number == 0 && bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.advance(3);
        }
        if bytes.len() > self.max_bytes {
            return Err(LineFault::TooLong);
        }
        self.number += 1;
        Ok((!bytes.trim_ascii().is_empty()).then_some(Line {
            number: self.number,
            bytes,
        }))
    }

    fn next_text(&mut self) -> Result<Option<Line>, LineFault> {
        let piece = std::mem::take(&mut self.piece);
        for (at, &byte) in piece.iter().enumerate() {
            let found = self.byte_of_text(byte)?;
            if found.is_some() {
                self.piece = piece.slice(at + 1..);
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn byte_of_text(&mut self, byte: u8) -> Result<Option<Line>, LineFault> {
        if byte == RS {
            let before = self.end()?;
            self.item.clear();
            self.text = Some(Text {
                is_begun: true,
                ..Text::default()
            });
            return Ok(before);
        }
        let is_empty = self.item.is_empty();
        let Some(text) = &mut self.text else {
            return Ok(None);
        };
        if is_empty && byte.is_ascii_whitespace() {
            return Ok(None);
        }
        if !text.is_begun {
            return Err(LineFault::NoSeparator);
        }
        text.take(byte);
        let is_complete = byte == b'\n' && text.is_closed();
        self.number += u64::from(is_empty);
        self.item.push(byte);
        // The line feed does not count.
        if self.item.len() > self.max_bytes.saturating_add(1) {
            return Err(LineFault::TooLong);
        }
        Ok(if is_complete { self.take_text() } else { None })
    }

    fn take_text(&mut self) -> Option<Line> {
        self.text = Some(Text::default());
        let bytes = std::mem::take(&mut self.item);
        Some(Line {
            number: self.number,
            bytes: Bytes::copy_from_slice(bytes.trim_ascii()),
        })
    }
}

impl Text {
    /// Returns whether all strings, objects and arrays are closed.
    fn is_closed(self) -> bool {
        self.depth == 0 && !self.is_string
    }

    fn take(&mut self, byte: u8) {
        if self.is_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.is_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}
