//! Properties with a single value are not fields: the value is always written, and checked when
//! reading. This includes the tag of a branch if no value of the branch can have another tag.
//! Otherwise the field has an enum of the tags as its type.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::ident::{ModuleName, TypeName};
use crate::ir::{
    Additional, Constant, DefaultFunction, Docs, Enum, Field, Presence, Repr, Shape, TagSource,
    Tagging, Traits, Type, TypeDef, TypePath, UnionVariant, Value, Variant, Webhook,
};

use super::enumeration::spelled;
use super::mention::Mentions;
use super::naming::Members;
use super::object::function_name;
use super::operation::Group;
use super::{Lowering, OwnerKey};

/// Maximum depth of nested types.
const DEEPEST: usize = 32;

/// The decision on a field.
#[derive(Debug)]
enum Decision {
    /// The field is a constant.
    Constant(Json),
    /// The type becomes an enum of these values; `open` if other values are possible.
    Choice {
        values: Vec<Json>,
        open: bool,
        preset: bool,
        /// True if it is always present.
        is_required: bool,
        /// The field's own type, if it is not used elsewhere and becomes that enum.
        replaces: Option<TypePath>,
    },
    /// The field keeps its type, with this variant as the initial value.
    Preset(TypePath, TypeName, Json),
}

/// The values that a field's type allows.
enum Declared<'a> {
    Text,
    Integer,
    Bool,
    EnumValue(&'a TypePath, &'a Enum),
}

impl Declared<'_> {
    /// Returns the value that is read as a tag.
    fn value(&self, tag: &str) -> Option<Json> {
        let parsed = || serde_json::from_str::<Json>(tag).ok();
        match self {
            Self::Text => Some(tag.into()),
            Self::Integer => parsed().filter(|json| json.is_i64() || json.is_u64()),
            Self::Bool => parsed().filter(Json::is_boolean),
            Self::EnumValue(_, shape) => {
                let mut values = shape.variants.iter().map(|variant| &variant.value);
                let listed = values.find(|value| spelled(value) == tag).cloned();
                listed.or_else(|| match shape.repr {
                    Repr::Text => Some(tag.into()),
                    Repr::Integer => parsed().filter(Json::is_i64),
                    Repr::Json => None,
                })
            }
        }
    }
}

/// The declared types by path.
struct Types<'a>(HashMap<&'a TypePath, &'a Shape>);

impl<'a> Types<'a> {
    fn new(types: &'a [TypeDef]) -> Self {
        Self(types.iter().map(|def| (&def.path, &def.shape)).collect())
    }

    /// Returns the definition of a type, with aliases resolved.
    fn shape(&self, ty: &'a Type) -> Option<(&'a TypePath, &'a Shape)> {
        let mut ty = ty;
        for _ in 0..DEEPEST {
            ty = match ty {
                Type::Box(inner) | Type::Option(inner) => inner,
                Type::Named(path) => match self.0.get(path)? {
                    Shape::Alias(inner) | Shape::Newtype(inner) => inner,
                    shape => return Some((path, shape)),
                },
                _ => return None,
            };
        }
        None
    }

