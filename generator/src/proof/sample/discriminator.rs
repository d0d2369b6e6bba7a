//! Adds the tag to a sample of a union's branch, directly from the document.
//!
//! It shares no code with the selection of tags (`lower/discriminator.rs`), so that the tests that use these
//! samples detect faults there.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::document::{Applicator, SchemaNode, SchemaView};
use crate::pointer::Pointer;

/// Sets the property of an owner's discriminator to a value that selects a branch.
///
/// The value is a key of the mapping for the branch, or the name of the branch's component if the
/// property allows it, or another value that the property allows (OpenAPI 3.1.1, section 4.8.25).
pub(in crate::proof) fn tagged(
    owner: &SchemaView<'_>,
    branch: &SchemaNode<'_>,
    sample: Json,
) -> Json {
    match Tags::new(owner) {
        Some(tags) => tags.tagged(0, branch, sample),
        None => sample,
    }
}

/// The tags of a schema with a discriminator, for its branches.
pub(in crate::proof) struct Tags<'d> {
    owner: SchemaView<'d>,
    /// The keys of the mapping, by selected schema.
    mapped: HashMap<Pointer, Vec<&'d str>>,
}

impl<'d> Tags<'d> {
    /// Returns the tags of a schema or of one that it extends, or `None` without a discriminator.
    pub fn new(owner: &SchemaView<'d>) -> Option<Self> {
        // The owner itself, or a schema that it extends.
        let mut parts = owner.walk(&[Applicator::AllOf]);
        let owner = parts.find(|part| part.discriminator().is_some())?;
        let mut mapped: HashMap<Pointer, Vec<&str>> = HashMap::new();
        for tag in owner.discriminator()?.mapping.keys() {
            if let Some(target) = owner.discriminated(tag).and_then(|node| node.follow()) {
                let tags = mapped.entry(target.pointer().clone()).or_default();
                tags.push(tag);
            }
        }
        Some(Self { owner, mapped })
    }

    /// Returns the name of the discriminator's property.
    pub fn property(&self) -> Option<&'d str> {
        Some(&self.owner.discriminator()?.property_name)
    }

    /// Sets the property of the discriminator, like [`tagged`]. `position` selects one of the
    /// mapping's keys for the branch.
    pub fn tagged(&self, position: usize, branch: &SchemaNode<'_>, mut sample: Json) -> Json {
        if let Some(property) = self.property()
            && let Some(members) = sample.as_object_mut()
        {
            let has_one = members.contains_key(property);
            let tags = self.selecting(branch, has_one).unwrap_or_default();
            if let Some(tag) = tags.into_iter().nth(position) {
                match members.get_mut(property) {
                    Some(value) => *value = tag,
                    None => {
                        members.shift_insert(0, property.to_owned(), tag);
                    }
                }
            }
        }
        sample
    }

    /// Returns the tags that select a branch; empty if the sample already has its tag.
    fn selecting(&self, branch: &SchemaNode<'_>, has_one: bool) -> Option<Vec<Json>> {
        let discriminator = self.owner.discriminator()?;
        let view = branch.follow()?;
        let meant = meant(&self.owner, branch);
        let allowed = values(&view, &discriminator.property_name);
        let find = |tag: &str| match &allowed {
            None => Some(Json::from(tag)),
            Some(values) => values.iter().find(|value| text(value) == tag).cloned(),
        };
        if let Some(mapped) = self.mapped.get(meant.follow()?.pointer()) {
            let known: Vec<Json> = mapped.iter().filter_map(|tag| find(tag)).collect();
            let all = || mapped.iter().map(|tag| Json::from(*tag)).collect();
            return Some(if known.is_empty() { all() } else { known });
        }
        let is_union = !view.one_of().is_empty() || !view.any_of().is_empty();
        if has_one && is_union {
            return None;
        }
        let pointer = meant.reference();
        let name = pointer.as_ref().unwrap_or(meant.pointer()).last()?;
        let others = || {
            let values = allowed.iter().flatten();
            let free = values.filter(|value| !discriminator.mapping.contains_key(&text(value)));
            free.cloned().collect()
        };
        Some(find(&name).map_or_else(others, |name| vec![name]))
    }
}

