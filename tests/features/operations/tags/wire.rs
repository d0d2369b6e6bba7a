use api::operations;
use api::runtime::Operation;
use recorder::{client, wait};

#[test]
fn an_operation_is_in_the_module_of_each_of_its_tags() {
    let clear = operations::admin::ClearPets;
    assert_eq!(clear, operations::pet_shop::ClearPets);
    assert_eq!(clear, operations::undeclared::ClearPets);
    assert_eq!(clear, operations::ClearPets);
    assert_eq!(operations::default::HeadHealth::PATH, "/health");
    assert_eq!(operations::r#type::GetType::PATH, "/type");
    let (client, recorder) = client();
    wait(client.request(clear)).unwrap();
    assert_eq!(recorder.one().text(), "DELETE https://api.example.com/pets\n");
}
