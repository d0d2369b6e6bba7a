//! The keywords of a schema, merged with its `allOf` branches (wire rule 7).

use indexmap::IndexMap;
use indexmap::IndexSet;
use serde_json::Value;

use crate::document::{
    Applicator, Nullability, SchemaNode, SchemaOrBool, SchemaType, SchemaView, ValueIndex, Walk,
};
use crate::pointer::Pointer;

use super::contradictory_types::Contradiction;
use super::listed_values::{Disjoint, EnumValue, ListedValues};

/// A conjunction of schemas: a value must match each of them.
#[derive(Clone, Debug)]
pub(crate) struct MergedSchema<'d> {
    /// The pointer to the schema.
    pub at: Pointer,
    /// The schemas, with `$ref`s followed and `allOf` flattened. The schema with an `allOf` comes
    /// after its branches, so that later schemas take precedence.
    pub parts: Vec<SchemaView<'d>>,
    /// Their `oneOf`s and `anyOf`s, without those that list one of the parts.
    pub unions: Vec<Alternatives<'d>>,
    /// The number of nested union branches merged into this schema.
    pub depth: usize,
    /// True if this is only the schema itself, without the schemas that extend it.
    pub base: bool,
    /// True for a single schema of the document, without merged branches.
    pub whole: bool,
}

/// One `oneOf` or `anyOf`.
#[derive(Clone, Debug)]
pub(crate) struct Alternatives<'d> {
    /// The schema with the keyword.
    pub owner: SchemaView<'d>,
    /// `oneOf` or `anyOf`.
    pub keyword: &'static str,
    /// The branches, without those that only allow null.
    pub branches: Vec<SchemaNode<'d>>,
}

impl<'d> Alternatives<'d> {
    /// Returns `true` if the document lists a single branch.
    pub fn is_single(&self) -> bool {
        let written = match self.keyword {
            "oneOf" => self.owner.one_of(),
            _ => self.owner.any_of(),
        };
        written.len() == 1
    }

    /// Returns the pointer to the keyword.
    pub fn at(&self) -> Pointer {
        self.owner.keyword(self.keyword)
    }

    /// Returns `true` if one of the branches is among the parts of a value.
    pub fn holds(&self, parts: &[SchemaView<'d>]) -> bool {
        self.owner.keyword_lists(self.keyword, parts)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.keyword == other.keyword && self.owner.pointer() == other.owner.pointer()
    }

    /// Returns the values, if every branch is a list of values.
    pub fn constants(&self) -> Option<Vec<EnumValue>> {
        let mut values = Vec::new();
        for branch in &self.branches {
            let view = branch.follow()?;
            if !view.one_of().is_empty() || !view.any_of().is_empty() {
                return None;
            }
            let listed = view.enumeration();
            match listed.as_slice() {
                [] => return None,
                [only] => values.push(EnumValue {
                    value: only.clone(),
                    name: view.title().map(str::to_owned),
                    words: view.description().map(str::to_owned),
                }),
                several => values.extend(several.iter().cloned().map(EnumValue::bare)),
            }
        }
        Some(values)
    }
}

/// The object keywords of a conjunction.
#[derive(Clone, Debug)]
pub(crate) struct ObjectKeywords<'d> {
    /// The properties, each with its schemas in all parts.
    pub properties: IndexMap<&'d str, Vec<SchemaNode<'d>>>,
    /// The properties that only `then`, `else` and `dependentSchemas` declare, with their schemas.
    pub conditional: IndexMap<&'d str, Vec<SchemaNode<'d>>>,
    /// The required names.
    pub required: IndexSet<&'d str>,
    /// The schema of other properties.
    pub additional: SchemaOrBool<'d>,
    /// `patternProperties`
    pub patterns: Vec<(&'d str, SchemaNode<'d>)>,
}

/// The pointers to the parts of a merged schema, which identify it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MergedSchemaKey {
    parts: Vec<Pointer>,
    branches: Vec<Pointer>,
    base: bool,
}

impl<'d> MergedSchema<'d> {
    /// Merges a schema with its `allOf`.
    pub fn new(view: &SchemaView<'d>) -> Self {
        let mut merged = Self::empty(view.pointer().clone());
        merged.whole = true;
        merged.parts = view.walk(&[Applicator::AllOf]).inside_out();
        merged.add_unions(0);
        merged
    }

