//! The keywords with subschemas.

use super::model::{ArrayKeywords, ObjectKeywords, Schema, SchemaId, StringKeywords};

/// A keyword with subschemas (JSON Schema 2020-12, Core, sections 10 and 11, and Validation,
/// section 8.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicator {
    /// `allOf`
    AllOf,
    /// `oneOf`
    OneOf,
    /// `anyOf`
    AnyOf,
    /// `not`
    Not,
    /// `if`
    If,
    /// `then`
    Then,
    /// `else`
    Else,
    /// `dependentSchemas`
    DependentSchemas,
    /// `properties`
    Properties,
    /// `patternProperties`
    PatternProperties,
    /// `additionalProperties`
    AdditionalProperties,
    /// `unevaluatedProperties`
    UnevaluatedProperties,
    /// `propertyNames`
    PropertyNames,
    /// `prefixItems`
    PrefixItems,
    /// `items`
    Items,
    /// `unevaluatedItems`
    UnevaluatedItems,
    /// `contains`
    Contains,
    /// `contentSchema`
    ContentSchema,
}

impl Applicator {
    /// The keywords whose subschemas are alternatives for a value.
    pub const UNION: &[Self] = &[Self::OneOf, Self::AnyOf];

    /// The keywords whose subschemas are the branches of a schema.
    pub const COMPOSITION: &[Self] = &[Self::AllOf, Self::OneOf, Self::AnyOf];

    /// The keywords whose subschemas apply to the same value as the schema (section 10.2).
    pub const IN_PLACE: &[Self] = &[
        Self::AllOf,
        Self::OneOf,
        Self::AnyOf,
        Self::Not,
        Self::If,
        Self::Then,
        Self::Else,
        Self::DependentSchemas,
    ];

    /// The keywords whose subschemas apply to parts of the value: its properties, their names, its
    /// items (section 10.3).
    pub const PARTS: &[Self] = &[
        Self::Properties,
        Self::PatternProperties,
        Self::AdditionalProperties,
        Self::UnevaluatedProperties,
        Self::PropertyNames,
        Self::PrefixItems,
        Self::Items,
        Self::UnevaluatedItems,
        Self::Contains,
    ];

    /// Returns all keywords.
    pub(in crate::document) fn all() -> impl Iterator<Item = Self> {
        let applied = [Self::IN_PLACE, Self::PARTS].into_iter().flatten().copied();
        applied.chain([Self::ContentSchema])
    }
}

/// The keywords of a schema, or those of a part of it.
#[derive(Clone, Copy)]
pub(super) struct Keywords<'a> {
    /// The schema, for the keywords that apply to values of all types.
    pub whole: Option<&'a Schema>,
    pub string: Option<&'a StringKeywords>,
    pub array: Option<&'a ArrayKeywords>,
    pub object: Option<&'a ObjectKeywords>,
}

impl Keywords<'_> {
    /// Adds the subschemas of a keyword, in document order.
    pub(super) fn add_subschemas(self, keyword: Applicator, found: &mut Vec<SchemaId>) {
        match keyword {
            Applicator::AllOf => found.extend(self.whole.into_iter().flat_map(|it| &it.all_of)),
            Applicator::OneOf => found.extend(self.whole.into_iter().flat_map(|it| &it.one_of)),
            Applicator::AnyOf => found.extend(self.whole.into_iter().flat_map(|it| &it.any_of)),
            Applicator::Not => found.extend(self.whole.and_then(|it| it.not)),
            Applicator::If => found.extend(self.conditional(0)),
            Applicator::Then => found.extend(self.conditional(1)),
            Applicator::Else => found.extend(self.conditional(2)),
            Applicator::DependentSchemas => {
                let schemas = self.object.into_iter().flat_map(|it| &it.dependent_schemas);
                found.extend(schemas.map(|(_, id)| id));
            }
            Applicator::Properties => {
                let object = self.object.into_iter();
                found.extend(object.flat_map(|it| it.properties.values()));
            }
            Applicator::PatternProperties => {
                let object = self.object.into_iter();
                let schemas = object.flat_map(|it| &it.pattern_properties);
                found.extend(schemas.map(|(_, id)| id));
            }
            Applicator::AdditionalProperties => {
                found.extend(self.object.and_then(|it| it.additional_properties));
            }
            Applicator::UnevaluatedProperties => {
                found.extend(self.object.and_then(|it| it.unevaluated_properties));
            }
            Applicator::PropertyNames => {
                found.extend(self.object.and_then(|it| it.property_names));
            }
            Applicator::PrefixItems => {
                found.extend(self.array.into_iter().flat_map(|it| &it.prefix_items));
            }
            Applicator::Items => found.extend(self.array.and_then(|it| it.items)),
            Applicator::UnevaluatedItems => {
                found.extend(self.array.and_then(|it| it.unevaluated_items));
            }
            Applicator::Contains => found.extend(self.array.and_then(|it| it.contains)),
            Applicator::ContentSchema => {
                found.extend(self.string.and_then(|it| it.content_schema));
            }
        }
    }

    /// Returns `if`, `then` or `else`.
    fn conditional(self, index: usize) -> Option<SchemaId> {
        *self.whole?.conditional.get(index)?
    }
}

impl Schema {
    /// Returns all keywords.
    pub(super) fn keywords(&self) -> Keywords<'_> {
        Keywords {
            whole: Some(self),
            string: self.string.as_deref(),
            array: self.array.as_deref(),
            object: self.object.as_deref(),
        }
    }
}
