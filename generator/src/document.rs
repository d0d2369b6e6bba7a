//! The document: its schemas in a model of our own, everything else as `openapiv3` models it, and
//! `$ref` look-up.
//!
//! Each schema of `openapiv3` is a reference into a table of [schemas](SchemaNode) by their
//! pointers. Everything here borrows from one [`Document`]. Pointers are those of the bundled
//! document as its author wrote it.

mod allows_null;
mod annotated_schema;
mod check;
mod equality;
mod inheritance;
mod model;
mod nullability;
mod operation_limits;
mod prepared_schema;
mod read;
mod schema;
mod validity;

#[cfg(test)]
mod tests;

pub use crate::number::Bound;
pub use equality::{ValueIndex, is_same};
pub use model::{Component, Document, OperationEntry, PathEntry, Scheme, carried};
pub use nullability::Nullability;
pub use schema::{
    Applicator, NamedNodes, Nodes, SchemaNode, SchemaOrBool, SchemaType, SchemaView, Walk,
};
pub use validity::{Outcome, Refusal, Validity};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::normalize::Normalized;

impl Document {
    /// Returns an error if the schemas exceed the limit on types. No other fault changes that, so
    /// it can be checked first.
    #[must_use]
    pub fn beyond_limits(value: &serde_json::Value) -> Option<Diagnostic> {
        read::too_many_types(value)
    }

    /// Reads a normalized document.
    ///
    /// Returns `None` if there are errors or `openapiv3` rejects the document; `diagnostics` has
    /// the reason.
    #[must_use]
    pub fn read(normalized: Normalized, diagnostics: &mut Diagnostics) -> Option<Self> {
        let document = read::read(normalized, diagnostics)?;
        if operation_limits::check(&document, diagnostics) {
            return None;
        }
        check::check(&document, diagnostics);
        Some(document)
    }
}
