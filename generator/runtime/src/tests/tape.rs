//! A tape replays recorded exchanges, and contains no secret.

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
    Secured get "/secured", SECURITY: Security = &[&[OAUTH]];
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

const KEY: Scheme = Scheme::query("key", "k");
const TOKEN: Scheme = Scheme::bearer("token");
const COOKIE: Scheme = Scheme::cookie("session", "session");
const HEADER: Scheme = Scheme::header("header", "x-h");
const OAUTH: Scheme = Scheme::oauth2("oauth", &FLOWS);

const FLOWS: Flows = Flows {
    client_credentials: Some(Flow {
        authorization_url: "",
        token_url: "https://login.example/token",
        refresh_url: "",
    }),
    authorization_code: None,
};

/// Secrets in each place of a request.
#[derive(Clone, Debug)]
struct Secrets(Secret, Secret);

impl Operation for Secrets {
    const ENDPOINT: Endpoint = Endpoint::post("/bots/{bot}");
    const SECURITY: Security = &[&[KEY, TOKEN, COOKIE, HEADER]];
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        let Self(secret, short) = self;
        request.path("bot", secret);
        request.query("pin", secret);
        request.query("short", short);
        request.query("page", &Some(17));
        request.query_json("json", &[secret, short]);
        request.header("X-Pin", &Secret::from("s3cr3t-in-header"), false);
        request.json("application/json", &[secret, short]);
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        match reply.code() {
            200 => Ok(()),
            _ => Err(Rejection::Undocumented),
        }
    }
}

/// Returns a client with credentials.
fn secretive(transport: impl Transport + 'static, name: &str) -> Client {
    let secret = |place: &str| format!("{place}-{name}");
    builder(transport)
        .credential(KEY, secret("ke&y"))
        .credential(TOKEN, secret("token"))
        .credential(COOKIE, secret("cookie"))
        .credential(HEADER, secret("header"))
        .hide(secret("hidden"))
        .secret_names(&["pin_code"])
        .build()
        .unwrap()
}

async fn send_secrets(client: &Client, name: &str) -> Result<(), Error<NoFailure>> {
    let operation = Secrets(
        Secret::from(format!("a/b ü\"{name}")),
        Secret::from(if name == "s3cr3t" { "q7" } else { "q8" }),
    );
    let options = Options::new()
        .query("password", format!("password-{name}"))
        .query("X-Amz-Signature", format!("signature-{name}"));
    client.request(operation).with(options).await
}

/// Responses that contain the secrets of the request, or secrets of the server.
const ECHOES: &[(&str, &str)] = &[
    (
        "application/json",
        r#"{"access_token": "a-s3cr3t", "pin_code": "p-s3cr3t", "id": 12, "password": 98765,
            "client_secret": {"of": ["b-s3cr3t", -98765, true, null], "token-s3cr3t": "c-s3cr3t"},
            "echo": "is token-\u00733cr3t.", "next": "/v1/bots?page=2&token=d-s3cr3t",
            "encoded": "ke%26y-s3cr3t", "short": "q7", "log": "Authorization: Bearer e-s3cr3t"}"#,
    ),
    (
        "application/x-www-form-urlencoded",
        "id=12&refresh_token=f-s3cr3t&a=ke%26y-s3cr3t&b=q7&c=a%2Fb+%C3%BC%22s3cr3t",
    ),
    (
        "text/x-events",
        "data: {\"api_key\":\"g-s3cr3t\",\"id\":12}\n\ndata: {\ndata: \"password\": \"h-s3cr3t\"}\n\n",
    ),
    (
        "text/plain",
        "id: 12, password=i-s3cr3t; q: token-s3cr3t\nq7\nsecret = \"u, v-s3cr3t\"\nclient_secret: 'w x-s3cr3t",
    ),
    (
        "application/xml",
        "<a id='12'><password>y, j-s3cr3t</password><u href='/?sig=k-s3cr3t'/></a>",
    ),
];

const ECHO_HEADERS: &[(&str, &str)] = &[
    ("set-cookie", "session=l-s3cr3t"),
    ("authorization", "m-s3cr3t"),
    ("x-api-key", "n-s3cr3t"),
    ("x-auth-token", "o-s3cr3t"),
    ("x-echo", "the token-s3cr3t"),
    ("x-short", "q7"),
    ("x-bytes", "\u{fc}-token-s3cr3t"),
    ("location", "/v1/bots?access_token=p-s3cr3t&page=2"),
    ("link", "</v1/bots?page=3&k=ke%26y-s3cr3t>; rel=\"next\""),
    ("x-request-id", "r-12"),
];

