//! The branches of unions.

use std::collections::HashSet;

use crate::document::{SchemaNode, SchemaType, SchemaView};
use crate::ir::TypePath;
use crate::pointer::Pointer;

use super::all_of::MergedSchema;
use super::docs::required_set;

/// A property, and its values that select each branch.
pub(super) type Tags = (String, Vec<Vec<String>>);

/// The branches of a union, before they are lowered.
pub(super) struct Branches<'d> {
    /// The schema with the `oneOf`, `anyOf` or discriminator.
    pub owner: SchemaView<'d>,
    pub list: Vec<Branch<'d>>,
    /// The tags of the branches, if already known.
    pub known: Option<Tags>,
    /// The schema whose own values are the branch `Base`.
    pub own: Option<Pointer>,
}

impl<'d> Branches<'d> {
    pub fn new(owner: &SchemaView<'d>, list: Vec<Branch<'d>>) -> Self {
        Self {
            owner: owner.clone(),
            list,
            known: None,
            own: None,
        }
    }
}

/// A union with the sources of its variants.
pub(crate) struct UnionSource<'d> {
    /// The type of the union.
    pub path: TypePath,
    /// The schema with the `oneOf`, `anyOf` or discriminator.
    pub owner: SchemaView<'d>,
    /// True if its values are read.
    pub is_read: bool,
    /// The branches of each variant; several if they have the same type.
    pub variants: Vec<Vec<Branch<'d>>>,
}

/// One branch of a union.
#[derive(Clone)]
pub(crate) struct Branch<'d> {
    /// The branch in the document.
    pub node: SchemaNode<'d>,
    /// The branch merged with the keywords beside the union, if there are any.
    pub merged: Option<MergedSchema<'d>>,
}

impl<'d> Branch<'d> {
    /// Returns the branch merged with the keywords beside the union, or `None` for a broken
    /// reference.
    pub fn merged_schema(&self) -> Option<MergedSchema<'d>> {
        self.merged
            .clone()
            .or_else(|| Some(MergedSchema::new(&self.node.follow()?)))
    }
}

/// The branches that were removed because they refer back to their own union.
#[derive(Default)]
pub(crate) struct Circular {
    /// The branches, by pointer.
    pub branches: HashSet<Pointer>,
    /// The unions that lost a branch.
    pub unions: HashSet<TypePath>,
}

/// Returns `true` if a branch only restricts a value that other keywords describe.
pub(crate) fn is_constraint(node: &SchemaNode<'_>) -> bool {
    if required_set(node).is_some() {
        return true;
    }
    node.inline().is_some_and(|view| {
        (view.not().is_some() || view.is_false())
            && view.declared_type().is_none()
            && view.properties().is_empty()
            && view.all_of().is_empty()
            && view.one_of().is_empty()
            && view.any_of().is_empty()
    })
}

/// Returns `true` if a part has no keywords beside its alternatives except `type: object`.
pub(super) fn is_bare(view: &SchemaView<'_>) -> bool {
    view.properties().is_empty()
        && view.required().is_empty()
        && view.enumeration().is_empty()
        && view.pattern_properties().is_empty()
        && !matches!(
            view.additional_properties(),
            crate::document::SchemaOrBool::Schema(_)
        )
        && view.declared_type().is_none_or(|value_type| {
            value_type == SchemaType::Object
                || !view.any_of().is_empty()
                || !view.one_of().is_empty()
        })
}
