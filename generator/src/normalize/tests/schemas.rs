//! Schemas after the walk.

use serde_json::{Value, json};

use super::is_aside;
use super::{normalized, placed, schema, schema_with_findings};
use crate::pointer::Pointer;
use crate::spec::ObjectKind;

#[test]
fn corrects_the_names_of_types() {
    for (written, becomes) in [
        ("type: [string, 'null']", json!(["string", "null"])),
        ("type: [string]", json!(["string"])),
        // YAML's `null` in the list is read as the name of the type.
        ("type: [string, null]", json!(["string", "null"])),
        ("type: [integer, number]", json!(["integer", "number"])),
        ("type: 'null'", json!("null")),
    ] {
        assert_eq!(schema(written)["type"], becomes, "{written}");
    }
    // The other names keep their places.
    let (schema, _) = schema_with_findings("type: [any, String]");
    assert_eq!(schema["type"], json!([null, "string"]));
}

#[test]
fn keeps_booleans_in_schema_positions() {
    let written = json!({
        "properties": { "any": true, "none": false },
        "items": true,
        "additionalProperties": false,
        "default": { "items": true },
        "not": true,
    });
    assert_eq!(schema(&written.to_string()), written);
    assert_eq!(schema("items: false"), json!({ "items": false }));
    assert_eq!(schema("true"), json!(true));
}

#[test]
fn reports_a_constant_that_is_not_in_the_enum() {
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
fn keeps_keywords_as_they_are_written() {
    for written in [
        json!({ "examples": [{ "type": ["a"] }, 2] }),
        json!({ "example": 1, "examples": [2] }),
        json!({ "default": null, "example": null, "const": null }),
        json!({ "maximum": u64::MAX, "exclusiveMinimum": 2.5, "multipleOf": 1.0 }),
        json!({ "type": "number", "enum": [1, 2.5, 1e300] }),
        json!({ "$ref": "#/components/schemas/Other" }),
        json!({ "description": "d", "$ref": "#/components/schemas/Other" }),
    ] {
        assert_eq!(schema(&written.to_string()), written);
    }
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
        assert_eq!(schema["properties"][name], json!({ "const": 1 }), "{name}");
    }
}

