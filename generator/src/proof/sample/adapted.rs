//! Adapts a sample to its type: adds constants, and removes members that the type rejects. For
//! example, a schema may not restrict the tag of a branch, but the type only accepts the value in
//! the mapping.

use serde_json::{Map, Value as Json};

use crate::ir::{Presence, Shape, Struct, Tagging, Type};
use crate::values::RoundTrip;

/// Maximum depth; deeper values stay unchanged.
const DEEPEST: usize = 24;

/// Returns a value with the constants of a type, with the first value of closed enums that do not
/// list the given one, with text for bytes that the schema does not restrict, and without optional
/// properties that the type still rejects.
pub(in crate::proof) fn adapted(types: &RoundTrip<'_>, ty: &Type, mut json: Json) -> Json {
    adapt(types, ty, &mut json, 0);
    json
}

fn adapt(types: &RoundTrip<'_>, ty: &Type, json: &mut Json, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let inner = |ty: &Type, json: &mut Json| adapt(types, ty, json, depth + 1);
    match (ty, json) {
        (Type::Option(_), Json::Null) => {}
        (Type::Bytes, json) if !json.is_string() => *json = Json::from("content"),
        (Type::Option(ty) | Type::Box(ty), json) => inner(ty, json),
        (Type::Vec(ty), Json::Array(items)) => items.iter_mut().for_each(|item| inner(ty, item)),
        (Type::Map(ty), Json::Object(members)) => {
            members.values_mut().for_each(|value| inner(ty, value));
        }
        (Type::Tuple(types), Json::Array(items)) => {
            let pairs = types.iter().zip(items);
            pairs.for_each(|(ty, item)| inner(ty, item));
        }
        (Type::Named(path), json) => match (types.shape(path), json) {
            (Some(Shape::Alias(ty) | Shape::Newtype(ty)), json) => inner(ty, json),
            (Some(Shape::Enum(shape)), json) => {
                if types.written(ty, json).is_none()
                    && let Some(first) = shape.variants.first()
                {
                    *json = first.value.clone();
                }
            }
            (Some(Shape::Struct(shape)), Json::Object(members)) => {
                adapt_members(types, shape, members, depth);
            }
            (Some(Shape::Union(shape)), json) => {
                let Tagging::Property(property) = &shape.tagging else {
                    return;
                };
                let tag = json.get(property).and_then(Json::as_str).map(str::to_owned);
                let mut variants = shape.variants.iter();
                let variant =
                    variants.find(|it| tag.as_ref().is_some_and(|tag| it.tags.contains(tag)));
                if let Some(variant) = variant {
                    inner(&variant.ty, json);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

fn adapt_members(
    types: &RoundTrip<'_>,
    shape: &Struct,
    members: &mut Map<String, Json>,
    depth: usize,
) {
    for constant in &shape.constants {
        members.insert(constant.wire.clone(), constant.value.clone());
    }
    for field in &shape.fields {
        let Some(value) = members.get_mut(&field.name.wire) else {
            continue;
        };
        adapt(types, &field.ty, value, depth + 1);
        let may_be_absent = matches!(
            field.presence,
            Presence::Optional
                | Presence::OptionalNullable
                | Presence::Defaulted
                | Presence::NullableDefaulted
        );
        if may_be_absent && !value.is_null() && types.written(&field.ty, value).is_none() {
            members.shift_remove(&field.name.wire);
        }
    }
}
