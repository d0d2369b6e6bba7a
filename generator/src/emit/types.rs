//! The types of the schemas: structs, enums and unions with their docs.

mod docs_and_derives;
mod enumeration;
mod structure;
mod union;

use std::collections::HashSet;

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::lints;
use super::scope::{Scope, ident};
use docs_and_derives::Head;

use crate::emit::context::Context;
use crate::emit::generated_file::{GeneratedFile, rust};
use crate::ident::ModuleName;
use crate::ir::{Api, Module, Owner, Shape, TypeDef, TypePath};

/// The types of a module and its nested modules.
#[derive(Debug, Default)]
struct Tree<'a> {
    owner: Option<&'a Owner>,
    /// The module that this one re-exports.
    same_as: Option<&'a [ModuleName]>,
    types: Vec<&'a TypeDef>,
    modules: IndexMap<&'a ModuleName, Tree<'a>>,
}

impl<'a> Tree<'a> {
    fn new(api: &'a Api) -> Self {
        let mut tree = Self::default();
        for module in &api.modules {
            let Module {
                path,
                owner,
                same_as,
            } = module;
            let tree = tree.module(path);
            tree.owner = Some(owner);
            tree.same_as = same_as.as_deref();
        }
        for def in &api.types {
            tree.module(&def.path.modules).types.push(def);
        }
        tree
    }

    fn module(&mut self, path: &'a [ModuleName]) -> &mut Self {
        path.iter()
            .fold(self, |tree, name| tree.modules.entry(name).or_default())
    }

    fn declared(&self) -> HashSet<&'a str> {
        let types = self.types.iter().map(|def| def.path.name.as_str());
        let modules = self.modules.keys().map(|name| name.as_str());
        types.chain(modules).collect()
    }
}

