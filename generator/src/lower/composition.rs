//! `oneOf` and `anyOf` become a union, or something simpler where that says the same (wire rule 8).

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Document, SchemaNode, SchemaType, SchemaView};
use crate::ident::TypeName;
use crate::ir::{Docs, Shape, Tagging, Type, TypeDef, TypePath, Union, UnionVariant};
use crate::pointer::Pointer;

use super::docs::{self, required_set};
use super::facets::{Alternatives, Facets, Listed, article};
use super::naming::Members;
use super::schema::Kind;
use super::usage::Usage;
use super::{Lowering, OwnerKey, Place};

/// More combinations than this of several `oneOf`s are not written out.
const MOST_COMBINATIONS: usize = 64;

/// The branches of a union, ready to be lowered.
pub(super) struct Branches<'d> {
    /// The schema that has the `oneOf`, `anyOf` or discriminator.
    owner: SchemaView<'d>,
    list: Vec<Branch<'d>>,
}

struct Branch<'d> {
    /// The branch as it stands in the document.
    node: SchemaNode<'d>,
    /// The branch merged with what stands beside the union, where there is something.
    merged: Option<Facets<'d>>,
}

impl<'d> Branch<'d> {
    fn facets(&self) -> Option<Facets<'d>> {
        self.merged
            .clone()
            .or_else(|| Some(Facets::of(&self.node.follow()?)))
    }
}

/// The components that extend another one by `allOf`, by the one that they extend.
pub(super) fn extensions(document: &Document) -> HashMap<Pointer, Vec<SchemaNode<'_>>> {
    let mut extensions: HashMap<Pointer, Vec<SchemaNode<'_>>> = HashMap::new();
    for (_, node) in document.schemas() {
        let Some(view) = node.inline() else { continue };
        for target in view.all_of().iter().filter_map(SchemaNode::reference) {
            extensions.entry(target).or_default().push(node.clone());
        }
    }
    extensions
}

