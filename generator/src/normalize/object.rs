//! Checks of objects other than schemas that the [table](super::table) cannot express.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::place::Place;
use super::shape::json_type;
use super::walk::Walk;
use super::{PREFIX, carried};
use super::{examples, expression, names, parameter, reference, servers};
use crate::bundle::MAX_HOPS;
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::pointer::Pointer;
use crate::spec::{self, ObjectKind, Version};

type Fields = Map<String, Value>;

/// Replaces a value that is not an object by the intended object, if that is unambiguous.
pub(super) fn mend(walk: &mut Walk<'_>, kind: ObjectKind, value: &mut Value, place: &Place<'_>) {
    match (value.take(), bare_field(kind)) {
        (object @ Value::Object(_), _) => *value = object,
        // Required fields are missing, so an empty object would be an error anyway.
        (Value::Null, _) if needs_fields(kind) => {}
        (Value::Null, _) => {
            *value = Value::Object(Fields::new());
            let subject = format!("{} of null", kind.name());
            walk.warn(code::NULL_FIELD, &subject, || {
                Diagnostic::warning(
                    code::NULL_FIELD,
                    place.pointer().key(),
                    format!("{} has no value and is read as empty", kind.name()),
                )
                .help("write `{}` if that is meant")
            });
        }
        (Value::Array(list), _) if list.is_empty() => {
            *value = Value::Array(list);
            walk.coerced(value, Value::Object(Fields::new()), "an object", place);
        }
        (bare, Some(field)) if bare.is_string() || kind == ObjectKind::Example => {
            let (name, found) = (place.title(), json_type(&bare));
            let message =
                format!("{name} has to be an object, not {found}; it is read as its `{field}`");
            let subject = format!("{name} {field}");
            let help = format!("write `{field}:` under it");
            meant(walk, &subject, place, message, help);
            *value = json!({ field: bare });
        }
        (other, _) => *value = other,
    }
}

fn needs_fields(kind: ObjectKind) -> bool {
    let mut fields = spec::object(kind).fields.iter();
    kind != ObjectKind::Operation && fields.any(|field| field.required)
}

/// Returns the field that a value in place of an object is read as.
fn bare_field(kind: ObjectKind) -> Option<&'static str> {
    Some(match kind {
        ObjectKind::Contact | ObjectKind::License | ObjectKind::Tag => "name",
        ObjectKind::Server | ObjectKind::ExternalDocumentation => "url",
        ObjectKind::Example => "value",
        ObjectKind::Discriminator => "propertyName",
        _ => return None,
    })
}

/// Warns that a mistake is read as its likely intention.
pub(super) fn meant(
    walk: &mut Walk<'_>,
    subject: &str,
    place: &Place<'_>,
    message: impl Into<String>,
    help: impl Into<String>,
) {
    walk.warn(code::COERCED, subject, || {
        Diagnostic::warning(code::COERCED, place.pointer().key(), message).help(help)
    });
}

/// Warns in the same way about the value of a field.
pub(super) fn meant_value(
    walk: &mut Walk<'_>,
    place: &Place<'_>,
    message: String,
    help: impl Into<String>,
) {
    walk.warn(code::COERCED, &message.clone(), || {
        Diagnostic::warning(code::COERCED, place.pointer(), message).help(help)
    });
}

/// Adds the location of the document's version.
pub(super) fn of_edition(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.related(Pointer::root().child("openapi"), "the document's edition")
}

pub(super) fn error(
    place: &Place<'_>,
    code: crate::diagnostic::Code,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(code, place.pointer().key(), message)
}

/// Returns true if the key is a status code (RFC 9110, section 15) or a range of codes.
pub(super) fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [first, second, third] => {
            (b'1'..=b'9').contains(first) && second.is_ascii_digit() && third.is_ascii_digit()
        }
        _ => false,
    }
}

/// Returns true for dialects of JSON Schema whose keywords have the meaning assumed here.
fn is_known_dialect(dialect: &str) -> bool {
    let dialect = dialect.trim_end_matches('#').trim_end_matches('/');
    let path = dialect
        .strip_prefix("https://")
        .or_else(|| dialect.strip_prefix("http://"));
    let Some(path) = path else { return false };
    path.starts_with("spec.openapis.org/oas/3.")
        || [
            "json-schema.org/schema",
            "json-schema.org/draft/2020-12/schema",
            "json-schema.org/draft/2019-09/schema",
            "json-schema.org/draft-07/schema",
            "json-schema.org/draft-06/schema",
            "json-schema.org/draft-05/schema",
            "json-schema.org/draft-04/schema",
        ]
        .contains(&path)
}

