//! Names that HTTP transmits: headers, cookies, methods and media types.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::object::error;
use super::place::Place;
use super::walk::Walk;
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::spec::METHODS;

type Fields = Map<String, Value>;

/// Returns true if the text is a `token` (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Reports a name of a header or cookie (RFC 6265, section 4.1.1) that cannot be sent.
pub(super) fn token(walk: &mut Walk<'_>, name: &str, what: &str, place: &Place<'_>) {
    if is_token(name) {
        return;
    }
    // The name is the value of a field, or else a key.
    let is_field = matches!(place.last(), Some("name" | "scheme"));
    let at = if is_field {
        place.pointer().into()
    } else {
        place.pointer().key()
    };
    let error = |message: String| Diagnostic::error(code::INVALID_NAME, at, message);
    let diagnostic = match name.chars().find(|c| !is_token(c.encode_utf8(&mut [0; 4]))) {
        None => error(format!("the name of {what} is empty")),
        Some(sign) => error(format!("`{name}` cannot be the name of {what}"))
            .label(format!("`{}` is not allowed", sign.escape_default())),
    };
    let such_as = match what {
        "a header" => "X-Total",
        "a cookie" => "session-id",
        "a method" => "PURGE",
        _ => "Bearer",
    };
    let help = format!("write a name of letters, digits and hyphens, such as `{such_as}`");
    walk.report(diagnostic.help(help));
}

/// Reports the names under `headers` of a response or a part.
pub(super) fn headers(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    let names = map.get("headers").and_then(Value::as_object);
    let here = place.key("headers");
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names.into_iter().flat_map(Map::keys) {
        if !name.starts_with("x-") || is_token(name) {
            token(walk, name, "a header", &here.key(name));
        }
        // RFC 9110, section 5.1: field names are case-insensitive.
        if let Some(first) = seen.insert(name.to_ascii_lowercase(), name) {
            let message = format!("the header `{name}` is defined twice");
            walk.report(
                error(&here.key(name), code::DUPLICATE_VALUE, message)
                    .related(here.key(first).pointer().key(), "first written here")
                    .help("merge the two: names are case-insensitive"),
            );
        }
    }
}

/// Reports the methods under `additionalOperations` (OpenAPI 3.2, section 4.9).
pub(super) fn additional_methods(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    let methods = map.get("additionalOperations").and_then(Value::as_object);
    let here = place.key("additionalOperations");
    for method in methods.into_iter().flat_map(Map::keys) {
        let at = here.key(method);
        let field = METHODS
            .iter()
            .find(|field| field.eq_ignore_ascii_case(method));
        match field {
            Some(field) => walk.report(
                error(
                    &at,
                    code::INVALID_NAME,
                    format!("`{method}` has a field of its own"),
                )
                .help(format!("write the operation under `{field}`")),
            ),
            None if is_token(method) => {}
            None => token(walk, method, "a method", &at),
        }
    }
}

/// Reports fields of a path item that look like operations and would be ignored.
pub(super) fn misspelt_methods(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    map.retain(|key, value| {
        let is_operation = value.get("responses").is_some();
        if !is_operation || METHODS.contains(&key.as_str()) || key.starts_with("x-") {
            return true;
        }
        let diagnostic = error(
            &place.key(key),
            code::INVALID_NAME,
            format!("`{key}` is not a method"),
        );
        let meant = METHODS
            .iter()
            .find(|method| method.eq_ignore_ascii_case(key));
        let meant = meant.copied().or_else(|| nearest(key, METHODS));
        walk.report(diagnostic.help(match meant {
            Some(meant) => format!("write `{meant}`"),
            None => format!("write one of `{}`", METHODS.join("`, `")),
        }));
        false
    });
}

/// Returns true if the text is a media type or a media range (RFC 9110, sections 8.3.1 and 12.5.1).
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
fn meant_type(text: &str) -> Option<&'static str> {
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

fn no_media_type(text: &str, diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help(match meant_type(text) {
        Some(meant) => format!("write `{meant}`"),
        None => "write a type and a subtype, such as `application/json`".to_owned(),
    })
}

/// Reports keys of `content` that are not media types or are duplicates.
pub(super) fn content(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
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
                    "*" => format!("{message}, and is read as `*/*`"),
                    _ => format!("{message}, and is sent and compared unchanged"),
                };
                Diagnostic::warning(code::INVALID_MEDIA_TYPE, at.pointer().key(), message)
            } else {
                error(&at, code::INVALID_MEDIA_TYPE, message)
            };
            walk.report(no_media_type(name, diagnostic));
        }
        let folded: String = name.split_whitespace().collect();
        if let Some(first) = seen.insert(folded.to_ascii_lowercase(), name) {
            let message = format!("the media type `{name}` is defined twice");
            walk.report(
                error(&at, code::INVALID_MEDIA_TYPE, message)
                    .related(here.key(first).pointer().key(), "first written here")
                    .help("merge the two: names are case-insensitive"),
            );
        }
    }
}

/// Checks `content` of a request body, which must have a media type to be sent.
pub(super) fn body(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if map.get("content") == Some(&Value::Object(Fields::new())) {
        walk.warn(code::EMPTY_LIST, "request body", || {
            let at = place.key("content").pointer().key();
            let message = "`content` of a request body has no media type: there is no body to send";
            Diagnostic::warning(code::EMPTY_LIST, at, message)
                .help("write one, such as `application/json: { schema: { type: object } }`")
        });
    }
    content(walk, map, place);
}

/// Reports a `contentType` of an encoding that is neither a media type nor a list of them.
pub(super) fn content_types(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
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
            walk.report(no_media_type(one, diagnostic));
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
