//! Merges identical inline schemas with the same name into one type.
//!
//! Each keeps its own path: no path changes when another schema becomes identical or different.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::ident::ModuleName;
use crate::ir::{Docs, Owner, Shape, Type, TypePath};

use super::type_draft::{Definition, ModuleDraft};

/// The declared type for each re-export.
type Same<'a> = HashMap<&'a TypePath, &'a TypePath>;

/// The types and modules that are identical to earlier ones, in order.
pub(super) struct Identical {
    pub types: Vec<Option<TypePath>>,
    pub modules: Vec<Option<Vec<ModuleName>>>,
}

/// Finds inline types that are identical to an earlier type with the same name, and the modules of
/// their inline schemas too.
///
/// Schemas with names of their own stay separate, because the document distinguishes them. So do
/// deprecated ones, since the path of another type cannot refer to them without a warning.
pub(super) fn find(types: &[Definition], modules: &[ModuleDraft]) -> Identical {
    let same = same_types(types);
    Identical {
        modules: same_modules(types, modules, &same),
        types: types
            .iter()
            .map(|def| same.get(&def.path).map(|first| (*first).clone()))
            .collect(),
    }
}

fn same_types(types: &[Definition]) -> Same<'_> {
    let mut same = HashMap::new();
    let mut known = HashMap::new();
    // Inline types come before the types that contain them, so one pass is enough.
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

/// Everything in a declaration except its module path.
type Key<'a> = (&'a str, &'a Docs, Cow<'a, Shape>);

fn key<'a>(def: &'a Definition, same: &Same<'_>) -> Key<'a> {
    let mut shape = Cow::Borrowed(&def.shape);
    let mut paths = def.shape.types().into_iter().flat_map(Type::paths);
    if paths.any(|path| same.contains_key(path)) {
        for ty in shape.to_mut().types_mut() {
            ty.rename(same);
        }
    }
    (def.path.name.as_str(), &def.docs, shape)
}

/// Returns for each module the module of the type that its own type re-exports, if it contains the
/// same types.
fn same_modules(
    types: &[Definition],
    modules: &[ModuleDraft],
    same: &Same<'_>,
) -> Vec<Option<Vec<ModuleName>>> {
    let mut inside: HashMap<&[ModuleName], Vec<&TypePath>> = HashMap::new();
    for Definition { path, .. } in types {
        for end in 1..=path.modules.len() {
            let around = path.modules.get(..end).unwrap_or_default();
            inside.entry(around).or_default().push(path);
        }
    }
    let mut module_of = HashMap::new();
    for ModuleDraft { path, owner } in modules {
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
    let first_of = |module: &ModuleDraft| {
        let Owner::Type(owner) = &module.owner else {
            return None;
        };
        let first = *module_of.get(*same.get(owner)?)?;
        (types_of(&module.path) == types_of(first)).then(|| first.clone())
    };
    modules.iter().map(first_of).collect()
}
