//! What the schemas become: types, and the values that stand in code.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::ident::{FieldName, MethodName, ModuleName, TypeName};

use super::{Docs, Name};

/// A module for the schemas that stand inside another one, or inside an operation.
#[derive(Clone, Debug)]
pub struct Module {
    /// From `types` downwards; never empty.
    pub path: Vec<ModuleName>,
    /// What the schemas stand inside of.
    pub owner: Owner,
    /// The module that holds the same types and is declared in its stead; this is one more path to
    /// it.
    pub same_as: Option<Vec<ModuleName>>,
}

/// What a module of inline schemas belongs to.
#[derive(Clone, Debug)]
pub enum Owner {
    /// A named type.
    Type(TypePath),
    /// An operation, by its name on the wire.
    Operation(String),
}

/// Where a type is declared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypePath {
    /// The modules below `types`.
    pub modules: Vec<ModuleName>,
    /// The type's own name.
    pub name: TypeName,
}

/// One declared type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Where it is declared.
    pub path: TypePath,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
    /// What it is.
    pub shape: Shape,
    /// The type that says all the same and is declared in its stead; this is one more path to it.
    pub same_as: Option<TypePath>,
    /// The traits that not every type has.
    pub traits: Traits,
}

/// Traits that not every type has. They are decided once all types are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// `Eq` and `Hash`: every part of the type has them. An enum without data always has them.
    pub hash: bool,
    /// `From` for each branch of a union: no two of them have the same type.
    pub from_branches: bool,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An object with known properties.
    Struct(Struct),
    /// One of a list of values.
    Enum(Enum),
    /// `oneOf`, `anyOf`.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
    /// A type of its own around another: where an alias would be infinite.
    Newtype(Type),
}

impl Shape {
    /// The types that it is made of.
    #[must_use]
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Self::Struct(shape) => {
                let kept = match &shape.additional {
                    Additional::Kept { value, .. } => Some(value),
                    Additional::Ignored | Additional::Unexpected | Additional::Refused => None,
                };
                let fields = shape.fields.iter().map(|field| &field.ty);
                fields.chain(kept).collect()
            }
            Self::Enum(_) => Vec::new(),
            Self::Union(shape) => shape.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Alias(ty) | Self::Newtype(ty) => vec![ty],
        }
    }

    /// The same, to be changed.
    pub fn types_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Struct(shape) => {
                let kept = match &mut shape.additional {
                    Additional::Kept { value, .. } => Some(value),
                    Additional::Ignored | Additional::Unexpected | Additional::Refused => None,
                };
                let fields = shape.fields.iter_mut().map(|field| &mut field.ty);
                fields.chain(kept).collect()
            }
            Self::Enum(_) => Vec::new(),
            Self::Union(shape) => {
                let variants = shape.variants.iter_mut();
                variants.map(|variant| &mut variant.ty).collect()
            }
            Self::Alias(ty) | Self::Newtype(ty) => vec![ty],
        }
    }
}

/// An object schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Struct {
    /// The properties that have one value only. They are no fields.
    pub constants: Vec<Constant>,
    /// The other properties in the document's order.
    pub fields: Vec<Field>,
    /// What becomes of properties that the schema does not name.
    pub additional: Additional,
}

impl Struct {
    /// Whether the schema names a property.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let constants = self.constants.iter().map(|constant| &constant.wire);
        let fields = self.fields.iter().map(|field| &field.name.wire);
        constants.chain(fields).any(|wire| wire == name)
    }
}

/// `additionalProperties`, by wire rule 6.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Additional {
    /// They are skipped when reading.
    Ignored,
    /// The same where the schema refuses them, but a server may add some any day.
    Unexpected,
    /// They are refused when reading.
    Refused,
    /// They are kept in a map of this field.
    Kept {
        /// The field.
        field: FieldName,
        /// The type of the map's values.
        value: Type,
        /// The document's words on it.
        docs: Docs,
    },
}

