//! The form of the tables: objects, their fields, and the types of values.

use super::object_kind::ObjectKind;

/// The type of a value in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FieldType {
    /// Any JSON value, in which nothing has a meaning for the specification: `example`, `default`.
    Data,
    /// A list of such values.
    DataList,
    Text,
    Texts,
    TextMap,
    TextsMap,
    TextOrTexts,
    Flag,
    /// A non-negative integer.
    Count,
    Number,
    FlagOrNumber,
    One(ObjectKind),
    /// One object, or in old drafts of JSON Schema a list: `items`.
    OneOrList(ObjectKind),
    List(ObjectKind),
    /// An object whose keys are names.
    Map(ObjectKind),
    /// A map whose values are objects or lists of text.
    MapOrTexts(ObjectKind),
    /// The `mapping` of a discriminator: each value is the name of a schema, or a reference to it.
    SchemaMapping,
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) ty: FieldType,
    pub(crate) required: bool,
    /// The types that a keyword of a schema applies to; empty for all types.
    pub(super) types: &'static [&'static str],
}

/// The fields of an object whose names are not fixed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PatternedFields {
    None,
    /// The names are path templates.
    Paths(FieldType),
    /// The names are status codes and their ranges.
    StatusCodes(FieldType),
    /// The author chooses the names, or they are expressions.
    Names(FieldType),
}

/// An object of the specification with its fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object {
    pub(crate) kind: ObjectKind,
    pub(crate) fields: &'static [Field],
    pub(crate) patterned: PatternedFields,
}

pub(super) const fn field(name: &'static str, ty: FieldType) -> Field {
    Field {
        name,
        ty,
        required: false,
        types: &[],
    }
}

impl Field {
    pub(super) const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    pub(super) const fn applies_to(self, types: &'static [&'static str]) -> Self {
        Self { types, ..self }
    }
}

pub(super) const fn define(kind: ObjectKind, fields: &'static [Field]) -> Object {
    Object {
        kind,
        fields,
        patterned: PatternedFields::None,
    }
}

impl Object {
    pub(super) const fn patterned(self, patterned: PatternedFields) -> Self {
        Self { patterned, ..self }
    }

    /// Returns the field with a name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
