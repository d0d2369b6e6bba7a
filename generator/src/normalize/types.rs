//! Reads the `type` keyword, including common mistakes.

use serde_json::{Map, Value};

use super::place::Place;
use super::walk::Walk;
use crate::diagnostic::{Diagnostic, code, nearest};

/// The value of `type`.
#[derive(Debug, Default)]
pub(super) struct SchemaTypes {
    /// The names in document order, without duplicates and without `null`.
    pub(super) names: Vec<&'static str>,
    /// True if `null` is one of the types.
    pub(super) null: bool,
}

const NAMES: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// Reads `type`. A misspelled name is corrected in `map` with a warning, or reported. In a list,
/// `null` replaces a name that means any value, so that the others keep their pointers.
pub(super) fn read(
    walk: &mut Walk<'_>,
    map: &mut Map<String, Value>,
    place: &Place<'_>,
) -> SchemaTypes {
    let here = place.key("type");
    let mut types = SchemaTypes::default();
    let (written, is_list): (Vec<String>, bool) = match map.get("type") {
        Some(Value::String(name)) => (vec![name.clone()], false),
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            (names.map(ToOwned::to_owned).collect(), true)
        }
        _ => return types,
    };
    let mut read = Vec::with_capacity(written.len());
    for (index, name) in written.iter().enumerate() {
        let entry = here.index(index);
        let here = if is_list { &entry } else { &here };
        let known = NAMES.iter().find(|known| *known == name).copied();
        let known = known.or_else(|| misspelt(walk, map, name, here));
        read.push(known.map_or(Value::Null, Value::from));
        match known {
            Some("null") => types.null = true,
            Some(known) if !types.names.contains(&known) => types.names.push(known),
            _ => {}
        }
    }
    // Every integer is a `number`.
    if types.names.contains(&"number") {
        types.names.retain(|name| *name != "integer");
    }
    let read = if is_list {
        Value::Array(read)
    } else {
        read.into_iter().next().unwrap_or_default()
    };
    if read.is_null() {
        map.shift_remove("type");
    } else {
        map.insert("type".to_owned(), read);
    }
    types
}

/// Returns the type and format for a name of another language or an older version.
fn meant(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match name {
        "file" | "binary" => ("string", Some("binary")),
        "date" => ("string", Some("date")),
        "datetime" | "date-time" => ("string", Some("date-time")),
        "uuid" => ("string", Some("uuid")),
        "password" => ("string", Some("password")),
        "str" | "text" | "char" | "email" | "uri" | "url" => ("string", None),
        "float" => ("number", Some("float")),
        "double" => ("number", Some("double")),
        "decimal" => ("number", None),
        "int" => ("integer", None),
        "int32" => ("integer", Some("int32")),
        "int64" | "long" => ("integer", Some("int64")),
        "bool" => ("boolean", None),
        "list" => ("array", None),
        "map" | "dict" | "hash" | "json" => ("object", None),
        other => {
            return NAMES
                .iter()
                .find(|known| **known == other)
                .map(|known| (*known, None));
        }
    })
}

fn misspelt(
    walk: &mut Walk<'_>,
    map: &mut Map<String, Value>,
    name: &str,
    here: &Place<'_>,
) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "any" | "mixed" | "unknown" | "") {
        walk.warn(code::COERCED, &format!("type {lower}"), || {
            Diagnostic::warning(
                code::COERCED,
                here.pointer(),
                format!("`type: {name}` is read as any value"),
            )
            .help("remove `type` if any value is allowed")
        });
        return None;
    }
    if let Some((known, format)) = meant(&lower) {
        let shown = format.map_or_else(String::new, |format| format!(" with `format: {format}`"));
        walk.warn(code::COERCED, &format!("type {lower}"), || {
            Diagnostic::warning(
                code::COERCED,
                here.pointer(),
                format!("`type: {name}` is read as `type: {known}`{shown}"),
            )
            .help(format!("write `type: {known}`{shown}"))
        });
        if let Some(format) = format {
            map.entry("format").or_insert_with(|| Value::from(format));
        }
        return Some(known);
    }
    let unknown = Diagnostic::error(
        code::UNKNOWN_TYPE,
        here.pointer(),
        format!("there is no type `{name}`"),
    );
    walk.report(unknown.help(match nearest(&lower, NAMES) {
        Some(known) => format!("did you mean `{known}`?"),
        None => {
            "write `string`, `number`, `integer`, `boolean`, `array`, `object` or `null`".to_owned()
        }
    }));
    None
}

/// Returns the types that a format applies to, the most likely first.
pub(crate) fn format_type(format: &str) -> &'static [&'static str] {
    match format {
        "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32"
        | "uint64" | "float" | "double" | "decimal" | "timestamp" | "unix-time" => {
            &["integer", "number"]
        }
        _ => &["string"],
    }
}

/// Returns true if a value is of a type; `1.0` is an integer (JSON Schema, section 4.2.3).
pub(crate) fn is_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
        Value::Number(number) => {
            name == "number"
                || name == "integer" && number.as_f64().is_none_or(|number| number.fract() == 0.0)
        }
    }
}
