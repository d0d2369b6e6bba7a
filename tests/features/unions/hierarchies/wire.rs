//! A branch is never sent with the tag of another one.

use api::types::{
    Canvas, Cat, Chat, Circle, Disc, Figure, Guest, Lilac, Lodger, Message, NotFound, Owner, Pet,
    Problem, Refused, Resident, Shape, Tenant, Visitor, cat, chat, get_pet, lilac, refused,
    siamese, visitor,
};
use serde_json::{Value, json};

fn read<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn written<T: serde::Serialize>(value: T) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn the_mapping_decides_before_the_values_of_the_property() {
    assert!(matches!(read(json!({"kind": "square"})), Shape::Square(_)));
    assert!(matches!(read(json!({"kind": "circle"})), Shape::Circle(_)));
    let canvas: Canvas = read(json!({"round": {"kind": "circle", "r": 2}}));
    assert_eq!(canvas.round.unwrap().r, Some(2.0));
}

#[test]
fn a_schema_is_a_branch_beside_its_extensions() {
    assert!(matches!(read(json!({"type": "cat"})), Pet::Cat(_)));
    let siamese = json!({"type": "Siamese", "points": "seal"});
    assert!(matches!(read(siamese.clone()), Pet::Siamese(_)));
    assert!(matches!(read(siamese.clone()), Cat::Siamese(_)));
    let owner: Owner = read(json!({"cat": siamese}));
    assert!(matches!(owner.cat, Some(Cat::Siamese(_))));
    let cat = cat::Base {
        kittens: Some(vec![Cat::Siamese(siamese::Base::new("seal"))]),
        ..cat::Base::default()
    };
    assert_eq!(
        written(Pet::Cat(cat)),
        json!({"type": "cat", "kittens": [{"type": "Siamese", "points": "seal"}]})
    );
}

#[test]
fn keywords_beside_a_union_apply_to_each_branch() {
    // The response requires a name, which is optional in a pet.
    let cat = get_pet::ok_body::Cat::new("Tom");
    let dog = get_pet::ok_body::Dog::new("Rex");
    for (body, json) in [
        (
            get_pet::OkBody::Cat(cat),
            json!({"type": "cat", "name": "Tom"}),
        ),
        (
            get_pet::OkBody::Dog(dog),
            json!({"type": "Dog", "name": "Rex"}),
        ),
    ] {
        assert_eq!(read::<get_pet::OkBody>(json.clone()), body);
        assert_eq!(written(body), json);
    }
    for nameless in [json!({"type": "cat"}), json!({"type": "Dog"})] {
        let error = serde_json::from_value::<get_pet::OkBody>(nameless).unwrap_err();
        assert!(error.to_string().contains("`name`"), "{error}");
    }
}

#[test]
fn a_tag_is_optional() {
    for (value, json) in [
        (
            written(Guest::Lodger(Lodger::default())),
            json!({"stay": "lodger"}),
        ),
        (written(Lodger::default()), json!({"stay": "lodger"})),
        (
            written(Figure::Disc(Disc::default())),
            json!({"form": "Disc"}),
        ),
        (
            written(Guest::Visitor(Visitor::default())),
            json!({"stay": "visitor"}),
        ),
        (
            written(Guest::Tenant(Tenant::default())),
            json!({"stay": "tenant"}),
        ),
        (
            written(Shape::Circle(Circle::default())),
            json!({"kind": "circle"}),
        ),
        (
            written(Problem::NotFound(NotFound::default())),
            json!({"code": "not-found"}),
        ),
        (
            written(Pet::Lilac(Lilac::new("pale"))),
            json!({"type": "Lilac", "points": "pale"}),
        ),
        (
            written(Message::Chat(Chat::new(chat::Op::N3))),
            json!({"op": 3}),
        ),
    ] {
        assert_eq!(value, json);
    }
}

#[test]
fn the_tag_of_another_branch_is_an_error() {
    let lilac = Lilac {
        r#type: lilac::Type::Unknown("Dog".to_owned()),
        ..Lilac::new("pale")
    };
    let visitor = Visitor {
        stay: visitor::Stay::Unknown("lodger".to_owned()),
        hours: None,
    };
    let refused = || Refused::new(refused::Code::No);
    let errors = [
        serde_json::to_value(Pet::Lilac(lilac)),
        serde_json::to_value(Guest::Visitor(visitor)),
        serde_json::to_value(Problem::Refused(refused())),
    ];
    for error in errors {
        let error = error.unwrap_err().to_string();
        assert!(error.contains("selects another branch"), "{error}");
    }
    assert_eq!(written(Resident::Refused(refused())), json!({"code": "no"}));
}
