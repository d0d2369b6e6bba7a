//! `README.md` of the generated crate.

use super::docs::{code, first_line};
use super::{dependencies, example};
use crate::emit::context::Context;
use crate::ir::Api;

/// Returns `README.md`.
pub(super) fn file(context: &Context<'_>, api: &Api, has_tests: bool) -> String {
    let title = first_line(&api.info.title).unwrap_or_else(|| context.package.to_owned());
    let mut lines = vec![
        format!("# {title}"),
        String::new(),
        "A client for this API, generated from its OpenAPI document. Change the document, not this crate."
            .to_owned(),
        String::new(),
    ];
    if let Some(example) = example::first(context, api) {
        lines.push("```rust".to_owned());
        // Lines that a doctest hides are useless to a reader.
        lines.extend(example.into_iter().filter(|line| !is_frame(line)));
        lines.push("```".to_owned());
        lines.push(String::new());
    }
    let types = if context.plan.layout.parts().is_empty() {
        "src/types.rs"
    } else {
        "src/types/"
    };
    lines.extend([
        "`cargo doc --open` shows the operations, each with an example. The schemas are in"
            .to_owned(),
        format!(
            "{}, and the operations in `src/operations/`, by tag. `src/runtime/` is the same",
            code(types)
        ),
        "for all documents.".to_owned(),
    ]);
    if has_tests {
        lines.push(String::new());
        let lines_of_tests = [
            "`cargo test` decodes and encodes the examples of the document, and calls each operation",
            "against a server in the test process. If `BASE_URL` is set, it calls that server instead,",
            "for example a mock server or a staging system. If `ALLOW_HTTP` is set, credentials are sent to",
            "an `http` URL of another computer too.",
        ];
        lines.extend(lines_of_tests.map(str::to_owned));
    }
    lines.extend([String::new(), "## Dependencies".to_owned(), String::new()]);
    lines.extend(
        dependencies::reasons(&context.plan.features)
            .map(|(name, reason)| format!("- `{name}`: {reason}")),
    );
    lines.push(String::new());
    lines.join("\n")
}

/// Returns `true` if a line of a doctest is only for the compiler.
fn is_frame(line: &str) -> bool {
    line.starts_with("```") || line == "#" || line.starts_with("# ")
}
