//! The rows of the table in the module's documentation.

use serde_json::{Value, json};

use super::is_aside;
use super::{normalized, schema, schema_with_findings};

#[test]
fn rewrites_types() {
    for (written, becomes) in [
        (
            "type: [string, 'null']",
            json!({ "type": "string", "nullable": true }),
        ),
        ("type: [string]", json!({ "type": "string" })),
        // YAML's `null` in the list is read as the name of the type.
        (
            "type: [string, null]",
            json!({ "type": "string", "nullable": true }),
        ),
        ("type: [integer, number]", json!({ "type": "number" })),
        (
            "type: 'null'",
            json!({ "nullable": true, "enum": [null], "x-carried-null": true }),
        ),
        (
            "type: [string, integer]",
            json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }),
        ),
        (
            "{type: [object, 'null'], properties: {a: {type: [integer, 'null']}}}",
            json!({
                "type": "object",
                "properties": { "a": { "type": "integer", "nullable": true } },
                "nullable": true,
            }),
        ),
    ] {
        assert_eq!(schema(written), becomes, "{written}");
    }
}

#[test]
fn shares_the_keywords_out_to_the_types() {
    assert_eq!(
        schema(
            "{type: [string, integer, array, object, 'null'], title: T, description: D, default: 5,
              minLength: 1, format: date, minimum: 2, items: {type: string}, maxItems: 3,
              properties: {a: {}}, required: [a], additionalProperties: false, x-own: 1}"
        ),
        json!({
            "title": "T",
            "description": "D",
            "default": 5,
            "x-own": 1,
            "nullable": true,
            "anyOf": [
                { "type": "string", "format": "date", "minLength": 1 },
                { "type": "integer", "minimum": 2 },
                { "type": "array", "items": { "type": "string" }, "maxItems": 3 },
                {
                    "type": "object",
                    "properties": { "a": {} },
                    "required": ["a"],
                    "additionalProperties": false,
                },
            ],
        })
    );
    assert_eq!(
        schema("{type: [string, integer], enum: [a, 1, b]}"),
        json!({ "anyOf": [
            { "type": "string", "enum": ["a", "b"] },
            { "type": "integer", "enum": [1] },
        ] })
    );
    assert_eq!(
        schema("{type: [string, integer, 'null'], enum: [a, null], minLength: 1}"),
        json!({ "nullable": true, "type": "string", "enum": ["a"], "minLength": 1 })
    );
    assert_eq!(
        schema("{type: [integer, string], format: int64}"),
        json!({ "anyOf": [{ "type": "integer", "format": "int64" }, { "type": "string" }] })
    );
    assert_eq!(
        schema("{type: [integer, string], anyOf: [{title: a}], allOf: [{title: b}]}"),
        json!({
            "anyOf": [{ "title": "a" }],
            "allOf": [
                { "title": "b" },
                { "anyOf": [{ "type": "integer" }, { "type": "string" }] },
            ],
            "title": "b",
        })
    );
}

#[test]
fn rewrites_booleans_in_schema_positions_only() {
    assert_eq!(
        schema(
            "{properties: {any: true, none: false}, items: true, additionalProperties: false,
              default: {items: true}, not: true}"
        ),
        json!({
            "properties": { "any": {}, "none": { "not": {}, "x-carried-false": true } },
            "items": {},
            "additionalProperties": false,
            "default": { "items": true },
            "not": {},
        })
    );
    assert_eq!(schema("items: false"), json!({ "x-carried-items": false }));
    assert_eq!(schema("true"), json!({}));
}

#[test]
fn makes_an_enum_of_a_constant() {
    assert_eq!(
        schema("{type: string, const: a}"),
        json!({ "type": "string", "enum": ["a"], "x-carried-const": "a" })
    );
    assert_eq!(
        schema("const: null"),
        json!({ "enum": [null], "x-carried-const": null })
    );
    let (_, found) = schema_with_findings("{const: a, enum: [b]}");
    assert_eq!(
        found,
        [
            "warning[contradictory-const] /components/schemas/S/const: `const` is not among the \
          values of `enum`; the `enum` is ignored | remove one of them | the values: \
          /components/schemas/S/enum"
        ]
    );
}

