//! A fault costs the part that contains it: a document with one fault gives the same crate as the
//! document in which that part is written as the warning says.

use generator::Generator;
use serde_json::{Value, json};

/// One change of the document: a node, and what it is instead; nothing where it is removed.
type Change = (&'static str, Option<Value>);

/// A fault, and the document that it is read as.
struct Row {
    name: &'static str,
    /// The codes of the warnings.
    codes: &'static [&'static str],
    fault: Vec<Change>,
    meant: Vec<Change>,
}

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Pets", "version": "1.0.0", "description": "All about pets" },
        "servers": [{ "url": "https://example.com/v1" }],
        "tags": [{ "name": "pets", "description": "Pets" }],
        "paths": {
            "/pets": {
                "get": {
                    "operationId": "listPets",
                    "tags": ["pets"],
                    "parameters": [
                        { "name": "limit", "in": "query", "schema": { "type": "integer" } },
                        { "$ref": "#/components/parameters/Page" }
                    ],
                    "responses": {
                        "200": {
                            "description": "Pets",
                            "headers": { "X-Total": { "schema": { "type": "integer" } } },
                            "content": { "application/json": { "schema": {
                                "type": "array", "items": { "$ref": "#/components/schemas/Pet" }
                            } } }
                        },
                        "404": { "$ref": "#/components/responses/Missing" }
                    }
                },
                "post": {
                    "operationId": "addPet",
                    "tags": ["pets"],
                    "security": [{ "key": [] }],
                    "requestBody": { "$ref": "#/components/requestBodies/Pet" },
                    "responses": { "204": { "description": "Done" } }
                }
            },
            "/pets/{petId}": {
                "get": {
                    "operationId": "readPet",
                    "tags": ["pets"],
                    "parameters": [
                        { "name": "petId", "in": "path", "required": true, "schema": { "type": "string" } }
                    ],
                    "responses": { "200": { "description": "A pet", "content": {
                        "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } }
                    } } }
                }
            }
        },
        "components": {
            "schemas": {
                "Pet": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": { "type": "string" },
                        "age": { "type": "integer", "minimum": 0, "maximum": 50 },
                        "owner": { "$ref": "#/components/schemas/Owner" },
                        "tags": { "type": "array", "items": { "type": "string" } }
                    }
                },
                "Owner": { "type": "object", "properties": { "name": { "type": "string" } } },
                "Cat": {
                    "allOf": [
                        { "$ref": "#/components/schemas/Pet" },
                        { "type": "object", "properties": { "lives": { "type": "integer" } } }
                    ]
                },
                "Small": { "type": "string", "enum": ["a", "b"] }
            },
            "parameters": {
                "Page": { "name": "page", "in": "query", "schema": { "type": "integer" } }
            },
            "responses": {
                "Missing": { "description": "Not there", "content": { "application/json": {
                    "schema": { "type": "object", "properties": { "reason": { "type": "string" } } }
                } } }
            },
            "requestBodies": {
                "Pet": { "required": true, "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Pet" }
                } } }
            },
            "headers": { "Total": { "schema": { "type": "integer" } } },
            "securitySchemes": {
                "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
                "token": { "type": "http", "scheme": "bearer" }
            }
        }
    })
}

const LIST: &str = "/paths/~1pets/get";
const READ: &str = "/paths/~1pets~1{petId}/get";

fn row(
    name: &'static str,
    codes: &'static [&'static str],
    fault: impl Into<Vec<Change>>,
    meant: impl Into<Vec<Change>>,
) -> Row {
    Row {
        name,
        codes,
        fault: fault.into(),
        meant: meant.into(),
    }
}

