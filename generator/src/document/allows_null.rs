//! Determines whether a schema allows `null`, through references and composition.

use std::collections::HashMap;
use std::sync::PoisonError;

use super::nullability::Nullability;
use super::schema::SchemaKey;
use super::{SchemaNode, SchemaView};

impl SchemaView<'_> {
    /// Returns `true` if the schema allows `null` explicitly: by itself, by a branch of its `oneOf`
    /// or `anyOf`, by the target of its `$ref`, or by all parts of its `allOf`.
    #[must_use]
    pub fn nullable(&self) -> bool {
        self.nullability() == Nullability::Stated
    }

    /// Returns how the schema treats `null`.
    #[must_use]
    pub fn nullability(&self) -> Nullability {
        let known = &self.document().nullability;
        let known = || known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(&self.key()) {
            return *known;
        }
        let mut reader = Reader::default();
        let found = reader.view(self).unwrap_or(Nullability::Any);
        known().insert(self.key(), found);
        // In a cycle, the result of a schema depends on where the reader began.
        if !reader.has_cycle {
            let results = reader.known.into_iter();
            known().extend(results.filter_map(|(schema, found)| Some((schema, found?))));
        }
        found
    }

    /// Returns `true` if this is `{nullable: true}` and nothing but annotations.
    ///
    /// As a branch beside others it means `null`: read as any value, it would make the other
    /// branches meaningless. As a part of an `allOf` it makes the whole nullable.
    pub(super) fn is_only_nullable(&self) -> bool {
        let shows_a_value = || {
            let default = self.default_value().into_iter();
            default.chain(self.examples()).any(|value| !value.is_null())
        };
        self.is_marked_nullable() && self.is_any() && !shows_a_value()
    }
}

/// Computes the nullability of schemas, each once.
#[derive(Default)]
struct Reader {
    /// The results so far; `None` for a schema that is being read.
    known: HashMap<SchemaKey, Option<Nullability>>,
    /// True if a schema is among its own branches or parts.
    has_cycle: bool,
}

impl Reader {
    /// Returns how a schema treats `null`. Returns `None` for a schema that is already being read:
    /// it adds nothing to its own branches.
    fn view(&mut self, view: &SchemaView<'_>) -> Option<Nullability> {
        if view.has_null() {
            return Some(Nullability::Stated);
        }
        if view.inferred_type().is_some() || view.is_never() || !view.enumeration().is_empty() {
            return Some(Nullability::Refused);
        }
        if let Some(known) = self.known.get(&view.key()).copied() {
            self.has_cycle |= known.is_none();
            return known;
        }
        self.known.insert(view.key(), None);
        let found = self.composed(view);
        self.known.insert(view.key(), Some(found));
        Some(found)
    }

    fn composed(&mut self, view: &SchemaView<'_>) -> Nullability {
        let parts = view.all_of();
        let is_only_nullable =
            |part: &SchemaNode<'_>| part.inline().is_some_and(|view| view.is_only_nullable());
        if parts.iter().any(is_only_nullable) {
            return Nullability::Stated;
        }
        let mut says = Vec::new();
        for part in &parts {
            says.extend(part.follow().and_then(|view| self.view(&view)));
        }
        for branches in view.all_branches() {
            if !branches.is_empty() {
                let mut each = Vec::new();
                for branch in &branches {
                    each.extend(branch.follow().and_then(|view| self.view(&view)));
                }
                says.push(Nullability::any(each));
            }
        }
        Nullability::all(says)
    }
}
