//! Requests and responses without their secrets: for spans, which have no bodies, and for tapes.

#![cfg(any(feature = "testing", feature = "tracing"))]

use super::body_excerpt::Hidden;
use super::percent;

/// The replacement of a secret, as in OpenTelemetry.
pub(super) const REDACTED: &str = "REDACTED";

/// Query parameters that sign a URL, in lower case and without separators.
const SIGNATURES: &[&str] = &[
    "awsaccesskeyid",
    "signature",
    "sig",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    "xgoogcredential",
    "xgoogsignature",
];

/// Returns a path without secrets.
pub(super) fn path(path: &str, hidden: &Hidden) -> String {
    let segments = path.split('/');
    let segments = segments.map(|segment| shown(segment, hides(hidden, segment)));
    let path = segments.collect::<Vec<_>>().join("/");
    // A secret with unencoded separators spans several segments.
    if has(hidden, &path) {
        format!("/{REDACTED}")
    } else {
        path
    }
}

/// Returns a query, or a form in the same encoding, without secrets.
pub(super) fn query(query: &str, hidden: &Hidden) -> String {
    let pairs = query.split('&').map(|one| pair(one, hidden));
    let pairs = pairs.collect::<Vec<_>>().join("&");
    // A secret with unencoded separators spans several pairs.
    shown(&pairs, has(hidden, &pairs)).to_owned()
}

fn pair(pair: &str, hidden: &Hidden) -> String {
    let Some((name, value)) = pair.split_once('=') else {
        return shown(pair, hides(hidden, pair)).to_owned();
    };
    let is_secret = hidden.hides_name(&decoded(name)) || is_signature(name) || hides(hidden, value);
    let name = shown(name, hides(hidden, name));
    format!("{name}={}", shown(value, is_secret))
}

fn shown(text: &str, is_secret: bool) -> &str {
    if is_secret { REDACTED } else { text }
}

/// Returns `true` if a text contains a secret. The text can be percent-encoded.
fn has(hidden: &Hidden, text: &str) -> bool {
    hidden.in_text(text) || hidden.in_text(&decoded(text))
}

/// Returns `true` if a text contains a secret or is a list with one. The text can be
/// percent-encoded.
pub(super) fn hides(hidden: &Hidden, text: &str) -> bool {
    let decoded = decoded(text);
    let separators = [',', ';', '|', ' ', '\t', '=', '"'];
    has(hidden, text)
        || hidden.is_value(&decoded)
        || decoded.split(separators).any(|item| hidden.is_value(item))
}

/// Decodes a percent-encoded text, and replaces bytes that are not UTF-8.
fn decoded(text: &str) -> String {
    String::from_utf8_lossy(&percent::decode(text)).into_owned()
}

fn is_signature(name: &str) -> bool {
    let plain = name.chars().filter(|c| c.is_ascii_alphanumeric());
    let plain: String = plain.map(|c| c.to_ascii_lowercase()).collect();
    SIGNATURES.contains(&plain.as_str())
}

#[cfg(feature = "testing")]
pub(super) use whole::{body, header};

/// Redaction of whole headers and bodies.
#[cfg(feature = "testing")]
mod whole {
    use serde::de::IgnoredAny;

    use super::super::body_excerpt::{
        Hidden, string_length, token_length, value_length, without_secrets,
    };
    use super::super::response::essence;
    use super::{REDACTED, has, hides, query};

    /// Headers that are secret in every document.
    const SECRET_HEADERS: &[&str] = &[
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
    ];

    /// Returns the value of a header without secrets.
    pub(in super::super) fn header(name: &str, value: &str, hidden: &Hidden) -> String {
        if SECRET_HEADERS.contains(&name) || hidden.hides_name(name) {
            return REDACTED.to_owned();
        }
        let value = links(value, hidden);
        if hides(hidden, &value) {
            REDACTED.to_owned()
        } else {
            value
        }
    }

