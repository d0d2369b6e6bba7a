//! The names of the extensions that stages leave in a document for later stages.

/// Begins the name of every extension that holds what `openapiv3` has no field for.
pub const PREFIX: &str = "x-carried-";

/// Marks a server variable that has no default, after [`PREFIX`].
pub(crate) const NO_DEFAULT: &str = "noDefault";
