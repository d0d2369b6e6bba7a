//! Converts the intermediate representation to the files of the generated crate.
//!
//! Emitting cannot fail: every decision was made in `lower`, `proof` and `plan`.

mod client;
mod codec;
mod context;
mod dependencies;
mod docs;
mod example;
mod files;
mod generated_file;
mod library;
mod lints;
pub mod manifest;
mod operation;
mod proof;
mod readme;
mod runtime;
mod scope;
#[cfg(test)]
pub(crate) mod tests;
mod types;
mod value_expression;
mod webhook;

use crate::ir::Api;
use crate::plan::Plan;
use crate::proof::Tests;
use crate::threads;

use context::Context;
pub use dependencies::{Dependency, Needs};
pub use generated_file::{Contents, GeneratedFile, Pieces};

/// All files of the generated crate except `Cargo.toml`, and the inputs for that.
#[derive(Clone, Debug)]
pub struct Emitted<T> {
    /// The results for the files, ordered by path.
    pub files: Vec<T>,
    /// The dependencies and features.
    pub needs: Needs,
}

/// The options for emitting.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name, as in `Cargo.toml`.
    pub package: String,
    /// The library's name in code.
    pub library: String,
    /// True to generate tests.
    pub tests: bool,
}

/// Emits the crate.
///
/// Each file is passed to `finish`, on one of several threads.
pub fn emit<T: Send>(
    api: &Api,
    tests: &Tests,
    options: &Options,
    finish: impl Fn(GeneratedFile<'_>) -> T + Sync,
) -> Emitted<T> {
    let context = &Context {
        package: &options.package,
        krate: &options.library,
        plan: Plan::new(api),
        tests,
    };
    let files = files::files(context, api, options.tests);
    let dev_dependencies = if options.tests {
        proof::dev_dependencies(context, api)
    } else {
        Vec::new()
    };
    Emitted {
        files: threads::map(files, finish),
        needs: Needs {
            dev_dependencies,
            ..dependencies::needs(&context.plan.features)
        },
    }
}
