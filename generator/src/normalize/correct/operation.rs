//! Operations, and the methods of path items.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, code, nearest};
use crate::normalize::messages::error_at_key;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::{Fields, METHODS, Version};

/// Removes fields of a path item that look like operations and are none, with an error.
pub(crate) fn remove_misspelled_methods(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    map.retain(|key, value| {
        let is_operation = value.get("responses").is_some();
        if !is_operation || METHODS.contains(&key.as_str()) || key.starts_with("x-") {
            return true;
        }
        let diagnostic = error_at_key(
            &place.key(key),
            code::INVALID_NAME,
            format!("`{key}` is not a method"),
        );
        let meant = METHODS
            .iter()
            .find(|method| method.eq_ignore_ascii_case(key));
        let meant = meant.copied().or_else(|| nearest(key, METHODS));
        reporter.push(diagnostic.help(match meant {
            Some(meant) => format!("write `{meant}`"),
            None => format!("write one of `{}`", METHODS.join("`, `")),
        }));
        false
    });
}

/// Removes the body of a `trace` operation: a client does not send content with TRACE (RFC 9110,
/// section 9.3.8).
pub(crate) fn remove_trace_body(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let Some(Value::Object(operation)) = map.get_mut("trace") else {
        return;
    };
    if operation.shift_remove("requestBody").is_none() {
        return;
    }
    reporter.warn(code::IGNORED_BODY, "trace", || {
        let here = place.key("trace");
        let at = here.key("requestBody").pointer().key();
        let message = "a TRACE request has no body: its `requestBody` has no effect";
        Diagnostic::warning(code::IGNORED_BODY, at, message)
            .related(here.pointer().key(), "the method")
            .help("remove `requestBody`, or write another method")
    });
}

/// Removes an empty `operationId`, adds missing `responses`, and makes `security` a list.
pub(crate) fn correct_operation(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if map.get("operationId").and_then(Value::as_str) == Some("") {
        let message = "`operationId` is empty and is ignored";
        let here = place.key("operationId");
        reporter.warn_correction(
            "empty operationId",
            &here,
            message,
            "write a name, or remove it",
        );
        map.shift_remove("operationId");
    }
    let is_empty = |responses: &Value| responses.as_object().is_some_and(Map::is_empty);
    if map.get("responses").is_some_and(is_empty) {
        let message = "`responses` is empty, so every response is undocumented";
        let here = place.key("responses");
        reporter.warn_correction(
            "empty responses",
            &here,
            message,
            "add a response, such as `200`",
        );
    }
    if map.get("responses").is_none_or(Value::is_null) {
        if reporter.version == Version::V3_0 || map.contains_key("responses") {
            let message = "an operation has no `responses`, so every response is undocumented";
            reporter.warn_correction("operation.responses", place, message, "add `responses`");
        }
        map.insert("responses".to_owned(), Value::Object(Fields::new()));
    }
    if let Some(security @ Value::Object(_)) = map.get_mut("security") {
        let list = Value::Array(vec![security.clone()]);
        reporter.coerce(security, list, "a list", &place.key("security"));
    }
}
