//! Unions: no value is lost, and reading takes a limited time.

mod limits;
mod score;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::runtime::base64::Base64;
use crate::runtime::codec::{newtype, object};
use crate::runtime::from_branches::from_branches;
use crate::runtime::integer_enum::integer_enum;
use crate::runtime::json::{self};
use crate::runtime::json_enum::json_enum;
use crate::runtime::json_value::Json;
use crate::runtime::tagged_union::tagged_union;
use crate::runtime::text_enum::text_enum;
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
    Other(Json),
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
    Other(Json),
}

untagged_union! { Id, other(Other) {
    Text: string,
    Small: number,
    Number: number,
    Flag: boolean,
    List: array,
} }

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
    // A map that kept the tag does not write it twice.
    let fish = round_trip::<Pet>(&json!({"a": 1, "kind": "fish", "z": [null]}));
    let text = String::from_utf8(json::write(&fish).unwrap()).unwrap();
    assert_eq!(text, r#"{"kind":"fish","a":1,"z":[null]}"#);
    let made = Pet::Fish(Fish {
        extra: BTreeMap::new(),
    });
    assert_eq!(json::write(&made).unwrap(), br#"{"kind":"fish"}"#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
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
        (
            Checked::List(vec![1]),
            Err("can only be written in an object"),
        ),
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
        assert_eq!(round_trip::<Pet>(&value), Pet::Other(value.into()));
    }
}

#[test]
fn a_closed_union_rejects_unknown_tags() {
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
        // The branch rejects the tag of another branch.
        let error = read::<Strict>(&json!({"kind": tag, "x": 1})).unwrap_err();
        assert_eq!(error, "the value is nested too deeply");
    }
}

#[test]
fn a_tag_needs_an_object() {
    let error = json::write(&Strict::Loose(Id::Small(1))).unwrap_err();
    assert!(error.to_string().contains("`kind`"), "{error}");
}

#[test]
fn the_kind_of_a_value_selects_the_branch() {
    assert_eq!(round_trip::<Id>(&json!("5")), Id::Text("5".to_owned()));
    assert_eq!(round_trip::<Id>(&json!(5)), Id::Small(5));
    assert_eq!(round_trip::<Id>(&json!(5.5)), Id::Number(5.5));
    assert_eq!(round_trip::<Id>(&json!(true)), Id::Flag(true));
    let list = round_trip::<Id>(&json!([1, [null]]));
    let Id::List(list) = list else { panic!() };
    assert_eq!(list[1], Id::List(vec![Id::Other(Json::Null)]));
    let object = json!({"a": 1});
    assert_eq!(round_trip::<Id>(&object), Id::Other(object.into()));
    // Beyond an `i64`, as for a plain `f64`.
    assert_eq!(
        read::<Id>(&json!(u64::MAX)),
        Ok(Id::Number(u64::MAX as f64))
    );
    for text in ["5.0", "5e0", " 0.5E1"] {
        assert_eq!(
            json::read::<Id>(text.as_bytes()),
            Ok(Id::Small(5)),
            "{text}"
        );
    }
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
    Other(Json),
}

untagged_union! { Shape, other(Other) { Point: struct, Named: struct, } }

#[derive(Clone, Debug, PartialEq)]
enum Any {
    Point(Point),
    Named(Named),
}

untagged_union! { Any { Point: struct, Named: struct, } }

