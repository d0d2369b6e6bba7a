//! Reading and writing enums of strings in JSON: a macro for a table of values, and its helpers.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};

use super::enumeration::UnknownValue;

/// Reads an enum of strings that allows other values.
///
/// # Errors
///
/// Returns an error if the value is not a string.
pub fn read_open<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(|text| Ok(text.into())))
}

/// Reads an enum of strings that allows no other values.
///
/// # Errors
///
/// Returns an error if the value is not a string of the enum.
pub fn read_closed<'de, D: Deserializer<'de>, T: FromStr<Err = UnknownValue>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(T::from_str))
}

/// Reads a string with a function.
struct Text<T>(fn(&str) -> Result<T, UnknownValue>);

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        self.0(text).map_err(|error| de::Error::unknown_variant(text, error.expected()))
    }
}

/// Returns the variant for a text. `values` and `variants` have the same order.
///
/// # Errors
///
/// Returns an error if no variant has the text.
pub fn find<T: Clone>(
    text: &str,
    values: &'static [&'static str],
    variants: &[T],
) -> Result<T, UnknownValue> {
    let row = values.iter().position(|value| *value == text);
    let variant = row.and_then(|row| variants.get(row));
    variant
        .cloned()
        .ok_or_else(|| UnknownValue::new(text, values))
}

/// Implements `Serialize`, `Deserialize`, `Display`, `FromStr` and `as_str` for an enum of strings,
/// from a table with a row for each value.
///
/// `closed`: reading another value is an error. `open(Unknown)`: the variant `Unknown(String)`
/// keeps it, and the enum is also `From<&str>`.
macro_rules! text_enum {
    ($type:ty, closed { $($value:literal $variant:ident),* $(,)? }) => {
        impl $type {
            /// Returns the value on the wire.
            #[must_use]
            pub const fn as_str(&self) -> &'static ::core::primitive::str {
                Self::VALUES[*self as ::core::primitive::usize]
            }

            /// The values in the order of the variants.
            const VALUES: &'static [&'static ::core::primitive::str] = &[$($value),*];
        }

        impl ::core::str::FromStr for $type {
            type Err = $crate::runtime::enumeration::UnknownValue;

            fn from_str(
                text: &::core::primitive::str,
            ) -> ::core::result::Result<Self, $crate::runtime::enumeration::UnknownValue> {
                $crate::runtime::text_enum::find(
                    text,
                    Self::VALUES,
                    &[$(Self::$variant),*],
                )
            }
        }

        $crate::runtime::text_enum::text_enum!(@common $type, read_closed);
    };
    ($type:ty, open($unknown:ident) { $($value:literal $variant:ident),* $(,)? }) => {
        impl $type {
            /// Returns the value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &::core::primitive::str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(text) => text,
                }
            }
        }

        impl ::core::convert::From<&::core::primitive::str> for $type {
            fn from(text: &::core::primitive::str) -> Self {
                match text {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown(::core::convert::From::from(text)),
                }
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = ::core::convert::Infallible;

            fn from_str(
                text: &::core::primitive::str,
            ) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(::core::convert::From::from(text))
            }
        }

        $crate::runtime::text_enum::text_enum!(@common $type, read_open, $unknown);
    };
    (@common $type:ty, $read:ident $(, $unknown:ident)?) => {
        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let value = $crate::runtime::text_enum::$read(deserializer);
                $(
                    if let ::core::result::Result::Ok(Self::$unknown(_)) = &value {
                        $crate::runtime::union_score::unknown(1);
                    }
                )?
                value
            }
        }
    };
}

pub(crate) use text_enum;
