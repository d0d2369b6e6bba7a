//! A tape replays recorded exchanges, and contains no secret.

mod secrets;

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::script::Event::{self, Answer, Cut, Stream};
use super::script::{Piece, Script, operations};
use crate::runtime::body::Content;
use crate::runtime::builder::ClientBuilder;
use crate::runtime::client::Client;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{Error, NoFailure, Rejection};
use crate::runtime::oauth2::ClientCredentials;
use crate::runtime::operation::Operation;
use crate::runtime::options::Options;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::Retry;
use crate::runtime::secret::Secret;
use crate::runtime::security::{Flow, Flows, Scheme, Security};
use crate::runtime::tape::{Record, Replay};
use crate::runtime::transport::Transport;

operations! {
    Get get "/things";
}

/// An operation with an input in each place, whose output is text.
#[derive(Clone, Debug, Default)]
struct Ask {
    page: u32,
    sort: Option<u32>,
    body: Option<Value>,
}

impl Operation for Ask {
    const ENDPOINT: Endpoint = Endpoint::put("/asks/{page}");
    type Output = Vec<u8>;
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.path("page", &self.page);
        request.query("sort", &self.sort);
        request.query("page", &Some(self.page));
        if let Some(body) = &self.body {
            request.json("application/json", body);
        }
    }

    fn decode(reply: &Reply) -> Result<Vec<u8>, Rejection<NoFailure>> {
        Ok(reply.bytes().to_vec())
    }
}

/// A temporary directory for a tape.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("tape.jsonl")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        let text = self.text();
        assert!(text.is_empty() || text.ends_with('\n'), "{text}");
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    }

    fn record(&self, script: &Script) -> Record {
        Record::new(script.clone(), self.path()).unwrap()
    }

    fn recorded(&self, events: impl IntoIterator<Item = Event>) -> Client {
        client(self.record(&Script::new(events)))
    }

    fn replay(&self) -> Replay {
        Replay::open(self.path()).unwrap()
    }
}

fn builder(transport: impl Transport + 'static) -> ClientBuilder {
    ClientBuilder::new("https://api.example/v1").transport(transport)
}

fn client(transport: impl Transport + 'static) -> Client {
    builder(transport).build().unwrap()
}

