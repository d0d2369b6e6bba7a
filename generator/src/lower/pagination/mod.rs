//! Which operations give a long list page by page, and how.
//!
//! An extension decides, else the first rule that holds. What is certain is generated; what is likely
//! is listed with the overlay that would switch it on.

mod answer;
mod bind;
mod convention;
mod extension;
mod first;
mod rules;
mod seen;
mod vocabulary;

#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostics;
use crate::document::{Document, OperationEntry, PathEntry};
use crate::ir::Pagination;

use self::answer::Answer;
use self::extension::Decision;

pub(super) use self::bind::{Types, body_field, page_code};
pub(super) use self::convention::settle;

/// Decides on the pagination of an operation, without how the generated code does it.
pub(super) fn decide<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
    diagnostics: &mut Diagnostics,
) -> Option<Pagination> {
    match extension::decide(document, path, entry, diagnostics) {
        Decision::NotPaged => return None,
        Decision::Paged(pagination) => return Some(*pagination),
        Decision::Open => {}
    }
    if !matches!(entry.method, "GET" | "POST") {
        return None;
    }
    let answer = Answer::of(document, path, entry)?;
    let inputs = seen::inputs(document, path, entry);
    rules::decide(&rules::Operation {
        is_get: entry.method == "GET",
        inputs: &inputs,
        answer: &answer,
    })
}
