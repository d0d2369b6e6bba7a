//! The intermediate representation -> the files of the generated crate.

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

/// What generated code needs of Cargo.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// What the crate needs.
    pub dependencies: Vec<Dependency>,
    /// What its tests need.
    pub dev_dependencies: Vec<Dependency>,
    /// Cargo features, each with what it switches on.
    pub features: indexmap::IndexMap<String, Vec<String>>,
}

/// A dependency from the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The version requirement.
    pub version: String,
    /// The features that are switched on.
    pub features: Vec<String>,
    /// Whether the package's default features are on.
    pub default_features: bool,
    /// Whether it is there only under a feature.
    pub optional: bool,
}

/// Everything of the generated crate but its `Cargo.toml`, and what that has to say.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// The files, in the order of their paths.
    pub files: Vec<GeneratedFile>,
    /// What they need of Cargo.
    pub needs: Needs,
}

/// What emitting needs to know beside the document.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name, as in `Cargo.toml`.
    pub package: String,
}
