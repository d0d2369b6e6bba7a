//! Requests to a token endpoint, and its responses (RFC 6749, sections 4 to 6).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Uri};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::body::Body;
use super::body_excerpt::{Hidden, Hide, shown};
use super::endpoint::Endpoint;
use super::error::{Error, NoFailure};
use super::fetched_credential::{Setup, is_confidential};
use super::percent;
use super::response::Reply;
use super::retry::{self, Tried, Verdict};
use super::token::{Token, Tokens};
use super::token_error::TokenError;
use super::transport::Limits;
use super::unread_response::Incoming;

/// The timeout of a request to a token endpoint.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum size of a token endpoint's response.
const MAX_BYTES: u64 = 64 << 10;

/// The longest life of a token. A longer one is shortened to this.
const LONGEST_LIFE: Duration = Duration::from_secs(10 * 365 * 86_400);

/// The name of the token endpoint in messages.
const ENDPOINT: Endpoint = Endpoint::post("(token endpoint)");

/// Sends requests to a token endpoint with the client's transport. It follows no redirects, and
/// limits each response to 30 s and 64 KiB.
#[derive(Clone)]
pub struct TokenHttp {
    setup: Setup,
}

impl TokenHttp {
    pub(super) fn new(setup: Setup) -> Self {
        Self { setup }
    }

    /// Returns the time of day, or `None` without a clock.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        self.setup.transport.date()
    }

    pub(super) fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Sends a request, and reads the whole response, whatever its status.
    ///
    /// # Errors
    ///
    /// Returns an error if the whole response does not arrive in time, if its body is larger than
    /// 64 KiB, or if the request would use plain http: see [`ClientBuilder::allow_http`].
    ///
    /// [`ClientBuilder::allow_http`]: super::builder::ClientBuilder::allow_http
    pub async fn send(&self, request: http::Request<Body>) -> Result<Reply, TokenError> {
        if !self.setup.allows_http && !is_confidential(request.uri()) {
            return Err(TokenError::new(
                "the request for a token would be sent over plain http, where others can read it: \
                 use an https URL, or call `allow_http` on the client's builder",
            ));
        }
        self.exchange(request, TIMEOUT).await.map_err(describe)
    }

    async fn exchange(
        &self,
        mut request: http::Request<Body>,
        time: Duration,
    ) -> Result<Reply, Error<NoFailure>> {
        if let Some(user_agent) = &self.setup.user_agent {
            let headers = request.headers_mut();
            headers.entry(USER_AGENT).or_insert(user_agent.clone());
        }
        let limits = Limits {
            connect_timeout: self.setup.connect_timeout,
            timeout: Some(time),
            max_response_bytes: MAX_BYTES,
            ..Limits::default()
        };
        let sent = self.setup.transport.send(request, limits).await;
        let response = sent.map_err(|source| Error::Transport {
            endpoint: ENDPOINT,
            source,
        })?;
        let (head, body) = response.into_parts();
        let incoming = Incoming {
            endpoint: ENDPOINT,
            head,
            body,
            max_bytes: MAX_BYTES,
            timeout: Some(time),
            hidden: Arc::default(),
            tried: Tried::default(),
        };
        incoming.whole().await
    }

    /// Requests tokens. A request that the server may have processed is repeated only if it is
    /// `repeatable`.
    pub(super) async fn tokens(
        &self,
        url: &Uri,
        form: &Form,
        client: &ClientId,
        repeatable: bool,
    ) -> Result<Tokens, TokenError> {
        let deadline = self.now().saturating_add(TIMEOUT);
        let secrets = form.hidden.iter().cloned().chain(client.secrets());
        let hidden = Arc::new(Hidden::new(&[], secrets.collect()));
        let mut retries = 0;
        loop {
            #[allow(unused_mut, reason = "it is changed under some features")]
            let mut request = form.request(url, client)?;
            #[cfg(any(feature = "testing", feature = "tracing"))]
            request.extensions_mut().insert(Arc::clone(&hidden));
            let time = deadline.saturating_sub(self.now());
            let outcome = self.exchange(request, time).await;
            if retries < self.setup.retry.max_retries
                && let Some(delay) = self.delay(&outcome, repeatable, retries)
                && self.now().saturating_add(delay) < deadline
                && let Some(sleeping) = self.setup.transport.sleep(delay)
            {
                retries += 1;
                sleeping.await;
                continue;
            }
            let reply = outcome.map_err(describe)?;
            return answer(&reply, &hidden, self.date());
        }
    }

    fn now(&self) -> Duration {
        self.setup.transport.now()
    }

    /// Returns the delay before the request is repeated, if it can be.
    fn delay(
        &self,
        outcome: &Result<Reply, Error<NoFailure>>,
        repeatable: bool,
        retries: u32,
    ) -> Option<Duration> {
        let random = retry::random(self.now());
        let backoff = retry::backoff(retries, random);
        let (verdict, delay) = match outcome {
            Ok(reply) => {
                let (status, headers) = (reply.status(), reply.headers());
                let asked = retry::server_delay(headers, self.date());
                let delay = asked.map_or(backoff, |delay| retry::spread(delay, random));
                (Verdict::of_response(status, headers), delay)
            }
            Err(Error::Transport { source, .. } | Error::Timeout { source, .. }) => {
                // Nothing was sent.
                if source.is_connect() {
                    return Some(backoff);
                }
                (Verdict::of_error(source), backoff)
            }
            Err(_) => return None,
        };
        (repeatable && verdict != Verdict::Never).then_some(delay)
    }
}

