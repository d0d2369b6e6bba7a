//! Fields beside `content` that belong into it.

use serde_json::{Map, Value, json};

use super::object::meant;
use super::place::Place;
use super::walk::Walk;
use super::{examples, names};

type Fields = Map<String, Value>;

/// Moves misplaced fields of a response before its fields are visited.
pub(super) fn before_response(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    schema(walk, map, place);
    examples::beside_content(walk, map, place);
}

pub(super) fn after_response(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    names::content(walk, map, place);
    names::headers(walk, map, place);
    // Required until OpenAPI 3.1; nothing on the wire depends on it.
    map.entry("description").or_insert_with(|| Value::from(""));
}

/// Moves `schema` without `content`, as in OpenAPI 2.0, into a JSON body. In strict mode it has no
/// effect, as in the specification.
fn schema(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if walk.is_strict() || map.contains_key("content") {
        return;
    }
    let Some(schema @ Value::Object(_)) = map.get("schema").cloned() else {
        return;
    };
    let is_file = schema.get("type").and_then(Value::as_str) == Some("file");
    let media_type = if is_file {
        "application/octet-stream"
    } else {
        "application/json"
    };
    map.shift_remove("schema");
    let message = format!("`schema` is read as part of `content`, under `{media_type}`");
    let help = format!("write `content: {{ {media_type}: {{ schema: .. }} }}`");
    meant(
        walk,
        "schema without content",
        &place.key("schema"),
        message,
        help,
    );
    map.insert(
        "content".to_owned(),
        json!({ media_type: { "schema": schema } }),
    );
}
