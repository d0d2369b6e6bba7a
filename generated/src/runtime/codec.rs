//! How values are read from and written to JSON: macros that take a table, and
//! the helpers that they call.
//!
//! The impls are written by declarative macros over shared generic helpers, not
//! by derives: they cost a seventh of the compile time. A helper latches the
//! first error instead of returning it from every row.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{self, Serialize, SerializeMap, SerializeStruct, Serializer};

/// What is done with a property that the table does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is skipped.
    Open,
    /// It is an error.
    Closed,
    /// It is kept.
    Kept,
}

/// An object type with a table of its properties.
pub trait Object<'de>: Sized {
    /// The properties' names on the wire, in the order of the table.
    const FIELDS: &'static [&'static str];
    /// What is done with other properties.
    const UNKNOWN: Unknown;

    /// Reads the object, entry by entry.
    ///
    /// # Errors
    ///
    /// The first error that reading an entry gives, or a missing property.
    fn read<A: MapAccess<'de>>(entries: Entries<A, A::Error>) -> Result<Self, A::Error>;
}

/// The entries of an object that is being read, and the first error.
pub struct Entries<A, E> {
    map: A,
    fields: &'static [&'static str],
    unknown: Unknown,
    current: usize,
    name: String,
    error: Option<E>,
}

impl<A, E> fmt::Debug for Entries<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries")
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

impl<'de, A: MapAccess<'de>> Entries<A, A::Error> {
    /// The row of the next entry, or a number beyond the table for a name that
    /// is not in it; `None` at the end and after an error.
    #[inline]
    pub fn next_row(&mut self) -> Option<usize> {
        if self.error.is_some() {
            return None;
        }
        let key = Key {
            fields: self.fields,
            // Most documents come in the order of the table.
            expected: self.current.wrapping_add(1),
            unknown: self.unknown,
            name: &mut self.name,
        };
        match self.map.next_key_seed(key) {
            Ok(Some(row)) => {
                if row < self.fields.len() {
                    self.current = row;
                }
                Some(row)
            }
            Ok(None) => None,
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Reads the entry's value.
    #[inline]
    pub fn read<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        if slot.is_some() {
            return self.duplicate();
        }
        match self.map.next_value() {
            Ok(value) => *slot = Some(value),
            Err(error) => self.error = Some(error),
        }
    }

    /// Skips the entry's value.
    pub fn skip(&mut self) {
        if let Err(error) = self.map.next_value::<IgnoredAny>() {
            self.error = Some(error);
        }
    }

    /// Keeps the entry, whose name is not in the table.
    pub fn keep<T: Deserialize<'de>>(&mut self, extra: &mut BTreeMap<String, T>) {
        let name = std::mem::take(&mut self.name);
        match self.map.next_value() {
            Ok(value) => match extra.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(entry) => {
                    let name = entry.key();
                    self.fail(de::Error::custom(format_args!("duplicate field `{name}`")));
                }
            },
            Err(error) => self.error = Some(error),
        }
    }

    /// Ends the entries.
    ///
    /// # Errors
    ///
    /// The first error, if there was one.
    #[inline]
    pub fn end(self) -> Result<(), A::Error> {
        match self.error {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    #[cold]
    fn duplicate(&mut self) {
        let name = self.fields.get(self.current).copied().unwrap_or_default();
        self.fail(de::Error::duplicate_field(name));
    }

    #[cold]
    fn fail(&mut self, error: A::Error) {
        self.error = Some(error);
    }
}

struct Key<'a> {
    fields: &'static [&'static str],
    expected: usize,
    unknown: Unknown,
    name: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        match self.fields.get(self.expected) {
            Some(field) if *field == name => Ok(self.expected),
            _ => self.search(name),
        }
    }
}

impl Key<'_> {
    fn search<E: de::Error>(self, name: &str) -> Result<usize, E> {
        // Left-out properties are the usual reason for not being the next one,
        // so the search goes on from there and then around.
        let from = self.expected.min(self.fields.len());
        let (before, after) = self.fields.split_at(from);
        if let Some(row) = after.iter().position(|field| *field == name) {
            return Ok(from + row);
        }
        if let Some(row) = before.iter().position(|field| *field == name) {
            return Ok(row);
        }
        match self.unknown {
            Unknown::Open => {}
            Unknown::Closed => return Err(de::Error::unknown_field(name, self.fields)),
            Unknown::Kept => name.clone_into(self.name),
        }
        Ok(usize::MAX)
    }
}

