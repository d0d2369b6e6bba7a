//! The codec tables, compared with serde's derives, and their additional features.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::runtime::any::Json;
use crate::runtime::codec::{newtype, object};
use crate::runtime::integer_enum::integer_enum;
use crate::runtime::json::{self};
use crate::runtime::json_enum::json_enum;
use crate::runtime::secret::Secret;
use crate::runtime::text_enum::text_enum;
use crate::tests::count::Count;

/// The same types twice: with tables, and with derives.
mod table {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    pub struct Widget {
        pub id: String,
        pub note: Option<i64>,
        pub tags: Option<Vec<String>>,
        pub parent: Option<Option<Box<Widget>>>,
        pub size: f64,
        pub kind: Kind,
        pub counts: BTreeMap<String, u8>,
    }

    impl Widget {
        pub fn default_size() -> f64 {
            1.5
        }
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Kind {
        Big,
        None,
        Self_,
    }
}

object! { table::Widget, open {
    "id" id: required,
    "note" note: nullable,
    "tags" tags: optional,
    "parent" parent: optional_nullable,
    "size" size: default(default_size),
    "kind" kind: required,
    "counts" counts: required,
} }

text_enum! { table::Kind, closed {
    "big" Big,
    "" None,
    "self" Self_,
} }

mod derived {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Widget {
        pub id: String,
        #[serde(deserialize_with = "Option::deserialize")]
        pub note: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tags: Option<Vec<String>>,
        #[serde(
            default,
            deserialize_with = "some",
            skip_serializing_if = "Option::is_none"
        )]
        pub parent: Option<Option<Box<Widget>>>,
        #[serde(default = "size", skip_serializing_if = "is_size")]
        pub size: f64,
        pub kind: Kind,
        pub counts: BTreeMap<String, u8>,
    }

    fn some<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }

    fn size() -> f64 {
        1.5
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    fn is_size(size: &f64) -> bool {
        *size == 1.5
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Kind {
        #[serde(rename = "big")]
        Big,
        #[serde(rename = "")]
        None,
        #[serde(rename = "self")]
        Self_,
    }
}

/// Checks that tables and derives both read a text or both reject it, and write the same.
fn same(text: &str) {
    let ours = serde_json::from_str::<table::Widget>(text);
    let theirs = serde_json::from_str::<derived::Widget>(text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(
                serde_json::to_string(ours).unwrap(),
                serde_json::to_string(theirs).unwrap(),
                "{text}"
            );
            assert_eq!(
                serde_json::to_value(ours).unwrap(),
                serde_json::to_value(theirs).unwrap(),
                "{text}"
            );
        }
        (Err(_), Err(_)) => {}
        _ => panic!("{text}\n{ours:?}\n{theirs:?}"),
    }
}

#[test]
fn reads_and_writes_as_the_derives_do() {
    let full = json!({
        "id": "a\"\u{1F600}", "note": 5, "tags": ["x", ""], "size": 2.0, "kind": "self",
        "parent": {"id": "p", "note": null, "kind": "", "counts": {}, "parent": null},
        "counts": {"b": 1, "a": 255},
    });
    same(&full.to_string());
    let object = full.as_object().unwrap();
    for name in object.keys() {
        let mut without = object.clone();
        without.remove(name);
        same(&Value::Object(without).to_string());
        for wrong in [
            json!(true),
            json!("text"),
            json!(-1),
            json!([]),
            json!({}),
            json!(1e300),
        ] {
            let mut other = object.clone();
            other.insert(name.clone(), wrong);
            same(&Value::Object(other).to_string());
        }
    }
    for text in [
        "",
        "{",
        "{}",
        "[]",
        "null",
        "1",
        "\"\"",
        "{\"id\"}",
        "{\"id\":}",
        "{\"id\":\"\",}",
        r#"{"id":"a","id":"b","note":1,"kind":"big","counts":{}}"#,
        r#"{"\u0069d":"a","note":1,"kind":"big","counts":{},"unknown":{"a":[1,{}]}}"#,
        r#"{"id":"a","note":1,"kind":"big","counts":{}} x"#,
    ] {
        same(text);
    }
}

/// Any JSON value that has some properties of a widget.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_map(|n| serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number)),
        prop_oneof![Just("big"), Just(""), Just("self"), Just("x")].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((0_usize..8, inner), 0..8).prop_map(|entries| {
                let names = [
                    "id", "note", "tags", "parent", "size", "kind", "counts", "x",
                ];
                entries
                    .into_iter()
                    .map(|(i, value)| (names[i].to_owned(), value))
                    .collect()
            }),
        ]
    })
}

/// A widget that is valid except for a few of its properties.
fn almost() -> impl Strategy<Value = Value> {
    let legal = json!({"id": "a", "note": null, "kind": "big", "counts": {"a": 1}});
    prop::collection::vec((0_usize..8, anything()), 0..3).prop_map(move |entries| {
        let names = [
            "id", "note", "tags", "parent", "size", "kind", "counts", "x",
        ];
        let mut value = legal.clone();
        for (i, other) in entries {
            value[names[i]] = other;
        }
        value
    })
}

/// Removes nulls. Unless null is a valid value, tables read it as absent, unlike derives.
fn without_nulls(value: &mut Value) {
    let Value::Object(object) = value else {
        return;
    };
    if object.get("size").is_some_and(Value::is_null) {
        object.remove("size");
    }
    object.values_mut().for_each(without_nulls);
}

