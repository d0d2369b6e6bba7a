//! The tests of the generated crate: what the document itself says of its values, tried out.
//!
//! They are text from the start. A document's text gets into it as JSON in a raw string, which it
//! cannot leave, or as a comment of one line; names are identifiers.

mod examples;
mod json;
mod names;
mod text;
mod wire;

use super::{Context, Dependency, GeneratedFile};
use crate::ir::Api;

/// The files below `tests`.
pub(super) fn files(context: &Context<'_>, api: &Api) -> Vec<GeneratedFile<'static>> {
    let mut files = examples::files(context, api);
    wire::add_files(context, api, &mut files);
    files
}

/// What the tests need beyond what the crate does.
pub(super) fn dev_dependencies(api: &Api) -> Vec<Dependency> {
    wire::dev_dependencies(api)
}
