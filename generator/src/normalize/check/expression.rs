//! Runtime expressions in links and callbacks (OpenAPI 3.1, section 4.8.20.4).

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Location, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::{Pointer, Trail};

/// Reports values of a link that look like expressions but are invalid.
pub(crate) fn check_link(reporter: &mut Reporter<'_>, map: &Map<String, Value>, place: &Trail<'_>) {
    let here = place.key("parameters");
    let parameters = map.get("parameters").and_then(Value::as_object);
    for (name, value) in parameters.into_iter().flatten() {
        if let Value::String(text) = value {
            check_expression(reporter, text, || here.key(name).pointer().into());
        }
    }
    if let Some(Value::String(text)) = map.get("requestBody") {
        check_expression(reporter, text, || place.key("requestBody").pointer().into());
    }
}

/// Reports keys of a callback with invalid expressions.
pub(crate) fn check_callback(
    reporter: &mut Reporter<'_>,
    map: &Map<String, Value>,
    place: &Trail<'_>,
) {
    for key in map.keys().filter(|key| !key.starts_with("x-")) {
        check_expression(reporter, key, || place.key(key).pointer().key());
    }
}

fn check_expression(reporter: &mut Reporter<'_>, text: &str, at: impl FnOnce() -> Location) {
    let Some((found, why)) = fault(text) else {
        return;
    };
    let message = format!("`{found}` is not a runtime expression: {why}");
    reporter.push(
        Diagnostic::warning(code::INVALID_EXPRESSION, at(), message)
            .label("shown unchanged in the docs")
            .help("write an expression such as `$request.body#/id`, `$response.header.Location` or `$url`"),
    );
}

/// Returns the first invalid expression of a text, with the reason. A text is an expression, or
/// contains expressions in braces.
fn fault(text: &str) -> Option<(&str, &'static str)> {
    if text.starts_with('$') {
        return expression_fault(text).map(|why| (text, why));
    }
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (_, inner) = rest.split_at(at + 1);
        let Some((inside, after)) = inner.split_once('}') else {
            return Some((
                rest.get(at..).unwrap_or_default(),
                "the brace is not closed",
            ));
        };
        if let Some(why) = expression_fault(inside) {
            return Some((inside, why));
        }
        rest = after;
    }
    None
}

/// Returns the reason why a text is not an expression.
fn expression_fault(text: &str) -> Option<&'static str> {
    if matches!(text, "$url" | "$method" | "$statusCode") {
        return None;
    }
    let source = text
        .strip_prefix("$request.")
        .or_else(|| text.strip_prefix("$response."));
    let Some(source) = source else {
        return Some(
            "it has to begin with `$url`, `$method`, `$statusCode`, `$request.` or `$response.`",
        );
    };
    match source.strip_prefix("body") {
        Some("") => return None,
        Some(pointer) => {
            let is_pointer = pointer
                .strip_prefix('#')
                .is_some_and(|pointer| Pointer::parse(pointer).is_some());
            return (!is_pointer)
                .then_some("`body` has to be followed by a JSON pointer, such as `#/id`");
        }
        None => {}
    }
    let is_named = source.split_once('.').is_some_and(|(kind, name)| {
        matches!(kind, "header" | "query" | "path") && !name.is_empty()
    });
    (!is_named).then_some("expected `header.`, `query.` or `path.` with a name, or `body`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_expressions() {
        for (text, is_good) in [
            ("$url", true),
            ("$request.body", true),
            ("$request.body#/a~1b/0", true),
            ("$response.header.Location", true),
            ("https://example.com?{$request.query.to}&x={$method}", true),
            ("no expression", true),
            ("$nonsense", false),
            ("$request.body/a", false),
            ("$request.body#a", false),
            ("$response.header.", false),
            ("$request.cookie.a", false),
            ("{$request.body#/url", false),
            ("{url}", false),
            ("", true),
        ] {
            assert_eq!(fault(text).is_none(), is_good, "{text}");
        }
    }
}
