//! Converts JSON values to values of the declared types, which Rust has expressions for.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use serde_json::Value as Json;

use crate::document::Document;
use crate::ir::{
    Additional, Enum, Field, Presence, Repr, Shape, Struct, Tagging, Type, TypePath, Union,
    UnionVariant, Value,
};
use crate::pointer::{Pointer, Trail};

use super::exact_numbers::exact_text;
use super::round_trip::{DEEPEST, RoundTrip};
use super::scalar::{formatted, integer, range, tag_text};
use super::variants::Variants;

/// Maximum number of types that one value is read as: nested unions can double it at each level.
const MOST_STEPS: usize = 100_000;

/// Converts JSON to values of the declared types.
pub(crate) struct ValueReader<'t> {
    codec: &'t RoundTrip<'t>,
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

impl<'t> ValueReader<'t> {
    /// Creates a reader for the types of a codec.
    pub fn new(codec: &'t RoundTrip<'t>, lossless: bool) -> Self {
        Self {
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
    pub fn value(&self, ty: &Type, json: &Json) -> Option<Value> {
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
                if !range(*width).contains(&number) {
                    return None;
                }
                Value::Integer(number)
            }
            Type::Float64 => Value::Float(json.as_f64()?),
            Type::Number => self.number(json, at)?,
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

    /// Returns a number with the digits of the document.
    fn number(&self, json: &Json, at: &Trail<'_>) -> Option<Value> {
        let number = json.as_number()?;
        let digits = self
            .document
            .and_then(|document| document.digits(&at.pointer()));
        Some(Value::Number(
            digits.map_or_else(|| number.to_string(), str::to_owned),
        ))
    }

    fn named(&self, path: &TypePath, json: &Json, at: &Trail<'_>) -> Option<Value> {
        let shape = self.codec.shape(path)?;
        let pair = (
            std::ptr::from_ref(shape).addr(),
            std::ptr::from_ref(json).addr(),
        );
        if self.refused.borrow().contains(&pair) {
            return None;
        }
        let value = match shape {
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
            if *presence == Presence::Required {
                required.push(self.read(ty, given?, at)?);
            } else if let Optional::Set(value) = self.optional_field(*presence, ty, given, at)? {
                fields.push((name.rust.clone(), value));
            }
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

    /// Returns the value of a field that the constructor does not take, or `None` if the type does
    /// not read the value.
    fn optional_field(
        &self,
        presence: Presence,
        ty: &Type,
        given: Option<&Json>,
        at: &Trail<'_>,
    ) -> Option<Optional> {
        let some = |json: &Json| Some(Value::Some(Box::new(self.read(ty, json, at)?)));
        Some(Optional::Set(match (presence, given) {
            (Presence::Required | Presence::Nullable, None) => return None,
            (_, None)
            | (Presence::Optional | Presence::Defaulted | Presence::Preset, Some(Json::Null)) => {
                return Some(Optional::Initial);
            }
            (
                Presence::Nullable | Presence::NullableDefaulted | Presence::NullablePreset,
                Some(Json::Null),
            ) => Value::None,
            (Presence::OptionalNullable, Some(Json::Null)) => Value::Some(Box::new(Value::None)),
            (Presence::OptionalNullable, Some(json)) => Value::Some(Box::new(some(json)?)),
            (
                Presence::Nullable
                | Presence::Optional
                | Presence::NullableDefaulted
                | Presence::NullablePreset,
                Some(json),
            ) => some(json)?,
            (Presence::Required | Presence::Defaulted | Presence::Preset, Some(json)) => {
                self.read(ty, json, at)?
            }
        }))
    }
}

/// The value of a field that the constructor of a struct does not take.
enum Optional {
    /// The field keeps its initial value.
    Initial,
    Set(Value),
}
