//! Values of a wrong type that have only one interpretation.

use serde_json::{Map, Value, json};

use super::describe::{self, holders, quoted};
use super::index::Index;
use super::missing;
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::{ObjectKind, type_at};

/// The types of JSON Schema except `null`.
pub(super) const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// Returns the remedy for a string instead of an object, read as one of the object's fields.
pub(super) fn text_for_object(document: &Value, at: &Pointer) -> Option<Remedy> {
    let text = document.pointer(at.as_str())?.as_str()?;
    let of = holders(document, at);
    let name = at.last()?;
    let edit = |value: Value| Edit::Set(at.clone(), value);
    match type_at(at).kind()? {
        ObjectKind::Response => Some(Remedy::new(
            Scope::Response,
            edit(json!({ "description": text })),
            format!(
                "the text is read as the description of the response {}{of}",
                quoted(&name)
            ),
        )),
        _ => None,
    }
}

/// Returns the remedy for a request body with `schema` instead of `content`.
pub(super) fn body_schema(document: &Value, at: &Pointer) -> Option<Remedy> {
    if type_at(at).kind() != Some(ObjectKind::RequestBody) {
        return None;
    }
    let body = document.pointer(at.as_str())?;
    let schema = body.get("schema").filter(|schema| schema.is_object())?;
    if body.get("content").is_some() {
        return None;
    }
    let effect = format!(
        "the request body{} is JSON of its `schema`",
        holders(document, at)
    );
    let content = json!({ "application/json": { "schema": schema } });
    let mut meant = body.as_object()?.clone();
    meant.shift_remove("schema");
    meant.insert("content".to_owned(), content);
    let edit = Edit::Set(at.clone(), Value::Object(meant));
    Some(Remedy::new(Scope::RequestBody, edit, effect))
}

/// Returns the remedy for a reference to a schema instead of an object that contains one: a media
/// type, a header, or a JSON response or request body.
pub(super) fn body_of_schema(
    document: &Value,
    at: &Pointer,
    kind: ObjectKind,
    schema: &Pointer,
) -> Option<Remedy> {
    if type_at(schema).kind() != Some(ObjectKind::Schema) {
        return None;
    }
    let reference = json!({ "$ref": format!("#{}", schema.as_str().replace('%', "%25")) });
    let media_type = json!({ "schema": reference });
    let content = json!({ "application/json": media_type });
    let of = holders(document, at);
    let name = quoted(&at.last()?);
    let shown = quoted(&schema.last()?);
    let (scope, value, effect) = match kind {
        ObjectKind::MediaType => (
            Scope::MediaType,
            media_type,
            format!("the body of the media type {name}{of} is of the schema {shown}"),
        ),
        ObjectKind::Response => (
            Scope::Response,
            json!({ "description": "", "content": content }),
            format!("the response {name}{of} is JSON of the schema {shown}"),
        ),
        ObjectKind::Header => (
            Scope::Header,
            media_type,
            format!("the header {name}{of} is of the schema {shown}"),
        ),
        ObjectKind::RequestBody => (
            Scope::RequestBody,
            json!({ "content": content }),
            format!("the request body{of} is JSON of the schema {shown}"),
        ),
        _ => return None,
    };
    Some(Remedy::new(scope, Edit::Set(at.clone(), value), effect))
}

/// Returns the remedy for a media type that is not an object: its schema is unknown.
pub(super) fn media_type(document: &Value, at: &Pointer) -> Option<Remedy> {
    if type_at(at).kind() != Some(ObjectKind::MediaType)
        || document.pointer(at.as_str())?.is_object()
    {
        return None;
    }
    let effect = format!(
        "the body of the media type {}{} has no schema",
        quoted(&at.last()?),
        holders(document, at)
    );
    let edit = Edit::Set(at.clone(), json!({}));
    Some(Remedy::new(Scope::MediaType, edit, effect))
}