    /// Returns a body without secrets. JSON stays JSON, and each value keeps its type.
    pub(in super::super) fn body(
        content_type: Option<&str>,
        body: &[u8],
        hidden: &Hidden,
    ) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(body) else {
            return binary(body, hidden);
        };
        let is_form = content_type.is_some_and(|content_type| {
            essence(content_type) == "application/x-www-form-urlencoded"
        });
        let is_secret = hidden.hides_body() && !text.trim_start().starts_with('{');
        let shown = if text.is_empty() {
            String::new()
        } else if is_json(text) {
            json(text, is_secret, hidden)
        } else if is_secret {
            REDACTED.to_owned()
        } else if is_form {
            query(text, hidden)
        } else {
            let lines = text.split_inclusive('\n').map(|one| line(one, hidden));
            let text = lines.collect::<String>();
            // A secret with a line break spans several lines.
            if has(hidden, &text) {
                REDACTED.to_owned()
            } else {
                text
            }
        };
        shown.into_bytes()
    }

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<IgnoredAny>(text).is_ok()
    }

    /// Redacts a line of text, which can end in JSON: events and logs have this form.
    fn line(line: &str, hidden: &Hidden) -> String {
        match line
            .find(['{', '['])
            .and_then(|at| line.split_at_checked(at))
        {
            Some((before, value)) if is_json(value) => {
                plain(before, hidden) + &json(value, false, hidden)
            }
            _ => plain(line, hidden),
        }
    }

    /// Redacts text that is not JSON. Secrets are also found by their names.
    fn plain(text: &str, hidden: &Hidden) -> String {
        let content = text.trim();
        if hidden.is_value(content) {
            return text.replacen(content, REDACTED, 1);
        }
        let shown = without_secrets(&links(text, hidden), hidden);
        if !has(hidden, &shown) {
            shown
        } else if text.ends_with('\n') {
            format!("{REDACTED}\n")
        } else {
            REDACTED.to_owned()
        }
    }

    /// Redacts the queries of URLs in a text.
    fn links(text: &str, hidden: &Hidden) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, from)) = rest.split_once('?') {
            let is_end = |c: char| c.is_whitespace() || "<>\"'#?".contains(c);
            let end = from.find(is_end).unwrap_or(from.len());
            let (pairs, after) = from.split_at_checked(end).unwrap_or((from, ""));
            out.push_str(before);
            out.push('?');
            out.push_str(&query(pairs, hidden));
            rest = after;
        }
        out + rest
    }

    /// Redacts JSON token by token, which keeps numbers and the order of members. If `is_secret` is
    /// true, it hides all values.
    fn json(text: &str, is_secret: bool, hidden: &Hidden) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        // The length of the rest after the value of a secret member.
        let mut secret_until = is_secret.then_some(0);
        while let Some(first) = rest.chars().next() {
            let is_secret = secret_until.is_some_and(|end| rest.len() > end);
            let length = match first {
                '"' => string_length(rest),
                _ => token_length(rest),
            };
            let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let value = after.trim_start().strip_prefix(':').map(str::trim_start);
            match (first, value) {
                ('"', Some(value)) => {
                    let name = serde_json::from_str::<String>(token).unwrap_or_default();
                    if !is_secret && hidden.hides_name(&name) {
                        secret_until = Some(value.len().saturating_sub(value_length(value)));
                    }
                    // A short secret can equal the name of a member by chance.
                    let name_is_secret = hidden.in_text(&name);
                    out.push_str(if name_is_secret {
                        "\"REDACTED\""
                    } else {
                        token
                    });
                }
                ('"', None) => out.push_str(&string(token, is_secret, hidden)),
                ('-' | '0'..='9', _) if is_secret || hides(hidden, token) => out.push('0'),
                _ => out.push_str(token),
            }
            rest = after;
        }
        out
    }

    /// Redacts a JSON string.
    fn string(token: &str, is_secret: bool, hidden: &Hidden) -> String {
        let redacted = || format!("\"{REDACTED}\"");
        let Ok(text) = serde_json::from_str::<String>(token) else {
            return redacted();
        };
        let shown = plain(&text, hidden);
        if is_secret || hides(hidden, &shown) {
            redacted()
        } else if shown == text {
            token.to_owned()
        } else {
            serde_json::to_string(&shown).unwrap_or_else(|_| redacted())
        }
    }

    /// Redacts bytes that are not text, such as a form with a file and a password.
    fn binary(bytes: &[u8], hidden: &Hidden) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            rest = match hidden.bytes_at(rest) {
                Some(length) => {
                    out.extend_from_slice(REDACTED.as_bytes());
                    rest.get(length..).unwrap_or_default()
                }
                None => {
                    out.push(*first);
                    after
                }
            };
        }
        out
    }
}
