//! Rewrites a schema of JSON Schema 2020-12 to the keywords of OpenAPI 3.0.

use serde_json::{Map, Number, Value, json};

use super::place::Place;
use super::types::{self, SchemaTypes};
use super::walk::Walk;
use super::{PREFIX, Version, keywords, object, pattern, quirks};
use crate::diagnostic::{Diagnostic, code};
use crate::pointer::Pointer;

type Fields = Map<String, Value>;

/// Rewrites the boolean schemas `true` (any value) and `false` (no value).
pub(super) fn boolean(value: &mut Value) -> bool {
    match value {
        Value::Bool(true) => *value = json!({}),
        Value::Bool(false) => *value = json!({ "not": {}, carried_name("false"): true }),
        _ => return false,
    }
    true
}

fn carried_name(keyword: &str) -> String {
    format!("{PREFIX}{keyword}")
}

/// Rewrites a `$dynamicRef` to a `$ref` if its anchor is unique, so that no other schema can
/// replace it (JSON Schema, section 8.2.3.2).
pub(super) fn dynamic_reference(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    for keyword in ["$dynamicRef", "$recursiveRef"] {
        let Some(Value::String(text)) = map.get(keyword) else {
            continue;
        };
        let text = text.clone();
        let anchor = text.strip_prefix('#').and_then(|name| walk.anchor(name));
        let first = anchor.map(|anchor| anchor.pointer.clone());
        let here = place.pointer();
        let meant = match anchor {
            _ if keyword == "$recursiveRef" => {
                let anchor = walk.recursive_anchor(&here);
                anchor.map(|anchor| format!("#{anchor}"))
            }
            Some(anchor) if !anchor.several => Some(format!("#{}", anchor.pointer)),
            None if text.starts_with("#/") => Some(text.clone()),
            _ => None,
        };
        map.shift_remove(keyword);
        match meant {
            Some(meant) if !map.contains_key("$ref") => {
                map.insert("$ref".to_owned(), Value::String(meant));
            }
            _ if first.is_none() && keyword == "$dynamicRef" => walk.report(
                Diagnostic::error(
                    code::UNRESOLVED_REFERENCE,
                    place.key(keyword).pointer(),
                    format!("no schema is named `{text}`"),
                )
                .label("not found")
                .help("write `$dynamicAnchor` in the schema that is meant, or a `$ref` to it"),
            ),
            _ => {
                let mut diagnostic = Diagnostic::error(
                    code::DYNAMIC_REFERENCE,
                    place.key(keyword).pointer(),
                    format!("`{keyword}: {text}` can mean several schemas"),
                )
                .label("depends on where validation starts")
                .help("write a `$ref` to the schema that is meant");
                if let Some(first) = first {
                    let first = first.child("$dynamicAnchor");
                    diagnostic = diagnostic.related(first, "one of them");
                }
                walk.report(diagnostic);
            }
        }
    }
}

/// Corrects known mistakes before the keywords are visited.
pub(super) fn before(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    keywords::newer(walk, map, place);
    pattern::check(walk, map, place);
    object::dialect(walk, map, "$schema", place);
    quirks::mend(walk, map, place);
    keywords::exclusive_edition(walk, map, place);
    if walk.version > Version::V3_0 && map.get("nullable").is_some_and(Value::is_boolean) {
        walk.warn(code::OUTDATED_KEYWORD, "nullable", || {
            object::of_edition(Diagnostic::warning(
                code::OUTDATED_KEYWORD,
                place.key("nullable").pointer().key(),
                "`nullable` does not exist in OpenAPI 3.1; it is read as in OpenAPI 3.0",
            ))
            .help("write `type: [.., \"null\"]`")
        });
    }
}

/// Rewrites combinations of keywords, after each keyword was visited.
pub(super) fn after(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    keywords::crossed_bounds(walk, map, place);
    false_branch(walk, map, place);
    examples(map);
    annotations(map);
    constant(walk, map, place);
    enumeration(walk, map, place);
    exclusive_bound(map, "minimum", "exclusiveMinimum", |bound, exclusive| {
        exclusive >= bound
    });
    exclusive_bound(map, "maximum", "exclusiveMaximum", |bound, exclusive| {
        exclusive <= bound
    });
    large_numbers(map);
    boolean_items(map);
    let types = types::read(walk, map, place);
    keywords::check(walk, map, place, &types);
    rewrite_types(walk, map, place, &types);
    if map.get("type").and_then(Value::as_str) == Some("number") && map.contains_key("enum") {
        // `openapiv3` converts the values to `f64`.
        let values = map.get("enum").cloned().unwrap_or_default();
        map.insert(carried_name("enum"), values);
    }
}

