//! What a schema says of a value, its `allOf` branches merged (wire rule 7).

use std::collections::HashSet;

use indexmap::IndexMap;
use indexmap::IndexSet;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Policy, Remedy, Scope, code};
use crate::document::{Nullability, Rest, SchemaNode, SchemaType, SchemaView, ValueIndex};
use crate::pointer::Pointer;
use crate::repair;

/// A conjunction of schemas: a value has to fulfil each of them.
#[derive(Clone, Debug)]
pub(super) struct Facets<'d> {
    /// Where the schema stands that this is about.
    pub at: Pointer,
    /// The schemas, `$ref`s followed and `allOf` flattened: what stands beside an
    /// `allOf` comes after its branches, so that later wins over earlier.
    pub parts: Vec<SchemaView<'d>>,
    /// The `oneOf`s and `anyOf`s among them, without those that list one of the parts.
    pub unions: Vec<Alternatives<'d>>,
    /// How many branches of unions, one inside the other, are merged into these facets.
    pub depth: usize,
    /// Whether this is only the schema itself, and none of those that extend it.
    pub base: bool,
    /// One schema of the document by itself, and nothing beside it.
    pub whole: bool,
}

/// One `oneOf` or `anyOf`.
#[derive(Clone, Debug)]
pub(super) struct Alternatives<'d> {
    /// The schema that has it.
    pub owner: SchemaView<'d>,
    /// `oneOf` or `anyOf`.
    keyword: &'static str,
    /// Its branches, without those that are nothing but null.
    pub branches: Vec<SchemaNode<'d>>,
}

/// One value of a list, and what the document calls it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub value: Value,
    /// The `title` of a constant's schema.
    pub name: Option<String>,
    /// Its `description`.
    pub words: Option<String>,
}

impl Listed {
    /// A value without words.
    pub fn bare(value: Value) -> Self {
        Self {
            value,
            name: None,
            words: None,
        }
    }

    fn or(self, other: &Self) -> Self {
        Self {
            name: self.name.or_else(|| other.name.clone()),
            words: self.words.or_else(|| other.words.clone()),
            ..self
        }
    }
}

impl<'d> Alternatives<'d> {
    /// Whether the document lists one branch only.
    pub fn is_single(&self) -> bool {
        let written = match self.keyword {
            "oneOf" => self.owner.one_of(),
            _ => self.owner.any_of(),
        };
        written.len() == 1
    }

    /// Where the keyword stands.
    pub fn at(&self) -> Pointer {
        self.owner.pointer().child(self.keyword)
    }

    /// Returns whether one of the branches is among the parts of a value.
    pub fn holds(&self, parts: &[SchemaView<'d>]) -> bool {
        self.owner.keyword_lists(self.keyword, parts)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.keyword == other.keyword && self.owner.pointer() == other.owner.pointer()
    }

    /// The values, where every branch is a list of them.
    pub fn constants(&self) -> Option<Vec<Listed>> {
        let mut values = Vec::new();
        for branch in &self.branches {
            let view = branch.follow()?;
            if !view.one_of().is_empty() || !view.any_of().is_empty() {
                return None;
            }
            let listed = view.enumeration();
            match listed.as_slice() {
                [] => return None,
                [only] => values.push(Listed {
                    value: only.clone(),
                    name: view.title().map(str::to_owned),
                    words: view.description().map(str::to_owned),
                }),
                several => values.extend(several.iter().cloned().map(Listed::bare)),
            }
        }
        Some(values)
    }
}

/// The object keywords of a conjunction.
#[derive(Clone, Debug)]
pub(super) struct ObjectFacets<'d> {
    /// Each property with every schema that the parts give it.
    pub properties: IndexMap<&'d str, Vec<SchemaNode<'d>>>,
    /// Each property that only `then`, `else` and `dependentSchemas` describe, with what they say.
    pub conditional: IndexMap<&'d str, Vec<SchemaNode<'d>>>,
    /// The required names.
    pub required: IndexSet<&'d str>,
    /// What the other properties may be.
    pub additional: Rest<'d>,
    /// `patternProperties`
    pub patterns: Vec<(&'d str, SchemaNode<'d>)>,
}

/// Parts of an `allOf` declare types that no value has both of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contradiction;

/// The schemas that facets are made of, by which the same ones are known again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FacetsKey {
    parts: Vec<Pointer>,
    branches: Vec<Pointer>,
    base: bool,
}

impl<'d> Facets<'d> {
    /// The facets of a schema that is written out.
    pub fn of(view: &SchemaView<'d>) -> Self {
        let mut facets = Self::empty(view.pointer().clone());
        facets.whole = true;
        facets.add(view, &mut HashSet::new());
        facets.add_unions(0);
        facets
    }

