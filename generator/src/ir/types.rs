//! Types of the generated crate, and values in generated code.

use std::hash::{Hash, Hasher};

use crate::ident::{FieldName, MethodName, ModuleName, TypeName};

use super::{Docs, Name};

/// A module for inline schemas of a type or an operation.
#[derive(Clone, Debug)]
pub struct Module {
    /// The path below `types`; never empty.
    pub path: Vec<ModuleName>,
    /// The type or operation that contains the schemas.
    pub owner: Owner,
    /// If set, this module is a re-export of an identical module.
    pub same_as: Option<Vec<ModuleName>>,
}

/// The owner of a module of inline schemas.
#[derive(Clone, Debug)]
pub enum Owner {
    /// A named type.
    Type(TypePath),
    /// An operation, by its wire name.
    Operation(String),
}

/// The path of a declared type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypePath {
    /// The modules below `types`.
    pub modules: Vec<ModuleName>,
    /// The type's own name.
    pub name: TypeName,
}

/// A declared type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The path of the type.
    pub path: TypePath,
    /// The documentation.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
    /// The definition.
    pub shape: Shape,
    /// If set, this path is a re-export of an identical type.
    pub same_as: Option<TypePath>,
}

/// The definition of a type.
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
    /// A new type around another, used if an alias would be infinite.
    Newtype(Type),
}

impl Shape {
    /// Returns the types in the definition.
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

    /// Returns the types in the definition, for modification.
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
    /// The properties with a single value, which are not fields.
    pub constants: Vec<Constant>,
    /// The other properties in document order.
    pub fields: Vec<Field>,
    /// The treatment of undeclared properties.
    pub additional: Additional,
}

impl Struct {
    /// Returns `true` if the schema declares the property.
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
    /// Skipped when reading.
    Ignored,
    /// Skipped when reading: the schema forbids them, but servers may add some at any time.
    Unexpected,
    /// Rejected when reading.
    Refused,
    /// Kept in a map in this field.
    Kept {
        /// The field.
        field: FieldName,
        /// The type of the map's values.
        value: Type,
    },
}

/// A required property with a single value, which is always written, and checked when reading.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constant {
    /// The name in the document.
    pub wire: String,
    /// The value.
    pub value: serde_json::Value,
    /// The documentation.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// A property.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name.
    pub name: Name<FieldName>,
    /// The type, without the `Option` for its presence.
    pub ty: Type,
    /// The presence of the property.
    pub presence: Presence,
    /// The default, whatever the presence (wire rule 2).
    pub default: Option<DefaultFunction>,
    /// The documentation.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

impl Field {
    /// Returns `true` if the struct's `new` has an argument for the property: it has no initial
    /// value.
    #[must_use]
    pub fn is_argument_of_new(&self) -> bool {
        match self.presence {
            Presence::Required => true,
            Presence::Nullable | Presence::Optional | Presence::OptionalNullable => false,
            Presence::Defaulted
            | Presence::NullableDefaulted
            | Presence::Preset
            | Presence::NullablePreset => self.default.is_none(),
        }
    }

    /// Returns the default function, if it gives the initial value of the property.
    #[must_use]
    pub const fn initial_value(&self) -> Option<&DefaultFunction> {
        match self.presence {
            Presence::Required
            | Presence::Nullable
            | Presence::Optional
            | Presence::OptionalNullable => None,
            Presence::Defaulted
            | Presence::NullableDefaulted
            | Presence::Preset
            | Presence::NullablePreset => self.default.as_ref(),
        }
    }
}

/// The presence of a property: if it can be absent or null, by wire rules 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// `T`: always present.
    Required,
    /// `Option<T>`: always present, may be null.
    Nullable,
    /// `Option<T>`: `None` is omitted; null is read as `None`.
    Optional,
    /// `Option<Option<T>>`: distinguishes absent, null and a value.
    OptionalNullable,
    /// `T`: if absent, the default function's value, which is omitted when writing.
    Defaulted,
    /// `Option<T>`: like `Defaulted`, and null is `None`. The default function returns the
    /// `Option`.
    NullableDefaulted,
    /// `T`: required, with a default. Always written. If absent, the default function's value; not
    /// an argument of `new`.
    Preset,
    /// `Option<T>`: like `Preset`, and null is `None`. The default function returns the `Option`.
    NullablePreset,
}

/// The function that returns a property's default.
#[derive(Clone, Debug)]
pub struct DefaultFunction {
    /// The name of the associated function: `default_` and the property's name.
    pub name: MethodName,
    /// The returned value.
    pub value: Value,
    /// The value in the document, as JSON, for the docs.
    pub wire: String,
    /// True if only the server sends the property: a client never writes its default.
    pub of_server: bool,
}

