//! Retries: their conditions, number and delays. The clock is virtual, so no test waits.

mod budget;
mod delays;

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use super::script::Event::{self, Answer, Cut, CutBody, Silence, Unreachable};
use super::script::{Script, operations};
use crate::runtime::body::{Body, Content};
use crate::runtime::endpoint::{Attempt, Endpoint};
use crate::runtime::error::{Error, NoFailure, Rejection};
use crate::runtime::idempotency::IdempotencyKey;
use crate::runtime::operation::Operation;
use crate::runtime::options::Options;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::{Budget, Retry, server_delay};
use crate::runtime::security::{Scheme, Security};

const TOKEN: Scheme = Scheme::bearer("token");

operations! {
    Get get "/thing";
    Head head "/thing";
    Options_ options "/thing";
    Trace trace "/thing";
    Query query "/thing";
    Put put "/thing";
    Delete delete "/thing";
    Post post "/thing";
    Patch patch "/thing";
    Keyed post "/keyed", IDEMPOTENCY_KEY: IdempotencyKey = IdempotencyKey::header("X-Idempotency-Key");
    Secured get "/secured", SECURITY: Security = &[&[TOKEN]];
}

/// An operation with a body, a header and a key in the body.
#[derive(Clone, Debug)]
struct Pay {
    body: Content,
    key: Option<String>,
}

impl Operation for Pay {
    const ENDPOINT: Endpoint = Endpoint::post("/pay");
    const IDEMPOTENCY_KEY: IdempotencyKey = IdempotencyKey::Property("idempotency_key");
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.header("Idempotency-Key", &self.key, false);
        request.bytes("application/json", &self.body);
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        reply.nothing_if(200)
    }
}

/// An operation with a number in its response.
#[derive(Clone, Debug)]
struct Count;

impl Operation for Count {
    const ENDPOINT: Endpoint = Endpoint::get("/count");
    type Output = u32;
    type Failure = NoFailure;

    fn decode(reply: &Reply) -> Result<u32, Rejection<NoFailure>> {
        reply.json_if(200)
    }
}

fn pay(body: &'static str) -> Pay {
    let (body, key) = (Content::from(body), None);
    Pay { body, key }
}

const fn status(status: u16) -> Event {
    Answer(status, &[], "")
}

/// Returns the number of requests of a call, if each ends with this event.
async fn requests<O: Operation>(operation: O, event: Event) -> usize {
    let script = Script::new([event]);
    let client = script.builder().timeout(Duration::from_secs(600));
    let retry = Retry::default().attempt_timeout(Duration::from_secs(5));
    let client = client.retry(retry).build().unwrap();
    let error = client.request(operation).await.err().unwrap();
    let sent = script.sent();
    assert_eq!(error.attempts() as usize, sent.len());
    for (attempt, sent) in (1..).zip(&sent) {
        assert_eq!(sent.request.extensions().get(), Some(&Attempt(attempt)));
    }
    sent.len()
}

/// An event, whether a call that is safe to repeat is retried after it, and whether any other call
/// is.
const TABLE: &[(Event, bool, bool)] = &[
    (Unreachable, true, true),
    (Cut, true, false),
    (CutBody, true, false),
    (Silence, true, false),
    (status(429), true, true),
    (status(408), true, true),
    (status(425), true, true),
    (status(500), true, false),
    (status(502), true, false),
    (status(503), true, false),
    (status(504), true, false),
    (status(409), false, false),
    (status(400), false, false),
    (status(401), false, false),
    (status(403), false, false),
    (status(404), false, false),
    (status(422), false, false),
    (status(501), false, false),
    (status(505), false, false),
    (status(507), false, false),
    (status(304), false, false),
    (Answer(409, &[("x-should-retry", "true")], ""), true, true),
    (
        Answer(404, &[("stripe-should-retry", "true")], ""),
        true,
        true,
    ),
    (
        Answer(503, &[("x-should-retry", "false")], ""),
        false,
        false,
    ),
    (
        Answer(429, &[("stripe-should-retry", "false")], ""),
        false,
        false,
    ),
    (
        Answer(503, &[("x-should-retry", "perhaps")], ""),
        true,
        false,
    ),
    // The header is ignored in a response that is not a failure.
    (Answer(304, &[("x-should-retry", "true")], ""), false, false),
];

