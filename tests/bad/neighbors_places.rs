//! Faults of paths and servers, and references to a schema in place of another object.

use serde_json::{Value, json};

use super::{Row, row};

fn at(path: &'static str, value: Value) -> [super::Change; 1] {
    [(path, Some(value))]
}

/// Returns the changes for another path of `GET /pets/{petId}`.
fn read_as(path: &'static str) -> Vec<super::Change> {
    let operation = super::document()["paths"]["/pets/{petId}"].clone();
    vec![("/paths/~1pets~1{petId}", None), (path, Some(operation))]
}

pub(super) fn paths() -> Vec<Row> {
    let servers =
        |url: &str| json!([{ "url": url, "variables": { "region": { "default": "eu" } } }]);
    let meant = servers("https://{region}.example.com");
    vec![
        row(
            "a path with a colon",
            &["invalid-path"],
            read_as("/paths/~1pets~1:petId"),
            [],
        ),
        row(
            "a path with a dollar sign",
            &["invalid-path"],
            read_as("/paths/~1pets~1${petId}"),
            [],
        ),
        row(
            "a path with doubled braces",
            &["invalid-path"],
            read_as("/paths/~1pets~1{{petId}}"),
            [],
        ),
        row(
            "a path with a space at its end",
            &["invalid-path"],
            read_as("/paths/~1pets~1{petId} "),
            [],
        ),
        row(
            "a server with spaces around its URL",
            &[],
            at("/servers", servers(" https://{region}.example.com ")),
            at("/servers", meant.clone()),
        ),
        row(
            "a server with a dollar sign",
            &[],
            at("/servers", servers("https://${region}.example.com")),
            at("/servers", meant),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn bodies() -> Vec<Row> {
    let owner = json!({ "$ref": "#/components/schemas/Owner" });
    let content = json!({ "application/json": { "schema": owner.clone() } });
    let media_type = "/paths/~1pets/get/responses/200/content/application~1json";
    let found = "/paths/~1pets/get/responses/404";
    let body = "/paths/~1pets/post/requestBody";
    let header = "/paths/~1pets/get/responses/200/headers/X-Total";
    let small = json!({ "$ref": "#/components/schemas/Small" });
    let parameter = "/paths/~1pets/get/parameters/0";
    vec![
        row(
            "a schema for a media type",
            &["wrong-reference"],
            at(media_type, owner.clone()),
            at(media_type, json!({ "schema": owner.clone() })),
        ),
        row(
            "a schema for a response",
            &["wrong-reference"],
            at(found, owner.clone()),
            at(
                found,
                json!({ "description": "", "content": content.clone() }),
            ),
        ),
        row(
            "a schema for a request body",
            &["wrong-reference"],
            at(body, owner),
            at(body, json!({ "content": content })),
        ),
        row(
            "a schema for a header",
            &["wrong-reference"],
            at(header, small.clone()),
            at(header, json!({ "schema": small })),
        ),
        row(
            "keywords of a schema on a media type",
            &[],
            at(
                media_type,
                json!({ "type": "array", "items": { "type": "string" } }),
            ),
            at(
                media_type,
                json!({ "schema": { "type": "array", "items": { "type": "string" } } }),
            ),
        ),
        row(
            "keywords of a schema beside the schema of a parameter",
            &[],
            at(
                parameter,
                json!({ "name": "limit", "in": "query", "enum": [1, 2], "schema": { "type": "integer" } }),
            ),
            at(
                parameter,
                json!({ "name": "limit", "in": "query", "schema": { "type": "integer", "enum": [1, 2] } }),
            ),
        ),
        row(
            "`enum` beside the schema of a list, of which it may be the items",
            &[],
            at(
                parameter,
                json!({ "name": "limit", "in": "query", "enum": ["a", "b"],
                    "schema": { "type": "array", "items": { "type": "string" } } }),
            ),
            at(
                parameter,
                json!({ "name": "limit", "in": "query",
                    "schema": { "type": "array", "items": { "type": "string" } } }),
            ),
        ),
    ]
}
