//! A position of the document that has a schema.

use std::fmt;

use openapiv3::{ReferenceOr, Schema};

use super::{Document, SchemaView};
use crate::normalize;
use crate::pointer::Pointer;

/// A position that has a schema: an inline schema or a `$ref`.
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
    /// An inline schema.
    Inline(&'a Schema),
}

/// The value of `additionalProperties`, `unevaluatedProperties`, `items` or `unevaluatedItems`.
#[derive(Clone, Debug)]
pub enum SchemaOrBool<'a> {
    /// The keyword is absent.
    Unsaid,
    /// `true` or `{}`.
    Any,
    /// `false`
    Closed,
    /// The schema of each property or item.
    Schema(SchemaNode<'a>),
}

/// Schemas in order, with their pointers.
pub type Nodes<'a> = Vec<SchemaNode<'a>>;

/// Named schemas in document order.
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

/// Omits the document, which would fill pages.
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

    /// Returns the pointer to this position: that of the `$ref`, not of its target.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Returns the direct target of the `$ref`, or `None` for an inline schema.
    #[must_use]
    pub fn reference(&self) -> Option<Pointer> {
        match self.schema {
            SchemaRef::Reference(text) => normalize::target(text),
            SchemaRef::Inline(_) => None,
        }
    }

    /// Returns the schema if it is inline.
    #[must_use]
    pub fn inline(&self) -> Option<SchemaView<'a>> {
        match self.schema {
            SchemaRef::Reference(_) => None,
            SchemaRef::Inline(schema) => {
                Some(SchemaView::new(self.document, schema, self.pointer.clone()))
            }
        }
    }

    /// Returns the schema after following any number of `$ref`s. Its
    /// [`pointer`](SchemaView::pointer) is that of the last target.
    ///
    /// Returns `None` for a missing target or a circular reference, which `bundle` has reported.
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

    /// Returns this schema as the value of a keyword such as `additionalProperties`.
    pub(super) fn rest(self) -> SchemaOrBool<'a> {
        match self.inline() {
            Some(view) if view.is_bare() => SchemaOrBool::Any,
            Some(view) if view.is_never() => SchemaOrBool::Closed,
            _ => SchemaOrBool::Schema(self),
        }
    }
}
