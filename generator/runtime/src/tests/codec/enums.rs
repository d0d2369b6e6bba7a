//! Enums of texts, of integers, and of any JSON.

use super::derives::table;
use super::*;

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
