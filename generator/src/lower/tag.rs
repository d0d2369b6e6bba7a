//! What tells the branches of a union apart: a discriminator, or a property with values of its own in each.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{SchemaNode, SchemaType, SchemaView};
use crate::pointer::Pointer;

use super::Lowering;
use super::composition::{Branch, is_constraint};
use super::facets::Facets;

/// The tags of unions inside of unions are looked for as deep as this.
const DEEPEST: usize = 32;

impl<'d> Lowering<'d, '_> {
    /// The property that tells the branches apart, and the values that mean each of them.
    pub(super) fn tagging(
        &mut self,
        owner: &SchemaView<'d>,
        branches: &[Branch<'d>],
    ) -> Option<(String, Vec<Vec<String>>)> {
        let Some(discriminator) = owner.discriminator() else {
            return constant_tag(branches);
        };
        let property = discriminator.property_name.clone();
        let mut mapped: IndexMap<Pointer, Vec<String>> = IndexMap::new();
        for value in discriminator.mapping.keys() {
            if let Some(target) = owner.discriminated(value).and_then(|node| meant(&node)) {
                mapped.entry(target).or_default().push(value.clone());
            }
        }
        let mut seen = HashSet::new();
        let tags: Vec<Vec<String>> = branches
            .iter()
            .map(|branch| branch_tags(branch, &property, &mapped, &mut seen, 0).unwrap_or_default())
            .collect();
        if !disjoint(&tags) {
            let unusable = Diagnostic::warning(
                code::DISCRIMINATOR_UNUSABLE,
                owner.pointer().child("discriminator"),
                format!("the values of `{property}` do not tell the branches apart"),
            )
            .label("the branches are told apart by their contents instead")
            .help(
                "give each branch a value of its own, by `mapping` or by a `const` of the property",
            );
            self.diagnostics.push(indistinct(unusable, branches, &tags));
            return None;
        }
        Some((property, tags))
    }
}

/// Adds the branches that a discriminator does not tell apart.
fn indistinct(
    mut diagnostic: Diagnostic,
    branches: &[Branch<'_>],
    tags: &[Vec<String>],
) -> Diagnostic {
    let mut seen: HashMap<&str, &Pointer> = HashMap::new();
    for (branch, tags) in branches.iter().zip(tags) {
        let at = branch.node.pointer();
        if tags.is_empty() {
            return diagnostic.related(at, "no value means this branch");
        }
        for tag in tags {
            let Some(first) = seen.insert(tag, at) else {
                continue;
            };
            diagnostic = diagnostic.related(first, format!("`{tag}` may mean this branch"));
            return diagnostic.related(at, "or this one");
        }
    }
    diagnostic
}

/// The values of the discriminator that mean a branch.
///
/// `seen`: the unions among the branches so far. The values of one that comes again mean no branch.
fn branch_tags(
    branch: &Branch<'_>,
    property: &str,
    mapped: &IndexMap<Pointer, Vec<String>>,
    seen: &mut HashSet<Pointer>,
    depth: usize,
) -> Option<Vec<String>> {
    let facets = branch.facets()?;
    if let Some(tags) = meant(&branch.node).and_then(|target| mapped.get(&target)) {
        let mut tags = tags.clone();
        // Where the mapping has other values than the property itself, either is read.
        if let Some(own) = property_values(&facets, property)
            && !tags.iter().any(|tag| own.contains(tag))
        {
            tags.extend(own);
        }
        return Some(tags);
    }
    if let [nested] = facets.unions.as_slice()
        && !nested.branches.iter().all(is_constraint)
    {
        if depth >= DEEPEST || !seen.insert(nested.at()) {
            return None;
        }
        // A union of unions: the inner one's values are the outer one's too.
        let inner = nested.branches.iter().map(|node| Branch {
            node: node.clone(),
            merged: None,
        });
        let inner_mapped = nested.owner.discriminator().map(|discriminator| {
            let mut inner: IndexMap<Pointer, Vec<String>> = IndexMap::new();
            for value in discriminator.mapping.keys() {
                if let Some(target) = nested
                    .owner
                    .discriminated(value)
                    .and_then(|node| meant(&node))
                {
                    inner.entry(target).or_default().push(value.clone());
                }
            }
            inner
        });
        let inner_mapped = inner_mapped.unwrap_or_default();
        let tags: Option<Vec<Vec<String>>> = inner
            .map(|branch| branch_tags(&branch, property, &inner_mapped, seen, depth + 1))
            .collect();
        return Some(tags?.concat());
    }
    if let Some(values) = property_values(&facets, property) {
        return Some(values);
    }
    if !facets.is_object() || has_other_values(&facets, property) {
        return None;
    }
    branch
        .node
        .reference()
        .or_else(|| Some(branch.node.pointer().clone()))?
        .last()
        .map(|name| vec![name])
}

/// Where a node's schema is written out.
fn meant(node: &SchemaNode<'_>) -> Option<Pointer> {
    Some(node.follow()?.pointer().clone())
}

/// A property that every branch requires, with values of its own in each.
fn constant_tag(branches: &[Branch<'_>]) -> Option<(String, Vec<Vec<String>>)> {
    let all: Vec<Facets<'_>> = branches.iter().map(Branch::facets).collect::<Option<_>>()?;
    let first = all.first()?.object();
    first
        .properties
        .keys()
        .filter(|name| first.required.contains(*name))
        .find_map(|name| {
            let tags: Vec<Vec<String>> = all
                .iter()
                .map(|facets| {
                    let values = constant_values(facets, name)?;
                    let values = values.iter().map(tag_text).collect::<Option<_>>()?;
                    facets.object().required.contains(name).then_some(values)
                })
                .collect::<Option<_>>()?;
            disjoint(&tags).then(|| ((*name).to_owned(), tags))
        })
}

/// What the reader of a tag makes of a value.
fn tag_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) => Some(value.to_string()),
        Json::Number(number) if !number.is_f64() => Some(value.to_string()),
        _ => None,
    }
}

/// The text values that a property may have in a branch.
fn property_values(facets: &Facets<'_>, property: &str) -> Option<Vec<String>> {
    let values = constant_values(facets, property)?;
    let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
    texts.collect()
}

/// The values that a property may have in a branch.
fn constant_values(facets: &Facets<'_>, property: &str) -> Option<Vec<Json>> {
    if !facets
        .unions
        .iter()
        .all(|union| union.branches.iter().all(is_constraint))
    {
        return None;
    }
    let object = facets.object();
    let nodes = object.properties.get(property)?;
    Facets::of_all(nodes, facets.at.clone()).enumeration()
}

/// Whether a property has values that are no text, so that no name can be one of them.
fn has_other_values(facets: &Facets<'_>, property: &str) -> bool {
    let object = facets.object();
    let Some(nodes) = object.properties.get(property) else {
        return false;
    };
    let facets = Facets::of_all(nodes, facets.at.clone());
    let value_type = facets.value_type(&mut Diagnostics::default());
    value_type.is_some_and(|value_type| value_type != SchemaType::String)
}

pub(super) fn has_property(branch: &Branch<'_>, property: &str) -> bool {
    branch.facets().is_some_and(|facets| {
        !facets.unions.is_empty() || facets.object().properties.contains_key(property)
    })
}

fn disjoint(tags: &[Vec<String>]) -> bool {
    let mut seen = HashSet::new();
    tags.iter()
        .all(|tags| !tags.is_empty() && tags.iter().all(|tag| seen.insert(tag)))
}
