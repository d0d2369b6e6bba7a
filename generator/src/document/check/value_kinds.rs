//! Determines whether the values of a schema are scalars, lists or objects.

use std::collections::HashMap;

use super::super::{SchemaNode, SchemaType};
use super::DEEPEST;
use crate::diagnostic::Location;
use crate::pointer::Pointer;

/// The kinds of values that a schema allows.
#[expect(clippy::struct_excessive_bools, reason = "a set")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) scalar: bool,
    pub(super) list: bool,
    pub(super) object: bool,
    /// The schema does not restrict the type.
    pub(super) any: bool,
}

impl Kinds {
    fn or(self, other: Self) -> Self {
        Self {
            scalar: self.scalar || other.scalar,
            list: self.list || other.list,
            object: self.object || other.object,
            any: self.any || other.any,
        }
    }

    pub(super) fn can_be_object(self) -> bool {
        self.object || self.any
    }

    /// Returns `true` if every value is a list or an object.
    pub(super) fn is_nested(self) -> bool {
        !self.scalar && !self.any && (self.list || self.object)
    }

    /// Returns `true` if every value is a scalar.
    pub(super) fn is_scalar(self) -> bool {
        self.scalar && !self.list && !self.object && !self.any
    }

    pub(super) fn new(node: &SchemaNode<'_>) -> Self {
        let kinds = Self::within(node, DEEPEST, &mut HashMap::new());
        Self {
            any: kinds.any || kinds == Self::default(),
            ..kinds
        }
    }

    /// Returns the kinds of a node's values. `known` holds the compositions already visited: one
    /// that is being visited adds nothing to its own branches.
    fn within(node: &SchemaNode<'_>, depth: usize, known: &mut HashMap<Pointer, Self>) -> Self {
        let unsaid = Self {
            any: true,
            ..Self::default()
        };
        let Some(view) = node.follow().filter(|_| depth > 0) else {
            return unsaid;
        };
        if let Some(kinds) = known.get(view.pointer()) {
            return *kinds;
        }
        match view.inferred_type() {
            Some(SchemaType::Array) => {
                return Self {
                    list: true,
                    ..Self::default()
                };
            }
            Some(SchemaType::Object) => {
                return Self {
                    object: true,
                    ..Self::default()
                };
            }
            Some(_) => {
                return Self {
                    scalar: true,
                    ..Self::default()
                };
            }
            None => {}
        }
        if !view.enumeration().is_empty() {
            return unsaid;
        }
        known.insert(view.pointer().clone(), Self::default());
        let mut branches = view.one_of();
        branches.extend(view.any_of());
        let kinds = if branches.is_empty() {
            let parts = view.all_of();
            let mut kinds = parts
                .iter()
                .map(|part| Self::within(part, depth - 1, known));
            kinds
                .find(|kinds| !kinds.any && *kinds != Self::default())
                .unwrap_or(unsaid)
        } else {
            let kinds = branches
                .iter()
                .map(|branch| Self::within(branch, depth - 1, known));
            kinds.fold(Self::default(), Self::or)
        };
        known.insert(view.pointer().clone(), kinds);
        kinds
    }
}

/// Returns the location of the schema's `type`, or of the schema if it has none.
pub(super) fn type_of(node: &SchemaNode<'_>) -> Location {
    match node.follow() {
        Some(view) if view.declared_type().is_some() => view.keyword("type").into(),
        Some(view) => view.pointer().key(),
        None => node.pointer().key(),
    }
}
