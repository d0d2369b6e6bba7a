//! Numbers keep their digits.

use api::runtime::{Json, Number};
use api::types::Numbers;

/// Returns a text after reading and writing it, with and without the client's own writer.
fn round_trip(text: &str) -> [String; 2] {
    let numbers: Numbers = serde_json::from_str(text).unwrap();
    let written = api::runtime::json::write(&numbers).unwrap();
    [
        serde_json::to_string(&numbers).unwrap(),
        String::from_utf8(written).unwrap(),
    ]
}

#[test]
fn digits_are_preserved() {
    for text in [
        r#"{"exact":12345678901234567890.123}"#,
        r#"{"exact_default":1180591620717411303425}"#,
        r#"{"shown":0.1234567890123456789}"#,
        r#"{"huge":1180591620717411303425,"huge_bound":340282366920938463463374607431768211455}"#,
        r#"{"amounts":[0.12345678901234567890123]}"#,
        r#"{"anything":{"b":12345678901234567890.123,"a":[1.50,1E+3]}}"#,
        // A 32-bit number is not written with more digits.
        r#"{"float":1234567.89}"#,
    ] {
        assert_eq!(round_trip(text), [text, text]);
    }
}

#[test]
fn a_default_has_all_digits() {
    let numbers = Numbers::default();
    assert_eq!(
        numbers.exact_default.to_string(),
        "12345678901234567890.123"
    );
    assert_eq!(numbers.amounts[0].to_string(), "0.12345678901234567890");
    assert_eq!(numbers.amounts[1], Number::from(2));
    assert_eq!(
        numbers.anything.to_string(),
        r#"{"z":0.12345678901234567890,"a":[1.5,-1,null]}"#
    );
    assert_eq!(
        numbers.ordered.to_string(),
        r#"{"z":[-1,2.5],"a":{"b":"text"}}"#
    );
    assert_eq!(numbers.ordered["a"]["b"], "text");
    assert_eq!(round_trip("{}"), ["{}", "{}"]);
    let other: Json = "0.123456789012345678".parse().unwrap();
    assert_ne!(other, numbers.anything["z"]);
}
