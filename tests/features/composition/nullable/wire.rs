//! A nullable schema becomes an `Option` of the intended type, not a separate type.

use api::types::{Color, Either, Nullable, Place, Plain, Wrapped, place};

#[test]
fn a_branch_that_only_allows_null_is_none() {
    let place = Place {
        required_either: Some(Either::Plain(Plain::new(5))),
        any_of: Some(Some(Plain::new(1))),
        null_first: Some(Some(Plain::new(2))),
        inside_all_of: Some(Some(Plain::new(3))),
        beside_a_reference: Some(Some(Plain::new(4))),
        null_of_three: Some(Some(place::NullOfThree::Boolean(true))),
        listed_and_nullable: Some(Some(Color::Red)),
        ..Place::default()
    };
    let json = r#"{"required_either":{"b":5},"any_of":{"b":1},"null_first":{"b":2},"null_of_three":true,"inside_all_of":{"b":3},"beside_a_reference":{"b":4},"listed_and_nullable":"red"}"#;
    assert_eq!(serde_json::to_string(&place).unwrap(), json);
}

#[test]
fn a_type_beside_a_reference_adds_nothing() {
    let either = Either::Nullable(Nullable::new("x"));
    let wrapped = Wrapped {
        required_nullable: Some(Plain::new(1)),
        nullable: Some(Some(Plain::new(2))),
        reference: Some(Plain::new(3)),
        type_in_a_part: Some(Some(Plain::new(4))),
        union: Some(Some(either)),
        ..Wrapped::default()
    };
    let json = r#"{"required_nullable":{"b":1},"nullable":{"b":2},"reference":{"b":3},"type_in_a_part":{"b":4},"union":{"a":"x"}}"#;
    assert_eq!(serde_json::to_string(&wrapped).unwrap(), json);
}
