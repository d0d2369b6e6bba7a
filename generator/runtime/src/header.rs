//! Response headers as values: text in the style `simple`.

use std::fmt;

use http::HeaderMap;
use serde::de::value::SeqDeserializer;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};

/// Defines functions that read response headers. Each row names a function of this module.
macro_rules! headers {
    ($name:ident {
        $($(#[$attribute:meta])* $function:ident: $type:ty = $read:ident($header:literal),)*
    }) => {
        /// Reads response headers with a function for each; it has no values.
        pub enum $name {}

        impl $name {$(
            #[doc = concat!("The response header `", $header, "`.")]
            #[doc = ""]
            $(#[$attribute])*
            pub fn $function(
                headers: &::http::HeaderMap,
            ) -> ::core::result::Result<$type, $crate::runtime::header::HeaderError> {
                $crate::runtime::header::$read(headers, $header)
            }
        )*}
    };
}

pub(crate) use headers;

/// Reads a header; `None` if the response does not have it.
///
/// Several lines of a header are joined by commas (RFC 9110, section 5.3).
///
/// # Errors
///
/// Returns an error if its text does not match the type.
pub fn optional<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &str,
) -> Result<Option<T>, HeaderError> {
    let Some(text) = text(headers, name)? else {
        return Ok(None);
    };
    match T::deserialize(Text(&text)) {
        Ok(value) => Ok(Some(value)),
        Err(Fault(message)) => Err(HeaderError::new(name, message)),
    }
}

/// Reads a header whose text is JSON; `None` if the response does not have it.
///
/// # Errors
///
/// Returns an error if its text is not JSON, or does not match the type.
pub fn optional_json<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &str,
) -> Result<Option<T>, HeaderError> {
    let Some(text) = text(headers, name)? else {
        return Ok(None);
    };
    match super::json::read(text.as_bytes()) {
        Ok(value) => Ok(Some(value)),
        Err(error) => Err(HeaderError::new(name, error.to_string())),
    }
}

/// Reads a required header.
///
/// # Errors
///
/// Returns an error if the response does not have it, or its text does not match the type.
pub fn required<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Result<T, HeaderError> {
    there(name, optional(headers, name))
}

/// Reads a required header whose text is JSON.
///
/// # Errors
///
/// Returns an error if the response does not have it, or its text is not JSON, or does not match
/// the type.
pub fn required_json<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &str,
) -> Result<T, HeaderError> {
    there(name, optional_json(headers, name))
}

fn there<T>(name: &str, read: Result<Option<T>, HeaderError>) -> Result<T, HeaderError> {
    read?.ok_or_else(|| HeaderError::new(name, "it is missing".to_owned()))
}

/// Joins all lines of a header (RFC 9110, section 5.3).
fn text(headers: &HeaderMap, name: &str) -> Result<Option<String>, HeaderError> {
    let mut lines = Vec::new();
    for line in headers.get_all(name) {
        match std::str::from_utf8(line.as_bytes()) {
            Ok(line) => lines.push(line),
            Err(_) => return Err(HeaderError::new(name, "it is not UTF-8".to_owned())),
        }
    }
    Ok((!lines.is_empty()).then(|| lines.join(", ")))
}

/// A response header that does not match its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    name: String,
    message: String,
}

impl HeaderError {
    fn new(name: &str, message: String) -> Self {
        Self {
            name: name.to_owned(),
            message,
        }
    }

    /// Returns the name of the header.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the header `{}`: {}", self.name, self.message)
    }
}

impl std::error::Error for HeaderError {}

#[derive(Debug)]
struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Deserializes a text as the requested type.
struct Text<'a>(&'a str);

macro_rules! parsed {
    ($($method:ident $visit:ident $expected:literal,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.0.trim().parse() {
                Ok(value) => visitor.$visit(value),
                // Omits the text: it can be a secret.
                Err(_) => Err(Fault(concat!("it is not ", $expected).to_owned())),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Fault;

    parsed! {
        deserialize_bool visit_bool "`true` or `false`",
        deserialize_i8 visit_i8 "an integer of 8 bits",
        deserialize_i16 visit_i16 "an integer of 16 bits",
        deserialize_i32 visit_i32 "an integer of 32 bits",
        deserialize_i64 visit_i64 "an integer of 64 bits",
        deserialize_u8 visit_u8 "an unsigned integer of 8 bits",
        deserialize_u16 visit_u16 "an unsigned integer of 16 bits",
        deserialize_u32 visit_u32 "an unsigned integer of 32 bits",
        deserialize_u64 visit_u64 "an unsigned integer of 64 bits",
        deserialize_f32 visit_f32 "a number",
        deserialize_f64 visit_f64 "a number",
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let items = self.0.split(',').map(|item| Text(item.trim()));
        let items = items.filter(|item| !item.0.is_empty());
        visitor.visit_seq(SeqDeserializer::new(items))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple_struct map struct enum
        identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Text<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
