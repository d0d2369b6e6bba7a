//! A value for every schema: the document's own example, else one made from the schema.

use std::cell::RefCell;
use std::collections::HashMap;

use indexmap::IndexMap;
use openapiv3::{Example, ReferenceOr};
use serde_json::{Map, Value as Json, json};

use crate::document::{Document, Rest, SchemaNode, SchemaType, SchemaView};
use crate::pointer::Pointer;

use super::composition::is_constraint;
use super::facets::Facets;
use super::sample_tag;

/// Deeper than this, an example says no more.
const DEEPEST: usize = 6;

/// Which way a value goes, and so which of its properties are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    Sent,
    Read,
}

/// How much of a value there is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Extent {
    direction: Direction,
    /// So many levels have all of their properties, and arrays of two items.
    full: usize,
    /// What made-up text ends with: characters that its place has to encode.
    odd: &'static str,
}

/// The objects that were made of the schemas that references mean, by how deep they stand.
#[derive(Default)]
pub(super) struct Made(RefCell<HashMap<(Pointer, usize, Extent), Json>>);

/// The values of `example` and `examples` beside one another, in that order.
pub(super) fn given(
    document: &Document,
    example: Option<&Json>,
    named: &IndexMap<String, ReferenceOr<Example>>,
    at: &Pointer,
) -> Vec<Json> {
    let given = given_at(document, example, named, at);
    given.into_iter().map(|(_, value)| value).collect()
}

/// The same, each with where it stands.
pub(super) fn given_at(
    document: &Document,
    example: Option<&Json>,
    named: &IndexMap<String, ReferenceOr<Example>>,
    at: &Pointer,
) -> Vec<(Pointer, Json)> {
    let named = named.iter().filter_map(|(name, example)| {
        let (example, at) = document.resolve(example, at.child("examples").child(name))?;
        Some((at.child("value"), example.value.clone()?))
    });
    let example = example.map(|value| (at.child("example"), value.clone()));
    example.into_iter().chain(named).collect()
}

/// The document's example of a schema, or one put together from those of its parts.
pub(super) fn of(node: &SchemaNode<'_>, hint: &str) -> Option<Json> {
    let lean = Extent {
        direction: Direction::Sent,
        full: 0,
        odd: "",
    };
    at_depth(node, hint, 0, lean, None)
}

/// A value of a union's branch, which is merged with what is beside the union, with one of its
/// tags by its position.
pub(super) fn of_branch(
    owner: &SchemaView<'_>,
    branch: &SchemaNode<'_>,
    facets: &Facets<'_>,
    tag: usize,
    (direction, levels): (Direction, usize),
) -> Option<Json> {
    let extent = Extent {
        direction,
        full: levels,
        odd: "",
    };
    let sample = of_facets(facets, "text", 0, extent, None)?;
    Some(sample_tag::tagged_by(tag, owner, branch, sample))
}

/// A value of each branch of the union that a schema is; none of any other schema.
pub(super) fn branches(node: &SchemaNode<'_>, direction: Direction) -> Vec<Option<Json>> {
    let Some(facets) = node.follow().map(|view| Facets::of(&view)) else {
        return Vec::new();
    };
    let unions = facets.unions.iter();
    let mut unions = unions.filter(|union| !union.branches.iter().all(is_constraint));
    let (Some(union), None) = (unions.next(), unions.next()) else {
        return Vec::new();
    };
    let sample = |branch| {
        let merged = facets.with_branch(branch, &[]);
        of_branch(&union.owner, branch, &merged, 0, (direction, 2))
    };
    union.branches.iter().map(sample).collect()
}

/// Whether the document gives an example of a schema itself.
pub(super) fn is_given(node: &SchemaNode<'_>) -> bool {
    let has_own = |view: &SchemaView<'_>| !view.examples().is_empty();
    let followed = || Some(Facets::of(&node.follow()?));
    node.inline().is_some_and(|view| has_own(&view))
        || followed().is_some_and(|facets| facets.parts.iter().any(has_own))
}

/// The same with properties that need not be there, down to some levels.
pub(super) fn full(
    made: &Made,
    node: &SchemaNode<'_>,
    hint: &str,
    direction: Direction,
    levels: usize,
    odd: &'static str,
) -> Option<Json> {
    let full = Extent {
        direction,
        full: levels,
        odd,
    };
    at_depth(node, hint, 0, full, Some(made))
}

