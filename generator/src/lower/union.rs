//! Lowers `oneOf` and `anyOf` to a union, or to an equivalent simpler type (wire rule 8).

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, code};
use crate::document::{SchemaNode, SchemaType, SchemaView};
use crate::ir::{Docs, Tagging, Type, TypePath};
use crate::output_limits;
use crate::pointer::Pointer;

use super::all_of::{Alternatives, MergedSchema};
use super::branch::{Branch, Branches, Tags, UnionSource, is_bare, is_constraint};
use super::component::is_component;
use super::contradictory_types::article;
use super::directions::Directions;
use super::discriminator::{constant_values, meant};
use super::inline_site::{InlineSite, OwnerKey};
use super::listed_values::{Disjoint, EnumValue};
use super::lowering::Lowering;
use super::nullable_type::Typed;
use super::type_draft::{ShapeDraft, TypeDraft, UnionDraft};
use super::type_form::TypeForm;
use super::variant::Variants;

/// Maximum number of combinations of several `oneOf`s.
const MOST_COMBINATIONS: usize = 64;

/// Maximum depth of nested unions whose branches are merged.
const DEEPEST_COMBINATION: usize = 32;

/// Maximum number of schemas in all nested branches that a document merges.
const MOST_NESTED_COMBINATIONS: usize = 20_000;

