mod extension;

use serde_json::Value;

use crate::Generator;
use crate::diagnostic::code;

/// Returns the decision and the warnings for the operation `/things` with this description.
fn decided(method: &str, rest: &str) -> (Value, Vec<String>) {
    decided_at("/things", method, rest)
}

fn decided_at(path: &str, method: &str, rest: &str) -> (Value, Vec<String>) {
    let operation = indent(rest, 6);
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: t, version: '1' }}\npaths:\n  {path}:\n    {method}:\n{operation}"
    );
    let listed = Generator::from_text("t.yml", text.clone()).list();
    let (operations, findings) = listed.unwrap_or_else(|error| panic!("{text}\n{error}"));
    let first = operations.first().expect("an operation").to_json();
    let findings = findings.list().iter();
    let findings = findings.filter(|found| found.code == code::UNKNOWN_PAGE);
    let texts = findings.map(|found| {
        let help = found.help.as_deref().unwrap_or_default();
        format!("{}; {help}", found.message)
    });
    (first["pagination"].clone(), texts.collect())
}

fn indent(text: &str, by: usize) -> String {
    let lines = text
        .lines()
        .map(|line| format!("{}{line}\n", " ".repeat(by)));
    lines.collect()
}

/// Returns a GET with query parameters and properties of its response, each as `name: schema`.
fn get(parameters: &str, properties: &str) -> String {
    let parameters = parameters.split_terminator('\n').map(|line| {
        let (name, schema) = line.split_once(": ").expect("a schema");
        format!("  - {{ in: query, name: '{name}', schema: {schema} }}\n")
    });
    let parameters: String = parameters.collect();
    format!(
        "parameters:\n{parameters}responses:\n  '200':\n    description: d\n    content:\n      \
         application/json:\n        schema:\n          type: object\n          properties:\n{}",
        indent(properties, 12)
    )
}

/// Like [`get`], with a list of objects in `data`.
fn list(parameters: &str, properties: &str) -> String {
    let items =
        "data: { type: array, items: { type: object, properties: { id: { type: string } } } }";
    get(parameters, &format!("{items}\n{properties}"))
}

/// Formats a decision as a line: style, certainty, parameter, next, until, items, first.
fn line(found: &Value) -> String {
    if found.is_null() {
        return "none".to_owned();
    }
    let text = |key: &str| match &found[key] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let until = match found["until"]
        .as_object()
        .and_then(|until| until.iter().next())
    {
        Some((kind, path)) => format!("{kind} {}", path.as_str().unwrap_or_default()),
        None => "-".to_owned(),
    };
    format!(
        "{} {} by {} next {} until {until} items {} first {}",
        text("style"),
        text("certainty"),
        text("parameter"),
        text("next"),
        text("items"),
        match &found["number"] {
            Value::String(path) => format!("after {path}"),
            _ => text("first"),
        },
    )
}

#[track_caller]
fn expect(rest: &str, expected: &str) {
    let (found, findings) = decided("get", rest);
    assert_eq!(line(&found), expected, "{rest}");
    assert_eq!(findings, Vec::<String>::new(), "{rest}");
}

const TEXT: &str = "{ type: string }";
const NUMBER: &str = "{ type: integer }";
const ID: &str = "{ type: object, properties: { id: { type: string } } }";
const ONE: &str = "{ type: integer, default: 1 }";

