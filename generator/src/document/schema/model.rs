//! Schemas as data: JSON Schema 2020-12 with the keywords that OpenAPI adds.

use std::fmt;

use indexmap::IndexMap;
use openapiv3::{Discriminator, ExternalDocumentation};
use serde_json::{Number, Value};

use crate::number::Bound;
use crate::pointer::Pointer;

/// A schema of a [`SchemaTable`].
#[derive(Clone, Copy)]
pub(in crate::document) struct SchemaId(usize);

/// Omits the number, so that equal schemas have equal texts.
impl fmt::Debug for SchemaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

/// All schemas of a document, by their pointers in the document of its author.
#[derive(Debug, Default)]
pub(in crate::document) struct SchemaTable {
    schemas: IndexMap<Pointer, Schema>,
    /// The schema of a position that has none.
    any: (Pointer, Schema),
}

impl SchemaTable {
    /// Returns the schema at a pointer.
    pub(in crate::document) fn find(&self, at: &Pointer) -> Option<(&Pointer, &Schema)> {
        self.schemas.get_key_value(at)
    }

    /// Returns a schema and its pointer.
    pub(in crate::document) fn get(&self, id: SchemaId) -> (&Pointer, &Schema) {
        let (at, any) = &self.any;
        self.schemas.get_index(id.0).unwrap_or((at, any))
    }

    /// Returns the schema that allows any value, and the root pointer.
    pub(in crate::document) fn any(&self) -> (&Pointer, &Schema) {
        let (at, any) = &self.any;
        (at, any)
    }

    /// Returns the id of the schema at a pointer.
    pub(super) fn id(&self, at: &Pointer) -> Option<SchemaId> {
        self.schemas.get_index_of(at).map(SchemaId)
    }

    /// Adds a schema.
    pub(super) fn insert(&mut self, at: Pointer, schema: Schema) -> SchemaId {
        SchemaId(self.schemas.insert_full(at, schema).0)
    }

    /// Returns the number of schemas.
    pub(in crate::document) fn len(&self) -> usize {
        self.schemas.len()
    }
}

/// A Schema Object. A keyword that is absent, and an annotation that is false, have their default.
#[derive(Clone, Default)]
pub(in crate::document) struct Schema {
    /// The schema `false`, which allows no value.
    pub is_false: bool,
    /// `$ref`
    pub reference: Option<Reference>,
    /// `type`
    pub types: TypeSet,
    /// `nullable` (OpenAPI 3.0) without `type`.
    pub nullable: bool,
    /// `format`
    pub format: Option<String>,
    /// `const`
    pub constant: Option<Value>,
    /// `enum`
    pub enumeration: Vec<Value>,
    /// The keywords for numbers.
    pub number: Option<Box<NumberKeywords>>,
    /// The keywords for strings.
    pub string: Option<Box<StringKeywords>>,
    /// The keywords for arrays.
    pub array: Option<Box<ArrayKeywords>>,
    /// The keywords for objects.
    pub object: Option<Box<ObjectKeywords>>,
    /// `allOf`
    pub all_of: Vec<SchemaId>,
    /// `oneOf`
    pub one_of: Vec<SchemaId>,
    /// `anyOf`
    pub any_of: Vec<SchemaId>,
    /// `not`
    pub not: Option<SchemaId>,
    /// `if`, `then`, `else`
    pub conditional: [Option<SchemaId>; 3],
    /// `discriminator`
    pub discriminator: Option<Box<Discriminator>>,
    /// The keywords that only annotate.
    pub annotations: Annotations,
    /// Extensions, and keywords without effect on the generated crate, such as `$id`.
    pub others: IndexMap<String, Value>,
    /// The pointers into `type`, if it lists several types.
    pub type_places: Option<Box<TypePlaces>>,
}

/// The `$ref` keyword.
#[derive(Clone)]
pub(in crate::document) struct Reference {
    /// The target, if the text is a pointer into the document.
    pub target: Option<Pointer>,
    /// The pointer to the keyword, if it has siblings.
    pub beside: Option<Pointer>,
}

/// The pointers into a `type` that lists several types.
#[derive(Clone)]
pub(in crate::document) struct TypePlaces {
    /// The pointer to the list.
    pub list: Pointer,
    /// The pointers to the names of the types.
    pub names: Vec<(SchemaType, Pointer)>,
}

