//! Lists the files of the generated crate, except `Cargo.toml`.

use crate::ir::Api;

use super::context::Context;
use super::generated_file::{GeneratedFile, rust, text};
use super::{client, codec, library, operation, proof, readme, runtime, types, webhook};

/// Returns the files, ordered by path, with those of the tests if `tests` is `true`.
pub(super) fn files<'a>(
    context: &'a Context<'a>,
    api: &'a Api,
    tests: bool,
) -> Vec<GeneratedFile<'a>> {
    let test_files = if tests {
        proof::files(context, api)
    } else {
        Vec::new()
    };
    let mut files = vec![
        rust("src/lib.rs", |out| out(library::file(context, api))),
        rust("src/client.rs", |out| out(client::file(context, api))),
        rust("src/runtime/mod.rs", |out| {
            out(runtime::module(&context.plan.features));
        }),
        text(
            "README.md",
            readme::file(context, api, !test_files.is_empty()),
        ),
    ];
    if !api.webhooks.is_empty() {
        files.push(rust("src/webhooks.rs", |out| {
            webhook::file(context, api, out);
        }));
    }
    files.extend(types::files(context, api));
    files.extend(codec::files(context, api));
    files.extend(operation::files(context, api));
    files.extend(operation::failures(context));
    files.extend(operation::headers(context));
    files.extend(runtime::files(&context.plan.features));
    files.extend(test_files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
