//! Creates sample values for schemas: the examples of the document, or values that the schema allows.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json, json};

use crate::document::{SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::lower::{Alternatives, MergedSchema, is_constraint};
use crate::output_limits::{self, Room};
use crate::pointer::Pointer;

use super::discriminator;
use super::format::text_in_format;

/// Maximum depth of a sample.
const DEEPEST: usize = 6;

/// The direction of a value, which determines the properties it lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::proof) enum Direction {
    Sent,
    Read,
}

/// The size of a generated value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Extent {
    direction: Direction,
    /// The number of levels with all properties and with arrays of two items.
    full: usize,
    /// A suffix for generated text, with characters that need encoding.
    odd: &'static str,
}

/// The objects generated for referenced schemas, by their depth.
pub(in crate::proof) struct SampleCache {
    known: RefCell<HashMap<Key, Json>>,
    /// The budget that was too small for each value.
    failed: RefCell<HashMap<Key, usize>>,
    /// The number of schemas that may still be visited.
    steps: Cell<usize>,
    /// The pointers to union branches that no value may match.
    without: HashSet<Pointer>,
}

type Key = (Pointer, usize, Extent);

impl Default for SampleCache {
    fn default() -> Self {
        Self {
            known: RefCell::default(),
            failed: RefCell::default(),
            steps: Cell::new(output_limits::ALL_EXAMPLE_STEPS),
            without: HashSet::new(),
        }
    }
}

impl SampleCache {
    /// Creates an empty cache that excludes the union branches at these pointers.
    pub fn without(branches: HashSet<Pointer>) -> Self {
        Self {
            without: branches,
            ..Self::default()
        }
    }
}

/// Creates one sample.
struct Sampler<'m> {
    cache: &'m SampleCache,
    extent: Extent,
    room: Room,
    /// The number of schemas that may still be visited.
    steps: Cell<usize>,
    /// The number of properties omitted for lack of budget.
    left_out: Cell<usize>,
}

/// Returns the document's example of a schema, or one composed of the examples of its parts.
pub(in crate::proof) fn minimal(
    cache: &SampleCache,
    node: &SchemaNode<'_>,
    hint: &str,
) -> Option<Json> {
    let lean = Extent {
        direction: Direction::Sent,
        full: 0,
        odd: "",
    };
    Sampler::new(cache, lean).at_depth(node, hint, 0)
}

/// Returns a value of a union's branch, without a tag. `merged` is the branch merged with
/// the keywords beside the union.
pub(in crate::proof) fn of_branch(
    cache: &SampleCache,
    merged: &MergedSchema<'_>,
    (direction, levels): (Direction, usize),
) -> Option<Json> {
    let extent = Extent {
        direction,
        full: levels,
        odd: "",
    };
    Sampler::new(cache, extent).of_merged(merged, "text", 0)
}

/// Returns the number of branches of a schema that is a union, or 0 for other schemas.
pub(in crate::proof) fn branch_count(node: &SchemaNode<'_>) -> usize {
    let merged = node.follow().map(|view| MergedSchema::new(&view));
    let union = merged.as_ref().and_then(only_union);
    union.map_or(0, |union| union.branches.len())
}

/// Returns a value of the branch at a position.
pub(in crate::proof) fn branch(
    node: &SchemaNode<'_>,
    position: usize,
    direction: Direction,
) -> Option<Json> {
    let merged = MergedSchema::new(&node.follow()?);
    let union = only_union(&merged)?;
    let branch = union.branches.get(position)?;
    let combined = merged.with_branch(branch, &[]);
    let cache = SampleCache::default();
    let sample = of_branch(&cache, &combined, (direction, 2))?;
    Some(discriminator::tagged(&union.owner, branch, sample))
}

fn only_union<'f, 'd>(merged: &'f MergedSchema<'d>) -> Option<&'f Alternatives<'d>> {
    let unions = merged.unions.iter();
    let mut unions = unions.filter(|union| !union.branches.iter().all(is_constraint));
    let only = unions.next()?;
    unions.next().is_none().then_some(only)
}

