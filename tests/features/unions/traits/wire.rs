//! Traits that only some types have.

use std::convert::Infallible;
use std::fmt::Display;
use std::hash::Hash;
use std::str::FromStr;

use api::types::{Around, Chain, Color, Differs, Link, Measured, Open, Point, Same};
use serde::{Deserialize, Serialize};

/// Tests whether a type has a trait: of two functions with one name, the inherent one is called if
/// its bounds are met.
struct Is<T>(std::marker::PhantomData<T>);

trait Otherwise {
    fn hash() -> bool {
        false
    }

    fn from_integer() -> bool {
        false
    }
}

impl<T> Otherwise for Is<T> {}

impl<T: Eq + Hash> Is<T> {
    fn hash() -> bool {
        true
    }
}

impl<T: From<i64>> Is<T> {
    fn from_integer() -> bool {
        true
    }
}

#[test]
fn eq_and_hash_are_there_if_each_part_has_them() {
    assert_eq!(Is::<Point>::hash(), cfg!(feature = "hash"));
    assert_eq!(Is::<Differs>::hash(), cfg!(feature = "hash"));
    assert_eq!(Is::<Chain>::hash(), cfg!(feature = "hash"));
    assert_eq!(Is::<Open>::hash(), cfg!(feature = "hash"));
    assert!(!Is::<Measured>::hash());
    assert!(!Is::<Around>::hash());
    assert!(Is::<Color>::hash());
}

#[cfg(feature = "hash")]
#[test]
fn equal_values_are_one_key() {
    let seen = std::collections::HashSet::from([Point::new(1), Point::new(2), Point::new(1)]);
    assert_eq!(seen.len(), 2);
}

#[test]
fn a_branch_becomes_the_union_if_the_branches_differ() {
    assert_eq!(Differs::from(5), Differs::Integer(5));
    let list = vec![Differs::from("a".to_owned()), Point::new(1).into()];
    let json = serde_json::to_string(&Differs::from(list)).unwrap();
    assert_eq!(json, r#"["a",{"x":1}]"#);
    let chain = Chain::from(Link::new(Chain::from(true)));
    assert_eq!(serde_json::to_string(&chain).unwrap(), r#"{"next":true}"#);
    assert!(Is::<Differs>::from_integer());
    assert!(!Is::<Same>::from_integer());
}

#[test]
fn an_enum_of_text_is_written_and_parsed() {
    fn check<T: Display + FromStr<Err = Infallible> + Serialize + for<'de> Deserialize<'de>>() {}
    check::<Color>();
    let color: Color = "dark green".parse().unwrap();
    assert_eq!((&color, color.to_string()), (&Color::DarkGreen, "dark green".to_owned()));
    let other: Color = "blue".parse().unwrap();
    assert_eq!((other.to_string(), other), ("blue".to_owned(), Color::Unknown("blue".to_owned())));
}
