//! Options and retries of the generated client over real connections. The servers request short
//! delays, so that no test waits; the delays are tested in `generator/runtime/src/tests/retry.rs`.

use generated::runtime::Endpoint;
use generated::{Client, Options};

use super::server::{Answer, Server, response};
use super::{JSON, client, registration};

const SOON: (&str, &str) = ("retry-after-ms", "1");

fn registered() -> Answer {
    let body = br#"{"client_id":"c","client_id_issued_at":1}"#;
    response("201 Created", &[JSON, ("x-request-id", "req_1")], body)
}

#[tokio::test]
async fn an_unprocessed_post_is_sent_again_unchanged() {
    let busy = response("429 Too Many Requests", &[SOON], b"");
    let server = Server::start(vec![busy.clone(), busy, registered()]).await;
    let client = client(&server);
    let call = client.register_oauth_client(registration());
    let response = call.send().await.unwrap();
    assert_eq!(
        (response.attempts(), response.request_id()),
        (3, Some("req_1"))
    );
    let sent = server.requests();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|request| *request == sent[0]), "{sent:#?}");
}

#[tokio::test]
async fn a_post_that_may_have_been_processed_is_sent_once() {
    for answer in [
        response("503 Service Unavailable", &[SOON], b""),
        Answer::Bytes(Vec::new()),
    ] {
        let server = Server::start(vec![answer, registered()]).await;
        let client = client(&server);
        let call = client.register_oauth_client(registration());
        let error = call.await.unwrap_err();
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_post_with_a_key_is_retried() {
    let failed = response("503 Service Unavailable", &[SOON], b"");
    let server = Server::start(vec![failed, registered()]).await;
    let options = Options::new()
        .idempotency_key("order-17")
        .query("debug", "1");
    let client = client(&server);
    let call = client.register_oauth_client(registration());
    call.with(options).await.unwrap();
    let sent = server.requests();
    assert_eq!(sent.len(), 2);
    assert!(
        sent.iter()
            .all(|request| request.contains("\r\nidempotency-key: order-17\r\n"))
    );
    assert!(sent[1].starts_with("POST /oauth/register?debug=1 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn an_endpoint_that_the_document_does_not_have() {
    let failed = response("500 Internal Server Error", &[SOON], b"");
    let answer = response("200 OK", &[JSON], b"[1,2]");
    let server = Server::start(vec![failed, answer]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .bearer_auth("hunter2");
    let client = client.build().unwrap();
    let call = client.call(Endpoint::get("/beta/{id}")).path("id", "a b");
    assert_eq!(call.json::<Vec<u8>>().await.unwrap(), [1, 2]);
    let sent = server.requests();
    assert!(
        sent[1].starts_with("GET /beta/a%20b HTTP/1.1\r\n"),
        "{}",
        sent[1]
    );
    assert!(sent[1].contains("\r\nauthorization: Bearer hunter2\r\n"));
}
