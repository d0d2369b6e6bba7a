//! Definitions that operations share are declared once, named after their contents. Each operation
//! has an alias, so no name changes when another operation shares the definition.

use std::collections::HashMap;
use std::hash::Hash;

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs::Doc;
use super::super::scope::{Item, Scope};
use super::super::{GeneratedFile, rust};
use crate::ident::TypeName;
use crate::ir::{Api, TypePath};

/// Definitions that several operations share.
#[derive(Debug)]
pub(super) struct Shared<'a, T> {
    declared: Vec<(TypeName, T)>,
    /// The index of the definition for each operation's own name.
    of: HashMap<&'a TypeName, usize>,
}

impl<'a, T> Shared<'a, T> {
    /// Groups definitions by their contents; `all` has the operation's name, the definition, and
    /// its contents.
    pub(super) fn new<FailureSignature: Eq + Hash>(
        all: impl Iterator<Item = (&'a TypeName, T, FailureSignature)>,
        name: fn(&T) -> TypeName,
    ) -> Self {
        let mut sets: IndexMap<FailureSignature, (T, Vec<&'a TypeName>)> = IndexMap::new();
        for (own, value, said) in all {
            let (_, names) = sets.entry(said).or_insert((value, Vec::new()));
            names.push(own);
        }
        sets.retain(|_, (_, names)| names.len() > 1);
        let mut declared = Vec::with_capacity(sets.len());
        let mut of = HashMap::new();
        let mut taken: HashMap<TypeName, usize> = HashMap::new();
        for (index, (value, names)) in sets.into_values().enumerate() {
            let name = name(&value);
            let count = taken.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count > 1 {
                TypeName::new(&format!("{name} set {count}"))
            } else {
                name
            };
            declared.push((name, value));
            of.extend(names.into_iter().map(|name| (name, index)));
        }
        Self { declared, of }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.declared.is_empty()
    }

    /// Returns the file that declares them, if there are any.
    pub(super) fn file<'s>(
        &'s self,
        path: &str,
        doc: &'static str,
        definition: impl Fn(&Scope<'_>, &TypeName, &T) -> TokenStream + Send + 's,
    ) -> Option<GeneratedFile<'s>>
    where
        T: Sync,
    {
        (!self.is_empty()).then(|| {
            rust(path, move |out| {
                out(Doc::from(doc).inner());
                let names = self.declared.iter().map(|(name, _)| name.as_str());
                let scope = Scope::of_crate(names.collect());
                for (name, value) in &self.declared {
                    out(definition(&scope, name, value));
                }
                out(scope.uses());
            })
        })
    }

    /// Returns the operation's alias of a shared definition, which is in a module.
    pub(super) fn alias(
        &self,
        scope: &Scope<'_>,
        module: Item,
        doc: &str,
        own: &TypeName,
    ) -> Option<TokenStream> {
        let index = self.of.get(own)?;
        let (shared, _) = self.declared.get(*index)?;
        let doc = Doc::from(doc).outer();
        let module = scope.item(module);
        Some(quote!(#doc pub type #own = #module::#shared;))
    }
}

/// Returns the declared types of re-exports.
pub(super) fn declarations(api: &Api) -> HashMap<&TypePath, &TypePath> {
    let types = api.types.iter();
    types
        .filter_map(|def| Some((&def.path, def.same_as.as_ref()?)))
        .collect()
}
