//! JSON bodies.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Write as _;
use std::io;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;
use serde_json::ser::Formatter;

use super::error::{DecodeError, EncodeError};
use super::tree::{Tree, exactly};

/// Writes a value as JSON.
///
/// # Errors
///
/// Returns an error if JSON cannot represent the value, such as a number that is not finite.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    let mut text = Vec::with_capacity(128);
    let nulls = Cell::new(false);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Plain { nulls: &nulls });
    exactly(|| value.serialize(&mut serializer)).map_err(EncodeError::body)?;
    // serde_json writes NaN as null. If the text has a null, a second pass over the value finds the
    // wrong ones.
    if nulls.get() {
        Tree::of(value).map_err(EncodeError::body)?;
    }
    Ok(text)
}

/// Writes compact JSON, and numbers without a fraction as integers: `1` instead of serde_json's
/// `1.0`, which some servers reject.
struct Plain<'a> {
    nulls: &'a Cell<bool>,
}

/// Integers below this are exact in an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Formatter for Plain<'_> {
    fn write_null<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.nulls.set(true);
        writer.write_all(b"null")
    }

    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        if value.fract() == 0.0 && f64::from(value).abs() < EXACT {
            write!(writer, "{value:.0}")
        } else {
            serde_json::ser::CompactFormatter.write_f32(writer, value)
        }
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value.fract() == 0.0 && value.abs() < EXACT {
            write!(writer, "{value:.0}")
        } else {
            serde_json::ser::CompactFormatter.write_f64(writer, value)
        }
    }
}

/// Reads a value from JSON.
///
/// # Errors
///
/// Returns an error if the text is not JSON, or does not match the type. The error has the path to
/// the wrong value.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    // RFC 8259, section 8.1: a byte order mark may be ignored.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let error = match serde_json::from_slice(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // `5.0` is an integer too (JSON Schema 2020-12, section 4.2.3), but not for serde.
    if error.is_data()
        && let Ok(text) = std::str::from_utf8(text)
        && let Some(text) = without_zero_fractions(text)
    {
        return serde_json::from_str(&text).map_err(|error| locate::<T>(text.as_bytes(), &error));
    }
    Err(locate::<T>(text, &error))
}

/// Rewrites the whole numbers of a JSON text with digits only; `None` if nothing changes.
#[cold]
pub fn without_zero_fractions(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().windows(2);
    bytes.find(|pair| matches!(pair, [b'0'..=b'9', b'.' | b'e' | b'E']))?;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(first) = rest.bytes().next() {
        let length = match first {
            b'"' => string_length(rest.as_bytes()),
            b'-' | b'0'..=b'9' => rest
                .bytes()
                .take_while(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
                .count(),
            _ => rest
                .find(|c| matches!(c, '"' | '-' | '0'..='9'))
                .unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let whole = Some(token)
            .filter(|token| token.contains(['.', 'e', 'E']) && !token.starts_with('"'))
            .and_then(|token| token.parse::<f64>().ok())
            .filter(|number| number.fract() == 0.0 && number.abs() < EXACT);
        if let Some(whole) = whole {
            // An integer zero has no sign.
            let _ = write!(plain, "{:.0}", whole + 0.0);
            changed = true;
        } else {
            plain.push_str(token);
        }
        rest = after;
    }
    changed.then_some(plain)
}

/// Returns the length of the string at the beginning, including its quotation marks.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|b| match b {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = true;
            false
        }
        b => *b == b'"',
    });
    end.map_or(text.len(), |end| end + 2)
}

/// Reads the text again, slowly, to find the place of the error.
#[cold]
fn locate<T: DeserializeOwned>(text: &[u8], error: &serde_json::Error) -> DecodeError {
    if text.iter().all(u8::is_ascii_whitespace) {
        return DecodeError::new("", "the body is empty where JSON is documented");
    }
    LOCATING.set(true);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let located = track::<_, T>(&mut deserializer);
    LOCATING.set(false);
    let packed = match located {
        Err(packed) => packed,
        // The text after the value is wrong.
        Ok(_) => message_of(error),
    };
    let (path, message) = unpack(&packed);
    if error.is_eof() {
        let length = text.len();
        let message = format!("the body ends after {length} bytes, in the middle of its JSON");
        return DecodeError::new(path, message);
    }
    DecodeError::new(path, message)
}

