//! Converts a JSON value to a Rust value of its type, for defaults and examples.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use base64::Engine as _;
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Document, Outcome, SchemaNode, Validity, ValueIndex};
use crate::ident::FieldName;
use crate::ir::{
    Additional, DefaultFunction, Enum, Field, Presence, Repr, Shape, Struct, Tagging, Type,
    TypeDef, TypePath, Union, UnionVariant, Value, Variant,
};
use crate::pointer::{Pointer, Trail};

use super::digits::exact_text;
use super::discriminator::tag_text;
use super::object::function_name;
use super::written::Codec;
use super::{Lowering, cycles, integer};

/// A property's default, collected until all types are known.
#[derive(Clone, Debug)]
pub(super) struct DefaultCandidate<'d> {
    /// The struct.
    pub owner: TypePath,
    /// The property's field.
    pub field: FieldName,
    /// The default.
    pub value: &'d Json,
    /// The pointer to the default.
    pub at: Pointer,
    /// The schemas of the property.
    pub schemas: Vec<SchemaNode<'d>>,
    /// True if the body of a PATCH can contain the struct.
    pub patch: bool,
    /// True if the property allows null.
    pub nullable: bool,
    /// True if only the server sends the property.
    pub of_server: bool,
}

/// An accepted default.
struct AcceptedDefault<'d> {
    place: FieldPosition,
    pending: DefaultCandidate<'d>,
    /// The presence of the property without the default.
    before: Presence,
    value: Option<Value>,
}

/// Compares a value with all schemas of a property.
pub(super) fn compared<'d>(
    validity: &Validity<'d>,
    schemas: &[SchemaNode<'d>],
    value: &Json,
) -> Outcome {
    let mut outcome = Outcome::Allowed;
    for node in schemas {
        match validity.check(node, value) {
            Outcome::Allowed => {}
            Outcome::NotChecked => outcome = Outcome::NotChecked,
            refused @ Outcome::Refused(_) => return refused,
        }
    }
    outcome
}

/// Returns a warning for a value that was not compared with its schema.
pub(super) fn not_checked(noun: &str, at: &Pointer, label: &str) -> Diagnostic {
    let message = format!("comparing the {noun} with its schema takes too many steps");
    Diagnostic::warning(code::NOT_COMPARED, at, message)
        .label(format!("not checked, and {label}"))
        .help("simplify the schema: alternatives that refer to one another multiply")
}

