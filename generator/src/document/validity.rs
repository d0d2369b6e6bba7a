//! Decides whether a schema allows a value, and gives the reason if not (JSON Schema 2020-12,
//! sections 10 and 11 of the core, section 6 of the validation vocabulary).
//!
//! Formats are annotations, as in JSON Schema. A regular expression that the engine does not
//! support allows any text.
//!
//! Each schema is compared with each part of a value once. Schemas that refer to one another can
//! still exceed the limit on steps: the value then counts as not checked.

use std::cell::{Cell, RefCell};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::{Map, Number, Value};

use super::compared::{Compared, Parts, Pattern};
use super::schema::SchemaKey;
use super::{Bound, SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::limits;
use crate::markdown::code;
use crate::number::{compare, is_multiple};
use crate::pointer::{Pointer, Trail};

/// The reason why a schema does not allow a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The pointer within the value.
    pub at: Pointer,
    /// A short description of the fault.
    pub reason: String,
    /// The pointer to the keyword that is violated.
    pub by: Pointer,
}

impl Refusal {
    /// Returns the reason, with its place in the value unless that is the whole value.
    #[must_use]
    pub fn describe(&self) -> String {
        let Self { at, reason, by: _ } = self;
        let place = at.as_str().replace('`', "'");
        if place.is_empty() {
            reason.clone()
        } else {
            format!("at `{place}`, {reason}")
        }
    }
}

/// The result of comparing a value with a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The schema allows it.
    Allowed,
    /// The schema does not allow it, for the first reason found.
    Refused(Refusal),
    /// The comparison exceeded the limit on steps.
    NotChecked,
}

impl Outcome {
    /// Returns the reason why the value is not allowed.
    #[must_use]
    pub fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Allowed | Self::NotChecked => None,
        }
    }
}

/// Maximum depth of nested schemas.
const DEEPEST: usize = 200;

/// Maximum number of steps per compared value, plus steps per value nested in it.
const MOST_STEPS: usize = 100_000;
const MOST_STEPS_OF_EACH: usize = 20;

/// Maximum number of steps for all values together.
const MOST_STEPS_OF_ALL: usize = 3_000_000;

/// A schema, and the address of a part of the compared value.
type Pair = (SchemaKey, usize);

/// Compares values with schemas.
#[derive(Debug, Default)]
pub struct Validity<'d> {
    patterns: RefCell<HashMap<&'d str, Rc<Pattern>>>,
    schemas: RefCell<HashMap<SchemaKey, Rc<Compared<'d>>>>,
    /// The results of pairs already compared.
    known: RefCell<HashMap<Pair, Verdict>>,
    steps: Cell<usize>,
    /// Steps left for further values.
    left: Cell<Option<usize>>,
    gave_up: Cell<bool>,
    /// The number of running comparisons of each pair.
    open: RefCell<HashMap<Pair, usize>>,
    /// The number of branches skipped because their pair was being compared.
    left_out: Cell<usize>,
    /// True if several branches of a `oneOf` may match.
    is_lenient: bool,
    /// The pointers to branches that are ignored.
    without: HashSet<Pointer>,
}

type Verdict = Result<(), Refusal>;

fn refuse(at: &Trail<'_>, view: &SchemaView<'_>, keyword: &str, reason: String) -> Verdict {
    Err(Refusal {
        at: at.pointer(),
        reason,
        by: view.keyword(keyword),
    })
}

impl<'d> Validity<'d> {
    /// Returns a validator that lets several branches of a `oneOf` match, as the generated types
    /// do: they read such a value as its best match.
    #[must_use]
    pub fn lenient() -> Self {
        Self {
            is_lenient: true,
            ..Self::default()
        }
    }

    /// Ignores the branches of `oneOf` and `anyOf` at these pointers.
    #[must_use]
    pub fn without(self, branches: HashSet<Pointer>) -> Self {
        Self {
            without: branches,
            ..self
        }
    }

    /// Limits the steps for all values together.
    #[must_use]
    pub fn with_steps(self, most: usize) -> Self {
        self.left.set(Some(most));
        self
    }

