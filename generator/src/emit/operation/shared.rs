//! What operations often have alike is declared once, under a name of what it holds. Each operation
//! has its own name for it, so that no name changes where another comes to have the same.

use std::collections::HashMap;
use std::hash::Hash;

use indexmap::IndexMap;

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

    pub(super) fn declared(&self) -> &[(TypeName, T)] {
        &self.declared
    }

    /// The shared name of what an operation has a name of its own for.
    pub(super) fn name(&self, own: &TypeName) -> Option<&TypeName> {
        let index = self.of.get(own)?;
        self.declared.get(*index).map(|(name, _)| name)
    }
}

/// Where types that stand for another one are declared.
pub(super) fn declarations(api: &Api) -> HashMap<&TypePath, &TypePath> {
    let types = api.types.iter();
    types
        .filter_map(|def| Some((&def.path, def.same_as.as_ref()?)))
        .collect()
}
