//! A place where a schema stands.

use std::fmt;

use openapiv3::{ReferenceOr, Schema};

use super::{Document, SchemaView};
use crate::normalize;
use crate::pointer::Pointer;

/// A place where a schema stands: written out, or a `$ref` to one.
#[derive(Clone)]
pub struct SchemaNode<'a> {
    document: &'a Document,
    schema: SchemaRef<'a>,
    pointer: Pointer,
}

/// A schema field of `openapiv3`, boxed or not.
#[derive(Clone, Copy, Debug)]
pub enum SchemaRef<'a> {
    /// The text of a `$ref`.
    Reference(&'a str),
    /// A schema that is written out.
    Inline(&'a Schema),
}

/// `additionalProperties` or `unevaluatedProperties`, `items` or `unevaluatedItems`.
#[derive(Clone, Debug)]
pub enum Rest<'a> {
    /// The keyword is not there.
    Unsaid,
    /// `true` or `{}`.
    Any,
    /// `false`
    Closed,
    /// What each of them has to be.
    Schema(SchemaNode<'a>),
}

/// Several schemas in order, each with where it stands.
pub type Nodes<'a> = Vec<SchemaNode<'a>>;

/// Several named schemas in the document's order.
pub type NamedNodes<'a> = Vec<(&'a str, SchemaNode<'a>)>;

impl<'a> From<&'a ReferenceOr<Schema>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Inline(schema),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Inline(schema),
        }
    }
}

/// The document would fill pages.
impl fmt::Debug for SchemaNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaNode")
            .field("schema", &self.schema)
            .field("pointer", &self.pointer)
            .finish_non_exhaustive()
    }
}

impl<'a> SchemaNode<'a> {
    pub(super) fn new(document: &'a Document, schema: SchemaRef<'a>, pointer: Pointer) -> Self {
        Self {
            document,
            schema,
            pointer,
        }
    }

    /// Where it stands: the `$ref`, not what it means.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Where the `$ref` leads, one step; `None` where the schema is written out here.
    #[must_use]
    pub fn reference(&self) -> Option<Pointer> {
        match self.schema {
            SchemaRef::Reference(text) => normalize::target(text),
            SchemaRef::Inline(_) => None,
        }
    }

    /// The schema, if it is written out here.
    #[must_use]
    pub fn inline(&self) -> Option<SchemaView<'a>> {
        match self.schema {
            SchemaRef::Reference(_) => None,
            SchemaRef::Inline(schema) => {
                Some(SchemaView::new(self.document, schema, self.pointer.clone()))
            }
        }
    }

    /// The schema that is meant, through any number of `$ref`s; its
    /// [`pointer`](SchemaView::pointer) is where it is written out.
    ///
    /// `None` for a `$ref` to nowhere or in a circle, which `bundle` has reported.
    #[must_use]
    pub fn follow(&self) -> Option<SchemaView<'a>> {
        let mut node = self.clone();
        for _ in 0..=self.document.schema_count() {
            match node.reference() {
                Some(pointer) => node = self.document.schema(&pointer)?,
                None => return node.inline(),
            }
        }
        None
    }

    /// The same as [`Rest`] has it.
    pub(super) fn rest(self) -> Rest<'a> {
        match self.inline() {
            Some(view) if view.is_bare() => Rest::Any,
            Some(view) if view.is_never() => Rest::Closed,
            _ => Rest::Schema(self),
        }
    }
}