/// Warns about a dialect whose keywords may have another meaning.
pub(super) fn dialect(walk: &mut Walk<'_>, map: &Fields, keyword: &str, place: &Place<'_>) {
    let Some(Value::String(dialect)) = map.get(keyword) else {
        return;
    };
    if is_known_dialect(dialect) {
        return;
    }
    walk.warn(code::UNKNOWN_DIALECT, dialect, || {
        let message = format!("the dialect `{dialect}` is read as JSON Schema 2020-12");
        Diagnostic::warning(code::UNKNOWN_DIALECT, place.key(keyword).pointer(), message)
            .help("write `https://json-schema.org/draft/2020-12/schema`, or remove it")
    });
}

pub(super) fn document(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    dialect(walk, map, "jsonSchemaDialect", place);
    servers::names(walk, map, place);
    if walk.version == Version::V3_0 && map.contains_key("webhooks") {
        walk.warn(code::NEWER_KEYWORD, "webhooks", || {
            let message = "`webhooks` does not exist in OpenAPI 3.0; it is read as in OpenAPI 3.1";
            let at = place.key("webhooks").pointer().key();
            of_edition(Diagnostic::warning(code::NEWER_KEYWORD, at, message))
                .help("write `openapi: 3.1.0` if that is meant")
        });
    }
}

pub(super) fn path_item(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    names::misspelt_methods(walk, map, place);
    names::additional_methods(walk, map, place);
    trace_body(walk, map, place);
    if let Some(responses) = map.get("head").and_then(|head| head.get("responses")) {
        let here = place.key("head");
        let here = here.key("responses");
        for (status, response) in responses.as_object().into_iter().flatten() {
            let content = response.get("content").and_then(Value::as_object);
            if content.is_some_and(|content| !content.is_empty()) {
                walk.warn(code::IGNORED_BODY, "head", || {
                    let at = here.key(status);
                    let at = at.key("content").pointer().key();
                    let message = "a response to HEAD has no body: its `content` has no effect";
                    Diagnostic::warning(code::IGNORED_BODY, at, message)
                        .related(place.key("head").pointer().key(), "the method")
                        .help("remove `content`")
                });
            }
        }
    }
}

/// Removes the body of a `trace` operation: a client does not send content with TRACE (RFC 9110,
/// section 9.3.8).
fn trace_body(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let Some(Value::Object(operation)) = map.get_mut("trace") else {
        return;
    };
    if operation.shift_remove("requestBody").is_none() {
        return;
    }
    walk.warn(code::IGNORED_BODY, "trace", || {
        let here = place.key("trace");
        let at = here.key("requestBody").pointer().key();
        let message = "a TRACE request has no body: its `requestBody` has no effect";
        Diagnostic::warning(code::IGNORED_BODY, at, message)
            .related(here.pointer().key(), "the method")
            .help("remove `requestBody`, or write another method")
    });
}

pub(super) fn info(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if map.get("version").is_none_or(Value::is_null) {
        let message = "an info object has no `version` and is read as `0.0.0`";
        meant(walk, "info.version", place, message, "add `version`");
        map.insert("version".to_owned(), Value::from("0.0.0"));
    }
}

pub(super) fn license(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if map.get("name").is_none_or(Value::is_null) {
        let message = "a license has no `name`, and is read without one";
        meant(
            walk,
            "license.name",
            place,
            message,
            "add `name`, such as `MIT`",
        );
        let other = map.get("identifier").or_else(|| map.get("url"));
        let name = other.cloned().unwrap_or_else(|| Value::from(""));
        map.insert("name".to_owned(), name);
    }
}

pub(super) fn external_docs(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if map.get("url").is_none_or(Value::is_null) {
        let message = "an external documentation object has no `url` and has no effect";
        meant(walk, "externalDocs.url", place, message, "add `url`");
        map.insert("url".to_owned(), Value::from(""));
    }
}

