//! `oneOf` and `anyOf`: reading them without losing anything.
//!
//! A union is read as raw text first. By a tag, the text is read once more as the branch; without
//! one, the branch that explains the value best is chosen among those that can be read.

use std::cell::Cell;

use serde::de::{self, Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::unexplained;

/// The JSON text of a union's value.
#[derive(Debug)]
pub struct Raw {
    text: Box<RawValue>,
    level: Level,
}

impl Raw {
    /// Takes the text of the next value.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, if unions are nested more than 128 deep, or if
    /// trying the branches of unions in unions would take too long.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let level = Level::enter(text.get()).map_err(de::Error::custom)?;
        Ok(Self { text, level })
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get()
    }

    /// Takes note of one more branch that tries to read the text.
    ///
    /// # Errors
    ///
    /// If too many have tried.
    pub fn spend(&self) -> Result<(), &'static str> {
        self.level.spend(self.text().len())
    }

    /// Returns the value as JSON, and counts it as unexplained.
    ///
    /// # Errors
    ///
    /// If it is nested too deeply.
    pub fn json<E: de::Error>(&self) -> Result<Value, E> {
        if unexplained::is_measuring() {
            unexplained::unknown(weight(self.text()));
        }
        serde_json::from_str(self.text()).map_err(E::custom)
    }
}

/// One union inside another: a server decides how deep they go.
#[derive(Debug)]
struct Level;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// The bytes that branches may still try, within the outermost union.
    static WORK: Cell<usize> = const { Cell::new(0) };
}

impl Level {
    /// As serde_json limits the depth of a text. It does not limit that of a
    /// text which it takes raw, and a branch begins to count anew.
    const MAX_DEPTH: usize = 128;

    fn enter(text: &str) -> Result<Self, &'static str> {
        let length = text.len();
        let depth = DEPTH.get();
        if depth == 0 {
            if nesting(text) > Self::MAX_DEPTH {
                return Err("the value is nested too deeply");
            }
            // Where each of two branches reads the same union, the work doubles
            // with each level. This is enough for any text that is not made for it.
            WORK.set(length.saturating_mul(64).saturating_add(1 << 18));
        }
        if depth >= Self::MAX_DEPTH {
            return Err("the value is nested too deeply");
        }
        DEPTH.set(depth + 1);
        let level = Self;
        level.spend(length)?;
        Ok(level)
    }

    fn spend(&self, length: usize) -> Result<(), &'static str> {
        match WORK.get().checked_sub(length) {
            Some(rest) => {
                WORK.set(rest);
                Ok(())
            }
            None => {
                // No outer union chooses a branch by what is left undecided inside of it.
                WORK.set(0);
                Err("the value takes too long to match with the alternatives")
            }
        }
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// The brackets, commas and strings of a JSON text: each mark with the content of its string.
struct Marks<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Marks<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'t> Iterator for Marks<'t> {
    type Item = (u8, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(self.at..)?;
        let is_mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',');
        let start = self.at + rest.iter().position(is_mark)?;
        let mark = *bytes.get(start)?;
        let mut end = start + 1;
        if mark == b'"' {
            while let Some(byte) = bytes.get(end).filter(|byte| **byte != b'"') {
                end += if *byte == b'\\' { 2 } else { 1 };
            }
            self.at = end + 1;
        } else {
            self.at = end;
        }
        Some((mark, self.text.get(start + 1..end).unwrap_or_default()))
    }
}

/// Returns how deep the arrays and objects of a JSON text go.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (mark, _) in Marks::of(text) {
        match mark {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Returns how many values there are in a JSON text.
pub(super) fn weight(text: &str) -> usize {
    let mut weight = 1;
    let bytes = text.as_bytes();
    let mut marks = Marks::of(text);
    while let Some((mark, _)) = marks.next() {
        match mark {
            b',' => weight += 1,
            b'[' | b'{' => {
                let rest = bytes.get(marks.at..).unwrap_or_default();
                let first = rest.iter().find(|byte| !byte.is_ascii_whitespace());
                weight += usize::from(!matches!(first, Some(b']' | b'}')));
            }
            _ => {}
        }
    }
    weight
}

/// Returns the names of the properties of an object's JSON text, but for those with escapes.
pub(super) fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::with_capacity(16);
    let (mut depth, mut is_next) = (0_usize, false);
    for (mark, name) in Marks::of(text) {
        match mark {
            b'"' if is_next => {
                is_next = false;
                if !name.contains('\\') {
                    names.push(name);
                }
            }
            b'"' => {}
            b'[' | b'{' => {
                depth += 1;
                is_next = depth == 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => is_next = depth == 1,
        }
    }
    names
}