impl fmt::Debug for TokenHttp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHttp")
    }
}

fn describe(error: Error<NoFailure>) -> TokenError {
    match error {
        Error::Timeout { source, .. } | Error::Transport { source, .. } => {
            TokenError::transport(source)
        }
        Error::TooLarge(error) => TokenError::new(format!(
            "the token endpoint answered {} with more than {MAX_BYTES} bytes",
            error.status
        )),
        error => TokenError::new(error.to_string()),
    }
}

/// The client's credentials at the token endpoint (RFC 6749, section 2.3).
#[derive(Clone)]
pub(super) struct ClientId {
    pub(super) id: String,
    pub(super) secret: Option<Arc<Zeroizing<String>>>,
    /// True if the secret is in the body instead of the header `Authorization`.
    pub(super) in_body: bool,
}

impl ClientId {
    /// Returns the header `Authorization` (section 2.3.1): both parts are form-encoded before they
    /// are joined.
    fn authorization(&self, secret: &str) -> Result<HeaderValue, TokenError> {
        let mut pair = Zeroizing::new(String::new());
        encode_into(&mut pair, &self.id);
        pair.push(':');
        encode_into(&mut pair, secret);
        let mut text = Zeroizing::new("Basic ".to_owned());
        STANDARD.encode_string(pair.as_bytes(), &mut text);
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| TokenError::new("the client's secret is not a valid header value"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Returns the texts that messages must not show.
    pub(super) fn secrets(&self) -> Vec<Hide> {
        self.secret.iter().flat_map(hide).collect()
    }
}

/// Returns a secret in plain and in form encoding.
fn hide(secret: &Arc<Zeroizing<String>>) -> [Hide; 2] {
    let mut encoded = Zeroizing::new(String::new());
    encode_into(&mut encoded, secret);
    [Arc::clone(secret) as Hide, Arc::new(encoded)]
}

/// Encodes a text for a form of `application/x-www-form-urlencoded` (RFC 6749, appendix B).
pub(super) fn encode_into(out: &mut String, text: &str) {
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push('+');
        }
        // The characters that the HTML algorithm keeps.
        percent::encode_into(out, word, |byte| {
            byte.is_ascii_alphanumeric() || b"*-._".contains(&byte)
        });
    }
}

/// A form for a token endpoint.
pub(super) struct Form {
    text: Zeroizing<String>,
    /// The texts that messages must not show.
    hidden: Vec<Hide>,
}

impl Form {
    /// Creates a form with this `grant_type`.
    pub(super) fn new(grant_type: &str) -> Self {
        let form = Self {
            text: Zeroizing::default(),
            hidden: Vec::new(),
        };
        form.field("grant_type", grant_type)
    }

    /// Adds a field.
    pub(super) fn field(mut self, name: &str, value: &str) -> Self {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        encode_into(&mut self.text, name);
        self.text.push('=');
        encode_into(&mut self.text, value);
        self
    }

