//! A fault only affects the part that contains it: a document with one fault results in the same
//! crate as the document with the effect that the warning states.

#[path = "neighbors_operations.rs"]
mod operations;
#[path = "neighbors_places.rs"]
mod places;
#[path = "neighbors_readings.rs"]
mod readings;
#[path = "neighbors_schemas.rs"]
mod schemas;

use generator::Generator;
use serde_json::{Value, json};

/// A change of the document: a pointer and the new value, or `None` to remove the node.
type Change = (&'static str, Option<Value>);

/// A fault, with the equivalent document.
struct Row {
    name: &'static str,
    /// The codes of the warnings.
    codes: &'static [&'static str],
    fault: Vec<Change>,
    meant: Vec<Change>,
}

#[expect(clippy::too_many_lines, reason = "one document")]
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

/// Returns the document with these changes.
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

/// Returns the code of the crate, without comments, which may differ.
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
fn a_fault_only_affects_its_part() {
    let rows = [
        schemas::references(),
        schemas::schemas(),
        operations::operations(),
        operations::whole(),
        readings::readings(),
        schemas::types(),
        places::paths(),
        places::bodies(),
        readings::parameters(),
        readings::lists_and_objects(),
        readings::examples(),
        readings::wrong_types(),
    ];
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
        // In strict mode it is an error, unless the specification ignores the value or it is
        // corrected in every run.
        let strict = generator(with(&fault)).strict(true).generate_files();
        let is_ignored = codes == ["header-ignored"] || codes == ["no-form"] || codes.is_empty();
        assert_eq!(strict.is_ok(), is_ignored, "{name}");
    }
}

#[test]
fn a_fault_has_the_number_of_affected_operations() {
    let mut document = document();
    document["components"]["schemas"]["Pet"]["properties"]["age"]["minimum"] = json!("few");
    let mut operation = document["paths"]["/pets"]["get"].clone();
    operation["parameters"] = json!([]);
    for number in 0..30 {
        operation["operationId"] = json!(format!("list{number}"));
        document["paths"][format!("/pets/all/{number}")] = json!({ "get": operation.clone() });
    }
    let report = generator(document.to_string()).check().expect("a crate");
    let faults = report.findings.faults();
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    // Includes the document's own operations: `GET /pets`, `POST /pets` and `GET /pets/{petId}`.
    assert_eq!((fault.affected.len(), fault.affected_count), (20, 33));
    let text = fault.to_string();
    assert!(text.ends_with(" and 13 more)"), "{text}");
    let lines: String = report.findings.json_lines().collect();
    assert!(lines.contains("\"affectedCount\":33"), "{lines}");
}
