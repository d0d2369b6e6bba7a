//! The limits that a transport gets with a request, and its clock.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use super::script::Event::{Answer, Silence};
use super::script::{Script, operations};
use crate::runtime::body::Body;
use crate::runtime::builder::ClientBuilder;
use crate::runtime::endpoint::{Attempt, Endpoint, OperationId};
use crate::runtime::reqwest::Reqwest;
use crate::runtime::retry::Retry;
use crate::runtime::tower::Tower;
use crate::runtime::transport::Transport;

operations! {
    ReadThing get "/thing";
    MakeThing post "/thing";
}

#[tokio::test]
async fn layers_see_the_endpoint_the_operation_and_the_attempt() {
    let script = Script::new([
        Answer(307, &[("location", "/v1/other")], ""),
        Answer(200, &[], ""),
    ]);
    script.client().request(MakeThing).await.unwrap();
    let sent = script.sent();
    assert_eq!(sent.len(), 2);
    for sent in &sent {
        let extensions = sent.request.extensions();
        assert_eq!(extensions.get(), Some(&Endpoint::post("/thing")));
        assert_eq!(extensions.get(), Some(&OperationId("MakeThing")));
        assert_eq!(extensions.get(), Some(&Attempt(1)));
    }
}

/// The time of a call is measured by the transport's clock, which can start at any value.
#[tokio::test]
async fn time_is_measured_by_the_transport() {
    let script = Script::new([Silence]);
    script.set_now(Duration::from_secs(1_000_000));
    let client = script.builder().timeout(Duration::from_secs(7));
    let error = client
        .build()
        .unwrap()
        .request(MakeThing)
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(script.now(), Duration::from_secs(1_000_007));
    assert_eq!(
        script.sent()[0].limits.timeout,
        Some(Duration::from_secs(7))
    );
}

/// Never sends a response, or never its body.
#[derive(Clone)]
struct Stuck {
    answers: bool,
}

impl tower_service::Service<http::Request<Body>> for Stuck {
    type Response = http::Response<Never>;
    type Error = Infallible;
    type Future =
        std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        let answers = self.answers;
        Box::pin(async move {
            if !answers {
                std::future::pending::<()>().await;
            }
            Ok(http::Response::new(Never))
        })
    }
}

struct Never;

impl http_body::Body for Never {
    type Data = bytes::Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// tokio's clock is paused, and advances to the next timer.
#[tokio::test(start_paused = true)]
async fn a_service_with_a_timer_applies_timeouts() {
    for answers in [false, true] {
        let tower = Tower::new(Stuck { answers }).timer(|time| Box::pin(tokio::time::sleep(time)));
        let client = ClientBuilder::new("http://x")
            .transport(tower)
            .retry(Retry::none())
            .build()
            .unwrap();
        let before = tokio::time::Instant::now();
        let error = client.request(ReadThing).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        let passed = before.elapsed();
        // The client has another clock, which does not advance.
        assert!((59..=61).contains(&passed.as_secs()), "{passed:?}");
    }
}

/// A client can be created outside of tokio.
#[test]
fn creating_a_timer_needs_no_runtime() {
    let reqwest = Reqwest::new(Default::default()).unwrap();
    assert!(reqwest.sleep(Duration::from_secs(1)).is_some());
    let tower = Tower::new(Stuck { answers: true });
    assert!(tower.sleep(Duration::ZERO).is_none());
    let tower = tower.timer(|time| Box::pin(tokio::time::sleep(time)));
    assert!(tower.sleep(Duration::ZERO).is_some());
}

#[test]
fn a_clock_does_not_go_back() {
    let script = Reqwest::new(Default::default()).unwrap();
    let before = script.now();
    assert!(script.now() >= before);
    assert!(script.date().is_some());
}
