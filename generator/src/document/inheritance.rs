//! Schemas that extend a schema whose `oneOf` or `anyOf` lists them.
//!
//! `Pet` lists `Cat` in its `oneOf`, and `Cat` is `allOf: [Pet, ..]`. A `Cat` matches a branch of
//! `Pet` by construction, so `Cat` does not check the `oneOf` again.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use super::model::List;
use super::schema::without_null;
use super::{Applicator, Nodes, SchemaOrBool, SchemaView, Walk};

/// Maximum number of nested schemas that only wrap a branch.
const MOST_WRAPPERS: usize = 4;

/// A keyword with all of its branches.
type Union<'a> = (&'static str, Nodes<'a>);

impl<'a> SchemaView<'a> {
    /// Returns the branches of `oneOf` and of `anyOf`, each with its keyword, that restrict a value
    /// which matches all of `parts`.
    ///
    /// Leaves out a keyword that lists one of the parts, since it holds already, and branches that
    /// only allow `null`.
    #[must_use]
    pub fn unions_beside(&self, parts: &[SchemaView<'a>]) -> Vec<(&'static str, Nodes<'a>)> {
        let mut unions = Vec::new();
        for (keyword, all) in self.keywords() {
            if !all.is_empty() && !self.keyword_lists(keyword, parts) {
                unions.push((keyword, without_null(all)));
            }
        }
        unions.retain(|(_, branches)| !branches.is_empty());
        unions
    }

    /// Returns `true` if `oneOf` or `anyOf` of the schema lists another schema.
    #[must_use]
    pub fn lists(&self, other: &SchemaView<'a>) -> bool {
        let mut keywords = self.keywords().into_iter();
        keywords.any(|(keyword, all)| {
            !all.is_empty() && self.listed(keyword, all).contains(other.pointer())
        })
    }

    /// Returns `true` if the keyword, `oneOf` or `anyOf`, lists one of several schemas.
    #[must_use]
    pub fn keyword_lists(&self, keyword: &str, others: &[SchemaView<'a>]) -> bool {
        // A schema that lists itself is reported by `check`.
        if others.iter().all(|other| other.pointer() == self.pointer()) {
            return false;
        }
        let mut keywords = self.keywords().into_iter();
        let Some((keyword, all)) = keywords.find(|(name, _)| *name == keyword) else {
            return false;
        };
        let listed = self.listed(keyword, all);
        others.iter().any(|other| listed.contains(other.pointer()))
    }

    fn keywords(&self) -> [Union<'a>; 2] {
        [("oneOf", self.all_one_of()), ("anyOf", self.all_any_of())]
    }

    /// Returns the pointers to the resolved branches of a keyword, and to the schemas that a branch
    /// only wraps: an `allOf` of one, or a `oneOf` with nothing beside it.
    fn listed(&self, keyword: &'static str, all: Nodes<'a>) -> List {
        let at = self.pointer().child(keyword);
        let lists = || self.document().lists.0.lock();
        if let Some(known) = lists().unwrap_or_else(PoisonError::into_inner).get(&at) {
            return Arc::clone(known);
        }
        let mut found = HashSet::new();
        // A branch that only wraps the owner does not make the owner its own branch.
        let walk = Walk::new(without_null(all), &[]).without(std::slice::from_ref(self));
        let mut walk = walk.up_to(MOST_WRAPPERS);
        while let Some(view) = walk.next() {
            found.insert(view.pointer().clone());
            if let Some(inner) = view.annotated() {
                walk.enter([inner]);
            } else if view.is_only_a_union() {
                walk.enter(view.subschemas(Applicator::UNION));
            }
        }
        let found = Arc::new(found);
        let mut lists = lists().unwrap_or_else(PoisonError::into_inner);
        lists.insert(at, Arc::clone(&found));
        found
    }

    /// Returns `true` if the schema is one `oneOf` or `anyOf` and nothing else restricts its
    /// values.
    #[must_use]
    pub fn is_only_a_union(&self) -> bool {
        let [(_, one_of), (_, any_of)] = self.keywords();
        one_of.is_empty() != any_of.is_empty()
            && self.all_of().is_empty()
            && self.properties().is_empty()
            && self.required().is_empty()
            && self.pattern_properties().is_empty()
            && self.enumeration().is_empty()
            && self.not().is_none()
            && matches!(
                self.additional_properties(),
                SchemaOrBool::Absent | SchemaOrBool::Any
            )
            && !self.is_constrained()
    }
}
