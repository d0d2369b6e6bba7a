//! The header `Link` (RFC 8288).

use http::HeaderMap;
use http::header::LINK;

use super::quoted_string::unquote;

/// Returns the target of the first link with a relation, unchanged: it may be a relative reference.
/// Returns `None` if no link has the relation.
///
/// A link with an `anchor` refers to another resource and is skipped (section 3.2).
#[must_use]
pub fn target(headers: &HeaderMap, relation: &str) -> Option<String> {
    let values = headers.get_all(LINK).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    values
        .flat_map(links)
        .find(|link| link.has(relation))
        .map(|link| link.target.to_owned())
}

/// One link-value (section 3).
#[derive(Debug, Default, PartialEq, Eq)]
struct Link<'h> {
    target: &'h str,
    /// The first `rel`, without its quotes: the others are ignored (section 3.3).
    relations: Option<String>,
    has_anchor: bool,
}

impl Link<'_> {
    fn has(&self, relation: &str) -> bool {
        let relations = self.relations.as_deref().unwrap_or_default();
        let mut relations = relations.split_ascii_whitespace();
        // Registered relations are compared without case (section 2.1.1).
        !self.has_anchor && relations.any(|one| one.eq_ignore_ascii_case(relation))
    }
}

/// Parses the links of a value (appendix B.2), up to the first invalid one.
fn links(value: &str) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    let mut rest = value;
    while let Some((link, after)) = link(rest) {
        links.push(link);
        rest = after;
    }
    links
}

fn link(text: &str) -> Option<(Link<'_>, &str)> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    let (target, mut rest) = text.strip_prefix('<')?.split_once('>')?;
    let mut link = Link {
        target: target.trim(),
        ..Link::default()
    };
    loop {
        rest = rest.trim_start();
        let Some(after) = rest.strip_prefix(';') else {
            // The next link begins after a comma; other text before it is skipped.
            let next = rest
                .find(',')
                .map_or("", |at| rest.get(at..).unwrap_or_default());
            return Some((link, next));
        };
        let after = after.trim_start();
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => parameter_value(after.trim_start()),
            None => (String::new(), after),
        };
        match name.trim() {
            name if name.eq_ignore_ascii_case("rel") => {
                link.relations.get_or_insert(value);
            }
            name if name.eq_ignore_ascii_case("anchor") => link.has_anchor = true,
            _ => {}
        }
        rest = after;
    }
}

/// Parses a token or a quoted string (RFC 9110, section 5.6.4), and returns the rest, too.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.trim().to_owned(), rest);
    };
    unquote(quoted)
}