#[tokio::test]
async fn each_row_of_the_table() {
    for (event, safe, unsafe_) in TABLE {
        let count = |repeated: &bool| if *repeated { 3 } else { 1 };
        let what = format!("{event:?}");
        assert_eq!(requests(Get, event.clone()).await, count(safe), "{what}");
        assert_eq!(requests(Head, event.clone()).await, count(safe), "{what}");
        assert_eq!(
            requests(Options_, event.clone()).await,
            count(safe),
            "{what}"
        );
        assert_eq!(requests(Trace, event.clone()).await, count(safe), "{what}");
        assert_eq!(requests(Query, event.clone()).await, count(safe), "{what}");
        assert_eq!(requests(Put, event.clone()).await, count(safe), "{what}");
        assert_eq!(requests(Delete, event.clone()).await, count(safe), "{what}");
        // An idempotency key makes it safe.
        assert_eq!(requests(Keyed, event.clone()).await, count(safe), "{what}");
        let body = pay(r#"{"amount":1,"idempotency_key":"k"}"#);
        assert_eq!(requests(body, event.clone()).await, count(safe), "{what}");
        let mut header = pay("{}");
        header.key = Some("k".to_owned());
        assert_eq!(requests(header, event.clone()).await, count(safe), "{what}");
        assert_eq!(
            requests(Post, event.clone()).await,
            count(unsafe_),
            "{what}"
        );
        assert_eq!(
            requests(Patch, event.clone()).await,
            count(unsafe_),
            "{what}"
        );
    }
}

/// A call without a key is not safe to repeat, and no key is added to a body.
#[tokio::test]
async fn a_body_without_a_key_is_not_repeated() {
    for body in [
        "{}",
        r#"{"idempotency_key":""}"#,
        r#"{"idempotency_key":null}"#,
        r#"{"a":{"idempotency_key":"k"}}"#,
        r#"["idempotency_key"]"#,
        "no JSON",
        "",
    ] {
        assert_eq!(requests(pay(body), status(503)).await, 1, "{body}");
    }
    let stream = Pay {
        body: Content::stream(|| Body::from(r#"{"idempotency_key":"k"}"#)),
        key: None,
    };
    assert_eq!(requests(stream, status(503)).await, 1);
}

#[tokio::test]
async fn the_option_repeatable_sets_what_is_safe() {
    let script = Script::new([status(503)]);
    let client = script.client();
    let send = async |options: Options| {
        let error = client.request(Post).with(options).await.unwrap_err();
        (error.attempts(), error.is_retryable())
    };
    assert_eq!(send(Options::new()).await, (1, false));
    assert_eq!(send(Options::new().repeatable(true)).await, (3, true));
    assert_eq!(
        send(Options::new().idempotency_key("order-17")).await,
        (3, true)
    );
    let once = Options::new().repeatable(true).retry(Retry::none());
    assert_eq!(send(once).await, (1, true));
    let error = client
        .request(Put)
        .with(Options::new().repeatable(false))
        .await
        .unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
}

/// Errors before a request or after a whole response are not retried.
#[tokio::test]
async fn errors_before_a_request_or_after_a_response_are_not_retried() {
    let script = Script::new([Answer(200, &[("content-length", "99")], "99 bytes")]);
    let client = script.builder().max_response_bytes(10).build().unwrap();
    let error = client.request(Get).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge(_)));
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    let error = client.request(Secured).await.unwrap_err();
    assert!(matches!(error, Error::MissingCredential(_)));
    assert_eq!((error.attempts(), error.is_retryable()), (0, false));
    let error = client.request(Get).with(Options::new().header("a b", ""));
    let error = error.await.unwrap_err();
    assert!(matches!(error, Error::Encode(_)));
    assert_eq!((error.attempts(), error.is_retryable()), (0, false));
    assert_eq!(script.sent().len(), 1);
    let json: &[_] = &[("content-type", "application/json")];
    let script = Script::new([Answer(200, json, "\"many\"")]);
    let error = script.client().request(Count).await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    assert_eq!(script.sent().len(), 1);
}

/// The call fails with the last response and its body.
#[tokio::test]
async fn a_call_fails_with_its_last_response() {
    let script = Script::new([
        Answer(503, &[], "first"),
        Cut,
        Answer(500, &[("x-request-id", "req_3")], "third"),
    ]);
    let error = script.client().request(Get).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(error.bytes().unwrap(), "third");
    assert_eq!((error.attempts(), error.request_id()), (3, Some("req_3")));
    assert_eq!(
        error.to_string(),
        "GET /thing answered 500 Internal Server Error at attempt 3 (of no media type, 5 bytes), \
         request `req_3`, which the document does not describe"
    );

    let script = Script::new([status(503), Answer(200, &[("request-id", "req_2")], "")]);
    let response = script.client().request(Get).send().await.unwrap();
    assert_eq!(
        (response.attempts(), response.request_id()),
        (2, Some("req_2"))
    );
}

/// Each attempt sends the same: headers, body, the URL before any redirect, and the key.
#[tokio::test]
async fn all_attempts_send_the_same_request() {
    let script = Script::new([
        Answer(307, &[("location", "/v1/elsewhere")], ""),
        status(503),
        Cut,
        status(200),
    ]);
    let client = script.builder().default_header("x-team", "a");
    let client = client.credential(TOKEN, "t").build().unwrap();
    let options = Options::new().header("x-trace", "1").query("debug", "1");
    client.request(Keyed).with(options).await.unwrap();
    let sent = script.sent();
    let uris: Vec<_> = sent.iter().map(|sent| sent.request.uri().path()).collect();
    assert_eq!(
        uris,
        ["/v1/keyed", "/v1/elsewhere", "/v1/keyed", "/v1/keyed"]
    );
    let first = sent[0].request.headers();
    assert!(sent.iter().all(|sent| sent.request.headers() == first));
    assert_eq!(first["x-trace"], "1");
    assert_eq!(first["x-team"], "a");
    assert_eq!(first.get_all("x-idempotency-key").iter().count(), 1);
    assert_eq!(sent[3].request.uri(), sent[0].request.uri());

    // A stream is created again.
    let script = Script::new([Unreachable, status(503), status(200)]);
    let body = Content::stream(|| Body::stream(Body::from("streamed")));
    let key = Some("k".to_owned());
    script.client().request(Pay { body, key }).await.unwrap();
    let bodies: Vec<_> = script.sent().into_iter().map(|sent| sent.body).collect();
    assert_eq!(bodies, [b"streamed", b"streamed", b"streamed"]);
}

/// The key is a UUID of version 4, and different for each call.
#[tokio::test]
async fn a_key_is_generated_for_a_documented_header() {
    let script = Script::new([status(503)]);
    let client = script.client();
    let mut keys = Vec::new();
    for _ in 0..20 {
        client.request(Keyed).await.unwrap_err();
        let sent = script.sent();
        let key = sent[0].header("x-idempotency-key").unwrap().to_owned();
        assert!(
            sent.iter()
                .all(|sent| sent.header("x-idempotency-key") == Some(&key))
        );
        let groups: Vec<usize> = key.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert!(key.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()));
        assert_eq!(key.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&key.as_bytes()[19]), "{key}");
        keys.push(key);
        // All of them share the budget.
        script.set_now(Duration::ZERO);
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 20);
    // Without a documented key, none is generated.
    client.request(Post).await.unwrap_err();
    assert_eq!(script.sent()[0].header("x-idempotency-key"), None);
    // The caller sets the key.
    let options = Options::new().idempotency_key("order-17");
    client
        .request(Keyed)
        .with(options.clone())
        .await
        .unwrap_err();
    assert_eq!(
        script.sent()[0].header("x-idempotency-key"),
        Some("order-17")
    );
    client
        .request(Post)
        .with(options.clone())
        .await
        .unwrap_err();
    assert_eq!(script.sent()[0].header("idempotency-key"), Some("order-17"));
    // The operation has an input of this name.
    let mut paid = pay("{}");
    paid.key = Some("other".to_owned());
    let error = client.request(paid).with(options).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the idempotency key: the header `idempotency-key` is already set"
    );
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_is_an_error() {
    let script = Script::new([status(200)]);
    for (key, message) in [
        ("", "it is empty"),
        (
            "a\r\nb: c",
            "it has a character that is not allowed in a header, such as a line break",
        ),
    ] {
        let options = Options::new().idempotency_key(key);
        let error = script
            .client()
            .request(Post)
            .with(options)
            .await
            .unwrap_err();
        let expected = format!("cannot write the idempotency key: {message}");
        assert_eq!(error.to_string(), expected);
    }
    // A key for all calls of a client would make the second call a repetition.
    let client = script.client().with(Options::new().idempotency_key("a"));
    let error = client.request(Post).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the idempotency key: it is for one call, and cannot be set for a client"
    );
    assert_eq!(script.sent().len(), 0);
}

