//! Selects the tags of a union's branches: by a discriminator, or by a property with distinct
//! values in each branch.

use std::collections::{HashMap, HashSet};

use openapiv3::Discriminator;
use serde_json::Value as Json;

use crate::document::{SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::pointer::Pointer;
use crate::values::tag_text;

use super::all_of::{Alternatives, MergedSchema};
use super::branch::{Branch, Tags, is_constraint};
use super::component::is_component;

/// Maximum depth of nested annotations.
const DEEPEST: usize = 16;

/// The values of a discriminator's mapping, by selected schema.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    by_target: HashMap<Pointer, Vec<String>>,
    values: HashSet<String>,
}

impl Mapping {
    /// Returns the mapping of a schema's discriminator; empty without one.
    pub fn new(owner: &SchemaView<'_>) -> Self {
        let mut mapping = Self::default();
        mapping.inherit(owner);
        mapping
    }

    /// Adds the entries of another schema's discriminator whose values are new.
    pub fn inherit(&mut self, owner: &SchemaView<'_>) {
        let discriminator = owner.discriminator().into_iter();
        for value in discriminator.flat_map(|discriminator| discriminator.mapping.keys()) {
            let target = owner.discriminated(value).and_then(|node| meant(&node));
            if let Some(target) = target.filter(|_| !self.values.contains(value)) {
                self.values.insert(value.clone());
                let values = self.by_target.entry(target).or_default();
                values.push(value.clone());
            }
        }
    }

    fn values(&self, target: &Pointer) -> Vec<String> {
        self.by_target.get(target).cloned().unwrap_or_default()
    }
}

/// The components that extend others.
pub(super) trait Inheritance {
    /// Returns the components that extend a schema, in document order.
    fn extending(&self, at: &Pointer, property: &str) -> Vec<SchemaNode<'_>>;

    /// Returns the tags of a schema and of those that extend it, in its hierarchy for a property.
    fn tags_below(&self, at: &Pointer, property: &str) -> Vec<String>;
}

/// The possible tags of a branch, by precedence.
#[derive(Debug, Default)]
pub(super) struct Candidate {
    /// The values in the mapping.
    mapped: Vec<String>,
    /// The name of the schema, if the property allows it.
    name: Option<String>,
    /// The tags of a branch that is itself a union.
    nested: Vec<String>,
    /// The values of `const` or `enum`.
    pub listed: Vec<String>,
    /// The `default` of the property.
    default: Option<String>,
    /// The schema of the branch, and those that it extends.
    own: Option<Pointer>,
    extends: Vec<Pointer>,
    pub is_object: bool,
    /// True for a union whose tags are already those of another branch.
    is_repeated: bool,
}

impl Candidate {
    /// Collects the possible tags of a branch.
    pub fn new(
        node: &SchemaNode<'_>,
        property: &str,
        mapping: &Mapping,
        inheritance: &dyn Inheritance,
    ) -> Self {
        let branch = Branch {
            node: node.clone(),
            merged: None,
        };
        Self::of_branch(&branch, property, mapping, inheritance, &mut HashSet::new())
    }

    /// Returns the values that select a branch of a nested union.
    pub fn into_nested(self) -> Vec<String> {
        self.nested
    }

    pub fn of_branch(
        branch: &Branch<'_>,
        property: &str,
        mapping: &Mapping,
        inheritance: &dyn Inheritance,
        seen: &mut HashSet<Pointer>,
    ) -> Self {
        let (Some(merged), Some(view)) = (branch.merged_schema(), branch.node.follow()) else {
            return Self::default();
        };
        let at = &meant(&branch.node).unwrap_or_else(|| view.pointer().clone());
        let extends = MergedSchema::new(&view).parts.into_iter();
        let extends = extends.map(|part| part.pointer().clone());
        let mut candidate = Self {
            mapped: mapping.values(at),
            own: Some(at.clone()),
            extends: extends.filter(|part| part != at).collect(),
            is_object: true,
            ..Self::default()
        };
        let mut unions = merged.unions.iter().filter(|union| !limits(union));
        if let (Some(nested), None) = (unions.next(), unions.next()) {
            if seen.insert(nested.owner.pointer().clone()) {
                candidate.nested = of_nested(nested, property, inheritance, seen);
            } else {
                candidate.is_repeated = true;
            }
            return candidate;
        }
        candidate.nested = inheritance.tags_below(at, property);
        let is_other = |own: &Discriminator| own.property_name != property;
        if view.discriminator().is_some_and(is_other) && seen.insert(at.clone()) {
            candidate.nested = tags_of_extensions(at, property, mapping, inheritance, seen);
        }
        candidate.is_object = merged.is_object()
            || merged.value_type() == Some(SchemaType::Object)
            || merged.is_discriminated();
        if !candidate.is_object {
            return candidate;
        }
        let listed = constant_values(&merged, property).unwrap_or_default();
        candidate.listed = listed.iter().filter_map(tag_text).collect();
        candidate.default = default_value(&merged, property).as_ref().and_then(tag_text);
        let name = implicit_name(&branch.node);
        candidate.name = name.filter(|name| match candidate.listed.as_slice() {
            [] => !has_other_values(&merged, property),
            listed => listed.contains(name),
        });
        candidate
    }
}

