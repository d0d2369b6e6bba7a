//! A transport for tests of programs that use the client. It answers without a server.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::body::Body;
use super::endpoint::Endpoint;
use super::error::Rejection;
use super::json;
use super::operation::Operation;
use super::request::{Parts, Taken};
use super::response::Reply;
use super::tape::{boundary, whole, without};
use super::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// A transport that answers by rules. A clone shares them.
///
/// The decoder of the operation checks each answer, so a test cannot rely on an undocumented one.
/// Waiting takes no time.
///
/// A client with a credential needs an https URL or `localhost`, as with any transport: see
/// [`ClientBuilder::allow_http`](super::builder::ClientBuilder::allow_http).
///
/// ```ignore
/// let mock = Mock::new();
/// mock.on::<GetWidget>().reply(200, &json!({"id": "w-1"}))?;
/// let client = Client::builder().transport(mock.clone()).build()?;
/// // ..
/// mock.verify()?;
/// ```
#[derive(Clone, Default)]
pub struct Mock(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    rules: Vec<Entry>,
    /// Calls without a rule.
    unmatched: Vec<Endpoint>,
    now: Duration,
}

/// One rule.
struct Entry {
    endpoint: Endpoint,
    inputs: Option<Taken>,
    answer: Answer,
    delay: Duration,
    /// How often the rule can be used; `None` for any number.
    times: Option<u64>,
    used: u64,
}

#[derive(Clone)]
enum Answer {
    Reply(StatusCode, HeaderMap, Bytes),
    Connect,
    Timeout,
}

impl Mock {
    /// Creates a mock without rules.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a rule for an operation with any inputs. If several rules match a request, the first
    /// one that is not used up answers.
    #[must_use = "a rule has an answer"]
    pub fn on<O: Operation>(&self) -> Rule<'_, O> {
        Rule {
            mock: self,
            inputs: None,
            headers: HeaderMap::new(),
            fault: None,
            times: None,
            delay: Duration::ZERO,
            operation: PhantomData,
        }
    }

    /// Starts a rule for an operation with these inputs. Optional inputs that are not set match
    /// anything.
    #[must_use = "a rule has an answer"]
    pub fn on_call_of<O: Operation>(&self, operation: &O) -> Rule<'_, O> {
        let mut parts = Parts::new(O::ENDPOINT);
        operation.encode(&mut parts);
        let mut rule = self.on();
        match parts.take() {
            Ok(inputs) => rule.inputs = Some(inputs),
            Err(error) => rule.fault = Some(error.to_string()),
        }
        rule
    }

    /// Checks that each rule was used as often as set, or once by default, and that each request
    /// had a rule.
    ///
    /// # Errors
    ///
    /// Returns an error that lists all rules and requests that differ.
    pub fn verify(&self) -> Result<(), MockError> {
        let state = self.state();
        let unmatched = state.unmatched.iter();
        let mut faults: Vec<String> = unmatched
            .map(|endpoint| format!("there is no rule for a request of {endpoint}"))
            .collect();
        for rule in &state.rules {
            let (endpoint, used) = (&rule.endpoint, rule.used);
            match rule.times {
                Some(times) if used != times => faults.push(format!(
                    "a rule for {endpoint} was used {used} times, not {times} times"
                )),
                None if used == 0 => faults.push(format!("a rule for {endpoint} was not used")),
                _ => {}
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(MockError(faults.join("; ")))
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the answer to a request.
    fn answer(
        &self,
        request: &http::Request<Bytes>,
        limits: Limits,
    ) -> Result<Answer, TransportError> {
        let mut state = self.state();
        let endpoint = request.extensions().get::<Endpoint>().cloned();
        let endpoint = endpoint.unwrap_or_else(|| Endpoint::new(request.method().clone(), ""));
        let rule = state.rules.iter_mut().find(|rule| {
            rule.endpoint == endpoint
                && rule.times.is_none_or(|times| rule.used < times)
                && rule
                    .inputs
                    .as_ref()
                    .is_none_or(|inputs| has(request, inputs))
        });
        match rule {
            Some(rule) => {
                rule.used += 1;
                let (answer, delay) = (rule.answer.clone(), rule.delay);
                let answer = match limits.timeout {
                    Some(limit) if limit < delay => Answer::Timeout,
                    _ => {
                        state.now = state.now.saturating_add(delay);
                        answer
                    }
                };
                Ok(answer)
            }
            None => {
                let message = format!("the mock has no rule for this request of {endpoint}");
                state.unmatched.push(endpoint);
                Err(TransportError::other(message))
            }
        }
    }
}

/// Returns `true` if a request has these inputs. It can also have credentials.
fn has(request: &http::Request<Bytes>, inputs: &Taken) -> bool {
    fn count(pairs: &str, separator: char) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        let pairs = pairs.split(separator).map(str::trim);
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            *counts.entry(pair).or_default() += 1;
        }
        counts
    }
    fn covers(all: &str, some: &str, separator: char) -> bool {
        let all = count(all, separator);
        let mut some = count(some, separator).into_iter();
        some.all(|(pair, times)| all.get(pair).is_some_and(|count| *count >= times))
    }
    let cookies = request.headers().get(http::header::COOKIE);
    let cookies = cookies.and_then(|cookies| cookies.to_str().ok());
    let mut headers = inputs.headers.iter();
    let boundaries = (boundary(request.headers()), boundary(&inputs.headers));
    request.uri().path().ends_with(&inputs.path)
        && covers(
            request.uri().query().unwrap_or_default(),
            &inputs.query,
            '&',
        )
        && covers(cookies.unwrap_or_default(), &inputs.cookies, ';')
        && headers.all(|(name, value)| {
            let mut values = request.headers().get_all(name).iter();
            values.any(|other| is_alike((other, value), boundaries))
        })
        && match inputs.content.body().as_bytes() {
            Some(bytes) => is_alike((request.body(), bytes), boundaries),
            // Streams are not compared.
            None => true,
        }
}

