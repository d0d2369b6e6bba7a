//! The branch with the best score is selected.

use super::*;

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
