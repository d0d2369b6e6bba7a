//! Repairs unknown types.

use serde_json::{Map, Value, json};

use super::describe::{self, holders, quoted};
use super::follow::behind;
use super::general_remedies;
use super::wrong_types::{TYPES, named_schema};
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;

/// Returns the schema for a type of another language that `normalize` does not accept.
fn meant_type(name: &str) -> Option<Value> {
    let name = name.to_ascii_lowercase();
    Some(match name.as_str() {
        "timestamp" | "datetimeoffset" | "instant" => {
            json!({ "type": "string", "format": "date-time" })
        }
        "guid" => json!({ "type": "string", "format": "uuid" }),
        "time" => json!({ "type": "string", "format": "time" }),
        "byte" | "bytes" | "base64" => json!({ "type": "string", "format": "byte" }),
        "varchar" | "enum" | "strings" | "character" => json!({ "type": "string" }),
        "real" | "numeric" | "num" | "numbers" | "bigdecimal" => json!({ "type": "number" }),
        "short" | "smallint" | "tinyint" | "uint" | "uint32" | "uint64" | "int16" | "ints"
        | "bigint" => {
            json!({ "type": "integer" })
        }
        "boolen" | "bit" | "flag" => json!({ "type": "boolean" }),
        "set" | "tuple" | "sequence" | "arrays" | "slice" | "vector" => json!({ "type": "array" }),
        "struct" | "dictionary" | "hashmap" | "record" | "objects" => json!({ "type": "object" }),
        _ => return None,
    })
}

/// Returns the remedy for an unknown type: the intended one, or any JSON value.
pub(super) fn unknown(document: &Value, at: &Pointer) -> Option<Remedy> {
    let is_in_list = at.parent()?.last()? == "type";
    let schema_at = if is_in_list {
        at.parent()?.parent()?
    } else {
        at.parent()?
    };
    let schema = document.pointer(schema_at.as_str())?.as_object()?;
    let written = document.pointer(at.as_str())?;
    if !is_in_list && let Some(remedy) = whole(document, &schema_at, schema, written) {
        return Some(remedy);
    }
    let meant = written.as_str().and_then(|text| {
        // A misspelling such as `strng`, if only one type is close.
        let is_word = text.chars().all(char::is_alphanumeric);
        let near = crate::diagnostic::nearest(text, TYPES.iter().copied());
        let near = near.filter(|_| is_word);
        meant_type(text).or_else(|| near.map(|near| json!({ "type": near })))
    });
    let (scope, name) = describe::schema(&schema_at);
    let of = holders(document, &schema_at);
    if let Some(Value::Object(meant)) = meant {
        let mut shown = Vec::new();
        let mut edits = Vec::new();
        for (key, value) in meant {
            let text = value.as_str().unwrap_or_default();
            shown.push(format!("`{key}: {text}`"));
            if key == "type" {
                edits.push(Edit::Set(at.clone(), value));
            } else if !schema.contains_key(&key) && !is_in_list {
                edits.push(Edit::Set(schema_at.child(&key), value));
            }
        }
        let effect = format!("the {name}{of} is read as {}", shown.join(" with "));
        return Some(Remedy::with_edits(scope, edits, effect));
    }
    let says_more = [
        "properties",
        "items",
        "allOf",
        "oneOf",
        "anyOf",
        "enum",
        "additionalProperties",
    ];
    let edit = Edit::Remove(schema_at.child("type"));
    if says_more.iter().any(|key| schema.contains_key(*key)) {
        let effect = format!("`type` of the {name}{of} is ignored");
        return Some(Remedy::new(Scope::Keyword, edit, effect));
    }
    Some(general_remedies::any_value(document, &schema_at))
}

/// Returns the remedy for a `type` that describes the whole schema: `Pet`, `string[]`,
/// `string | null`, or a schema instead of a type.
fn whole(
    document: &Value,
    at: &Pointer,
    schema: &Map<String, Value>,
    written: &Value,
) -> Option<Remedy> {
    let is_annotation = |key: &str| {
        ["type", "description", "title", "example", "deprecated"].contains(&key)
            || key.starts_with("x-")
    };
    let says_no_more = schema.keys().all(|key| is_annotation(key));
    let (scope, name) = describe::schema(at);
    let of = holders(document, at);
    let (shown, edits) = match written {
        Value::Object(members) if says_no_more => {
            let is_schema = match members.get("$ref") {
                Some(_) => behind(document, written).is_some(),
                None => members.contains_key("type"),
            };
            let edits = vec![Edit::Set(at.clone(), written.clone())];
            is_schema.then(|| ("the schema in its `type`".to_owned(), edits))?
        }
        Value::String(text) => {
            let target = named_schema(document, text).filter(|target| says_no_more && target != at);
            match target {
                Some(target) => {
                    let edit = Edit::Set(at.clone(), reference_to(&target));
                    (format!("the schema {}", quoted(text)), vec![edit])
                }
                None => notation(document, at, schema, text)?,
            }
        }
        _ => return None,
    };
    let effect = format!("the {name}{of} is read as {shown}");
    Some(Remedy::with_edits(scope, edits, effect))
}

fn reference_to(schema: &Pointer) -> Value {
    json!({ "$ref": format!("#{}", schema.as_str().replace('%', "%25")) })
}

/// Returns a description of `string[]` or `string | null`, and the edits with the equivalent
/// keywords.
fn notation(
    document: &Value,
    at: &Pointer,
    schema: &Map<String, Value>,
    text: &str,
) -> Option<(String, Vec<Edit>)> {
    let of_type = at.child("type");
    if let Some(item) = text.strip_suffix("[]") {
        let items = if TYPES.contains(&item) {
            json!({ "type": item })
        } else {
            reference_to(&named_schema(document, item)?)
        };
        let edits = vec![
            Edit::Set(of_type, json!("array")),
            Edit::Set(at.child("items"), items),
        ];
        let edits = (!schema.contains_key("items")).then_some(edits)?;
        return Some((format!("an array of {}", quoted(item)), edits));
    }
    let names: Vec<&str> = text.split('|').map(str::trim).collect();
    let is_known = |name: &&str| *name == "null" || TYPES.contains(name);
    if names.len() < 2 || !names.iter().all(is_known) {
        return None;
    }
    let shown = format!("of the types {}", quoted(&json!(names).to_string()));
    Some((shown, vec![Edit::Set(of_type, json!(names))]))
}
