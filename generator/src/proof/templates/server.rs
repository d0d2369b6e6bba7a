//! A server in the test process that records requests.
//!
//! The client uses the URL of the document's server, but its connections go to this server. If
//! `BASE_URL` is set, they go to that server instead, whose responses must match the document.
//! Credentials are sent over plain http to the same computer only, unless `ALLOW_HTTP` is set.
//!
//! With the feature `testing`, each call is sent a second time to a `Mock` with the same answer.

use std::fmt::Debug;
use std::io::{Read, Result, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde::Serialize;
use serde_json::Value;

#[cfg(not(feature = "blocking"))]
use crate::api::runtime::reqwest::Reqwest;
#[cfg(feature = "testing")]
use crate::api::runtime::testing::Mock;
use crate::api::runtime::transport::{Limits, Sending, Transport};
#[cfg(feature = "blocking")]
use crate::api::runtime::ureq::Ureq;
use crate::api::runtime::{Body, HeaderMap, Operation, Request};
use crate::api::{Client, ClientBuilder, Error, Response};

/// The connection of a client to a server.
pub struct Wire {
    client: Client,
    /// `None` if `BASE_URL` is set.
    server: Option<Server>,
    /// Texts that only appear in requests that require the credential.
    secrets: &'static [&'static str],
}

struct Server {
    listener: TcpListener,
    /// Scheme, host and port of the last request, as used by the client.
    origin: Arc<Mutex<String>>,
    /// What answers the requests instead, if it is set.
    #[cfg(feature = "testing")]
    mock: Arc<Mutex<Option<Mock>>>,
}

fn base_url() -> Option<String> {
    std::env::var("BASE_URL").ok()
}

/// Returns a dummy credential. With `BASE_URL`, returns that of the environment, if it is set.
#[allow(dead_code, reason = "not every document has security schemes")]
pub fn credential(variable: &str) -> String {
    let given = base_url().and_then(|_| std::env::var(variable).ok());
    given.unwrap_or_else(|| format!("secret-of-{variable}"))
}

impl Wire {
    /// Connects a client. Its requests must not contain secrets that they do not require.
    pub fn connect(builder: ClientBuilder, secrets: &'static [&'static str]) -> (Self, Client) {
        let (builder, server) = match base_url() {
            Some(url) => {
                let builder = builder.base_url(url).transport(transport());
                match std::env::var_os("ALLOW_HTTP") {
                    Some(_) => (builder.allow_http(), None),
                    None => (builder, None),
                }
            }
            None => {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let server = Server {
                    listener,
                    origin: Arc::default(),
                    #[cfg(feature = "testing")]
                    mock: Arc::default(),
                };
                let transport = Rerouted {
                    to: server.listener.local_addr().unwrap(),
                    origin: Arc::clone(&server.origin),
                    #[cfg(feature = "testing")]
                    mock: Arc::clone(&server.mock),
                    inner: transport(),
                };
                // The document's server may be an http one.
                let builder = builder.transport(transport).allow_http();
                (builder, Some(server))
            }
        };
        let client = builder.build().unwrap();
        let wire = Self {
            client: client.clone(),
            server,
            secrets,
        };
        (wire, client)
    }

    /// Sends a call and compares the received request: `request` has the method, the URL and the
    /// headers, one per line. With `BASE_URL`, only checks that the response is documented.
    pub async fn sends<O>(
        &self,
        call: Request<'_, O>,
        request: &str,
        body: &str,
    ) -> Option<Test<'_, O>>
    where
        O: Operation<Failure: Debug> + Clone,
    {
        let operation = call.operation;
        let Some(server) = &self.server else {
            return match send(self.client.request(operation)).await {
                Ok(_) | Err(Error::Failure(_)) => None,
                Err(error) => panic!("{error}: {:?}", error.bytes()),
            };
        };
        let test = Test {
            wire: self,
            server,
            operation,
            request: request.to_owned(),
            body: body.to_owned(),
        };
        let (_, received) = test.exchange(204, "", "").await;
        received.has_its_length();
        let head = received.head(&server.origin.lock().unwrap(), request);
        assert_eq!(head, request, "what was sent is on the left");
        same_body(&received.content_type(), &received.body, body);
        let unasked = self.secrets.iter().filter(|it| !request.contains(**it));
        for secret in unasked {
            let all = &received.all;
            assert!(!all.contains(secret), "{secret} is in\n{all}");
        }
        Some(test)
    }
}

