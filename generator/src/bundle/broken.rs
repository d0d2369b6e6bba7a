//! References whose target cannot be read.

use crate::pointer::Pointer;

/// A reference that is unresolved, or whose target is another kind of object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The object with the `$ref`, or the value in the mapping of a discriminator.
    pub at: Pointer,
    /// True for a value in the mapping of a discriminator.
    pub is_mapping: bool,
    /// Its text.
    pub text: String,
    /// The target in the bundle, if it is another kind of object.
    pub leads_to: Option<Pointer>,
    /// The node in the `$defs` of an enclosing schema that `#/$defs/..` probably refers to.
    pub meant: Option<Pointer>,
}
