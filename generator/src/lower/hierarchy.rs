//! Finds the schemas that a discriminator selects in addition to those that a `oneOf` or `anyOf`
//! lists: the targets of its mapping, and the components that extend its schema by `allOf`, at any
//! depth.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Document, SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::pointer::Pointer;
use crate::values::tag_text;

use super::Lowering;
use super::all_of::MergedSchema;
use super::discriminator::{self, Candidate, Mapping, constant_values, meant};
use super::schema::TypeForm;
use super::union::{Branch, Branches, is_constraint};

/// Maximum depth of nested inline `allOf`s.
const DEEPEST: usize = 16;

/// The components with a discriminator, each with the schemas that it selects.
#[derive(Debug, Default)]
pub(super) struct Hierarchies<'d> {
    list: Vec<Hierarchy<'d>>,
    /// The hierarchies that contain each schema.
    of: HashMap<Pointer, Vec<usize>>,
    extensions: Extensions<'d>,
    /// The components in document order.
    order: Vec<SchemaNode<'d>>,
}

/// A component with a discriminator.
#[derive(Debug)]
struct Hierarchy<'d> {
    root: SchemaView<'d>,
    property: &'d str,
    /// True if the values of the property identify each member.
    is_tagged: bool,
    /// The selected schemas in document order. The root itself is last, unless a `oneOf` lists the
    /// others.
    members: Vec<Member<'d>>,
}

#[derive(Debug)]
struct Member<'d> {
    node: SchemaNode<'d>,
    at: Pointer,
    /// The schemas that it extends.
    extends: HashSet<Pointer>,
    is_extended: bool,
    tags: Vec<String>,
}

/// The components that directly extend each schema by `allOf`.
#[derive(Debug, Default)]
struct Extensions<'d>(HashMap<Pointer, Vec<SchemaNode<'d>>>);

impl<'d> Extensions<'d> {
    fn of(document: &'d Document) -> Self {
        let mut extensions = Self::default();
        for (_, node) in document.schemas() {
            if let Some(view) = node.inline() {
                extensions.note(&node, &view, DEEPEST);
            }
        }
        extensions
    }

    fn note(&mut self, node: &SchemaNode<'d>, view: &SchemaView<'d>, depth: usize) {
        for branch in view.all_of() {
            if let Some(inner) = branch.inline().filter(|_| depth > 0) {
                self.note(node, &inner, depth - 1);
            } else if let Some(base) = meant(&branch) {
                self.0.entry(base).or_default().push(node.clone());
            }
        }
    }

    /// Returns the components that extend one of the schemas, directly or indirectly.
    ///
    /// The search does not continue past a component with a discriminator of another property.
    fn all(&self, of: &[Pointer], property: &str) -> HashSet<Pointer> {
        let mut found = HashSet::new();
        let mut queue = of.to_vec();
        while let Some(next) = queue.pop() {
            for node in self.0.get(&next).into_iter().flatten() {
                let Some(view) = node.follow() else { continue };
                let other = view.discriminator();
                let ends = other.is_some_and(|other| other.property_name != property);
                if found.insert(view.pointer().clone()) && !ends {
                    queue.push(view.pointer().clone());
                }
            }
        }
        found
    }
}

impl<'d> Hierarchies<'d> {
    pub fn of(document: &'d Document) -> Self {
        let roots: Vec<SchemaView<'d>> = document
            .schemas()
            .filter_map(|(_, node)| node.inline())
            .filter(|view| view.discriminator().is_some())
            .collect();
        let mut hierarchies = Self::default();
        if roots.is_empty() {
            return hierarchies;
        }
        hierarchies.extensions = Extensions::of(document);
        hierarchies.order = document.schemas().map(|(_, node)| node).collect();
        // A `oneOf` can list a schema that others extend, whose tags must be known first.
        let (lists, bases): (Vec<_>, Vec<_>) =
            (roots.into_iter()).partition(|root| !listed(root).is_empty());
        for root in bases.into_iter().chain(lists) {
            let Some(hierarchy) = hierarchies.hierarchy(document, root) else {
                continue;
            };
            let position = hierarchies.list.len();
            let members = hierarchy.members.iter().map(|member| &member.at);
            for at in members.chain([hierarchy.root.pointer()]) {
                let known = hierarchies.of.entry(at.clone()).or_default();
                if !known.contains(&position) {
                    known.push(position);
                }
            }
            hierarchies.list.push(hierarchy);
        }
        hierarchies
    }

