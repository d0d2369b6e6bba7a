//! The client with a transport in memory: the parts of its requests, and where credentials are
//! sent.

mod credentials;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use crate::runtime::body::{Body, Content};
use crate::runtime::builder::ClientBuilder;
use crate::runtime::client::Client;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{Error, NoFailure, Rejection};
use crate::runtime::operation::Operation;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::security::{Scheme, Security};
use crate::runtime::server::Server;
use crate::runtime::tower::Tower;
use crate::runtime::transport::{Limits, Sending, Transport, TransportError};

const BEARER: Scheme = Scheme::bearer("bearer");
const BASIC: Scheme = Scheme::basic("basic");
const DIGEST: Scheme = Scheme::http("digest", "Digest");
const HEADER: Scheme = Scheme::header("header", "X-Key");
const QUERY: Scheme = Scheme::query("query", "api key");
const COOKIE: Scheme = Scheme::cookie("cookie", "session");
const TLS: Scheme = Scheme::mutual_tls("tls");
const ALL: [Scheme; 7] = [BEARER, BASIC, DIGEST, HEADER, QUERY, COOKIE, TLS];

/// A request, its body and its limits.
type Sent = (http::Request<()>, Vec<u8>, Limits);

/// Returns the given responses in order, and records the requests.
#[derive(Clone, Default)]
struct Memory {
    requests: Arc<Mutex<Vec<Sent>>>,
    answers: Arc<Mutex<Vec<http::Response<&'static [u8]>>>>,
}

impl Memory {
    fn answer(
        self,
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &'static str,
    ) -> Self {
        let mut response = http::Response::new(body.as_bytes());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            response.headers_mut().append(*name, value.parse().unwrap());
        }
        self.answers.lock().unwrap().push(response);
        self
    }

    /// Returns the URI and the headers of each request.
    fn sent(&self) -> Vec<(String, HeaderMap)> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .map(|(request, ..)| (request.uri().to_string(), request.headers().clone()))
            .collect()
    }
}

impl Transport for Memory {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            let (head, mut body) = request.into_parts();
            let mut bytes = Vec::new();
            while let Some(piece) = body.next().await {
                bytes.extend_from_slice(&piece?);
            }
            let request = http::Request::from_parts(head, ());
            self.requests.lock().unwrap().push((request, bytes, limits));
            let mut answers = self.answers.lock().unwrap();
            match answers.is_empty() {
                true => Ok(http::Response::new(Body::default())),
                false => Ok(answers.remove(0).map(Body::from)),
            }
        })
    }
}

fn builder(memory: &Memory) -> ClientBuilder {
    ClientBuilder::new("https://api.example/v1/").transport(memory.clone())
}

fn with_all(memory: &Memory) -> ClientBuilder {
    let mut builder = builder(memory).user_and_password(BASIC, "user", "hunter:2");
    for scheme in [BEARER, DIGEST, HEADER, QUERY, COOKIE, TLS] {
        builder = builder.credential(scheme, "hunter2==");
    }
    builder
}