impl<'d> Lowering<'d, '_> {
    /// What the unions of facets come to; `None` where there is none that says what a value is.
    pub(super) fn alternatives(&mut self, facets: &Facets<'d>) -> Option<Kind<'d>> {
        let telling: Vec<Alternatives<'d>> = facets
            .unions
            .iter()
            .filter(|union| {
                !union.branches.iter().all(is_constraint) && union.constants().is_none()
            })
            .cloned()
            .collect();
        let Some((union, others)) = telling.split_first() else {
            return self.extended(facets);
        };
        let Alternatives { owner, branches } = union;
        if branches
            .iter()
            .any(|node| node.follow().is_some_and(|view| view.is_any()))
        {
            return Some(Kind::Any("one of the alternatives allows any value"));
        }
        let alone = others.is_empty() && facets.parts.iter().all(is_bare);
        if let [only] = branches.as_slice() {
            return Some(if alone {
                Kind::Same(only.clone())
            } else {
                Kind::Merged(Box::new(facets.with_branch(only, others)))
            });
        }
        if alone {
            if let Some(kind) = scalars(branches) {
                return Some(kind);
            }
            let list = branches
                .iter()
                .map(|node| Branch {
                    node: node.clone(),
                    merged: None,
                })
                .collect();
            return Some(Kind::Union(Branches {
                owner: owner.clone(),
                list,
            }));
        }
        let combinations: usize = telling.iter().map(|union| union.branches.len()).product();
        if combinations > MOST_COMBINATIONS {
            return Some(Kind::Any("too many combinations of alternatives"));
        }
        // A branch that contradicts what stands beside it can never be chosen.
        let mut list: Vec<Branch<'d>> = branches
            .iter()
            .map(|node| (node, facets.with_branch(node, others)))
            .filter(|(_, merged)| merged.is_possible())
            .map(|(node, merged)| Branch {
                node: node.clone(),
                merged: Some(merged),
            })
            .collect();
        if list.len() < 2
            && let Some(Branch {
                merged: Some(only), ..
            }) = list.pop()
        {
            return Some(Kind::Merged(Box::new(only)));
        }
        Some(Kind::Union(Branches {
            owner: owner.clone(),
            list,
        }))
    }

    /// A schema with a discriminator and no alternatives is any of the schemas that extend it.
    fn extended(&mut self, facets: &Facets<'d>) -> Option<Kind<'d>> {
        let own = facets.own()?;
        own.discriminator()?;
        if facets.base {
            return None;
        }
        let extensions = self
            .extensions
            .get(own.pointer())
            .filter(|list| !list.is_empty())?;
        let mut list: Vec<Branch<'d>> = extensions
            .iter()
            .map(|node| Branch {
                node: node.clone(),
                merged: None,
            })
            .collect();
        let base = Facets {
            base: true,
            whole: false,
            ..facets.clone()
        };
        let node = self.document.schema(own.pointer())?;
        list.push(Branch {
            node,
            merged: Some(base),
        });
        Some(Kind::Union(Branches {
            owner: own.clone(),
            list,
        }))
    }

    /// The declared union of schemas that no `oneOf` or `anyOf` lists.
    pub(super) fn union_of(
        &mut self,
        owner: &SchemaView<'d>,
        nodes: &[SchemaNode<'d>],
        facets: &Facets<'d>,
        place: &Place,
    ) -> Type {
        if let Some(Kind::Scalar(_)) = scalars(nodes) {
            return Type::String;
        }
        let modules = self.module(&place.owner);
        let name = self.names.type_in(&modules, &place.hint);
        let path = TypePath { modules, name };
        let list = nodes
            .iter()
            .map(|node| Branch {
                node: node.clone(),
                merged: None,
            })
            .collect();
        let branches = Branches {
            owner: owner.clone(),
            list,
        };
        let shape = Shape::Union(self.union(branches, &path, place.usage));
        self.types.push(TypeDef {
            path: path.clone(),
            docs: Docs::default(),
            deprecated: facets.own().is_some_and(SchemaView::deprecated),
            shape,
        });
        Type::Named(path)
    }

    /// The union of branches.
    pub(super) fn union(&mut self, branches: Branches<'d>, path: &TypePath, usage: Usage) -> Union {
        let Branches { owner, list } = branches;
        let place = Place {
            owner: OwnerKey::Type(path.clone()),
            hint: String::new(),
            usage,
        };
        let tagged = self.tagging(&owner, &list);
        let (tagging, mut tags) = match tagged {
            Some((property, tags)) => (Tagging::Property(property), tags),
            None => (Tagging::Untagged, Vec::new()),
        };
        let mut members = Members::<TypeName>::default();
        let mut variants: Vec<UnionVariant> = Vec::new();
        let mut known: HashSet<Type> = HashSet::new();
        let owners = LazyCell::new(|| Owners::new(&list));
        for (position, branch) in list.iter().enumerate() {
            let tags: Vec<String> = tags
                .get_mut(position)
                .map(std::mem::take)
                .unwrap_or_default();
            let text = branch_name(branch, &tags, || &owners);
            let place = place.named(text.clone());
            let ty = match &branch.merged {
                Some(facets) => self.facets(facets, &place).flat(),
                None => self.node(&branch.node, &place).flat(),
            };
            if tagging == Tagging::Untagged && !known.insert(ty.clone()) {
                continue;
            }
            let writes_tag = match &tagging {
                Tagging::Property(property) => has_property(branch, property),
                Tagging::Untagged => true,
            };
            let docs = match (&ty, branch.node.inline()) {
                // A declared type has its own docs.
                (Type::Named(_), _) | (_, None) => crate::ir::Docs::default(),
                (_, Some(view)) => docs::of_schema(&view),
            };
            variants.push(UnionVariant {
                name: members.variant(&text),
                ty,
                tags,
                writes_tag,
                docs,
            });
        }
        let other = usage.read.then(|| members.variant("Other"));
        if other.is_some() {
            self.untyped(
                owner.pointer(),
                "a value that none of the branches carries is kept",
            );
        }
        Union {
            variants,
            tagging,
            other,
        }
    }

    /// The property that tells the branches apart, and the values that mean each of them.
    fn tagging(
        &mut self,
        owner: &SchemaView<'d>,
        branches: &[Branch<'d>],
    ) -> Option<(String, Vec<Vec<String>>)> {
        let Some(discriminator) = owner.discriminator() else {
            return constant_tag(branches);
        };
        let property = discriminator.property_name.clone();
        let mut mapped: IndexMap<Pointer, Vec<String>> = IndexMap::new();
        for value in discriminator.mapping.keys() {
            if let Some(target) = owner.discriminated(value).and_then(|node| meant(&node)) {
                mapped.entry(target).or_default().push(value.clone());
            }
        }
        let tags: Vec<Vec<String>> = branches
            .iter()
            .map(|branch| branch_tags(branch, &property, &mapped, 0).unwrap_or_default())
            .collect();
        if !disjoint(&tags) {
            let unusable = Diagnostic::warning(
                code::DISCRIMINATOR_UNUSABLE,
                owner.pointer().child("discriminator"),
                format!("the values of `{property}` do not tell the branches apart"),
            )
            .label("the branches are told apart by their contents instead")
            .help(
                "give each branch a value of its own, by `mapping` or by a `const` of the property",
            );
            self.diagnostics.push(indistinct(unusable, branches, &tags));
            return None;
        }
        Some((property, tags))
    }
}

/// Adds the branches that a discriminator does not tell apart.
fn indistinct(
    mut diagnostic: Diagnostic,
    branches: &[Branch<'_>],
    tags: &[Vec<String>],
) -> Diagnostic {
    let mut seen: HashMap<&str, &Pointer> = HashMap::new();
    for (branch, tags) in branches.iter().zip(tags) {
        let at = branch.node.pointer();
        if tags.is_empty() {
            return diagnostic.related(at, "no value means this branch");
        }
        for tag in tags {
            let Some(first) = seen.insert(tag, at) else {
                continue;
            };
            diagnostic = diagnostic.related(first, format!("`{tag}` may mean this branch"));
            return diagnostic.related(at, "or this one");
        }
    }
    diagnostic
}

/// Alternatives that are all text need no union.
fn scalars<'d>(branches: &[SchemaNode<'d>]) -> Option<Kind<'d>> {
    let mut values: Vec<Listed> = Vec::new();
    for branch in branches {
        let facets = Facets::of(&branch.follow()?);
        let scratch = &mut Diagnostics::default();
        if !facets.unions.is_empty() || facets.value_type(scratch) != Some(SchemaType::String) {
            return None;
        }
        values.extend(facets.listed(scratch).into_iter().flatten());
    }
    Some(if values.is_empty() {
        Kind::Scalar(SchemaType::String)
    } else {
        Kind::OpenEnum(values)
    })
}

/// The values of the discriminator that mean a branch.
fn branch_tags(
    branch: &Branch<'_>,
    property: &str,
    mapped: &IndexMap<Pointer, Vec<String>>,
    depth: usize,
) -> Option<Vec<String>> {
    let facets = branch.facets()?;
    if let Some(tags) = meant(&branch.node).and_then(|target| mapped.get(&target)) {
        let mut tags = tags.clone();
        // Where the mapping has other values than the property itself, either is read.
        if let Some(own) = property_values(&facets, property)
            && !tags.iter().any(|tag| own.contains(tag))
        {
            tags.extend(own);
        }
        return Some(tags);
    }
    if let [nested] = facets.unions.as_slice()
        && depth < 8
        && !nested.branches.iter().all(is_constraint)
    {
        // A union of unions: the inner one's values are the outer one's too.
        let inner = nested.branches.iter().map(|node| Branch {
            node: node.clone(),
            merged: None,
        });
        let inner_mapped = nested.owner.discriminator().map(|discriminator| {
            let mut inner: IndexMap<Pointer, Vec<String>> = IndexMap::new();
            for value in discriminator.mapping.keys() {
                if let Some(target) = nested
                    .owner
                    .discriminated(value)
                    .and_then(|node| meant(&node))
                {
                    inner.entry(target).or_default().push(value.clone());
                }
            }
            inner
        });
        let inner_mapped = inner_mapped.unwrap_or_default();
        let tags: Option<Vec<Vec<String>>> = inner
            .map(|branch| branch_tags(&branch, property, &inner_mapped, depth + 1))
            .collect();
        return Some(tags?.concat());
    }
    if let Some(values) = property_values(&facets, property) {
        return Some(values);
    }
    if !facets.is_object() || has_other_values(&facets, property) {
        return None;
    }
    branch
        .node
        .reference()
        .or_else(|| Some(branch.node.pointer().clone()))?
        .last()
        .map(|name| vec![name])
}
/// Where a node's schema is written out.
fn meant(node: &SchemaNode<'_>) -> Option<Pointer> {
    Some(node.follow()?.pointer().clone())
}

/// A property that every branch requires, with values of its own in each.
fn constant_tag(branches: &[Branch<'_>]) -> Option<(String, Vec<Vec<String>>)> {
    let all: Vec<Facets<'_>> = branches.iter().map(Branch::facets).collect::<Option<_>>()?;
    let first = all.first()?.object();
    first
        .properties
        .keys()
        .filter(|name| first.required.contains(*name))
        .find_map(|name| {
            let tags: Vec<Vec<String>> = all
                .iter()
                .map(|facets| {
                    let values = constant_values(facets, name)?;
                    let values = values.iter().map(tag_text).collect::<Option<_>>()?;
                    facets.object().required.contains(name).then_some(values)
                })
                .collect::<Option<_>>()?;
            disjoint(&tags).then(|| ((*name).to_owned(), tags))
        })
}

/// What the reader of a tag makes of a value.
fn tag_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) => Some(value.to_string()),
        Json::Number(number) if !number.is_f64() => Some(value.to_string()),
        _ => None,
    }
}

