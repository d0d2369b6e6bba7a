//! Whether a schema allows a value, and if not, why (JSON Schema 2020-12, sections 10 and 11 of the
//! core, section 6 of the validation vocabulary).
//!
//! Formats are annotations, as JSON Schema has it. What cannot be decided is allowed: a regular
//! expression beyond the engine's, a schema that is larger than the limits.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use regex_lite::Regex;
use serde_json::{Map, Number, Value};

use super::{Bound, Rest, SchemaNode, SchemaType, SchemaView};
use crate::markdown::code;
use crate::pointer::{Pointer, Trail};

/// Why a value is none of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where in the value.
    pub at: Pointer,
    /// What is wrong there, in a few words.
    pub reason: String,
    /// The keyword that says so.
    pub by: Pointer,
}

impl Refusal {
    /// What is wrong, and where in the value if not with the whole of it.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { at, reason, by: _ } = self;
        let place = at.as_str().replace('`', "'");
        if place.is_empty() {
            reason.clone()
        } else {
            format!("at `{place}`, {reason}")
        }
    }
}

/// Schemas are followed into each other as deep as this.
const DEEPEST: usize = 200;

/// The schemas that one value may be compared with: unions in unions can double with each level.
const MOST_STEPS: usize = 100_000;

/// All values together, with as many.
const MOST_STEPS_OF_ALL: usize = 5_000_000;

/// Compares values with schemas.
#[derive(Debug, Default)]
pub struct Validity<'d> {
    patterns: RefCell<HashMap<&'d str, Option<Regex>>>,
    steps: Cell<usize>,
    /// The number of steps at which the value is given up.
    limit: Cell<usize>,
    /// The schemas that values are being compared with, by the address of the value.
    open: RefCell<Vec<(usize, Pointer)>>,
}

type Verdict = Result<(), Refusal>;

fn refuse(at: &Trail<'_>, view: &SchemaView<'_>, keyword: &str, reason: String) -> Verdict {
    Err(Refusal {
        at: at.pointer(),
        reason,
        by: view.pointer().child(keyword),
    })
}

impl<'d> Validity<'d> {
    /// Whether the schema at a node allows a value.
    ///
    /// A property that only the other side gives (`readOnly`, `writeOnly`) may be missing where it
    /// is required, and `additionalProperties: false` knows the properties of all branches of an
    /// `allOf`, as in the generated types.
    ///
    /// # Errors
    /// Where it does not, with the first reason.
    pub fn check(&self, node: &SchemaNode<'d>, value: &Value) -> Result<(), Refusal> {
        let limit = self.steps.get().saturating_add(MOST_STEPS);
        self.limit.set(limit.min(MOST_STEPS_OF_ALL));
        self.node(node, value, &Trail::Start(&Pointer::root()), 0)
    }

    fn node(&self, node: &SchemaNode<'d>, value: &Value, at: &Trail<'_>, depth: usize) -> Verdict {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        let Some(view) = node
            .follow()
            .filter(|_| depth < DEEPEST && steps < self.limit.get())
        else {
            return Ok(());
        };
        let mut parts = Vec::new();
        conjunction(&view, &mut parts);
        let before = self.enter(&parts, value);
        let verdict = self.conjunction(&view, &parts, value, at, depth);
        self.open.borrow_mut().truncate(before);
        verdict
    }

