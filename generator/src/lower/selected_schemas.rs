//! Decides which schemas a discriminator selects.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Applicator, SchemaNode, SchemaOrBool, SchemaType, SchemaView, Walk};
use crate::pointer::Pointer;
use crate::values::tag_text;

use super::all_of::MergedSchema;
use super::branch::{Branch, Branches};
use super::discriminator::constant_values;
use super::hierarchy::{Hierarchy, mapped};
use super::lowering::Lowering;
use super::type_form::TypeForm;

impl<'d> Lowering<'d, '_> {
    /// Returns the schemas that the discriminator of a union selects, and reports unrelated ones.
    pub(super) fn selected(
        &mut self,
        owner: &SchemaView<'d>,
        listed: &[SchemaNode<'d>],
    ) -> Vec<SchemaNode<'d>> {
        let nodes = self.context.hierarchies.selected(owner, listed);
        self.strangers(owner, listed);
        nodes
    }

    /// Returns the kind of a schema that others extend and that has or inherits a discriminator: a
    /// union of all of them.
    pub(super) fn extended(&mut self, merged: &MergedSchema<'d>) -> Option<TypeForm<'d>> {
        if merged.base {
            return None;
        }
        let (hierarchy, at) = self.context.hierarchies.position(&merged.parts)?;
        let node = self.context.document.schema(&at)?;
        let own = MergedSchema::new(&node.follow()?);
        let is_own =
            |part: &&SchemaView<'d>| own.parts.iter().any(|own| own.pointer() == part.pointer());
        let parts = merged.parts.iter();
        let added: Vec<&SchemaView<'d>> = parts.filter(|part| !is_own(part)).collect();
        let mut list = Vec::new();
        let mut tags = Vec::new();
        let mut says_more = false;
        let members = hierarchy.members.iter().filter(|member| member.at == at);
        for member in hierarchy.below(&at).chain(members) {
            let meant = MergedSchema::new(&member.node.follow()?);
            let is_more = !added
                .iter()
                .all(|part| adds_nothing(part, &meant, hierarchy.property));
            let mut values = member.tags.clone();
            let combined = if is_more {
                says_more = true;
                let combined = merged.with_branch(&member.node, &[]);
                retain_allowed(&mut values, &combined, hierarchy.property);
                Some(combined)
            } else if member.is_extended || member.at == at {
                Some(meant)
            } else {
                None
            };
            if hierarchy.is_tagged && values.is_empty() {
                continue;
            }
            // Such a member is only the schema itself, without those that extend it.
            let is_base = member.at == at || member.is_extended;
            list.push(Branch {
                node: member.node.clone(),
                merged: combined.map(|merged| MergedSchema {
                    base: is_base,
                    whole: false,
                    ..merged
                }),
            });
            tags.push(values);
        }
        if !added.is_empty() && !says_more {
            return Some(TypeForm::Same(node));
        }
        if let ([only], true) = (list.as_slice(), says_more) {
            return Some(TypeForm::Merged(Box::new(only.merged.clone()?)));
        }
        if list.is_empty() {
            return None;
        }
        self.strangers(&hierarchy.root, &[]);
        let branches = member_branches(hierarchy, merged, at, list, tags)?;
        Some(TypeForm::Union(Box::new(branches)))
    }

    /// Reports schemas that are related to a discriminator's owner only by its mapping.
    fn strangers(&mut self, owner: &SchemaView<'d>, listed: &[SchemaNode<'d>]) {
        let mapped = mapped(owner);
        if mapped.is_empty() {
            return;
        }
        let mut related = HashSet::from([owner.pointer().clone()]);
        let walk = Walk::new(listed.iter().cloned(), Applicator::UNION);
        let branches = walk.without(std::slice::from_ref(owner));
        related.extend(branches.map(|view| view.pointer().clone()));
        for (value, node) in mapped {
            let Some(view) = node.follow() else { continue };
            let is_owner = view.pointer() == owner.pointer();
            let parts = MergedSchema::new(&view).parts;
            let is_related = parts.iter().any(|part| related.contains(part.pointer()));
            if is_related && (!is_owner || listed.is_empty()) {
                continue;
            }
            let at = owner
                .pointer()
                .child("discriminator")
                .child("mapping")
                .child(value);
            let keyword = if owner.one_of().is_empty() {
                "anyOf"
            } else {
                "oneOf"
            };
            let warning = |message| Diagnostic::warning(code::DISCRIMINATOR_UNUSABLE, &at, message);
            self.findings.push(if is_owner {
                warning(format!("`{value}` selects the union itself, not one of its branches"))
                    .label("values with this tag are kept as JSON")
                    .help(format!("map `{value}` to one of the branches"))
            } else if listed.is_empty() {
                warning(format!("`{value}` selects a schema that does not extend this one"))
                    .label("added as a branch")
                    .related(view.pointer().key(), "the schema")
                    .help("write `allOf` in the selected schema, with a `$ref` to the schema that has the discriminator, or list both in a `oneOf`")
            } else {
                warning(format!("`{value}` selects a schema that `{keyword}` does not list"))
                    .label("added as a branch")
                    .related(owner.keyword(keyword).key(), "the branches")
                    .help(format!("add the schema to `{keyword}`, or remove the value"))
            });
        }
    }
}

/// Removes the tags that a schema does not allow.
fn retain_allowed(tags: &mut Vec<String>, schema: &MergedSchema<'_>, property: &str) {
    if let Some(allowed) = constant_values(schema, property) {
        let allowed: Vec<String> = allowed.iter().filter_map(tag_text).collect();
        tags.retain(|tag| allowed.contains(tag));
    }
}

/// Returns the branches of the schema at `at`, whose members are `list`.
fn member_branches<'d>(
    hierarchy: &Hierarchy<'d>,
    merged: &MergedSchema<'d>,
    at: Pointer,
    list: Vec<Branch<'d>>,
    tags: Vec<Vec<String>>,
) -> Option<Branches<'d>> {
    let owner = if hierarchy.is_tagged {
        merged.own()?
    } else {
        &hierarchy.root
    };
    let known = hierarchy
        .is_tagged
        .then(|| (hierarchy.property.to_owned(), tags));
    Some(Branches {
        owner: owner.clone(),
        list,
        known,
        own: Some(at),
    })
}

/// Returns `true` if a schema does not restrict the values of another one.
///
/// The discriminator's property is always required.
fn adds_nothing(view: &SchemaView<'_>, to: &MergedSchema<'_>, property: &str) -> bool {
    let object = to.object();
    let is_required = |name: &String| object.required.contains(name.as_str()) || name == property;
    view.properties().is_empty()
        && view.required().iter().all(is_required)
        && view.enumeration().is_empty()
        && view.pattern_properties().is_empty()
        && view.one_of().is_empty()
        && view.any_of().is_empty()
        && matches!(
            view.additional_properties(),
            SchemaOrBool::Absent | SchemaOrBool::Any
        )
        && matches!(
            view.unevaluated_properties(),
            SchemaOrBool::Absent | SchemaOrBool::Any
        )
        && view.conditional().iter().all(Option::is_none)
        && view.dependent_schemas().is_empty()
        && view
            .declared_type()
            .is_none_or(|of| of == SchemaType::Object)
}