/// The `type` keyword. For `null`, see [`SchemaView::nullable`](super::SchemaView::nullable) and
/// [`SchemaView::is_null`](super::SchemaView::is_null).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemaType {
    /// `string`
    String,
    /// `number`
    Number,
    /// `integer`
    Integer,
    /// `boolean`
    Boolean,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl SchemaType {
    const ALL: [Self; 6] = [
        Self::String,
        Self::Number,
        Self::Integer,
        Self::Boolean,
        Self::Array,
        Self::Object,
    ];

    /// Returns the type with a name, unless it is `null` or not a type.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.name() == name)
    }

    /// Returns the name in `type`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// The types of a schema's values, in the order in which they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct TypeSet {
    types: [Option<SchemaType>; SchemaType::ALL.len()],
    /// True if `null` is one of the types.
    pub null: bool,
}

impl TypeSet {
    /// Returns the set of one type.
    pub(super) fn single(only: SchemaType) -> Self {
        let mut types = Self::default();
        types.insert(only);
        types
    }

    /// Returns the types other than `null`.
    pub(in crate::document) fn iter(self) -> impl Iterator<Item = SchemaType> {
        self.types.into_iter().flatten()
    }

    /// Returns the type if there is exactly one apart from `null`.
    pub(in crate::document) fn only(self) -> Option<SchemaType> {
        let mut types = self.iter();
        types.next().filter(|_| types.next().is_none())
    }

    /// Returns `true` if there are several types apart from `null`.
    pub(in crate::document) fn are_several(self) -> bool {
        self.iter().nth(1).is_some()
    }

    /// Returns `true` if the schema has no `type`.
    pub(in crate::document) fn is_empty(self) -> bool {
        !self.null && self.iter().next().is_none()
    }

    /// Returns `true` if `null` is the only type.
    pub(in crate::document) fn is_only_null(self) -> bool {
        self.null && self.iter().next().is_none()
    }

    /// Adds a type, unless it is there already.
    pub(super) fn insert(&mut self, new: SchemaType) {
        let free = self
            .types
            .iter_mut()
            .find(|of| of.is_none_or(|of| of == new));
        if let Some(free) = free {
            *free = Some(new);
        }
    }

    /// Keeps the types for which a function returns true.
    pub(super) fn retain(&mut self, keep: impl Fn(SchemaType) -> bool) {
        let kept = self.iter().filter(|of| keep(*of));
        let mut types = [None; SchemaType::ALL.len()];
        for (place, of) in types.iter_mut().zip(kept) {
            *place = Some(of);
        }
        self.types = types;
    }
}

/// The keywords for numbers (JSON Schema 2020-12, Validation, section 6.2).
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct NumberKeywords {
    /// `minimum` or `exclusiveMinimum`, whichever is narrower.
    pub minimum: Option<Bound>,
    /// `maximum` or `exclusiveMaximum`, whichever is narrower.
    pub maximum: Option<Bound>,
    /// `multipleOf`
    pub multiple_of: Option<Number>,
}

/// The keywords for strings (JSON Schema 2020-12, Validation, sections 6.3 and 8).
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct StringKeywords {
    /// `pattern`
    pub pattern: Option<String>,
    /// `minLength`
    pub min_length: Option<usize>,
    /// `maxLength`
    pub max_length: Option<usize>,
    /// `contentEncoding`
    pub content_encoding: Option<String>,
    /// `contentMediaType`
    pub content_media_type: Option<String>,
    /// `contentSchema`
    pub content_schema: Option<SchemaId>,
}

/// The keywords for arrays (JSON Schema 2020-12, Core, section 10.3.1, and Validation, section
/// 6.4).
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct ArrayKeywords {
    /// `items`
    pub items: Option<SchemaId>,
    /// `prefixItems`
    pub prefix_items: Vec<SchemaId>,
    /// `contains`
    pub contains: Option<SchemaId>,
    /// `minContains`
    pub min_contains: Option<usize>,
    /// `maxContains`
    pub max_contains: Option<usize>,
    /// `unevaluatedItems`
    pub unevaluated_items: Option<SchemaId>,
    /// `minItems`
    pub min_items: Option<usize>,
    /// `maxItems`
    pub max_items: Option<usize>,
    /// `uniqueItems`
    pub unique_items: bool,
}

