//! Parameters and headers: styles, and `schema` or `content`.

use serde_json::{Map, Value};

use super::http_names::check_token;
use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::error_at_key;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Reports a parameter or header without exactly one of `schema` and `content`, or with more than
/// one media type.
pub(crate) fn check_schema_or_content(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
    what: &str,
) {
    let here = place.key("content");
    let content = match map.get("content") {
        Some(Value::Object(content)) => Some(content),
        // A wrong type, reported elsewhere.
        Some(_) => return,
        None => None,
    };
    let mut media_types = content.into_iter().flat_map(Map::keys);
    let diagnostic = match (content, media_types.next(), media_types.next()) {
        (Some(_), ..) if map.contains_key("schema") => error_at_key(
            &here,
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("{what} has both `schema` and `content`"),
        )
        .related(place.key("schema").pointer().key(), "the other one")
        .help("remove one of them"),
        (Some(_), Some(_), None) => return,
        (None, ..) if map.contains_key("schema") => return,
        (Some(_), Some(first), Some(second)) => error_at_key(
            &here.key(second),
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("`content` of {what} has to have exactly one media type"),
        )
        .related(here.key(first).pointer().key(), "the first one")
        .help("keep only the media type in which the value is sent"),
        (Some(_), None, _) => error_at_key(
            &here,
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("`content` of {what} has to have exactly one media type"),
        )
        .help("write one, such as `application/json: { schema: { type: object } }`"),
        (None, ..) => error_at_key(
            place,
            code::PARAMETER_WITHOUT_SCHEMA,
            format!("{what} has neither `schema` nor `content`"),
        )
        .help("add `schema`, such as `schema: { type: string }`"),
    };
    reporter.push(diagnostic);
}

/// Returns the styles of a location (OpenAPI 3.1, section 4.8.12.2).
fn styles(location: &str) -> &'static [&'static str] {
    match location {
        "path" => &["simple", "label", "matrix"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        _ => &["form"],
    }
}

/// Returns the name of a location with its article.
fn location_name(location: &str) -> &str {
    match location {
        "path" => "a path",
        "query" => "a query",
        "header" => "a header",
        _ => "a cookie",
    }
}

/// Reports a style that a location does not have.
pub(crate) fn check_style(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
    location: &str,
) {
    let Some(Value::String(style)) = map.get("style") else {
        return;
    };
    let known = styles(location);
    // `cookie` is of OpenAPI 3.2.
    let is_cookie = location == "cookie" && style == "cookie";
    if is_cookie || known.contains(&style.as_str()) {
        return;
    }
    let message = format!(
        "style `{style}` cannot be used in {}",
        location_name(location)
    );
    let known: Vec<String> = known.iter().map(|style| format!("`{style}`")).collect();
    let help = match known.split_last() {
        Some((last, [])) => format!("write {last}"),
        Some((last, others)) => format!("write {} or {last}", others.join(", ")),
        None => "remove it".to_owned(),
    };
    let at = place.key("style").pointer();
    reporter.push(Diagnostic::error(code::INVALID_STYLE, at, message).help(help));
}

/// Reports a name that cannot be sent.
pub(crate) fn check_name(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let name = map.get("name").and_then(Value::as_str);
    let here = place.key("name");
    match (map.get("in").and_then(Value::as_str), name) {
        (Some("header"), name) => {
            check_token(reporter, name.unwrap_or_default(), "a header", &here);
        }
        (Some("cookie"), name) => {
            check_token(reporter, name.unwrap_or_default(), "a cookie", &here);
        }
        (Some(_), None | Some("")) if map.contains_key("name") => reporter.push(
            error_at_key(
                &here,
                code::INVALID_NAME,
                "the name of a parameter is empty",
            )
            .help("write the name under which it is sent"),
        ),
        _ => {}
    }
}
