//! The keywords of schemas.

use serde_json::Value;

use super::object::FieldType::{
    Count, Data, DataList, Flag, FlagOrNumber, List, Map, MapOrTexts, Number, One, OneOrList, Text,
    TextOrTexts, Texts, TextsMap,
};
use super::object::{Object, define, field};
use super::object_kind::ObjectKind::{Discriminator, ExternalDocumentation, Schema};

/// The types of the values that a keyword applies to.
const STRING: &[&str] = &["string"];
const NUMBER: &[&str] = &["integer", "number"];
const ARRAY: &[&str] = &["array"];
const OBJECT: &[&str] = &["object"];

/// The Schema Object of OpenAPI 3.0 and of JSON Schema 2020-12 (OpenAPI 3.1 and 3.2).
pub(super) static SCHEMA: Object = define(
    Schema,
    &[
        field("type", TextOrTexts),
        field("format", Text),
        field("description", Text),
        field("title", Text),
        field("properties", Map(Schema)).applies_to(OBJECT),
        field("required", Texts).applies_to(OBJECT),
        field("items", OneOrList(Schema)).applies_to(ARRAY),
        field("enum", DataList),
        field("default", Data),
        field("example", Data),
        field("nullable", Flag),
        field("readOnly", Flag),
        field("writeOnly", Flag),
        field("deprecated", Flag),
        field("additionalProperties", One(Schema)).applies_to(OBJECT),
        field("pattern", Text).applies_to(STRING),
        field("minLength", Count).applies_to(STRING),
        field("maxLength", Count).applies_to(STRING),
        field("minimum", Number).applies_to(NUMBER),
        field("maximum", Number).applies_to(NUMBER),
        field("exclusiveMinimum", FlagOrNumber).applies_to(NUMBER),
        field("exclusiveMaximum", FlagOrNumber).applies_to(NUMBER),
        field("multipleOf", Number).applies_to(NUMBER),
        field("minItems", Count).applies_to(ARRAY),
        field("maxItems", Count).applies_to(ARRAY),
        field("uniqueItems", Flag).applies_to(ARRAY),
        field("minProperties", Count).applies_to(OBJECT),
        field("maxProperties", Count).applies_to(OBJECT),
        field("allOf", List(Schema)),
        field("oneOf", List(Schema)),
        field("anyOf", List(Schema)),
        field("not", One(Schema)),
        field("discriminator", One(Discriminator)),
        field("externalDocs", One(ExternalDocumentation)),
        field("xml", Data),
        field("const", Data),
        field("examples", DataList),
        field("prefixItems", List(Schema)).applies_to(ARRAY),
        field("contains", One(Schema)).applies_to(ARRAY),
        field("minContains", Count).applies_to(ARRAY),
        field("maxContains", Count).applies_to(ARRAY),
        field("unevaluatedItems", One(Schema)).applies_to(ARRAY),
        field("patternProperties", Map(Schema)).applies_to(OBJECT),
        field("propertyNames", One(Schema)).applies_to(OBJECT),
        field("unevaluatedProperties", One(Schema)).applies_to(OBJECT),
        field("dependentRequired", TextsMap).applies_to(OBJECT),
        field("dependentSchemas", Map(Schema)).applies_to(OBJECT),
        // Before JSON Schema 2019-09 and 2020-12.
        field("dependencies", MapOrTexts(Schema)).applies_to(OBJECT),
        field("additionalItems", One(Schema)).applies_to(ARRAY),
        field("if", One(Schema)),
        field("then", One(Schema)),
        field("else", One(Schema)),
        field("contentEncoding", Text).applies_to(STRING),
        field("contentMediaType", Text).applies_to(STRING),
        field("contentSchema", One(Schema)).applies_to(STRING),
        field("$defs", Map(Schema)),
        field("definitions", Map(Schema)),
        field("$id", Text),
        field("$schema", Text),
        field("$anchor", Text),
        field("$dynamicAnchor", Text),
        field("$recursiveAnchor", Flag),
        field("$vocabulary", Data),
        field("$comment", Text),
    ],
);

/// The names of types (JSON Schema 2020-12, section 6.1.1).
pub(crate) const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// Returns the types that a keyword of a schema applies to; empty for all types.
pub(crate) fn keyword_types(keyword: &str) -> &'static [&'static str] {
    SCHEMA.field(keyword).map_or(&[], |field| field.types)
}

/// Returns the types that a format applies to, the most likely first.
pub(crate) fn format_types(format: &str) -> &'static [&'static str] {
    match format {
        "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32"
        | "uint64" | "float" | "double" | "decimal" | "timestamp" | "unix-time" => {
            &["integer", "number"]
        }
        _ => &["string"],
    }
}

/// Returns `true` if a value is of a type; `1.0` is an integer (JSON Schema, section 4.2.3).
pub(crate) fn is_of_type(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
        Value::Number(number) => {
            name == "number"
                || name == "integer" && number.as_f64().is_none_or(|number| number.fract() == 0.0)
        }
    }
}
