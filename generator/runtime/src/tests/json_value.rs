//! Any JSON value, and numbers of any size.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json;
use crate::runtime::codec::object;
use crate::runtime::json as body;
use crate::runtime::json_value::Json;
use crate::runtime::members::Members;
use crate::runtime::number::Number;
use crate::runtime::tree::Tree;

/// Numbers that neither 64 bits nor an `f64` can hold, or that `f64` would write with other digits.
const NUMBERS: &[&str] = &[
    "12345678901234567890.123",
    "1180591620717411303425",
    "-1180591620717411303425",
    "340282366920938463463374607431768211456",
    "0.1234567890123456789012345",
    "1e999",
    "-1E+5",
    "1.0",
    "1.50",
    "-0",
    "-0.0",
    "0.00001",
    "1e-7",
    "100000000000000000000",
    "0",
    "-7",
    "0.1",
    "1.5",
    "0.05",
    "1234567.89",
    "18446744073709551615",
    "-9223372036854775808",
];

fn read(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

#[test]
fn numbers_keep_their_digits() {
    for text in NUMBERS {
        let nested = format!(r#"{{"b":[{text},{{"a":{text}}}],"a":{text}}}"#);
        for text in [*text, &nested] {
            let value = read(text);
            assert_eq!(serde_json::to_string(&value).unwrap(), *text);
            assert_eq!(body::write(&value).unwrap(), text.as_bytes());
            assert_eq!(value.to_string(), *text);
            assert_eq!(body::read::<Json>(text.as_bytes()).unwrap(), value);
            let reader = serde_json::from_reader::<_, Json>(text.as_bytes());
            assert_eq!(reader.unwrap().to_string(), *text);
        }
        let number: Number = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), *text);
        assert_eq!(body::write(&number).unwrap(), text.as_bytes());
        assert_eq!(number, text.parse().unwrap());
        // A form or a parameter.
        assert_eq!(Tree::of(&number).unwrap().scalar().unwrap(), *text);
        let tree = Tree::of(&read(&nested)).unwrap();
        assert_eq!(serde_json::to_string(&tree).unwrap(), nested);
    }
}

#[test]
fn invalid_numbers_are_rejected() {
    for text in [
        "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1_0", "NaN", "inf", " 1", "--1",
        "1.-5", "\u{661}",
    ] {
        assert!(text.parse::<Number>().is_err(), "{text:?}");
    }
    for text in [r#""1""#, "null", "true", "[1]", "{}"] {
        let error = serde_json::from_str::<Number>(text)
            .unwrap_err()
            .to_string();
        assert!(error.contains("expected a number"), "{error}");
        assert!(!error.contains('1') || error.contains("line 1"), "{error}");
    }
    assert!(Number::try_from(f64::NAN).is_err());
    assert!(Number::try_from(f64::INFINITY).is_err());
    assert_eq!(Json::from(f64::NAN), Json::Null);
}

#[test]
fn numbers_are_equal_by_their_value() {
    for (one, other) in [
        ("1", "1.0"),
        ("10e-1", "1"),
        ("100", "1e2"),
        ("0", "-0.0"),
        ("0.10", "0.1"),
        ("18446744073709551616", "1.8446744073709551616e19"),
    ] {
        let (one, other): (Number, Number) = (one.parse().unwrap(), other.parse().unwrap());
        assert_eq!(one, other);
        let map = BTreeMap::from([(one.clone(), 1)]);
        assert_eq!(map.get(&other), Some(&1));
        let set = std::collections::HashSet::from([one]);
        assert!(set.contains(&other));
    }
    // It is halfway between the two shortest texts that parse as this float.
    let float: f64 = "1633200572505402.25".parse().expect("a number");
    let read: Json = serde_json::from_str(&serde_json::to_string(&float).unwrap()).unwrap();
    assert_eq!(read, Json::from(float));
    assert_eq!(read, serde_json::Value::from(float));
    let sorted = [
        "-1e999", "-20", "-3", "-2.5", "0", "0.1", "0.11", "2", "10", "10.5", "1e30", "2e30",
    ];
    for (at, one) in sorted.iter().enumerate() {
        for (other_at, other) in sorted.iter().enumerate() {
            let (one, other): (Number, Number) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(one.cmp(&other), at.cmp(&other_at), "{one} {other}");
        }
    }
}

