//! One way to read a schema, whatever `SchemaKind` `openapiv3` made of it.

use openapiv3::{Discriminator, ExternalDocumentation, ReferenceOr, Schema};
use serde_json::{Number, Value};

use super::Document;
use crate::pointer::Pointer;

/// A place where a schema stands: written out, or a `$ref` to one.
#[derive(Clone, Debug)]
pub struct SchemaNode<'a> {
    document: &'a Document,
    schema: SchemaRef<'a>,
    pointer: Pointer,
}

/// A schema field of `openapiv3`, boxed or not.
#[derive(Clone, Copy, Debug)]
pub enum SchemaRef<'a> {
    /// The text of a `$ref`.
    Reference(&'a str),
    /// A schema that is written out.
    Inline(&'a Schema),
}

/// All facets of a schema that is written out.
#[derive(Clone, Debug)]
pub struct SchemaView<'a> {
    document: &'a Document,
    schema: &'a Schema,
    pointer: Pointer,
}

/// The `type` keyword (`null` is [`SchemaView::nullable`] or [`SchemaView::is_null`]).
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

/// `minimum` or `maximum`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The bound, as precise as it was written.
    pub value: Number,
    /// Whether the bound itself is outside.
    pub exclusive: bool,
}

/// `additionalProperties` or `unevaluatedProperties`, `items` or `unevaluatedItems`.
#[derive(Clone, Debug)]
pub enum Rest<'a> {
    /// The keyword is not there.
    Unsaid,
    /// `true` or `{}`.
    Any,
    /// `false`
    Closed,
    /// What each of them has to be.
    Schema(SchemaNode<'a>),
}

impl<'a> From<&'a ReferenceOr<Schema>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Inline(schema),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Inline(schema),
        }
    }
}

/// Several schemas in order, each with where it stands.
pub type Nodes<'a> = Vec<SchemaNode<'a>>;

/// Several named schemas in the document's order.
pub type NamedNodes<'a> = Vec<(&'a str, SchemaNode<'a>)>;

impl<'a> SchemaNode<'a> {
    pub(super) fn new(document: &'a Document, schema: SchemaRef<'a>, pointer: Pointer) -> Self {
        Self {
            document,
            schema,
            pointer,
        }
    }

    /// Where it stands: the `$ref`, not what it means.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Where the `$ref` leads, one step; `None` where the schema is written out here.
    #[must_use]
    pub fn reference(&self) -> Option<Pointer> {
        None
    }

    /// The schema, if it is written out here.
    #[must_use]
    pub fn inline(&self) -> Option<SchemaView<'a>> {
        match self.schema {
            SchemaRef::Reference(_) => None,
            SchemaRef::Inline(schema) => Some(SchemaView {
                document: self.document,
                schema,
                pointer: self.pointer.clone(),
            }),
        }
    }

    /// The schema that is meant, through any number of `$ref`s; its
    /// [`pointer`](SchemaView::pointer) is where it is written out.
    ///
    /// `None` for a `$ref` to nowhere or in a circle, which `bundle` has reported.
    #[must_use]
    pub fn follow(&self) -> Option<SchemaView<'a>> {
        None
    }
}

// The bodies follow.
#[expect(
    unused_variables,
    clippy::unused_self,
    reason = "the signatures come first"
)]
#[expect(clippy::must_use_candidate, reason = "the signatures come first")]
impl<'a> SchemaView<'a> {
    /// Where the schema is written out.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }
    /// What `openapiv3` made of it.
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    // What it is.

