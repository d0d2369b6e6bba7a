//! The locations of parameters.

use serde_json::Value;

use super::text::convert_to_text;
use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Writes the location in lower case, and reports an unknown one.
pub(crate) fn correct_location(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    convert_to_text(map, "in");
    let here = place.key("in");
    let Some(Value::String(location)) = map.get_mut("in") else {
        return;
    };
    let lower = location.to_ascii_lowercase();
    match lower.as_str() {
        "path" | "query" | "header" | "cookie" if *location == lower => {}
        "path" | "query" | "header" | "cookie" => {
            let message =
                format!("`in: {location}` is not in lower case; it is read as `in: {lower}`");
            reporter.warn_value_correction(&here, message, format!("write `in: {lower}`"));
            *location = lower;
        }
        _ => {
            let help = match lower.as_str() {
                "body" | "formdata" => {
                    "describe the body in the operation's `requestBody`".to_owned()
                }
                _ => "write `path`, `query`, `header` or `cookie`".to_owned(),
            };
            let message = format!("a parameter cannot be in `{location}`");
            reporter.push(
                Diagnostic::error(code::UNKNOWN_LOCATION, here.pointer(), message).help(help),
            );
        }
    }
}

/// Makes a parameter in the path required.
pub(crate) fn require_in_path(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let is_required = map.get("required") == Some(&Value::Bool(true));
    if map.get("in").and_then(Value::as_str) != Some("path") || is_required {
        return;
    }
    let name = map.get("name").and_then(Value::as_str).unwrap_or_default();
    let message = format!("parameter `{name}` is in the path and is therefore required");
    reporter.warn_correction("required path", place, message, "add `required: true`");
    map.insert("required".to_owned(), Value::Bool(true));
}