/// Reports a branch of an `allOf` that allows no value, since then the whole allows none.
fn false_branch(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    let branches = map.get("allOf").and_then(Value::as_array);
    let mut branches = branches.into_iter().flatten();
    let is_false = |branch: &Value| branch.get(carried_name("false")).is_some();
    if let Some(index) = branches.position(is_false) {
        let all_of = place.key("allOf");
        walk.report(
            Diagnostic::error(
                code::CONTRADICTORY_ALL_OF,
                all_of.index(index).pointer(),
                "a branch of the `allOf` allows no value, so the schema allows none",
            )
            .label("`false` allows no value")
            .help("remove the branch, or write the schema that is meant"),
        );
    }
}

fn examples(map: &mut Fields) {
    let examples = map.get(&carried_name("examples"));
    let first = examples.and_then(|examples| examples.get(0)).cloned();
    if let Some(first) = first
        && !map.contains_key("example")
    {
        if first.is_null() {
            map.insert(carried_name("example"), Value::Null);
        }
        map.insert("example".to_owned(), first);
    }
}

/// Keywords that only annotate.
const ANNOTATIONS: [&str; 8] = [
    "title",
    "description",
    "default",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

/// Copies annotations from branches of an `allOf` that have nothing else to the schema itself.
fn annotations(map: &mut Fields) {
    let Some(Value::Array(branches)) = map.get("allOf") else {
        return;
    };
    let branches = branches.iter().filter_map(Value::as_object);
    let words: Vec<(String, Value)> = branches
        .filter(|branch| {
            let mut keys = branch.keys();
            keys.all(|key| ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-"))
        })
        .flat_map(Clone::clone)
        .filter(|(key, _)| ANNOTATIONS.contains(&key.as_str()))
        .collect();
    for (key, value) in words {
        map.entry(key).or_insert(value);
    }
}

fn constant(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let Some(constant) = map.get(&carried_name("const")).cloned() else {
        return;
    };
    if let Some(Value::Array(values)) = map.get("enum")
        && !values.contains(&constant)
    {
        walk.report(
            Diagnostic::warning(
                code::CONTRADICTORY_CONST,
                place.key("const").pointer(),
                "`const` is not among the values of `enum`; the `enum` is ignored",
            )
            .related(place.key("enum").pointer(), "the values")
            .help("remove one of them"),
        );
    }
    map.insert("enum".to_owned(), Value::Array(vec![constant]));
}

fn enumeration(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let Some(Value::Array(values)) = map.get_mut("enum") else {
        return;
    };
    let here = place.key("enum");
    if values.is_empty() {
        walk.warn(code::EMPTY_LIST, "enum", || {
            Diagnostic::warning(
                code::EMPTY_LIST,
                here.pointer(),
                "`enum` has no values and is read as absent",
            )
            .help("list the values, or remove it")
        });
        map.shift_remove("enum");
        return;
    }
    quirks::distinct(values, |value, first, second| {
        walk.warn(code::DUPLICATE_VALUE, "enum", || {
            Diagnostic::warning(
                code::DUPLICATE_VALUE,
                here.index(second).pointer(),
                format!("{value} is listed in `enum` twice"),
            )
            .related(here.index(first).pointer(), "first written here")
            .help("remove it")
        });
    });
}

/// Replaces the exclusive and the inclusive bound by the narrower one, since both apply (JSON
/// Schema 2020-12, sections 6.2.3 and 6.2.5).
fn exclusive_bound(
    map: &mut Fields,
    keyword: &str,
    exclusive_keyword: &str,
    narrower: fn(f64, f64) -> bool,
) {
    let Some(Value::Number(exclusive)) = map.get(exclusive_keyword).cloned() else {
        return;
    };
    let bound = map.get(keyword).and_then(Value::as_f64);
    let limit = exclusive.as_f64().unwrap_or_default();
    let is_narrower = bound.is_none_or(|bound| narrower(bound, limit));
    if is_narrower {
        map.insert(keyword.to_owned(), Value::Number(exclusive));
    }
    map.insert(exclusive_keyword.to_owned(), Value::Bool(is_narrower));
}

/// Carries large numbers, because `openapiv3` converts them to `f64`, which is exact up to 2^53.
fn large_numbers(map: &mut Fields) {
    for keyword in ["minimum", "maximum", "multipleOf"] {
        if let Some(Value::Number(number)) = map.get(keyword)
            && is_large(number)
        {
            let number = Value::Number(number.clone());
            map.insert(carried_name(keyword), number);
        }
    }
}

fn is_large(number: &Number) -> bool {
    let magnitude = number
        .as_u64()
        .or_else(|| number.as_i64().map(i64::unsigned_abs));
    magnitude.is_some_and(|magnitude| magnitude > 1 << 53)
}

fn boolean_items(map: &mut Fields) {
    match map.get("items") {
        Some(Value::Bool(true)) => {
            map.insert("items".to_owned(), json!({}));
        }
        Some(Value::Bool(false)) => {
            map.shift_remove("items");
            map.insert(carried_name("items"), Value::Bool(false));
        }
        _ => {}
    }
}

pub(super) fn append_all_of(map: &mut Fields, schema: Value) -> usize {
    if let Some(Value::Array(branches)) = map.get_mut("allOf") {
        branches.push(schema);
        return branches.len() - 1;
    }
    map.insert("allOf".to_owned(), Value::Array(vec![schema]));
    0
}

fn rewrite_types(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>, types: &SchemaTypes) {
    if types.null {
        map.insert("nullable".to_owned(), Value::Bool(true));
    }
    match types.names.as_slice() {
        [] if types.null => {
            map.shift_remove("type");
            map.entry("enum").or_insert_with(|| json!([null]));
            map.insert(carried_name("null"), Value::Bool(true));
        }
        [] => {
            map.shift_remove("type");
        }
        [one] => {
            map.insert("type".to_owned(), Value::from(*one));
        }
        several => split(walk, map, place, several),
    }
}

/// Returns the types that a keyword applies to, if it does not apply to all.
pub(super) fn types_of(keyword: &str) -> &'static [&'static str] {
    match keyword {
        "pattern" | "minLength" | "maxLength" | "contentEncoding" | "contentMediaType"
        | "contentSchema" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        "items" | "minItems" | "maxItems" | "uniqueItems" | "prefixItems" | "contains"
        | "minContains" | "maxContains" | "unevaluatedItems" => &["array"],
        "properties"
        | "required"
        | "additionalProperties"
        | "minProperties"
        | "maxProperties"
        | "patternProperties"
        | "propertyNames"
        | "unevaluatedProperties"
        | "dependentRequired"
        | "dependentSchemas" => &["object"],
        _ => &[],
    }
}

/// Creates a branch for each type, with the keywords that apply to it.
fn split(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>, names: &[&'static str]) {
    map.shift_remove("type");
    let mut branches: Vec<(&str, Fields)> = names
        .iter()
        .map(|name| {
            (
                *name,
                Map::from_iter([("type".to_owned(), Value::from(*name))]),
            )
        })
        .collect();
    let values = map.shift_remove("enum");
    let constant = map.shift_remove(&carried_name("const"));
    if let Some(Value::Array(values)) = values {
        share_values(&mut branches, values);
        if let (Some(constant), [(_, only)]) = (constant, branches.as_mut_slice()) {
            only.insert(carried_name("const"), constant);
        }
    }
    if let Some(Value::String(format)) = map.get("format")
        && let Some((_, branch)) = branches
            .iter_mut()
            .find(|(name, _)| types::format_type(format).contains(name))
    {
        branch.insert("format".to_owned(), Value::from(format.clone()));
        map.shift_remove("format");
    }
    let mut moved = Vec::new();
    let keywords: Vec<String> = map.keys().cloned().collect();
    for key in keywords {
        let keyword = key.strip_prefix(PREFIX).unwrap_or(&key);
        let about = types_of(keyword);
        let branch = branches
            .iter_mut()
            .position(|(name, _)| about.contains(name));
        if let Some(index) = branch
            && let Some((_, branch)) = branches.get_mut(index)
            && let Some(value) = map.shift_remove(&key)
        {
            moved.push((keyword.to_owned(), index));
            branch.insert(key, value);
        }
    }
    if let [_] = branches.as_slice() {
        // `enum` allows only one type.
        for (_, branch) in branches {
            map.extend(branch);
        }
        return;
    }
    let branches = branches
        .into_iter()
        .map(|(_, branch)| Value::Object(branch));
    let branches = Value::Array(branches.collect());
    let here = place.pointer();
    let base = if map.contains_key("anyOf") {
        let index = append_all_of(map, json!({ "anyOf": branches }));
        here.child("allOf").child(index).child("anyOf")
    } else {
        map.insert("anyOf".to_owned(), branches);
        here.child("anyOf")
    };
    for (keyword, index) in moved {
        rebase(
            walk,
            &here,
            &here.child(&keyword),
            &base.child(index).child(&keyword),
        );
    }
}

/// Assigns each value to the branch of its type. Removes branches without values.
fn share_values(branches: &mut Vec<(&str, Fields)>, values: Vec<Value>) {
    for value in values {
        let branch = branches
            .iter_mut()
            .find(|(name, _)| types::is_of(&value, name));
        // `nullable` covers `null`; values of other types are invalid.
        if let Some((_, branch)) = branch
            && let Value::Array(list) = branch.entry("enum").or_insert_with(|| json!([]))
        {
            list.push(value);
        }
    }
    if branches
        .iter()
        .any(|(_, branch)| branch.contains_key("enum"))
    {
        branches.retain(|(_, branch)| branch.contains_key("enum"));
    }
}

/// Moves the objects placed below `from` to `to`. They are the last ones in the list.
fn rebase(walk: &mut Walk<'_>, here: &Pointer, from: &Pointer, to: &Pointer) {
    for placed in walk.placed.iter_mut().rev() {
        if !placed.pointer.is_within(here) {
            break;
        }
        let rest = placed.pointer.as_str().strip_prefix(from.as_str());
        if placed.pointer.is_within(from)
            && let Some(moved) = rest.and_then(|rest| Pointer::parse(&format!("{to}{rest}")))
        {
            placed.pointer = moved;
        }
    }
}
