//! The forms of types.

use crate::document::{SchemaNode, SchemaType};

use super::all_of::MergedSchema;
use super::branch::Branches;
use super::listed_values::EnumValue;

/// The form of the type for a schema.
pub(super) enum TypeForm<'d> {
    /// Any JSON value, with the reason.
    Any(&'static str),
    /// Only null.
    Null,
    /// One of a list of values.
    Enum(Vec<EnumValue>),
    /// An object with known properties, or a closed one without any.
    Struct,
    /// An object with properties of any name.
    Map,
    /// An array.
    Array,
    /// A string, a number, an integer or a boolean.
    Scalar(SchemaType),
    /// The same as another schema.
    Same(SchemaNode<'d>),
    /// The same as another merged schema.
    Merged(Box<MergedSchema<'d>>),
    /// A `oneOf` or `anyOf`.
    Union(Box<Branches<'d>>),
    /// A string that is one of a list of values, or any other string.
    OpenEnum(Vec<EnumValue>),
}

impl TypeForm<'_> {
    /// Returns `true` if types of this form have a declaration.
    pub fn is_declared(&self) -> bool {
        matches!(
            self,
            Self::Enum(_) | Self::OpenEnum(_) | Self::Struct | Self::Union(_)
        )
    }
}