    /// Compares a value with the schema at a node.
    ///
    /// As in the generated types, a required property that only the other side sends (`readOnly`,
    /// `writeOnly`) may be missing, and `additionalProperties: false` considers the properties of
    /// all branches of an `allOf`.
    pub fn check(&self, node: &SchemaNode<'d>, value: &Value) -> Outcome {
        let left = self.left.get().unwrap_or(MOST_STEPS_OF_ALL);
        let own = limits::count(value).saturating_mul(MOST_STEPS_OF_EACH);
        let allowed = left.min(MOST_STEPS).saturating_add(own);
        self.steps.set(allowed);
        self.gave_up.set(false);
        // The keys are addresses, which another value may reuse.
        self.known.borrow_mut().clear();
        self.open.borrow_mut().clear();
        let verdict = self.node(node, value, &Trail::Start(&Pointer::root()), 0);
        let used = allowed - self.steps.get();
        self.left
            .set(Some(left.saturating_sub(used.saturating_sub(own))));
        match verdict {
            _ if self.gave_up.get() => Outcome::NotChecked,
            Ok(()) => Outcome::Allowed,
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    /// Uses up steps. Once none are left, every further comparison succeeds.
    fn take(&self, steps: usize) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or_default());
        if left.is_none() {
            self.gave_up.set(true);
        }
        !self.gave_up.get()
    }

    fn prepared(&self, view: SchemaView<'d>) -> Rc<Compared<'d>> {
        let key = view.key();
        if let Some(known) = self.schemas.borrow().get(&key) {
            return Rc::clone(known);
        }
        let prepared = Rc::new(Compared::new(view));
        let mut schemas = self.schemas.borrow_mut();
        schemas.insert(key, Rc::clone(&prepared));
        prepared
    }

    fn node(&self, node: &SchemaNode<'d>, value: &Value, at: &Trail<'_>, depth: usize) -> Verdict {
        let Some(view) = node.follow().filter(|_| self.take(1)) else {
            return Ok(());
        };
        if depth >= DEEPEST {
            self.gave_up.set(true);
            return Ok(());
        }
        let schema = self.prepared(view);
        if node.reference().is_none() {
            // Only one path leads to an inline schema, so its result is not cached.
            return self.schema(&schema, value, at, depth);
        }
        let pair = (schema.view.key(), std::ptr::from_ref(value).addr());
        if let Some(known) = self.known.borrow().get(&pair) {
            return known.clone();
        }
        let left_out = self.left_out.get();
        let verdict = self.schema(&schema, value, at, depth);
        // A result that depends on a skipped branch is not valid elsewhere.
        if self.left_out.get() == left_out {
            self.known.borrow_mut().insert(pair, verdict.clone());
        }
        verdict
    }

    fn schema(
        &self,
        schema: &Rc<Compared<'d>>,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        if value.is_null() && schema.nullable {
            return Ok(());
        }
        let parts = schema.parts(|view| self.prepared(view));
        let of_value = std::ptr::from_ref(value).addr();
        let pairs = || parts.views.iter().map(|view| (view.key(), of_value));
        for pair in pairs() {
            *self.open.borrow_mut().entry(pair).or_default() += 1;
        }
        let verdict = self.parts((schema, parts), value, at, depth);
        for pair in pairs() {
            if let Entry::Occupied(mut open) = self.open.borrow_mut().entry(pair) {
                *open.get_mut() -= 1;
                if *open.get() == 0 {
                    open.remove();
                }
            }
        }
        verdict
    }

    /// Returns `true` if the value is already being compared with the schema at a node: such a
    /// branch leads back to the comparison and adds nothing to its union.
    fn is_open(&self, node: &SchemaNode<'d>, value: &Value) -> bool {
        let Some(view) = node.follow() else {
            return false;
        };
        let pair = (view.key(), std::ptr::from_ref(value).addr());
        let is_open = self.open.borrow().contains_key(&pair);
        if is_open {
            self.left_out.set(self.left_out.get() + 1);
        }
        is_open
    }

