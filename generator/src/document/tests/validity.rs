//! Validation of values, and the reasons for invalid ones.

use serde_json::{Value, json};

use super::with_schema;
use crate::document::{Outcome, Refusal, Validity};

/// Returns the reason and its place in the value. Empty if the value is valid.
fn verdict(schema: &Value, value: &Value) -> String {
    let document = with_schema(schema);
    let (_, node) = document.schemas().next().expect("the schema");
    match Validity::default().check(&node, value) {
        Outcome::Allowed => String::new(),
        Outcome::Refused(Refusal { at, reason, .. }) if at.as_str().is_empty() => reason,
        Outcome::Refused(Refusal { at, reason, .. }) => format!("{at}: {reason}"),
        Outcome::NotChecked => "not checked".to_owned(),
    }
}

#[test]
fn values_that_are_allowed() {
    for (schema, value) in [
        (json!({}), json!(null)),
        (json!({ "type": "integer" }), json!(1.0)),
        (json!({ "type": "number" }), json!(1)),
        (json!({ "type": ["string", "null"] }), json!(null)),
        (json!({ "type": ["string", "integer"] }), json!(7)),
        (json!({ "enum": [1, "a", null] }), json!(1.0)),
        (
            json!({ "type": "number", "multipleOf": 0.01 }),
            json!(19.99),
        ),
        (json!({ "type": "string", "maxLength": 2 }), json!("äö")),
        // Not decided, because the engine does not support the keyword.
        (json!({ "type": "string", "pattern": "^(?!x)" }), json!("x")),
        (
            json!({ "type": "string", "format": "date-time" }),
            json!("soon"),
        ),
        (json!({ "minLength": 9, "type": "integer" }), json!(1)),
        (
            json!({ "type": "object", "required": ["id"], "properties": { "id": { "readOnly": true } } }),
            json!({}),
        ),
        (
            json!({ "prefixItems": [{ "type": "string" }], "items": { "type": "integer" } }),
            json!(["a", 1, 2]),
        ),
        (
            json!({ "patternProperties": { "^x-": true }, "additionalProperties": false }),
            json!({ "x-a": 1 }),
        ),
        (
            json!({
                "allOf": [
                    { "properties": { "a": { "type": "string" } }, "additionalProperties": false },
                    { "properties": { "b": { "type": "string" } } },
                ],
            }),
            json!({ "a": "", "b": "" }),
        ),
        (
            json!({ "if": { "required": ["a"] }, "then": { "required": ["b"] } }),
            json!({ "c": 1 }),
        ),
        (json!({ "$ref": "#/components/schemas/Other" }), json!("")),
    ] {
        assert_eq!(verdict(&schema, &value), "", "{schema} {value}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn values_that_are_refused() {
    for (schema, value, reason) in [
        (
            json!({ "type": "string" }),
            json!(null),
            "null is not a string",
        ),
        (
            json!({ "type": "integer" }),
            json!(1.5),
            "1.5 is not an integer",
        ),
        (json!({ "type": "null" }), json!(1), "1 is not null"),
        (
            json!({ "properties": { "a": {} } }),
            json!([]),
            "an array is not an object",
        ),
        (
            json!({ "type": ["string", "integer"] }),
            json!(true),
            "no branch of `anyOf` matches",
        ),
        (
            json!({ "const": 1 }),
            json!(2),
            "2 is not 1, the value of `const`",
        ),
        (
            json!({ "type": "integer", "maximum": 9_007_199_254_740_992_u64 }),
            json!(9_007_199_254_740_993_u64),
            "9007199254740993 violates `maximum: 9007199254740992`",
        ),
        (
            json!({ "type": "array", "minItems": 2 }),
            json!([1]),
            "1 items are fewer than `minItems`, 2",
        ),
        (
            json!({ "prefixItems": [{ "type": "string" }], "items": false }),
            json!(["a", 1]),
            "/1: there are more items than `items: false` allows",
        ),
        (
            json!({ "type": "array", "contains": { "const": 1 } }),
            json!([2]),
            "0 items match `contains`",
        ),
        (
            json!({ "additionalProperties": { "type": "integer" } }),
            json!({ "a/b": "c" }),
            "/a~1b: \"c\" is not an integer",
        ),
        (
            json!({ "properties": { "a": {} }, "unevaluatedProperties": false }),
            json!({ "b": 1 }),
            "the property `b` is not declared, and `unevaluatedProperties` is false",
        ),
        (
            json!({ "propertyNames": { "pattern": "^[a-z]+$" } }),
            json!({ "A": 1 }),
            "`propertyNames` rejects the name `A`",
        ),
        (
            json!({ "dependentRequired": { "a": ["b"] } }),
            json!({ "a": 1 }),
            "`a` is present, but `b` is missing",
        ),
        (
            json!({ "if": { "required": ["a"] }, "then": { "required": ["b"] } }),
            json!({ "a": 1 }),
            "the required property `b` is missing",
        ),
        (
            json!({ "oneOf": [{ "properties": { "a": { "const": 1 } } }, { "type": "string" }] }),
            json!({ "a": 2 }),
            "/a: 2 is not 1, the value of `const`",
        ),
        (
            json!({ "$ref": "#/components/schemas/Other", "maxLength": 1 }),
            json!("ab"),
            "\"ab\" is longer than `maxLength`, 1",
        ),
    ] {
        assert_eq!(verdict(&schema, &value), reason, "{schema} {value}");
    }
}

#[test]
fn a_comparison_with_too_many_steps_is_not_decided() {
    // Each level doubles the number of branches to compare with.
    let mut schema = json!({ "type": "string" });
    for _ in 0..40 {
        schema = json!({ "anyOf": [{ "properties": { "a": schema } }, { "type": "array" }, { "properties": { "a": schema } }] });
        if schema.to_string().len() > 100_000 {
            break;
        }
    }
    let mut value = json!(1);
    for _ in 0..40 {
        value = json!({ "a": value });
    }
    let document = with_schema(&schema);
    let (_, node) = document.schemas().next().expect("the schema");
    let start = std::time::Instant::now();
    let _ = Validity::default().check(&node, &value);
    assert!(start.elapsed().as_secs() < 20);
}
