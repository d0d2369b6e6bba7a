//! Faults of references and of schemas.

use serde_json::{Value, json};

use super::{Row, row};

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn references() -> Vec<Row> {
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

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn schemas() -> Vec<Row> {
    let at = |path: &'static str, value: Value| [(path, Some(value))];
    let age = "/components/schemas/Pet/properties/age";
    let cat = "/components/schemas/Cat/allOf/1";
    let owner = "/components/schemas/Owner";
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
            "a pattern that is not a regular expression",
            &["invalid-pattern"],
            at(
                "/components/schemas/Pet/properties/name/pattern",
                json!("[a-z"),
            ),
            [],
        ),
        row(
            "a pattern of names that is not a regular expression",
            &["invalid-pattern"],
            at(
                owner,
                json!({ "type": "object", "properties": { "name": { "type": "string" } },
                "patternProperties": { "*-id": { "type": "integer" } }, "additionalProperties": false }),
            ),
            at(
                owner,
                json!({ "type": "object", "properties": { "name": { "type": "string" } },
                "patternProperties": { ".*": { "type": "integer" } }, "additionalProperties": false }),
            ),
        ),
        row(
            "patterns of names that are not regular expressions",
            &["invalid-pattern"],
            at(
                owner,
                json!({ "patternProperties": { "*-id": { "type": "integer" },
                    "^x-": { "type": "boolean" }, "(?i)a": { "type": "string" } } }),
            ),
            at(
                owner,
                json!({ "patternProperties": { ".*": { "type": "integer" },
                    "^x-": { "type": "boolean" }, "(.*){1}": { "type": "string" } } }),
            ),
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

pub(super) fn types() -> Vec<Row> {
    let at = |path: &'static str, value: Value| [(path, Some(value))];
    let age = "/components/schemas/Pet/properties/age";
    let owner = json!({ "$ref": "#/components/schemas/Owner" });
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let several = json!({ "type": ["string", "null"] });
    let animal = "/components/schemas/Pet/properties/owner";
    vec![
        row(
            "a type with brackets",
            &["unknown-type"],
            at(age, json!({ "type": "string[]" })),
            at(age, list),
        ),
        row(
            "types with a line between them",
            &["unknown-type"],
            at(age, json!({ "type": "string | null" })),
            at(age, several),
        ),
        row(
            "the name of a schema for a type",
            &["unknown-type"],
            at(age, json!({ "type": "Owner", "description": "An owner" })),
            at(age, owner.clone()),
        ),
        row(
            "a reference for a type",
            &["wrong-type"],
            at(age, json!({ "type": owner.clone() })),
            at(age, owner.clone()),
        ),
        row(
            "`null` among the branches of a union",
            &[],
            at(animal, json!({ "oneOf": [owner.clone(), null] })),
            at(animal, json!({ "oneOf": [owner, { "type": "null" }] })),
        ),
        row(
            "a list for `not`",
            &["not-a-schema"],
            at(age, json!({ "type": "integer", "not": [{ "minimum": 5 }] })),
            at(age, json!({ "type": "integer" })),
        ),
        row(
            "a reference to nothing in `not`",
            &["unresolved-reference"],
            at(
                age,
                json!({ "type": "integer", "not": { "$ref": "#/components/schemas/Nobody" } }),
            ),
            at(age, json!({ "type": "integer" })),
        ),
    ]
}
