//! A model of the codec of generated crates: the value that a type writes after reading a value. It
//! is the same value, except for what the type omits.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use chrono::SecondsFormat;
use serde_json::map::Entry;
use serde_json::{Map, Value as Json};

use crate::document::is_same;
use crate::ir::{
    Additional, Constant, Content, Enum, Field, Kinds, Presence, Repr, Shape, Struct, TagSource,
    Tagging, Type, TypePath, Union, UnionVariant,
};
use crate::limits::count;

use super::scalar::{fits, integer, range, tag_text};
use super::variants::Variants;

/// A value that was read and written again.
#[derive(Clone, Debug)]
struct Written {
    json: Json,
    /// The number of values in it.
    size: usize,
    score: Score,
}

impl Written {
    fn whole(json: &Json) -> Self {
        Self {
            json: json.clone(),
            size: count(json),
            score: Score::default(),
        }
    }

    /// Creates the result for a value that an enum or union does not know; `weight` counts its
    /// values.
    fn unknown(json: &Json, weight: usize) -> Self {
        Self {
            json: json.clone(),
            size: weight,
            score: Score {
                unexplained: weight,
                invalid: 0,
                undeclared: 0,
            },
        }
    }
}

/// The match of a union's branch with a value, as counted by `runtime/unexplained.rs`. The lowest
/// score is the best match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Values that are skipped, unknown to an enum, or kept as JSON by a union.
    unexplained: usize,
    /// Properties that the branch's schema forbids, and missing ones that it requires.
    invalid: usize,
    /// Properties that are kept but not declared.
    undeclared: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.unexplained += other.unexplained;
        self.invalid += other.invalid;
        self.undeclared += other.undeclared;
    }
}

/// Maximum depth of nested types.
pub(super) const DEEPEST: usize = 1_000;

/// Limits on the steps to write one value, and for each value in it: nested unions and defaults can
/// multiply them.
const MOST_STEPS: usize = 100_000;
const MOST_STEPS_OF_EACH: usize = 20;

/// A declared type and a part of the value, by their addresses, with the tags that need not be
/// declared.
type Key = (usize, usize, Vec<String>);

/// The result for a [`Key`], and the tags that need not be declared after it.
type Known = (Option<Written>, Vec<String>);

/// Reads and writes JSON like the generated types.
pub(crate) struct RoundTrip<'t> {
    types: HashMap<&'t TypePath, &'t Shape>,
    variants: Variants<'t>,
    /// The number of steps left.
    steps: Cell<Option<usize>>,
    depth: Cell<usize>,
    /// The results so far for parts of one value.
    known: RefCell<HashMap<Key, Known>>,
    /// The results for the defaults of fields, by address.
    defaults: RefCell<HashMap<usize, Option<Written>>>,
    /// The number of defaults that contained themselves.
    met: Cell<usize>,
    /// The fields whose default is being written: it may contain the field again, with another
    /// value.
    open: RefCell<Vec<usize>>,
    /// The tags of unions that the next object need not declare.
    tags: RefCell<Vec<String>>,
    /// The JSON kinds of declared types, by the address of their shapes: a union may contain many
    /// types.
    kinds: RefCell<HashMap<usize, Kinds>>,
}

impl<'t> RoundTrip<'t> {
    /// Creates the codec of types, by their paths.
    pub fn new(types: impl IntoIterator<Item = (&'t TypePath, &'t Shape)>) -> Self {
        Self {
            types: types.into_iter().collect(),
            variants: Variants::default(),
            steps: Cell::new(None),
            depth: Cell::new(0),
            known: RefCell::default(),
            defaults: RefCell::default(),
            met: Cell::new(0),
            open: RefCell::default(),
            tags: RefCell::default(),
            kinds: RefCell::default(),
        }
    }