    fn parts(
        &self,
        (schema, parts): (&Rc<Compared<'d>>, &Parts<'d>),
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        for part in std::iter::once(schema).chain(&parts.others) {
            if !self.take(1) {
                return Ok(());
            }
            of_type(part, value, at)?;
            listed(part, value, at)?;
            match value {
                Value::String(text) => self.text(&part.view, text, at)?,
                Value::Number(number) => in_bounds(&part.view, number, at)?,
                Value::Array(items) => self.array(part, items, at, depth)?,
                Value::Object(members) => {
                    self.object(part, (schema, &parts.others), members, at, depth)?;
                }
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
            .or_insert_with(|| Rc::new(Pattern::new(pattern)));
        !self.take(compiled.steps(text)) || compiled.matches(text)
    }

    /// Returns `true` if a schema allows a property name. The cached results are for other values.
    fn allows_name(&self, node: &SchemaNode<'d>, name: &str, at: &Trail<'_>, depth: usize) -> bool {
        let (known, open) = (self.known.take(), self.open.take());
        let allows = self.allows(node, &Value::String(name.to_owned()), at, depth);
        self.known.replace(known);
        self.open.replace(open);
        allows
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
        schema: &Compared<'d>,
        items: &[Value],
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let Compared { view, prefix, .. } = schema;
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
                let reason = "the item is a duplicate, and `uniqueItems` is true".to_owned();
                return refuse(&Trail::Index(at, index), view, "uniqueItems", reason);
            }
        }
        for (index, (node, item)) in prefix.iter().zip(items).enumerate() {
            self.node(node, item, &Trail::Index(at, index), depth + 1)?;
        }
        match view.items() {
            SchemaOrBool::Closed if count > prefix.len() => {
                let reason = "there are more items than `items: false` allows".to_owned();
                return refuse(&Trail::Index(at, prefix.len()), view, "items", reason);
            }
            SchemaOrBool::Unsaid | SchemaOrBool::Any | SchemaOrBool::Closed => {}
            SchemaOrBool::Schema(node) => {
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
                    format!("{found} items match `contains`"),
                );
            }
        }
        Ok(())
    }

    /// Compares an object with one part of a schema; `whole` and `others` are all of its parts.
    fn object(
        &self,
        schema: &Compared<'d>,
        (whole, others): (&Rc<Compared<'d>>, &[Rc<Compared<'d>>]),
        members: &Map<String, Value>,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let Compared { view, patterns, .. } = schema;
        let parts = || std::iter::once(whole).chain(others);
        let is_theirs = |name: &str| {
            if !self.take(1 + others.len()) {
                return true;
            }
            let nodes = parts().filter_map(|part| part.view.property(name));
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
        let (additional, unevaluated) =
            (view.additional_properties(), view.unevaluated_properties());
        let names = view.property_names();
        for (name, value) in members {
            if self.gave_up.get() {
                return Ok(());
            }
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
                && !self.allows_name(names, name, at, depth)
            {
                return refuse(
                    at,
                    view,
                    "propertyNames",
                    format!("`propertyNames` rejects the name {}", code(name)),
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
                    SchemaOrBool::Unsaid | SchemaOrBool::Any => {}
                    SchemaOrBool::Closed | SchemaOrBool::Schema(_)
                        if self.declares(parts(), name) => {}
                    SchemaOrBool::Closed => {
                        let name = code(name);
                        let reason = format!(
                            "the property {name} is not declared, and `{keyword}` is false"
                        );
                        return refuse(at, view, keyword, reason);
                    }
                    SchemaOrBool::Schema(node) => self.node(node, value, &inner, depth + 1)?,
                }
            }
        }
        for (name, others) in &schema.dependent_required {
            let missing = |other: &&&str| !members.contains_key(**other);
            if self.take(1)
                && members.contains_key(*name)
                && let Some(other) = others.iter().find(missing)
            {
                let reason = format!("{} is present, but {} is missing", code(name), code(other));
                return refuse(at, view, "dependentRequired", reason);
            }
        }
        Ok(())
    }

    /// Returns `true` if one of several schemas, or a branch of one, declares a property.
    fn declares<'p>(&self, parts: impl Iterator<Item = &'p Rc<Compared<'d>>>, name: &str) -> bool
    where
        'd: 'p,
    {
        let mut queue: Vec<Rc<Compared<'d>>> = parts.cloned().collect();
        let mut seen: HashSet<SchemaKey> = queue.iter().map(|part| part.view.key()).collect();
        while let Some(schema) = queue.pop() {
            if !self.take(1) || schema.view.property(name).is_some() {
                return true;
            }
            let mut patterns = schema.patterns.iter();
            if patterns.any(|(pattern, _)| self.matches(pattern, name)) {
                return true;
            }
            for view in schema.applied().filter_map(SchemaNode::follow) {
                if seen.insert(view.key()) {
                    queue.push(self.prepared(view));
                }
            }
        }
        false
    }

    fn unions(
        &self,
        schema: &Compared<'d>,
        parts: &Parts<'d>,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let view = &schema.view;
        let mut unions = view.unions_beside(&parts.views);
        if unions.is_empty() {
            return Ok(());
        }
        for (_, branches) in &mut unions {
            branches.retain(|branch| {
                !self.without.contains(branch.pointer()) && !self.is_open(branch, value)
            });
        }
        // The discriminator selects the schema.
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
            if fitting > 1
                && *keyword == "oneOf"
                && !self.is_lenient
                && !self.is_parent(schema, branches)
            {
                return refuse(
                    at,
                    view,
                    keyword,
                    format!("{fitting} branches of `oneOf` match instead of one"),
                );
            }
        }
        Ok(())
    }

    /// Returns `true` if a branch extends the schema that lists it. Such a `oneOf` is part of its
    /// own branches, so JSON Schema does not define how many of them match.
    fn is_parent(&self, schema: &Compared<'d>, branches: &[SchemaNode<'d>]) -> bool {
        let own = schema.view.key();
        branches
            .iter()
            .filter_map(SchemaNode::follow)
            .any(|branch| {
                let branch = self.prepared(branch);
                let others = &branch.parts(|view| self.prepared(view)).others;
                branch.view.key() == own || others.iter().any(|part| part.view.key() == own)
            })
    }

    fn conditions(
        &self,
        schema: &Compared<'d>,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let view = &schema.view;
        if view.is_false() {
            return Err(Refusal {
                at: at.pointer(),
                reason: format!("the schema `false` excludes {}", shown(value)),
                by: view.pointer().clone(),
            });
        }
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
        for (name, node) in &schema.dependent_schemas {
            if self.take(1) && value.get(*name).is_some() {
                self.node(node, value, at, depth + 1)?;
            }
        }
        Ok(())
    }
}

