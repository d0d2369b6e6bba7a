//! Unions: no value is lost, and reading takes a limited time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::runtime::any::Json;
use crate::runtime::base64::Base64;
use crate::runtime::codec::{newtype, object};
use crate::runtime::from_branches::from_branches;
use crate::runtime::integer_enum::integer_enum;
use crate::runtime::json::{self};
use crate::runtime::json_enum::json_enum;
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

#[derive(Clone, Debug, PartialEq)]
enum Animal {
    Cat(Claws),
    Bird(Wings),
    Other(Json),
}

#[derive(Clone, Debug, PartialEq)]
struct Claws {
    claws: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
struct Wings {
    wings: Option<i64>,
    extra: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, PartialEq)]
struct Tame {
    kind: Option<String>,
    name: Option<String>,
}

object! { Claws, open { "claws" claws: optional, } }
object! { Wings, kept(extra) { "wings" wings: optional, } }
object! { Tame, open { "kind" kind: optional, "name" name: optional, } }
tagged_union! { Animal, "kind", other(Other) { Cat: "cat", Bird: "bird", } }

#[derive(Clone, Debug, PartialEq)]
enum Guest {
    Tame(Tame),
    One(Animal),
    Many(Vec<Animal>),
    Name(String),
    Other(Json),
}

untagged_union! { Guest, other(Other) {
    Tame: struct,
    One: object,
    Many: array,
    Name: string,
} }

