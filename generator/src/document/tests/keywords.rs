//! Checks for each keyword of a schema that a method reads it.

use serde_json::{Value, json};

use super::{places, view, with_schema};
use crate::document::{SchemaNode, SchemaOrBool, SchemaView};

/// Returns a short text for a schema, enough to see that a keyword was read.
fn shown(rest: &SchemaOrBool<'_>) -> String {
    match rest {
        SchemaOrBool::Absent => "unsaid".to_owned(),
        SchemaOrBool::Any => "any".to_owned(),
        SchemaOrBool::Closed => "closed".to_owned(),
        SchemaOrBool::Schema(node) => node.pointer().to_string(),
    }
}

pub(super) fn one(node: Option<&SchemaNode<'_>>) -> String {
    node.map_or_else(|| "none".to_owned(), |node| node.pointer().to_string())
}

pub(super) fn named(nodes: &[(&str, SchemaNode<'_>)]) -> String {
    let nodes = nodes
        .iter()
        .map(|(name, node)| format!("{name}={}", node.pointer()));
    nodes.collect::<Vec<_>>().join(" ")
}

/// Returns the pointer to the schema `a` under a keyword that only references lead to.
fn defined(view: &SchemaView<'_>, keyword: &str) -> String {
    let at = view.pointer().child(keyword).child("a");
    one(view.document().schema(&at).as_ref())
}

/// A keyword, a schema with it, the method that reads it, and the expected result.
type Case = (
    &'static str,
    Value,
    fn(&SchemaView<'_>) -> String,
    &'static str,
);

/// Returns a case for every keyword of OpenAPI 3.0 and JSON Schema 2020-12.
#[expect(clippy::too_many_lines, reason = "a table")]
fn keywords() -> Vec<Case> {
    vec![
        (
            "type",
            json!({ "type": "integer" }),
            |s| format!("{:?}", s.declared_type()),
            "Some(Integer)",
        ),
        (
            "format",
            json!({ "type": "string", "format": "date" }),
            |s| format!("{:?}", s.format()),
            "Some(\"date\")",
        ),
        (
            "title",
            json!({ "title": "t" }),
            |s| format!("{:?}", s.title()),
            "Some(\"t\")",
        ),
        (
            "description",
            json!({ "description": "d" }),
            |s| format!("{:?}", s.description()),
            "Some(\"d\")",
        ),
        (
            "default",
            json!({ "default": null }),
            |s| format!("{:?}", s.default_value()),
            "Some(Null)",
        ),
        (
            "example",
            json!({ "example": 1 }),
            |s| format!("{:?}", s.examples()),
            "[Number(1)]",
        ),
        (
            "examples",
            json!({ "examples": [1, null] }),
            |s| format!("{:?}", s.examples()),
            "[Number(1), Null]",
        ),
        (
            "enum",
            json!({ "enum": ["a", 1, null] }),
            |s| json!(s.enumeration()).to_string(),
            r#"["a",1,null]"#,
        ),
        (
            "const",
            json!({ "const": 5 }),
            |s| format!("{} {:?}", s.is_constant(), s.enumeration()),
            "true [Number(5)]",
        ),
        (
            "nullable",
            json!({ "type": "string", "nullable": true }),
            |s| s.nullable().to_string(),
            "true",
        ),
        (
            "readOnly",
            json!({ "readOnly": true }),
            |s| s.read_only().to_string(),
            "true",
        ),
        (
            "writeOnly",
            json!({ "writeOnly": true }),
            |s| s.write_only().to_string(),
            "true",
        ),
        (
            "deprecated",
            json!({ "deprecated": true }),
            |s| s.deprecated().to_string(),
            "true",
        ),
        (
            "externalDocs",
            json!({ "externalDocs": { "url": "u" } }),
            |s| format!("{:?}", s.external_docs().map(|docs| docs.url.as_str())),
            "Some(\"u\")",
        ),
        (
            "xml",
            json!({ "xml": { "name": "n" } }),
            |s| format!("{:?}", s.xml().and_then(|xml| xml["name"].as_str())),
            "Some(\"n\")",
        ),
        (
            "pattern",
            json!({ "pattern": "^a" }),
            |s| format!("{:?}", s.pattern()),
            "Some(\"^a\")",
        ),
        (
            "minLength",
            json!({ "type": "string", "minLength": 1 }),
            |s| format!("{:?}", s.min_length()),
            "Some(1)",
        ),
        (
            "maxLength",
            json!({ "maxLength": 2 }),
            |s| format!("{:?}", s.max_length()),
            "Some(2)",
        ),
        (
            "minimum",
            json!({ "type": "integer", "minimum": u64::MAX }),
            |s| {
                format!(
                    "{:?}",
                    s.minimum().map(|b| (b.value.to_string(), b.exclusive))
                )
            },
            "Some((\"18446744073709551615\", false))",
        ),
        (
            "maximum",
            json!({ "type": "number", "maximum": 1.5 }),
            |s| {
                format!(
                    "{:?}",
                    s.maximum().map(|b| (b.value.to_string(), b.exclusive))
                )
            },
            "Some((\"1.5\", false))",
        ),
        (
            "exclusiveMinimum",
            json!({ "exclusiveMinimum": 3 }),
            |s| {
                format!(
                    "{:?}",
                    s.minimum().map(|b| (b.value.to_string(), b.exclusive))
                )
            },
            "Some((\"3\", true))",
        ),
        (
            "exclusiveMaximum",
            json!({ "type": "integer", "exclusiveMaximum": 4 }),
            |s| {
                format!(
                    "{:?}",
                    s.maximum().map(|b| (b.value.to_string(), b.exclusive))
                )
            },
            "Some((\"4\", true))",
        ),
        (
            "multipleOf",
            json!({ "multipleOf": 10 }),
            |s| format!("{:?}", s.multiple_of().map(|n| n.to_string())),
            "Some(\"10\")",
        ),
        (
            "properties",
            json!({ "properties": { "a": {} } }),
            |s| named(&s.properties()),
            "a=/components/schemas/S/properties/a",
        ),
        (
            "required",
            json!({ "required": ["a"] }),
            |s| format!("{:?} {}", s.required(), s.requires("a")),
            "[\"a\"] true",
        ),
        (
            "additionalProperties",
            json!({ "additionalProperties": false }),
            |s| shown(&s.additional_properties()),
            "closed",
        ),
        (
            "minProperties",
            json!({ "minProperties": 1 }),
            |s| format!("{:?}", s.min_properties()),
            "Some(1)",
        ),
        (
            "maxProperties",
            json!({ "type": "object", "maxProperties": 2 }),
            |s| format!("{:?}", s.max_properties()),
            "Some(2)",
        ),
        (
            "patternProperties",
            json!({ "patternProperties": { "^a": {} } }),
            |s| named(&s.pattern_properties()),
            "^a=/components/schemas/S/patternProperties/^a",
        ),
        (
            "propertyNames",
            json!({ "propertyNames": { "minLength": 1 } }),
            |s| one(s.property_names().as_ref()),
            "/components/schemas/S/propertyNames",
        ),
        (
            "unevaluatedProperties",
            json!({ "unevaluatedProperties": false }),
            |s| shown(&s.unevaluated_properties()),
            "closed",
        ),
        (
            "dependentRequired",
            json!({ "dependentRequired": { "a": ["b"] } }),
            |s| format!("{:?}", s.dependent_required()),
            "[(\"a\", [\"b\"])]",
        ),
        (
            "dependentSchemas",
            json!({ "dependentSchemas": { "a": {} } }),
            |s| named(&s.dependent_schemas()),
            "a=/components/schemas/S/dependentSchemas/a",
        ),
        (
            "items",
            json!({ "items": { "type": "string" } }),
            |s| shown(&s.items()),
            "/components/schemas/S/items",
        ),
        (
            "prefixItems",
            json!({ "prefixItems": [{}, false] }),
            |s| places(&s.prefix_items()).join(" "),
            "/components/schemas/S/prefixItems/0 /components/schemas/S/prefixItems/1",
        ),
        (
            "unevaluatedItems",
            json!({ "unevaluatedItems": { "type": "string" } }),
            |s| shown(&s.unevaluated_items()),
            "/components/schemas/S/unevaluatedItems",
        ),
        (
            "contains",
            json!({ "contains": {} }),
            |s| one(s.contains().as_ref()),
            "/components/schemas/S/contains",
        ),
        (
            "minContains",
            json!({ "minContains": 1 }),
            |s| format!("{:?}", s.min_contains()),
            "Some(1)",
        ),
        (
            "maxContains",
            json!({ "maxContains": 2 }),
            |s| format!("{:?}", s.max_contains()),
            "Some(2)",
        ),
        (
            "minItems",
            json!({ "type": "array", "minItems": 1 }),
            |s| format!("{:?}", s.min_items()),
            "Some(1)",
        ),
        (
            "maxItems",
            json!({ "maxItems": 2 }),
            |s| format!("{:?}", s.max_items()),
            "Some(2)",
        ),
        (
            "uniqueItems",
            json!({ "uniqueItems": true }),
            |s| s.unique_items().to_string(),
            "true",
        ),
        (
            "allOf",
            json!({ "allOf": [{}] }),
            |s| places(&s.all_of()).join(" "),
            "/components/schemas/S/allOf/0",
        ),
        (
            "oneOf",
            json!({ "oneOf": [{}], "type": "object" }),
            |s| places(&s.one_of()).join(" "),
            "/components/schemas/S/oneOf/0",
        ),
        (
            "anyOf",
            json!({ "anyOf": [{}] }),
            |s| places(&s.any_of()).join(" "),
            "/components/schemas/S/anyOf/0",
        ),
        (
            "not",
            json!({ "not": { "type": "string" } }),
            |s| one(s.not().as_ref()),
            "/components/schemas/S/not",
        ),
        (
            "if",
            json!({ "if": {} }),
            |s| one(s.conditional()[0].as_ref()),
            "/components/schemas/S/if",
        ),
        (
            "then",
            json!({ "then": {} }),
            |s| one(s.conditional()[1].as_ref()),
            "/components/schemas/S/then",
        ),
        (
            "else",
            json!({ "else": {} }),
            |s| one(s.conditional()[2].as_ref()),
            "/components/schemas/S/else",
        ),
        (
            "discriminator",
            json!({ "discriminator": { "propertyName": "k", "mapping": { "a": "Other" } } }),
            |s| one(s.discriminated("a").as_ref()),
            "/components/schemas/Other",
        ),
        (
            "dependencies",
            json!({ "dependencies": { "a": {} } }),
            |s| named(&s.dependent_schemas()),
            "a=/components/schemas/S/dependencies/a",
        ),
        (
            "additionalItems",
            json!({ "items": [{}], "additionalItems": false }),
            |s| shown(&s.items()),
            "closed",
        ),
        (
            "contentEncoding",
            json!({ "contentEncoding": "base64" }),
            |s| format!("{:?}", s.content_encoding()),
            "Some(\"base64\")",
        ),
        (
            "contentMediaType",
            json!({ "contentMediaType": "a/b" }),
            |s| format!("{:?}", s.content_media_type()),
            "Some(\"a/b\")",
        ),
        (
            "contentSchema",
            json!({ "contentSchema": {} }),
            |s| one(s.content_schema().as_ref()),
            "/components/schemas/S/contentSchema",
        ),
        (
            "$ref",
            json!({ "$ref": "#/components/schemas/Other", "description": "d" }),
            |s| {
                format!(
                    "{:?}",
                    s.annotated()
                        .and_then(|node| node.reference())
                        .map(|p| p.to_string())
                )
            },
            "Some(\"/components/schemas/Other\")",
        ),
        (
            "$defs",
            json!({ "$defs": { "a": {} } }),
            |s| defined(s, "$defs"),
            "/components/schemas/S/$defs/a",
        ),
        (
            "definitions",
            json!({ "definitions": { "a": {} } }),
            |s| defined(s, "definitions"),
            "/components/schemas/S/definitions/a",
        ),
        (
            "$id",
            json!({ "$id": "i" }),
            |s| format!("{:?}", s.extension("$id")),
            "Some(String(\"i\"))",
        ),
        (
            "$schema",
            json!({ "$schema": "i" }),
            |s| format!("{:?}", s.extension("$schema")),
            "Some(String(\"i\"))",
        ),
        (
            "$anchor",
            json!({ "$anchor": "i" }),
            |s| format!("{:?}", s.extension("$anchor")),
            "Some(String(\"i\"))",
        ),
        (
            "$dynamicAnchor",
            json!({ "$dynamicAnchor": "i" }),
            |s| format!("{:?}", s.extension("$dynamicAnchor")),
            "Some(String(\"i\"))",
        ),
        (
            "$recursiveAnchor",
            json!({ "$recursiveAnchor": true }),
            |s| format!("{:?}", s.extension("$recursiveAnchor")),
            "Some(Bool(true))",
        ),
        (
            "$vocabulary",
            json!({ "$vocabulary": { "v": true } }),
            |s| s.extension("$vocabulary").is_some().to_string(),
            "true",
        ),
        (
            "$comment",
            json!({ "$comment": "c" }),
            |s| format!("{:?}", s.extension("$comment")),
            "Some(String(\"c\"))",
        ),
        (
            "x-own",
            json!({ "x-own": { "a": [1] } }),
            |s| format!("{:?}", s.extension("x-own").map(ToString::to_string)),
            "Some(\"{\\\"a\\\":[1]}\")",
        ),
    ]
}

#[test]
fn every_keyword_is_read_somewhere() {
    for (keyword, schema, ask, answer) in keywords() {
        let document = with_schema(&schema);
        assert_eq!(
            ask(&view(&document, "/components/schemas/S")),
            answer,
            "{keyword}"
        );
    }
}

/// A keyword that the walk accepts but no method reads would be lost silently.
#[test]
fn the_table_of_keywords_is_whole() {
    let read: Vec<&str> = keywords().iter().map(|(keyword, ..)| *keyword).collect();
    for keyword in crate::spec::schema_keywords() {
        assert!(read.contains(&keyword), "{keyword}");
    }
}
