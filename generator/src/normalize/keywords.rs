//! Checks how the keywords of one schema combine: bounds that exclude all values, keywords without
//! effect, and keywords that the generated crate does not check.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::place::Place;
use super::types::{self, SchemaTypes};
use super::walk::Walk;
use super::{bounds, object};
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::number::{compare, number};
use crate::spec::{self, Version};

type Fields = Map<String, Value>;

/// Checks a schema after its keywords were visited and before they are rewritten.
pub(super) fn check(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>, types: &SchemaTypes) {
    other_types(walk, map, place, types);
    other_format(walk, map, place, types);
    constants(walk, map, place, types);
    multiple_of(walk, map, place);
    array_without_items(walk, map, place, types);
    required_names(walk, map, place);
    both_ways(walk, map, place);
    refused_default(walk, map, place);
    unchecked(walk, map, place);
}

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
pub(super) fn newer(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    if walk.version > Version::V3_0 {
        return;
    }
    let list = map.get("type").filter(|names| names.is_array());
    let list = list.map(|_| ("type", "a list in `type`".to_owned()));
    let keywords = NEWER
        .into_iter()
        .filter(|keyword| map.contains_key(*keyword));
    let keywords = keywords.map(|keyword| (keyword, format!("`{keyword}`")));
    for (keyword, shown) in keywords.chain(list) {
        walk.warn(code::NEWER_KEYWORD, keyword, || {
            let message =
                format!("{shown} does not exist in OpenAPI 3.0; it is read as in OpenAPI 3.1");
            let at = place.key(keyword).pointer().key();
            object::of_edition(Diagnostic::warning(code::NEWER_KEYWORD, at, message))
                .help("write `openapi: 3.1.0` if that is meant")
        });
    }
}

