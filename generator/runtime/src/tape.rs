//! Recorded exchanges: a transport that writes them to a file, and one that replays them.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, request, response};
use serde_json::{Value, json};

use super::body::Body;
use super::body_excerpt::Hidden;
use super::endpoint::Endpoint;
use super::percent;
use super::redact;
use super::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// A transport that sends with another one, and appends each exchange to a file as a line of JSON.
///
/// A line contains the method, path, sorted query and body digest of the request, and the status,
/// headers and body of the response. It is written before the client gets the response, so a crash
/// does not lose it. Bodies are read whole: a stream arrives after its end. An exchange without a
/// response is not recorded.
///
/// `REDACTED` replaces the client's credentials, values with `format: password`, cookies, and
/// headers, parameters and members with names such as `api_key` or `access_token`.
///
/// ```ignore
/// let record = Record::new(Reqwest::new(limits)?, "tests/tape.jsonl")?;
/// let client = Client::builder().transport(record).build()?;
/// ```
pub struct Record {
    inner: Box<dyn Transport>,
    path: PathBuf,
    file: Mutex<File>,
}

impl Record {
    /// Records what `inner` sends. Creates the file, or appends to an existing one.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub fn new(inner: impl Transport + 'static, path: impl AsRef<Path>) -> Result<Self, TapeError> {
        let path = path.as_ref().to_owned();
        match OpenOptions::new().append(true).create(true).open(&path) {
            Ok(file) => Ok(Self {
                inner: Box::new(inner),
                path,
                file: Mutex::new(file),
            }),
            Err(error) => Err(TapeError::io(&path, error)),
        }
    }

    fn write(&self, key: &Key, head: &response::Parts, body: &Answered) -> Result<(), TapeError> {
        let line = json!({
            "method": key.method,
            "path": key.path,
            "query": key.query,
            "digest": key.digest,
            "status": head.status.as_u16(),
            "headers": body.headers,
            "body": text_or_hex(&body.bytes),
        });
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // One write, so that a crash does not leave half a line.
        file.write_all(format!("{line}\n").as_bytes())
            .and_then(|()| file.flush())
            .map_err(|error| TapeError::io(&self.path, error))
    }
}

/// The headers and the body of a response, without secrets.
struct Answered {
    headers: Vec<Value>,
    bytes: Vec<u8>,
}

impl Answered {
    fn new(headers: &HeaderMap, body: &[u8], hidden: &Hidden) -> Self {
        let bytes = redact::body(content_type(headers), body, hidden);
        let shown = headers.iter().map(|(name, value)| {
            let shown = match std::str::from_utf8(value.as_bytes()) {
                _ if value.is_sensitive() => redact::REDACTED.to_owned(),
                Ok(_) if name == CONTENT_LENGTH && bytes != body => bytes.len().to_string(),
                Ok(value) => redact::header(name.as_str(), value, hidden),
                // A secret cannot be found in an unknown encoding.
                Err(_) => redact::REDACTED.to_owned(),
            };
            json!([name.as_str(), shown])
        });
        Self {
            headers: shown.collect(),
            bytes,
        }
    }
}

