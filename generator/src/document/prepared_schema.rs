//! A schema prepared for comparing many values with it.

use std::cell::OnceCell;
use std::rc::Rc;

use regex_lite::{Regex, RegexBuilder};
use serde_json::Value;

use super::equality::ValueIndex;
use super::{Applicator, NamedNodes, Nodes, SchemaNode, SchemaType, SchemaView};

/// The keywords whose subschemas may apply to the same value.
const APPLIED: &[Applicator] = &[
    Applicator::OneOf,
    Applicator::AnyOf,
    Applicator::AllOf,
    Applicator::If,
    Applicator::Then,
    Applicator::Else,
    Applicator::DependentSchemas,
];

/// The keywords of a schema, read once for all values.
#[derive(Debug)]
pub(super) struct PreparedSchema<'d> {
    pub(super) view: SchemaView<'d>,
    pub(super) nullable: bool,
    pub(super) is_null: bool,
    pub(super) inferred_type: Option<SchemaType>,
    pub(super) values: ValueIndex<Value>,
    pub(super) patterns: NamedNodes<'d>,
    pub(super) dependent_required: Vec<(&'d str, Vec<&'d str>)>,
    pub(super) dependent_schemas: NamedNodes<'d>,
    pub(super) prefix: Nodes<'d>,
    parts: OnceCell<Parts<'d>>,
    applied: OnceCell<Nodes<'d>>,
}

/// The schemas that every value of a schema must match.
#[derive(Debug)]
pub(super) struct Parts<'d> {
    /// The branches of its `allOf`s, without duplicates and without the schema itself.
    pub(super) others: Vec<Rc<PreparedSchema<'d>>>,
    /// All schemas, the schema itself first.
    pub(super) views: Vec<SchemaView<'d>>,
}

impl<'d> PreparedSchema<'d> {
    pub(super) fn new(view: SchemaView<'d>) -> Self {
        Self {
            nullable: view.nullable(),
            is_null: view.is_null(),
            // A schema without `type` has the type that its keywords imply, as in the generated
            // types.
            inferred_type: view.inferred_type(),
            values: ValueIndex::new(view.enumeration()),
            patterns: view.pattern_properties(),
            dependent_required: view.dependent_required(),
            dependent_schemas: view.dependent_schemas(),
            prefix: view.prefix_items(),
            parts: OnceCell::new(),
            applied: OnceCell::new(),
            view,
        }
    }

    /// Returns the schema with the branches of its `allOf`s.
    pub(super) fn parts(&self, prepare: impl Fn(SchemaView<'d>) -> Rc<Self>) -> &Parts<'d> {
        self.parts.get_or_init(|| {
            let views: Vec<_> = self.view.walk(&[Applicator::AllOf]).collect();
            let others = views.iter().skip(1).cloned().map(prepare).collect();
            Parts { others, views }
        })
    }

    /// Returns the subschemas that may apply to the same value.
    pub(super) fn applied(&self) -> impl Iterator<Item = &SchemaNode<'d>> {
        let applied = self.applied.get_or_init(|| self.view.subschemas(APPLIED));
        applied.iter()
    }
}

/// A compiled pattern and the cost of matching it.
#[derive(Debug)]
pub(super) struct Pattern {
    /// `None` if the engine does not support the pattern; it then matches any text.
    regex: Option<Regex>,
    weight: usize,
}

impl Pattern {
    /// Size limits of a compiled pattern in bytes, each with its cost per character of a text, in
    /// steps per [`CHARACTERS`](Self::CHARACTERS).
    const SIZES: [(usize, usize); 2] = [(16 * 1024, 1), (256 * 1024, 512)];

    /// The number of characters matched per step.
    const CHARACTERS: usize = 32;

    pub(super) fn new(pattern: &str) -> Self {
        let compiled = Self::SIZES.iter().find_map(|(size, weight)| {
            let regex = RegexBuilder::new(pattern).size_limit(*size).build().ok()?;
            Some((regex, *weight))
        });
        let (regex, weight) = compiled.unzip();
        Self {
            regex,
            weight: weight.unwrap_or_default(),
        }
    }

    /// Returns the number of steps to match a text.
    pub(super) fn steps(&self, text: &str) -> usize {
        1 + text.len().saturating_mul(self.weight) / Self::CHARACTERS
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}
