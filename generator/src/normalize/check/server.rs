//! A server's URL and its variables (OpenAPI 3.1, sections 4.8.5 and 4.8.6).

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code, nearest};
use crate::internal_extensions::NO_DEFAULT;
use crate::normalize::fields_not_in_openapiv3::carried_value;
use crate::normalize::messages::error_at_key;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Reports a URL that a client cannot use, and variables that are not declared or not used.
pub(crate) fn check_url(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let here = place.key("url");
    let Some(Value::String(url)) = map.get("url") else {
        return;
    };
    let none = Fields::new();
    let variables = match map.get("variables") {
        Some(Value::Object(variables)) => variables,
        None | Some(Value::Null) => &none,
        // A wrong type, reported elsewhere.
        Some(_) => return,
    };
    let Some(parts) = parts(url) else {
        let message = format!("the braces of the server `{}` do not match", redacted(url));
        reporter.push(
            Diagnostic::error(code::INVALID_SERVER_URL, here.pointer(), message)
                .help("write each variable by its name in braces: `https://{region}.example.com`"),
        );
        return;
    };
    for part in &parts {
        if let UrlPart::Variable(name) = part
            && !variables.contains_key(*name)
        {
            report_undeclared(reporter, name, variables, place);
        }
    }
    for name in variables.keys().filter(|name| !name.starts_with("x-")) {
        if !parts.contains(&UrlPart::Variable(name)) {
            report_unused(reporter, name, url, place);
        }
    }
    let Some(whole) = default_url(&parts, variables) else {
        return;
    };
    if let Some(fault) = url_fault(&whole) {
        let message = format!(
            "a client cannot use the server `{}`: {fault}",
            redacted(&whole)
        );
        reporter.push(
            Diagnostic::warning(code::INVALID_SERVER_URL, here.pointer(), message)
                .label("the client needs another base URL")
                .help("write a URL such as `https://api.example.com/v1`"),
        );
    }
}

/// Returns the URL with the defaults of its variables, or `None` if it lacks one.
fn default_url(parts: &[UrlPart<'_>], variables: &Fields) -> Option<String> {
    let mut url = String::new();
    for part in parts {
        match part {
            UrlPart::Text(text) => url.push_str(text),
            UrlPart::Variable(name) => {
                let variable = variables.get(*name)?;
                let members = variable.as_object();
                if members.is_some_and(|members| carried_value(members, NO_DEFAULT).is_some()) {
                    return None;
                }
                let default = variable.get("default").and_then(Value::as_str);
                url.push_str(default.unwrap_or_default());
            }
        }
    }
    Some(url)
}

fn report_unused(reporter: &mut Reporter<'_>, name: &str, url: &str, server: &Trail<'_>) {
    let url = redacted(url);
    let message = format!("the variable `{name}` is not in the server's URL `{url}`");
    let at = server.key("variables").key(name).pointer().key();
    reporter.push(
        Diagnostic::warning(code::UNUSED_SERVER_VARIABLE, at, message)
            .label("has no effect")
            .related(server.key("url").pointer(), "the URL")
            .help(format!(
                "write `{{{name}}}` in the URL, or remove the variable"
            )),
    );
}

fn report_undeclared(
    reporter: &mut Reporter<'_>,
    name: &str,
    variables: &Fields,
    server: &Trail<'_>,
) {
    let message = format!("the server's variable `{name}` is not declared");
    let at = server.key("url").pointer();
    let error = Diagnostic::error(code::UNDECLARED_SERVER_VARIABLE, at, message);
    reporter.push(match nearest(name, variables.keys().map(String::as_str)) {
        Some(meant) => error
            .related(
                server.key("variables").key(meant).pointer().key(),
                "similar name",
            )
            .help(format!("did you mean `{meant}`?")),
        None => error.help(format!(
            "add `{name}: {{ default: .. }}` to the server's `variables`"
        )),
    });
}

/// A part of a URL template.
#[derive(Debug, PartialEq, Eq)]
enum UrlPart<'u> {
    Text(&'u str),
    Variable(&'u str),
}

/// Returns the parts of a URL, or `None` if its braces do not match.
fn parts(url: &str) -> Option<Vec<UrlPart<'_>>> {
    let mut parts = Vec::new();
    let mut rest = url;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, after) = rest.split_at(at);
        let (name, after) = after.strip_prefix('{')?.split_once('}')?;
        if name.is_empty() || name.contains('{') {
            return None;
        }
        parts.push(UrlPart::Text(text));
        parts.push(UrlPart::Variable(name));
        rest = after;
    }
    parts.push(UrlPart::Text(rest));
    Some(parts)
}