impl Transport for Record {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let hidden = head.extensions.get::<Arc<Hidden>>().cloned();
            let hidden = hidden.unwrap_or_default();
            let body = whole(body, u64::MAX).await?;
            let key = Key::new(&head, &body, &hidden);
            let request = http::Request::from_parts(head, Body::from(body));
            let (head, body) = self.inner.send(request, limits).await?.into_parts();
            let body = whole(body, limits.max_response_bytes).await?;
            let answered = Answered::new(&head.headers, &body, &hidden);
            self.write(&key, &head, &answered)
                .map_err(TransportError::other)?;
            Ok(http::Response::from_parts(head, Body::from(body)))
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        self.inner.sleep(time)
    }

    fn now(&self) -> Duration {
        self.inner.now()
    }

    fn date(&self) -> Option<SystemTime> {
        self.inner.date()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A transport that answers from the file of a [`Record`], and never sends. A clone shares the
/// answers.
///
/// The answer is the entry with the method, path, query and body digest of the request. Equal
/// requests get their answers in the recorded order, each once. Any other request is an error that
/// names the nearest entry. Waiting takes no time.
#[derive(Clone)]
pub struct Replay(Arc<Mutex<Tape>>);

struct Tape {
    path: PathBuf,
    entries: Vec<Entry>,
    now: Duration,
}

impl Replay {
    /// Reads a tape.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read, or for the first invalid line.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TapeError> {
        let path = path.as_ref().to_owned();
        let text = std::fs::read_to_string(&path).map_err(|error| TapeError::io(&path, error))?;
        let mut entries = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let entry = Entry::read(line).map_err(|message| TapeError {
                message: format!("line {} of the tape `{}`: {message}", i + 1, path.display()),
                source: None,
            })?;
            entries.push(entry);
        }
        let now = Duration::ZERO;
        Ok(Self(Arc::new(Mutex::new(Tape { path, entries, now }))))
    }

    fn tape<T>(&self, run: impl FnOnce(&mut Tape) -> T) -> T {
        run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tape {
    /// Returns the answer to a request.
    fn answer(
        &mut self,
        key: &Key,
        endpoint: &str,
    ) -> Result<http::Response<Body>, TransportError> {
        let mut entries = self.entries.iter_mut();
        match entries.find(|entry| !entry.is_used && entry.key == *key) {
            Some(entry) => {
                entry.is_used = true;
                let mut response = http::Response::new(Body::from(entry.body.clone()));
                *response.status_mut() = entry.status;
                *response.headers_mut() = entry.headers.clone();
                Ok(response)
            }
            None => Err(TransportError::other(TapeError {
                message: self.missing(key, endpoint),
                source: None,
            })),
        }
    }

    fn missing(&self, key: &Key, endpoint: &str) -> String {
        let path = self.path.display();
        let message =
            format!("the tape `{path}` has no answer to this request of {endpoint}, {key}");
        let entries = self.entries.iter().enumerate().rev();
        let nearest = entries.max_by_key(|(_, entry)| entry.key.nearness(key));
        match nearest {
            None => format!("{message}: it is empty"),
            Some((_, entry)) if entry.key == *key => {
                let same = self.entries.iter().filter(|entry| entry.key == *key);
                let count = same.count();
                format!("{message}: each of its answers ({count}) was already used")
            }
            Some((i, entry)) => {
                let (line, other) = (i + 1, &entry.key);
                let differs = other.differences(key).join(" and ");
                format!(
                    "{message}: the nearest entry is line {line}, {other}, with another {differs}"
                )
            }
        }
    }
}

impl Transport for Replay {
    fn send(&self, request: http::Request<Body>, _limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let hidden = head.extensions.get::<Arc<Hidden>>().cloned();
            let body = whole(body, u64::MAX).await?;
            let key = Key::new(&head, &body, &hidden.unwrap_or_default());
            let endpoint = head.extensions.get::<Endpoint>();
            let endpoint = endpoint.map_or_else(|| "no operation".to_owned(), Endpoint::to_string);
            self.tape(|tape| tape.answer(&key, &endpoint))
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        Some(Box::pin(async move {
            self.tape(|tape| tape.now = tape.now.saturating_add(time));
        }))
    }

    fn now(&self) -> Duration {
        self.tape(|tape| tape.now)
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tape(|tape| {
            f.debug_struct("Replay")
                .field("path", &tape.path)
                .field("entries", &tape.entries.len())
                .finish_non_exhaustive()
        })
    }
}

/// Identifies a request. It contains no secrets, so a replay needs none.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    method: String,
    path: String,
    query: String,
    digest: String,
}

impl Key {
    fn new(head: &request::Parts, body: &[u8], hidden: &Hidden) -> Self {
        let query = redact::query(head.uri.query().unwrap_or_default(), hidden);
        let mut pairs: Vec<&str> = query.split('&').collect();
        pairs.sort_unstable();
        let content_type = content_type(&head.headers);
        let body = redact::body(content_type, body, hidden);
        let boundary = boundary(&head.headers);
        Self {
            method: head.method.as_str().to_owned(),
            path: redact::path(head.uri.path(), hidden),
            query: pairs.join("&"),
            digest: digest(&without(&body, boundary.as_bytes())),
        }
    }

