//! Requests are read, and answers have the documented status.

use api::types::{Pet, Problem, pet, pet_removed_webhook};
use api::webhooks::{
    NewPet, NewPetAnswer, PetRemoved, PetRemovedAnswer, Picture, PingGetAnswer, PingPost,
    PingPostAnswer,
};

#[test]
fn the_body_is_the_type() {
    let body = r#"{"id":1,"name":"Rex","status":"sold"}"#;
    let pet: NewPet = serde_json::from_str(body).unwrap();
    let expected = Pet {
        status: Some(pet::Status::Unknown("sold".to_owned())),
        ..Pet::new(1, "Rex")
    };
    assert_eq!(pet, expected);
    assert_eq!(NewPetAnswer::Ok.code(), 200);
}

#[test]
fn parameters_stand_beside_the_body() {
    let body = serde_json::from_str(r#"{"id":1,"reason":"lost"}"#).unwrap();
    let removed = PetRemoved {
        x_signature: "abc".to_owned(),
        attempt: None,
        body: Some(body),
    };
    assert_eq!(
        removed.body.unwrap().reason,
        pet_removed_webhook::body::Reason::Lost
    );
    let problem = Problem::new("no");
    assert_eq!(PetRemovedAnswer::Accepted.code(), 202);
    assert_eq!(PetRemovedAnswer::BadRequest(problem.clone()).code(), 400);
    assert_eq!(PetRemovedAnswer::ServerError(503).code(), 503);
    assert_eq!(PetRemovedAnswer::Default(418, problem).code(), 418);
}

#[test]
fn several_media_types_and_methods() {
    let picture = Picture::Png(vec![1, 2].into());
    assert!(matches!(picture, Picture::Png(bytes) if bytes.len() == 2));
    let echo: PingPost = "hello".to_owned();
    assert_eq!(PingPostAnswer::Ok(echo).code(), 200);
    assert_eq!(PingGetAnswer::NoContent.code(), 204);
}
