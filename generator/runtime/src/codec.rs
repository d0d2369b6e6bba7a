//! Reads values from JSON and writes them: macros that take a table.
//!
//! The impls come from declarative macros over shared helpers. Derives would cost several times the
//! compile time.

pub use super::object_reader::{Constant, Entries, Object, Others, Slot, read_object, take};
pub use super::object_writer::{Value, member, write_kept, write_open};

/// Implements `Serialize` and `Deserialize` for a struct, from a table with a row for each
/// property.
///
/// The first word is the treatment of other properties. `open`: skipped when reading; `tolerant`:
/// the same, although the schema forbids them; `closed`: an error; `kept(extra)`: kept in the field
/// `extra`.
///
/// `const`: a property with a constant value and no field.
///
/// The keywords of the other rows: `required` (a `T`), `nullable` (an `Option<T>`, always written),
/// `optional` (an `Option<T>`, left out if `None`), `optional_nullable` (an `Option<Option<T>>`),
/// `default(function)` (a `T`, left out if it equals the function's result),
/// `default_nullable(function)` (the same for an `Option<T>` that can be null), both with the
/// prefix `server_` if only the server sets the property, `preset(function)` (a `T`, always
/// written), `preset_nullable(function)` (an `Option<T>`, always written). `optional_any`,
/// `default_any` and `preset_any` are for a `T` that is any JSON value and keep null as a value.
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! object {
    ($type:ty, $kind:ident $(($extra:ident))? {
        $(const $constant:literal: $value:expr,)*
        $($name:literal $field:ident: $presence:ident $(($default:ident))?),* $(,)?
    }) => {
        impl<'de> $crate::runtime::codec::Object<'de> for $type {
            const NAMES: &'static [&'static ::core::primitive::str] = &[$($constant,)* $($name),*];
            const REQUIRED: &'static [::core::primitive::bool] = &[
                $($crate::runtime::codec::object!(@required const $constant),)*
                $($crate::runtime::codec::object!(@required $presence)),*
            ];
            const OTHERS: $crate::runtime::codec::Others =
                $crate::runtime::codec::object!(@others $kind);

            fn read<A: ::serde::de::MapAccess<'de>>(
                entries: &mut $crate::runtime::codec::Entries<'de, A>,
            ) -> ::core::option::Option<Self> {
                $(let mut $field = ::core::option::Option::None;)*
                $(let mut $extra = ::std::collections::BTreeMap::new();)?
                if !entries.$kind(
                    <Self as $crate::runtime::codec::Object<'de>>::NAMES,
                    &mut [
                        $(&mut $crate::runtime::codec::Constant::new($value),)*
                        $(&mut $field),*
                    ]
                    $(, &mut $extra)?
                ) {
                    return ::core::option::Option::None;
                }
                ::core::option::Option::Some(Self {
                    $($field: $crate::runtime::codec::object!(
                        @take $presence entries $name $field $($default)?
                    ),)*
                    $($extra,)?
                })
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::codec::read_object(deserializer)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::runtime::codec::object!(
                    @write $kind $type, serializer,
                    &[$($constant,)* $($name),*],
                    &[
                        $(::core::option::Option::Some(&$value),)*
                        $($crate::runtime::codec::member::$presence(
                            &self.$field $(, Self::$default)?
                        )),*
                    ]
                    $(, &self.$extra)?
                )
            }
        }
    };
    (@required const $name:literal) => { true };
    (@required required) => { true };
    (@required nullable) => { true };
    (@required $presence:ident) => { false };
    (@others open) => { $crate::runtime::codec::Others::Skipped };
    (@others tolerant) => { $crate::runtime::codec::Others::Unexpected };
    (@others closed) => { $crate::runtime::codec::Others::Refused };
    (@others kept) => { $crate::runtime::codec::Others::Kept };
    (@write kept $type:ty, $serializer:ident, $names:expr, $members:expr, $extra:expr) => {
        $crate::runtime::codec::write_kept($serializer, $names, $members, $extra)
    };
    (@write $kind:ident $type:ty, $serializer:ident, $names:expr, $members:expr) => {
        $crate::runtime::codec::write_open(
            $serializer,
            ::core::stringify!($type),
            $names,
            $members,
        )
    };
    (@take required $entries:ident $name:literal $field:ident) => {
        match $field {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => return $entries.missing($name),
        }
    };
    (@take nullable $entries:ident $name:literal $field:ident) => {
        $crate::runtime::codec::object!(@take required $entries $name $field)
    };
    (@take $presence:ident $entries:ident $name:literal $field:ident $($default:ident)?) => {
        $crate::runtime::codec::take::$presence($field $(, Self::$default)?)
    };
}

/// Implements `Serialize` and `Deserialize` for a tuple struct of one value by those of the value.
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! newtype {
    ($type:ty) => {
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::core::result::Result::map(::serde::Deserialize::deserialize(deserializer), Self)
            }
        }
    };
}

// Not every document has a type of each kind.
#[allow(unused_imports, reason = "used by the tables that a document needs")]
pub(crate) use {newtype, object};
