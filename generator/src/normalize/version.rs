//! Reads the version of the specification that a document declares.

use serde_json::Value;

use super::messages::json_type;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, Remedy, Scope, code};
use crate::pointer::Pointer;
use crate::spec::{Fields, Version};

/// Returns the version that the document declares, or `None` after an error.
pub(super) fn read_version(value: &mut Value, diagnostics: &mut Diagnostics) -> Option<Version> {
    let Value::Object(map) = value else {
        diagnostics.push(wrong_document(value));
        return None;
    };
    let at = Pointer::root().child("openapi");
    let written = version_text(map, diagnostics)?;
    let number = written.trim();
    let meant = number.strip_prefix(['v', 'V']).unwrap_or(number);
    let is_meant = meant.len() < number.len() && !diagnostics.is_strict();
    if is_meant && meant.starts_with("3.") {
        let message = format!("OpenAPI `{number}` is not supported");
        let effect = format!("`openapi` is read as `{meant}`");
        diagnostics.push(
            Diagnostic::warning(code::UNSUPPORTED_VERSION, &at, message)
                .help(format!("write `openapi: {meant}`"))
                .remedy(Remedy::without_edits(Scope::Annotation, effect)),
        );
    }
    let number = if is_meant { meant } else { number };
    let mut numbers = number.split('.');
    match (numbers.next(), numbers.next()) {
        (Some("3"), Some("0") | None) => Some(Version::V3_0),
        (Some("3"), Some("1")) => Some(Version::V3_1),
        (Some("3"), Some("2")) => Some(Version::V3_2),
        _ => {
            diagnostics.push(if written.trim().is_empty() {
                let message = "`openapi` is empty";
                Diagnostic::error(code::MISSING_VERSION, at, message)
                    .help("write the version of the specification: `openapi: 3.1.0`")
            } else {
                let message = format!("OpenAPI `{written}` is not supported");
                Diagnostic::error(code::UNSUPPORTED_VERSION, at, message)
                    .label("not 3.0, 3.1 or 3.2")
                    .help("write the document in OpenAPI 3.0, 3.1 or 3.2")
            });
            None
        }
    }
}

/// Returns the error for a document that is not an object.
fn wrong_document(value: &Value) -> Diagnostic {
    let is_page = value
        .as_str()
        .is_some_and(|text| text.trim_start().starts_with('<'));
    let (message, help) = if is_page {
        (
            "this is HTML or XML, not an OpenAPI document".to_owned(),
            "save the document itself, in YAML or JSON",
        )
    } else {
        let found = json_type(value);
        (
            format!("an OpenAPI document has to be an object, not {found}"),
            "an OpenAPI document begins with `openapi: 3.1.0`",
        )
    };
    Diagnostic::error(code::MISSING_VERSION, Pointer::root(), message).help(help)
}

/// Returns the value of `openapi`, or `None` after an error.
fn version_text(map: &mut Fields, diagnostics: &mut Diagnostics) -> Option<String> {
    let at = Pointer::root().child("openapi");
    match map.get("openapi") {
        Some(Value::String(text)) => Some(text.clone()),
        // `openapi: 3.1` without quotes is a number in YAML.
        Some(Value::Number(number)) => {
            let written = number.to_string();
            let meant = if written == "3" {
                "3.0".to_owned()
            } else {
                written
            };
            if matches!(meant.as_str(), "3.0" | "3.1" | "3.2") {
                let message =
                    format!("`openapi` has to be a string, not a number; it is read as `{meant}`");
                diagnostics.push(
                    Diagnostic::warning(code::COERCED, &at, message)
                        .help(format!("write the full version: `openapi: {meant}.0`")),
                );
            }
            map.insert("openapi".to_owned(), Value::from(meant.clone()));
            Some(meant)
        }
        Some(other) => {
            let found = json_type(other);
            let message = format!("`openapi` has to be a string, not {found}");
            diagnostics.push(
                Diagnostic::error(code::WRONG_TYPE, at, message)
                    .help("write the version of the specification: `openapi: 3.1.0`"),
            );
            None
        }
        None => {
            diagnostics.push(missing_version(map));
            None
        }
    }
}

/// Returns the error for a document without `openapi`.
fn missing_version(map: &Fields) -> Diagnostic {
    let root = Pointer::root();
    if map.contains_key("swagger") {
        return Diagnostic::error(
            code::UNSUPPORTED_VERSION,
            root.child("swagger"),
            "Swagger 2.0 is not supported",
        )
        .label("not OpenAPI 3")
        .help("convert the document to OpenAPI 3.0 first, for example with swagger2openapi");
    }
    if map.contains_key("asyncapi") {
        return Diagnostic::error(
            code::UNSUPPORTED_VERSION,
            root.child("asyncapi"),
            "this is an AsyncAPI document",
        )
        .label("not OpenAPI 3")
        .help("pass a document that begins with `openapi: 3.1.0`");
    }
    let message = "the document has no `openapi` field";
    let written = map.keys().find(|key| key.eq_ignore_ascii_case("openapi"));
    match written {
        Some(key) => Diagnostic::error(code::MISSING_VERSION, root.child(key).key(), message)
            .label("not in lower case")
            .help("write `openapi`"),
        None => Diagnostic::error(code::MISSING_VERSION, Location::from(root), message)
            .label("`openapi` is missing here")
            .help("begin the document with `openapi: 3.1.0`"),
    }
}
