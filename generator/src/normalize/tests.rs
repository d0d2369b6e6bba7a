//! Tests for each row of the table and for each fault.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Normalized, normalize};
use crate::diagnostic::{Diagnostics, Location, Part, Severity};
use crate::source::yaml;

mod faults;
mod mistakes;
mod schemas;

/// Parses a YAML document.
fn document(text: &str) -> Value {
    yaml::value(text).expect("a test's YAML")
}

/// Returns the diagnostics, one line each: severity, code, pointer (with `@` for the key), message,
/// help.
fn found(diagnostics: &Diagnostics) -> Vec<String> {
    let lines = diagnostics.list().iter().map(|diagnostic| {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = match &diagnostic.location {
            Location::Node(pointer, Part::Key) => format!("@{pointer}"),
            Location::Node(pointer, Part::Value) => pointer.to_string(),
            other => format!("{other:?}"),
        };
        let help = diagnostic.help.as_deref().expect("a help");
        let mut line = format!(
            "{severity}[{}] {place}: {} | {help}",
            diagnostic.code, diagnostic.message
        );
        for (location, label) in &diagnostic.related {
            let Location::Node(pointer, _) = location else {
                panic!("{location:?}");
            };
            write!(line, " | {label}: {pointer}").expect("text");
        }
        line
    });
    lines.collect()
}

fn normalized(text: &str) -> (Normalized, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let normalized = normalize(document(text), &mut diagnostics);
    (normalized, found(&diagnostics))
}

/// Returns the placed object at a pointer.
fn placed(normalized: &Normalized, pointer: &str) -> Value {
    let mut placed = normalized.placed.iter();
    let object = placed.find(|placed| placed.pointer.as_str() == pointer);
    object.expect(pointer).value.clone()
}

/// Returns the document with its schemas in their positions.
fn with_schemas(normalized: &Normalized) -> Value {
    let mut value = normalized.value.clone();
    for schema in &normalized.placed {
        let reference = json!({ "$ref": schema.pointer.to_reference() });
        replace(&mut value, &reference, &schema.value);
    }
    value
}

fn replace(value: &mut Value, old: &Value, new: &Value) {
    if value == old {
        *value = new.clone();
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, old, new)),
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, old, new)),
        _ => {}
    }
}

/// Normalizes a schema in a 3.1 document. Returns the result with the diagnostics.
fn schema_with_findings(text: &str) -> (Value, Vec<String>) {
    let schema = document(text);
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "components": { "schemas": { "S": schema, "Other": {} } },
    });
    let mut diagnostics = Diagnostics::default();
    let normalized = normalize(document, &mut diagnostics);
    let schema = placed(&normalized, "/components/schemas/S");
    (schema, found(&diagnostics))
}

fn is_aside(found: &str) -> bool {
    found.starts_with("warning[unchecked]") || found.starts_with("warning[outdated-keyword]")
}

/// Normalizes a schema, and asserts that the only diagnostics are about old or unchecked keywords.
fn schema(text: &str) -> Value {
    let (schema, mut found) = schema_with_findings(text);
    found.retain(|found| !is_aside(found));
    assert_eq!(found, Vec::<String>::new(), "{text}");
    schema
}