#[tokio::test]
async fn a_tape_has_no_secret() {
    let place = Place::new();
    for (content_type, body) in ECHOES {
        let mut headers = ECHO_HEADERS.to_vec();
        headers.push(("content-type", content_type));
        let answer = Answer(200, headers.leak(), body);
        let client = secretive(place.record(&Script::new([answer])), "s3cr3t");
        send_secrets(&client, "s3cr3t").await.unwrap();
    }
    let binary = b"\xff\xfe token-s3cr3t \x00 hidden-s3cr3t";
    let pieces = vec![Piece::Data(bytes::Bytes::from_static(binary))];
    let script = Script::new([Stream(200, &[], pieces)]);
    let client = secretive(place.record(&script), "s3cr3t");
    send_secrets(&client, "s3cr3t").await.unwrap();
    let sent = script.sent();
    let sent = format!(
        "{:?} {}",
        sent[0].request,
        String::from_utf8_lossy(&sent[0].body)
    );
    // `Debug` of the headers omits three.
    let counts = ["s3cr3t", "Sensitive"].map(|word| sent.matches(word).count());
    assert_eq!(counts, [8, 3], "{sent}");

    let text = place.text();
    for secret in ["3cr3t", "98765", "q7", "33637233"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let lines = place.lines();
    assert_eq!(lines.len(), ECHOES.len() + 1);
    for line in &lines {
        assert_eq!(line["path"], "/v1/bots/REDACTED");
        assert_eq!(
            line["query"],
            "X-Amz-Signature=REDACTED&json=REDACTED&k=REDACTED&page=17&password=REDACTED\
             &pin=REDACTED&short=REDACTED"
        );
    }
    assert_recorded(&lines);

    // A replay needs no secrets.
    let client = secretive(place.replay(), "different");
    for _ in 0..=ECHOES.len() {
        send_secrets(&client, "different").await.unwrap();
    }
    send_secrets(&client, "different").await.unwrap_err();
}

/// Asserts that values that are not secret are recorded.
fn assert_recorded(lines: &[Value]) {
    let headers = lines[0]["headers"].as_array().unwrap();
    for (name, value) in [
        ("location", "/v1/bots?access_token=REDACTED&page=2"),
        ("link", "</v1/bots?page=3&k=REDACTED>; rel=\"next\""),
        ("x-request-id", "r-12"),
    ] {
        assert!(headers.contains(&json!([name, value])), "{headers:?}");
    }
    let body: Value = serde_json::from_str(lines[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "access_token": "REDACTED", "pin_code": "REDACTED", "id": 12, "password": 0,
            "client_secret": {"of": ["REDACTED", 0, true, null], "REDACTED": "REDACTED"},
            "echo": "is REDACTED.", "next": "/v1/bots?page=2&token=REDACTED",
            "encoded": "REDACTED", "short": "REDACTED", "log": "Authorization: REDACTED",
        })
    );
    assert_eq!(
        lines[1]["body"],
        "id=12&refresh_token=REDACTED&a=REDACTED&b=REDACTED&c=REDACTED"
    );
    for line in &lines[2..5] {
        assert!(line["body"].as_str().unwrap().contains("12"), "{line}");
    }
}

#[tokio::test]
async fn a_tape_has_no_token() {
    let place = Place::new();
    let token = r#"{"access_token":"t-s3cr3t","token_type":"Bearer","refresh_token":"u-s3cr3t"}"#;
    let script =
        Script::new([Answer(200, &[], "of t-s3cr3t")]).at("/token", [Answer(200, &[], token)]);
    let with = |builder: ClientBuilder, secret: &str| {
        let credentials = ClientCredentials::new("id", secret).in_body();
        builder.oauth2_scheme(OAUTH, credentials).build().unwrap()
    };
    let recorded = with(builder(place.record(&script)), "v-s3cr3t");
    recorded.request(Secured).await.unwrap();
    assert!(!place.text().contains("s3cr3t"), "{}", place.text());
    assert_eq!(place.lines().len(), 2);
    let replayed = with(builder(place.replay()), "different");
    replayed.request(Secured).await.unwrap();
}