/// Reads an [`Object`].
///
/// # Errors
///
/// As [`Object::read`], or if the value is not an object.
pub fn read_object<'de, D: Deserializer<'de>, T: Object<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Reader<T>(PhantomData<T>);

    impl<'de, T: Object<'de>> Visitor<'de> for Reader<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        #[inline]
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::read(Entries {
                map,
                fields: T::FIELDS,
                unknown: T::UNKNOWN,
                current: usize::MAX,
                name: String::new(),
                error: None,
            })
        }
    }

    deserializer.deserialize_map(Reader(PhantomData))
}

/// What a row of a table makes of what was read, by the row's word; `None`
/// where the property is missing.
pub mod take {
    /// There is a value.
    #[inline]
    pub fn required<T>(slot: Option<T>) -> Option<T> {
        slot
    }

    /// There is a value, or null, which is `None`.
    #[inline]
    pub fn nullable<T>(slot: Option<Option<T>>) -> Option<Option<T>> {
        slot
    }

    /// Missing and null are both `None`.
    #[inline]
    pub fn optional<T>(slot: Option<Option<T>>) -> Option<Option<T>> {
        Some(slot.flatten())
    }

    /// Missing is `None`, null is `Some(None)`.
    #[inline]
    pub fn optional_nullable<T>(slot: Option<Option<T>>) -> Option<Option<Option<T>>> {
        Some(slot)
    }

    /// Missing and null are both the default.
    #[inline]
    pub fn default<T>(slot: Option<Option<T>>, default: fn() -> T) -> Option<T> {
        Some(slot.flatten().unwrap_or_else(default))
    }

    /// Missing is the default, null is `None`.
    #[inline]
    pub fn default_nullable<T>(
        slot: Option<Option<T>>,
        default: fn() -> Option<T>,
    ) -> Option<Option<T>> {
        Some(slot.unwrap_or_else(default))
    }

    /// Missing and null are both the default.
    #[inline]
    pub fn preset<T>(slot: Option<Option<T>>, default: fn() -> T) -> Option<T> {
        Some(slot.flatten().unwrap_or_else(default))
    }
}

/// Whether a row of a table is written, by the row's word.
pub mod shown {
    /// Always.
    #[inline]
    pub fn required<T>(_value: &T) -> bool {
        true
    }

    /// Always: `None` is null.
    #[inline]
    pub fn nullable<T>(_value: &Option<T>) -> bool {
        true
    }

    /// Unless it is `None`.
    #[inline]
    pub fn optional<T>(value: &Option<T>) -> bool {
        value.is_some()
    }

    /// Unless it is `None`; `Some(None)` is null.
    #[inline]
    pub fn optional_nullable<T>(value: &Option<Option<T>>) -> bool {
        value.is_some()
    }

    /// Unless it is the default.
    #[inline]
    pub fn default<T: PartialEq>(value: &T, default: fn() -> T) -> bool {
        *value != default()
    }

    /// Unless it is the default; `None` is null.
    #[inline]
    pub fn default_nullable<T: PartialEq>(value: &Option<T>, default: fn() -> Option<T>) -> bool {
        *value != default()
    }

    /// Always.
    #[inline]
    pub fn preset<T>(_value: &T, _default: fn() -> T) -> bool {
        true
    }
}

/// The error for a property that is missing.
#[cold]
pub fn missing<E: de::Error>(name: &'static str) -> E {
    de::Error::missing_field(name)
}

/// The properties of an object that is being written, and the first error.
pub struct Fields<S: Serializer>(Result<S::SerializeStruct, S::Error>);

impl<S: Serializer> fmt::Debug for Fields<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fields")
    }
}

impl<S: Serializer> Fields<S> {
    /// Begins an object of this many properties.
    #[inline]
    pub fn new(serializer: S, name: &'static str, count: usize) -> Self {
        Self(serializer.serialize_struct(name, count))
    }

    /// Writes a property, or says that it is left out.
    #[inline]
    pub fn field<T: Serialize>(mut self, name: &'static str, shown: bool, value: &T) -> Self {
        if let Ok(fields) = &mut self.0 {
            let result = if shown {
                fields.serialize_field(name, value)
            } else {
                fields.skip_field(name)
            };
            if let Err(error) = result {
                self.0 = Err(error);
            }
        }
        self
    }

    /// Ends the object.
    ///
    /// # Errors
    ///
    /// The first error, if there was one.
    #[inline]
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}

/// The entries of an object that keeps unknown properties, while it is being
/// written, and the first error.
pub struct Members<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> fmt::Debug for Members<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Members")
    }
}

impl<S: Serializer> Members<S> {
    /// Begins an object of this many properties.
    #[inline]
    pub fn new(serializer: S, count: usize) -> Self {
        Self(serializer.serialize_map(Some(count)))
    }