/// Returns the defaults that contain themselves.
fn circular(
    types: &[TypeDef],
    index: &HashMap<TypePath, usize>,
    given: &[AcceptedDefault<'_>],
) -> HashSet<usize> {
    let mut by_field: HashMap<(usize, &FieldName), usize> = HashMap::new();
    for (at, one) in given.iter().enumerate() {
        by_field.insert((one.place.0, &one.pending.field), at);
    }
    let needs: Vec<Vec<usize>> = given
        .iter()
        .map(|one| {
            let mut left_out = Vec::new();
            one.value
                .iter()
                .for_each(|value| left_out_of(value, types, index, &mut left_out));
            let found = left_out.into_iter().filter_map(|key| by_field.get(&key));
            let found: HashSet<usize> = found.copied().collect();
            found.into_iter().collect()
        })
        .collect();
    cycles::members(&needs)
}

/// Collects the properties that a value leaves to their defaults.
fn left_out_of<'t>(
    value: &Value,
    types: &'t [TypeDef],
    index: &HashMap<TypePath, usize>,
    found: &mut Vec<(usize, &'t FieldName)>,
) {
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        match value {
            Value::Struct {
                path,
                required,
                fields,
            } => {
                queue.extend(required);
                queue.extend(fields.iter().map(|(_, value)| value));
                let Some(position) = index.get(path) else {
                    continue;
                };
                let Some(Shape::Struct(shape)) = types.get(*position).map(|def| &def.shape) else {
                    continue;
                };
                let set: HashSet<&FieldName> = fields.iter().map(|(name, _)| name).collect();
                let left_out = shape.fields.iter().filter(|field| {
                    let is_defaulted = matches!(
                        field.presence,
                        Presence::Defaulted
                            | Presence::NullableDefaulted
                            | Presence::Preset
                            | Presence::NullablePreset
                    );
                    is_defaulted && !set.contains(&field.name.rust)
                });
                found.extend(left_out.map(|field| (*position, &field.name.rust)));
            }
            Value::UnionVariant(_, _, inner)
            | Value::Newtype(_, inner)
            | Value::BodyChoice(_, _, inner)
            | Value::Some(inner)
            | Value::Box(inner) => queue.push(inner),
            Value::Vec(items) | Value::Tuple(items) => queue.extend(items),
            Value::Map(pairs) => queue.extend(pairs.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

impl<'d> Lowering<'d, '_> {
    /// Sets the default of every property.
    pub(super) fn defaults(&mut self) {
        let index: HashMap<TypePath, usize> = self
            .types
            .iter()
            .map(|def| def.path.clone())
            .zip(0..)
            .collect();
        let pending = std::mem::take(&mut self.pending);
        let mut fields = FieldIndex::default();
        // The value of an object default depends on the defaults of the object's properties, so
        // first collect the valid defaults, then compute their values.
        let mut given = Vec::new();
        let mut refused = Vec::new();
        let codec = Codec::new(&self.types);
        let values = Values::new(&self.types, &index, &codec, true).of_document(self.document);
        for pending in pending {
            let Some(position) = index.get(&pending.owner).copied() else {
                continue;
            };
            let place = fields.place(&self.types, position, &pending.field);
            let outcome = compared(&self.validity, &pending.schemas, pending.value);
            // A constant needs no default; one that it does not allow is reported.
            if place.is_none() && !matches!(outcome, Outcome::Refused(_)) {
                continue;
            }
            if outcome == Outcome::NotChecked {
                let warning = not_checked("default", &pending.at, "used unchanged");
                self.diagnostics.push(warning);
            }
            let refusal = outcome.refusal();
            let is_of_type =
                place.is_some_and(|place| default_of(&values, place, &pending).is_some());
            match place.filter(|_| is_of_type && refusal.is_none()) {
                Some(place) => given.push((place, pending)),
                None => refused.push((pending, refusal)),
            }
        }
        for (pending, refusal) in refused {
            self.refused_default(&pending, refusal);
        }
        let given: Vec<_> = given
            .into_iter()
            .filter_map(|(place, pending)| {
                let field = field_at(&mut self.types, place)?;
                let before = field.presence;
                field.presence = match before {
                    kept if pending.patch => kept,
                    Presence::Required => Presence::Preset,
                    Presence::Nullable => Presence::NullablePreset,
                    Presence::Optional if pending.nullable => Presence::NullableDefaulted,
                    Presence::Optional => Presence::Defaulted,
                    Presence::OptionalNullable => Presence::NullableDefaulted,
                    kept => kept,
                };
                Some(AcceptedDefault {
                    place,
                    pending,
                    before,
                    value: None,
                })
            })
            .collect();
        for given in self.without_circles(&index, given) {
            let AcceptedDefault {
                place,
                pending,
                before,
                value,
            } = given;
            let Some(field) = field_at(&mut self.types, place) else {
                continue;
            };
            let Some(value) = value else {
                field.presence = before;
                continue;
            };
            field.default = Some(DefaultFunction {
                name: function_name(&field.name.rust),
                value: match field.presence {
                    Presence::NullableDefaulted | Presence::NullablePreset => {
                        Value::Some(Box::new(value))
                    }
                    _ => value,
                },
                wire: exact_text(self.document, pending.value, &Trail::Start(&pending.at)),
                of_server: pending.of_server,
            });
        }
    }

    /// Returns the defaults with their values, without those that contain themselves: an object
    /// that omits the property whose default it is.
    fn without_circles(
        &mut self,
        index: &HashMap<TypePath, usize>,
        mut given: Vec<AcceptedDefault<'d>>,
    ) -> Vec<AcceptedDefault<'d>> {
        loop {
            let codec = Codec::new(&self.types);
            let values = Values::new(&self.types, index, &codec, true).of_document(self.document);
            for one in &mut given {
                one.value = default_of(&values, one.place, &one.pending);
            }
            let circular = circular(&self.types, index, &given);
            if circular.is_empty() {
                return given;
            }
            let mut at = 0;
            given.retain(|one| {
                at += 1;
                if !circular.contains(&(at - 1)) {
                    return true;
                }
                self.circular_default(&one.pending);
                if let Some(field) = field_at(&mut self.types, one.place) {
                    field.presence = one.before;
                }
                false
            });
        }
    }
}

/// Returns the value of a default, if it is valid for the property's type.
fn default_of(
    values: &Values<'_>,
    (position, field): FieldPosition,
    pending: &DefaultCandidate<'_>,
) -> Option<Value> {
    let Shape::Struct(Struct { fields, .. }) = &values.types.get(position)?.shape else {
        return None;
    };
    let ty = &fields.get(field)?.ty;
    values.at(ty, pending.value, &Trail::Start(&pending.at))
}

/// The indexes of a struct and of a field in it.
type FieldPosition = (usize, usize);

/// The indexes of struct fields by name.
#[derive(Default)]
struct FieldIndex(HashMap<usize, HashMap<FieldName, usize>>);

impl FieldIndex {
    fn place(
        &mut self,
        types: &[TypeDef],
        position: usize,
        name: &FieldName,
    ) -> Option<FieldPosition> {
        let Shape::Struct(Struct { fields, .. }) = &types.get(position)?.shape else {
            return None;
        };
        let names = self.0.entry(position).or_insert_with(|| {
            let names = fields.iter().map(|field| field.name.rust.clone());
            names.zip(0..).collect()
        });
        Some((position, *names.get(name)?))
    }
}

fn field_at(types: &mut [TypeDef], (position, field): FieldPosition) -> Option<&mut Field> {
    match &mut types.get_mut(position)?.shape {
        Shape::Struct(Struct { fields, .. }) => fields.get_mut(field),
        _ => None,
    }
}

/// Maximum depth of nested types.
pub(super) const DEEPEST: usize = 1_000;

/// Maximum number of types that one value is read as: nested unions can double it at each level.
const MOST_STEPS: usize = 100_000;

/// Reads JSON as values of the declared types.
pub(super) struct Values<'t> {
    types: &'t [TypeDef],
    index: &'t HashMap<TypePath, usize>,
    codec: &'t Codec<'t>,
    /// True to reject undeclared properties and unknown enum values.
    lossless: bool,
    /// The document with the exact digits of numbers, or `None` for generated values.
    document: Option<&'t Document>,
    steps: Cell<usize>,
    depth: Cell<usize>,
    /// Declared types and parts of the value that do not match, by their addresses.
    refused: RefCell<HashSet<(usize, usize)>>,
    variants: Variants<'t>,
}

impl<'t> Values<'t> {
    pub fn new(
        types: &'t [TypeDef],
        index: &'t HashMap<TypePath, usize>,
        codec: &'t Codec<'t>,
        lossless: bool,
    ) -> Self {
        Self {
            types,
            index,
            codec,
            lossless,
            document: None,
            steps: Cell::new(0),
            depth: Cell::new(0),
            refused: RefCell::default(),
            variants: Variants::default(),
        }
    }

    /// Takes the digits of numbers from a document.
    pub fn of_document(self, document: &'t Document) -> Self {
        Self {
            document: Some(document),
            ..self
        }
    }

    /// Returns the value, or `None` if it does not match the type.
    pub fn of(&self, ty: &Type, json: &Json) -> Option<Value> {
        self.at(ty, json, &Trail::Start(&Pointer::root()))
    }

    /// Returns the value of a node of the document, or `None` if it does not match the type.
    pub fn at(&self, ty: &Type, json: &Json, at: &Trail<'_>) -> Option<Value> {
        self.steps.set(0);
        self.codec.begin(json);
        // The keys are addresses, which another value may reuse.
        self.refused.borrow_mut().clear();
        self.read(ty, json, at)
    }

    fn read(&self, ty: &Type, json: &Json, at: &Trail<'_>) -> Option<Value> {
        let (steps, depth) = (self.steps.get() + 1, self.depth.get() + 1);
        self.steps.set(steps);
        if steps > MOST_STEPS || depth > DEEPEST {
            return None;
        }
        self.depth.set(depth);
        let value = self.inner(ty, json, at);
        self.depth.set(depth - 1);
        value
    }

    fn inner(&self, ty: &Type, json: &Json, at: &Trail<'_>) -> Option<Value> {
        Some(match ty {
            Type::Bool => Value::Bool(json.as_bool()?),
            Type::Integer(width) => {
                let number = integer(json)?;
                if !integer::range(*width).contains(&number) {
                    return None;
                }
                Value::Integer(number)
            }
            Type::Float64 => Value::Float(json.as_f64()?),
            Type::Number => {
                let number = json.as_number()?;
                let digits = self
                    .document
                    .and_then(|document| document.digits(&at.pointer()));
                Value::Number(digits.map_or_else(|| number.to_string(), str::to_owned))
            }
            Type::String => Value::String(json.as_str()?.to_owned()),
            Type::Secret => Value::Secret(json.as_str()?.to_owned()),
            Type::Uri => Value::Uri(json.as_str()?.to_owned()),
            Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => {
                formatted(ty, json.as_str()?)?
            }
            Type::Bytes => Value::File(json.as_str()?.to_owned()),
            Type::Json => match self.document.filter(|it| it.has_digits(&at.pointer())) {
                Some(document) => Value::JsonText(exact_text(document, json, at)),
                None => Value::Json(json.clone()),
            },
            Type::Null => json.is_null().then_some(Value::Null)?,
            Type::Named(path) => self.named(path, json, at)?,
            Type::Vec(item) => Value::Vec(
                json.as_array()?
                    .iter()
                    .enumerate()
                    .map(|(index, json)| self.read(item, json, &Trail::Index(at, index)))
                    .collect::<Option<_>>()?,
            ),
            Type::Map(item) => {
                let pairs = json.as_object()?.iter();
                Value::Map(
                    pairs
                        .map(|(key, json)| {
                            let value = self.read(item, json, &Trail::Key(at, key))?;
                            Some((key.clone(), value))
                        })
                        .collect::<Option<_>>()?,
                )
            }
            Type::Option(_) if json.is_null() => Value::None,
            Type::Option(inner) => Value::Some(Box::new(self.read(inner, json, at)?)),
            Type::Box(inner) => Value::Box(Box::new(self.read(inner, json, at)?)),
            Type::Tuple(types) => {
                let items = json.as_array().filter(|items| items.len() == types.len())?;
                Value::Tuple(
                    types
                        .iter()
                        .zip(items)
                        .enumerate()
                        .map(|(index, (ty, json))| self.read(ty, json, &Trail::Index(at, index)))
                        .collect::<Option<_>>()?,
                )
            }
        })
    }

    fn named(&self, path: &TypePath, json: &Json, at: &Trail<'_>) -> Option<Value> {
        let position = *self.index.get(path)?;
        let pair = (position, std::ptr::from_ref(json).addr());
        if self.refused.borrow().contains(&pair) {
            return None;
        }
        let value = match &self.types.get(position)?.shape {
            Shape::Alias(ty) => self.read(ty, json, at),
            Shape::Newtype(ty) => {
                let value = self.read(ty, json, at);
                value.map(|value| Value::Newtype(path.clone(), Box::new(value)))
            }
            Shape::Enum(shape) => self
                .variant(path, shape, json)
                .filter(|value| !self.lossless || !matches!(value, Value::Unknown(..))),
            Shape::Union(shape) => self.union(path, shape, json, at),
            Shape::Struct(shape) => self.object(path, shape, json, at),
        };
        if value.is_none() {
            self.refused.borrow_mut().insert(pair);
        }
        value
    }

    fn variant(&self, path: &TypePath, shape: &'t Enum, json: &Json) -> Option<Value> {
        if let Some(variant) = self.variants.find(shape, json)
            && variant.value == *json
        {
            return Some(Value::Variant(path.clone(), variant.name.clone()));
        }
        match (&shape.open, shape.repr, json) {
            (Some(_), Repr::Text, Json::String(text)) => {
                Some(Value::Unknown(path.clone(), text.clone()))
            }
            _ => None,
        }
    }

    fn union(&self, path: &TypePath, shape: &Union, json: &Json, at: &Trail<'_>) -> Option<Value> {
        let tag = match &shape.tagging {
            Tagging::Property(property) => Some(tag_text(json.get(property)?)?),
            Tagging::Untagged => None,
        };
        let mut variants: Vec<&UnionVariant> = shape
            .variants
            .iter()
            .filter(|variant| tag.as_ref().is_none_or(|tag| variant.tags.contains(tag)))
            .collect();
        if tag.is_none() {
            self.codec.rank(&mut variants, json);
        }
        variants.into_iter().find_map(|variant| {
            let value = self.read(&variant.ty, json, at)?;
            Some(Value::UnionVariant(
                path.clone(),
                variant.name.clone(),
                Box::new(value),
            ))
        })
    }

    fn object(
        &self,
        path: &TypePath,
        shape: &Struct,
        json: &Json,
        at: &Trail<'_>,
    ) -> Option<Value> {
        let object = json.as_object()?;
        let mut constants = shape.constants.iter();
        if !constants.all(|constant| object.get(&constant.wire) == Some(&constant.value)) {
            return None;
        }
        let mut required = Vec::new();
        let mut fields = Vec::new();
        for Field {
            name, ty, presence, ..
        } in &shape.fields
        {
            let given = object.get(&name.wire);
            let at = &Trail::Key(at, &name.wire);
            let some = |json: &Json| Some(Value::Some(Box::new(self.read(ty, json, at)?)));
            let value = match (presence, given) {
                (Presence::Required, given) => {
                    required.push(self.read(ty, given?, at)?);
                    continue;
                }
                (Presence::Nullable, None) => return None,
                (_, None)
                | (Presence::Optional | Presence::Defaulted | Presence::Preset, Some(Json::Null)) =>
                {
                    continue;
                }
                (
                    Presence::Nullable | Presence::NullableDefaulted | Presence::NullablePreset,
                    Some(Json::Null),
                ) => Value::None,
                (Presence::OptionalNullable, Some(Json::Null)) => {
                    Value::Some(Box::new(Value::None))
                }
                (Presence::OptionalNullable, Some(json)) => Value::Some(Box::new(some(json)?)),
                (
                    Presence::Nullable
                    | Presence::Optional
                    | Presence::NullableDefaulted
                    | Presence::NullablePreset,
                    Some(json),
                ) => some(json)?,
                (Presence::Defaulted | Presence::Preset, Some(json)) => self.read(ty, json, at)?,
            };
            fields.push((name.rust.clone(), value));
        }
        let mut unnamed = object.iter().filter(|(key, _)| !shape.has(key)).peekable();
        if unnamed.peek().is_some() {
            match &shape.additional {
                Additional::Kept { field, value, .. } => {
                    let pairs: Option<Vec<_>> = unnamed
                        .map(|(key, json)| {
                            let value = self.read(value, json, &Trail::Key(at, key))?;
                            Some((key.clone(), value))
                        })
                        .collect();
                    fields.push((field.clone(), Value::Map(pairs?)));
                }
                Additional::Ignored | Additional::Unexpected if !self.lossless => {}
                Additional::Ignored | Additional::Unexpected | Additional::Refused => return None,
            }
        }
        Some(Value::Struct {
            path: path.clone(),
            required,
            fields,
        })
    }
}

/// The variants of enums, indexed by value.
#[derive(Default)]
pub(super) struct Variants<'t>(RefCell<HashMap<usize, Rc<ValueIndex<&'t Json>>>>);

