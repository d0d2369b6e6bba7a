//! A parameter as it is sent (wire rule 13).

use serde_json::Value as Json;

use crate::ir::{ParameterLocation, Style};
use crate::proof::oracle::style;

/// A serialized parameter.
pub(super) enum Serialized {
    Path(String),
    Query(Vec<String>),
    Header(String),
    Cookies(Vec<String>),
}

impl Serialized {
    /// Serializes a value. Returns `None` if the style cannot serialize it, or its place does not
    /// allow the text.
    pub(super) fn new(name: &str, style: &Style, json: &Json) -> Option<Self> {
        let header = |text: String| {
            let is_legal = !text.is_empty() && !text.chars().any(char::is_control);
            (is_legal && text.trim() == text).then_some(Self::Header(text))
        };
        let json_pair = || {
            format!(
                "{}={}",
                style::encode(name),
                style::encode(&json.to_string())
            )
        };
        Some(match style {
            Style::Path { style, explode } => {
                Self::Path(style::path(name, json, *style, *explode)?)
            }
            Style::Query {
                style,
                explode,
                allow_reserved,
            } => Self::Query(style::query(name, json, *style, *explode, *allow_reserved)?),
            Style::Header { explode } => header(style::header(json, *explode)?)?,
            Style::Cookie { explode } => Self::Cookies(style::cookie(name, json, *explode)?),
            Style::Json(ParameterLocation::Path) => Self::Path(style::encode(&json.to_string())),
            Style::Json(ParameterLocation::Query) => Self::Query(vec![json_pair()]),
            Style::Json(ParameterLocation::Header) => header(json.to_string())?,
            Style::Json(ParameterLocation::Cookie) => Self::Cookies(vec![json_pair()]),
        })
    }
}