/// Returns `true` if the document has an example of a schema.
pub(in crate::proof) fn is_given(node: &SchemaNode<'_>) -> bool {
    let has_own = |view: &SchemaView<'_>| !view.examples().is_empty();
    let followed = || Some(MergedSchema::new(&node.follow()?));
    node.inline().is_some_and(|view| has_own(&view))
        || followed().is_some_and(|merged| merged.parts.iter().any(has_own))
}

/// Returns an example that includes optional properties, down to some levels.
pub(in crate::proof) fn full(
    cache: &SampleCache,
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
    Sampler::new(cache, full).at_depth(node, hint, 0)
}

impl<'m> Sampler<'m> {
    fn new(cache: &'m SampleCache, extent: Extent) -> Self {
        Self {
            cache,
            extent,
            room: Room::new(output_limits::EXAMPLE_VALUES, output_limits::EXAMPLE_BYTES),
            steps: Cell::new(output_limits::EXAMPLE_STEPS),
            left_out: Cell::new(0),
        }
    }

    fn at_depth(&self, node: &SchemaNode<'_>, hint: &str, depth: usize) -> Option<Json> {
        let Some(target) = node.reference() else {
            return self.make(node, hint, depth);
        };
        let key = (target, depth, self.extent);
        let again = self.cache.known.borrow().get(&key).cloned();
        if let Some(again) = again {
            self.room.take_copies(&again, 1)?;
            return Some(again);
        }
        let room = self.room.values();
        let too_little = self.cache.failed.borrow().get(&key).copied();
        if too_little.is_some_and(|too_little| room <= too_little) {
            return None;
        }
        let left_out = self.left_out.get();
        let Some(value) = self.make(node, hint, depth) else {
            self.cache.failed.borrow_mut().insert(key, room);
            return None;
        };
        // Values other than objects may contain the hint. At the top level the budget is always the
        // same.
        let is_whole = depth == 0 || self.left_out.get() == left_out;
        if value.is_object() && is_whole {
            self.cache.known.borrow_mut().insert(key, value.clone());
        }
        Some(value)
    }

    /// Reserves budget for a value of the document.
    fn given(&self, value: &Json, depth: usize) -> Option<Json> {
        // The example of the whole value is used at any size.
        if depth > 0 {
            self.room.take_copies(value, 1)?;
        }
        Some(value.clone())
    }

    fn step(&self) -> Option<()> {
        for steps in [&self.steps, &self.cache.steps] {
            steps.set(steps.get().checked_sub(1)?);
        }
        Some(())
    }

    fn make(&self, node: &SchemaNode<'_>, hint: &str, depth: usize) -> Option<Json> {
        self.step()?;
        if let Some(own) = node
            .inline()
            .and_then(|view| view.examples().first().copied())
        {
            return self.given(own, depth);
        }
        if depth > DEEPEST {
            return None;
        }
        self.of_merged(&MergedSchema::new(&node.follow()?), hint, depth)
    }