/// Defines operations with a `security` each, and with other constants of the trait.
macro_rules! operations {
    ($($name:ident $method:ident $path:literal $security:expr $(, $item:ident = $value:expr)*;)*) => {
        $(#[derive(Debug)]
        struct $name;

        impl Operation for $name {
            const ENDPOINT: Endpoint = Endpoint::new(Method::$method, $path);
            const SECURITY: Security = $security;
            operations!(@items $($item = $value;)*);
            type Output = String;
            type Failure = NoFailure;

            fn decode(reply: &Reply) -> Result<String, Rejection<NoFailure>> {
                match reply.code() {
                    200 | 302 => Ok(reply.text()?),
                    _ => Err(Rejection::Undocumented),
                }
            }
        })*
    };
    (@items $($item:ident = $value:expr;)*) => { $(operations!(@item $item $value);)* };
    (@item ACCEPT $value:expr) => { const ACCEPT: &'static str = $value; };
    (@item SERVERS $value:expr) => { const SERVERS: &'static [Server] = $value; };
    (@item FOLLOW_REDIRECTS $value:expr) => { const FOLLOW_REDIRECTS: bool = $value; };
}

operations! {
    Nobody GET "/nobody" &[];
    Bearer GET "/bearer" &[&[BEARER]];
    Basic GET "/basic" &[&[BASIC]];
    Digest GET "/digest" &[&[DIGEST]];
    Header GET "/header" &[&[HEADER]];
    Query GET "/query?fixed=1" &[&[QUERY]];
    Cookie GET "/cookie" &[&[COOKIE]], ACCEPT = "";
    MutualTls GET "/tls" &[&[TLS]];
    Both GET "/both" &[&[BEARER, HEADER], &[COOKIE]];
    Either GET "/either" &[&[BEARER], &[HEADER]];
    Optional GET "/optional" &[&[BEARER], &[]];
    First GET "/first" &[&[], &[BEARER]];
    Post POST "/post" &[&[BEARER]];
    Head HEAD "/head" &[];
    Own GET "/own" &[&[BEARER]], SERVERS = &[Server::new("https://upload.example/x/", &[]), Server::new("https://b.example", &[])];
    Sibling GET "/sibling" &[], SERVERS = &[Server::new("/other", &[])];
    Sends GET "/sends" &[], ACCEPT = "application/json, text/plain";
    Documented GET "/documented" &[], FOLLOW_REDIRECTS = false;
}

/// Returns the credentials in the last request.
fn credentials(memory: &Memory) -> Vec<String> {
    let (uri, headers) = memory.sent().pop().unwrap();
    let mut found = Vec::new();
    if let Some((_, query)) = uri.split_once('?') {
        found.push(format!("?{query}"));
    }
    for (name, value) in &headers {
        if name != "user-agent" && name != "accept" {
            assert!(value.is_sensitive(), "{name}");
            found.push(format!("{name}: {}", value.to_str().unwrap()));
        }
    }
    found.sort();
    found
}

async fn sent<O: Operation<Output = String, Failure = NoFailure>>(operation: O) -> Vec<String> {
    let memory = Memory::default();
    let client = with_all(&memory).build().unwrap();
    client.request(operation).await.unwrap();
    credentials(&memory)
}

#[tokio::test]
async fn an_empty_body_has_a_length_if_the_method_expects_a_body() {
    let memory = Memory::default();
    let client = with_all(&memory).build().unwrap();
    client.request(Post).await.unwrap();
    client.request(Bearer).await.unwrap();
    let lengths: Vec<_> = memory
        .sent()
        .into_iter()
        .map(|(_, headers)| headers.get("content-length").cloned())
        .collect();
    assert_eq!(lengths, [Some("0".parse().unwrap()), None]);
}

#[tokio::test]
async fn servers() {
    let memory = Memory::default();
    let client = with_all(&memory).build().unwrap();
    client.request(Own).await.unwrap();
    client.request(Sibling).await.unwrap();
    client.request(Nobody).await.unwrap();
    // A configured base URL is used for every operation.
    let given = with_all(&memory)
        .base_url("http://localhost:8080/mock")
        .build()
        .unwrap();
    given.request(Own).await.unwrap();
    given.request(Sibling).await.unwrap();
    let uris: Vec<_> = memory.sent().into_iter().map(|(uri, _)| uri).collect();
    assert_eq!(
        uris,
        [
            "https://upload.example/x/own",
            "https://api.example/other/sibling",
            "https://api.example/v1/nobody",
            "http://localhost:8080/mock/own",
            "http://localhost:8080/mock/sibling",
        ]
    );
}

#[tokio::test]
async fn headers_that_are_always_sent() {
    let memory = Memory::default();
    let client = with_all(&memory)
        .user_agent("me/1")
        .default_header("X-Team", "a")
        .default_header("Cookie", "always=1")
        .default_header("Accept", "x/y")
        .build()
        .unwrap();
    client.request(Cookie).await.unwrap();
    client.request(Sends).await.unwrap();
    let [(_, first), (_, second)] = memory.sent().try_into().unwrap();
    assert_eq!(first["user-agent"], "me/1");
    assert_eq!(first["x-team"], "a");
    assert_eq!(first["cookie"], "always=1; session=hunter2==");
    assert_eq!(first["accept"], "x/y");
    assert_eq!(second["cookie"], "always=1");
    assert_eq!(second["accept"], "application/json, text/plain");
}

#[tokio::test]
async fn redirects_take_credentials_to_the_same_origin_only() {
    let same = ("location", "/v2/elsewhere?a=b");
    let away = ("location", "https://evil.example/");
    let memory = Memory::default()
        .answer(302, &[same], "")
        .answer(307, &[away], "there");
    let client = with_all(&memory).build().unwrap();
    assert_eq!(
        client.request(Both).await.unwrap_err().status().unwrap(),
        307
    );
    let sent = memory.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].0, "https://api.example/v2/elsewhere?a=b");
    assert_eq!(sent[1].1["authorization"], "Bearer hunter2==");
    // An API key is not added to a query that already has it.
    let memory = Memory::default()
        .answer(301, &[same], "")
        .answer(200, &[], "here");
    let client = with_all(&memory).build().unwrap();
    assert_eq!(client.request(Query).await.unwrap(), "here");
    assert_eq!(memory.sent()[1].0, "https://api.example/v2/elsewhere?a=b");
    // The method never changes: otherwise, there is no second request.
    for (status, count) in [
        (301, 1),
        (302, 1),
        (303, 1),
        (307, 2),
        (308, 2),
        (300, 1),
        (304, 1),
    ] {
        let memory = Memory::default()
            .answer(status, &[same], "")
            .answer(200, &[], "here");
        let result = with_all(&memory).build().unwrap().request(Post).await;
        assert_eq!(memory.sent().len(), count, "{status}");
        // This operation documents the status 302.
        assert_eq!(result.is_ok(), count == 2 || status == 302);
        for (request, ..) in memory.requests.lock().unwrap().iter() {
            assert_eq!(request.method(), Method::POST);
        }
    }
    // A documented redirect is the response.
    let memory = Memory::default().answer(302, &[same], "documented");
    let client = builder(&memory).build().unwrap();
    assert_eq!(client.request(Documented).await.unwrap(), "documented");
    assert_eq!(memory.sent().len(), 1);
}

