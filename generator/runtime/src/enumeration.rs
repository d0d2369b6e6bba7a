//! What the enums of all kinds have alike.

use std::fmt;

/// A value that an enum does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    value: Box<str>,
    expected: &'static [&'static str],
}

impl UnknownValue {
    /// Of a value, with the values that there are.
    #[must_use]
    pub fn new(value: impl Into<Box<str>>, expected: &'static [&'static str]) -> Self {
        Self {
            value: value.into(),
            expected,
        }
    }

    /// Returns the value, as it was given.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the values that the enum has, as they are on the wire.
    #[must_use]
    pub fn expected(&self) -> &'static [&'static str] {
        self.expected
    }
}

/// How many characters of a value a message shows.
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

/// The values of an enum in a message.
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
