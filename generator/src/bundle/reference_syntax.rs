//! Parses the text of a `$ref` (RFC 3986; RFC 6901, section 6).

use percent_encoding::percent_decode_str;

use crate::pointer::Pointer;

/// A parsed and decoded reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The other file, relative to the file that contains the reference.
    pub(super) path: Option<String>,
    pub(super) fragment: Fragment,
}

/// The node in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fragment {
    Pointer(Pointer),
    /// An `$anchor`.
    Anchor(String),
}

/// A reference that the generator does not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// Another host.
    Remote,
    /// A path from the root of the file system, or another scheme.
    Absolute,
}

impl Reference {
    pub(super) fn parse(text: &str) -> Result<Self, Outside> {
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = decode(fragment);
        let fragment = match Pointer::parse(&fragment) {
            Some(pointer) => Fragment::Pointer(pointer),
            None => Fragment::Anchor(fragment),
        };
        if let Some(outside) = outside(path) {
            return Err(outside);
        }
        let path = Some(decode(path)).filter(|path| !path.is_empty());
        Ok(Self { path, fragment })
    }
}

fn outside(path: &str) -> Option<Outside> {
    if path.starts_with("//") {
        return Some(Outside::Remote);
    }
    if path.starts_with(['/', '\\']) {
        return Some(Outside::Absolute);
    }
    // RFC 3986, section 3.1. A Windows drive letter looks the same.
    let (scheme, _) = path.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => Some(Outside::Remote),
        _ if is_scheme => Some(Outside::Absolute),
        _ => None,
    }
}

/// Decodes percent escapes such as `%7B`; invalid ones are kept.
fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_references() {
        for (text, path, pointer) in [
            ("#/paths/~1a~1%7Bid%7D/get", None, "/paths/~1a~1{id}/get"),
            ("#", None, ""),
            ("", None, ""),
            ("a%20b/c.yml", Some("a b/c.yml"), ""),
            ("../c.yml#/A", Some("../c.yml"), "/A"),
            ("c.yml#", Some("c.yml"), ""),
            ("#/100%", None, "/100%"),
            ("Pet", Some("Pet"), ""),
        ] {
            let found = Reference::parse(text).expect(text);
            assert_eq!(found.path.as_deref(), path, "{text}");
            let pointer = Pointer::parse(pointer).expect("a pointer");
            assert_eq!(found.fragment, Fragment::Pointer(pointer), "{text}");
        }
        let found = Reference::parse("a.yml#pet").expect("an anchor");
        assert_eq!(found.fragment, Fragment::Anchor("pet".to_owned()));
    }

    #[test]
    fn recognizes_references_outside_of_the_document() {
        for (text, outside) in [
            ("https://example.com/a.yml#/A", Outside::Remote),
            ("HTTP://example.com", Outside::Remote),
            ("//example.com/a.yml", Outside::Remote),
            ("/etc/a.yml", Outside::Absolute),
            ("file:///a.yml", Outside::Absolute),
            ("urn:a:b", Outside::Absolute),
            ("C:\\a.yml", Outside::Absolute),
        ] {
            assert_eq!(Reference::parse(text), Err(outside), "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        let pointer = Pointer::root().child("a/b").child("100%41").child("{x}");
        let found = Reference::parse(&pointer.to_reference()).expect("a reference");
        assert_eq!(found.fragment, Fragment::Pointer(pointer));
    }
}
