use recorder::{client, wait};

#[test]
fn the_paths_parameters_are_those_of_each_operation() {
    let (client, recorder) = client();
    wait(client.get_item("corner shop", 5).accept_language("en").verbose(true)).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/shops/corner%20shop/items/5?verbose=true\n\
         accept-language: en\n"
    );
}

#[test]
fn an_operations_own_parameter_replaces_the_paths() {
    let (client, recorder) = client();
    wait(client.delete_item("corner", 5, 2).query_item("other")).unwrap();
    assert_eq!(
        recorder.one().text(),
        "DELETE https://api.example.com/shops/corner/items/5?verbose=2&item=other\n"
    );
}
