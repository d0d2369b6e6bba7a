//! The `mapping` of a discriminator.

use std::collections::{BTreeSet, HashSet};

use crate::diagnostic::{Diagnostic, code, nearest};
use crate::normalize::reporter::Reporter;
use crate::pointer::{Pointer, Trail};

/// Reports a value of `mapping` that is neither a `$ref` nor the name of a schema (OpenAPI 3.1,
/// section 4.8.25).
pub(crate) fn check_mapped_schema(
    reporter: &mut Reporter<'_>,
    name: &str,
    schemas: &HashSet<String>,
    place: &Trail<'_>,
) {
    if Pointer::from_reference(name).is_some() || schemas.contains(name) {
        return;
    }
    let message = format!("there is no schema `{name}` in `components.schemas`");
    // The set has no order of its own, so sort the names.
    let known: BTreeSet<&str> = schemas.iter().map(String::as_str).collect();
    let help = match nearest(name, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "write a schema's name, or a reference to it".to_owned(),
    };
    reporter.push(
        Diagnostic::error(code::UNRESOLVED_REFERENCE, place.pointer(), message)
            .label("not found")
            .help(help),
    );
}
