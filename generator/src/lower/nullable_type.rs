//! Types that allow null or do not.

use crate::ir::Type;

/// A type, and whether it allows null.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Typed {
    pub ty: Type,
    pub nullable: bool,
}

impl Typed {
    /// Returns the type for an item or a map's value, where null needs an `Option`.
    pub fn into_nullable_type(self) -> Type {
        if self.nullable && self.ty != Type::Json {
            Type::Option(Box::new(self.ty))
        } else {
            self.ty
        }
    }
}