    /// Writes a property, unless it is left out.
    #[inline]
    pub fn field<T: Serialize>(&mut self, name: &str, shown: bool, value: &T) {
        if shown
            && let Ok(members) = &mut self.0
            && let Err(error) = members.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Writes the properties that the table does not name.
    pub fn extra<'a, T: Serialize + 'a>(
        &mut self,
        fields: &'static [&'static str],
        extra: impl IntoIterator<Item = (&'a String, &'a T)>,
    ) {
        for (name, value) in extra {
            // A second property of a name that the table has would be read by
            // some servers and not by others.
            if fields.contains(&name.as_str()) {
                self.0 = Err(ser::Error::custom(format_args!(
                    "the additional property `{name}` has the name of a declared one"
                )));
            }
            self.field(name, true, value);
        }
    }

    /// Ends the object.
    ///
    /// # Errors
    ///
    /// The first error, if there was one.
    #[inline]
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}

/// `Serialize` and `Deserialize` for a struct: a table with a row for each property.
///
/// `open`: other properties are skipped when reading; `closed`: they are an
/// error; `kept(extra)`: they are kept in the field `extra`.
///
/// The rows' words: `required` (a `T`), `nullable` (an `Option<T>` that is
/// always there), `optional` (an `Option<T>` that is left out when `None`),
/// `optional_nullable` (an `Option<Option<T>>`), `default(function)` (a `T`
/// that is left out when it equals what the type's function gives),
/// `default_nullable(function)` (the same for an `Option<T>` that can be null),
/// `preset(function)` (a `T` that is always written).
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! object {
    ($type:ty, kept($extra:ident) {
        $($index:literal $name:literal $field:ident: $presence:ident $(($default:ident))?,)*
    }) => {
        impl<'de> $crate::runtime::codec::Object<'de> for $type {
            const FIELDS: &'static [&'static ::core::primitive::str] = &[$($name),*];
            const UNKNOWN: $crate::runtime::codec::Unknown = $crate::runtime::codec::Unknown::Kept;

            fn read<A: ::serde::de::MapAccess<'de>>(
                mut entries: $crate::runtime::codec::Entries<A, A::Error>,
            ) -> ::core::result::Result<Self, A::Error> {
                $(let mut $field = ::core::option::Option::None;)*
                let mut extra = ::std::collections::BTreeMap::new();
                while let ::core::option::Option::Some(row) = entries.next_row() {
                    match row {
                        $($index => entries.read(&mut $field),)*
                        _ => entries.keep(&mut extra),
                    }
                }
                entries.end()?;
                $(
                    let ::core::option::Option::Some($field) =
                        $crate::runtime::codec::take::$presence($field $(, Self::$default)?)
                    else {
                        return ::core::result::Result::Err($crate::runtime::codec::missing($name));
                    };
                )*
                ::core::result::Result::Ok(Self { $($field,)* $extra: extra })
            }
        }

        $crate::runtime::codec::object!(@deserialize $type);

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $(let $field = $crate::runtime::codec::shown::$presence(&self.$field $(, Self::$default)?);)*
                let count = self.$extra.len() $(+ $field as ::core::primitive::usize)*;
                let mut members = $crate::runtime::codec::Members::new(serializer, count);
                $(members.field($name, $field, &self.$field);)*
                members.extra(
                    <Self as $crate::runtime::codec::Object<'_>>::FIELDS,
                    &self.$extra,
                );
                members.end()
            }
        }
    };
    (@deserialize $type:ty) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::codec::read_object(deserializer)
            }
        }
    };
    (@unknown open) => { $crate::runtime::codec::Unknown::Open };
    (@unknown closed) => { $crate::runtime::codec::Unknown::Closed };
    ($type:ty, $unknown:ident {
        $($index:literal $name:literal $field:ident: $presence:ident $(($default:ident))?,)*
    }) => {
        impl<'de> $crate::runtime::codec::Object<'de> for $type {
            const FIELDS: &'static [&'static ::core::primitive::str] = &[$($name),*];
            const UNKNOWN: $crate::runtime::codec::Unknown =
                $crate::runtime::codec::object!(@unknown $unknown);

            fn read<A: ::serde::de::MapAccess<'de>>(
                mut entries: $crate::runtime::codec::Entries<A, A::Error>,
            ) -> ::core::result::Result<Self, A::Error> {
                $(let mut $field = ::core::option::Option::None;)*
                while let ::core::option::Option::Some(row) = entries.next_row() {
                    match row {
                        $($index => entries.read(&mut $field),)*
                        _ => entries.skip(),
                    }
                }
                entries.end()?;
                $(
                    let ::core::option::Option::Some($field) =
                        $crate::runtime::codec::take::$presence($field $(, Self::$default)?)
                    else {
                        return ::core::result::Result::Err($crate::runtime::codec::missing($name));
                    };
                )*
                ::core::result::Result::Ok(Self { $($field),* })
            }
        }

        $crate::runtime::codec::object!(@deserialize $type);

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $(let $field = $crate::runtime::codec::shown::$presence(&self.$field $(, Self::$default)?);)*
                let count = 0 $(+ $field as ::core::primitive::usize)*;
                $crate::runtime::codec::Fields::new(serializer, ::core::stringify!($type), count)
                    $(.field($name, $field, &self.$field))*
                    .end()
            }
        }
    };
}

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

