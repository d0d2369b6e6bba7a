//! Accessors of [`SchemaView`] for the keywords that apply to values of one type.

use openapiv3::{AdditionalProperties, ReferenceOr, Schema, SchemaKind, Type};
use serde_json::{Number, Value};

use super::schema::facet;
use super::values::{self, number};
use super::{Bound, NamedNodes, Nodes, SchemaNode, SchemaOrBool, SchemaView};

use SchemaKind::{Any, Type as Typed};

impl<'a> SchemaView<'a> {
    // Text and numbers.

    /// Returns `format`.
    #[must_use]
    pub fn format(&self) -> Option<&'a str> {
        match &self.schema.schema_kind {
            Typed(Type::String(string)) => values::string_format(&string.format),
            Typed(Type::Integer(integer)) => values::integer_format(&integer.format),
            Typed(Type::Number(number)) => values::number_format(&number.format),
            Any(any) => any.format.as_deref(),
            _ => None,
        }
    }

    /// Returns `pattern`, an ECMA-262 regular expression.
    #[must_use]
    pub fn pattern(&self) -> Option<&'a str> {
        facet!(self, Typed(Type::String(string)) => string.pattern.as_deref(), Any(any) => any.pattern.as_deref())
    }

    /// Returns `minLength`, in characters.
    #[must_use]
    pub fn min_length(&self) -> Option<usize> {
        let own = self.string().and_then(|string| string.min_length);
        own.or_else(|| self.any()?.min_length)
    }

    /// Returns `maxLength`, in characters.
    #[must_use]
    pub fn max_length(&self) -> Option<usize> {
        let own = self.string().and_then(|string| string.max_length);
        own.or_else(|| self.any()?.max_length)
    }

    /// Returns `minimum` or `exclusiveMinimum`, whichever is narrower.
    #[must_use]
    pub fn minimum(&self) -> Option<Bound> {
        let (value, exclusive) = facet!(
            self,
            Typed(Type::Integer(integer)) => Some((integer.minimum.map(Number::from), integer.exclusive_minimum)),
            Typed(Type::Number(own)) => Some((own.minimum.and_then(number), own.exclusive_minimum)),
            Any(any) => Some((any.minimum.and_then(number), any.exclusive_minimum == Some(true))),
        )?;
        self.bound("minimum", value, exclusive)
    }

    /// Returns `maximum` or `exclusiveMaximum`, whichever is narrower.
    #[must_use]
    pub fn maximum(&self) -> Option<Bound> {
        let (value, exclusive) = facet!(
            self,
            Typed(Type::Integer(integer)) => Some((integer.maximum.map(Number::from), integer.exclusive_maximum)),
            Typed(Type::Number(own)) => Some((own.maximum.and_then(number), own.exclusive_maximum)),
            Any(any) => Some((any.maximum.and_then(number), any.exclusive_maximum == Some(true))),
        )?;
        self.bound("maximum", value, exclusive)
    }

    fn bound(&self, keyword: &str, value: Option<Number>, exclusive: bool) -> Option<Bound> {
        Some(Bound {
            value: self.carried_number(keyword).or(value)?,
            exclusive,
        })
    }

    fn carried_number(&self, keyword: &str) -> Option<Number> {
        match self.carried(keyword)? {
            Value::Number(number) => Some(number.clone()),
            _ => None,
        }
    }

    /// Returns `multipleOf`.
    #[must_use]
    pub fn multiple_of(&self) -> Option<Number> {
        self.carried_number("multipleOf").or_else(|| {
            facet!(
                self,
                Typed(Type::Integer(integer)) => integer.multiple_of.map(Number::from),
                Typed(Type::Number(own)) => own.multiple_of.and_then(number),
                Any(any) => any.multiple_of.and_then(number),
            )
        })
    }

    /// Returns `contentEncoding` (`base64`).
    #[must_use]
    pub fn content_encoding(&self) -> Option<&'a str> {
        self.carried("contentEncoding")?.as_str()
    }

    /// Returns `contentMediaType`.
    #[must_use]
    pub fn content_media_type(&self) -> Option<&'a str> {
        self.carried("contentMediaType")?.as_str()
    }

    /// Returns `contentSchema`.
    #[must_use]
    pub fn content_schema(&self) -> Option<SchemaNode<'a>> {
        self.placed("contentSchema")
    }

    // Objects.

    /// Returns `properties`.
    #[must_use]
    pub fn properties(&self) -> NamedNodes<'a> {
        let properties = self.object().map(|object| &object.properties);
        let properties = properties.or_else(|| Some(&self.any()?.properties));
        let Some(properties) = properties.filter(|properties| !properties.is_empty()) else {
            return Vec::new();
        };
        let at = self.pointer.child("properties");
        let nodes = properties.iter().map(|(name, schema)| {
            let node = SchemaNode::new(self.document, schema.into(), at.child(name));
            (name.as_str(), node)
        });
        nodes.collect()
    }

    /// Returns the property with the given name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<SchemaNode<'a>> {
        let properties = self.object().map(|object| &object.properties);
        let properties = properties.or_else(|| Some(&self.any()?.properties))?;
        Some(self.child(properties.get(name)?.into(), &["properties", name]))
    }

    /// Returns `required`, without duplicates.
    #[must_use]
    pub fn required(&self) -> &'a [String] {
        let required = self.object().map(|object| &object.required);
        let required = required.or_else(|| Some(&self.any()?.required));
        required.map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns true if `required` lists the property.
    #[must_use]
    pub fn requires(&self, name: &str) -> bool {
        self.required().iter().any(|required| required == name)
    }

    /// Returns `additionalProperties`.
    #[must_use]
    pub fn additional_properties(&self) -> SchemaOrBool<'a> {
        let additional = facet!(
            self,
            Typed(Type::Object(object)) => object.additional_properties.as_ref(),
            Any(any) => any.additional_properties.as_ref(),
        );
        match additional {
            None => SchemaOrBool::Unsaid,
            Some(AdditionalProperties::Any(true)) => SchemaOrBool::Any,
            Some(AdditionalProperties::Any(false)) => SchemaOrBool::Closed,
            Some(AdditionalProperties::Schema(schema)) => {
                let schema: &ReferenceOr<Schema> = schema;
                self.child(schema.into(), &["additionalProperties"]).rest()
            }
        }
    }

    /// Returns `patternProperties`: regular expressions over names, with the schemas of the
    /// matching properties.
    #[must_use]
    pub fn pattern_properties(&self) -> NamedNodes<'a> {
        self.placed_map("patternProperties")
    }

    /// Returns `propertyNames`.
    #[must_use]
    pub fn property_names(&self) -> Option<SchemaNode<'a>> {
        self.placed("propertyNames")
    }

    /// Returns `unevaluatedProperties`.
    #[must_use]
    pub fn unevaluated_properties(&self) -> SchemaOrBool<'a> {
        self.placed_rest("unevaluatedProperties")
    }

    /// Returns `dependentRequired`: property names, each with the properties required beside it.
    #[must_use]
    pub fn dependent_required(&self) -> Vec<(&'a str, Vec<&'a str>)> {
        let map = self.carried("dependentRequired").and_then(Value::as_object);
        let names = |value: &'a Value| {
            let list = value.as_array().into_iter().flatten();
            list.filter_map(Value::as_str).collect()
        };
        map.into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), names(value)))
            .collect()
    }

    /// Returns `dependentSchemas`.
    #[must_use]
    pub fn dependent_schemas(&self) -> NamedNodes<'a> {
        self.placed_map("dependentSchemas")
    }

    /// Returns `minProperties`.
    #[must_use]
    pub fn min_properties(&self) -> Option<usize> {
        let own = self.object().and_then(|object| object.min_properties);
        own.or_else(|| self.any()?.min_properties)
    }

    /// Returns `maxProperties`.
    #[must_use]
    pub fn max_properties(&self) -> Option<usize> {
        let own = self.object().and_then(|object| object.max_properties);
        own.or_else(|| self.any()?.max_properties)
    }

    // Arrays.

    /// Returns `items`; [`SchemaOrBool::Closed`] for `items: false`.
    #[must_use]
    pub fn items(&self) -> SchemaOrBool<'a> {
        let items = facet!(
            self,
            Typed(Type::Array(array)) => array.items.as_ref(),
            Any(any) => any.items.as_ref(),
        );
        match items {
            Some(items) => self.child(items.into(), &["items"]).rest(),
            None if self.carried("items").is_some() => SchemaOrBool::Closed,
            None => SchemaOrBool::Unsaid,
        }
    }

    /// Returns `prefixItems`, or the array form of `items` of older editions.
    #[must_use]
    pub fn prefix_items(&self) -> Nodes<'a> {
        let at = self.pointer.child("prefixItems");
        let list = self.carried("prefixItems").and_then(Value::as_array);
        let indexes = 0..list.map_or(0, Vec::len);
        indexes
            .filter_map(|index| self.document.schema(&at.child(index)))
            .collect()
    }

    /// Returns `unevaluatedItems`.
    #[must_use]
    pub fn unevaluated_items(&self) -> SchemaOrBool<'a> {
        self.placed_rest("unevaluatedItems")
    }

    /// Returns `contains`.
    #[must_use]
    pub fn contains(&self) -> Option<SchemaNode<'a>> {
        self.placed("contains")
    }

    /// Returns `minContains`.
    #[must_use]
    pub fn min_contains(&self) -> Option<usize> {
        usize::try_from(self.carried("minContains")?.as_u64()?).ok()
    }

    /// Returns `maxContains`.
    #[must_use]
    pub fn max_contains(&self) -> Option<usize> {
        usize::try_from(self.carried("maxContains")?.as_u64()?).ok()
    }

    /// Returns `minItems`.
    #[must_use]
    pub fn min_items(&self) -> Option<usize> {
        let own = self.array().and_then(|array| array.min_items);
        own.or_else(|| self.any()?.min_items)
    }

    /// Returns `maxItems`.
    #[must_use]
    pub fn max_items(&self) -> Option<usize> {
        let own = self.array().and_then(|array| array.max_items);
        own.or_else(|| self.any()?.max_items)
    }

    /// Returns `uniqueItems`.
    #[must_use]
    pub fn unique_items(&self) -> bool {
        let own = self.array().map(|array| array.unique_items);
        own.or_else(|| self.any()?.unique_items).unwrap_or_default()
    }
}
