//! A position of the document that has a schema.

use std::fmt;

use openapiv3::{MediaType, ReferenceOr};

use super::model::{Part, Reference, Schema, SchemaId, SchemaKey, SchemaTable};
use crate::document::model::{Document, carried};
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

/// The value of `additionalProperties`, `unevaluatedProperties`, `items` or `unevaluatedItems`.
#[derive(Clone, Debug)]
pub enum SchemaOrBool<'a> {
    /// The keyword is absent.
    Absent,
    /// `true` or `{}`.
    Any,
    /// `false`
    Closed,
    /// The schema of each property or item.
    Schema(SchemaNode<'a>),
}

impl<'a> SchemaOrBool<'a> {
    /// Returns the schema, unless it allows any value or none.
    #[must_use]
    pub fn schema(self) -> Option<SchemaNode<'a>> {
        match self {
            Self::Schema(node) => Some(node),
            Self::Absent | Self::Any | Self::Closed => None,
        }
    }
}

/// Schemas in order, with their pointers.
pub type Nodes<'a> = Vec<SchemaNode<'a>>;

/// Named schemas in document order.
pub type NamedNodes<'a> = Vec<(&'a str, SchemaNode<'a>)>;

/// Omits the document, which can be very long.
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
    pub(super) fn link(&self) -> Option<&'a Reference> {
        let reference = self.schema.reference.as_ref()?;
        let is_reference = match self.part {
            Part::Whole => reference.beside.is_none(),
            Part::Reference => true,
            Part::Types | Part::Type(_) => false,
        };
        is_reference.then_some(reference)
    }
}

impl Document {
    /// Returns `components.schemas` in document order.
    pub fn schemas(&self) -> impl Iterator<Item = (&str, SchemaNode<'_>)> {
        let components = self.api.components.iter();
        components
            .flat_map(|components| &components.schemas)
            .map(|(name, schema)| (name.as_str(), self.node(schema)))
    }

    /// Returns the schemas outside of `components` that a `$ref` refers to, ordered by pointer.
    pub(in crate::document) fn targets(&self) -> impl Iterator<Item = SchemaNode<'_>> {
        let targets = self.targets.iter();
        targets.filter_map(|target| self.schema(target))
    }

    /// Returns the schema at a pointer, which may be a `$ref` itself.
    #[must_use]
    pub fn schema(&self, pointer: &Pointer) -> Option<SchemaNode<'_>> {
        Some(SchemaNode::new(self, self.schemas.find(pointer)?))
    }

    pub(super) fn table(&self) -> &SchemaTable {
        &self.schemas
    }

    /// Returns the schema of a field of `openapiv3`, which refers to it by its pointer:
    /// `document.node(media_type.schema.as_ref()?)`.
    #[must_use]
    pub fn node<'a>(&'a self, schema: &'a ReferenceOr<openapiv3::Schema>) -> SchemaNode<'a> {
        let pointer = match schema {
            ReferenceOr::Reference { reference } => Pointer::from_reference(reference),
            ReferenceOr::Item(_) => None,
        };
        let found = pointer.and_then(|pointer| self.schemas.find(&pointer));
        SchemaNode::new(self, found.unwrap_or_else(|| self.schemas.any()))
    }

    /// Returns `itemSchema` of the media type at a pointer (OpenAPI 3.2): the schema of each item
    /// of a stream.
    #[must_use]
    pub fn item_schema(&self, media_type: &MediaType, pointer: &Pointer) -> Option<SchemaNode<'_>> {
        carried(&media_type.extensions, "itemSchema")?;
        self.schema(&pointer.child("itemSchema"))
    }
}
