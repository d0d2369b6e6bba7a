//! Equality of JSON values, and an index to find values in long lists.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// Returns `true` if two values are equal. Numbers are compared by value, not by their text.
#[must_use]
pub fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(name, a)| b.get(name).is_some_and(|b| is_same(a, b));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => one == other,
    }
}

/// A list of values with an index, to find a value without a linear search.
#[derive(Debug)]
pub struct ValueIndex<V> {
    values: Vec<V>,
    by_hash: HashMap<u64, Vec<usize>>,
}

impl<V: Borrow<Value>> ValueIndex<V> {
    /// Creates the index of a list.
    pub fn new(values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<V> = values.into_iter().collect();
        let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::with_capacity(values.len());
        for (position, value) in values.iter().enumerate() {
            by_hash
                .entry(hash(value.borrow()))
                .or_default()
                .push(position);
        }
        Self { values, by_hash }
    }

    /// Returns the values in order.
    #[must_use]
    pub fn values(&self) -> &[V] {
        &self.values
    }

    /// Returns the position of the first equal value.
    #[must_use]
    pub fn position(&self, value: &Value) -> Option<usize> {
        let positions = self.by_hash.get(&hash(value))?;
        let mut positions = positions.iter().copied();
        positions.find(|position| {
            let other = self.values.get(*position);
            other.is_some_and(|other| is_same(other.borrow(), value))
        })
    }
}

/// Returns a hash that is the same for equal values.
fn hash(value: &Value) -> u64 {
    let mut state = DefaultHasher::new();
    // Recursion is limited by the maximum nesting depth of the reader.
    match value {
        Value::Null => {}
        Value::Bool(flag) => flag.hash(&mut state),
        Value::Number(number) => {
            // Adding zero turns -0.0 into 0.0.
            let number = number.as_f64().map(|number| (number + 0.0).to_bits());
            number.hash(&mut state);
        }
        Value::String(text) => text.hash(&mut state),
        Value::Array(items) => {
            for item in items {
                hash(item).hash(&mut state);
            }
        }
        Value::Object(members) => {
            let hasher = BuildHasherDefault::<DefaultHasher>::default();
            let members = members
                .iter()
                .map(|(name, value)| hasher.hash_one((name, hash(value))));
            // The order of the members does not matter.
            members.fold(0_u64, u64::wrapping_add).hash(&mut state);
        }
    }
    state.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_found_in_any_spelling() {
        let values = [
            json!("a"),
            json!(1),
            json!(-0.0),
            json!({ "a": 1.0, "b": [null, true] }),
            json!(u64::MAX),
            json!(1),
        ];
        let index = ValueIndex::new(&values);
        for (value, position) in [
            (json!("a"), Some(0)),
            (json!(1.0), Some(1)),
            (json!(0), Some(2)),
            (json!({ "b": [null, true], "a": 1 }), Some(3)),
            (json!({ "b": [true, null], "a": 1 }), None),
            (json!(u64::MAX), Some(4)),
            (json!(u64::MAX - 1), None),
            (json!(null), None),
        ] {
            assert_eq!(index.position(&value), position, "{value}");
        }
    }
}
