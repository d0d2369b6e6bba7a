//! `oneOf` and `anyOf` become a union, or something simpler where that says the same (wire rule 8).

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostics;
use crate::document::{Document, SchemaNode, SchemaType, SchemaView};
use crate::ident::TypeName;
use crate::ir::{Docs, Shape, Tagging, Type, TypeDef, TypePath, Union, UnionVariant};
use crate::limits;
use crate::pointer::Pointer;

use super::docs::{self, required_set};
use super::facets::{Alternatives, Facets, Listed, article};
use super::naming::Members;
use super::schema::Kind;
use super::tag::has_property;
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

/// One branch of a union.
pub(super) struct Branch<'d> {
    /// The branch as it stands in the document.
    pub node: SchemaNode<'d>,
    /// The branch merged with what stands beside the union, where there is something.
    pub merged: Option<Facets<'d>>,
}

impl<'d> Branch<'d> {
    /// The branch with what stands beside the union; `None` where its reference leads nowhere.
    pub fn facets(&self) -> Option<Facets<'d>> {
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
            same_as: None,
        });
        Type::Named(path)
    }

    /// The union of branches.
    pub(super) fn union(&mut self, branches: Branches<'d>, path: &TypePath, usage: Usage) -> Union {
        let Branches { owner, mut list } = branches;
        let parts = list.len() * limits::PARTS_OF_A_TYPE;
        if !self.charge(owner.pointer(), parts) {
            list.clear();
        }
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
            let name = members.variant(&text);
            let docs = match (&ty, branch.node.inline()) {
                // A declared type has its own docs.
                (Type::Named(_), _) | (_, None) => crate::ir::Docs::default(),
                (_, Some(view)) => docs::of_schema(&view, name.as_str()),
            };
            variants.push(UnionVariant {
                name,
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

/// Whether a branch only restricts a value that other keywords describe.
pub(super) fn is_constraint(node: &SchemaNode<'_>) -> bool {
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
