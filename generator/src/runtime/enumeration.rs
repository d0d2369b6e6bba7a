//! How enums are read from and written to JSON: macros that take a table, and
//! the helpers that they call.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{self, Serialize, Serializer};

/// A value that an enum does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    expected: &'static [&'static str],
}

impl UnknownValue {
    /// With the values that there are.
    #[must_use]
    pub fn new(expected: &'static [&'static str]) -> Self {
        Self { expected }
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of ")?;
        for (i, value) in self.expected.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "`{value}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownValue {}

/// Reads an enum of strings that may have others.
///
/// # Errors
///
/// If the value is not a string.
pub fn read_open<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(|text| Ok(text.into())))
}

/// Reads an enum of strings that has no others.
///
/// # Errors
///
/// If the value is not a string, or none of the enum's.
pub fn read_closed<'de, D: Deserializer<'de>, T: FromStr<Err = UnknownValue>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(T::from_str))
}

/// Reads a string by a function.
struct Text<T>(fn(&str) -> Result<T, UnknownValue>);

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        self.0(text).map_err(|error| de::Error::unknown_variant(text, error.expected))
    }
}

/// `Serialize`, `Deserialize`, `Display`, `FromStr` and `as_str` for an enum of
/// strings: a table with a row for each value.
///
/// `closed`: another value is an error when reading; `open(Unknown)`: it is kept
/// in the variant `Unknown(String)`, and the enum is `From<&str>` too.
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! text_enum {
    ($type:ty, closed { $($value:literal $variant:ident,)* }) => {
        impl $type {
            /// The value on the wire.
            #[must_use]
            pub const fn as_str(&self) -> &'static ::core::primitive::str {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = $crate::runtime::enumeration::UnknownValue;

            fn from_str(
                text: &::core::primitive::str,
            ) -> ::core::result::Result<Self, $crate::runtime::enumeration::UnknownValue> {
                ::core::result::Result::Ok(match text {
                    $($value => Self::$variant,)*
                    _ => return ::core::result::Result::Err(
                        $crate::runtime::enumeration::UnknownValue::new(&[$($value),*]),
                    ),
                })
            }
        }

        $crate::runtime::enumeration::text_enum!(@common $type, read_closed);
    };
    ($type:ty, open($unknown:ident) { $($value:literal $variant:ident,)* }) => {
        impl $type {
            /// The value on the wire.
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

        $crate::runtime::enumeration::text_enum!(@common $type, read_open);
    };
    (@common $type:ty, $read:ident) => {
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
                $crate::runtime::enumeration::$read(deserializer)
            }
        }
    };
}

/// Reads an integer; a number without a fraction is one, however it is written
/// (JSON Schema, section 6.1.1).
///
/// # Errors
///
/// If the value is not an integer that an `i64` holds.
pub fn read_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Reader;

    impl Visitor<'_> for Reader {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer")
        }

        fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
            Ok(value)
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
            i64::try_from(value)
                .map_err(|_| de::Error::invalid_value(de::Unexpected::Unsigned(value), &self))
        }

        #[expect(
            clippy::cast_possible_truncation,
            reason = "the value is checked to be integral and within 2^53"
        )]
        fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
            if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
                Ok(value as i64)
            } else {
                Err(de::Error::invalid_value(
                    de::Unexpected::Float(value),
                    &self,
                ))
            }
        }
    }

    deserializer.deserialize_i64(Reader)
}

