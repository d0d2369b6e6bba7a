//! Accessors of [`SchemaView`] for the keywords that apply to values of one type.

use serde_json::Number;

use super::model::{
    ArrayKeywords, NumberKeywords, ObjectKeywords, Part, SchemaId, SchemaType, StringKeywords,
};
use super::node::{NamedNodes, Nodes, SchemaNode, SchemaOrBool};
use super::view::SchemaView;
use crate::number::Bound;
use crate::spec;

impl<'a> SchemaView<'a> {
    pub(super) fn number(&self) -> Option<&'a NumberKeywords> {
        let types = [SchemaType::Integer, SchemaType::Number];
        self.of_types(&types, |schema| schema.number.as_deref())
    }

    pub(super) fn string(&self) -> Option<&'a StringKeywords> {
        self.of_types(&[SchemaType::String], |schema| schema.string.as_deref())
    }

    pub(super) fn array(&self) -> Option<&'a ArrayKeywords> {
        self.of_types(&[SchemaType::Array], |schema| schema.array.as_deref())
    }

    pub(super) fn object(&self) -> Option<&'a ObjectKeywords> {
        self.of_types(&[SchemaType::Object], |schema| schema.object.as_deref())
    }

    // Text and numbers.

    /// Returns `format`. If the schema has several types, it belongs to the first one that it
    /// applies to.
    #[must_use]
    pub fn format(&self) -> Option<&'a str> {
        let schema = self.node.schema;
        let format = schema.format.as_deref()?;
        let owner = || {
            let about = spec::format_types(format);
            let mut types = schema.types.iter();
            types.find(|of| about.contains(&of.name()))
        };
        let is_shown = match self.node.part {
            Part::Whole => !schema.types.are_several() || owner().is_none(),
            Part::Type(of) => owner() == Some(of),
            Part::Types | Part::Reference => false,
        };
        is_shown.then_some(format)
    }

    /// Returns `pattern`, an ECMA-262 regular expression.
    #[must_use]
    pub fn pattern(&self) -> Option<&'a str> {
        self.string()?.pattern.as_deref()
    }

    /// Returns `minLength`, in characters.
    #[must_use]
    pub fn min_length(&self) -> Option<usize> {
        self.string()?.min_length
    }

    /// Returns `maxLength`, in characters.
    #[must_use]
    pub fn max_length(&self) -> Option<usize> {
        self.string()?.max_length
    }

    /// Returns `minimum` or `exclusiveMinimum`, whichever is narrower.
    #[must_use]
    pub fn minimum(&self) -> Option<Bound> {
        self.number()?.minimum.clone()
    }

    /// Returns `maximum` or `exclusiveMaximum`, whichever is narrower.
    #[must_use]
    pub fn maximum(&self) -> Option<Bound> {
        self.number()?.maximum.clone()
    }

    /// Returns `multipleOf`.
    #[must_use]
    pub fn multiple_of(&self) -> Option<Number> {
        self.number()?.multiple_of.clone()
    }

    /// Returns `contentEncoding` (`base64`).
    #[must_use]
    pub fn content_encoding(&self) -> Option<&'a str> {
        self.string()?.content_encoding.as_deref()
    }

    /// Returns `contentMediaType`.
    #[must_use]
    pub fn content_media_type(&self) -> Option<&'a str> {
        self.string()?.content_media_type.as_deref()
    }

    /// Returns `contentSchema`.
    #[must_use]
    pub fn content_schema(&self) -> Option<SchemaNode<'a>> {
        self.one(self.string()?.content_schema)
    }

    // Objects.

    /// Returns `properties`.
    #[must_use]
    pub fn properties(&self) -> NamedNodes<'a> {
        let object = self.object();
        let properties = object.into_iter().flat_map(|object| &object.properties);
        self.named(properties)
    }

    /// Returns the property with the given name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<SchemaNode<'a>> {
        self.one(self.object()?.properties.get(name).copied())
    }

    /// Returns `required`, without duplicates.
    #[must_use]
    pub fn required(&self) -> &'a [String] {
        self.object().map_or(&[], |object| &object.required)
    }

    /// Returns `true` if `required` lists the property.
    #[must_use]
    pub fn requires(&self, name: &str) -> bool {
        self.required().iter().any(|required| required == name)
    }

    /// Returns `additionalProperties`.
    #[must_use]
    pub fn additional_properties(&self) -> SchemaOrBool<'a> {
        self.rest(
            self.object()
                .and_then(|object| object.additional_properties),
        )
    }

    /// Returns `patternProperties`: regular expressions over names, with the schemas of the
    /// matching properties.
    #[must_use]
    pub fn pattern_properties(&self) -> NamedNodes<'a> {
        let object = self.object();
        let patterns = object.into_iter().flat_map(|it| &it.pattern_properties);
        self.named(patterns.map(|(name, id)| (name, id)))
    }

    /// Returns `propertyNames`.
    #[must_use]
    pub fn property_names(&self) -> Option<SchemaNode<'a>> {
        self.one(self.object()?.property_names)
    }

    /// Returns `unevaluatedProperties`.
    #[must_use]
    pub fn unevaluated_properties(&self) -> SchemaOrBool<'a> {
        self.rest(
            self.object()
                .and_then(|object| object.unevaluated_properties),
        )
    }

    /// Returns `dependentRequired`: property names, each with the properties required beside it.
    #[must_use]
    pub fn dependent_required(&self) -> Vec<(&'a str, Vec<&'a str>)> {
        let object = self.object().into_iter();
        let required = object.flat_map(|object| &object.dependent_required);
        required
            .map(|(name, list)| (name.as_str(), list.iter().map(String::as_str).collect()))
            .collect()
    }

    /// Returns `dependentSchemas`.
    #[must_use]
    pub fn dependent_schemas(&self) -> NamedNodes<'a> {
        let object = self.object();
        let schemas = object.into_iter().flat_map(|it| &it.dependent_schemas);
        self.named(schemas.map(|(name, id)| (name, id)))
    }

    /// Returns `minProperties`.
    #[must_use]
    pub fn min_properties(&self) -> Option<usize> {
        self.object()?.min_properties
    }

    /// Returns `maxProperties`.
    #[must_use]
    pub fn max_properties(&self) -> Option<usize> {
        self.object()?.max_properties
    }

    fn named(&self, members: impl Iterator<Item = (&'a String, &'a SchemaId)>) -> NamedNodes<'a> {
        let document = self.document();
        members
            .map(|(name, id)| (name.as_str(), SchemaNode::get(document, *id)))
            .collect()
    }

    // Arrays.

    /// Returns `items`; [`SchemaOrBool::Closed`] for `items: false`.
    #[must_use]
    pub fn items(&self) -> SchemaOrBool<'a> {
        self.rest(self.array().and_then(|array| array.items))
    }

    /// Returns `prefixItems`, or the array form of `items` of older editions.
    #[must_use]
    pub fn prefix_items(&self) -> Nodes<'a> {
        self.nodes(self.array().map_or(&[], |array| &array.prefix_items))
    }

    /// Returns `unevaluatedItems`.
    #[must_use]
    pub fn unevaluated_items(&self) -> SchemaOrBool<'a> {
        self.rest(self.array().and_then(|array| array.unevaluated_items))
    }

    /// Returns `contains`.
    #[must_use]
    pub fn contains(&self) -> Option<SchemaNode<'a>> {
        self.one(self.array()?.contains)
    }

    /// Returns `minContains`.
    #[must_use]
    pub fn min_contains(&self) -> Option<usize> {
        self.array()?.min_contains
    }

    /// Returns `maxContains`.
    #[must_use]
    pub fn max_contains(&self) -> Option<usize> {
        self.array()?.max_contains
    }

    /// Returns `minItems`.
    #[must_use]
    pub fn min_items(&self) -> Option<usize> {
        self.array()?.min_items
    }

    /// Returns `maxItems`.
    #[must_use]
    pub fn max_items(&self) -> Option<usize> {
        self.array()?.max_items
    }

    /// Returns `uniqueItems`.
    #[must_use]
    pub fn unique_items(&self) -> bool {
        self.array().is_some_and(|array| array.unique_items)
    }
}
