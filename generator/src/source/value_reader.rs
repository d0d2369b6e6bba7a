//! The serde visitor that reads YAML and JSON as a JSON value.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use super::file_limits::{Limit, MAX_POINTERS};
use crate::pointer::{Pointer, Trail};

/// The maximum that aliases may add to a document, in values and bytes of text.
const ALIAS_BUDGET: usize = 4 * 1024 * 1024;

/// The state of reading one text: limits, repeated keys and faults.
pub(super) struct Reader {
    is_yaml: bool,
    /// The remaining number of values and bytes of text.
    budget: Cell<usize>,
    /// The remaining number of values and keys.
    values: Cell<usize>,
    limit: Limit,
    /// The remaining length of pointers, in bytes.
    pointers: Cell<usize>,
    repeats: RefCell<Vec<(Pointer, Repeat)>>,
    faults: RefCell<Vec<(Pointer, Fault)>>,
}

/// A part of YAML that JSON cannot express.
#[derive(Debug, PartialEq)]
pub(super) enum Fault {
    /// A tag such as `!include`.
    Tag(String),
    /// `.inf` or `.nan`.
    NotFinite(f64),
    /// The value of `<<` is not a mapping.
    Merge,
}

/// The combination of the values of a duplicate key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// They are equal.
    Same,
    /// The later one is used.
    Last,
    /// Both are used, member by member.
    Merged,
}

impl Reader {
    /// Creates a reader for a text of `length` bytes.
    pub(super) fn new(is_yaml: bool, length: usize, limit: Limit) -> Self {
        Self {
            is_yaml,
            budget: Cell::new(length.saturating_add(ALIAS_BUDGET)),
            values: Cell::new(limit.most + 1),
            limit,
            pointers: Cell::new(MAX_POINTERS),
            repeats: RefCell::default(),
            faults: RefCell::default(),
        }
    }