/// An enum whose values are strings.
pub trait TextEnum: Sized {
    /// The values, in the order of the document.
    const VALUES: &'static [&'static str];

    /// The variant for a value, if there is one.
    fn from_text(text: &str) -> Option<Self>;
}

/// Reads a [`TextEnum`].
///
/// # Errors
///
/// If the value is not a string, or none of the enum's.
pub fn read_text<'de, D: Deserializer<'de>, T: TextEnum>(deserializer: D) -> Result<T, D::Error> {
    struct Reader<T>(PhantomData<T>);

    impl<T: TextEnum> Visitor<'_> for Reader<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            T::from_text(text).ok_or_else(|| de::Error::unknown_variant(text, T::VALUES))
        }
    }

    deserializer.deserialize_str(Reader(PhantomData))
}

/// `Serialize`, `Deserialize`, `Display`, `FromStr` and `as_str` for an enum of
/// strings: a table with a row for each value.
///
/// `closed`: another value is an error when reading; `open(Unknown)`: it is kept
/// in the variant `Unknown(String)`.
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

        impl $crate::runtime::codec::TextEnum for $type {
            const VALUES: &'static [&'static ::core::primitive::str] = &[$($value),*];

            fn from_text(text: &::core::primitive::str) -> ::core::option::Option<Self> {
                match text {
                    $($value => ::core::option::Option::Some(Self::$variant),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = $crate::runtime::codec::UnknownValue;

            fn from_str(
                text: &::core::primitive::str,
            ) -> ::core::result::Result<Self, $crate::runtime::codec::UnknownValue> {
                ::core::option::Option::ok_or(
                    <Self as $crate::runtime::codec::TextEnum>::from_text(text),
                    $crate::runtime::codec::UnknownValue::new(
                        <Self as $crate::runtime::codec::TextEnum>::VALUES,
                    ),
                )
            }
        }

        $crate::runtime::codec::text_enum!(@common $type);
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

        impl $crate::runtime::codec::TextEnum for $type {
            const VALUES: &'static [&'static ::core::primitive::str] = &[$($value),*];

            fn from_text(text: &::core::primitive::str) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match text {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown(::core::convert::From::from(text)),
                })
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

        $crate::runtime::codec::text_enum!(@common $type);
    };
    (@common $type:ty) => {
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
                $crate::runtime::codec::read_text(deserializer)
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
            type Error = $crate::runtime::codec::UnknownValue;

            fn try_from(
                value: ::core::primitive::i64,
            ) -> ::core::result::Result<Self, $crate::runtime::codec::UnknownValue> {
                match value {
                    $($value => ::core::result::Result::Ok(Self::$variant),)*
                    _ => ::core::result::Result::Err($crate::runtime::codec::UnknownValue::new(
                        &[$(::core::stringify!($value)),*],
                    )),
                }
            }
        }

        $crate::runtime::codec::integer_enum!(@common $type);
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

        $crate::runtime::codec::integer_enum!(@common $type);
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
                let value = $crate::runtime::codec::read_integer(deserializer)?;
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
        $crate::runtime::codec::json_enum!(@read $type, { $($value $variant,)* } _value => {
            ::core::result::Result::Err(::serde::de::Error::custom(
                $crate::runtime::codec::UnknownValue::new(&[$($value),*]),
            ))
        });

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => $crate::runtime::codec::write_json($value, serializer),)*
                }
            }
        }
    };
    ($type:ty, open($unknown:ident) { $($value:literal $variant:ident,)* }) => {
        $crate::runtime::codec::json_enum!(@read $type, { $($value $variant,)* } value => {
            ::core::result::Result::Ok(Self::$unknown(value))
        });

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => $crate::runtime::codec::write_json($value, serializer),)*
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
                let $other = $crate::runtime::codec::read_json(deserializer)?;
                $(
                    if $crate::runtime::codec::is_json(&$other, $value) {
                        return ::core::result::Result::Ok(Self::$variant);
                    }
                )*
                $else
            }
        }
    };
}

/// `Serialize` and `Deserialize` for a tuple struct of one value: those of the value.
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
pub(crate) use {integer_enum, json_enum, newtype, object, text_enum};
