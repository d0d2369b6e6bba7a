//! The keywords of the Schema Object and of nested objects.

use serde_json::{Value, json};

use crate::{In, Nowhere, Reported, Row, Table};

/// Returns an OpenAPI 3.1 document with the schema as a component, as a property and as items.
fn newer(schema: Value) -> Value {
    around("3.1.0", schema)
}

/// Returns the same document in OpenAPI 3.0.
fn older(schema: Value) -> Value {
    around("3.0.3", schema)
}

fn around(version: &str, schema: Value) -> Value {
    let holder = json!({ "$ref": "#/components/schemas/Holder" });
    json!({
        "openapi": version,
        "info": { "title": "A schema", "version": "1" },
        "paths": {
            "/": {
                "post": {
                    "operationId": "send",
                    "requestBody": { "required": true, "content": { "application/json": { "schema": holder } } },
                    "responses": {
                        "200": {
                            "description": "Done",
                            "content": { "application/json": { "schema": holder } },
                        },
                    },
                },
            },
        },
        "components": {
            "schemas": {
                "Holder": {
                    "type": "object",
                    "required": ["needed"],
                    "properties": { "needed": schema, "optional": schema },
                },
                "Named": schema,
                "Other": { "type": "object", "properties": { "a": { "type": "string" } } },
                "Another": { "type": "object", "properties": { "b": { "type": "string" } } },
            },
        },
    })
}

#[expect(clippy::too_many_lines, reason = "a list of tables")]
pub fn tables() -> Vec<Table> {
    vec![
        Table {
            object: "Schema (3.1)",
            document: newer,
            keywords: &[
                "$schema",
                "$id",
                "$anchor",
                "$dynamicAnchor",
                "$dynamicRef",
                "$ref",
                "$defs",
                "$comment",
                "$vocabulary",
                "allOf",
                "anyOf",
                "oneOf",
                "not",
                "if",
                "then",
                "else",
                "dependentSchemas",
                "dependentRequired",
                "prefixItems",
                "items",
                "contains",
                "minContains",
                "maxContains",
                "properties",
                "patternProperties",
                "additionalProperties",
                "propertyNames",
                "unevaluatedItems",
                "unevaluatedProperties",
                "type",
                "enum",
                "const",
                "multipleOf",
                "maximum",
                "exclusiveMaximum",
                "minimum",
                "exclusiveMinimum",
                "maxLength",
                "minLength",
                "pattern",
                "maxItems",
                "minItems",
                "uniqueItems",
                "maxProperties",
                "minProperties",
                "required",
                "format",
                "contentEncoding",
                "contentMediaType",
                "contentSchema",
                "title",
                "description",
                "default",
                "deprecated",
                "readOnly",
                "writeOnly",
                "examples",
                "example",
                "discriminator",
                "xml",
                "externalDocs",
            ],
            rows: newer_rows(),
        },
        Table {
            object: "Schema (3.0)",
            document: older,
            keywords: &[
                "title",
                "multipleOf",
                "maximum",
                "exclusiveMaximum",
                "minimum",
                "exclusiveMinimum",
                "maxLength",
                "minLength",
                "pattern",
                "maxItems",
                "minItems",
                "uniqueItems",
                "maxProperties",
                "minProperties",
                "required",
                "enum",
                "type",
                "allOf",
                "oneOf",
                "anyOf",
                "not",
                "items",
                "properties",
                "additionalProperties",
                "description",
                "format",
                "default",
                "nullable",
                "discriminator",
                "readOnly",
                "writeOnly",
                "xml",
                "externalDocs",
                "example",
                "deprecated",
            ],
            rows: older_rows(),
        },
        Table {
            object: "Discriminator",
            document: |discriminator| {
                newer(json!({
                    "oneOf": [
                        { "$ref": "#/components/schemas/Other" },
                        { "$ref": "#/components/schemas/Another" },
                    ],
                    "discriminator": discriminator,
                }))
            },
            keywords: &["propertyName", "mapping"],
            rows: vec![
                (
                    "propertyName",
                    json!({ "propertyName": "kind" }),
                    json!({ "propertyName": "type" }),
                    In("src/codec.rs"),
                ),
                (
                    "mapping",
                    json!({ "propertyName": "kind" }),
                    json!({ "propertyName": "kind", "mapping": { "other": "#/components/schemas/Other" } }),
                    In("src/codec.rs"),
                ),
            ],
        },
    ]
}

/// Returns the row for a keyword of an object with one type.
fn of(value_type: &str, keyword: &'static str, value: Value, shows: crate::Shows) -> Row {
    let without = json!({ "type": value_type });
    let mut with = without.clone();
    with[keyword] = value;
    (keyword, without, with, shows)
}

