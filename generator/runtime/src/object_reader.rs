//! Reads objects by tables of their properties.
//!
//! The loop over the properties is in a helper: each impl only provides the names of its properties
//! and their slots.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::union_score::{self, Tags};

/// The properties' names on the wire, in the order of the table.
pub(super) type Names = &'static [&'static str];

/// An object type with a table of its properties.
pub trait Object<'de>: Sized {
    /// The names of the properties.
    const NAMES: Names;
    /// Whether each property is required.
    const REQUIRED: &'static [bool];
    /// The treatment of other properties.
    const OTHERS: Others;

    /// Reads the object; `None` if the entries hold an error.
    fn read<A: MapAccess<'de>>(entries: &mut Entries<'de, A>) -> Option<Self>;
}

impl<'de, T: Object<'de>> Object<'de> for Box<T> {
    const NAMES: Names = T::NAMES;
    const REQUIRED: &'static [bool] = T::REQUIRED;
    const OTHERS: Others = T::OTHERS;

    fn read<A: MapAccess<'de>>(entries: &mut Entries<'de, A>) -> Option<Self> {
        T::read(entries).map(Self::new)
    }
}

/// Reads an [`Object`].
///
/// # Errors
///
/// See [`Object::read`]; also if the value is not an object.
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
            let mut entries = Entries { map, error: None };
            let object = T::read(&mut entries);
            object.ok_or_else(|| {
                entries
                    .error
                    .unwrap_or_else(|| de::Error::custom("it cannot be read"))
            })
        }
    }

    deserializer.deserialize_map(Reader(PhantomData))
}

/// The destination of a property's value while an object is read.
pub trait Slot<'de, A: MapAccess<'de>> {
    /// Reads the next value into the slot. Returns `false` if the slot already has one.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be read.
    fn read(&mut self, map: &mut A) -> Result<bool, A::Error>;

    /// Returns whether no value was read; `None` if this slot and all after it may stay empty.
    fn is_missing(&self) -> Option<bool> {
        None
    }
}

impl<'de, A: MapAccess<'de>, T: Deserialize<'de>> Slot<'de, A> for Option<T> {
    fn read(&mut self, map: &mut A) -> Result<bool, A::Error> {
        if self.is_some() {
            return Ok(false);
        }
        *self = Some(map.next_value()?);
        Ok(true)
    }
}

/// The slot of a property with a constant value, which has no field.
#[derive(Debug)]
pub struct Constant<T> {
    value: T,
    found: bool,
}

impl<T> Constant<T> {
    /// Creates an empty slot for this value.
    pub fn new(value: T) -> Self {
        Self {
            value,
            found: false,
        }
    }
}

impl<'de, A: MapAccess<'de>, T: fmt::Debug> Slot<'de, A> for Constant<T>
where
    serde_json::Value: PartialEq<T>,
{
    fn read(&mut self, map: &mut A) -> Result<bool, A::Error> {
        let is_second = self.found;
        self.found = map.next_value::<serde_json::Value>()? == self.value;
        match self {
            Self { found: true, .. } => Ok(!is_second),
            Self { value, .. } => Err(de::Error::custom(format_args!("expected {value:?}"))),
        }
    }

    fn is_missing(&self) -> Option<bool> {
        Some(!self.found)
    }
}

/// The entries of an object that is being read, and the error that ended the reading.
pub struct Entries<'de, A: MapAccess<'de>> {
    map: A,
    error: Option<A::Error>,
}

impl<'de, A: MapAccess<'de>> fmt::Debug for Entries<'de, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entries")
    }
}