/// Returns the tags of a nested union; empty if one of its branches has none.
fn of_nested(
    nested: &Alternatives<'_>,
    property: &str,
    inheritance: &dyn Inheritance,
    seen: &mut HashSet<Pointer>,
) -> Vec<String> {
    let discriminator = nested.owner.discriminator();
    let is_same = discriminator.is_some_and(|inner| inner.property_name == property);
    let mapping = if is_same {
        Mapping::new(&nested.owner)
    } else {
        Mapping::default()
    };
    let candidates = nested.branches.iter().map(|node| {
        let branch = Branch {
            node: node.clone(),
            merged: None,
        };
        Candidate::of_branch(&branch, property, &mapping, inheritance, seen)
    });
    let candidates: Vec<Candidate> = candidates.collect();
    let tags = assign(&candidates);
    let mut all = tags.iter().zip(&candidates);
    if all.any(|(tags, candidate)| tags.is_empty() && !candidate.is_repeated) {
        return Vec::new();
    }
    tags.concat()
}

/// Returns the tags of components that extend one with a discriminator of another property.
///
/// They are branches of that component, selected by its own discriminator.
fn tags_of_extensions(
    at: &Pointer,
    property: &str,
    mapping: &Mapping,
    inheritance: &dyn Inheritance,
    seen: &mut HashSet<Pointer>,
) -> Vec<String> {
    let mut tags = Vec::new();
    for node in inheritance.extending(at, property) {
        let branch = Branch { node, merged: None };
        let candidate = Candidate::of_branch(&branch, property, mapping, inheritance, seen);
        if candidate.mapped.is_empty() {
            tags.extend(candidate.name);
        } else {
            tags.extend(candidate.mapped);
        }
    }
    tags
}

/// Assigns tags to branches: by the mapping, then by the schema's name, then by `const`, `enum` and
/// `default` (OpenAPI 3.1, section 4.8.25).
///
/// A value with higher precedence for one branch is not a tag of another one.
pub(super) fn assign(candidates: &[Candidate]) -> Vec<Vec<String>> {
    let mut claims = Claims {
        tags: vec![Vec::new(); candidates.len()],
        taken: HashSet::new(),
    };
    for (position, candidate) in candidates.iter().enumerate() {
        claims.all(&candidate.mapped, position);
    }
    for (position, candidate) in candidates.iter().enumerate() {
        if candidate.mapped.is_empty() {
            claims.all(candidate.name.as_slice(), position);
        }
    }
    for (position, candidate) in candidates.iter().enumerate() {
        claims.all(&candidate.nested, position);
    }
    // The only value of a branch takes precedence over one of several, which may be shared.
    claims.listed(candidates, |candidate| candidate.listed.len() == 1);
    claims.listed(candidates, |_| true);
    claims.defaults(candidates);
    claims.tags
}

struct Claims {
    tags: Vec<Vec<String>>,
    taken: HashSet<String>,
}

impl Claims {
    fn all(&mut self, values: &[String], position: usize) {
        for value in values {
            if self.taken.insert(value.clone())
                && let Some(tags) = self.tags.get_mut(position)
            {
                tags.push(value.clone());
            }
        }
    }

    /// Assigns each remaining value to the branch that lists it. If there are several, this is the
    /// only one without a tag, or the most derived one if they extend each other; otherwise none.
    fn listed(&mut self, candidates: &[Candidate], counts: impl Fn(&Candidate) -> bool) {
        let has_tag: Vec<bool> = self.tags.iter().map(|tags| !tags.is_empty()).collect();
        let has_tag = |position: usize| has_tag.get(position).copied().unwrap_or_default();
        let mut listers: Vec<(&String, Vec<usize>)> = Vec::new();
        let mut known: HashMap<&String, usize> = HashMap::new();
        for (position, candidate) in candidates.iter().enumerate() {
            for value in candidate.listed.iter().filter(|_| counts(candidate)) {
                let at = *known.entry(value).or_insert_with(|| {
                    listers.push((value, Vec::new()));
                    listers.len() - 1
                });
                if let Some((_, positions)) = listers.get_mut(at) {
                    positions.push(position);
                }
            }
        }
        for (value, positions) in listers {
            let untagged: Vec<usize> = positions
                .iter()
                .copied()
                .filter(|position| !has_tag(*position))
                .collect();
            let positions = if untagged.is_empty() {
                positions
            } else {
                untagged
            };
            if let [only] = most_derived(candidates, &positions).as_slice() {
                self.all(std::slice::from_ref(value), *only);
            }
        }
    }

