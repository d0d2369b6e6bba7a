//! Options of one call.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http::HeaderMap;
use serde_json::{Value, json};

use super::script::Event::Answer;
use super::script::{Script, Sent, operations};
use crate::runtime::body::Body;
use crate::runtime::defaults::are_explicit;
use crate::runtime::endpoint::{Attempt, Endpoint, OperationId};
use crate::runtime::error::{Error, NoFailure, Rejection};
use crate::runtime::operation::Operation;
use crate::runtime::options::Options;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::Retry;
use crate::runtime::security::{Scheme, Security};

const BEARER: Scheme = Scheme::bearer("bearer");
const BASIC: Scheme = Scheme::basic("basic");
const KEY: Scheme = Scheme::header("key", "X-Key");
const QUERY_KEY: Scheme = Scheme::query("query", "key");

operations! {
    Get get "/thing";
    Bearer get "/bearer", SECURITY: Security = &[&[BEARER]];
    Keys get "/keys", SECURITY: Security = &[&[KEY, QUERY_KEY]];
    Basic get "/basic", SECURITY: Security = &[&[BASIC]];
}

/// An operation with an input in each place. Some of them are not set.
#[derive(Clone, Debug, Default)]
struct Search {
    trace: Option<String>,
    page: Option<i64>,
}

impl Operation for Search {
    const ENDPOINT: Endpoint = Endpoint::post("/search");
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.header("X-Trace", &self.trace, false);
        request.query("page", &self.page);
        let body = json!({"explicit": are_explicit()});
        request.json("application/json", &body);
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        reply.nothing_if(200)
    }
}

fn script() -> Script {
    Script::new([Answer(200, &[], "")])
}

fn one(script: &Script) -> Sent {
    let mut sent = script.sent();
    assert_eq!(sent.len(), 1);
    sent.remove(0)
}