proptest! {
    #[test]
    fn reads_what_the_derives_read(mut value in prop_oneof![anything(), almost()]) {
        without_nulls(&mut value);
        same(&value.to_string());
    }
}

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

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Open {
    A,
    Plus1,
    Unknown(String),
}

text_enum! { Open, open(Unknown) {
    "a" A,
    "+1" Plus1,
} }

#[test]
fn a_text_enum_reads_writes_and_parses() {
    assert_eq!(table::Kind::Big.as_str(), "big");
    assert_eq!(format!("[{:>5}]", table::Kind::Big), "[  big]");
    assert_eq!("self".parse(), Ok(table::Kind::Self_));
    let error = "Big".parse::<table::Kind>().unwrap_err();
    assert_eq!(error.to_string(), "`Big` is not one of `big`, ``, `self`");
    assert_eq!(error.value(), "Big");
    assert_eq!(error.expected(), ["big", "", "self"]);
    let error = "\n".repeat(101).parse::<table::Kind>().unwrap_err();
    let start = format!("`{}..` is not one of", "\\n".repeat(100));
    assert!(error.to_string().starts_with(&start), "{error}");
    assert_eq!(
        read::<table::Kind>(&json!("small")).unwrap_err(),
        "unknown variant `small`, expected one of `big`, ``, `self`"
    );
    assert_eq!(
        read::<table::Kind>(&json!(1)).unwrap_err(),
        "invalid type: integer, expected a string"
    );
    for (text, value) in [
        ("a", Open::A),
        ("+1", Open::Plus1),
        ("b", Open::Unknown("b".to_owned())),
    ] {
        assert_eq!(read::<Open>(&json!(text)).as_ref(), Ok(&value));
        assert_eq!(text.parse().as_ref(), Ok(&value));
        assert_eq!(Open::from(text), value);
        assert_eq!(value.as_str(), text);
        assert_eq!(written(&value), format!("{text:?}"));
    }
}

#[test]
fn enums_are_keys_of_maps() {
    let value = json!({"a": 1, "z": 2});
    let map = read::<BTreeMap<Open, i64>>(&value).unwrap();
    assert_eq!(map[&Open::Unknown("z".to_owned())], 2);
    assert_eq!(serde_json::to_value(&map).unwrap(), value);
    let levels = read::<BTreeMap<Level, i64>>(&json!({"-1": 1, "3": 2})).unwrap();
    assert_eq!(written(&levels), r#"{"-1":1,"3":2}"#);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Low,
    High,
    Unknown(i64),
}

integer_enum! { Level, open(Unknown) {
    -1 Low,
    9223372036854775807 High,
} }

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    One,
    Two,
}

integer_enum! { Closed, closed { 1 One, 2 Two, } }

#[test]
fn an_integer_enum_reads_and_writes() {
    for (value, level) in [
        (json!(-1), Level::Low),
        (json!(i64::MAX), Level::High),
        (json!(0), Level::Unknown(0)),
    ] {
        assert_eq!(read::<Level>(&value), Ok(level));
        assert_eq!(serde_json::to_value(level).unwrap(), value);
    }
    assert_eq!(read::<Level>(&json!(-1.0)), Ok(Level::Low));
    assert!(read::<Level>(&json!(1.5)).is_err());
    assert!(read::<Level>(&json!(u64::MAX)).is_err());
    assert!(read::<Level>(&json!("1")).is_err());
    assert_eq!(Level::High.to_string(), "9223372036854775807");
    assert_eq!(Closed::try_from(2), Ok(Closed::Two));
    assert_eq!(
        read::<Closed>(&json!([3])).unwrap_err(),
        "invalid type: sequence, expected an integer"
    );
    assert_eq!(
        read::<Closed>(&json!(3)).unwrap_err(),
        "`3` is not one of `1`, `2`"
    );
    assert_eq!(Closed::One.as_i64(), 1);
}

#[derive(Clone, Debug, PartialEq)]
enum Mixed {
    Auto,
    Five,
    Null,
    Yes,
    List,
    Unknown(Json),
}

json_enum! { Mixed, open(Unknown) {
    "\"auto\"" Auto,
    "5" Five,
    "null" Null,
    "true" Yes,
    "[1,{\"b\":2,\"a\":1}]" List,
} }

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flag {
    No,
    Half,
}

json_enum! { Flag, closed { "false" No, "0.5" Half, } }

#[test]
fn a_json_enum_reads_and_writes_anything() {
    for (value, mixed) in [
        (json!("auto"), Mixed::Auto),
        (json!(5), Mixed::Five),
        (json!(null), Mixed::Null),
        (json!(true), Mixed::Yes),
        (json!([1, {"a": 1, "b": 2}]), Mixed::List),
        (json!("5"), Mixed::Unknown("5".into())),
        (
            json!([1, {"a": 1}]),
            Mixed::Unknown(json!([1, {"a": 1}]).into()),
        ),
    ] {
        assert_eq!(read::<Mixed>(&value).as_ref(), Ok(&mixed));
        assert_eq!(serde_json::to_value(&mixed).unwrap(), value);
    }
    assert_eq!(read::<Mixed>(&json!(5.0)), Ok(Mixed::Five));
    assert_eq!(read::<Flag>(&json!(0.5)), Ok(Flag::Half));
    assert_eq!(written(&Flag::No), "false");
    assert_eq!(
        read::<Flag>(&json!(true)).unwrap_err(),
        "not one of `false`, `0.5`"
    );
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
