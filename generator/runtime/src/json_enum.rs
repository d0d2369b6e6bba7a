//! Reads and writes enums of any JSON values: a macro that takes a table, and its helpers.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{self, Serialize, Serializer};

use super::json_value::Json;

/// Reads a value of an enum of any JSON values.
///
/// # Errors
///
/// Returns an error if the value is not JSON.
pub fn read_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
    Json::deserialize(deserializer)
}

/// Writes JSON text.
///
/// # Errors
///
/// Returns an error if the serializer fails, or the text is not JSON.
pub fn write_json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_str::<Json>(text) {
        Ok(value) => value.serialize(serializer),
        Err(error) => Err(ser::Error::custom(error)),
    }
}

/// Returns whether a value equals a JSON text. Numbers are compared by value, objects in any order.
#[must_use]
pub fn is_json(value: &Json, text: &str) -> bool {
    serde_json::from_str::<Json>(text).is_ok_and(|expected| *value == expected)
}

/// Implements `Serialize` and `Deserialize` for an enum of any JSON values, from a table with a row
/// for each value, as JSON text.
///
/// `closed`: another value is an error when reading; `open(Unknown)`: it is kept in the variant
/// `Unknown(Json)`.
macro_rules! json_enum {
    ($type:ty, closed { $($value:literal $variant:ident),* $(,)? }) => {
        $crate::runtime::json_enum::json_enum!(@read $type, { $($value $variant,)* } _value => {
            ::core::result::Result::Err(::serde::de::Error::custom(::core::format_args!(
                "not {}",
                $crate::runtime::enumeration::OneOf(&[$($value),*]),
            )))
        });

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => $crate::runtime::json_enum::write_json($value, serializer),)*
                }
            }
        }
    };
    ($type:ty, open($unknown:ident) { $($value:literal $variant:ident),* $(,)? }) => {
        $crate::runtime::json_enum::json_enum!(@read $type, { $($value $variant,)* } value => {
            $crate::runtime::union_score::unknown(1);
            ::core::result::Result::Ok(Self::$unknown(value))
        });

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => $crate::runtime::json_enum::write_json($value, serializer),)*
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
                let $other = $crate::runtime::json_enum::read_json(deserializer)?;
                $(
                    if $crate::runtime::json_enum::is_json(&$other, $value) {
                        return ::core::result::Result::Ok(Self::$variant);
                    }
                )*
                $else
            }
        }
    };
}

pub(crate) use json_enum;
