//! Collects facts that the walk needs in advance: anchors, and `$ref`s to unusual places.

use indexmap::IndexMap;
use serde_json::Value;

use crate::pointer::{Pointer, Trail};

/// Facts about a document that the walk needs in advance.
pub(super) struct Survey {
    /// True if a `$ref` refers to a place other than the well-known ones.
    pub(super) reads_twice: bool,
    /// `$anchor` and `$dynamicAnchor` by name.
    pub(super) anchors: IndexMap<String, Anchor>,
    /// The pointers to schemas with `$recursiveAnchor: true` (JSON Schema 2019-09).
    pub(super) recursive: Vec<Pointer>,
}

/// A `$anchor` or `$dynamicAnchor`.
pub(super) struct Anchor {
    /// The pointer to the first anchor of this name.
    pub(super) pointer: Pointer,
    /// True if the name is not unique.
    pub(super) several: bool,
}

/// Collects the facts from every node, including values of the API: extra entries do no harm.
pub(super) fn survey(root: &Value) -> Survey {
    let mut survey = Survey {
        reads_twice: false,
        anchors: IndexMap::new(),
        recursive: Vec::new(),
    };
    survey_node(root, &Trail::Start(&Pointer::root()), &mut survey);
    survey
}

fn survey_node(value: &Value, place: &Trail<'_>, survey: &mut Survey) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Value::String(text)) => {
                        survey.reads_twice |=
                            !is_usual(text) || map.len() > 1 && is_path_item(text);
                    }
                    ("$recursiveAnchor", Value::Bool(true)) => {
                        survey.recursive.push(place.pointer());
                    }
                    ("$anchor" | "$dynamicAnchor", Value::String(name)) => {
                        survey
                            .anchors
                            .entry(name.clone())
                            .and_modify(|anchor| anchor.several = true)
                            .or_insert_with(|| Anchor {
                                pointer: place.pointer(),
                                several: false,
                            });
                    }
                    _ => survey_node(value, &place.key(key), survey),
                }
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                survey_node(value, &place.index(index), survey);
            }
        }
        _ => {}
    }
}

fn is_usual(reference: &str) -> bool {
    reference
        .strip_prefix("#/components/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(section, name)| {
            !matches!(section, "mediaTypes") && !name.contains(['/', '%'])
        })
}

fn is_path_item(reference: &str) -> bool {
    reference.starts_with("#/components/pathItems/")
}
