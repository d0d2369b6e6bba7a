//! Names that HTTP transmits: headers, cookies, methods.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::error_at_key;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::{Fields, METHODS};

/// Returns `true` if the text is a `token` (RFC 9110, section 5.6.2).
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Reports a name of a header or cookie (RFC 6265, section 4.1.1) that cannot be sent.
pub(crate) fn check_token(reporter: &mut Reporter<'_>, name: &str, what: &str, place: &Trail<'_>) {
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
    reporter.push(diagnostic.help(help));
}

/// Reports the names under `headers` of a response or a part.
pub(crate) fn check_headers(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let names = map.get("headers").and_then(Value::as_object);
    let here = place.key("headers");
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names.into_iter().flat_map(Map::keys) {
        if !name.starts_with("x-") || is_token(name) {
            check_token(reporter, name, "a header", &here.key(name));
        }
        // RFC 9110, section 5.1: field names are case-insensitive.
        if let Some(first) = seen.insert(name.to_ascii_lowercase(), name) {
            let message = format!("the header `{name}` is defined twice");
            reporter.push(
                error_at_key(&here.key(name), code::DUPLICATE_VALUE, message)
                    .related(here.key(first).pointer().key(), "first written here")
                    .help("merge the two: names are case-insensitive"),
            );
        }
    }
}

/// Reports the methods under `additionalOperations` (OpenAPI 3.2, section 4.9).
pub(crate) fn check_methods(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let methods = map.get("additionalOperations").and_then(Value::as_object);
    let here = place.key("additionalOperations");
    for method in methods.into_iter().flat_map(Map::keys) {
        let at = here.key(method);
        let field = METHODS
            .iter()
            .find(|field| field.eq_ignore_ascii_case(method));
        match field {
            Some(field) => reporter.push(
                error_at_key(
                    &at,
                    code::INVALID_NAME,
                    format!(
                        "`{method}` is a standard method: its operation belongs under `{field}`"
                    ),
                )
                .help("move the operation out of `additionalOperations`"),
            ),
            None if is_token(method) => {}
            None => check_token(reporter, method, "a method", &at),
        }
    }
}