/// Returns the reason found deepest in the value: its branch is most likely the intended one.
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
    // On a tie, the first one.
    let deepest = deepest.reduce(|one, other| {
        if depth(&other) > depth(&one) {
            other
        } else {
            one
        }
    });
    deepest.unwrap_or_else(|| Refusal {
        at: here,
        reason: format!("no branch of `{keyword}` matches"),
        by: view.keyword(keyword),
    })
}

fn of_type(schema: &Compared<'_>, value: &Value, at: &Trail<'_>) -> Verdict {
    let wanted = match schema.inferred_type {
        _ if schema.is_null => "null",
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
        &schema.view,
        "type",
        format!("{} is not {wanted}", shown(value)),
    )
}

fn listed(schema: &Compared<'_>, value: &Value, at: &Trail<'_>) -> Verdict {
    let Compared { view, values, .. } = schema;
    if values.values().is_empty() || values.position(value).is_some() {
        return Ok(());
    }
    let shown = shown(value);
    match values.values() {
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
            format!("{number} is not a multiple of {step}"),
        );
    }
    Ok(())
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// Returns `true` if a branch is the schema or only annotates it.
fn is_schema(branch: &SchemaNode<'_>, schema: &SchemaView<'_>) -> bool {
    let view = branch.follow();
    let inner = view.as_ref().and_then(SchemaView::annotated);
    let mut views = view
        .into_iter()
        .chain(inner.and_then(|inner| inner.follow()));
    views.any(|view| view.pointer() == schema.pointer())
}

/// Returns the text of a value that a discriminator can be compared with.
fn tag_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) => Some(value.to_string()),
        Value::Number(number) if !number.is_f64() => Some(value.to_string()),
        _ => None,
    }
}

/// Returns the text of a value in a message.
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