    /// Reads the whole document.
    pub(super) fn read<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        Node {
            reader: self,
            path: Trail::Start(&Pointer::root()),
            length: 0,
        }
        .deserialize(deserializer)
    }

    /// Returns the duplicate keys, and how their values were combined.
    pub(super) fn take_repeats(&self) -> Vec<(Pointer, Repeat)> {
        self.repeats.take()
    }

    /// Returns whether reading ended because aliases expand the document beyond the limit.
    pub(super) fn is_exhausted(&self) -> bool {
        self.budget.get() == 0
    }

    /// Returns whether reading ended because there are too many values.
    pub(super) fn is_crowded(&self) -> bool {
        self.values.get() == 0
    }

    /// Returns whether reading ended because keys are too long.
    pub(super) fn has_long_pointers(&self) -> bool {
        self.pointers.get() == 0
    }

    pub(super) fn limit(&self) -> Limit {
        self.limit
    }

    /// Returns the number of values and keys.
    pub(super) fn values(&self) -> usize {
        self.limit.most + 1 - self.values.get()
    }

    /// Returns the faults and their nodes.
    pub(super) fn into_faults(self) -> Vec<(Pointer, Fault)> {
        self.faults.into_inner()
    }

    fn charge<E: Error>(&self, length: usize) -> Result<(), E> {
        let budget = self.budget.get().saturating_sub(length + 1);
        let values = self.values.get().saturating_sub(1);
        self.budget.set(budget);
        self.values.set(values);
        if budget == 0 || values == 0 || self.pointers.get() == 0 {
            // The caller reports which limit it is.
            return Err(E::custom("too large"));
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Node<'a> {
    reader: &'a Reader,
    path: Trail<'a>,
    /// The length of its pointer.
    length: usize,
}

impl Node<'_> {
    /// Returns the length of the pointer to a child whose key has `key` bytes.
    fn below(&self, key: usize) -> usize {
        let length = self.length + 1 + key;
        let pointers = &self.reader.pointers;
        pointers.set(pointers.get().saturating_sub(length));
        length
    }

    fn fault(&self, fault: Fault) {
        let mut faults = self.reader.faults.borrow_mut();
        faults.push((self.path.pointer(), fault));
    }

    /// Records a duplicate key.
    fn repeated(&self, key: &str, repeat: Repeat) {
        let at = self.path.pointer().child(key);
        self.reader.repeats.borrow_mut().push((at, repeat));
    }

    /// Combines the values of a duplicate key: the last one is used, as in most JSON parsers.
    /// Duplicate paths keep the operations of both.
    fn again(&self, key: &str, known: &mut Value, value: Value) {
        let is_paths = matches!(self.path, Trail::Key(Trail::Start(_), "paths"));
        let repeat = match (known, value) {
            (known, value) if *known == value => Repeat::Same,
            (Value::Object(known), Value::Object(value)) if is_paths => {
                known.extend(value);
                Repeat::Merged
            }
            (known, value) => {
                *known = value;
                Repeat::Last
            }
        };
        self.repeated(key, repeat);
    }

    /// Appends the entries of merge keys to those of the mapping itself.
    fn merge<E: Error>(&self, map: &mut Map<String, Value>, merged: Value) -> Result<(), E> {
        let sources = match merged {
            Value::Array(list) => list,
            other => vec![other],
        };
        for source in sources {
            let Value::Object(source) = source else {
                self.fault(Fault::Merge);
                continue;
            };
            for (key, value) in source {
                self.reader.charge(key.len())?;
                map.entry(key).or_insert(value);
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON knows")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.reader.charge(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.reader.charge(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.reader.charge(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.reader.charge(0)?;
        Ok(value.into())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "as serde_json reads an integer that no 64 bits hold"
    )]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "as serde_json reads an integer that no 64 bits hold"
    )]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.reader.charge(0)?;
        Ok(if let Some(number) = Number::from_f64(value) {
            Value::Number(number)
        } else {
            self.fault(Fault::NotFinite(value));
            Value::Null
        })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.reader.charge(value.len())?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.reader.charge(0)?;
        let mut list = Vec::new();
        loop {
            let node = Node {
                reader: self.reader,
                path: Trail::Index(&self.path, list.len()),
                length: self.below(1),
            };
            match access.next_element_seed(node)? {
                Some(value) => list.push(value),
                None => break,
            }
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.reader.charge(0)?;
        let mut map = Map::new();
        let mut merged: Option<Value> = None;
        while let Some(key) = access.next_key_seed(Key)? {
            self.reader.charge(key.len())?;
            let value = access.next_value_seed(Node {
                reader: self.reader,
                path: Trail::Key(&self.path, &key),
                length: self.below(key.len()),
            })?;
            if self.reader.is_yaml && key == "<<" {
                merged = Some(match merged {
                    None => value,
                    Some(known) => {
                        self.repeated(&key, Repeat::Merged);
                        joined(known, value)
                    }
                });
                continue;
            }
            match map.get_mut(&key) {
                Some(known) => self.again(&key, known, value),
                None => _ = map.insert(key, value),
            }
        }
        if let Some(merged) = merged {
            let path = Trail::Key(&self.path, "<<");
            let node = Node {
                reader: self.reader,
                path,
                length: self.length,
            };
            node.merge(&mut map, merged)?;
        }
        Ok(Value::Object(map))
    }

    /// Reads a tagged value, which `serde_yaml` represents as an enum.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (tag, variant) = access.variant_seed(Key)?;
        self.fault(Fault::Tag(tag));
        variant.newtype_variant_seed(self)
    }
}

/// Joins the values of two merge keys as a list.
fn joined(one: Value, other: Value) -> Value {
    let list = |value| match value {
        Value::Array(list) => list,
        value => vec![value],
    };
    let mut all = list(one);
    all.extend(list(other));
    Value::Array(all)
}

/// A key as it is written: `200` and `1.10` are strings.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}
