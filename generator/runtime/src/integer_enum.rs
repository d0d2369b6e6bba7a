//! Reads and writes enums of integers in JSON: a macro that takes a table, and its helper.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};

/// Reads an integer. A number without a fraction is an integer in any notation (JSON Schema,
/// section 6.1.1).
///
/// # Errors
///
/// Returns an error if the value is not an integer that fits in an `i64`.
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

/// Implements `Serialize`, `Deserialize`, `Display` and conversions for an enum of integers, from a
/// table with a row for each value.
///
/// `closed`: another value is an error when reading; `open(Unknown)`: it is kept in the variant
/// `Unknown(i64)`.
macro_rules! integer_enum {
    ($type:ty, closed { $($value:literal $variant:ident),* $(,)? }) => {
        impl $type {
            /// Returns the value on the wire.
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
                        ::std::string::ToString::to_string(&value),
                        &[$(::core::stringify!($value)),*],
                    )),
                }
            }
        }

        $crate::runtime::integer_enum::integer_enum!(@common $type);
    };
    ($type:ty, open($unknown:ident) { $($value:literal $variant:ident),* $(,)? }) => {
        impl $type {
            /// Returns the value on the wire.
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

        $crate::runtime::integer_enum::integer_enum!(@common $type, $unknown);
    };
    (@common $type:ty $(, $unknown:ident)?) => {
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
                let value = $crate::runtime::integer_enum::read_integer(deserializer)?;
                let value = ::core::convert::TryFrom::try_from(value);
                $(
                    if let ::core::result::Result::Ok(Self::$unknown(_)) = &value {
                        $crate::runtime::union_score::unknown(1);
                    }
                )?
                value.map_err(::serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use integer_enum;
