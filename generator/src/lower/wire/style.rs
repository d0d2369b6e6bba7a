//! What a parameter, a form or a part is on the wire, straight from the specifications: OpenAPI
//! 3.1, section "Style Examples"; RFC 6570, section 3.2; RFC 7578, section 4.
//!
//! It shares nothing with the runtime of the generated crate, which it is to prove.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::ir::{self, ArrayForm, FieldStyle, FormField, PathStyle, QueryStyle};

use super::super::media_type::{is_json, is_range, listed};

/// The unreserved characters (RFC 3986, section 2.3).
const UNRESERVED: &str = "-._~";

/// The reserved characters (RFC 3986, section 2.2) that `allowReserved` lets stand in a query:
/// `#`, `[` and `]` are not legal there, and `&` and `+` are what a form is made of (OpenAPI 3.1.1,
/// section 4.8.12.2.1, `allowReserved`).
const RESERVED: &str = ":/?@!$'()*,;=";

/// A value as a style sees it. Nulls within it are left out (RFC 6570, section 2.3).
enum Shape {
    Nothing,
    Text(String),
    List(Vec<String>),
    Pairs(Vec<(String, String)>),
}

impl Shape {
    /// `None` where no style has a form for the value: a list in a list, say.
    fn of(value: &Json) -> Option<Self> {
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

    /// `R,100,G,200`, or `R=100,G=200` where exploded.
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

/// A string, a number or a boolean as text.
fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Percent-encodes what is neither unreserved nor named (RFC 3986, section 2.1).
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

/// RFC 6570, section 3.2.2: simple expansion.
pub(super) fn encode(text: &str) -> String {
    encode_but(text, "")
}

/// RFC 6570, section 3.2.3: reserved expansion, which leaves what is encoded already.
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

/// A path parameter; `None` where it has no form, or an empty one.
pub(super) fn path(name: &str, value: &Json, style: PathStyle, explode: bool) -> Option<String> {
    let shape = Shape::of(value)?;
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
    // An empty segment would address something else, and so would the way up (wire rule 14).
    (!matches!(text.as_str(), "" | "." | "..")).then_some(text)
}

/// The pairs of a query parameter; none for what is not there. `None` where it has no form.
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
        &Shape::of(value)?,
        explode,
        separator,
        encode_value,
    ))
}

/// `color[R]=100&color[G]=200`; in an array `color[0]=blue`, or as the option says.
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

/// The style `form`, and those that only have another separator.
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

/// A header: the style `simple` without percent-encoding. `None` where it has no form, and where
/// it is not there.
pub(super) fn header(value: &Json, explode: bool) -> Option<String> {
    match Shape::of(value)? {
        Shape::Nothing => None,
        shape => Some(shape.joined(",", explode, str::to_owned)),
    }
}

/// The cookies of a parameter: those of an exploded one are cookies of their own, as `&` joins none.
pub(super) fn cookie(name: &str, value: &Json, explode: bool) -> Option<Vec<String>> {
    Some(pairs(name, &Shape::of(value)?, explode, ",", encode))
}

/// A body of a form (OpenAPI 3.1, section 4.8.14.4): objects as JSON where no style is given.
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

/// The default of an Encoding Object's `contentType`.
fn text_or_json(value: &Json) -> String {
    scalar(value).unwrap_or_else(|| value.to_string())
}

/// One part of a multipart body.
pub(super) struct Part<'a> {
    pub name: &'a str,
    pub value: &'a Json,
    pub is_file: bool,
    /// What the document says of it.
    pub documented: Option<&'a ir::Part>,
}

/// The media type of bytes.
const BYTES: &str = "application/octet-stream";

impl Part<'_> {
    /// Its headers and its content, as RFC 7578, sections 4.2 to 4.4, has them.
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

/// Returns the media type that a caller has to give a file, out of those that it can be.
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