/// Returns the remedy for a tag of an operation that is an object with a name.
pub(super) fn tag_by_name(document: &Value, at: &Pointer) -> Option<Remedy> {
    let list = at.parent()?;
    let is_of_operation = type_at(&list.parent()?).kind() == Some(ObjectKind::Operation);
    if list.last()? != "tags" || !is_of_operation {
        return None;
    }
    let name = document.pointer(at.as_str())?.get("name")?.as_str()?;
    let of = holders(document, &list);
    let effect = format!("the tag{of} is read as {}", quoted(name));
    let edit = Edit::Set(at.clone(), Value::from(name));
    Some(Remedy::new(Scope::Annotation, edit, effect))
}

/// Returns the remedy for `allOf`, `oneOf` or `anyOf` with a single branch instead of a list.
pub(super) fn one_branch(document: &Value, at: &Pointer) -> Option<Remedy> {
    let written = document.pointer(at.as_str())?;
    let is_branch = match written {
        Value::Object(map) => !map.is_empty(),
        Value::String(text) => named_schema(document, text).is_some(),
        _ => false,
    };
    if !is_branch {
        return None;
    }
    let keyword = at.last()?;
    let of = holders(document, at);
    let effect = format!("`{keyword}`{of} is read as a list with one entry");
    let edit = Edit::Set(at.clone(), json!([written]));
    Some(Remedy::new(Scope::Keyword, edit, effect))
}

/// Returns properties with the names in a list, each of any type.
pub(super) fn named_properties(list: &[Value]) -> Option<Map<String, Value>> {
    let mut properties = Map::new();
    for name in list {
        let known = properties.insert(name.as_str()?.to_owned(), json!({}));
        if known.is_some() {
            return None;
        }
    }
    Some(properties).filter(|properties| !properties.is_empty())
}

/// Returns the schema that a string refers to: a reference without its `$ref`, or a schema's name.
pub(super) fn named_schema(document: &Value, text: &str) -> Option<Pointer> {
    let target = text.strip_prefix("#/").map_or_else(
        || {
            let schemas = Pointer::root().child("components").child("schemas");
            Some(schemas.child(text))
        },
        |_| crate::bundle::local_target(text),
    )?;
    let is_schema = type_at(&target).kind() == Some(ObjectKind::Schema);
    (is_schema && document.pointer(target.as_str()).is_some()).then_some(target)
}

/// Returns the remedy for an error in a value that is not an object of the specification, although
/// references use it as one: the references become broken.
pub(super) fn led_to(document: &Index<'_>, at: &Pointer) -> Option<Remedy> {
    if type_at(at).kind().is_some() {
        return None;
    }
    let referring = document.references_to(at);
    let mut edits = Vec::new();
    let mut first: Option<Remedy> = None;
    for reference in referring {
        let kind = type_at(reference).kind()?;
        let remedy = missing::missing(document, reference, kind, None);
        edits.extend(remedy.edits.iter().cloned());
        first.get_or_insert(remedy);
    }
    let first = first?;
    let effect = match referring.len() - 1 {
        0 => first.effect,
        1 => format!("{}, and the same in 1 more place", first.effect),
        more => format!("{}, and the same in {more} more places", first.effect),
    };
    Some(Remedy::with_edits(first.scope, edits, effect))
}

/// Returns the component that a faulty reference means: one of OpenAPI 2.0, one without `#`, or a
/// name.
pub(super) fn meant_reference(document: &Value, text: &str, kind: ObjectKind) -> Option<Pointer> {
    let section = kind.section()?;
    let written = text;
    let text = text.trim().trim_end_matches('/');
    let way = text.trim_start_matches('#').trim_start_matches('/');
    let parts: Vec<&str> = way.split('/').collect();
    let older = match kind {
        ObjectKind::Schema => "definitions",
        _ => section,
    };
    let name = match parts.as_slice() {
        ["components", found, name] if *found == section => name,
        [found, name] if *found == older && text.starts_with('#') => name,
        [name] if !text.starts_with(['#', '/']) => name,
        _ => return None,
    };
    let target = Pointer::root().below(&["components", section, name]);
    // The corrected reference must differ, or the references form a circle.
    let is_new = format!("#{target}") != written;
    document
        .pointer(target.as_str())
        .filter(|_| is_new)
        .map(|_| target)
}

