//! The fields of all objects except schemas.

use serde_json::{Value, json};

use crate::{In, Nowhere, Reported, Row, Table};

/// Returns a document with additional fields at its root.
fn root(fields: Value) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": "A document", "version": "1" },
        "paths": {
            "/things/{id}": {
                "get": {
                    "operationId": "getThing",
                    "parameters": [id()],
                    "responses": { "200": { "description": "A thing", "content": json_content() } },
                },
            },
        },
        "components": {
            "schemas": { "Thing": { "type": "object", "properties": { "a": { "type": "string" } } } },
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Key" } },
        },
    });
    merge(&mut document, fields);
    document
}

fn merge(into: &mut Value, fields: Value) {
    match (into, fields) {
        (Value::Object(into), Value::Object(fields)) => {
            for (name, value) in fields {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, value) => *into = value,
    }
}

fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } })
}

fn thing() -> Value {
    json!({ "$ref": "#/components/schemas/Thing" })
}

fn json_content() -> Value {
    json!({ "application/json": { "schema": thing() } })
}

fn item(item: Value) -> Value {
    root(json!({ "paths": { "/things/{id}": item } }))
}

fn operation(operation: Value) -> Value {
    item(json!({ "get": operation }))
}

fn posting(operation: Value) -> Value {
    item(json!({ "post": operation }))
}

fn parameter(parameter: Value) -> Value {
    operation(json!({ "parameters": [id(), parameter] }))
}

fn response(response: Value) -> Value {
    operation(json!({ "responses": { "200": response } }))
}

fn header(header: Value) -> Value {
    response(json!({ "headers": { "X-Rate": header } }))
}

fn body(body: Value) -> Value {
    posting(json!({
        "operationId": "postThing",
        "parameters": [id()],
        "responses": { "204": { "description": "Done" } },
        "requestBody": body,
    }))
}

fn media_type(media_type: Value) -> Value {
    body(json!({ "required": true, "content": { "application/json": media_type } }))
}

fn encoding(encoding: Value) -> Value {
    let schema = json!({
        "type": "object",
        "required": ["part"],
        "properties": { "part": { "type": "array", "items": { "type": "string" } } },
    });
    let content = json!({
        "application/x-www-form-urlencoded": { "schema": schema, "encoding": { "part": encoding } },
        "multipart/form-data": { "schema": schema, "encoding": { "part": encoding } },
    });
    body(json!({ "required": true, "content": content }))
}

fn scheme(scheme: Value) -> Value {
    let mut document = root(json!({ "security": [{ "key": [] }] }));
    document["components"]["securitySchemes"]["key"] = scheme;
    document
}

fn server(server: Value) -> Value {
    root(json!({ "servers": [server] }))
}

fn link(link: Value) -> Value {
    response(json!({ "links": { "again": link } }))
}

fn callback(callback: Value) -> Value {
    operation(json!({ "callbacks": { "onChange": callback } }))
}

fn example(example: Value) -> Value {
    media_type(json!({ "schema": thing(), "examples": { "one": example } }))
}

const fn table(
    object: &'static str,
    document: fn(Value) -> Value,
    keywords: &'static [&'static str],
    rows: Vec<Row>,
) -> Table {
    Table {
        object,
        document,
        keywords,
        rows,
    }
}

/// Returns the row for a field that is added to an object.
fn added(base: &Value, field: &'static str, value: Value, shows: crate::Shows) -> Row {
    let mut with = base.clone();
    with[field] = value;
    (field, base.clone(), with, shows)
}