impl<'t> Variants<'t> {
    /// Returns the variant with an equal value.
    pub fn find(&self, shape: &'t Enum, json: &Json) -> Option<&'t Variant> {
        let key = std::ptr::from_ref(shape).addr();
        let mut indexes = self.0.borrow_mut();
        let index = indexes.entry(key).or_insert_with(|| {
            let values = shape.variants.iter().map(|variant| &variant.value);
            Rc::new(ValueIndex::new(values))
        });
        shape.variants.get(index.position(json)?)
    }
}

/// Returns an integer, also if written with a fraction or exponent.
pub(super) fn integer(json: &Json) -> Option<i128> {
    let whole = || {
        let number = json.as_f64()?;
        // Beyond 2^53, a float does not identify an integer.
        (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0)
            .then(|| format!("{number:.0}").parse().ok())?
    };
    json.as_i64()
        .map(i128::from)
        .or_else(|| json.as_u64().map(i128::from))
        .or_else(whole)
}

/// Returns true if a text has a type's format.
pub(super) fn fits(ty: &Type, text: &str) -> bool {
    match ty {
        Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => formatted(ty, text).is_some(),
        _ => true,
    }
}

fn formatted(ty: &Type, text: &str) -> Option<Value> {
    match ty {
        // UUIDs without hyphens, in braces or as a URN would be written differently.
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
