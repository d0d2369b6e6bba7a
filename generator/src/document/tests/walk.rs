//! Tests of walks through schemas.

use serde_json::{Value, json};

use super::{read_value, view, with_schema};
use crate::document::{Applicator, SchemaView, Walk};
use crate::spec::{self, FieldType, ObjectKind};

const ALL: &[Applicator] = Applicator::COMPOSITION;
const PROPERTIES: &[Applicator] = &[Applicator::Properties];

/// Returns the titles of schemas.
fn titles<'a>(views: impl IntoIterator<Item = SchemaView<'a>>) -> String {
    let titles = views.into_iter().map(|view| view.title().unwrap_or("-"));
    titles.collect::<Vec<_>>().join(" ")
}

/// Returns a document with schemas.
fn with_schemas(schemas: &Value) -> super::Document {
    read_value(json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "components": { "schemas": schemas },
    }))
}

/// Returns a document whose schema `A` has two levels, in which schemas occur several times.
fn nested() -> super::Document {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    with_schemas(&json!({
        "A": { "title": "a", "anyOf": [
            { "title": "a0", "anyOf": [reference("B"), reference("C")] },
            { "title": "a1", "anyOf": [reference("C"), { "title": "a11" }] },
        ] },
        "B": { "title": "b", "anyOf": [{ "title": "b0" }, { "title": "b1" }] },
        "C": { "title": "c" },
    }))
}

/// Returns a document with a schema that has a keyword. `additionalItems` has an effect only beside
/// a list of `items`.
fn with_keyword(keyword: &str, value: &Value) -> super::Document {
    with_schema(&match keyword {
        "additionalItems" => json!({ "items": [{}], (keyword): value }),
        _ => json!({ (keyword): value }),
    })
}

#[test]
fn every_keyword_with_subschemas_is_entered() {
    let all: Vec<Applicator> = Applicator::all().collect();
    for field in spec::object(ObjectKind::Schema).fields {
        let subschemas = |title: &str| {
            let one = json!({ "title": title });
            Some(match field.ty {
                FieldType::One(ObjectKind::Schema) | FieldType::OneOrList(ObjectKind::Schema) => {
                    (one, 1)
                }
                FieldType::List(ObjectKind::Schema) => (json!([one, one]), 2),
                FieldType::Map(ObjectKind::Schema) | FieldType::MapOrTexts(ObjectKind::Schema) => {
                    (json!({ "a": one, "b": one }), 2)
                }
                _ => return None,
            })
        };
        let Some(((value, count), (other, _))) = subschemas("m").zip(subschemas("n")) else {
            continue;
        };
        // Only references lead to the schemas in `$defs`.
        let is_applied = !matches!(field.name, "$defs" | "definitions");
        let document = with_keyword(field.name, &value);
        let schema = view(&document, "/components/schemas/S");
        let found = schema.subschemas(&all).into_iter();
        let found = found.filter_map(|node| node.follow());
        let found = titles(found.filter(|view| view.title().is_some()));
        let expected = ["m", "m"].iter().take(if is_applied { count } else { 0 });
        let expected: Vec<&str> = expected.copied().collect();
        assert_eq!(found, expected.join(" "), "{}", field.name);
        let document = with_keyword(field.name, &other);
        let other = view(&document, "/components/schemas/S");
        let is_same = schema.identity() == other.identity();
        assert_eq!(is_same, !is_applied, "{}", field.name);
    }
}

#[test]
fn a_part_has_the_subschemas_of_its_type() {
    let document = with_schema(&json!({
        "type": ["object", "array"],
        "properties": { "a": { "title": "property" } },
        "items": { "title": "item" },
        "not": { "title": "not" },
    }));
    let schema = view(&document, "/components/schemas/S");
    let keywords = &[Applicator::Properties, Applicator::Items, Applicator::Not];
    let of = |view: &SchemaView<'_>| {
        let nodes = view.subschemas(keywords).into_iter();
        titles(nodes.filter_map(|node| node.follow()))
    };
    assert_eq!(of(&schema), "not");
    let parts: Vec<_> = schema
        .any_of()
        .iter()
        .filter_map(super::SchemaNode::follow)
        .collect();
    assert_eq!(
        parts.iter().map(of).collect::<Vec<_>>(),
        ["property", "item"]
    );
}