    /// The `type` keyword, if the schema has one.
    pub fn declared_type(&self) -> Option<SchemaType> {
        None
    }
    /// The `type`, or the one type that the other keywords are about
    /// (`properties` without `type`, an `enum` of strings only).
    pub fn inferred_type(&self) -> Option<SchemaType> {
        None
    }
    /// Any value: no keyword but annotations.
    pub fn is_any(&self) -> bool {
        false
    }
    /// No value at all: `false`, `not: {}`.
    pub fn is_never(&self) -> bool {
        false
    }
    /// `null` and nothing else: `type: "null"`, `const: null`, `enum: [null]`.
    pub fn is_null(&self) -> bool {
        false
    }
    /// Whether `null` is among the values: `nullable`, `null` in a type array or
    /// in `enum`, a branch of `oneOf` or `anyOf` that is nothing but `null`.
    pub fn nullable(&self) -> bool {
        false
    }
    /// The only schema that this one wraps (`allOf` of one, as `$ref` with
    /// siblings becomes), where all else that stands here are annotations,
    /// `nullable` and `default`.
    pub fn annotated(&self) -> Option<SchemaNode<'a>> {
        None
    }

    // Values.

    /// `enum` as it is written, or the one value of `const`; empty if neither is there.
    pub fn enumeration(&self) -> Vec<Value> {
        Vec::new()
    }
    /// Whether the only value of [`enumeration`](Self::enumeration) was given by `const`.
    pub fn is_constant(&self) -> bool {
        false
    }
    /// `default`, `null` included.
    pub fn default_value(&self) -> Option<&'a Value> {
        None
    }
    /// `example` first, then `examples`.
    pub fn examples(&self) -> Vec<&'a Value> {
        Vec::new()
    }

    // Text and numbers.

    /// `format`
    pub fn format(&self) -> Option<&'a str> {
        None
    }
    /// `pattern`, an ECMA-262 regular expression.
    pub fn pattern(&self) -> Option<&'a str> {
        None
    }
    /// `minLength`, in characters.
    pub fn min_length(&self) -> Option<usize> {
        None
    }
    /// `maxLength`, in characters.
    pub fn max_length(&self) -> Option<usize> {
        None
    }
    /// `minimum` or `exclusiveMinimum`, whichever is narrower.
    pub fn minimum(&self) -> Option<Bound> {
        None
    }
    /// `maximum` or `exclusiveMaximum`, whichever is narrower.
    pub fn maximum(&self) -> Option<Bound> {
        None
    }
    /// `multipleOf`
    pub fn multiple_of(&self) -> Option<Number> {
        None
    }
    /// `contentEncoding` (`base64`).
    pub fn content_encoding(&self) -> Option<&'a str> {
        None
    }
    /// `contentMediaType`
    pub fn content_media_type(&self) -> Option<&'a str> {
        None
    }
    /// `contentSchema`
    pub fn content_schema(&self) -> Option<SchemaNode<'a>> {
        None
    }

    // Objects.

    /// `properties`
    pub fn properties(&self) -> NamedNodes<'a> {
        Vec::new()
    }
    /// The property of a name.
    pub fn property(&self, name: &str) -> Option<SchemaNode<'a>> {
        None
    }
    /// `required`, each name once.
    pub fn required(&self) -> &'a [String] {
        &[]
    }
    /// Whether `required` names a property.
    pub fn requires(&self, name: &str) -> bool {
        false
    }
    /// `additionalProperties`
    pub fn additional_properties(&self) -> Rest<'a> {
        Rest::Unsaid
    }
    /// `patternProperties`: a regular expression over names, and what such a property is.
    pub fn pattern_properties(&self) -> NamedNodes<'a> {
        Vec::new()
    }
    /// `propertyNames`
    pub fn property_names(&self) -> Option<SchemaNode<'a>> {
        None
    }
    /// `unevaluatedProperties`
    pub fn unevaluated_properties(&self) -> Rest<'a> {
        Rest::Unsaid
    }
    /// `dependentRequired`: where the first is there, the others have to be.
    pub fn dependent_required(&self) -> Vec<(&'a str, Vec<&'a str>)> {
        Vec::new()
    }
    /// `dependentSchemas`
    pub fn dependent_schemas(&self) -> NamedNodes<'a> {
        Vec::new()
    }
    /// `minProperties`
    pub fn min_properties(&self) -> Option<usize> {
        None
    }
    /// `maxProperties`
    pub fn max_properties(&self) -> Option<usize> {
        None
    }

    // Arrays.

    /// `items`; [`Rest::Closed`] for `items: false`.
    pub fn items(&self) -> Rest<'a> {
        Rest::Unsaid
    }
    /// `prefixItems`, or the array form of `items` of older editions.
    pub fn prefix_items(&self) -> Nodes<'a> {
        Vec::new()
    }
    /// `unevaluatedItems`
    pub fn unevaluated_items(&self) -> Rest<'a> {
        Rest::Unsaid
    }
    /// `contains`
    pub fn contains(&self) -> Option<SchemaNode<'a>> {
        None
    }
    /// `minContains`
    pub fn min_contains(&self) -> Option<usize> {
        None
    }
    /// `maxContains`
    pub fn max_contains(&self) -> Option<usize> {
        None
    }
    /// `minItems`
    pub fn min_items(&self) -> Option<usize> {
        None
    }
    /// `maxItems`
    pub fn max_items(&self) -> Option<usize> {
        None
    }
    /// `uniqueItems`
    pub fn unique_items(&self) -> bool {
        false
    }

    // Composition.

    /// `allOf`
    pub fn all_of(&self) -> Nodes<'a> {
        Vec::new()
    }
    /// `oneOf`, without the branches that are nothing but `null` (see [`nullable`](Self::nullable)).
    pub fn one_of(&self) -> Nodes<'a> {
        Vec::new()
    }
    /// `anyOf`, without the branches that are nothing but `null`. A `type` of
    /// several names is here too, a branch for each.
    pub fn any_of(&self) -> Nodes<'a> {
        Vec::new()
    }
    /// `not`
    pub fn not(&self) -> Option<SchemaNode<'a>> {
        None
    }
    /// `if`, `then`, `else`
    pub fn conditional(&self) -> [Option<SchemaNode<'a>>; 3] {
        [None, None, None]
    }
    /// `discriminator`
    pub fn discriminator(&self) -> Option<&'a Discriminator> {
        None
    }
    /// The schema that a value of the discriminator's property means: by its
    /// `mapping` (a `$ref` or a name), else by the name in `components.schemas`.
    pub fn discriminated(&self, value: &str) -> Option<SchemaNode<'a>> {
        None
    }

    // Annotations.

    /// `title`
    pub fn title(&self) -> Option<&'a str> {
        None
    }
    /// `description`
    pub fn description(&self) -> Option<&'a str> {
        None
    }
    /// `readOnly`
    pub fn read_only(&self) -> bool {
        false
    }
    /// `writeOnly`
    pub fn write_only(&self) -> bool {
        false
    }
    /// `deprecated`
    pub fn deprecated(&self) -> bool {
        false
    }
    /// `externalDocs`
    pub fn external_docs(&self) -> Option<&'a ExternalDocumentation> {
        None
    }
    /// `xml`
    pub fn xml(&self) -> Option<&'a Value> {
        None
    }
    /// An `x-` key of the document.
    pub fn extension(&self, name: &str) -> Option<&'a Value> {
        None
    }
    /// A keyword that `openapiv3` does not model and that has no method here.
    pub fn carried(&self, keyword: &str) -> Option<&'a Value> {
        None
    }
}