/// The keywords for objects (JSON Schema 2020-12, Core, section 10.3.2, and Validation, section
/// 6.5).
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct ObjectKeywords {
    /// `properties`
    pub properties: IndexMap<String, SchemaId>,
    /// `required`
    pub required: Vec<String>,
    /// `additionalProperties`
    pub additional_properties: Option<SchemaId>,
    /// `patternProperties`
    pub pattern_properties: Vec<(String, SchemaId)>,
    /// `propertyNames`
    pub property_names: Option<SchemaId>,
    /// `unevaluatedProperties`
    pub unevaluated_properties: Option<SchemaId>,
    /// `dependentRequired`
    pub dependent_required: Vec<(String, Vec<String>)>,
    /// `dependentSchemas`
    pub dependent_schemas: Vec<(String, SchemaId)>,
    /// `minProperties`
    pub min_properties: Option<usize>,
    /// `maxProperties`
    pub max_properties: Option<usize>,
}

/// The keywords that only annotate (JSON Schema 2020-12, Validation, section 9, and OpenAPI 3.1,
/// section 4.8.24).
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct Annotations {
    /// `title`
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `default`
    pub default: Option<Value>,
    /// `example`
    pub example: Option<Value>,
    /// `examples`
    pub examples: Vec<Value>,
    /// `readOnly`
    pub read_only: bool,
    /// `writeOnly`
    pub write_only: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `externalDocs`
    pub external_docs: Option<Box<ExternalDocumentation>>,
    /// `xml`
    pub xml: Option<Box<Value>>,
}

impl Schema {
    /// Returns the schema `false`.
    pub(super) fn no_value() -> Self {
        Self {
            is_false: true,
            ..Self::default()
        }
    }

    /// Returns `true` if `type`, annotations and `allOf` are the only keywords.
    pub(in crate::document) fn has_only_type_and_all_of(&self) -> bool {
        !self.is_false
            && self.format.is_none()
            && self.constant.is_none()
            && self.enumeration.is_empty()
            && self.number.is_none()
            && self.string.is_none()
            && self.array.is_none()
            && self.object.is_none()
            && self.one_of.is_empty()
            && self.any_of.is_empty()
            && self.not.is_none()
            && self.conditional.iter().all(Option::is_none)
            && self.discriminator.is_none()
    }

    /// Returns `true` if the schema has `allOf` or is a `$ref` with siblings.
    pub(in crate::document) fn has_all_of(&self) -> bool {
        !self.all_of.is_empty() || self.reference.is_some()
    }
}

/// Shows the keywords that are present, without the places of the schema.
impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            is_false,
            reference,
            types,
            nullable,
            format,
            constant,
            enumeration,
            number,
            string,
            array,
            object,
            all_of,
            one_of,
            any_of,
            not,
            conditional,
            discriminator,
            annotations,
            others,
            type_places: _,
        } = self;
        let target = reference.as_ref().map(|reference| &reference.target);
        let fields: [(&str, bool, &dyn fmt::Debug); 19] = [
            ("is_false", *is_false, is_false),
            ("reference", target.is_some(), &target),
            ("types", !types.is_empty(), types),
            ("nullable", *nullable, nullable),
            ("format", format.is_some(), format),
            ("constant", constant.is_some(), constant),
            ("enumeration", !enumeration.is_empty(), enumeration),
            ("number", number.is_some(), number),
            ("string", string.is_some(), string),
            ("array", array.is_some(), array),
            ("object", object.is_some(), object),
            ("all_of", !all_of.is_empty(), all_of),
            ("one_of", !one_of.is_empty(), one_of),
            ("any_of", !any_of.is_empty(), any_of),
            ("not", not.is_some(), not),
            (
                "conditional",
                conditional.iter().any(Option::is_some),
                conditional,
            ),
            ("discriminator", discriminator.is_some(), discriminator),
            ("annotations", true, annotations),
            ("others", !others.is_empty(), others),
        ];
        let mut shown = f.debug_struct("Schema");
        for (name, is_present, value) in fields {
            if is_present {
                shown.field(name, value);
            }
        }
        shown.finish()
    }
}

/// The part of a schema that a node represents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// The whole schema.
    Whole,
    /// A `$ref` with siblings: the target applies in addition to the siblings (JSON Schema
    /// 2020-12, Core, section 8.2.3.1).
    Reference,
    /// A `type` with several types beside an `anyOf`: both apply.
    Types,
    /// One of several types in `type`, with the keywords for its values.
    Type(SchemaType),
}

/// The identity of a schema within a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::document) struct SchemaKey(pub(super) usize, pub(super) Part);
