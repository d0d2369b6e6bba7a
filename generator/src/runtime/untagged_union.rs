//! `oneOf` and `anyOf` without a property that tells the branches apart: a macro that takes a list,
//! and the helpers that it calls.

use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer};
use serde::ser::Serialize;
use serde_json::Value;

use super::any::Json;
use super::json;
use super::tree::Tree;
use super::union::Raw;

/// The branch that carries most of a value, among those that have tried.
#[derive(Debug)]
pub struct Best<U> {
    raw: Raw,
    value: Value,
    /// How much it loses, and the branch.
    best: Option<(usize, U)>,
    failures: Vec<(&'static str, String)>,
}

impl<U> Best<U> {
    /// Takes the text of the next value.
    ///
    /// # Errors
    ///
    /// As [`Raw::read`].
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Raw::read(deserializer)?;
        let value = serde_json::from_str(raw.text()).map_err(de::Error::custom)?;
        Ok(Self {
            raw,
            value,
            best: None,
            failures: Vec::new(),
        })
    }

    /// Has a branch try, unless another one carries the whole value already.
    pub fn offer<T: DeserializeOwned + Serialize>(
        &mut self,
        name: &'static str,
        variant: fn(T) -> U,
    ) {
        if matches!(self.best, Some((0, _))) {
            return;
        }
        let text = self.raw.text();
        let read = match self.raw.spend() {
            Ok(()) => json::read_inner::<T>(text),
            Err(message) => Err(message.to_owned()),
        };
        match read {
            Ok(branch) => {
                // A branch that cannot be written is one that carries nothing.
                let loss = Tree::of(&branch).map_or(usize::MAX, |tree| loss(&tree, &self.value));
                if self.best.as_ref().is_none_or(|(least, _)| loss < *least) {
                    self.best = Some((loss, variant(branch)));
                }
            }
            Err(message) => self.failures.push((name, message)),
        }
    }

    /// The branch that carries the whole value, or else the value as JSON.
    ///
    /// # Errors
    ///
    /// As [`Raw::json`].
    pub fn or_json<E: de::Error>(self, other: fn(Json) -> U) -> Result<U, E> {
        match self.best {
            Some((0, branch)) => Ok(branch),
            _ => self.raw.json().map(other),
        }
    }

    /// The branch that carries most.
    ///
    /// # Errors
    ///
    /// If the value is none of the branches.
    pub fn or_error<E: de::Error>(self) -> Result<U, E> {
        match self.best {
            Some((_, branch)) => Ok(branch),
            None => Err(E::custom(Failures(&self.failures))),
        }
    }
}

struct Failures<'a>(&'a [(&'static str, String)]);

impl fmt::Display for Failures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("none of the alternatives")?;
        for (i, (name, message)) in self.0.iter().take(8).enumerate() {
            let separator = if i == 0 { ": " } else { "; " };
            let (path, message) = json::unpack(message);
            let at = if path.is_empty() { "" } else { " at " };
            write!(f, "{separator}not `{name}`{at}{path}, {message}")?;
        }
        Ok(())
    }
}

/// How many properties and values a branch does not carry, or changes.
fn loss(tree: &Tree, value: &Value) -> usize {
    match (tree, value) {
        (Tree::Null | Tree::Absent, Value::Null) => 0,
        (Tree::Bool(one), Value::Bool(other)) if one == other => 0,
        (Tree::Text(one), Value::String(other)) if one == other => 0,
        (Tree::Integer(one), Value::Number(other)) if is_integer(*one, other) => 0,
        (Tree::Float(one), Value::Number(other)) if is_float(*one, other) => 0,
        (Tree::Number(one), Value::Number(other)) if is_number(one, other) => 0,
        (Tree::List(items), Value::Array(values)) if items.len() == values.len() => items
            .iter()
            .zip(values)
            .map(|(item, value)| loss(item, value))
            .fold(0, usize::saturating_add),
        (Tree::Struct(entries), Value::Object(values)) => {
            let kept = |name: &String| entries.iter().any(|(entry, _)| *entry == name);
            let lost = values.keys().filter(|name| !kept(name)).count();
            let entries = entries.iter().map(|(name, entry)| (*name, entry));
            loss_of_entries(entries, values).saturating_add(lost)
        }
        // A map keeps every name that its type does not have.
        (Tree::Map(entries), Value::Object(values)) => {
            let entries = entries.iter().map(|(name, entry)| (name.as_str(), entry));
            loss_of_entries(entries, values)
        }
        _ => 1,
    }
}

fn loss_of_entries<'t>(
    entries: impl Iterator<Item = (&'t str, &'t Tree)>,
    values: &serde_json::Map<String, Value>,
) -> usize {
    entries
        .map(|(name, entry)| match (entry, values.get(name)) {
            // Left out: it is the default, or a null that means the same.
            (Tree::Absent, _) => 0,
            (entry, Some(value)) => loss(entry, value),
            (_, None) => 1,
        })
        .fold(0, usize::saturating_add)
}

fn is_integer(one: i128, other: &serde_json::Number) -> bool {
    if let Some(other) = other.as_i64() {
        i128::from(other) == one
    } else if let Some(other) = other.as_u64() {
        i128::from(other) == one
    } else {
        // 1.0 is 1.
        other.as_f64().is_some_and(|other| is_same(one, other))
    }
}

fn is_number(one: &str, other: &serde_json::Number) -> bool {
    one.parse().is_ok_and(|one: f64| is_float(one, other))
}

fn is_float(one: f64, other: &serde_json::Number) -> bool {
    if let Some(other) = other.as_i64() {
        is_same(i128::from(other), one)
    } else if let Some(other) = other.as_u64() {
        is_same(i128::from(other), one)
    } else {
        other.as_f64() == Some(one)
    }
}

/// Whether a float is exactly this integer.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float without a fraction and within the range of an i128 is exact in one"
)]
fn is_same(integer: i128, float: f64) -> bool {
    float.fract() == 0.0 && float.abs() < 1e30 && float as i128 == integer
}

/// `Serialize` and `Deserialize` for a union: the branch that carries the whole value.
///
/// `other(Other)`: the variant `Other(Json)` keeps the rest.
macro_rules! untagged_union {
    ($type:ty $(, other($other:ident))? { $($variant:ident,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let mut best = $crate::runtime::untagged_union::Best::read(deserializer)?;
                $(best.offer(::core::stringify!($variant), Self::$variant);)*
                $crate::runtime::untagged_union::untagged_union!(@best best $(, $other)?)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(branch) => ::serde::Serialize::serialize(branch, serializer),)*
                    $(Self::$other(value) => ::serde::Serialize::serialize(value, serializer),)?
                }
            }
        }
    };
    (@best $best:ident, $other:ident) => {
        $best.or_json(Self::$other)
    };
    (@best $best:ident) => {
        $best.or_error()
    };
}

pub(crate) use untagged_union;
