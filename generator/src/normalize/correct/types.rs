//! The names of types in `type`, including common mistakes.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code, nearest};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::{Fields, TYPES};

/// Corrects misspelled names of types with a warning, and reports unknown ones. In a list, `null`
/// replaces a name that means any value, so that the others keep their pointers.
pub(crate) fn correct_types(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let here = place.key("type");
    let types = match map.get("type").cloned() {
        Some(Value::String(name)) => correct_type(reporter, map, &name, &here),
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str).enumerate();
            let names =
                names.map(|(index, name)| correct_type(reporter, map, name, &here.index(index)));
            Value::Array(names.collect())
        }
        _ => return,
    };
    if types.is_null() {
        map.shift_remove("type");
    } else {
        map.insert("type".to_owned(), types);
    }
}

/// Returns the correct name of a type, or `null` if it means any value or is unknown.
fn correct_type(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    name: &str,
    here: &Trail<'_>,
) -> Value {
    let known = TYPES.iter().find(|known| **known == name).copied();
    let known = known.or_else(|| correct_misspelled(reporter, map, name, here));
    known.map_or(Value::Null, Value::from)
}

/// Returns the type and format for a name of another language or an older version.
fn likely_type(name: &str) -> Option<(&'static str, Option<&'static str>)> {
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
            return TYPES
                .iter()
                .find(|known| **known == other)
                .map(|known| (*known, None));
        }
    })
}

/// Returns the type that an unknown name means, if it means one.
fn correct_misspelled(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    name: &str,
    here: &Trail<'_>,
) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "any" | "mixed" | "unknown" | "") {
        reporter.warn(code::COERCED, &format!("type {lower}"), || {
            Diagnostic::warning(
                code::COERCED,
                here.pointer(),
                format!("there is no type `{name}`; it is read as any JSON value"),
            )
            .help("remove `type` if any value is allowed")
        });
        return None;
    }
    if let Some((known, format)) = likely_type(&lower) {
        let shown = format.map_or_else(String::new, |format| format!(" with `format: {format}`"));
        reporter.warn(code::COERCED, &format!("type {lower}"), || {
            Diagnostic::warning(
                code::COERCED,
                here.pointer(),
                format!("there is no type `{name}`; it is read as `type: {known}`{shown}"),
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
    reporter.push(unknown.help(match nearest(&lower, TYPES) {
        Some(known) => format!("did you mean `{known}`?"),
        None => {
            "write `string`, `number`, `integer`, `boolean`, `array`, `object` or `null`".to_owned()
        }
    }));
    None
}