#[test]
fn numbers_convert_to_integers_and_floats() {
    let number = |text: &str| text.parse::<Number>().unwrap();
    assert_eq!(number("5.0").as_i64(), Some(5));
    assert_eq!(number("5e2").as_u64(), Some(500));
    assert_eq!(number("5.5").as_i64(), None);
    assert_eq!(number("-1").as_u64(), None);
    assert_eq!(number("1180591620717411303425").as_i64(), None);
    assert_eq!(
        number("1180591620717411303425").as_i128(),
        Some(1_180_591_620_717_411_303_425)
    );
    assert_eq!(number("1e999").as_f64(), None);
    assert_eq!(number("1e999").as_i128(), None);
    assert_eq!(number("0.1").as_f64(), Some(0.1));
    assert_eq!(Number::from(-7).to_string(), "-7");
    assert_eq!(Number::from(u128::MAX).to_string(), u128::MAX.to_string());
    assert_eq!(Number::try_from(2.0).unwrap().to_string(), "2");
    assert_eq!(Number::try_from(0.1).unwrap().to_string(), "0.1");
}

#[test]
fn many_members_are_read_in_linear_time() {
    let names: Vec<String> = (0..200_000)
        .map(|number| format!("\"k{number}\":1"))
        .collect();
    let begin = std::time::Instant::now();
    let value = read(&format!("{{{},\"k7\":2}}", names.join(",")));
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    assert_eq!(value.as_object().unwrap().len(), 200_000);
    assert_eq!(value["k7"], 2);
    assert_eq!(value.as_object().unwrap().keys().nth(7), Some("k7"));
}

#[test]
fn a_million_levels_are_rejected() {
    for text in ["[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)] {
        assert!(body::read::<Json>(text.as_bytes()).is_err());
    }
    let lists = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let error = body::read::<Json>(lists.as_bytes()).unwrap_err();
    assert!(error.to_string().len() < 500, "{error}");
    assert!(body::read::<Vec<Json>>(lists.as_bytes()).is_err());
}

