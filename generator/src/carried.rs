//! The names of the extensions that stages leave in a document for later stages.

/// Begins the name of every extension that holds what `openapiv3` has no field for.
pub const PREFIX: &str = "x-carried-";

/// Marks a server variable that has no default, after [`PREFIX`].
pub(crate) const NO_DEFAULT: &str = "noDefault";

/// Marks a discriminator with a value whose schema is not there, after [`PREFIX`].
pub(crate) const LOST_VALUE: &str = "lostValue";

/// Returns whether the name of an extension is a mark of a repair.
pub(crate) fn is_mark(key: &str) -> bool {
    let mark = key.strip_prefix(PREFIX);
    mark.is_some_and(|mark| [NO_DEFAULT, LOST_VALUE].contains(&mark))
}