/// Returns the rows for keywords that both versions write the same way.
#[expect(clippy::too_many_lines, reason = "a table")]
fn common_rows() -> Vec<Row> {
    let types = In("src/types.rs");
    let text = json!({ "type": "string" });
    let other = json!({ "$ref": "#/components/schemas/Other" });
    let another = json!({ "$ref": "#/components/schemas/Another" });
    vec![
        ("type", json!({}), text.clone(), types),
        of("string", "title", json!("A title"), types),
        of("string", "description", json!("Some words"), types),
        of("number", "multipleOf", json!(0.5), types),
        of("integer", "maximum", json!(10), types),
        of("integer", "minimum", json!(1), types),
        of("string", "maxLength", json!(10), types),
        of("string", "minLength", json!(1), types),
        of("string", "pattern", json!("^a"), types),
        of("string", "format", json!("date"), types),
        of("string", "enum", json!(["a", "b"]), types),
        of("string", "default", json!("a"), types),
        of("string", "deprecated", json!(true), types),
        of("string", "readOnly", json!(true), types),
        of("string", "writeOnly", json!(true), types),
        of("string", "xml", json!({ "name": "x" }), types),
        of(
            "string",
            "externalDocs",
            json!({ "url": "https://example.com" }),
            types,
        ),
        of("string", "example", json!("sample"), In("src/operations")),
        of(
            "object",
            "properties",
            json!({ "a": { "type": "string" } }),
            types,
        ),
        of("object", "required", json!(["a"]), types),
        of(
            "object",
            "additionalProperties",
            json!({ "type": "string" }),
            types,
        ),
        of("object", "maxProperties", json!(10), types),
        of("object", "minProperties", json!(1), types),
        (
            "items",
            json!({ "type": "array", "items": {} }),
            json!({ "type": "array", "items": text }),
            types,
        ),
        (
            "maxItems",
            json!({ "type": "array", "items": {} }),
            json!({ "type": "array", "items": {}, "maxItems": 9 }),
            types,
        ),
        (
            "minItems",
            json!({ "type": "array", "items": {} }),
            json!({ "type": "array", "items": {}, "minItems": 1 }),
            types,
        ),
        (
            "uniqueItems",
            json!({ "type": "array", "items": {} }),
            json!({ "type": "array", "items": {}, "uniqueItems": true }),
            types,
        ),
        (
            "allOf",
            json!({}),
            json!({ "allOf": [other, another] }),
            types,
        ),
        (
            "oneOf",
            json!({}),
            json!({ "oneOf": [other, another] }),
            types,
        ),
        (
            "anyOf",
            json!({}),
            json!({ "anyOf": [other, another] }),
            types,
        ),
        (
            "not",
            text,
            json!({ "type": "string", "not": { "enum": ["a"] } }),
            types,
        ),
        (
            "discriminator",
            json!({ "oneOf": [other, another] }),
            json!({ "oneOf": [other, another], "discriminator": { "propertyName": "kind" } }),
            In("src/codec.rs"),
        ),
    ]
}

