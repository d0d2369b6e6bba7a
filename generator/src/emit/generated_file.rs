//! A file of the generated crate.

use std::path::PathBuf;

use proc_macro2::TokenStream;

/// A file of the generated crate.
pub struct GeneratedFile<'a> {
    /// The path, relative to the crate's folder.
    pub path: PathBuf,
    /// The contents of the file.
    pub contents: Contents<'a>,
}

/// Passes the items of a Rust file to a callback, in pieces of one or more.
///
/// The tokens of a large file take many times its size, so only those of one piece exist at a time.
/// The `use` lines may come last, when all uses are known.
pub type Pieces<'a> = Box<dyn FnOnce(&mut dyn FnMut(TokenStream)) + Send + 'a>;

/// The contents of a generated file.
pub enum Contents<'a> {
    /// The items of a Rust file, which `write` formats.
    Rust(Pieces<'a>),
    /// Text that is written unchanged: the runtime's files, the README.
    Text(String),
}

pub(super) fn rust<'a>(
    path: &str,
    pieces: impl FnOnce(&mut dyn FnMut(TokenStream)) + Send + 'a,
) -> GeneratedFile<'a> {
    GeneratedFile {
        path: PathBuf::from(path),
        contents: Contents::Rust(Box::new(pieces)),
    }
}

pub(super) fn text(path: &str, text: String) -> GeneratedFile<'static> {
    GeneratedFile {
        path: PathBuf::from(path),
        contents: Contents::Text(text),
    }
}
