//! Finds compositions that contain themselves or combine too many schemas.

use std::collections::HashMap;

use super::super::{SchemaNode, SchemaView};
use super::Check;
use crate::diagnostic::{Code, Diagnostic, code};
use crate::pointer::Pointer;

/// Maximum depth of nested branches.
const MOST_LEVELS: usize = 500;

/// Maximum number of `allOf` branches in the document, nested ones counted for each parent.
const MOST_PARTS: usize = 200_000;

/// Returns the branches of a schema to follow.
type Branches<'d> = fn(&SchemaView<'d>) -> Vec<SchemaNode<'d>>;

/// A schema on the path of a search.
struct Step<'d> {
    at: Pointer,
    /// The branches not yet visited.
    rest: std::vec::IntoIter<SchemaNode<'d>>,
    /// The number of schemas combined so far.
    parts: usize,
}

impl<'d> Step<'d> {
    fn new(view: &SchemaView<'d>, branches: Branches<'d>) -> Self {
        Self {
            at: view.pointer().clone(),
            rest: branches(view).into_iter(),
            parts: 1,
        }
    }
}

impl<'d> Check<'d, '_> {
    /// Reports schemas that contain themselves through `allOf`, since such a schema has no
    /// instances, and compositions that are too large or too deep.
    ///
    /// The last search follows all branches, because a chain may alternate between `allOf` and
    /// `oneOf`, and the code that reads compositions recurses once per level. In a union, a schema
    /// may be its own branch.
    pub(super) fn compositions(&mut self) {
        let unions: Branches<'d> = |view| {
            let mut branches = view.one_of();
            branches.extend(view.any_of());
            branches
        };
        let all: Branches<'d> = |view| {
            let mut branches = view.all_of();
            branches.extend(view.all_branches().into_iter().flatten());
            branches
        };
        let is_shallow = self.search("allOf", SchemaView::all_of, true)
            & self.search("oneOf` or `anyOf", unions, true);
        if is_shallow {
            self.search("allOf`, `oneOf` or `anyOf", all, false);
        }
    }

    /// Follows the branches of all schemas. Returns `false` if a limit is exceeded.
    ///
    /// A depth-first search without recursion, since a chain may have any length.
    fn search(&mut self, keyword: &str, branches: Branches<'d>, are_circles_faults: bool) -> bool {
        let mut parts: HashMap<Pointer, Option<usize>> = HashMap::new();
        let mut total: usize = 0;
        let components = self.document.schemas().map(|(_, schema)| schema);
        for schema in components.chain(self.document.targets()) {
            let Some(start) = schema.inline() else {
                continue;
            };
            if parts.contains_key(start.pointer()) {
                continue;
            }
            let mut way = vec![Step::new(&start, branches)];
            parts.insert(start.pointer().clone(), None);
            while let Some(step) = way.last_mut() {
                let Some(branch) = step.rest.next() else {
                    let (at, count) = (step.at.clone(), step.parts);
                    way.pop();
                    if let Some(outer) = way.last_mut() {
                        outer.parts = outer.parts.saturating_add(count);
                    }
                    parts.insert(at, Some(count));
                    total = total.saturating_add(count - 1);
                    continue;
                };
                let Some(view) = branch.follow() else {
                    continue;
                };
                match parts.get(view.pointer()) {
                    Some(Some(count)) => step.parts = step.parts.saturating_add(*count),
                    Some(None) if are_circles_faults => {
                        self.circle(keyword, &branch, view.pointer());
                    }
                    Some(None) => {}
                    None if way.len() >= MOST_LEVELS => {
                        let message =
                            format!("`{keyword}` is nested more than {MOST_LEVELS} schemas deep");
                        self.limit(code::TOO_DEEP, branch.pointer(), message);
                        return false;
                    }
                    None => {
                        parts.insert(view.pointer().clone(), None);
                        way.push(Step::new(&view, branches));
                    }
                }
            }
            // The limit is for `allOf` only: the branches of a union are not merged.
            if keyword == "allOf" && total > MOST_PARTS {
                let message = format!("`{keyword}` combines more than {MOST_PARTS} schemas");
                self.limit(code::TOO_LARGE, start.pointer(), message);
                return false;
            }
        }
        true
    }

    fn limit(&mut self, code: Code, at: &Pointer, message: String) {
        self.report(
            Diagnostic::error(code, at, message)
                .label("the limit is reached here")
                .help("refer to other schemas from properties, or use fewer levels"),
        );
    }

    fn circle(&mut self, keyword: &str, branch: &SchemaNode<'_>, target: &Pointer) {
        let name = target.last().unwrap_or_default();
        self.report(
            Diagnostic::error(
                code::CIRCULAR_REFERENCE,
                branch.pointer(),
                format!("schema `{name}` is a branch of its own `{keyword}`"),
            )
            .label("refers back to it")
            .related(target.key(), "the schema")
            .help("remove the branch, or write it as the schema of a property"),
        );
    }
}