/// Adds a missing `default` of a server variable, which is sent unless another value is chosen
/// (OpenAPI 3.1, section 4.8.6).
pub(super) fn server_variable(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if map.get("default").is_some_and(|value| !value.is_null()) {
        return;
    }
    let first = map.get("enum").and_then(|values| values.get(0)).cloned();
    if let Some(first) = first {
        let message = format!("a server variable has no `default` and is read as {first}");
        meant(walk, "variable.default", place, message, "add `default`");
        map.insert("default".to_owned(), first);
    }
}

pub(super) fn operation(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if map.get("operationId").and_then(Value::as_str) == Some("") {
        let message = "`operationId` is empty and is read as absent";
        let here = place.key("operationId");
        meant(
            walk,
            "empty operationId",
            &here,
            message,
            "write a name, or remove it",
        );
        map.shift_remove("operationId");
    }
    let is_empty = |responses: &Value| responses.as_object().is_some_and(Map::is_empty);
    if map.get("responses").is_some_and(is_empty) {
        let message = "`responses` is empty, so every response is undocumented";
        let here = place.key("responses");
        meant(
            walk,
            "empty responses",
            &here,
            message,
            "add a response, such as `200`",
        );
    }
    if map.get("responses").is_none_or(Value::is_null) {
        if walk.version == Version::V3_0 || map.contains_key("responses") {
            let message = "an operation has no `responses`, so every response is undocumented";
            meant(
                walk,
                "operation.responses",
                place,
                message,
                "add `responses`",
            );
        }
        map.insert("responses".to_owned(), Value::Object(Fields::new()));
    }
    if let Some(security @ Value::Object(_)) = map.get_mut("security") {
        let list = Value::Array(vec![security.clone()]);
        walk.coerced(security, list, "a list", &place.key("security"));
    }
}

/// Rewrites the keys of responses: ranges are written in upper case (OpenAPI 3.1, section 4.8.16).
pub(super) fn responses(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    bodiless(walk, map, place);
    informational(walk, map, place);
    if !map.keys().any(|key| is_spelt_otherwise(key)) {
        return;
    }
    let mut written: HashMap<String, String> = HashMap::new();
    for (key, value) in std::mem::take(map) {
        let meant_key = if is_spelt_otherwise(&key) {
            spelt(&key)
        } else {
            key.clone()
        };
        let here = place.key(&key);
        if let Some(first) = written.get(&meant_key) {
            walk.report(
                error(
                    &here,
                    code::INVALID_STATUS_CODE,
                    format!("response `{meant_key}` is defined twice"),
                )
                .related(place.key(first).pointer().key(), "first written here")
                .help("merge the two: names are case-insensitive"),
            );
        } else if meant_key != key {
            let message = format!("`{key}` is read as `{meant_key}`");
            meant(walk, &key, &here, message, format!("write `{meant_key}`"));
        }
        written.entry(meant_key.clone()).or_insert(key);
        map.insert(meant_key, value);
    }
}

/// Reports bodies of responses that have none by definition (RFC 9110, sections 15.2.2, 15.3.5,
/// 15.3.6 and 15.4.5).
fn bodiless(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    for (key, response) in map {
        let content = response.get("content").and_then(Value::as_object);
        let is_said = content.is_some_and(|content| !content.is_empty());
        if is_said && matches!(key.as_str(), "101" | "204" | "205" | "304") {
            walk.warn(code::IGNORED_BODY, key, || {
                let here = place.key(key);
                let at = here.key("content").pointer().key();
                let message = format!("a {key} response has no body: its `content` has no effect");
                Diagnostic::warning(code::IGNORED_BODY, at, message)
                    .related(here.pointer().key(), "the status")
                    .help("remove `content`, or use a status that allows a body")
            });
        }
    }
}

/// Removes interim responses, which the transport handles (RFC 9110, section 15.2). Only a switch
/// of protocols is a final response.
fn informational(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let is_interim = |key: &str| {
        let key = key.trim();
        key.len() == 3 && key.starts_with('1') && key != "101"
    };
    let keys: Vec<String> = map.keys().filter(|key| is_interim(key)).cloned().collect();
    for key in keys {
        walk.warn(code::IGNORED_RESPONSE, &key, || {
            let at = place.key(&key).pointer().key();
            let message = format!("a {key} response is not final: clients do not return it");
            Diagnostic::warning(code::IGNORED_RESPONSE, at, message)
                .help("describe the response that follows it")
        });
        map.shift_remove(&key);
    }
}