/// Returns the remedy for a schema that is written as a string.
pub(super) fn schema_of_text(document: &Value, at: &Pointer, text: &str) -> Option<Remedy> {
    if at.last()? == "$ref" {
        // It is not a keyword but a property with an unknown meaning.
        return None;
    }
    let is_type = TYPES.contains(&text);
    let target = named_schema(document, text);
    let (what, schema) = match target {
        None if is_type => ("type", json!({ "type": text })),
        Some(target) if !is_type => ("schema", json!({ "$ref": format!("#{target}") })),
        _ => return None,
    };
    let (scope, name) = describe::schema(at);
    let of = holders(document, at);
    let effect = format!("the {name}{of} has the {what} {}", quoted(text));
    Some(Remedy::new(scope, Edit::Set(at.clone(), schema), effect))
}

/// Returns the items of a list by name. Each has the name as `name` or as its only key. Returns
/// `None` if a name is missing or duplicated.
pub(super) fn named(list: &[Value]) -> Option<Map<String, Value>> {
    let mut named = Map::new();
    for item in list {
        let item = item.as_object()?;
        let (name, value) = match (item.get("name"), item.len()) {
            (Some(Value::String(name)), _) => {
                let rest = item.iter().filter(|(key, _)| *key != "name");
                let rest = rest.map(|(key, value)| (key.clone(), value.clone()));
                (name.clone(), Value::Object(rest.collect()))
            }
            (_, 1) => {
                let (name, value) = item.iter().next()?;
                (name.clone(), value.clone())
            }
            _ => return None,
        };
        if !value.is_object() || named.insert(name, value).is_some() {
            return None;
        }
    }
    Some(named)
}

/// Returns the remedy for an `enum` that is a single value, or an object of which either the keys
/// or the values must be the intended values.
pub(super) fn enumeration(document: &Value, at: &Pointer) -> Option<Remedy> {
    let written = document.pointer(at.as_str())?;
    let schema = document.pointer(at.parent()?.as_str())?;
    let of_type = schema.get("type").and_then(Value::as_str);
    let values = match written {
        Value::Object(members) => of_members(members, of_type)?,
        // The string may be a list with its own separators.
        Value::String(text) if !text.contains([',', ';', '|', ' ', '\n']) => vec![written.clone()],
        Value::Number(_) | Value::Bool(_) => vec![written.clone()],
        _ => return None,
    };
    let effect = format!(
        "`enum`{} is read as {}",
        holders(document, at),
        quoted(&Value::Array(values.clone()).to_string())
    );
    let edit = Edit::Set(at.clone(), Value::Array(values));
    Some(Remedy::new(Scope::Keyword, edit, effect))
}

/// Returns the values of an `enum` that is an object: its keys or its values, if only one of them
/// fits.
fn of_members(members: &Map<String, Value>, of_type: Option<&str>) -> Option<Vec<Value>> {
    let as_type = |text: &String| match of_type {
        Some("integer") => text.parse::<i64>().ok().map(Value::from),
        Some("string") | None => Some(Value::from(text.clone())),
        Some(_) => None,
    };
    let is_of_type = |value: &Value| match of_type {
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some(_) => false,
        None => !value.is_null() && !value.is_object() && !value.is_array(),
    };
    let keys: Option<Vec<Value>> = members.keys().map(as_type).collect();
    let values: Vec<Value> = members.values().cloned().collect();
    let values = Some(values).filter(|values| values.iter().all(is_of_type));
    match (keys, values) {
        (Some(keys), Some(values)) if keys == values => Some(keys),
        (Some(only), None) | (None, Some(only)) if !only.is_empty() => Some(only),
        _ => None,
    }
}
