//! The information that an observer receives.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::script::Event::{Answer, Cut, CutBody, Silence, Unreachable};
use super::script::{Script, operations};
use crate::runtime::endpoint::{Attempt, Endpoint, OperationId};
use crate::runtime::observer::{Attempted, ERROR_WORDS};
use crate::runtime::retry::Retry;

operations! {
    GetThing get "/things";
    PostThing post "/things";
}

type Seen = Arc<Mutex<Vec<Attempted>>>;

fn observed(script: &Script) -> (crate::runtime::client::Client, Seen) {
    let seen = Seen::default();
    let list = Arc::clone(&seen);
    let observer = move |attempted: &Attempted| list.lock().unwrap().push(attempted.clone());
    let builder = script.builder().observer(observer).retry(Retry::default());
    (builder.build().unwrap(), seen)
}

fn take(seen: &Seen) -> Vec<Attempted> {
    std::mem::take(&mut seen.lock().unwrap())
}

#[tokio::test]
async fn an_observer_sees_each_attempt() {
    let script = Script::new([
        Unreachable,
        Answer(503, &[], "busy"),
        Answer(200, &[], "four"),
    ]);
    let (client, seen) = observed(&script);
    client.request(PostThing).await.unwrap_err();
    script.then([
        Unreachable,
        Answer(429, &[], "busy"),
        Answer(200, &[], "four"),
    ]);
    client.request(GetThing).await.unwrap();
    let seen = take(&seen);
    let rows: Vec<_> = seen
        .iter()
        .map(|one| {
            let status = one.status.map(|status| status.as_u16());
            (
                one.endpoint.to_string(),
                one.attempt.0,
                status,
                one.error,
                one.response_bytes,
            )
        })
        .collect();
    let (get, post) = ("GET /things".to_owned(), "POST /things".to_owned());
    assert_eq!(
        rows,
        [
            (post.clone(), 1, None, Some("connect"), 0),
            (post, 2, Some(503), None, 4),
            (get.clone(), 1, None, Some("connect"), 0),
            (get.clone(), 2, Some(429), Some("unread"), 0),
            (get, 3, Some(200), None, 4),
        ]
    );
    assert_eq!(seen[0].operation, Some(OperationId("PostThing")));
    assert_eq!(seen[0].request_bytes, Some(0));
    assert_eq!(seen[4].attempt, Attempt(3));
    assert!(seen[0].time_to_head.is_none() && seen[4].time_to_head.is_some());
}

#[tokio::test]
async fn each_error_has_its_word() {
    for (event, word) in [
        (Unreachable, "connect"),
        (Cut, "transport"),
        (CutBody, "transport"),
        (Silence, "timeout"),
    ] {
        let (client, seen) = observed(&Script::new([event]));
        client.request(PostThing).await.unwrap_err();
        let seen = take(&seen);
        assert_eq!(seen.last().unwrap().error, Some(word));
        assert!(ERROR_WORDS.contains(&word));
    }
}

#[tokio::test]
async fn a_dropped_call_counts_as_canceled() {
    let (client, seen) = observed(&Script::default().pausing());
    let never_polled = client.request(GetThing).into_future();
    drop(never_polled);
    assert!(take(&seen).is_empty());
    let mut call = client.request(GetThing).into_future();
    assert!(futures_now(&mut call).is_none());
    drop(call);
    let seen = take(&seen);
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].status, seen[0].error), (None, Some("canceled")));
}

fn futures_now<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::Pin::new(future).poll(&mut context) {
        std::task::Poll::Ready(output) => Some(output),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test]
async fn times_are_those_of_the_transport() {
    let script = Script::new([Silence]);
    let (client, seen) = observed(&script);
    client.request(PostThing).await.unwrap_err();
    assert_eq!(take(&seen)[0].time, Duration::from_secs(60));
}

#[tokio::test]
async fn an_undocumented_endpoint_has_no_operation() {
    let (client, seen) = observed(&Script::default());
    client.call(Endpoint::get("/beta")).await.unwrap();
    let seen = take(&seen);
    assert_eq!(seen[0].operation, None);
    assert_eq!(seen[0].endpoint, Endpoint::get("/beta"));
}
