//! Decides how the values of a union identify its branches.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, code};
use crate::document::SchemaView;

use super::branch::{Branch, Tags};
use super::discriminator::{Candidate, Mapping, assign, constant_tag};
use super::lowering::Lowering;

impl<'d> Lowering<'d, '_> {
    /// Returns the property that identifies the branches, with the values that select each of them.
    pub(super) fn branch_tags(
        &mut self,
        owner: &SchemaView<'d>,
        branches: &[Branch<'d>],
    ) -> Option<Tags> {
        let Some(discriminator) = owner.discriminator() else {
            return constant_tag(branches);
        };
        let property = &discriminator.property_name;
        let mapping = Mapping::new(owner);
        let candidates: Vec<Candidate> = branches
            .iter()
            .map(|branch| {
                let seen = &mut HashSet::new();
                Candidate::of_branch(branch, property, &mapping, &self.context.hierarchies, seen)
            })
            .collect();
        let tags = assign(&candidates);
        if let Some(without) = tags.iter().position(Vec::is_empty) {
            let warning = Diagnostic::warning(
                code::DISCRIMINATOR_UNUSABLE,
                owner.keyword("discriminator"),
                format!("the values of `{property}` do not identify the branches"),
            )
            .label("the branch is chosen by the contents of the value instead");
            let warning = explained(warning, branches, &candidates, &tags, without);
            self.findings.push(warning);
            return None;
        }
        Some((property.clone(), tags))
    }
}

/// Adds the reason why a branch has no tag, and what to change.
fn explained(
    warning: Diagnostic,
    branches: &[Branch<'_>],
    candidates: &[Candidate],
    tags: &[Vec<String>],
    without: usize,
) -> Diagnostic {
    let (Some(branch), Some(candidate)) = (branches.get(without), candidates.get(without)) else {
        return warning;
    };
    let at = branch.node.pointer();
    if !candidate.is_object {
        return warning
            .related(at, "this branch is not an object")
            .help("remove the discriminator, or the branches that are not objects");
    }
    let others = |value: &String, ask: &dyn Fn(usize) -> bool| {
        let mut others = branches.iter().zip(candidates).enumerate();
        let found = others.find(|(position, (_, other))| {
            *position != without && ask(*position) && other.listed.contains(value)
        });
        found.map(|(_, (other, _))| other.node.pointer().clone())
    };
    let has_no_tag = |position: usize| tags.get(position).is_some_and(Vec::is_empty);
    for value in &candidate.listed {
        if let Some(other) = others(value, &has_no_tag) {
            return warning
                .related(at, format!("`{value}` may mean this branch"))
                .related(&other, "or this one")
                .help(
                    "give each branch its own value, with `mapping` or a `const` of the property",
                );
        }
    }
    for value in &candidate.listed {
        let taken = tags.iter().position(|tags| tags.contains(value));
        if let Some(other) = taken.and_then(|position| branches.get(position)) {
            return warning
                .related(at, "all values of this branch select other branches")
                .related(other.node.pointer(), format!("`{value}` means this one"))
                .help("add a value for the branch to `mapping`");
        }
    }
    warning
        .related(at, "no value selects this branch")
        .help("make the branch a component, or give it a `const` of the property")
}
