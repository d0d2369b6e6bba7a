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
pub trait Object: Sized {
    /// The type's name, for serializers that show it.
    const NAME: &'static str;
    /// The properties' names on the wire, in the order of the table.
    const FIELDS: &'static [&'static str];
    /// What is done with other properties.
    const UNKNOWN: Unknown;

    /// Reads the object, entry by entry. `None`: there was an error, which the
    /// entries keep.
    fn read<'de, A: MapAccess<'de>>(entries: &mut Entries<A, A::Error>) -> Option<Self>;

    /// Goes through the properties in the order of the table.
    fn write<R: Rows>(&self, rows: &mut R);
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

/// The entries of an object that is being read, and the first error.
///
/// A row's value is read by the method of the row's word.
pub struct Entries<A, E> {
    map: A,
    cursor: Cursor,
    error: Option<E>,
}

impl<A, E> fmt::Debug for Entries<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entries")
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
        match self.map.next_key_seed(&mut self.cursor) {
            Ok(Some(())) if self.cursor.repeated => self.duplicate(),
            Ok(Some(())) => Some(self.cursor.row),
            Ok(None) => None,
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    #[cold]
    fn duplicate(&mut self) -> Option<usize> {
        let name = self.cursor.fields.get(self.cursor.row).copied();
        self.error = Some(de::Error::duplicate_field(name.unwrap_or_default()));
        None
    }

    #[inline]
    fn value<T: Deserialize<'de>>(&mut self) -> Option<T> {
        match self.map.next_value() {
            Ok(value) => Some(value),
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Reads a value that has to be there.
    #[inline]
    pub fn required<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        *slot = self.value();
    }

    /// Reads a value, or null, which is `None`.
    #[inline]
    pub fn nullable<T: Deserialize<'de>>(&mut self, slot: &mut Option<Option<T>>) {
        *slot = self.value();
    }

    /// Reads a value; missing and null are both `None`.
    #[inline]
    pub fn optional<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        *slot = self.value().flatten();
    }

    /// Reads a value; missing is `None`, and null is one of the values.
    #[inline]
    pub fn optional_any<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        *slot = self.value();
    }

    /// Reads a value; missing is `None`, null is `Some(None)`.
    #[inline]
    pub fn optional_nullable<T: Deserialize<'de>>(&mut self, slot: &mut Option<Option<T>>) {
        *slot = self.value();
    }

    /// Reads a value; missing and null are both the default.
    #[inline]
    pub fn default<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        *slot = self.value().flatten();
    }

    /// Reads a value; missing is the default, null is `None`.
    #[inline]
    pub fn default_nullable<T: Deserialize<'de>>(&mut self, slot: &mut Option<Option<T>>) {
        *slot = self.value();
    }

    /// Reads a value; missing and null are both the default.
    #[inline]
    pub fn preset<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) {
        *slot = self.value().flatten();
    }

    /// Skips the entry's value.
    pub fn skip(&mut self) {
        self.value::<IgnoredAny>();
    }

    /// Keeps the entry, by its name that is not in the table.
    pub fn keep<T: Deserialize<'de>>(&mut self, extra: &mut BTreeMap<String, T>) {
        let name = std::mem::take(&mut self.cursor.name);
        match (self.value(), extra.entry(name)) {
            (Some(value), Entry::Vacant(entry)) => {
                entry.insert(value);
            }
            (Some(_), Entry::Occupied(entry)) => {
                let name = entry.key();
                self.error = Some(de::Error::custom(format_args!("duplicate field `{name}`")));
            }
            (None, _) => {}
        }
    }

    /// Ends the entries: whether there was no error.
    #[inline]
    pub fn end(&self) -> bool {
        self.error.is_none()
    }

    /// Says that a property is missing.
    #[cold]
    pub fn missing<T>(&mut self, name: &'static str) -> Option<T> {
        self.error = Some(de::Error::missing_field(name));
        None
    }
}

/// Finds the rows of names.
struct Cursor {
    /// The row of the last name.
    row: usize,
    /// The last name that is not in the table, where that is kept.
    name: String,
    /// The row after the last one that was found: mostly that of the next name.
    next: usize,
    seen: Seen,
    /// Whether the last name was there before.
    repeated: bool,
    fields: &'static [&'static str],
    unknown: Unknown,
}

impl<'de> DeserializeSeed<'de> for &mut Cursor {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for &mut Cursor {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, name: &str) -> Result<(), E> {
        let found = match self.fields.get(self.next) {
            Some(next) if *next == name => Some(self.next),
            _ => self.fields.iter().position(|field| *field == name),
        };
        let Some(row) = found else {
            return self.unknown(name);
        };
        self.repeated = !self.seen.insert(row);
        self.row = row;
        self.next = row + 1;
        Ok(())
    }
}