    fn declared(&self, ty: &'a Type) -> Option<Declared<'a>> {
        Some(match ty {
            Type::String | Type::Secret | Type::Uri | Type::Json => Declared::Text,
            Type::Integer(_) => Declared::Integer,
            Type::Bool => Declared::Bool,
            Type::Named(path) => match self.0.get(path)? {
                Shape::Enum(shape) => Declared::EnumValue(path, shape),
                Shape::Alias(Type::String | Type::Secret | Type::Uri) => Declared::Text,
                Shape::Alias(Type::Integer(_)) => Declared::Integer,
                _ => match self.shape(ty)? {
                    (path, Shape::Enum(shape)) => Declared::EnumValue(path, shape),
                    _ => return None,
                },
            },
            _ => return None,
        })
    }

    /// Returns the decision on a struct's field.
    fn decide(&self, owner: &TypePath, field: &Field, mentions: &Mentions<'_>) -> Option<Decision> {
        let declared = self.declared(&field.ty)?;
        let tags = mentions.tags(owner, &field.name.wire);
        if !tags.is_empty() {
            return Self::tag(owner, field, &declared, &tags, mentions);
        }
        match declared {
            Declared::EnumValue(_, shape) if shape.open.is_none() => {
                match shape.variants.as_slice() {
                    [only] if field.presence == Presence::Required => {
                        Some(Decision::Constant(only.value.clone()))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Returns the decision on a field that is the tag of a branch.
    fn tag(
        owner: &TypePath,
        field: &Field,
        declared: &Declared<'_>,
        tags: &[&[String]],
        mentions: &Mentions<'_>,
    ) -> Option<Decision> {
        let mut known = HashSet::new();
        let all = tags
            .iter()
            .copied()
            .flatten()
            .filter(|tag| known.insert(*tag));
        let values: Vec<Json> = all.map(|tag| declared.value(tag)).collect::<Option<_>>()?;
        let listed: Option<Vec<&Json>> = match declared {
            Declared::EnumValue(_, shape) => {
                Some(shape.variants.iter().map(|it| &it.value).collect())
            }
            _ => None,
        };
        let elsewhere = mentions.elsewhere(owner, &field.name.wire);
        let is_read = elsewhere.is_some_and(|directions| directions.read);
        let is_required = field.presence == Presence::Required;
        let lists_all = |listed: &[&Json]| values.iter().all(|value| listed.contains(&value));
        if let [only] = values.as_slice() {
            let is_only = listed.as_ref().is_some_and(|listed| *listed == [only]);
            // If a value is read without selecting a branch, it may have another tag.
            let is_constant = match elsewhere {
                None => true,
                Some(_) => is_required && (is_only || !is_read),
            };
            if is_constant {
                return Some(Decision::Constant(only.clone()));
            }
            if let (Declared::EnumValue(path, shape), true) = (declared, is_required) {
                let mut variants = shape.variants.iter();
                let variant = variants.find(|variant| variant.value == *only);
                if let Some(variant) = variant {
                    let name = variant.name.clone();
                    return Some(Decision::Preset((*path).clone(), name, only.clone()));
                }
            }
        }
        // The document allows the values in its own list if a value is not read as a branch.
        if elsewhere.is_some() && listed.as_deref().is_some_and(lists_all) {
            return None;
        }
        let is_same = match declared {
            Declared::EnumValue(_, shape) => {
                shape.variants.len() == values.len() && (shape.open.is_some() == is_read)
            }
            _ => false,
        };
        if is_same && listed.as_deref().is_some_and(lists_all) {
            return None;
        }
        let replaces = match declared {
            Declared::EnumValue(path, _) if !path.modules.is_empty() => {
                (mentions.count(path) == 1).then(|| (*path).clone())
            }
            _ => None,
        };
        Some(Decision::Choice {
            preset: is_required && values.len() == 1,
            is_required: elsewhere.is_none(),
            values,
            open: is_read,
            replaces,
        })
    }

    /// Returns the writer of a branch's tag.
    fn source(&self, property: &str, tags: &[String], ty: &'a Type) -> TagSource {
        // With several tags, only the type of the branch knows the right one.
        let only = match tags {
            [only] => Some(only),
            _ => None,
        };
        let either = || TagSource::Either(only.map(|tag| tag.clone().into()));
        let Some((_, shape)) = self.shape(ty) else {
            return either();
        };
        let is_tag = |value: &Json| tags.contains(&spelled(value));
        match shape {
            Shape::Struct(shape) => {
                let mut constants = shape.constants.iter();
                if let Some(constant) = constants.find(|constant| constant.wire == property) {
                    return if is_tag(&constant.value) {
                        TagSource::Branch
                    } else {
                        either()
                    };
                }
                let mut fields = shape.fields.iter();
                let Some(field) = fields.find(|field| field.name.wire == property) else {
                    return match &shape.additional {
                        Additional::Kept { .. } => either(),
                        Additional::Ignored | Additional::Unexpected | Additional::Refused => {
                            TagSource::Union
                        }
                    };
                };
                let declared = self.declared(&field.ty);
                let is_there = matches!(field.presence, Presence::Required | Presence::Preset);
                match &declared {
                    Some(Declared::EnumValue(_, shape))
                        if is_there
                            && shape.open.is_none()
                            && shape.variants.iter().all(|variant| is_tag(&variant.value)) =>
                    {
                        TagSource::Branch
                    }
                    Some(declared) => TagSource::Either(only.and_then(|tag| declared.value(tag))),
                    None => either(),
                }
            }
            Shape::Union(shape) => {
                let inner = || shape.variants.iter().flat_map(|variant| &variant.tags);
                match &shape.tagging {
                    Tagging::Property(own)
                        if own == property && inner().all(|tag| tags.contains(tag)) =>
                    {
                        TagSource::Branch
                    }
                    _ => either(),
                }
            }
            Shape::Enum(_) | Shape::Alias(_) | Shape::Newtype(_) => either(),
        }
    }
}

impl Lowering<'_, '_> {
    /// Decides which fields are constants, removes types that are no longer used, and sets the
    /// writer of each branch's tag.
    pub(super) fn constants(&mut self, groups: &[Group<'_>], webhooks: &[Webhook]) {
        let found = self.decisions(groups, webhooks);
        if !found.is_empty() {
            self.fix(found, groups, webhooks);
        }
        self.tag_sources();
    }

    fn decisions(
        &self,
        groups: &[Group<'_>],
        webhooks: &[Webhook],
    ) -> Vec<(usize, Vec<Option<Decision>>)> {
        let mentions = Mentions::of(&self.types, groups, webhooks);
        let types = Types::new(&self.types);
        let mut found = Vec::new();
        for (position, def) in self.types.iter().enumerate() {
            if let Shape::Struct(shape) = &def.shape {
                let fields = shape.fields.iter();
                let decisions: Vec<_> = fields
                    .map(|field| types.decide(&def.path, field, &mentions))
                    .collect();
                if decisions.iter().any(Option::is_some) {
                    found.push((position, decisions));
                }
            }
        }
        found
    }

    fn fix(
        &mut self,
        found: Vec<(usize, Vec<Option<Decision>>)>,
        groups: &[Group<'_>],
        webhooks: &[Webhook],
    ) {
        let mut dropped = HashSet::new();
        // Insert new types before those that use them.
        let mut new: HashMap<usize, Vec<TypeDef>> = HashMap::new();
        for (position, decisions) in found {
            let Some(def) = self.types.get_mut(position) else {
                continue;
            };
            let path = def.path.clone();
            let Shape::Struct(shape) = &mut def.shape else {
                continue;
            };
            let fields = std::mem::take(&mut shape.fields);
            let mut kept = Vec::new();
            let mut constants = Vec::new();
            for (field, decision) in fields.into_iter().zip(decisions) {
                if !matches!(decision, None | Some(Decision::Preset(..)))
                    && let Type::Named(path) = &field.ty
                {
                    dropped.insert(path.clone());
                }
                match decision {
                    None => kept.push(field),
                    Some(Decision::Constant(value)) => constants.push(constant(field, value)),
                    Some(Decision::Preset(of, name, value)) => {
                        self.no_other_default(&path, &field, std::slice::from_ref(&value));
                        kept.push(preset(field, &of, name, &value));
                    }
                    Some(choice) => {
                        let (field, def) = self.choice(&path, field, choice);
                        new.entry(position).or_default().extend(def);
                        kept.push(field);
                    }
                }
            }
            if let Some(Shape::Struct(shape)) =
                self.types.get_mut(position).map(|def| &mut def.shape)
            {
                shape.fields = kept;
                shape.constants.extend(constants);
            }
        }
        let types = std::mem::take(&mut self.types).into_iter().enumerate();
        let types = types.flat_map(|(position, def)| {
            let before = new.remove(&position).unwrap_or_default();
            before.into_iter().chain([def])
        });
        self.types = types.collect();
        self.drop_unused(dropped, groups, webhooks);
    }

    /// Changes the type of a field to an enum of its tags. Returns the enum if it is a new type.
    fn choice(
        &mut self,
        owner: &TypePath,
        mut field: Field,
        choice: Decision,
    ) -> (Field, Option<TypeDef>) {
        let Decision::Choice {
            values,
            open,
            preset: is_preset,
            is_required,
            replaces,
        } = choice
        else {
            return (field, None);
        };
        self.no_other_default(owner, &field, &values);
        let declared = replaces.as_ref().and_then(|path| {
            let mut types = self.types.iter_mut();
            types.find(|def| def.path == *path)
        });
        let before = match declared.as_ref().map(|def| &def.shape) {
            Some(Shape::Enum(shape)) => Some(shape.clone()),
            _ => None,
        };
        let shape = enumeration(&values, open, before);
        let first = shape.variants.first().map(|variant| variant.name.clone());
        let (path, def) = if let (Some(path), Some(def)) = (replaces, declared) {
            def.shape = Shape::Enum(shape);
            (path, None)
        } else {
            let modules = self.declare_module(&OwnerKey::Type(owner.clone()));
            let name = self.names.type_in(&modules, &field.name.wire);
            let path = TypePath { modules, name };
            let def = TypeDef {
                path: path.clone(),
                docs: Docs::default(),
                deprecated: false,
                shape: Shape::Enum(shape),
                same_as: None,
                traits: Traits::default(),
            };
            (path, Some(def))
        };
        field.ty = Type::Named(path.clone());
        if is_required {
            field.presence = Presence::Required;
        }
        if let (true, Some(name), Some(value)) = (is_preset, first, values.first()) {
            field = preset(field, &path, name, value);
        }
        (field, def)
    }

    /// Removes a default that is not one of a tag's values: the schema inherited it.
    fn no_other_default(&mut self, owner: &TypePath, field: &Field, values: &[Json]) {
        self.pending.retain(|pending| {
            pending.owner != *owner
                || pending.field != field.name.rust
                || values.contains(pending.value)
        });
    }

    /// Removes unused inline types, and modules that become empty.
    fn drop_unused(
        &mut self,
        mut dropped: HashSet<TypePath>,
        groups: &[Group<'_>],
        webhooks: &[Webhook],
    ) {
        let mentions = Mentions::of(&self.types, groups, webhooks);
        dropped.retain(|path| !path.modules.is_empty() && !mentions.has(path));
        self.types.retain(|def| !dropped.contains(&def.path));
        let types = &self.types;
        let modules: HashSet<&[ModuleName]> = types
            .iter()
            .flat_map(|def| {
                (1..=def.path.modules.len()).filter_map(|depth| def.path.modules.get(..depth))
            })
            .collect();
        self.modules
            .retain(|module| modules.contains(module.path.as_slice()));
    }

    fn tag_sources(&mut self) {
        let types = Types::new(&self.types);
        let source = |property: &str, variant: &UnionVariant| {
            types.source(property, &variant.tags, &variant.ty)
        };
        let mut found = Vec::new();
        for (position, def) in self.types.iter().enumerate() {
            if let Shape::Union(shape) = &def.shape
                && let Tagging::Property(property) = &shape.tagging
            {
                let variants = shape.variants.iter();
                let sources: Vec<_> = variants.map(|variant| source(property, variant)).collect();
                found.push((position, sources));
            }
        }
        for (position, sources) in found {
            if let Some(Shape::Union(shape)) =
                self.types.get_mut(position).map(|def| &mut def.shape)
            {
                for (variant, source) in shape.variants.iter_mut().zip(sources) {
                    variant.tag_source = source;
                }
            }
        }
    }
}

fn constant(field: Field, value: Json) -> Constant {
    Constant {
        wire: field.name.wire,
        value,
        docs: field.docs,
        deprecated: field.deprecated,
    }
}

/// Sets the initial value of a field.
fn preset(mut field: Field, of: &TypePath, name: TypeName, value: &Json) -> Field {
    field.presence = Presence::Preset;
    field.default = Some(DefaultFunction {
        name: function_name(&field.name.rust),
        value: Value::Variant(of.clone(), name),
        wire: value.to_string(),
        of_server: false,
    });
    field
}

/// Returns the enum of some values, reusing the variants of another enum if possible.
fn enumeration(values: &[Json], open: bool, before: Option<Enum>) -> Enum {
    let mut members = Members::<TypeName>::default();
    let known = before.map(|shape| shape.variants).unwrap_or_default();
    let variants = values.iter().map(|value| {
        let known = known.iter().find(|variant| variant.value == *value);
        Variant {
            name: members.variant(&known.map_or_else(
                || spelled(value),
                |variant| variant.name.as_str().to_owned(),
            )),
            value: value.clone(),
            docs: known
                .map(|variant| variant.docs.clone())
                .unwrap_or_default(),
        }
    });
    let variants: Vec<Variant> = variants.collect();
    let is_all = |ask: fn(&Json) -> bool| values.iter().all(ask);
    Enum {
        repr: if is_all(Json::is_string) {
            Repr::Text
        } else if is_all(Json::is_i64) {
            Repr::Integer
        } else {
            Repr::Json
        },
        variants,
        open: open.then(|| members.variant("Unknown")),
    }
}
