//! The inputs and the error of editing `Cargo.toml`.

use std::ops::Range;

use crate::emit::dependencies::Needs;
use crate::ir::{Info, Server};

/// The inputs of the manifest from the document and the generated code.
#[derive(Clone, Copy, Debug)]
pub struct ManifestInput<'a> {
    /// The metadata of the API.
    pub info: &'a Info,
    /// The servers.
    pub servers: &'a [Server],
    /// The dependencies and features of the generated code.
    pub needs: &'a Needs,
}

/// The reason why there is no manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The fault, in one sentence without a full stop.
    pub message: String,
    /// The location in the existing text, or `None` if the error is about the package's name.
    pub span: Option<Range<usize>>,
    /// The suggested fix.
    pub help: String,
}