#[expect(clippy::too_many_lines, reason = "a list of tables")]
pub fn tables() -> Vec<Table> {
    let code = In("src/operations");
    let none = json!({});
    let query = json!({ "name": "q", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } });
    let plain_header = json!({ "schema": { "type": "array", "items": { "type": "string" } } });
    let done = json!({ "description": "Done" });
    let responses = json!({ "200": done });
    let bearer = json!({ "type": "http", "scheme": "bearer" });
    let server_url = json!({ "url": "https://example.com" });
    let variables =
        json!({ "url": "https://{v}.example.com", "variables": { "v": { "default": "a" } } });
    let variable = |variable: Value| json!({ "url": "https://{v}.example.com", "variables": { "v": variable } });
    let pick = json!({ "operationId": "getThing" });
    vec![
        table(
            "OpenAPI",
            root,
            &[
                "openapi",
                "info",
                "jsonSchemaDialect",
                "servers",
                "paths",
                "webhooks",
                "components",
                "security",
                "tags",
                "externalDocs",
            ],
            vec![
                (
                    "openapi",
                    none.clone(),
                    json!({ "openapi": "4.0.0" }),
                    Reported("unsupported-version"),
                ),
                (
                    "info",
                    none.clone(),
                    json!({ "info": { "title": "Another" } }),
                    In("src/lib.rs"),
                ),
                (
                    "jsonSchemaDialect",
                    none.clone(),
                    json!({ "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base" }),
                    Nowhere("it is the dialect that is read anyway"),
                ),
                (
                    "servers",
                    none.clone(),
                    json!({ "servers": [{ "url": "https://example.com" }] }),
                    In("src/client.rs"),
                ),
                (
                    "paths",
                    none.clone(),
                    json!({ "paths": { "/": { "get": { "operationId": "root", "responses": responses } } } }),
                    code,
                ),
                (
                    "webhooks",
                    none.clone(),
                    json!({ "webhooks": { "changed": { "post": {
                        "requestBody": { "content": { "application/json": { "schema": { "type": "object", "properties": { "b": { "type": "string" } } } } } },
                        "responses": responses,
                    } } } }),
                    In("src/"),
                ),
                (
                    "components",
                    none.clone(),
                    json!({ "components": { "schemas": { "More": { "type": "string" } } } }),
                    In("src/types.rs"),
                ),
                (
                    "security",
                    none.clone(),
                    json!({ "security": [{ "key": [] }] }),
                    code,
                ),
                (
                    "tags",
                    none.clone(),
                    json!({ "tags": [{ "name": "a", "description": "b" }], "paths": { "/things/{id}": { "get": { "tags": ["a"] } } } }),
                    code,
                ),
                (
                    "externalDocs",
                    none.clone(),
                    json!({ "externalDocs": { "url": "https://example.com" } }),
                    In("src/lib.rs"),
                ),
            ],
        ),
        table(
            "Info",
            |info| root(json!({ "info": info })),
            &[
                "title",
                "summary",
                "description",
                "termsOfService",
                "contact",
                "license",
                "version",
            ],
            vec![
                added(&none, "title", json!("Another"), In("src/lib.rs")),
                added(&none, "summary", json!("In short"), In("src/lib.rs")),
                added(&none, "description", json!("At length"), In("src/lib.rs")),
                added(
                    &none,
                    "termsOfService",
                    json!("https://example.com/terms"),
                    In("src/lib.rs"),
                ),
                added(
                    &none,
                    "contact",
                    json!({ "name": "Somebody" }),
                    In("src/lib.rs"),
                ),
                added(
                    &none,
                    "contact",
                    json!({ "email": "a@example.com" }),
                    In("src/lib.rs"),
                ),
                added(
                    &none,
                    "contact",
                    json!({ "url": "https://example.com" }),
                    In("src/lib.rs"),
                ),
                added(&none, "license", json!({ "name": "MIT" }), In("src/lib.rs")),
                added(
                    &none,
                    "license",
                    json!({ "name": "MIT", "identifier": "MIT" }),
                    In("Cargo.toml"),
                ),
                added(
                    &none,
                    "license",
                    json!({ "name": "MIT", "url": "https://example.com" }),
                    In("src/lib.rs"),
                ),
                added(&none, "version", json!("2.3.4"), In("Cargo.toml")),
            ],
        ),
        table(
            "Path Item",
            item,
            &[
                "$ref",
                "summary",
                "description",
                "get",
                "put",
                "post",
                "delete",
                "options",
                "head",
                "patch",
                "trace",
                "servers",
                "parameters",
            ],
            {
                let mut rows = vec![
                    added(
                        &none,
                        "$ref",
                        json!("#/paths/~1nowhere"),
                        Reported("unresolved-reference"),
                    ),
                    added(&none, "summary", json!("In short"), code),
                    added(&none, "description", json!("At length"), code),
                    added(
                        &none,
                        "servers",
                        json!([{ "url": "https://other.example.com" }]),
                        code,
                    ),
                    added(
                        &none,
                        "parameters",
                        json!([{ "name": "q", "in": "query", "schema": { "type": "string" } }]),
                        code,
                    ),
                    (
                        "get",
                        none.clone(),
                        json!({ "get": { "operationId": "another" } }),
                        code,
                    ),
                ];
                for method in ["put", "post", "delete", "options", "head", "patch", "trace"] {
                    let operation = json!({ "operationId": method, "parameters": [id()], "responses": responses });
                    rows.push(added(&none, method, operation, code));
                }
                rows
            },
        ),
        table(
            "Operation",
            operation,
            &[
                "tags",
                "summary",
                "description",
                "externalDocs",
                "operationId",
                "parameters",
                "requestBody",
                "responses",
                "callbacks",
                "deprecated",
                "security",
                "servers",
            ],
            vec![
                added(&none, "tags", json!(["a"]), code),
                (
                    "tags",
                    json!({ "tags": ["a"] }),
                    json!({ "tags": ["a", "b"] }),
                    In("src/"),
                ),
                added(&none, "summary", json!("In short"), code),
                added(&none, "description", json!("At length"), code),
                added(
                    &none,
                    "externalDocs",
                    json!({ "url": "https://example.com" }),
                    code,
                ),
                added(&none, "operationId", json!("another"), code),
                added(&none, "parameters", json!([id(), query]), code),
                added(
                    &none,
                    "requestBody",
                    json!({ "content": json_content() }),
                    code,
                ),
                added(&none, "responses", json!({ "404": done }), code),
                added(
                    &none,
                    "callbacks",
                    json!({ "onChange": { "{$request.query.url}": { "post": {
                    "requestBody": { "content": { "application/json": { "schema": { "type": "object", "properties": { "b": { "type": "string" } } } } } },
                    "responses": responses,
                } } } }),
                    In("src/"),
                ),
                added(&none, "deprecated", json!(true), code),
                added(&none, "security", json!([{ "key": [] }]), code),
                added(
                    &none,
                    "servers",
                    json!([{ "url": "https://other.example.com" }]),
                    code,
                ),
            ],
        ),
        table(
            "Parameter",
            parameter,
            &[
                "name",
                "in",
                "description",
                "required",
                "deprecated",
                "allowEmptyValue",
                "style",
                "explode",
                "allowReserved",
                "schema",
                "example",
                "examples",
                "content",
            ],
            {
                let needed = json!({ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } });
                vec![
                    added(&query, "name", json!("p"), code),
                    added(&query, "in", json!("header"), code),
                    added(&query, "in", json!("cookie"), code),
                    added(&query, "description", json!("Words"), code),
                    added(&query, "required", json!(true), code),
                    added(&query, "deprecated", json!(true), code),
                    added(&query, "allowEmptyValue", json!(true), In("src/")),
                    added(&query, "style", json!("pipeDelimited"), code),
                    added(&query, "explode", json!(false), code),
                    added(&query, "allowReserved", json!(true), code),
                    added(&query, "schema", json!({ "type": "integer" }), code),
                    added(&needed, "example", json!("sample"), code),
                    added(
                        &needed,
                        "examples",
                        json!({ "one": { "value": "sample" } }),
                        code,
                    ),
                    (
                        "content",
                        query.clone(),
                        json!({ "name": "q", "in": "query", "content": json_content() }),
                        code,
                    ),
                ]
            },
        ),
        table(
            "Request Body",
            body,
            &["description", "content", "required"],
            {
                let base = json!({ "content": json_content() });
                vec![
                    added(&base, "description", json!("Words"), code),
                    added(
                        &base,
                        "content",
                        json!({ "text/plain": { "schema": { "type": "string" } } }),
                        code,
                    ),
                    added(&base, "required", json!(true), code),
                ]
            },
        ),
        table(
            "Response",
            response,
            &["description", "headers", "content", "links"],
            vec![
                added(&none, "description", json!("Something"), code),
                added(&none, "headers", json!({ "X-Rate": plain_header }), code),
                added(
                    &none,
                    "content",
                    json!({ "text/plain": { "schema": { "type": "string" } } }),
                    code,
                ),
                added(&none, "links", json!({ "again": pick }), code),
            ],
        ),
        table(
            "Header",
            header,
            &[
                "description",
                "required",
                "deprecated",
                "style",
                "explode",
                "schema",
                "example",
                "examples",
                "content",
            ],
            vec![
                added(&plain_header, "description", json!("Words"), code),
                added(&plain_header, "required", json!(true), code),
                added(&plain_header, "deprecated", json!(true), code),
                added(
                    &plain_header,
                    "style",
                    json!("simple"),
                    Nowhere("it is the only style of a header, and the default"),
                ),
                added(
                    &plain_header,
                    "style",
                    json!("form"),
                    Reported("invalid-style"),
                ),
                (
                    "explode",
                    json!({ "schema": thing() }),
                    json!({ "schema": thing(), "explode": true }),
                    Nowhere("an object in a header is given as its text, whichever form that has"),
                ),
                added(&plain_header, "schema", json!({ "type": "integer" }), code),
                added(&plain_header, "example", json!(["a"]), In("tests/")),
                added(
                    &plain_header,
                    "examples",
                    json!({ "one": { "value": ["a"] } }),
                    In("tests/"),
                ),
                (
                    "content",
                    plain_header.clone(),
                    json!({ "content": json_content() }),
                    In("src/"),
                ),
            ],
        ),
        table(
            "Media Type",
            media_type,
            &["schema", "example", "examples", "encoding"],
            {
                let base = json!({ "schema": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } } });
                vec![
                    added(&base, "schema", json!({ "type": "string" }), code),
                    added(&base, "example", json!({ "a": "sample" }), code),
                    added(
                        &base,
                        "examples",
                        json!({ "one": { "value": { "a": "sample" } } }),
                        code,
                    ),
                    added(
                        &base,
                        "encoding",
                        json!({ "a": { "contentType": "text/plain" } }),
                        Reported("ignored-keyword"),
                    ),
                ]
            },
        ),
        table(
            "Encoding",
            encoding,
            &[
                "contentType",
                "headers",
                "style",
                "explode",
                "allowReserved",
            ],
            vec![
                added(&none, "contentType", json!("text/csv"), code),
                added(
                    &none,
                    "headers",
                    json!({ "X-Part": { "schema": { "type": "string" } } }),
                    Reported("part-header-ignored"),
                ),
                added(&none, "style", json!("pipeDelimited"), code),
                added(&none, "explode", json!(false), code),
                added(&none, "allowReserved", json!(true), code),
            ],
        ),
        table(
            "Security Scheme",
            scheme,
            &[
                "type",
                "description",
                "name",
                "in",
                "scheme",
                "bearerFormat",
                "flows",
                "openIdConnectUrl",
            ],
            {
                let key = json!({ "type": "apiKey", "in": "header", "name": "X-Key" });
                vec![
                    ("type", key.clone(), bearer.clone(), In("src/client.rs")),
                    (
                        "type",
                        key.clone(),
                        json!({ "type": "mutualTLS" }),
                        In("src/client.rs"),
                    ),
                    added(&key, "description", json!("Words"), In("src/client.rs")),
                    added(&key, "name", json!("X-Other"), In("src/client.rs")),
                    added(&key, "in", json!("query"), In("src/client.rs")),
                    added(&bearer, "scheme", json!("basic"), In("src/client.rs")),
                    added(&bearer, "bearerFormat", json!("JWT"), In("src/client.rs")),
                    (
                        "flows",
                        json!({ "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": "https://example.com/a", "scopes": {} } } }),
                        json!({ "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": "https://example.com/b", "scopes": { "s": "S" } } } }),
                        In("src/client.rs"),
                    ),
                    (
                        "openIdConnectUrl",
                        json!({ "type": "openIdConnect", "openIdConnectUrl": "https://example.com/a" }),
                        json!({ "type": "openIdConnect", "openIdConnectUrl": "https://example.com/b" }),
                        In("src/client.rs"),
                    ),
                ]
            },
        ),
        table(
            "Server",
            server,
            &["url", "description", "variables"],
            vec![
                added(
                    &server_url,
                    "url",
                    json!("https://other.example.com"),
                    In("src/client.rs"),
                ),
                added(&server_url, "description", json!("Words"), In("src/")),
                ("variables", server_url.clone(), variables, In("src/")),
            ],
        ),
        table(
            "Server Variable",
            server,
            &["default", "enum", "description"],
            vec![
                (
                    "default",
                    variable(json!({ "default": "a" })),
                    variable(json!({ "default": "b" })),
                    In("src/"),
                ),
                (
                    "enum",
                    variable(json!({ "default": "a" })),
                    variable(json!({ "default": "a", "enum": ["a", "b"] })),
                    In("src/"),
                ),
                (
                    "description",
                    variable(json!({ "default": "a" })),
                    variable(json!({ "default": "a", "description": "Words" })),
                    In("src/"),
                ),
            ],
        ),
        table(
            "Link",
            link,
            &[
                "operationRef",
                "operationId",
                "parameters",
                "requestBody",
                "description",
                "server",
            ],
            vec![
                (
                    "operationRef",
                    pick.clone(),
                    json!({ "operationRef": "https://example.com/more.yaml#/paths/~1/get" }),
                    code,
                ),
                (
                    "operationId",
                    json!({ "operationRef": "https://example.com/more.yaml#/paths/~1/get" }),
                    pick.clone(),
                    code,
                ),
                added(
                    &pick,
                    "parameters",
                    json!({ "id": "$response.body#/id" }),
                    code,
                ),
                added(&pick, "requestBody", json!("$response.body"), code),
                added(&pick, "description", json!("Words"), code),
                added(
                    &pick,
                    "server",
                    json!({ "url": "https://other.example.com" }),
                    code,
                ),
            ],
        ),
        table(
            "Callback",
            callback,
            &["{expression}"],
            vec![(
                "{expression}",
                json!({ "{$request.query.a}": { "post": { "responses": responses } } }),
                json!({ "{$request.query.b}": { "post": { "responses": responses } } }),
                In("src/"),
            )],
        ),
        table(
            "Tag",
            |tag| {
                root(
                    json!({ "tags": [tag], "paths": { "/things/{id}": { "get": { "tags": ["a"] } } } }),
                )
            },
            &["name", "description", "externalDocs"],
            {
                let tag = json!({ "name": "a" });
                vec![
                    (
                        "name",
                        tag.clone(),
                        json!({ "name": "b", "description": "Of no operation" }),
                        In("src/"),
                    ),
                    added(&tag, "description", json!("Words"), code),
                    added(
                        &tag,
                        "externalDocs",
                        json!({ "url": "https://example.com" }),
                        code,
                    ),
                ]
            },
        ),
        table(
            "Example",
            example,
            &["summary", "description", "value", "externalValue"],
            {
                let base = json!({ "value": { "a": "one" } });
                vec![
                    added(&base, "summary", json!("In short"), In("tests/")),
                    added(&base, "description", json!("Words"), In("tests/")),
                    added(&base, "value", json!({ "a": "two" }), In("src/")),
                    (
                        "externalValue",
                        base.clone(),
                        json!({ "externalValue": "https://example.com/a.json" }),
                        In("src/"),
                    ),
                ]
            },
        ),
    ]
}