fn spelt(key: &str) -> String {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        "default".to_owned()
    } else {
        key.to_ascii_uppercase()
    }
}

fn is_spelt_otherwise(key: &str) -> bool {
    let meant = spelt(key);
    meant != key && !key.starts_with("x-") && (meant == "default" || is_status(&meant))
}

pub(super) fn media_type(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    // OpenAPI 3.2 has media types in `components`, but `openapiv3` has no `$ref` for them.
    for _ in 0..=MAX_HOPS {
        let Some(pointer) = map
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(reference::target)
        else {
            break;
        };
        map.shift_remove("$ref");
        if let Some(Value::Object(target)) = walk.copy(&pointer, place) {
            for (key, value) in target {
                map.entry(key).or_insert(value);
            }
        }
    }
    examples::named(walk, map, place);
    parameter::keywords_beside_schema(walk, map, place, &OF_A_BODY);
}

/// Keywords of a schema that are often misplaced on the media type.
const OF_A_BODY: [&str; 9] = [
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

pub(super) fn encoding(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    parameter::style(walk, map, place, "query");
    names::content_types(walk, map, place);
    names::headers(walk, map, place);
    // `openapiv3` reads an absent `explode` as `false`, but the default depends on the style.
    if let Some(explode) = map.get("explode").cloned() {
        map.insert(format!("{PREFIX}explode"), explode);
    }
}

pub(super) fn link(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    match (
        map.contains_key("operationRef"),
        map.contains_key("operationId"),
    ) {
        (false, false) => {
            let message = "a link has neither `operationId` nor `operationRef` and has no effect";
            meant(walk, "link", place, message, "add `operationId`");
            map.insert("operationId".to_owned(), Value::from(""));
        }
        (true, true) => {
            walk.warn(code::COERCED, "both ways of a link", || {
                let message =
                    "a link has both `operationId` and `operationRef`: the latter is ignored";
                let at = place.key("operationRef").pointer().key();
                Diagnostic::warning(code::COERCED, at, message)
                    .related(place.key("operationId").pointer().key(), "the other one")
                    .help("remove one of them")
            });
            map.shift_remove("operationRef");
        }
        _ => {}
    }
    expression::link(walk, map, place);
    match map.get("parameters") {
        Some(Value::Null) => {
            map.shift_remove("parameters");
        }
        Some(value) if !value.is_object() => {
            walk.wrong_type(value, "an object", &place.key("parameters"));
        }
        _ => {}
    }
}

/// Reports values of `mapping` that are neither a `$ref` nor the name of a schema (OpenAPI 3.1,
/// section 4.8.25).
pub(super) fn discriminator(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let mapping = map.get("mapping").and_then(Value::as_object);
    let at = place.key("mapping");
    let targets = mapping.into_iter().flatten();
    let targets = targets.map(|(value, target)| (target, at.key(value)));
    let default = carried(map, "defaultMapping");
    let default = default.map(|target| (target, place.key("defaultMapping")));
    for (target, at) in targets.chain(default) {
        let Some(target) = target.as_str() else {
            continue;
        };
        let pointer = reference::target(target);
        if pointer.is_none() && !walk.schemas.contains(target) {
            let message = format!("there is no schema `{target}` in `components.schemas`");
            let known = walk.schemas.iter().map(String::as_str);
            // The set has no order of its own, so sort the names.
            let known: std::collections::BTreeSet<&str> = known.collect();
            let help = match nearest(target, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "write a schema's name, or a reference to it".to_owned(),
            };
            walk.report(
                Diagnostic::error(code::UNRESOLVED_REFERENCE, at.pointer(), message)
                    .label("not found")
                    .help(help),
            );
        }
        walk.want(ObjectKind::Schema, pointer);
    }
}

/// Merges the target of a path item's `$ref` with the fields beside it, which take precedence.
///
/// A `$ref` without siblings stays: it is followed when the path item is looked up.
pub(super) fn merge_path_item(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    for _ in 0..=MAX_HOPS {
        if map.len() < 2 {
            return;
        }
        let Some(pointer) = map
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(reference::target)
        else {
            return;
        };
        let Some(Value::Object(target)) = walk.copy(&pointer, place) else {
            return;
        };
        map.shift_remove("$ref");
        for (key, value) in target {
            map.entry(key).or_insert(value);
        }
    }
}
