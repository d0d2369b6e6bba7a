//! The intermediate representation -> the files of the generated crate.
//!
//! Emitting is total: every decision was made in `lower`.

mod client;
mod codec;
mod default_value;
mod docs;
mod example;
mod layout;
mod library;
mod lints;
pub mod manifest;
mod operation;
mod readme;
mod runtime;
mod scope;
mod sizes;
#[cfg(test)]
mod tests;
mod types;
mod webhook;

use std::collections::HashMap;
use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::ir::{Additional, Api, SchemeKind, Shape, Struct, TypeDef, TypePath, Webhook};
use crate::threads;
use default_value::Target;
use layout::Layout;
use sizes::Sizes;

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
    /// The items of a Rust file, in pieces of one or more; `write` formats them.
    Rust(Vec<TokenStream>),
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
pub struct Emitted<T> {
    /// What was made of the files, in the order of their paths.
    pub files: Vec<T>,
    /// What they need of Cargo.
    pub needs: Needs,
}

/// What emitting needs to know beside the document.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name, as in `Cargo.toml`.
    pub package: String,
}

/// Emits the crate.
///
/// Files are made on several threads, and each goes to `finish` on the thread that made it:
/// tokens cannot go to another one, and are many.
pub fn emit<T: Send>(
    api: &Api,
    options: &Options,
    finish: impl Fn(GeneratedFile) -> T + Sync,
) -> Emitted<T> {
    let context = &Context::new(api, options);
    let mut files = vec![
        rust("src/lib.rs", || vec![library::file(context, api)]),
        rust("src/client.rs", || vec![client::file(context, api)]),
        rust("src/runtime/mod.rs", || {
            vec![runtime::module(&context.uses)]
        }),
        Planned::new("README.md", || Contents::Text(readme::file(context, api))),
    ];
    if !api.webhooks.is_empty() {
        files.push(rust("src/webhooks.rs", || webhook::file(context, api)));
    }
    files.extend(types::files(context, api));
    files.extend(codec::files(context, api));
    files.extend(operation::files(context, api));
    files.extend(runtime::files(&context.uses));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let make = |Planned { path, make }: Planned<'_>| {
        finish(GeneratedFile {
            path,
            contents: make(),
        })
    };
    Emitted {
        files: threads::map(files, make),
        needs: runtime::needs(&context.uses),
    }
}

/// A file that is to be made, on whichever thread comes to it.
struct Planned<'a> {
    path: PathBuf,
    make: Box<dyn FnOnce() -> Contents + Send + 'a>,
}

impl<'a> Planned<'a> {
    fn new(path: &str, make: impl FnOnce() -> Contents + Send + 'a) -> Self {
        Self {
            path: PathBuf::from(path),
            make: Box::new(make),
        }
    }
}

/// A Rust file of these pieces.
fn rust<'a>(path: &str, pieces: impl FnOnce() -> Vec<TokenStream> + Send + 'a) -> Planned<'a> {
    Planned::new(path, || Contents::Rust(pieces()))
}

/// What several emitters ask about the document as a whole.
#[derive(Debug)]
struct Context<'a> {
    /// The package's name.
    package: &'a str,
    /// The package's name in Rust.
    krate: String,
    layout: Layout<'a>,
    sizes: Sizes<'a>,
    uses: runtime::Uses,
    definitions: HashMap<&'a TypePath, &'a Shape>,
    schemes: HashMap<&'a str, &'a SchemeKind>,
    /// The first server's URL, its variables at their defaults.
    default_url: String,
    /// Whether the document deprecates anything.
    deprecates: bool,
}

impl<'a> Context<'a> {
    fn new(api: &'a Api, options: &'a Options) -> Self {
        let deprecated_type = |def: &TypeDef| {
            def.deprecated
                || match &def.shape {
                    Shape::Struct(Struct { fields, .. }) => {
                        fields.iter().any(|field| field.deprecated)
                    }
                    _ => false,
                }
        };
        let deprecated_webhook = |webhook: &Webhook| {
            webhook.deprecated || webhook.parameters.iter().any(|p| p.deprecated)
        };
        let mut operations = api.groups.iter().flat_map(|group| &group.operations);
        Self {
            package: &options.package,
            krate: options.package.replace('-', "_"),
            layout: Layout::new(api),
            sizes: Sizes::new(api),
            uses: runtime::Uses::of(api),
            definitions: api
                .types
                .iter()
                .map(|TypeDef { path, shape, .. }| (path, shape))
                .collect(),
            schemes: api
                .schemes
                .iter()
                .map(|scheme| (scheme.name.wire.as_str(), &scheme.kind))
                .collect(),
            default_url: api
                .servers
                .first()
                .map_or_else(|| "/".to_owned(), client::default_url),
            deprecates: api.types.iter().any(deprecated_type)
                || operations.any(|operation| {
                    operation.deprecated
                        || operation.parameters.iter().any(|p| p.deprecated)
                        || operation.callbacks.iter().any(deprecated_webhook)
                })
                || api.webhooks.iter().any(deprecated_webhook),
        }
    }

    fn structure(&self, path: &TypePath) -> Option<&'a Struct> {
        match self.definitions.get(path) {
            Some(Shape::Struct(shape)) => Some(shape),
            _ => None,
        }
    }

    /// How many fields a struct has.
    fn field_count(&self, path: &TypePath) -> Option<usize> {
        let Struct { fields, additional } = self.structure(path)?;
        let kept = usize::from(matches!(additional, Additional::Kept { .. }));
        Some(fields.len() + kept)
    }

    /// What the arguments of a struct's `new` take.
    fn targets_of_new(&self, path: &TypePath) -> impl Iterator<Item = Target> {
        let fields = self.structure(path).map_or(&[][..], |shape| &shape.fields);
        let asked = fields.iter().filter(|field| types::is_asked(field));
        asked.map(|field| Target::of(&field.ty))
    }

    /// The variant of an open enum that keeps what the document does not name.
    fn open_variant(&self, path: &TypePath) -> TokenStream {
        if let Some(Shape::Enum(shape)) = self.definitions.get(path) {
            shape.open.to_token_stream()
        } else {
            quote!(Unknown)
        }
    }
}
