//! Serializes a parameter, form or part, directly from the specifications: OpenAPI 3.1, section
//! "Style Examples"; RFC 6570, section 3.2; RFC 7578, section 4.
//!
//! It shares no code with the runtime of the generated crate, which it tests.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::ir::{self, ArrayForm, FieldStyle, FormField, PathStyle, QueryStyle};
use crate::lower::{is_json, is_range, listed};

/// The unreserved characters (RFC 3986, section 2.3).
const UNRESERVED: &str = "-._~";

/// The reserved characters (RFC 3986, section 2.2) that `allowReserved` permits in a query. `#`,
/// `[` and `]` are invalid there, and `&` and `+` delimit a form (OpenAPI 3.1.1, section
/// 4.8.12.2.1, `allowReserved`).
const RESERVED: &str = ":/?@!$'()*,;=";

/// A value for serialization in a style, without nulls in lists and objects (RFC 6570, section
/// 2.3).
enum Shape {
    Nothing,
    Text(String),
    List(Vec<String>),
    Pairs(Vec<(String, String)>),
}

impl Shape {
    /// Returns `None` for values that no style can serialize, such as a list in a list.
    fn new(value: &Json) -> Option<Self> {
        let shape = match value {
            Json::Null => Self::Nothing,
            Json::Array(items) => {
                let items = items.iter().filter(|item| !item.is_null());
                Self::List(items.map(scalar).collect::<Option<_>>()?)
            }
            Json::Object(members) => {
                let members = members.iter().filter(|(_, value)| !value.is_null());
                let pairs = members.map(|(name, value)| Some((name.clone(), scalar(value)?)));
                Self::Pairs(pairs.collect::<Option<_>>()?)
            }
            value => Self::Text(scalar(value)?),
        };
        Some(match shape {
            Self::List(items) if items.is_empty() => Self::Nothing,
            Self::Pairs(pairs) if pairs.is_empty() => Self::Nothing,
            shape => shape,
        })
    }

    /// Returns `R,100,G,200`, or `R=100,G=200` if exploded.
    fn joined(&self, separator: &str, explode: bool, encode: fn(&str) -> String) -> String {
        let texts: Vec<String> = match self {
            Self::Nothing => Vec::new(),
            Self::Text(text) => vec![encode(text)],
            Self::List(items) => items.iter().map(|item| encode(item)).collect(),
            Self::Pairs(pairs) => {
                let between = if explode { "=" } else { separator };
                let pair = |(name, value): &(String, String)| {
                    format!("{}{between}{}", encode(name), encode(value))
                };
                pairs.iter().map(pair).collect()
            }
        };
        texts.join(separator)
    }
}

