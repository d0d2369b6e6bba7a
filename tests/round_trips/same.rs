//! Compares read values with written ones.

use std::fmt::Write as _;

use generator::document::is_same;
use serde_json::Value;

use super::schema::Document;
use super::strategy::UNDECLARED;

pub struct Same<'d> {
    pub document: &'d Document,
    /// True if a property is missing that is only sent or only read.
    pub one_way: bool,
}

impl Same<'_> {
    pub fn compare(
        &mut self,
        read: &Value,
        written: &Value,
        path: &mut String,
    ) -> Result<(), String> {
        match (read, written) {
            (Value::Object(read), Value::Object(written)) => {
                for (name, value) in read {
                    let before = path.len();
                    let _ = write!(path, "/{name}");
                    match written.get(name) {
                        Some(other) => self.compare(value, other, path)?,
                        None if self.may_go(name, value) => {}
                        None => return Err(format!("{path} is gone")),
                    }
                    path.truncate(before);
                }
                let mut new = written.iter().filter(|(name, _)| !read.contains_key(*name));
                match new.find(|(_, value)| !self.document.is_default(value)) {
                    Some((name, _)) => Err(format!("{path}/{name} is new")),
                    None => Ok(()),
                }
            }
            (Value::Array(read), Value::Array(written)) if read.len() == written.len() => {
                for (position, (one, other)) in read.iter().zip(written).enumerate() {
                    let before = path.len();
                    let _ = write!(path, "/{position}");
                    self.compare(one, other, path)?;
                    path.truncate(before);
                }
                Ok(())
            }
            (Value::String(read), Value::String(written)) if is_same_text(read, written) => Ok(()),
            (read, written) if is_same(read, written) => Ok(()),
            _ => Err(format!("{path} is {written}, and was {read}")),
        }
    }

    /// Returns `true` if a property may be omitted (wire rules 1, 2, 6 and 9).
    fn may_go(&mut self, name: &str, value: &Value) -> bool {
        if self.document.is_one_way(name) {
            self.one_way = true;
            return true;
        }
        value.is_null() || self.document.is_default(value) || name == UNDECLARED
    }
}

/// Returns `true` if two texts are the same date-time, UUID or base64.
fn is_same_text(one: &str, other: &str) -> bool {
    is_same_time(one, other)
        || is_uuid(one) && one.eq_ignore_ascii_case(other)
        || is_same_base64(one, other)
}

/// Returns `true` for the same date-time. Zero digits of a fraction may be omitted, and `T` and `Z`
/// may be in lower case (RFC 3339, section 5.6).
fn is_same_time(one: &str, other: &str) -> bool {
    let read = |text| chrono::DateTime::parse_from_rfc3339(text);
    matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other && one.offset() == other.offset())
}

/// Returns `true` for a UUID, whose case is not significant (RFC 9562, section 4).
fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// Returns `true` for the same base64. Padding is written, but optional when reading (RFC 4648,
/// section 3.2).
fn is_same_base64(read: &str, written: &str) -> bool {
    written.len().is_multiple_of(4) && read == written.trim_end_matches('=')
}
