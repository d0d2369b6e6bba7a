//! Decides which operations are paginated, and how.
//!
//! An extension decides, or else the first rule that matches. Certain paginations are generated.
//! Likely ones are only listed, with the overlay that enables them.

mod bind;
mod convention;
mod extension;
mod first_page;
mod inputs;
mod response;
mod rules;
mod schema;
mod vocabulary;

#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostics;
use crate::document::{Document, OperationEntry, PathEntry};
use crate::ir::Pagination;

use self::extension::Decision;
use self::response::ListResponse;

pub(super) use self::bind::{Types, body_field, page_code};
pub(super) use self::convention::settle;

/// Decides about the pagination of an operation, without the fields of the generated code.
pub(super) fn decide<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
    diagnostics: &mut Diagnostics,
) -> Option<Pagination> {
    match extension::decide(document, path, entry, diagnostics) {
        Decision::NotPaged => return None,
        Decision::Paged(pagination) => return Some(*pagination),
        Decision::Undecided => {}
    }
    if !matches!(entry.method, "GET" | "POST") {
        return None;
    }
    let response = ListResponse::new(document, path, entry)?;
    let inputs = inputs::inputs(document, path, entry);
    rules::decide(&rules::Operation {
        is_get: entry.method == "GET",
        inputs: &inputs,
        response: &response,
    })
}