// The impls do not return the error: each of them would repeat its type at every step.
impl<'de, A: MapAccess<'de>> Entries<'de, A> {
    /// Reads each property into the slot of its name, and skips the others.
    ///
    /// Returns `false` if a value cannot be read, if a property is present twice, or if a constant
    /// one is missing.
    pub fn open(&mut self, names: Names, slots: &mut [&mut dyn Slot<'de, A>]) -> bool {
        self.skipping(Key::new(names, Others::Skipped), slots)
    }

    /// Like [`open`](Self::open), for a schema that forbids other properties.
    pub fn tolerant(&mut self, names: Names, slots: &mut [&mut dyn Slot<'de, A>]) -> bool {
        self.skipping(Key::new(names, Others::Unexpected), slots)
    }

    fn skipping(&mut self, key: Key, slots: &mut [&mut dyn Slot<'de, A>]) -> bool {
        let is_refused = key.others == Others::Unexpected;
        self.read(key, slots, |key, map| {
            if key.is_tag {
                map.next_value::<IgnoredAny>().map(|_| ())
            } else {
                union_score::skip(map, is_refused)
            }
        })
    }

    /// Like [`open`](Self::open), but rejects other properties.
    pub fn closed(&mut self, names: Names, slots: &mut [&mut dyn Slot<'de, A>]) -> bool {
        self.read(Key::new(names, Others::Refused), slots, |_, _| Ok(()))
    }

    /// Like [`open`](Self::open), but keeps other properties.
    pub fn kept<T: Deserialize<'de>>(
        &mut self,
        names: Names,
        slots: &mut [&mut dyn Slot<'de, A>],
        extra: &mut BTreeMap<String, T>,
    ) -> bool {
        self.read(Key::new(names, Others::Kept), slots, |key, map| {
            if !key.is_tag {
                union_score::kept();
            }
            match extra.entry(std::mem::take(&mut key.other)) {
                Entry::Vacant(entry) => {
                    entry.insert(map.next_value()?);
                    Ok(())
                }
                Entry::Occupied(entry) => {
                    let name = entry.key();
                    Err(de::Error::custom(format_args!("duplicate field `{name}`")))
                }
            }
        })
    }

    /// Records that a property is missing.
    #[cold]
    pub fn missing<T>(&mut self, name: &'static str) -> Option<T> {
        self.error = Some(de::Error::missing_field(name));
        None
    }

    fn read(
        &mut self,
        key: Key,
        slots: &mut [&mut dyn Slot<'de, A>],
        other: impl FnMut(&mut Key, &mut A) -> Result<(), A::Error>,
    ) -> bool {
        self.error = read_entries(&mut self.map, key, slots, other).err();
        self.error.is_none()
    }
}

fn read_entries<'de, A: MapAccess<'de>>(
    map: &mut A,
    mut key: Key,
    slots: &mut [&mut dyn Slot<'de, A>],
    mut other: impl FnMut(&mut Key, &mut A) -> Result<(), A::Error>,
) -> Result<(), A::Error> {
    while map.next_key_seed(&mut key)?.is_some() {
        match slots.get_mut(key.row) {
            Some(slot) => {
                if !slot.read(map)? {
                    return Err(key.duplicate());
                }
            }
            None => other(&mut key, map)?,
        }
    }
    let mut missings = slots.iter().map_while(|slot| slot.is_missing());
    match missings.position(|is_missing| is_missing) {
        Some(row) => Err(de::Error::missing_field(
            key.names.get(row).copied().unwrap_or_default(),
        )),
        None => Ok(()),
    }
}

/// The treatment of a property that is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// It is skipped.
    Skipped,
    /// It is skipped, although the schema forbids it.
    Unexpected,
    /// It is an error.
    Refused,
    /// It is kept.
    Kept,
}

/// Finds the row of each name.
struct Key {
    names: Names,
    others: Others,
    /// Names that are not in the table but are tags.
    tags: Tags,
    /// The row of the last name, or a number beyond the table.
    row: usize,
    /// The row to try first: most objects have their properties in the table's order.
    next: usize,
    /// The last name that is not in the table and is kept.
    other: String,
    /// True if the last name that is not in the table is one of the tags.
    is_tag: bool,
}

impl Key {
    #[inline]
    fn new(names: Names, others: Others) -> Self {
        Self {
            names,
            others,
            tags: union_score::take_tags(),
            row: 0,
            next: 0,
            other: String::new(),
            is_tag: false,
        }
    }

    #[inline(never)]
    fn find<E: de::Error>(&mut self, name: &str) -> Result<(), E> {
        let row = self.names.iter().position(|one| *one == name);
        self.row = row.unwrap_or(usize::MAX);
        if row.is_none() {
            self.is_tag = self.tags.contains(&Some(name));
        }
        match (row, self.others) {
            (Some(row), _) => self.next = row + 1,
            (None, Others::Skipped | Others::Unexpected) => {}
            (None, Others::Refused) => return Err(E::unknown_field(name, self.names)),
            (None, Others::Kept) => name.clone_into(&mut self.other),
        }
        Ok(())
    }

    #[cold]
    fn duplicate<E: de::Error>(&self) -> E {
        E::duplicate_field(self.names.get(self.row).copied().unwrap_or_default())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Key {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for &mut Key {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, name: &str) -> Result<(), E> {
        if self.names.get(self.next).is_some_and(|next| *next == name) {
            self.row = self.next;
            self.next += 1;
            return Ok(());
        }
        self.find(name)
    }
}

/// Converts the value of a slot to that of an optional property, by the keyword of its row.
pub mod take {
    use super::union_score;

    /// Reads a missing property and null as `None`.
    #[inline]
    pub fn optional<T>(slot: Option<Option<T>>) -> Option<T> {
        slot.flatten()
    }

    /// Reads a missing property as `None`, and null as a value.
    #[inline]
    pub fn optional_any<T>(slot: Option<T>) -> Option<T> {
        slot
    }

    /// Reads a missing property as `None`, and null as `Some(None)`.
    #[inline]
    pub fn optional_nullable<T>(slot: Option<Option<T>>) -> Option<Option<T>> {
        slot
    }

    /// Reads a missing property and null as the default.
    #[inline]
    pub fn default<T>(slot: Option<Option<T>>, default: fn() -> T) -> T {
        slot.flatten().unwrap_or_else(default)
    }

    /// Reads a missing property as the default, and null as a value.
    #[inline]
    pub fn default_any<T>(slot: Option<T>, default: fn() -> T) -> T {
        slot.unwrap_or_else(default)
    }

    /// Reads a missing property as the default, and null as `None`.
    #[inline]
    pub fn default_nullable<T>(slot: Option<Option<T>>, default: fn() -> Option<T>) -> Option<T> {
        slot.unwrap_or_else(default)
    }

    /// Reads a missing property and null as the default.
    #[inline]
    pub fn server_default<T>(slot: Option<Option<T>>, function: fn() -> T) -> T {
        default(slot, function)
    }

    /// Reads a missing property as the default, and null as a value.
    #[inline]
    pub fn server_default_any<T>(slot: Option<T>, function: fn() -> T) -> T {
        default_any(slot, function)
    }

    /// Reads a missing property as the default, and null as `None`.
    #[inline]
    pub fn server_default_nullable<T>(
        slot: Option<Option<T>>,
        function: fn() -> Option<T>,
    ) -> Option<T> {
        default_nullable(slot, function)
    }

    /// Reads a missing property and null as the default.
    #[inline]
    pub fn preset<T>(slot: Option<Option<T>>, default: fn() -> T) -> T {
        slot.flatten().unwrap_or_else(|| missing(default))
    }

    /// Reads a missing property as the default, and null as a value.
    #[inline]
    pub fn preset_any<T>(slot: Option<T>, default: fn() -> T) -> T {
        slot.unwrap_or_else(|| missing(default))
    }

    #[cold]
    fn missing<T>(default: fn() -> T) -> T {
        union_score::missing();
        default()
    }

    /// Reads a missing property as the default, and null as `None`.
    #[inline]
    pub fn preset_nullable<T>(slot: Option<Option<T>>, default: fn() -> Option<T>) -> Option<T> {
        slot.unwrap_or_else(default)
    }
}