    /// Notes that a value is being compared with schemas; returns how many such notes there were.
    fn enter(&self, parts: &[SchemaView<'d>], value: &Value) -> usize {
        let mut open = self.open.borrow_mut();
        let before = open.len();
        let at = std::ptr::from_ref(value).addr();
        open.extend(parts.iter().map(|part| (at, part.pointer().clone())));
        before
    }

    /// Returns whether the value is being compared with the schema at a node already, which leads
    /// back to it: such a branch adds nothing to its union.
    fn is_open(&self, node: &SchemaNode<'d>, value: &Value) -> bool {
        let at = std::ptr::from_ref(value).addr();
        let open = self.open.borrow();
        let mut same_value = open.iter().rev().filter(|(value, _)| *value == at);
        let view = node.follow();
        view.is_some_and(|view| same_value.any(|(_, open)| open == view.pointer()))
    }

    fn conjunction(
        &self,
        view: &SchemaView<'d>,
        parts: &[SchemaView<'d>],
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        if value.is_null() && view.nullable() {
            return Ok(());
        }
        for part in parts {
            of_type(part, value, at)?;
            listed(part, value, at)?;
            match value {
                Value::String(text) => self.text(part, text, at)?,
                Value::Number(number) => in_bounds(part, number, at)?,
                Value::Array(items) => self.array(part, items, at, depth)?,
                Value::Object(members) => self.object(part, parts, members, at, depth)?,
                Value::Null | Value::Bool(_) => {}
            }
            self.unions(part, parts, value, at, depth)?;
            self.conditions(part, value, at, depth)?;
        }
        Ok(())
    }

    fn allows(&self, node: &SchemaNode<'d>, value: &Value, at: &Trail<'_>, depth: usize) -> bool {
        self.node(node, value, at, depth + 1).is_ok()
    }

    fn matches(&self, pattern: &'d str, text: &str) -> bool {
        let mut patterns = self.patterns.borrow_mut();
        let compiled = patterns
            .entry(pattern)
            .or_insert_with(|| Regex::new(pattern).ok());
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }

    fn text(&self, view: &SchemaView<'d>, text: &str, at: &Trail<'_>) -> Verdict {
        let (least, most) = (view.min_length(), view.max_length());
        if least.is_some() || most.is_some() {
            let length = text.chars().count();
            if let Some(least) = least.filter(|least| length < *least) {
                return refuse(
                    at,
                    view,
                    "minLength",
                    format!("{} is shorter than `minLength`, {least}", quoted(text)),
                );
            }
            if let Some(most) = most.filter(|most| length > *most) {
                return refuse(
                    at,
                    view,
                    "maxLength",
                    format!("{} is longer than `maxLength`, {most}", quoted(text)),
                );
            }
        }
        if let Some(pattern) = view
            .pattern()
            .filter(|pattern| !self.matches(pattern, text))
        {
            let shown = code(pattern);
            return refuse(
                at,
                view,
                "pattern",
                format!("{} does not match `pattern`, {shown}", quoted(text)),
            );
        }
        Ok(())
    }

    fn array(
        &self,
        view: &SchemaView<'d>,
        items: &[Value],
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let count = items.len();
        if let Some(least) = view.min_items().filter(|least| count < *least) {
            return refuse(
                at,
                view,
                "minItems",
                format!("{count} items are fewer than `minItems`, {least}"),
            );
        }
        if let Some(most) = view.max_items().filter(|most| count > *most) {
            return refuse(
                at,
                view,
                "maxItems",
                format!("{count} items are more than `maxItems`, {most}"),
            );
        }
        if view.unique_items() {
            let mut seen = HashSet::new();
            let is_new = |item: &Value| seen.insert(item.to_string());
            if let Some(index) = items.iter().map(is_new).position(|is_new| !is_new) {
                let reason = "the item is there before, and `uniqueItems` is true".to_owned();
                return refuse(&Trail::Index(at, index), view, "uniqueItems", reason);
            }
        }
        let prefix = view.prefix_items();
        for (index, (node, item)) in prefix.iter().zip(items).enumerate() {
            self.node(node, item, &Trail::Index(at, index), depth + 1)?;
        }
        match view.items() {
            Rest::Closed if count > prefix.len() => {
                let reason = "there is an item more than `items: false` allows".to_owned();
                return refuse(&Trail::Index(at, prefix.len()), view, "items", reason);
            }
            Rest::Unsaid | Rest::Any | Rest::Closed => {}
            Rest::Schema(node) => {
                for (index, item) in items.iter().enumerate().skip(prefix.len()) {
                    self.node(&node, item, &Trail::Index(at, index), depth + 1)?;
                }
            }
        }
        if let Some(node) = view.contains() {
            let found = items
                .iter()
                .filter(|item| self.allows(&node, item, at, depth));
            let (found, least) = (found.count(), view.min_contains().unwrap_or(1));
            if found < least || view.max_contains().is_some_and(|most| found > most) {
                return refuse(
                    at,
                    view,
                    "contains",
                    format!("{found} items are as `contains` says"),
                );
            }
        }
        Ok(())
    }

    fn object(
        &self,
        view: &SchemaView<'d>,
        parts: &[SchemaView<'d>],
        members: &Map<String, Value>,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let is_theirs = |name: &str| {
            let nodes = parts.iter().filter_map(|part| part.property(name));
            nodes
                .flat_map(|node| node.inline().into_iter().chain(node.follow()))
                .any(|view| view.read_only() || view.write_only())
        };
        let missing = |name: &&String| !members.contains_key(*name) && !is_theirs(name);
        if let Some(name) = view.required().iter().find(missing) {
            return refuse(
                at,
                view,
                "required",
                format!("the required property {} is missing", code(name)),
            );
        }
        let count = members.len();
        if let Some(least) = view.min_properties().filter(|least| count < *least) {
            let reason = format!("{count} properties are fewer than `minProperties`, {least}");
            return refuse(at, view, "minProperties", reason);
        }
        if let Some(most) = view.max_properties().filter(|most| count > *most) {
            let reason = format!("{count} properties are more than `maxProperties`, {most}");
            return refuse(at, view, "maxProperties", reason);
        }
        let patterns = view.pattern_properties();
        let (additional, unevaluated) =
            (view.additional_properties(), view.unevaluated_properties());
        let names = view.property_names();
        for (name, value) in members {
            let inner = Trail::Key(at, name);
            let mut is_named = false;
            if let Some(node) = view.property(name) {
                is_named = true;
                self.node(&node, value, &inner, depth + 1)?;
            }
            for (_, node) in patterns.iter().filter(|(p, _)| self.matches(p, name)) {
                is_named = true;
                self.node(node, value, &inner, depth + 1)?;
            }
            if let Some(names) = &names
                && !self.allows(names, &Value::String(name.clone()), at, depth)
            {
                return refuse(
                    at,
                    view,
                    "propertyNames",
                    format!("`propertyNames` refuses the name {}", code(name)),
                );
            }
            if is_named {
                continue;
            }
            for (rest, keyword) in [
                (&additional, "additionalProperties"),
                (&unevaluated, "unevaluatedProperties"),
            ] {
                match rest {
                    Rest::Unsaid | Rest::Any => {}
                    Rest::Closed | Rest::Schema(_) if self.declare(parts, name) => {}
                    Rest::Closed => {
                        let name = code(name);
                        let reason = format!(
                            "the property {name} is not declared, and `{keyword}` is false"
                        );
                        return refuse(at, view, keyword, reason);
                    }
                    Rest::Schema(node) => self.node(node, value, &inner, depth + 1)?,
                }
            }
        }
        for (name, others) in view.dependent_required() {
            let missing = |other: &&&str| !members.contains_key(**other);
            if members.contains_key(name)
                && let Some(other) = others.iter().find(missing)
            {
                let reason = format!("where there is {}, {} is missing", code(name), code(other));
                return refuse(at, view, "dependentRequired", reason);
            }
        }
        Ok(())
    }

    /// Returns whether one of several schemas, or a branch of one, describes a property.
    fn declare(&self, parts: &[SchemaView<'d>], name: &str) -> bool {
        let mut seen = HashSet::new();
        let mut queue = parts.to_vec();
        while let Some(view) = queue.pop() {
            if !seen.insert(view.pointer().clone()) {
                continue;
            }
            let mut patterns = view.pattern_properties().into_iter();
            if view.property(name).is_some()
                || patterns.any(|(pattern, _)| self.matches(pattern, name))
            {
                return true;
            }
            let mut inner = view.one_of();
            inner.extend(view.any_of());
            inner.extend(view.all_of());
            inner.extend(view.conditional().into_iter().flatten());
            inner.extend(view.dependent_schemas().into_iter().map(|(_, node)| node));
            queue.extend(inner.iter().filter_map(SchemaNode::follow));
        }
        false
    }

    fn unions(
        &self,
        view: &SchemaView<'d>,
        parts: &[SchemaView<'d>],
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let mut unions = view.unions_beside(parts);
        if unions.is_empty() {
            return Ok(());
        }
        for (_, branches) in &mut unions {
            branches.retain(|branch| !self.is_open(branch, value));
        }
        // The discriminator says which of several is meant.
        if let Some(discriminator) = view.discriminator()
            && let Some(tag) = value.get(&discriminator.property_name).and_then(tag_text)
            && let Some(node) = view.discriminated(&tag)
            && let Some(meant) = node
                .follow()
                .filter(|meant| meant.pointer() != view.pointer())
            && (discriminator.mapping.contains_key(&tag)
                || unions
                    .iter()
                    .flat_map(|(_, branches)| branches)
                    .any(|branch| is_schema(branch, &meant)))
        {
            return self.node(&node, value, at, depth + 1);
        }
        for (keyword, branches) in &unions {
            let mut refusals = Vec::new();
            let mut fitting = 0;
            for branch in branches {
                match self.node(branch, value, at, depth + 1) {
                    Ok(()) => fitting += 1,
                    Err(refusal) => refusals.push(refusal),
                }
            }
            if fitting == 0 && !branches.is_empty() {
                return Err(nearest(refusals, view, keyword, at));
            }
            if fitting > 1 && *keyword == "oneOf" && !is_parent(view, branches) {
                return refuse(
                    at,
                    view,
                    keyword,
                    format!("{fitting} branches of `oneOf` fit, and not one"),
                );
            }
        }
        Ok(())
    }

    fn conditions(
        &self,
        view: &SchemaView<'d>,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        if let Some(not) = view.not()
            && self.allows(&not, value, at, depth)
        {
            return refuse(at, view, "not", format!("`not` excludes {}", shown(value)));
        }
        let [condition, then, otherwise] = view.conditional();
        if let Some(condition) = condition {
            let holds = self.allows(&condition, value, at, depth);
            if let Some(node) = if holds { then } else { otherwise } {
                self.node(&node, value, at, depth + 1)?;
            }
        }
        for (name, node) in view.dependent_schemas() {
            if value.get(name).is_some() {
                self.node(&node, value, at, depth + 1)?;
            }
        }
        Ok(())
    }
}

/// The schema and every branch of its `allOf`s, each once.
fn conjunction<'d>(view: &SchemaView<'d>, parts: &mut Vec<SchemaView<'d>>) {
    if parts.iter().any(|part| part.pointer() == view.pointer()) {
        return;
    }
    parts.push(view.clone());
    for branch in view.all_of().iter().filter_map(SchemaNode::follow) {
        conjunction(&branch, parts);
    }
}

/// Returns whether a branch extends the schema that lists it. Such a `oneOf` is part of its own
/// branches, so that JSON Schema does not define how many of them fit.
fn is_parent(view: &SchemaView<'_>, branches: &[SchemaNode<'_>]) -> bool {
    branches
        .iter()
        .filter_map(SchemaNode::follow)
        .any(|branch| {
            let mut parts = Vec::new();
            conjunction(&branch, &mut parts);
            parts.iter().any(|part| part.pointer() == view.pointer())
        })
}

/// Of the reasons why no branch fits, the one that is deepest in the value: that branch was meant.
fn nearest(
    refusals: Vec<Refusal>,
    view: &SchemaView<'_>,
    keyword: &str,
    at: &Trail<'_>,
) -> Refusal {
    let here = at.pointer();
    if let [only] = refusals.as_slice() {
        return only.clone();
    }
    let depth = |refusal: &Refusal| refusal.at.tokens().count();
    let deepest = refusals.into_iter().filter(|refusal| refusal.at != here);
    // The first of those that are equally deep.
    let deepest = deepest.reduce(|one, other| {
        if depth(&other) > depth(&one) {
            other
        } else {
            one
        }
    });
    deepest.unwrap_or_else(|| Refusal {
        at: here,
        reason: format!("no branch of `{keyword}` fits"),
        by: view.pointer().child(keyword),
    })
}

fn of_type(view: &SchemaView<'_>, value: &Value, at: &Trail<'_>) -> Verdict {
    // A schema without `type` is of what its keywords are about, as the generated types have it.
    let wanted = match view.inferred_type() {
        _ if view.is_null() => "null",
        Some(SchemaType::String) if !value.is_string() => "a string",
        Some(SchemaType::Number) if !value.is_number() => "a number",
        Some(SchemaType::Integer) if !is_integer(value) => "an integer",
        Some(SchemaType::Boolean) if !value.is_boolean() => "a boolean",
        Some(SchemaType::Array) if !value.is_array() => "an array",
        Some(SchemaType::Object) if !value.is_object() => "an object",
        _ => return Ok(()),
    };
    if wanted == "null" && value.is_null() {
        return Ok(());
    }
    refuse(
        at,
        view,
        "type",
        format!("{} is not {wanted}", shown(value)),
    )
}

fn listed(view: &SchemaView<'_>, value: &Value, at: &Trail<'_>) -> Verdict {
    let values = view.enumeration();
    if values.is_empty() || values.iter().any(|one| is_same(one, value)) {
        return Ok(());
    }
    let shown = shown(value);
    match values.as_slice() {
        [only] if view.is_constant() => {
            let reason = format!("{shown} is not {only}, the value of `const`");
            refuse(at, view, "const", reason)
        }
        _ => refuse(
            at,
            view,
            "enum",
            format!("{shown} is not among the values of `enum`"),
        ),
    }
}

fn in_bounds(view: &SchemaView<'_>, number: &Number, at: &Trail<'_>) -> Verdict {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let beyond = |bound: &Bound, side| {
        let order = compare(number, &bound.value);
        order == Some(side) || order == Some(Equal) && bound.exclusive
    };
    let bounds = [
        (view.minimum(), Less, ["minimum", "exclusiveMinimum"]),
        (view.maximum(), Greater, ["maximum", "exclusiveMaximum"]),
    ];
    for (bound, side, [plain, exclusive]) in bounds {
        if let Some(bound) = bound.filter(|bound| beyond(bound, side)) {
            let keyword = if bound.exclusive { exclusive } else { plain };
            let reason = format!("{number} is not within `{keyword}`, {}", bound.value);
            return refuse(at, view, keyword, reason);
        }
    }
    if let Some(step) = view.multiple_of().filter(|step| !is_multiple(number, step)) {
        return refuse(
            at,
            view,
            "multipleOf",
            format!("{number} is no multiple of {step}"),
        );
    }
    Ok(())
}

fn compare(one: &Number, other: &Number) -> Option<std::cmp::Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

fn is_multiple(number: &Number, step: &Number) -> bool {
    match (number.as_i128(), step.as_i128()) {
        (_, Some(0)) => true,
        (Some(number), Some(step)) => number.checked_rem(step) == Some(0),
        _ => {
            let (Some(number), Some(step)) = (number.as_f64(), step.as_f64()) else {
                return true;
            };
            // Neither 0.3 nor 0.1 is what it says, in binary.
            let times = number / step;
            (times - times.round()).abs() <= times.abs().max(1.0) * 1e-9
        }
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// Whether two values are the same; a number is, however it is written.
#[must_use]
pub fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(name, a)| b.get(name).is_some_and(|b| is_same(a, b));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => one == other,
    }
}

/// Returns whether a branch is a schema, or only annotates it.
fn is_schema(branch: &SchemaNode<'_>, schema: &SchemaView<'_>) -> bool {
    let view = branch.follow();
    let inner = view.as_ref().and_then(SchemaView::annotated);
    let mut views = view
        .into_iter()
        .chain(inner.and_then(|inner| inner.follow()));
    views.any(|view| view.pointer() == schema.pointer())
}

/// Returns the text of a value that a discriminator can compare with.
fn tag_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) => Some(value.to_string()),
        Value::Number(number) if !number.is_f64() => Some(value.to_string()),
        _ => None,
    }
}

/// A value in a message.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        scalar => scalar.to_string(),
    }
}

fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}