impl Cursor {
    fn unknown<E: de::Error>(&mut self, name: &str) -> Result<(), E> {
        self.row = usize::MAX;
        match self.unknown {
            Unknown::Open => {}
            Unknown::Closed => return Err(E::unknown_field(name, self.fields)),
            Unknown::Kept => name.clone_into(&mut self.name),
        }
        Ok(())
    }
}

/// The rows that were found.
#[derive(Default)]
struct Seen {
    low: u128,
    /// The rows from 128 on.
    high: Vec<u128>,
}

impl Seen {
    /// Notes a row; false if it was there before.
    #[inline]
    fn insert(&mut self, row: usize) -> bool {
        let word = if row < 128 {
            &mut self.low
        } else {
            let index = row / 128 - 1;
            if self.high.len() <= index {
                self.high.resize(index + 1, 0);
            }
            match self.high.get_mut(index) {
                Some(word) => word,
                None => return false,
            }
        };
        let bit = 1 << (row % 128);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

/// Reads an [`Object`].
///
/// # Errors
///
/// As [`Object::read`], or if the value is not an object.
pub fn read_object<'de, D: Deserializer<'de>, T: Object>(deserializer: D) -> Result<T, D::Error> {
    struct Reader<T>(PhantomData<T>);

    impl<'de, T: Object> Visitor<'de> for Reader<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        #[inline]
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            let mut entries = Entries {
                map,
                cursor: Cursor {
                    row: 0,
                    name: String::new(),
                    next: 0,
                    seen: Seen::default(),
                    repeated: false,
                    fields: T::FIELDS,
                    unknown: T::UNKNOWN,
                },
                error: None,
            };
            match (T::read(&mut entries), entries.error) {
                (Some(value), None) => Ok(value),
                (_, Some(error)) => Err(error),
                (None, None) => Err(de::Error::custom("the object was not read")),
            }
        }
    }

    deserializer.deserialize_map(Reader(PhantomData))
}

/// What the properties of an object are given to, by the method of the row's word.
pub trait Rows {
    /// A property that is written.
    fn shown<T: Serialize>(&mut self, name: &'static str, value: &T);

    /// A property that is left out.
    fn hidden(&mut self, name: &'static str);

    /// Comes before the first property.
    #[inline]
    fn begin(&mut self) {}

    /// Either of the two.
    #[inline]
    fn shown_if<T: Serialize>(&mut self, shown: bool, name: &'static str, value: &T) {
        if shown {
            self.shown(name, value);
        } else {
            self.hidden(name);
        }
    }

    /// Is always written.
    #[inline]
    fn required<T: Serialize>(&mut self, name: &'static str, value: &T) {
        self.shown(name, value);
    }

    /// Is always written: `None` is null.
    #[inline]
    fn nullable<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        self.shown(name, value);
    }

    /// Is written unless it is `None`.
    #[inline]
    fn optional<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        self.shown_if(value.is_some(), name, value);
    }

    /// Is written unless it is `None`.
    #[inline]
    fn optional_any<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        self.shown_if(value.is_some(), name, value);
    }

    /// Is written unless it is `None`; `Some(None)` is null.
    #[inline]
    fn optional_nullable<T: Serialize>(&mut self, name: &'static str, value: &Option<Option<T>>) {
        self.shown_if(value.is_some(), name, value);
    }

    /// Is written unless it is the default.
    #[inline]
    fn default<T: Serialize + PartialEq>(
        &mut self,
        name: &'static str,
        value: &T,
        default: fn() -> T,
    ) {
        self.shown_if(*value != default(), name, value);
    }

    /// Is written unless it is the default; `None` is null.
    #[inline]
    fn default_nullable<T: Serialize + PartialEq>(
        &mut self,
        name: &'static str,
        value: &Option<T>,
        default: fn() -> Option<T>,
    ) {
        self.shown_if(*value != default(), name, value);
    }

    /// Is always written.
    #[inline]
    fn preset<T: Serialize>(&mut self, name: &'static str, value: &T, _default: fn() -> T) {
        self.shown(name, value);
    }
}

/// Counts the properties that are written: serializers want to know beforehand.
struct Count(usize);

impl Rows for Count {
    #[inline]
    fn shown<T: Serialize>(&mut self, _name: &'static str, _value: &T) {
        self.0 += 1;
    }

    #[inline]
    fn hidden(&mut self, _name: &'static str) {}
}

impl Count {
    fn of<T: Object>(object: &T) -> usize {
        let mut count = Self(0);
        object.write(&mut count);
        count.0
    }
}

/// An object that is being written, and the first error.
struct Fields<S: Serializer> {
    fields: S::SerializeStruct,
    error: Option<S::Error>,
}

impl<S: Serializer> Rows for Fields<S> {
    #[inline]
    fn shown<T: Serialize>(&mut self, name: &'static str, value: &T) {
        if self.error.is_none() {
            self.error = self.fields.serialize_field(name, value).err();
        }
    }