/// The text values that a property may have in a branch.
fn property_values(facets: &Facets<'_>, property: &str) -> Option<Vec<String>> {
    let values = constant_values(facets, property)?;
    let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
    texts.collect()
}

/// The values that a property may have in a branch.
fn constant_values(facets: &Facets<'_>, property: &str) -> Option<Vec<Json>> {
    if !facets
        .unions
        .iter()
        .all(|union| union.branches.iter().all(is_constraint))
    {
        return None;
    }
    let object = facets.object();
    let nodes = object.properties.get(property)?;
    Facets::of_all(nodes, facets.at.clone()).enumeration()
}

/// Whether a property has values that are no text, so that no name can be one of them.
fn has_other_values(facets: &Facets<'_>, property: &str) -> bool {
    let object = facets.object();
    let Some(nodes) = object.properties.get(property) else {
        return false;
    };
    let facets = Facets::of_all(nodes, facets.at.clone());
    let value_type = facets.value_type(&mut Diagnostics::default());
    value_type.is_some_and(|value_type| value_type != SchemaType::String)
}

fn has_property(branch: &Branch<'_>, property: &str) -> bool {
    branch.facets().is_some_and(|facets| {
        !facets.unions.is_empty() || facets.object().properties.contains_key(property)
    })
}

fn disjoint(tags: &[Vec<String>]) -> bool {
    let mut seen = HashSet::new();
    tags.iter()
        .all(|tags| !tags.is_empty() && tags.iter().all(|tag| seen.insert(tag)))
}

