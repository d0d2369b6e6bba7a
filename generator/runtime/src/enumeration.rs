//! Code that all kinds of enums share.

use std::fmt;

/// The error for a value that an enum does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    value: Box<str>,
    expected: &'static [&'static str],
}

impl UnknownValue {
    /// Creates an error for a value that is not one of the `expected` values.
    #[must_use]
    pub fn new(value: impl Into<Box<str>>, expected: &'static [&'static str]) -> Self {
        Self {
            value: value.into(),
            expected,
        }
    }

    /// Returns the rejected value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the values of the enum, as on the wire.
    #[must_use]
    pub fn expected(&self) -> &'static [&'static str] {
        self.expected
    }
}

/// The maximum number of characters of a value in a message.
const SHOWN: usize = 100;

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.value.chars().take(SHOWN).collect();
        let dots = if shown.len() < self.value.len() {
            ".."
        } else {
            ""
        };
        let (shown, expected) = (shown.escape_debug(), OneOf(self.expected));
        write!(f, "`{shown}{dots}` is not {expected}")
    }
}

impl std::error::Error for UnknownValue {}

/// Formats the values of an enum for a message.
#[derive(Debug)]
pub struct OneOf(pub &'static [&'static str]);

impl fmt::Display for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of ")?;
        for (i, value) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "`{value}`")?;
        }
        Ok(())
    }
}
