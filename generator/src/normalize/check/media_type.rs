//! Media types in `content` and `contentType`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::http_names::is_token;
use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::error_at_key;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Returns `true` if the text is a media type or a media range (RFC 9110, sections 8.3.1 and 12.5.1).
fn is_media_type(text: &str) -> bool {
    let mut parts = split_outside_quotes(text, ';');
    let essence = parts.next().unwrap_or_default().trim();
    let Some((kind, subtype)) = essence.split_once('/') else {
        return false;
    };
    let is_name = |text: &str| is_token(text);
    is_name(kind)
        && is_name(subtype)
        && parts.all(|parameter| {
            let parameter = parameter.trim();
            parameter.is_empty()
                || parameter.split_once('=').is_some_and(|(name, value)| {
                    let quoted = value.len() >= 2 && value.starts_with('"') && value.ends_with('"');
                    is_name(name) && (is_name(value) || quoted && !value.contains(char::is_control))
                })
        })
}

fn is_header_text(text: &str) -> bool {
    !text.trim().is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
}

/// Returns the media type that a bare word most likely means.
fn likely_media_type(text: &str) -> Option<&'static str> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "*" => "*/*",
        "json" => "application/json",
        "xml" => "application/xml",
        "text" | "plain" | "string" => "text/plain",
        "html" => "text/html",
        "csv" => "text/csv",
        "pdf" => "application/pdf",
        "form" | "form-data" | "multipart" => "multipart/form-data",
        "urlencoded" | "x-www-form-urlencoded" => "application/x-www-form-urlencoded",
        "binary" | "octet-stream" | "file" => "application/octet-stream",
        _ => return None,
    })
}

fn suggest_media_type(text: &str, diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help(match likely_media_type(text) {
        Some(meant) => format!("write `{meant}`"),
        None => "write a type and a subtype, such as `application/json`".to_owned(),
    })
}

/// Reports keys of `content` that are not media types or are duplicates.
pub(crate) fn check_content(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let names = map.get("content").and_then(Value::as_object);
    let here = place.key("content");
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names.into_iter().flat_map(Map::keys) {
        let at = here.key(name);
        if !is_media_type(name) && !name.starts_with("x-") {
            let message = format!("`{name}` is not a media type");
            // It can be sent, and a lenient server may expect it.
            let diagnostic = if is_header_text(name) {
                let message = match name.trim() {
                    "*" => format!("{message}; it is read as `*/*`"),
                    _ => format!("{message}; it is used unchanged"),
                };
                Diagnostic::warning(code::INVALID_MEDIA_TYPE, at.pointer().key(), message)
            } else {
                error_at_key(&at, code::INVALID_MEDIA_TYPE, message)
            };
            reporter.push(suggest_media_type(name, diagnostic));
        }
        let folded: String = name.split_whitespace().collect();
        if let Some(first) = seen.insert(folded.to_ascii_lowercase(), name) {
            let message = format!("the media type `{name}` is defined twice");
            reporter.push(
                error_at_key(&at, code::INVALID_MEDIA_TYPE, message)
                    .related(here.key(first).pointer().key(), "first written here")
                    .help("merge the two: names are case-insensitive"),
            );
        }
    }
}

/// Checks `content` of a request body, which must have a media type to be sent.
pub(crate) fn check_request_content(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    if map.get("content") == Some(&Value::Object(Fields::new())) {
        reporter.warn(code::EMPTY_LIST, "request body", || {
            let at = place.key("content").pointer().key();
            let message = "`content` of a request body has no media type: there is no body to send";
            Diagnostic::warning(code::EMPTY_LIST, at, message)
                .help("write one, such as `application/json: { schema: { type: object } }`")
        });
    }
    check_content(reporter, map, place);
}

/// Reports a `contentType` of an encoding that is neither a media type nor a list of them.
pub(crate) fn check_content_type(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let Some(Value::String(text)) = map.get("contentType") else {
        return;
    };
    for one in split_outside_quotes(text, ',') {
        if !is_media_type(one) {
            let one = one.trim();
            let message = format!("`{one}` is not a media type");
            let at = place.key("contentType").pointer();
            let diagnostic = if is_header_text(one) {
                let message = format!("{message}, and is sent unchanged");
                Diagnostic::warning(code::INVALID_MEDIA_TYPE, at, message)
            } else {
                Diagnostic::error(code::INVALID_MEDIA_TYPE, at, message)
            };
            reporter.push(suggest_media_type(one, diagnostic));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_media_types() {
        for (text, expected) in [
            ("application/json", true),
            ("application/vnd.api+json; charset=utf-8", true),
            ("text/plain;charset=\"utf;8\"", true),
            ("*/*", true),
            ("image/*", true),
            ("json", false),
            ("application/", false),
            ("application/json\nX: y", false),
            ("text/plain, text/html", false),
            ("", false),
        ] {
            assert_eq!(is_media_type(text), expected, "{text:?}");
        }
    }
}