/// Returns the reference in a listed branch that only adds annotations to it.
fn meant<'d>(owner: &SchemaView<'d>, branch: &SchemaNode<'d>) -> SchemaNode<'d> {
    let is_listed = branch.pointer().strip_prefix(owner.pointer()).is_some();
    let view = branch.inline().filter(|_| is_listed);
    let reference = view.and_then(|view| view.annotated());
    reference.unwrap_or_else(|| branch.clone())
}

fn text(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the values that a schema lists for a property, or `None` if it lists none.
fn values(view: &SchemaView<'_>, property: &str) -> Option<Vec<Json>> {
    let parts = view.walk(&[Applicator::AllOf]);
    let listed = parts.filter_map(|part| {
        let values = part.property(property)?.follow()?.enumeration();
        (!values.is_empty()).then_some(values)
    });
    listed.reduce(|mut one, other| {
        one.retain(|value| other.contains(value));
        one
    })
}

/// Returns the first schema that a discriminator without alternatives selects: a target of its
/// mapping, or one that extends its schema.
pub(in crate::proof) fn heir<'d>(owner: &SchemaView<'d>) -> Option<SchemaNode<'d>> {
    let discriminator = owner.discriminator()?;
    let mut mapped = discriminator.mapping.keys().filter_map(|tag| {
        let node = owner.discriminated(tag)?;
        (node.follow()?.pointer() != owner.pointer()).then_some(node)
    });
    let extends = |node: &SchemaNode<'_>| {
        let view = node.inline();
        view.is_some_and(|view| extends(&view, owner.pointer()))
    };
    mapped.next().or_else(|| {
        let mut schemas = owner.document().schemas().map(|(_, node)| node);
        schemas.find(extends)
    })
}

/// Returns `true` if a schema has another one in its `allOf`, or in an inline part of it.
fn extends(view: &SchemaView<'_>, parent: &Pointer) -> bool {
    let mut parts = view.walk(&[Applicator::AllOf]).inline();
    parts.any(|part| {
        let mut branches = part.all_of().into_iter();
        branches.any(|branch| branch.reference().as_ref() == Some(parent))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::diagnostic::Diagnostics;
    use crate::document::Document;
    use crate::normalize::normalize;

    use super::*;

    #[test]
    fn the_mapping_precedes_the_name_and_the_name_precedes_the_values() {
        let branch = |kind: Json| json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind } });
        let value = json!({
            "openapi": "3.0.3",
            "info": { "title": "t", "version": "1" },
            "paths": {},
            "components": { "schemas": {
                "Pet": {
                    "oneOf": (["Cat", "Dog", "Cow", "Hen"])
                        .map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })),
                    "discriminator": { "propertyName": "kind", "mapping": {
                        "lion": "#/components/schemas/Cat",
                        "cat": "Cat"
                    } }
                },
                "Cat": branch(json!({ "type": "string", "enum": ["cat"] })),
                "Dog": branch(json!({ "type": "string" })),
                "Cow": branch(json!({ "type": "string", "enum": ["cat", "bull"] })),
                "Hen": branch(json!({ "type": "string", "enum": ["Cow", "Hen"] }))
            } }
        });
        let mut found = Diagnostics::default();
        let document = Document::read(normalize(value, &mut found), &mut found);
        let document = document.expect("it is read");
        let (_, pet) = document.schemas().next().expect("there is one");
        let pet = pet.follow().expect("it is written out");
        let tags = pet.one_of().into_iter().map(|branch| {
            let sample = tagged(&pet, &branch, json!({ "kind": "kind" }));
            sample["kind"].clone()
        });
        // The first key of the mapping that the branch allows, and never a value that selects
        // another branch.
        assert_eq!(tags.collect::<Vec<_>>(), ["cat", "Dog", "bull", "Hen"]);
    }
}