#[test]
fn joins_the_bounds() {
    for (written, becomes) in [
        (
            "exclusiveMinimum: 1",
            json!({ "minimum": 1, "exclusiveMinimum": true }),
        ),
        (
            "{minimum: 1, exclusiveMinimum: 1}",
            json!({ "minimum": 1, "exclusiveMinimum": true }),
        ),
        (
            "{minimum: 2, exclusiveMinimum: 1}",
            json!({ "minimum": 2, "exclusiveMinimum": false }),
        ),
        (
            "{maximum: 2, exclusiveMaximum: 1}",
            json!({ "maximum": 1, "exclusiveMaximum": true }),
        ),
        (
            "{maximum: 1, exclusiveMaximum: 2.5}",
            json!({ "maximum": 1, "exclusiveMaximum": false }),
        ),
        (
            "{minimum: 1, exclusiveMinimum: true}",
            json!({ "minimum": 1, "exclusiveMinimum": true }),
        ),
        (
            "minimum: 18446744073709551615",
            json!({
                "minimum": u64::MAX,
                "x-carried-minimum": u64::MAX,
            }),
        ),
    ] {
        assert_eq!(schema(written), becomes, "{written}");
    }
}

#[test]
fn carries_the_numbers_that_would_change() {
    assert_eq!(
        schema("{type: number, enum: [1, 2.5]}"),
        json!({ "type": "number", "enum": [1, 2.5], "x-carried-enum": [1, 2.5] })
    );
}

#[test]
fn keeps_every_example() {
    assert_eq!(
        schema("examples: [{type: [a]}, 2]"),
        json!({ "x-carried-examples": [{ "type": ["a"] }, 2], "example": { "type": ["a"] } })
    );
    assert_eq!(
        schema("{example: 1, examples: [2]}"),
        json!({ "example": 1, "x-carried-examples": [2] })
    );
}

#[test]
fn carries_null_values() {
    assert_eq!(
        schema("{default: null, example: null}"),
        json!({
            "default": null,
            "example": null,
            "x-carried-default": null,
            "x-carried-example": null,
        })
    );
}

#[test]
fn puts_siblings_of_a_reference_around_it() {
    assert_eq!(
        schema("$ref: '#/components/schemas/Other'"),
        json!({ "$ref": "#/components/schemas/Other" })
    );
    assert_eq!(
        schema("{$ref: '#/components/schemas/Other', description: d, readOnly: true}"),
        json!({
            "description": "d",
            "readOnly": true,
            "allOf": [{ "$ref": "#/components/schemas/Other" }],
        })
    );
    assert_eq!(
        schema("{allOf: [{title: a}], $ref: '#/components/schemas/Other', properties: {b: true}}"),
        json!({
            "allOf": [{ "title": "a" }, { "$ref": "#/components/schemas/Other" }],
            "properties": { "b": {} },
            "title": "a",
        })
    );
}

#[test]
fn an_annotation_in_a_branch_is_one_of_the_whole() {
    assert_eq!(
        schema("{allOf: [{title: a, description: b}, {type: string, title: c}], description: d}"),
        json!({
            "allOf": [{ "title": "a", "description": "b" }, { "type": "string", "title": "c" }],
            "description": "d",
            "title": "a",
        })
    );
}

#[test]
fn knows_data_from_schemas() {
    let data = json!({ "type": ["string", "null"], "const": 1, "$ref": "#/nowhere", "if": true });
    let written = format!(
        "{{default: {data}, example: {data}, enum: [{data}], x-own: {data}, properties: {{
            default: {{const: 1}}, example: {{const: 1}}, enum: {{const: 1}}, x-own: {{const: 1}},
            $ref: {{const: 1}}, type: {{const: 1}}, examples: {{const: 1}} }} }}"
    );
    let schema = schema(&written);
    for keyword in ["default", "example", "x-own"] {
        assert_eq!(schema[keyword], data, "{keyword}");
    }
    assert_eq!(schema["enum"], json!([data]));
    for name in [
        "default", "example", "enum", "x-own", "$ref", "type", "examples",
    ] {
        assert_eq!(
            schema["properties"][name],
            json!({ "enum": [1], "x-carried-const": 1 }),
            "{name}"
        );
    }
}

