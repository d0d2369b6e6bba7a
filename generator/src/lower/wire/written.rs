//! What a type writes when it has read a JSON value: the expectation of the generated tests.
//!
//! It follows the wire rules and not the generated code: what both agree on is proven.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::SecondsFormat;
use serde_json::{Map, Number, Value as Json};

use crate::ir::{
    Additional, Enum, Field, Presence, Repr, Shape, Struct, Tagging, Type, TypeDef, TypePath,
    Union, UnionVariant,
};

use super::super::default_value;
use super::super::schema;

/// The integers below are exact in an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Values deeper than this are not compared.
const DEEPEST: usize = 128;

/// The declared types, by their paths.
#[derive(Clone, Copy)]
pub(super) struct Types<'t> {
    pub all: &'t [TypeDef],
    pub index: &'t HashMap<TypePath, usize>,
    /// Whether what a writer may leave out stays: to find the branch that carries a value whole.
    pub whole: bool,
}

impl<'t> Types<'t> {
    /// What a declared type is.
    pub fn shape(self, path: &TypePath) -> Option<&'t Shape> {
        Some(&self.all.get(*self.index.get(path)?)?.shape)
    }

    /// What the type writes; `None` where the value is not one of the type.
    pub fn written(self, ty: &Type, json: &Json) -> Option<Json> {
        self.at_depth(ty, json, 0)
    }

    fn at_depth(self, ty: &Type, json: &Json, depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        let inner = |ty: &Type, json: &Json| self.at_depth(ty, json, depth + 1);
        Some(match ty {
            Type::Bool => Json::Bool(json.as_bool()?),
            Type::Integer(width) => {
                let number = default_value::integer(json)?;
                if !schema::range(*width).contains(&number) {
                    return None;
                }
                integer(number)?
            }
            Type::Float32 => {
                #[expect(clippy::cast_possible_truncation, reason = "what the type holds")]
                let number = json.as_f64()? as f32;
                // By its own shortest text: 0.1 and not 0.10000000149.
                float(number.to_string().parse().ok()?)?
            }
            Type::Float64 => float(json.as_f64()?)?,
            Type::String | Type::Secret | Type::Uri | Type::Bytes => {
                Json::String(json.as_str()?.to_owned())
            }
            Type::Uuid => {
                let uuid = uuid::Uuid::parse_str(json.as_str()?).ok()?;
                Json::String(uuid.hyphenated().to_string())
            }
            Type::Date => {
                let date = json.as_str()?.parse::<chrono::NaiveDate>().ok()?;
                Json::String(date.to_string())
            }
            Type::DateTime => {
                let time = chrono::DateTime::parse_from_rfc3339(json.as_str()?).ok()?;
                Json::String(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            }
            Type::Base64 => Json::String(base64(json.as_str()?)?),
            Type::Json => json.clone(),
            Type::Null => json.is_null().then_some(Json::Null)?,
            Type::Named(path) => return self.named(path, json, depth),
            Type::Vec(item) => {
                let items = json.as_array()?.iter().map(|json| inner(item, json));
                Json::Array(items.collect::<Option<_>>()?)
            }
            Type::Map(value) => Json::Object(self.map(value, json.as_object()?.iter(), depth)?),
            Type::Option(_) if json.is_null() => Json::Null,
            Type::Option(ty) | Type::Box(ty) => return inner(ty, json),
            Type::Tuple(types) => {
                let items = json.as_array().filter(|items| items.len() == types.len())?;
                let items = types.iter().zip(items).map(|(ty, json)| inner(ty, json));
                Json::Array(items.collect::<Option<_>>()?)
            }
        })
    }

    fn named(self, path: &TypePath, json: &Json, depth: usize) -> Option<Json> {
        match self.shape(path)? {
            Shape::Alias(ty) | Shape::Newtype(ty) => self.at_depth(ty, json, depth + 1),
            Shape::Enum(shape) => enumerated(shape, json),
            Shape::Union(shape) => self.union(shape, json, depth),
            Shape::Struct(shape) => self.object(shape, json.as_object()?, depth),
        }
    }

    fn union(self, shape: &Union, json: &Json, depth: usize) -> Option<Json> {
        let branch = |variant: &UnionVariant| self.at_depth(&variant.ty, json, depth + 1);
        let other = || shape.other.as_ref().map(|_| json.clone());
        let Tagging::Property(property) = &shape.tagging else {
            let all = Self {
                whole: true,
                ..self
            };
            let carries = |variant: &&UnionVariant| {
                let written = all.at_depth(&variant.ty, json, depth + 1);
                written.is_some_and(|written| is_same(&written, json))
            };
            let best = shape.variants.iter().find(carries);
            return match best {
                Some(variant) => branch(variant),
                None => other().or_else(|| shape.variants.iter().find_map(branch)),
            };
        };
        let tag = match json.get(property) {
            Some(Json::String(tag)) => Some(tag.clone()),
            Some(tag @ (Json::Bool(_) | Json::Number(_))) => Some(tag.to_string()),
            _ => None,
        };
        let mut variants = shape.variants.iter();
        let known =
            variants.find(|variant| tag.as_ref().is_some_and(|tag| variant.tags.contains(tag)));
        let Some(variant) = known else {
            return other();
        };
        let written = branch(variant)?;
        if variant.writes_tag {
            return Some(written);
        }
        let Json::Object(written) = written else {
            return None;
        };
        let tag = Json::String(variant.tags.first()?.clone());
        let mut tagged = Map::from_iter([(property.clone(), tag)]);
        tagged.extend(written.into_iter().filter(|(name, _)| name != property));
        Some(Json::Object(tagged))
    }

    fn object(self, shape: &Struct, json: &Map<String, Json>, depth: usize) -> Option<Json> {
        let mut members = Map::new();
        for field in &shape.fields {
            if let Some(value) = self.field(field, json.get(&field.name.wire), depth)? {
                members.insert(field.name.wire.clone(), value);
            }
        }
        let is_known = |name: &String| shape.fields.iter().any(|field| field.name.wire == *name);
        let mut unknown = json.iter().filter(|(name, _)| !is_known(name));
        match &shape.additional {
            Additional::Refused if unknown.next().is_some() => return None,
            Additional::Ignored | Additional::Refused => {}
            Additional::Kept { value, .. } => members.extend(self.map(value, unknown, depth)?),
        }
        Some(Json::Object(members))
    }

    /// What a property writes, if anything.
    #[expect(clippy::option_option, reason = "refused, left out, and a value")]
    fn field(self, field: &Field, given: Option<&Json>, depth: usize) -> Option<Option<Json>> {
        let Field {
            ty,
            presence,
            default,
            ..
        } = field;
        let value = |json: &Json| self.at_depth(ty, json, depth + 1);
        let default = || {
            let wire = serde_json::from_str(&default.as_ref()?.wire).ok()?;
            self.at_depth(ty, &wire, depth + 1)
        };
        let is_null = given.is_some_and(Json::is_null);
        let given = given.filter(|_| !is_null || *ty == Type::Json);
        Some(match (presence, given) {
            // Null is a value of some types, such as `()`.
            (Presence::Required | Presence::Constant, None) if is_null => Some(value(&Json::Null)?),
            (Presence::Required | Presence::Constant, given) => Some(value(given?)?),
            (Presence::Nullable, None) => is_null.then_some(Some(Json::Null))?,
            (Presence::Optional | Presence::Defaulted, None) if is_null && self.whole => {
                Some(Json::Null)
            }
            (Presence::Optional | Presence::Defaulted, None) => None,
            (Presence::NullableDefaulted, None) if field.default.is_none() => None,
            (Presence::OptionalNullable | Presence::NullableDefaulted, None) => {
                is_null.then_some(Json::Null)
            }
            (Presence::Nullable | Presence::Optional | Presence::OptionalNullable, Some(json)) => {
                Some(value(json)?)
            }
            (Presence::Defaulted | Presence::NullableDefaulted, Some(json)) => {
                let value = value(json)?;
                // The server applies the very same (wire rule 2).
                let is_default = default().is_some_and(|default| is_same(&default, &value));
                (!is_default || self.whole).then_some(value)
            }
            (Presence::Preset, None) => Some(default()?),
            (Presence::Preset, Some(json)) => Some(value(json)?),
        })
    }

    /// A map's entries by their names, as a `BTreeMap` has them.
    fn map<'j>(
        self,
        ty: &Type,
        entries: impl Iterator<Item = (&'j String, &'j Json)>,
        depth: usize,
    ) -> Option<Map<String, Json>> {
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|(name, _)| *name);
        let entries = entries.into_iter();
        entries
            .map(|(name, json)| Some((name.clone(), self.at_depth(ty, json, depth + 1)?)))
            .collect()
    }
}

