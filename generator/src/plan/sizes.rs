//! Estimates the sizes of the generated types in memory.

use std::collections::HashMap;

use crate::ir::{Additional, Api, Integer, Presence, Repr, Shape, Struct, Type, TypeDef, TypePath};

/// The maximum depth of nested types, since a chain of references may have any length.
const DEEPEST: usize = 64;

/// The sizes of the declared types.
#[derive(Debug)]
pub(crate) struct Sizes<'a>(HashMap<&'a TypePath, usize>);

impl<'a> Sizes<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let mut finder = Finder {
            shapes: api
                .types
                .iter()
                .map(|TypeDef { path, shape, .. }| (path, shape))
                .collect(),
            known: HashMap::with_capacity(api.types.len()),
        };
        for TypeDef { path, .. } in &api.types {
            finder.declared(path, 1);
        }
        Self(finder.known)
    }

    /// Returns the estimated size of a type in bytes, on a 64-bit machine.
    pub(crate) fn size(&self, ty: &Type) -> usize {
        plain(ty, &mut |path| {
            self.0.get(path).copied().unwrap_or_default()
        })
    }
}

/// Returns the size of a type, given the sizes of declared types.
fn plain(ty: &Type, declared: &mut dyn FnMut(&TypePath) -> usize) -> usize {
    match ty {
        Type::Bool | Type::Integer(Integer::I8 | Integer::U8) => 1,
        Type::Integer(Integer::I16 | Integer::U16) => 2,
        Type::Integer(Integer::I32 | Integer::U32) | Type::Date => 4,
        Type::Integer(Integer::I64 | Integer::U64) | Type::Float64 | Type::Box(_) => 8,
        Type::Uuid | Type::DateTime | Type::Number => 16,
        Type::String | Type::Secret | Type::Uri | Type::Base64 | Type::Vec(_) | Type::Map(_) => 24,
        Type::Json => 32,
        Type::Bytes => 112,
        Type::Null => 0,
        Type::Named(path) => declared(path),
        Type::Option(ty) => option(ty, declared),
        Type::Tuple(types) => types.iter().map(|ty| plain(ty, declared)).sum(),
    }
}

fn option(ty: &Type, declared: &mut dyn FnMut(&TypePath) -> usize) -> usize {
    let size = plain(ty, declared);
    match ty {
        Type::Integer(_) | Type::Float64 | Type::Uuid => 2 * size,
        _ => size,
    }
}

/// Computes the sizes of declared types.
struct Finder<'a> {
    shapes: HashMap<&'a TypePath, &'a Shape>,
    known: HashMap<&'a TypePath, usize>,
}

impl Finder<'_> {
    fn at_depth(&mut self, ty: &Type, depth: usize) -> usize {
        plain(ty, &mut |path| self.declared(path, depth + 1))
    }

    fn declared(&mut self, path: &TypePath, depth: usize) -> usize {
        if depth > DEEPEST {
            return 0;
        }
        if let Some(size) = self.known.get(path) {
            return *size;
        }
        let Some((&path, shape)) = self.shapes.get_key_value(path) else {
            return 0;
        };
        // Cycle guard: recursion is already boxed, so 0 is safe.
        self.known.insert(path, 0);
        let size = match shape {
            Shape::Struct(shape) => self.structure(shape, depth),
            Shape::Enum(shape) => match (&shape.open, shape.repr) {
                (None, _) => 1,
                (Some(_), Repr::Integer) => 16,
                (Some(_), Repr::Text) => 24,
                (Some(_), Repr::Json) => 32,
            },
            Shape::Union(shape) => {
                let variants = shape
                    .variants
                    .iter()
                    .map(|variant| self.at_depth(&variant.ty, depth));
                variants.max().unwrap_or_default() + 8
            }
            Shape::Alias(ty) | Shape::Newtype(ty) => self.at_depth(ty, depth),
        };
        self.known.insert(path, size);
        size
    }

    fn structure(&mut self, shape: &Struct, depth: usize) -> usize {
        let fields = shape.fields.iter().map(|field| match field.presence {
            Presence::Required | Presence::Defaulted | Presence::Preset => {
                self.at_depth(&field.ty, depth)
            }
            Presence::Nullable
            | Presence::Optional
            | Presence::OptionalNullable
            | Presence::NullableDefaulted
            | Presence::NullablePreset => {
                option(&field.ty, &mut |path| self.declared(path, depth + 1))
            }
        });
        let kept = match shape.additional {
            Additional::Kept { .. } => 24,
            Additional::Ignored | Additional::Unexpected | Additional::Refused => 0,
        };
        fields.sum::<usize>() + kept
    }
}
