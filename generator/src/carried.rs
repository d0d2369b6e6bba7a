//! The names of extensions that a stage adds to a document for later stages.

/// The prefix of extensions that contain fields which `openapiv3` does not have.
pub const PREFIX: &str = "x-carried-";

/// The extension, after [`PREFIX`], that marks a server variable without a default.
pub(crate) const NO_DEFAULT: &str = "noDefault";
