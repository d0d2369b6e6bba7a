//! Explanations of diagnostic codes.

use crate::diagnostic::Code;

/// A section for each code.
const PAGES: &str = include_str!("explain/pages.md");

/// Returns the explanation of a code. The first line describes the fault, and the rest explains how
/// to correct it.
///
/// Returns an empty text for an unknown code, which a test excludes.
#[must_use]
pub fn page(code: Code) -> &'static str {
    let found = pages().find(|(name, _)| *name == code.as_str());
    found.map_or("", |(_, page)| page)
}

/// Returns all headings with their sections.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = PAGES.split("\n## ").skip(1);
    parts.filter_map(|part| {
        let (name, page) = part.split_once('\n')?;
        Some((name.trim(), page.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::code::{ALL, named};

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        for code in ALL {
            let page = page(*code);
            let (first, rest) = page.split_once("\n\n").unwrap_or((page, ""));
            assert!(!first.is_empty() && !first.contains('\n'), "{code}");
            assert!(!rest.is_empty(), "{code}");
        }
        let names: Vec<&str> = pages().map(|(name, _)| name).collect();
        for name in &names {
            assert!(named(name).is_some(), "{name}");
        }
        assert_eq!(names.len(), ALL.len());
    }
}
