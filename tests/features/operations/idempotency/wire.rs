//! A key is only sent if the document has its header and allows a UUID. A call with a key is
//! retried.

use api::types::Payment;
use api::{Client, Options, Retry};
use recorder::{Recorder, client, wait};

/// Returns the sent headers that are keys, with `a UUID` in place of a generated value.
fn keys(recorder: &Recorder) -> Vec<String> {
    let sent = recorder.one();
    let mut found = Vec::new();
    for (name, value) in sent.request.headers() {
        let value = value.to_str().unwrap();
        if name.as_str().contains("idempotency") || name.as_str().contains("paypal") {
            let is_uuid = value.len() == 36 && &value[14..15] == "4";
            found.push(format!("{name}: {}", if is_uuid { "a UUID" } else { value }));
        }
    }
    found
}

#[test]
fn a_key_is_generated_if_its_header_can_be_a_uuid() {
    let (client, recorder) = client();
    wait(client.order("a".to_owned())).unwrap();
    assert_eq!(keys(&recorder), ["idempotency-key: a UUID"]);
    wait(client.capture()).unwrap();
    assert_eq!(keys(&recorder), ["paypal-request-id: a UUID"]);
    wait(client.order("a".to_owned()).idempotency_key("mine")).unwrap();
    assert_eq!(keys(&recorder), ["idempotency-key: mine"]);
    wait(client.required("mine")).unwrap();
    assert_eq!(keys(&recorder), ["idempotency-key: mine"]);
    let option = Options::new().idempotency_key("option");
    wait(client.capture().with(option.clone())).unwrap();
    assert_eq!(keys(&recorder), ["paypal-request-id: option"]);
    wait(client.plain().with(option)).unwrap();
    assert_eq!(keys(&recorder), ["idempotency-key: option"]);
}

#[test]
fn other_operations_have_no_key() {
    let (client, recorder) = client();
    wait(client.orders()).unwrap();
    assert_eq!(keys(&recorder), [""; 0]);
    wait(client.short()).unwrap();
    assert_eq!(keys(&recorder), [""; 0]);
    wait(client.numbered()).unwrap();
    assert_eq!(keys(&recorder), [""; 0]);
    wait(client.plain()).unwrap();
    assert_eq!(keys(&recorder), [""; 0]);
    wait(client.pay(Payment::default())).unwrap();
    assert_eq!(recorder.one().body, b"{}");
}

/// Returns the number of requests for a call that the server answers with 503.
macro_rules! attempts {
    ($client:ident.$call:ident($($argument:expr),*) $($more:tt)*) => {
        wait($client.$call($($argument),*) $($more)*).unwrap_err().attempts()
    };
}

#[test]
fn a_call_with_a_key_is_retried() {
    let recorder = Recorder::new().answering(503, &[], "");
    let client = Client::builder().transport(recorder.clone().with_timer());
    let client = client.retry(Retry::default()).build().unwrap();
    assert_eq!(attempts!(client.plain()), 1);
    assert_eq!(attempts!(client.short()), 1);
    assert_eq!(attempts!(client.pay(Payment::default())), 1);
    recorder.take();
    assert_eq!(attempts!(client.order("a".to_owned())), 3);
    let sent = recorder.take();
    let key = sent[0].header("idempotency-key");
    assert!(sent.iter().all(|sent| sent.header("idempotency-key") == key));
    assert_eq!(attempts!(client.short().x_idempotency_key("mine")), 3);
    let payment = Payment {
        idempotency_key: Some("mine".to_owned()),
        ..Default::default()
    };
    assert_eq!(attempts!(client.pay(payment)), 3);
    assert_eq!(attempts!(client.orders()), 3);
}

/// Inputs with the name of a method are renamed.
#[test]
fn inputs_with_the_names_of_methods() {
    let (client, recorder) = client();
    let call = client
        .orders()
        .stream_parameter(true)
        .items_parameter(7)
        .with_parameter("a")
        .with(Options::new().query("more", "b"));
    wait(call).unwrap();
    let sent = recorder.one();
    assert_eq!(sent.path_and_query(), "/orders?stream=true&items=7&with=a&more=b");
}

#[test]
fn an_option_that_is_an_input_is_an_error() {
    let (client, recorder) = client();
    let options = Options::new().header("idempotency-key", "a");
    let error = wait(client.order("a".to_owned()).with(options)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the header parameter `Idempotency-Key`: \
         it is an input of the operation: set it there, not as an option"
    );
    assert!(recorder.take().is_empty());
}
