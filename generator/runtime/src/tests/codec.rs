//! The codec tables, compared with serde's derives, and their additional features.

mod derives;
mod enums;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::count::Count;
use crate::runtime::codec::{newtype, object};
use crate::runtime::integer_enum::integer_enum;
use crate::runtime::json::{self};
use crate::runtime::json_enum::json_enum;
use crate::runtime::json_value::Json;
use crate::runtime::secret::Secret;
use crate::runtime::text_enum::text_enum;

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    json::read(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

fn written<T: Serialize>(value: &T) -> String {
    String::from_utf8(json::write(value).unwrap()).unwrap()
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Presence {
    required: i64,
    nullable: Option<i64>,
    optional: Option<i64>,
    optional_nullable: Option<Option<i64>>,
    default: i64,
    default_nullable: Option<i64>,
    preset: i64,
}

impl Presence {
    fn seven() -> i64 {
        7
    }
    fn maybe_seven() -> Option<i64> {
        Some(7)
    }
}

object! { Presence, closed {
    "required" required: required,
    "nullable" nullable: nullable,
    "optional" optional: optional,
    "optional-nullable" optional_nullable: optional_nullable,
    "default" default: default(seven),
    "default_nullable" default_nullable: default_nullable(maybe_seven),
    "preset" preset: preset(seven),
} }

#[test]
fn absent_null_and_empty_are_different() {
    let least = read::<Presence>(&json!({"required": 1, "nullable": null})).unwrap();
    let expected = Presence {
        required: 1,
        default: 7,
        default_nullable: Some(7),
        preset: 7,
        ..Presence::default()
    };
    assert_eq!(least, expected);
    assert_eq!(
        written(&least),
        r#"{"required":1,"nullable":null,"preset":7}"#
    );
    let nulls = read::<Presence>(&json!({
        "required": 1, "nullable": null, "optional": null, "optional-nullable": null,
        "default": null, "default_nullable": null, "preset": null,
    }))
    .unwrap();
    let expected = Presence {
        optional_nullable: Some(None),
        default_nullable: None,
        ..expected
    };
    assert_eq!(nulls, expected);
    assert_eq!(
        written(&nulls),
        r#"{"required":1,"nullable":null,"optional-nullable":null,"default_nullable":null,"preset":7}"#
    );
    let full = json!({
        "required": 1, "nullable": 2, "optional": 3, "optional-nullable": 4,
        "default": 5, "default_nullable": 6, "preset": 8,
    });
    let value = read::<Presence>(&full).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), full);
    for missing in ["required", "nullable"] {
        let mut value = full.clone();
        value.as_object_mut().unwrap().remove(missing);
        assert_eq!(
            read::<Presence>(&value).unwrap_err(),
            format!("missing field `{missing}`")
        );
    }
    let mut null = full.clone();
    null["required"] = Value::Null;
    assert_eq!(
        read::<Presence>(&null).unwrap_err(),
        ".required: invalid type: null, expected i64"
    );
}

#[test]
fn a_duplicate_is_an_error_also_after_null() {
    for text in [
        r#"{"required":1,"nullable":1,"optional":null,"optional":1}"#,
        r#"{"required":1,"nullable":1,"optional":1,"optional":null}"#,
    ] {
        let error = json::read::<Presence>(text.as_bytes()).unwrap_err();
        assert_eq!(error.message(), "duplicate field `optional`");
    }
}

#[test]
fn a_closed_object_names_the_unknown_property() {
    let error = read::<Presence>(&json!({"required": 1, "requird": 2})).unwrap_err();
    assert_eq!(
        error,
        ".requird: unknown field `requird`, expected one of `required`, `nullable`, `optional`, \
         `optional-nullable`, `default`, `default_nullable`, `preset`"
    );
}

#[derive(Clone, Debug, PartialEq)]
struct Kept {
    id: i64,
    name: String,
    extra: BTreeMap<String, Value>,
}