/// A call whose request was checked.
pub struct Test<'a, O> {
    wire: &'a Wire,
    server: &'a Server,
    /// The call.
    pub operation: O,
    /// The method, the URL and the headers of its request.
    #[allow(dead_code, reason = "not every document has pages")]
    pub request: String,
    /// The body of its request.
    #[allow(dead_code, reason = "as above")]
    pub body: String,
}

#[allow(dead_code, reason = "not every document has pages")]
impl<O> Test<'_, O> {
    /// Returns the client.
    pub fn client(&self) -> &Client {
        &self.wire.client
    }

    /// Returns the listener of the server that the client connects to.
    pub fn listener(&self) -> TcpListener {
        self.server.listener.try_clone().unwrap()
    }

    /// Returns the method, the URL and the headers of a request; see [`Received::head`].
    pub fn head(&self, received: &Received, expected: &str) -> String {
        received.head(&self.server.origin.lock().unwrap(), expected)
    }
}

impl<O: Operation + Clone> Test<'_, O> {
    /// Sends the call and answers it with a body of the media type.
    #[allow(dead_code, reason = "not every document has responses without headers")]
    pub async fn answer(&self, status: u16, media_type: &str, body: &str) -> Answered<O> {
        let header = match media_type {
            "" => String::new(),
            media_type => format!("content-type: {media_type}"),
        };
        self.answer_with(status, &header, body).await
    }

    /// Sends the call and answers it with headers, one per line.
    pub async fn answer_with(&self, status: u16, headers: &str, body: &str) -> Answered<O> {
        Answered(vec![
            self.exchange(status, headers, body).await.0,
            #[cfg(feature = "testing")]
            self.mocked(status, headers, body).await,
        ])
    }

    /// Sends the call to a `Mock` with this answer.
    #[cfg(feature = "testing")]
    async fn mocked(&self, status: u16, headers: &str, body: &str) -> Outcome<O> {
        let mock = Mock::new();
        let mut rule = mock.on_call_of(&self.operation).times(1);
        let mut media_type = "";
        for header in headers.lines() {
            match header.split_once(": ").unwrap() {
                ("content-type", value) => media_type = value,
                (name, value) => rule = rule.header(name, value),
            }
        }
        rule.reply_with(status, media_type, body.to_owned())
            .unwrap();
        *self.server.mock.lock().unwrap() = Some(mock.clone());
        let outcome = send(self.wire.client.request(self.operation.clone())).await;
        *self.server.mock.lock().unwrap() = None;
        mock.verify().unwrap();
        outcome
    }

    async fn exchange(&self, status: u16, headers: &str, body: &str) -> (Outcome<O>, Received) {
        let mut answer = format!("HTTP/1.1 {status} Answer\r\nconnection: close\r\n");
        for header in headers.lines() {
            answer.extend([header, "\r\n"]);
        }
        answer.extend(["\r\n", body]);
        let listener = self.server.listener.try_clone().unwrap();
        let served = thread::spawn(move || {
            let mut received = Vec::new();
            take(&listener, answer.as_bytes(), |request| received = request)?;
            Ok::<_, std::io::Error>(received)
        });
        let outcome = send(self.wire.client.request(self.operation.clone())).await;
        // With these errors, nothing was sent and the server would wait forever.
        if let Err(
            error @ (Error::Encode(_)
            | Error::MissingCredential(_)
            | Error::Timeout { .. }
            | Error::Transport { .. }),
        ) = &outcome
        {
            panic!("{error}");
        }
        (outcome, Received::new(&served.join().unwrap().unwrap()))
    }
}

#[cfg(not(feature = "blocking"))]
fn transport() -> Reqwest {
    Reqwest::new(Limits::default()).unwrap()
}

#[cfg(not(feature = "blocking"))]
async fn send<O: Operation>(call: Request<'_, O>) -> Outcome<O> {
    call.send().await
}

#[cfg(feature = "blocking")]
fn transport() -> Ureq {
    Ureq::new()
}

/// Blocks the thread, which is one of an asynchronous runtime.
#[cfg(feature = "blocking")]
async fn send<O: Operation>(call: Request<'_, O>) -> Outcome<O> {
    call.send_blocking()
}

type Outcome<O> =
    std::result::Result<Response<<O as Operation>::Output>, Error<<O as Operation>::Failure>>;

