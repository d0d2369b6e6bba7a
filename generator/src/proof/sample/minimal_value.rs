//! Creates values for types if neither the document nor its schema has one that the type accepts.

use serde_json::{Map, Value as Json, json};

use crate::ir::{Constant, Field, Presence, Shape, Struct, TagSource, Tagging, Type, UnionVariant};
use crate::output_limits::Room;
use crate::values::RoundTrip;

use super::format::text_in_format;

/// Maximum depth of a value, for recursive types.
const DEEPEST: usize = 24;

/// Limits on the values tried for one value, and on the bytes of text: nested unions can double
/// them at each level.
const MOST_VALUES: usize = 1_000;
const MOST_BYTES: usize = 100_000;

/// Returns the smallest value of a type.
pub(in crate::proof) fn minimal_value(types: &RoundTrip<'_>, ty: &Type) -> Option<Json> {
    at_depth(types, ty, 0, &Room::new(MOST_VALUES, MOST_BYTES))
}

fn at_depth(types: &RoundTrip<'_>, ty: &Type, depth: usize, room: &Room) -> Option<Json> {
    if depth > DEEPEST {
        return None;
    }
    room.take(1, 0)?;
    let inner = |ty: &Type| at_depth(types, ty, depth + 1, room);
    Some(match ty {
        Type::Bool => json!(true),
        Type::Integer(_) | Type::Float64 | Type::Number => json!(1),
        Type::String | Type::Secret | Type::Bytes | Type::Json => json!("text"),
        Type::Uri => json!(text_in_format("uri")),
        Type::Uuid => json!(text_in_format("uuid")),
        Type::Date => json!(text_in_format("date")),
        Type::DateTime => json!(text_in_format("date-time")),
        Type::Base64 => json!(text_in_format("byte")),
        Type::Null | Type::Option(_) => Json::Null,
        Type::Vec(_) => json!([]),
        Type::Map(_) => json!({}),
        Type::Box(ty) => return inner(ty),
        Type::Tuple(items) => items.iter().map(inner).collect::<Option<_>>()?,
        Type::Named(path) => match types.shape(path)? {
            Shape::Alias(ty) | Shape::Newtype(ty) => return inner(ty),
            Shape::Enum(shape) => {
                let value = &shape.variants.first()?.value;
                room.take_copies(value, 1)?;
                value.clone()
            }
            Shape::Struct(shape) => Json::Object(object(types, shape, depth, room)?),
            Shape::Union(shape) => {
                let branch = |variant: &UnionVariant| {
                    let mut value = inner(&variant.ty)?;
                    if let Tagging::Property(name) = &shape.tagging {
                        let tag = match &variant.tag_source {
                            TagSource::Branch => return Some(value),
                            TagSource::Either(Some(tag)) => tag.clone(),
                            TagSource::Union | TagSource::Either(None) => {
                                variant.tags.first()?.clone().into()
                            }
                        };
                        value.as_object_mut()?.insert(name.clone(), tag);
                    }
                    Some(value)
                };
                return shape.variants.iter().find_map(branch);
            }
        },
    })
}

fn object(
    types: &RoundTrip<'_>,
    shape: &Struct,
    depth: usize,
    room: &Room,
) -> Option<Map<String, Json>> {
    let mut members = Map::new();
    for Constant { wire, value, .. } in &shape.constants {
        room.take_copies(value, 1)?;
        members.insert(wire.clone(), value.clone());
    }
    for Field {
        name, ty, presence, ..
    } in &shape.fields
    {
        let value = match presence {
            // The schema requires a preset property as well.
            Presence::Required | Presence::Preset => at_depth(types, ty, depth + 1, room)?,
            Presence::Nullable => Json::Null,
            Presence::Optional
            | Presence::OptionalNullable
            | Presence::Defaulted
            | Presence::NullableDefaulted
            | Presence::NullablePreset => continue,
        };
        room.take(0, name.wire.len())?;
        members.insert(name.wire.clone(), value);
    }
    Some(members)
}
