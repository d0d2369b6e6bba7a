//! The examples in the document.

use std::cell::LazyCell;
use std::collections::HashSet;

use indexmap::IndexMap;
use openapiv3::{Example, ReferenceOr};
use serde_json::Value as Json;

use crate::document::{Document, SchemaNode, SchemaView};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::nullable_type::Typed;

/// The examples found so far.
#[derive(Debug, Default)]
pub(super) struct Examples<'d> {
    found: Vec<DocumentedExample<'d>>,
    /// The entries of `found`, since a shared example occurs several times.
    known: HashSet<(Pointer, Type)>,
}

/// An example in the document.
#[derive(Debug)]
pub(crate) struct DocumentedExample<'d> {
    /// The pointer to the example.
    pub at: Pointer,
    pub value: &'d Json,
    /// The documentation of the example.
    pub words: Option<&'d str>,
    /// The type that reads it.
    pub ty: Type,
    /// The schemas that must allow it.
    pub nodes: Vec<SchemaNode<'d>>,
}

impl<'d> Examples<'d> {
    pub fn add(&mut self, found: DocumentedExample<'d>) {
        if self.known.insert((found.at.clone(), found.ty.clone())) {
            self.found.push(found);
        }
    }

    /// Returns the examples in order.
    pub fn into_list(self) -> Vec<DocumentedExample<'d>> {
        self.found
    }

    /// Records the examples in the schemas of one value, or beside a `$ref` that is one of them.
    pub fn of_schemas(&mut self, nodes: &[SchemaNode<'d>], typed: impl Fn() -> Typed) {
        let ty = LazyCell::new(|| typed().into_nullable_type());
        for view in nodes.iter().filter_map(SchemaNode::inline) {
            // Siblings of a `$ref` are a branch of their own.
            let beside = view.all_of().into_iter().filter_map(|node| node.inline());
            let beside = beside.filter(SchemaView::is_any);
            for view in std::iter::once(view.clone()).chain(beside) {
                for (at, value) in view.examples_at() {
                    self.add(DocumentedExample {
                        at,
                        value,
                        words: None,
                        ty: Type::clone(&ty),
                        nodes: nodes.to_vec(),
                    });
                }
            }
        }
    }
}

/// Returns the values of `example` and `examples`, in that order.
pub(crate) fn documented_values<'d>(
    document: &'d Document,
    example: Option<&'d Json>,
    named: &'d IndexMap<String, ReferenceOr<Example>>,
    at: &Pointer,
) -> Vec<&'d Json> {
    let given = documented_values_at(document, example, named, at);
    given.into_iter().map(|(_, value)| value).collect()
}

/// Returns the values of `example` and `examples`, each with its pointer.
pub(super) fn documented_values_at<'d>(
    document: &'d Document,
    example: Option<&'d Json>,
    named: &'d IndexMap<String, ReferenceOr<Example>>,
    at: &Pointer,
) -> Vec<(Pointer, &'d Json)> {
    let named = named.iter().filter_map(|(name, example)| {
        let (example, at) = document.resolve(example, at.child("examples").child(name))?;
        Some((at.child("value"), example.value.as_ref()?))
    });
    let example = example.map(|value| (at.child("example"), value));
    example.into_iter().chain(named).collect()
}
