//! The files in a multipart body.

use serde_json::Value as Json;

use crate::ident::TypeName;
use crate::ir::{
    BodyChoice, BodyCodec, Presence, Shape, Tagging, Type, TypePath, Union, UnionVariant,
};
use crate::lower::listed;
use crate::proof::model::ChosenFile;
use crate::proof::oracle::style;
use crate::proof::oracle::test_values::Tester;
use crate::values::tag_text;

impl Tester<'_> {
    /// Returns the files of a body that need a media type from the caller, or `None` if the test
    /// cannot set one.
    pub(super) fn files_to_choose(
        self,
        choice: &BodyChoice,
        body: &Json,
    ) -> Option<Vec<ChosenFile>> {
        let BodyCodec::Multipart(parts) = &choice.codec else {
            return Some(Vec::new());
        };
        let mut files = Vec::new();
        for part in parts {
            let types = part.content_type.as_deref().unwrap_or_default();
            let types: Vec<&str> = listed(types).collect();
            let Some(media_type) = style::chosen(&types) else {
                continue;
            };
            let Some(value) = body.get(&part.name) else {
                continue;
            };
            if !self.is_file(&choice.ty, body, &part.name, value) {
                continue;
            }
            let body = self.unaliased(&choice.ty);
            let Some(Shape::Struct(shape)) = path_of(body).and_then(|path| self.codec.shape(path))
            else {
                return None;
            };
            let mut fields = shape.fields.iter();
            let field = fields.find(|field| field.name.wire == part.name)?;
            let (ty, variant) = self.place_of_file(&field.ty, value)?;
            let is_option = matches!(field.presence, Presence::Nullable | Presence::Optional);
            files.push(ChosenFile {
                field: field.name.rust.clone(),
                ty: if is_option {
                    Type::Option(Box::new(ty))
                } else {
                    ty
                },
                variant,
                media_type,
            });
        }
        Some(files)
    }

    /// Returns a type with aliases resolved.
    fn unaliased<'u>(self, ty: &'u Type) -> &'u Type
    where
        Self: 'u,
    {
        let mut ty = ty;
        while let Some(Shape::Alias(inner)) = path_of(ty).and_then(|path| self.codec.shape(path)) {
            ty = inner;
        }
        ty
    }

    /// Returns the type of a field with files, with aliases resolved, and the variant of a file if
    /// it is a union. Returns `None` for other types.
    fn place_of_file(self, ty: &Type, value: &Json) -> Option<(Type, Option<TypeName>)> {
        let ty = self.unaliased(ty);
        match ty {
            Type::Bytes => Some((Type::Bytes, None)),
            Type::Option(inner) => {
                let (inner, variant) = self.place_of_file(inner, value)?;
                Some((Type::Option(Box::new(inner)), variant))
            }
            Type::Vec(inner) => {
                let (inner, variant) = self.place_of_file(inner, value.get(0)?)?;
                Some((Type::Vec(Box::new(inner)), variant))
            }
            Type::Named(path) => {
                let Some(Shape::Union(shape)) = self.codec.shape(path) else {
                    return None;
                };
                let variant = self.branch(shape, value)?;
                let is_file = *self.unaliased(&variant.ty) == Type::Bytes;
                is_file.then(|| (ty.clone(), Some(variant.name.clone())))
            }
            _ => None,
        }
    }

    /// Returns `true` if a part of a body is a file or a list of files.
    pub(super) fn is_file(self, ty: &Type, body: &Json, name: &str, value: &Json) -> bool {
        let mut next = path_of(ty);
        for _ in 0..32 {
            match next.and_then(|path| self.codec.shape(path)) {
                Some(Shape::Struct(shape)) => {
                    let field = shape.fields.iter().find(|field| field.name.wire == name);
                    return field.is_some_and(|field| self.is_bytes(&field.ty, value));
                }
                Some(Shape::Alias(ty) | Shape::Newtype(ty)) => next = path_of(ty),
                Some(Shape::Union(shape)) => {
                    next = self
                        .branch(shape, body)
                        .and_then(|variant| path_of(&variant.ty));
                }
                _ => return false,
            }
        }
        false
    }

    /// Returns the branch of a union that a value matches.
    fn branch<'u>(self, shape: &'u Union, value: &Json) -> Option<&'u UnionVariant> {
        let mut variants = shape.variants.iter();
        match &shape.tagging {
            Tagging::Property(property) => {
                let tag = tag_text(value.get(property)?)?;
                variants.find(|variant| variant.tags.contains(&tag))
            }
            Tagging::Untagged => {
                let mut variants: Vec<_> = variants.collect();
                self.codec.rank(&mut variants, value);
                let best = variants.into_iter().next()?;
                self.codec.written(&best.ty, value).map(|_| best)
            }
        }
    }

    /// Returns `true` if a type reads a value as bytes or a list of bytes.
    fn is_bytes(self, ty: &Type, value: &Json) -> bool {
        let mut next = ty;
        let mut value = value;
        for _ in 0..32 {
            next = match next {
                Type::Bytes => return true,
                Type::Option(ty) | Type::Box(ty) => ty,
                Type::Vec(ty) => {
                    value = value.get(0).unwrap_or(value);
                    ty
                }
                Type::Named(path) => match self.codec.shape(path) {
                    Some(Shape::Alias(ty) | Shape::Newtype(ty)) => ty,
                    Some(Shape::Union(shape)) => match self.branch(shape, value) {
                        Some(variant) => &variant.ty,
                        None => return false,
                    },
                    _ => return false,
                },
                _ => return false,
            };
        }
        false
    }
}

fn path_of(ty: &Type) -> Option<&TypePath> {
    match ty {
        Type::Named(path) => Some(path),
        _ => None,
    }
}