    /// Merges several schemas that a value must match.
    pub fn of_all(nodes: &[SchemaNode<'d>], at: Pointer) -> Self {
        let mut merged = Self::empty(at);
        let walk = Walk::new(nodes.iter().cloned(), &[Applicator::AllOf]);
        merged.parts = walk.inside_out();
        merged.add_unions(0);
        merged
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

    /// Returns this schema, without its unions, merged with a union's branch.
    pub fn with_branch(&self, branch: &SchemaNode<'d>, others: &[Alternatives<'d>]) -> Self {
        let mut merged = Self::empty(branch.pointer().clone());
        merged.depth = self.depth + 1;
        merged.parts.clone_from(&self.parts);
        let walk = Walk::new([branch.clone()], &[Applicator::AllOf]);
        merged.parts.extend(walk.without(&self.parts).inside_out());
        let others = others.iter().filter(|union| !union.holds(&merged.parts));
        merged.unions = others.cloned().collect();
        merged.add_unions(self.parts.len());
        merged
    }

    /// Returns `true` if every value that matches `others`, with some of their unions, matches these
    /// facets.
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

    /// Adds the unions of the parts after `first`, once all parts are known.
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

    /// Returns the key of this schema: the pointers to its parts.
    pub fn key(&self) -> MergedSchemaKey {
        let parts = self.parts.iter().map(|part| part.pointer().clone());
        let branches = self.unions.iter().flat_map(|union| &union.branches);
        MergedSchemaKey {
            parts: parts.collect(),
            // Kept apart from the parts, since a selected branch is a part.
            branches: branches.map(|branch| branch.pointer().clone()).collect(),
            base: self.base,
        }
    }

    /// Returns the schema itself: the last part, after all `allOf` branches.
    pub fn own(&self) -> Option<&SchemaView<'d>> {
        self.parts.last()
    }

    /// Returns the pointer to a keyword of the schema.
    pub fn keyword(&self, keyword: &str) -> Pointer {
        match self.own() {
            Some(own) if *own.pointer() == self.at => own.keyword(keyword),
            _ => self.at.child(keyword),
        }
    }

    /// Returns the common type of all parts; `None` if parts contradict each other.
    pub fn value_type(&self) -> Option<SchemaType> {
        self.agreed_type().ok().flatten()
    }

    /// Returns the common type of all parts.
    ///
    /// # Errors
    /// If parts declare types that exclude each other.
    pub fn agreed_type(&self) -> Result<Option<SchemaType>, Contradiction<'d>> {
        let mut pairs = Vec::new();
        let mut found: Option<(SchemaType, &SchemaView<'d>)> = None;
        for part in &self.parts {
            let Some(next) = part.inferred_type() else {
                continue;
            };
            found = match found {
                None => Some((next, part)),
                Some((known, by)) if known == next => Some((known, by)),
                // Every integer is a number, so the narrower type applies.
                Some((SchemaType::Number, _)) if next == SchemaType::Integer => Some((next, part)),
                Some((SchemaType::Integer, by)) if next == SchemaType::Number => {
                    Some((SchemaType::Integer, by))
                }
                Some((known, by)) => {
                    if part.declared_type().is_some() && by.declared_type().is_some() {
                        pairs.push([(part.clone(), next), (by.clone(), known)]);
                    }
                    Some((known, by))
                }
            };
        }
        if pairs.is_empty() {
            Ok(found.map(|(value_type, _)| value_type))
        } else {
            Err(Contradiction { pairs })
        }
    }

    /// Returns the values allowed by every `enum`, `const` and list of constants in a `oneOf`, or
    /// `None` without such a keyword.
    pub fn listed(&self, disjoint: Disjoint) -> Option<ListedValues> {
        let own = self.parts.iter().map(|part| {
            let values = part
                .enumeration()
                .into_iter()
                .map(EnumValue::bare)
                .collect();
            let keyword = if part.is_constant() { "const" } else { "enum" };
            (part.keyword(keyword), values)
        });
        let chosen = self
            .unions
            .iter()
            .filter_map(|union| Some((union.at(), union.constants()?)));
        let mut allowed: Option<(Pointer, Vec<EnumValue>)> = None;
        let mut pairs = Vec::new();
        for (at, values) in own.chain(chosen) {
            let values: Vec<EnumValue> = values;
            if values.is_empty() {
                continue;
            }
            let Some((first, before)) = allowed else {
                allowed = Some((at, values));
                continue;
            };
            let index = ValueIndex::new(values.iter().map(|listed| &listed.value));
            let shared = |one: &EnumValue| {
                let other = values.get(index.position(&one.value)?);
                other.filter(|other| other.value == one.value)
            };
            let mut both: Vec<EnumValue> = before
                .iter()
                .filter_map(|one| Some(one.clone().or(shared(one)?)))
                .collect();
            if both.is_empty() {
                pairs.push([at.clone(), first]);
                if disjoint == Disjoint::Joined {
                    both = values.into_iter().chain(before).collect();
                }
            }
            allowed = Some((at, both));
        }
        let (_, values) = allowed?;
        Some(ListedValues {
            values,
            disjoint: pairs,
        })
    }

