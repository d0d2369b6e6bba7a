//! `oneOf` and `anyOf`: reading them without losing anything, and writing them.
//!
//! A union is read as raw text first. By a tag, the text is read once more as
//! the branch; without one, each branch tries, and the one that carries the
//! whole value wins.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor,
};
use serde::ser::{self, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json;
use super::tree::Tree;

/// The JSON text of a union's value.
#[derive(Debug)]
pub struct Raw {
    text: Box<RawValue>,
    level: Level,
}

impl Raw {
    /// Takes the text of the next value.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, if unions are nested more than 128 deep, or if
    /// trying the branches of unions in unions would take too long.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let level = Level::enter(text.get()).map_err(de::Error::custom)?;
        Ok(Self { text, level })
    }

    /// The value of the property that tells the branches apart: a string, or
    /// the text of another scalar. `None` where there is none.
    #[must_use]
    pub fn tag(&self, name: &'static str) -> Option<String> {
        let mut found = None;
        let mut deserializer = serde_json::Deserializer::from_str(self.text.get());
        // The error is how reading stops at the tag.
        let _ = deserializer.deserialize_map(TagReader {
            name,
            found: &mut found,
        });
        found
    }

    /// Reads the value as a branch.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn branch<T: DeserializeOwned, E: de::Error>(&self) -> Result<T, E> {
        json::read_inner(self.text.get()).map_err(E::custom)
    }

    /// The value as JSON.
    ///
    /// # Errors
    ///
    /// If it is nested too deeply.
    pub fn json<E: de::Error>(&self) -> Result<Value, E> {
        serde_json::from_str(self.text.get()).map_err(E::custom)
    }

    /// The error for a tag that no branch has.
    #[cold]
    pub fn no_branch<T, E: de::Error>(
        &self,
        name: &'static str,
        tag: Option<String>,
        tags: &'static [&'static str],
    ) -> Result<T, E> {
        Err(match tag {
            Some(tag) => E::unknown_variant(&tag, tags),
            None if self.text.get().starts_with('{') => E::missing_field(name),
            None => E::custom("invalid type: expected an object"),
        })
    }
}

/// One union inside another: a server decides how deep they go.
#[derive(Debug)]
struct Level;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// The bytes that branches may still try, within the outermost union.
    static WORK: Cell<usize> = const { Cell::new(0) };
}

impl Level {
    /// As serde_json limits the depth of a text. It does not limit that of a
    /// text which it takes raw, and a branch begins to count anew.
    const MAX_DEPTH: usize = 128;

    fn enter(text: &str) -> Result<Self, &'static str> {
        let length = text.len();
        let depth = DEPTH.get();
        if depth == 0 {
            if nesting(text) > Self::MAX_DEPTH {
                return Err("the value is nested too deeply");
            }
            // Where each of two branches reads the same union, the work doubles
            // with each level. This is enough for any text that is not made for it.
            WORK.set(length.saturating_mul(64).saturating_add(1 << 18));
        }
        if depth >= Self::MAX_DEPTH {
            return Err("the value is nested too deeply");
        }
        DEPTH.set(depth + 1);
        let level = Self;
        level.spend(length)?;
        Ok(level)
    }

    fn spend(&self, length: usize) -> Result<(), &'static str> {
        match WORK.get().checked_sub(length) {
            Some(rest) => {
                WORK.set(rest);
                Ok(())
            }
            None => Err("the value takes too long to tell apart"),
        }
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// How deep the arrays and objects of a JSON text go.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = string,
            b'"' => string = !string,
            _ if string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

struct TagReader<'a> {
    name: &'static str,
    found: &'a mut Option<String>,
}