    fn hierarchy(&self, document: &'d Document, root: SchemaView<'d>) -> Option<Hierarchy<'d>> {
        let property = root.discriminator()?.property_name.as_str();
        let listed = listed(&root);
        let mut nodes = self.selected(&root, &listed);
        let is_list = !listed.is_empty();
        if nodes.is_empty() {
            return None;
        }
        if !is_list {
            nodes.push(document.schema(root.pointer())?);
        }
        let mut mapping = Mapping::of(&root);
        for view in nodes.iter().filter_map(SchemaNode::follow) {
            let own = view.discriminator();
            if own.is_some_and(|own| own.property_name == property) {
                mapping.inherit(&view);
            }
        }
        let candidates: Vec<Candidate> = nodes
            .iter()
            .map(|node| Candidate::of(node, property, &mapping, self))
            .collect();
        let tags = discriminator::assign(&candidates);
        let taken: HashSet<&String> = tags.iter().flatten().collect();
        // With an unassigned value, one of the members without a tag may be selected.
        let is_tagged = candidates
            .iter()
            .zip(&tags)
            .filter(|(_, tags)| tags.is_empty())
            .all(|(candidate, _)| candidate.listed.iter().all(|value| taken.contains(value)));
        let mut members: Vec<Member<'d>> = Vec::new();
        for (node, tags) in nodes.into_iter().zip(&tags) {
            let Some(view) = node.follow() else { continue };
            let at = view.pointer().clone();
            let parts = MergedSchema::of(&view).parts.into_iter();
            let parts = parts.map(|part| part.pointer().clone());
            members.push(Member {
                node,
                extends: parts.filter(|part| *part != at).collect(),
                at,
                is_extended: false,
                tags: tags.clone(),
            });
        }
        let counting = members.iter();
        let counting = counting.filter(|member| !is_tagged || !member.tags.is_empty());
        let bases: HashSet<Pointer> = counting
            .flat_map(|member| member.extends.iter().cloned())
            .collect();
        for member in &mut members {
            member.is_extended = bases.contains(&member.at);
        }
        // A member without a tag and without extensions is only the root with additions.
        members.retain(|member| !is_tagged || member.is_extended || !member.tags.is_empty());
        Some(Hierarchy {
            root,
            property,
            is_tagged,
            members,
        })
    }

    /// Returns the schemas that a discriminator selects: those listed, then the others in document
    /// order.
    pub fn selected(
        &self,
        owner: &SchemaView<'d>,
        listed: &[SchemaNode<'d>],
    ) -> Vec<SchemaNode<'d>> {
        let Some(discriminator) = owner.discriminator() else {
            return listed.to_vec();
        };
        let property = &discriminator.property_name;
        let mut known: HashSet<Pointer> = HashSet::new();
        let mut nodes: Vec<SchemaNode<'d>> = Vec::new();
        let mut add = |node: SchemaNode<'d>| {
            if meant(&node).is_none_or(|at| known.insert(at)) {
                nodes.push(node);
            }
        };
        listed.iter().cloned().for_each(&mut add);
        let mapped = mapped(owner);
        let extensions = self.extensions.all(&[owner.pointer().clone()], property);
        let extensions = if listed.is_empty() {
            extensions
        } else {
            // Schemas that extend a listed one, which in turn extends the owner.
            let targets = listed.iter().chain(mapped.iter().map(|(_, node)| node));
            let through: Vec<Pointer> = targets
                .filter_map(meant)
                .filter(|at| extensions.contains(at))
                .collect();
            self.extensions.all(&through, property)
        };
        self.in_order(&extensions).for_each(&mut add);
        let nested: HashSet<String> = if mapped.is_empty() {
            HashSet::new()
        } else {
            let listed = listed.iter();
            let candidates =
                listed.map(|branch| Candidate::of(branch, property, &Mapping::default(), self));
            candidates.flat_map(Candidate::into_nested).collect()
        };
        for (value, node) in mapped {
            if !nested.contains(value) {
                add(node);
            }
        }
        nodes.retain(|node| meant(node).is_none_or(|at| at != *owner.pointer()));
        nodes
    }

    /// Returns the components that extend a schema, in document order.
    pub fn extending(&self, at: &Pointer, property: &str) -> Vec<SchemaNode<'d>> {
        let extensions = self.extensions.all(std::slice::from_ref(at), property);
        self.in_order(&extensions).collect()
    }

    /// Returns the given components in document order.
    fn in_order(&self, of: &HashSet<Pointer>) -> impl Iterator<Item = SchemaNode<'d>> {
        let is_of = |node: &&SchemaNode<'d>| {
            let view = node.inline();
            view.is_some_and(|view| of.contains(view.pointer()))
        };
        self.order.iter().filter(is_of).cloned()
    }

    /// Returns the hierarchy that has alternatives for a value of these schemas, and the pointer to
    /// their common base.
    fn position(&self, parts: &[SchemaView<'d>]) -> Option<(&Hierarchy<'d>, Pointer)> {
        let mut done = HashSet::new();
        for part in parts.iter().rev() {
            for position in self.of.get(part.pointer()).into_iter().flatten() {
                let hierarchy = self.list.get(*position);
                let hierarchy = hierarchy.filter(|_| done.insert(*position));
                if let Some(hierarchy) = hierarchy
                    && hierarchy.below(part.pointer()).next().is_some()
                {
                    return Some((hierarchy, part.pointer().clone()));
                }
            }
        }
        None
    }

    /// Returns true if a component extends one with a discriminator that selects it.
    pub fn is_member(&self, at: &Pointer) -> bool {
        let hierarchies = self.of.get(at).into_iter().flatten();
        let mut hierarchies = hierarchies.filter_map(|position| self.list.get(*position));
        hierarchies.any(|hierarchy| {
            let mut members = hierarchy.members.iter();
            let extends = |member: &Member<'d>| member.extends.contains(hierarchy.root.pointer());
            members.any(|member| member.at == *at && extends(member))
        })
    }

    /// Returns the schemas that a value of a schema can match instead.
    pub fn instead_of(&self, view: &SchemaView<'d>) -> Vec<SchemaNode<'d>> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let parts = MergedSchema::of(view).parts;
        let Some((hierarchy, at)) = self.position(&parts) else {
            return Vec::new();
        };
        let below = hierarchy.below(&at);
        below.map(|member| member.node.clone()).collect()
    }

    /// Returns the tags of a schema and of those that extend it, in its hierarchy for a property.
    pub fn tags_below(&self, at: &Pointer, property: &str) -> Vec<String> {
        let hierarchies = self.of.get(at).into_iter().flatten();
        let mut hierarchies = hierarchies.filter_map(|position| self.list.get(*position));
        let Some(hierarchy) = hierarchies.find(|hierarchy| {
            hierarchy.property == property && hierarchy.below(at).next().is_some()
        }) else {
            return Vec::new();
        };
        let own = hierarchy.members.iter().filter(|member| member.at == *at);
        let members = own.chain(hierarchy.below(at));
        members.flat_map(|member| member.tags.clone()).collect()
    }
}

