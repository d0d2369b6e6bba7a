//! Types that do not exist.

use serde_json::{Map, Value, json};

use super::candidates;
use super::describe::{self, holders, quoted};
use super::readings::named_schema;
use super::reference::behind;
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;

/// The types of other languages that `normalize` does not read as such in every run.
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

/// A type that does not exist: the one that is meant, else any JSON value.
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
        // `strng`, and no other word that is as near.
        let is_word = text.chars().all(char::is_alphanumeric);
        let near = crate::diagnostic::nearest(text, NAMES.iter().copied());
        let near = near.filter(|_| is_word);
        meant_type(text).or_else(|| near.map(|near| json!({ "type": near })))
    });
    let (is_property, name) = describe::schema(&schema_at);
    let of = holders(document, &schema_at);
    let scope = if is_property {
        Scope::Property
    } else {
        Scope::Schema
    };
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
    Some(candidates::any_value(document, &schema_at))
}

/// The types of JSON Schema but for `null`.
pub(super) const NAMES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// Returns the remedy for a `type` that says what the whole schema is: `Pet`, `string[]`,
/// `string | null`, or a schema in its place.
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
    let (is_property, name) = describe::schema(at);
    let scope = if is_property {
        Scope::Property
    } else {
        Scope::Schema
    };
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
            if let Some(target) = named_schema(document, text)
                && says_no_more
                && target != *at
            {
                let reference = json!({ "$ref": format!("#{target}") });
                (
                    format!("the schema {}", quoted(text)),
                    vec![Edit::Set(at.clone(), reference)],
                )
            } else if let Some(item) = text.strip_suffix("[]") {
                let item = NAMES.contains(&item).then(|| json!({ "type": item }))?;
                let edits = vec![
                    Edit::Set(at.child("type"), json!("array")),
                    Edit::Set(at.child("items"), item),
                ];
                let edits = (!schema.contains_key("items")).then_some(edits)?;
                (format!("an array, {}", quoted(text)), edits)
            } else {
                let names: Vec<&str> = text.split('|').map(str::trim).collect();
                let is_known = |name: &&str| *name == "null" || NAMES.contains(name);
                if names.len() < 2 || !names.iter().all(is_known) {
                    return None;
                }
                let edits = vec![Edit::Set(at.child("type"), json!(names))];
                (
                    format!("of the types {}", quoted(&json!(names).to_string())),
                    edits,
                )
            }
        }
        _ => return None,
    };
    let effect = format!("the {name}{of} is read as {shown}");
    Some(Remedy::with_edits(scope, edits, effect))
}
