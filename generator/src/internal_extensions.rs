//! The names of extensions that a stage adds to a document, for later stages only.

/// The prefix of extensions that contain fields which `openapiv3` does not have.
pub const PREFIX: &str = "x-carried-";

/// The extension, after [`PREFIX`], that marks a server variable without a default.
pub(crate) const NO_DEFAULT: &str = "noDefault";

/// The extension, after [`PREFIX`], that marks a discriminator with a value whose schema is
/// missing.
pub(crate) const LOST_VALUE: &str = "lostValue";

/// Returns `true` if an extension is a mark of a repair.
pub(crate) fn is_mark(key: &str) -> bool {
    let mark = key.strip_prefix(PREFIX);
    mark.is_some_and(|mark| [NO_DEFAULT, LOST_VALUE].contains(&mark))
}