/// Reports keywords for another type than the schema's, which have no effect (JSON Schema, section
/// 7.6.1).
fn other_types(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>, types: &SchemaTypes) {
    if types.names.is_empty() {
        return;
    }
    for keyword in map.keys() {
        let about = spec::keyword_types(keyword);
        let Some(first) = about.first() else {
            continue;
        };
        if about.iter().any(|name| types.names.contains(name)) {
            continue;
        }
        let declared = types.names.join("` or `");
        walk.warn(
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

fn other_format(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>, types: &SchemaTypes) {
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
    let as_text = about == "number" && types.names.contains(&"string");
    if types.names.is_empty() || as_text || types.names.iter().any(fits) {
        return;
    }
    let declared = types.names.join("` or `");
    walk.warn(
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

/// Reports values of `const` and `enum` that the schema's own type excludes.
fn constants(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>, types: &SchemaTypes) {
    if types.names.is_empty() {
        return;
    }
    let constant = map.get("const");
    let constant = constant.map(|value| (place.key("const").pointer(), value));
    let list = map.get("enum").and_then(Value::as_array);
    // `const` replaces `enum`.
    let list = list.filter(|_| constant.is_none()).into_iter().flatten();
    let at = place.key("enum");
    let list = list
        .enumerate()
        .map(|(index, value)| (at.index(index).pointer(), value));
    for (at, value) in constant.into_iter().chain(list) {
        let fits = types.names.iter().any(|name| types::is_of(value, name));
        // `lower` reads a value of another type that has only one interpretation.
        let is_meant = match value {
            Value::Null => true,
            Value::Bool(_) | Value::Number(_) => types.names.contains(&"string"),
            Value::String(text) => {
                matches!(
                    serde_json::from_str(text),
                    Ok(Value::Number(_) | Value::Bool(_))
                )
            }
            _ => false,
        };
        if fits || is_meant {
            continue;
        }
        let declared = types.names.join("` or `");
        walk.warn(code::ENUM_VALUE_TYPE, &declared, || {
            let message = format!(
                "the value {value} is not of `type: {declared}`; it is read and written unchanged"
            );
            Diagnostic::warning(code::ENUM_VALUE_TYPE, at, message)
                .related(place.key("type").pointer(), "the type")
                .help("write a value of that type, or correct the type")
        });
    }
}

/// Reports a `multipleOf` that is not positive (JSON Schema, section 6.2.1).
fn multiple_of(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    if let Some(Value::Number(number)) = map.get("multipleOf")
        && number.as_f64().is_some_and(|number| number <= 0.0)
    {
        walk.report(
            Diagnostic::error(
                code::WRONG_TYPE,
                place.key("multipleOf").pointer(),
                format!("`multipleOf` has to be greater than 0, not `{number}`"),
            )
            .help("write the step between two values, such as `1` or `0.01`"),
        );
    }
}

/// Reports an array without `items` (OpenAPI 3.0, section 4.7.24.1).
fn array_without_items(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>, types: &SchemaTypes) {
    let is_said = map.contains_key("items") || map.contains_key("prefixItems");
    if walk.version > Version::V3_0 || !types.names.contains(&"array") || is_said {
        return;
    }
    walk.warn(code::MISSING_FIELD, "items", || {
        let message = "an array has no `items` and is read as an array of any values";
        Diagnostic::warning(code::MISSING_FIELD, place.pointer().key(), message)
            .help("add `items`, or `items: {}` if that is meant")
    });
}

/// Reports names in `required` that are misspelled or cannot have a value.
fn required_names(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    let (Some(Value::Array(names)), Some(Value::Object(properties))) =
        (map.get("required"), map.get("properties"))
    else {
        return;
    };
    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
    let required: HashSet<&str> = names.iter().copied().collect();
    let others = properties.keys().map(String::as_str);
    let others: Vec<&str> = others.filter(|other| !required.contains(other)).collect();
    for (index, name) in names.iter().enumerate() {
        let at = place.key("required");
        let at = at.index(index);
        match properties.get(*name) {
            Some(Value::Bool(false)) => {
                let message = format!("no value is valid for the required property `{name}`");
                let properties = place.key("properties");
                walk.report(
                    Diagnostic::error(code::CONTRADICTORY_SCHEMA, at.pointer(), message)
                        .label("required here")
                        .related(properties.key(name).pointer(), "`false` allows no value")
                        .help("remove it from `required`, or write the schema of its values"),
                );
            }
            Some(_) => {}
            None => {
                let others = others.iter().copied();
                if let Some(meant) = nearest(name, others) {
                    let message = format!(
                        "the required property `{name}` is not among the `properties`, and is read as any value"
                    );
                    walk.report(
                        Diagnostic::warning(code::UNKNOWN_PROPERTY, at.pointer(), message)
                            .related(
                                place.key("properties").key(meant).pointer().key(),
                                "similar name",
                            )
                            .help(format!("did you mean `{meant}`?")),
                    );
                }
            }
        }
    }
}

/// Reports a property that is both `readOnly` and `writeOnly` (OpenAPI 3.0, section 4.7.24.2).
fn both_ways(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let is_set = |keyword: &str| map.get(keyword) == Some(&Value::Bool(true));
    if !is_set("readOnly") || !is_set("writeOnly") {
        return;
    }
    walk.warn(code::IGNORED_KEYWORD, "readOnly writeOnly", || {
        let message = "`readOnly` and `writeOnly` contradict each other, and both are ignored";
        let at = place.key("writeOnly").pointer().key();
        Diagnostic::warning(code::IGNORED_KEYWORD, at, message)
            .related(place.key("readOnly").pointer().key(), "the other one")
            .help("remove one of them")
    });
    map.shift_remove("readOnly");
    map.shift_remove("writeOnly");
}

/// Removes a default that other keywords exclude (wire rule 2). A default of another type is left
/// to `lower`, which knows the generated type.
fn refused_default(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let Some(default) = map.get("default").filter(|default| !default.is_null()) else {
        return;
    };
    let Some(keyword) = refusing(map, default) else {
        return;
    };
    let shown = |keyword: &str| match map.get(keyword) {
        Some(bound) => format!("`{keyword}: {bound}`"),
        None => format!("`{keyword}`"),
    };
    let message = match keyword {
        "enum" => format!("the default {default} is not among the values of `enum`"),
        "const" => format!("the default {default} is not the value of `const`"),
        "uniqueItems" => format!("the default {default} has a duplicate item"),
        "multipleOf" => {
            let step = map.get(keyword).unwrap_or(&Value::Null);
            format!("the default {default} is not a multiple of {step}")
        }
        _ => format!("the default {default} is not within {}", shown(keyword)),
    };
    let at = place.key("default").pointer();
    walk.report(
        Diagnostic::warning(code::DEFAULT_REFUSED, at, message)
            .label("not used")
            .related(place.key(keyword).pointer().key(), "excludes it")
            .help("use a value that the schema allows"),
    );
    map.shift_remove("default");
}

/// Returns the keyword that excludes a value.
fn refusing(map: &Fields, value: &Value) -> Option<&'static str> {
    let (keyword, values) = match (map.get("const"), map.get("enum")) {
        (Some(constant), _) => ("const", std::slice::from_ref(constant)),
        (None, Some(Value::Array(values))) => ("enum", values.as_slice()),
        _ => ("enum", &[][..]),
    };
    let is_like = |other: &Value| std::mem::discriminant(other) == std::mem::discriminant(value);
    if !values.iter().any(|other| is_same(other, value)) && values.iter().any(is_like) {
        return Some(keyword);
    }
    let length = match value {
        Value::String(text) => Some((text.chars().count(), "minLength", "maxLength")),
        Value::Array(list) => Some((list.len(), "minItems", "maxItems")),
        Value::Object(map) => Some((map.len(), "minProperties", "maxProperties")),
        _ => None,
    };
    if let Some((length, least, most)) = length {
        let bound = |keyword: &str| map.get(keyword).and_then(Value::as_u64);
        let length = length as u64;
        if bound(least).is_some_and(|bound| length < bound) {
            return Some(least);
        }
        if bound(most).is_some_and(|bound| length > bound) {
            return Some(most);
        }
    }
    if let Value::Array(list) = value {
        let mut seen = std::collections::HashSet::new();
        let is_unique = map.get("uniqueItems") == Some(&Value::Bool(true));
        if is_unique && !list.iter().all(|item| seen.insert(item.to_string())) {
            return Some("uniqueItems");
        }
    }
    let number = number(value)?;
    let sides = [Ordering::Less, Ordering::Greater];
    for (bound, side) in bounds::numbers(map).into_iter().zip(sides) {
        let Some(bound) = bound else { continue };
        let order = compare(&number, &bound.value);
        if order == Some(side) || order == Some(Ordering::Equal) && bound.exclusive {
            return Some(bound.keyword);
        }
    }
    let step = map.get("multipleOf").and_then(Value::as_i64)?;
    let whole = number.as_i64()?;
    (step > 0 && whole % step != 0).then_some("multipleOf")
}

fn is_same(one: &Value, other: &Value) -> bool {
    let equal = || compare(&number(one)?, &number(other)?);
    one == other || equal() == Some(Ordering::Equal)
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

fn unchecked(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
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
        walk.warn(code::UNCHECKED, keyword, || {
            let at = place.key(keyword).pointer().key();
            Diagnostic::warning(code::UNCHECKED, at, message).help(format!(
                "check such values yourself, or allow `{}`",
                code::UNCHECKED
            ))
        });
    }
}
