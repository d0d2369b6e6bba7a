//! Completes types and operations when all of them are known.

use crate::ir::{Module, OperationGroup, TypeDef};

use super::complete_types::{Defaults, TagSources, complete};
use super::findings::Findings;
use super::link::LinkTargets;
use super::operation_draft::{GroupDraft, LateFields, OperationDraft};
use super::origins::OperationOrigin;
use super::type_draft::{Definition, ModuleDraft, TypeDraft};
use super::types::Types;
use super::{identical, pagination, stream};

/// Returns the types and the modules. Those that are identical to an earlier one re-export it.
pub(super) fn types(
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
    let types = types.into_iter().zip(same.types);
    let types = types.map(|(definition, same_as)| {
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

/// Returns the operations of each tag, and their origins. Reports links to operations that do not
/// exist.
pub(super) fn operations<'d>(
    mut groups: Vec<GroupDraft<'d>>,
    types: &[TypeDef],
    findings: &mut Findings<'_>,
) -> (Vec<OperationGroup>, Vec<Vec<OperationOrigin<'d>>>) {
    pagination::settle(&mut groups);
    let targets = LinkTargets::new(&groups);
    let types: pagination::Types<'_> = types.iter().map(|def| (&def.path, def)).collect();
    let mut complete = |draft: OperationDraft<'d>| {
        let links = draft.links.iter();
        let late = LateFields {
            page_code: pagination::page_code(&draft, &types),
            stream: stream::complete(&draft, &types),
            stream_switch: stream::switch(&draft, &types),
            links: links.map(|link| targets.resolve(link, findings)).collect(),
        };
        draft.complete(late)
    };
    let groups = groups.into_iter().map(|group| {
        let operations = group.operations.into_iter().map(&mut complete);
        let (operations, origins) = operations.unzip();
        let group = OperationGroup {
            module: group.module,
            title: group.title,
            docs: group.docs,
            operations,
            others: group.others.into_iter().collect(),
        };
        (group, origins)
    });
    groups.unzip()
}