/// Returns `src/types.rs`, or `src/types/mod.rs` with a file for each part.
pub(super) fn files<'a>(context: &'a Context<'_>, api: &'a Api) -> Vec<GeneratedFile<'a>> {
    let tree = Tree::new(api);
    let doc = docs::types::file();
    let names = context.plan.layout.parts();
    if names.is_empty() {
        return vec![rust("src/types.rs", move |out| {
            out(doc.inner());
            module(context, &tree, &[], 0, out);
        })];
    }
    let mut parts: Vec<Tree<'_>> = names.iter().map(|_| Tree::default()).collect();
    for def in tree.types {
        if let Some(part) = parts.get_mut(context.plan.layout.part_of(&def.path)) {
            part.types.push(def);
        }
    }
    for (name, tree) in tree.modules {
        if let Some(part) = parts.get_mut(context.plan.layout.part_of_top(name.as_str())) {
            part.modules.insert(name, tree);
        }
    }
    let mut files = Vec::with_capacity(names.len() + 1);
    for (index, (name, tree)) in names.iter().zip(parts).enumerate() {
        files.push(rust(&format!("src/types/{name}.rs"), move |out| {
            module(context, &tree, &[], index, out);
        }));
    }
    files.push(rust("src/types/mod.rs", move |out| {
        out(doc.inner());
        for name in names {
            // Distinct from the modules of inline schemas beside them, whose names never end this
            // way.
            let module_name = ident(&format!("{name}_"));
            let file = format!("{name}.rs");
            out(quote!(#[path = #file] mod #module_name; pub use #module_name::*;));
        }
    }));
    files
}

/// Writes the contents of a module: each type with the module of its inline schemas, and the `use`
/// lines.
fn module(
    context: &Context<'_>,
    tree: &Tree<'_>,
    path: &[ModuleName],
    part: usize,
    out: &mut dyn FnMut(TokenStream),
) {
    let scope = Scope::of_types(path, part, &context.plan.layout, tree.declared());
    out(reexports(&scope, tree));
    let declared = tree.modules.iter();
    let mut inner: IndexMap<&ModuleName, &Tree<'_>> = declared
        .filter(|(_, tree)| tree.same_as.is_none())
        .map(|(name, tree)| (*name, tree))
        .collect();
    let mut owned: std::collections::HashMap<&TypePath, Vec<&ModuleName>> =
        std::collections::HashMap::new();
    for (name, tree) in &tree.modules {
        if let Some(Owner::Type(owner)) = tree.owner {
            owned.entry(owner).or_default().push(name);
        }
    }
    for def in &tree.types {
        if def.same_as.is_none() {
            out(definition(context, &scope, def));
        }
        for name in owned.remove(&def.path).into_iter().flatten() {
            if let Some(tree) = inner.shift_remove(name) {
                out(inner_module(context, tree, path, name, part));
            }
        }
    }
    for (name, tree) in inner {
        out(inner_module(context, tree, path, name, part));
    }
    out(scope.uses());
}

/// Returns the re-exports of a module.
fn reexports(scope: &Scope<'_>, tree: &Tree<'_>) -> TokenStream {
    let mut names: IndexMap<&[ModuleName], Vec<TokenStream>> = IndexMap::new();
    let modules = tree.modules.iter();
    let mut modules: Vec<(&ModuleName, &[ModuleName])> = modules
        .filter_map(|(name, tree)| Some((*name, tree.same_as?)))
        .collect();
    modules.sort();
    for (name, same_as) in modules {
        let Some((last, around)) = same_as.split_last() else {
            continue;
        };
        let renamed = (last != name).then(|| quote!(as #name));
        names
            .entry(around)
            .or_default()
            .push(quote!(#last #renamed));
    }
    let types = tree.types.iter();
    let mut types: Vec<&TypePath> = types.filter_map(|def| def.same_as.as_ref()).collect();
    types.sort_by_key(|path| &path.name);
    for TypePath { modules, name } in types {
        names.entry(modules).or_default().push(quote!(#name));
    }
    let lines = names
        .iter()
        .map(|(modules, names)| scope.reexport(modules, names));
    quote!(#(#lines)*)
}

fn inner_module(
    context: &Context<'_>,
    tree: &Tree<'_>,
    parent: &[ModuleName],
    name: &ModuleName,
    part: usize,
) -> TokenStream {
    let mut path = parent.to_vec();
    path.push(name.clone());
    let mut contents = Vec::new();
    module(context, tree, &path, part, &mut |piece| {
        contents.push(piece);
    });
    // The `use` lines were written last and belong first.
    contents.rotate_right(1);
    let attribute = lints::module_inception(parent.last(), name);
    let doc = docs::types::inline_schemas(tree.owner, parent).outer();
    quote! {
        #doc
        #attribute
        pub mod #name { #(#contents)* }
    }
}

fn definition(context: &Context<'_>, scope: &Scope<'_>, def: &TypeDef) -> TokenStream {
    let TypeDef {
        path,
        docs: _,
        deprecated,
        shape,
        same_as: _,
    } = def;
    let head = Head {
        doc: docs::types::type_docs(def).outer(),
        deprecated: lints::deprecated(*deprecated),
        name: &path.name,
        traits: context.plan.traits(path),
    };
    match shape {
        Shape::Struct(shape) => structure::structure(context, scope, &head, shape),
        Shape::Enum(shape) => enumeration::enumeration(scope, &head, shape),
        Shape::Union(shape) => union::union(context, scope, &head, shape),
        Shape::Alias(ty) => {
            let complexity = lints::type_complexity([ty]);
            let ty = scope.ty(ty);
            let Head {
                doc,
                deprecated,
                name,
                traits: _,
            } = head;
            quote!(#doc #deprecated #complexity pub type #name = #ty;)
        }
        Shape::Newtype(ty) => {
            let complexity = lints::type_complexity([ty]);
            let ty = scope.ty(ty);
            let derives = head.derives();
            let Head {
                doc,
                deprecated,
                name,
                traits: _,
            } = head;
            quote! {
                #doc
                #deprecated
                #complexity
                #derives
                pub struct #name(
                    /// The value.
                    pub #ty,
                );
            }
        }
    }
}
