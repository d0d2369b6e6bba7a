//! Comparisons of values with several schemas.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Outcome, SchemaNode, Validity};
use crate::pointer::Pointer;

/// Compares a value with all schemas of a property.
pub(crate) fn compared<'d>(
    validity: &Validity<'d>,
    schemas: &[SchemaNode<'d>],
    value: &Json,
) -> Outcome {
    let mut outcome = Outcome::Allowed;
    for node in schemas {
        match validity.check(node, value) {
            Outcome::Allowed => {}
            Outcome::NotChecked => outcome = Outcome::NotChecked,
            refused @ Outcome::Refused(_) => return refused,
        }
    }
    outcome
}

/// Returns a warning for a value that was not compared with its schema.
pub(crate) fn not_checked(noun: &str, at: &Pointer, label: &str) -> Diagnostic {
    let message = format!("comparing the {noun} with its schema takes too many steps");
    Diagnostic::warning(code::NOT_COMPARED, at, message)
        .label(format!("not checked, and {label}"))
        .help("simplify the schema: alternatives that refer to one another multiply")
}
