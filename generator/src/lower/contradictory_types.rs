//! Schemas that no value matches, because their types exclude each other.

use crate::diagnostic::{Diagnostic, Diagnostics, Remedy, Scope, code};
use crate::document::{SchemaType, SchemaView};
use crate::pointer::Pointer;
use crate::repair;

/// Parts of an `allOf` declare types that exclude each other.
#[derive(Clone, Debug)]
pub(crate) struct Contradiction<'d> {
    /// The later and the earlier part, with their types.
    pub pairs: Vec<[(SchemaView<'d>, SchemaType); 2]>,
}

impl Contradiction<'_> {
    /// Reports each pair of parts. The schema at `at` is any JSON value then.
    pub fn report(&self, at: &Pointer, diagnostics: &mut Diagnostics) {
        for [(part, next), (by, known)] in &self.pairs {
            diagnostics.fault(contradiction((part, *next), (by, *known)), || {
                let name = repair::schema_name(at);
                let effect = format!("{name} is any JSON value");
                Remedy::without_edits(Scope::Schema, effect)
            });
        }
    }
}

/// Returns the name of a type with its article, for messages.
pub(super) fn article(value_type: SchemaType) -> &'static str {
    match value_type {
        SchemaType::String => "a string",
        SchemaType::Number => "a number",
        SchemaType::Integer => "an integer",
        SchemaType::Boolean => "a boolean",
        SchemaType::Array => "an array",
        SchemaType::Object => "an object",
    }
}

fn contradiction(
    (part, next): (&SchemaView<'_>, SchemaType),
    (by, known): (&SchemaView<'_>, SchemaType),
) -> Diagnostic {
    Diagnostic::error(
        code::CONTRADICTORY_ALL_OF,
        part.keyword("type"),
        format!("no value is both {} and {}", article(known), article(next)),
    )
    .label(format!("{} here", article(next)))
    .help("give both the same `type`, or use `oneOf`")
    .related(by.keyword("type"), format!("{} here", article(known)))
}
