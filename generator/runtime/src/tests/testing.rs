//! A mock answers by its rules, and only with documented responses.

use std::time::Duration;

use serde_json::{Value, json};

use super::script::operations;
use crate::runtime::builder::ClientBuilder;
use crate::runtime::client::Client;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{Error, NoFailure, Rejection};
use crate::runtime::operation::Operation;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::Retry;
use crate::runtime::security::{Scheme, Security};
use crate::runtime::testing::Mock;
use crate::runtime::transport::Transport;

const KEY: Scheme = Scheme::query("key", "api_key");

/// An operation with an input in each place.
#[derive(Clone, Debug, Default)]
struct Update {
    id: u32,
    page: Option<u32>,
    trace: Option<String>,
    body: Option<Value>,
}

impl Operation for Update {
    const ENDPOINT: Endpoint = Endpoint::put("/things/{id}");
    const SECURITY: Security = &[&[KEY]];
    type Output = Vec<u32>;
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.path("id", &self.id);
        request.query("page", &self.page);
        request.header("X-Trace", &self.trace, false);
        if let Some(body) = &self.body {
            request.json("application/json", body);
        }
    }

    fn decode(reply: &Reply) -> Result<Vec<u32>, Rejection<NoFailure>> {
        reply.json_if(200)
    }
}

operations! {
    Get get "/other";
}

/// An operation with a form.
#[derive(Clone, Debug)]
struct Send(&'static str);

impl Operation for Send {
    const ENDPOINT: Endpoint = Endpoint::post("/forms");
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        let form = json!({ "a": self.0 });
        request.multipart("multipart/form-data", &form, &[]);
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        reply.nothing_if(204)
    }
}

fn client(mock: &Mock) -> Client {
    let builder = ClientBuilder::new("https://api.example/v1").credential(KEY, "s3cr3t");
    builder.transport(mock.clone()).build().unwrap()
}

#[tokio::test]
async fn rules_are_for_inputs_and_used_in_their_order() {
    let mock = Mock::new();
    let first = Update {
        id: 1,
        page: Some(2),
        trace: Some("t".to_owned()),
        body: Some(json!({"a": 1})),
    };
    mock.on_call_of(&first).reply(200, &[1]).unwrap();
    mock.on::<Update>().times(1).reply(200, &[2]).unwrap();
    let client = client(&mock);
    assert_eq!(client.request(first.clone()).await.unwrap(), [1]);
    assert_eq!(client.request(first.clone()).await.unwrap(), [1]);
    let others = [
        Update {
            id: 11,
            ..first.clone()
        },
        Update {
            page: Some(3),
            ..first.clone()
        },
        Update {
            trace: None,
            ..first.clone()
        },
        Update {
            body: Some(json!({"a": 2})),
            ..first.clone()
        },
    ];
    for (i, other) in others.into_iter().enumerate() {
        let result = client.request(other).await;
        match i {
            0 => assert_eq!(result.unwrap(), [2]),
            _ => assert!(matches!(result, Err(Error::Transport { .. })), "{i}"),
        }
    }
}

#[tokio::test]
async fn the_boundary_of_a_form_is_no_input() {
    let mock = Mock::new();
    let rule = mock.on_call_of(&Send("b")).times(1);
    rule.reply_with(204, "", "").unwrap();
    let client = client(&mock);
    let other = client.request(Send("c")).await;
    assert!(matches!(other, Err(Error::Transport { .. })), "{other:?}");
    client.request(Send("b")).await.unwrap();
}

#[test]
fn an_undocumented_answer_is_an_error() {
    let mock = Mock::new();
    let message = |result: Result<(), _>| {
        result.map_err(|error: crate::runtime::testing::MockError| error.to_string())
    };
    let error = message(mock.on::<Update>().reply(418, &[1])).unwrap_err();
    assert!(
        error.contains("no answer of PUT /things/{id} with the status 418"),
        "{error}"
    );
    let error = message(mock.on::<Update>().reply(200, &json!(["a"]))).unwrap_err();
    assert!(error.contains("[0]"), "{error}");
    let error = message(mock.on::<Update>().reply(20, &[1])).unwrap_err();
    assert!(error.contains("not a status"), "{error}");
    let error = message(mock.on::<Update>().header("a\nb", "c").reply(200, &[1])).unwrap_err();
    assert!(error.contains("`a\\nb`"), "{error}");
    mock.on::<Update>()
        .reply_unchecked(418, "text/plain", "teapot")
        .unwrap();
}

#[tokio::test]
async fn retries_take_no_time() {
    let mock = Mock::new();
    mock.on::<Get>().times(1).fail_to_connect().unwrap();
    mock.on::<Get>()
        .times(1)
        .header("retry-after", "50")
        .reply_unchecked(503, "", "")
        .unwrap();
    mock.on::<Get>().times(1).reply_with(200, "", "").unwrap();
    let client = client(&mock);
    let response = client.request(Get).send().await.unwrap();
    assert_eq!(response.attempts(), 3);
    mock.verify().unwrap();
    mock.on::<Get>().time_out().unwrap();
    let error = client.with(crate::runtime::options::Options::new().retry(Retry::none()));
    assert!(error.request(Get).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_delay_advances_the_clock_of_the_mock() {
    let mock = Mock::new();
    let second = Duration::from_secs(1);
    let reply = |delay| {
        let rule = mock.on::<Get>().times(1).delay(delay);
        rule.reply_with(200, "", "").unwrap();
    };
    reply(59 * second);
    reply(61 * second);
    reply(Duration::MAX);
    let options = crate::runtime::options::Options::new().retry(Retry::none());
    let client = client(&mock).with(options);
    client.request(Get).await.unwrap();
    assert_eq!(mock.now(), 59 * second);
    // The timeout of a call is 60 s by default.
    assert!(client.request(Get).await.unwrap_err().is_timeout());
    assert_eq!(mock.now(), 119 * second);
    assert!(client.request(Get).await.unwrap_err().is_timeout());
    mock.verify().unwrap();
}

#[tokio::test]
async fn unused_rules_and_unmatched_requests_are_listed() {
    let mock = Mock::new();
    mock.on::<Update>().times(2).reply(200, &[1]).unwrap();
    let client = client(&mock);
    client.request(Update::default()).await.unwrap();
    let error = client.request(Get).await.unwrap_err();
    assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
    let error = mock.verify().unwrap_err().to_string();
    assert!(
        error.contains("a rule for PUT /things/{id} was used 1 times, not 2 times"),
        "{error}"
    );
    assert!(
        error.contains("there is no rule for a request of GET /other"),
        "{error}"
    );
}
