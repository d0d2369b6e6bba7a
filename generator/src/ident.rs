//! Converts any text to a valid Rust name of a type, field, method or module.
//!
//! Names follow Rust's conventions: `RegisterOAuthClient` becomes `register_oauth_client`.
//! `lower::naming` chooses the names and resolves collisions.

use std::borrow::Cow;
use std::fmt;

use heck::{ToSnakeCase, ToUpperCamelCase};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $spell:ident, $number:ident, $empty:literal, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Converts any text to a valid identifier. The characters of a text without letters
            /// and digits are spelled out.
            #[must_use]
            pub fn new(text: &str) -> Self {
                Self(legal($spell(text), $empty, $prefix))
            }

            /// Returns the name with a suffix.
            #[must_use]
            pub fn suffixed(&self, suffix: &str) -> Self {
                let mut plain = self.0.strip_prefix("r#").unwrap_or(&self.0);
                if suffix.starts_with('_') {
                    // Removes the underscore of `self_`, which cannot be a raw identifier.
                    plain = plain.strip_suffix('_').unwrap_or(plain);
                }
                Self(legal(format!("{plain}{suffix}"), $empty, $prefix))
            }

            /// Returns the name with a number.
            #[must_use]
            pub fn numbered(&self, count: usize) -> Self {
                let plain = self.0.strip_prefix("r#").unwrap_or(&self.0);
                Self(legal($number(plain, count), $empty, $prefix))
            }

            /// Returns the identifier as source text, with `r#` if it is a keyword.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// A struct, an enum, a variant: `UpperCamelCase`.
    TypeName, camel, camel_numbered, "Empty", "N"
);
identifier!(
    /// A field or a parameter: `snake_case`.
    FieldName, snake, snake_numbered, "empty", "n_"
);
identifier!(
    /// A method or a function: `snake_case`.
    MethodName, snake, snake_numbered, "empty", "n_"
);
identifier!(
    /// A module: `snake_case`.
    ModuleName, snake, snake_numbered, "empty", "n_"
);

/// Words that `heck` splits but should not.
const JOINED: &[&str] = &[
    "apis",
    "cpus",
    "github",
    "gitlab",
    "gpus",
    "graphql",
    "ids",
    "ios",
    "ipad",
    "iphone",
    "ips",
    "ipv",
    "javascript",
    "jwts",
    "linkedin",
    "macos",
    "mysql",
    "oauth",
    "paypal",
    "pdfs",
    "postgresql",
    "skus",
    "typescript",
    "uris",
    "urls",
    "uuids",
    "vms",
    "webhook",
    "webhooks",
    "whatsapp",
    "wifi",
    "youtube",
];

/// Strict and reserved keywords of edition 2024 that can be written `r#keyword`.
const RAW_KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Returns the runs of ASCII letters and digits of a text.
///
/// A sign before a number is spelled out, because it distinguishes the number from the one without
/// a sign. So are the characters of a text that has neither letters nor digits.
fn segments(ascii: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = Vec::new();
    match ascii.as_bytes() {
        [b'-', next, ..] if next.is_ascii_alphanumeric() => segments.push("minus"),
        [b'+', next, ..] if next.is_ascii_alphanumeric() => segments.push("plus"),
        _ => {}
    }
    segments.extend(
        ascii
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|segment| !segment.is_empty()),
    );
    if segments.is_empty() {
        for character in ascii.chars() {
            segments.extend(symbol(character));
        }
    }
    segments
}

/// Transliterates a text to ASCII.
fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(deunicode::deunicode(text))
    }
}

/// Returns `true` if a segment is one lower-case word, like most segments.
fn is_word(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Returns the word for a character that identifiers cannot contain.
fn symbol(character: char) -> Option<&'static str> {
    Some(match character {
        '*' => "star",
        '+' => "plus",
        '-' => "minus",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '&' => "and",
        '|' => "or",
        '/' => "slash",
        '\\' => "backslash",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '#' => "hash",
        '%' => "percent",
        '@' => "at",
        '$' => "dollar",
        '~' => "tilde",
        '^' => "caret",
        '?' => "question",
        '_' => "underscore",
        '"' => "quote",
        '\'' => "apostrophe",
        '`' => "backtick",
        '(' | ')' => "parenthesis",
        '[' | ']' => "bracket",
        '{' | '}' => "brace",
        ' ' => "space",
        _ => return None,
    })
}

