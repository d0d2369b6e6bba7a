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

/// An object type with a table of its properties.
pub trait Object<'de>: Sized {
    /// The properties' names on the wire, in the order of the table.
    const FIELDS: &'static [&'static str];
    /// What is done with other properties.
    const UNKNOWN: Unknown;

    /// The row of a name, or a number beyond the table.
    fn row(name: &str) -> usize;

    /// Reads the object, entry by entry.
    ///
    /// # Errors
    ///
    /// The first error that reading an entry gives, or a missing property.
    fn read<A: MapAccess<'de>>(entries: Entries<Self, A, A::Error>) -> Result<Self, A::Error>;
}

/// The entries of an object that is being read, and the first error.
///
/// Each step says whether to go on.
pub struct Entries<O, A, E> {
    map: A,
    cursor: Cursor<O>,
    error: Option<E>,
}

impl<O, A, E> fmt::Debug for Entries<O, A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entries")
    }
}

impl<'de, O: Object<'de>, A: MapAccess<'de>> Entries<O, A, A::Error> {
    /// The row of the next entry, or a number beyond the table for a name that
    /// is not in it; `None` at the end and for an error.
    #[inline]
    pub fn next_row(&mut self) -> Option<usize> {
        match self.map.next_key_seed(&mut self.cursor) {
            Ok(Some(())) => Some(self.cursor.row),
            Ok(None) => None,
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Reads the entry's value.
    #[inline]
    pub fn read<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> bool {
        if slot.is_some() {
            return self.duplicate();
        }
        match self.map.next_value() {
            Ok(value) => {
                *slot = Some(value);
                true
            }
            Err(error) => self.fail(error),
        }
    }

    /// Skips the entry's value.
    pub fn skip(&mut self) -> bool {
        match self.map.next_value::<IgnoredAny>() {
            Ok(_) => true,
            Err(error) => self.fail(error),
        }
    }

    /// Keeps the entry, by its name that is not in the table.
    pub fn keep<T: Deserialize<'de>>(&mut self, extra: &mut BTreeMap<String, T>) -> bool {
        let name = std::mem::take(&mut self.cursor.name);
        match (self.map.next_value(), extra.entry(name)) {
            (Ok(value), Entry::Vacant(entry)) => {
                entry.insert(value);
                true
            }
            (Ok(_), Entry::Occupied(entry)) => {
                let name = entry.key();
                self.fail(de::Error::custom(format_args!("duplicate field `{name}`")))
            }
            (Err(error), _) => self.fail(error),
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
    fn duplicate(&mut self) -> bool {
        let row = O::FIELDS.get(self.cursor.row);
        self.fail(de::Error::duplicate_field(row.copied().unwrap_or_default()))
    }

    #[cold]
    fn fail(&mut self, error: A::Error) -> bool {
        self.error = Some(error);
        false
    }
}

/// What is done with a name that is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is skipped.
    Open,
    /// It is an error.
    Closed,
    /// It is kept.
    Kept,
}

/// Finds the row of a name.
///
/// It is of one object type, although it could be of all: so it is compiled
/// into the reading of that type, as the derives' is.
struct Cursor<O> {
    /// The row of the last name.
    row: usize,
    /// The last name that is not in the table.
    name: String,
    object: PhantomData<O>,
}

impl<'de, O: Object<'de>> DeserializeSeed<'de> for &mut Cursor<O> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, O: Object<'de>> Visitor<'de> for &mut Cursor<O> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, name: &str) -> Result<(), E> {
        self.row = O::row(name);
        if self.row < O::FIELDS.len() || O::UNKNOWN == Unknown::Open {
            return Ok(());
        }
        self.unknown(name)
    }
}

impl<'de, O: Object<'de>> Cursor<O> {
    #[inline(never)]
    fn unknown<E: de::Error>(&mut self, name: &str) -> Result<(), E> {
        match O::UNKNOWN {
            Unknown::Open => {}
            Unknown::Closed => return Err(E::unknown_field(name, O::FIELDS)),
            Unknown::Kept => name.clone_into(&mut self.name),
        }
        Ok(())
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
                cursor: Cursor {
                    row: 0,
                    name: String::new(),
                    object: PhantomData,
                },
                error: None,
            })
        }
    }

    deserializer.deserialize_map(Reader(PhantomData))
}

/// What a row of a table makes of what was read, by the row's word, for a property that may be
/// missing.
pub mod take {
    /// Missing and null are both `None`.
    #[inline]
    pub fn optional<T>(slot: Option<Option<T>>) -> Option<T> {
        slot.flatten()
    }

    /// Missing is `None`, and null is one of the values.
    #[inline]
    pub fn optional_any<T>(slot: Option<T>) -> Option<T> {
        slot
    }