fn at_depth(
    node: &SchemaNode<'_>,
    hint: &str,
    depth: usize,
    extent: Extent,
    made: Option<&Made>,
) -> Option<Json> {
    let Some((Made(known), target)) = made.zip(node.reference()) else {
        return make(node, hint, depth, extent, made);
    };
    let key = (target, depth, extent);
    let again = known.borrow().get(&key).cloned();
    if again.is_some() {
        return again;
    }
    let value = make(node, hint, depth, extent, made)?;
    // Of another value, the hint may be a part.
    if value.is_object() {
        known.borrow_mut().insert(key, value.clone());
    }
    Some(value)
}

fn make(
    node: &SchemaNode<'_>,
    hint: &str,
    depth: usize,
    extent: Extent,
    made: Option<&Made>,
) -> Option<Json> {
    let own = node
        .inline()
        .and_then(|view| view.examples().first().copied().cloned());
    if own.is_some() {
        return own;
    }
    if depth > DEEPEST {
        return None;
    }
    of_facets(&Facets::of(&node.follow()?), hint, depth, extent, made)
}

fn of_facets(
    facets: &Facets<'_>,
    hint: &str,
    depth: usize,
    extent: Extent,
    made: Option<&Made>,
) -> Option<Json> {
    if let Some(example) = facets.last(|view| view.examples().first().copied().cloned()) {
        return Some(example);
    }
    if let Some(value) = facets
        .enumeration()
        .and_then(|values| values.into_iter().find(|value| !value.is_null()))
    {
        return Some(value);
    }
    let own = facets.own().filter(|_| !facets.base);
    if facets.unions.is_empty()
        && let Some((own, heir)) = own.and_then(|own| Some((own, sample_tag::heir(own)?)))
    {
        let sample = at_depth(&heir, hint, depth + 1, extent, made)?;
        return Some(sample_tag::tagged(own, &heir, sample));
    }
    let unions = facets.unions.iter();
    let mut unions = unions.filter(|union| !union.branches.iter().all(is_constraint));
    let Some(first) = unions.next() else {
        return of_type(facets, hint, depth, extent, made);
    };
    let base = match facets.is_object() {
        true => Some(object(facets, depth, extent, made)?),
        false => None,
    };
    std::iter::once(first)
        .chain(unions)
        .try_fold(base, |base, union| {
            let branch = union.branches.first()?;
            let sample = at_depth(branch, hint, depth + 1, extent, made)?;
            let sample = match base {
                Some(base) => united(base, sample),
                None => sample,
            };
            Some(Some(sample_tag::tagged(&union.owner, branch, sample)))
        })?
}

/// The members of both, where both are objects; else the other.
fn united(one: Json, other: Json) -> Json {
    match (one, other) {
        (Json::Object(mut one), Json::Object(other)) => {
            one.extend(other);
            Json::Object(one)
        }
        (_, other) => other,
    }
}

fn of_type(
    facets: &Facets<'_>,
    hint: &str,
    depth: usize,
    extent: Extent,
    made: Option<&Made>,
) -> Option<Json> {
    let scratch = &mut crate::diagnostic::Diagnostics::default();
    match facets.value_type(scratch) {
        Some(SchemaType::Object) => object(facets, depth, extent, made),
        None if facets.is_object() => object(facets, depth, extent, made),
        Some(SchemaType::Array) => {
            let least = facets.last(SchemaView::min_items).unwrap_or_default();
            let Some(Rest::Schema(item)) = facets.last(|view| Some(view.items())) else {
                return Some(json!([]));
            };
            let shown =
                Facets::of(&item.follow()?).last(|view| view.examples().first().copied().cloned());
            match shown {
                _ if depth < extent.full => {
                    let most = facets.last(SchemaView::max_items).unwrap_or(usize::MAX);
                    let count = least.max(2).min(most);
                    let Some(first) = at_depth(&item, hint, depth + 1, extent, made) else {
                        return (least == 0).then(|| json!([]));
                    };
                    let others = (1..count).map(|index| another(&item, &first, index));
                    let items = std::iter::once(first.clone()).take(count).chain(others);
                    Some(items.collect())
                }
                _ if least > 0 => {
                    let item = at_depth(&item, hint, depth + 1, extent, made)?;
                    Some(Json::Array(vec![item; least]))
                }
                Some(item) => Some(json!([item])),
                None => Some(json!([])),
            }
        }
        Some(SchemaType::Boolean) => Some(json!(true)),
        Some(SchemaType::Integer | SchemaType::Number) => {
            let least = facets.last(SchemaView::minimum);
            let most = facets
                .last(SchemaView::maximum)
                .and_then(|bound| bound.value.as_f64());
            Some(
                match least
                    .and_then(|bound| bound.value.as_f64().map(|value| (value, bound.exclusive)))
                {
                    Some((value, exclusive)) => whole(value + if exclusive { 1.0 } else { 0.0 }),
                    None => whole(most.map_or(1.0, |most| most.min(1.0))),
                },
            )
        }
        Some(SchemaType::String) => Some(Json::String(text(facets, hint, extent.odd))),
        None => Some(json!({})),
    }
}

