//! The text that identifies equal schemas.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::applicator::Applicator;
use super::model::{Annotations, Part, Schema, SchemaTable, TypeSet};
use super::node::SchemaNode;
use super::view::SchemaView;

impl SchemaNode<'_> {
    /// Returns `true` if two nodes have the same schema: the same `$ref`, or equal inline schemas.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self.inline(), other.inline()) {
            (Some(one), Some(other)) => {
                one.key() == other.key() || one.identity() == other.identity()
            }
            (None, None) => self.reference() == other.reference(),
            _ => false,
        }
    }
}

impl SchemaView<'_> {
    /// Returns a text that is the same for equal inline schemas, wherever they are written.
    #[must_use]
    pub fn identity(&self) -> String {
        let mut text = String::new();
        write(&self.own(), self.document().table(), &mut text);
        text
    }

    /// Returns a text that is the same for schemas that differ only in annotations and in whether
    /// `null` is allowed.
    #[must_use]
    pub fn identity_of_values(&self) -> String {
        let mut schema = self.own().into_owned();
        schema.annotations = Annotations::default();
        schema.nullable = false;
        if !schema.types.is_only_null() {
            schema.types.null = false;
        }
        schema.discriminator = None;
        schema.others.clear();
        let mut text = String::new();
        write(&schema, self.document().table(), &mut text);
        text
    }

    /// Returns the schema that this view shows.
    fn own(&self) -> Cow<'_, Schema> {
        let schema = self.node.schema;
        let types = match self.node.part {
            Part::Whole | Part::Reference => return Cow::Borrowed(schema),
            Part::Types => schema.types,
            Part::Type(of) => TypeSet::single(of),
        };
        Cow::Owned(Schema {
            types,
            format: self.format().map(str::to_owned),
            enumeration: self.enumeration(),
            number: self.number().cloned().map(Box::new),
            string: self.string().cloned().map(Box::new),
            array: self.array().cloned().map(Box::new),
            object: self.object().cloned().map(Box::new),
            ..Schema::default()
        })
    }
}

/// Writes a schema and the schemas in it.
fn write(schema: &Schema, table: &SchemaTable, text: &mut String) {
    let mut stack = vec![schema];
    let mut ids = Vec::new();
    while let Some(schema) = stack.pop() {
        // Writing to a string does not fail.
        _ = write!(text, "{schema:?}");
        for keyword in Applicator::all() {
            schema.keywords().add_subschemas(keyword, &mut ids);
        }
        stack.extend(ids.drain(..).rev().map(|id| table.get(id).1));
    }
}
