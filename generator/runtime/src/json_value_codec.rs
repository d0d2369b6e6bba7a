//! Reads and writes any JSON value.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::json_value::Json;
use super::members::Members;
use super::number::Number;
use super::raw_json::{self, Text};

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => members.serialize(serializer),
        }
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(raw_json::token(), Reader)
    }
}

/// Reads the JSON text of a value from `serde_json`, and the value from any other format.
struct Reader;

struct OfText;

impl Text for OfText {
    type Value = Result<Json, String>;

    fn read(self, text: &str) -> Self::Value {
        Parser { text, at: 0 }.whole()
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key_seed(raw_json::Name)? {
            if name.is_none() && members.is_empty() {
                let read = map.next_value_seed(raw_json::Seed(OfText))?;
                return read.map_err(de::Error::custom);
            }
            let name = name.unwrap_or_else(|| raw_json::token().to_owned());
            members.push((name, map.next_value::<Json>()?));
        }
        Ok(Json::Object(members.into_iter().collect()))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        Json::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        Number::try_from(value).map(Json::from).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Json, E> {
        Ok(text.into())
    }
}

/// The limit of `serde_json` for nested arrays and objects.
const MAX_DEPTH: usize = 128;

/// Adds an item. The capacity starts at one instead of four, which would multiply the memory of
/// many lists with one item.
fn push<T>(items: &mut Vec<T>, item: T) {
    if items.len() == items.capacity() {
        items.reserve_exact(items.len().max(1));
    }
    items.push(item);
}

/// Reads text that `serde_json` has accepted as JSON, except that its strings are not yet checked.
struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn whole(mut self) -> Result<Json, String> {
        let value = self.value(0)?;
        match self.peek() {
            None => Ok(value),
            Some(_) => self.fail(),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > MAX_DEPTH {
            return Err("the value is nested too deeply".to_owned());
        }
        match self.peek() {
            Some(b'"') => self.string().map(Json::String),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => self.fail(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut members = Vec::new();
        self.at += 1;
        if self.takes(b'}') {
            return Ok(Json::Object(Members::new()));
        }
        loop {
            let name = match self.peek() {
                Some(b'"') => self.string()?,
                _ => return self.fail(),
            };
            if !self.takes(b':') {
                return self.fail();
            }
            push(&mut members, (name, self.value(depth + 1)?));
            if self.takes(b'}') {
                return Ok(Json::Object(members.into_iter().collect()));
            }
            if !self.takes(b',') {
                return self.fail();
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json, String> {
        let mut items = Vec::new();
        self.at += 1;
        if self.takes(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            push(&mut items, self.value(depth + 1)?);
            if self.takes(b']') {
                return Ok(Json::Array(items));
            }
            if !self.takes(b',') {
                return self.fail();
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let rest = self.rest().get(1..).unwrap_or_default();
        let end = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'));
        let plain = end.and_then(|end| Some((end, rest.get(..end)?)));
        if let Some((end, plain)) = plain
            && rest.as_bytes().get(end) == Some(&b'"')
        {
            self.at += end + 2;
            return Ok(plain.to_owned());
        }
        let mut strings = serde_json::Deserializer::from_str(self.rest()).into_iter::<String>();
        let Some(Ok(text)) = strings.next() else {
            return Err(format!(
                "a string with an invalid escape at byte {}",
                self.at
            ));
        };
        self.at += strings.byte_offset();
        Ok(text)
    }

    fn number(&mut self) -> Result<Json, String> {
        let rest = self.rest();
        let is_part =
            |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
        let end = rest.bytes().position(|byte| !is_part(byte));
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        match Number::from_text(text) {
            Some(number) => {
                self.at += text.len();
                Ok(Json::Number(number))
            }
            None => self.fail(),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, String> {
        if !self.rest().starts_with(word) {
            return self.fail();
        }
        self.at += word.len();
        Ok(value)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns the next byte after white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.text.as_bytes().get(self.at).copied()?;
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Skips the next byte and returns `true`, if it is `byte`.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn fail<T>(&self) -> Result<T, String> {
        Err(format!("not JSON at byte {}", self.at))
    }
}