/// The client's results for an answer: that of the server, and that of the `Mock`, if any.
pub struct Answered<O: Operation>(Vec<Outcome<O>>);

impl<O: Operation> Answered<O> {
    /// Returns the successes or the documented failures.
    #[allow(
        dead_code,
        reason = "not every document has a response that can be tried"
    )]
    pub fn outcomes(&self) -> impl Iterator<Item = std::result::Result<&O::Output, &O::Failure>> {
        self.0.iter().map(|outcome| match outcome {
            Ok(response) => Ok(response.value()),
            Err(Error::Failure(response)) => Err(response.value()),
            Err(error) => panic!("{error}"),
        })
    }

    /// Reads a header of the answer.
    #[allow(dead_code, reason = "not every document declares headers of responses")]
    pub fn header<T: Serialize, E: Debug>(
        &self,
        read: fn(&HeaderMap) -> std::result::Result<T, E>,
        expected: &str,
    ) {
        for outcome in &self.0 {
            let headers = match outcome {
                Ok(response) => response.headers(),
                Err(error) => error.headers().unwrap(),
            };
            is_json(&read(headers).unwrap(), expected);
        }
    }
}

/// Asserts that an answer is read as a case of the operation's outcome.
#[allow(
    unused_macros,
    reason = "not every operation has an answer that can be tried"
)]
macro_rules! reads {
    ($answered:expr, $($case:tt)+) => {
        for outcome in $answered.outcomes() {
            assert!(matches!(outcome, $($case)+), "{outcome:?}");
        }
    };
}

#[allow(unused_imports, reason = "as above")]
pub(crate) use reads;

/// Asserts that a value is this JSON. Returns true, for use in a pattern's condition.
#[allow(dead_code, reason = "not every document has JSON in its responses")]
pub fn is_json<T: Serialize>(value: &T, expected: &str) -> bool {
    // Serialized as text: a `Value` would hold an `f32` as the nearest `f64`.
    let value = json(&serde_json::to_string(value).unwrap());
    let expected = json(expected);
    assert!(same(&value, &expected), "\n{value}\nis not\n{expected}");
    true
}

/// Parses valid JSON.
pub fn json<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Compares JSON values, with numbers by value.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.as_f64() == other.as_f64() && (one.is_f64() || other.is_f64()))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut entries = one.iter();
            one.len() == other.len()
                && entries.all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

/// Compares bodies: JSON by value, parts one by one, other bodies byte by byte.
pub fn same_body(content_type: &str, sent: &str, expected: &str) {
    if let Some((_, boundary)) = content_type.split_once("boundary=") {
        let (sent_parts, parts) = (
            parts(sent, boundary, "\r\n"),
            parts(expected, "boundary", "\n"),
        );
        assert_eq!(sent_parts.len(), parts.len(), "{sent}");
        for ((head, sent), (expected_head, expected)) in sent_parts.iter().zip(&parts) {
            assert_eq!(head, expected_head, "what was sent is on the left");
            same_body(field(head, "content-type"), sent, expected);
        }
        return;
    }
    // Many media types are JSON.
    let is_text = content_type.starts_with("text/") && !content_type.starts_with("text/json");
    let (one, other) = (serde_json::from_str(sent), serde_json::from_str(expected));
    match (one, other) {
        (Ok(one), Ok(other)) if !is_text => {
            let is_same = same(&one, &other);
            assert!(is_same, "\n{sent}\nwas sent instead of\n{expected}");
        }
        _ => assert_eq!(sent, expected, "what was sent is on the left"),
    }
}

/// Returns the headers and the content of each part of a body.
fn parts(body: &str, boundary: &str, line_end: &str) -> Vec<(String, String)> {
    let delimiter = format!("{line_end}--{boundary}");
    let body = format!("{line_end}{body}");
    let Some((body, end)) = body.rsplit_once(&delimiter) else {
        panic!("there is no {boundary} in {body}");
    };
    assert_eq!(end, format!("--{line_end}"), "the end of the last part");
    let parts = body.split(&delimiter).skip(1);
    let part = |part: &str| {
        let (head, content) = part.split_once(&line_end.repeat(2)).unwrap();
        let lines = head.split(line_end).skip(1).map(normal);
        (lines.collect::<Vec<_>>().join("\n"), content.to_owned())
    };
    parts.map(part).collect()
}

