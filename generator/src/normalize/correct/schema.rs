//! Known mistakes in schemas, and keywords of older JSON Schema versions.

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::{Fields, ObjectKind, Version};

/// Rewrites `type: null` without quotes, which is not a string in YAML. Before 3.1 there is no such
/// type and the author left `type:` empty.
pub(crate) fn correct_null_type(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if reporter.version == Version::V3_0 {
        return;
    }
    if let Some(name @ Value::Null) = map.get_mut("type") {
        reporter.coerce(name, Value::from("null"), "a string", &place.key("type"));
    }
}

/// Reads `null` among the branches of a union as `type: "null"`.
pub(crate) fn correct_null_branches(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = map.get_mut(keyword) else {
            continue;
        };
        let here = place.key(keyword);
        let branches = branches.iter_mut().enumerate();
        for (index, branch) in branches.filter(|(_, branch)| branch.is_null()) {
            reporter.coerce(
                branch,
                json!({ "type": "null" }),
                "a schema",
                &here.index(index),
            );
        }
    }
}

/// Removes, with a warning, keywords of older JSON Schema versions in a form that has no meaning:
/// `additionalItems` is for the items after those of a list in `items`, and `dependencies` is an
/// object.
pub(crate) fn remove_old_keywords(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    let has_list = map.get("items").is_some_and(Value::is_array);
    let has_names = map.get("dependencies").is_some_and(Value::is_object);
    for (keyword, is_meant) in [("additionalItems", has_list), ("dependencies", has_names)] {
        if !is_meant && map.shift_remove(keyword).is_some() {
            reporter.unknown_field(ObjectKind::Schema, keyword, &place.key(keyword));
        }
    }
}

/// Removes empty lists of keywords that have to have entries.
pub(crate) fn remove_empty_lists(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    for keyword in ["type", "allOf", "oneOf", "anyOf", "prefixItems", "items"] {
        remove_empty_list(reporter, map, place, keyword);
    }
}

fn remove_empty_list(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
    keyword: &str,
) {
    if map
        .get(keyword)
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty)
    {
        map.shift_remove(keyword);
        reporter.warn(code::EMPTY_LIST, keyword, || {
            Diagnostic::warning(
                code::EMPTY_LIST,
                place.key(keyword).pointer(),
                format!("`{keyword}` has no entries and is ignored"),
            )
            .help("add entries or remove it")
        });
    }
}

/// Removes the keywords of a property that is both `readOnly` and `writeOnly` (OpenAPI 3.0, section 4.7.24.2).
pub(crate) fn remove_both_directions(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    let is_set = |keyword: &str| map.get(keyword) == Some(&Value::Bool(true));
    if !is_set("readOnly") || !is_set("writeOnly") {
        return;
    }
    reporter.warn(code::IGNORED_KEYWORD, "readOnly writeOnly", || {
        let message = "`readOnly` and `writeOnly` contradict each other, and both are ignored";
        let at = place.key("writeOnly").pointer().key();
        Diagnostic::warning(code::IGNORED_KEYWORD, at, message)
            .related(place.key("readOnly").pointer().key(), "the other one")
            .help("remove one of them")
    });
    map.shift_remove("readOnly");
    map.shift_remove("writeOnly");
}
