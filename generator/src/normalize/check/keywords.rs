//! Keywords of schemas that have no effect, belong to another version, or are not checked by the
//! generated crate.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::with_version;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::{self, Fields, Version};

/// Keywords that OpenAPI 3.0 does not have and that change the generated code.
const NEWER: [&str; 17] = [
    "const",
    "examples",
    "prefixItems",
    "contains",
    "unevaluatedItems",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "$defs",
    "$anchor",
    "$dynamicAnchor",
];

/// Reports keywords of a newer version than the document's.
pub(crate) fn check_newer_keywords(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    if reporter.version > Version::V3_0 {
        return;
    }
    let list = map.get("type").filter(|names| names.is_array());
    let list = list.map(|_| ("type", "a list in `type`".to_owned()));
    let keywords = NEWER
        .into_iter()
        .filter(|keyword| map.contains_key(*keyword));
    let keywords = keywords.map(|keyword| (keyword, format!("`{keyword}`")));
    for (keyword, shown) in keywords.chain(list) {
        reporter.warn(code::NEWER_KEYWORD, keyword, || {
            let message =
                format!("{shown} does not exist in OpenAPI 3.0; it is read as in OpenAPI 3.1");
            let at = place.key(keyword).pointer().key();
            with_version(Diagnostic::warning(code::NEWER_KEYWORD, at, message))
                .help("write `openapi: 3.1.0` if that is meant")
        });
    }
}

/// Reports `nullable`, which OpenAPI 3.1 does not have.
pub(crate) fn check_nullable(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    if reporter.version > Version::V3_0 && map.get("nullable").is_some_and(Value::is_boolean) {
        reporter.warn(code::OUTDATED_KEYWORD, "nullable", || {
            with_version(Diagnostic::warning(
                code::OUTDATED_KEYWORD,
                place.key("nullable").pointer().key(),
                "`nullable` does not exist in OpenAPI 3.1; it is read as in OpenAPI 3.0",
            ))
            .help("write `type: [.., \"null\"]`")
        });
    }
}

/// Reports keywords for another type than the schema's, which have no effect (JSON Schema, section
/// 7.6.1).
pub(crate) fn check_applicable(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
    types: &[&str],
) {
    if types.is_empty() {
        return;
    }
    for keyword in map.keys() {
        let about = spec::keyword_types(keyword);
        let Some(first) = about.first() else {
            continue;
        };
        if about.iter().any(|name| types.contains(name)) {
            continue;
        }
        let declared = types.join("` or `");
        reporter.warn(
            code::IGNORED_KEYWORD,
            &format!("{keyword} {declared}"),
            || {
                let message = format!(
                    "`{keyword}` applies to {} and has no effect on `type: {declared}`",
                    plural(first)
                );
                let at = place.key(keyword).pointer().key();
                Diagnostic::warning(code::IGNORED_KEYWORD, at, message)
                    .related(place.key("type").pointer(), "the type")
                    .help(format!("remove it, or write `type: {first}`"))
            },
        );
    }
}

fn plural(name: &str) -> &'static str {
    match name {
        "string" => "strings",
        "array" => "arrays",
        "object" => "objects",
        _ => "numbers",
    }
}

/// Formats that only apply to strings.
const TEXT_FORMATS: [&str; 14] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "uuid",
    "byte",
    "binary",
    "password",
];

const NUMBER_FORMATS: [&str; 4] = ["int32", "int64", "float", "double"];

/// Reports a format for another type than the schema's.
pub(crate) fn check_format(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
    types: &[&str],
) {
    let Some(Value::String(format)) = map.get("format") else {
        return;
    };
    let about = if TEXT_FORMATS.contains(&format.as_str()) {
        "string"
    } else if NUMBER_FORMATS.contains(&format.as_str()) {
        "number"
    } else {
        return;
    };
    let fits = |name: &&str| *name == about || about == "number" && *name == "integer";
    // Numbers too large for JSON readers are sent as text: `type: string, format: int64`.
    let as_text = about == "number" && types.contains(&"string");
    if types.is_empty() || as_text || types.iter().any(fits) {
        return;
    }
    let declared = types.join("` or `");
    reporter.warn(
        code::IGNORED_KEYWORD,
        &format!("{format} {declared}"),
        || {
            let message = format!(
                "`format: {format}` applies to {} and has no effect on `type: {declared}`",
                plural(about)
            );
            Diagnostic::warning(
                code::IGNORED_KEYWORD,
                place.key("format").pointer(),
                message,
            )
            .related(place.key("type").pointer(), "the type")
            .help(format!("remove it, or write `type: {about}`"))
        },
    );
}

/// Reports an array without `items` (OpenAPI 3.0, section 4.7.24.1).
pub(crate) fn check_items(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
    types: &[&str],
) {
    let has_items = map.contains_key("items") || map.contains_key("prefixItems");
    if reporter.version > Version::V3_0 || !types.contains(&"array") || has_items {
        return;
    }
    reporter.warn(code::MISSING_FIELD, "items", || {
        let message = "an array has no `items`, so its items are any JSON values";
        Diagnostic::warning(code::MISSING_FIELD, place.pointer().key(), message)
            .help("add `items`, or `items: {}` if that is meant")
    });
}

/// Keywords that neither the types nor their docs can express in full, with what the generated
/// crate does instead.
const UNCHECKED: [(&str, &str); 8] = [
    ("not", "`not` is not checked: excluded values are accepted"),
    (
        "if",
        "`if`, `then` and `else` are not checked, and properties that only they declare are not fields",
    ),
    (
        "dependentSchemas",
        "`dependentSchemas` is not checked, and properties that only it declares are not fields",
    ),
    (
        "patternProperties",
        "`patternProperties` determines the type of the values, but names are not checked",
    ),
    (
        "propertyNames",
        "`propertyNames` is not checked: properties with any name are accepted",
    ),
    (
        "contains",
        "`contains` is not checked: arrays without such an item are accepted",
    ),
    (
        "unevaluatedItems",
        "`unevaluatedItems` is not checked: items of any type are accepted",
    ),
    (
        "contentSchema",
        "`contentSchema` is not checked: the text is returned unchanged",
    ),
];

/// Reports keywords that the generated crate does not check.
pub(crate) fn check_unchecked(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    for (keyword, message) in UNCHECKED {
        let keyword = match keyword {
            "dependentSchemas" if !map.contains_key(keyword) => "dependencies",
            _ => keyword,
        };
        let is_checked = |value: &Value| {
            let members = value.as_object().filter(|_| keyword == "dependencies");
            members.is_some_and(|members| members.values().all(Value::is_array))
        };
        if map.get(keyword).is_none_or(is_checked) {
            continue;
        }
        // The data of an event is read by it.
        let is_item = || place.pointer().to_string().contains("/itemSchema/");
        if keyword == "contentSchema" && is_item() {
            continue;
        }
        reporter.warn(code::UNCHECKED, keyword, || {
            let at = place.key(keyword).pointer().key();
            Diagnostic::warning(code::UNCHECKED, at, message).help(format!(
                "check such values yourself, or allow `{}`",
                code::UNCHECKED
            ))
        });
    }
}