#[test]
fn the_branch_with_the_fewest_unknown_properties_wins() {
    // The first of equal branches. A default, and a null that means the same, are explained.
    for text in [
        r#"{"x": 1}"#,
        r#"{"x": 1, "y": 0}"#,
        r#"{"x": 1, "y": 2, "label": null}"#,
        r#"{"x": 1.0}"#,
    ] {
        let read = json::read::<Shape>(text.as_bytes());
        assert!(matches!(read, Ok(Shape::Point(_))), "{text}");
    }
    // `Point` would skip the name, and `Named` keeps everything.
    let named = read::<Shape>(&json!({"x": 1, "name": "n", "z": 3})).unwrap();
    assert!(matches!(named, Shape::Named(_)));
    // `Named` cannot be read.
    let value = json!({"x": 1, "name": "n", "z": "text"});
    assert!(matches!(read::<Shape>(&value), Ok(Shape::Point(_))));
    let value = json!({"name": "n", "z": "text"});
    assert_eq!(
        read::<Shape>(&value),
        Ok(Shape::Other(value.clone().into()))
    );
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

#[derive(Clone, Debug, PartialEq)]
enum Power {
    On,
    Off,
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Yes,
    No,
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Level {
    Low,
    Unknown(i64),
}

#[derive(Clone, Debug, PartialEq)]
enum Mixed {
    One,
    Unknown(Json),
}

text_enum! { Power, open(Unknown) { "on" On, "off" Off, } }
text_enum! { Answer, open(Unknown) { "yes" Yes, "no" No, } }
integer_enum! { Level, open(Unknown) { 1 Low, } }
json_enum! { Mixed, open(Unknown) { "\"one\"" One, } }

#[derive(Clone, Debug, PartialEq)]
struct Switch {
    status: Power,
}

#[derive(Clone, Debug, PartialEq)]
struct Poll {
    status: Answer,
    tags: Option<Vec<Mixed>>,
}

object! { Switch, open { "status" status: required, } }
object! { Poll, open { "status" status: required, "tags" tags: optional, } }

#[derive(Clone, Debug, PartialEq)]
enum Status {
    Switch(Switch),
    Poll(Box<Poll>),
    Level(Level),
    Number(f64),
    Other(Json),
}

untagged_union! { Status, other(Other) {
    Switch: struct,
    Poll: struct,
    Level: number,
    Number: number,
} }

#[test]
fn an_unknown_value_of_an_enum_is_unexplained() {
    let read = |value: Value| read::<Status>(&value).unwrap();
    assert!(matches!(read(json!({"status": "on"})), Status::Switch(_)));
    assert!(matches!(read(json!({"status": "yes"})), Status::Poll(_)));
    // The first of equal branches, also if the server has added a property.
    for value in [
        json!({"status": "maybe"}),
        json!({"status": "on", "new": 1}),
    ] {
        assert!(matches!(read(value), Status::Switch(_)));
    }
    // `Switch` would skip the tags.
    let poll = read(json!({"status": "maybe", "tags": ["one"]}));
    assert!(matches!(poll, Status::Poll(_)));
    let poll = read(json!({"status": "yes", "tags": ["two"], "new": [1, {"a": 2}]}));
    assert!(matches!(poll, Status::Poll(_)));
    // Each of the tags is counted.
    let switch = read(json!({"status": "on", "tags": ["two"]}));
    assert!(matches!(switch, Status::Switch(_)));
    assert_eq!(read(json!(1)), Status::Level(Level::Low));
    assert_eq!(read(json!(2)), Status::Number(2.0));
}

#[test]
fn an_error_inside_of_a_branch_has_the_whole_path() {
    let pets = json!({"pets": [{"kind": "dog", "tricks": [], "owner": {"kind": "dog", "tricks": ["a", 5]}}]});
    let error = read::<BTreeMap<String, Vec<Pet>>>(&pets).unwrap_err();
    assert_eq!(
        error,
        ".pets[0].owner.tricks[1]: invalid type: integer, expected a string"
    );
    // The same error for a text that is not a body.
    let error = serde_json::from_str::<Pet>(r#"{"kind":"cat","lives":"x"}"#).unwrap_err();
    assert_eq!(error.to_string(), "invalid type: string, expected i64");
}

#[test]
fn a_union_reads_from_a_value_too() {
    let value = json!({"kind": "cat", "lives": 9});
    assert!(matches!(serde_json::from_value(value), Ok(Pet::Cat(_))));
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Branching {
    Leaf(i64),
    Fork(Box<Fork>),
    List(Vec<Branching>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Fork(Branching, Branching);

from_branches! { Branching {
    Leaf(i64),
    Fork(Fork),
    List(Vec<Branching>),
} }

#[test]
fn a_branch_becomes_the_union() {
    let twin = Fork(1.into(), Branching::from(vec![2.into()]));
    let boxed = Box::new(Fork(
        Branching::Leaf(1),
        Branching::List(vec![Branching::Leaf(2)]),
    ));
    assert_eq!(Branching::from(twin), Branching::Fork(boxed));
}
