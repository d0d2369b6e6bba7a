//! Documents with mistakes that have only one possible intention: the warning and the correction.

use serde_json::json;

use super::{normalized, schema_with_findings, with_schemas};

/// Asserts that a schema is corrected with exactly one warning, ignoring the location.
fn mended(written: &str, becomes: &serde_json::Value, warning: &str) {
    let (schema, found) = schema_with_findings(written);
    assert_eq!(schema, *becomes, "{written}");
    let [only] = found.as_slice() else {
        panic!("{written}: {found:?}");
    };
    assert!(only.starts_with("warning["), "{only}");
    let (_, text) = only.split_once(": ").expect("a message");
    assert_eq!(text, warning, "{written}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn corrects_mistakes_in_schemas() {
    for (written, becomes, warning) in [
        (
            "{type: string, required: true}",
            json!({ "type": "string" }),
            "`required: true` inside a schema has no effect | list the required properties by name",
        ),
        (
            "{type: array, items: null}",
            json!({ "type": "array" }),
            "`items` has no value and is ignored | give it a value or remove it",
        ),
        (
            "description: null",
            json!({}),
            "`description` has no value and is ignored | give it a value or remove it",
        ),
        (
            "properties: {a: null}",
            json!({ "properties": { "a": {} } }),
            "a schema has no value; it is read as `{}` | write `{}` if that is meant",
        ),
        (
            "properties: []",
            json!({ "properties": {} }),
            "`properties` has to be an object, not a list; it is read as `{}` | write `{}`",
        ),
        (
            "type: file",
            json!({ "type": "string", "format": "binary" }),
            "there is no type `file`; it is read as `type: string` with `format: binary` | write `type: string` with `format: binary`",
        ),
        (
            "type: null",
            json!({ "type": "null" }),
            "`type` has to be a string, not null; it is read as `\"null\"` | write `\"null\"`",
        ),
        (
            "required: [a, null]",
            json!({ "required": ["a"] }),
            "an entry of `required` has no value and is left out | give it a value or remove it",
        ),
        (
            "type: any",
            json!({}),
            "there is no type `any`; it is read as any JSON value | remove `type` if any value is allowed",
        ),
        (
            "type: float",
            json!({ "type": "number", "format": "float" }),
            "there is no type `float`; it is read as `type: number` with `format: float` | write `type: number` with `format: float`",
        ),
        (
            "type: String",
            json!({ "type": "string" }),
            "there is no type `String`; it is read as `type: string` | write `type: string`",
        ),
        (
            "{type: string, enum: []}",
            json!({ "type": "string" }),
            "`enum` has no values and is ignored | list the values, or remove it",
        ),
        (
            "oneOf: []",
            json!({}),
            "`oneOf` has no entries and is ignored | add entries or remove it",
        ),
        (
            "enum: [a, b, a]",
            json!({ "enum": ["a", "b"] }),
            "\"a\" is listed in `enum` twice | remove it | first written here: \
             /components/schemas/S/enum/0",
        ),
        (
            "required: [a, a]",
            json!({ "required": ["a"] }),
            "\"a\" is listed in `required` twice | remove it | first written here: \
             /components/schemas/S/required/0",
        ),
        (
            "required: a",
            json!({ "required": ["a"] }),
            "`required` has to be a list of strings, not a string; it is read as `[\"a\"]` | write `[\"a\"]`",
        ),
        (
            "{type: string, nullable: true}",
            json!({ "type": "string", "nullable": true }),
            "`nullable` does not exist in OpenAPI 3.1; it is read as in OpenAPI 3.0 | write `type: [.., \
             \"null\"]` | the document's version: /openapi",
        ),
        (
            "minLength: '3'",
            json!({ "minLength": 3 }),
            "`minLength` has to be a number, not a string; it is read as `3` | write `3`",
        ),
        (
            "minLength: -1",
            json!({}),
            "`minLength` is negative, so it has no effect | remove it",
        ),
        (
            "deprecated: 'true'",
            json!({ "deprecated": true }),
            "`deprecated` has to be a boolean, not a string; it is read as `true` | write `true`",
        ),
        (
            "title: 5",
            json!({ "title": "5" }),
            "`title` has to be a string, not a number; it is read as `\"5\"` | write `\"5\"`",
        ),
        (
            "discriminator: kind",
            json!({ "discriminator": { "propertyName": "kind" } }),
            "`discriminator` has to be an object, not a string; it is read as its `propertyName` | write `propertyName:` under it",
        ),
        (
            "examples: {a: {value: 1}, b: {value: 2}}",
            json!({ "examples": [1, 2] }),
            "`examples` has to be a list of values, not an object; it is read as `[1,2]` | write `[1,2]`",
        ),
        (
            "{type: string, maxLenght: 3}",
            json!({ "type": "string" }),
            "`maxLenght` is not a field of a schema and has no effect | did you mean `maxLength`?",
        ),
        (
            "{x-carried-const: 1}",
            json!({}),
            "the extension `x-carried-const` is ignored: `x-carried-` is reserved for the generator | rename it",
        ),
    ] {
        mended(written, &becomes, warning);
    }
}

#[test]
fn counts_repeated_warnings() {
    let (_, found) =
        schema_with_findings("properties: {a: {type: int}, b: {type: int}, c: {type: bool}}");
    assert_eq!(
        found,
        [
            "warning[coerced] /components/schemas/S/properties/a/type: there is no type `int`; it is read as \
             `type: integer` (and in 1 more place) | write `type: integer`",
            "warning[coerced] /components/schemas/S/properties/c/type: there is no type `bool`; it is read as \
             `type: boolean` | write `type: boolean`",
        ]
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a document and what it becomes")]
fn corrects_mistakes_in_other_objects() {
    let (normalized, found) = normalized(
        "
openapi: 3.0.0
info: {title: t, version: 1.5, license: {identifier: MIT}, contact: someone}
servers:
  - url: 'https://{host}'
    variables: {host: {enum: [a, 443]}}
tags: [pets]
paths:
  /a/{id}:
    get:
      tags: [1]
      parameters:
        - {name: id, in: Path, schema: {type: string}}
        - {name: q, in: query, type: string, maxLength: 3}
        - {name: e, in: query, schema: {}, examples: [1]}
      responses:
        2xx: null
        Default:
          headers:
            X-Rate: {type: integer}
            X-Text: {description: d}
          content:
            application/json: null
  /b:
    post:
      parameters: null
      security: {key: null}
      requestBody: {content: {a/b: {examples: {a: 5}}}}
components:
  securitySchemes:
    key: {type: apikey, in: Header, name: k}
    basic: {type: basic}
    flow: {type: oauth2, flows: {clientCredentials: {}}}
  responses:
    Linked: {description: d, links: {l: {}}}
",
    );
    assert_eq!(
        with_schemas(&normalized),
        json!({
            "openapi": "3.0.0",
            "info": {
                "title": "t",
                "version": "1.5",
                "license": { "name": "MIT", "x-carried-identifier": "MIT" },
                "contact": { "name": "someone" },
            },
            "servers": [{
                "url": "https://{host}",
                "variables": { "host": { "enum": ["a", "443"], "default": "a" } },
            }],
            "tags": [{ "name": "pets" }],
            "paths": {
                "/a/{id}": { "get": {
                    "tags": ["1"],
                    "parameters": [
                        { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                        { "name": "q", "in": "query", "schema": { "type": "string", "maxLength": 3 } },
                        { "name": "e", "in": "query", "schema": {}, "examples": { "0": { "value": 1 } } },
                    ],
                    "responses": {
                        "2XX": { "description": "" },
                        "default": {
                            "description": "",
                            "headers": {
                                "X-Rate": { "schema": { "type": "integer" } },
                                "X-Text": { "description": "d", "schema": { "type": "string" } },
                            },
                            "content": { "application/json": {} },
                        },
                    },
                } },
                "/b": { "post": {
                    "security": [{ "key": [] }],
                    "requestBody": { "content": { "a/b": { "examples": { "a": { "value": 5 } } } } },
                    "responses": {},
                } },
            },
            "components": {
                "securitySchemes": {
                    "key": { "type": "apiKey", "in": "header", "name": "k" },
                    "basic": { "type": "http", "scheme": "basic" },
                    "flow": {
                        "type": "oauth2",
                        "flows": { "clientCredentials": { "tokenUrl": "", "scopes": {} } },
                    },
                },
                "responses": {
                    "Linked": { "description": "d", "links": { "l": { "operationId": "" } } },
                },
            },
        })
    );
    let mut messages: Vec<&str> = found
        .iter()
        .filter_map(|line| line.strip_prefix("warning["))
        .filter_map(|line| Some(line.split_once(": ")?.1.split_once(" | ")?.0))
        .collect();
    messages.sort_unstable();
    assert_eq!(messages.len(), found.len(), "{found:#?}");
    assert_eq!(
        messages,
        [
            "`2xx` is not a key of responses; it is read as `2XX`",
            "`Default` is not a key of responses; it is read as `default`",
            "`a` has to be an object, not a number; it is read as its `value`",
            "`contact` has to be an object, not a string; it is read as its `name`",
            "`examples` has to be an object of named examples, not a list; it is read as `{\"0\":{\"value\":1}}`",
            "`in: Header` is not in lower case; it is read as `in: header`",
            "`in: Path` is not in lower case; it is read as `in: path`",
            "`parameters` has no value and is ignored",
            "`security` has to be a list, not an object; it is read as `[{\"key\":null}]`",
            "`type` is outside of `schema`; it is read as part of it (and in 1 more place)",
            "`version` has to be a string, not a number; it is read as `\"1.5\"`",
            "a header has neither `schema` nor `content`; its value is read as text",
            "a license has no `name`, and is read without one",
            "a link has neither `operationId` nor `operationRef` and has no effect",
            "a media type has no value; it is read as `{}`",
            "a response has no value; it is read as `{}`",
            "a server variable has no `default`; the first value of its `enum`, \"a\", is used",
            "an OAuth flow has no `scopes`; it is read as `scopes: {}`",
            "an OAuth flow has no `tokenUrl`, so the docs do not show one",
            "an entry of `enum` has to be a string, not a number; it is read as `\"443\"`",
            "an entry of `tags` has to be a string, not a number; it is read as `\"1\"`",
            "an entry of `tags` has to be an object, not a string; it is read as its `name`",
            "an operation has no `responses`, so every response is undocumented",
            "parameter `id` is in the path and is therefore required",
            "security schemes have no type `apikey`; it is read as `type: apiKey`",
            "security schemes have no type `basic`; it is read as `type: http` with `scheme: basic`",
            "the scopes of `key` have to be a list, not null; they are read as empty",
        ]
    );
}
