//! Completes the definitions of types with what is decided when all types are declared.

use std::collections::HashMap;

use crate::ir::{
    DefaultFunction, Field, Presence, Shape, Struct, TagSource, Type, TypePath, Union, UnionVariant,
};

use super::type_draft::{FieldDraft, ShapeDraft, StructDraft, UnionDraft, VariantDraft};
use super::types::{FieldPosition, TypeId, Types};

/// The writers of the tags of each tagged union's variants, in the order of the variants.
pub(super) type TagSources = HashMap<TypeId, Vec<TagSource>>;

/// The decisions on the defaults of fields.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    /// The presences of the fields with a default.
    pub presences: HashMap<FieldPosition, Presence>,
    pub functions: HashMap<FieldPosition, DefaultFunction>,
}

impl Defaults {
    /// Returns the presence of a field.
    pub fn presence(&self, position: FieldPosition, field: &FieldDraft) -> Presence {
        let with_default = self.presences.get(&position).copied();
        with_default.unwrap_or(field.presence)
    }
}

/// Returns the complete definition of a type.
pub(super) fn complete(
    id: TypeId,
    shape: ShapeDraft,
    tag_sources: &TagSources,
    defaults: &Defaults,
) -> Shape {
    match shape {
        ShapeDraft::Struct(shape) => Shape::Struct(structure(id, shape, defaults)),
        ShapeDraft::Enum(shape) => Shape::Enum(shape),
        ShapeDraft::Union(shape) => {
            let sources = tag_sources.get(&id).map(Vec::as_slice);
            Shape::Union(union(shape, sources.unwrap_or_default()))
        }
        ShapeDraft::Alias(ty) => Shape::Alias(ty),
        ShapeDraft::Newtype(ty) => Shape::Newtype(ty),
    }
}

fn structure(id: TypeId, shape: StructDraft, defaults: &Defaults) -> Struct {
    let StructDraft {
        constants,
        fields,
        additional,
    } = shape;
    let fields = fields.into_iter().enumerate().map(|(index, field)| {
        let presence = defaults.presence((id, index), &field);
        let default = defaults.functions.get(&(id, index)).cloned();
        let FieldDraft {
            name,
            ty,
            presence: _,
            tag,
            docs,
            deprecated,
        } = field;
        Field {
            name,
            ty,
            presence,
            default: default.or(tag),
            docs,
            deprecated,
        }
    });
    Struct {
        constants,
        fields: fields.collect(),
        additional,
    }
}

fn union(shape: UnionDraft, sources: &[TagSource]) -> Union {
    let UnionDraft {
        variants,
        tagging,
        other,
    } = shape;
    // Without a tag, there is nothing to write beside the branch.
    let sources = sources.iter().cloned();
    let sources = sources.chain(std::iter::repeat(TagSource::Branch));
    let variants = variants.into_iter().zip(sources);
    let variants = variants.map(|(variant, tag_source)| {
        let VariantDraft {
            name,
            ty,
            tags,
            docs,
        } = variant;
        UnionVariant {
            name,
            ty,
            tags,
            tag_source,
            docs,
        }
    });
    Union {
        variants: variants.collect(),
        tagging,
        other,
    }
}

/// Returns the complete definitions of the declared types that values of some types can contain.
pub(super) fn definitions<'t>(
    mut queue: Vec<&'t Type>,
    types: &'t Types,
    tag_sources: &TagSources,
    defaults: &Defaults,
) -> HashMap<&'t TypePath, Shape> {
    let mut found = HashMap::new();
    while let Some(ty) = queue.pop() {
        for path in ty.paths() {
            if !found.contains_key(path)
                && let Some((id, draft)) = types.find(path)
            {
                queue.extend(draft.shape.types());
                let shape = complete(id, draft.shape.clone(), tag_sources, defaults);
                found.insert(path, shape);
            }
        }
    }
    found
}
