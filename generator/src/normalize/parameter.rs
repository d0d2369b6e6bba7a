//! Parameters and headers: locations and styles.

use serde_json::{Map, Value, json};

use super::object::{error, meant, meant_value};
use super::place::Place;
use super::shape::worded;
use super::walk::Walk;
use super::{PREFIX, examples, names};
use crate::diagnostic::{Diagnostic, code};

type Fields = Map<String, Value>;

/// Keywords of a schema that Swagger 2.0 has directly on a parameter or header.
const MOVED: [&str; 19] = [
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

/// Moves `type: string` of a parameter or header into `schema`.
pub(super) fn hoisted_schema(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    examples::named(walk, map, place);
    if !map.contains_key("content") {
        keywords_beside_schema(walk, map, place, &MOVED);
    }
}

/// Moves keywords of a schema into `schema`, unless it has them already or is a composition.
pub(super) fn keywords_beside_schema(
    walk: &mut Walk<'_>,
    map: &mut Fields,
    place: &Place<'_>,
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
        let message = format!("`{keyword}` is read as part of `schema`");
        let help = "nest it under `schema:`, as in OpenAPI 3";
        meant(walk, "hoisted schema", &place.key(keyword), message, help);
        map.insert("schema".to_owned(), Value::Object(schema));
    }
}

/// Reports a parameter or header without exactly one of `schema` and `content`, or with more than
/// one media type.
fn schema_or_content(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>, what: &str) {
    let here = place.key("content");
    let content = match map.get("content") {
        Some(Value::Object(content)) => Some(content),
        // A wrong type, reported elsewhere.
        Some(_) => return,
        None => None,
    };
    let mut media_types = content.into_iter().flat_map(Map::keys);
    let diagnostic = match (content, media_types.next(), media_types.next()) {
        (Some(_), ..) if map.contains_key("schema") => error(
            &here,
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("{what} has both `schema` and `content`"),
        )
        .related(place.key("schema").pointer().key(), "the other one")
        .help("remove one of them"),
        (Some(_), Some(_), None) => return,
        (None, ..) if map.contains_key("schema") => return,
        (Some(_), Some(first), Some(second)) => error(
            &here.key(second),
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("`content` of {what} has to have exactly one media type"),
        )
        .related(here.key(first).pointer().key(), "the first one")
        .help("keep the one that is sent"),
        (Some(_), None, _) => error(
            &here,
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("`content` of {what} has to have exactly one media type"),
        )
        .help("write one, such as `application/json: { schema: { type: object } }`"),
        (None, ..) => error(
            place,
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("{what} has neither `schema` nor `content`"),
        )
        .help("add `schema`, such as `schema: { type: string }`"),
    };
    walk.report(diagnostic);
}

pub(super) fn header(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if !map.contains_key("schema") && !map.contains_key("content") {
        let message = "a header has neither `schema` nor `content` and is read as text";
        meant(
            walk,
            "header",
            place,
            message,
            "add `schema`, such as `schema: { type: string }`",
        );
        let mut schema = json!({ "type": "string" });
        walk.schema(&mut schema, &place.key("schema"));
        map.insert("schema".to_owned(), schema);
    }
    schema_or_content(walk, map, place, "a header");
    style(walk, map, place, "header");
}

/// Returns the styles of a location (OpenAPI 3.1, section 4.8.12.2).
fn styles(location: &str) -> &'static [&'static str] {
    match location {
        "path" => &["simple", "label", "matrix"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        _ => &["form"],
    }
}

fn where_it_is(location: &str) -> &str {
    match location {
        "path" => "a path",
        "query" => "a query",
        "header" => "a header",
        _ => "a cookie",
    }
}

pub(super) fn style(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>, location: &str) {
    let Some(Value::String(style)) = map.get("style") else {
        return;
    };
    let known = styles(location);
    if known.contains(&style.as_str()) {
        return;
    }
    if location == "cookie" && style == "cookie" {
        // OpenAPI 3.2
        let style = map.shift_remove("style").unwrap_or_default();
        map.insert(format!("{PREFIX}style"), style);
        return;
    }
    let message = format!(
        "style `{style}` cannot be used in {}",
        where_it_is(location)
    );
    let known: Vec<String> = known.iter().map(|style| format!("`{style}`")).collect();
    let help = match known.split_last() {
        Some((last, [])) => format!("write {last}"),
        Some((last, others)) => format!("write {} or {last}", others.join(", ")),
        None => "remove it".to_owned(),
    };
    let at = place.key("style").pointer();
    walk.report(Diagnostic::error(code::INVALID_STYLE, at, message).help(help));
}

pub(super) fn parameter_place(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    hoisted_schema(walk, map, place);
    worded(map, "in");
    let here = place.key("in");
    let Some(Value::String(location)) = map.get_mut("in") else {
        return;
    };
    let lower = location.to_ascii_lowercase();
    match lower.as_str() {
        "path" | "query" | "header" | "cookie" if *location == lower => {}
        "path" | "query" | "header" | "cookie" => {
            let message = format!("`in: {location}` is read as `in: {lower}`");
            meant_value(walk, &here, message, format!("write `in: {lower}`"));
            *location = lower;
        }
        _ => {
            let help = match lower.as_str() {
                "body" | "formdata" => {
                    "describe the body in the operation's `requestBody`".to_owned()
                }
                _ => "write `path`, `query`, `header` or `cookie`".to_owned(),
            };
            let message = format!("a parameter cannot be in `{location}`");
            walk.report(
                Diagnostic::error(code::UNKNOWN_LOCATION, here.pointer(), message).help(help),
            );
        }
    }
}

pub(super) fn parameter(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let name = map.get("name").and_then(Value::as_str).unwrap_or_default();
    let name = &name.to_owned();
    let what = format!("parameter `{name}`");
    schema_or_content(walk, map, place, &what);
    let Some(location) = map.get("in").and_then(Value::as_str).map(ToOwned::to_owned) else {
        return;
    };
    let here = place.key("name");
    match location.as_str() {
        "header" => names::token(walk, name, "a header", &here),
        "cookie" => names::token(walk, name, "a cookie", &here),
        _ if name.is_empty() && map.contains_key("name") => walk.report(
            error(
                &here,
                code::INVALID_NAME,
                "the name of a parameter is empty",
            )
            .help("write the name under which it is sent"),
        ),
        _ => {}
    }
    names::content(walk, map, place);
    if matches!(location.as_str(), "path" | "query" | "header" | "cookie") {
        style(walk, map, place, &location);
    }
    if location == "path" && map.get("required") != Some(&Value::Bool(true)) {
        let message = format!("{what} is in the path and is therefore required");
        meant(
            walk,
            "required path",
            place,
            message,
            "add `required: true`",
        );
        map.insert("required".to_owned(), Value::Bool(true));
    }
    if location != "query" {
        for key in ["allowReserved", "allowEmptyValue"] {
            if let Some(value) = map.shift_remove(key) {
                map.insert(format!("{PREFIX}{key}"), value);
            }
        }
    }
}