/// Compares the decision for each operation.
#[track_caller]
fn expect_each<const N: usize>(rows: [(String, &str); N]) {
    for (rest, expected) in rows {
        expect(&rest, expected);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_url_or_a_cursor_in_the_response_decides() {
    expect_each([
        // Rule 2.
        (
            get(
                &format!("api-version: {TEXT}"),
                "value: { type: array, items: { type: object } }\n'@odata.nextLink': { type: string }",
            ),
            "next-url A by - next /@odata.nextLink until - items value first -",
        ),
        // Rule 3.
        (
            list(
                &format!("cursor: {TEXT}"),
                "next_cursor: { type: [string, 'null'] }",
            ),
            "cursor A by cursor next next_cursor until - items data first -",
        ),
        (
            list(
                &format!("pageToken: {TEXT}"),
                "nextPageToken: { type: string }",
            ),
            "cursor A by pageToken next nextPageToken until - items data first -",
        ),
        (
            list(
                &format!("page[after]: {TEXT}"),
                "meta: { type: object, properties: { cursors: { type: object, properties: { after: { type: string } } } } }",
            ),
            "cursor A by page[after] next meta.cursors.after until - items data first -",
        ),
        (
            list(
                &format!("offset: {TEXT}"),
                "next_page: { type: object, properties: { offset: { type: string }, uri: { type: string } } }",
            ),
            "cursor A by offset next next_page.offset until - items data first -",
        ),
        (
            list(
                &format!("page: {TEXT}"),
                "next_page: { type: string }\nhas_more: { type: boolean }",
            ),
            "cursor A by page next next_page until more has_more items data first -",
        ),
        (
            list(
                &format!("after: {TEXT}"),
                "next: { type: string, description: Cursor of the next page }\nhas_more: { type: boolean }",
            ),
            "cursor A by after next next until more has_more items data first -",
        ),
        (
            list(
                &format!("starting_after: {TEXT}"),
                "pages: { type: object, properties: { next: { type: object, properties: { starting_after: { type: string } } } } }",
            ),
            "cursor A by starting_after next pages.next.starting_after until - items data first -",
        ),
        (
            list(&format!("cursor: {NUMBER}"), "cursor: { type: integer }"),
            "cursor A by cursor next cursor until - items data first -",
        ),
    ]);
}

#[test]
fn an_id_or_a_number_decides() {
    expect_each([
        // Rule 4.
        (
            list(
                &format!("after: {TEXT}"),
                "last_id: { type: string }\nhas_more: { type: boolean }",
            ),
            "last-id A by after next last_id until more has_more items data first -",
        ),
        (
            list(
                &format!("starting_after: {TEXT}"),
                "has_more: { type: boolean }",
            ),
            "last-id A by starting_after next [-1].id until more has_more items data first -",
        ),
        (
            get(
                &format!("starting_after: {TEXT}"),
                &format!(
                    "data: {{ type: array, items: {{ anyOf: [{ID}, {ID}] }} }}\nhas_more: {{ type: boolean }}"
                ),
            ),
            "last-id A by starting_after next [-1].id until more has_more items data first -",
        ),
        // Rule 6.
        (
            list(
                &format!("page[number]: {ONE}"),
                "meta: { type: object, properties: { total_pages: { type: integer } } }",
            ),
            "page-number A by page[number] next - until pages meta.total_pages items data first 1",
        ),
        (
            list(
                &format!("page: {ONE}"),
                "total_amount: { type: integer }\ntotal_count: { type: integer }",
            ),
            "page-number A by page next - until total total_count items data first 1",
        ),
        (
            list(&format!("page: {NUMBER}"), "next_page: { type: integer }"),
            "page-number A by page next next_page until - items data first -",
        ),
        (
            list(&format!("offset: {NUMBER}"), "total: { type: integer }"),
            "offset A by offset next - until total total items data first 0",
        ),
        (
            list(&format!("offset: {NUMBER}"), "count: { type: integer }"),
            "offset A by offset next - until count count items data first 0",
        ),
        (
            list(
                "page: { type: object, properties: { number: { type: integer, default: 1 } } }",
                "meta: { type: object, properties: { total_pages: { type: integer } } }",
            ),
            "page-number A by page[number] next - until pages meta.total_pages items data first 1",
        ),
    ]);
}

#[test]
fn a_url_without_a_parameter_decides() {
    expect_each([
        // Rule 7.
        (
            list("", "next_page_url: { type: string }"),
            "next-url A by - next next_page_url until - items data first -",
        ),
        (
            list(
                "",
                "links: { type: object, properties: { next: { type: string } } }",
            ),
            "next-url A by - next links.next until - items data first -",
        ),
        (
            list("", "next: { type: string, format: uri }"),
            "next-url A by - next next until - items data first -",
        ),
        (
            list(
                "",
                "_links: { type: object, properties: { next: { type: object, properties: { href: { type: string } } } } }",
            ),
            "next-url A by - next _links.next.href until - items data first -",
        ),
        (
            list(
                "",
                "links: { type: array, items: { type: object, properties: { href: { type: string }, rel: { type: string } } } }",
            ),
            "next-url A by - next links[rel=next].href until - items data first -",
        ),
    ]);
}

#[test]
fn a_parameter_alone_is_likely() {
    expect_each([
        (
            list(&format!("page: {ONE}"), ""),
            "page-number B by page next - until - items data first 1",
        ),
        (
            list(&format!("page: {NUMBER}"), "total_pages: { type: integer }"),
            "page-number B by page next - until pages total_pages items data first -",
        ),
        (
            list(&format!("startIndex: {NUMBER}"), "total: { type: integer }"),
            "offset B by startIndex next - until total total items data first -",
        ),
    ]);
}

#[test]
fn a_declared_link_header_decides() {
    let bare = |headers: &str, parameter: &str| {
        format!(
            "parameters:\n  - {{ in: query, name: {parameter}, schema: {{ type: string }} }}\nresponses:\n  '200':\n    \
             description: d\n{headers}    content:\n      application/json:\n        schema: {{ type: array, items: {{ type: string }} }}"
        )
    };
    let link = "    headers: { Link: { schema: { type: string } } }\n";
    expect(
        &bare(link, "per_page"),
        "link-header A by - next Link until - items  first -",
    );
    expect(&bare(link, "q"), "none");
    let says_next = |header: &str| format!("    headers: {{ link: {{ {header} }} }}\n");
    for header in [
        "example: '</things?page=2>; rel=\"next\"', schema: { type: string }",
        "examples: { a: { value: '</things?page=2>; rel=next' } }, schema: { type: string }",
        "schema: { type: string, example: '</things?page=2>; rel=\"next\"' }",
        "description: 'Has `rel=\"next\"` unless it is the last page', schema: { type: string }",
    ] {
        expect(
            &bare(&says_next(header), "q"),
            "link-header A by - next Link until - items  first -",
        );
    }
    let other = "example: '</things/1>; rel=\"self\"', schema: { type: string }";
    expect(&bare(&says_next(other), "q"), "none");
    expect(
        &bare("", "after"),
        "link-header C by after next Link until - items  first -",
    );
    expect(&bare("", "q"), "none");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_exclusion_holds() {
    let url = |schema: &str| {
        list(
            &format!("cursor: {TEXT}"),
            &format!("next_cursor: {schema}"),
        )
    };
    for rest in [
        // A URL, or a property of `links`, is not a cursor.
        url("{ type: string, format: uri }"),
        url("{ type: string, example: 'https://example.com/things?cursor=a' }"),
        url("{ type: string, example: /things }"),
        url("{ type: string, description: The URL of the next page }"),
        url("{ type: integer }"),
        list(
            &format!("cursor: {NUMBER}"),
            "meta: { type: object, properties: { after: { type: integer } } }",
        ),
        list(
            &format!("cursor: {TEXT}"),
            "links: { type: object, properties: { cursor: { type: string } } }",
        ),
        // A property with the name of the parameter is not a cursor, unless the name is
        // unambiguous.
        list(&format!("offset: {TEXT}"), "offset: { type: string }"),
        list(&format!("after: {TEXT}"), "after: { type: string }"),
        // The last item has no id.
        get(
            &format!("after: {TEXT}"),
            "data: { type: array, items: { type: object, properties: { key: { type: string } } } }\nhas_more: { type: boolean }",
        ),
        get(
            &format!("after: {TEXT}"),
            &format!(
                "data: {{ type: array, items: {{ oneOf: [{ID}, {{ type: object }}] }} }}\nhas_more: {{ type: boolean }}"
            ),
        ),
        // There is no list, or no way to choose one of several.
        get(&format!("cursor: {TEXT}"), "next_cursor: { type: string }"),
        get(
            &format!("cursor: {TEXT}"),
            "errors: { type: array, items: {} }\nnext_cursor: { type: string }",
        ),
        get(
            &format!("cursor: {TEXT}"),
            "a: { type: array, items: { type: object } }\nb: { type: array, items: { type: object } }\nnext_cursor: { type: string }",
        ),
        // `next` is not a URL.
        list("", "next: { type: string }"),
        list("", "next_link: { type: integer }"),
    ] {
        expect(&rest, "none");
    }
    // The parameter is deprecated.
    let rest = list(
        "cursor: { type: string, deprecated: true }",
        "next_cursor: { type: string }",
    );
    expect(&rest, "none");
    // If there are several lists, the one with a usual name or with the name of the path is used.
    let rest = get(
        &format!("cursor: {TEXT}"),
        "tags: { type: array, items: {} }\nthings: { type: array, items: {} }\nnext_cursor: { type: string }",
    );
    expect(
        &rest,
        "cursor A by cursor next next_cursor until - items things first -",
    );
    // Other methods are excluded, and for a POST only its body counts.
    let cursor = list(&format!("cursor: {TEXT}"), "next_cursor: { type: string }");
    for method in ["put", "patch", "delete", "post"] {
        assert_eq!(line(&decided(method, &cursor).0), "none", "{method}");
    }
    let body = "requestBody:\n  content:\n    application/json:\n      schema:\n        type: object\n        properties: { page: { type: object, properties: { cursor: { type: string } } } }\n";
    let post = list(
        "",
        "meta: { type: object, properties: { page: { type: object, properties: { after: { type: string } } } } }",
    );
    let post = format!("{body}{}", post.replace("parameters:\n", ""));
    assert_eq!(
        line(&decided("post", &post).0),
        "cursor A by body.page.cursor next meta.page.after until - items data first -"
    );
}

#[test]
fn messages_are_the_list_if_the_path_has_their_name() {
    let rest = get(
        &format!("cursor: {TEXT}"),
        "messages: { type: array, items: {} }\nnext_cursor: { type: string }",
    );
    expect(&rest, "none");
    for path in ["/threads/{id}/messages", "/Messages.json"] {
        let (found, _) = decided_at(path, "get", &rest);
        assert_eq!(
            line(&found),
            "cursor A by cursor next next_cursor until - items messages first -",
            "{path}"
        );
    }
}

#[test]
fn the_number_of_the_first_page_is_found() {
    let pages = "total_pages: { type: integer }";
    for (schema, properties, first) in [
        ("{ type: integer, default: 0 }", pages, "0"),
        ("{ type: integer, default: 1, minimum: 0 }", pages, "1"),
        ("{ type: integer, minimum: 0 }", pages, "0"),
        ("{ type: integer, minimum: 1 }", pages, "1"),
        ("{ type: integer, exclusiveMinimum: 0 }", pages, "1"),
        (
            "{ type: integer, description: 'Zero-based number of the page' }",
            pages,
            "0",
        ),
        (
            "{ type: integer, description: 'The page, starting at 1' }",
            pages,
            "1",
        ),
        (
            NUMBER,
            "total_pages: { type: integer }\npage: { type: integer }",
            "after page",
        ),
    ] {
        expect(
            &list(&format!("page: {schema}"), properties),
            &format!(
                "page-number A by page next - until pages total_pages items data first {first}"
            ),
        );
    }
    // A generated minimum, which the response also has, is ignored.
    let written = "total_pages: { type: integer, minimum: 0 }";
    expect(
        &list("page: { type: integer, minimum: 0 }", written),
        "page-number B by page next - until pages total_pages items data first -",
    );
    // SCIM starts at 1, other offsets at 0.
    let scim = "totalResults: { type: integer }\nitemsPerPage: { type: integer }\nResources: { type: array, items: {} }";
    expect(
        &get(&format!("startIndex: {NUMBER}"), scim),
        "offset A by startIndex next - until total totalResults items Resources first 1",
    );
}

#[test]
fn a_likely_pagination_is_listed_with_the_overlay_that_enables_it() {
    let (found, _) = decided("get", &list(&format!("page: {NUMBER}"), ""));
    assert_eq!(
        found["overlay"],
        r#"{"target":"$.paths['/things'].get","update":{"x-pagination":{"style":"page-number","parameter":"page","items":"data","first":1}}}"#
    );
    let text = found["overlay"].as_str().expect("an action");
    let action: Value = serde_json::from_str(text).expect("JSON");
    let extension = action["update"]["x-pagination"].to_string();
    let rest = format!(
        "x-pagination: {extension}\n{}",
        list(&format!("page: {NUMBER}"), "")
    );
    expect(
        &rest,
        "page-number A by page next - until - items data first 1",
    );
}