#[test]
fn objects_keep_their_order() {
    let text = r#"{"z":1,"a":{"y":[],"b":{}},"m":"\u0000\"ü","":null}"#;
    assert_eq!(read(text).to_string(), text);
    let spaced = " {\n\"z\" : 1 ,\t\"a\": [ 1 , 2 ] } ";
    assert_eq!(read(spaced).to_string(), r#"{"z":1,"a":[1,2]}"#);
    assert_eq!(
        read(text),
        read(r#"{"":null,"m":"\u0000\"ü","a":{"b":{},"y":[]},"z":1.0}"#)
    );
    assert_ne!(read(text), read(r#"{"z":1}"#));
    // The last value of a name replaces the first one, at its position.
    assert_eq!(
        read(r#"{"a":1,"b":2,"a":3}"#).to_string(),
        r#"{"a":3,"b":2}"#
    );

    // With many members, an index is used.
    let mut many = Members::new();
    for number in (0..1000).rev() {
        assert_eq!(many.insert(format!("m{number}"), number), None);
    }
    assert_eq!(many.insert("m7", "seven"), Some(Json::from(7)));
    assert_eq!(many.remove("m8"), Some(Json::from(8)));
    assert_eq!((many.len(), many.get("m8")), (999, None));
    assert_eq!(many.keys().next(), Some("m999"));
    let text = Json::from(many.clone()).to_string();
    assert!(text.starts_with(r#"{"m999":999,"m998":998,"#), "{text}");
    assert_eq!(read(&text), Json::from(many));
    let twice = format!("{{{},\"m1\":0}}", text.trim_matches(['{', '}']));
    assert_eq!(read(&twice)["m1"], 0);
}

#[test]
fn equal_values_have_the_same_hash() {
    let twins = [
        (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":10e-1}"#),
        ("[1,2]", "[1.0,2e0]"),
        ("0", "-0"),
        ("{}", "{ }"),
    ];
    for (one, other) in twins {
        let set = HashSet::from([read(one)]);
        assert!(set.contains(&read(other)), "{one} {other}");
    }
    let all = [
        "null",
        "false",
        "0",
        "\"\"",
        "[]",
        "{}",
        "[0]",
        "[[]]",
        r#"{"":null}"#,
        r#"{"a":1}"#,
        r#"{"a":2}"#,
    ];
    let set: HashSet<Json> = all.map(read).into();
    assert_eq!(set.len(), all.len());
}

#[test]
fn the_macro_json_creates_any_value() {
    let id = "x".to_owned();
    let value = json!({"a": [1, (-2), 2.5, null, true], "b": {"c": "d"}, "id": (id.clone())});
    assert_eq!(
        value.to_string(),
        r#"{"a":[1,-2,2.5,null,true],"b":{"c":"d"},"id":"x"}"#
    );
    assert_eq!(value["a"][1], -2);
    assert_eq!(value["a"][2], 2.5);
    assert_eq!(value["a"][4], true);
    assert_eq!(value["b"]["c"], "d");
    assert!(value["a"][3].is_null() && value["nothing"][5]["at all"].is_null());
    assert_eq!(value.get("b").and_then(|b| b.get("c")?.as_str()), Some("d"));
    assert_eq!(value.get(0), None);
    assert_eq!(value["id"].as_str(), Some(id.as_str()));
    assert_eq!(format!("{:#}", json!([1])), "[\n  1\n]");
    assert_eq!(json!(null), Json::default());
    assert_eq!(json!(-1), -1);

    let numbers: Vec<Option<f64>> = json!([1, null]).to().unwrap();
    assert_eq!(numbers, [Some(1.0), None]);
    let error = json!({"a": 1})
        .to::<BTreeMap<String, String>>()
        .unwrap_err();
    assert_eq!(error.path(), ".a");
    assert_eq!(
        Json::of(&BTreeMap::from([("a", 1.5)])).unwrap(),
        json!({"a": 1.5})
    );
    assert!(Json::of(&f64::NAN).is_err());

    let theirs = serde_json::json!({"a": [1, -2, 2.5, null, true], "b": {"c": "d"}, "id": "x"});
    assert_eq!(value, theirs);
    assert_eq!(Json::from(theirs.clone()), value);
    assert_eq!(Value::from(value.clone()), theirs);
    assert_eq!(serde_json::to_value(&value).unwrap(), theirs);
    assert_eq!(serde_json::from_value::<Json>(theirs).unwrap(), value);
    assert_eq!(Value::from(read("1e999")), f64::MAX);
}

#[test]
fn other_formats_can_hold_any_json_value() {
    let text = r#"{"a":[1,-2,1.5,null,true,"s",{"b":{}}],"c":0.1}"#;
    let yaml = serde_yaml::to_string(&read(text)).unwrap();
    assert_eq!(serde_yaml::from_str::<Json>(&yaml).unwrap(), read(text));
    // serde buffers the values of an untagged enum in its own format.
    #[derive(Deserialize, Serialize)]
    #[serde(untagged)]
    enum Kept {
        Number {
            n: Number,
        },
        Any {
            any: Json,
            #[serde(flatten)]
            more: BTreeMap<String, Json>,
        },
    }
    for text in [r#"{"n":1.5}"#, r#"{"any":{"z":1,"a":[null]},"x":"y"}"#] {
        let kept: Kept = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&kept).unwrap(), text);
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Holder {
    any: Option<Json>,
    number: Option<Number>,
    required: Json,
}

object! { Holder, open {
    "any" any: optional_any,
    "number" number: optional,
    "required" required: required,
} }

#[test]
fn properties_keep_numbers_and_null() {
    for text in [
        r#"{"any":null,"required":null}"#,
        r#"{"any":{"b":1.50,"a":[]},"number":12345678901234567890.123,"required":"x"}"#,
        r#"{"number":-1E+5,"required":[1e999]}"#,
    ] {
        let read: Holder = body::read(text.as_bytes()).unwrap();
        assert_eq!(body::write(&read).unwrap(), text.as_bytes());
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
    for (text, path) in [
        (r#"{"number":"5","required":1}"#, ".number"),
        (r#"{"required":"\ud800"}"#, ".required"),
        (r#"{"required":1,"any":{"a":"\udc00\ud800"}}"#, ".any"),
    ] {
        let error = body::read::<Holder>(text.as_bytes()).unwrap_err();
        assert_eq!(error.path(), path, "{error}");
    }
    let deep = |depth: usize| {
        format!(
            r#"{{"required":{}1{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    assert!(body::read::<Holder>(deep(128).as_bytes()).is_ok());
    let error = body::read::<Holder>(deep(129).as_bytes()).unwrap_err();
    assert!(error.to_string().contains("too deeply"), "{error}");
    assert!(body::read::<Holder>(deep(100_000).as_bytes()).is_err());
}

fn anything() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,3}", inner, 0..20)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn values_equal_those_of_serde_json(value in anything(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap();
        let read: Json = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(&serde_json::from_str::<Value>(&read.to_string()).unwrap(), &value);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&value).unwrap());
    }
}
