//! Known mistakes in schemas, and keywords of older JSON Schema versions.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::examples;
use super::place::Place;
use super::walk::Walk;
use crate::diagnostic::{Diagnostic, code};
use crate::spec::{ObjectKind, Version};

type Fields = Map<String, Value>;

/// Rewrites unambiguous mistakes, with a warning.
pub(super) fn mend(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    null_type(walk, map, place);
    null_branch(walk, map, place);
    required_flag(walk, map, place);
    required_properties(walk, map, place);
    examples::of_schema(walk, map, place);
    for keyword in ["type", "allOf", "oneOf", "anyOf", "prefixItems", "items"] {
        empty_list(walk, map, place, keyword);
    }
    older(walk, map, place);
    duplicate_required(walk, map, place);
}

/// Rewrites `type: null` without quotes, which is not a string in YAML. Before 3.1 there is no such
/// type and the author left `type:` empty.
fn null_type(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if walk.version == Version::V3_0 {
        return;
    }
    if let Some(name @ Value::Null) = map.get_mut("type") {
        walk.coerced(name, Value::from("null"), "a string", &place.key("type"));
    }
}

/// Reads `null` among the branches of a union as `type: "null"`.
fn null_branch(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = map.get_mut(keyword) else {
            continue;
        };
        let here = place.key(keyword);
        let branches = branches.iter_mut().enumerate();
        for (index, branch) in branches.filter(|(_, branch)| branch.is_null()) {
            walk.coerced(
                branch,
                json!({ "type": "null" }),
                "a schema",
                &here.index(index),
            );
        }
    }
}

/// Removes a boolean `required`, with a warning: the list of the parent schema declares required
/// properties.
fn required_flag(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let flag = match map.get("required") {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) if matches!(text.as_str(), "true" | "false") => text == "true",
        _ => return,
    };
    map.shift_remove("required");
    walk.warn(code::MISPLACED_REQUIRED, "", || {
        let warning = Diagnostic::warning(
            code::MISPLACED_REQUIRED,
            place.key("required").pointer().key(),
            format!("`required: {flag}` inside a schema has no effect"),
        );
        match place.property() {
            Some(name) => warning.help(format!("write `required: [{name}]` in the parent schema")),
            None => warning.help("list the required properties by name"),
        }
    });
}

/// Adds properties with `required: true` to the list of the schema, the only possible intention. In
/// strict mode it has no effect, as in the specification.
fn required_properties(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if walk.is_strict() {
        return;
    }
    let is_flag = |property: &Value| match property.get("required") {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        _ => false,
    };
    let properties = map.get("properties").and_then(Value::as_object);
    if !properties.is_some_and(|properties| properties.values().any(is_flag)) {
        return;
    }
    if let Some(name @ Value::String(_)) = map.get_mut("required") {
        let list = Value::Array(vec![name.clone()]);
        walk.coerced(name, list, "a list of strings", &place.key("required"));
    }
    let mut listed = match map.get("required") {
        Some(Value::Array(names)) => names.clone(),
        None | Some(Value::Null) => Vec::new(),
        Some(_) => return,
    };
    let Some(Value::Object(properties)) = map.get_mut("properties") else {
        return;
    };
    let known: HashSet<String> = listed
        .iter()
        .filter_map(|name| name.as_str().map(ToOwned::to_owned))
        .collect();
    let written = listed.len();
    let here = place.key("properties");
    for (name, property) in properties
        .iter_mut()
        .filter(|(_, property)| is_flag(property))
    {
        let Value::Object(property) = property else {
            continue;
        };
        property.shift_remove("required");
        let is_listed = known.contains(name);
        if !is_listed {
            listed.push(Value::from(name.clone()));
        }
        let subject = if is_listed { "listed" } else { "meant" };
        walk.warn(code::MISPLACED_REQUIRED, subject, || {
            misplaced_required(&here.key(name), name, is_listed)
        });
    }
    if listed.len() > written {
        map.insert("required".to_owned(), Value::Array(listed));
    }
}

fn misplaced_required(property: &Place<'_>, name: &str, is_listed: bool) -> Diagnostic {
    let (says, help) = if is_listed {
        (
            "has no effect: the `required` of its schema already lists it".to_owned(),
            "remove it",
        )
    } else {
        (
            format!("is read as `required: [{name}]` of its schema"),
            "list the required properties by name in the parent schema",
        )
    };
    let message = format!("`required: true` inside the property `{name}` {says}");
    let at = property.key("required").pointer().key();
    Diagnostic::warning(code::MISPLACED_REQUIRED, at, message).help(help)
}

/// Removes, with a warning, keywords of older JSON Schema versions in a form that has no meaning:
/// `additionalItems` is for the items after those of a list in `items`, and `dependencies` is an
/// object.
fn older(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let has_list = map.get("items").is_some_and(Value::is_array);
    let has_names = map.get("dependencies").is_some_and(Value::is_object);
    for (keyword, is_meant) in [("additionalItems", has_list), ("dependencies", has_names)] {
        if !is_meant && map.shift_remove(keyword).is_some() {
            walk.unknown_field(ObjectKind::Schema, keyword, &place.key(keyword));
        }
    }
}

fn empty_list(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>, keyword: &str) {
    if map
        .get(keyword)
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty)
    {
        map.shift_remove(keyword);
        walk.warn(code::EMPTY_LIST, keyword, || {
            Diagnostic::warning(
                code::EMPTY_LIST,
                place.key(keyword).pointer(),
                format!("`{keyword}` has no entries and is read as absent"),
            )
            .help("add entries or remove it")
        });
    }
}

fn duplicate_required(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let Some(Value::Array(names)) = map.get_mut("required") else {
        return;
    };
    let here = place.key("required");
    distinct(names, |name, first, second| {
        walk.warn(code::DUPLICATE_VALUE, "required", || {
            Diagnostic::warning(
                code::DUPLICATE_VALUE,
                here.index(second).pointer(),
                format!("{name} is listed in `required` twice"),
            )
            .related(here.index(first).pointer(), "first written here")
            .help("remove it")
        });
    });
}

/// Removes duplicates from a list and reports each with both positions.
pub(super) fn distinct(values: &mut Vec<Value>, mut tell: impl FnMut(&Value, usize, usize)) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut index = 0;
    values.retain(|value| {
        let first = *seen.entry(value.to_string()).or_insert(index);
        if first != index {
            tell(value, first, index);
        }
        index += 1;
        first + 1 == index
    });
}
