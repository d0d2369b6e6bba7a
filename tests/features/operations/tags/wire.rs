use api::operations;
use api::runtime::Operation;
use recorder::{client, wait};

#[test]
fn an_operation_is_in_the_module_of_each_of_its_tags() {
    let clear = operations::admin::ClearPets;
    // The type is available under several names.
    let clear: operations::pet_shop::ClearPets = clear;
    let clear: operations::undeclared::ClearPets = clear;
    let _: operations::ClearPets = clear;
    assert_eq!(operations::default::HeadHealth::ENDPOINT.path(), "/health");
    assert_eq!(operations::r#type::GetType::ENDPOINT.path(), "/type");
    let (client, recorder) = client();
    wait(client.request(clear)).unwrap();
    assert_eq!(recorder.one().text(), "DELETE https://api.example.com/pets\n");
}
