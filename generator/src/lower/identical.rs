//! Inline schemas of one name that say the same in several places become one type.
//!
//! Each keeps its own path, and is named by it: no path changes where another schema comes to say
//! the same, or something else.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::ident::ModuleName;
use crate::ir::{Docs, Module, Owner, Shape, Type, TypeDef, TypePath};

/// The declared type of each one that is only another path to it.
type Same<'a> = HashMap<&'a TypePath, &'a TypePath>;

/// Declares an inline type that is identical to an earlier one of its name as that one, and with it
/// the module of what stands inside.
///
/// Schemas with names of their own stay apart: the document itself tells them apart. So do
/// deprecated ones, which the path of another cannot name without a warning.
pub(super) fn merge(types: &mut [TypeDef], modules: &mut [Module]) {
    let same = same_types(types);
    let same_modules = same_modules(types, modules, &same);
    let same: Vec<Option<TypePath>> = types
        .iter()
        .map(|def| same.get(&def.path).map(|first| (*first).clone()))
        .collect();
    for (def, first) in types.iter_mut().zip(same) {
        def.same_as = first;
    }
    for (module, first) in modules.iter_mut().zip(same_modules) {
        module.same_as = first;
    }
}

fn same_types(types: &[TypeDef]) -> Same<'_> {
    let mut same = HashMap::new();
    let mut known = HashMap::new();
    // What stands inside a type comes before it, so that one walk is enough.
    for def in types {
        let inline = !def.path.modules.is_empty();
        if inline && !def.deprecated {
            let first = *known.entry(key(def, &same)).or_insert(&def.path);
            if *first != def.path {
                same.insert(&def.path, first);
            }
        }
    }
    same
}

/// All that a declaration says but for the modules that it stands in.
type Key<'a> = (&'a str, &'a Docs, Cow<'a, Shape>);

fn key<'a>(def: &'a TypeDef, same: &Same<'_>) -> Key<'a> {
    let mut shape = Cow::Borrowed(&def.shape);
    if shape.types().into_iter().any(|ty| names_any(ty, same)) {
        for ty in shape.to_mut().types_mut() {
            ty.rename(same);
        }
    }
    (def.path.name.as_str(), &def.docs, shape)
}

fn names_any(ty: &Type, same: &Same<'_>) -> bool {
    match ty {
        Type::Named(path) => same.contains_key(path),
        ty => ty.parts().iter().any(|part| names_any(part, same)),
    }
}

/// For each module that of the type that its own type is declared as, if it holds the same types.
fn same_modules(
    types: &[TypeDef],
    modules: &[Module],
    same: &Same<'_>,
) -> Vec<Option<Vec<ModuleName>>> {
    let mut inside: HashMap<&[ModuleName], Vec<&TypePath>> = HashMap::new();
    for TypeDef { path, .. } in types {
        for end in 1..=path.modules.len() {
            let around = path.modules.get(..end).unwrap_or_default();
            inside.entry(around).or_default().push(path);
        }
    }
    let mut module_of = HashMap::new();
    for Module { path, owner, .. } in modules {
        if let Owner::Type(owner) = owner {
            module_of.insert(owner, path);
        }
    }
    let declared = |path| -> &TypePath { same.get(path).copied().unwrap_or(path) };
    let types_of = |path: &Vec<ModuleName>| -> HashSet<(Vec<ModuleName>, &TypePath)> {
        let inside = inside.get(path.as_slice()).into_iter().flatten();
        let names = inside.map(|inner| {
            let below = inner.modules.iter().skip(path.len()).cloned();
            (below.collect(), declared(inner))
        });
        names.collect()
    };
    let first_of = |module: &Module| {
        let Owner::Type(owner) = &module.owner else {
            return None;
        };
        let first = *module_of.get(*same.get(owner)?)?;
        (types_of(&module.path) == types_of(first)).then(|| first.clone())
    };
    modules.iter().map(first_of).collect()
}
