//! Security schemes.

use serde_json::Value;

use super::http_names::check_token;
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::normalize::messages::error_at_key;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// The types of security schemes with their required fields.
pub(crate) const SCHEMES: [(&str, &[&str]); 5] = [
    ("apiKey", &["name", "in"]),
    ("http", &["scheme"]),
    ("oauth2", &["flows"]),
    ("openIdConnect", &["openIdConnectUrl"]),
    ("mutualTLS", &[]),
];

/// Reports fields that a scheme of this type has to have.
pub(crate) fn check_fields(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
    of_type: &str,
) {
    let name = place.last().unwrap_or_default();
    let needed = SCHEMES.iter().find(|(known, _)| *known == of_type);
    for field in needed.into_iter().flat_map(|(_, fields)| *fields) {
        if map.get(*field).is_none_or(Value::is_null) {
            let message =
                format!("security scheme `{name}` is of type `{of_type}` and has no `{field}`");
            reporter.push(
                error_at_key(place, code::INCOMPLETE_SECURITY_SCHEME, message)
                    .label(format!("`{field}` is missing here"))
                    .related(place.key("type").pointer(), "requires it")
                    .help(format!("add {}", example(field))),
            );
        }
    }
}

/// Returns an example of a field.
fn example(field: &str) -> &'static str {
    match field {
        "name" => "`name`, such as `name: X-Api-Key`",
        "in" => "`in: header`, or `in: query` or `in: cookie`",
        "scheme" => "`scheme: bearer` or `scheme: basic`",
        "flows" => {
            "`flows`, such as `clientCredentials: { tokenUrl: https://example.com/token, scopes: {} }`"
        }
        _ => {
            "`openIdConnectUrl: https://example.com/.well-known/openid-configuration`, with your host"
        }
    }
}

/// Reports the name of an API key that cannot be sent.
pub(crate) fn check_api_key_name(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let here = place.key("name");
    let text = |field: &str| map.get(field).and_then(Value::as_str);
    match (text("in"), text("name")) {
        (Some("header"), Some(name)) => check_token(reporter, name, "a header", &here),
        (Some("cookie"), Some(name)) => check_token(reporter, name, "a cookie", &here),
        (_, Some("")) => reporter.push(
            error_at_key(
                &here,
                code::INVALID_NAME,
                "the name of a query parameter is empty",
            )
            .help("write the name under which the key is sent"),
        ),
        _ => {}
    }
}

/// The schemes registered with IANA. A client can also send others.
const REGISTERED: [&str; 13] = [
    "Basic",
    "Bearer",
    "Concealed",
    "Digest",
    "DPoP",
    "GNAP",
    "HOBA",
    "Mutual",
    "Negotiate",
    "OAuth",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "vapid",
];

/// Reports a scheme that cannot be sent or is misspelled.
pub(crate) fn check_http_scheme(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let Some(Value::String(scheme)) = map.get("scheme") else {
        return;
    };
    let here = place.key("scheme");
    check_token(reporter, scheme, "an authentication scheme", &here);
    let mut known = REGISTERED.iter();
    if known.any(|known| known.eq_ignore_ascii_case(scheme)) {
        return;
    }
    if let Some(meant) = nearest(scheme, REGISTERED) {
        let message = format!(
            "the scheme `{scheme}` is not known, and is sent as `Authorization: {scheme} ..`"
        );
        reporter.push(
            Diagnostic::warning(code::UNKNOWN_SECURITY_SCHEME, here.pointer(), message)
                .help(format!("did you mean `{}`?", meant.to_ascii_lowercase())),
        );
    }
}
