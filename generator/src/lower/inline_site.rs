//! The places of inline schemas.

use crate::ir::TypePath;

use super::directions::Directions;

/// The owner of a module of inline schemas.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum OwnerKey {
    Type(TypePath),
    /// An operation, by its method name.
    Operation(String),
}

/// The place of an inline schema, which determines the name and module of its type.
#[derive(Clone, Debug)]
pub(super) struct InlineSite {
    pub owner: OwnerKey,
    /// The name of the schema: a property name or a status.
    pub hint: String,
    pub directions: Directions,
}

impl InlineSite {
    /// Returns the place of another schema of the same owner.
    pub fn named(&self, hint: impl Into<String>) -> Self {
        Self {
            hint: hint.into(),
            ..self.clone()
        }
    }
}