/// A required property that has one value: it is always written, and checked when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constant {
    /// Its name, as the document has it.
    pub wire: String,
    /// The value.
    pub value: serde_json::Value,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// One property.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name.
    pub name: Name<FieldName>,
    /// Its type, without the `Option` that its presence may add.
    pub ty: Type,
    /// Whether it can be absent or null.
    pub presence: Presence,
    /// Its default, whatever its presence (wire rule 2).
    pub default: Option<DefaultFunction>,
    /// The document's words.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// Whether a property can be absent or null, by wire rules 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// `T`: always there.
    Required,
    /// `Option<T>`: always there, may be null.
    Nullable,
    /// `Option<T>`: left out when `None`; a null is read as `None`.
    Optional,
    /// `Option<Option<T>>`: absent, null and a value are three things.
    OptionalNullable,
    /// `T`: absent is the default function's value, and that value is left out.
    Defaulted,
    /// `Option<T>`: as `Defaulted`, and null is `None`; the default function returns the `Option`.
    NullableDefaulted,
    /// `T`: required and with a default. Always written; absent is the default
    /// function's value, and `new` does not ask for it.
    Preset,
    /// `Option<T>`: as `Preset`, and null is `None`; the default function returns the `Option`.
    NullablePreset,
}

/// The function that gives a property's default.
#[derive(Clone, Debug)]
pub struct DefaultFunction {
    /// `default_` and the property's name; an associated function of the type.
    pub name: MethodName,
    /// What it returns.
    pub value: Value,
    /// The value as the document has it, in JSON, for the docs.
    pub wire: String,
    /// Whether only the server gives the property: a client never writes its default.
    pub of_server: bool,
}

/// Of one type, functions that return the same text's value return the same.
impl PartialEq for DefaultFunction {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.wire, self.of_server) == (&other.name, &other.wire, other.of_server)
    }
}

impl Eq for DefaultFunction {}

impl Hash for DefaultFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, &self.wire, self.of_server).hash(state);
    }
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// An integer of this width.
    Integer(Integer),
    /// `f64`, for `format: float` too: an `f32` changes `1234567.89`.
    Float64,
    /// `Number`: any digits, where the document has values that neither 64 bits nor an `f64` hold.
    Number,
    /// `String`
    String,
    /// `Secret`: text that does not print.
    Secret,
    /// `Uri`: text kept byte for byte (wire rule 3).
    Uri,
    /// `uuid::Uuid`
    Uuid,
    /// `chrono::NaiveDate` (RFC 3339, full-date)
    Date,
    /// `chrono::DateTime<FixedOffset>` (RFC 3339, date-time)
    DateTime,
    /// `Base64`: bytes in base64 text (RFC 4648, section 4).
    Base64,
    /// `Bytes`: a body, or a part of one, as it is.
    Bytes,
    /// `Json`: the document leaves it open.
    Json,
    /// `()`: only null.
    Null,
    /// A declared type.
    Named(TypePath),
    /// `Vec<T>`
    Vec(Box<Type>),
    /// `BTreeMap<String, T>`
    Map(Box<Type>),
    /// `Option<T>`: a nullable item or map value.
    Option(Box<Type>),
    /// `Box<T>`: recursion closes here (wire rule 11).
    Box(Box<Type>),
    /// A tuple: `prefixItems` of a fixed length.
    Tuple(Vec<Type>),
}

impl Type {
    /// The types that it is made of; none of a declared type, which is only named.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Option(inner) | Self::Vec(inner) | Self::Map(inner) | Self::Box(inner) => {
                std::slice::from_ref(inner)
            }
            Self::Tuple(types) => types,
            _ => &[],
        }
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> &mut [Self] {
        match self {
            Self::Option(inner) | Self::Vec(inner) | Self::Map(inner) | Self::Box(inner) => {
                std::slice::from_mut(inner)
            }
            Self::Tuple(types) => types,
            _ => &mut [],
        }
    }

    /// The type without the box around it.
    #[must_use]
    pub fn unboxed(&self) -> &Self {
        match self {
            Self::Box(inner) => inner,
            ty => ty,
        }
    }

    /// Names each declared type by another path, where there is one.
    pub fn rename(&mut self, paths: &HashMap<&TypePath, &TypePath>) {
        match self {
            Self::Named(path) => {
                if let Some(other) = paths.get(path) {
                    *path = (*other).clone();
                }
            }
            ty => ty
                .parts_mut()
                .iter_mut()
                .for_each(|part| part.rename(paths)),
        }
    }
}