impl<'d> Hierarchy<'d> {
    /// Returns the members with tags that extend a schema; for the root, all others.
    fn below(&self, at: &Pointer) -> impl Iterator<Item = &Member<'d>> {
        let is_root = self.root.pointer() == at;
        let at = at.clone();
        let members = self.members.iter();
        members
            .filter(|member| !self.is_tagged || !member.tags.is_empty())
            .filter(move |member| member.at != at && (is_root || member.extends.contains(&at)))
    }
}

/// Returns the branches of a schema's own `oneOf` and `anyOf`, unless they only restrict it.
fn listed<'d>(view: &SchemaView<'d>) -> Vec<SchemaNode<'d>> {
    let lists = [view.one_of(), view.any_of()].into_iter();
    let lists = lists.filter(|list| !list.iter().all(is_constraint));
    lists.flatten().collect()
}

/// Returns the values of a mapping with the schemas that they select.
fn mapped<'d>(owner: &SchemaView<'d>) -> Vec<(&'d String, SchemaNode<'d>)> {
    let discriminator = owner.discriminator().into_iter();
    let values = discriminator.flat_map(|discriminator| discriminator.mapping.keys());
    let nodes = values.filter_map(|value| Some((value, owner.discriminated(value)?)));
    nodes.collect()
}

