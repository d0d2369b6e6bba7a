use api::operations::events::{SubscribeOnEnd, SubscribeOnEvent, SubscribeOnEventAnswer};
use api::types::{event, subscribe};
use recorder::{client, wait};

#[test]
fn the_operation_is_called_as_any() {
    let (client, recorder) = client();
    recorder.answer(201, &[], "");
    let url = "https://me.example/hook".parse().unwrap();
    wait(client.subscribe(subscribe::RequestBody::new(url))).unwrap();
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/subscriptions\n\
         content-type: application/json\n\
         \n\
         {\"callbackUrl\":\"https://me.example/hook\"}"
    );
}

#[test]
fn requests_of_callbacks_are_read() {
    // The event is read, so it has `readOnly` properties and its enum is open.
    let event: SubscribeOnEvent = serde_json::from_str(r#"{"id":"1","kind":"moved"}"#).unwrap();
    assert_eq!(event.id, "1");
    assert_eq!(event.kind, event::Kind::Unknown("moved".to_owned()));
    assert_eq!(SubscribeOnEventAnswer::Gone.code(), 410);
    let end: SubscribeOnEnd = serde_json::from_str("{}").unwrap();
    assert_eq!(end.reason, None);
}
