//! Repairs request bodies, including those of OpenAPI 2.0.

use serde_json::{Map, Value, json};

use super::describe::holders;
use super::follow::behind;
use super::follow::operations_with;
use super::general_remedies;
use super::index::Index;
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::{ObjectKind, type_at};

/// Returns the remedy that replaces a request body by any JSON value.
pub(super) fn any(document: &Value, at: &Pointer) -> Remedy {
    let body = json!({ "content": { "application/json": { "schema": {} } } });
    let effect = format!(
        "the request body{} is any JSON value",
        holders(document, at)
    );
    Remedy::new(Scope::RequestBody, Edit::Set(at.clone(), body), effect)
}

/// Returns the remedy that removes a media type that cannot be sent. If a required body has no
/// other, the operation is removed.
pub(super) fn without(document: &Value, media_type: &Pointer) -> Option<Remedy> {
    let body = media_type.parent()?.parent()?;
    if type_at(&body).kind() != Some(ObjectKind::RequestBody) {
        return None;
    }
    let node = document.pointer(body.as_str())?;
    let count = node.get("content")?.as_object()?.len();
    if count > 1 {
        return None;
    }
    let holder = body.parent()?;
    if type_at(&holder).kind() != Some(ObjectKind::Operation) {
        return None;
    }
    if node.get("required") == Some(&Value::Bool(true)) {
        return Some(general_remedies::operation(document, &holder));
    }
    let effect = format!("the request body{} is left out", holders(document, &body));
    let edit = Edit::Remove(body);
    Some(Remedy::new(Scope::RequestBody, edit, effect))
}

/// A parameter of an operation, after following its reference.
struct Written<'v> {
    index: usize,
    value: &'v Map<String, Value>,
}

/// Returns the remedy for `in: body` and `in: formData`: the equivalent request body (OpenAPI 2.0,
/// Parameter Object).
pub(super) fn of_swagger_2(document: &Index<'_>, field: &Pointer) -> Option<Remedy> {
    let place = document.pointer(field.as_str())?.as_str()?;
    let is_body = place.eq_ignore_ascii_case("body");
    if !is_body && !place.eq_ignore_ascii_case("formData") {
        return None;
    }
    let parameter = field.parent()?;
    let list = parameter.parent()?;
    let holder = list.parent()?;
    let operations = match type_at(&holder).kind() {
        Some(ObjectKind::Operation) => vec![holder],
        Some(ObjectKind::PathItem) => operations_of(document, &holder),
        _ => operations_with(document, &parameter)
            .into_iter()
            .flat_map(|holder| match type_at(&holder).kind() {
                Some(ObjectKind::PathItem) => operations_of(document, &holder),
                _ => vec![holder],
            })
            .collect(),
    };
    let mut edits = Vec::new();
    for operation in &operations {
        edits.extend(converted(document, operation, is_body));
    }
    // A parameter in an operation's own list is removed with the others.
    let is_own = type_at(&list.parent()?).kind() == Some(ObjectKind::Operation);
    if !is_own {
        edits.push(Edit::Remove(parameter));
    }
    let names: Vec<String> = operations
        .iter()
        .map(|operation| super::describe::name(document, operation, ObjectKind::Operation))
        .map(|name| format!("`{name}`"))
        .collect();
    let effect = match names.as_slice() {
        [] => "the parameter is left out: no operation has it".to_owned(),
        names => format!(
            "the parameter is read as the request body of {}",
            names.join(", ")
        ),
    };
    Some(Remedy::with_edits(Scope::RequestBody, edits, effect))
}

fn operations_of(document: &Value, item: &Pointer) -> Vec<Pointer> {
    let map = document.pointer(item.as_str()).and_then(Value::as_object);
    let keys = map.into_iter().flat_map(Map::keys);
    let operations = keys.map(|key| item.child(key));
    operations
        .filter(|at| type_at(at).kind() == Some(ObjectKind::Operation))
        .collect()
}

/// Returns the edits that convert an operation's body and form parameters into a request body.
fn converted(document: &Value, operation: &Pointer, is_body: bool) -> Vec<Edit> {
    let list = operation.child("parameters");
    let own = parameters(document, &list, is_body);
    let shared = operation.parent().map(|item| item.child("parameters"));
    let shared = shared.map(|list| parameters(document, &list, is_body));
    let all = shared.iter().flatten().chain(&own);
    let media_type = document
        .pointer(operation.as_str())
        .and_then(|operation| operation.get("consumes"))
        .or_else(|| document.get("consumes"))
        .and_then(|types| types.get(0))
        .and_then(Value::as_str);
    let body = if is_body {
        let Some(first) = all.into_iter().next() else {
            return Vec::new();
        };
        let schema = first.value.get("schema").cloned().unwrap_or(json!({}));
        let required = first.value.get("required") == Some(&Value::Bool(true));
        let media_type = media_type.unwrap_or("application/json");
        json!({ "required": required, "content": { media_type: { "schema": schema } } })
    } else {
        form(all.map(|written| written.value), media_type)
    };
    let mut edits: Vec<Edit> = own
        .iter()
        .map(|written| Edit::Remove(list.child(written.index)))
        .collect();
    let at = operation.child("requestBody");
    if document.pointer(at.as_str()).is_none() {
        edits.push(Edit::Set(at, body));
    }
    edits
}

/// Returns the parameters of a list that describe a body or a form field.
fn parameters<'v>(document: &'v Value, list: &Pointer, is_body: bool) -> Vec<Written<'v>> {
    let items = document.pointer(list.as_str()).and_then(Value::as_array);
    let items = items.into_iter().flatten().enumerate();
    items
        .filter_map(|(index, item)| {
            let value = behind(document, item)?.as_object()?;
            let place = value.get("in")?.as_str()?;
            let wanted = if is_body { "body" } else { "formData" };
            let is_meant = place.eq_ignore_ascii_case(wanted);
            is_meant.then_some(Written { index, value })
        })
        .collect()
}

/// Returns the form body with these fields.
fn form<'v>(
    fields: impl Iterator<Item = &'v Map<String, Value>>,
    media_type: Option<&str>,
) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut has_file = false;
    for field in fields {
        let Some(Value::String(name)) = field.get("name") else {
            continue;
        };
        let mut schema: Map<String, Value> =
            if let Some(Value::Object(schema)) = field.get("schema") {
                schema.clone()
            } else {
                let own = [
                    "name",
                    "in",
                    "required",
                    "collectionFormat",
                    "allowEmptyValue",
                ];
                let others = field.iter().filter(|(key, _)| !own.contains(&key.as_str()));
                others
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect()
            };
        if schema.get("type").and_then(Value::as_str) == Some("file") {
            has_file = true;
            schema.insert("type".to_owned(), Value::from("string"));
            schema.insert("format".to_owned(), Value::from("binary"));
        }
        if field.get("required") == Some(&Value::Bool(true)) {
            required.push(Value::String(name.clone()));
        }
        properties.insert(name.clone(), Value::Object(schema));
    }
    let by_default = if has_file {
        "multipart/form-data"
    } else {
        "application/x-www-form-urlencoded"
    };
    let is_required = !required.is_empty();
    let mut schema = json!({ "type": "object", "properties": properties });
    if let Some(schema) = schema.as_object_mut().filter(|_| is_required) {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    let media_type = media_type.unwrap_or(by_default);
    json!({ "required": is_required, "content": { media_type: { "schema": schema } } })
}