/// Within one type, equal JSON text means an equal default value.
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
    /// An integer of this type.
    Integer(Integer),
    /// `f64`, also for `format: float`: an `f32` changes `1234567.89`.
    Float64,
    /// `Number`: any digits, for values in the document that neither 64 bits nor an `f64` can
    /// represent.
    Number,
    /// `String`
    String,
    /// `Secret`: text that is not printed.
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
    /// `Bytes`: a body or part, unchanged.
    Bytes,
    /// `Json`: any value.
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
    /// `Box<T>`, which breaks a cycle (wire rule 11).
    Box(Box<Type>),
    /// A tuple: `prefixItems` of fixed length.
    Tuple(Vec<Type>),
}

impl Type {
    /// Returns the types directly inside of this one. Declared types have none.
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

    /// Returns the types directly inside of this one, for modification.
    pub fn parts_mut(&mut self) -> &mut [Self] {
        match self {
            Self::Option(inner) | Self::Vec(inner) | Self::Map(inner) | Self::Box(inner) => {
                std::slice::from_mut(inner)
            }
            Self::Tuple(types) => types,
            _ => &mut [],
        }
    }

    /// Returns the type without the box around it.
    #[must_use]
    pub fn unboxed(&self) -> &Self {
        match self {
            Self::Box(inner) => inner,
            ty => ty,
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
    /// The text of a number, validated.
    Number(String),
    /// `"..".to_owned()`
    String(String),
    /// The text of a secret.
    Secret(String),
    /// The text of a URI.
    Uri(String),
    /// The text of a UUID, validated.
    Uuid(String),
    /// The year, month and day of a full-date, validated.
    Date(i32, u32, u32),
    /// The text of a date-time, validated.
    DateTime(String),
    /// Bytes.
    Base64(Vec<u8>),
    /// A file with this text.
    File(String),
    /// A JSON value.
    Json(serde_json::Value),
    /// The text of a JSON value with more digits than `Json` can represent, validated.
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
    /// A `BTreeMap` of these pairs.
    Map(Vec<(String, Value)>),
    /// A struct: the arguments of `new`, in order, and other fields to set.
    Struct {
        /// The type.
        path: TypePath,
        /// The arguments of `new`; empty if the type has `Default` instead.
        required: Vec<Value>,
        /// The other fields to set, with their `Some`.
        fields: Vec<(FieldName, Value)>,
    },
    /// A newtype around a value.
    Newtype(TypePath, Box<Value>),
    /// One media type of a request body: the enum, the variant, and its value.
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
    /// The JSON type of its values.
    pub repr: Repr,
    /// The values in document order.
    pub variants: Vec<Variant>,
    /// The name of the variant that keeps undocumented values, if the enum is open.
    pub open: Option<TypeName>,
}

/// The JSON type of an enum's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repr {
    /// Strings.
    Text,
    /// Integers; `Unknown` holds an `i64`.
    Integer,
    /// Any other type, or several; `Unknown` holds a `Json`.
    Json,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The name.
    pub name: TypeName,
    /// The value on the wire.
    pub value: serde_json::Value,
    /// The documentation (`x-enum-descriptions` and the like); usually empty.
    pub docs: Docs,
}

/// A `oneOf` or `anyOf`, by wire rule 8.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Union {
    /// The branches in document order.
    pub variants: Vec<UnionVariant>,
    /// The way a reader selects the branch.
    pub tagging: Tagging,
    /// The variant that keeps values that match no branch, as JSON.
    pub other: Option<TypeName>,
}

/// The way the branch of a union is selected.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Tagging {
    /// By the value of this property.
    Property(String),
    /// By best match: the branch that leaves the fewest members undeclared.
    Untagged,
}

/// One branch of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnionVariant {
    /// The name.
    pub name: TypeName,
    /// The type.
    pub ty: Type,
    /// The tag values that select this branch.
    pub tags: Vec<String>,
    /// The writer of the tag.
    pub tag_source: TagSource,
    /// The documentation.
    pub docs: Docs,
}

/// The writer of a branch's tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TagSource {
    /// The type of the branch, which always writes one of the tags.
    Branch,
    /// The union, with the first tag: the type of the branch lacks the property.
    Union,
    /// The type of the branch, if it has a value. The union rejects other values than the tags, and
    /// adds this value, if any, when the tag is missing.
    Either(Option<serde_json::Value>),
}
