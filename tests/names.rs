//! Names do not change when something unrelated is added to a document (wire rule 24).

mod parallel;

use std::fs;
use std::path::{Path, PathBuf};

use generator::Generator;
use generator::diagnostic::Diagnostics;
use generator::source::Sources;
use serde_json::{Map, Value, json};

/// Returns the documents of `tests/features`.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut queue = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/features")];
    while let Some(folder) = queue.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                queue.push(path);
            } else if path.ends_with("openapi.yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Value {
    let text = fs::read(path).expect("the file can be read");
    let mut diagnostics = Diagnostics::default();
    let read = Sources::new().read_text("openapi.yaml", text, &mut diagnostics);
    read.expect("it is YAML").1
}

/// Returns the object with an additional first or last entry.
fn with(object: &Value, name: &str, value: Value, first: bool) -> Value {
    let own = object.as_object().cloned().unwrap_or_default();
    let mut all = Map::new();
    if first {
        all.insert(name.to_owned(), value.clone());
    }
    all.extend(own);
    all.entry(name).or_insert(value);
    Value::Object(all)
}

/// Returns a document with an additional, unrelated schema and operation that reuse names of nested
/// items with other contents.
fn grown(document: &Value, first: bool) -> Value {
    let mut grown = document.clone();
    let schema = json!({
        "type": "object",
        "required": ["kind", "inner"],
        "properties": {
            "kind": { "type": "string", "enum": ["near", "far"] },
            "inner": { "type": "object", "properties": { "neighbour": { "type": "string" } } },
            "items": { "type": "array", "items": { "type": "object", "properties": { "neighbour": { "type": "string" } } } },
            "choice": { "description": "Of a neighbour", "oneOf": [{ "type": "string" }, { "type": "integer" }] },
        },
    });
    let operation = json!({
        "get": {
            "operationId": "getNeighbour",
            "tags": ["neighbours"],
            "parameters": [
                { "name": "kind", "in": "query", "schema": { "type": "string", "enum": ["near", "far"] } },
            ],
            "responses": {
                "200": {
                    "description": "Something else",
                    "content": {
                        "application/json": {
                            "schema": { "type": "object", "properties": { "neighbour": { "type": "string" } } },
                        },
                    },
                },
            },
        },
    });
    grown["paths"] = with(&document["paths"], "/neighbours", operation, first);
    let components = with(&document["components"], "schemas", json!({}), false);
    grown["components"] = components;
    let schemas = &document["components"]["schemas"];
    grown["components"]["schemas"] = with(schemas, "Neighbour", schema, first);
    grown
}

/// Returns the lines of the generated types, codecs and operations, without imports.
fn lines(document: &Value) -> Vec<(PathBuf, Vec<String>)> {
    let files = Generator::from_text("openapi.json", document.to_string())
        .package("names")
        .generate_files();
    let files = files.unwrap_or_else(|error| panic!("{error}"));
    let code = files.iter().filter(|file| {
        let name = file.path.to_string_lossy();
        ["src/types", "src/codec", "src/operations", "src/client"]
            .iter()
            .any(|start| name.starts_with(start))
    });
    code.map(|file| (file.path.to_owned(), without_imports(file.text)))
        .collect()
}

fn without_imports(text: &str) -> Vec<String> {
    let mut kept = Vec::new();
    let mut imports = false;
    for line in text.lines() {
        imports |= line.trim_start().starts_with("use ");
        if !imports && !line.trim().is_empty() {
            kept.push(line.to_owned());
        }
        imports &= !line.ends_with(';');
    }
    kept
}

/// Returns the first line that the other text lacks, in order.
fn missing<'a>(before: &'a [String], after: &[String]) -> Option<&'a str> {
    let mut rest = after.iter();
    before
        .iter()
        .find(|line| !rest.any(|other| other == *line))
        .map(String::as_str)
}

#[test]
fn unrelated_additions_rename_nothing() {
    parallel::map(&documents(), |path| {
        // References to neighboring files cannot be resolved from a text.
        if path.with_file_name("schemas").exists() {
            return;
        }
        let document = read(path);
        let before = lines(&document);
        for first in [true, false] {
            let after = lines(&grown(&document, first));
            for (name, before) in &before {
                let same = after.iter().find(|(other, _)| other == name);
                let after = same.map(|(_, lines)| lines.as_slice()).unwrap_or_default();
                assert_eq!(
                    missing(before, after),
                    None,
                    "{}: {} has changed with a neighbour that comes {}",
                    path.display(),
                    name.display(),
                    if first { "first" } else { "last" }
                );
            }
        }
    });
}

#[test]
fn a_name_that_is_taken_is_seen_to_change() {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Taken", "version": "1" },
        "components": { "schemas": { "neighbour": { "type": "object" } } },
    });
    let before = lines(&document);
    let after = lines(&grown(&document, true));
    let types = |files: &[(PathBuf, Vec<String>)]| {
        let file = files.iter().find(|(path, _)| path.ends_with("types.rs"));
        file.expect("there are types").1.clone()
    };
    assert!(missing(&types(&before), &types(&after)).is_some());
}
