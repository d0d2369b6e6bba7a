//! Any text -> Markdown that rustdoc shows and never runs.

/// The lines of a document's text as Markdown that is safe in a doc comment.
pub(super) fn safe(text: &str) -> Vec<String> {
    text.trim()
        .lines()
        .map(|line| line.trim().to_owned())
        .collect()
}

/// A text as inline code, whatever backticks it holds.
pub(crate) fn code(text: &str) -> String {
    format!("`{text}`")
}