/// The properties that have an example, and those that are required.
fn object(facets: &Facets<'_>, depth: usize, extent: Extent, made: Option<&Made>) -> Option<Json> {
    let object = facets.object();
    let mut members = Map::new();
    for (name, nodes) in &object.properties {
        let Some(node) = nodes.last() else { continue };
        let view = node.inline();
        let is_absent = view.as_ref().is_some_and(|view| match extent.direction {
            Direction::Sent => view.read_only(),
            Direction::Read => view.write_only(),
        });
        let shown = depth < extent.full || view.is_some_and(|view| !view.examples().is_empty());
        let required = object.required.contains(name);
        if (shown && !is_absent) || required {
            match at_depth(node, name, depth + 1, extent, made) {
                Some(example) => {
                    members.insert((*name).to_owned(), example);
                }
                None if required => return None,
                None => {}
            }
        }
    }
    if members.is_empty()
        && depth < extent.full
        && let Rest::Schema(value) = &object.additional
    {
        for key in ["one", "two"] {
            if let Some(value) = at_depth(value, key, depth + 1, extent, made) {
                members.insert(key.to_owned(), value);
            }
        }
    }
    Some(Json::Object(members))
}

/// Another item of an array, so that two are not the same where that can be.
fn another(node: &SchemaNode<'_>, first: &Json, index: usize) -> Json {
    let facets = node.follow().map(|view| Facets::of(&view));
    let values = facets.as_ref().and_then(Facets::enumeration);
    let limited = |facets: &Facets<'_>| {
        facets.last(SchemaView::format).is_some()
            || facets.last(SchemaView::pattern).is_some()
            || facets.last(SchemaView::max_length).is_some()
            || facets.last(SchemaView::maximum).is_some()
            || facets.last(SchemaView::multiple_of).is_some()
    };
    match (values, first) {
        (Some(values), _) => values.get(index).unwrap_or(first).clone(),
        (None, _) if facets.as_ref().is_none_or(limited) => first.clone(),
        (None, Json::String(text)) => json!(format!("{text}{}", index + 1)),
        (None, Json::Number(number)) => match number.as_i64() {
            Some(number) => json!(number.saturating_add(i64::try_from(index).unwrap_or(1))),
            None => first.clone(),
        },
        (None, _) => first.clone(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be whole and small"
)]
fn whole(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}

fn text(facets: &Facets<'_>, hint: &str, odd: &str) -> String {
    let text = &match facets.last(SchemaView::pattern) {
        Some(_) => hint.to_owned(),
        None => format!("{hint}{odd}"),
    };
    let format = facets.last(SchemaView::format).unwrap_or_default();
    let mut text = of_format(format).unwrap_or(text).to_owned();
    if let Some(least) = facets.last(SchemaView::min_length) {
        // A length of a million is not worth a million letters of documentation.
        while text.chars().count() < least.min(200) {
            text.push('x');
        }
    }
    if let Some(most) = facets.last(SchemaView::max_length) {
        text = text.chars().take(most).collect();
    }
    text
}

/// A text of a format; `None` where any would do.
pub(super) fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "uri" | "url" => "https://example.com",
        "uuid" => "3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12",
        "date" => "2024-01-31",
        "date-time" => "2024-01-31T12:00:00Z",
        "time" => "12:00:00Z",
        "email" => "person@example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "hostname" => "example.com",
        "byte" => "aGVsbG8=",
        _ => return None,
    })
}