#[test]
fn resolves_dynamic_references_with_one_target() {
    assert_eq!(
        schema("{$dynamicAnchor: node, properties: {next: {$dynamicRef: '#node'}}}"),
        json!({
            "properties": { "next": { "$ref": "#/components/schemas/S" } },
            "$dynamicAnchor": "node",
        })
    );
    assert_eq!(
        schema("{$recursiveAnchor: true, items: {items: {$recursiveRef: '#'}}}"),
        json!({
            "items": { "items": { "$ref": "#/components/schemas/S" } },
            "$recursiveAnchor": true,
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
    for written in [
        json!({ "type": "array", "items": [{}, {}], "additionalItems": { "type": "string" } }),
        json!({ "dependencies": { "a": ["b"], "c": { "required": ["d"] } } }),
    ] {
        assert_eq!(schema(&written.to_string()), written);
    }
    let (read, found) = schema_with_findings("{items: {}, additionalItems: {}, dependencies: a}");
    assert_eq!(read, json!({ "items": {} }));
    assert_eq!(
        found,
        [
            "warning[unknown-field] @/components/schemas/S/additionalItems: `additionalItems` is \
             not a field of a schema and has no effect | remove it, or write it as \
             `x-additionalItems`",
            "warning[unknown-field] @/components/schemas/S/dependencies: `dependencies` is not a \
             field of a schema and has no effect | remove it, or write it as `x-dependencies`",
        ]
    );
}

/// Objects that are looked up by pointer keep the pointer of the original document.
#[test]
#[expect(clippy::too_many_lines, reason = "a document and its objects")]
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
    let objects = normalized.placed.iter();
    let mut moved: Vec<String> = objects
        .map(|placed| format!("{:?} {}", placed.kind, placed.pointer))
        .collect();
    moved.sort();
    assert_eq!(
        moved,
        [
            "Callback /components/callbacks/C",
            "Callback /paths/~1a/post/callbacks/done",
            "Operation /paths/~1a/additionalOperations/LINK",
            "Operation /paths/~1a/query",
            "PathItem /components/callbacks/C/{$url}",
            "PathItem /components/pathItems/P",
            "PathItem /paths/~1a/post/callbacks/done/{$request.body#~1url}",
            "PathItem /webhooks/made",
            "Schema /components/schemas/T",
            "Schema /components/schemas/U",
            "Schema /components/schemas/V",
            "Schema /x-hidden/S",
        ]
    );
    let targets: Vec<&str> = normalized.targets.iter().map(Pointer::as_str).collect();
    assert_eq!(
        targets,
        ["/components/schemas/T/prefixItems/0", "/x-hidden/S"]
    );
    let value = |pointer: &str| placed(&normalized, pointer);
    assert_eq!(value("/x-hidden/S"), json!({ "type": ["string", "null"] }));
    assert_eq!(
        normalized.value["components"]["schemas"]["U"],
        json!({ "$ref": "#/components/schemas/U" })
    );
    assert_eq!(
        value("/components/callbacks/C"),
        json!({ "x-own": 1, "{$url}": null })
    );
}

/// Returns the pointers to schemas that are not a `$ref`.
fn inline_schemas(value: &Value, at: &Pointer, found: &mut Vec<String>) {
    let is_schema = |key: &str| matches!(key, "schema" | "x-carried-itemSchema");
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let at = at.child(key);
                let is_reference = value.get("$ref").is_some();
                if is_reference || key == "x-hidden" {
                    continue;
                }
                if is_schema(key) || at.parent() == Pointer::parse("/components/schemas") {
                    found.push(at.to_string());
                }
                inline_schemas(value, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                inline_schemas(item, &at.child(index), found);
            }
        }
        _ => {}
    }
}

#[test]
fn leaves_no_schema_in_its_position() {
    let (normalized, found) = normalized(
        "
openapi: 3.2.0
info: {title: t, version: '1'}
paths:
  /a:
    $ref: '#/components/pathItems/P'
    parameters: [{name: a, in: query, schema: {type: string}}, {name: b, in: query, type: string}]
    post:
      requestBody:
        content:
          a/b: {schema: true, itemSchema: {}}
          multipart/a:
            schema: {properties: {f: {}}}
            encoding: {f: {headers: {X: {schema: {type: string}}, Y: {}}}}
          c/d: {$ref: '#/components/mediaTypes/M'}
      callbacks: {c: {'{$url}': {post: {parameters: [{name: a, in: query, schema: false}]}}}}
      responses:
        '200': {description: d, headers: {X: {description: d}}, schema: {type: string}}
  /one-field-after-merging:
    $ref: '#/components/pathItems/P'
    get: {responses: {'200': {description: d, content: {a/b: {schema: {type: string}}}}}}
webhooks:
  w: {post: {requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}}}
components:
  schemas: {S: {}, T: {$ref: '#/components/schemas/S'}, U: true}
  pathItems: {P: {get: {parameters: [{$ref: '#/x-hidden/parameter'}]}}}
  mediaTypes: {M: {schema: {type: string}}}
x-hidden:
  parameter: {name: p, in: query, schema: {type: string}}
",
    );
    let errors = found.iter().filter(|found| found.starts_with("error"));
    assert_eq!(errors.count(), 0, "{found:#?}");
    let mut inline = Vec::new();
    inline_schemas(&normalized.value, &Pointer::root(), &mut inline);
    let objects = normalized.placed.iter();
    for object in objects.filter(|object| object.kind != ObjectKind::Schema) {
        inline_schemas(&object.value, &object.pointer, &mut inline);
    }
    assert_eq!(inline, Vec::<String>::new());
}
