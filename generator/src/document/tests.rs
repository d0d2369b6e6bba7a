use serde_json::{Value, json};

use super::{Document, SchemaNode, SchemaOrBool, SchemaType, SchemaView, Scheme, carried};
use crate::diagnostic::Diagnostics;
use crate::normalize::normalize;
use crate::pointer::Pointer;
use crate::source::yaml;

mod keywords;
mod types;
mod validity;
mod walk;

use keywords::{named, one};

fn read(text: &str) -> Document {
    read_value(yaml::value(text).expect("a test's YAML"))
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

#[test]
fn one_way_to_read_every_kind() {
    // With `enum` or `oneOf` beside it, `type: object` has another `SchemaKind`.
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
fn separates_null_from_other_values() {
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
fn distinguishes_true_and_false_schemas() {
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
#[expect(clippy::too_many_lines, reason = "a document and its references")]
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
        let SchemaOrBool::Schema(items) = schema.items() else {
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
#[expect(clippy::too_many_lines, reason = "a document and its objects")]
fn finds_objects_that_the_model_lacks() {
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
fn merges_a_path_item_with_its_reference_target() {
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
