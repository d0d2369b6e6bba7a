//! Converts the intermediate representation to the files of the generated crate.
//!
//! Emitting cannot fail: every decision was made in `lower` and `proof`.

mod client;
mod codec;
mod default_value;
mod dependencies;
mod docs;
mod example;
mod layout;
mod library;
mod lints;
pub mod manifest;
mod operation;
mod proof;
mod readme;
mod runtime;
mod runtime_features;
mod scope;
mod sizes;
#[cfg(test)]
mod tests;
mod types;
mod webhook;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::ir::{
    Additional, Api, Operation, Requirement, SchemeKind, Shape, Struct, Type, TypeDef, TypePath,
    Webhook,
};
use crate::proof::{OperationTests, Tests};
use crate::threads;
use default_value::Target;
use layout::Layout;
use runtime_features::RuntimeFeatures;
use sizes::Sizes;

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

/// The dependencies and features of the generated code.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// The dependencies of the crate.
    pub dependencies: Vec<Dependency>,
    /// The dependencies of its tests.
    pub dev_dependencies: Vec<Dependency>,
    /// Cargo features, each with the features and dependencies that it enables.
    pub features: indexmap::IndexMap<String, Vec<String>>,
}

/// A dependency from the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The version requirement.
    pub version: String,
    /// The enabled features.
    pub features: Vec<String>,
    /// True if the package's default features are enabled.
    pub default_features: bool,
    /// True if a feature must enable it.
    pub optional: bool,
}

/// All files of the generated crate except `Cargo.toml`, and the inputs for that.
#[derive(Clone, Debug)]
pub struct Emitted<T> {
    /// The results for the files, ordered by path.
    pub files: Vec<T>,
    /// The dependencies and features.
    pub needs: Needs,
}

/// The options for emitting.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name, as in `Cargo.toml`.
    pub package: String,
    /// The library's name in code.
    pub library: String,
    /// True to generate tests.
    pub tests: bool,
}

/// Emits the crate.
///
/// Each file is passed to `finish`, on one of several threads.
pub fn emit<T: Send>(
    api: &Api,
    tests: &Tests,
    options: &Options,
    finish: impl Fn(GeneratedFile<'_>) -> T + Sync,
) -> Emitted<T> {
    let context = &Context::new(api, tests, options);
    let (test_files, dev_dependencies) = if options.tests {
        (
            proof::files(context, api),
            proof::dev_dependencies(context, api),
        )
    } else {
        (Vec::new(), Vec::new())
    };
    let mut files = vec![
        rust("src/lib.rs", |out| out(library::file(context, api))),
        rust("src/client.rs", |out| out(client::file(context, api))),
        rust("src/runtime/mod.rs", |out| {
            out(runtime::module(&context.features));
        }),
        text(
            "README.md",
            readme::file(context, api, !test_files.is_empty()),
        ),
    ];
    if !api.webhooks.is_empty() {
        files.push(rust("src/webhooks.rs", |out| {
            webhook::file(context, api, out);
        }));
    }
    files.extend(types::files(context, api));
    files.extend(codec::files(context, api));
    files.extend(operation::files(context, api));
    files.extend(operation::failures(context));
    files.extend(operation::headers(context));
    files.extend(runtime::files(&context.features));
    files.extend(test_files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Emitted {
        files: threads::map(files, finish),
        needs: Needs {
            dev_dependencies,
            ..dependencies::needs(&context.features)
        },
    }
}

fn rust<'a>(
    path: &str,
    pieces: impl FnOnce(&mut dyn FnMut(TokenStream)) + Send + 'a,
) -> GeneratedFile<'a> {
    GeneratedFile {
        path: PathBuf::from(path),
        contents: Contents::Rust(Box::new(pieces)),
    }
}

fn text(path: &str, text: String) -> GeneratedFile<'static> {
    GeneratedFile {
        path: PathBuf::from(path),
        contents: Contents::Text(text),
    }
}