impl<'de> Visitor<'de> for TagReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == self.name {
                *self.found = match map.next_value()? {
                    Value::String(tag) => Some(tag),
                    tag @ (Value::Bool(_) | Value::Number(_)) => Some(tag.to_string()),
                    _ => None,
                };
                return Err(de::Error::custom("the tag is found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

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
        let value = raw.json()?;
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
        let text = self.raw.text.get();
        let read = match self.raw.level.spend(text.len()) {
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
    #[must_use]
    pub fn or_json(self, other: fn(Value) -> U) -> U {
        match self.best {
            Some((0, branch)) => branch,
            _ => other(self.value),
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

/// Writes a branch with its tag, which its own type does not write.
///
/// # Errors
///
/// As the serializer, or if the branch is not an object.
pub fn write_tagged<T: Serialize, S: Serializer>(
    branch: &T,
    name: &'static str,
    tag: &'static str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = Tree::Text(tag.to_owned());
    let tagged = match Tree::of(branch).map_err(ser::Error::custom)? {
        Tree::Struct(mut entries) => {
            entries.insert(0, (name, text));
            Tree::Struct(entries)
        }
        Tree::Map(mut entries) => {
            // A type that keeps unknown properties has kept the tag, too.
            entries.retain(|(other, _)| other != name);
            entries.insert(0, (name.to_owned(), text));
            Tree::Map(entries)
        }
        _ => {
            return Err(ser::Error::custom(format_args!(
                "the tag `{name}` has no place in what is not an object"
            )));
        }
    };
    tagged.serialize(serializer)
}

/// `Serialize` and `Deserialize` for a union: a table with a row for each branch.
///
/// `tagged "name"`: by the value of a property, of which each row lists those
/// that mean it, with the word `writes_tag` where the branch's type has the
/// property itself. `untagged`: the branch that carries the whole value.
/// `other(Other)`: the variant `Other(serde_json::Value)` keeps the rest.
macro_rules! union {
    ($type:ty, tagged $name:literal $(, other($other:ident))? {
        $($variant:ident: $($tag:literal)|+ $($writes:ident)?,)*
    }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let raw = $crate::runtime::union::Raw::read(deserializer)?;
                let tag = raw.tag($name);
                match tag.as_deref() {
                    $(
                        ::core::option::Option::Some($($tag)|+) => {
                            ::core::result::Result::map(raw.branch(), Self::$variant)
                        }
                    )*
                    _ => $crate::runtime::union::union!(
                        @other raw, $name, tag, [$($($tag),+),*] $(, $other)?
                    ),
                }
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(
                        Self::$variant(branch) => $crate::runtime::union::union!(
                            @write branch, serializer, $name, [$($tag),+] $($writes)?
                        ),
                    )*
                    $(Self::$other(value) => ::serde::Serialize::serialize(value, serializer),)?
                }
            }
        }
    };
    ($type:ty, untagged $(, other($other:ident))? { $($variant:ident,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let mut best = $crate::runtime::union::Best::read(deserializer)?;
                $(best.offer(::core::stringify!($variant), Self::$variant);)*
                $crate::runtime::union::union!(@best best $(, $other)?)
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
    (@other $raw:ident, $name:literal, $tag:ident, [$($tags:literal),*], $other:ident) => {
        ::core::result::Result::map($raw.json(), Self::$other)
    };
    (@other $raw:ident, $name:literal, $tag:ident, [$($tags:literal),*]) => {
        $raw.no_branch($name, $tag, &[$($tags),*])
    };
    (@write $branch:ident, $serializer:ident, $name:literal, [$($tags:literal),+] writes_tag) => {
        ::serde::Serialize::serialize($branch, $serializer)
    };
    (@write $branch:ident, $serializer:ident, $name:literal, [$tag:literal $(, $tags:literal)*]) => {
        $crate::runtime::union::write_tagged($branch, $name, $tag, $serializer)
    };
    (@best $best:ident, $other:ident) => {
        ::core::result::Result::Ok($best.or_json(Self::$other))
    };
    (@best $best:ident) => {
        $best.or_error()
    };
}

pub(crate) use union;
