//! Parameters that cannot be sent.

use super::*;

#[test]
fn refuses_parameters_that_cannot_be_sent() {
    let at = "/paths/~1a/get/parameters/0";
    for (parameter, expected) in [
        (
            "{name: b, in: body, schema: {}}",
            format!(
                "error[unknown-location] {at}/in: a parameter cannot be in `body` | describe the \
                 body in the operation's `requestBody`"
            ),
        ),
        (
            "{name: b, in: sky, schema: {}}",
            format!(
                "error[unknown-location] {at}/in: a parameter cannot be in `sky` | write `path`, \
                 `query`, `header` or `cookie`"
            ),
        ),
        (
            "{name: b, in: query}",
            format!(
                "error[parameter-without-schema] @{at}: parameter `b` has neither `schema` nor \
                 `content` | add `schema`, such as `schema: {{ type: string }}`"
            ),
        ),
        (
            "{name: b, in: query, schema: {}, content: {a/b: {}}}",
            format!(
                "error[parameter-without-schema] @{at}/content: parameter `b` has both `schema` \
                 and `content` | remove one of them | the other one: {at}/schema"
            ),
        ),
        (
            "{name: b, in: query, content: {}}",
            format!(
                "error[parameter-without-schema] @{at}/content: `content` of parameter `b` has to \
                 have exactly one media type | write one, such as `application/json: {{ schema: {{ \
                 type: object }} }}`"
            ),
        ),
        (
            "{name: b, in: header, style: form, schema: {}}",
            format!(
                "error[invalid-style] {at}/style: style `form` cannot be used in a header | \
                 write `simple`"
            ),
        ),
        (
            "{name: b, in: query, style: matrix, schema: {}}",
            format!(
                "error[invalid-style] {at}/style: style `matrix` cannot be used in a query | \
                 write `form`, `spaceDelimited`, `pipeDelimited` or `deepObject`"
            ),
        ),
    ] {
        assert_faults(
            &operation(&format!("parameters: [{parameter}]")),
            &[&expected],
        );
    }
}

#[test]
fn refuses_the_same_parameter_twice() {
    let twice = |other: &str| {
        operation(&format!(
            "parameters: [{{name: X, in: header, schema: {{}}}}, {other}, {{name: X, in: query, schema: {{}}}}]"
        ))
    };
    assert_faults(
        &twice("{name: x, in: header, schema: {type: string}}"),
        &[
            "error[duplicate-parameter] /paths/~1a/get/parameters/1: parameter `x` in the header is \
             declared twice | remove one of the two | first declared here: \
             /paths/~1a/get/parameters/0",
        ],
    );
    let found = faults(&twice("{name: X, in: header, schema: {}}"));
    let [warning] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(
        warning.starts_with("warning[duplicate-parameter]"),
        "{warning}"
    );
}