    /// Returns the definition of a declared type.
    pub fn shape(&self, path: &TypePath) -> Option<&'t Shape> {
        self.types.get(path).copied()
    }

    /// Returns the written value, or `None` if the type does not accept the value.
    pub fn written(&self, ty: &Type, json: &Json) -> Option<Json> {
        self.begin(json);
        self.of(ty, json).map(|written| written.json)
    }

    /// Starts with a new value. The cached addresses are not valid for it.
    pub fn begin(&self, json: &Json) {
        let own = count(json).saturating_mul(MOST_STEPS_OF_EACH);
        self.steps.set(Some(MOST_STEPS.saturating_add(own)));
        self.known.borrow_mut().clear();
    }

    /// Returns true if the last value exceeded the limit on steps.
    pub fn gave_up(&self) -> bool {
        self.steps.get().is_none()
    }

    fn take(&self, steps: usize) -> Option<()> {
        let left = self.steps.get()?.checked_sub(steps);
        self.steps.set(left);
        left.map(|_| ())
    }

    /// Sorts the branches of an untagged union by how well they match, those that do not accept the
    /// value last. The value is a part of the one passed to [`begin`](Self::begin).
    pub fn rank(&self, variants: &mut [&UnionVariant], json: &Json) {
        variants.sort_by_cached_key(|variant| {
            let score = self.score(&variant.ty, json);
            (score.is_none(), score)
        });
    }

    fn score(&self, branch: &Type, json: &Json) -> Option<Score> {
        self.branch(branch, json).map(|written| written.score)
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
            Type::Float64 | Type::Number => json.is_number().then(|| Written::whole(json))?,
            Type::String | Type::Secret | Type::Uri | Type::Bytes => {
                json.is_string().then(|| Written::whole(json))?
            }
            Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => {
                let text = json.as_str().filter(|text| fits(ty, text))?;
                Written::whole(&Json::String(normal(ty, text)))
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
        let key = (
            std::ptr::from_ref(shape).addr(),
            std::ptr::from_ref(json).addr(),
            self.tags.borrow().clone(),
        );
        let known = self.known.borrow().get(&key).cloned();
        if let Some((known, tags)) = known {
            self.take(known.as_ref().map_or(1, |known| known.size))?;
            self.tags.replace(tags);
            return known;
        }
        let met = self.met.get();
        let written = match shape {
            Shape::Alias(ty) | Shape::Newtype(ty) => self.of(ty, json),
            Shape::Enum(shape) => self.enumeration(shape, json),
            Shape::Union(shape) => self.union(shape, json),
            Shape::Struct(shape) => self.object(shape, json),
        };
        if self.met.get() == met {
            let known = (written.clone(), self.tags.borrow().clone());
            self.known.borrow_mut().insert(key, known);
        }
        written
    }

    /// Reads a value of an enum.
    fn enumeration(&self, shape: &'t Enum, json: &Json) -> Option<Written> {
        if self.variants.find(shape, json).is_some() {
            return Some(Written::whole(json));
        }
        let is_kept = match shape.repr {
            Repr::Text => json.is_string(),
            Repr::Integer => json.is_i64(),
            Repr::Json => true,
        };
        (shape.open.is_some() && is_kept).then(|| Written::unknown(json, 1))
    }

    fn list<'v>(&self, items: impl Iterator<Item = (&'v Type, &'v Json)>) -> Option<Written> {
        let (mut score, mut size) = (Score::default(), 1_usize);
        let items = items.map(|(ty, json)| {
            let item = self.of(ty, json)?;
            score.add(item.score);
            size = size.saturating_add(item.size);
            Some(item.json)
        });
        let json = Json::Array(items.collect::<Option<_>>()?);
        Some(Written { json, size, score })
    }

    fn object(&self, shape: &Struct, json: &Json) -> Option<Written> {
        let object = json.as_object()?;
        let tags = self.tags.take();
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
            let score = &mut written.score;
            let is_tag = tags.contains(name);
            match &shape.additional {
                Additional::Ignored | Additional::Unexpected if is_tag => {}
                Additional::Ignored => score.unexplained += count(json),
                Additional::Unexpected => {
                    score.unexplained += count(json);
                    score.invalid += 1;
                }
                Additional::Refused => return None,
                Additional::Kept { value, .. } => {
                    score.undeclared += usize::from(!is_tag);
                    written.add(name, self.of(value, json)?);
                }
            }
        }
        Some(written.done())
    }

    /// Adds the member that a field writes, if any. Returns `None` if the value cannot be read.
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
            (Presence::Preset | Presence::NullablePreset, None) => {
                members.score.invalid += 1;
                default()?
            }
            (Presence::Preset, Some(Json::Null)) if !self.is_any(ty) => {
                members.score.invalid += 1;
                default()?
            }
            (
                Presence::Nullable | Presence::OptionalNullable | Presence::NullablePreset,
                Some(Json::Null),
            ) => Written::whole(&Json::Null),
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

    /// Returns the written form of a field's default.
    fn default(&self, field: &Field, ty: &Type, wire: &str) -> Option<Written> {
        let at = std::ptr::from_ref(field).addr();
        let known = self.defaults.borrow().get(&at).cloned();
        if let Some(known) = known {
            self.take(known.as_ref().map_or(1, |known| known.size))?;
            return known;
        }
        let json: Json = serde_json::from_str(wire).ok()?;
        self.take(count(&json))?;
        if self.open.borrow().contains(&at) {
            self.met.set(self.met.get() + 1);
            return Some(Written::whole(&json));
        }
        let met = self.met.get();
        self.open.borrow_mut().push(at);
        // The cached results are for other values.
        let known = self.known.take();
        let written = self.of(ty, &json);
        self.known.replace(known);
        self.open.borrow_mut().pop();
        if self.met.get() == met && !self.gave_up() {
            self.defaults.borrow_mut().insert(at, written.clone());
        }
        written
    }

    /// Returns true if a type accepts null like any other value.
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
        let kept = || other.as_ref().map(|_| Written::unknown(json, count(json)));
        let Tagging::Property(property) = tagging else {
            let tags = self.tags.take();
            let mut best: Option<Written> = None;
            for variant in variants {
                self.tags.replace(tags.clone());
                if let Some(next) = self.branch(&variant.ty, json)
                    && best.as_ref().is_none_or(|best| next.score < best.score)
                {
                    best = Some(next);
                }
            }
            self.tags.take();
            return best.or_else(kept);
        };
        let tag = json.get(property).and_then(tag_text);
        let meant =
            |variant: &&UnionVariant| tag.as_ref().is_some_and(|tag| variant.tags.contains(tag));
        let Some(variant) = variants.iter().find(meant) else {
            return kept();
        };
        if variant.tag_source == TagSource::Branch {
            return self.of(&variant.ty, json);
        }
        self.tags.borrow_mut().push(property.clone());
        let written = self.of(&variant.ty, json);
        self.tags.take();
        let mut written = written?;
        let members = written.json.as_object_mut();
        match &variant.tag_source {
            TagSource::Branch => {}
            TagSource::Union => {
                let tag = variant.tags.first()?.clone().into();
                members?.shift_insert(0, property.clone(), tag);
            }
            TagSource::Either(value) => match members?.entry(property) {
                Entry::Occupied(mut entry) if entry.get().is_null() => {
                    entry.insert(value.clone()?);
                }
                Entry::Occupied(entry) => {
                    let tag = tag_text(entry.get())?;
                    variant.tags.contains(&tag).then_some(())?;
                }
                Entry::Vacant(_) => {
                    let members = written.json.as_object_mut()?;
                    members.shift_insert(0, property.clone(), value.clone()?);
                }
            },
        }
        Some(written)
    }

    /// Returns the kinds of the values of a type.
    fn kinds(&self, ty: &Type) -> Kinds {
        let of_type = || Kinds::of_type(ty, |path| self.shape(path));
        let Type::Named(path) = ty else {
            return of_type();
        };
        let Some(shape) = self.shape(path) else {
            return of_type();
        };
        let mut known = self.kinds.borrow_mut();
        let at = std::ptr::from_ref(shape).addr();
        *known.entry(at).or_insert_with(of_type)
    }

    /// Reads a value as a branch of an untagged union. Returns `None` if it does not match.
    fn branch(&self, ty: &Type, json: &Json) -> Option<Written> {
        let shape = |path: &TypePath| self.shape(path);
        if !self.kinds(ty).meets(Kinds::of_json(json)) {
            return None;
        }
        let mut written = self.of(ty, json)?;
        written.score.undeclared += match Content::of_type(ty, shape) {
            Content::Map => json.as_object().map_or(0, Map::len),
            Content::Any => count(json),
            Content::Struct | Content::Other => 0,
        };
        Some(written)
    }
}

