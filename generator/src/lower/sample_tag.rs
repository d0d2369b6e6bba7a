//! The tag of a sample of a union's branch, straight from the document.
//!
//! It shares nothing with the code that decides on the tags of a union (`tag.rs`): the tests that
//! use these samples have to notice where that is wrong.

use serde_json::Value as Json;

use crate::document::{SchemaNode, SchemaView};
use crate::pointer::Pointer;

/// More schemas than this around one another are not searched.
const DEEPEST: usize = 8;

/// Sets the property of an owner's discriminator to a value that means a branch.
///
/// A value that the mapping has for the branch, else the name of the branch's component where the
/// property may be that, else what the property may be (OpenAPI 3.1.1, section 4.8.25).
pub(super) fn tagged(owner: &SchemaView<'_>, branch: &SchemaNode<'_>, mut sample: Json) -> Json {
    if let Some(discriminator) = owner.discriminator()
        && let Some(members) = sample.as_object_mut()
    {
        let property = &discriminator.property_name;
        let has_one = members.contains_key(property);
        if let Some(tag) = tag(owner, branch, has_one) {
            match members.get_mut(property) {
                Some(value) => *value = tag,
                None => {
                    members.shift_insert(0, property.clone(), tag);
                }
            }
        }
    }
    sample
}

/// `None` where the sample has the tag already, or the branch has none.
fn tag(owner: &SchemaView<'_>, branch: &SchemaNode<'_>, has_one: bool) -> Option<Json> {
    let discriminator = owner.discriminator()?;
    let view = branch.follow()?;
    let mapping = &discriminator.mapping;
    let means = |tag: &&String| {
        let target = owner.discriminated(tag).and_then(|node| node.follow());
        target.is_some_and(|target| target.pointer() == view.pointer())
    };
    let mut mapped = mapping.keys().filter(means);
    let allowed = values(&view, &discriminator.property_name, 0);
    let find = |tag: &str| match &allowed {
        None => Some(Json::from(tag)),
        Some(values) => values.iter().find(|value| text(value) == tag).cloned(),
    };
    if let Some(first) = mapped.next() {
        let mut all = std::iter::once(first).chain(mapped);
        return all
            .find_map(|tag| find(tag))
            .or(Some(Json::from(first.as_str())));
    }
    let is_union = !view.one_of().is_empty() || !view.any_of().is_empty();
    if has_one && is_union {
        return None;
    }
    let pointer = branch.reference();
    let name = pointer.as_ref().unwrap_or(branch.pointer()).last()?;
    let others = || {
        let mut values = allowed.iter().flatten();
        values.find(|value| !mapping.contains_key(&text(value)))
    };
    find(&name).or_else(|| others().cloned())
}

fn text(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The values that a schema lists for a property; `None` where it lists none.
fn values(view: &SchemaView<'_>, property: &str, depth: usize) -> Option<Vec<Json>> {
    if depth > DEEPEST {
        return None;
    }
    let properties = view.properties().into_iter();
    let own = properties.filter(|(name, _)| *name == property);
    let own = own.filter_map(|(_, node)| {
        let values = node.follow()?.enumeration();
        (!values.is_empty()).then_some(values)
    });
    let parts = view.all_of().into_iter().filter_map(|part| {
        let part = part.follow()?;
        values(&part, property, depth + 1)
    });
    own.chain(parts).reduce(|mut one, other| {
        one.retain(|value| other.contains(value));
        one
    })
}

/// The first schema that a discriminator without alternatives means: a target of its mapping, or
/// one that extends its schema.
pub(super) fn heir<'d>(owner: &SchemaView<'d>) -> Option<SchemaNode<'d>> {
    let discriminator = owner.discriminator()?;
    let mut mapped = discriminator.mapping.keys().filter_map(|tag| {
        let node = owner.discriminated(tag)?;
        (node.follow()?.pointer() != owner.pointer()).then_some(node)
    });
    let extends = |node: &SchemaNode<'_>| {
        let view = node.inline();
        view.is_some_and(|view| extends(&view, owner.pointer(), 0))
    };
    mapped.next().or_else(|| {
        let mut schemas = owner.document().schemas().map(|(_, node)| node);
        schemas.find(extends)
    })
}

/// Whether a schema has another one in its `allOf`, directly or not.
fn extends(view: &SchemaView<'_>, parent: &Pointer, depth: usize) -> bool {
    depth < DEEPEST
        && view.all_of().iter().any(|part| {
            part.reference().as_ref() == Some(parent)
                || part
                    .inline()
                    .is_some_and(|part| extends(&part, parent, depth + 1))
        })
}
