//! The JSON kinds that a type's values can have.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::types::{Enum, Repr, Shape, Tagging, Type, TypePath};

/// A set of JSON kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

/// The names of the kinds, in bit order.
const WORDS: [&str; 6] = ["null", "boolean", "number", "string", "array", "object"];

impl Kinds {
    const NULL: Self = Self(1);
    const BOOLEAN: Self = Self(2);
    const NUMBER: Self = Self(4);
    const STRING: Self = Self(8);
    const ARRAY: Self = Self(16);
    const OBJECT: Self = Self(32);
    const ANY: Self = Self(63);

    /// Returns the kind of a value.
    #[must_use]
    pub const fn of_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::NULL,
            Json::Bool(_) => Self::BOOLEAN,
            Json::Number(_) => Self::NUMBER,
            Json::String(_) => Self::STRING,
            Json::Array(_) => Self::ARRAY,
            Json::Object(_) => Self::OBJECT,
        }
    }

    /// Returns the kinds of values that a type accepts, apart from the JSON that its unions keep in
    /// `Other`.
    pub fn of_type<'t, 's: 't>(
        ty: &'t Type,
        shape: impl Fn(&TypePath) -> Option<&'s Shape>,
    ) -> Self {
        let mut kinds = Self::default();
        let mut seen = HashSet::new();
        let mut queue = vec![ty];
        while let Some(ty) = queue.pop() {
            kinds = kinds.or(match ty {
                Type::Bool => Self::BOOLEAN,
                Type::Integer(_) | Type::Float64 | Type::Number => Self::NUMBER,
                Type::String
                | Type::Secret
                | Type::Uri
                | Type::Uuid
                | Type::Date
                | Type::DateTime
                | Type::Base64
                | Type::Bytes => Self::STRING,
                Type::Json => Self::ANY,
                Type::Null => Self::NULL,
                Type::Vec(_) | Type::Tuple(_) => Self::ARRAY,
                Type::Map(_) => Self::OBJECT,
                Type::Option(inner) => {
                    queue.push(inner);
                    Self::NULL
                }
                Type::Box(inner) => {
                    queue.push(inner);
                    continue;
                }
                // A recursive branch adds no further kinds.
                Type::Named(path) if !seen.insert(path) => continue,
                Type::Named(path) => match shape(path) {
                    None => Self::ANY,
                    Some(Shape::Struct(_)) => Self::OBJECT,
                    Some(Shape::Enum(shape)) => Self::of_enum(shape),
                    Some(Shape::Union(union)) => match union.tagging {
                        Tagging::Property(_) => Self::OBJECT,
                        Tagging::Untagged => {
                            queue.extend(union.variants.iter().map(|variant| &variant.ty));
                            continue;
                        }
                    },
                    Some(Shape::Alias(ty) | Shape::Newtype(ty)) => {
                        queue.push(ty);
                        continue;
                    }
                },
            });
        }
        kinds
    }

    fn of_enum(shape: &Enum) -> Self {
        match shape.repr {
            Repr::Text => Self::STRING,
            Repr::Integer => Self::NUMBER,
            Repr::Json => {
                let values = shape.variants.iter();
                let kinds = values.map(|variant| Self::of_json(&variant.value));
                kinds.fold(Self::default(), Self::or)
            }
        }
    }

    /// Returns the union of both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns `true` if the sets have a kind in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the names of the kinds in JSON Schema.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let bits = WORDS.iter().enumerate();
        bits.filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, word)| *word)
    }
}

/// The treatment of objects by a union's branch, known before reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The branch is a struct.
    Struct,
    /// The branch keeps all properties and declares none.
    Map,
    /// The branch keeps any value.
    Any,
    /// The branch is another type.
    Other,
}

impl Content {
    /// Returns the treatment of objects by a type.
    pub fn of_type<'t, 's: 't>(
        ty: &'t Type,
        shape: impl Fn(&TypePath) -> Option<&'s Shape>,
    ) -> Self {
        let ty = ty.follow(|ty| match ty {
            Type::Box(inner) => Some(inner),
            Type::Named(path) => match shape(path) {
                Some(Shape::Alias(ty)) => Some(ty),
                _ => None,
            },
            _ => None,
        });
        match ty {
            Type::Map(_) => Self::Map,
            Type::Json => Self::Any,
            Type::Named(path) if matches!(shape(path), Some(Shape::Struct(_))) => Self::Struct,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ident::TypeName;
    use crate::ir::{Docs, Integer, TagSource, Union, UnionVariant};

    use super::*;

    #[test]
    fn a_union_has_the_kinds_of_its_branches() {
        let path = |name: &str| TypePath {
            modules: Vec::new(),
            name: TypeName::new(name),
        };
        let union = |types: Vec<Type>| {
            let variants = types.into_iter().map(|ty| UnionVariant {
                name: TypeName::new("Branch"),
                ty,
                tags: Vec::new(),
                tag_source: TagSource::Branch,
                docs: Docs::default(),
            });
            Shape::Union(Union {
                variants: variants.collect(),
                tagging: Tagging::Untagged,
                other: None,
            })
        };
        let itself = Type::Named(path("Outer"));
        let inner = Type::Named(path("Inner"));
        let option = Type::Option(Box::new(Type::String));
        let shapes = [
            (
                path("Outer"),
                union(vec![Type::Integer(Integer::I64), itself, inner]),
            ),
            (
                path("Inner"),
                union(vec![option, Type::Vec(Box::new(Type::Bool))]),
            ),
            (path("Alias"), Shape::Alias(Type::Named(path("Alias")))),
        ];
        let shape = |path: &TypePath| {
            let mut shapes = shapes.iter();
            shapes.find(|(one, _)| one == path).map(|(_, shape)| shape)
        };
        for (name, words) in [
            ("Outer", &["null", "number", "string", "array"][..]),
            ("Inner", &["null", "string", "array"]),
            ("Alias", &[]),
            ("Nowhere", &WORDS),
        ] {
            let ty = Type::Named(path(name));
            let kinds = Kinds::of_type(&ty, shape);
            assert!(kinds.words().eq(words.iter().copied()), "{name}: {kinds:?}");
        }
    }
}