/// Returns the members that a map keeps, in the map's order.
fn sorted<'j>(
    members: impl Iterator<Item = (&'j String, &'j Json)>,
) -> impl Iterator<Item = (&'j String, &'j Json)> {
    let mut members: Vec<_> = members.collect();
    members.sort_by_key(|(name, _)| *name);
    members.into_iter()
}

/// The members of a written object.
#[derive(Default)]
struct Members {
    json: Map<String, Json>,
    size: usize,
    score: Score,
}

impl Members {
    fn add(&mut self, name: &str, value: Written) {
        self.score.add(value.score);
        self.size = self.size.saturating_add(value.size);
        self.json.insert(name.to_owned(), value.json);
    }

    fn done(self) -> Written {
        let Self { json, size, score } = self;
        let json = Json::Object(json);
        Written {
            json,
            size: size.saturating_add(1),
            score,
        }
    }
}

/// Returns the text that a type writes for a text in its format.
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
                of_server: false,
            }),
            docs: Docs::default(),
            deprecated: false,
        }
    }

    fn define(name: &str, shape: Shape) -> (TypePath, Shape) {
        (path(name), shape)
    }

    fn codec(types: &[(TypePath, Shape)]) -> RoundTrip<'_> {
        RoundTrip::new(types.iter().map(|(path, shape)| (path, shape)))
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
            tag_source: TagSource::Union,
            docs: Docs::default(),
        }
    }

    #[test]
    fn only_optional_members_are_omitted() {
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
        let codec = codec(&types);
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
    fn a_union_is_the_branch_that_leaves_the_least_unexplained() {
        let text = || field("a", Type::String, Presence::Optional, None);
        let more = || field("b", Type::String, Presence::Required, None);
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
            |union: &Union, json| codec(&types(union)).written(&Type::Named(path("U")), &json);
        let both = json!({ "a": "", "b": "" });
        assert_eq!(written(&union, both.clone()), Some(both));
        union.other = Some(TypeName::new("Other"));
        let more = json!({ "a": "", "c": "" });
        assert_eq!(written(&union, more), Some(json!({ "a": "" })));
        let neither = json!({ "a": 5, "c": "" });
        assert_eq!(written(&union, neither.clone()), Some(neither));
        union.tagging = Tagging::Property("kind".to_owned());
        let tagged = json!({ "kind": "1", "b": "" });
        assert_eq!(written(&union, tagged), Some(json!({ "kind": "1" })));
        let unknown = json!({ "kind": "3" });
        assert_eq!(written(&union, unknown.clone()), Some(unknown.clone()));
        union.other = None;
        assert_eq!(written(&union, unknown), None);
    }

    #[test]
    fn a_score_is_that_of_the_runtime() {
        let text = |name| field(name, Type::String, Presence::Optional, None);
        let kept = Additional::Kept {
            field: FieldName::new("extra"),
            value: Type::Json,
        };
        let types = [
            define("Open", object(Additional::Ignored, vec![text("a")])),
            define("Sealed", object(Additional::Unexpected, vec![text("a")])),
            define("Kept", object(kept, vec![text("a")])),
            define(
                "Tagged",
                Shape::Union(Union {
                    variants: vec![variant("Open", &["open"]), variant("Kept", &["kept"])],
                    tagging: Tagging::Property("kind".to_owned()),
                    other: Some(TypeName::new("Other")),
                }),
            ),
        ];
        let codec = codec(&types);
        let map = Type::Map(Box::new(Type::Json));
        let named = |name| Type::Named(path(name));
        for (ty, json, score) in [
            (named("Open"), json!({ "a": "" }), Some((0, 0, 0))),
            (named("Open"), json!({ "b": { "c": [1] } }), Some((3, 0, 0))),
            (named("Sealed"), json!({ "b": 1, "c": 1 }), Some((2, 2, 0))),
            (named("Kept"), json!({ "b": { "c": 1 } }), Some((0, 0, 1))),
            (map, json!({ "a": 1, "b": [1] }), Some((0, 0, 2))),
            (Type::Json, json!([1]), Some((0, 0, 2))),
            (
                named("Tagged"),
                json!({ "kind": "open", "b": 1 }),
                Some((1, 0, 0)),
            ),
            (
                named("Tagged"),
                json!({ "kind": "kept", "b": 1 }),
                Some((0, 0, 1)),
            ),
            (
                named("Tagged"),
                json!({ "kind": "shut", "b": 1 }),
                Some((3, 0, 0)),
            ),
            (named("Tagged"), json!([]), None),
        ] {
            codec.begin(&json);
            let found = codec.score(&ty, &json);
            let found = found.map(|score| (score.unexplained, score.invalid, score.undeclared));
            assert_eq!(found, score, "{json}");
        }
    }

    #[test]
    fn text_of_a_format_has_one_form() {
        let codec = codec(&[]);
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
        assert_eq!(codec.written(&Type::Date, &json!("2024-02-30")), None);
    }
}
