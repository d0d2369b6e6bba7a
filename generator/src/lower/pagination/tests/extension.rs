//! Rule 0: extensions.

use serde_json::json;

use super::{NUMBER, ONE, TEXT, decided, expect_each, get, list};

/// Returns an operation with an extension.
fn with(extension: &str, parameters: &str, properties: &str) -> String {
    format!("{extension}\n{}", list(parameters, properties))
}

#[test]
fn the_own_extension_takes_precedence() {
    let cursor = format!("token: {TEXT}");
    expect_each([
        (
            with(
                "x-pagination: false",
                &format!("cursor: {TEXT}"),
                "next_cursor: { type: string }",
            ),
            "none",
        ),
        (
            with(
                "x-pagination: { style: cursor, parameter: token, next: after, items: data }",
                &cursor,
                "after: { type: string }",
            ),
            "cursor A by token next after until - items data first -",
        ),
        (
            with("x-pagination: { style: link-header, items: data }", "", ""),
            "link-header A by - next Link until - items data first -",
        ),
        (
            with(
                "x-pagination: { style: page-number, parameter: p, first: 0, pages: n }",
                &format!("p: {NUMBER}"),
                "n: { type: integer }",
            ),
            "page-number A by p next - until pages n items data first 0",
        ),
        (
            with(
                "x-pagination: { limitParam: limit, cursorParam: token, cursorPath: meta.after, resultsPath: data }",
                &format!("{cursor}\nlimit: {NUMBER}"),
                "meta: { type: object, properties: { after: { type: string } } }",
            ),
            "cursor A by token next meta.after until - items data first -",
        ),
        (
            with(
                "x-pagination: { limitParam: limit, pageParam: p, pageStart: 1, resultsPath: data }",
                &format!("p: {NUMBER}\nlimit: {NUMBER}"),
                "",
            ),
            "page-number A by p next - until - items data first 1",
        ),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn extensions_of_vendors_take_precedence() {
    let cursor = format!("token: {TEXT}");
    expect_each([
        (
            with(
                "x-speakeasy-pagination: { type: cursor, inputs: [{ name: token, in: parameters, type: cursor }], outputs: { results: $.data, nextCursor: '$.data[-1].id' } }",
                &cursor,
                "",
            ),
            "last-id A by token next [-1].id until - items data first -",
        ),
        (
            with(
                "x-speakeasy-pagination: { type: offsetLimit, inputs: [{ name: p, in: parameters, type: page }], outputs: { results: $.data, numPages: $.n } }",
                &format!("p: {ONE}"),
                "n: { type: integer }",
            ),
            "page-number A by p next - until pages n items data first 1",
        ),
        (
            with(
                "x-speakeasy-pagination: { type: url, outputs: { results: $.data, nextUrl: $.more } }",
                "",
                "more: { type: string }",
            ),
            "next-url A by - next more until - items data first -",
        ),
        (
            with(
                "x-ms-pageable: { nextLinkName: more, itemName: data }",
                "",
                "more: { type: string }",
            ),
            "next-url A by - next more until - items data first -",
        ),
        (
            with(
                "x-ms-pageable: { nextLinkName: null }",
                &format!("cursor: {TEXT}"),
                "next_cursor: { type: string }",
            ),
            "none",
        ),
        (
            format!(
                "x-dropshot-pagination: {{ required: [] }}\n{}",
                get(
                    &format!("page_token: {TEXT}"),
                    "items: { type: array, items: {} }\nnext_page: { type: string }"
                )
            ),
            "cursor A by page_token next next_page until - items items first -",
        ),
        (
            with(
                "x-fern-pagination: { cursor: $request.token, next_cursor: $response.after, results: $response.data }",
                &cursor,
                "after: { type: string }",
            ),
            "cursor A by token next after until - items data first -",
        ),
        (
            with(
                "x-fern-pagination: { offset: $request.p, step: $request.limit, results: $response.data }",
                &format!("p: {NUMBER}\nlimit: {NUMBER}"),
                "",
            ),
            "offset A by p next - until - items data first 0",
        ),
    ]);
}

#[test]
fn an_extension_with_an_unknown_name_is_a_warning_with_a_suggestion() {
    let with = |extension: &str| {
        let properties = "next_cursor: { type: string }";
        format!(
            "x-pagination: {extension}\n{}",
            list(&format!("cursor: {TEXT}"), properties)
        )
    };
    for (extension, message) in [
        (
            "{ style: cursor, parameter: curser, next: next_cursor }",
            "the operation has no parameter `curser`; did you mean `cursor`?",
        ),
        (
            "{ style: cursor, parameter: cursor, next: next_curser }",
            "the response has no property `next_curser`; did you mean `next_cursor`?",
        ),
        (
            "{ style: cursor, parameter: cursor, next: next_cursor, items: date }",
            "the response has no list `date`; did you mean `data`?",
        ),
        (
            "{ style: curser, parameter: cursor }",
            "unknown kind of pagination `curser`; write one of `cursor`, `last-id`, `page-number`, `offset`, `next-url`, `link-header`",
        ),
        (
            "{ style: cursor, next: next_cursor }",
            "a pagination in the style `cursor` has to name a parameter; ",
        ),
        (
            "{ style: cursor, parameter: 1 }",
            "the name has to be a string; ",
        ),
    ] {
        let (found, findings) = decided("get", &with(extension));
        assert_eq!(found, json!(null), "{extension}");
        assert_eq!(findings, [message], "{extension}");
    }
}