/// Returns a string, number or boolean as text.
fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Percent-encodes characters that are neither unreserved nor in `kept` (RFC 3986, section 2.1).
pub(super) fn encode_but(text: &str, kept: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || UNRESERVED.contains(c) || kept.contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Encodes text for simple expansion (RFC 6570, section 3.2.2).
pub(super) fn encode(text: &str) -> String {
    encode_but(text, "")
}

/// Encodes text for reserved expansion, which keeps percent-encoded triplets (RFC 6570, section
/// 3.2.3).
fn encode_reserved(text: &str) -> String {
    let mut out = String::new();
    for (index, piece) in text.split('%').enumerate() {
        if index > 0 {
            let is_encoded =
                piece.len() >= 2 && piece.chars().take(2).all(|c| c.is_ascii_hexdigit());
            out.push_str(if is_encoded { "%" } else { "%25" });
        }
        out.push_str(&encode_but(piece, RESERVED));
    }
    out
}

/// Serializes a path parameter. Returns `None` if that is impossible or the text is empty.
pub(super) fn path(name: &str, value: &Json, style: PathStyle, explode: bool) -> Option<String> {
    let shape = Shape::new(value)?;
    let name = encode(name);
    let text = match (style, &shape) {
        (_, Shape::Nothing) => String::new(),
        (PathStyle::Simple, shape) => shape.joined(",", explode, encode),
        (PathStyle::Label, shape) => {
            let separator = if explode { "." } else { "," };
            format!(".{}", shape.joined(separator, explode, encode))
        }
        (PathStyle::Matrix, Shape::Text(text)) if text.is_empty() => format!(";{name}"),
        (PathStyle::Matrix, Shape::List(items)) if explode => {
            let item = |item: &String| match item.as_str() {
                "" => format!(";{name}"),
                item => format!(";{name}={}", encode(item)),
            };
            items.iter().map(item).collect()
        }
        (PathStyle::Matrix, Shape::Pairs(pairs)) if explode => {
            let pair = |(name, value): &(String, String)| match value.as_str() {
                "" => format!(";{}", encode(name)),
                value => format!(";{}={}", encode(name), encode(value)),
            };
            pairs.iter().map(pair).collect()
        }
        (PathStyle::Matrix, shape) => format!(";{name}={}", shape.joined(",", false, encode)),
    };
    // An empty segment, `.` or `..` would address another resource (wire rule 14).
    (!matches!(text.as_str(), "" | "." | "..")).then_some(text)
}

/// Returns the pairs of a query parameter; empty for an absent value. Returns `None` if it cannot
/// be serialized.
pub(super) fn query(
    name: &str,
    value: &Json,
    style: QueryStyle,
    explode: bool,
    allow_reserved: bool,
) -> Option<Vec<String>> {
    let encode_value = if allow_reserved {
        encode_reserved
    } else {
        encode
    };
    let separator = match style {
        QueryStyle::Form => ",",
        QueryStyle::SpaceDelimited => "%20",
        QueryStyle::PipeDelimited => "%7C",
        QueryStyle::DeepObject(arrays) => {
            let mut pairs = Vec::new();
            deep(&mut pairs, &encode(name), value, arrays, encode_value)?;
            return Some(pairs);
        }
    };
    Some(pairs(
        name,
        &Shape::new(value)?,
        explode,
        separator,
        encode_value,
    ))
}

/// Adds pairs such as `color[R]=100&color[G]=200`; for arrays `color[0]=blue` or another form, by
/// option.
fn deep(
    pairs: &mut Vec<String>,
    name: &str,
    value: &Json,
    arrays: ArrayForm,
    encode_value: fn(&str) -> String,
) -> Option<()> {
    match value {
        Json::Null => {}
        Json::Object(members) => {
            for (key, value) in members {
                let name = format!("{name}%5B{}%5D", encode(key));
                deep(pairs, &name, value, arrays, encode_value)?;
            }
        }
        Json::Array(items) => {
            let items = items.iter().filter(|item| !item.is_null());
            for (index, item) in items.enumerate() {
                let name = match arrays {
                    ArrayForm::Indices => format!("{name}%5B{index}%5D"),
                    ArrayForm::Brackets => format!("{name}%5B%5D"),
                    ArrayForm::Repeat => {
                        scalar(item)?;
                        name.to_owned()
                    }
                };
                deep(pairs, &name, item, arrays, encode_value)?;
            }
        }
        value => pairs.push(format!("{name}={}", encode_value(&scalar(value)?))),
    }
    Some(())
}

/// Returns the pairs in the style `form`, or in one that differs only by its separator.
fn pairs(
    name: &str,
    shape: &Shape,
    explode: bool,
    separator: &str,
    encode_value: fn(&str) -> String,
) -> Vec<String> {
    let pair = |name: &str, value: &str| format!("{}={}", encode(name), encode_value(value));
    match shape {
        Shape::Nothing => Vec::new(),
        Shape::List(items) if explode => items.iter().map(|item| pair(name, item)).collect(),
        Shape::Pairs(pairs) if explode => pairs
            .iter()
            .map(|(name, value)| pair(name, value))
            .collect(),
        shape => {
            let value = shape.joined(separator, false, encode_value);
            vec![format!("{}={value}", encode(name))]
        }
    }
}

/// Serializes a header in the style `simple` without percent-encoding. Returns `None` if that is
/// impossible or the value is absent.
pub(super) fn header(value: &Json, explode: bool) -> Option<String> {
    match Shape::new(value)? {
        Shape::Nothing => None,
        shape => Some(shape.joined(",", explode, str::to_owned)),
    }
}

/// Returns the cookies of a parameter. An exploded parameter has several cookies, since `&` does
/// not separate cookies.
pub(super) fn cookie(name: &str, value: &Json, explode: bool) -> Option<Vec<String>> {
    Some(pairs(name, &Shape::new(value)?, explode, ",", encode))
}

/// Serializes a form (OpenAPI 3.1, section 4.8.14.4): objects are JSON unless a style is given.
pub(super) fn form(value: &Json, fields: &[FormField]) -> Option<String> {
    let mut all = Vec::new();
    for (name, value) in value.as_object()? {
        let field = fields.iter().find(|field| field.name == *name);
        let written = match field.map(|field| field.style) {
            Some(FieldStyle::Query {
                style,
                explode,
                allow_reserved,
            }) => query(name, value, style, explode, allow_reserved)?,
            Some(FieldStyle::Json) => {
                pairs(name, &Shape::Text(value.to_string()), true, ",", encode)
            }
            None => {
                let shape = match value {
                    Json::Array(items) => {
                        let items = items.iter().filter(|item| !item.is_null());
                        Shape::List(items.map(text_or_json).collect())
                    }
                    Json::Null => Shape::Nothing,
                    value => Shape::Text(text_or_json(value)),
                };
                pairs(name, &shape, true, ",", encode)
            }
        };
        all.extend(written);
    }
    Some(all.join("&"))
}

/// Serializes a value by the default `contentType` of an Encoding Object.
fn text_or_json(value: &Json) -> String {
    scalar(value).unwrap_or_else(|| value.to_string())
}

/// A part of a multipart body.
pub(super) struct Part<'a> {
    pub name: &'a str,
    pub value: &'a Json,
    pub is_file: bool,
    /// The part in the document.
    pub documented: Option<&'a ir::Part>,
}

