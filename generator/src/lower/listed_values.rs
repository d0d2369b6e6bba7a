//! The values that a schema lists with `enum` and `const`.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Remedy, Scope, code};
use crate::pointer::Pointer;
use crate::repair;

/// A value of a list, with its name in the document.
#[derive(Clone, Debug)]
pub(crate) struct EnumValue {
    pub value: Value,
    /// The `title` of a constant's schema.
    pub name: Option<String>,
    /// The `description` of a constant's schema.
    pub words: Option<String>,
}

impl EnumValue {
    /// Creates a value without name and description.
    pub fn bare(value: Value) -> Self {
        Self {
            value,
            name: None,
            words: None,
        }
    }

    pub fn or(self, other: &Self) -> Self {
        Self {
            name: self.name.or_else(|| other.name.clone()),
            words: self.words.or_else(|| other.words.clone()),
            ..self
        }
    }
}

/// The result for lists of values that have no value in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disjoint {
    /// No value.
    Empty,
    /// The values of both, those of the later part first.
    Joined,
}

/// The values of the lists of a schema.
#[derive(Clone, Debug)]
pub(crate) struct ListedValues {
    pub values: Vec<EnumValue>,
    /// The pointers to lists without a common value: the later and the earlier one.
    pub disjoint: Vec<[Pointer; 2]>,
}

impl ListedValues {
    /// Reports lists without a common value. The schema at `at` has the values of both then.
    pub fn report(&self, at: &Pointer, diagnostics: &mut Diagnostics) {
        for [later, first] in &self.disjoint {
            diagnostics.fault(nothing_in_common(later, first), || {
                let name = repair::schema_name(at);
                let effect = format!("{name} is an open enum of the values of both");
                Remedy::without_edits(Scope::Schema, effect)
            });
        }
    }
}

fn nothing_in_common(at: &Pointer, first: &Pointer) -> Diagnostic {
    Diagnostic::error(
        code::CONTRADICTORY_ALL_OF,
        at,
        "two branches of an `allOf` have no value in common",
    )
    .label("this branch allows none of them")
    .related(first, "this branch allows these")
    .help("add a common value to the lists, or use `oneOf`")
}
