use serde_json::{Value, json};

use super::{Document, Rest, SchemaNode, SchemaType, SchemaView, Scheme, carried};
use crate::diagnostic::Diagnostics;
use crate::normalize::normalize;
use crate::pointer::Pointer;

fn read(text: &str) -> Document {
    let value: Value = serde_yaml::from_str(text).expect("a test's YAML");
    read_value(value)
}

fn read_value(value: Value) -> Document {
    let mut diagnostics = Diagnostics::default();
    let normalized = normalize(value, &mut diagnostics);
    let document = Document::read(normalized, &mut diagnostics);
    document.unwrap_or_else(|| panic!("{:#?}", diagnostics.list()))
}

fn with_schema(schema: &Value) -> Document {
    read_value(json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "components": { "schemas": {
            "S": schema,
            "Other": { "type": "string" },
            "Null": { "type": "null" },
        } },
    }))
}

fn at(text: &str) -> Pointer {
    Pointer::parse(text).expect("a pointer")
}

fn view<'a>(document: &'a Document, pointer: &str) -> SchemaView<'a> {
    let node = document.schema(&at(pointer)).expect(pointer);
    node.follow().expect(pointer)
}

fn places(nodes: &[SchemaNode<'_>]) -> Vec<String> {
    let places = nodes.iter().map(|node| node.pointer().to_string());
    places.collect()
}

/// What a schema holds, as text: enough to tell whether a keyword arrived.
fn shown(rest: &Rest<'_>) -> String {
    match rest {
        Rest::Unsaid => "unsaid".to_owned(),
        Rest::Any => "any".to_owned(),
        Rest::Closed => "closed".to_owned(),
        Rest::Schema(node) => node.pointer().to_string(),
    }
}

fn one(node: Option<&SchemaNode<'_>>) -> String {
    node.map_or_else(|| "none".to_owned(), |node| node.pointer().to_string())
}

fn named(nodes: &[(&str, SchemaNode<'_>)]) -> String {
    let nodes = nodes
        .iter()
        .map(|(name, node)| format!("{name}={}", node.pointer()));
    nodes.collect::<Vec<_>>().join(" ")
}

/// A schema, how to ask for a keyword, and the answer.
type Case = (
    &'static str,
    Value,
    fn(&SchemaView<'_>) -> String,
    &'static str,
);

/// Every keyword of OpenAPI 3.0 and JSON Schema 2020-12, where it is read, and what is said there.
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
            |s| s.carried("$defs").is_some().to_string(),
            "true",
        ),
        (
            "definitions",
            json!({ "definitions": { "a": {} } }),
            |s| s.carried("definitions").is_some().to_string(),
            "true",
        ),
        (
            "$id",
            json!({ "$id": "i" }),
            |s| format!("{:?}", s.carried("$id")),
            "Some(String(\"i\"))",
        ),
        (
            "$schema",
            json!({ "$schema": "i" }),
            |s| format!("{:?}", s.carried("$schema")),
            "Some(String(\"i\"))",
        ),
        (
            "$anchor",
            json!({ "$anchor": "i" }),
            |s| format!("{:?}", s.carried("$anchor")),
            "Some(String(\"i\"))",
        ),
        (
            "$dynamicAnchor",
            json!({ "$dynamicAnchor": "i" }),
            |s| format!("{:?}", s.carried("$dynamicAnchor")),
            "Some(String(\"i\"))",
        ),
        (
            "$recursiveAnchor",
            json!({ "$recursiveAnchor": true }),
            |s| format!("{:?}", s.carried("$recursiveAnchor")),
            "Some(Bool(true))",
        ),
        (
            "$vocabulary",
            json!({ "$vocabulary": { "v": true } }),
            |s| s.carried("$vocabulary").is_some().to_string(),
            "true",
        ),
        (
            "$comment",
            json!({ "$comment": "c" }),
            |s| format!("{:?}", s.carried("$comment")),
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

/// A keyword that the walk lets through and nobody reads would be lost in silence.
#[test]
fn the_table_of_keywords_is_whole() {
    let read: Vec<&str> = keywords().iter().map(|(keyword, ..)| *keyword).collect();
    for keyword in crate::normalize::schema_keywords() {
        assert!(read.contains(&keyword), "{keyword}");
    }
}

#[test]
fn one_way_to_read_every_kind() {
    // `type: object` beside `enum` or `oneOf` is another kind for `openapiv3`.
    let with_extras = json!({
        "type": "object",
        "properties": { "a": { "type": "string" } },
        "required": ["a"],
        "oneOf": [{ "required": ["a"] }],
        "minProperties": 1,
    });
    let document = with_schema(&with_extras);
    let both = view(&document, "/components/schemas/S");
    assert_eq!(both.declared_type(), Some(SchemaType::Object));
    assert_eq!(
        named(&both.properties()),
        "a=/components/schemas/S/properties/a"
    );
    let property = both.property("a").expect("the property");
    assert_eq!(
        property.pointer(),
        &at("/components/schemas/S/properties/a")
    );
    assert_eq!(both.one_of().len(), 1);
    assert_eq!(both.min_properties(), Some(1));
    assert!(both.requires("a") && !both.requires("b"));
}

#[test]
fn tells_null_from_the_other_values() {
    for (schema, nullable, is_null) in [
        (json!({ "type": "null" }), true, true),
        (json!({ "const": null }), true, true),
        (json!({ "enum": [null] }), true, true),
        (
            json!({ "type": "string", "enum": ["a", null] }),
            true,
            false,
        ),
        (json!({ "type": ["integer", "null"] }), true, false),
        (
            json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] }),
            true,
            false,
        ),
        (
            json!({ "anyOf": [{ "type": "string" }, { "$ref": "#/components/schemas/Null" }] }),
            true,
            false,
        ),
        (
            json!({ "type": "object", "oneOf": [{ "type": "null" }, {}] }),
            false,
            false,
        ),
        (json!({ "type": "string" }), false, false),
        (json!({}), false, false),
    ] {
        let document = with_schema(&schema);
        let read = view(&document, "/components/schemas/S");
        assert_eq!(
            (read.nullable(), read.is_null()),
            (nullable, is_null),
            "{schema}"
        );
    }
    let document = with_schema(&json!({ "oneOf": [{ "type": "null" }, { "type": "string" }] }));
    let branches = view(&document, "/components/schemas/S").one_of();
    assert_eq!(places(&branches), ["/components/schemas/S/oneOf/1"]);
}

#[test]
fn tells_any_value_from_none() {
    for (schema, is_any, is_never) in [
        (json!({}), true, false),
        (json!(true), true, false),
        (json!({ "description": "d", "default": 1 }), true, false),
        (json!(false), false, true),
        (json!({ "not": {} }), false, true),
        (json!({ "not": { "type": "string" } }), false, false),
        (json!({ "patternProperties": { "a": {} } }), false, false),
        (json!({ "type": "string" }), false, false),
    ] {
        let document = with_schema(&schema);
        let read = view(&document, "/components/schemas/S");
        assert_eq!(
            (read.is_any(), read.is_never()),
            (is_any, is_never),
            "{schema}"
        );
    }
}

#[test]
fn infers_a_missing_type() {
    use SchemaType::{Array, Integer, Number, Object, String};
    for (schema, expected) in [
        (json!({ "properties": {"a": {}} }), Some(Object)),
        (json!({ "patternProperties": {} }), Some(Object)),
        (json!({ "items": {} }), Some(Array)),
        (json!({ "prefixItems": [{}] }), Some(Array)),
        (json!({ "pattern": "a" }), Some(String)),
        (json!({ "minimum": 1 }), Some(Number)),
        (json!({ "enum": ["a", null] }), Some(String)),
        (json!({ "enum": [1, 2] }), Some(Integer)),
        (json!({ "enum": [1, 2.5] }), Some(Number)),
        (json!({ "enum": [1, "a"] }), None),
        (json!({ "items": {}, "properties": {"a": {}} }), None),
        (json!({}), None),
    ] {
        let document = with_schema(&schema);
        let read = view(&document, "/components/schemas/S");
        assert_eq!(read.inferred_type(), expected, "{schema}");
    }
}

#[test]
fn keeps_the_values_of_an_enum_as_they_are_written() {
    for (schema, values) in [
        (
            json!({ "type": "number", "enum": [1, 2.5] }),
            json!([1, 2.5]),
        ),
        (
            json!({ "type": "integer", "enum": [1, u64::MAX] }),
            json!([1, u64::MAX]),
        ),
        (
            json!({ "type": "integer", "enum": [-1, null] }),
            json!([-1, null]),
        ),
        (json!({ "type": "boolean", "enum": [true] }), json!([true])),
        (
            json!({ "type": "object", "enum": [{ "b": 1, "a": 2 }] }),
            json!([{ "b": 1, "a": 2 }]),
        ),
    ] {
        let document = with_schema(&schema);
        let read = view(&document, "/components/schemas/S").enumeration();
        assert_eq!(json!(read).to_string(), values.to_string());
    }
}

#[test]
fn splits_a_type_array_without_losing_what_is_carried() {
    let document = with_schema(&json!({
        "type": ["string", "array"],
        "prefixItems": [{ "type": "integer", "contains": {} }],
    }));
    let branches = view(&document, "/components/schemas/S").any_of();
    let array = branches
        .get(1)
        .and_then(SchemaNode::inline)
        .expect("a branch");
    assert_eq!(array.declared_type(), Some(SchemaType::Array));
    assert_eq!(
        places(&array.prefix_items()),
        ["/components/schemas/S/anyOf/1/prefixItems/0"]
    );
}

#[test]
fn follows_references_to_any_place() {
    let document = read(
        "
openapi: 3.0.0
info: {title: t, version: '1'}
paths:
  /a/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200':
          description: ok
          content:
            application/json: {schema: {properties: {x: {type: [string, 'null']}}}}
  /b/{id}:
    get:
      parameters: [{$ref: '#/paths/~1a~1%7Bid%7D/get/parameters/0'}]
      responses: {'200': {$ref: '#/paths/~1a~1{id}/get/responses/200'}}
  /c/{id}: {$ref: '#/paths/~1b~1{id}'}
components:
  schemas:
    Chain: {$ref: '#/components/schemas/Link'}
    Link: {$ref: '#/paths/~1a~1%7Bid%7D/get/responses/200/content/application~1json/schema/properties/x'}
    Defs: {$defs: {y: {const: 1}}, items: {$ref: '#/components/schemas/Defs/$defs/y'}}
    a/b~c: {type: boolean}
    Escaped: {items: {$ref: '#/components/schemas/a~1b~0c'}}
    Round: {$ref: '#/components/schemas/Round'}
definitions:
  Old: {type: integer}
x-own:
  schema: {$ref: '#/definitions/Old'}
",
    );
    let chain = view(&document, "/components/schemas/Chain");
    assert_eq!(
        chain.pointer(),
        &at("/paths/~1a~1{id}/get/responses/200/content/application~1json/schema/properties/x")
    );
    assert!(chain.nullable());
    for (name, place) in [
        ("Defs", "/components/schemas/Defs/$defs/y"),
        ("Escaped", "/components/schemas/a~1b~0c"),
    ] {
        let schema = view(&document, &format!("/components/schemas/{name}"));
        let Rest::Schema(items) = schema.items() else {
            panic!("{name}");
        };
        assert_eq!(items.follow().expect(name).pointer(), &at(place));
    }
    let round = document
        .schema(&at("/components/schemas/Round"))
        .expect("a node");
    assert!(round.follow().is_none());

    let paths: Vec<_> = document.paths().collect();
    let [_, b, c] = paths.as_slice() else {
        panic!()
    };
    assert_eq!(
        (c.path, c.pointer.as_str()),
        ("/c/{id}", "/paths/~1b~1{id}")
    );
    let get = document.operations(b).next().expect("GET");
    let (parameter, place) = document
        .resolve(
            &get.operation.parameters[0],
            get.pointer.child("parameters").child(0),
        )
        .expect("the parameter");
    assert_eq!(parameter.parameter_data_ref().name, "id");
    assert_eq!(place, at("/paths/~1a~1{id}/get/parameters/0"));
    let (_, response) = get.operation.responses.responses.first().expect("200");
    let (response, place) = document
        .resolve(response, Pointer::root())
        .expect("the response");
    assert_eq!(response.description, "ok");
    assert_eq!(place, at("/paths/~1a~1{id}/get/responses/200"));
}

#[test]
fn finds_what_the_model_does_not_have() {
    let document = read(
        "
openapi: 3.2.0
info: {title: t, version: '1', summary: s}
paths:
  /a:
    additionalOperations: {LINK: {operationId: link, responses: {}}}
    query: {operationId: query, responses: {}}
    post:
      operationId: post
      responses: {'200': {content: {text/event-stream: {itemSchema: {type: string}}}}}
      callbacks:
        inline: {'{$url}': {put: {operationId: called, responses: {}}}}
        shared: {$ref: '#/components/callbacks/C'}
webhooks:
  made: {$ref: '#/components/pathItems/P'}
components:
  callbacks: {C: {x-own: 1, '{$other}': {$ref: '#/components/pathItems/P'}}}
  pathItems: {P: {get: {operationId: hook, responses: {}}}}
  securitySchemes:
    tls: {type: mutualTLS, description: d}
    key: {type: apiKey, in: query, name: k}
",
    );
    let entry = document.paths().next().expect("a path");
    let operations: Vec<_> = document.operations(&entry).collect();
    let methods: Vec<_> = operations
        .iter()
        .map(|entry| {
            (
                entry.method,
                entry.operation.operation_id.as_deref(),
                entry.pointer.as_str(),
            )
        })
        .collect();
    assert_eq!(
        methods,
        [
            ("POST", Some("post"), "/paths/~1a/post"),
            ("QUERY", Some("query"), "/paths/~1a/query"),
            ("LINK", Some("link"), "/paths/~1a/additionalOperations/LINK"),
        ]
    );
    let post = &operations[0];
    let callbacks: Vec<_> = document
        .callbacks(post)
        .flat_map(|(name, entries)| entries.into_iter().map(move |entry| (name, entry)))
        .map(|(name, entry)| (name, entry.path, entry.pointer.to_string()))
        .collect();
    assert_eq!(
        callbacks,
        [
            (
                "inline",
                "{$url}",
                "/paths/~1a/post/callbacks/inline/{$url}".to_owned()
            ),
            ("shared", "{$other}", "/components/pathItems/P".to_owned()),
        ]
    );
    let webhooks: Vec<_> = document.webhooks().map(|entry| entry.path).collect();
    assert_eq!(webhooks, ["made"]);

    let (_, response) = post.operation.responses.responses.first().expect("200");
    let place = post.pointer.child("responses").child("200");
    let (response, place) = document.resolve(response, place).expect("a response");
    let place = place.child("content").child("text/event-stream");
    let item = document.item_schema(&response.content["text/event-stream"], &place);
    assert_eq!(one(item.as_ref()), format!("{place}/itemSchema"));

    assert_eq!(
        carried(&document.api().info.extensions, "summary"),
        Some(&json!("s"))
    );
    assert!(matches!(
        document.security_scheme("tls"),
        Some(Scheme::MutualTls {
            description: Some("d")
        })
    ));
    assert!(matches!(
        document.security_scheme("key"),
        Some(Scheme::Modelled(_))
    ));
    assert!(document.security_scheme("none").is_none());
}

#[test]
fn merges_a_path_item_with_what_its_reference_means() {
    let document = read(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {$ref: '#/components/pathItems/P', summary: s, get: {operationId: own, responses: {}}}
components:
  pathItems: {P: {get: {operationId: theirs, responses: {}}, put: {operationId: put, responses: {}}}}
",
    );
    let entry = document.paths().next().expect("a path");
    assert_eq!(entry.item.summary.as_deref(), Some("s"));
    let ids: Vec<_> = document
        .operations(&entry)
        .map(|entry| entry.operation.operation_id.as_deref())
        .collect();
    assert_eq!(ids, [Some("own"), Some("put")]);
}

#[test]
fn reads_a_document_nested_to_the_limit() {
    let mut schema = json!({ "type": "string" });
    for _ in 0..120 {
        schema = json!({ "not": schema });
    }
    let document = with_schema(&schema);
    assert!(view(&document, "/components/schemas/S").not().is_some());
}

#[test]
fn follows_a_long_chain() {
    let mut schemas = serde_json::Map::new();
    for index in 0..20_000 {
        let next = format!("#/components/schemas/S{}", index + 1);
        schemas.insert(format!("S{index}"), json!({ "$ref": next }));
    }
    schemas.insert("S20000".to_owned(), json!({ "type": "string" }));
    let document = read_value(json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "components": { "schemas": schemas },
    }));
    let last = view(&document, "/components/schemas/S0");
    assert_eq!(last.pointer(), &at("/components/schemas/S20000"));
}

#[test]
fn reads_nothing_after_an_error() {
    let mut diagnostics = Diagnostics::default();
    let normalized = normalize(json!({ "openapi": "3.1.0" }), &mut diagnostics);
    let before = diagnostics.list().len();
    assert!(Document::read(normalized, &mut diagnostics).is_none());
    assert_eq!(diagnostics.list().len(), before);
}
