//! A value for a type, where neither the document nor its schema gives one that the type reads.

use serde_json::{Map, Value as Json, json};

use crate::ir::{Constant, Field, Presence, Shape, Struct, Tagging, Type, UnionVariant};

use super::super::example::of_format;
use super::super::written::Codec;

/// Deeper than this, a value is not made: the type holds itself.
const DEEPEST: usize = 24;

/// The least value of a type.
pub(super) fn value(types: &Codec<'_>, ty: &Type) -> Option<Json> {
    at_depth(types, ty, 0)
}

fn at_depth(types: &Codec<'_>, ty: &Type, depth: usize) -> Option<Json> {
    if depth > DEEPEST {
        return None;
    }
    let inner = |ty: &Type| at_depth(types, ty, depth + 1);
    Some(match ty {
        Type::Bool => json!(true),
        Type::Integer(_) | Type::Float64 | Type::Number => json!(1),
        Type::String | Type::Secret | Type::Bytes | Type::Json => json!("text"),
        Type::Uri => json!(of_format("uri")),
        Type::Uuid => json!(of_format("uuid")),
        Type::Date => json!(of_format("date")),
        Type::DateTime => json!(of_format("date-time")),
        Type::Base64 => json!(of_format("byte")),
        Type::Null | Type::Option(_) => Json::Null,
        Type::Vec(_) => json!([]),
        Type::Map(_) => json!({}),
        Type::Box(ty) => return inner(ty),
        Type::Tuple(items) => items.iter().map(inner).collect::<Option<_>>()?,
        Type::Named(path) => match types.shape(path)? {
            Shape::Alias(ty) | Shape::Newtype(ty) => return inner(ty),
            Shape::Enum(shape) => shape.variants.first()?.value.clone(),
            Shape::Struct(shape) => Json::Object(object(types, shape, depth)?),
            Shape::Union(shape) => {
                let branch = |variant: &UnionVariant| {
                    let mut value = inner(&variant.ty)?;
                    if let Tagging::Property(name) = &shape.tagging {
                        let tag = variant.tags.first()?.clone();
                        value.as_object_mut()?.insert(name.clone(), tag.into());
                    }
                    Some(value)
                };
                return shape.variants.iter().find_map(branch);
            }
        },
    })
}

fn object(types: &Codec<'_>, shape: &Struct, depth: usize) -> Option<Map<String, Json>> {
    let mut members = Map::new();
    for Constant { wire, value, .. } in &shape.constants {
        members.insert(wire.clone(), value.clone());
    }
    for Field {
        name, ty, presence, ..
    } in &shape.fields
    {
        let value = match presence {
            Presence::Required => at_depth(types, ty, depth + 1)?,
            Presence::Nullable => Json::Null,
            Presence::Optional
            | Presence::OptionalNullable
            | Presence::Defaulted
            | Presence::NullableDefaulted
            | Presence::Preset
            | Presence::NullablePreset => continue,
        };
        members.insert(name.wire.clone(), value);
    }
    Some(members)
}