/// Whether a branch only restricts a value that other keywords describe.
fn is_constraint(node: &SchemaNode<'_>) -> bool {
    if required_set(node).is_some() {
        return true;
    }
    node.inline().is_some_and(|view| {
        view.not().is_some()
            && view.declared_type().is_none()
            && view.properties().is_empty()
            && view.all_of().is_empty()
            && view.one_of().is_empty()
            && view.any_of().is_empty()
    })
}

/// Whether a part says nothing of a value beside its alternatives, or `type: object`.
fn is_bare(view: &SchemaView<'_>) -> bool {
    view.properties().is_empty()
        && view.required().is_empty()
        && view.enumeration().is_empty()
        && view.pattern_properties().is_empty()
        && !matches!(
            view.additional_properties(),
            crate::document::Rest::Schema(_)
        )
        && view.declared_type().is_none_or(|value_type| {
            value_type == SchemaType::Object
                || !view.any_of().is_empty()
                || !view.one_of().is_empty()
        })
}

/// What a branch is called: by its `$ref`, its tag, its title, a property that
/// no other branch has, or its type.
fn branch_name<'o>(
    branch: &Branch<'_>,
    tags: &[String],
    owners: impl FnOnce() -> &'o Owners,
) -> String {
    if let Some(merged) = &branch.merged
        && merged.base
    {
        return "Base".to_owned();
    }
    if let Some(name) = branch
        .node
        .reference()
        .or_else(|| Some(branch.node.pointer().clone()))
        .and_then(|target| {
            let component = target
                .parent()
                .is_some_and(|parent| parent.as_str() == "/components/schemas");
            component.then(|| target.last())?
        })
    {
        return name;
    }
    if let [only] = tags {
        return only.clone();
    }
    let Some(view) = branch.node.follow() else {
        return "variant".to_owned();
    };
    if let Some(title) = view.title() {
        return title.to_owned();
    }
    if let Some(property) = owners().own_property(&view, branch.node.pointer()) {
        return format!("with {property}");
    }
    match view.inferred_type() {
        Some(SchemaType::Array) => "list".to_owned(),
        Some(SchemaType::String) if !view.enumeration().is_empty() => "choice".to_owned(),
        Some(value_type) => article(value_type)
            .trim_start_matches("an ")
            .trim_start_matches("a ")
            .to_owned(),
        None => "variant".to_owned(),
    }
}

