//! Invalid documents with one fault each: the location and the help.

mod parameters;

use super::normalized;

/// Returns the findings for a document with an `info`.
fn faults(text: &str) -> Vec<String> {
    normalized(&format!("info: {{title: t, version: '1'}}\n{text}")).1
}

fn assert_faults(text: &str, expected: &[&str]) {
    assert_eq!(faults(text), expected, "{text}");
}

/// Returns a document with one operation, `GET /a`.
fn operation(text: &str) -> String {
    format!(
        "openapi: 3.0.0\npaths: {{/a: {{get: {{responses: {{'200': {{description: d}}}}, {text}}}}}}}"
    )
}

#[test]
fn refuses_other_versions() {
    for (text, expected) in [
        (
            "paths: {}",
            "error[missing-version] : the document has no `openapi` field | begin the document \
             with `openapi: 3.1.0`",
        ),
        (
            "OpenAPI: 3.1.0",
            "error[missing-version] @/OpenAPI: the document has no `openapi` field | write `openapi`",
        ),
        (
            "swagger: '2.0'",
            "error[unsupported-version] /swagger: Swagger 2.0 is not supported | convert the \
             document to OpenAPI 3.0 first, for example with swagger2openapi",
        ),
        (
            "openapi: 4.0.0",
            "error[unsupported-version] /openapi: OpenAPI `4.0.0` is not supported | write the \
             document in OpenAPI 3.0, 3.1 or 3.2",
        ),
        (
            "openapi: [3]",
            "error[wrong-type] /openapi: `openapi` has to be a string, not a list | write the version of the specification: `openapi: 3.1.0`",
        ),
        (
            "openapi: 3.0.3",
            "error[missing-field] : the document has no `paths` | add `paths: {}`, or write \
             `openapi: 3.1.0` if it has none",
        ),
        (
            "openapi: 3.1.0",
            "error[missing-field] : the document has none of `paths`, `components` and `webhooks` \
             | add `paths`",
        ),
    ] {
        assert_faults(text, &[expected]);
    }
    assert_eq!(
        normalized("[]").1,
        [
            "error[missing-version] : an OpenAPI document has to be an object, not a list | an OpenAPI document \
          begins with `openapi: 3.1.0`"
        ]
    );
}

#[test]
fn accepts_every_supported_version() {
    for version in ["3.0.0", "3.0.4", "3.1.1", "3.2.0", "3.1.0-rc1"] {
        assert_faults(&format!("openapi: {version}\npaths: {{}}"), &[]);
    }
    assert_faults("openapi: 3.1.0\ncomponents: {}", &[]);
    assert_faults("openapi: 3.1.0\nwebhooks: {}", &[]);
}

