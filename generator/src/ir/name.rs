//! Names on the wire, and documentation.

use super::note::Note;

/// A name on the wire with its Rust spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name<R> {
    /// The name in the document, byte for byte.
    pub wire: String,
    /// The name in generated code.
    pub rust: R,
}

/// The text of a rustdoc comment, as Markdown.
///
/// The lines are the document's; `emit` neutralizes code blocks, HTML and links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Docs {
    /// `title` or `summary`.
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// Facts that the type does not express.
    pub notes: Vec<Note>,
}
