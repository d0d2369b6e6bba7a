//! The tests of the generated crate, which check the examples and the operations of the document.
//!
//! They are generated as text. Text of the document only occurs as JSON in raw strings, which it
//! cannot end, or in one-line comments; names are identifiers.

mod examples;
mod json;
mod names;
mod text;
mod wire;

use crate::emit::context::Context;
use crate::emit::dependencies::Dependency;
use crate::emit::generated_file::GeneratedFile;
use crate::ir::Api;

/// Returns the files below `tests`.
pub(super) fn files(context: &Context<'_>, api: &Api) -> Vec<GeneratedFile<'static>> {
    let mut files = examples::files(context);
    wire::add_files(context, api, &mut files);
    files
}

/// Returns the additional dependencies of the tests.
pub(super) fn dev_dependencies(context: &Context<'_>, api: &Api) -> Vec<Dependency> {
    wire::dev_dependencies(context, api)
}