    /// The facets that several schemas of one value have together.
    pub fn of_all(nodes: &[SchemaNode<'d>], at: Pointer) -> Self {
        let mut facets = Self::empty(at);
        let mut seen = HashSet::new();
        for view in nodes.iter().filter_map(SchemaNode::follow) {
            facets.add(&view, &mut seen);
        }
        facets.add_unions(0);
        facets
    }

    fn empty(at: Pointer) -> Self {
        Self {
            at,
            parts: Vec::new(),
            unions: Vec::new(),
            depth: 0,
            base: false,
            whole: false,
        }
    }

    /// These facets without their unions, and those of a union's branch: the branch as a schema of its own.
    pub fn with_branch(&self, branch: &SchemaNode<'d>, others: &[Alternatives<'d>]) -> Self {
        let mut facets = Self::empty(branch.pointer().clone());
        facets.depth = self.depth + 1;
        facets.parts.clone_from(&self.parts);
        if let Some(view) = branch.follow() {
            let parts = self.parts.iter().map(|part| part.pointer().clone());
            facets.add(&view, &mut parts.collect());
        }
        let others = others.iter().filter(|union| !union.holds(&facets.parts));
        facets.unions = others.cloned().collect();
        facets.add_unions(self.parts.len());
        facets
    }

    /// Returns whether these facets hold for every value that fulfils others, with some of their
    /// unions.
    pub fn include(&self, others: &[SchemaView<'d>], unions: &[Alternatives<'d>]) -> bool {
        let is_part = |view: &SchemaView<'d>| {
            let is_same = |part: &SchemaView<'d>| part.pointer() == view.pointer();
            let lists = |part: &SchemaView<'d>| view.lists(part);
            self.parts.iter().any(is_same) || view.is_only_a_union() && self.parts.iter().any(lists)
        };
        let has_union = |union: &Alternatives<'d>| {
            let mut own = self.unions.iter();
            union.holds(&self.parts) || own.any(|own| own.is_same(union))
        };
        others.iter().all(is_part) && unions.iter().all(has_union)
    }

    // `document` limits how deep `allOf` leads.
    fn add(&mut self, view: &SchemaView<'d>, seen: &mut HashSet<Pointer>) {
        // A schema that is its own `allOf` branch adds nothing to itself.
        if !seen.insert(view.pointer().clone()) {
            return;
        }
        for branch in view.all_of() {
            if let Some(branch) = branch.follow() {
                self.add(&branch, seen);
            }
        }
        self.parts.push(view.clone());
    }

    /// Adds the unions of the parts from one on, once all parts are known.
    fn add_unions(&mut self, first: usize) {
        for part in self.parts.iter().skip(first) {
            for (keyword, branches) in part.unions_beside(&self.parts) {
                let branches = without_nullable_twins(branches);
                self.unions.push(Alternatives {
                    owner: part.clone(),
                    keyword,
                    branches,
                });
            }
        }
    }

    /// What tells these facets from others: the schemas that they are made of.
    pub fn key(&self) -> FacetsKey {
        let parts = self.parts.iter().map(|part| part.pointer().clone());
        let branches = self.unions.iter().flat_map(|union| &union.branches);
        FacetsKey {
            parts: parts.collect(),
            // A branch that is chosen is a part, so that the two lists are not one.
            branches: branches.map(|branch| branch.pointer().clone()).collect(),
            base: self.base,
        }
    }

    /// The schema's own view: the last part, which stands beside every `allOf`.
    pub fn own(&self) -> Option<&SchemaView<'d>> {
        self.parts.last()
    }

    /// The type that all parts agree on.
    ///
    /// Parts that contradict each other are a fault at the later one: the value is any JSON then.
    pub fn value_type(&self, diagnostics: &mut Diagnostics) -> Option<SchemaType> {
        self.agreed_type(diagnostics).ok().flatten()
    }

    /// The same; an error where parts contradict each other.
    pub fn agreed_type(
        &self,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<SchemaType>, Contradiction> {
        let mut is_contradictory = false;
        let mut found: Option<(SchemaType, &SchemaView<'d>)> = None;
        for part in &self.parts {
            let Some(next) = part.inferred_type() else {
                continue;
            };
            found = match found {
                None => Some((next, part)),
                Some((known, by)) if known == next => Some((known, by)),
                // Every integer is a number: the narrower one holds for both.
                Some((SchemaType::Number, _)) if next == SchemaType::Integer => Some((next, part)),
                Some((SchemaType::Integer, by)) if next == SchemaType::Number => {
                    Some((SchemaType::Integer, by))
                }
                Some((known, by)) => {
                    if part.declared_type().is_some() && by.declared_type().is_some() {
                        is_contradictory = true;
                        let error = contradiction((part, next), (by, known));
                        diagnostics.fault(error, || {
                            let name = repair::schema_name(&self.at);
                            let effect = format!("{name} is any JSON value");
                            Remedy::without_edits(Scope::Schema, effect)
                        });
                    }
                    Some((known, by))
                }
            };
        }
        if is_contradictory {
            return Err(Contradiction);
        }
        Ok(found.map(|(value_type, _)| value_type))
    }

    /// The values that every `enum`, `const`, and list of constants in a `oneOf`
    /// allows; `None` where there is no such keyword.
    pub fn listed(&self, diagnostics: &mut Diagnostics) -> Option<Vec<Listed>> {
        self.listed_or_joined(diagnostics).map(|(values, _)| values)
    }

    /// The same, and whether two lists have nothing in common: it is the values of both then, those
    /// of the later part first.
    pub fn listed_or_joined(&self, diagnostics: &mut Diagnostics) -> Option<(Vec<Listed>, bool)> {
        let own = self.parts.iter().map(|part| {
            let values = part.enumeration().into_iter().map(Listed::bare).collect();
            let keyword = if part.is_constant() { "const" } else { "enum" };
            (part.pointer().child(keyword), values)
        });
        let chosen = self
            .unions
            .iter()
            .filter_map(|union| Some((union.at(), union.constants()?)));
        let mut allowed: Option<(Pointer, Vec<Listed>)> = None;
        let mut is_joined = false;
        for (at, values) in own.chain(chosen) {
            let values: Vec<Listed> = values;
            if values.is_empty() {
                continue;
            }
            let Some((first, before)) = allowed else {
                allowed = Some((at, values));
                continue;
            };
            let index = ValueIndex::new(values.iter().map(|listed| &listed.value));
            let shared = |one: &Listed| {
                let other = values.get(index.position(&one.value)?);
                other.filter(|other| other.value == one.value)
            };
            let mut both: Vec<Listed> = before
                .iter()
                .filter_map(|one| Some(one.clone().or(shared(one)?)))
                .collect();
            if both.is_empty() {
                let contained = diagnostics.fault(nothing_in_common(&at, &first), || {
                    let name = repair::schema_name(&self.at);
                    let effect = format!("{name} is an open enum of the values of both");
                    Remedy::without_edits(Scope::Schema, effect)
                });
                if contained {
                    is_joined = true;
                    both = values.into_iter().chain(before).collect();
                }
            }
            allowed = Some((at, both));
        }
        allowed.map(|(_, values)| (values, is_joined))
    }

    /// The values that every list allows, without findings: none where two lists have nothing in
    /// common.
    pub fn enumeration(&self) -> Option<Vec<Value>> {
        let listed = self.listed(&mut strict())?;
        Some(listed.into_iter().map(|listed| listed.value).collect())
    }

    /// Whether the parts leave a value at all.
    pub fn is_possible(&self) -> bool {
        let mut findings = strict();
        self.value_type(&mut findings);
        self.listed(&mut findings);
        findings.finish().is_ok()
    }

    /// Whether only one value is allowed because a `const` says so.
    pub fn is_constant(&self) -> bool {
        self.parts.iter().any(SchemaView::is_constant)
    }

    /// Returns whether null is allowed: the schema itself says so, or all of its parts together.
    pub fn nullable(&self) -> bool {
        self.own().is_some_and(SchemaView::nullable)
            || Nullability::all(self.parts.iter().map(SchemaView::nullability))
                == Nullability::Stated
    }

    /// Whether nothing but annotations stands here.
    pub fn is_any(&self) -> bool {
        self.unions.is_empty()
            && self
                .parts
                .iter()
                .all(|part| part.is_any() || is_bare_all_of(part))
    }

    /// The last part that has something to say, by a function that asks it.
    pub fn last<T>(&self, ask: impl Fn(&SchemaView<'d>) -> Option<T>) -> Option<T> {
        self.parts.iter().rev().find_map(ask)
    }

    /// Returns whether a discriminator stands here: only an object has its property.
    pub fn is_discriminated(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| part.discriminator().is_some())
    }

    /// Whether an object keyword stands here.
    pub fn is_object(&self) -> bool {
        self.parts.iter().any(|part| {
            !part.properties().is_empty()
                || !part.required().is_empty()
                || !part.pattern_properties().is_empty()
                || !matches!(part.additional_properties(), Rest::Unsaid)
                || part.discriminator().is_some()
        })
    }

    /// The object keywords, merged.
    pub fn object(&self) -> ObjectFacets<'d> {
        let mut object = ObjectFacets {
            properties: IndexMap::new(),
            conditional: IndexMap::new(),
            required: IndexSet::new(),
            additional: Rest::Unsaid,
            patterns: Vec::new(),
        };
        for part in &self.parts {
            for (name, node) in part.properties() {
                object.properties.entry(name).or_default().push(node);
            }
            object
                .required
                .extend(part.required().iter().map(String::as_str));
            object.patterns.extend(part.pattern_properties());
            for rest in [part.additional_properties(), part.unevaluated_properties()] {
                object.additional = match (object.additional, rest) {
                    (before, Rest::Unsaid) | (before @ Rest::Schema(_), Rest::Any) => before,
                    (_, rest) => rest,
                };
            }
        }
        for view in self.parts.iter().flat_map(consequences) {
            for (name, node) in view.properties() {
                if !object.properties.contains_key(name) {
                    object.conditional.entry(name).or_default().push(node);
                }
            }
        }
        object
    }
}

