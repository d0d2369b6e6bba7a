//! Completes the types when all of them are known.

use crate::ir::{Module, TypeDef};

use super::types::{ModuleDraft, TypeDraft, Types};
use super::{identical, traits};

/// Returns the types with their traits, and the modules. Those that are identical to an earlier one
/// re-export it.
pub(super) fn resolve(types: Types) -> (Vec<TypeDef>, Vec<Module>) {
    let (types, modules) = types.into_parts();
    let same = identical::find(&types, &modules);
    let traits = traits::decide(&types, &same.types);
    let types = types.into_iter().zip(same.types).zip(traits);
    let types = types.map(|((draft, same_as), traits)| {
        let TypeDraft {
            path,
            docs,
            deprecated,
            shape,
        } = draft;
        TypeDef {
            path,
            docs,
            deprecated,
            shape,
            same_as,
            traits,
        }
    });
    let modules = modules.into_iter().zip(same.modules);
    let modules = modules.map(|(ModuleDraft { path, owner }, same_as)| Module {
        path,
        owner,
        same_as,
    });
    (types.collect(), modules.collect())
}
