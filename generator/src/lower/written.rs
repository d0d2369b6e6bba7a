//! What a declared type writes when it has read a value: the same, but for what the type leaves out.

use std::cell::Cell;
use std::collections::HashMap;

use chrono::SecondsFormat;
use serde_json::{Map, Value as Json};

use crate::document::is_same;
use crate::ir::{
    Additional, Enum, Field, Presence, Repr, Shape, Struct, Tagging, Type, TypeDef, TypePath,
    Union, UnionVariant,
};

use super::default_value::fits;
use super::integer::range;

/// A value that was read and written again.
#[derive(Debug)]
pub(super) struct Written {
    pub json: Json,
    /// How many properties and values it has lost or changed; what stands for a default or an
    /// absent value is not lost.
    loss: usize,
}

impl Written {
    fn whole(json: &Json) -> Self {
        Self {
            json: json.clone(),
            loss: 0,
        }
    }

    /// Another form of the value that was read.
    fn changed(json: Json, before: &Json) -> Self {
        let loss = usize::from(!is_same(&json, before));
        Self { json, loss }
    }
}

/// One value may be compared with as many types: unions in unions can double with each level.
const MOST_STEPS: usize = 100_000;

/// Reads and writes JSON as the generated types do.
pub(super) struct Codec<'t> {
    types: HashMap<&'t TypePath, &'t Shape>,
    steps: Cell<usize>,
}

impl<'t> Codec<'t> {
    pub fn new(types: &'t [TypeDef]) -> Self {
        let types = types.iter().map(|def| (&def.path, &def.shape));
        Self {
            types: types.collect(),
            steps: Cell::new(0),
        }
    }

    /// What a declared type is.
    pub fn shape(&self, path: &TypePath) -> Option<&'t Shape> {
        self.types.get(path).copied()
    }

    /// What comes back of a value; `None` where the type does not read it.
    pub fn written(&self, ty: &Type, json: &Json) -> Option<Json> {
        self.steps.set(0);
        self.of(ty, json).map(|written| written.json)
    }

    fn of(&self, ty: &Type, json: &Json) -> Option<Written> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > MOST_STEPS {
            return None;
        }
        Some(match ty {
            Type::Bool => json.is_boolean().then(|| Written::whole(json))?,
            Type::Integer(width) => {
                let number = json.as_number()?.as_i128()?;
                range(*width)
                    .contains(&number)
                    .then(|| Written::whole(json))?
            }
            Type::Float64 => json.is_number().then(|| Written::whole(json))?,
            Type::Float32 => Written::changed(single(json)?, json),
            Type::String | Type::Secret | Type::Uri | Type::Bytes => {
                json.is_string().then(|| Written::whole(json))?
            }
            Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => {
                let text = json.as_str().filter(|text| fits(ty, text))?;
                Written::changed(Json::String(normal(ty, text)), json)
            }
            Type::Json => Written::whole(json),
            Type::Null => json.is_null().then(|| Written::whole(json))?,
            Type::Option(_) if json.is_null() => Written::whole(json),
            Type::Option(inner) | Type::Box(inner) => self.of(inner, json)?,
            Type::Vec(item) => self.list(json.as_array()?.iter().map(|json| (&**item, json)))?,
            Type::Tuple(types) => {
                let items = json.as_array().filter(|items| items.len() == types.len())?;
                self.list(types.iter().zip(items))?
            }
            Type::Map(value) => {
                let mut written = Members::default();
                for (name, json) in sorted(json.as_object()?.iter()) {
                    written.add(name, self.of(value, json)?);
                }
                written.done()
            }
            Type::Named(path) => match self.types.get(path)? {
                Shape::Alias(ty) | Shape::Newtype(ty) => self.of(ty, json)?,
                Shape::Enum(shape) => has_value(shape, json).then(|| Written::whole(json))?,
                Shape::Union(shape) => self.union(shape, json)?,
                Shape::Struct(shape) => self.object(shape, json)?,
            },
        })
    }

    fn list<'v>(&self, items: impl Iterator<Item = (&'v Type, &'v Json)>) -> Option<Written> {
        let mut loss = 0;
        let items = items.map(|(ty, json)| {
            let item = self.of(ty, json)?;
            loss += item.loss;
            Some(item.json)
        });
        let json = Json::Array(items.collect::<Option<_>>()?);
        Some(Written { json, loss })
    }

    fn object(&self, shape: &Struct, json: &Json) -> Option<Written> {
        let object = json.as_object()?;
        let mut written = Members::default();
        for field in &shape.fields {
            self.field(field, object.get(&field.name.wire), &mut written)?;
        }
        let is_named = |name: &String| shape.fields.iter().any(|field| field.name.wire == *name);
        let others = object.iter().filter(|(name, _)| !is_named(name));
        for (name, json) in sorted(others) {
            match &shape.additional {
                Additional::Ignored => written.loss += 1,
                Additional::Refused => return None,
                Additional::Kept { value, .. } => written.add(name, self.of(value, json)?),
            }
        }
        Some(written.done())
    }

    /// Adds what a field writes, if anything; `None` where it cannot be read.
    fn field(&self, field: &Field, given: Option<&Json>, members: &mut Members) -> Option<()> {
        let Field {
            name,
            ty,
            presence,
            default,
            ..
        } = field;
        let default = || {
            let json: Json = serde_json::from_str(&default.as_ref()?.wire).ok()?;
            self.of(ty, &json)
        };
        let written = match (presence, given) {
            (Presence::Required | Presence::Constant, given) => self.of(ty, given?)?,
            (Presence::Nullable, None) => return None,
            (Presence::Preset, None | Some(Json::Null)) => {
                members.loss += 1;
                default()?
            }
            (Presence::Nullable | Presence::OptionalNullable, Some(Json::Null)) => {
                Written::whole(&Json::Null)
            }
            (Presence::NullableDefaulted, Some(Json::Null)) if field.default.is_some() => {
                Written::whole(&Json::Null)
            }
            (Presence::Optional, Some(json)) if *ty == Type::Json => Written::whole(json),
            (_, None | Some(Json::Null)) => return Some(()),
            (Presence::Defaulted | Presence::NullableDefaulted, Some(json)) => {
                let written = self.of(ty, json)?;
                if default().is_some_and(|default| is_same(&default.json, &written.json)) {
                    return Some(());
                }
                written
            }
            (_, Some(json)) => self.of(ty, json)?,
        };
        members.add(&name.wire, written);
        Some(())
    }

    fn union(&self, shape: &Union, json: &Json) -> Option<Written> {
        let Union {
            variants,
            tagging,
            other,
        } = shape;
        let kept = || other.as_ref().map(|_| Written::whole(json));
        let Tagging::Property(property) = tagging else {
            let mut best: Option<Written> = None;
            for variant in variants {
                if let Some(next) = self.of(&variant.ty, json)
                    && best.as_ref().is_none_or(|best| next.loss < best.loss)
                {
                    best = Some(next);
                }
            }
            return match best {
                Some(best) if best.loss == 0 || other.is_none() => Some(best),
                _ => kept(),
            };
        };
        let tag = match json.get(property) {
            Some(Json::String(tag)) => Some(tag.clone()),
            Some(tag @ (Json::Bool(_) | Json::Number(_))) => Some(tag.to_string()),
            _ => None,
        };
        let meant =
            |variant: &&UnionVariant| tag.as_ref().is_some_and(|tag| variant.tags.contains(tag));
        let Some(variant) = variants.iter().find(meant) else {
            return kept();
        };
        let mut written = self.of(&variant.ty, json)?;
        if !variant.writes_tag {
            let members = written.json.as_object_mut()?;
            let tag = variant.tags.first()?.clone().into();
            members.shift_insert(0, property.clone(), tag);
        }
        Some(written)
    }
}

