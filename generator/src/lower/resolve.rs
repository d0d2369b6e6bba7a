//! Completes the types when all of them are known.

use crate::ir::{Module, TypeDef};

use super::complete::{Defaults, TagSources, complete};
use super::draft::{Definition, ModuleDraft, TypeDraft};
use super::types::Types;
use super::{identical, traits};

/// Returns the types with their traits, and the modules. Those that are identical to an earlier one
/// re-export it.
pub(super) fn resolve(
    types: Types,
    tag_sources: &TagSources,
    defaults: &Defaults,
) -> (Vec<TypeDef>, Vec<Module>) {
    let (drafts, modules) = types.into_parts();
    let types = drafts.map(|(id, draft)| {
        let TypeDraft {
            path,
            docs,
            deprecated,
            shape,
        } = draft;
        Definition {
            path,
            docs,
            deprecated,
            shape: complete(id, shape, tag_sources, defaults),
        }
    });
    let types: Vec<Definition> = types.collect();
    let same = identical::find(&types, &modules);
    let traits = traits::decide(&types, &same.types);
    let types = types.into_iter().zip(same.types).zip(traits);
    let types = types.map(|((definition, same_as), traits)| {
        let Definition {
            path,
            docs,
            deprecated,
            shape,
        } = definition;
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