/// Returns `true` if two bodies, or values of a header, are equal except for the boundaries.
fn is_alike<T: AsRef<[u8]>>((one, other): (T, T), boundaries: (&str, &str)) -> bool {
    let (one, other) = (one.as_ref(), other.as_ref());
    let (first, second) = boundaries;
    one == other || without(one, first.as_bytes()) == without(other, second.as_bytes())
}

/// A rule without an answer.
pub struct Rule<'m, O> {
    mock: &'m Mock,
    inputs: Option<Taken>,
    headers: HeaderMap,
    fault: Option<String>,
    times: Option<u64>,
    delay: Duration,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Rule<'_, O> {
    /// Sets how many requests the rule answers, including retries. By default, any number.
    #[must_use = "a rule has an answer"]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Delays the answer. Only the mock's clock advances: nothing waits. If the delay exceeds the
    /// remaining time of the call, the call times out.
    #[must_use = "a rule has an answer"]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header to the answer.
    #[must_use = "a rule has an answer"]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.append(name, value);
            }
            _ => self.fault = Some(format!("`{}` cannot be a header", name.escape_debug())),
        }
        self
    }

    /// Answers with this status and a JSON body.
    ///
    /// # Errors
    ///
    /// Returns an error if the document does not describe the answer.
    pub fn reply<T: Serialize + ?Sized>(self, status: u16, body: &T) -> Result<(), MockError> {
        let body = json::write(body).map_err(|error| MockError(error.to_string()))?;
        self.reply_with(status, "application/json", body)
    }

    /// Answers with this status and a body of this media type, or no body if it is empty.
    ///
    /// # Errors
    ///
    /// Returns an error if the document does not describe the answer.
    pub fn reply_with(
        self,
        status: u16,
        media_type: &str,
        body: impl Into<Bytes>,
    ) -> Result<(), MockError> {
        let (status, headers, body) = self.parts(status, media_type, body.into())?;
        let endpoint = O::ENDPOINT;
        match O::decode(&Reply::new(status, headers.clone(), body.clone())) {
            Ok(_) | Err(Rejection::Failure(_)) => self.add(Answer::Reply(status, headers, body)),
            Err(Rejection::Undocumented) => Err(MockError(format!(
                "the document has no answer of {endpoint} with the status {status} and the media type \
                 `{media_type}`"
            ))),
            Err(Rejection::Decode(error)) => Err(MockError(format!(
                "the answer of {endpoint} with the status {status} does not match the document: {error}"
            ))),
        }
    }

    /// Answers without a check against the document.
    ///
    /// # Errors
    ///
    /// Returns an error if the status or a header is invalid.
    pub fn reply_unchecked(
        self,
        status: u16,
        media_type: &str,
        body: impl Into<Bytes>,
    ) -> Result<(), MockError> {
        let (status, headers, body) = self.parts(status, media_type, body.into())?;
        self.add(Answer::Reply(status, headers, body))
    }

    /// Fails to connect to the server.
    ///
    /// # Errors
    ///
    /// Returns an error if the inputs cannot be written.
    pub fn fail_to_connect(self) -> Result<(), MockError> {
        self.add(Answer::Connect)
    }

    /// Times out without an answer.
    ///
    /// # Errors
    ///
    /// Returns an error if the inputs cannot be written.
    pub fn time_out(self) -> Result<(), MockError> {
        self.add(Answer::Timeout)
    }

    fn parts(
        &self,
        status: u16,
        media_type: &str,
        body: Bytes,
    ) -> Result<(StatusCode, HeaderMap, Bytes), MockError> {
        let (Ok(code), Ok(value)) = (
            StatusCode::from_u16(status),
            HeaderValue::try_from(media_type),
        ) else {
            let media_type = media_type.escape_debug();
            return Err(MockError(format!(
                "`{status}` is not a status, or `{media_type}` not a media type"
            )));
        };
        let mut headers = self.headers.clone();
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, value);
        }
        Ok((code, headers, body))
    }

    fn add(self, answer: Answer) -> Result<(), MockError> {
        if let Some(fault) = self.fault {
            return Err(MockError(fault));
        }
        self.mock.state().rules.push(Entry {
            endpoint: O::ENDPOINT,
            inputs: self.inputs,
            answer,
            delay: self.delay,
            times: self.times,
            used: 0,
        });
        Ok(())
    }
}

impl Transport for Mock {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = whole(body, u64::MAX).await?;
            match self.answer(&http::Request::from_parts(head, body), limits)? {
                Answer::Reply(status, headers, body) => {
                    let mut response = http::Response::new(Body::from(body));
                    *response.status_mut() = status;
                    *response.headers_mut() = headers;
                    Ok(response)
                }
                Answer::Connect => Err(TransportError::connect("the mock has no connection")),
                Answer::Timeout => {
                    self.state().now += limits.timeout.unwrap_or_default();
                    Err(TransportError::timeout("the mock has no answer"))
                }
            }
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        Some(Box::pin(async move { self.state().now += time }))
    }

    fn now(&self) -> Duration {
        self.state().now
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.state().rules.len();
        f.debug_struct("Mock")
            .field("rules", &rules)
            .finish_non_exhaustive()
    }
}

impl<O: Operation> fmt::Debug for Rule<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("endpoint", &O::ENDPOINT)
            .finish_non_exhaustive()
    }
}

/// An error in a rule, or a difference between a mock's rules and the requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockError(String);

impl fmt::Display for MockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MockError {}