#[tokio::test]
async fn without_a_timer_nothing_is_repeated() {
    let script = Script::new([status(503)]).timerless();
    let error = script.client().request(Get).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (1, true));
    // Enabling retries is an error.
    let error = script
        .builder()
        .retry(Retry::default())
        .build()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "retries are enabled, but the transport has no timer"
    );
    assert!(script.builder().retry(Retry::none()).build().is_ok());
    let options = Options::new().retry(Retry::default());
    let error = script
        .client()
        .request(Get)
        .with(options)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the request: retries are enabled, but the transport has no timer"
    );
    let options = Options::new().retry(Retry::none());
    let error = script
        .client()
        .request(Get)
        .with(options)
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_timeout_of_zero_is_an_error() {
    let script = Script::new([status(200)]);
    let retry = Retry::default().attempt_timeout(Duration::ZERO);
    let error = script.builder().retry(retry).build().unwrap_err();
    assert_eq!(error.to_string(), "the time of an attempt is zero");
    let options = Options::new().retry(retry);
    let error = script
        .client()
        .request(Get)
        .with(options)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the request: the time of an attempt is zero"
    );
}

/// After a future is dropped at any await, nothing more is sent, and the client still works.
#[tokio::test]
async fn a_call_that_is_dropped_sends_nothing_more() {
    for polls in 0..8_usize {
        let script = Script::new([status(503), status(503), status(200)]).pausing();
        let client = script.client();
        let mut call = Box::pin(client.request(Get).into_future());
        let waker = std::task::Waker::noop();
        for _ in 0..polls {
            let mut context = std::task::Context::from_waker(waker);
            if call.as_mut().poll(&mut context).is_ready() {
                break;
            }
        }
        drop(call);
        let sent = script.sent().len();
        assert!(sent <= polls.div_ceil(2), "{polls} {sent}");
        tokio::task::yield_now().await;
        assert_eq!(script.sent().len(), 0);
        // The next call works.
        client.request(Get).await.unwrap();
    }
}

/// The connection is lost after the last byte of the request, so the server may have processed it.
#[tokio::test]
async fn a_request_that_may_have_been_processed_is_repeated_only_if_safe() {
    assert_eq!(requests(Post, Cut).await, 1);
    assert_eq!(requests(Put, Cut).await, 3);
}
