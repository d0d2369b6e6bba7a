//! Decides which fields have only the values of a tag, and who writes the tag of a branch.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::ident::TypeName;
use crate::ir::{Additional, Enum, Presence, Repr, TagSource, Tagging, Type, TypePath};

use super::enumeration::spelled;
use super::type_draft::{FieldDraft, ShapeDraft};
use super::type_uses::Mentions;
use super::types::Types;

/// The decision on a field.
#[derive(Debug)]
pub(super) enum Decision {
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
pub(super) struct Shapes<'a>(HashMap<&'a TypePath, &'a ShapeDraft>);

impl<'a> Shapes<'a> {
    pub fn new(types: &'a Types) -> Self {
        Self(types.shapes().collect())
    }

    /// Returns the definition of a type, with aliases resolved.
    fn shape(&self, ty: &'a Type) -> Option<(&'a TypePath, &'a ShapeDraft)> {
        let ty = ty.follow(|ty| match ty {
            Type::Box(inner) | Type::Option(inner) => Some(inner),
            Type::Named(path) => match self.0.get(path)? {
                ShapeDraft::Alias(inner) | ShapeDraft::Newtype(inner) => Some(inner),
                _ => None,
            },
            _ => None,
        });
        match ty {
            Type::Named(path) => Some((path, self.0.get(path)?)),
            _ => None,
        }
    }

    fn declared(&self, ty: &'a Type) -> Option<Declared<'a>> {
        Some(match ty {
            Type::String | Type::Secret | Type::Uri | Type::Json => Declared::Text,
            Type::Integer(_) => Declared::Integer,
            Type::Bool => Declared::Bool,
            Type::Named(path) => match self.0.get(path)? {
                ShapeDraft::Enum(shape) => Declared::EnumValue(path, shape),
                ShapeDraft::Alias(Type::String | Type::Secret | Type::Uri) => Declared::Text,
                ShapeDraft::Alias(Type::Integer(_)) => Declared::Integer,
                _ => match self.shape(ty)? {
                    (path, ShapeDraft::Enum(shape)) => Declared::EnumValue(path, shape),
                    _ => return None,
                },
            },
            _ => return None,
        })
    }

    /// Returns the decision on a struct's field.
    pub fn decide(
        &self,
        owner: &TypePath,
        field: &FieldDraft,
        mentions: &Mentions<'_>,
    ) -> Option<Decision> {
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
        field: &FieldDraft,
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
    pub fn source(&self, property: &str, tags: &[String], ty: &'a Type) -> TagSource {
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
            ShapeDraft::Struct(shape) => {
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
            ShapeDraft::Union(shape) => {
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
            ShapeDraft::Enum(_) | ShapeDraft::Alias(_) | ShapeDraft::Newtype(_) => either(),
        }
    }
}
