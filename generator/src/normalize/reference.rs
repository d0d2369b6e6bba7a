//! Targets of `$ref`s.

use indexmap::IndexMap;
use serde_json::Value;

use super::place::Place;
use crate::pointer::Pointer;
use crate::spec::{self, FieldType, ObjectKind};

/// Returns the pointer of a local `$ref` (RFC 6901, section 6).
///
/// Returns `None` for an anchor or another file.
pub(crate) fn target(reference: &str) -> Option<Pointer> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.contains('%') {
        return Pointer::parse(fragment);
    }
    let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
    Pointer::parse(&decoded)
}

/// Returns the text of a `$ref` to a pointer.
pub(super) fn text(pointer: &Pointer) -> String {
    format!("#{}", pointer.as_str().replace('%', "%25"))
}

/// Returns true if a pointer, relative to a schema, is a position of a schema in it.
pub(super) fn is_schema_in_schema(below: &Pointer) -> bool {
    let schema = spec::object(ObjectKind::Schema);
    let mut tokens = below.tokens().peekable();
    while let Some(keyword) = tokens.next() {
        let (kind, has_key) = match schema.field(&keyword).map(|field| field.ty) {
            Some(FieldType::One(kind)) => (kind, false),
            Some(FieldType::List(kind) | FieldType::Map(kind) | FieldType::MapOrTexts(kind)) => {
                (kind, true)
            }
            Some(FieldType::OneOrList(kind)) => {
                let next = tokens.peek();
                (kind, next.is_some_and(|next| next.parse::<usize>().is_ok()))
            }
            _ => return false,
        };
        if kind != ObjectKind::Schema || has_key && tokens.next().is_none() {
            return false;
        }
    }
    true
}

/// Returns true if a pointer refers to an entry of `components` or `paths` that is looked up there.
pub(super) fn is_plain(kind: ObjectKind, pointer: &Pointer) -> bool {
    let mut tokens = pointer.as_str().split('/').skip(1);
    let head = (tokens.next(), tokens.next(), tokens.next(), tokens.next());
    match head {
        (Some("components"), section, Some(_), None) => section == kind.section(),
        (Some("paths" | "webhooks"), Some(_), None, None) => kind == ObjectKind::PathItem,
        _ => false,
    }
}

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
    look(root, &Place::Start(&Pointer::root()), &mut survey);
    survey
}

fn look(value: &Value, place: &Place<'_>, survey: &mut Survey) {
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
                    _ => look(value, &place.key(key), survey),
                }
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                look(value, &place.index(index), survey);
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
