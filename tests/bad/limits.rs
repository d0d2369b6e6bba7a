//! Small documents that require much work: large counts, values with many interpretations, and
//! types that multiply. Each run ends within a short time, with a result or with the exceeded
//! limit.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::resources::{generated, refused, run, run_with};
use super::{Place, cargo};

/// Returns a document with schemas; the first one is the body of a request.
fn document(schemas: &Value) -> Value {
    let first = schemas
        .as_object()
        .and_then(|schemas| schemas.keys().next());
    let first = first.expect("a schema");
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Limits", "version": "1.0.0" },
        "paths": { "/p": { "post": {
            "operationId": "p",
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": reference(first),
            } } },
            "responses": { "200": { "description": "All", "content": { "application/json": {
                "schema": reference(first),
            } } } },
        } } },
        "components": { "schemas": schemas },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn text(schemas: &Value) -> String {
    document(schemas).to_string()
}

/// Returns schemas that each refer to the next one; `level` creates a schema from the reference.
fn levels(count: usize, level: impl Fn(Value) -> Value, last: Value) -> Value {
    let mut schemas = serde_json::Map::new();
    for number in 0..count {
        let next = reference(&format!("S{}", number + 1));
        schemas.insert(format!("S{number}"), level(next));
    }
    schemas.insert(format!("S{count}"), last);
    schemas.into()
}

/// Like [`levels`], with an example of the first schema.
fn levels_with(count: usize, level: impl Fn(Value) -> Value, last: Value, example: Value) -> Value {
    let mut schemas = levels(count, level, last);
    schemas["S0"]["example"] = example;
    schemas
}

fn nested(count: usize, level: impl Fn(Value) -> Value, last: Value) -> Value {
    (0..count).fold(last, |value, _| level(value))
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let sizes = entries.map(|entry| {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            size(&path)
        } else {
            path.metadata().expect("a file").len()
        }
    });
    sizes.sum()
}

/// Returns the size of the crate for a document.
fn generated_size(schemas: &Value) -> u64 {
    let place = Place::empty();
    let file = place.folder.path().join("limits.json");
    fs::write(file, text(schemas)).expect("a file");
    let ran = run_with(&place, &["limits.json", "--out", "crate"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    size(&place.folder.path().join("crate"))
}

#[test]
fn counts_in_the_document() {
    let small = generated_size(&json!({ "A": { "type": "array", "items": { "type": "string" } } }));
    let array =
        |count: u64| json!({ "type": "array", "minItems": count, "items": { "type": "integer" } });
    let object = |schema: Value| json!({ "type": "object", "required": ["a"], "properties": { "a": schema } });
    let many = [
        array(101),
        array(100_000_000),
        array(i64::MAX as u64),
        array(u64::MAX),
        object(array(1_000_000_000)),
        nested(
            3,
            |items| json!({ "type": "array", "minItems": 1000, "items": items }),
            json!({ "type": "string" }),
        ),
        nested(
            4,
            |items| object(json!({ "type": "array", "minItems": 99, "items": items })),
            json!({ "type": "string" }),
        ),
        object(json!({ "type": "string", "minLength": 100_000_000 })),
        json!({ "type": "string", "minLength": u64::MAX }),
        json!({ "type": "object", "minProperties": u64::MAX, "additionalProperties": array(50) }),
        json!({ "type": "array", "minContains": u64::MAX, "contains": { "type": "string" } }),
        json!({ "type": "integer", "multipleOf": i64::MAX, "minimum": i64::MIN, "maximum": i64::MAX }),
        json!({ "type": "number", "multipleOf": 1e-300, "minimum": 1e308, "example": 1.5 }),
        json!({ "type": "string", "pattern": "^((a{1000}){1000}){1000}$", "example": "a" }),
        json!({ "type": "array", "minItems": 3, "maxItems": 1, "items": array(3) }),
    ];
    for schema in many {
        let size = generated_size(&json!({ "A": schema }));
        assert!(size < small + 60_000, "{schema}: {size} and {small}");
    }
    let parameter = |place: &str| {
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Limits", "version": "1.0.0" },
            "paths": { "/p": { "get": {
                "parameters": [{
                    "name": "a", "in": place, "required": true, "schema": array(1_000_000_000),
                }],
                "responses": { "200": { "description": "x", "headers": {
                    "X-A": { "schema": array(1_000_000_000) },
                } } },
            } } },
        })
    };
    for place in ["query", "header", "cookie"] {
        generated("parameter.json", &parameter(place).to_string());
    }
    for media_type in ["application/x-www-form-urlencoded", "multipart/form-data"] {
        let schemas = json!({ "A": object(array(1_000_000_000)) });
        let text = text(&schemas).replace("application/json", media_type);
        generated("body.json", &text);
    }
}