impl<'d> Lowering<'d, '_> {
    /// Returns the kind of type for the unions of a schema, or `None` if no union determines the
    /// type.
    pub(super) fn alternatives(&mut self, merged: &MergedSchema<'d>) -> Option<TypeForm<'d>> {
        let telling: Vec<Alternatives<'d>> = merged
            .unions
            .iter()
            .filter(|union| {
                // A reference to an enum keeps that type.
                let is_reference = matches!(union.branches.as_slice(), [only] if only.reference().is_some())
                    && merged.parts.iter().all(is_bare);
                !union.branches.iter().all(is_constraint)
                    && (is_reference || union.constants().is_none())
            })
            .map(|union| inherited(union, merged))
            .collect();
        let Some((union, others)) = telling.split_first() else {
            return self.extended(merged);
        };
        let Alternatives {
            owner, branches, ..
        } = union;
        let branches = &self.selected(owner, branches);
        if others.is_empty() && merged.parts.iter().all(is_bare) {
            if let Some(kind) = self.any_branch(branches) {
                return Some(kind);
            }
            // A single branch is the whole type, unless a tag can select another one.
            if let [only] = branches.as_slice()
                && owner.discriminator().is_none()
            {
                return Some(TypeForm::Same(only.clone()));
            }
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
            return Some(TypeForm::Union(Box::new(Branches::new(owner, list))));
        }
        Some(self.combined(merged, &telling))
    }

    /// Returns the branches of the first of several unions, merged with the other ones.
    fn combined(&mut self, merged: &MergedSchema<'d>, unions: &[Alternatives<'d>]) -> TypeForm<'d> {
        let Some((union, others)) = unions.split_first() else {
            return TypeForm::Any("the schema has no type");
        };
        if self.are_too_many(merged, unions) {
            let says = "the alternatives have too many combinations, and become any JSON value";
            let mut warning =
                Diagnostic::warning(code::TOO_MANY_COMBINATIONS, union.at().key(), says)
                    .help("list the combinations as branches of one `oneOf`, or use fewer levels");
            if let Some(other) = others.first() {
                warning = warning.related(other.at().key(), "combined with these");
            }
            self.findings.push(warning);
            return TypeForm::Any("too many combinations of alternatives");
        }
        let branches = self.selected(&union.owner, &union.branches);
        let mut list: Vec<Branch<'d>> = branches
            .iter()
            .filter_map(|node| beside(node, merged, others))
            .filter(|branch| {
                let combined = branch.merged.as_ref();
                combined.is_none_or(|merged| has_tag(&union.owner, merged))
            })
            .collect();
        // With a discriminator, a value may not match a single branch, unless the keywords beside
        // the union determine the branch.
        let is_single = union.owner.discriminator().is_some() && union.is_single();
        if list.len() > 1 || (is_single && !list.is_empty()) {
            return TypeForm::Union(Box::new(Branches::new(&union.owner, list)));
        }
        match list.pop() {
            Some(Branch {
                merged: Some(combined),
                ..
            }) => TypeForm::Merged(Box::new(combined)),
            Some(Branch { node, merged: None }) => TypeForm::Same(node),
            None => {
                let keyword = union.keyword;
                let says =
                    format!("every branch of `{keyword}` contradicts the schema's other keywords");
                self.findings.push(
                    Diagnostic::warning(code::CONTRADICTORY_SCHEMA, union.at().key(), says)
                        .label("read as any JSON value")
                        .help("change a branch so that it agrees with the other keywords"),
                );
                TypeForm::Any("the schema allows no value")
            }
        }
    }

    /// Returns any JSON value if one branch is that, and warns about the other branches.
    fn any_branch(&mut self, branches: &[SchemaNode<'d>]) -> Option<TypeForm<'d>> {
        let is_any = |node: &&SchemaNode<'d>| node.follow().is_some_and(|view| view.is_any());
        let any = branches.iter().find(is_any)?;
        if let Some(other) = branches.iter().find(|node| !is_any(node)) {
            let says = "this branch allows any value, so the others have no effect";
            self.findings.push(
                Diagnostic::warning(code::TYPE_WIDENED, any.pointer(), says)
                    .label("the schema becomes any JSON value")
                    .related(other.pointer(), "has no effect")
                    .help("write a `type` in it, or remove it"),
            );
        }
        Some(TypeForm::Any("one of the alternatives allows any value"))
    }

    /// Returns `true` if the combined branches of several unions exceed a limit. A single list may
    /// have any length.
    fn are_too_many(&mut self, merged: &MergedSchema<'d>, unions: &[Alternatives<'d>]) -> bool {
        let lengths = unions.iter().map(|union| union.branches.len());
        let product = lengths.fold(1, usize::saturating_mul);
        if merged.depth > 0 {
            let schemas = product.saturating_mul(merged.parts.len());
            self.combinations = self.combinations.saturating_add(schemas);
        }
        unions.len() > 1 && product > MOST_COMBINATIONS
            || merged.depth >= DEEPEST_COMBINATION
            || self.combinations > MOST_NESTED_COMBINATIONS
    }

    /// Returns the declared union of schemas without `oneOf` or `anyOf`.
    pub(super) fn lower_branches(
        &mut self,
        owner: &SchemaView<'d>,
        nodes: &[SchemaNode<'d>],
        merged: &MergedSchema<'d>,
        site: &InlineSite,
    ) -> Type {
        if let Some(TypeForm::Scalar(_)) = scalars(nodes) {
            return Type::String;
        }
        let modules = self.types.module_for(&site.owner);
        let path = self.types.reserve(modules, &site.hint);
        let list = nodes
            .iter()
            .map(|node| Branch {
                node: node.clone(),
                merged: None,
            })
            .collect();
        let branches = Branches::new(owner, list);
        let shape = ShapeDraft::Union(self.lower_union(branches, &path, site.directions));
        self.types.define(TypeDraft {
            path: path.clone(),
            docs: Docs::default(),
            deprecated: merged.own().is_some_and(SchemaView::deprecated),
            shape,
        });
        Type::Named(path)
    }

    /// Returns the property that selects the branches, and the tags of each branch.
    fn decisive_tags(
        &mut self,
        owner: &SchemaView<'d>,
        list: &[Branch<'d>],
        directions: Directions,
    ) -> Option<Tags> {
        let (property, tags) = self.branch_tags(owner, list)?;
        // Without a discriminator, an unknown value of an open enum does not exclude a branch.
        let is_tag = owner.discriminator().is_some()
            || !directions.read
            || tags.iter().any(|tags| matches!(tags.as_slice(), [_]));
        is_tag.then_some((property, tags))
    }

    /// Lowers the branches of a union.
    pub(super) fn lower_union(
        &mut self,
        branches: Branches<'d>,
        path: &TypePath,
        directions: Directions,
    ) -> UnionDraft {
        let Branches {
            owner,
            mut list,
            known,
            own,
        } = branches;
        let parts = list.len() * output_limits::PARTS_OF_A_TYPE;
        if !self.charge(owner.pointer(), parts) {
            list.clear();
        }
        let site = InlineSite {
            owner: OwnerKey::Type(path.clone()),
            hint: String::new(),
            directions,
        };
        let tagged = known.or_else(|| self.decisive_tags(&owner, &list, directions));
        let (tagging, mut tags) = match tagged {
            Some((property, tags)) => (Tagging::Property(property), tags),
            None => (Tagging::Untagged, Vec::new()),
        };
        let mut variants = Variants::new(&tagging);
        let owners = LazyCell::new(|| Owners::new(&list));
        for (position, branch) in list.iter().enumerate() {
            let tags: Vec<String> = tags
                .get_mut(position)
                .map(std::mem::take)
                .unwrap_or_default();
            let text = branch_name(branch, own.as_ref(), &tags, || &owners);
            let site = self
                .base_site(branch)
                .unwrap_or_else(|| site.named(text.clone()));
            // If a branch allows null, the whole union is nullable, wherever it is used.
            let Typed { ty, nullable: _ } = match &branch.merged {
                Some(merged) => self.lower_merged(merged, &site),
                None => self.lower_node(&branch.node, &site),
            };
            variants.add(branch, ty, &text, tags);
        }
        let Variants {
            mut members,
            list: variants,
            sources,
            ..
        } = variants;
        self.unions.push(UnionSource {
            path: path.clone(),
            owner: owner.clone(),
            is_read: directions.read,
            variants: sources,
        });
        let is_open = directions.read || owner.has_lost_value();
        let other = is_open.then(|| members.variant("Other"));
        UnionDraft {
            variants,
            tagging,
            other,
        }
    }
}

impl Lowering<'_, '_> {
    /// Returns the place for the base form of a schema that others extend: inside of its own
    /// component, so that all unions with this branch share the type.
    fn base_site(&mut self, branch: &Branch<'_>) -> Option<InlineSite> {
        let combined = branch.merged.as_ref().filter(|merged| merged.base)?;
        let view = branch.node.follow()?;
        if MergedSchema::new(&view).parts.len() != combined.parts.len() {
            return None;
        }
        Some(InlineSite {
            owner: OwnerKey::Type(self.types.of_schema(view.pointer())?.clone()),
            hint: "Base".to_owned(),
            directions: self.context.schema_directions.at(view.pointer()),
        })
    }
}

/// Returns `true` if the keywords beside a union allow a tag of the branch.
fn has_tag(owner: &SchemaView<'_>, merged: &MergedSchema<'_>) -> bool {
    let Some(discriminator) = owner.discriminator() else {
        return true;
    };
    let values = constant_values(merged, &discriminator.property_name);
    values.is_none_or(|values| !values.is_empty())
}

/// Returns a union without the branches that cannot match a value of a schema derived from its
/// owner.
///
/// A parent may list only its grandchildren. A schema between them then has its own children as
/// branches, instead of all branches of the parent extended by its properties.
fn inherited<'d>(union: &Alternatives<'d>, merged: &MergedSchema<'d>) -> Alternatives<'d> {
    let mut union = union.clone();
    if let Some(own) = merged.own()
        && own.pointer() != union.owner.pointer()
    {
        let extends = |node: &SchemaNode<'d>| {
            let view = node.follow();
            view.is_some_and(|view| {
                MergedSchema::new(&view).include(std::slice::from_ref(own), &[])
            })
        };
        let is_child: Vec<bool> = union.branches.iter().map(extends).collect();
        if is_child.contains(&true) {
            let mut is_child = is_child.into_iter();
            union.branches.retain(|_| is_child.next() == Some(true));
        }
    }
    union
}

/// Returns a branch merged with the keywords beside its union, or `None` if they contradict each
/// other, so that the branch never matches.
fn beside<'d>(
    node: &SchemaNode<'d>,
    merged: &MergedSchema<'d>,
    others: &[Alternatives<'d>],
) -> Option<Branch<'d>> {
    let own = node.follow().map(|view| MergedSchema::new(&view));
    // A branch that extends the schema already includes these keywords.
    let combined = if own.is_some_and(|own| own.include(&merged.parts, others)) {
        None
    } else {
        let combined = merged.with_branch(node, others);
        Some(combined.is_possible().then_some(combined)?)
    };
    Some(Branch {
        node: node.clone(),
        merged: combined,
    })
}