/// Returns a URL for a message, without the user name and password.
pub(crate) fn redacted(url: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.into();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://[redacted]@{host}{path}").into(),
        None => url.into(),
    }
}

/// Returns the reason why a server URL, with its variables replaced, is unusable. A path alone is
/// valid: it is relative to the URL of the document.
fn url_fault(url: &str) -> Option<String> {
    if let Some(sign) = url.chars().find(|c| c.is_control() || c.is_whitespace()) {
        return Some(format!("`{}` is not allowed", sign.escape_default()));
    }
    if url.contains('#') {
        return Some("it has a fragment".to_owned());
    }
    if url.contains('?') {
        return Some("it has a query".to_owned());
    }
    if url.starts_with('/') && !url.starts_with("//") {
        return None;
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("it does not begin with `https://`".to_owned());
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Some(format!("`{scheme}` is neither http nor https"));
    }
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        return Some("it has a user name".to_owned());
    }
    let after_brackets = authority.rsplit(']').next().unwrap_or_default();
    let (host, port) = match after_brackets.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (after_brackets, None),
    };
    if host.is_empty() && !authority.contains(']') {
        return Some("it has no host".to_owned());
    }
    match port {
        Some(port) if port.parse::<u16>().is_err() => Some(format!("`{port}` is not a port")),
        _ => None,
    }
}

/// Reports a default that is not among the values of `enum` (OpenAPI 3.1, section 4.8.6).
pub(crate) fn check_variable(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let (Some(Value::Array(values)), Some(default)) = (map.get("enum"), map.get("default")) else {
        return;
    };
    if values.contains(default) {
        return;
    }
    let name = place.last().unwrap_or_default();
    let message = format!(
        "the default {default} of the server variable `{name}` is not in its `enum`, but is used anyway"
    );
    reporter.push(
        Diagnostic::warning(
            code::DEFAULT_REFUSED,
            place.key("default").pointer(),
            message,
        )
        .related(place.key("enum").pointer().key(), "the values")
        .help("write one of the values"),
    );
}

/// Reports servers with the same name (OpenAPI 3.2, section 4.5).
pub(crate) fn check_names(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let servers = map.get("servers").and_then(Value::as_array);
    let here = place.key("servers");
    let mut seen = HashMap::new();
    for (index, server) in servers.into_iter().flatten().enumerate() {
        let Some(name) = server.get("name").and_then(Value::as_str) else {
            continue;
        };
        if let Some(first) = seen.insert(name, index) {
            let at = here.index(index);
            let first = here.index(first);
            reporter.push(
                error_at_key(
                    &at.key("name"),
                    code::DUPLICATE_VALUE,
                    format!("two servers have the name `{name}`"),
                )
                .related(first.key("name").pointer().key(), "first used here")
                .help("give each server its own name"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_no_password() {
        for (url, shown) in [
            (
                "https://me:secret@example.com/a",
                "https://[redacted]@example.com/a",
            ),
            ("https://example.com/a@b", "https://example.com/a@b"),
            (
                "https://me@example.com?a",
                "https://[redacted]@example.com?a",
            ),
            ("/a", "/a"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }

    #[test]
    fn recognizes_usable_urls() {
        for (url, is_good) in [
            ("https://example.com", true),
            ("HTTP://example.com:8080/v1/", true),
            ("https://[::1]:8080", true),
            ("/v1", true),
            ("/", true),
            ("", false),
            ("//example.com", false),
            ("example.com/v1", false),
            ("https://", false),
            ("https://:80", false),
            ("https://example.com:port", false),
            ("https://example.com:99999", false),
            ("https://me:secret@example.com", false),
            ("ftp://example.com", false),
            ("https://example.com/?a", false),
            ("https://example.com/#a", false),
            ("https://exam ple.com", false),
        ] {
            assert_eq!(url_fault(url).is_none(), is_good, "{url}");
        }
    }

    #[test]
    fn splits_a_url() {
        assert_eq!(
            parts("https://{a}.b/{c}"),
            Some(vec![
                UrlPart::Text("https://"),
                UrlPart::Variable("a"),
                UrlPart::Text(".b/"),
                UrlPart::Variable("c"),
                UrlPart::Text(""),
            ])
        );
        for url in ["{", "}", "{}", "{{a}}", "a}b{c"] {
            assert_eq!(parts(url), None, "{url}");
        }
    }
}
