//! The generated crate's files, as tokens and text.

pub mod manifest;

use std::path::PathBuf;

use proc_macro2::TokenStream;

/// One file of the generated crate.
#[derive(Clone, Debug)]
pub struct GeneratedFile {
    /// Where it goes, relative to the crate's folder.
    pub path: PathBuf,
    /// What stands in it.
    pub contents: Contents,
}

/// What stands in a generated file.
#[derive(Clone, Debug)]
pub enum Contents {
    /// The items of a Rust file; `write` formats them.
    Rust(TokenStream),
    /// Text that stays as it is: the runtime's files, the README.
    Text(String),
}
