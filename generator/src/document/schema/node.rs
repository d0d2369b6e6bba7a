//! A position of the document that has a schema.

use std::fmt;

use super::super::Document;
use super::model::{Reference, Schema, SchemaId, SchemaType};
use super::view::SchemaView;
use crate::pointer::Pointer;

/// A position that has a schema: an inline schema or a `$ref`.
#[derive(Clone)]
pub struct SchemaNode<'a> {
    pub(super) document: &'a Document,
    pub(super) schema: &'a Schema,
    /// The pointer to the schema.
    pub(super) at: &'a Pointer,
    pub(super) part: Part,
}

/// The part of a schema that a node means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// The whole schema.
    Whole,
    /// A `$ref` with siblings: the target applies in addition to the siblings (JSON Schema
    /// 2020-12, Core, section 8.2.3.1).
    Reference,
    /// A `type` with several types beside an `anyOf`: both apply.
    Types,
    /// One of several types in `type`, with the keywords for its values.
    Type(SchemaType),
}

/// The identity of a schema within a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::document) struct SchemaKey(usize, Part);

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

/// Omits the document, which would fill pages.
impl fmt::Debug for SchemaNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaNode")
            .field("schema", &self.schema)
            .field("pointer", self.pointer())
            .finish_non_exhaustive()
    }
}

impl<'a> SchemaNode<'a> {
    pub(in crate::document) fn new(
        document: &'a Document,
        (at, schema): (&'a Pointer, &'a Schema),
    ) -> Self {
        Self {
            document,
            schema,
            at,
            part: Part::Whole,
        }
    }

    pub(super) fn get(document: &'a Document, id: SchemaId) -> Self {
        Self::new(document, document.table().get(id))
    }

    pub(super) fn part(&self, part: Part) -> Self {
        Self { part, ..*self }
    }

    pub(super) fn key(&self) -> SchemaKey {
        SchemaKey(std::ptr::from_ref(self.schema).addr(), self.part)
    }

    /// Returns the pointer to this position: that of the `$ref`, not of its target.
    ///
    /// A `$ref` with siblings and each name in a list of types are positions of their own.
    #[must_use]
    pub fn pointer(&self) -> &'a Pointer {
        let types = self.schema.type_places.as_ref();
        let part = match self.part {
            Part::Whole => None,
            Part::Reference => self
                .schema
                .reference
                .as_ref()
                .and_then(|it| it.beside.as_ref()),
            Part::Types => types.map(|places| &places.list),
            Part::Type(of) => types.and_then(|places| {
                let mut names = places.names.iter();
                names.find(|(other, _)| *other == of).map(|(_, at)| at)
            }),
        };
        part.unwrap_or(self.at)
    }

    /// Returns the direct target of the `$ref`, or `None` for an inline schema.
    #[must_use]
    pub fn reference(&self) -> Option<Pointer> {
        self.link()?.target.clone()
    }

    /// Returns the `$ref` if the node is one.
    fn link(&self) -> Option<&'a Reference> {
        let reference = self.schema.reference.as_ref()?;
        let is_reference = match self.part {
            Part::Whole => reference.beside.is_none(),
            Part::Reference => true,
            Part::Types | Part::Type(_) => false,
        };
        is_reference.then_some(reference)
    }

    /// Returns the schema if it is inline.
    #[must_use]
    pub fn inline(&self) -> Option<SchemaView<'a>> {
        let is_inline = self.link().is_none();
        is_inline.then(|| SchemaView::new(self.clone()))
    }

    /// Returns the schema after following any number of `$ref`s. Its
    /// [`pointer`](SchemaView::pointer) is that of the last target.
    ///
    /// Returns `None` for a missing target or a circular reference, which `bundle` has reported.
    #[must_use]
    pub fn follow(&self) -> Option<SchemaView<'a>> {
        let mut node = self.clone();
        for _ in 0..=self.document.table().len() {
            match node.link() {
                Some(link) => node = self.document.schema(link.target.as_ref()?)?,
                None => return Some(SchemaView::new(node)),
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
