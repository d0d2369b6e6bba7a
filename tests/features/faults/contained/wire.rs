//! The requests of a document with faults.

use api::Client;
use api::types::list_orders::{Items, items::Price};
use api::types::{Message, Order, Text, add_file};
use recorder::{Recorder, wait};

fn client() -> (Client, Recorder) {
    let recorder = Recorder::new();
    let builder = Client::builder().region("eu").authorization("Bearer s3cret").key("k");
    (builder.transport(recorder.clone()).build().unwrap(), recorder)
}

#[test]
fn an_undeclared_variable_is_required() {
    let error = Client::builder().build().unwrap_err().to_string();
    assert!(error.contains("`region` has no default"), "{error}");
    assert!(Client::builder().base_url("https://example.com").build().is_ok());
    let (client, recorder) = client();
    wait(client.list_orders()).unwrap();
    let sent = recorder.one();
    assert_eq!(sent.request.uri().to_string(), "https://eu.example.com/v1/orders");
}

#[test]
fn a_credential_parameter_is_a_credential_of_the_client() {
    let (client, recorder) = client();
    let _ = wait(client.read_order("a b"));
    let text = recorder.one().text();
    assert!(text.starts_with("GET https://eu.example.com/v1/orders/a%20b"), "{text}");
    assert!(text.contains("authorization: Bearer s3cret\n"), "{text}");
}

#[test]
fn a_body_that_is_a_parameter_is_a_body() {
    let (client, recorder) = client();
    wait(client.put_orders_by_order_id("1", Order::new(7))).unwrap();
    let text = recorder.one().text();
    assert!(text.starts_with("PUT https://eu.example.com/v1/orders/1\n"), "{text}");
    assert!(text.contains("x-key: k\n") && text.ends_with("{\"id\":7}"), "{text}");
    assert!(!text.contains("s3cret"), "{text}");

    let form = add_file::RequestBody {
        note: Some("n".to_owned()),
        copies: 2,
    };
    wait(client.add_file(1, "a/b", form)).unwrap();
    let text = recorder.one().text();
    assert!(text.starts_with("POST https://eu.example.com/v1/orders/1/files/a%2Fb\n"), "{text}");
    assert!(text.ends_with("note=n&copies=2"), "{text}");
}

#[test]
fn lists_in_the_style_of_objects_have_indices() {
    let (client, recorder) = client();
    let items = Items {
        prices: Some(vec![Price { price: Some(1) }, Price { price: Some(2) }]),
    };
    let call = client.list_orders().items_parameter(items).sort("up").page(3);
    wait(call.expand(vec!["a".to_owned(), "b".to_owned()])).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/v1/orders?expand%5B0%5D=a&expand%5B1%5D=b\
         &items%5Bprices%5D%5B0%5D%5Bprice%5D=1&items%5Bprices%5D%5B1%5D%5Bprice%5D=2\
         &sort=up&page=3"
    );
}

#[test]
fn a_value_of_a_discriminator_without_a_schema_is_sent_as_json() {
    let (client, recorder) = client();
    wait(client.send_message(Message::Text(Text::new("hello")))).unwrap();
    let text = recorder.one().text();
    assert!(text.ends_with(r#"{"kind":"text","text":"hello"}"#), "{text}");
    let video = serde_json::json!({ "kind": "video", "length": 5 });
    wait(client.send_message(Message::Other(video.into()))).unwrap();
    let text = recorder.one().text();
    assert!(text.ends_with(r#"{"kind":"video","length":5}"#), "{text}");
}