#[test]
fn objects_that_multiply() {
    let ten = |next: Value| {
        let names = (0..10).map(|number| format!("p{number}"));
        let properties: serde_json::Map<String, Value> =
            names.clone().map(|name| (name, next.clone())).collect();
        json!({
            "type": "object",
            "required": names.collect::<Vec<_>>(),
            "properties": properties,
        })
    };
    let schemas = levels(12, ten, json!({ "type": "string" }));
    // Most of the size is from the runtime.
    let small = generated_size(&json!({ "A": { "type": "string" } }));
    let size = generated_size(&schemas);
    assert!(size < small + 60_000, "{size} and {small}");
    let mut optional = json!({ "A": { "type": "object", "properties": {} } });
    for number in 0..200 {
        optional["A"]["properties"][format!("p{number}")] = reference("A");
    }
    assert!(generated_size(&optional) < 1_000_000);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn values_with_many_interpretations() {
    const LEVELS: usize = 30;
    let object = || json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } });
    let two = |keyword: &'static str| move |next: Value| json!({ keyword: [next, next] });
    let lists = nested(LEVELS, |value| json!([value]), json!(1));
    let filter = |branches: [Value; 2], example: Value| json!({ "F": { "anyOf": branches, "example": example } });
    let and = |more: Value| {
        let mut properties = json!({ "and": { "type": "array", "items": reference("F") } });
        properties
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("one").clone());
        json!({ "type": "object", "required": ["and"], "properties": properties })
    };
    let documents = [
        (
            "any_of",
            levels_with(LEVELS, two("anyOf"), object(), json!({ "a": 1 })),
        ),
        (
            "one_of",
            levels_with(LEVELS, two("oneOf"), object(), json!({ "a": 1 })),
        ),
        (
            "text",
            levels_with(
                LEVELS,
                two("anyOf"),
                json!({ "type": "string", "maxLength": 1 }),
                json!("ab"),
            ),
        ),
        (
            "not",
            levels_with(
                LEVELS,
                |next| json!({ "not": { "anyOf": [next, next] } }),
                object(),
                json!({ "a": 1 }),
            ),
        ),
        (
            "if",
            levels_with(
                LEVELS,
                |next| json!({ "if": next, "then": next, "else": next }),
                object(),
                json!({ "a": 1 }),
            ),
        ),
        (
            "dependent",
            levels_with(
                LEVELS,
                |next| json!({ "type": "object", "dependentSchemas": { "a": next, "b": next } }),
                object(),
                json!({ "a": "x", "b": 1 }),
            ),
        ),
        (
            "items",
            levels_with(
                LEVELS,
                |next| {
                    json!({ "anyOf": [
                    { "type": "array", "items": next },
                    { "type": "array", "items": next, "minItems": 1 },
                ] })
                },
                json!({ "type": "string" }),
                lists,
            ),
        ),
        (
            "names",
            levels_with(
                LEVELS,
                |next| json!({ "type": "object", "propertyNames": { "anyOf": [next, next] } }),
                json!({ "type": "string", "maxLength": 0 }),
                json!({ "a": 1 }),
            ),
        ),
        (
            "patterns",
            levels_with(
                LEVELS,
                |next| {
                    json!({
                        "type": "object",
                        "properties": { "p": next },
                        "patternProperties": { "^p": next, "p$": next },
                    })
                },
                json!({ "type": "string" }),
                nested(LEVELS, |value| json!({ "p": value }), json!("a")),
            ),
        ),
        (
            "filter",
            filter(
                [
                    and(json!({ "or": reference("F") })),
                    and(json!({ "not": reference("F") })),
                ],
                nested(
                    LEVELS,
                    |value| json!({ "and": [value] }),
                    json!({ "and": [5] }),
                ),
            ),
        ),
        (
            "fitting filter",
            filter(
                [and(json!({})), and(json!({ "kind": { "type": "string" } }))],
                nested(
                    LEVELS,
                    |value| json!({ "and": [value] }),
                    json!({ "and": [] }),
                ),
            ),
        ),
    ];
    for (name, schemas) in documents {
        generated(&format!("{name}.json"), &text(&schemas));
    }
    let mut closed = levels(LEVELS, two("anyOf"), object());
    closed["O"] = json!({
        "type": "object",
        "additionalProperties": false,
        "anyOf": [reference("S0")],
        "properties": { "z": { "type": "string" } },
        "example": { "b": 1, "z": "x" },
    });
    closed["P"] = json!({ "type": "object", "properties": {
        "a": { "allOf": [reference("S0")], "default": { "a": 1 } },
    } });
    generated("closed.json", &text(&closed));
}