    /// Missing is `None`, null is `Some(None)`.
    #[inline]
    pub fn optional_nullable<T>(slot: Option<Option<T>>) -> Option<Option<T>> {
        slot
    }

    /// Missing and null are both the default.
    #[inline]
    pub fn default<T>(slot: Option<Option<T>>, default: fn() -> T) -> T {
        slot.flatten().unwrap_or_else(default)
    }

    /// Missing is the default, and null is one of the values.
    #[inline]
    pub fn default_any<T>(slot: Option<T>, default: fn() -> T) -> T {
        slot.unwrap_or_else(default)
    }

    /// Missing is the default, null is `None`.
    #[inline]
    pub fn default_nullable<T>(slot: Option<Option<T>>, default: fn() -> Option<T>) -> Option<T> {
        slot.unwrap_or_else(default)
    }

    /// Missing and null are both the default.
    #[inline]
    pub fn preset<T>(slot: Option<Option<T>>, default: fn() -> T) -> T {
        slot.flatten().unwrap_or_else(default)
    }

    /// Missing is the default, and null is one of the values.
    #[inline]
    pub fn preset_any<T>(slot: Option<T>, default: fn() -> T) -> T {
        slot.unwrap_or_else(default)
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

    /// Unless it is `None`.
    #[inline]
    pub fn optional_any<T>(value: &Option<T>) -> bool {
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

    /// Unless it is the default.
    #[inline]
    pub fn default_any<T: PartialEq>(value: &T, default: fn() -> T) -> bool {
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

    /// Always.
    #[inline]
    pub fn preset_any<T>(_value: &T, _default: fn() -> T) -> bool {
        true
    }
}

/// The error for a property that is missing.
#[cold]
pub fn missing<E: de::Error>(name: &'static str) -> E {
    de::Error::missing_field(name)
}

/// The properties of an object that is being written, and the first error.
///
/// Each step says whether to go on.
pub struct Fields<S: Serializer> {
    fields: S::SerializeStruct,
    error: Option<S::Error>,
}

impl<S: Serializer> fmt::Debug for Fields<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fields")
    }
}

impl<S: Serializer> Fields<S> {
    /// Begins an object of those properties that are shown.
    ///
    /// # Errors
    ///
    /// As the serializer.
    #[inline]
    pub fn new(serializer: S, name: &'static str, shown: &[bool]) -> Result<Self, S::Error> {
        let count = shown.iter().map(|shown| usize::from(*shown)).sum();
        Ok(Self {
            fields: serializer.serialize_struct(name, count)?,
            error: None,
        })
    }

    /// Comes before the first property.
    #[inline]
    pub fn begin(&mut self) -> bool {
        true
    }

    /// Writes a property, or says that it is left out.
    #[inline]
    pub fn field<T: Serialize>(&mut self, shown: bool, name: &'static str, value: &T) -> bool {
        let written = if shown {
            self.fields.serialize_field(name, value)
        } else {
            self.fields.skip_field(name)
        };
        match written {
            Ok(()) => true,
            Err(error) => self.fail(error),
        }
    }

    #[cold]
    fn fail(&mut self, error: S::Error) -> bool {
        self.error = Some(error);
        false
    }

    /// Ends the object.
    ///
    /// # Errors
    ///
    /// The first error, if there was one.
    #[inline]
    pub fn end(self) -> Result<S::Ok, S::Error> {
        match self.error {
            None => self.fields.end(),
            Some(error) => Err(error),
        }
    }
}

/// The same for an object that keeps unknown properties.
pub struct Members<S: Serializer> {
    members: S::SerializeMap,
    error: Option<S::Error>,
}

impl<S: Serializer> fmt::Debug for Members<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Members")
    }
}

impl<S: Serializer> Members<S> {
    /// Begins an object of this many properties.
    ///
    /// # Errors
    ///
    /// As the serializer.
    #[inline]
    pub fn new(serializer: S, count: usize) -> Result<Self, S::Error> {
        Ok(Self {
            members: serializer.serialize_map(Some(count))?,
            error: None,
        })
    }

    /// Writes a property.
    #[inline]
    pub fn field<T: Serialize>(&mut self, name: &str, value: &T) -> bool {
        match self.members.serialize_entry(name, value) {
            Ok(()) => true,
            Err(error) => self.fail(error),
        }
    }