impl<'d> Lowering<'d, '_> {
    /// Returns the schemas that the discriminator of a union selects, and reports unrelated ones.
    pub(super) fn selected(
        &mut self,
        owner: &SchemaView<'d>,
        listed: &[SchemaNode<'d>],
    ) -> Vec<SchemaNode<'d>> {
        let nodes = self.hierarchies.selected(owner, listed);
        self.strangers(owner, listed);
        nodes
    }

    /// Returns the kind of a schema that others extend and that has or inherits a discriminator: a
    /// union of all of them.
    pub(super) fn extended(&mut self, merged: &MergedSchema<'d>) -> Option<TypeForm<'d>> {
        if merged.base {
            return None;
        }
        let hierarchies = Rc::clone(&self.hierarchies);
        let (hierarchy, at) = hierarchies.position(&merged.parts)?;
        let node = self.document.schema(&at)?;
        let own = MergedSchema::of(&node.follow()?);
        let is_own =
            |part: &&SchemaView<'d>| own.parts.iter().any(|own| own.pointer() == part.pointer());
        let parts = merged.parts.iter();
        let added: Vec<&SchemaView<'d>> = parts.filter(|part| !is_own(part)).collect();
        let mut list = Vec::new();
        let mut tags = Vec::new();
        let mut says_more = false;
        let members = hierarchy.members.iter().filter(|member| member.at == at);
        for member in hierarchy.below(&at).chain(members) {
            let meant = MergedSchema::of(&member.node.follow()?);
            let is_more = !added
                .iter()
                .all(|part| adds_nothing(part, &meant, hierarchy.property));
            let mut values = member.tags.clone();
            let combined = if is_more {
                says_more = true;
                let combined = merged.with_branch(&member.node, &[]);
                if let Some(allowed) = constant_values(&combined, hierarchy.property) {
                    let allowed: Vec<String> = allowed.iter().filter_map(tag_text).collect();
                    values.retain(|value| allowed.contains(value));
                }
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
        let known = hierarchy
            .is_tagged
            .then(|| (hierarchy.property.to_owned(), tags));
        Some(TypeForm::Union(Box::new(Branches {
            owner: if hierarchy.is_tagged {
                merged.own()?.clone()
            } else {
                hierarchy.root.clone()
            },
            list,
            known,
            own: Some(at),
        })))
    }

    /// Reports schemas that are related to a discriminator's owner only by its mapping.
    fn strangers(&mut self, owner: &SchemaView<'d>, listed: &[SchemaNode<'d>]) {
        let mapped = mapped(owner);
        if mapped.is_empty() {
            return;
        }
        let mut related = HashSet::from([owner.pointer().clone()]);
        let mut queue = listed.to_vec();
        while let Some(view) = queue.pop().and_then(|node| node.follow()) {
            if related.insert(view.pointer().clone()) {
                queue.extend(view.one_of());
                queue.extend(view.any_of());
            }
        }
        for (value, node) in mapped {
            let Some(view) = node.follow() else { continue };
            let is_owner = view.pointer() == owner.pointer();
            let parts = MergedSchema::of(&view).parts;
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
            self.diagnostics.push(if is_owner {
                warning(format!("`{value}` means the union itself, and not one of its branches"))
                    .label("such a value is kept as JSON")
                    .help("name one of the branches")
            } else if listed.is_empty() {
                warning(format!("`{value}` means a schema that does not extend this one"))
                    .label("added as a branch")
                    .related(view.pointer().key(), "the schema")
                    .help("extend the schema with the discriminator by `allOf`, or list both in a `oneOf`")
            } else {
                warning(format!("`{value}` means a schema that `{keyword}` does not list"))
                    .label("added as a branch")
                    .related(owner.keyword(keyword).key(), "the branches")
                    .help(format!("add the schema to `{keyword}`, or remove the value"))
            });
        }
    }
}

/// Returns true if a schema does not restrict the values of another one.
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
            SchemaOrBool::Unsaid | SchemaOrBool::Any
        )
        && matches!(
            view.unevaluated_properties(),
            SchemaOrBool::Unsaid | SchemaOrBool::Any
        )
        && view.conditional().iter().all(Option::is_none)
        && view.dependent_schemas().is_empty()
        && view
            .declared_type()
            .is_none_or(|of| of == SchemaType::Object)
}