#[test]
fn a_walk_enters_only_the_chosen_keywords() {
    let document = with_schema(&json!({
        "title": "s",
        "properties": { "a": { "title": "property", "items": { "title": "item" } } },
        "items": { "title": "item" },
        "anyOf": [{ "title": "branch", "properties": { "b": { "title": "inner" } } }],
    }));
    let schema = view(&document, "/components/schemas/S");
    assert_eq!(titles(schema.walk(PROPERTIES)), "s property");
    assert_eq!(titles(schema.walk(ALL)), "s branch");
    let both = &[Applicator::AnyOf, Applicator::Properties];
    assert_eq!(titles(schema.walk(both)), "s branch inner property");
    assert_eq!(titles(schema.walk(&[])), "s");
}

#[test]
fn a_schema_is_entered_once_in_each_order() {
    let document = nested();
    let schema = view(&document, "/components/schemas/A");
    assert_eq!(titles(schema.walk(ALL)), "a a0 b b0 b1 c a1 a11");
    assert_eq!(
        titles(schema.walk(ALL).breadth_first()),
        "a a0 a1 b c a11 b0 b1"
    );
    assert_eq!(
        titles(schema.walk(ALL).inside_out()),
        "b0 b1 b c a0 a11 a1 a"
    );
}

#[test]
fn a_walk_has_limits() {
    let document = nested();
    let schema = view(&document, "/components/schemas/A");
    assert_eq!(titles(schema.walk(ALL).up_to(0)), "a");
    assert_eq!(titles(schema.walk(ALL).up_to(1)), "a a0 a1");
    assert_eq!(titles(schema.walk(ALL).up_to(2)), "a a0 b c a1 a11");
    assert_eq!(titles(schema.walk(ALL).inline()), "a a0 a1 a11");
    let b = view(&document, "/components/schemas/B");
    assert_eq!(titles(schema.walk(ALL).without(&[b])), "a a0 c a1 a11");
}

#[test]
fn a_walk_ends_for_schemas_that_contain_themselves() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let document = with_schemas(&json!({
        "A": { "title": "a", "properties": { "self": reference("A"), "b": reference("B") } },
        "B": { "title": "b", "properties": { "a": reference("Alias"), "x": { "title": "x" } } },
        "Alias": reference("A"),
        "Round": reference("Circle"),
        "Circle": reference("Round"),
    }));
    let schema = view(&document, "/components/schemas/A");
    assert_eq!(titles(schema.walk(PROPERTIES)), "a b x");
    assert_eq!(titles(schema.walk(PROPERTIES).breadth_first()), "a b x");
    let all = document.schemas().map(|(_, node)| node);
    assert_eq!(titles(Walk::new(all, PROPERTIES)), "a b x");
}

#[test]
fn a_deep_walk_needs_no_deep_stack() {
    let names = 0..3_000;
    let schemas = names.map(|at| {
        let next = json!({ "$ref": format!("#/components/schemas/S{}", at + 1) });
        (format!("S{at}"), json!({ "properties": { "next": next } }))
    });
    let mut schemas: serde_json::Map<String, Value> = schemas.collect();
    schemas.insert("S3000".to_owned(), json!({ "title": "last" }));
    let document = with_schemas(&Value::Object(schemas));
    let first = view(&document, "/components/schemas/S0");
    assert_eq!(first.walk(PROPERTIES).count(), 3_001);
    let inside_out = first.walk(PROPERTIES).inside_out();
    assert_eq!(inside_out.first().and_then(SchemaView::title), Some("last"));
}

#[test]
fn the_caller_decides_which_schemas_follow() {
    let document = nested();
    let schema = view(&document, "/components/schemas/A");
    let mut walk = schema.walk(&[]);
    let mut found = Vec::new();
    while let Some(view) = walk.next() {
        if view.title() != Some("a0") {
            walk.enter(view.any_of().into_iter().rev());
        }
        found.push(view);
    }
    assert_eq!(titles(found), "a a1 a11 c a0");
}
