//! What a schema says of a value, its `allOf` branches merged (wire rule 7).

use std::collections::HashSet;

use indexmap::IndexMap;
use indexmap::IndexSet;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Rest, SchemaNode, SchemaType, SchemaView, ValueIndex};
use crate::pointer::Pointer;

/// A conjunction of schemas: a value has to fulfil each of them.
#[derive(Clone, Debug)]
pub(super) struct Facets<'d> {
    /// Where the schema stands that this is about.
    pub at: Pointer,
    /// The schemas, `$ref`s followed and `allOf` flattened: what stands beside an
    /// `allOf` comes after its branches, so that later wins over earlier.
    pub parts: Vec<SchemaView<'d>>,
    /// The `oneOf`s and `anyOf`s among them.
    pub unions: Vec<Alternatives<'d>>,
    /// Whether a discriminator is to be passed over: the schema as what others extend.
    pub base: bool,
    /// One schema of the document by itself, and nothing beside it.
    pub whole: bool,
}

/// One `oneOf` or `anyOf`.
#[derive(Clone, Debug)]
pub(super) struct Alternatives<'d> {
    /// The schema that has it.
    pub owner: SchemaView<'d>,
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

impl Alternatives<'_> {
    /// Where the keyword stands.
    fn at(&self) -> Pointer {
        let first = self.owner.one_of().into_iter().next();
        let first = first.map(|node| node.pointer().clone());
        let is_one_of = first.as_ref() == self.branches.first().map(SchemaNode::pointer);
        let keyword = if is_one_of { "oneOf" } else { "anyOf" };
        self.owner.pointer().child(keyword)
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

/// The schemas that facets are made of, by which the same ones are known again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FacetsKey {
    schemas: Vec<Pointer>,
    base: bool,
}

impl<'d> Facets<'d> {
    /// The facets of a schema that is written out.
    pub fn of(view: &SchemaView<'d>) -> Self {
        let mut facets = Self {
            at: view.pointer().clone(),
            parts: Vec::new(),
            unions: Vec::new(),
            base: false,
            whole: true,
        };
        facets.add(view, &mut HashSet::new());
        facets
    }

    /// The facets that several schemas of one value have together.
    pub fn of_all(nodes: &[SchemaNode<'d>], at: Pointer) -> Self {
        let mut facets = Self {
            at,
            parts: Vec::new(),
            unions: Vec::new(),
            base: false,
            whole: false,
        };
        let mut seen = HashSet::new();
        for view in nodes.iter().filter_map(SchemaNode::follow) {
            facets.add(&view, &mut seen);
        }
        facets
    }

    /// These facets without their unions, and those of a union's branch: the branch as a schema of its own.
    pub fn with_branch(&self, branch: &SchemaNode<'d>, others: &[Alternatives<'d>]) -> Self {
        let mut facets = Self {
            at: branch.pointer().clone(),
            parts: self.parts.clone(),
            unions: others.to_vec(),
            base: false,
            whole: false,
        };
        if let Some(view) = branch.follow() {
            let parts = self.parts.iter().map(|part| part.pointer().clone());
            facets.add(&view, &mut parts.collect());
        }
        facets
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
        for branches in [view.one_of(), view.any_of()] {
            if !branches.is_empty() {
                self.unions.push(Alternatives {
                    owner: view.clone(),
                    branches,
                });
            }
        }
        self.parts.push(view.clone());
    }

    /// What tells these facets from others: the schemas that they are made of.
    pub fn key(&self) -> FacetsKey {
        let parts = self.parts.iter().map(|part| part.pointer().clone());
        let branches = self.unions.iter().flat_map(|union| &union.branches);
        FacetsKey {
            schemas: parts
                .chain(branches.map(|branch| branch.pointer().clone()))
                .collect(),
            base: self.base,
        }
    }

    /// The schema's own view: the last part, which stands beside every `allOf`.
    pub fn own(&self) -> Option<&SchemaView<'d>> {
        self.parts.last()
    }

    /// The type that all parts agree on.
    ///
    /// Parts that contradict each other are an error at the later one.
    pub fn value_type(&self, diagnostics: &mut Diagnostics) -> Option<SchemaType> {
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
                        diagnostics.push(
                            Diagnostic::error(
                                code::CONTRADICTORY_ALL_OF,
                                part.pointer().child("type"),
                                format!(
                                    "no value is both {} and {}",
                                    article(known),
                                    article(next)
                                ),
                            )
                            .label(format!("{} here", article(next)))
                            .help("give both the same `type`, or use `oneOf` where either will do")
                            .related(
                                by.pointer().child("type"),
                                format!("{} here", article(known)),
                            ),
                        );
                    }
                    Some((known, by))
                }
            };
        }
        found.map(|(value_type, _)| value_type)
    }

    /// The values that every `enum`, `const`, and list of constants in a `oneOf`
    /// allows; `None` where there is no such keyword.
    pub fn listed(&self, diagnostics: &mut Diagnostics) -> Option<Vec<Listed>> {
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
            let both: Vec<Listed> = before
                .iter()
                .filter_map(|one| Some(one.clone().or(shared(one)?)))
                .collect();
            if both.is_empty() {
                diagnostics.push(
                    Diagnostic::error(
                        code::CONTRADICTORY_ALL_OF,
                        &at,
                        "the values of two branches of an `allOf` have none in common",
                    )
                    .label("none of these")
                    .related(&first, "is among these")
                    .help("let the lists share the values that are meant, or use `oneOf` where either will do"),
                );
            }
            allowed = Some((at, both));
        }
        allowed.map(|(_, values)| values)
    }

    /// The values of [`listed`](Self::listed), without findings.
    pub fn enumeration(&self) -> Option<Vec<Value>> {
        let listed = self.listed(&mut Diagnostics::default())?;
        Some(listed.into_iter().map(|listed| listed.value).collect())
    }

    /// Whether the parts leave a value at all.
    pub fn is_possible(&self) -> bool {
        let mut findings = Diagnostics::default();
        self.value_type(&mut findings);
        self.listed(&mut findings);
        findings.finish().is_ok()
    }

    /// Whether only one value is allowed because a `const` says so.
    pub fn is_constant(&self) -> bool {
        self.parts.iter().any(SchemaView::is_constant)
    }

    /// Whether null is allowed: the schema itself says so, or each of its parts.
    pub fn nullable(&self) -> bool {
        self.own().is_some_and(SchemaView::nullable) || self.parts.iter().all(SchemaView::nullable)
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

    /// Whether an object keyword stands here.
    pub fn is_object(&self) -> bool {
        self.parts.iter().any(|part| {
            !part.properties().is_empty()
                || !part.required().is_empty()
                || !part.pattern_properties().is_empty()
                || !matches!(part.additional_properties(), Rest::Unsaid)
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
