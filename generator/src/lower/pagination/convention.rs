//! Rule 8: other operations of the document decide about an operation that is likely to be
//! paginated.
//!
//! Many documents describe pagination completely for some operations only. The same parameter
//! selects a page in the same way everywhere.

use std::collections::{HashMap, HashSet};

use crate::ir::{Certainty, DecidedBy, NextPage, PageStyle, Pagination, Parameter, Style};

use super::super::operation_draft::{GroupDraft, OperationDraft};
use super::vocabulary::{self as words, fold};

/// The number of the rule.
const RULE: u8 = 8;

/// The minimum number of operations with the same cursor for a convention.
const MIN_CURSORS: usize = 3;

/// The pagination of the operations that are certain.
#[derive(Default)]
struct Conventions {
    /// The parameters that count pages or items.
    counted: HashSet<(&'static str, String)>,
    /// The query parameters of operations whose response is a list and declares `Link`.
    linked: HashSet<String>,
    /// The paths of the next cursor and of the items in the responses, by parameter.
    cursors: HashMap<String, Vec<(NextPage, Vec<String>)>>,
}

/// Decides about the operations that are only likely to be paginated. Those that stay undecided are
/// kept if an extension can enable their pagination.
pub(in crate::lower) fn settle(groups: &mut [GroupDraft<'_>]) {
    let conventions = Conventions::new(groups);
    for group in groups {
        for operation in &mut group.operations {
            let Some(mut pagination) = operation.pagination.take() else {
                continue;
            };
            if pagination.certainty != Certainty::Certain
                && conventions.complete(operation, &mut pagination)
            {
                pagination.certainty = Certainty::Certain;
                pagination.decided_by = DecidedBy::Rule(RULE);
            }
            let has_next = pagination.style != PageStyle::Cursor || pagination.next.is_some();
            operation.pagination = has_next.then_some(pagination);
        }
    }
}

impl Conventions {
    fn new(groups: &[GroupDraft<'_>]) -> Self {
        let mut conventions = Self::default();
        let operations = groups.iter().flat_map(|group| &group.operations);
        for operation in operations {
            let Some(pagination) = &operation.pagination else {
                continue;
            };
            if pagination.certainty == Certainty::Certain {
                conventions.add(operation, pagination);
            }
        }
        conventions
    }

    fn add(&mut self, operation: &OperationDraft<'_>, pagination: &Pagination) {
        let parameter = pagination.parameter.as_ref().map(ToString::to_string);
        match (pagination.style, &pagination.next, parameter) {
            (PageStyle::PageNumber | PageStyle::Offset, None, Some(parameter)) => {
                self.counted.insert((pagination.style.as_str(), parameter));
            }
            (PageStyle::Cursor, Some(next), Some(parameter)) => {
                let cursors = self.cursors.entry(parameter).or_default();
                cursors.push((next.clone(), pagination.items.clone()));
            }
            (PageStyle::LinkHeader, _, _) => {
                let names = query(operation).map(|parameter| parameter.name.wire.clone());
                self.linked.extend(names);
            }
            _ => {}
        }
    }

    /// Completes a pagination from those of other operations. Returns `true` if it is now certain.
    fn complete(&self, operation: &OperationDraft<'_>, pagination: &mut Pagination) -> bool {
        let Some(parameter) = pagination.parameter.as_ref().filter(|_| pagination.is_list) else {
            return false;
        };
        let name = parameter.to_string();
        match pagination.style {
            // The end is an empty page, or a `Link` header without a next page.
            PageStyle::PageNumber | PageStyle::Offset => {
                let has_size =
                    query(operation).any(|other| words::is_size(&fold(&other.name.wire)));
                let counted = (pagination.style.as_str(), name);
                has_size
                    && pagination.first.is_some()
                    && (self.counted.contains(&counted) || self.linked.contains(&counted.1))
            }
            // If the body has no cursor, it can only be in the header.
            PageStyle::LinkHeader => {
                words::is_plain_cursor(&fold(&name)) && !self.linked.is_empty()
            }
            PageStyle::Cursor => {
                let cursors = self
                    .cursors
                    .get(&name)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let Some((next, items)) = cursors.first() else {
                    return false;
                };
                let is_same = cursors.iter().all(|(other, _)| other == next);
                let is_convention = cursors.len() >= MIN_CURSORS && is_same;
                if !is_convention || *items != pagination.items {
                    return false;
                }
                pagination.next = Some(next.clone());
                true
            }
            PageStyle::LastId | PageStyle::NextUrl => false,
        }
    }
}

/// Returns the query parameters of an operation.
fn query<'a>(operation: &'a OperationDraft<'_>) -> impl Iterator<Item = &'a Parameter> {
    let parameters = operation.parameters.iter();
    parameters.filter(|parameter| matches!(parameter.style, Style::Query { .. }))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::Value;

    use crate::Generator;

    /// Returns the decisions for GET operations. Each has a path, query parameters, and the schema
    /// of the response, or a header and a schema.
    fn decided(operations: &[(&str, &str, &str)]) -> Vec<String> {
        let mut text = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths:\n".to_owned();
        for (path, parameters, response) in operations {
            let _ = write!(
                text,
                "  {path}:\n    get:\n      parameters: [{parameters}]\n      responses:\n        \
                 '200': {{ description: d, {response} }}\n"
            );
        }
        let listed = Generator::from_text("t.yml", text.clone()).list();
        let (operations, _) = listed.unwrap_or_else(|error| panic!("{text}\n{error}"));
        let lines = operations.iter().map(|operation| {
            let found = &operation.to_json()["pagination"];
            let text = |key: &str| found[key].as_str().unwrap_or("-").to_owned();
            match found {
                Value::Null => "none".to_owned(),
                _ => ["style", "certainty", "decidedBy", "next"]
                    .map(text)
                    .join(" "),
            }
        });
        lines.collect()
    }

    const BARE: &str =
        "content: { application/json: { schema: { type: array, items: { type: object } } } }";
    const LINK: &str = "headers: { Link: { schema: { type: string } } }, content: { application/json: { \
                        schema: { type: array, items: { type: object } } } }";
    const PAGE: &str = "{ in: query, name: page, schema: { type: integer, default: 1 } }";
    const SIZE: &str = "{ in: query, name: per_page, schema: { type: integer } }";
    const CURSOR: &str = "{ in: query, name: cursor, schema: { type: string } }";
    const AFTER: &str = "{ in: query, name: after, schema: { type: string } }";

    fn data(properties: &str) -> String {
        format!(
            "content: {{ application/json: {{ schema: {{ type: object, properties: {{ \
             data: {{ type: array, items: {{ type: object }} }}{properties} }} }} }} }}"
        )
    }

    #[test]
    fn a_page_number_is_counted_as_in_other_operations() {
        let both = format!("{PAGE}, {SIZE}");
        let total = data(", total: { type: integer }");
        for (other, expected) in [
            (total.as_str(), "page-number A rule 8 -"),
            (LINK, "page-number A rule 8 -"),
            (BARE, "page-number B rule 6 -"),
        ] {
            let found = decided(&[("/a", &both, other), ("/b", &both, BARE)]);
            assert_eq!(found[1], expected, "{other}");
        }
        // There is no size, another parameter, or a single object that contains a list.
        let other = "{ in: query, name: pageNumber, schema: { type: integer, default: 1 } }";
        let thing = data(", name: { type: string }").replace("data:", "tags:");
        let found = decided(&[
            ("/a", &both, &total),
            ("/b", PAGE, BARE),
            ("/c", &format!("{other}, {SIZE}"), BARE),
            ("/d", &both, &thing),
        ]);
        assert_eq!(found[1..], ["page-number B rule 6 -"; 3]);
    }

    #[test]
    fn a_cursor_has_the_path_of_those_in_other_operations() {
        let next = data(", meta: { type: object, properties: { next_cursor: { type: string } } }");
        let plain = data("");
        let operations = [
            ("/a", CURSOR, next.as_str()),
            ("/b", CURSOR, &next),
            ("/c", CURSOR, &next),
            ("/d", CURSOR, &plain),
            ("/e", AFTER, &plain),
        ];
        let found = decided(&operations);
        assert_eq!(found[3], "cursor A rule 8 meta.next_cursor");
        assert_eq!(found[4], "none");
        // Two operations are not enough for a convention, and different ones are none.
        assert_eq!(decided(&operations[1..])[2], "none");
        let other = next.replace("meta", "paging");
        let found = decided(&[
            operations[0],
            operations[1],
            ("/c", CURSOR, &other),
            operations[3],
        ]);
        assert_eq!(found[3], "none");
    }

    #[test]
    fn a_cursor_without_a_path_is_in_the_link_header_of_other_operations() {
        let both = format!("{PAGE}, {SIZE}");
        let linked = ("/a", both.as_str(), LINK);
        let found = decided(&[linked, ("/b", CURSOR, BARE), ("/c", AFTER, BARE)]);
        assert_eq!(found[1], "link-header A rule 8 Link");
        assert_eq!(found[2], "link-header C rule 0 Link");
        assert_eq!(
            decided(&[("/b", CURSOR, BARE)]),
            ["link-header C rule 0 Link"]
        );
    }
}