    /// Writes the properties that the table does not name.
    pub fn extra<T: Serialize>(
        &mut self,
        fields: &'static [&'static str],
        extra: &BTreeMap<String, T>,
    ) -> bool {
        extra.iter().all(|(name, value)| {
            // A second property of a name that the table has would be read by
            // some servers and not by others.
            if fields.contains(&name.as_str()) {
                return self.fail(ser::Error::custom(format_args!(
                    "the additional property `{name}` has the name of a declared one"
                )));
            }
            self.field(name, value)
        })
    }

    #[cold]
    fn fail(&mut self, error: S::Error) -> bool {
        self.error = Some(error);
        false
    }

    /// Ends the object.
    ///
    /// # Errors
    ///
    /// The first error, if there was one.
    #[inline]
    pub fn end(self) -> Result<S::Ok, S::Error> {
        match self.error {
            None => self.members.end(),
            Some(error) => Err(error),
        }
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
/// `preset(function)` (a `T` that is always written). Of a `T` that is any JSON
/// value null is one, which `optional_any`, `default_any` and `preset_any` keep.
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! object {
    ($type:ty, kept($extra:ident) {
        $($index:literal $name:literal $field:ident: $presence:ident $(($default:ident))?,)*
    }) => {
        impl<'de> $crate::runtime::codec::Object<'de> for $type {
            const FIELDS: &'static [&'static ::core::primitive::str] = &[$($name),*];
            const UNKNOWN: $crate::runtime::codec::Unknown = $crate::runtime::codec::Unknown::Kept;

            fn row(name: &::core::primitive::str) -> ::core::primitive::usize {
                match name {
                    $($name => $index,)*
                    _ => ::core::primitive::usize::MAX,
                }
            }

            #[inline]
            fn read<A: ::serde::de::MapAccess<'de>>(
                mut entries: $crate::runtime::codec::Entries<Self, A, A::Error>,
            ) -> ::core::result::Result<Self, A::Error> {
                $(let mut $field = ::core::option::Option::None;)*
                let mut extra = ::std::collections::BTreeMap::new();
                while let ::core::option::Option::Some(row) = entries.next_row() {
                    let go_on = match row {
                        $($index => entries.read(&mut $field),)*
                        _ => entries.keep(&mut extra),
                    };
                    if !go_on {
                        break;
                    }
                }
                entries.end()?;
                ::core::result::Result::Ok(Self {
                    $($field: $crate::runtime::codec::object!(
                        @take $presence $name $field $($default)?
                    ),)*
                    $extra: extra,
                })
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
                let mut members = $crate::runtime::codec::Members::new(serializer, count)?;
                let _ = true
                    $(&& (!$field || members.field($name, &self.$field)))*
                    && members.extra(
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
    (@take required $name:literal $field:ident) => {
        match $field {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => {
                return ::core::result::Result::Err($crate::runtime::codec::missing($name));
            }
        }
    };
    (@take nullable $name:literal $field:ident) => {
        $crate::runtime::codec::object!(@take required $name $field)
    };
    (@take $presence:ident $name:literal $field:ident $($default:ident)?) => {
        $crate::runtime::codec::take::$presence($field $(, Self::$default)?)
    };
    (@unknown open) => { $crate::runtime::codec::Unknown::Open };
    (@unknown closed) => { $crate::runtime::codec::Unknown::Closed };
    ($type:ty, $kind:ident {
        $($index:literal $name:literal $field:ident: $presence:ident $(($default:ident))?,)*
    }) => {
        impl<'de> $crate::runtime::codec::Object<'de> for $type {
            const FIELDS: &'static [&'static ::core::primitive::str] = &[$($name),*];
            const UNKNOWN: $crate::runtime::codec::Unknown =
                $crate::runtime::codec::object!(@unknown $kind);

            fn row(name: &::core::primitive::str) -> ::core::primitive::usize {
                match name {
                    $($name => $index,)*
                    _ => ::core::primitive::usize::MAX,
                }
            }

            #[inline]
            fn read<A: ::serde::de::MapAccess<'de>>(
                mut entries: $crate::runtime::codec::Entries<Self, A, A::Error>,
            ) -> ::core::result::Result<Self, A::Error> {
                $(let mut $field = ::core::option::Option::None;)*
                while let ::core::option::Option::Some(row) = entries.next_row() {
                    let go_on = match row {
                        $($index => entries.read(&mut $field),)*
                        _ => entries.skip(),
                    };
                    if !go_on {
                        break;
                    }
                }
                entries.end()?;
                ::core::result::Result::Ok(Self {
                    $($field: $crate::runtime::codec::object!(
                        @take $presence $name $field $($default)?
                    ),)*
                })
            }
        }

        $crate::runtime::codec::object!(@deserialize $type);

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let shown = [$(
                    $crate::runtime::codec::shown::$presence(&self.$field $(, Self::$default)?),
                )*];
                let mut fields = $crate::runtime::codec::Fields::new(
                    serializer,
                    ::core::stringify!($type),
                    &shown,
                )?;
                let _ = fields.begin() $(&& fields.field(shown[$index], $name, &self.$field))*;
                fields.end()
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
pub(crate) use {newtype, object};

#[allow(unused_imports, reason = "used by the tables that a document needs")]
pub(crate) use super::enumeration::{integer_enum, json_enum, text_enum};
