//! Single values of a JSON text, without the types of the document.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Returns the value at a JSON Pointer (RFC 6901) of member names; `None` if it is absent, or the
/// text is not JSON. The pointer `""` refers to the whole text.
#[must_use]
pub fn at<'t>(text: &'t [u8], pointer: &str) -> Option<&'t RawValue> {
    let mut found: &RawValue = serde_json::from_slice(text).ok()?;
    for token in pointer.split('/').skip(1) {
        let token = match token.contains('~') {
            true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
            false => Cow::Borrowed(token),
        };
        let mut reader = serde_json::Deserializer::from_str(found.get());
        found = Member(&token).deserialize(&mut reader).ok()??;
    }
    Some(found)
}

/// Returns the text of a string; `None` for any other value.
#[must_use]
pub fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// Returns the items of a list; no items for any other value.
#[must_use]
pub fn items(value: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(value.get()).unwrap_or_default()
}

/// Returns the number of items in a list, and the last one; `None` for any other value.
#[must_use]
pub fn last(value: &RawValue) -> Option<(u64, Option<&RawValue>)> {
    let mut reader = serde_json::Deserializer::from_str(value.get());
    reader.deserialize_seq(Last).ok()
}

/// Reads one member of an object. The last one of a name counts.
struct Member<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(is_it) = map.next_key_seed(Is(self.0))? {
            if is_it {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Compares a name.
struct Is<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

/// Counts the items of a list, and keeps the last one.
struct Last;

impl<'de> Visitor<'de> for Last {
    type Value = (u64, Option<&'de RawValue>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let (mut count, mut last) = (0, None);
        while let Some(item) = list.next_element()? {
            last = Some(item);
            count += 1;
        }
        Ok((count, last))
    }
}