#[test]
fn a_value_that_takes_too_long_is_not_compared() {
    // Each pattern matches in many ways, and its text is too long to match in time.
    let pattern = "(a|b|ab|ba){1,500}c$";
    let schemas = json!({ "A": { "type": "object", "properties": {
        "a": { "type": "string", "pattern": pattern, "example": "ab".repeat(4_000) },
        "b": { "type": "string", "pattern": pattern, "default": "ab".repeat(4_000) },
    } } });
    let ran = run("patterns.json", &text(&schemas), &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for noun in ["example", "default"] {
        let message = format!(
            "warning[not-compared]: comparing the {noun} with its schema takes too many steps"
        );
        assert!(ran.stderr.contains(&message), "{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("warning[").count(), 2, "{}", ran.stderr);
}

#[test]
fn chains_of_schemas_that_are_no_components() {
    let length = cargo::size(5_000);
    let inner =
        |number: usize| json!({ "$ref": format!("#/components/schemas/S{number}/$defs/x") });
    let levels: [fn(Value) -> Value; 5] = [
        |next| json!({ "type": "array", "items": next }),
        |next| json!({ "type": "object", "properties": { "a": next } }),
        |next| json!({ "type": "object", "additionalProperties": next }),
        |next| json!({ "anyOf": [{ "type": "integer" }, { "type": "array", "items": next }] }),
        |next| json!({ "type": "array", "prefixItems": [next], "items": false, "minItems": 1 }),
    ];
    for (kind, level) in levels.into_iter().enumerate() {
        let mut schemas = json!({ "A": { "type": "object", "properties": { "a": inner(0) } } });
        for number in 0..length {
            let next = level(inner(number + 1));
            schemas[format!("S{number}")] = json!({ "$defs": { "x": next } });
        }
        schemas[format!("S{length}")] = json!({ "$defs": { "x": { "type": "string" } } });
        generated(&format!("chain_{kind}.json"), &text(&schemas));
    }
    let names = levels_of_names(length);
    generated("names.json", &text(&names));
    let itself = json!({ "A": { "type": "object", "propertyNames": reference("A") } });
    generated("itself.json", &text(&itself));
}

fn levels_of_names(count: usize) -> Value {
    let level = |next| json!({ "type": "object", "propertyNames": next });
    levels(count, level, json!({ "type": "string" }))
}

#[test]
fn callbacks_that_cause_one_another() {
    let operation = |callbacks: Value| {
        json!({ "{$request.body#/url}": { "post": {
            "callbacks": callbacks,
            "responses": { "204": { "description": "None" } },
        } } })
    };
    let to = |number: usize| json!({ "$ref": format!("#/components/callbacks/C{number}") });
    let document = |callbacks: Value| {
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Limits", "version": "1.0.0" },
            "paths": { "/p": { "post": {
                "operationId": "p",
                "callbacks": { "c": to(0) },
                "responses": { "204": { "description": "None" } },
            } } },
            "components": { "callbacks": callbacks },
        })
        .to_string()
    };
    // Each callback can lead to all others, in any order.
    let all: serde_json::Map<String, Value> = (0..12)
        .map(|number| (format!("c{number}"), to(number)))
        .collect();
    let mut callbacks = json!({});
    for number in 0..12 {
        callbacks[format!("C{number}")] = operation(all.clone().into());
    }
    refused("all.json", &document(callbacks), "too-large");
    let mut chain = json!({});
    for number in 0..500 {
        chain[format!("C{number}")] = operation(json!({ "c": to(number + 1) }));
    }
    chain["C500"] = operation(json!({}));
    refused("chain.json", &document(chain), "too-deep");
}

#[test]
fn alternatives_that_are_merged_with_one_another() {
    let level = |next: Value| {
        let one = |name: &str| json!({ "oneOf": [next, { "type": "object", "properties": { name: {} } }] });
        json!({ "allOf": [one("b"), one("c")] })
    };
    let schemas = levels(
        30,
        level,
        json!({ "type": "object", "properties": { "z": {} } }),
    );
    let ran = run("merged.json", &text(&schemas), &[]);
    assert!(ran.code.is_some_and(|code| code < 2), "{}", ran.stderr);
}

#[test]
fn parts_that_many_operations_share() {
    let response = json!({ "204": { "description": "None" } });
    let parameters: Vec<Value> = (0..100)
        .map(|number| json!({ "name": format!("q{number}"), "in": "query", "schema": { "type": "string" } }))
        .collect();
    let methods = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let mut item = json!({ "parameters": parameters });
    for method in methods {
        item[method] = json!({ "responses": response });
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Limits", "version": "1.0.0" },
        "paths": {},
        "components": { "pathItems": { "P": item } },
    });
    for number in 0..650 {
        document["paths"][format!("/p{number}")] = json!({ "$ref": "#/components/pathItems/P" });
    }
    let ran = run("shared.json", &document.to_string(), &[]);
    assert_eq!(ran.code, Some(1));
    // 650 paths with 8 operations, each of which has 4 own parts, 100 parameters and a response.
    let message =
        "error[too-large]: the operations have 546000 parts in total, such as parameters,";
    assert!(ran.stderr.starts_with(message), "{}", ran.stderr);
}

#[test]
fn lists_of_one_operation() {
    let entries = |make: &dyn Fn(usize) -> Value| -> Value {
        let entries: serde_json::Map<String, Value> = (0..1_001)
            .map(|number| (format!("e{number}"), make(number)))
            .collect();
        entries.into()
    };
    let none = json!({ "description": "None" });
    let operation = |extra: &str, value: Value| {
        let mut operation = json!({ "responses": { "200": none } });
        operation[extra] = value;
        operation
    };
    let media_types: serde_json::Map<String, Value> = (0..1_001)
        .map(|number| (format!("application/x{number}"), json!({})))
        .collect();
    let parameters: Vec<Value> = (0..1_001)
        .map(|number| json!({ "name": format!("q{number}"), "in": "query", "schema": {} }))
        .collect();
    let servers: Vec<Value> = (0..1_001)
        .map(|number| json!({ "url": format!("https://{number}.example.com") }))
        .collect();
    let tags: Vec<String> = (0..1_001).map(|number| format!("t{number}")).collect();
    let header = |_: usize| json!({ "schema": { "type": "string" } });
    let link = |_: usize| json!({ "operationId": "p" });
    for (name, operation) in [
        ("parameters", operation("parameters", json!(parameters))),
        ("servers", operation("servers", json!(servers))),
        ("tags", operation("tags", json!(tags))),
        (
            "content",
            operation("requestBody", json!({ "content": media_types })),
        ),
        (
            "headers",
            operation(
                "responses",
                json!({ "200": { "description": "x", "headers": entries(&header) } }),
            ),
        ),
        (
            "links",
            operation(
                "responses",
                json!({ "200": { "description": "x", "links": entries(&link) } }),
            ),
        ),
    ] {
        let mut operation = operation;
        operation["operationId"] = json!("p");
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "Limits", "version": "1.0.0" },
            "paths": { "/p": { "post": operation } },
        });
        let ran = run(&format!("{name}.json"), &document.to_string(), &[]);
        let message = format!("error[too-large]: `{name}` has 1001 entries; the limit is 1000");
        assert!(ran.stderr.starts_with(&message), "{}", ran.stderr);
    }
}

