//! Types and modules before everything about them is known.

use crate::ident::{FieldName, ModuleName, TypeName};
use crate::ir::{
    Additional, Constant, DefaultFunction, Docs, Enum, Name, Owner, Presence, Shape, Tagging, Type,
    TypePath,
};

/// A declared type. Its definition is a draft, or complete before it is known which types are
/// identical.
#[derive(Debug)]
pub(super) struct TypeDraft<S = ShapeDraft> {
    pub path: TypePath,
    pub docs: Docs,
    pub deprecated: bool,
    pub shape: S,
}

/// A type with its complete definition.
pub(super) type Definition = TypeDraft<Shape>;

/// The module of an owner's inline schemas.
#[derive(Debug)]
pub(super) struct ModuleDraft {
    pub path: Vec<ModuleName>,
    pub owner: Owner,
}

/// The definition of a type.
#[derive(Clone, Debug)]
pub(super) enum ShapeDraft {
    Struct(StructDraft),
    Enum(Enum),
    Union(UnionDraft),
    Alias(Type),
    Newtype(Type),
}

/// A struct before its defaults are checked.
#[derive(Clone, Debug)]
pub(super) struct StructDraft {
    /// The properties with a single value, found when all types are declared.
    pub constants: Vec<Constant>,
    pub fields: Vec<FieldDraft>,
    pub additional: Additional,
}

/// A field before its default is checked.
#[derive(Clone, Debug)]
pub(super) struct FieldDraft {
    pub name: Name<FieldName>,
    pub ty: Type,
    /// The presence without a default.
    pub presence: Presence,
    /// The initial value of a tag.
    pub tag: Option<DefaultFunction>,
    pub docs: Docs,
    pub deprecated: bool,
}

/// A union before it is known who writes the tags.
#[derive(Clone, Debug)]
pub(super) struct UnionDraft {
    pub variants: Vec<VariantDraft>,
    pub tagging: Tagging,
    pub other: Option<TypeName>,
}

/// A branch of a union.
#[derive(Clone, Debug)]
pub(super) struct VariantDraft {
    pub name: TypeName,
    pub ty: Type,
    pub tags: Vec<String>,
    pub docs: Docs,
}

impl ShapeDraft {
    /// Returns the types in the definition.
    pub fn types(&self) -> Vec<&Type> {
        let mut types = self.members();
        if let Self::Struct(StructDraft {
            additional: Additional::Kept { value, .. },
            ..
        }) = self
        {
            types.push(value);
        }
        types
    }

    /// Returns the types of fields and branches, or of an alias.
    pub fn members(&self) -> Vec<&Type> {
        match self {
            Self::Struct(shape) => shape.fields.iter().map(|field| &field.ty).collect(),
            Self::Union(shape) => shape.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Alias(ty) | Self::Newtype(ty) => vec![ty],
            Self::Enum(_) => Vec::new(),
        }
    }

    /// Returns the types of fields and branches, or of an alias, for modification.
    pub fn members_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Struct(shape) => shape.fields.iter_mut().map(|field| &mut field.ty).collect(),
            Self::Union(shape) => {
                let variants = shape.variants.iter_mut();
                variants.map(|variant| &mut variant.ty).collect()
            }
            Self::Alias(ty) | Self::Newtype(ty) => vec![ty],
            Self::Enum(_) => Vec::new(),
        }
    }
}
