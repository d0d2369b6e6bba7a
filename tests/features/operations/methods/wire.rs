use api::types::query_thing;
use recorder::{client, wait};

#[test]
fn each_method_is_sent_unchanged() {
    let (client, recorder) = client();
    wait(client.get_thing()).unwrap();
    wait(client.put_thing()).unwrap();
    wait(client.post_thing()).unwrap();
    wait(client.delete_thing()).unwrap();
    wait(client.options_thing()).unwrap();
    wait(client.head_thing()).unwrap();
    wait(client.patch_thing()).unwrap();
    wait(client.trace_thing()).unwrap();
    let sent: Vec<_> = recorder.take().iter().map(|sent| sent.text()).collect();
    let methods = [
        "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
    ];
    assert_eq!(
        sent,
        methods.map(|method| {
            // RFC 9110, section 8.6
            let expects_a_body = matches!(method, "PUT" | "POST" | "PATCH");
            let length = if expects_a_body { "content-length: 0\n" } else { "" };
            format!("{method} https://api.example.com/thing\n{length}")
        })
    );
}

#[test]
fn query_has_a_body() {
    let (client, recorder) = client();
    recorder.answer(200, &[], "[\"a\"]");
    let body = query_thing::RequestBody {
        name: Some("a".to_owned()),
    };
    assert_eq!(wait(client.query_thing(body)).unwrap(), ["a"]);
    assert_eq!(
        recorder.one().text(),
        "QUERY https://api.example.com/thing\n\
         accept: application/json\n\
         content-type: application/json\n\
         \n\
         {\"name\":\"a\"}"
    );
}