/// Returns the kind for alternatives that are all strings, which need no union.
fn scalars<'d>(branches: &[SchemaNode<'d>]) -> Option<TypeForm<'d>> {
    let mut values: Vec<EnumValue> = Vec::new();
    for branch in branches {
        let merged = MergedSchema::new(&branch.follow()?);
        if !merged.unions.is_empty() || merged.value_type() != Some(SchemaType::String) {
            return None;
        }
        let listed = merged.listed(Disjoint::Joined);
        values.extend(listed.into_iter().flat_map(|listed| listed.values));
    }
    Some(if values.is_empty() {
        TypeForm::Scalar(SchemaType::String)
    } else {
        TypeForm::OpenEnum(values)
    })
}

/// Returns the name of a branch: from its `$ref`, its tag, its title, a property that no other
/// branch has, or its type.
fn branch_name<'o>(
    branch: &Branch<'_>,
    own: Option<&Pointer>,
    tags: &[String],
    owners: impl FnOnce() -> &'o Owners,
) -> String {
    if own.is_some() && meant(&branch.node).as_ref() == own {
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
    if let (false, Some(target)) = (tags.is_empty(), meant(&branch.node).filter(is_component)) {
        return target.last().unwrap_or_default();
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

/// The properties that are unique to one object branch of a union.
#[derive(Default)]
struct Owners {
    objects: HashSet<Pointer>,
    /// The only branch that requires each property, or `None` if several do.
    required: HashMap<String, Option<Pointer>>,
    /// The only branch that has each property, or `None` if several do.
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

    /// Returns a property that only this branch requires, or that only this branch has.
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
