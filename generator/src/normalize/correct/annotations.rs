//! Annotations in a branch of `allOf`.

use serde_json::Value;

use crate::spec::Fields;

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
pub(crate) fn copy_annotations(map: &mut Fields) {
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
