//! URI text, kept byte for byte.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A URI, kept as written.
///
/// It is not normalized: OAuth, for example, compares redirect URIs as strings, so
/// `https://example.com` is not `https://example.com/`. [`FromStr`] checks the syntax of RFC 3986,
/// section 3. URIs from a server are not checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uri(String);

impl Uri {
    /// Creates a URI without a check.
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Uri {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Uri> for String {
    fn from(uri: Uri) -> Self {
        uri.0
    }
}

impl PartialEq<str> for Uri {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Uri {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl FromStr for Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        check(text).map(|()| Self(text.to_owned()))
    }
}

impl TryFrom<String> for Uri {
    type Error = UriError;

    fn try_from(text: String) -> Result<Self, UriError> {
        check(&text).map(|()| Self(text))
    }
}

impl Serialize for Uri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Uri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// An error for text that is not a URI of RFC 3986.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UriError {
    position: usize,
    reason: &'static str,
}

impl UriError {
    /// Returns the byte offset of the error.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a URI: {} at byte {}", self.reason, self.position)
    }
}

impl std::error::Error for UriError {}

/// Checks `scheme ":" hier-part ["?" query] ["#" fragment]`, and the characters of each part.
fn check(text: &str) -> Result<(), UriError> {
    let fail = |position, reason| Err(UriError { position, reason });
    let Some((scheme, _)) = text.split_once(':') else {
        return fail(0, "there is no scheme, such as `https:`,");
    };
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return fail(0, "a scheme, such as `https:`, has to begin with a letter");
    }
    if let Some(at) = scheme.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))) {
        return fail(at, "a character that is not allowed in a scheme");
    }
    let rest = scheme.len() + 1;
    let authority = match text.get(rest..).and_then(|rest| rest.strip_prefix("//")) {
        None => rest..rest,
        Some(after) => {
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            rest + 2..rest + 2 + end
        }
    };
    let bytes = text.as_bytes();
    let mut fragment = false;
    for (at, byte) in text.bytes().enumerate().skip(rest) {
        let legal = match byte {
            b'%' => {
                let digits = bytes.get(at + 1..at + 3).unwrap_or_default();
                if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return fail(at, "a `%` without two hexadecimal digits after it");
                }
                true
            }
            b'#' if fragment => return fail(at, "a second `#`"),
            b'#' => {
                fragment = true;
                true
            }
            // Only in the address of an IPv6 host.
            b'[' | b']' => authority.contains(&at),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte),
        };
        if !legal {
            return fail(
                at,
                "a character that is not allowed in a URI (it has to be percent-encoded)",
            );
        }
    }
    Ok(())
}