/// Removes the branches that differ from an earlier one in `nullable` only: null is a value of the
/// whole then.
fn without_nullable_twins(branches: Vec<SchemaNode<'_>>) -> Vec<SchemaNode<'_>> {
    let is_nullable = |node: &SchemaNode<'_>| node.inline().is_some_and(|view| view.nullable());
    let nullable = branches.iter().filter(|node| is_nullable(node)).count();
    if nullable == 0 || nullable == branches.len() {
        return branches;
    }
    let mut known: Vec<(bool, SchemaNode<'_>)> = Vec::with_capacity(branches.len());
    let mut kept = Vec::with_capacity(branches.len());
    for branch in branches {
        let (nullable, inner) = (is_nullable(&branch), unwrapped(&branch));
        let is_twin = |(other, node): &(bool, SchemaNode<'_>)| {
            *other != nullable && same_values(node, &inner)
        };
        if !known.iter().any(is_twin) {
            known.push((nullable, inner));
            kept.push(branch);
        }
    }
    kept
}

/// Returns the schema that a node means, without what only annotates it.
fn unwrapped<'d>(node: &SchemaNode<'d>) -> SchemaNode<'d> {
    let inner = node.inline().and_then(|view| view.annotated());
    inner.unwrap_or_else(|| node.clone())
}