impl Kept {
    fn anonymous() -> String {
        "anonymous".to_owned()
    }
}

object! { Kept, kept(extra) {
    "id" id: required,
    "name" name: default(anonymous),
} }

#[test]
fn unknown_properties_are_kept() {
    let value = json!({"id": 1, "b": null, "a": {"x": [1.5]}});
    let kept = read::<Kept>(&value).unwrap();
    assert_eq!(kept.extra.len(), 2);
    assert_eq!(written(&kept), r#"{"id":1,"a":{"x":[1.5]},"b":null}"#);
    let twice = json::read::<Kept>(br#"{"id":1,"b":1,"b":2}"#).unwrap_err();
    assert_eq!(twice.message(), "duplicate field `b`");
    let mut clash = kept;
    clash.extra.insert("id".to_owned(), json!(2));
    let error = json::write(&clash).unwrap_err();
    assert!(error.to_string().contains("`id`"), "{error}");
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Empty {}

object! { Empty, open {} }

#[derive(Clone, Debug, Default, PartialEq)]
struct Shut {}

object! { Shut, closed {} }

#[derive(Clone, Debug, Default, PartialEq)]
struct Bag {
    additional_properties: BTreeMap<String, Vec<i64>>,
}

object! { Bag, kept(additional_properties) {} }

#[test]
fn a_table_can_be_empty() {
    assert_eq!(read::<Empty>(&json!({"a": 1})), Ok(Empty {}));
    assert_eq!(written(&Empty {}), "{}");
    assert_eq!(read::<Shut>(&json!({})), Ok(Shut {}));
    assert!(read::<Shut>(&json!({"a": 1})).is_err());
    assert!(read::<Shut>(&json!([])).is_err());
    let bag = read::<Bag>(&json!({"a": [1], "b": []})).unwrap();
    assert_eq!(written(&bag), r#"{"a":[1],"b":[]}"#);
    let error = read::<Bag>(&json!({"a": [1, "x"]})).unwrap_err();
    assert_eq!(error, ".a[1]: invalid type: string, expected i64");
}

#[test]
fn the_number_of_properties_is_exact() {
    let presence =
        read::<Presence>(&json!({"required": 1, "nullable": null, "optional": 2})).unwrap();
    assert_eq!(presence.serialize(Count).unwrap_err().0, Some(4));
    let kept = read::<Kept>(&json!({"id": 1, "a": 1, "b": 2})).unwrap();
    assert_eq!(kept.serialize(Count).unwrap_err().0, Some(3));
}

macro_rules! wide {
    ($($name:literal $field:ident,)*) => {
        #[derive(Debug, PartialEq)]
        struct Wide { $($field: Option<u32>,)* }
        object! { Wide, closed { $($name $field: optional,)* } }
        const WIDE: &[&str] = &[$($name),*];
    };
}
include!("wide.in");

#[test]
fn three_hundred_rows_work_in_any_order() {
    assert_eq!(WIDE.len(), 300);
    let entry = |name: &str| format!("\"{name}\":{}", &name[1..]);
    let forth = format!(
        "{{{}}}",
        WIDE.iter().map(|n| entry(n)).collect::<Vec<_>>().join(",")
    );
    let back = format!(
        "{{{}}}",
        WIDE.iter()
            .rev()
            .map(|n| entry(n))
            .collect::<Vec<_>>()
            .join(",")
    );
    let value = serde_json::from_str::<Wide>(&forth).unwrap();
    assert_eq!(serde_json::from_str::<Wide>(&back).unwrap(), value);
    assert_eq!(written(&value), forth);
    let some = serde_json::from_str::<Wide>(r#"{"f250":250,"f3":3,"f4":4}"#).unwrap();
    assert_eq!(written(&some), r#"{"f3":3,"f4":4,"f250":250}"#);
}

/// The names of types and properties in a document can be any names.
mod hostile {
    #![allow(dead_code, non_camel_case_types, reason = "the names are the test")]
    use std::collections::BTreeMap as Map;

    type Text = ::std::string::String;

    #[derive(Clone, Debug, PartialEq)]
    pub struct Option {
        pub entries: Text,
        pub serializer: ::core::option::Option<Text>,
        pub count: ::core::option::Option<Text>,
        pub r#type: Text,
        pub extra: Map<Text, Result>,
    }
    #[derive(Clone, Debug, PartialEq)]
    pub struct Result(pub Vec<Option>);
    #[derive(Clone, Debug, PartialEq)]
    pub enum String {
        Some,
        None,
        Ok,
        Err,
        str(Text),
    }
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum i64 {
        Option,
        Other(::core::primitive::i64),
    }
    pub struct Self_;
    pub struct Serialize;
    pub struct Deserialize;
    pub struct Vec_;
}

mod hostile_codec {
    // All names are in scope, as in a crate that imports them.
    #![allow(unused_imports, reason = "the names are the test")]
    use super::hostile::*;
    use crate::runtime::codec::{newtype, object};
    use crate::runtime::integer_enum::integer_enum;
    use crate::runtime::text_enum::text_enum;
    mod serde {}
    mod core {}
    mod std {}

    object! { Option, kept(extra) {
        "entries" entries: required,
        "serializer" serializer: optional,
        "count" count: optional,
        "type" r#type: default(default_type),
    } }
    impl Option {
        pub fn default_type() -> ::std::string::String {
            ::std::string::String::new()
        }
    }
    newtype! { Result }
    text_enum! { String, open(str) { "Some" Some, "none" None, "Ok" Ok, "Err" Err, } }
    integer_enum! { i64, open(Other) { -1 Option, } }
}

#[test]
fn types_can_have_names_of_the_prelude() {
    let value = json!({"entries": "e", "count": "c", "more": [{"entries": "f"}]});
    let read = read::<hostile::Option>(&value).unwrap();
    assert_eq!(read.extra["more"].0[0].entries, "f");
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    assert_eq!(hostile::String::from("none"), hostile::String::None);
    assert_eq!(hostile::i64::from(-1), hostile::i64::Option);
}

#[derive(Clone, Debug, PartialEq)]
struct Tree(Vec<Tree>);

newtype! { Tree }

#[test]
fn a_newtype_is_encoded_as_its_value() {
    let tree = read::<Tree>(&json!([[], [[]]])).unwrap();
    assert_eq!(tree, Tree(vec![Tree(vec![]), Tree(vec![Tree(vec![])])]));
    assert_eq!(written(&tree), "[[],[[]]]");
}

#[test]
fn numbers_keep_their_value() {
    for (text, expected) in [
        ("1", "1"),
        ("1.0", "1"),
        ("-0.0", "-0"),
        ("1.5", "1.5"),
        ("9007199254740991", "9007199254740991"),
        ("1e300", "1e+300"),
        ("0.1", "0.1"),
    ] {
        let number = json::read::<f64>(text.as_bytes()).unwrap();
        let again = written(&number);
        assert_eq!(
            json::read::<f64>(again.as_bytes()).unwrap().to_bits(),
            number.to_bits()
        );
        assert_eq!(again, expected);
    }
    assert_eq!(written(&0.1_f32), "0.1");
    assert_eq!(written(&3_f32), "3");
    for text in ["-9223372036854775808", "9223372036854775807"] {
        assert_eq!(written(&json::read::<i64>(text.as_bytes()).unwrap()), text);
    }
}

#[test]
fn an_invalid_json_number_is_rejected() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = json::write(&vec![Some(1.0), None, Some(number)]).unwrap_err();
        assert!(
            error.to_string().ends_with("is not a JSON number"),
            "{error}"
        );
        assert!(json::write(&f32::NAN).is_err());
    }
    assert_eq!(written(&vec![None::<f64>]), "[null]");
}

#[test]
fn an_error_has_the_path() {
    #[derive(Debug)]
    struct Outer {
        #[allow(dead_code, reason = "only read")]
        widgets: BTreeMap<String, Vec<Kept>>,
    }
    object! { Outer, open { "widgets" widgets: required, } }
    let error = |text: &str| json::read::<Outer>(text.as_bytes()).unwrap_err();
    assert_eq!(
        error(r#"{"widgets":{"a":[{"id":1},{"id":"secret"}]}}"#).to_string(),
        ".widgets.a[1].id: invalid type: string, expected i64"
    );
    assert_eq!(
        error(r#"{"widgets":{"a b":[{}]}}"#).to_string(),
        ".widgets[\"a b\"][0]: missing field `id`"
    );
    assert_eq!(
        error(r#"{"widgets":{"a":[{"id":1"#).to_string(),
        ".widgets.a[0]: the body ends after 24 bytes, in the middle of its JSON"
    );
    assert_eq!(error("{} []").to_string(), "missing field `widgets`");
    assert_eq!(
        error(r#"{"widgets":{}} []"#).to_string(),
        "unexpected text after the JSON value, at line 1 column 16"
    );
    assert_eq!(
        error(" \n").message(),
        "the body is empty where JSON is documented"
    );
    let long = format!(r#"{{"widgets":{{"{}":1}}}}"#, "k".repeat(100_000));
    assert!(error(&long).to_string().len() < 1_000);
    let long = format!(r#"{{"widgets":"{}\"\\"}}"#, "v\\\"".repeat(100_000));
    assert_eq!(
        error(&long).to_string(),
        ".widgets: invalid type: string, expected a map"
    );
}

#[test]
fn an_error_describes_the_fault_of_a_date() {
    for (text, fault) in [
        ("2024-01", "the text ends too early"),
        ("2024-01-02x", "there is more text after it"),
        ("2024-13-02", "a number is out of its range"),
        ("today", "the text has an unexpected character"),
    ] {
        let text = json!([text]).to_string();
        let error = json::read::<Vec<chrono::NaiveDate>>(text.as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("[0]: not a date or time of RFC 3339: {fault}")
        );
    }
}

#[test]
fn a_byte_order_mark_is_ignored() {
    assert_eq!(json::read::<i64>(b"\xEF\xBB\xBF 1"), Ok(1));
}

#[test]
fn a_secret_does_not_print() {
    let secret = read::<Secret>(&json!("hunter2")).unwrap();
    assert_eq!(format!("{secret:?}"), "[redacted]");
    assert_eq!(secret.expose(), "hunter2");
    assert_eq!(written(&secret), "\"hunter2\"");
    for wrong in [json!(1234), json!(-1234), json!(12.34), json!(["hunter2"])] {
        let error = read::<Secret>(&wrong).unwrap_err();
        assert!(
            !error.contains("12") && !error.contains("hunter"),
            "{error}"
        );
        assert!(error.ends_with("expected a string"), "{error}");
    }
}

#[test]
fn a_zero_fraction_does_not_change_a_number() {
    assert_eq!(json::read::<i64>(b"5.0"), Ok(5));
    assert_eq!(
        json::read::<Vec<u8>>(b"[-0.0, 2.5e1, 7]"),
        Ok(vec![0, 25, 7])
    );
    assert!(json::read::<i64>(b"5.5").is_err());
    assert!(json::read::<i64>(b"1e300").is_err());
    assert!(json::read::<u8>(b"256.0").is_err());
    // Inside a string they are not numbers.
    let text = br#"["1.0", "\\\"2.0", 3.0]"#;
    let read: (String, String, i64) = json::read(text).unwrap();
    assert_eq!(read, ("1.0".to_owned(), "\\\"2.0".to_owned(), 3));
    // The place of a fault refers to the original text.
    let error = json::read::<Vec<i64>>(b"[1.0, 2.5]").unwrap_err();
    assert_eq!(error.path(), "[1]");
}
