//! `oneOf` and `anyOf`, read without loss.
//!
//! A union is first read as raw text. With a tag, the text is read again as that branch. Without
//! one, it is read as the branch that explains the value best.

use std::borrow::Cow;
use std::cell::Cell;

use serde::de::{self, Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::json_value::Json;
use super::union_score;

/// The JSON text of a union's value.
#[derive(Debug)]
pub struct Raw {
    text: Box<RawValue>,
    level: Level,
}

impl Raw {
    /// Reads the text of the next value.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, if unions are nested more than 128 deep, or if
    /// trying the branches of nested unions would take too long.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let level = Level::enter(text.get()).map_err(de::Error::custom)?;
        Ok(Self { text, level })
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get()
    }

    /// Counts another branch that tries to read the text.
    ///
    /// # Errors
    ///
    /// Returns an error if too many have tried.
    pub fn spend(&self) -> Result<(), &'static str> {
        self.level.spend(self.text().len())
    }

    /// Returns the value as JSON, and counts it as unexplained.
    ///
    /// # Errors
    ///
    /// Returns an error if it is nested too deeply.
    pub fn json<E: de::Error>(&self) -> Result<Json, E> {
        if union_score::is_measuring() {
            union_score::unknown(weight(self.text()));
        }
        serde_json::from_str(self.text()).map_err(E::custom)
    }
}

/// A union inside another. The server controls the depth.
#[derive(Debug)]
struct Level;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// The bytes that branches can still try in the outermost union.
    static WORK: Cell<usize> = const { Cell::new(0) };
}

impl Level {
    /// The limit of serde_json for text. Raw text is not limited, and each branch restarts the count.
    const MAX_DEPTH: usize = 128;

    fn enter(text: &str) -> Result<Self, &'static str> {
        let length = text.len();
        let depth = DEPTH.get();
        if depth == 0 {
            if is_deeper(text, Self::MAX_DEPTH) {
                return Err("the value is nested too deeply");
            }
            // If two branches read the same union, the work doubles with each level. This limit is
            // enough for any text that is not an attack.
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
                // Fails the outer unions too, so that none chooses a branch with an undecided part.
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

/// The brackets, commas and strings of a JSON text.
struct Marks<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Marks<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        Self { bytes, at: 0 }
    }

    /// Returns `true` if the bracket at the last mark opens an empty array or object.
    fn is_empty(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let first = rest.iter().find(|byte| !byte.is_ascii_whitespace());
        matches!(first, Some(b']' | b'}'))
    }
}

impl Iterator for Marks<'_> {
    /// The mark and its position.
    type Item = (u8, usize);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.bytes.get(self.at..)?;
        let is_mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',');
        let start = self.at + rest.iter().position(is_mark)?;
        let mark = *self.bytes.get(start)?;
        self.at = start + 1;
        if mark == b'"' {
            let ends = |byte: &u8| matches!(byte, b'"' | b'\\');
            while let Some(rest) = self.bytes.get(self.at..)
                && let Some(length) = rest.iter().position(ends)
            {
                let is_end = rest.get(length) == Some(&b'"');
                self.at += length + if is_end { 1 } else { 2 };
                if is_end {
                    break;
                }
            }
        }
        Some((mark, start))
    }
}

/// Returns `true` if the arrays and objects of a JSON text are nested deeper than `limit`.
fn is_deeper(text: &str, limit: usize) -> bool {
    // Each level has two brackets.
    if text.len() <= 2 * limit {
        return false;
    }
    let mut depth = 0_usize;
    Marks::new(text).any(|(mark, _)| {
        match mark {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > limit
    })
}

/// Returns the number of values in a JSON text.
#[must_use]
pub fn weight(text: &str) -> usize {
    let mut weight = 1;
    let mut marks = Marks::new(text);
    while let Some((mark, _)) = marks.next() {
        weight += match mark {
            b',' => 1,
            b'[' | b'{' => usize::from(!marks.is_empty()),
            _ => 0,
        };
    }
    weight
}

/// The properties in the JSON text of an object: each name with the number of values in its value.
#[derive(Debug, Default)]
pub struct Names<'t>(pub Vec<(Cow<'t, str>, usize)>);

impl<'t> Names<'t> {
    /// Finds the properties.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut names: Vec<(Cow<'t, str>, usize)> = Vec::with_capacity(16);
        let (mut depth, mut is_next) = (0_usize, false);
        let mut marks = Marks::new(text);
        while let Some((mark, start)) = marks.next() {
            let values = match mark {
                b'"' => {
                    if std::mem::take(&mut is_next) {
                        let name = text.get(start..marks.at).unwrap_or_default();
                        names.push((unescaped(name), 1));
                    }
                    0
                }
                b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    0
                }
                b',' => usize::from(depth > 1),
                _ => {
                    depth += 1;
                    usize::from(depth > 1 && !marks.is_empty())
                }
            };
            is_next |= depth == 1 && matches!(mark, b',' | b'{');
            if let Some((_, weight)) = names.last_mut() {
                *weight += values;
            }
        }
        Self(names)
    }
}

/// Returns the value of a JSON string.
fn unescaped(string: &str) -> Cow<'_, str> {
    if string.contains('\\') {
        Cow::Owned(serde_json::from_str(string).unwrap_or_default())
    } else {
        Cow::Borrowed(string.trim_matches('"'))
    }
}