#[test]
fn a_union_inside_of_a_union() {
    let read = |value: Value| read::<Guest>(&value).unwrap();
    // The tag is explained, although the branch does not declare it. Otherwise `Tame` would be
    // equal.
    let one = read(json!({"kind": "cat", "claws": 4}));
    assert!(matches!(one, Guest::One(Animal::Cat(_))), "{one:?}");
    for kind in ["cat", "bird"] {
        let tame = read(json!({"kind": kind, "name": "Tom"}));
        assert!(matches!(tame, Guest::Tame(_)), "{tame:?}");
    }
    let bird = read(json!({"wings": 2, "kind": "bird", "name": "Tom", "age": 3}));
    assert!(matches!(bird, Guest::One(Animal::Bird(_))), "{bird:?}");
    // Less is unexplained than with `Animal::Other`.
    let fish = read(json!({"kind": "fish", "fins": {"left": 1}}));
    assert!(matches!(fish, Guest::Tame(_)), "{fish:?}");
    let many = read(json!([{"kind": "cat"}, {"kind": "fish"}, {"kind": "bird"}]));
    let Guest::Many(many) = many else { panic!() };
    assert!(matches!(
        many.as_slice(),
        [Animal::Cat(_), Animal::Other(_), Animal::Bird(_)]
    ));
    assert_eq!(read(json!("Tom")), Guest::Name("Tom".to_owned()));
    for value in [json!(5), json!(null), json!([5, "x"]), json!([[1]])] {
        let guest = read(value.clone());
        let is_list = value.is_array();
        assert!(matches!(guest, Guest::Many(_)) == is_list, "{guest:?}");
        assert!(matches!(guest, Guest::Other(_)) != is_list, "{guest:?}");
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Either {
    Shape(Shape),
    Status(Status),
    Closed(Sealed),
    Open(Unsealed),
    Text(BTreeMap<String, String>),
    Other(Json),
}

#[derive(Clone, Debug, PartialEq)]
struct Sealed {
    lid: Option<bool>,
}

#[derive(Clone, Debug, PartialEq)]
struct Unsealed {
    lock: Option<bool>,
    key: i64,
}

impl Unsealed {
    fn key() -> i64 {
        7
    }
}

object! { Sealed, tolerant { "lid" lid: optional, } }
object! { Unsealed, open { "lock" lock: optional, "key" key: preset(key), } }
untagged_union! { Either, other(Other) {
    Shape: object,
    Status: object | number,
    Closed: struct,
    Open: struct,
    Text: map,
} }

#[test]
fn the_union_that_knows_the_value_wins() {
    let read = |value: Value| read::<Either>(&value).unwrap();
    let inner = read(json!({"status": "yes"}));
    assert!(
        matches!(inner, Either::Status(Status::Poll(_))),
        "{inner:?}"
    );
    let inner = read(json!({"x": 5}));
    assert!(matches!(inner, Either::Shape(Shape::Point(_))), "{inner:?}");
    assert_eq!(read(json!(3)), Either::Status(Status::Number(3.0)));
    assert_eq!(read(json!("a")), Either::Other(json!("a").into()));
    // A map keeps everything, and declares nothing.
    let map = read(json!({"color": "red", "size": "big"}));
    assert!(matches!(map, Either::Text(_)), "{map:?}");
    let declared = read(json!({"name": "n"}));
    assert!(
        matches!(declared, Either::Shape(Shape::Named(_))),
        "{declared:?}"
    );
}

#[derive(Clone, Debug, PartialEq)]
enum Box_ {
    Sealed(Sealed),
    Unsealed(Unsealed),
    Bag(Bag),
}

#[derive(Clone, Debug, PartialEq)]
struct Bag {
    lid: Option<bool>,
    extra: BTreeMap<String, Value>,
}

object! { Bag, kept(extra) { "lid" lid: optional, } }
untagged_union! { Box_ { Sealed: struct, Unsealed: struct, Bag: struct, } }

#[test]
fn missing_and_undeclared_properties_decide_a_tie() {
    let read = |value: Value| read::<Box_>(&value).unwrap();
    assert!(matches!(read(json!({})), Box_::Sealed(_)));
    assert!(matches!(read(json!({"lid": true})), Box_::Sealed(_)));
    assert!(matches!(read(json!({"key": 1})), Box_::Unsealed(_)));
    assert!(matches!(read(json!({"lid": true, "new": 1})), Box_::Bag(_)));
    // A branch that declares a property is preferred, even if the required `key` is missing.
    assert!(matches!(
        read(json!({"key": 1, "lock": true})),
        Box_::Unsealed(_)
    ));
    assert!(matches!(read(json!({"lock": true})), Box_::Bag(_)));

    #[derive(Clone, Debug, PartialEq)]
    enum Two {
        Sealed(Sealed),
        Unsealed(Unsealed),
    }
    untagged_union! { Two { Sealed: struct, Unsealed: struct, } }
    let two = json::read::<Two>(br#"{"new": 1, "key": 1}"#);
    assert!(matches!(two, Ok(Two::Unsealed(_))), "{two:?}");
    let two = json::read::<Two>(br#"{"new": {"key": 1}}"#);
    assert!(matches!(two, Ok(Two::Sealed(_))), "{two:?}");
}

/// Branches without known facts before they are read.
macro_rules! opaque {
    ($name:ident { $($branch:ident: $kind:ident,)* }) => {
        #[derive(Clone, Debug, PartialEq)]
        enum $name {
            $($branch($branch),)*
        }
        untagged_union! { $name { $($branch: $kind,)* } }
    };
}

#[test]
fn scores_do_not_depend_on_known_facts() {
    type Labels = BTreeMap<String, i64>;
    opaque! { Refused { Sealed: object, Claws: object, } }
    let read = json::read::<Refused>(br#"{"new": 1}"#);
    assert!(matches!(read, Ok(Refused::Claws(_))), "{read:?}");
    opaque! { Kept { Wings: object, Claws: object, } }
    let read = json::read::<Kept>(br#"{"claws": 1}"#);
    assert!(matches!(read, Ok(Kept::Claws(_))), "{read:?}");
    let read = json::read::<Kept>(br#"{"wings": 1}"#);
    assert!(matches!(read, Ok(Kept::Wings(_))), "{read:?}");
    opaque! { Map { Labels: map, Claws: object, } }
    let read = json::read::<Map>(br#"{"claws": 1}"#);
    assert!(matches!(read, Ok(Map::Claws(_))), "{read:?}");
    let read = json::read::<Map>(br#"{"tag": 1}"#);
    assert!(matches!(read, Ok(Map::Labels(_))), "{read:?}");
    opaque! { Any { Value: any, Claws: object, } }
    let read = json::read::<Any>(br#"{"claws": 1}"#);
    assert!(matches!(read, Ok(Any::Claws(_))), "{read:?}");
    // An unknown value is kept, and counts like a skipped property.
    opaque! { Unknown { Switch: object, Claws: object, } }
    let read = json::read::<Unknown>(br#"{"status": "maybe"}"#);
    assert!(matches!(read, Ok(Unknown::Switch(_))), "{read:?}");
    opaque! { Skipped { Claws: object, Switch: object, } }
    let read = json::read::<Skipped>(br#"{"status": "maybe"}"#);
    assert!(matches!(read, Ok(Skipped::Claws(_))), "{read:?}");
}

#[test]
fn declaring_a_part_is_better_than_declaring_nothing() {
    #[derive(Clone, Debug, PartialEq)]
    struct Outside {
        id: i64,
    }
    #[derive(Clone, Debug, PartialEq)]
    struct Inside {
        id: i64,
        at: Option<Outside>,
    }
    #[derive(Clone, Debug, PartialEq)]
    enum Place {
        Outside(Outside),
        Inside(Inside),
        Other(Json),
    }
    object! { Outside, open { "id" id: required, } }
    object! { Inside, open { "id" id: required, "at" at: optional, } }
    untagged_union! { Place, other(Other) { Outside: struct, Inside: struct, } }
    // A server has added `new` to the properties of `Inside`.
    let place = json::read::<Place>(br#"{"id": 1, "at": {"id": 2, "new": 3}}"#);
    assert!(matches!(place, Ok(Place::Inside(_))), "{place:?}");
    let place = json::read::<Place>(br#"{"id": 1, "new": 3}"#);
    assert!(matches!(place, Ok(Place::Outside(_))), "{place:?}");
}

#[test]
fn another_spelling_of_a_value_is_not_a_difference() {
    #[derive(Clone, Debug, PartialEq)]
    struct Blob {
        bytes: Base64,
        count: Option<i64>,
    }
    #[derive(Clone, Debug, PartialEq)]
    enum Event {
        Blob(Blob),
        Count(i64),
        Bytes(Base64),
        Text(String),
        Other(Json),
    }
    object! { Blob, open { "bytes" bytes: required, "count" count: optional, } }
    untagged_union! { Event, other(Other) {
        Blob: struct,
        Count: number,
        Bytes: string,
        Text: string,
    } }
    // Without padding, and an integer with a fraction.
    let text = r#"{"bytes": "aGk", "count": 5.0, "name": "5.0"}"#;
    for event in [
        json::read::<Event>(text.as_bytes()).ok(),
        serde_json::from_str(text).ok(),
    ] {
        let Some(Event::Blob(blob)) = event else {
            panic!("{event:?}")
        };
        assert_eq!(blob.count, Some(5));
    }
    let event = json::read::<Event>(br#""aGk""#);
    assert!(matches!(event, Ok(Event::Bytes(_))), "{event:?}");
    let event = json::read::<Event>(br#""not base64""#);
    assert_eq!(event, Ok(Event::Text("not base64".to_owned())));
}

#[derive(Clone, Debug, PartialEq)]
struct Fails {
    status: Power,
    inner: Option<Id>,
    last: i64,
}

object! { Fails, open { "status" status: required, "inner" inner: optional, "last" last: required, } }

#[test]
fn a_failed_branch_does_not_change_the_score() {
    #[derive(Clone, Debug, PartialEq)]
    enum Inner {
        Fails(Fails),
        Switch(Switch),
        Other(Json),
    }
    #[derive(Clone, Debug, PartialEq)]
    struct First {
        inner: Inner,
    }
    #[derive(Clone, Debug, PartialEq)]
    struct Second {
        inner: BTreeMap<String, Value>,
        more: Option<i64>,
    }
    #[derive(Clone, Debug, PartialEq)]
    enum Outer {
        First(First),
        Second(Second),
        Other(Json),
    }
    object! { First, open { "inner" inner: required, } }
    object! { Second, open { "inner" inner: required, "more" more: optional, } }
    untagged_union! { Inner, other(Other) { Fails: struct, Switch: struct, } }
    untagged_union! { Outer, other(Other) { First: struct, Second: struct, } }
    // `Fails` fails at the end, after an unknown status and an `Id::Other`.
    let text = br#"{"inner": {"status": "on", "inner": {}}}"#;
    let Ok(Outer::Second(_)) = json::read::<Outer>(text) else {
        panic!()
    };
    let text = br#"{"inner": {"status": "on"}}"#;
    let Ok(Outer::First(first)) = json::read::<Outer>(text) else {
        panic!()
    };
    assert!(matches!(first.inner, Inner::Switch(_)));
}

/// `Claws` skips `new` with `5.0` and with `5`.
#[test]
fn a_value_that_is_skipped_twice_counts_once() {
    #[derive(Clone, Debug, PartialEq)]
    enum Twice {
        Tame(Tame),
        Claws(Claws),
    }
    untagged_union! { Twice { Tame: struct, Claws: struct, } }
    let twice = json::read::<Twice>(br#"{"new": 1, "claws": 5.0}"#);
    assert!(matches!(twice, Ok(Twice::Claws(_))), "{twice:?}");
}

/// The only branch of its kind fails after an unknown status.
#[test]
fn an_only_branch_that_fails_does_not_change_the_score() {
    #[derive(Clone, Debug, PartialEq)]
    enum Only {
        Fails(Fails),
        Other(Json),
    }
    #[derive(Clone, Debug, PartialEq)]
    struct Loose {
        only: Only,
    }
    #[derive(Clone, Debug, PartialEq)]
    struct Strange {
        new: Option<i64>,
    }
    #[derive(Clone, Debug, PartialEq)]
    enum Holder {
        Loose(Loose),
        Strange(Strange),
    }
    untagged_union! { Only, other(Other) { Fails: struct, } }
    object! { Loose, open { "only" only: required, } }
    object! { Strange, open { "new" new: optional, } }
    untagged_union! { Holder { Loose: struct, Strange: struct, } }
    // Two values, kept in `Only::Other` or skipped.
    let holder = json::read::<Holder>(br#"{"only": {"status": "maybe"}}"#);
    assert!(matches!(holder, Ok(Holder::Loose(_))), "{holder:?}");
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

/// Two branches that both read the union again.
#[derive(Clone, Debug, PartialEq)]
enum Twin {
    A(Box<Left>),
    B(Box<Right>),
    Other(Json),
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
untagged_union! { Twin, other(Other) { A: struct, B: struct, } }

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
untagged_union! { Pair { A: struct, B: struct, } }

/// A union that contains only itself.
#[derive(Clone, Debug, PartialEq)]
struct Endless(Box<Loop>);

#[derive(Clone, Debug, PartialEq)]
enum Loop {
    Again(Endless),
}

newtype! { Endless }
untagged_union! { Loop { Again: any, } }

fn nested(depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", "{\"next\":".repeat(depth), "}".repeat(depth))
}

#[test]
fn reading_a_union_takes_a_limited_time() {
    let begin = Instant::now();
    // Both branches skip `x`, so each of 100 levels would try both.
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