    /// Adds a field that messages must not show.
    pub(super) fn secret(mut self, name: &str, value: &Arc<Zeroizing<String>>) -> Self {
        self.hidden.extend(hide(value));
        self.field(name, value)
    }

    /// Adds `scope` (RFC 6749, section 3.3), unless the list is empty.
    pub(super) fn scopes(self, scopes: &[String]) -> Self {
        match scopes {
            [] => self,
            _ => self.field("scope", &scopes.join(" ")),
        }
    }

    fn request(&self, url: &Uri, client: &ClientId) -> Result<http::Request<Body>, TokenError> {
        let mut text = self.text.clone();
        let mut add = |name: &str, value: &str| {
            text.push('&');
            text.push_str(name);
            text.push('=');
            encode_into(&mut text, value);
        };
        let mut authorization = None;
        match &client.secret {
            None => add("client_id", &client.id),
            Some(secret) if client.in_body => {
                add("client_id", &client.id);
                add("client_secret", secret);
            }
            Some(secret) => authorization = Some(client.authorization(secret)?),
        }
        let mut request = http::Request::new(Body::from(text.as_bytes().to_vec()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.clone();
        let headers = request.headers_mut();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(value) = authorization {
            headers.insert(AUTHORIZATION, value);
        }
        Ok(request)
    }
}

/// Reads the response of a token endpoint (RFC 6749, sections 5.1 and 5.2).
fn answer(reply: &Reply, hidden: &Hidden, date: Option<SystemTime>) -> Result<Tokens, TokenError> {
    let members: Option<BTreeMap<String, &RawValue>> = serde_json::from_slice(reply.bytes()).ok();
    let text = |name: &str| {
        let value = members.as_ref()?.get(name)?;
        let text: String = serde_json::from_str(value.get()).ok()?;
        Some(Zeroizing::new(text)).filter(|text| !text.is_empty())
    };
    if reply.code() != 200 {
        let status = reply.status();
        let message = |name| Some(shown(&text(name)?, hidden));
        return Err(match status.is_success() {
            true => TokenError::new(format!("the token endpoint answered {status}, not 200")),
            false => TokenError::answer(status, message("error"), message("error_description")),
        });
    } else if members.is_none() {
        let message = "the token endpoint answered something other than a JSON object";
        return Err(TokenError::new(message));
    }
    let Some(access_token) = text("access_token") else {
        // Some servers send an error with status 200.
        let error = text("error").map(|error| shown(&error, hidden));
        return Err(TokenError::new(match error {
            Some(error) => format!("the token endpoint answered {error}"),
            None => "the token endpoint's answer has no `access_token`".to_owned(),
        }));
    };
    match text("token_type") {
        Some(kind) if kind.eq_ignore_ascii_case("bearer") => {}
        Some(kind) => {
            let kind = shown(&kind, hidden);
            return Err(TokenError::new(format!(
                "the token is not a bearer token, but `{kind}`"
            )));
        }
        None => {
            let message =
                "the token endpoint's answer has no `token_type`, which has to be `Bearer`";
            return Err(TokenError::new(message));
        }
    }
    let life = members
        .as_ref()
        .and_then(|members| members.get("expires_in"));
    let expires_in = life.and_then(|life| lifetime(life.get()));
    Ok(Tokens {
        access_token: Token {
            text: Arc::new(access_token),
            expires_in,
        },
        refresh_token: text("refresh_token").map(Arc::new),
        expires_at: date
            .zip(expires_in)
            .and_then(|(date, life)| date.checked_add(life)),
        scope: text("scope").map(|scope| scope.to_string()),
    })
}

/// Reads `expires_in`: a number of seconds, or its digits in a string. Other values are ignored,
/// and a negative number is 0.
fn lifetime(json: &str) -> Option<Duration> {
    let seconds: f64 = match serde_json::from_str::<String>(json) {
        Ok(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            text.parse().ok()?
        }
        Ok(_) => return None,
        // Of valid JSON, Rust only parses numbers. Too large a one is infinite.
        Err(_) => json.parse().ok()?,
    };
    if seconds <= 0.0 {
        return Some(Duration::ZERO);
    }
    let life = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_LIFE);
    Some(life.min(LONGEST_LIFE))
}
