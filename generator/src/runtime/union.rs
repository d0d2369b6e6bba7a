//! `oneOf` and `anyOf`: reading them without losing anything.
//!
//! A union is read as raw text first. By a tag, the text is read once more as
//! the branch; without one, each branch tries, and the one that carries the
//! whole value wins.

use std::cell::Cell;

use serde::de::{self, Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::any::Json;

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

    /// The value as JSON.
    ///
    /// # Errors
    ///
    /// If it is nested too deeply.
    pub fn json<E: de::Error>(&self) -> Result<Json, E> {
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
            None => Err("the value takes too long to tell apart"),
        }
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// How deep the arrays and objects of a JSON text go.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = string,
            b'"' => string = !string,
            _ if string => {}
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