#[tokio::test]
async fn an_option_of_one_call_does_not_reach_the_next() {
    let script = script();
    let client = script
        .builder()
        .default_header("x-team", "a")
        .credential(BEARER, "token")
        .build()
        .unwrap();
    let options = Options::new()
        .timeout(Duration::from_secs(5))
        .header("x-debug", "1")
        .header("X-Team", "b")
        .header("user-agent", "me")
        .query("a b", "c&d")
        .query("a b", "e")
        .retry(Retry::none())
        .credential(BEARER, "other")
        .explicit_defaults(true);
    client.request(Bearer).with(options.clone()).await.unwrap();
    let sent = one(&script);
    assert_eq!(sent.limits.timeout, Some(Duration::from_secs(5)));
    assert_eq!(sent.header("x-debug"), Some("1"));
    assert_eq!(sent.header("x-team"), Some("b"));
    assert_eq!(sent.header("user-agent"), Some("me"));
    assert_eq!(sent.header("authorization"), Some("Bearer other"));
    assert!(sent.request.headers()["authorization"].is_sensitive());
    assert_eq!(sent.request.uri().query(), Some("a%20b=c%26d&a%20b=e"));
    client
        .request(Search::default())
        .with(options)
        .await
        .unwrap();
    assert_eq!(one(&script).body, br#"{"explicit":true}"#);

    client.request(Bearer).await.unwrap();
    let sent = one(&script);
    assert_eq!(sent.limits.timeout, Some(Duration::from_secs(60)));
    assert_eq!(sent.header("x-debug"), None);
    assert_eq!(sent.header("x-team"), Some("a"));
    assert_eq!(sent.header("authorization"), Some("Bearer token"));
    assert_eq!(sent.request.uri().query(), None);
    client.request(Search::default()).await.unwrap();
    assert_eq!(one(&script).body, br#"{"explicit":false}"#);
}

#[tokio::test]
async fn options_on_options_are_merged() {
    let script = script();
    let client = script
        .builder()
        .credential(BEARER, "token")
        .build()
        .unwrap();
    let tenant = client.with(
        Options::new()
            .header("x-tenant", "t")
            .header("x-level", "client")
            .query("a", "client")
            .query("b", "client")
            .timeout(Duration::from_secs(30)),
    );
    let inner = tenant.with(Options::new().header("x-inner", "i").query("a", "inner"));
    let call = inner
        .request(Bearer)
        .with(Options::new().header("x-level", "call").query("c", "call"))
        .with(Options::new().header("x-last", "l").timeout(None));
    call.await.unwrap();
    let sent = one(&script);
    assert_eq!(sent.header("x-tenant"), Some("t"));
    assert_eq!(sent.header("x-inner"), Some("i"));
    assert_eq!(sent.header("x-level"), Some("call"));
    assert_eq!(sent.header("x-last"), Some("l"));
    assert_eq!(sent.limits.timeout, None);
    assert_eq!(sent.request.uri().query(), Some("b=client&a=inner&c=call"));
    // The original client does not change.
    client.request(Bearer).await.unwrap();
    assert_eq!(one(&script).header("x-tenant"), None);
    tenant.request(Bearer).await.unwrap();
    let sent = one(&script);
    assert_eq!(
        (sent.header("x-tenant"), sent.header("x-inner")),
        (Some("t"), None)
    );
}

#[tokio::test]
async fn credentials_of_a_call() {
    let script = script();
    let client = script
        .builder()
        .credential(BEARER, "token")
        .credential(KEY, "k")
        .credential(QUERY_KEY, "q")
        .build()
        .unwrap();
    let sent = async |options: Options| {
        client.request(Keys).with(options).await.unwrap();
        let sent = one(&script);
        let query = sent.request.uri().query().map(str::to_owned);
        (sent.header("x-key").map(str::to_owned), query)
    };
    let is =
        |key: Option<&str>, query: Option<&str>| (key.map(str::to_owned), query.map(str::to_owned));
    // One of two is replaced. A credential that is not required is not sent.
    let other = Options::new()
        .credential(KEY, "other")
        .credential(BEARER, "b");
    assert_eq!(sent(other.clone()).await, is(Some("other"), Some("key=q")));
    assert_eq!(sent(Options::new().anonymous()).await, is(None, None));
    assert_eq!(sent(other.clone().anonymous()).await, is(None, None));
    // Only credentials that are set after it are sent.
    let only = Options::new()
        .anonymous()
        .credential(KEY, "x")
        .credential(QUERY_KEY, "y");
    assert_eq!(sent(only).await, is(Some("x"), Some("key=y")));
    let anonymous = client.with(Options::new().anonymous());
    let error = anonymous.request(Keys).with(other).await.unwrap_err();
    assert!(matches!(error, Error::MissingCredential(_)), "{error:?}");
    anonymous.request(Keys).await.unwrap();
    assert_eq!(one(&script).header("x-key"), None);
    let options = Options::new().user_and_password(BASIC, "user", "hunter:2");
    client.request(Basic).with(options).await.unwrap();
    assert_eq!(
        one(&script).header("authorization"),
        Some("Basic dXNlcjpodW50ZXI6Mg==")
    );
}

#[tokio::test]
async fn invalid_options_are_errors() {
    let script = script();
    let client = script
        .builder()
        .credential(KEY, "k")
        .credential(QUERY_KEY, "q");
    let client = client.build().unwrap();
    let error = async |options: Options| {
        let search = client.request(Search::default()).with(options.clone());
        let error = search.await.unwrap_err();
        assert!(matches!(error, Error::Encode(_)), "{error:?}");
        // The options of a client are checked when a call is sent.
        let with = client.with(options);
        assert_eq!(
            with.request(Search::default())
                .await
                .unwrap_err()
                .to_string(),
            error.to_string()
        );
        error.to_string()
    };
    let new = Options::new;
    let line_break = "it has a character that is not allowed in a header, such as a line break";
    for (options, message) in [
        (new().timeout(Duration::ZERO), "the request: its timeout is zero".to_owned()),
        (
            new().idle_timeout(Duration::ZERO),
            "the request: its idle timeout is zero".to_owned(),
        ),
        (new().header("x-a", "b\r\nc: d"), format!("the header `x-a`: {line_break}")),
        (new().header("x-a", "b\nc"), format!("the header `x-a`: {line_break}")),
        (new().header("x-a\r\nb", "c"), "the header `x-a\\r\\nb`: this is not a valid header name".to_owned()),
        (new().header("", "c"), "the header ``: this is not a valid header name".to_owned()),
        (new().header("Authorization", "Bearer x"), "the header `Authorization`: it is a credential: use `credential` instead".to_owned()),
        (new().header("cookie", "a=b"), "the header `cookie`: it is a credential: use `credential` instead".to_owned()),
        (new().header("content-length", "1"), "the header `content-length`: the transport sets it".to_owned()),
        (new().header("content-type", "a/b"), "the header `content-type`: it is an input of the operation, not an option".to_owned()),
        (new().header("x-trace", "b"), "the header parameter `X-Trace`: it is an input of the operation: set it there, not as an option".to_owned()),
        (new().query("page", "2"), "the query parameter `page`: it is an input of the operation: set it there, not as an option".to_owned()),
        (new().credential(KEY, "a\nb"), format!("the credential `key`: {line_break}")),
        (new().user_and_password(BASIC, "a:b", "c"), "the credential `basic`: a user name of basic authentication cannot have a colon".to_owned()),
    ] {
        assert_eq!(error(options).await, format!("cannot write {message}"));
    }
    // The parameter of a scheme that the operation requires.
    for (options, name) in [
        (new().header("x-key", "x"), "the header parameter `X-Key`"),
        (new().query("key", "x"), "the query parameter `key`"),
    ] {
        let error = client
            .request(Keys)
            .with(options.clone())
            .await
            .unwrap_err();
        let expected = format!("cannot write {name}: it is a credential: use `credential` instead");
        assert_eq!(error.to_string(), expected);
        // Another operation has no such parameter.
        client.request(Get).with(options).await.unwrap();
    }
    assert_eq!(script.sent().len(), 2);
}

#[tokio::test]
async fn options_show_no_secret() {
    let script = Script::new([Answer(
        500,
        &[
            ("content-type", "text/plain"),
            ("x-request-id", "hunter2=="),
        ],
        "hunter2==",
    )]);
    let options = Options::new()
        .credential(BEARER, "hunter2==")
        .header("x-secret", "hunter2==")
        .query("secret", "hunter2==");
    let client = script.client().with(options.clone());
    let call = client.call(Endpoint::get("/beta")).with(options.clone());
    let mut shown = format!("{options:?} {client:?} {call:?}");
    let error = call.await.unwrap_err();
    shown.push_str(&format!("{error} {error:?}"));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn undocumented_endpoints_can_be_called() {
    let script = Script::new([Answer(
        200,
        &[("content-type", "application/json")],
        r#"{"a":1}"#,
    )]);
    let client = script
        .builder()
        .credential(BEARER, "token")
        .credential(BASIC, "basic")
        .credential(KEY, "k")
        .timeout(Duration::from_secs(7))
        .build()
        .unwrap();
    let value: Value = client
        .call(Endpoint::post("/beta/{name}?fixed=1"))
        .path("name", "a/b")
        .query("a", "1 2")
        .header("x-trace", "t")
        .json_body(&json!({"b": 2}))
        .json()
        .await
        .unwrap();
    assert_eq!(value, json!({"a": 1}));
    let sent = one(&script);
    assert_eq!(sent.request.method(), "POST");
    assert_eq!(
        sent.request.uri().to_string(),
        "https://api.example/v1/beta/a%2Fb?fixed=1&a=1%202"
    );
    assert_eq!(sent.header("x-trace"), Some("t"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("x-key"), Some("k"));
    // If two credentials use one header, the first is sent.
    assert_eq!(sent.header("authorization"), Some("Bearer token"));
    assert_eq!(sent.body, br#"{"b":2}"#);
    assert_eq!(sent.limits.timeout, Some(Duration::from_secs(7)));
    let extensions = sent.request.extensions();
    assert_eq!(
        extensions.get(),
        Some(&Endpoint::post("/beta/{name}?fixed=1"))
    );
    assert_eq!(extensions.get::<OperationId>(), None);
}

#[tokio::test]
async fn calls_of_undocumented_endpoints_have_options() {
    let script = Script::new([Answer(
        200,
        &[("content-type", "application/json")],
        r#"{"a":1}"#,
    )]);
    let client = script
        .builder()
        .credential(BEARER, "token")
        .credential(KEY, "k")
        .build()
        .unwrap();
    let get = || client.call(Endpoint::get("/beta"));
    let reply = get().security(&[&[KEY]]).await.unwrap();
    assert_eq!(reply.bytes(), r#"{"a":1}"#);
    let sent = one(&script);
    assert_eq!(
        (sent.header("authorization"), sent.header("x-key")),
        (None, Some("k"))
    );
    get().with(Options::new().anonymous()).await.unwrap();
    assert_eq!(one(&script).header("authorization"), None);
    let error = get().json::<Vec<u8>>().await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }));
    script.sent();
    for call in [
        get().path("name", ""),
        client.call(Endpoint::get("/{a}")),
        client.call(Endpoint::get("/{a}")).path("a", ".."),
        get().header("authorization", "x"),
        get().body("a/b", "").header("content-type", "c/d"),
        get().body("a\nb", ""),
    ] {
        let error = call.await.unwrap_err();
        assert!(matches!(error, Error::Encode(_)), "{error:?}");
    }
    assert_eq!(script.sent().len(), 0);
}

#[tokio::test]
async fn a_failure_of_an_undocumented_endpoint_is_an_error() {
    let script = Script::new([Answer(503, &[], ""), Answer(404, &[], "gone")]);
    let error = script
        .client()
        .call(Endpoint::get("/beta"))
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 2);
    let Error::Undocumented(reply) = error else {
        panic!("{error:?}")
    };
    assert_eq!((reply.code(), reply.bytes().as_ref()), (404, &b"gone"[..]));
}

/// A layer that records its name before and after the inner service.
#[derive(Clone)]
struct Named {
    name: &'static str,
    log: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct NamedService<S> {
    named: Named,
    inner: S,
}

impl<S> tower_layer::Layer<S> for Named {
    type Service = NamedService<S>;

    fn layer(&self, inner: S) -> NamedService<S> {
        let named = self.clone();
        NamedService { named, inner }
    }
}

impl<S> tower_service::Service<http::Request<Body>> for NamedService<S>
where
    S: tower_service::Service<http::Request<Body>, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let Named { name, log } = self.named.clone();
        let endpoint = request.extensions().get::<Endpoint>().unwrap().to_string();
        let Attempt(attempt) = *request.extensions().get().unwrap();
        log.lock()
            .unwrap()
            .push(format!("{name} {endpoint} {attempt}"));
        let seen: HeaderMap = request.headers().clone();
        request.headers_mut().insert(name, seen.len().into());
        let response = self.inner.call(request);
        Box::pin(async move {
            let response = response.await;
            log.lock().unwrap().push(format!("{name} done"));
            response
        })
    }
}

#[tokio::test(start_paused = true)]
async fn layers_are_around_every_attempt_the_first_outermost() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let layer = |name| {
        let log = Arc::clone(&log);
        Named { name, log }
    };
    let script = Script::new([Answer(503, &[], ""), Answer(200, &[], "")]).with_tokio();
    let client = script
        .builder()
        .layer(layer("outer"))
        .layer(layer("inner"))
        .retry(Retry::default())
        .timeout(Duration::from_secs(9))
        .build()
        .unwrap();
    client.request(Get).await.unwrap();
    let attempt = |n| {
        [
            format!("outer GET /thing {n}"),
            format!("inner GET /thing {n}"),
            "inner done".to_owned(),
            "outer done".to_owned(),
        ]
    };
    assert_eq!(*log.lock().unwrap(), [attempt(1), attempt(2)].concat());
    let sent = script.sent();
    // The clock and the limits pass through the layers.
    assert_eq!(sent[0].limits.timeout, Some(Duration::from_secs(9)));
    assert!(sent[1].at >= Duration::from_millis(250));
    assert!(sent[1].header("inner") > sent[1].header("outer"));
    // Layers apply to a transport that is set before or after them.
    let script = Script::new([Answer(200, &[], "")]).with_tokio();
    let client = crate::runtime::builder::ClientBuilder::new("https://x").layer(layer("l"));
    let client = client.transport(script.clone()).build().unwrap();
    client.request(Get).await.unwrap();
    assert!(one(&script).header("l").is_some());
}

#[test]
fn layers_do_not_add_a_timer() {
    let log = Arc::default();
    let builder = script()
        .timerless()
        .builder()
        .layer(Named { name: "l", log });
    assert!(builder.retry(Retry::default()).build().is_err());
}
