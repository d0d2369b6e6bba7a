//! Faults of operations and of the objects that contain them.

use serde_json::{Value, json};

use super::{LIST, READ, Row, row};

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn operations() -> Vec<Row> {
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
            "a list of lists in a query",
            &["no-form"],
            at(
                limit,
                json!({ "name": "grid", "in": "query", "schema": {
                    "type": "array", "items": { "type": "array", "items": { "type": "string" } }
                } }),
            ),
            [(limit, None)],
        ),
        row(
            "a media type that is there twice but for a space",
            &["invalid-media-type"],
            at(
                "/paths/~1pets/get/responses/200/content/application~1json ",
                json!({ "schema": { "type": "string" } }),
            ),
            [],
        ),
        row(
            "an operation that is text",
            &["wrong-type"],
            at(READ, json!("read")),
            [(READ, None)],
        ),
    ]
}

pub(super) fn whole() -> Vec<Row> {
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