#[test]
fn resolves_dynamic_references_with_one_target() {
    assert_eq!(
        schema("{$dynamicAnchor: node, properties: {next: {$dynamicRef: '#node'}}}"),
        json!({
            "properties": { "next": { "$ref": "#/components/schemas/S" } },
            "x-carried-$dynamicAnchor": "node",
        })
    );
    assert_eq!(
        schema("{$recursiveAnchor: true, items: {items: {$recursiveRef: '#'}}}"),
        json!({
            "items": { "items": { "$ref": "#/components/schemas/S" } },
            "x-carried-$recursiveAnchor": true,
        })
    );
    let (_, found) = schema_with_findings(
        "{$dynamicAnchor: n, $defs: {a: {$dynamicAnchor: n}}, items: {$dynamicRef: '#n'}}",
    );
    assert_eq!(
        found,
        [
            "error[dynamic-reference] /components/schemas/S/items/$dynamicRef: `$dynamicRef: #n` \
          can mean several schemas | write a `$ref` to the schema that is meant | one of them: \
          /components/schemas/S/$dynamicAnchor"
        ]
    );
}

#[test]
fn reads_the_keywords_of_older_editions() {
    assert_eq!(
        schema("{type: array, items: [{}, {}], additionalItems: {type: string}}"),
        json!({
            "type": "array",
            "items": { "type": "string" },
            "x-carried-prefixItems": [null, null],
        })
    );
    assert_eq!(
        schema("dependencies: {a: [b], c: {required: [d]}}"),
        json!({
            "x-carried-dependentRequired": { "a": ["b"] },
            "x-carried-dependentSchemas": { "c": null },
        })
    );
}

/// Objects that are looked up by pointer keep the pointer of the original document.
#[test]
fn places_objects_that_the_model_lacks() {
    let (normalized, found) = normalized(
        "
openapi: 3.2.0
info: {title: t, version: '1'}
paths:
  /a:
    query:
      responses: {'200': {description: ok}}
    additionalOperations:
      LINK: {responses: {'200': {description: ok}}}
    post:
      callbacks:
        done:
          '{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}
      responses: {'200': {description: ok}}
webhooks:
  made: {post: {responses: {'200': {description: ok}}}}
components:
  pathItems:
    P: {get: {responses: {'200': {description: ok}}}}
  callbacks:
    C: {x-own: 1, '{$url}': {$ref: '#/components/pathItems/P'}}
  schemas:
    T: {type: [array, string], prefixItems: [{const: 1}, {contains: {}}], contentSchema: {}}
    U: {items: {$ref: '#/components/schemas/T/prefixItems/0'}}
    V: {not: {$ref: '#/x-hidden/S'}}
x-hidden:
  S: {type: [string, 'null']}
",
    );
    let found: Vec<_> = found.iter().filter(|found| !is_aside(found)).collect();
    assert!(found.is_empty(), "{found:?}");
    let placed = normalized.placed.iter();
    let mut placed: Vec<String> = placed
        .map(|placed| format!("{:?} {}", placed.kind, placed.pointer))
        .collect();
    placed.sort();
    assert_eq!(
        placed,
        [
            "Callback /components/callbacks/C",
            "Callback /paths/~1a/post/callbacks/done",
            "Operation /paths/~1a/additionalOperations/LINK",
            "Operation /paths/~1a/query",
            "PathItem /components/callbacks/C/{$url}",
            "PathItem /components/pathItems/P",
            "PathItem /paths/~1a/post/callbacks/done/{$request.body#~1url}",
            "PathItem /webhooks/made",
            "Schema /components/schemas/T/anyOf/0/prefixItems/0",
            "Schema /components/schemas/T/anyOf/0/prefixItems/1",
            "Schema /components/schemas/T/anyOf/0/prefixItems/1/contains",
            "Schema /components/schemas/T/anyOf/1/contentSchema",
            "Schema /components/schemas/T/prefixItems/0",
            "Schema /x-hidden/S",
        ]
    );
    let value = |pointer: &str| -> Value {
        let placed = normalized.placed.iter();
        let mut placed = placed.filter(|placed| placed.pointer.as_str() == pointer);
        placed.next().expect(pointer).value.clone()
    };
    assert_eq!(
        value("/components/schemas/T/prefixItems/0"),
        json!({ "enum": [1], "x-carried-const": 1 })
    );
    assert_eq!(
        value("/x-hidden/S"),
        json!({ "type": "string", "nullable": true })
    );
    assert_eq!(
        value("/components/callbacks/C"),
        json!({ "x-own": 1, "{$url}": null })
    );
}
