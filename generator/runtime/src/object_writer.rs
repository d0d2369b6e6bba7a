//! Writes objects by tables of their properties.

use std::collections::BTreeMap;

use serde::ser::{self, Serialize, SerializeMap, SerializeStruct, Serializer};

use super::object_reader::Names;

/// A value that can be written as a property.
pub trait Value<S: Serializer> {
    /// Writes the value as a property of an object with declared properties only.
    ///
    /// # Errors
    ///
    /// Returns an error if the serializer fails.
    fn write(&self, name: &'static str, object: &mut S::SerializeStruct) -> Result<(), S::Error>;

    /// Writes the value as a property of an object with other properties.
    ///
    /// # Errors
    ///
    /// Returns an error if the serializer fails.
    fn write_entry(&self, name: &'static str, object: &mut S::SerializeMap)
    -> Result<(), S::Error>;
}

impl<S: Serializer, T: Serialize> Value<S> for T {
    fn write(&self, name: &'static str, object: &mut S::SerializeStruct) -> Result<(), S::Error> {
        object.serialize_field(name, self)
    }

    fn write_entry(
        &self,
        name: &'static str,
        object: &mut S::SerializeMap,
    ) -> Result<(), S::Error> {
        object.serialize_entry(name, self)
    }
}

/// The value of a property to write; `None` to leave it out.
type Member<'a, S> = Option<&'a dyn Value<S>>;

/// Decides whether a property is written, by the keyword of its row.
pub mod member {
    use super::super::defaults;
    use super::{Member, Serialize, Serializer};

    /// Writes the property always.
    #[inline]
    pub fn required<S: Serializer, T: Serialize>(value: &T) -> Member<'_, S> {
        Some(value)
    }

    /// Writes the property always: `None` as null.
    #[inline]
    pub fn nullable<S: Serializer, T: Serialize>(value: &Option<T>) -> Member<'_, S> {
        Some(value)
    }

    /// Writes the property unless it is `None`.
    #[inline]
    pub fn optional<S: Serializer, T: Serialize>(value: &Option<T>) -> Member<'_, S> {
        match value {
            Some(value) => Some(value),
            None => None,
        }
    }

    /// Writes the property unless it is `None`.
    #[inline]
    pub fn optional_any<S: Serializer, T: Serialize>(value: &Option<T>) -> Member<'_, S> {
        optional(value)
    }

    /// Writes the property unless it is `None`; `Some(None)` as null.
    #[inline]
    pub fn optional_nullable<S: Serializer, T: Serialize>(
        value: &Option<Option<T>>,
    ) -> Member<'_, S> {
        optional(value)
    }

    /// Writes the property unless it is the default and defaults are left out.
    #[inline]
    pub fn default<S: Serializer, T: Serialize + PartialEq>(
        value: &T,
        default: fn() -> T,
    ) -> Member<'_, S> {
        let is_written = *value != default() || defaults::are_explicit();
        is_written.then_some(value as &dyn super::Value<S>)
    }

    /// Writes the property unless it is the default and defaults are left out.
    #[inline]
    pub fn default_any<S: Serializer, T: Serialize + PartialEq>(
        value: &T,
        function: fn() -> T,
    ) -> Member<'_, S> {
        default(value, function)
    }

    /// Writes the property unless it is the default and defaults are left out; `None` as null.
    #[inline]
    pub fn default_nullable<S: Serializer, T: Serialize + PartialEq>(
        value: &Option<T>,
        function: fn() -> Option<T>,
    ) -> Member<'_, S> {
        default(value, function)
    }

    /// Writes the property unless it is the default, even if defaults are written: a client does
    /// not send a property that only the server sets.
    #[inline]
    pub fn server_default<S: Serializer, T: Serialize + PartialEq>(
        value: &T,
        default: fn() -> T,
    ) -> Member<'_, S> {
        (*value != default()).then_some(value as &dyn super::Value<S>)
    }

    /// Like [`server_default`], for any JSON value.
    #[inline]
    pub fn server_default_any<S: Serializer, T: Serialize + PartialEq>(
        value: &T,
        function: fn() -> T,
    ) -> Member<'_, S> {
        server_default(value, function)
    }

    /// Like [`server_default`], but writes `None` as null.
    #[inline]
    pub fn server_default_nullable<S: Serializer, T: Serialize + PartialEq>(
        value: &Option<T>,
        function: fn() -> Option<T>,
    ) -> Member<'_, S> {
        server_default(value, function)
    }

    /// Writes the property always.
    #[inline]
    pub fn preset<S: Serializer, T: Serialize>(value: &T, _default: fn() -> T) -> Member<'_, S> {
        Some(value)
    }

    /// Writes the property always.
    #[inline]
    pub fn preset_any<S: Serializer, T: Serialize>(
        value: &T,
        _default: fn() -> T,
    ) -> Member<'_, S> {
        Some(value)
    }

    /// Writes the property always; `None` as null.
    #[inline]
    pub fn preset_nullable<S: Serializer, T: Serialize>(
        value: &Option<T>,
        _default: fn() -> Option<T>,
    ) -> Member<'_, S> {
        Some(value)
    }
}

/// Writes an object with declared properties only.
///
/// # Errors
///
/// Returns an error if the serializer fails.
pub fn write_open<S: Serializer>(
    serializer: S,
    name: &'static str,
    names: Names,
    members: &[Member<'_, S>],
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_struct(name, members.iter().flatten().count())?;
    for (name, member) in names.iter().zip(members) {
        match member {
            Some(value) => value.write(name, &mut object)?,
            None => object.skip_field(name)?,
        }
    }
    object.end()
}

/// Writes an object with other properties.
///
/// # Errors
///
/// Returns an error if the serializer fails, or if another property has the name of a declared one.
pub fn write_kept<S: Serializer, T: Serialize>(
    serializer: S,
    names: Names,
    members: &[Member<'_, S>],
    extra: &BTreeMap<String, T>,
) -> Result<S::Ok, S::Error> {
    let count = members.iter().flatten().count() + extra.len();
    let mut object = serializer.serialize_map(Some(count))?;
    for (name, member) in names.iter().zip(members) {
        if let Some(value) = member {
            value.write_entry(name, &mut object)?;
        }
    }
    for (name, value) in extra {
        // Servers disagree on the value of a duplicate name.
        if names.contains(&name.as_str()) {
            return Err(ser::Error::custom(format_args!(
                "the additional property `{name}` has the name of a declared one"
            )));
        }
        object.serialize_entry(name, value)?;
    }
    object.end()
}