/// Returns a header with its name in lower case, since names are case-insensitive.
fn normal(line: &str) -> String {
    let (name, value) = line.split_once(':').unwrap();
    format!("{}: {}", name.to_ascii_lowercase(), value.trim())
}

/// Returns the value of a header.
fn field<'a>(head: &'a str, name: &str) -> &'a str {
    let value = |line: &'a str| line.strip_prefix(name)?.strip_prefix(": ");
    head.lines().find_map(value).unwrap_or_default()
}

/// A received request.
pub struct Received {
    /// The request line.
    line: String,
    headers: Vec<String>,
    /// The body.
    pub body: String,
    /// The complete text.
    all: String,
}

impl Received {
    /// Reads a request that is whole.
    pub fn new(bytes: &[u8]) -> Self {
        let all = String::from_utf8_lossy(bytes).into_owned();
        let (head, body) = all.split_once("\r\n\r\n").unwrap();
        let (line, headers) = head.split_once("\r\n").unwrap();
        let mut headers: Vec<String> = headers.split("\r\n").map(normal).collect();
        headers.sort();
        Self {
            line: line.strip_suffix(" HTTP/1.1").unwrap().to_owned(),
            headers,
            body: body.to_owned(),
            all,
        }
    }

    /// Asserts that a request whose method has a body contains exactly one length, also if the body
    /// is empty (RFC 9110, section 8.6).
    pub fn has_its_length(&self) {
        let (method, _) = self.line.split_once(' ').unwrap();
        let lengths: Vec<&String> = self
            .headers
            .iter()
            .filter(|header| header.starts_with("content-length: "))
            .collect();
        if matches!(method, "POST" | "PUT" | "PATCH") || !lengths.is_empty() {
            assert_eq!(lengths, [&format!("content-length: {}", self.body.len())]);
        }
    }

    /// Returns the media type of the body.
    pub fn content_type(&self) -> String {
        field(&self.headers.join("\n"), "content-type").to_owned()
    }

    /// Returns the method, the URL and the headers, without unexpected headers of the transport.
    /// The boundary is replaced by a placeholder.
    fn head(&self, origin: &str, expected: &str) -> String {
        let (method, target) = self.line.split_once(' ').unwrap();
        let mut lines = vec![format!("{method} {origin}{target}")];
        for header in &self.headers {
            let name = header.split(':').next().unwrap_or_default();
            let is_own = matches!(
                name,
                "accept-encoding" | "content-length" | "host" | "user-agent"
            );
            if (is_own || header == "accept: */*") && !expected.contains(header) {
                continue;
            }
            lines.push(match header.split_once("; boundary=") {
                Some((header, _)) => format!("{header}; boundary=boundary"),
                None => header.clone(),
            });
        }
        lines.join("\n")
    }
}

/// Accepts one connection, reads one request, passes it to `see`, and answers it.
pub fn take(listener: &TcpListener, answer: &[u8], see: impl FnOnce(Vec<u8>)) -> Result<()> {
    let (mut stream, _) = listener.accept()?;
    see(read(&mut stream)?);
    stream.write_all(answer)
}

/// Reads a request. Without a length it has no body (RFC 9112, section 6.3).
fn read(stream: &mut TcpStream) -> Result<Vec<u8>> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Ok(bytes);
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(bytes),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    let mut windows = bytes.windows(pattern.len());
    windows.position(|window| window == pattern)
}

/// Sends every request to the server of the test, whatever its URL. With the feature `blocking`, the calls
/// block the thread.
struct Rerouted {
    to: SocketAddr,
    origin: Arc<Mutex<String>>,
    #[cfg(feature = "testing")]
    mock: Arc<Mutex<Option<Mock>>>,
    #[cfg(not(feature = "blocking"))]
    inner: Reqwest,
    #[cfg(feature = "blocking")]
    inner: Ureq,
}

impl Transport for Rerouted {
    fn send(&self, mut request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        #[cfg(feature = "testing")]
        if let Some(mock) = self.mock.lock().unwrap().clone() {
            return Box::pin(async move { mock.send(request, limits).await });
        }
        let uri = request.uri();
        let (scheme, host) = (uri.scheme_str().unwrap(), uri.authority().unwrap());
        *self.origin.lock().unwrap() = format!("{scheme}://{host}");
        let target = uri.path_and_query().unwrap();
        *request.uri_mut() = format!("http://{}{target}", self.to).parse().unwrap();
        self.inner.send(request, limits)
    }
}
