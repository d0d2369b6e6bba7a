//! The JSON text of a value, read without a copy.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, Visitor};
use serde_json::value::RawValue;

/// Returns the name by which a [`RawValue`] requests the text of a value from `serde_json`.
///
/// `serde_json` has no public way to read the text of a value, or the value itself from another
/// format. So the name is taken from the request of a `RawValue`.
pub fn token() -> &'static str {
    match Box::<RawValue>::deserialize(Spy) {
        Err(Asked(name)) => name,
        Ok(_) => "",
    }
}

/// A deserializer that only records the requested name.
struct Spy;

#[derive(Debug)]
struct Asked(&'static str);

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Asked {}

impl de::Error for Asked {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self("")
    }
}

impl<'de> Deserializer<'de> for Spy {
    type Error = Asked;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Asked> {
        Err(Asked(""))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _visitor: V,
    ) -> Result<V::Value, Asked> {
        Err(Asked(name))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Reads the name of an entry; `None` if it is the [`token`].
#[derive(Debug)]
pub struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok((name != token()).then(|| name.to_owned()))
    }
}

/// Converts the text of a value.
pub trait Text {
    /// The result.
    type Value;

    /// Converts the text, which is JSON.
    fn read(self, text: &str) -> Self::Value;
}

/// Reads the value that follows the [`token`].
#[derive(Debug)]
pub struct Seed<T>(pub T);

impl<'de, T: Text> DeserializeSeed<'de> for Seed<T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Text> Visitor<'_> for Seed<T> {
    type Value = T::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T::Value, E> {
        Ok(self.0.read(text))
    }
}