#[tokio::test]
async fn the_timeout_covers_the_whole_call() {
    /// Sleeps before each redirect.
    struct Slow;
    impl Transport for Slow {
        fn send(&self, _: http::Request<Body>, limits: Limits) -> Sending<'_> {
            Box::pin(async move {
                let left = limits.timeout.unwrap();
                if left < Duration::from_millis(50) {
                    return Err(TransportError::timeout("late"));
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                let mut response = http::Response::new(Body::default());
                *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
                response
                    .headers_mut()
                    .insert("location", "/again".parse().unwrap());
                Ok(response)
            })
        }
    }
    let builder = ClientBuilder::new("http://x").transport(Slow);
    let client = builder.timeout(Duration::from_millis(120)).build().unwrap();
    let error = client.request(Nobody).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "GET /nobody: no complete response within 120ms"
    );
}

#[tokio::test]
async fn limits_are_passed_to_the_transport() {
    let memory = Memory::default();
    builder(&memory)
        .build()
        .unwrap()
        .request(Nobody)
        .await
        .unwrap();
    let limits = memory.requests.lock().unwrap()[0].2;
    assert_eq!(limits.connect_timeout, Some(Duration::from_secs(10)));
    assert!(limits.timeout.unwrap() > Duration::from_secs(59));
    assert_eq!(limits.max_response_bytes, 32 * 1024 * 1024);
    let memory = Memory::default();
    let client = builder(&memory)
        .timeout(None)
        .connect_timeout(None)
        .build()
        .unwrap();
    client.request(Nobody).await.unwrap();
    let limits = memory.requests.lock().unwrap()[0].2;
    assert_eq!((limits.timeout, limits.connect_timeout), (None, None));
    // A duration beyond the range of the clock is no limit.
    let client = builder(&memory).timeout(Duration::MAX).build().unwrap();
    client.request(Nobody).await.unwrap();
}