/// The media type of binary data.
const BYTES: &str = "application/octet-stream";

impl Part<'_> {
    /// Returns the headers and the content of the part (RFC 7578, sections 4.2 to 4.4).
    pub fn text(&self) -> (Vec<String>, String) {
        let quoted = self
            .name
            .replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A");
        let mut disposition = format!("content-disposition: form-data; name=\"{quoted}\"");
        let list = self
            .documented
            .and_then(|part| part.content_type.as_deref());
        let types: Vec<&str> = list.map(|list| listed(list).collect()).unwrap_or_default();
        let mut transfer = None;
        let (content_type, content) = if self.is_file {
            disposition.extend(["; filename=\"", &quoted, "\""]);
            let media_type = match (types.as_slice(), chosen(&types)) {
                ([only], None) if !is_range(only) => (*only).to_owned(),
                (_, chosen) => chosen.unwrap_or_else(|| BYTES.to_owned()),
            };
            let content = scalar(self.value).unwrap_or_default();
            (Some(media_type), content)
        } else if self.value.is_object() || self.value.is_array() {
            let json = types.iter().find(|name| is_json(name) && !is_range(name));
            let only = match types.as_slice() {
                [only] if !is_range(only) => Some(only),
                _ => None,
            };
            let media_type = json.or(only).copied().unwrap_or("application/json");
            (Some(media_type.to_owned()), self.value.to_string())
        } else {
            let is_verbatim = self.documented.is_some_and(|part| part.is_verbatim);
            transfer = self
                .documented
                .and_then(|part| part.transfer_encoding.as_deref());
            let plain = ["text/plain", "text/*", "*/*"];
            let media_type = match types.as_slice() {
                [only] if !is_range(only) => Some(*only),
                [] => None,
                several if several.iter().any(|one| plain.contains(one)) => Some("text/plain"),
                several => several.iter().find(|name| !is_range(name)).copied(),
            };
            let content = if media_type.is_some_and(is_json) && !is_verbatim {
                self.value.to_string()
            } else {
                text_or_json(self.value)
            };
            (media_type.map(str::to_owned), content)
        };
        let media_type = content_type.map(|media_type| format!("content-type: {media_type}"));
        let transfer = transfer.map(|encoding| format!("content-transfer-encoding: {encoding}"));
        let headers = std::iter::once(disposition).chain(media_type);
        (headers.chain(transfer).collect(), content)
    }
}

/// Returns a media type for a file, or `None` if the caller need not set one.
pub(super) fn chosen(types: &[&str]) -> Option<String> {
    let is_any = |name: &&str| matches!(*name, BYTES | "application/*" | "*/*");
    let is_known = types.is_empty() || types.iter().any(is_any);
    let is_one = matches!(types, [only] if !is_range(only));
    if is_known || is_one {
        return None;
    }
    let one = types.iter().find(|name| !is_range(name));
    let one = one.or(types.first()).copied();
    one.map(|name| name.replace('*', "x-example"))
}

#[cfg(test)]
mod tests;
