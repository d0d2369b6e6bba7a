//! What a declared type writes when it has read a value: the same, but for what the type leaves out.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use chrono::SecondsFormat;
use serde_json::{Map, Value as Json};

use crate::document::is_same;
use crate::ir::{
    Additional, Constant, Enum, Field, Presence, Repr, Shape, Struct, Tagging, Type, TypeDef,
    TypePath, Union, UnionVariant,
};
use crate::limits;

use super::default_value::{DEEPEST, Variants, fits, integer};
use super::integer::range;

/// A value that was read and written again.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub json: Json,
    /// The number of values in it.
    size: usize,
    /// How many properties and values it has lost or changed; what stands for a default or an
    /// absent value is not lost.
    loss: usize,
}

impl Written {
    fn whole(json: &Json) -> Self {
        Self {
            json: json.clone(),
            size: limits::count(json),
            loss: 0,
        }
    }

    /// Another form of the value that was read.
    fn changed(json: Json, before: &Json) -> Self {
        let loss = usize::from(!is_same(&json, before));
        Self {
            json,
            size: 1,
            loss,
        }
    }
}

/// The steps that writing one value may take, and those for each value in it: unions in unions can
/// multiply, and so can defaults in defaults.
const MOST_STEPS: usize = 100_000;
const MOST_STEPS_OF_EACH: usize = 20;

/// A declared type and a part of the value, by their addresses.
type Pair = (usize, usize);

/// Reads and writes JSON as the generated types do.
pub(super) struct Codec<'t> {
    types: HashMap<&'t TypePath, &'t Shape>,
    variants: Variants<'t>,
    /// The steps that are left.
    steps: Cell<Option<usize>>,
    depth: Cell<usize>,
    /// What was written of each pair so far.
    known: RefCell<HashMap<Pair, Option<Written>>>,
    /// What is written of the default of a field, by its address.
    defaults: RefCell<HashMap<usize, Option<Written>>>,
    /// How often a default was met in itself.
    met: Cell<usize>,
    /// The fields whose default is being written: it may hold the field again, with another value.
    open: RefCell<Vec<usize>>,
}

impl<'t> Codec<'t> {
    pub fn new(types: &'t [TypeDef]) -> Self {
        let types = types.iter().map(|def| (&def.path, &def.shape));
        Self {
            types: types.collect(),
            variants: Variants::default(),
            steps: Cell::new(None),
            depth: Cell::new(0),
            known: RefCell::default(),
            defaults: RefCell::default(),
            met: Cell::new(0),
            open: RefCell::default(),
        }
    }