    #[inline]
    fn hidden(&mut self, name: &'static str) {
        if self.error.is_none() {
            self.error = self.fields.skip_field(name).err();
        }
    }
}

/// Writes an [`Object`].
///
/// # Errors
///
/// As the serializer.
pub fn write_object<T: Object, S: Serializer>(
    object: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut rows = Fields::<S> {
        fields: serializer.serialize_struct(T::NAME, Count::of(object))?,
        error: None,
    };
    object.write(&mut rows);
    match rows.error {
        None => rows.fields.end(),
        Some(error) => Err(error),
    }
}

/// The same for an object that keeps unknown properties.
struct Members<S: Serializer> {
    members: S::SerializeMap,
    error: Option<S::Error>,
}

impl<S: Serializer> Rows for Members<S> {
    #[inline]
    fn shown<T: Serialize>(&mut self, name: &'static str, value: &T) {
        if self.error.is_none() {
            self.error = self.members.serialize_entry(name, value).err();
        }
    }

    #[inline]
    fn hidden(&mut self, _name: &'static str) {}
}

/// Writes an [`Object`] and the properties that its table does not name.
///
/// # Errors
///
/// As the serializer, or if one of the other properties has a name of the table.
pub fn write_members<T: Object, V: Serialize, S: Serializer>(
    object: &T,
    extra: &BTreeMap<String, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut rows = Members::<S> {
        members: serializer.serialize_map(Some(Count::of(object) + extra.len()))?,
        error: None,
    };
    object.write(&mut rows);
    if let Some(error) = rows.error {
        return Err(error);
    }
    for (name, value) in extra {
        // A second property of a name that the table has would be read by
        // some servers and not by others.
        if T::FIELDS.contains(&name.as_str()) {
            return Err(ser::Error::custom(format_args!(
                "the additional property `{name}` has the name of a declared one"
            )));
        }
        rows.members.serialize_entry(name, value)?;
    }
    rows.members.end()
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
    // What is left of a row's slot once everything is read.
    (@take $entries:ident optional $field:ident $name:literal) => {};
    (@take $entries:ident optional_any $field:ident $name:literal) => {};
    (@take $entries:ident optional_nullable $field:ident $name:literal) => {};
    // `required`, `nullable`
    (@take $entries:ident $presence:ident $field:ident $name:literal) => {
        let ::core::option::Option::Some($field) = $field else {
            return $entries.missing($name);
        };
    };
    // `default`, `default_nullable`, `preset`
    (@take $entries:ident $presence:ident $field:ident $name:literal $default:ident) => {
        let $field = ::core::option::Option::unwrap_or_else($field, Self::$default);
    };
    (@rest $entries:ident) => { $entries.skip() };
    (@rest $entries:ident $extra:ident) => { $entries.keep(&mut $extra) };
    (@unknown open) => { $crate::runtime::codec::Unknown::Open };
    (@unknown closed) => { $crate::runtime::codec::Unknown::Closed };
    (@unknown kept) => { $crate::runtime::codec::Unknown::Kept };
    (@write open $self:ident $serializer:ident) => {
        $crate::runtime::codec::write_object($self, $serializer)
    };
    (@write closed $self:ident $serializer:ident) => {
        $crate::runtime::codec::write_object($self, $serializer)
    };
    (@write kept $self:ident $serializer:ident $extra:ident) => {
        $crate::runtime::codec::write_members($self, &$self.$extra, $serializer)
    };
    ($type:ty, $kind:ident $(($extra:ident))? {
        $($index:literal $name:literal $field:ident: $presence:ident $(($default:ident))?,)*
    }) => {
        impl $crate::runtime::codec::Object for $type {
            const NAME: &'static ::core::primitive::str = ::core::stringify!($type);
            const FIELDS: &'static [&'static ::core::primitive::str] = &[$($name),*];
            const UNKNOWN: $crate::runtime::codec::Unknown =
                $crate::runtime::codec::object!(@unknown $kind);

            #[inline]
            fn read<'de, A: ::serde::de::MapAccess<'de>>(
                entries: &mut $crate::runtime::codec::Entries<A, A::Error>,
            ) -> ::core::option::Option<Self> {
                $(let mut $field = ::core::option::Option::None;)*
                $(let mut $extra = ::std::collections::BTreeMap::new();)?
                while let ::core::option::Option::Some(row) = entries.next_row() {
                    match row {
                        $($index => entries.$presence(&mut $field),)*
                        _ => $crate::runtime::codec::object!(@rest entries $($extra)?),
                    }
                }
                if !entries.end() {
                    return ::core::option::Option::None;
                }
                $($crate::runtime::codec::object!(@take entries $presence $field $name $($default)?);)*
                ::core::option::Option::Some(Self { $($field,)* $($extra)? })
            }

            #[inline]
            fn write<R: $crate::runtime::codec::Rows>(&self, rows: &mut R) {
                rows.begin();
                $(rows.$presence($name, &self.$field $(, Self::$default)?);)*
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
                $crate::runtime::codec::object!(@write $kind self serializer $($extra)?)
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
