use serde_json::{Value, json};

use crate::Generator;
use crate::diagnostic::code;

/// Returns the stream of an operation with these extensions, body schema and response contents.
fn decided(
    extensions: &Value,
    body: &Value,
    content: &Value,
    schemas: &Value,
) -> (Value, Vec<String>) {
    let mut operation = json!({
        "responses": { "200": { "description": "d", "content": content } },
    });
    if !body.is_null() {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": body } } });
    }
    for (name, value) in extensions.as_object().into_iter().flatten() {
        operation[name] = value.clone();
    }
    let mut components =
        json!({ "Chunk": { "type": "object", "properties": { "n": { "type": "integer" } } } });
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        components[name] = schema.clone();
    }
    let document = json!({
        "openapi": "3.2.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "post": operation } },
        "components": { "schemas": components },
    });
    let listed = Generator::from_text("t.json", document.to_string()).list();
    let (operations, findings) = listed.unwrap_or_else(|error| panic!("{document}\n{error}"));
    let stream = operations.first().expect("an operation").to_json()["stream"].clone();
    let findings = findings.list().iter();
    let findings = findings.filter(|found| found.code == code::UNKNOWN_STREAM);
    (
        stream,
        findings.map(|found| found.message.clone()).collect(),
    )
}

/// Media type, switch, kind of item, terminator and extension on a line.
fn line(stream: &Value) -> String {
    if stream.is_null() {
        return "none".to_owned();
    }
    let text = |key: &str| stream[key].as_str().unwrap_or("-").to_owned();
    let keys = [
        "mediaType",
        "switch",
        "item",
        "terminator",
        "decidedBy",
        "generated",
    ];
    keys.map(text).join(" ")
}

fn events(media_type: &Value) -> Value {
    json!({ "text/event-stream": media_type })
}

fn chunk() -> Value {
    json!({ "$ref": "#/components/schemas/Chunk" })
}

fn switch() -> Value {
    json!({ "type": "object", "properties": { "stream": { "type": "boolean" } } })
}

#[test]
fn a_media_type_that_is_a_sequence_decides() {
    let none = json!({});
    let cases = [
        (events(&json!({})), "text/event-stream - raw - - stream"),
        (
            events(&json!({ "schema": { "type": "string" } })),
            "text/event-stream - raw - - stream",
        ),
        (
            events(&json!({ "schema": chunk() })),
            "text/event-stream - json - - stream",
        ),
        (
            events(&json!({ "schema": { "type": "array", "items": chunk() } })),
            "text/event-stream - json - - stream",
        ),
        (
            events(
                &json!({ "schema": { "type": "object", "properties": { "data": chunk(), "id": { "type": "string" } } } }),
            ),
            "text/event-stream - event - - stream",
        ),
        // Another property: it is the data.
        (
            events(
                &json!({ "schema": { "type": "object", "properties": { "data": chunk(), "n": {} } } }),
            ),
            "text/event-stream - json - - stream",
        ),
        (
            events(&json!({ "itemSchema": chunk() })),
            "text/event-stream - event - - stream",
        ),
        (
            json!({ "application/x-ndjson": { "schema": chunk() } }),
            "application/x-ndjson - json - - stream",
        ),
        (
            json!({ "application/jsonl": { "itemSchema": chunk() } }),
            "application/jsonl - json - - stream",
        ),
        (
            json!({ "application/json-seq": {} }),
            "application/json-seq - raw - - stream",
        ),
        (
            json!({ "application/geo+json-seq": { "itemSchema": chunk() } }),
            "application/geo+json-seq - json - - stream",
        ),
        (json!({ "application/json": { "schema": chunk() } }), "none"),
    ];
    for (content, expected) in cases {
        let (stream, _) = decided(&none, &Value::Null, &content, &none);
        assert_eq!(line(&stream), expected, "{content}");
    }
}