#[test]
fn keys_that_are_part_of_many_pointers() {
    let properties: serde_json::Map<String, Value> = (0..20_000)
        .map(|number| (format!("p{number}"), json!({})))
        .collect();
    let mut schemas = json!({});
    schemas["k".repeat(100_000)] = json!({ "type": "object", "properties": properties });
    refused("keys.json", &text(&schemas), "too-large");
}

/// Each undeclared variable and parameter is an error whose remedy declares all of them.
#[test]
fn undeclared_names() {
    let count = cargo::size(900);
    let long = "x".repeat(100);
    let names = |first: &str| {
        let names = (0..count).map(|number| format!("{{{first}{number}{long}}}"));
        names.collect::<Vec<_>>().join("/")
    };
    let others: serde_json::Map<String, Value> = (0..100)
        .map(|number| (format!("w{number}{long}"), json!({ "default": "a" })))
        .collect();
    let operation = json!({
        "parameters": (0..50).map(|number| json!({
            "name": format!("b{number}"), "in": "path", "required": true,
            "schema": { "type": "string" },
        })).collect::<Vec<_>>(),
        "responses": { "204": { "description": "None" } },
    });
    let paths: serde_json::Map<String, Value> = (0..cargo::size(200))
        .map(|number| {
            let names = (0..50).map(|name| format!("{{a{name}}}"));
            let names = names.collect::<Vec<_>>().join("/");
            (format!("/p{number}/{names}"), json!({ "get": operation }))
        })
        .collect();
    for (name, servers, paths) in [
        (
            "servers.json",
            json!([{ "url": format!("https://example.com/{}", names("v")), "variables": others }]),
            json!({}),
        ),
        ("paths.json", json!([]), paths.into()),
    ] {
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "Limits", "version": "1.0.0" },
            "servers": servers,
            "paths": paths,
        });
        generated(name, &document.to_string());
    }
}

#[test]
fn types_are_counted_before_they_are_created() {
    let properties: serde_json::Map<String, Value> = (0..400_000)
        .map(|number| (format!("p{number}"), json!(true)))
        .collect();
    let one = json!({ "A": { "type": "object", "properties": properties } });
    let many: serde_json::Map<String, Value> = (0..100_000)
        .map(|number| (format!("S{number}"), json!(true)))
        .collect();
    for schemas in [one, many.into()] {
        refused("types.json", &text(&schemas), "too-large");
    }
}

/// A test would contain the example, so examples beyond the limit are not tested.
#[test]
fn examples_that_are_too_large_to_test() {
    let example: Vec<Value> = (0..600_000).map(|number| json!(number)).collect();
    let size = generated_size(&json!({ "A": { "type": "object", "properties": {
        "a": { "example": example },
    } } }));
    assert!(size < 1_000_000, "{size}");
}
