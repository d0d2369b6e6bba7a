//! A JSON value, checked against its type, becomes a value in Rust: for defaults and examples.

use std::collections::HashMap;

use base64::Engine as _;
use serde_json::Value as Json;

use crate::document::SchemaNode;
use crate::ident::FieldName;
use crate::ir::{
    Additional, DefaultFunction, Enum, Field, Presence, Repr, Shape, Struct, Tagging, Type,
    TypeDef, TypePath, Union, Value,
};
use crate::pointer::Pointer;

use super::object::function_name;
use super::{Lowering, integer};

/// A property's default, until every type is known.
#[derive(Clone, Debug)]
pub(super) struct Pending<'d> {
    /// The struct.
    pub owner: TypePath,
    /// The property's field.
    pub field: FieldName,
    /// The default.
    pub value: &'d Json,
    /// Where it stands.
    pub at: Pointer,
    /// The schemas of the property.
    pub schemas: Vec<SchemaNode<'d>>,
    /// Whether the body of a PATCH can hold the struct.
    pub patch: bool,
}

impl Lowering<'_, '_> {
    /// Gives every property its default, and every property with one value that value.
    pub(super) fn defaults(&mut self) {
        let index: HashMap<TypePath, usize> = self
            .types
            .iter()
            .map(|def| def.path.clone())
            .zip(0..)
            .collect();
        self.constants(&index);
        // What a default that is an object sets depends on the defaults of the object's own
        // properties: first which there are, then what they are.
        let (given, refused): (Vec<_>, Vec<_>) = std::mem::take(&mut self.pending)
            .into_iter()
            .filter_map(|pending| Some((*index.get(&pending.owner)?, pending)))
            .partition(|(position, pending)| self.default_of(&index, *position, pending).is_some());
        for (_, pending) in &refused {
            self.refused_default(pending);
        }
        let mut given: Vec<_> = given
            .into_iter()
            .filter_map(|(position, pending)| {
                let field = field_of(&mut self.types, position, &pending.field)?;
                let before = field.presence;
                if before == Presence::Constant {
                    return None;
                }
                field.presence = match before {
                    kept if pending.patch => kept,
                    Presence::Required => Presence::Preset,
                    Presence::Optional => Presence::Defaulted,
                    Presence::OptionalNullable => Presence::NullableDefaulted,
                    kept => kept,
                };
                Some((position, pending, before, None))
            })
            .collect();
        for (position, pending, _, value) in &mut given {
            *value = self.default_of(&index, *position, pending);
        }
        for (position, pending, before, value) in given {
            let Some(field) = field_of(&mut self.types, position, &pending.field) else {
                continue;
            };
            let Some(value) = value else {
                field.presence = before;
                continue;
            };
            field.default = Some(DefaultFunction {
                name: function_name(&field.name.rust),
                value: match field.presence {
                    Presence::NullableDefaulted => Value::Some(Box::new(value)),
                    _ => value,
                },
                wire: pending.value.to_string(),
            });
        }
    }

    /// The value of a default, if it is one of the property's type.
    fn default_of(
        &self,
        index: &HashMap<TypePath, usize>,
        position: usize,
        pending: &Pending<'_>,
    ) -> Option<Value> {
        let Shape::Struct(Struct { fields, .. }) = &self.types.get(position)?.shape else {
            return None;
        };
        let mut fields = fields.iter();
        let field = fields.find(|field| field.name.rust == pending.field)?;
        let values = Values {
            types: &self.types,
            index,
            lossless: true,
        };
        values.of(&field.ty, pending.value)
    }

    /// A required property whose type has one value only is never asked for.
    fn constants(&mut self, index: &HashMap<TypePath, usize>) {
        let single = |ty: &Type| -> Option<(Value, String)> {
            let Type::Named(path) = ty else { return None };
            match &self.types.get(*index.get(path)?)?.shape {
                Shape::Enum(Enum {
                    variants,
                    open: None,
                    ..
                }) => match variants.as_slice() {
                    [only] => Some((
                        Value::Variant(path.clone(), only.name.clone()),
                        only.value.to_string(),
                    )),
                    _ => None,
                },
                _ => None,
            }
        };
        let mut found = Vec::new();
        for (position, def) in self.types.iter().enumerate() {
            let Shape::Struct(Struct { fields, .. }) = &def.shape else {
                continue;
            };
            for field in fields
                .iter()
                .filter(|field| field.presence == Presence::Required)
            {
                if let Some(value) = single(&field.ty) {
                    found.push((position, field.name.rust.clone(), value));
                }
            }
        }
        for (position, name, (value, wire)) in found {
            if let Some(field) = field_of(&mut self.types, position, &name) {
                field.presence = Presence::Constant;
                field.default = Some(DefaultFunction {
                    name: function_name(&name),
                    value,
                    wire,
                });
            }
        }
    }
}