#[test]
fn a_boolean_in_the_body_selects_the_stream() {
    let none = json!({});
    let both = json!({ "application/json": { "schema": chunk() }, "text/event-stream": { "schema": chunk() } });
    let (stream, _) = decided(&none, &switch(), &both, &none);
    assert_eq!(line(&stream), "text/event-stream stream json - - stream");
    let text = json!({ "type": "object", "properties": { "stream": { "type": "string" } } });
    let (stream, _) = decided(&none, &text, &both, &none);
    assert_eq!(line(&stream), "text/event-stream - json - - stream");
    // The document does not describe the events.
    let only = json!({ "application/json": { "schema": chunk() } });
    let (stream, _) = decided(&none, &switch(), &only, &none);
    assert_eq!(line(&stream), "- stream - - - -");
    let overlay = stream["overlay"].as_str().expect("an overlay");
    assert!(overlay.contains("$.paths['/things'].post") && overlay.contains("x-streaming"));
}

#[test]
fn an_extension_decides_first() {
    let only = json!({ "application/json": { "schema": chunk() } });
    let both = json!({ "application/json": {}, "text/event-stream": { "schema": chunk() } });
    let named = json!({ "type": "object", "properties": { "live": { "type": "boolean" } } });
    let fern = json!({
        "format": "sse",
        "terminator": "[DONE]",
        "stream-condition": "$request.live",
        "response-stream": chunk(),
    });
    let cases = [
        (
            json!({ "x-streaming": { "schema": chunk() } }),
            &only,
            "text/event-stream - json - x-streaming stream",
        ),
        (
            json!({ "x-streaming": { "schema": "#/components/schemas/Chunk", "terminator": "END", "switch": "live" } }),
            &only,
            "text/event-stream live json END x-streaming stream",
        ),
        (
            json!({ "x-fern-streaming": fern }),
            &only,
            "text/event-stream live json [DONE] x-fern-streaming stream",
        ),
        (
            json!({ "x-fern-streaming": true }),
            &both,
            "text/event-stream - json - x-fern-streaming stream",
        ),
        (json!({ "x-streaming": false }), &both, "none"),
        (
            json!({ "x-streaming": { "schema": chunk(), "switch": "none" } }),
            &only,
            "text/event-stream none json - x-streaming -",
        ),
    ];
    for (extensions, content, expected) in cases {
        let (stream, findings) = decided(&extensions, &named, content, &json!({}));
        assert_eq!(line(&stream), expected, "{extensions}");
        assert!(findings.is_empty(), "{findings:?}");
    }
}

#[test]
fn an_extension_without_a_schema_is_a_warning() {
    let only = json!({ "application/json": {} });
    for (extension, message) in [
        (
            json!({ "schema": { "$ref": "#/components/schemas/None" } }),
            "there is no schema `#/components/schemas/None`",
        ),
        (
            json!({ "schema": { "type": "object" } }),
            "it is not a reference",
        ),
        (
            json!({ "terminator": "END" }),
            "it does not say what an item is",
        ),
        (json!(true), "it does not say what an item is"),
        (json!("yes"), "it does not say what an item is"),
    ] {
        let extensions = json!({ "x-streaming": extension });
        let (stream, findings) = decided(&extensions, &Value::Null, &only, &json!({}));
        assert_eq!(line(&stream), "none");
        assert_eq!(findings, [message]);
    }
}

/// Each schema is looked at once, however many ways lead to it.
#[test]
fn a_union_that_leads_back_to_itself_ends() {
    let mut schemas = json!({});
    for level in 0..40 {
        let next = json!({ "$ref": format!("#/components/schemas/Level{}", (level + 1) % 40) });
        schemas[format!("Level{level}")] = json!({ "anyOf": [next, next, next, chunk()] });
    }
    let content = events(&json!({ "schema": { "$ref": "#/components/schemas/Level0" } }));
    let (stream, _) = decided(&json!({}), &Value::Null, &content, &schemas);
    assert!(!stream.is_null());
}
