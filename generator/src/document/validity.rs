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

use serde_json::Value;

mod array;
mod object;
mod refusal;
mod scalar;
mod union;

pub use self::refusal::{Outcome, Refusal};
use self::refusal::{Verdict, quoted, refuse, shown};
use super::prepared_schema::{Parts, Pattern, PreparedSchema};
use super::schema::SchemaKey;
use super::{SchemaNode, SchemaView};
use crate::inline_code::code;
use crate::output_limits;
use crate::pointer::{Pointer, Trail};

/// Maximum depth of nested schemas.
const DEEPEST: usize = 200;

/// Maximum number of steps per compared value, plus steps per value nested in it.
const MOST_STEPS: usize = 100_000;
const MOST_STEPS_OF_EACH: usize = 20;

/// Maximum number of steps for all values together.
const MOST_STEPS_OF_ALL: usize = 3_000_000;

/// A schema, and the address of a part of the compared value.
type Pair = (SchemaKey, usize);

/// A schema and the branches of its `allOf`s.
#[derive(Clone, Copy)]
struct Whole<'p, 'd> {
    schema: &'p Rc<PreparedSchema<'d>>,
    others: &'p [Rc<PreparedSchema<'d>>],
}

impl<'p, 'd> Whole<'p, 'd> {
    fn parts(self) -> impl Iterator<Item = &'p Rc<PreparedSchema<'d>>> {
        std::iter::once(self.schema).chain(self.others)
    }
}

/// Compares values with schemas.
#[derive(Debug, Default)]
pub struct Validity<'d> {
    patterns: RefCell<HashMap<&'d str, Rc<Pattern>>>,
    schemas: RefCell<HashMap<SchemaKey, Rc<PreparedSchema<'d>>>>,
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
        let own = output_limits::count(value).saturating_mul(MOST_STEPS_OF_EACH);
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

    fn prepared(&self, view: SchemaView<'d>) -> Rc<PreparedSchema<'d>> {
        let key = view.key();
        if let Some(known) = self.schemas.borrow().get(&key) {
            return Rc::clone(known);
        }
        let prepared = Rc::new(PreparedSchema::new(view));
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
        schema: &Rc<PreparedSchema<'d>>,
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

    /// Returns `true` if the value is already being compared with the schema at a node: such a branch
    /// leads back to the comparison and adds nothing to its union.
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
        (schema, parts): (&Rc<PreparedSchema<'d>>, &Parts<'d>),
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let whole = Whole {
            schema,
            others: &parts.others,
        };
        for part in whole.parts() {
            if !self.take(1) {
                return Ok(());
            }
            scalar::has_type(part, value, at)?;
            scalar::is_listed(part, value, at)?;
            match value {
                Value::String(text) => self.text(&part.view, text, at)?,
                Value::Number(number) => scalar::in_bounds(&part.view, number, at)?,
                Value::Array(items) => self.array(part, items, at, depth)?,
                Value::Object(members) => {
                    self.object(part, whole, members, at, depth)?;
                }
                Value::Null | Value::Bool(_) => {}
            }
            self.unions(part, parts, value, at, depth)?;
            self.conditions(part, value, at, depth)?;
        }
        Ok(())
    }

    fn text(&self, view: &SchemaView<'d>, text: &str, at: &Trail<'_>) -> Verdict {
        scalar::length(view, text, at)?;
        match view.pattern() {
            Some(pattern) if !self.matches(pattern, text) => {
                let (text, pattern) = (quoted(text), code(pattern));
                let reason = format!("{text} does not match `pattern`, {pattern}");
                refuse(at, view, "pattern", reason)
            }
            _ => Ok(()),
        }
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

    fn conditions(
        &self,
        schema: &PreparedSchema<'d>,
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
