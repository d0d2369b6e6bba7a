//! Security schemes and security requirements.

use serde_json::{Map, Value, json};

use super::PREFIX;
use super::names;
use super::object::{error, meant, meant_value};
use super::place::Place;
use super::shape::{json_type, worded};
use super::walk::Walk;
use crate::diagnostic::{Diagnostic, code, nearest};

type Fields = Map<String, Value>;

/// The types of security schemes with their required fields.
const SCHEMES: [(&str, &[&str]); 5] = [
    ("apiKey", &["name", "in"]),
    ("http", &["scheme"]),
    ("oauth2", &["flows"]),
    ("openIdConnect", &["openIdConnectUrl"]),
    ("mutualTLS", &[]),
];

pub(super) fn security_scheme(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let name = place.last().unwrap_or_default();
    worded(map, "type");
    worded(map, "in");
    let Some(Value::String(written)) = map.get("type") else {
        return;
    };
    let written = written.clone();
    if written.eq_ignore_ascii_case("basic") {
        let message = "`type: basic` is read as `type: http` with `scheme: basic`";
        meant_value(
            walk,
            &place.key("type"),
            message.to_owned(),
            "write `type: http` and `scheme: basic`",
        );
        map.insert("type".to_owned(), Value::from("http"));
        map.insert("scheme".to_owned(), Value::from("basic"));
        return;
    }
    let Some((kind, needed)) = SCHEMES
        .iter()
        .find(|(kind, _)| kind.eq_ignore_ascii_case(&written))
    else {
        let mut diagnostic = Diagnostic::error(
            code::INCOMPLETE_SECURITY_SCHEME,
            place.key("type").pointer(),
            format!("security scheme `{name}` has the unknown type `{written}`"),
        );
        let kinds = SCHEMES.iter().map(|(kind, _)| *kind);
        diagnostic = diagnostic.help(match nearest(&written, kinds) {
            Some(kind) => format!("did you mean `{kind}`?"),
            None => "write `apiKey`, `http`, `mutualTLS`, `oauth2` or `openIdConnect`".to_owned(),
        });
        walk.report(diagnostic);
        return;
    };
    if written != *kind {
        let message = format!("`type: {written}` is read as `type: {kind}`");
        meant_value(
            walk,
            &place.key("type"),
            message,
            format!("write `type: {kind}`"),
        );
        map.insert("type".to_owned(), Value::from(*kind));
    }
    for field in *needed {
        if map.get(*field).is_none_or(Value::is_null) {
            let message =
                format!("security scheme `{name}` is of type `{kind}` and has no `{field}`");
            walk.report(
                error(place, code::INCOMPLETE_SECURITY_SCHEME, message)
                    .label(format!("`{field}` is missing here"))
                    .related(place.key("type").pointer(), "asks for it")
                    .help(format!("add {}", example(field))),
            );
        }
    }
    match *kind {
        "apiKey" => {
            api_key_place(walk, map, place);
            api_key_name(walk, map, place);
        }
        "http" => http_scheme(walk, map, place),
        _ => {}
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

fn api_key_name(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    let here = place.key("name");
    let text = |field: &str| map.get(field).and_then(Value::as_str);
    match (text("in"), text("name")) {
        (Some("header"), Some(name)) => names::token(walk, name, "a header", &here),
        (Some("cookie"), Some(name)) => names::token(walk, name, "a cookie", &here),
        (_, Some("")) => walk.report(
            error(
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

fn http_scheme(walk: &mut Walk<'_>, map: &Fields, place: &Place<'_>) {
    let Some(Value::String(scheme)) = map.get("scheme") else {
        return;
    };
    let here = place.key("scheme");
    names::token(walk, scheme, "an authentication scheme", &here);
    let mut known = REGISTERED.iter();
    if known.any(|known| known.eq_ignore_ascii_case(scheme)) {
        return;
    }
    if let Some(meant) = nearest(scheme, REGISTERED) {
        let message = format!(
            "the scheme `{scheme}` is not known, and is sent as `Authorization: {scheme} ..`"
        );
        walk.report(
            Diagnostic::warning(code::UNKNOWN_SECURITY_SCHEME, here.pointer(), message)
                .help(format!("did you mean `{}`?", meant.to_ascii_lowercase())),
        );
    }
}

fn api_key_place(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let here = place.key("in");
    let Some(Value::String(location)) = map.get_mut("in") else {
        return;
    };
    let lower = location.to_ascii_lowercase();
    if !matches!(lower.as_str(), "query" | "header" | "cookie") {
        let message = format!("an API key cannot be in `{location}`");
        walk.report(
            Diagnostic::error(code::UNKNOWN_LOCATION, here.pointer(), message)
                .help("write `query`, `header` or `cookie`"),
        );
    } else if *location != lower {
        let message = format!("`in: {location}` is read as `in: {lower}`");
        meant_value(walk, &here, message, format!("write `in: {lower}`"));
        *location = lower;
    }
}

/// Reports missing URLs of a flow (OpenAPI 3.1, section 4.8.29). It is only a warning, because the
/// client does not fetch tokens.
pub(super) fn flow(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    let needed: &[&str] = match place.last() {
        Some("implicit") => &["authorizationUrl"],
        Some("authorizationCode") => &["authorizationUrl", "tokenUrl"],
        Some("deviceAuthorization") => &["deviceAuthorizationUrl", "tokenUrl"],
        _ => &["tokenUrl"],
    };
    for field in needed {
        if map.get(*field).is_none_or(Value::is_null) {
            let message = format!("an OAuth flow has no `{field}`, and the docs do not show it");
            let help = format!("add `{field}`, such as `{field}: https://example.com/oauth`");
            meant(walk, field, place, message, help);
            map.insert((*field).to_owned(), Value::from(""));
        }
    }
    if map.get("scopes").is_none_or(Value::is_null) {
        meant(
            walk,
            "scopes",
            place,
            "an OAuth flow has no `scopes` and is read as a flow without scopes",
            "add `scopes: {}`",
        );
        map.insert("scopes".to_owned(), Value::Object(Fields::new()));
    }
}

/// Carries `mutualTLS` schemes, which `openapiv3` does not model.
pub(super) fn components(_: &mut Walk<'_>, map: &mut Fields, _: &Place<'_>) {
    let Some(Value::Object(schemes)) = map.get_mut("securitySchemes") else {
        return;
    };
    let is_mutual =
        |scheme: &Value| scheme.get("type").and_then(Value::as_str) == Some("mutualTLS");
    if !schemes.values().any(is_mutual) {
        return;
    }
    let (mutual, others) = std::mem::take(schemes)
        .into_iter()
        .partition::<Fields, _>(|(_, scheme)| is_mutual(scheme));
    *schemes = others;
    map.insert(format!("{PREFIX}securitySchemes"), Value::Object(mutual));
}

/// Reads `null` as an empty list of scopes. The names in `security` are free, so misspelled fields
/// cannot be detected.
pub(super) fn scopes(walk: &mut Walk<'_>, map: &mut Fields, place: &Place<'_>) {
    for (name, value) in map.iter_mut() {
        if value.is_null() || *value == json!({}) {
            let found = json_type(value);
            let message = format!(
                "the scopes of `{name}` have to be a list, not {found}; they are read as empty"
            );
            meant(
                walk,
                "scopes of null",
                &place.key(name),
                message,
                "write `[]`",
            );
            *value = Value::Array(Vec::new());
        }
    }
}