/// Returns whether two nodes are the same schema but for annotations and `nullable`.
fn same_values(a: &SchemaNode<'_>, b: &SchemaNode<'_>) -> bool {
    match (a.inline(), b.inline()) {
        (Some(a), Some(b)) => {
            a.schema().schema_kind == b.schema().schema_kind
                && a.carried_constraints() == b.carried_constraints()
        }
        (None, None) => a.reference().is_some() && a.reference() == b.reference(),
        _ => false,
    }
}

/// What a schema says of some of its values.
fn consequences<'d>(view: &SchemaView<'d>) -> Vec<SchemaView<'d>> {
    let [_, then, otherwise] = view.conditional();
    let dependent = view.dependent_schemas().into_iter().map(|(_, node)| node);
    let nodes = then.into_iter().chain(otherwise).chain(dependent);
    nodes.filter_map(|node| node.follow()).collect()
}

/// Whether a part says nothing beyond its `allOf`, whose branches are parts of their own.
fn is_bare_all_of(view: &SchemaView<'_>) -> bool {
    !view.all_of().is_empty()
        && view.declared_type().is_none()
        && view.discriminator().is_none()
        && view.enumeration().is_empty()
        && view.properties().is_empty()
        && view.required().is_empty()
}

/// A type with its article, for messages.
pub(super) fn article(value_type: SchemaType) -> &'static str {
    match value_type {
        SchemaType::String => "a string",
        SchemaType::Number => "a number",
        SchemaType::Integer => "an integer",
        SchemaType::Boolean => "a boolean",
        SchemaType::Array => "an array",
        SchemaType::Object => "an object",
    }
}

/// Two parts of an `allOf` with the types that they declare.
/// Findings for which a contradiction is an error, and is not contained.
fn strict() -> Diagnostics {
    Diagnostics::with_policy(Policy {
        strict: true,
        ..Policy::default()
    })
}

fn contradiction(
    (part, next): (&SchemaView<'_>, SchemaType),
    (by, known): (&SchemaView<'_>, SchemaType),
) -> Diagnostic {
    Diagnostic::error(
        code::CONTRADICTORY_ALL_OF,
        part.pointer().child("type"),
        format!("no value is both {} and {}", article(known), article(next)),
    )
    .label(format!("{} here", article(next)))
    .help("give both the same `type`, or use `oneOf`")
    .related(
        by.pointer().child("type"),
        format!("{} here", article(known)),
    )
}

fn nothing_in_common(at: &Pointer, first: &Pointer) -> Diagnostic {
    Diagnostic::error(
        code::CONTRADICTORY_ALL_OF,
        at,
        "two branches of an `allOf` have no value in common",
    )
    .label("none of these")
    .related(first, "is among these")
    .help("add a common value to the lists, or use `oneOf`")
}