/// Facts about the whole document that several emitters use.
#[derive(Debug)]
struct Context<'a> {
    /// The package's name.
    package: &'a str,
    tests: &'a Tests,
    /// The package's name in Rust.
    krate: String,
    layout: Layout<'a>,
    sizes: Sizes<'a>,
    features: RuntimeFeatures,
    failures: operation::Failures<'a>,
    headers: operation::Headers<'a>,
    definitions: HashMap<&'a TypePath, &'a Shape>,
    deprecated: HashSet<&'a TypePath>,
    schemes: HashMap<&'a str, &'a SchemeKind>,
    /// The document's own `security`, if an operation uses it.
    security: Option<&'a [Requirement]>,
    /// The first server's URL, with variables replaced by their defaults.
    default_url: String,
    /// True if the document has deprecated items.
    deprecates: bool,
}

impl Context<'_> {
    /// Returns the example and the tests of an operation.
    fn tests_of(&self, operation: &Operation) -> Option<&OperationTests> {
        self.tests.operations.get(&operation.method_name)
    }
}

impl<'a> Context<'a> {
    fn new(api: &'a Api, tests: &'a Tests, options: &'a Options) -> Self {
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
            tests,
            krate: options.library.clone(),
            layout: Layout::new(api),
            sizes: Sizes::new(api),
            features: RuntimeFeatures::of(api),
            failures: operation::Failures::new(api),
            headers: operation::Headers::new(api),
            definitions: api
                .types
                .iter()
                .map(|TypeDef { path, shape, .. }| (path, shape))
                .collect(),
            deprecated: api
                .types
                .iter()
                .filter(|def| def.deprecated)
                .map(|def| &def.path)
                .collect(),
            schemes: api
                .schemes
                .iter()
                .map(|scheme| (scheme.name.wire.as_str(), &scheme.kind))
                .collect(),
            security: client::common_security(api),
            default_url: api
                .servers
                .first()
                .map_or_else(|| "/".to_owned(), crate::ir::Server::default_url),
            deprecates: api.types.iter().any(deprecated_type)
                || operations.any(|operation| {
                    operation.deprecated
                        || operation.parameters.iter().any(|p| p.deprecated)
                        || operation.callbacks.iter().any(deprecated_webhook)
                })
                || api.webhooks.iter().any(deprecated_webhook),
        }
    }

    /// Returns true if a type cannot be named without naming a deprecated type.
    fn is_deprecated(&self, ty: &Type) -> bool {
        match ty {
            Type::Named(path) => self.deprecated.contains(path),
            ty => ty.parts().iter().any(|ty| self.is_deprecated(ty)),
        }
    }

    /// Returns true if a type is any JSON value or an alias of it: null is then one of its values.
    fn is_any(&self, ty: &Type) -> bool {
        let mut next = ty;
        while let Type::Named(path) = next
            && let Some(Shape::Alias(ty)) = self.definitions.get(path)
        {
            next = ty;
        }
        *next == Type::Json
    }

    fn structure(&self, path: &TypePath) -> Option<&'a Struct> {
        match self.definitions.get(path) {
            Some(Shape::Struct(shape)) => Some(shape),
            _ => None,
        }
    }

    /// Returns the number of a struct's fields.
    fn field_count(&self, path: &TypePath) -> Option<usize> {
        let Struct {
            constants: _,
            fields,
            additional,
        } = self.structure(path)?;
        let kept = usize::from(matches!(additional, Additional::Kept { .. }));
        Some(fields.len() + kept)
    }

    /// Returns the targets for the arguments of a struct's `new`.
    fn targets_of_new(&self, path: &TypePath) -> impl Iterator<Item = Target> {
        let fields = self.structure(path).map_or(&[][..], |shape| &shape.fields);
        let asked = fields.iter().filter(|field| types::is_asked(field));
        asked.map(|field| Target::of(&field.ty))
    }

    /// Returns the variant of an open enum that keeps undocumented values.
    fn open_variant(&self, path: &TypePath) -> TokenStream {
        if let Some(Shape::Enum(shape)) = self.definitions.get(path) {
            shape.open.to_token_stream()
        } else {
            quote!(Unknown)
        }
    }
}