fn references() -> Vec<Row> {
    let at = |path: &'static str, value: Value| [(path, Some(value))];
    let to = |text: &str| json!({ "$ref": text });
    let owner = "/components/schemas/Pet/properties/owner";
    let parameter = "/paths/~1pets/get/parameters/0";
    let header = "/paths/~1pets/get/responses/200/headers/X-Total";
    let body = "/paths/~1pets/post/requestBody";
    vec![
        row(
            "a schema that is not there",
            &["unresolved-reference"],
            at(owner, to("#/components/schemas/Nobody")),
            at(owner, json!({})),
        ),
        row(
            "the `$defs` of a schema around it",
            &["unresolved-reference"],
            [
                (owner, Some(to("#/$defs/Owner"))),
                (
                    "/components/schemas/Pet/$defs",
                    Some(json!({ "Owner": { "type": "integer" } })),
                ),
            ],
            [
                (owner, Some(to("#/components/schemas/Pet/$defs/Owner"))),
                (
                    "/components/schemas/Pet/$defs",
                    Some(json!({ "Owner": { "type": "integer" } })),
                ),
            ],
        ),
        row(
            "a parameter that is not there",
            &["unresolved-reference"],
            at(parameter, to("#/components/parameters/Nothing")),
            [(parameter, None)],
        ),
        row(
            "a path parameter that is not there",
            &["unresolved-reference"],
            at(
                "/paths/~1pets~1{petId}/get/parameters/0",
                to("#/components/parameters/PetId"),
            ),
            [],
        ),
        row(
            "a parameter among the schemas",
            &["wrong-reference"],
            [
                (parameter, Some(to("#/components/schemas/limit"))),
                (
                    "/components/schemas/limit",
                    Some(
                        json!({ "name": "limit", "in": "query", "schema": { "type": "integer" } }),
                    ),
                ),
            ],
            [(
                "/components/schemas/limit",
                Some(json!({ "name": "limit", "in": "query", "schema": { "type": "integer" } })),
            )],
        ),
        row(
            "a header among the parameters",
            &["wrong-reference"],
            [
                (header, Some(to("#/components/parameters/Total"))),
                (
                    "/components/parameters/Total",
                    Some(
                        json!({ "name": "X-Total", "in": "header", "schema": { "type": "integer" } }),
                    ),
                ),
            ],
            [],
        ),
        row(
            "a response among the request bodies",
            &["wrong-reference"],
            at(
                "/paths/~1pets/get/responses/404",
                to("#/components/requestBodies/Pet"),
            ),
            at(
                "/paths/~1pets/get/responses/404",
                json!({ "description": "", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Pet" } } } }),
            ),
        ),
        row(
            "a header that is not there",
            &["unresolved-reference"],
            at(header, to("#/components/headers/Nothing")),
            [("/paths/~1pets/get/responses/200/headers", None)],
        ),
        row(
            "a response that is not there",
            &["unresolved-reference"],
            at(
                "/paths/~1pets/get/responses/404",
                to("#/components/responses/Nothing"),
            ),
            [("/paths/~1pets/get/responses/404", None)],
        ),
        row(
            "a request body that is not there",
            &["unresolved-reference"],
            at(body, to("#/components/requestBodies/Nothing")),
            at(
                body,
                json!({ "content": { "application/json": { "schema": {} } } }),
            ),
        ),
        row(
            "a mapping that leads nowhere",
            &["unresolved-reference"],
            at(
                "/components/schemas/Animal",
                json!({ "oneOf": [to("#/components/schemas/Pet"), to("#/components/schemas/Cat")],
                    "discriminator": { "propertyName": "name", "mapping": {
                        "cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog" } } }),
            ),
            at(
                "/components/schemas/Animal",
                json!({ "oneOf": [to("#/components/schemas/Pet"), to("#/components/schemas/Cat")],
                    "discriminator": { "propertyName": "name", "mapping": {
                        "cat": "#/components/schemas/Cat" } } }),
            ),
        ),
    ]
}

fn schemas() -> Vec<Row> {
    let at = |path: &'static str, value: Value| [(path, Some(value))];
    let age = "/components/schemas/Pet/properties/age";
    let cat = "/components/schemas/Cat/allOf/1";
    vec![
        row(
            "a part of another type",
            &["contradictory-all-of"],
            at(cat, json!({ "type": "string" })),
            at("/components/schemas/Cat", json!({})),
        ),
        row(
            "a schema in its own `allOf`",
            &["circular-reference"],
            at(
                "/components/schemas/Cat/allOf/2",
                json!({ "$ref": "#/components/schemas/Cat" }),
            ),
            [],
        ),
        row(
            "an unknown type",
            &["unknown-type"],
            at(age, json!({ "type": "thing" })),
            at(age, json!({})),
        ),
        row(
            "a misspelt type",
            &["unknown-type"],
            at(age, json!({ "type": "intger" })),
            at(age, json!({ "type": "integer" })),
        ),
        row(
            "a type of other languages",
            &["unknown-type"],
            at(age, json!({ "type": "timestamp" })),
            at(age, json!({ "type": "string", "format": "date-time" })),
        ),
        row(
            "bounds without a value",
            &["contradictory-schema"],
            at(
                age,
                json!({ "type": "integer", "minimum": 9, "maximum": 1 }),
            ),
            at(age, json!({ "type": "integer" })),
        ),
        row(
            "a bound that is no number",
            &["wrong-type"],
            at(
                "/components/schemas/Pet/properties/age/minimum",
                json!("few"),
            ),
            [("/components/schemas/Pet/properties/age/minimum", None)],
        ),
        row(
            "the name of a type for a schema",
            &["not-a-schema"],
            at(age, json!("integer")),
            at(age, json!({ "type": "integer" })),
        ),
        row(
            "the name of a schema for a schema",
            &["not-a-schema"],
            at(age, json!("Owner")),
            at(age, json!({ "$ref": "#/components/schemas/Owner" })),
        ),
        row(
            "a number for a schema",
            &["not-a-schema"],
            at(age, json!(5)),
            at(age, json!({})),
        ),
        row(
            "an example among the properties",
            &["not-a-schema"],
            at("/components/schemas/Pet/properties/example", json!("Tom")),
            at("/components/schemas/Pet/example", json!("Tom")),
        ),
        row(
            "properties in a list",
            &["wrong-type"],
            at(
                "/components/schemas/Owner/properties",
                json!([{ "name": "name", "type": "string" }]),
            ),
            [],
        ),
        row(
            "`required` that is no list",
            &["wrong-type"],
            at("/components/schemas/Pet/required", json!({ "name": true })),
            [("/components/schemas/Pet/required", None)],
        ),
        row(
            "a title that is no text",
            &["wrong-type"],
            at("/components/schemas/Pet/title", json!(["Pet"])),
            [],
        ),
    ]
}

fn operations() -> Vec<Row> {
    let at = |path: &'static str, value: Value| [(path, Some(value))];
    let limit = "/paths/~1pets/get/parameters/0";
    let list = "/paths/~1pets/get/parameters";
    let security = "/paths/~1pets/post/security";
    vec![
        row(
            "an alternative with a missing scheme",
            &["unknown-security-scheme"],
            at(
                security,
                json!([{ "key": [], "nobody": [] }, { "token": [] }]),
            ),
            at(security, json!([{ "token": [] }])),
        ),
        row(
            "no alternative that there is",
            &["unknown-security-scheme"],
            at(security, json!([{ "nobody": [] }])),
            at(security, json!([])),
        ),
        row(
            "a scheme that cannot be sent",
            &["unknown-location"],
            at("/components/securitySchemes/key/in", json!("body")),
            [
                ("/components/securitySchemes/key", None),
                (security, Some(json!([]))),
            ],
        ),
        row(
            "a path parameter that is not declared",
            &["undeclared-path-parameter"],
            [("/paths/~1pets~1{petId}/get/parameters", None)],
            [],
        ),
        row(
            "one that is declared by another name",
            &["undeclared-path-parameter"],
            at("/paths/~1pets~1{petId}/get/parameters/0/name", json!("id")),
            [],
        ),
        row(
            "a parameter without a schema",
            &["parameter-without-schema"],
            at(limit, json!({ "name": "limit", "in": "query" })),
            at(
                limit,
                json!({ "name": "limit", "in": "query", "schema": { "type": "string" } }),
            ),
        ),
        row(
            "a parameter that is declared twice",
            &["duplicate-parameter"],
            at(
                list,
                json!([
                    { "name": "limit", "in": "query", "schema": { "type": "integer" } },
                    { "name": "limit", "in": "query", "schema": { "type": "string" } }
                ]),
            ),
            at(
                list,
                json!([{ "name": "limit", "in": "query", "schema": { "type": "string" } }]),
            ),
        ),
        row(
            "a parameter that is declared again with less",
            &["duplicate-parameter"],
            at(
                list,
                json!([
                    { "name": "limit", "in": "query", "schema": { "type": "integer" }, "description": "Most" },
                    { "name": "limit", "in": "query", "schema": { "type": "integer" } }
                ]),
            ),
            at(
                list,
                json!([
                    { "name": "limit", "in": "query", "schema": { "type": "integer" }, "description": "Most" }
                ]),
            ),
        ),
        row(
            "a credential as a parameter",
            &["header-ignored"],
            at(
                limit,
                json!({ "name": "Authorization", "in": "header", "required": true,
                "schema": { "type": "string" } }),
            ),
            [
                (limit, None),
                (
                    "/paths/~1pets/get/security",
                    Some(json!([{ "Authorization": [] }])),
                ),
                (
                    "/components/securitySchemes/Authorization",
                    Some(json!({ "type": "apiKey", "in": "header", "name": "Authorization" })),
                ),
            ],
        ),
        row(
            "a body as a parameter",
            &["unknown-location"],
            [
                ("/paths/~1pets/post/requestBody", None),
                (
                    "/paths/~1pets/post/parameters",
                    Some(json!([{ "name": "pet", "in": "body", "required": true,
                        "schema": { "$ref": "#/components/schemas/Pet" } }])),
                ),
            ],
            [],
        ),
        row(
            "a place that there is not",
            &["unknown-location"],
            at("/paths/~1pets/get/parameters/0/in", json!("querry")),
            [(limit, None)],
        ),
        row(
            "a required parameter that cannot be sent",
            &["invalid-name"],
            at(
                limit,
                json!({ "name": "a b", "in": "header", "required": true, "schema": { "type": "string" } }),
            ),
            [(LIST, None)],
        ),
        row(
            "the same operationId twice",
            &["duplicate-operation-id"],
            at("/paths/~1pets~1{petId}/get/operationId", json!("listPets")),
            [("/paths/~1pets~1{petId}/get/operationId", None)],
        ),
        row(
            "a status that there is not",
            &["invalid-status-code"],
            at(
                "/paths/~1pets/get/responses/2OO",
                json!({ "description": "?" }),
            ),
            [],
        ),
        row(
            "a path without a slash",
            &["invalid-path"],
            at(
                "/paths/owners",
                json!({ "get": { "responses": { "204": { "description": "Done" } } } }),
            ),
            at(
                "/paths/~1owners",
                json!({ "get": { "responses": { "204": { "description": "Done" } } } }),
            ),
        ),
        row(
            "a method that cannot be called",
            &["invalid-name"],
            at(
                "/paths/~1pets/fetch",
                json!({ "responses": { "204": { "description": "Done" } } }),
            ),
            [],
        ),
        row(
            "a list in the style of objects",
            &["invalid-style"],
            at(
                limit,
                json!({ "name": "expand", "in": "query", "style": "deepObject",
                "schema": { "type": "array", "items": { "type": "string" } } }),
            ),
            at(
                limit,
                json!({ "name": "expand", "in": "query", "style": "deepObject",
                "schema": { "type": "array", "items": { "type": "string" } } }),
            ),
        ),
        row(
            "an operation that is text",
            &["wrong-type"],
            at(READ, json!("read")),
            [(READ, None)],
        ),
    ]
}

fn whole() -> Vec<Row> {
    let at = |path: &'static str, value: Value| [(path, Some(value))];
    let no_info = json!({ "title": "", "version": "0.0.0" });
    vec![
        row(
            "no info",
            &["missing-field"],
            [("/info", None)],
            at("/info", no_info.clone()),
        ),
        row(
            "info that is text",
            &["wrong-type"],
            at("/info", json!("Pets")),
            at("/info", no_info),
        ),
        row(
            "no title",
            &["missing-field"],
            [("/info/title", None)],
            at("/info/title", json!("")),
        ),
        row(
            "a description that is a number in a list",
            &["wrong-type"],
            at("/info/description", json!([5])),
            [("/info/description", None)],
        ),
        row(
            "a tag without a name",
            &["missing-field"],
            at("/tags/1", json!({ "description": "?" })),
            [],
        ),
        row(
            "a tag's description that is no text",
            &["wrong-type"],
            at("/tags/0/description", json!({ "text": "Pets" })),
            [("/tags/0/description", None)],
        ),
        row(
            "a server that is text",
            &["wrong-type"],
            at("/servers", json!("https://example.com/v1")),
            [],
        ),
    ]
}

/// The document with these changes.
fn with(changes: &[Change]) -> String {
    let mut document = document();
    for (at, new) in changes {
        let (holder, key) = at.rsplit_once('/').expect("no root");
        let key = key.replace("~1", "/");
        match (document.pointer_mut(holder), new) {
            (Some(Value::Object(map)), Some(new)) => _ = map.insert(key, new.clone()),
            (Some(Value::Object(map)), None) => _ = map.shift_remove(&key),
            (Some(Value::Array(list)), new) => {
                let index: usize = key.parse().expect("an index");
                match new {
                    Some(new) if index < list.len() => list[index] = new.clone(),
                    Some(new) => list.push(new.clone()),
                    None => _ = list.remove(index),
                }
            }
            _ => panic!("{at}"),
        }
    }
    document.to_string()
}

fn generator(text: String) -> Generator {
    Generator::from_text("pets.json", text)
        .package("pets")
        .out_dir("../target/no-such-folder/pets")
}

/// The code of the crate: what is said about it in comments may differ.
fn code(text: String) -> Vec<(String, String)> {
    let files = generator(text).generate_files().expect("a crate");
    let files = files.iter().map(|file| {
        let lines = file.text.lines();
        let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
        (
            file.path.display().to_string(),
            lines.collect::<Vec<_>>().join("\n"),
        )
    });
    files.filter(|(path, _)| path != "README.md").collect()
}

#[test]
fn a_fault_costs_nothing_but_its_part() {
    let rows = [references(), schemas(), operations(), whole()];
    for row in rows.into_iter().flatten() {
        let Row {
            name,
            codes,
            fault,
            meant,
        } = row;
        let report = generator(with(&fault)).check();
        let report = report.unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = report.findings.list().iter();
        let contained: Vec<_> = found.filter(|found| found.is_contained()).collect();
        let found: Vec<&str> = contained.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(found, codes, "{name}");
        assert!(contained.iter().all(|found| {
            found
                .remedy
                .as_ref()
                .is_some_and(|remedy| !remedy.effect.is_empty())
        }));
        let (found, expected) = (code(with(&fault)), code(with(&meant)));
        for ((path, found), (_, expected)) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{name}: {path}");
        }
        assert_eq!(found.len(), expected.len(), "{name}");
        // Where the run is strict it is an error.
        let strict = generator(with(&fault)).strict(true).generate_files();
        let is_ignored = codes == ["header-ignored"];
        assert_eq!(strict.is_ok(), is_ignored, "{name}");
    }
}
