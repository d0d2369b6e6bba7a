//! What operations often have alike is declared once, under a name of what it holds. Each operation
//! has its own name for it, so that no name changes where another comes to have the same.

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

/// What several operations have alike.
#[derive(Debug)]
pub(super) struct Shared<'a, T> {
    declared: Vec<(TypeName, T)>,
    /// By the name that the operation has for it.
    of: HashMap<&'a TypeName, usize>,
}

impl<'a, T> Shared<'a, T> {
    /// Takes the operations' own names with what they have, and what that says.
    pub(super) fn new<Said: Eq + Hash>(
        all: impl Iterator<Item = (&'a TypeName, T, Said)>,
        name: fn(&T) -> TypeName,
    ) -> Self {
        let mut sets: IndexMap<Said, (T, Vec<&'a TypeName>)> = IndexMap::new();
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

    /// The file that declares them, where there are any.
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

    /// The operation's own name for what it shares, which stands in a module.
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

/// Where types that stand for another one are declared.
pub(super) fn declarations(api: &Api) -> HashMap<&TypePath, &TypePath> {
    let types = api.types.iter();
    types
        .filter_map(|def| Some((&def.path, def.same_as.as_ref()?)))
        .collect()
}