/// The integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the Rust type of its name")]
pub enum Integer {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// A value of a type, for defaults and examples.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true`, `false`
    Bool(bool),
    /// An integer literal.
    Integer(i128),
    /// A float literal; finite.
    Float(f64),
    /// The text of a number, checked.
    Number(String),
    /// `"..".to_owned()`
    String(String),
    /// A secret's text.
    Secret(String),
    /// A URI's text.
    Uri(String),
    /// A UUID's text, checked.
    Uuid(String),
    /// A full-date's year, month and day, checked.
    Date(i32, u32, u32),
    /// A date-time's text, checked.
    DateTime(String),
    /// Bytes.
    Base64(Vec<u8>),
    /// A file with this text in it.
    File(String),
    /// A JSON value.
    Json(serde_json::Value),
    /// The text of a JSON value that has more digits than `Json` can say, checked.
    JsonText(String),
    /// `()`
    Null,
    /// A variant of an enum without data.
    Variant(TypePath, TypeName),
    /// `Unknown(..)` of an open enum.
    Unknown(TypePath, String),
    /// A variant of a union with its value.
    UnionVariant(TypePath, TypeName, Box<Value>),
    /// `vec![..]`
    Vec(Vec<Value>),
    /// A `BTreeMap` from these pairs.
    Map(Vec<(String, Value)>),
    /// A struct: the values that its `new` takes, in order, and other fields that are set.
    Struct {
        /// The type.
        path: TypePath,
        /// The arguments of `new`; empty where the type has `Default` instead.
        required: Vec<Value>,
        /// The other fields that are set, already wrapped in `Some` where they are.
        fields: Vec<(FieldName, Value)>,
    },
    /// A newtype around a value.
    Newtype(TypePath, Box<Value>),
    /// One media type of a request body: the enum, the variant, and what is in it.
    BodyChoice(TypeName, TypeName, Box<Value>),
    /// `Some(..)`
    Some(Box<Value>),
    /// `None`
    None,
    /// `Box::new(..)`
    Box(Box<Value>),
    /// A tuple.
    Tuple(Vec<Value>),
}

/// An `enum`, by wire rule 5.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Enum {
    /// What its values are on the wire.
    pub repr: Repr,
    /// The values in the document's order.
    pub variants: Vec<Variant>,
    /// Whether a value that the document does not name is kept in `Unknown`.
    pub open: Option<TypeName>,
}

/// The JSON type of an enum's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repr {
    /// Strings.
    Text,
    /// Integers; `Unknown` holds an `i64`.
    Integer,
    /// Anything else, or a mixture; `Unknown` holds a `Json`.
    Json,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Its name.
    pub name: TypeName,
    /// Its value on the wire.
    pub value: serde_json::Value,
    /// The document's words (`x-enum-descriptions` and the like); mostly empty.
    pub docs: Docs,
}

/// A `oneOf` or `anyOf`, by wire rule 8.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Union {
    /// The branches in the document's order.
    pub variants: Vec<UnionVariant>,
    /// How a reader tells them apart.
    pub tagging: Tagging,
    /// The variant that keeps, as JSON, a value that is none of the branches.
    pub other: Option<TypeName>,
}

/// How the branches of a union are told apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Tagging {
    /// By the value of this property.
    Property(String),
    /// By which branch leaves the least of the value unexplained.
    Untagged,
}

/// One branch of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnionVariant {
    /// Its name.
    pub name: TypeName,
    /// Its type.
    pub ty: Type,
    /// The values of the tag that mean this branch.
    pub tags: Vec<String>,
    /// What writes the tag.
    pub tag_source: TagSource,
    /// The document's words.
    pub docs: Docs,
}

/// What writes the tag of a branch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TagSource {
    /// The type of the branch, which writes one of the tags whatever its value is.
    Branch,
    /// The union, with the first tag: the type of the branch does not have the property.
    Union,
    /// The type of the branch, but perhaps not, or perhaps with another value: the union refuses
    /// what is none of the tags, and writes this value, if there is one, where the tag is missing.
    Either(Option<serde_json::Value>),
}
