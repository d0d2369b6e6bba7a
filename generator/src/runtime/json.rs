//! JSON bodies.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;
use serde_json::ser::Formatter;

use super::error::{DecodeError, EncodeError};
use super::tree::Tree;

/// Writes a value as JSON.
///
/// # Errors
///
/// If the value has no form in JSON: a number that is not finite, say.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    let mut text = Vec::with_capacity(128);
    let nulls = Cell::new(false);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Plain { nulls: &nulls });
    value
        .serialize(&mut serializer)
        .map_err(EncodeError::body)?;
    // serde_json writes NaN as null. Where there is a null at all, a second
    // walk tells the ones that were meant from those that were not.
    if nulls.get() {
        Tree::of(value).map_err(EncodeError::body)?;
    }
    Ok(text)
}

/// Compact, and a number without a fraction is written as an integer: `1`, where
/// serde_json has `1.0`, which some servers refuse.
struct Plain<'a> {
    nulls: &'a Cell<bool>,
}

/// The integers below are exact in an `f64`.
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
/// If the text is not JSON, or not that of the type; with the path to the value
/// that is not.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    // RFC 8259, section 8.1: a byte order mark may be ignored.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    match serde_json::from_slice(text) {
        Ok(value) => Ok(value),
        Err(error) => Err(locate::<T>(text, &error)),
    }
}

/// Reads again, slowly, to find where it goes wrong.
#[cold]
fn locate<T: DeserializeOwned>(text: &[u8], error: &serde_json::Error) -> DecodeError {
    if text.iter().all(u8::is_ascii_whitespace) {
        return DecodeError::new("", "the body is empty where JSON is documented");
    }
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(_) => String::new(),
        Err(error) => path_text(error.path()),
    };
    DecodeError::new(path, redact(&error.to_string()))
}

fn path_text(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;

    let mut text = String::new();
    for segment in path {
        // Writing to a string cannot fail.
        let _ = match segment {
            Segment::Seq { index } => write!(text, "[{index}]"),
            Segment::Map { key } | Segment::Enum { variant: key }
                if key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                write!(text, ".{key}")
            }
            Segment::Map { key } | Segment::Enum { variant: key } => write!(text, "[{key:?}]"),
            Segment::Unknown => write!(text, ".?"),
        };
    }
    text
}

/// Takes the value out of serde's message `invalid type: string "..", expected`:
/// it can be a secret, or the whole body.
fn redact(message: &str) -> String {
    for prefix in ["invalid type: string ", "invalid value: string "] {
        let Some(rest) = message.strip_prefix(prefix) else {
            continue;
        };
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|&(_, c)| {
            let end = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            end
        });
        let after = end.and_then(|(at, _)| rest.get(at + 1..)).unwrap_or("");
        return format!("{}{after}", prefix.trim_end());
    }
    message.to_owned()
}
