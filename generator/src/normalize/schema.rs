//! Checks schemas, and corrects known mistakes in them.

use serde_json::{Map, Value};

use super::place::Place;
use super::walk::Walk;
use super::{bounds, keywords, object, pattern, quirks, reference, types};
use crate::diagnostic::{Diagnostic, code};
use crate::spec::Version;

type Fields = Map<String, Value>;

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
                anchor.map(reference::text)
            }
            Some(anchor) if !anchor.several => Some(reference::text(&anchor.pointer)),
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
    bounds::exclusive_edition(walk, map, place);
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

/// Checks combinations of keywords, after each keyword was visited.
pub(super) fn after(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    bounds::crossed(walk, map, place);
    false_branch(walk, map, place);
    annotations(map);
    constant(walk, map, place);
    enumeration(walk, map, place);
    let types = types::read(walk, map, place);
    keywords::check(walk, map, place, &types);
}

/// Reports a branch of an `allOf` that allows no value, since then the whole allows none.
fn false_branch(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    let branches = map.get("allOf").and_then(Value::as_array);
    let mut branches = branches.into_iter().flatten();
    if let Some(index) = branches.position(|branch| *branch == Value::Bool(false)) {
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

/// Keywords beside annotations that are neither copied nor keywords of values.
const NEUTRAL: [&str; 8] = [
    "examples",
    "xml",
    "$id",
    "$schema",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$comment",
];

/// Copies annotations from branches of an `allOf` that have nothing else to the schema itself.
fn annotations(map: &mut Fields) {
    let Some(Value::Array(branches)) = map.get("allOf") else {
        return;
    };
    let branches = branches.iter().filter_map(Value::as_object);
    let mut words: Vec<(String, Value)> = Vec::new();
    for branch in branches {
        let is_annotation = |key: &String| {
            let key = key.as_str();
            ANNOTATIONS.contains(&key) || NEUTRAL.contains(&key) || key.starts_with("x-")
        };
        if !branch.keys().all(is_annotation) {
            continue;
        }
        let own = branch.iter();
        let own = own.filter(|(key, _)| ANNOTATIONS.contains(&key.as_str()));
        words.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        let examples = branch.get("examples").and_then(Value::as_array);
        let first = examples.and_then(|examples| examples.first());
        words.extend(first.map(|first| ("example".to_owned(), first.clone())));
    }
    for (key, value) in words {
        map.entry(key).or_insert(value);
    }
}

/// Reports a `const` that is not among the values of `enum`, which it replaces.
fn constant(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    if let Some(constant) = map.get("const")
        && let Some(Value::Array(values)) = map.get("enum")
        && !values.contains(constant)
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
}

/// Removes an empty `enum`, and duplicate values.
fn enumeration(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    if map.contains_key("const") {
        return;
    }
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
