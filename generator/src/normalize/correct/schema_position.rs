//! Schemas, and keywords of schemas, in the place of the object that contains them.

use serde_json::{Value, json};

use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Keywords of a schema that Swagger 2.0 has directly on a parameter or header.
const PARAMETER_KEYWORDS: [&str; 19] = [
    "type",
    "format",
    "items",
    "enum",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "nullable",
    "properties",
    "oneOf",
];

/// Keywords of a schema that are often misplaced on the media type.
const MEDIA_TYPE_KEYWORDS: [&str; 9] = [
    "type",
    "format",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
];

/// Moves keywords such as `type: string` of a parameter or header into `schema`.
pub(crate) fn nest_parameter_keywords(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    if !map.contains_key("content") {
        nest_keywords(reporter, map, place, &PARAMETER_KEYWORDS);
    }
}

/// Moves keywords such as `type: object` of a media type into `schema`.
pub(crate) fn nest_media_type_keywords(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    nest_keywords(reporter, map, place, &MEDIA_TYPE_KEYWORDS);
}

/// Moves keywords of a schema into `schema`, unless it has them already or is a composition.
fn nest_keywords(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
    keywords: &[&'static str],
) {
    let is_composed = |schema: &Fields| {
        let keywords = ["$ref", "allOf", "oneOf", "anyOf", "not"];
        keywords.iter().any(|keyword| schema.contains_key(*keyword))
    };
    let mut schema = match map.get("schema") {
        None => Fields::new(),
        Some(Value::Object(schema)) if !is_composed(schema) => schema.clone(),
        Some(_) => return,
    };
    let has_items = schema.contains_key("items");
    let mut first = None;
    for keyword in keywords {
        let fits = match *keyword {
            // With `items`, it is unclear whether `enum` is for the items or the whole.
            "enum" => !has_items,
            // On a body, `required` can also be a boolean.
            "required" => map.get(*keyword).is_some_and(Value::is_array),
            _ => true,
        };
        if fits
            && !schema.contains_key(*keyword)
            && let Some(value) = map.shift_remove(*keyword)
        {
            schema.insert((*keyword).to_owned(), value);
            first = first.or(Some(*keyword));
        }
    }
    if let Some(keyword) = first {
        let message = format!("`{keyword}` is outside of `schema`; it is read as part of it");
        let help = "nest it under `schema:`, as in OpenAPI 3";
        reporter.warn_correction("hoisted schema", &place.key(keyword), message, help);
        map.insert("schema".to_owned(), Value::Object(schema));
    }
}

/// Moves `schema` without `content`, as in OpenAPI 2.0, into a JSON body. In strict mode it has no
/// effect, as in the specification.
pub(crate) fn move_schema_into_content(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    if reporter.is_strict() || map.contains_key("content") {
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
    let message =
        format!("`schema` is outside of `content`; it is read as the schema of `{media_type}`");
    let help = format!("write `content: {{ {media_type}: {{ schema: .. }} }}`");
    reporter.warn_correction(
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