#[tokio::test]
async fn an_answer_to_head_has_a_length_and_no_body() {
    let memory = Memory::default().answer(200, &[("content-length", "99999999999")], "");
    let client = builder(&memory).build().unwrap();
    assert_eq!(client.request(Head).send().await.unwrap().into_inner(), "");
}

/// An operation with inputs in every place.
#[derive(Debug)]
struct Everything {
    id: String,
    content: Content,
}

impl Operation for Everything {
    const ENDPOINT: Endpoint = Endpoint::put("/things/{id}");
    const SECURITY: Security = &[&[QUERY, COOKIE]];
    type Output = Vec<i64>;
    type Failure = String;

    fn encode(&self, request: &mut Parts) {
        request.path("id", &self.id);
        request.query("page", &2);
        request.header("X-Trace", "t", false);
        request.cookie("theme", "dark", false);
        request.bytes("application/octet-stream", &self.content);
    }

    fn decode(reply: &Reply) -> Result<Vec<i64>, Rejection<String>> {
        match reply.code() {
            200 => Ok(reply.json()?),
            400..=499 => Err(Rejection::Failure(reply.text()?)),
            _ => Err(Rejection::Undocumented),
        }
    }
}

#[tokio::test]
async fn inputs_in_every_place() {
    let memory = Memory::default()
        .answer(200, &[], "[1]")
        .answer(404, &[("x-a", "b")], "gone");
    let client = with_all(&memory).build().unwrap();
    let call = |id: &str, content| {
        let id = id.to_owned();
        client.request(Everything { id, content })
    };
    assert_eq!(call("a/b", Content::from("body")).await.unwrap(), [1]);
    {
        let requests = memory.requests.lock().unwrap();
        let (request, body, _) = &requests[0];
        assert_eq!(request.method(), Method::PUT);
        assert_eq!(
            request.uri().to_string(),
            "https://api.example/v1/things/a%2Fb?page=2&api%20key=hunter2%3D%3D"
        );
        assert_eq!(request.headers()["cookie"], "theme=dark; session=hunter2==");
        assert_eq!(request.headers()["x-trace"], "t");
        assert_eq!(
            request.headers()["content-type"],
            "application/octet-stream"
        );
        assert_eq!(body, b"body");
    }
    let error = call("x", Content::stream(|| Body::from("s")))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.failure().unwrap(), "gone");
    assert_eq!(error.headers().unwrap()["x-a"], "b");
    assert_eq!(error.bytes().unwrap(), "gone");
    // A request that cannot be written is not sent.
    let error = call("..", Content::default()).await.unwrap_err();
    assert!(matches!(error, Error::Encode(_)), "{error:?}");
    assert_eq!(memory.sent().len(), 2);
}

/// A service that answers with the request's own body.
#[derive(Clone)]
struct Echo;

impl tower_service::Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = std::io::Error;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), std::io::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        std::future::ready(match request.uri().path() {
            "/v1/post" => Err(std::io::Error::other("broken")),
            _ => Ok(http::Response::new(request.into_body())),
        })
    }
}

#[tokio::test]
async fn any_service_is_a_transport() {
    let client = ClientBuilder::new("https://api.example/v1")
        .transport(Tower::new(Echo))
        .credential(QUERY, "k")
        .credential(COOKIE, "k")
        .credential(BEARER, "k")
        .build()
        .unwrap();
    let content = Content::stream(|| Body::stream(Body::from("[1,2]")));
    let operation = Everything {
        id: "a".to_owned(),
        content,
    };
    assert_eq!(client.request(operation).await.unwrap(), [1, 2]);
    let error = client.request(Post).await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "broken");
}

#[test]
fn an_error_is_small_and_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error<NoFailure>>();
    crosses::<Client>();
    assert!(
        size_of::<Error<[u8; 1000]>>() <= 128,
        "{}",
        size_of::<Error<[u8; 1000]>>()
    );
}