fn field_of<'t>(
    types: &'t mut [TypeDef],
    position: usize,
    name: &FieldName,
) -> Option<&'t mut Field> {
    match &mut types.get_mut(position)?.shape {
        Shape::Struct(Struct { fields, .. }) => {
            fields.iter_mut().find(|field| field.name.rust == *name)
        }
        _ => None,
    }
}

/// Reads JSON as values of the declared types.
pub(super) struct Values<'t> {
    pub types: &'t [TypeDef],
    pub index: &'t HashMap<TypePath, usize>,
    /// Whether a property that the type has no field for, or a value that an enum does not name,
    /// is a reason to refuse.
    pub lossless: bool,
}

impl Values<'_> {
    /// The value, or `None` where it is not one of the type.
    pub fn of(&self, ty: &Type, json: &Json) -> Option<Value> {
        Some(match ty {
            Type::Bool => Value::Bool(json.as_bool()?),
            Type::Integer(width) => {
                let number = integer(json)?;
                if !integer::range(*width).contains(&number) {
                    return None;
                }
                Value::Integer(number)
            }
            Type::Float32 | Type::Float64 => Value::Float(json.as_f64()?),
            Type::String => Value::String(json.as_str()?.to_owned()),
            Type::Secret => Value::Secret(json.as_str()?.to_owned()),
            Type::Uri => Value::Uri(json.as_str()?.to_owned()),
            Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => {
                formatted(ty, json.as_str()?)?
            }
            Type::Bytes => Value::File(json.as_str()?.to_owned()),
            Type::Json => Value::Json(json.clone()),
            Type::Null => json.is_null().then_some(Value::Null)?,
            Type::Named(path) => self.named(path, json)?,
            Type::Vec(item) => Value::Vec(
                json.as_array()?
                    .iter()
                    .map(|json| self.of(item, json))
                    .collect::<Option<_>>()?,
            ),
            Type::Map(item) => {
                let pairs = json.as_object()?.iter();
                Value::Map(
                    pairs
                        .map(|(key, json)| Some((key.clone(), self.of(item, json)?)))
                        .collect::<Option<_>>()?,
                )
            }
            Type::Option(_) if json.is_null() => Value::None,
            Type::Option(inner) => Value::Some(Box::new(self.of(inner, json)?)),
            Type::Box(inner) => Value::Box(Box::new(self.of(inner, json)?)),
            Type::Tuple(types) => {
                let items = json.as_array().filter(|items| items.len() == types.len())?;
                Value::Tuple(
                    types
                        .iter()
                        .zip(items)
                        .map(|(ty, json)| self.of(ty, json))
                        .collect::<Option<_>>()?,
                )
            }
        })
    }

    fn named(&self, path: &TypePath, json: &Json) -> Option<Value> {
        match &self.types.get(*self.index.get(path)?)?.shape {
            Shape::Alias(ty) => self.of(ty, json),
            Shape::Newtype(ty) => Some(Value::Newtype(path.clone(), Box::new(self.of(ty, json)?))),
            Shape::Enum(shape) => variant(path, shape, json)
                .filter(|value| !self.lossless || !matches!(value, Value::Unknown(..))),
            Shape::Union(shape) => self.union(path, shape, json),
            Shape::Struct(shape) => self.object(path, shape, json),
        }
    }

    fn union(&self, path: &TypePath, shape: &Union, json: &Json) -> Option<Value> {
        let tag = match &shape.tagging {
            Tagging::Property(property) => Some(json.get(property)?.as_str()?),
            Tagging::Untagged => None,
        };
        shape
            .variants
            .iter()
            .filter(|variant| tag.is_none_or(|tag| variant.tags.iter().any(|known| known == tag)))
            .find_map(|variant| {
                let value = self.of(&variant.ty, json)?;
                Some(Value::UnionVariant(
                    path.clone(),
                    variant.name.clone(),
                    Box::new(value),
                ))
            })
    }

    fn object(&self, path: &TypePath, shape: &Struct, json: &Json) -> Option<Value> {
        let object = json.as_object()?;
        let mut required = Vec::new();
        let mut fields = Vec::new();
        for Field {
            name,
            ty,
            presence,
            default,
            ..
        } in &shape.fields
        {
            let given = object.get(&name.wire);
            let some = |json: &Json| Some(Value::Some(Box::new(self.of(ty, json)?)));
            let value = match (presence, given) {
                (Presence::Required, given) => {
                    required.push(self.of(ty, given?)?);
                    continue;
                }
                (Presence::Constant, given) => {
                    if serde_json::from_str::<Json>(&default.as_ref()?.wire)
                        .ok()
                        .as_ref()
                        != given
                    {
                        return None;
                    }
                    continue;
                }
                (Presence::Nullable, None) => return None,
                (_, None)
                | (Presence::Optional | Presence::Defaulted | Presence::Preset, Some(Json::Null)) =>
                {
                    continue;
                }
                (Presence::Nullable | Presence::NullableDefaulted, Some(Json::Null)) => Value::None,
                (Presence::OptionalNullable, Some(Json::Null)) => {
                    Value::Some(Box::new(Value::None))
                }
                (Presence::OptionalNullable, Some(json)) => Value::Some(Box::new(some(json)?)),
                (
                    Presence::Nullable | Presence::Optional | Presence::NullableDefaulted,
                    Some(json),
                ) => some(json)?,
                (Presence::Defaulted | Presence::Preset, Some(json)) => self.of(ty, json)?,
            };
            fields.push((name.rust.clone(), value));
        }
        let mut unnamed = object
            .iter()
            .filter(|(key, _)| !shape.fields.iter().any(|field| field.name.wire == **key))
            .peekable();
        if unnamed.peek().is_some() {
            match &shape.additional {
                Additional::Kept { field, value, .. } => {
                    let pairs: Option<Vec<_>> = unnamed
                        .map(|(key, json)| Some((key.clone(), self.of(value, json)?)))
                        .collect();
                    fields.push((field.clone(), Value::Map(pairs?)));
                }
                Additional::Ignored if !self.lossless => {}
                Additional::Ignored | Additional::Refused => return None,
            }
        }
        Some(Value::Struct {
            path: path.clone(),
            required,
            fields,
        })
    }
}