/// The members that a map keeps, in the order in which it has them.
fn sorted<'j>(
    members: impl Iterator<Item = (&'j String, &'j Json)>,
) -> impl Iterator<Item = (&'j String, &'j Json)> {
    let mut members: Vec<_> = members.collect();
    members.sort_by_key(|(name, _)| *name);
    members.into_iter()
}

/// The members of an object that is written.
#[derive(Default)]
struct Members {
    members: Map<String, Json>,
    loss: usize,
}

impl Members {
    fn add(&mut self, name: &str, value: Written) {
        self.loss += value.loss;
        self.members.insert(name.to_owned(), value.json);
    }

    fn done(self) -> Written {
        let Self { members, loss } = self;
        let json = Json::Object(members);
        Written { json, loss }
    }
}

/// Whether an enum reads a value.
fn has_value(shape: &Enum, json: &Json) -> bool {
    let Enum {
        repr,
        variants,
        open,
    } = shape;
    let is_kept = match repr {
        Repr::Text => json.is_string(),
        Repr::Integer => json.is_i64(),
        Repr::Json => true,
    };
    let is_listed = || variants.iter().any(|variant| is_same(&variant.value, json));
    open.is_some() && is_kept || is_listed()
}

/// A number as an `f32` writes it.
fn single(json: &Json) -> Option<Json> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "this is what an `f32` reads"
    )]
    let number = json.as_f64()? as f32;
    serde_json::from_str(&serde_json::to_string(&number).ok()?).ok()
}

/// How a type writes a text of its format.
fn normal(ty: &Type, text: &str) -> String {
    match ty {
        Type::Uuid => text.to_ascii_lowercase(),
        Type::DateTime => chrono::DateTime::parse_from_rfc3339(text).map_or_else(
            |_| text.to_owned(),
            |time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        ),
        _ => text.to_owned(),
    }
}