/// Returns the message of the source of a transport error.
fn cause<T: std::fmt::Debug>(result: Result<T, Error<NoFailure>>) -> String {
    match result.unwrap_err() {
        Error::Transport { source, .. } => std::error::Error::source(&source).unwrap().to_string(),
        error => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_replay_returns_the_recorded_responses() {
    let place = Place::new();
    let headers = &[
        ("content-type", "application/json"),
        ("x-twice", "1"),
        ("x-twice", "2"),
        ("link", "</v1/asks/2?page=2>; rel=\"next\""),
    ];
    let events = [
        Answer(503, &[("retry-after", "50")], "later"),
        Answer(
            200,
            headers,
            "{ \"b\": 1.50,\n  \"a\": [\"ü\", 1e400, null, \"?\\u0041\"] }",
        ),
        Answer(204, &[], ""),
        Answer(
            404,
            &[("content-type", "text/html")],
            "<p>a < b: no\r\n</p>",
        ),
    ];
    let ask = Ask {
        page: 1,
        sort: Some(2),
        body: Some(json!({"a": [1, "x"]})),
    };
    let mut responses = Vec::new();
    for is_replay in [false, true] {
        let client = match is_replay {
            false => place.recorded(events.clone()),
            true => client(place.replay()),
        };
        let one = client.request(ask.clone()).send().await.unwrap();
        assert_eq!(one.attempts(), 2);
        let two = client.request(ask.clone()).send().await.unwrap();
        let three = client.request(Get).send().await.unwrap_err();
        let three = three.reply().cloned();
        let whole = |reply: &Reply| {
            (
                reply.status(),
                reply.headers().clone(),
                reply.bytes().clone(),
            )
        };
        let replies = [Some(one.reply()), Some(two.reply()), three.as_ref()];
        responses.push(replies.map(|reply| whole(reply.unwrap())));
    }
    assert_eq!(responses[0], responses[1]);
    let first = &place.lines()[0];
    assert_eq!(first["method"], "PUT");
    assert_eq!(first["path"], "/v1/asks/1");
    assert_eq!(first["query"], "page=1&sort=2");
    // The hash was computed by another program.
    assert_eq!(first["digest"], "13-3651d3dd8fef00f1");
}

#[tokio::test]
async fn equal_requests_get_their_answers_in_order() {
    let place = Place::new();
    let events = ["1", "2", "3", "4"].map(|body| Answer(200, &[], body));
    let ask = |page| Ask {
        page,
        ..Ask::default()
    };
    let client_of_tape = place.recorded(events);
    for page in [1, 2, 1, 1] {
        client_of_tape.request(ask(page)).await.unwrap();
    }
    let client = client(place.replay());
    let mut bodies = Vec::new();
    for page in [1, 1, 2, 1] {
        bodies.push(client.request(ask(page)).await.unwrap());
    }
    assert_eq!(bodies, [b"1", b"3", b"2", b"4"]);
    let message = cause(client.request(ask(1)).await);
    assert!(
        message.contains("each of its answers (3) was already used"),
        "{message}"
    );
}

#[tokio::test]
async fn a_missing_entry_is_an_error_that_names_the_nearest_one() {
    let place = Place::new();
    let recorded = place.recorded([Answer(200, &[], "")]);
    recorded.request(Get).await.unwrap();
    for (page, sort) in [(1, None), (7, Some(3))] {
        let body = None;
        recorded.request(Ask { page, sort, body }).await.unwrap();
    }
    let client = client(place.replay());
    let ask = Ask {
        page: 7,
        sort: Some(4),
        body: Some(json!({})),
    };
    let message = cause(client.request(ask).await);
    for part in [
        "of PUT /asks/{page}, `PUT /v1/asks/7?page=7&sort=4` with the body 2-",
        "the nearest entry is line 3, `PUT /v1/asks/7?page=7&sort=3` with the body 0-",
        "with another query and body",
        "tape.jsonl",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let call = client.call(Endpoint::post("/things")).await;
    let message = cause(call);
    assert!(message.contains("line 1, `GET /v1/things`"), "{message}");
    assert!(message.contains("with another method"), "{message}");

    std::fs::write(place.path(), "").unwrap();
    let empty = self::client(place.replay());
    let message = cause(empty.request(Get).await);
    assert!(message.ends_with("it is empty"), "{message}");
}

#[test]
fn a_malformed_line_is_an_error_with_its_number() {
    let place = Place::new();
    let good = json!({
        "method": "GET", "path": "/", "query": "", "digest": "", "status": 200, "headers": [],
        "body": "",
    });
    let with = |member: &str, value: Value| {
        let mut line = good.clone();
        line[member] = value;
        line.to_string()
    };
    let rows = [
        (String::new(), "EOF"),
        ("{\"method\": \"GET\", \"pa".to_owned(), "EOF"),
        ("[]".to_owned(), "`method`"),
        (with("path", Value::Null), "`path`"),
        (with("query", json!(1)), "`query`"),
        (with("digest", json!([])), "`digest`"),
        (with("status", json!(99)), "`status`"),
        (with("status", json!(65736)), "`status`"),
        (with("headers", json!([["a"]])), "`headers`"),
        (with("headers", json!([["a b", "c"]])), "`headers`"),
        (with("headers", json!([["a", "b\nc"]])), "`headers`"),
        (with("body", json!({"hex": "0"})), "`body`"),
        (with("body", json!({"hex": "+1"})), "`body`"),
        (with("body", json!({"hex": "0ü"})), "`body`"),
        (with("body", Value::Null), "`body`"),
    ];
    for (line, part) in rows {
        std::fs::write(place.path(), format!("{good}\n{line}\n{good}\n")).unwrap();
        let message = Replay::open(place.path()).unwrap_err().to_string();
        assert!(message.starts_with("line 2 of the tape"), "{message}");
        assert!(message.contains(part), "{line}: {message}");
    }
    std::fs::write(place.path(), [0xff]).unwrap();
    assert!(Replay::open(place.path()).is_err());
    let missing = Replay::open(Path::new("no/such/tape")).unwrap_err();
    assert!(missing.to_string().contains("no/such/tape"), "{missing}");
    assert!(Record::new(Script::default(), "no/such/tape").is_err());
}

#[tokio::test]
async fn binary_bodies_are_kept_unchanged() {
    let place = Place::new();
    let bytes: Vec<u8> = (0..=255).collect();
    let (first, second) = bytes.split_at(100);
    let pieces = [first, second].map(|piece| Piece::Data(bytes::Bytes::copy_from_slice(piece)));
    let recorded = place.recorded([Stream(200, &[], pieces.to_vec())]);
    let read = async |client: Client| {
        let call = client.call(Endpoint::post("/bytes"));
        let call = call.body("application/octet-stream", Content::from(vec![0xff, 0]));
        call.await.unwrap().bytes().to_vec()
    };
    assert_eq!(read(recorded).await, bytes);
    assert_eq!(read(client(place.replay())).await, bytes);
}

/// A form whose boundary is random.
#[derive(Clone, Debug)]
struct Upload(&'static str);

impl Operation for Upload {
    const ENDPOINT: Endpoint = Endpoint::post("/uploads");
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.multipart("multipart/form-data", &json!({"text": self.0}), &[]);
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        reply.nothing_if(200)
    }
}

#[tokio::test]
async fn the_boundary_of_a_form_is_not_compared() {
    let place = Place::new();
    let recorded = place.recorded([Answer(200, &[], "")]);
    recorded.request(Upload("one")).await.unwrap();
    let client = client(place.replay());
    let message = cause(client.request(Upload("two")).await);
    assert!(message.ends_with("with another body"), "{message}");
    client.request(Upload("one")).await.unwrap();
}

#[tokio::test]
async fn each_exchange_is_in_the_file_before_the_client_has_the_response() {
    let place = Place::new();
    let script = Script::new([
        Answer(200, &[], "1"),
        Cut,
        Answer(200, &[], "2"),
        Event::Endless,
    ]);
    let client = builder(place.record(&script)).max_response_bytes(9_000);
    let client = client.retry(Retry::none()).build().unwrap();
    client.request(Get).await.unwrap();
    assert_eq!(place.lines().len(), 1);
    // There is no response.
    client.request(Get).await.unwrap_err();
    assert_eq!(place.lines().len(), 1);
    client.request(Get).await.unwrap();
    let message = cause(client.request(Get).await);
    assert!(message.contains("more than 9000 bytes"), "{message}");
    let bodies: Vec<Value> = place
        .lines()
        .iter()
        .map(|line| line["body"].clone())
        .collect();
    assert_eq!(bodies, ["1", "2"]);
    // A further recording does not remove the lines.
    let other = place.recorded([Answer(200, &[], "3")]);
    other.request(Get).await.unwrap();
    assert_eq!(place.lines().len(), 3);
}