fn enumerated(shape: &Enum, json: &Json) -> Option<Json> {
    let known = shape
        .variants
        .iter()
        .find(|known| is_same(&known.value, json));
    if let Some(known) = known {
        return Some(known.value.clone());
    }
    shape.open.as_ref()?;
    match shape.repr {
        Repr::Text => json.is_string().then(|| json.clone()),
        Repr::Integer => integer(default_value::integer(json)?).filter(Json::is_i64),
        Repr::Json => Some(json.clone()),
    }
}

fn integer(number: i128) -> Option<Json> {
    let signed = i64::try_from(number).map(Number::from);
    let number = signed.or_else(|_| u64::try_from(number).map(Number::from));
    number.ok().map(Json::Number)
}

/// A number without a fraction is written as an integer.
fn float(number: f64) -> Option<Json> {
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
    if number.fract() == 0.0 && number.abs() < EXACT {
        return Some(Json::from(number as i64));
    }
    Number::from_f64(number).map(Json::Number)
}

fn base64(text: &str) -> Option<String> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    Some(engine.encode(engine.decode(text).ok()?))
}

/// Whether two values are the same; numbers by their value.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            one == other || (one.as_f64() == other.as_f64() && (one.is_f64() || other.is_f64()))
        }
        (Json::Array(one), Json::Array(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.all(|(one, other)| is_same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            let mut pairs = one.iter();
            one.len() == other.len()
                && pairs.all(|(name, one)| other.get(name).is_some_and(|other| is_same(one, other)))
        }
        (one, other) => one == other,
    }
}