    /// Assigns each value that is the default of only one branch to that branch.
    fn defaults(&mut self, candidates: &[Candidate]) {
        let mut counts: HashMap<&String, usize> = HashMap::new();
        for value in candidates.iter().filter_map(|it| it.default.as_ref()) {
            *counts.entry(value).or_default() += 1;
        }
        for (position, candidate) in candidates.iter().enumerate() {
            let default = candidate.default.as_ref();
            if let Some(value) = default.filter(|value| counts.get(value) == Some(&1)) {
                self.all(std::slice::from_ref(value), position);
            }
        }
    }
}

/// Returns the branches that none of the others extends.
fn most_derived(candidates: &[Candidate], positions: &[usize]) -> Vec<usize> {
    let is_extended = |position: &usize| {
        let own = candidates.get(*position).and_then(|it| it.own.as_ref());
        let mut others = positions.iter().filter_map(|other| candidates.get(*other));
        own.is_some_and(|own| others.any(|other| other.extends.contains(own)))
    };
    let derived = positions.iter().copied();
    derived.filter(|position| !is_extended(position)).collect()
}

/// Returns `true` if every branch only restricts a value that other keywords describe.
fn limits(union: &Alternatives<'_>) -> bool {
    union.branches.iter().all(is_constraint)
}

/// Returns the pointer to the schema of a node, after following references.
pub(super) fn meant(node: &SchemaNode<'_>) -> Option<Pointer> {
    Some(unwrapped(node).follow()?.pointer().clone())
}

/// Returns the reference in an inline schema that only annotates it.
fn unwrapped<'d>(node: &SchemaNode<'d>) -> SchemaNode<'d> {
    let mut node = node.clone();
    for _ in 0..DEEPEST {
        let inline = node.inline().filter(|view| !is_component(view.pointer()));
        match inline.and_then(|view| view.annotated()) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

/// Returns the value that selects a schema without a mapping: the name in its reference.
fn implicit_name(node: &SchemaNode<'_>) -> Option<String> {
    let node = unwrapped(node);
    let own = || Some(node.pointer().clone()).filter(is_component);
    node.reference().or_else(own)?.last()
}

/// Finds a property that every branch requires, with distinct values in each.
pub(super) fn constant_tag(branches: &[Branch<'_>]) -> Option<Tags> {
    let all: Vec<MergedSchema<'_>> = branches
        .iter()
        .map(Branch::merged_schema)
        .collect::<Option<_>>()?;
    let first = all.first()?.object();
    first
        .properties
        .keys()
        .filter(|name| first.required.contains(*name))
        .find_map(|name| {
            let tags: Vec<Vec<String>> = all
                .iter()
                .map(|merged| {
                    let values = constant_values(merged, name)?;
                    let values = values.iter().map(tag_text).collect::<Option<_>>()?;
                    merged.object().required.contains(name).then_some(values)
                })
                .collect::<Option<_>>()?;
            disjoint(&tags).then(|| ((*name).to_owned(), tags))
        })
}

/// Returns the values that a property allows in a branch, or `None` if no keyword lists them.
pub(super) fn constant_values(merged: &MergedSchema<'_>, property: &str) -> Option<Vec<Json>> {
    if !merged.unions.iter().all(limits) {
        return None;
    }
    let object = merged.object();
    let nodes = object.properties.get(property)?;
    MergedSchema::of_all(nodes, merged.at.clone()).enumeration()
}

/// Returns the default of a property in a branch.
fn default_value(merged: &MergedSchema<'_>, property: &str) -> Option<Json> {
    let object = merged.object();
    let nodes = object.properties.get(property)?;
    MergedSchema::of_all(nodes, merged.at.clone()).last(|view| view.default_value().cloned())
}

/// Returns `true` if a property has values that are not strings, so that no name can be one of them.
fn has_other_values(merged: &MergedSchema<'_>, property: &str) -> bool {
    let object = merged.object();
    let Some(nodes) = object.properties.get(property) else {
        return false;
    };
    let merged = MergedSchema::of_all(nodes, merged.at.clone());
    let value_type = merged.value_type();
    value_type.is_some_and(|value_type| value_type != SchemaType::String)
}

/// Returns `true` if the struct of a branch has no field for a property.
pub(super) fn has_no_place(branch: &Branch<'_>, property: &str) -> bool {
    let Some(merged) = branch
        .merged_schema()
        .filter(|merged| merged.unions.iter().all(limits))
    else {
        return false;
    };
    let object = merged.object();
    let is_closed = matches!(object.additional, SchemaOrBool::Closed);
    let is_struct = is_closed || !object.properties.is_empty() || !object.required.is_empty();
    is_struct
        && (is_closed || matches!(object.additional, SchemaOrBool::Absent))
        && object.patterns.is_empty()
        && !object.properties.contains_key(property)
        && !object.conditional.contains_key(property)
        && !object.required.contains(property)
}

fn disjoint(tags: &[Vec<String>]) -> bool {
    let mut seen = HashSet::new();
    tags.iter()
        .all(|tags| !tags.is_empty() && tags.iter().all(|tag| seen.insert(tag)))
}
