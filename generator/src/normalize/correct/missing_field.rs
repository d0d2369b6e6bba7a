//! Required fields that are missing, if the document can be read without them.

use serde_json::{Value, json};

use crate::normalize::reporter::Reporter;
use crate::normalize::targets::Targets;
use crate::pointer::Trail;
use crate::spec::{Fields, ObjectKind};

/// Adds the `version` of an info object.
pub(crate) fn add_version(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if map.get("version").is_none_or(Value::is_null) {
        let message = "an info object has no `version`; `0.0.0` is used";
        reporter.warn_correction("info.version", place, message, "add `version`");
        map.insert("version".to_owned(), Value::from("0.0.0"));
    }
}

/// Adds the `name` of a license.
pub(crate) fn add_license_name(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if map.get("name").is_none_or(Value::is_null) {
        let message = "a license has no `name`, and is read without one";
        reporter.warn_correction("license.name", place, message, "add `name`, such as `MIT`");
        let other = map.get("identifier").or_else(|| map.get("url"));
        let name = other.cloned().unwrap_or_else(|| Value::from(""));
        map.insert("name".to_owned(), name);
    }
}

/// Adds the `url` of an external documentation object.
pub(crate) fn add_url(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if map.get("url").is_none_or(Value::is_null) {
        let message = "an external documentation object has no `url` and has no effect";
        reporter.warn_correction("externalDocs.url", place, message, "add `url`");
        map.insert("url".to_owned(), Value::from(""));
    }
}

/// Adds a missing `default` of a server variable, which is sent unless another value is chosen
/// (OpenAPI 3.1, section 4.8.6).
pub(crate) fn add_variable_default(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    if map.get("default").is_some_and(|value| !value.is_null()) {
        return;
    }
    let first = map.get("enum").and_then(|values| values.get(0)).cloned();
    if let Some(first) = first {
        let message = format!(
            "a server variable has no `default`; the first value of its `enum`, {first}, is used"
        );
        reporter.warn_correction("variable.default", place, message, "add `default`");
        map.insert("default".to_owned(), first);
    }
}

/// Reports missing URLs of a flow (OpenAPI 3.1, section 4.8.29). It is only a warning, because the
/// client does not fetch tokens.
pub(crate) fn add_flow_fields(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let needed: &[&str] = match place.last() {
        Some("implicit") => &["authorizationUrl"],
        Some("authorizationCode") => &["authorizationUrl", "tokenUrl"],
        Some("deviceAuthorization") => &["deviceAuthorizationUrl", "tokenUrl"],
        _ => &["tokenUrl"],
    };
    for field in needed {
        if map.get(*field).is_none_or(Value::is_null) {
            let message = format!("an OAuth flow has no `{field}`, so the docs do not show one");
            let help = format!("add `{field}`, such as `{field}: https://example.com/oauth`");
            reporter.warn_correction(field, place, message, help);
            map.insert((*field).to_owned(), Value::from(""));
        }
    }
    if map.get("scopes").is_none_or(Value::is_null) {
        reporter.warn_correction(
            "scopes",
            place,
            "an OAuth flow has no `scopes`; it is read as `scopes: {}`",
            "add `scopes: {}`",
        );
        map.insert("scopes".to_owned(), Value::Object(Fields::new()));
    }
}

/// Adds the schema of a header that has none: text.
pub(crate) fn add_header_schema(
    reporter: &mut Reporter<'_>,
    targets: &mut Targets,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    if map.contains_key("schema") || map.contains_key("content") {
        return;
    }
    reporter.warn_correction(
        "header",
        place,
        "a header has neither `schema` nor `content`; its value is read as text",
        "add `schema`, such as `schema: { type: string }`",
    );
    // The walk has visited the fields of the header, so the schema moves out here.
    let mut schema = json!({ "type": "string" });
    targets.move_out(ObjectKind::Schema, &mut schema, &place.key("schema"));
    map.insert("schema".to_owned(), schema);
}
