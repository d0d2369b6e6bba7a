//! Text that does not print.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

/// Text that must not get into a log: a password, a token, a key.
///
/// `Debug` shows `[redacted]`, there is no `Display`, and an error on reading
/// one does not show the value. It is written to the wire as it is.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret(String);

impl Secret {
    /// Makes a secret of a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself, by value.
    #[must_use]
    pub fn into_exposed(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret(text.to_owned()))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Secret, E> {
                Ok(Secret(text))
            }

            // A key that comes as a number is still a key.
            fn visit_i64<E: de::Error>(self, _value: i64) -> Result<Secret, E> {
                Err(de::Error::invalid_type(
                    Unexpected::Other("a number"),
                    &self,
                ))
            }

            fn visit_u64<E: de::Error>(self, _value: u64) -> Result<Secret, E> {
                Err(de::Error::invalid_type(
                    Unexpected::Other("a number"),
                    &self,
                ))
            }

            fn visit_f64<E: de::Error>(self, _value: f64) -> Result<Secret, E> {
                Err(de::Error::invalid_type(
                    Unexpected::Other("a number"),
                    &self,
                ))
            }
        }

        deserializer.deserialize_string(Reader)
    }
}
