//! Whether the branches of a schema fit to what stands beside them: its discriminator, its type, the
//! other branches.

use std::collections::HashSet;

use super::super::{Rest, SchemaNode, SchemaType, SchemaView};
use super::kinds::Kinds;
use super::{Check, DEEPEST};
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::pointer::Pointer;

/// Returns whether a schema may have a property, and collects the names of those that it has.
pub(super) fn has_property<'d>(
    view: &SchemaView<'d>,
    name: &str,
    names: &mut Vec<&'d str>,
) -> bool {
    may_have(view, name, names, &mut HashSet::new(), DEEPEST)
}

/// `seen`: the schemas that do not have it, or are being looked at.
fn may_have<'d>(
    view: &SchemaView<'d>,
    name: &str,
    names: &mut Vec<&'d str>,
    seen: &mut HashSet<Pointer>,
    depth: usize,
) -> bool {
    if depth == 0 {
        return true;
    }
    if !seen.insert(view.pointer().clone()) {
        return false;
    }
    let open = !matches!(view.additional_properties(), Rest::Unsaid | Rest::Closed);
    let own = view.properties();
    names.extend(own.iter().map(|(name, _)| *name));
    if open || own.iter().any(|(own, _)| *own == name) || !view.pattern_properties().is_empty() {
        return true;
    }
    let mut parts = view.all_of();
    parts.extend(view.one_of());
    parts.extend(view.any_of());
    let is_said = !own.is_empty() || !parts.is_empty();
    !is_said
        || parts
            .iter()
            .filter_map(SchemaNode::follow)
            .any(|part| may_have(&part, name, names, seen, depth - 1))
}

impl<'d> Check<'d, '_> {
    /// Reports branches that cannot have the property of the discriminator, or the value that means
    /// them (OpenAPI 3.1, section 4.8.25).
    pub(super) fn discriminator(&mut self, view: &SchemaView<'d>) {
        let Some(discriminator) = view.discriminator() else {
            return;
        };
        let mut branches = view.one_of();
        branches.extend(view.any_of());
        if branches.is_empty() {
            return;
        }
        let at = view.pointer().child("discriminator");
        let property = &discriminator.property_name;
        for value in discriminator.mapping.keys() {
            self.mapped_value(view, property, value);
        }
        for branch in &branches {
            let Some(target) = branch.follow().filter(|_| Kinds::of(branch).object) else {
                continue;
            };
            let mut names = Vec::new();
            if has_property(&target, property, &mut names) {
                continue;
            }
            let message =
                format!("this branch has no property `{property}`, which is the discriminator's");
            self.report(
                Diagnostic::warning(code::UNKNOWN_PROPERTY, branch.pointer(), message)
                    .related(at.child("propertyName"), "the discriminator's property")
                    .help(match nearest(property, names) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("add `{property}` to the branch's `properties`"),
                    }),
            );
        }
    }

    /// A value that means a schema is one that the schema's own property can have.
    fn mapped_value(&mut self, view: &SchemaView<'d>, property: &str, value: &str) {
        let target = view.discriminated(value).and_then(|node| node.follow());
        let Some(node) = target.and_then(|target| target.property(property)) else {
            return;
        };
        let Some(tag) = node.follow() else { return };
        let values = tag.enumeration();
        if values.is_empty() || values.iter().any(|other| other == value) {
            return;
        }
        let keyword = if tag.is_constant() { "const" } else { "enum" };
        let at = view.pointer().child("discriminator").child("mapping");
        let shown: Vec<String> = values.iter().take(3).map(ToString::to_string).collect();
        self.report(
            Diagnostic::warning(
                code::DISCRIMINATOR_UNUSABLE,
                at.child(value).key(),
                format!("`{value}` means a schema whose `{property}` cannot have this value"),
            )
            .label("read as this schema, and so are the values of its own")
            .related(tag.pointer().child(keyword), "its values")
            .help(format!("map one of them: {}", shown.join(", "))),
        );
    }

    /// A type beside branches that are all of others leaves no value.
    pub(super) fn branches_of_other_types(&mut self, view: &SchemaView<'d>) {
        let Some(own) = view.declared_type() else {
            return;
        };
        for (keyword, branches) in [("oneOf", view.one_of()), ("anyOf", view.any_of())] {
            let types: Option<Vec<SchemaType>> = branches
                .iter()
                .map(|branch| branch.follow()?.declared_type())
                .collect();
            let Some(types) = types.filter(|types| !types.is_empty()) else {
                continue;
            };
            let is_number = |of: SchemaType| matches!(of, SchemaType::Number | SchemaType::Integer);
            if types
                .iter()
                .any(|of| *of == own || is_number(own) && is_number(*of))
            {
                continue;
            }
            self.report(
                Diagnostic::error(
                    code::CONTRADICTORY_SCHEMA,
                    view.pointer().child("type"),
                    format!("no branch of the `{keyword}` is of the schema's own type"),
                )
                .related(view.pointer().child(keyword).key(), "the branches")
                .help("remove `type`, or write branches of that type"),
            );
        }
    }

    /// `additionalProperties: false` knows the properties beside it only (JSON Schema, section
    /// 10.3.2.3), so that the other branches of an `allOf` could never have a property of their own.
    pub(super) fn closed_branches(&mut self, view: &SchemaView<'d>) {
        let branches = view.all_of();
        for (index, branch) in branches.iter().enumerate() {
            let Some(closed) = branch.follow() else {
                continue;
            };
            if !matches!(closed.additional_properties(), Rest::Closed) {
                continue;
            }
            let others = branches.iter().enumerate();
            let others = others.filter(|(other, _)| *other != index);
            let others = others.filter_map(|(_, other)| other.follow());
            let mut names = others.flat_map(|other| other.properties());
            let Some((name, other)) = names.find(|(name, _)| closed.property(name).is_none())
            else {
                continue;
            };
            self.warn(code::COERCED, "closed branch", || {
                let message = format!(
                    "`additionalProperties: false` excludes the property `{name}` of another branch, and is read as if it did not"
                );
                let at = closed.pointer().child("additionalProperties").key();
                Diagnostic::warning(code::COERCED, at, message)
                    .related(other.pointer().key(), "the property")
                    .help("write `unevaluatedProperties: false` beside the `allOf`")
            });
        }
    }
}
