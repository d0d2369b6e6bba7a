//! Repairs descriptions and summaries that refer to text files.

use serde_json::Value;

use super::describe::holders;
use crate::bundle::text_file;
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::source::Sources;

/// Returns the remedy for a `description` or `summary` that is a `$ref` to a text file.
pub(super) fn of_file(document: &Value, at: &Pointer, sources: &mut Sources) -> Option<Remedy> {
    let field = at.last()?;
    if !matches!(field.as_str(), "description" | "summary") {
        return None;
    }
    let reference = document.pointer(at.as_str())?.get("$ref")?.as_str()?;
    let (file, _) = sources.origin(at)?;
    let text = text_file(sources, file, reference)?;
    let of = holders(document, at);
    let effect = format!("`{field}`{of} is the text of `{reference}`");
    let edit = Edit::Set(at.clone(), Value::String(text));
    Some(Remedy::new(Scope::Annotation, edit, effect))
}
