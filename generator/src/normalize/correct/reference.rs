//! References that are replaced: dynamic references, and those whose targets are merged with the fields
//! beside them.

use serde_json::Value;

use crate::bundle::MAX_HOPS;
use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::normalize::targets::Targets;
use crate::pointer::{Pointer, Trail};
use crate::spec::Fields;

/// Rewrites a `$dynamicRef` to a `$ref` if its anchor is unique, so that no other schema can
/// replace it (JSON Schema, section 8.2.3.2).
pub(crate) fn resolve_dynamic_reference(
    reporter: &mut Reporter<'_>,
    targets: &Targets,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    for keyword in ["$dynamicRef", "$recursiveRef"] {
        let Some(Value::String(text)) = map.get(keyword) else {
            continue;
        };
        let text = text.clone();
        let anchor = text.strip_prefix('#').and_then(|name| targets.anchor(name));
        let first = anchor.map(|anchor| anchor.pointer.clone());
        let here = place.pointer();
        let meant = match anchor {
            _ if keyword == "$recursiveRef" => {
                let anchor = targets.recursive_anchor(&here);
                anchor.map(Pointer::to_reference)
            }
            Some(anchor) if !anchor.several => Some(anchor.pointer.to_reference()),
            None if text.starts_with("#/") => Some(text.clone()),
            _ => None,
        };
        map.shift_remove(keyword);
        match meant {
            Some(meant) if !map.contains_key("$ref") => {
                map.insert("$ref".to_owned(), Value::String(meant));
            }
            _ if first.is_none() && keyword == "$dynamicRef" => reporter.push(
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
                reporter.push(diagnostic);
            }
        }
    }
}

/// Merges the target of a path item's `$ref` with the fields beside it, which take precedence.
///
/// A `$ref` without siblings stays: it is followed when the path item is looked up.
pub(crate) fn merge_path_item(
    reporter: &mut Reporter<'_>,
    targets: &mut Targets,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    for _ in 0..=MAX_HOPS {
        if map.len() < 2 {
            return;
        }
        let Some(pointer) = map
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(Pointer::from_reference)
        else {
            return;
        };
        let Some(Value::Object(target)) = targets.copy(reporter, &pointer, place) else {
            return;
        };
        map.shift_remove("$ref");
        for (key, value) in target {
            map.entry(key).or_insert(value);
        }
    }
}

/// Replaces the `$ref` of a media type with its target. OpenAPI 3.2 has media types in `components`,
/// but `openapiv3` has no `$ref` for them.
pub(crate) fn replace_media_type(
    reporter: &mut Reporter<'_>,
    targets: &mut Targets,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    for _ in 0..=MAX_HOPS {
        let Some(pointer) = map
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(Pointer::from_reference)
        else {
            break;
        };
        map.shift_remove("$ref");
        if let Some(Value::Object(target)) = targets.copy(reporter, &pointer, place) {
            for (key, value) in target {
                map.entry(key).or_insert(value);
            }
        }
    }
}