fn camel(text: &str) -> String {
    let mut name = String::new();
    for segment in segments(&ascii(text)) {
        let word = if is_word(segment) {
            let (first, rest) = segment.split_at(1);
            first.to_ascii_uppercase() + rest
        } else {
            segment.to_upper_camel_case()
        };
        // `1_2` and `12` are different names.
        if name.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit())
        {
            name.push('_');
        }
        name.push_str(&word);
    }
    name
}

fn camel_numbered(name: &str, count: usize) -> String {
    let is_number = name.ends_with(|c: char| c.is_ascii_digit());
    format!("{name}{}{count}", if is_number { "_" } else { "" })
}

fn snake_numbered(name: &str, count: usize) -> String {
    format!("{}_{count}", name.trim_end_matches('_'))
}

fn snake(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for segment in segments(&ascii(text)) {
        if !name.is_empty() {
            name.push('_');
        }
        if is_word(segment) {
            name.push_str(segment);
        } else {
            name.push_str(&snake_segment(segment));
        }
    }
    name
}

fn snake_segment(segment: &str) -> String {
    let snake = segment.to_snake_case();
    let words: Vec<&str> = snake.split('_').collect();
    let mut joined: Vec<String> = Vec::new();
    let mut rest = words.as_slice();
    loop {
        rest = match rest {
            [first, second, after @ ..] if is_one_word(first, second) => {
                joined.push(format!("{first}{second}"));
                after
            }
            [first, after @ ..] => {
                joined.push((*first).to_owned());
                after
            }
            [] => break,
        };
    }
    joined.join("_")
}

fn is_one_word(first: &str, second: &str) -> bool {
    let letters = second.trim_end_matches(|c: char| c.is_ascii_digit());
    JOINED
        .iter()
        .any(|word| word.strip_prefix(first) == Some(letters))
}

/// Makes a name valid: not empty, without a leading digit, not a keyword.
fn legal(name: String, empty: &str, prefix: &str) -> String {
    match name.as_str() {
        "" => empty.to_owned(),
        "Self" => "SelfValue".to_owned(),
        "self" | "super" | "crate" => format!("{name}_"),
        _ if RAW_KEYWORDS.contains(&name.as_str()) => format!("r#{name}"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("{prefix}{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_a_person_would_write_them() {
        for (text, method) in [
            ("RegisterOAuthClient", "register_oauth_client"),
            ("listOAuth2Clients", "list_oauth2_clients"),
            ("getGitHubAppIDs", "get_github_app_ids"),
            ("IPv4Address", "ipv4_address"),
            ("HTTPResponse", "http_response"),
            ("repos/list-for-org", "repos_list_for_org"),
            ("client_id", "client_id"),
            ("o_auth", "o_auth"),
            ("größe", "grosse"),
        ] {
            assert_eq!(MethodName::new(text).as_str(), method, "{text}");
        }
        for (text, name) in [
            (
                "OAuthDynamicRegistrationRequest",
                "OAuthDynamicRegistrationRequest",
            ),
            ("authorization_code", "AuthorizationCode"),
            ("CLIENT_SECRET", "ClientSecret"),
        ] {
            assert_eq!(TypeName::new(text).as_str(), name, "{text}");
        }
    }

    #[test]
    fn every_text_is_spelled_legally() {
        for (text, name) in [
            ("", "Empty"),
            ("+1", "Plus1"),
            ("-1", "Minus1"),
            ("1", "N1"),
            ("*", "Star"),
            ("self", "SelfValue"),
            ("1_2", "N1_2"),
        ] {
            assert_eq!(TypeName::new(text).as_str(), name, "{text}");
        }
        for (text, name) in [
            ("type", "r#type"),
            ("self", "self_"),
            ("2fa", "n_2fa"),
            ("😀", "grinning"),
            ("\u{200f}", "empty"),
        ] {
            assert_eq!(FieldName::new(text).as_str(), name, "{text}");
        }
    }

    #[test]
    fn a_suffix_keeps_a_name_legal() {
        assert_eq!(FieldName::new("type").suffixed("_2").as_str(), "type_2");
        assert_eq!(FieldName::new("self").numbered(2).as_str(), "self_2");
        assert_eq!(TypeName::new("Pet").numbered(2).as_str(), "Pet2");
        assert_eq!(TypeName::new("Pet2").numbered(2).as_str(), "Pet2_2");
    }
}