    fn of_merged(&self, merged: &MergedSchema<'_>, hint: &str, depth: usize) -> Option<Json> {
        if let Some(example) = merged.last(|view| view.examples().first().copied()) {
            return self.given(example, depth);
        }
        if let Some(value) = merged
            .enumeration()
            .and_then(|values| values.into_iter().find(|value| !value.is_null()))
        {
            return self.given(&value, depth);
        }
        let own = merged.own().filter(|_| !merged.base);
        if merged.unions.is_empty()
            && let Some((own, heir)) = own.and_then(|own| Some((own, discriminator::heir(own)?)))
        {
            let sample = self.at_depth(&heir, hint, depth + 1)?;
            return Some(discriminator::tagged(own, &heir, sample));
        }
        let unions = merged.unions.iter();
        let mut unions = unions.filter(|union| !union.branches.iter().all(is_constraint));
        let Some(first) = unions.next() else {
            return self.of_type(merged, hint, depth);
        };
        let base = if merged.is_object() {
            Some(self.object(merged, depth)?)
        } else {
            None
        };
        std::iter::once(first)
            .chain(unions)
            .try_fold(base, |base, union| {
                let is_there = |branch: &&SchemaNode<'_>| {
                    let without = &self.cache.without;
                    !without.contains(branch.pointer())
                };
                let branch = union.branches.iter().find(is_there)?;
                let sample = self.at_depth(branch, hint, depth + 1)?;
                let sample = match base {
                    Some(base) => united(base, sample),
                    None => sample,
                };
                Some(Some(discriminator::tagged(&union.owner, branch, sample)))
            })?
    }

    fn of_type(&self, merged: &MergedSchema<'_>, hint: &str, depth: usize) -> Option<Json> {
        let value_type = merged.value_type();
        match value_type {
            Some(SchemaType::Object) => return self.object(merged, depth),
            None if merged.is_object() => return self.object(merged, depth),
            Some(SchemaType::Array) => return self.array(merged, hint, depth),
            _ => {}
        }
        let value = match value_type {
            Some(SchemaType::Boolean) => json!(true),
            Some(SchemaType::Integer | SchemaType::Number) => number(merged),
            Some(SchemaType::String) => Json::String(text(merged, hint, self.extent.odd)?),
            _ => json!({}),
        };
        self.room.take_copies(&value, 1)?;
        Some(value)
    }

    fn array(&self, merged: &MergedSchema<'_>, hint: &str, depth: usize) -> Option<Json> {
        self.room.take(1, 0)?;
        let least = merged.last(SchemaView::min_items).unwrap_or_default();
        let Some(SchemaOrBool::Schema(item)) = merged.last(|view| Some(view.items())) else {
            return Some(json!([]));
        };
        if least > output_limits::EXAMPLE_VALUES {
            return None;
        }
        if depth < self.extent.full {
            let most = merged.last(SchemaView::max_items).unwrap_or(usize::MAX);
            let count = least.max(2).min(most);
            let mark = self.room.mark();
            let Some(first) = self.at_depth(&item, hint, depth + 1) else {
                self.room.restore(mark);
                return (least == 0).then(|| json!([]));
            };
            let mut items = vec![first];
            while items.len() < count
                && let Some(first) = items.first()
            {
                let next = another(&item, first, items.len());
                if self.room.take_copies(&next, 1).is_none() {
                    break;
                }
                items.push(next);
            }
            items.truncate(count);
            return (items.len() >= least).then_some(Json::Array(items));
        }
        if least > 0 {
            let item = self.at_depth(&item, hint, depth + 1)?;
            self.room.take_copies(&item, least - 1)?;
            return Some(Json::Array(vec![item; least]));
        }
        let shown =
            MergedSchema::new(&item.follow()?).last(|view| view.examples().first().copied());
        let shown = shown.and_then(|item| self.given(item, depth + 1));
        Some(shown.into_iter().collect())
    }

    /// Returns an object with the required properties and those that have an example, within the
    /// budget.
    fn object(&self, merged: &MergedSchema<'_>, depth: usize) -> Option<Json> {
        let extent = &self.extent;
        let object = merged.object();
        self.room.take(1, 0)?;
        let mut values: HashMap<&str, Json> = HashMap::new();
        for name in &object.required {
            if let Some(node) = object.properties.get(name).and_then(|nodes| nodes.last()) {
                self.room.take(0, name.len())?;
                values.insert(name, self.at_depth(node, name, depth + 1)?);
            }
        }
        for (name, nodes) in &object.properties {
            let Some(node) = nodes.last() else { continue };
            let view = node.inline();
            let is_absent = view.as_ref().is_some_and(|view| match extent.direction {
                Direction::Sent => view.read_only(),
                Direction::Read => view.write_only(),
            });
            let shown = depth < extent.full || view.is_some_and(|view| !view.examples().is_empty());
            if shown
                && !is_absent
                && !values.contains_key(name)
                && let Some(value) = self.optional(node, name, depth)
            {
                values.insert(name, value);
            }
        }
        let mut members = Map::new();
        for name in object.properties.keys() {
            if let Some(value) = values.remove(name) {
                members.insert((*name).to_owned(), value);
            }
        }
        if members.is_empty()
            && depth < extent.full
            && let SchemaOrBool::Schema(node) = &object.additional
        {
            for key in ["one", "two"] {
                if let Some(value) = self.optional(node, key, depth) {
                    members.insert(key.to_owned(), value);
                }
            }
        }
        Some(Json::Object(members))
    }

    /// Creates an optional member. Uses no budget if it does not suffice.
    fn optional(&self, node: &SchemaNode<'_>, name: &str, depth: usize) -> Option<Json> {
        let mark = self.room.mark();
        let value = self
            .room
            .take(0, name.len())
            .and_then(|()| self.at_depth(node, name, depth + 1));
        if value.is_none() {
            self.room.restore(mark);
            self.left_out.set(self.left_out.get() + 1);
        }
        value
    }
}