fn older_rows() -> Vec<Row> {
    let types = In("src/types.rs");
    let mut rows = common_rows();
    rows.extend([
        of("string", "nullable", json!(true), types),
        (
            "exclusiveMaximum",
            json!({ "type": "integer", "maximum": 10 }),
            json!({ "type": "integer", "maximum": 10, "exclusiveMaximum": true }),
            types,
        ),
        (
            "exclusiveMinimum",
            json!({ "type": "integer", "minimum": 10 }),
            json!({ "type": "integer", "minimum": 10, "exclusiveMinimum": true }),
            types,
        ),
    ]);
    rows
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn newer_rows() -> Vec<Row> {
    let types = In("src/types.rs");
    let text = json!({ "type": "string" });
    let list = json!({ "type": "array" });
    let object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let with = |base: &Value, keyword: &str, value: Value| {
        let mut with = base.clone();
        with[keyword] = value;
        with
    };
    let mut rows = common_rows();
    rows.extend([
        (
            "$ref",
            json!({}),
            json!({ "$ref": "#/components/schemas/Other" }),
            types,
        ),
        (
            "$defs",
            json!({ "type": "object", "properties": { "a": {} } }),
            json!({
                "type": "object",
                "properties": { "a": { "$ref": "#/components/schemas/Named/$defs/A" } },
                "$defs": { "A": { "type": "string" } },
            }),
            types,
        ),
        (
            "$schema",
            text.clone(),
            with(
                &text,
                "$schema",
                json!("https://json-schema.org/draft/2020-12/schema"),
            ),
            Nowhere("it is the dialect that is read anyway"),
        ),
        (
            "$id",
            json!({ "type": "object", "properties": { "a": {} } }),
            json!({
                "type": "object",
                "properties": {
                    "a": { "$id": "https://example.com/a", "type": "string" },
                    "b": { "$ref": "https://example.com/a" },
                },
            }),
            types,
        ),
        (
            "$id",
            json!({ "type": "object", "properties": { "a": {} } }),
            json!({
                "type": "object",
                "properties": {
                    "a": {
                        "$id": "https://example.com/a",
                        "type": "object",
                        "properties": { "b": { "$ref": "#/$defs/B" } },
                        "$defs": { "B": { "type": "string" } },
                    },
                },
            }),
            Reported("unresolved-reference"),
        ),
        (
            "$anchor",
            json!({ "type": "object", "properties": { "a": {} } }),
            json!({
                "type": "object",
                "properties": {
                    "a": { "$ref": "#text" },
                    "b": { "type": "string", "$anchor": "text" },
                },
            }),
            types,
        ),
        (
            "$dynamicAnchor",
            json!({ "type": "object", "properties": { "a": {} } }),
            json!({
                "type": "object",
                "properties": {
                    "a": { "$dynamicRef": "#text" },
                    "b": { "type": "string", "$dynamicAnchor": "text" },
                },
            }),
            Reported("dynamic-reference"),
        ),
        (
            "$dynamicRef",
            json!({}),
            json!({ "$dynamicRef": "#/components/schemas/Other" }),
            types,
        ),
        (
            "$comment",
            text.clone(),
            with(
                &text,
                "$comment",
                json!("For whoever maintains the document"),
            ),
            Nowhere("it is not for those who use the schema (JSON Schema core, section 8.3)"),
        ),
        (
            "$vocabulary",
            text.clone(),
            with(&text, "$vocabulary", json!({ "https://example.com": true })),
            Nowhere("it is about schemas that describe schemas"),
        ),
        (
            "if",
            object.clone(),
            with(&object, "if", json!({ "required": ["a"] })),
            types,
        ),
        (
            "then",
            object.clone(),
            with(
                &with(&object, "if", json!({})),
                "then",
                json!({ "required": ["a"] }),
            ),
            types,
        ),
        (
            "else",
            object.clone(),
            with(
                &with(&object, "if", json!({})),
                "else",
                json!({ "required": ["a"] }),
            ),
            types,
        ),
        (
            "dependentSchemas",
            object.clone(),
            with(
                &object,
                "dependentSchemas",
                json!({ "a": { "required": ["b"] } }),
            ),
            types,
        ),
        (
            "dependentRequired",
            object.clone(),
            with(&object, "dependentRequired", json!({ "a": ["b"] })),
            types,
        ),
        (
            "prefixItems",
            list.clone(),
            with(&list, "prefixItems", json!([{ "type": "string" }])),
            types,
        ),
        (
            "contains",
            list.clone(),
            with(&list, "contains", json!({ "type": "string" })),
            types,
        ),
        (
            "minContains",
            with(&list, "contains", json!({})),
            with(&with(&list, "contains", json!({})), "minContains", json!(2)),
            types,
        ),
        (
            "maxContains",
            with(&list, "contains", json!({})),
            with(&with(&list, "contains", json!({})), "maxContains", json!(2)),
            types,
        ),
        (
            "unevaluatedItems",
            list.clone(),
            with(&list, "unevaluatedItems", json!({ "type": "string" })),
            types,
        ),
        (
            "patternProperties",
            object.clone(),
            with(
                &object,
                "patternProperties",
                json!({ "^x": { "type": "string" } }),
            ),
            types,
        ),
        (
            "propertyNames",
            object.clone(),
            with(&object, "propertyNames", json!({ "pattern": "^a" })),
            types,
        ),
        (
            "unevaluatedProperties",
            object.clone(),
            with(
                &object,
                "unevaluatedProperties",
                json!({ "type": "string" }),
            ),
            types,
        ),
        (
            "const",
            text.clone(),
            with(&text, "const", json!("a")),
            types,
        ),
        of("integer", "exclusiveMaximum", json!(10), types),
        of("integer", "exclusiveMinimum", json!(10), types),
        (
            "contentEncoding",
            text.clone(),
            with(&text, "contentEncoding", json!("base64")),
            types,
        ),
        (
            "contentEncoding",
            text.clone(),
            with(&text, "contentEncoding", json!("quoted-printable")),
            types,
        ),
        (
            "contentMediaType",
            text.clone(),
            with(&text, "contentMediaType", json!("image/png")),
            types,
        ),
        (
            "contentSchema",
            with(&text, "contentMediaType", json!("application/json")),
            with(
                &with(&text, "contentMediaType", json!("application/json")),
                "contentSchema",
                json!({ "type": "object" }),
            ),
            types,
        ),
        (
            "examples",
            text.clone(),
            with(&text, "examples", json!(["sample"])),
            In("src/operations"),
        ),
        // Keywords of older versions.
        (
            "nullable",
            text.clone(),
            with(&text, "nullable", json!(true)),
            Reported("outdated-keyword"),
        ),
        (
            "definitions",
            json!({ "type": "object", "properties": { "a": {} } }),
            json!({
                "type": "object",
                "properties": { "a": { "$ref": "#/components/schemas/Named/definitions/A" } },
                "definitions": { "A": { "type": "string" } },
            }),
            types,
        ),
        (
            "dependencies",
            object.clone(),
            with(&object, "dependencies", json!({ "a": ["b"] })),
            types,
        ),
        (
            "additionalItems",
            list.clone(),
            with(&list, "additionalItems", json!(false)),
            Reported("unknown-field"),
        ),
    ]);
    rows
}
