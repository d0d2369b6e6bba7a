//! Any JSON value. Numbers keep their digits, and objects keep the order of their members.

use std::fmt;
use std::ops::Index;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{DecodeError, EncodeError};
use super::json;
use super::members::Members;
use super::number::Number;

/// A JSON value whose type the document does not specify.
///
/// Reading and writing do not change it: a number keeps its digits, and an object the order of its
/// members. [`json!`](crate::json!) makes a value from JSON syntax, [`of`](Self::of) from a Rust
/// value; [`to`](Self::to) converts to another type. `From` converts from and to a
/// `serde_json::Value`.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Members),
}

static NULL: Json = Json::Null;

impl Json {
    /// Converts a Rust value to JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if JSON cannot represent the value, such as a number that is not finite.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, EncodeError> {
        let text = json::write(value)?;
        json::read(&text).map_err(EncodeError::body)
    }

    /// Converts the value to another type.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not match the type.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        json::read(self.to_string().as_bytes())
    }

    /// Returns the member with a name, or the item at a position: `get("name")`, `get(0)`.
    pub fn get<K: Key>(&self, key: K) -> Option<&Self> {
        key.find(self)
    }

    /// Returns `true` for `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the boolean, if the value is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the number, if the value is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the integer, if the value is one that fits in an `i64`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// Returns the integer, if the value is one that fits in a `u64`.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// Returns the nearest `f64`, if the value is a number.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// Returns the string, if the value is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items, if the value is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&Vec<Self>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Returns a mutable reference to the items, if the value is an array.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the members, if the value is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns a mutable reference to the members, if the value is an object.
    pub fn as_object_mut(&mut self) -> Option<&mut Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }
}

/// An index into an object or an array: a name or a position.
pub trait Key {
    /// Returns the value of this member or item.
    fn find(self, value: &Json) -> Option<&Json>;
}

impl Key for &str {
    fn find(self, value: &Json) -> Option<&Json> {
        value.as_object()?.get(self)
    }
}

impl Key for &String {
    fn find(self, value: &Json) -> Option<&Json> {
        value.as_object()?.get(self)
    }
}

impl Key for usize {
    fn find(self, value: &Json) -> Option<&Json> {
        value.as_array()?.get(self)
    }
}

/// Returns `null` for an absent member or item.
impl<K: Key> Index<K> for Json {
    type Output = Self;

    fn index(&self, key: K) -> &Self {
        self.get(key).unwrap_or(&NULL)
    }
}

/// Writes compact JSON; `{:#}` indents it.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if f.alternate() {
            serde_json::to_string_pretty(self)
        } else {
            serde_json::to_string(self)
        };
        f.write_str(&text.map_err(|_| fmt::Error)?)
    }
}

/// Writes JSON.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads JSON.
impl FromStr for Json {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        json::read(text.as_bytes())
    }
}

macro_rules! from {
    ($($type:ty: $value:ident => $json:expr;)*) => {
        $(impl From<$type> for Json {
            fn from($value: $type) -> Self {
                $json
            }
        })*
    };
}

from! {
    (): _value => Self::Null;
    bool: value => Self::Bool(value);
    Number: value => Self::Number(value);
    String: value => Self::String(value);
    &str: value => Self::String(value.to_owned());
    Members: value => Self::Object(value);
    i8: value => Self::Number(value.into());
    i16: value => Self::Number(value.into());
    i32: value => Self::Number(value.into());
    i64: value => Self::Number(value.into());
    i128: value => Self::Number(value.into());
    isize: value => Self::Number(value.into());
    u8: value => Self::Number(value.into());
    u16: value => Self::Number(value.into());
    u32: value => Self::Number(value.into());
    u64: value => Self::Number(value.into());
    u128: value => Self::Number(value.into());
    usize: value => Self::Number(value.into());
}

/// Uses the shortest digits for the float; `null` for infinity and NaN, as in `serde_json`.
impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Number::try_from(value).map_or(Self::Null, Self::Number)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<Json>> FromIterator<T> for Json {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, V: Into<Json>, const N: usize> From<[(K, V); N]> for Json {
    fn from(members: [(K, V); N]) -> Self {
        Self::Object(members.into_iter().collect())
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(Number::from(&number)),
            Value::String(text) => Self::String(text),
            Value::Array(items) => items.into_iter().collect(),
            Value::Object(members) => Self::Object(members.into_iter().collect()),
        }
    }
}

/// A number that fits neither in 64 bits nor in an `f64` becomes the nearest `f64`.
impl From<Json> for serde_json::Value {
    fn from(value: Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number((&number).into()),
            Json::String(text) => Self::String(text),
            Json::Array(items) => Self::Array(items.into_iter().map(Into::into).collect()),
            Json::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name, value.into()))
                    .collect(),
            ),
        }
    }
}

impl PartialEq<serde_json::Value> for Json {
    fn eq(&self, other: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (self, other) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(one), Value::Bool(other)) => one == other,
            (Self::Number(one), Value::Number(other)) => *one == Number::from(other),
            (Self::String(one), Value::String(other)) => one == other,
            (Self::Array(one), Value::Array(other)) => one == other,
            (Self::Object(one), Value::Object(other)) => {
                let has = |(name, value): (&String, &Value)| {
                    one.get(name).is_some_and(|one| one == value)
                };
                one.len() == other.len() && other.iter().all(has)
            }
            _ => false,
        }
    }
}

impl PartialEq<Json> for serde_json::Value {
    fn eq(&self, other: &Json) -> bool {
        other == self
    }
}

impl PartialEq<str> for Json {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Json {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<bool> for Json {
    fn eq(&self, other: &bool) -> bool {
        self.as_bool() == Some(*other)
    }
}

macro_rules! equals {
    ($($type:ty)*) => {
        $(impl PartialEq<$type> for Json {
            fn eq(&self, other: &$type) -> bool {
                let other = Self::from(*other);
                self.as_number().is_some() && self.as_number() == other.as_number()
            }
        })*
    };
}

equals! { i32 i64 u32 u64 f64 usize }

/// Makes a [`Json`] value from JSON syntax: `json!({"name": "a", "sizes": [1, (-2), null]})`.
///
/// Enclose all but literals in parentheses: `json!({"id": (id.clone()), "low": (-1)})`.
#[macro_export]
macro_rules! json {
    (null) => {
        $crate::runtime::json_value::Json::Null
    };
    ([$($item:tt),* $(,)?]) => {
        $crate::runtime::json_value::Json::Array(::std::vec![$($crate::json!($item)),*])
    };
    ({$($name:literal: $value:tt),* $(,)?}) => {
        $crate::runtime::json_value::Json::Object(
            <$crate::runtime::members::Members as ::core::iter::FromIterator<(
                &str,
                $crate::runtime::json_value::Json,
            )>>::from_iter([$(($name, $crate::json!($value))),*]),
        )
    };
    ($value:expr) => {
        $crate::runtime::json_value::Json::from($value)
    };
}