    /// Returns the values allowed by every list. Empty if two lists have no value in common.
    pub fn enumeration(&self) -> Option<Vec<Value>> {
        let listed = self.listed(Disjoint::Empty)?.values.into_iter();
        Some(listed.map(|listed| listed.value).collect())
    }

    /// Returns `true` if the parts do not contradict each other.
    pub fn is_possible(&self) -> bool {
        let listed = self.listed(Disjoint::Empty);
        self.agreed_type().is_ok() && listed.is_none_or(|listed| listed.disjoint.is_empty())
    }

    /// Returns `true` if a `const` allows only one value.
    pub fn is_constant(&self) -> bool {
        self.parts.iter().any(SchemaView::is_constant)
    }

    /// Returns `true` if null is allowed, by the schema itself or by all of its parts.
    pub fn nullable(&self) -> bool {
        self.own().is_some_and(SchemaView::nullable)
            || Nullability::all(self.parts.iter().map(SchemaView::nullability))
                == Nullability::Stated
    }

    /// Returns `true` if there are only annotations.
    pub fn is_any(&self) -> bool {
        self.unions.is_empty()
            && self
                .parts
                .iter()
                .all(|part| part.is_any() || is_bare_all_of(part))
    }

    /// Returns the result of a function for the last part that has one.
    pub fn last<T>(&self, ask: impl Fn(&SchemaView<'d>) -> Option<T>) -> Option<T> {
        self.parts.iter().rev().find_map(ask)
    }

    /// Returns `true` if there is a discriminator: only an object has its property.
    pub fn is_discriminated(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| part.discriminator().is_some())
    }

    /// Returns `true` if there is an object keyword.
    pub fn is_object(&self) -> bool {
        self.parts.iter().any(|part| {
            !part.properties().is_empty()
                || !part.required().is_empty()
                || !part.pattern_properties().is_empty()
                || !matches!(part.additional_properties(), SchemaOrBool::Absent)
                || part.discriminator().is_some()
        })
    }

    /// Returns the merged object keywords.
    pub fn object(&self) -> ObjectKeywords<'d> {
        let mut object = ObjectKeywords {
            properties: IndexMap::new(),
            conditional: IndexMap::new(),
            required: IndexSet::new(),
            additional: SchemaOrBool::Absent,
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
                    (before, SchemaOrBool::Absent)
                    | (before @ SchemaOrBool::Schema(_), SchemaOrBool::Any) => before,
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

/// Removes branches that differ from an earlier one only in `nullable`: the whole is nullable then.
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

/// Returns the schema of a node, without a wrapper that only annotates it.
fn unwrapped<'d>(node: &SchemaNode<'d>) -> SchemaNode<'d> {
    let inner = node.inline().and_then(|view| view.annotated());
    inner.unwrap_or_else(|| node.clone())
}

/// Returns `true` if two nodes have the same schema, ignoring annotations and `nullable`.
fn same_values(a: &SchemaNode<'_>, b: &SchemaNode<'_>) -> bool {
    match (a.inline(), b.inline()) {
        (Some(a), Some(b)) => a.identity_of_values() == b.identity_of_values(),
        (None, None) => a.reference().is_some() && a.reference() == b.reference(),
        _ => false,
    }
}

/// Returns the schemas that apply to some values only.
fn consequences<'d>(view: &SchemaView<'d>) -> Vec<SchemaView<'d>> {
    let conditional = [
        Applicator::Then,
        Applicator::Else,
        Applicator::DependentSchemas,
    ];
    let nodes = view.subschemas(&conditional).into_iter();
    nodes.filter_map(|node| node.follow()).collect()
}

/// Returns `true` if a part has no keywords but `allOf`, whose branches are separate parts.
fn is_bare_all_of(view: &SchemaView<'_>) -> bool {
    !view.all_of().is_empty()
        && view.declared_type().is_none()
        && view.discriminator().is_none()
        && view.enumeration().is_empty()
        && view.properties().is_empty()
        && view.required().is_empty()
}
