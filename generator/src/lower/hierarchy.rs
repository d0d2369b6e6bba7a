//! Finds the schemas that a discriminator selects in addition to those that a `oneOf` or `anyOf`
//! lists: the targets of its mapping, and the components that extend its schema by `allOf`, at any
//! depth.

use std::collections::{HashMap, HashSet};

use crate::document::{Applicator, Document, SchemaNode, SchemaView};
use crate::pointer::Pointer;

use super::all_of::MergedSchema;
use super::branch::is_constraint;
use super::discriminator::{self, Candidate, Inheritance, Mapping, meant};

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
pub(super) struct Hierarchy<'d> {
    pub root: SchemaView<'d>,
    pub property: &'d str,
    /// True if the values of the property identify each member.
    pub is_tagged: bool,
    /// The selected schemas in document order. The root itself is last, unless a `oneOf` lists the
    /// others.
    pub members: Vec<Member<'d>>,
}

#[derive(Debug)]
pub(super) struct Member<'d> {
    pub node: SchemaNode<'d>,
    pub at: Pointer,
    /// The schemas that it extends.
    pub extends: HashSet<Pointer>,
    pub is_extended: bool,
    pub tags: Vec<String>,
}

/// The components that directly extend each schema by `allOf`.
#[derive(Debug, Default)]
struct Extensions<'d>(HashMap<Pointer, Vec<SchemaNode<'d>>>);

impl<'d> Extensions<'d> {
    fn new(document: &'d Document) -> Self {
        let mut extensions = Self::default();
        for (_, node) in document.schemas() {
            if let Some(view) = node.inline() {
                extensions.note(&node, &view);
            }
        }
        extensions
    }

    fn note(&mut self, node: &SchemaNode<'d>, view: &SchemaView<'d>) {
        for part in view.walk(&[Applicator::AllOf]).inline() {
            let branches = part.all_of().into_iter();
            let references = branches.filter(|branch| branch.inline().is_none());
            for base in references.filter_map(|branch| meant(&branch)) {
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
    pub fn new(document: &'d Document) -> Self {
        let roots: Vec<SchemaView<'d>> = document
            .schemas()
            .filter_map(|(_, node)| node.inline())
            .filter(|view| view.discriminator().is_some())
            .collect();
        let mut hierarchies = Self::default();
        if roots.is_empty() {
            return hierarchies;
        }
        hierarchies.extensions = Extensions::new(document);
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
        let mut mapping = Mapping::new(&root);
        for view in nodes.iter().filter_map(SchemaNode::follow) {
            let own = view.discriminator();
            if own.is_some_and(|own| own.property_name == property) {
                mapping.inherit(&view);
            }
        }
        let candidates: Vec<Candidate> = nodes
            .iter()
            .map(|node| Candidate::new(node, property, &mapping, self))
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
            let parts = MergedSchema::new(&view).parts.into_iter();
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
                listed.map(|branch| Candidate::new(branch, property, &Mapping::default(), self));
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
    pub fn position(&self, parts: &[SchemaView<'d>]) -> Option<(&Hierarchy<'d>, Pointer)> {
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

    /// Returns `true` if a component extends one with a discriminator that selects it.
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
        let parts = MergedSchema::new(view).parts;
        let Some((hierarchy, at)) = self.position(&parts) else {
            return Vec::new();
        };
        let below = hierarchy.below(&at);
        below.map(|member| member.node.clone()).collect()
    }
}

impl Inheritance for Hierarchies<'_> {
    fn extending(&self, at: &Pointer, property: &str) -> Vec<SchemaNode<'_>> {
        let extensions = self.extensions.all(std::slice::from_ref(at), property);
        self.in_order(&extensions).collect()
    }

    fn tags_below(&self, at: &Pointer, property: &str) -> Vec<String> {
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
    pub fn below(&self, at: &Pointer) -> impl Iterator<Item = &Member<'d>> {
        let is_root = self.root.pointer() == at;
        let at = at.clone();
        let members = self.members.iter();
        members
            .filter(|member| !self.is_tagged || !member.tags.is_empty())
            .filter(move |member| member.at != at && (is_root || member.extends.contains(&at)))
    }
}

/// Returns the branches of a schema's own `oneOf` and `anyOf`, unless they only restrict it.
pub(super) fn listed<'d>(view: &SchemaView<'d>) -> Vec<SchemaNode<'d>> {
    let lists = [view.one_of(), view.any_of()].into_iter();
    let lists = lists.filter(|list| !list.iter().all(is_constraint));
    lists.flatten().collect()
}

/// Returns the values of a mapping with the schemas that they select.
pub(super) fn mapped<'d>(owner: &SchemaView<'d>) -> Vec<(&'d String, SchemaNode<'d>)> {
    let discriminator = owner.discriminator().into_iter();
    let values = discriminator.flat_map(|discriminator| discriminator.mapping.keys());
    let nodes = values.filter_map(|value| Some((value, owner.discriminated(value)?)));
    nodes.collect()
}