fn number(merged: &MergedSchema<'_>) -> Json {
    let least = merged.last(SchemaView::minimum);
    let most = merged
        .last(SchemaView::maximum)
        .and_then(|bound| bound.value.as_f64());
    match least.and_then(|bound| bound.value.as_f64().map(|value| (value, bound.exclusive))) {
        Some((value, exclusive)) => whole(value + if exclusive { 1.0 } else { 0.0 }),
        None => whole(most.map_or(1.0, |most| most.min(1.0))),
    }
}

/// Returns the merged members if both are objects, otherwise the second value.
fn united(one: Json, other: Json) -> Json {
    match (one, other) {
        (Json::Object(mut one), Json::Object(other)) => {
            one.extend(other);
            Json::Object(one)
        }
        (_, other) => other,
    }
}

/// Returns a different item for an array, if possible.
fn another(node: &SchemaNode<'_>, first: &Json, index: usize) -> Json {
    let merged = node.follow().map(|view| MergedSchema::new(&view));
    let values = merged.as_ref().and_then(MergedSchema::enumeration);
    let limited = |merged: &MergedSchema<'_>| {
        merged.last(SchemaView::format).is_some()
            || merged.last(SchemaView::content_encoding).is_some()
            || merged.last(SchemaView::pattern).is_some()
            || merged.last(SchemaView::max_length).is_some()
            || merged.last(SchemaView::maximum).is_some()
            || merged.last(SchemaView::multiple_of).is_some()
    };
    match (values, first) {
        (Some(values), _) => values.get(index).unwrap_or(first).clone(),
        (None, _) if merged.as_ref().is_none_or(limited) => first.clone(),
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

/// Returns a text of a valid length, or `None` if it would be too long.
fn text(merged: &MergedSchema<'_>, hint: &str, odd: &str) -> Option<String> {
    let text = &match merged.last(SchemaView::pattern) {
        Some(_) => hint.to_owned(),
        None => format!("{hint}{odd}"),
    };
    let format = merged.last(SchemaView::format).unwrap_or_default();
    let encoding = merged.last(SchemaView::content_encoding);
    let format = match encoding {
        Some("base64") if format.is_empty() => "byte",
        _ => format,
    };
    let mut text = text_in_format(format).unwrap_or(text).to_owned();
    if let Some(least) = merged.last(SchemaView::min_length) {
        if least > output_limits::EXAMPLE_BYTES {
            return None;
        }
        let length = text.chars().count();
        text.extend(std::iter::repeat_n('x', least.saturating_sub(length)));
    }
    if let Some(most) = merged.last(SchemaView::max_length) {
        text = text.chars().take(most).collect();
    }
    Some(text)
}