fn variant(path: &TypePath, shape: &Enum, json: &Json) -> Option<Value> {
    if let Some(variant) = shape.variants.iter().find(|variant| variant.value == *json) {
        return Some(Value::Variant(path.clone(), variant.name.clone()));
    }
    match (&shape.open, shape.repr, json) {
        (Some(_), Repr::Text, Json::String(text)) => {
            Some(Value::Unknown(path.clone(), text.clone()))
        }
        _ => None,
    }
}

/// An integer, however it is written.
pub(super) fn integer(json: &Json) -> Option<i128> {
    let whole = || {
        let number = json.as_f64()?;
        // Beyond 2^53 a float no longer says which integer was meant.
        (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0)
            .then(|| format!("{number:.0}").parse().ok())?
    };
    json.as_i64()
        .map(i128::from)
        .or_else(|| json.as_u64().map(i128::from))
        .or_else(whole)
}

/// Whether a text is of a type's format.
pub(super) fn fits(ty: &Type, text: &str) -> bool {
    match ty {
        Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => formatted(ty, text).is_some(),
        _ => true,
    }
}

fn formatted(ty: &Type, text: &str) -> Option<Value> {
    match ty {
        // The forms without hyphens, in braces or as a URN would not be written back as they came.
        Type::Uuid => (text.len() == 36 && uuid::Uuid::parse_str(text).is_ok())
            .then(|| Value::Uuid(text.to_owned())),
        Type::Date => {
            use chrono::Datelike as _;
            let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            (date.to_string() == text).then(|| Value::Date(date.year(), date.month(), date.day()))
        }
        Type::DateTime => chrono::DateTime::parse_from_rfc3339(text)
            .is_ok()
            .then(|| Value::DateTime(text.to_owned())),
        Type::Base64 => base64::engine::general_purpose::STANDARD
            .decode(text)
            .ok()
            .map(Value::Base64),
        _ => None,
    }
}
