//! `README.md` of the generated crate.

use super::docs::first_line;
use super::{Context, runtime};
use crate::ir::Api;

/// `README.md`
pub(super) fn file(context: &Context<'_>, api: &Api) -> String {
    let title = first_line(&api.info.title).unwrap_or_else(|| context.package.to_owned());
    let mut lines = vec![
        format!("# {title}"),
        String::new(),
        "A client for this API, generated from its OpenAPI document: changes belong there."
            .to_owned(),
        String::new(),
        "`cargo doc --open` shows the operations, each with an example; `src/types.rs` has the"
            .to_owned(),
        "schemas, `src/operations/` the operations by tag, and `src/runtime/` what is the same"
            .to_owned(),
        "for every document.".to_owned(),
        String::new(),
        "## Dependencies".to_owned(),
        String::new(),
    ];
    lines.extend(
        runtime::reasons(&context.uses).map(|(name, reason)| format!("- `{name}`: {reason}")),
    );
    lines.push(String::new());
    lines.join("\n")
}
