//! Unions: nothing is lost, and nothing takes for ever.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::runtime::codec::{newtype, object};
use crate::runtime::json;
use crate::runtime::tagged_union::tagged_union;
use crate::runtime::untagged_union::untagged_union;

#[derive(Clone, Debug, PartialEq)]
struct Cat {
    kind: String,
    lives: i64,
}

#[derive(Clone, Debug, PartialEq)]
struct Dog {
    tricks: Vec<String>,
    owner: Option<Box<Pet>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Fish {
    extra: BTreeMap<String, Value>,
}

object! { Cat, open { "kind" kind: required, "lives" lives: required, } }
object! { Dog, open { "tricks" tricks: required, "owner" owner: optional, } }
object! { Fish, kept(extra) {} }

#[derive(Clone, Debug, PartialEq)]
enum Pet {
    Cat(Cat),
    Dog(Dog),
    Fish(Fish),
    Other(Value),
}

tagged_union! { Pet, "kind", other(Other) {
    Cat: "cat" | "Cat" writes_tag,
    Dog: "dog",
    Fish: "fish",
} }

#[derive(Clone, Debug, PartialEq)]
enum Strict {
    Cat(Box<Cat>),
    One(Box<Strict>),
    Loose(Id),
}

tagged_union! { Strict, "kind" { Cat: "cat" writes_tag, One: "1" | "true", Loose: "loose", } }

#[derive(Clone, Debug, PartialEq)]
enum Id {
    Text(String),
    Small(i64),
    Number(f64),
    Flag(bool),
    List(Vec<Id>),
    Other(Value),
}

untagged_union! { Id, other(Other) { Text, Small, Number, Flag, List, } }

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, String> {
    json::read(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

fn round_trip<T: serde::de::DeserializeOwned + serde::Serialize>(value: &Value) -> T {
    let read = read::<T>(value).unwrap();
    let written: Value = serde_json::from_slice(&json::write(&read).unwrap()).unwrap();
    assert_eq!(&written, value);
    read
}

#[test]
fn a_tag_selects_the_branch() {
    let cat = round_trip::<Pet>(&json!({"kind": "Cat", "lives": 9}));
    assert!(matches!(&cat, Pet::Cat(cat) if cat.kind == "Cat"));
    let dog = round_trip::<Pet>(&json!({
        "tricks": ["sit"], "kind": "dog", "owner": {"lives": 1, "kind": "cat"},
    }));
    assert!(matches!(&dog, Pet::Dog(dog) if matches!(dog.owner.as_deref(), Some(Pet::Cat(_)))));
    let text = String::from_utf8(json::write(&dog).unwrap()).unwrap();
    assert!(text.starts_with(r#"{"kind":"dog","tricks""#), "{text}");
    // A map has kept the tag, and does not write it twice.
    let fish = round_trip::<Pet>(&json!({"a": 1, "kind": "fish", "z": [null]}));
    let text = String::from_utf8(json::write(&fish).unwrap()).unwrap();
    assert_eq!(text, r#"{"kind":"fish","a":1,"z":[null]}"#);
    let made = Pet::Fish(Fish {
        extra: BTreeMap::new(),
    });
    assert_eq!(json::write(&made).unwrap(), br#"{"kind":"fish"}"#);
}

#[test]
fn a_branch_is_written_with_a_tag_of_its_own() {
    #[derive(Debug)]
    struct Event {
        code: Option<Value>,
    }

    #[derive(Debug)]
    enum Checked {
        One(Event),
        Several(Event),
        Kept(Fish),
        List(Vec<i64>),
    }

    object! { Event, open { "code" code: optional, } }
    tagged_union! { Checked, "code" {
        One: "1" checks_tag(1),
        Several: "2" | "3" checks_tag,
        Kept: "-4" checks_tag(-4),
        List: "list" checks_tag("list"),
    } }

    let fish = |tag: Value| Fish {
        extra: BTreeMap::from([("code".to_owned(), tag)]),
    };
    for (made, expected) in [
        (Checked::One(Event { code: None }), Ok(json!({"code": 1}))),
        (
            Checked::One(Event {
                code: Some(json!(null)),
            }),
            Ok(json!({"code": 1})),
        ),
        (
            Checked::One(Event {
                code: Some(json!(1)),
            }),
            Ok(json!({"code": 1})),
        ),
        (
            Checked::One(Event {
                code: Some(json!(2)),
            }),
            Err("is \"2\""),
        ),
        (
            Checked::One(Event {
                code: Some(json!([])),
            }),
            Err("is missing"),
        ),
        (
            Checked::Several(Event {
                code: Some(json!(3)),
            }),
            Ok(json!({"code": 3})),
        ),
        (Checked::Several(Event { code: None }), Err("is missing")),
        (Checked::Kept(fish(json!(-4))), Ok(json!({"code": -4}))),
        (Checked::Kept(fish(json!(null))), Ok(json!({"code": -4}))),
        (Checked::Kept(fish(json!(1))), Err("is \"1\"")),
        (Checked::List(vec![1]), Err("has no place")),
    ] {
        let written = json::write(&made).map_err(|error| error.to_string());
        let written = written.map(|bytes| serde_json::from_slice::<Value>(&bytes).unwrap());
        match expected {
            Ok(expected) => assert_eq!(written, Ok(expected), "{made:?}"),
            Err(expected) => {
                let error = written.unwrap_err();
                assert!(error.contains(expected), "{error}");
            }
        }
    }
}

#[test]
fn an_unknown_tag_is_kept() {
    for value in [
        json!({"kind": "bird", "wings": 2}),
        json!({"wings": 2}),
        json!({"kind": null}),
        json!({"kind": {"kind": "cat"}}),
        json!("cat"),
        json!(null),
        json!([]),
    ] {
        assert_eq!(round_trip::<Pet>(&value), Pet::Other(value));
    }
}

#[test]
fn a_closed_union_refuses_what_it_does_not_know() {
    for (value, expected) in [
        (
            json!({"kind": "bird"}),
            "unknown variant `bird`, expected one of `cat`, `1`, `true`, `loose`",
        ),
        (json!({}), "missing field `kind`"),
        (json!(5), "invalid type: expected an object"),
        (json!({"kind": "cat"}), "missing field `lives`"),
    ] {
        assert_eq!(read::<Strict>(&value).unwrap_err(), expected);
    }
}

#[test]
fn a_tag_can_be_a_number_or_a_boolean() {
    for tag in [json!(1), json!(true), json!("1")] {
        // The branch reads the same text, whose tag is now none that it knows.
        let error = read::<Strict>(&json!({"kind": tag, "x": 1})).unwrap_err();
        assert_eq!(error, "the value is nested too deeply");
    }
}

#[test]
fn a_tag_has_no_place_in_what_is_not_an_object() {
    let error = json::write(&Strict::Loose(Id::Small(1))).unwrap_err();
    assert!(error.to_string().contains("`kind`"), "{error}");
}

#[test]
fn the_branch_that_carries_the_whole_value_wins() {
    assert_eq!(round_trip::<Id>(&json!("5")), Id::Text("5".to_owned()));
    assert_eq!(round_trip::<Id>(&json!(5)), Id::Small(5));
    assert_eq!(round_trip::<Id>(&json!(5.5)), Id::Number(5.5));
    assert_eq!(round_trip::<Id>(&json!(true)), Id::Flag(true));
    let list = round_trip::<Id>(&json!([1, [null]]));
    let Id::List(list) = list else { panic!() };
    assert_eq!(list[1], Id::List(vec![Id::Other(Value::Null)]));
    // Beyond an i64, and more than an f64 has digits for.
    let big = json!(u64::MAX);
    assert_eq!(round_trip::<Id>(&big), Id::Other(big));
    let object = json!({"a": 1});
    assert_eq!(round_trip::<Id>(&object), Id::Other(object));
    // 5.0 is no i64 of serde's, and is written as 5.
    assert_eq!(json::read::<Id>(b"5.0"), Ok(Id::Number(5.0)));
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Point {
    x: i64,
    y: i64,
    label: Option<String>,
}

impl Point {
    fn zero() -> i64 {
        0
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Named {
    name: Option<String>,
    x: Option<i64>,
    extra: BTreeMap<String, i64>,
}

object! { Point, open {
    "x" x: required,
    "y" y: default(zero),
    "label" label: optional,
} }
object! { Named, kept(extra) { "name" name: optional, "x" x: optional, } }

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Point(Point),
    Named(Named),
    Other(Value),
}

untagged_union! { Shape, other(Other) { Point, Named, } }

#[derive(Clone, Debug, PartialEq)]
enum Any {
    Point(Point),
    Named(Named),
}

untagged_union! { Any { Point, Named, } }

#[test]
fn a_property_that_a_branch_does_not_have_is_a_loss() {
    // Equal: the first. A default and a null that means the same are no loss.
    for value in [
        json!({"x": 1}),
        json!({"x": 1, "y": 0}),
        json!({"x": 1, "y": 2, "label": null}),
        json!({"x": 1.0}),
    ] {
        let read = read::<Shape>(&value);
        match value["x"].is_i64() {
            true => assert!(matches!(read, Ok(Shape::Point(_))), "{value}"),
            false => assert!(matches!(read, Ok(Shape::Other(_))), "{value}"),
        }
    }
    // `Point` would lose the name; `Named` keeps all.
    let named = read::<Shape>(&json!({"x": 1, "name": "n", "z": 3})).unwrap();
    assert!(matches!(named, Shape::Named(_)));
    // Both would lose something.
    let value = json!({"x": 1, "name": "n", "z": "text"});
    assert_eq!(read::<Shape>(&value), Ok(Shape::Other(value.clone())));
    // Without a place for the rest, the branch that loses least.
    assert!(matches!(read::<Any>(&value), Ok(Any::Point(_))));
    assert!(matches!(
        read::<Any>(&json!({"x": 1, "name": "n"})),
        Ok(Any::Named(_))
    ));
    assert_eq!(
        read::<Any>(&json!({"name": 5})).unwrap_err(),
        "none of the alternatives: not `Point`, missing field `x`; not `Named` at .name, \
         invalid type: integer, expected a string"
    );
}

#[test]
fn an_error_inside_of_a_branch_has_the_whole_path() {
    let pets = json!({"pets": [{"kind": "dog", "tricks": [], "owner": {"kind": "dog", "tricks": ["a", 5]}}]});
    let error = read::<BTreeMap<String, Vec<Pet>>>(&pets).unwrap_err();
    assert_eq!(
        error,
        ".pets[0].owner.tricks[1]: invalid type: integer, expected a string"
    );
    // Also when it is not the body that is read.
    let error = serde_json::from_str::<Pet>(r#"{"kind":"cat","lives":"x"}"#).unwrap_err();
    assert_eq!(error.to_string(), "invalid type: string, expected i64");
}

#[test]
fn a_union_reads_from_a_value_too() {
    let value = json!({"kind": "cat", "lives": 9});
    assert!(matches!(serde_json::from_value(value), Ok(Pet::Cat(_))));
}

/// Two branches that both read the union again.
#[derive(Clone, Debug, PartialEq)]
enum Twin {
    A(Box<Left>),
    B(Box<Right>),
    Other(Value),
}

#[derive(Clone, Debug, PartialEq)]
struct Left {
    next: Twin,
}

#[derive(Clone, Debug, PartialEq)]
struct Right {
    next: Twin,
}

object! { Left, open { "next" next: required, } }
object! { Right, open { "next" next: required, } }
untagged_union! { Twin, other(Other) { A, B, } }

#[derive(Clone, Debug, PartialEq)]
enum Pair {
    A(Box<OpenPair>),
    B(Box<OpenPair>),
}

#[derive(Clone, Debug, PartialEq)]
struct OpenPair {
    next: Option<Pair>,
}

object! { OpenPair, open { "next" next: optional, } }
untagged_union! { Pair { A, B, } }

/// A union that is nothing but itself.
#[derive(Clone, Debug, PartialEq)]
struct Endless(Box<Loop>);

#[derive(Clone, Debug, PartialEq)]
enum Loop {
    Again(Endless),
}

newtype! { Endless }
untagged_union! { Loop { Again, } }

fn nested(depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", "{\"next\":".repeat(depth), "}".repeat(depth))
}

#[test]
fn a_server_cannot_make_it_take_for_ever() {
    let begin = Instant::now();
    // Each of two branches loses `x`, so each of 100 levels would try both.
    let text = nested(100, r#"{"next":5,"x":1}"#);
    let _ = json::read::<Twin>(text.as_bytes());
    let _ = json::read::<Pair>(text.as_bytes());
    assert!(json::read::<Loop>(b"{}").is_err());
    assert!(
        begin.elapsed() < Duration::from_secs(20),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn a_server_cannot_overflow_the_stack() {
    for depth in [127, 129, 10_000, 1_000_000] {
        let dog = format!(
            "{}null{}",
            r#"{"kind":"dog","tricks":[],"owner":"#.repeat(depth),
            "}".repeat(depth)
        );
        let read = json::read::<Pet>(dog.as_bytes());
        assert_eq!(read.is_ok(), depth <= 128, "{depth}");
        let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(json::read::<Id>(lists.as_bytes()).is_ok(), depth <= 128);
        assert!(json::read::<Id>("[".repeat(depth).as_bytes()).is_err());
    }
}