/// `Serialize`, `Deserialize`, `Display` and conversions for an enum of
/// integers: a table with a row for each value.
///
/// `closed`: another value is an error when reading; `open(Unknown)`: it is kept
/// in the variant `Unknown(i64)`.
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! integer_enum {
    ($type:ty, closed { $($value:literal $variant:ident,)* }) => {
        impl $type {
            /// The value on the wire.
            #[must_use]
            pub const fn as_i64(&self) -> ::core::primitive::i64 {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl ::core::convert::TryFrom<::core::primitive::i64> for $type {
            type Error = $crate::runtime::enumeration::UnknownValue;

            fn try_from(
                value: ::core::primitive::i64,
            ) -> ::core::result::Result<Self, $crate::runtime::enumeration::UnknownValue> {
                match value {
                    $($value => ::core::result::Result::Ok(Self::$variant),)*
                    _ => ::core::result::Result::Err($crate::runtime::enumeration::UnknownValue::new(
                        &[$(::core::stringify!($value)),*],
                    )),
                }
            }
        }

        $crate::runtime::enumeration::integer_enum!(@common $type);
    };
    ($type:ty, open($unknown:ident) { $($value:literal $variant:ident,)* }) => {
        impl $type {
            /// The value on the wire.
            #[must_use]
            pub const fn as_i64(&self) -> ::core::primitive::i64 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => *value,
                }
            }
        }

        impl ::core::convert::From<::core::primitive::i64> for $type {
            fn from(value: ::core::primitive::i64) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown(value),
                }
            }
        }

        $crate::runtime::enumeration::integer_enum!(@common $type);
    };
    (@common $type:ty) => {
        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.as_i64(), f)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let value = $crate::runtime::enumeration::read_integer(deserializer)?;
                ::core::convert::TryFrom::try_from(value).map_err(::serde::de::Error::custom)
            }
        }
    };
}

/// Reads a value of an enum whose values are any JSON.
///
/// # Errors
///
/// If the value is not JSON.
pub fn read_json<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<serde_json::Value, D::Error> {
    serde_json::Value::deserialize(deserializer)
}

/// Writes JSON text.
///
/// # Errors
///
/// As the serializer, or if the text is not JSON.
pub fn write_json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => value.serialize(serializer),
        Err(error) => Err(ser::Error::custom(error)),
    }
}

/// Whether a value is what a JSON text says: numbers by their value, objects in
/// any order.
#[must_use]
pub fn is_json(value: &serde_json::Value, text: &str) -> bool {
    serde_json::from_str(text).is_ok_and(|expected| same(value, &expected))
}

fn same(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Number(one), Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Array(one), Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Object(one), Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

/// `Serialize` and `Deserialize` for an enum of any JSON values: a table with a
/// row for each value, as JSON text.
///
/// `closed`: another value is an error when reading; `open(Unknown)`: it is kept
/// in the variant `Unknown(serde_json::Value)`.
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! json_enum {
    ($type:ty, closed { $($value:literal $variant:ident,)* }) => {
        $crate::runtime::enumeration::json_enum!(@read $type, { $($value $variant,)* } _value => {
            ::core::result::Result::Err(::serde::de::Error::custom(
                $crate::runtime::enumeration::UnknownValue::new(&[$($value),*]),
            ))
        });

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => $crate::runtime::enumeration::write_json($value, serializer),)*
                }
            }
        }
    };
    ($type:ty, open($unknown:ident) { $($value:literal $variant:ident,)* }) => {
        $crate::runtime::enumeration::json_enum!(@read $type, { $($value $variant,)* } value => {
            ::core::result::Result::Ok(Self::$unknown(value))
        });

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => $crate::runtime::enumeration::write_json($value, serializer),)*
                    Self::$unknown(value) => ::serde::Serialize::serialize(value, serializer),
                }
            }
        }
    };
    (@read $type:ty, { $($value:literal $variant:ident,)* } $other:ident => $else:block) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let $other = $crate::runtime::enumeration::read_json(deserializer)?;
                $(
                    if $crate::runtime::enumeration::is_json(&$other, $value) {
                        return ::core::result::Result::Ok(Self::$variant);
                    }
                )*
                $else
            }
        }
    };
}

// Not every document has an enum of each kind.
#[allow(unused_imports, reason = "used by the tables that a document needs")]
pub(crate) use {integer_enum, json_enum, text_enum};