/// Which of the branches of a union that are objects has a name for itself.
#[derive(Default)]
struct Owners {
    objects: HashSet<Pointer>,
    /// The only branch that requires a property; `None` where several do.
    required: HashMap<String, Option<Pointer>>,
    /// The same for the branches that have it.
    properties: HashMap<String, Option<Pointer>>,
}

impl Owners {
    fn new(branches: &[Branch<'_>]) -> Self {
        let mut owners = Self::default();
        for branch in branches {
            let pointer = branch.node.pointer();
            let view = branch.node.follow();
            let view = view.filter(|view| view.inferred_type() == Some(SchemaType::Object));
            let Some(view) = view.filter(|_| owners.objects.insert(pointer.clone())) else {
                continue;
            };
            let note = |names: &mut HashMap<String, Option<Pointer>>, name: &str| {
                let owner = names.entry(name.to_owned());
                owner
                    .and_modify(|owner| *owner = None)
                    .or_insert_with(|| Some(pointer.clone()));
            };
            for name in view.required() {
                note(&mut owners.required, name);
            }
            for (name, _) in view.properties() {
                note(&mut owners.properties, name);
            }
        }
        owners
    }

    /// A property that only this branch requires, or else only this one has.
    fn own_property(&self, view: &SchemaView<'_>, branch: &Pointer) -> Option<String> {
        if self.objects.iter().all(|object| object == branch) {
            return None;
        }
        let is_own = |names: &HashMap<String, Option<Pointer>>, name: &str| {
            names
                .get(name)
                .is_none_or(|owner| owner.as_ref() == Some(branch))
        };
        let required = view.required().iter();
        let mut required = required.filter(|name| is_own(&self.required, name));
        required.next().cloned().or_else(|| {
            let mut properties = view.properties().into_iter().map(|(name, _)| name);
            let own = properties.find(|name| is_own(&self.properties, name));
            own.map(str::to_owned)
        })
    }
}
