//! The beginning of a body for an error message, without secrets.

use std::fmt;
use std::sync::Arc;

use super::response::essence;

/// The maximum number of characters of a body in a message.
const LENGTH: usize = 200;

/// The replacement for a secret.
const REDACTED: &str = "[redacted]";

/// Names of members that hold a credential, in lower case and without separators. A longer name can
/// end in one. A document may declare more.
const SECRET_NAMES: &[&str] = &[
    "secret",
    "password",
    "passphrase",
    "passwd",
    "authorization",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "bearertoken",
    "apitoken",
    "sessiontoken",
    "apikey",
    "privatekey",
    "secretkey",
    "encryptionkey",
    "signingkey",
];

/// A text to hide in messages.
pub type Hide = Arc<dyn AsRef<str> + Send + Sync>;

/// Secrets to hide in messages: the values of some members, and the client's own credentials.
#[derive(Clone, Default)]
pub struct Hidden {
    names: &'static [&'static str],
    values: Vec<Hide>,
    /// Short texts, found only as whole values: within other text they can occur by chance.
    short: Vec<Hide>,
}

/// The minimum length in bytes of a text that is found within other text.
const SHORTEST: usize = 4;

impl Hidden {
    /// Creates a set of secrets. `names` are members that the document declares as secrets; an
    /// empty name declares a whole body.
    pub(crate) fn new(names: &'static [&'static str], values: Vec<Hide>) -> Self {
        let (mut values, short): (Vec<_>, Vec<_>) = values
            .into_iter()
            .filter(|value| !text(value).is_empty())
            .partition(|value| text(value).len() >= SHORTEST);
        // Longer texts first: one may contain another.
        values.sort_by_key(|value| std::cmp::Reverse(text(value).len()));
        Self {
            names,
            values,
            short,
        }
    }

    /// Returns a copy with more values.
    pub(crate) fn and(&self, values: impl IntoIterator<Item = Hide>) -> Self {
        let own = self.values.iter().chain(&self.short);
        let values = own.cloned().chain(values);
        Self::new(self.names, values.collect())
    }

    pub(crate) fn hides_name(&self, name: &str) -> bool {
        let plain: String = name
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        plain == "token"
            || SECRET_NAMES.iter().any(|secret| plain.ends_with(secret))
            || self.names.contains(&name)
    }

    /// Returns the length of a credential at the beginning of a text.
    fn value_at(&self, rest: &str) -> Option<usize> {
        let mut values = self.values.iter().map(text);
        let value = values.find(|value| rest.starts_with(value))?;
        Some(value.len())
    }

    /// Returns whether a text contains a credential.
    pub(crate) fn in_text(&self, whole: &str) -> bool {
        self.values.iter().any(|value| whole.contains(text(value)))
    }
}

fn text(value: &Hide) -> &str {
    (**value).as_ref()
}

#[cfg(any(feature = "testing", feature = "tracing"))]
impl Hidden {
    /// Returns whether a text is a credential of any length.
    pub(crate) fn is_value(&self, found: &str) -> bool {
        let mut values = self.values.iter().chain(&self.short);
        values.any(|value| text(value) == found)
    }
}

#[cfg(feature = "testing")]
impl Hidden {
    /// Returns whether the document declares the whole body as a secret.
    pub(crate) fn hides_body(&self) -> bool {
        self.names.contains(&"")
    }

    /// Returns the length of a credential at the beginning of bytes.
    pub(crate) fn bytes_at(&self, rest: &[u8]) -> Option<usize> {
        let mut values = self.values.iter().map(text);
        let value = values.find(|value| rest.starts_with(value.as_bytes()))?;
        Some(value.len())
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

/// Returns the beginning of a body that is JSON or text; `None` for any other.
pub(crate) fn excerpt(content_type: Option<&str>, body: &[u8], hidden: &Hidden) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let text = text.trim();
    let is_json = text.starts_with(['{', '[', '"']);
    let is_text = content_type.map_or(is_json, is_text);
    if text.is_empty() || !is_text {
        return None;
    }
    let mut out = Excerpt::default();
    if hidden.names.contains(&"") && !text.starts_with('{') {
        out.push_str(REDACTED);
    } else if is_json {
        json(text, hidden, &mut out);
    } else {
        plain(text, hidden, &mut out);
    }
    Some(out.text)
}

/// Returns the beginning of a text in one line, without secrets.
pub fn shown(text: &str, hidden: &Hidden) -> String {
    let mut out = Excerpt::default();
    credentials(text.trim(), hidden, &mut out);
    out.text
}

/// Returns a whole text that is not JSON, without secrets.
#[cfg(feature = "testing")]
pub(super) fn without_secrets(text: &str, hidden: &Hidden) -> String {
    let mut out = Excerpt {
        is_whole: true,
        ..Excerpt::default()
    };
    plain(text, hidden, &mut out);
    out.text
}

/// Returns `true` for JSON, XML, forms and all `text` types.
fn is_text(content_type: &str) -> bool {
    let essence = essence(content_type);
    let (kind, subtype) = essence.split_once('/').unwrap_or(("", &essence));
    kind == "text"
        || ["json", "xml", "yaml", "x-www-form-urlencoded"]
            .iter()
            .any(|end| subtype.ends_with(end))
}

/// The text collected so far.
#[derive(Default)]
struct Excerpt {
    text: String,
    length: usize,
    is_full: bool,
    /// True if the length is unlimited and all characters stay unchanged.
    is_whole: bool,
}

impl Excerpt {
    /// Adds a character. A line break becomes a space, to keep the message in one line.
    fn push(&mut self, c: char) {
        if self.is_whole {
            return self.text.push(c);
        }
        if self.is_full {
            return;
        }
        if self.length == LENGTH {
            self.text.push_str("..");
            self.is_full = true;
            return;
        }
        self.length += 1;
        let turns_text = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns_text {
            self.text.extend(c.escape_default());
        } else {
            self.text.push(c);
        }
    }

    fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    /// Adds the replacement for a secret.
    fn redact(&mut self) {
        self.push_str(if self.is_whole { "REDACTED" } else { REDACTED });
    }
}

/// Adds JSON, token by token: it may be incomplete.
fn json(text: &str, hidden: &Hidden, out: &mut Excerpt) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if out.is_full {
            return;
        }
        if first.is_whitespace() {
            rest = space(rest, out);
            continue;
        }
        let length = if first == '"' {
            string_length(rest)
        } else {
            token_length(rest)
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        if first != '"' {
            credentials(token, hidden, out);
            continue;
        }
        let name = serde_json::from_str::<String>(token).ok();
        let is_secret = name.as_deref().is_some_and(|name| hidden.hides_name(name));
        let is_name = rest.trim_start().starts_with(':');
        string(token, name.as_deref(), hidden, out);
        if is_name && is_secret {
            let value = rest.trim_start().trim_start_matches(':').trim_start();
            let length = value_length(value);
            let (value, after) = value.split_at_checked(length).unwrap_or((value, ""));
            out.push_str(":");
            out.push_str(match value {
                "null" | "true" | "false" => value,
                _ => "\"[redacted]\"",
            });
            rest = after;
        }
    }
}

/// Adds one space for any white space at the beginning of a text, and returns the rest.
fn space<'a>(text: &'a str, out: &mut Excerpt) -> &'a str {
    let after = text.trim_start();
    match text.strip_suffix(after) {
        Some(space) if out.is_whole => out.push_str(space),
        _ => out.push(' '),
    }
    after
}

/// Adds a JSON string, whose text may contain a credential in escaped form.
fn string(token: &str, text: Option<&str>, hidden: &Hidden, out: &mut Excerpt) {
    match text {
        Some(text) if token.contains('\\') && hidden.in_text(text) => {
            out.push('"');
            credentials(text, hidden, out);
            out.push('"');
        }
        _ => credentials(token, hidden, out),
    }
}

/// Adds a text without its credentials.
fn credentials(text: &str, hidden: &Hidden, out: &mut Excerpt) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if out.is_full {
            return;
        }
        let length = match hidden.value_at(rest) {
            Some(length) => {
                out.redact();
                length
            }
            None => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// Returns the length of the string at the beginning, including its quotation marks.
pub(super) fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of a number, a word, or one other character.
pub(super) fn token_length(text: &str) -> usize {
    let word = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_')))
        .unwrap_or(text.len());
    let first = text.chars().next().map_or(0, char::len_utf8);
    word.max(first)
}

/// Returns the length of the value at the beginning: a list or an object may be incomplete.
pub(super) fn value_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        at += match first {
            '"' => string_length(rest),
            _ => token_length(rest),
        };
        match first {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !first.is_whitespace() {
            break;
        }
    }
    at
}

/// Adds a text that is not JSON, such as XML, a form or a web page. The value in `password=..`,
/// `password: ..` and `<password>..` is omitted.
fn plain(text: &str, hidden: &Hidden, out: &mut Excerpt) {
    let mut rest = text;
    let mut word = String::new();
    while let Some(c) = rest.chars().next() {
        if out.is_full {
            return;
        }
        if let Some(length) = hidden.value_at(rest) {
            out.redact();
            rest = rest.get(length..).unwrap_or_default();
            word.clear();
            continue;
        }
        if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') {
            word.push(c);
        }
        if rest.starts_with("</") {
            // The name of a closing tag has no value.
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            let (tag, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            credentials(tag, hidden, out);
            rest = after;
            word.clear();
            continue;
        }
        if c.is_whitespace() {
            rest = space(rest, out);
            // In `password = ..` the value of the name follows.
            if !rest.starts_with('=') {
                word.clear();
            }
            continue;
        }
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if matches!(c, '=' | ':' | '>') && hidden.hides_name(&word) {
            let value = rest.trim_start_matches([' ', '"', '\'']);
            let before = rest.strip_suffix(value).unwrap_or_default();
            if out.is_whole {
                out.push_str(before);
            }
            let end = match before.chars().last() {
                Some(quote @ ('"' | '\'')) => Some(quote),
                _ => (c == '>').then_some('<'),
            };
            let length = plain_length(value, end);
            rest = value.get(length..).unwrap_or_default();
            out.redact();
        }
        if !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'')) {
            word.clear();
        }
    }
}

/// Returns the length of the value at the beginning of a text that is not JSON: up to `end`, a
/// quotation mark or the next tag, or else one word. A word such as `Bearer` includes the next
/// word.
fn plain_length(text: &str, end: Option<char>) -> usize {
    if let Some(end) = end {
        return text.find(end).unwrap_or(text.len());
    }
    let word = |text: &str| {
        let end = text
            .find(|c: char| c.is_whitespace() || matches!(c, '&' | ',' | ';' | '"' | '\'' | '<'));
        end.unwrap_or(text.len())
    };
    let length = word(text);
    match text.split_at_checked(length) {
        Some((first, rest))
            if ["basic", "bearer"].contains(&first.to_ascii_lowercase().as_str()) =>
        {
            let credential = rest.trim_start_matches(' ');
            text.len() - credential.len() + word(credential)
        }
        _ => length,
    }
}
