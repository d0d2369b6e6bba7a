//! The fields of `openapiv3`'s schemas as JSON and as text.

use openapiv3::{
    AnySchema, IntegerFormat, NumberFormat, StringFormat, VariantOrUnknownOrEmpty as Format,
};
use serde_json::{Number, Value};

use super::SchemaType;

/// Carried keywords that restrict the values.
pub(super) const CONSTRAINTS: [&str; 17] = [
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "items",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "then",
    "else",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
];

pub(super) const OBJECT_KEYWORDS: [&str; 5] = [
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "dependentRequired",
    "dependentSchemas",
];

pub(super) const ARRAY_KEYWORDS: [&str; 6] = [
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "items",
];

pub(super) const STRING_KEYWORDS: [&str; 3] =
    ["contentEncoding", "contentMediaType", "contentSchema"];

pub(super) fn is_about_objects(any: &AnySchema) -> bool {
    !any.properties.is_empty()
        || !any.required.is_empty()
        || any.additional_properties.is_some()
        || any.min_properties.is_some()
        || any.max_properties.is_some()
}

pub(super) fn is_about_arrays(any: &AnySchema) -> bool {
    any.items.is_some()
        || any.min_items.is_some()
        || any.max_items.is_some()
        || any.unique_items.is_some()
}

pub(super) fn is_about_strings(any: &AnySchema) -> bool {
    any.pattern.is_some() || any.min_length.is_some() || any.max_length.is_some()
}

pub(super) fn is_about_numbers(any: &AnySchema) -> bool {
    any.minimum.is_some() || any.maximum.is_some() || any.multiple_of.is_some()
}

pub(super) fn type_of_name(name: &str) -> Option<SchemaType> {
    Some(match name {
        "string" => SchemaType::String,
        "number" => SchemaType::Number,
        "integer" => SchemaType::Integer,
        "boolean" => SchemaType::Boolean,
        "array" => SchemaType::Array,
        "object" => SchemaType::Object,
        _ => return None,
    })
}

fn type_of(value: &Value) -> Option<SchemaType> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => SchemaType::Boolean,
        Value::Number(number) if number.is_f64() => SchemaType::Number,
        Value::Number(_) => SchemaType::Integer,
        Value::String(_) => SchemaType::String,
        Value::Array(_) => SchemaType::Array,
        Value::Object(_) => SchemaType::Object,
    })
}

/// Returns the common type of all values, ignoring `null`.
pub(super) fn type_of_all(values: &[Value]) -> Option<SchemaType> {
    let mut types = values.iter().filter_map(type_of);
    let mut all = types.next()?;
    for other in types {
        all = match (all, other) {
            (one, other) if one == other => one,
            (
                SchemaType::Integer | SchemaType::Number,
                SchemaType::Integer | SchemaType::Number,
            ) => SchemaType::Number,
            _ => return None,
        };
    }
    Some(all)
}

pub(super) fn only_null<T>(values: &[Option<T>]) -> bool {
    !values.is_empty() && values.iter().all(Option::is_none)
}

pub(super) fn json<T: Clone + Into<Value>>(values: &[Option<T>]) -> Vec<Value> {
    let values = values.iter().cloned();
    values
        .map(|value| value.map_or(Value::Null, Into::into))
        .collect()
}

/// Returns the number as written, if the `f64` is exact: larger integers than 2^53 are carried.
pub(super) fn number(value: f64) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
        let whole = value as i64;
        return Some(Number::from(whole));
    }
    Number::from_f64(value)
}

pub(super) fn string_format(format: &Format<StringFormat>) -> Option<&str> {
    Some(match format {
        Format::Item(StringFormat::Date) => "date",
        Format::Item(StringFormat::DateTime) => "date-time",
        Format::Item(StringFormat::Password) => "password",
        Format::Item(StringFormat::Byte) => "byte",
        Format::Item(StringFormat::Binary) => "binary",
        Format::Unknown(format) => format,
        Format::Empty => return None,
    })
}

pub(super) fn integer_format(format: &Format<IntegerFormat>) -> Option<&str> {
    Some(match format {
        Format::Item(IntegerFormat::Int32) => "int32",
        Format::Item(IntegerFormat::Int64) => "int64",
        Format::Unknown(format) => format,
        Format::Empty => return None,
    })
}

pub(super) fn number_format(format: &Format<NumberFormat>) -> Option<&str> {
    Some(match format {
        Format::Item(NumberFormat::Float) => "float",
        Format::Item(NumberFormat::Double) => "double",
        Format::Unknown(format) => format,
        Format::Empty => return None,
    })
}