#[test]
fn requires_the_fields_of_the_specification() {
    assert_eq!(
        normalized("{openapi: 3.0.0, paths: {}}").1,
        [
            "error[missing-field] : an OpenAPI document has no `info` | add `info: { title: .., version: .. }`"
        ]
    );
    assert_eq!(
        normalized("{openapi: 3.0.0, paths: {}, info: {version: '1'}}").1,
        [
            "error[missing-field] @/info: an info object has no `title` | add `title`, the name of the API"
        ]
    );
    assert_faults(
        &operation("parameters: [{in: query, schema: {}}], requestBody: {}"),
        &[
            "error[missing-field] @/paths/~1a/get/parameters/0: a parameter has no `name` | add \
             `name`: the name that is sent",
            "error[missing-field] @/paths/~1a/get/requestBody: a request body has no `content` | add \
             `content`, such as `application/json: { schema: { type: object } }`",
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn refuses_other_types() {
    let at = "/components/schemas/S";
    for (schema, expected) in [
        (
            "properties: {a: text}",
            format!(
                "error[not-a-schema] {at}/properties/a: property `a` is neither an object nor a \
                 boolean, but a string | write `type: text` under it, or `$ref: \
                 '#/components/schemas/text'`"
            ),
        ),
        (
            "items: 5",
            format!(
                "error[not-a-schema] {at}/items: a schema is an object or a boolean, not a number \
                 | write a schema, such as `type: string`, under it"
            ),
        ),
        (
            "allOf: {a: {}}",
            format!(
                "error[wrong-type] @{at}/allOf: `allOf` has to be a list, not an object | \
                 write a list, such as `- $ref: '#/components/schemas/Pet'`"
            ),
        ),
        (
            "enum: a",
            format!(
                "error[wrong-type] {at}/enum: `enum` has to be a list of values, not a string | \
                 write a list of values, such as `[small, large]`"
            ),
        ),
        (
            "minLength: 1.5",
            format!(
                "error[wrong-type] {at}/minLength: `minLength` has to be a whole number that is \
                 not negative, not `1.5` | write a whole number that is not negative"
            ),
        ),
        (
            "description: [a]",
            format!(
                "error[wrong-type] {at}/description: `description` has to be a string, not a list | \
                 write a string"
            ),
        ),
        (
            "nullable: maybe",
            format!(
                "error[wrong-type] {at}/nullable: `nullable` has to be `true` or `false`, not a \
                 string | write `true` or `false`"
            ),
        ),
        (
            "discriminator: {mapping: {a: [b]}, propertyName: k}",
            format!(
                "error[wrong-type] {at}/discriminator/mapping/a: `a` has to be a string, not a list \
                 | write a string"
            ),
        ),
        (
            "type: strnig",
            format!(
                "error[unknown-type] {at}/type: there is no type `strnig` | did you mean `string`?"
            ),
        ),
        (
            "type: widget",
            format!(
                "error[unknown-type] {at}/type: there is no type `widget` | write `string`, \
                 `number`, `integer`, `boolean`, `array`, `object` or `null`"
            ),
        ),
        (
            "type: {a: b}",
            format!(
                "error[wrong-type] @{at}/type: `type` has to be the name of a type, not an object | \
                 write the name of a type, such as `string` or `object`"
            ),
        ),
    ] {
        let text =
            format!("openapi: 3.0.0\npaths: {{}}\ncomponents: {{schemas: {{S: {{{schema}}}}}}}");
        assert_faults(&text, &[&expected]);
    }
    assert_faults(
        "openapi: 3.0.0\npaths: {}\ncomponents: {schemas: [a]}\nservers: {url: a}",
        &[
            "error[wrong-type] /components/schemas: `schemas` has to be an object, not a list | \
             write an object, such as `Pet: { type: object }`",
            "error[wrong-type] @/servers: `servers` has to be a list, not an object | write a \
             list, such as `- url: https://api.example.com`",
        ],
    );
}

#[test]
fn reports_several_faults_together() {
    let found = faults(
        "openapi: 3.0.0
paths: {pets: {get: {responses: {20x: {description: d}}}}, /b: 5}
security: [{none: []}]
components: {schemas: {A: text, B: {properties: {c: 7}}}}",
    );
    let places: Vec<&str> = found
        .iter()
        .filter_map(|line| line.split_once(": ").map(|(place, _)| place))
        .collect();
    assert_eq!(
        places,
        [
            "error[unknown-security-scheme] @/security/0/none",
            "error[invalid-path] @/paths/pets",
            "error[wrong-type] /paths/~1b",
            "error[not-a-schema] /components/schemas/A",
            "error[not-a-schema] /components/schemas/B/properties/c",
        ]
    );
}

#[test]
fn refuses_other_response_codes() {
    for code in ["20x", "0XX", "6XX", "2000", "ok", "99"] {
        let text =
            format!("openapi: 3.0.0\npaths: {{/a: {{get: {{responses: {{'{code}': {{}}}}}}}}}}");
        assert_faults(
            &text,
            &[&format!(
                "error[invalid-status-code] @/paths/~1a/get/responses/{code}: `{code}` is not a \
                 status code | write three digits (`200`), a range (`2XX`) or `default`"
            )],
        );
    }
    let text =
        "openapi: 3.0.0\npaths: {/a: {get: {responses: {4XX: {}, 4xx: {}, x-own: 1, '599': {}}}}}";
    assert_faults(
        text,
        &[
            "error[invalid-status-code] @/paths/~1a/get/responses/4xx: response `4XX` is defined twice | merge the two: names are case-insensitive | first written here: \
             /paths/~1a/get/responses/4XX",
        ],
    );
}

#[test]
fn refuses_paths_whose_names_do_not_match() {
    let path = |path: &str, parameters: &str| {
        format!(
            "openapi: 3.0.0\npaths: {{'{path}': {{get: {{parameters: [{parameters}], responses: {{default: {{description: d}}}}}}}}}}"
        )
    };
    let id = "{name: id, in: path, required: true, schema: {}}";
    assert_faults(&path("/a/{id}", id), &[]);
    assert_faults(
        &path("/a/{pet}", ""),
        &[
            "error[undeclared-path-parameter] @/paths/~1a~1{pet}/get: path parameter `pet` of \
             GET `/a/{pet}` is not declared | add a parameter with `name: pet`, `in: path` and \
             `required: true` | the path: /paths/~1a~1{pet}",
        ],
    );
    assert_faults(
        &path("/a/{ids}", id),
        &[
            "error[undeclared-path-parameter] @/paths/~1a~1{ids}/get: path parameter `ids` of \
             GET `/a/{ids}` is not declared | write `{id}` in the path | the path: \
             /paths/~1a~1{ids} | declared under this name: \
             /paths/~1a~1{ids}/get/parameters/0/name",
            "warning[unused-path-parameter] /paths/~1a~1{ids}/get/parameters/0: path parameter \
             `id` is not in the path `/a/{ids}` and is not sent | write `{id}` in the path, or \
             remove the parameter | the path: /paths/~1a~1{ids}",
        ],
    );
    assert_faults(
        &path("/a/{id}", "{name: id, in: query, schema: {}}"),
        &[
            "warning[coerced] /paths/~1a~1{id}/get/parameters/0/in: `id` is in the path \
             `/a/{id}`, but has `in: query`; it is read as `in: path` | write `in: path` | the path: \
             /paths/~1a~1{id}",
            "warning[coerced] @/paths/~1a~1{id}/get/parameters/0: parameter `id` is in the path and is therefore required | add `required: true`",
        ],
    );
    for (template, message) in [
        ("/a/{id", "the braces of path `/a/{id` do not match"),
        ("/a/id}", "the braces of path `/a/id}` do not match"),
        (
            "/a/{}",
            "a name is missing between the braces of path `/a/{}`",
        ),
        ("/a/{id}/{id}", "`id` appears twice in path `/a/{id}/{id}`"),
    ] {
        assert_faults(
            &path(template, ""),
            &[&format!(
                "error[invalid-path] @/paths/{}: {message} | write each parameter once, by its \
                 name in braces: `/pets/{{id}}`",
                template.replace('/', "~1")
            )],
        );
    }
    assert_faults(
        &path("a", ""),
        &["error[invalid-path] @/paths/a: path `a` does not begin with a slash | write `/a`"],
    );
}

#[test]
fn warns_of_two_paths_for_one_address() {
    let item = |name: &str, method: &str| {
        format!(
            "{{{method}: {{parameters: [{{name: {name}, in: path, required: true, schema: {{}}}}], responses: {{default: {{description: d}}}}}}}}"
        )
    };
    let text = format!(
        "openapi: 3.0.0\npaths: {{'/a/{{x}}': {}, '/a/{{y}}': {}, '/a/{{z}}': {}}}",
        item("x", "get"),
        item("y", "get"),
        item("z", "put")
    );
    assert_faults(
        &text,
        &[
            "warning[equivalent-paths] @/paths/~1a~1{y}/get: GET `/a/{y}` and GET `/a/{x}` match the same URLs | remove one of the two | first declared here: /paths/~1a~1{x}/get",
        ],
    );
}

#[test]
fn rejects_a_duplicate_operation_id() {
    let text = |tags: [&str; 2]| {
        format!(
            "openapi: 3.0.0\npaths: {{/a: {{get: {{operationId: o, tags: [{}], responses: {{default: {{description: d}}}}}}}}, \
             /b: {{get: {{operationId: o, tags: [{}], responses: {{default: {{description: d}}}}}}}}}}",
            tags[0], tags[1]
        )
    };
    let message = "[duplicate-operation-id] /paths/~1b/get/operationId: two operations have the \
         operationId `o` | give each operation its own operationId | first used here: \
         /paths/~1a/get/operationId";
    assert_faults(&text(["", ""]), &[&format!("error{message}")]);
    assert_faults(&text(["t", "t"]), &[&format!("error{message}")]);
    assert_faults(&text(["t", "u"]), &[&format!("warning{message}")]);
}

#[test]
fn requires_complete_security_schemes() {
    let at = "/components/securitySchemes/s";
    for (scheme, expected) in [
        (
            "{type: apiKey, name: k}",
            format!(
                "error[incomplete-security-scheme] @{at}: security scheme `s` is of type `apiKey` \
                 and has no `in` | add `in: header`, or `in: query` or `in: cookie` | requires it: \
                 {at}/type"
            ),
        ),
        (
            "{type: http}",
            format!(
                "error[incomplete-security-scheme] @{at}: security scheme `s` is of type `http` and \
                 has no `scheme` | add `scheme: bearer` or `scheme: basic` | requires it: {at}/type"
            ),
        ),
        (
            "{in: header}",
            format!(
                "error[incomplete-security-scheme] @{at}: a security scheme has no `type` | add \
                 `type`, such as `type: http` with `scheme: bearer`"
            ),
        ),
        (
            "{type: htpt, scheme: basic}",
            format!(
                "error[incomplete-security-scheme] {at}/type: security scheme `s` has the unknown type `htpt` | did you mean `http`?"
            ),
        ),
        (
            "{type: apiKey, name: k, in: path}",
            format!(
                "error[unknown-location] {at}/in: an API key cannot be in `path` | write `query`, \
                 `header` or `cookie`"
            ),
        ),
    ] {
        let text = format!("openapi: 3.1.0\ncomponents: {{securitySchemes: {{s: {scheme}}}}}");
        assert_faults(&text, &[&expected]);
    }
    assert_faults(
        &format!(
            "{}\ncomponents: {{securitySchemes: {{bearer: {{type: http, scheme: bearer}}}}}}",
            operation("security: [{Bearer: []}, {x: []}]")
        ),
        &[
            "error[unknown-security-scheme] @/paths/~1a/get/security/0/Bearer: there is no security \
             scheme `Bearer` | did you mean `bearer`?",
            "error[unknown-security-scheme] @/paths/~1a/get/security/1/x: there is no security \
             scheme `x` | add `x` to `components.securitySchemes`",
        ],
    );
    assert_faults(
        "openapi: 3.1.0\nsecurity: [{x-key: []}]\ncomponents: {securitySchemes: {x-key: {type: mutualTLS}}}",
        &[],
    );
}

#[test]
fn warns_about_siblings_of_a_reference() {
    assert_faults(
        &format!(
            "{}\ncomponents: {{parameters: {{P: {{name: p, in: query, schema: {{}}}}}}}}",
            operation(
                "parameters: [{$ref: '#/components/parameters/P', description: d, required: true}]"
            )
        ),
        &[
            "warning[ignored-sibling] @/paths/~1a/get/parameters/0/required: `required` beside \
             `$ref` has no effect here | move it to the target of the `$ref`, or remove the `$ref`",
        ],
    );
}