    /// Returns the parts that differ from another key.
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("method", self.method == other.method),
            ("path", self.path == other.path),
            ("query", self.query == other.query),
            ("body", self.digest == other.digest),
        ];
        let different = parts.into_iter().filter(|(_, is_same)| !is_same);
        different.map(|(part, _)| part).collect()
    }

    /// Returns a greater value for a key that is more similar to another one.
    fn nearness(&self, other: &Self) -> (bool, usize, bool, bool, bool) {
        let bytes = self.path.bytes().zip(other.path.bytes());
        (
            self.path == other.path,
            bytes.take_while(|(one, other)| one == other).count(),
            self.method == other.method,
            self.query == other.query,
            self.digest == other.digest,
        )
    }
}

/// Shows the method, path, query and digest.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{} {}", self.method, self.path.escape_debug())?;
        if !self.query.is_empty() {
            write!(f, "?{}", self.query.escape_debug())?;
        }
        write!(f, "` with the body {}", self.digest.escape_debug())
    }
}

/// One line of a tape.
struct Entry {
    key: Key,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    is_used: bool,
}

impl Entry {
    fn read(line: &str) -> Result<Self, String> {
        let entry: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let fault = |member: &str| format!("`{member}` is missing or has another type");
        let text = |member: &str| {
            let text = entry.get(member).and_then(Value::as_str);
            text.map(str::to_owned).ok_or_else(|| fault(member))
        };
        let key = Key {
            method: text("method")?,
            path: text("path")?,
            query: text("query")?,
            digest: text("digest")?,
        };
        let status = entry.get("status").and_then(Value::as_u64);
        let status = status.and_then(|status| u16::try_from(status).ok());
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        let headers = entry.get("headers").and_then(read_headers);
        let body = entry.get("body").and_then(read_bytes);
        Ok(Self {
            key,
            status: status.ok_or_else(|| fault("status"))?,
            headers: headers.ok_or_else(|| fault("headers"))?,
            body: body.ok_or_else(|| fault("body"))?.into(),
            is_used: false,
        })
    }
}

fn read_headers(headers: &Value) -> Option<HeaderMap> {
    let mut map = HeaderMap::new();
    for pair in headers.as_array()? {
        let [name, value] = pair.as_array()?.as_slice() else {
            return None;
        };
        let name = HeaderName::try_from(name.as_str()?).ok()?;
        map.append(name, HeaderValue::try_from(value.as_str()?).ok()?);
    }
    Some(map)
}

/// Returns text unchanged, and other bytes as an object with their hexadecimal digits.
fn text_or_hex(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => {
            let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            json!({ "hex": digits.concat() })
        }
    }
}

fn read_bytes(value: &Value) -> Option<Vec<u8>> {
    if let Some(text) = value.as_str() {
        return Some(text.as_bytes().to_owned());
    }
    let (pairs, []) = value.get("hex")?.as_str()?.as_bytes().as_chunks() else {
        return None;
    };
    pairs.iter().map(|pair| percent::from_hex(*pair)).collect()
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// Returns the boundary of a form, or an empty text. It is different each time.
pub(super) fn boundary(headers: &HeaderMap) -> &str {
    let boundary = content_type(headers).and_then(|text| text.split_once("boundary="));
    boundary.map_or("", |(_, boundary)| boundary.trim_matches('"'))
}

/// Reads a whole body.
pub(super) async fn whole(mut body: Body, limit: u64) -> Result<Bytes, TransportError> {
    if let Some(bytes) = body.as_bytes() {
        return Ok(bytes.clone());
    }
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece?);
        if bytes.len() as u64 > limit {
            let message = format!("a body of more than {limit} bytes is not recorded");
            return Err(TransportError::other(message));
        }
    }
    Ok(bytes.into())
}

/// Removes all occurrences of `others` from bytes.
pub(super) fn without(bytes: &[u8], others: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match rest.strip_prefix(others) {
            Some(after) if !others.is_empty() => after,
            _ => {
                out.push(*first);
                after
            }
        };
    }
    out
}

/// Returns the number of bytes, and their 64-bit FNV-1a hash. It is the same for each version of
/// Rust, and need not resist attacks: a tape is a file of the program's own tests.
fn digest(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}-{hash:016x}", bytes.len())
}

/// An error of writing or reading a tape, or a request without an answer.
#[derive(Debug)]
pub struct TapeError {
    message: String,
    source: Option<io::Error>,
}

impl TapeError {
    fn io(path: &Path, error: io::Error) -> Self {
        Self {
            message: format!("the tape `{}`: {error}", path.display()),
            source: Some(error),
        }
    }
}

impl fmt::Display for TapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TapeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source)
    }
}