    /// What a declared type is.
    pub fn shape(&self, path: &TypePath) -> Option<&'t Shape> {
        self.types.get(path).copied()
    }

    /// What comes back of a value; `None` where the type does not read it.
    pub fn written(&self, ty: &Type, json: &Json) -> Option<Json> {
        let own = limits::count(json).saturating_mul(MOST_STEPS_OF_EACH);
        self.steps.set(Some(MOST_STEPS.saturating_add(own)));
        // Another value may have the address of one that is gone.
        self.known.borrow_mut().clear();
        self.of(ty, json).map(|written| written.json)
    }

    /// Whether the last value took too many steps.
    pub fn gave_up(&self) -> bool {
        self.steps.get().is_none()
    }

    fn take(&self, steps: usize) -> Option<()> {
        let left = self.steps.get()?.checked_sub(steps);
        self.steps.set(left);
        left.map(|_| ())
    }

    fn of(&self, ty: &Type, json: &Json) -> Option<Written> {
        self.take(1)?;
        let depth = self.depth.get() + 1;
        if depth > DEEPEST {
            self.steps.set(None);
            return None;
        }
        self.depth.set(depth);
        let written = self.inner(ty, json);
        self.depth.set(depth - 1);
        written
    }

    fn inner(&self, ty: &Type, json: &Json) -> Option<Written> {
        Some(match ty {
            Type::Bool => json.is_boolean().then(|| Written::whole(json))?,
            Type::Integer(width) => {
                let number = integer(json)?;
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
            Type::Named(path) => self.named(self.types.get(path)?, json)?,
        })
    }

    fn named(&self, shape: &'t Shape, json: &Json) -> Option<Written> {
        let pair = (
            std::ptr::from_ref(shape).addr(),
            std::ptr::from_ref(json).addr(),
        );
        let known = self.known.borrow().get(&pair).cloned();
        if let Some(known) = known {
            self.take(known.as_ref().map_or(1, |known| known.size))?;
            return known;
        }
        let met = self.met.get();
        let written = match shape {
            Shape::Alias(ty) | Shape::Newtype(ty) => self.of(ty, json),
            Shape::Enum(shape) => self
                .has_value(shape, json)
                .then(|| Written::whole(json)),
            Shape::Union(shape) => self.union(shape, json),
            Shape::Struct(shape) => self.object(shape, json),
        };
        if self.met.get() == met {
            self.known.borrow_mut().insert(pair, written.clone());
        }
        written
    }

    /// Whether an enum reads a value.
    fn has_value(&self, shape: &'t Enum, json: &Json) -> bool {
        let is_kept = match shape.repr {
            Repr::Text => json.is_string(),
            Repr::Integer => json.is_i64(),
            Repr::Json => true,
        };
        shape.open.is_some() && is_kept || self.variants.find(shape, json).is_some()
    }

    fn list<'v>(&self, items: impl Iterator<Item = (&'v Type, &'v Json)>) -> Option<Written> {
        let (mut loss, mut size) = (0, 1_usize);
        let items = items.map(|(ty, json)| {
            let item = self.of(ty, json)?;
            loss += item.loss;
            size = size.saturating_add(item.size);
            Some(item.json)
        });
        let json = Json::Array(items.collect::<Option<_>>()?);
        Some(Written { json, size, loss })
    }

    fn object(&self, shape: &Struct, json: &Json) -> Option<Written> {
        let object = json.as_object()?;
        let mut written = Members::default();
        for Constant { wire, value, .. } in &shape.constants {
            let given = object.get(wire)?;
            is_same(given, value).then(|| written.add(wire, Written::whole(value)))?;
        }
        for field in &shape.fields {
            self.field(field, object.get(&field.name.wire), &mut written)?;
        }
        let others = object.iter().filter(|(name, _)| !shape.has(name));
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
        let default = || self.default(field, ty, &default.as_ref()?.wire);
        let written = match (presence, given) {
            (Presence::Required, given) => self.of(ty, given?)?,
            (Presence::Nullable, None) => return None,
            (Presence::Preset, None) => {
                members.loss += 1;
                default()?
            }
            (Presence::Preset, Some(Json::Null)) if !self.is_any(ty) => {
                members.loss += 1;
                default()?
            }
            (Presence::Nullable | Presence::OptionalNullable, Some(Json::Null)) => {
                Written::whole(&Json::Null)
            }
            (Presence::NullableDefaulted, Some(Json::Null)) if field.default.is_some() => {
                Written::whole(&Json::Null)
            }
            (_, None) => return Some(()),
            (_, Some(Json::Null)) if !self.is_any(ty) => return Some(()),
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

    /// What is written of a field's default.
    fn default(&self, field: &Field, ty: &Type, wire: &str) -> Option<Written> {
        let at = std::ptr::from_ref(field).addr();
        let known = self.defaults.borrow().get(&at).cloned();
        if let Some(known) = known {
            self.take(known.as_ref().map_or(1, |known| known.size))?;
            return known;
        }
        let json: Json = serde_json::from_str(wire).ok()?;
        let size = limits::count(&json);
        self.take(size)?;
        if self.open.borrow().contains(&at) {
            self.met.set(self.met.get() + 1);
            return Some(Written::whole(&json));
        }
        let met = self.met.get();
        self.open.borrow_mut().push(at);
        // What is known of other values does not hold for this one.
        let known = self.known.take();
        let written = self.of(ty, &json);
        self.known.replace(known);
        self.open.borrow_mut().pop();
        if self.met.get() == met && !self.gave_up() {
            self.defaults.borrow_mut().insert(at, written.clone());
        }
        written
    }

    /// Whether null is one of a type's own values, as any other is.
    fn is_any(&self, ty: &Type) -> bool {
        let mut next = ty;
        for _ in 0..DEEPEST {
            match next {
                Type::Json => return true,
                Type::Named(path) => match self.types.get(path) {
                    Some(Shape::Alias(ty)) => next = ty,
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
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
    size: usize,
    loss: usize,
}

impl Members {
    fn add(&mut self, name: &str, value: Written) {
        self.loss += value.loss;
        self.size = self.size.saturating_add(value.size);
        self.members.insert(name.to_owned(), value.json);
    }

    fn done(self) -> Written {
        let Self {
            members,
            size,
            loss,
        } = self;
        let json = Json::Object(members);
        Written {
            json,
            size: size.saturating_add(1),
            loss,
        }
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::ident::{FieldName, MethodName, TypeName};
    use crate::ir::{DefaultFunction, Docs, Integer, Name, UnionVariant, Value};

    use super::*;

    fn field(wire: &str, ty: Type, presence: Presence, default: Option<&str>) -> Field {
        Field {
            name: Name {
                wire: wire.to_owned(),
                rust: FieldName::new(wire),
            },
            ty,
            presence,
            default: default.map(|wire| DefaultFunction {
                name: MethodName::new("default"),
                value: Value::Null,
                wire: wire.to_owned(),
            }),
            docs: Docs::default(),
            deprecated: false,
        }
    }

    fn define(name: &str, shape: Shape) -> TypeDef {
        TypeDef {
            path: path(name),
            docs: Docs::default(),
            deprecated: false,
            shape,
            same_as: None,
        }
    }

    fn path(name: &str) -> TypePath {
        TypePath {
            modules: Vec::new(),
            name: TypeName::new(name),
        }
    }

    fn object(additional: Additional, fields: Vec<Field>) -> Shape {
        Shape::Struct(Struct {
            constants: Vec::new(),
            fields,
            additional,
        })
    }

    fn variant(name: &str, tags: &[&str]) -> UnionVariant {
        UnionVariant {
            name: TypeName::new(name),
            ty: Type::Named(path(name)),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            writes_tag: false,
            docs: Docs::default(),
        }
    }

    #[test]
    fn what_may_be_left_out_is_and_nothing_else() {
        let int = Type::Integer(Integer::I64);
        let fields = vec![
            field("required", int.clone(), Presence::Required, None),
            field("nullable", int.clone(), Presence::Nullable, None),
            field("optional", int.clone(), Presence::Optional, None),
            field("any", Type::Json, Presence::Optional, None),
            field("absent", int.clone(), Presence::OptionalNullable, None),
            field("default", int.clone(), Presence::Defaulted, Some("7")),
            field("null", int.clone(), Presence::NullableDefaulted, Some("7")),
            field("preset", int, Presence::Preset, Some("7")),
        ];
        let types = [define("T", object(Additional::Ignored, fields))];
        let codec = Codec::new(&types);
        for (read, written) in [
            (
                json!({ "required": 1, "nullable": null, "more": 1 }),
                Some(json!({ "required": 1, "nullable": null, "preset": 7 })),
            ),
            (
                json!({ "required": 1, "nullable": 1, "optional": null, "any": null,
                    "absent": null, "default": 7.0, "null": null, "preset": 8 }),
                Some(
                    json!({ "required": 1, "nullable": 1, "any": null, "absent": null,
                    "null": null, "preset": 8 }),
                ),
            ),
            (json!({ "nullable": 1 }), None),
            (json!({ "required": 1 }), None),
            (json!([]), None),
        ] {
            let found = codec.written(&Type::Named(path("T")), &read);
            assert_eq!(found, written, "{read}");
        }
    }

    #[test]
    fn a_union_is_the_branch_that_loses_nothing_or_else_what_it_was() {
        let text = || field("a", Type::String, Presence::Optional, None);
        let more = || field("b", Type::String, Presence::Optional, None);
        let mut union = Union {
            variants: vec![variant("One", &["1"]), variant("Two", &["2"])],
            tagging: Tagging::Untagged,
            other: None,
        };
        let types = |union: &Union| {
            [
                define("One", object(Additional::Ignored, vec![text()])),
                define("Two", object(Additional::Ignored, vec![text(), more()])),
                define("U", Shape::Union(union.clone())),
            ]
        };
        let written =
            |union: &Union, json| Codec::new(&types(union)).written(&Type::Named(path("U")), &json);
        let both = json!({ "a": "", "b": "" });
        assert_eq!(written(&union, both.clone()), Some(both));
        let more = json!({ "a": "", "c": "" });
        assert_eq!(written(&union, more.clone()), Some(json!({ "a": "" })));
        union.other = Some(TypeName::new("Other"));
        assert_eq!(written(&union, more.clone()), Some(more));
        union.tagging = Tagging::Property("kind".to_owned());
        let tagged = json!({ "kind": "1", "b": "" });
        assert_eq!(written(&union, tagged), Some(json!({ "kind": "1" })));
        let unknown = json!({ "kind": "3" });
        assert_eq!(written(&union, unknown.clone()), Some(unknown.clone()));
        union.other = None;
        assert_eq!(written(&union, unknown), None);
    }

    #[test]
    fn text_of_a_format_has_one_form() {
        let codec = Codec::new(&[]);
        for (ty, read, written) in [
            (
                Type::DateTime,
                "2024-01-31T12:00:00+00:00",
                "2024-01-31T12:00:00Z",
            ),
            (
                Type::DateTime,
                "2024-01-31t12:00:00.10z",
                "2024-01-31T12:00:00.100Z",
            ),
            (
                Type::DateTime,
                "2024-01-31T12:00:00-05:00",
                "2024-01-31T12:00:00-05:00",
            ),
            (Type::Date, "2024-02-29", "2024-02-29"),
            (
                Type::Uuid,
                "3F2C1D9A-5B7E-4C61-8A0F-2D4E6B8C0A12",
                "3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12",
            ),
        ] {
            assert_eq!(codec.written(&ty, &json!(read)), Some(json!(written)));
        }
        assert_eq!(codec.written(&Type::Float32, &json!(0.1)), Some(json!(0.1)));
        assert_eq!(codec.written(&Type::Date, &json!("2024-02-30")), None);
    }
}
