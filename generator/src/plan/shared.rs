//! Definitions that operations share are declared once, named after their contents. Each operation
//! has an alias, so no name changes when another operation shares the definition.

use std::collections::HashMap;
use std::hash::Hash;

use indexmap::IndexMap;

use crate::ident::TypeName;
use crate::ir::{Api, TypePath};

/// Returns the declared types of re-exports.
pub(crate) fn declarations(api: &Api) -> HashMap<&TypePath, &TypePath> {
    let types = api.types.iter();
    types
        .filter_map(|def| Some((&def.path, def.same_as.as_ref()?)))
        .collect()
}

/// Definitions that several operations share.
#[derive(Debug)]
pub(crate) struct Shared<'a, T> {
    pub(crate) declared: Vec<(TypeName, T)>,
    /// The index of the definition for each operation's own name.
    of: HashMap<&'a TypeName, usize>,
}

impl<'a, T> Shared<'a, T> {
    /// Groups definitions by their contents. `all` has the operation's name, the definition, and
    /// its signature, by which definitions are compared.
    pub(crate) fn new<S: Eq + Hash>(
        all: impl Iterator<Item = (&'a TypeName, T, S)>,
        name: fn(&T) -> TypeName,
    ) -> Self {
        let mut sets: IndexMap<S, (T, Vec<&'a TypeName>)> = IndexMap::new();
        for (own, value, signature) in all {
            let (_, names) = sets.entry(signature).or_insert((value, Vec::new()));
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

    pub(crate) fn is_empty(&self) -> bool {
        self.declared.is_empty()
    }

    /// Returns the name of the definition that an operation shares, by the operation's own name.
    pub(crate) fn name_of(&self, own: &TypeName) -> Option<&TypeName> {
        let (name, _) = self.declared.get(*self.of.get(own)?)?;
        Some(name)
    }
}
