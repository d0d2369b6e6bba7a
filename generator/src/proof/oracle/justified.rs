//! Decides whether the document permits a type to write a value differently than it was read.
//!
//! `values::RoundTrip` predicts what types omit. This is a second opinion that only uses the document: a
//! test must not expect a difference that the document does not justify.

use serde_json::{Map, Value as Json};

use crate::document::{
    Applicator, Outcome, SchemaNode, SchemaOrBool, SchemaView, Validity, Walk, is_same,
};

/// With more schemas than this at one place, any difference is accepted.
const MOST_SCHEMAS: usize = 512;

/// The keywords whose subschemas may apply to the same value.
const BRANCHES: &[Applicator] = &[
    Applicator::AllOf,
    Applicator::OneOf,
    Applicator::AnyOf,
    Applicator::If,
    Applicator::Then,
    Applicator::Else,
];

/// Beyond this depth, any difference is accepted.
const DEEPEST: usize = 64;

/// Returns `true` if a value may be written as another one.
pub(super) fn is_justified(node: &SchemaNode<'_>, read: &Json, written: &Json) -> bool {
    is_justified_by(std::slice::from_ref(node), read, written, 0)
}

fn is_justified_by(nodes: &[SchemaNode<'_>], read: &Json, written: &Json, depth: usize) -> bool {
    if is_same(read, written) || depth > DEEPEST {
        return true;
    }
    let views = views(nodes);
    if views.is_empty() || views.len() >= MOST_SCHEMAS {
        return true;
    }
    match (read, written) {
        (Json::Object(read), Json::Object(written)) => members(&views, read, written, depth),
        (Json::Array(read), Json::Array(written)) if read.len() == written.len() => {
            let items = &[Applicator::Items, Applicator::PrefixItems];
            let items = views.iter().flat_map(|view| view.subschemas(items));
            let items: Vec<SchemaNode<'_>> = items.collect();
            let mut pairs = read.iter().zip(written);
            pairs.all(|(one, other)| is_justified_by(&items, one, other, depth + 1))
        }
        (Json::String(read), Json::String(written)) => is_same_text(read, written),
        _ => false,
    }
}

fn members(
    views: &[SchemaView<'_>],
    read: &Map<String, Json>,
    written: &Map<String, Json>,
    depth: usize,
) -> bool {
    let is_default = |nodes: &[SchemaNode<'_>], value: &Json| {
        let mut views = nodes.iter().filter_map(SchemaNode::follow);
        views.any(|view| view.default_value().is_some_and(|it| is_same(it, value)))
            || nodes.iter().filter_map(SchemaNode::inline).any(|view| {
                let default = view.default_value();
                default.is_some_and(|default| is_same(default, value))
            })
    };
    let is_one_way = |nodes: &[SchemaNode<'_>]| {
        let inline = nodes.iter().filter_map(SchemaNode::inline);
        let mut views = inline.chain(nodes.iter().filter_map(SchemaNode::follow));
        views.any(|view| view.read_only() || view.write_only())
    };
    let may_go_or_change = read.iter().all(|(name, value)| {
        let declared = declared(views, name);
        match written.get(name) {
            Some(other) => is_justified_by(&declared, value, other, depth + 1),
            None => {
                value.is_null()
                    || declared.iter().all(|node| is_refused(node, value))
                    || is_default(&declared, value)
                    || is_one_way(&declared)
            }
        }
    });
    let mut new = written.iter().filter(|(name, _)| !read.contains_key(*name));
    may_go_or_change && new.all(|(name, value)| is_default(&declared(views, name), value))
}

/// Returns `true` if a schema does not allow a value: a branch with such a property is not the
/// selected one.
fn is_refused(node: &SchemaNode<'_>, value: &Json) -> bool {
    matches!(Validity::lenient().check(node, value), Outcome::Refused(_))
}

/// Returns the schemas of a property: those that declare it, or those of additional properties.
fn declared<'d>(views: &[SchemaView<'d>], name: &str) -> Vec<SchemaNode<'d>> {
    let properties = views.iter().flat_map(SchemaView::properties);
    let named = properties.filter(|(other, _)| *other == name);
    let named: Vec<_> = named.map(|(_, node)| node).collect();
    if !named.is_empty() {
        return named;
    }
    let others = views.iter().map(SchemaView::additional_properties);
    others.filter_map(SchemaOrBool::schema).collect()
}

/// Returns all schemas that may apply to a value, in any branch.
fn views<'d>(nodes: &[SchemaNode<'d>]) -> Vec<SchemaView<'d>> {
    let walk = Walk::new(nodes.iter().cloned(), BRANCHES);
    walk.take(MOST_SCHEMAS).collect()
}

/// Returns `true` if two texts are the same date-time (RFC 3339), UUID (RFC 9562) or base64 (RFC
/// 4648).
fn is_same_text(read: &str, written: &str) -> bool {
    let time = |text| chrono::DateTime::parse_from_rfc3339(text).ok();
    let is_same_time = time(read).is_some_and(|read| time(written) == Some(read));
    let is_uuid = read.len() == 36 && read.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    is_same_time
        || is_uuid && read.eq_ignore_ascii_case(written)
        || written.trim_end_matches('=') == read.trim_end_matches('=')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::diagnostic::Diagnostics;
    use crate::document::Document;
    use crate::normalize::normalize;

    use super::*;

    fn document() -> serde_json::Value {
        json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "paths": {},
            "components": { "schemas": {
                "Pet": {
                    "allOf": [{ "$ref": "#/components/schemas/Named" }],
                    "type": "object",
                    "properties": {
                        "legs": { "type": "integer", "default": 4 },
                        "id": { "type": "string", "readOnly": true },
                        "born": { "type": "string", "format": "date-time" },
                        "tags": { "type": "array", "items": { "$ref": "#/components/schemas/Named" } }
                    }
                },
                "Named": {
                    "type": "object",
                    "properties": { "name": { "type": "string" } }
                }
            } }
        })
    }

    #[test]
    fn only_documented_differences_are_justified() {
        let value = document();
        let mut found = Diagnostics::default();
        let document = Document::read(normalize(value, &mut found), &mut found);
        let document = document.expect("it is read");
        let (_, pet) = document.schemas().next().expect("there is one");
        for (read, written, expected) in [
            (json!({ "legs": 4 }), json!({}), true),
            (json!({ "legs": 5 }), json!({}), false),
            (json!({}), json!({ "legs": 4 }), true),
            (json!({}), json!({ "name": "a" }), false),
            (json!({ "name": null }), json!({}), true),
            (json!({ "name": "a" }), json!({}), false),
            (json!({ "name": "a" }), json!({ "name": "b" }), false),
            (json!({ "id": "a" }), json!({}), true),
            (json!({ "nobody": 1 }), json!({}), true),
            (
                json!({ "tags": [{ "name": "a", "x": 1 }] }),
                json!({ "tags": [{ "name": "a" }] }),
                true,
            ),
            (
                json!({ "tags": [{ "name": "a" }] }),
                json!({ "tags": [{}] }),
                false,
            ),
            (json!({ "tags": [{}] }), json!({ "tags": [] }), false),
            (
                json!({ "born": "2024-01-31t12:00:00+00:00" }),
                json!({ "born": "2024-01-31T12:00:00Z" }),
                true,
            ),
            (
                json!({ "born": "2024-01-31T12:00:00Z" }),
                json!({ "born": "2024-01-31T13:00:00Z" }),
                false,
            ),
        ] {
            assert_eq!(
                is_justified(&pet, &read, &written),
                expected,
                "{read} {written}"
            );
        }
    }
}
