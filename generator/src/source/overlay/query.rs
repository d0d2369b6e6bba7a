//! JSONPath queries (RFC 9535), with limits on their cost.
//!
//! `serde_json_path` parses a nested filter several times, by recursion, and lists a node each time
//! that a query selects it.

use std::collections::HashSet;

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::output_limits;
use crate::pointer::Pointer;

/// The maximum length of a query, in bytes.
const LONGEST: usize = 10_000;

/// The maximum depth of nested brackets and parentheses.
const DEEPEST: usize = 10;

/// The maximum number of nodes that a query may visit, including repeated visits.
const MOST_VISITS: usize = 2_000_000;

/// The average number of times that a descent visits a node selected by an earlier descent.
const VISITS_OF_A_DESCENT: usize = 8;

/// A query that selects nodes of a document.
#[derive(Debug)]
pub(super) struct Query {
    path: JsonPath,
    extent: Extent,
}

/// The properties that determine the cost of a query.
#[derive(Debug, Default, PartialEq, Eq)]
struct Extent {
    /// The descents: `..`.
    descents: usize,
    /// True if a filter selects from the root of the document.
    has_inner_root: bool,
    /// The number of ways in which the lists of selectors can select one node: two for `['a', *]`.
    ways: usize,
    depth: usize,
}

impl Query {
    /// Parses a query.
    ///
    /// # Errors
    ///
    /// A message if the text is not a query or exceeds the limits.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("is longer than {LONGEST} bytes"));
        }
        let extent = Extent::new(text);
        if extent.depth > DEEPEST {
            return Err(format!(
                "has brackets nested more than {DEEPEST} levels deep"
            ));
        }
        match JsonPath::parse(text) {
            Ok(path) => Ok(Self { path, extent }),
            Err(error) => Err(format!(
                "is not a valid JSONPath: {} at character {}",
                error.message(),
                error.position()
            )),
        }
    }

    /// Returns the nodes that the query selects, without duplicates, in document order, or `None` if
    /// it would visit too many nodes.
    pub(super) fn select(&self, document: &Value) -> Option<Vec<Pointer>> {
        if !self.extent.is_direct()
            && self.extent.visits(output_limits::count(document)) > MOST_VISITS
        {
            return None;
        }
        let located = self.path.query_located(document);
        let mut seen = HashSet::new();
        let pointers = located.locations();
        let pointers = pointers.filter_map(|place| Pointer::parse(&place.to_json_pointer()));
        Some(pointers.filter(|at| seen.insert(at.clone())).collect())
    }
}

impl Extent {
    fn new(text: &str) -> Self {
        let mut extent = Self {
            ways: 1,
            ..Self::default()
        };
        let mut selectors = Vec::new();
        let mut quote = None;
        let mut before = None;
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match (quote, c) {
                (Some(_), '\\') => {
                    chars.next();
                }
                (Some(end), _) if c == end => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '[' | '(') => {
                    selectors.push(1);
                    extent.depth = extent.depth.max(selectors.len());
                }
                (None, ']' | ')') => {
                    let ways = selectors.pop().unwrap_or(1);
                    extent.ways = extent.ways.saturating_mul(ways);
                }
                (None, ',') => {
                    if let Some(count) = selectors.last_mut() {
                        *count += 1;
                    }
                }
                (None, '.') if before == Some('.') => extent.descents += 1,
                (None, '$') if before.is_some() => extent.has_inner_root = true,
                _ => {}
            }
            before = Some(c);
        }
        extent
    }

    /// Returns `true` if each node is visited at most once.
    fn is_direct(&self) -> bool {
        self.descents == 0 && self.ways == 1
    }

    /// Returns the maximum number of visits in a document with this many nodes.
    fn visits(&self, nodes: usize) -> usize {
        let again = if self.has_inner_root {
            nodes
        } else {
            VISITS_OF_A_DESCENT
        };
        let mut visits = nodes.saturating_mul(self.ways);
        for _ in 1..self.descents {
            visits = visits.saturating_mul(again);
        }
        visits
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_has_an_extent() {
        let extent = |descents, has_inner_root, ways, depth| Extent {
            descents,
            has_inner_root,
            ways,
            depth,
        };
        for (text, expected) in [
            ("$.paths['/a,b(..)'].get", extent(0, false, 1, 1)),
            ("$..[\"x\\\"[..\"]", extent(1, false, 1, 1)),
            ("$.a['b', \"c\"][*,0,1]", extent(0, false, 6, 1)),
            ("$..[?(@..a == $.b)]", extent(2, true, 1, 2)),
            ("$[?@[?@[?@.a]]]", extent(0, false, 1, 3)),
        ] {
            assert_eq!(Extent::new(text), expected, "{text}");
        }
    }

    #[test]
    fn the_cost_of_a_query_is_limited() {
        let nested = |open: &str, count: usize, close: &str| {
            format!("$[?{}@.a{}]", open.repeat(count), close.repeat(count))
        };
        for text in [
            nested("(", 100_000, ")"),
            nested("(", 1_000, ")"),
            nested("!(", 1_000, ")"),
            nested("@[?", 20, "]"),
            nested("length(", 1_000, ")"),
            format!("${}", "[?(@.a".repeat(1_000)),
            format!("$[?@.a{}]", " && @.b".repeat(100_000)),
        ] {
            assert!(Query::parse(&text).is_err(), "{}", text.len());
        }
        let mut document = json!(1);
        for _ in 0..100 {
            document = json!({ "a": document, "b": [0] });
        }
        for (text, is_selected) in [
            ("$..a".to_owned(), true),
            ("$..*..*".to_owned(), true),
            (format!("${}", ".a".repeat(100)), true),
            (format!("${}", "..*".repeat(20)), false),
            (format!("${}", "['a','a']".repeat(40)), false),
            (format!("${}", "[*,*]".repeat(40)), false),
            ("$..[?count($..[?count($..*) > 1]) > 1]".to_owned(), false),
        ] {
            let query = Query::parse(&text).expect("it is a query");
            assert_eq!(query.select(&document).is_some(), is_selected, "{text}");
        }
    }
}
