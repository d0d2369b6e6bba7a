//! Spans have the names of OpenTelemetry, and contain no secret.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use ::tracing::field::{Field, Visit};
use ::tracing::span::{Attributes, Id, Record};
use ::tracing::{Event as TracingEvent, Level, Metadata, Subscriber};
use http::Method;

use super::script::Event::{Answer, Cut, CutBody, Silence, Unreachable};
use super::script::{Script, operations};
use crate::runtime::body::Content;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{NoFailure, Rejection};
use crate::runtime::operation::Operation;
use crate::runtime::options::Options;
use crate::runtime::parameter::QueryStyle;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::Retry;
use crate::runtime::secret::Secret;
use crate::runtime::security::{Scheme, Security};

/// The fields of a span or an event.
type Fields = BTreeMap<String, String>;

/// Records all spans and events.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Default)]
struct Recorded {
    spans: Vec<Fields>,
    events: Vec<(Level, Fields)>,
    /// The number of open spans.
    open: usize,
}

impl Recorder {
    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap()
    }
}

struct Visitor<'f>(&'f mut Fields);

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("runtime")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut recorded = self.recorded();
        let mut fields = Fields::new();
        attributes.record(&mut Visitor(&mut fields));
        recorded.spans.push(fields);
        recorded.open += 1;
        Id::from_u64(recorded.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let at = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Visitor(&mut self.recorded().spans[at]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &TracingEvent<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Visitor(&mut fields));
        let level = *event.metadata().level();
        self.recorded().events.push((level, fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn try_close(&self, _: Id) -> bool {
        self.recorded().open -= 1;
        true
    }
}

operations! {
    GetThing get "/things";
    PostThing post "/things";
}

/// Runs a call, and returns its result and the recorder.
async fn record<T>(call: impl Future<Output = T>) -> (T, Recorder) {
    let recorder = Recorder::default();
    let guard = ::tracing::subscriber::set_default(recorder.clone());
    let output = call.await;
    drop(guard);
    assert_eq!(recorder.recorded().open, 0, "each span has an end");
    (output, recorder)
}

fn fields(rows: &[(&str, &str)]) -> Fields {
    let rows = rows.iter();
    rows.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The HTTP client span of OpenTelemetry's semantic conventions.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "lists of all fields")]
async fn each_attempt_has_a_span_with_the_names_of_open_telemetry() {
    let headers = &[
        ("content-type", "application/json"),
        ("content-length", "2"),
        ("x-request-id", "r-1"),
        ("x-other", "not listed"),
    ];
    let script = Script::new([
        Answer(503, &[("retry-after", "7")], "no"),
        Answer(200, headers, "{}"),
    ]);
    let client = script.client();
    let call = client
        .request(GetThing)
        .with(Options::new().query("page", "2"));
    let (output, recorder) = record(call.into_future()).await;
    output.unwrap();
    let recorded = recorder.recorded();
    let common = [
        ("otel.name", "GET /things"),
        ("otel.kind", "client"),
        ("http.request.method", "GET"),
        ("http.request.headers", "user-agent, accept"),
        ("server.address", "api.example"),
        ("server.port", "443"),
        ("url.full", "https://api.example/v1/things?page=2"),
        ("url.template", "/things"),
    ];
    let first = [
        ("http.response.status_code", "503"),
        ("http.response.header.retry-after", "7"),
        ("error.type", "503"),
        ("otel.status_code", "ERROR"),
    ];
    let second = [
        ("http.request.resend_count", "1"),
        ("http.response.status_code", "200"),
        ("http.response.header.content-type", "application/json"),
        ("http.response.header.content-length", "2"),
        ("http.response.header.x-request-id", "r-1"),
    ];
    assert_eq!(
        recorded.spans,
        [
            fields(&[&common[..], &first].concat()),
            fields(&[&common[..], &second].concat()),
        ]
    );
    let (level, retry) = &recorded.events[0];
    assert_eq!((*level, recorded.events.len()), (Level::DEBUG, 1));
    let delay: u64 = retry["delay_ms"].parse().unwrap();
    assert!((7_000..=7_700).contains(&delay), "{delay}");
    let mut retry = retry.clone();
    retry.remove("delay_ms");
    assert_eq!(
        retry,
        fields(&[
            ("http.request.method", "GET"),
            ("url.template", "/things"),
            ("attempt", "1"),
            ("cause", "503"),
            ("message", "the call is repeated"),
        ])
    );
}

#[tokio::test]
async fn an_error_has_a_word() {
    for (event, word) in [
        (Unreachable, "connect"),
        (Cut, "transport"),
        (CutBody, "transport"),
        (Silence, "timeout"),
    ] {
        let client = Script::new([event]).builder().retry(Retry::none());
        let client = client.build().unwrap();
        let (output, recorder) = record(client.request(PostThing).into_future()).await;
        output.unwrap_err();
        assert_eq!(recorder.recorded().spans[0]["error.type"], word);
    }
}

/// An operation with secret and other inputs.
#[derive(Clone, Debug)]
struct Secrets {
    secret: Secret,
    list: Vec<Secret>,
}

const KEY: Scheme = Scheme::query("key", "api_key");
const TOKEN: Scheme = Scheme::bearer("token");
const COOKIE: Scheme = Scheme::cookie("session", "session");

impl Operation for Secrets {
    const ENDPOINT: Endpoint = Endpoint::new(Method::POST, "/bots/{token}");
    const SECURITY: Security = &[&[KEY, TOKEN, COOKIE]];
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.path("token", &self.secret);
        request.query("pin", &self.secret);
        request.styled_query("pins", &self.list, QueryStyle::Form, false, false);
        request.query_json("json", &self.list);
        request.header("X-Pin", &self.secret, false);
        request.json("application/json", &self.list);
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        reply.nothing_if(200)
    }
}

/// Texts with different encodings in a URL, JSON or a header.
const HOSTILE: &[&str] = &[
    "s3cr3t",
    "a b-sec",
    "ü-secret",
    "per%cent",
    "quo\"ted",
    "back\\slash",
    "a,b,secret",
    "a|b|secret",
    "sl/ash/secret",
    "que?ry",
    "ha#sh",
    "am&persand",
    "e=quals",
    "pl+us",
    "se;mi",
    "co:lon",
    "at@sign",
    "[brackets]",
    "{braces}",
    "<angle>",
    "tilde~~",
    "dot.dot.",
    "...",
    "%41%42%43",
    "%zz",
    "123",
    "x",
    "日本語",
    "emoji🔑",
    "'single'",
    "`tick`",
    "$dollar",
    "star*star",
    "par(en)s",
    "!bang!",
    "under_score",
    "dash-dash",
    "MiXeD",
    "0123456789",
    "sp  aces",
];

#[tokio::test]
async fn no_secret_is_recorded() {
    assert_eq!(HOSTILE.len(), 40);
    for secret in HOSTILE {
        // A short secret can be part of a message or a field by chance.
        let marked = |text: &str| text.contains(secret) && secret.len() > 3;
        let script = Script::new([Answer(503, ECHO, "s3cr3t"), Answer(200, ECHO, "s3cr3t")]);
        let is_header = secret.is_ascii();
        let is_cookie = is_header && !secret.contains([' ', '"', ',', ';', '\\']);
        let ours = if is_header { *secret } else { "header-secret" };
        let client = script
            .builder()
            .credential(KEY, *secret)
            .credential(TOKEN, ours)
            .credential(COOKIE, if is_cookie { secret } else { "cookie-secret" })
            .build()
            .unwrap();
        let operation = Secrets {
            secret: Secret::from(if is_header { *secret } else { "header-secret" }),
            list: vec![
                Secret::from(*secret),
                Secret::from("1"),
                Secret::from("other-secret"),
            ],
        };
        let options = Options::new()
            .repeatable(true)
            .query("password", *secret)
            .query("X-Amz-Signature", "signature-of-a-url")
            .query("page", "17");
        let call = client.request(operation).with(options);
        let (output, recorder) = record(call.into_future()).await;
        output.unwrap_or_else(|error| panic!("{secret}: {error}"));
        let sent = script.sent();
        let url = sent[0].request.uri().to_string();
        let recorded = recorder.recorded();
        assert_eq!(recorded.spans.len(), 2);
        for (name, value) in recorded.spans.iter().flatten() {
            let shown = format!("{secret}: {name} is {value}, and {url} was sent");
            assert!(!marked(value), "{shown}");
            for other in [
                "other-secret",
                "header-secret",
                "cookie-secret",
                "signature-of",
            ] {
                assert!(!value.contains(other), "{shown}");
            }
            if name == "url.full" {
                let expected = "https://api.example/v1/bots/REDACTED?pin=REDACTED&pins=REDACTED\
                    &json=REDACTED&password=REDACTED&X-Amz-Signature=REDACTED&page=17\
                    &api_key=REDACTED";
                assert_eq!(value, expected, "{shown}");
            }
        }
        for (_, event) in &recorded.events {
            assert!(!event.values().any(|value| marked(value)), "{event:?}");
        }
    }
}

/// An operation whose query does not encode the separators of a secret.
#[derive(Clone, Debug)]
struct Reserved(Secret);

impl Operation for Reserved {
    const ENDPOINT: Endpoint = Endpoint::get("/reserved");
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.styled_query("raw", &self.0, QueryStyle::Form, false, true);
        request.query_text(&format!("split={}", self.0.expose()));
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        reply.nothing_if(200)
    }
}

#[tokio::test]
async fn a_secret_with_separators_is_redacted_as_a_whole() {
    let client = Script::default().client();
    for secret in ["one&two", "one=two&three", "one/two?three", "one+two&three"] {
        let operation = Reserved(Secret::from(secret));
        let (output, recorder) = record(client.request(operation).into_future()).await;
        output.unwrap();
        let url = &recorder.recorded().spans[0]["url.full"];
        for part in ["one", "two", "three"] {
            assert!(!url.contains(part), "{url}");
        }
    }
}

/// Headers of a server that repeats the secrets of the request.
const ECHO: &[(&str, &str)] = &[("x-request-id", "s3cr3t"), ("content-type", "a/s3cr3t")];

#[tokio::test]
async fn a_header_that_echoes_a_secret_is_redacted() {
    let script = Script::new([Answer(200, ECHO, "")]);
    let client = script
        .builder()
        .credential(TOKEN, "s3cr3t")
        .build()
        .unwrap();
    let call = client.call(Endpoint::get("/echo")).into_future();
    let (output, recorder) = record(call).await;
    output.unwrap();
    let span = &recorder.recorded().spans[0];
    assert_eq!(span["http.response.header.x-request-id"], "REDACTED");
    assert_eq!(span["http.response.header.content-type"], "REDACTED");
}

#[tokio::test]
async fn a_body_is_never_recorded() {
    let script = Script::new([Answer(200, &[], "body-of-the-response")]);
    let client = script.client();
    let call = client
        .call(Endpoint::post("/echo"))
        .body("text/plain", Content::from("body-of-it"));
    let (output, recorder) = record(call.into_future()).await;
    output.unwrap();
    let recorded = recorder.recorded();
    let mut values = recorded.spans.iter().flat_map(BTreeMap::values);
    assert!(!values.any(|value| value.contains("body-of")));
}