thread_local! {
    /// Whether errors have paths, for JSON texts within a text.
    static LOCATING: Cell<bool> = const { Cell::new(false) };
}

/// Reads a value from a part of a body.
///
/// # Errors
///
/// The error is a message for [`unpack`].
pub fn read_inner<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    if LOCATING.get() {
        track(&mut deserializer)
    } else {
        T::deserialize(&mut deserializer).map_err(|error| message_of(&error))
    }
}

/// Reads a value from a part of a body, for a caller that drops the error.
///
/// # Errors
///
/// The message is empty.
pub fn read_silently<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|_| String::new())
}

/// Separates the path from the message, because a serde error is a single text.
const PATH_END: char = '\u{1F}';

/// Splits the text of an error into a path and a message.
pub fn unpack(packed: &str) -> (&str, &str) {
    packed.split_once(PATH_END).unwrap_or(("", packed))
}

/// Reads a value. The error contains a path and a message.
fn track<'de, R: serde_json::de::Read<'de>, T: DeserializeOwned>(
    deserializer: &mut serde_json::Deserializer<R>,
) -> Result<T, String> {
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let packed = message_of(error.inner());
        let (inner, message) = unpack(&packed);
        format!("{}{inner}{PATH_END}{message}", path_text(error.path()))
    })
}

/// Returns the message of an error, without values. It has a line only for text that is not JSON,
/// where a path is not enough.
fn message_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    if !error.is_data() {
        return match message.strip_prefix("trailing characters") {
            Some(place) => format!("unexpected text after the JSON value,{place}"),
            None => message,
        };
    }
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = redact(message.strip_suffix(&place).unwrap_or(&message));
    match date_fault(&message) {
        Some(fault) => format!("not a date or time of RFC 3339: {fault}"),
        None => shorten(&message, 1000).into_owned(),
    }
}

/// Returns the fault of a date, if the message of `chrono` does not mention dates.
fn date_fault(message: &str) -> Option<&'static str> {
    Some(match message {
        "premature end of input" => "the text ends too early",
        "trailing input" => "there is more text after it",
        "input contains invalid characters" => "the text has an unexpected character",
        "input is out of range" => "a number is out of its range",
        _ => return None,
    })
}

fn path_text(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;

    let mut text = String::new();
    for segment in path {
        // Writing to a string cannot fail.
        let _ = match segment {
            Segment::Seq { index } => write!(text, "[{index}]"),
            Segment::Map { key } | Segment::Enum { variant: key } => key_text(&mut text, key),
            // The text ends within a name.
            Segment::Unknown => Ok(()),
        };
    }
    text
}

fn key_text(text: &mut String, key: &str) -> std::fmt::Result {
    if !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        write!(text, ".{}", shorten(key, 100))
    } else {
        write!(text, "[{:?}]", shorten(key, 100))
    }
}

/// Shortens a text, because a server can send names of any length.
fn shorten(text: &str, length: usize) -> Cow<'_, str> {
    match text.char_indices().nth(length) {
        Some((end, _)) => Cow::Owned(format!("{}..", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Removes the value from serde's message `invalid type: string "..", expected`: it can be a
/// secret, or the whole body.
fn redact(message: &str) -> String {
    for kind in ["string", "integer", "floating point", "character"] {
        for fault in ["invalid type", "invalid value"] {
            let shown = message.strip_prefix(fault).and_then(|rest| {
                let rest = rest.strip_prefix(": ")?.strip_prefix(kind)?;
                rest.strip_prefix(' ')
            });
            if let Some(shown) = shown {
                let after = shown.get(quoted_length(shown)..).unwrap_or_default();
                return format!("{fault}: {kind}{after}");
            }
        }
    }
    message.to_owned()
}

/// Returns the length of the value at the beginning, without its quotation marks.
fn quoted_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    let Some((_, quote)) = chars.next() else {
        return 0;
    };
    let mut escaped = false;
    for (at, c) in chars {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}
