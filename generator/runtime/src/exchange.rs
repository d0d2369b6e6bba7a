//! A call: its attempts, and the redirects of each.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::body::Body;
use super::body_excerpt::{Hidden, Hide};
use super::builder::NO_TIMER;
use super::client::{Client, Shared};
use super::credential::Credential;
use super::credential_selection::credentials;
use super::defaults::explicit_defaults;
use super::endpoint::Attempt;
use super::error::{DecodeError, EncodeError, Error, NoFailure};
use super::fetched_credential::{Fetch, Fetched};
use super::operation::Call;
use super::options::Options;
use super::prepared_request::Prepared;
use super::request::Parts;
use super::response::{Reply, essence};
use super::retry::{self, Budget, Retry, Tried, Verdict};
use super::transport::{Limits, Transport, TransportError};
use super::unread_response::{Incoming, transport_error};

/// The maximum number of redirects of an attempt.
const MAX_REDIRECTS: usize = 5;

#[cfg(any(feature = "testing", feature = "tracing"))]
use super::written_secrets::collect as secrets_of;

/// Without spans and tapes, the secrets of a request are not used.
#[cfg(not(any(feature = "testing", feature = "tracing")))]
fn secrets_of(write: impl FnOnce()) -> [String; 0] {
    write();
    []
}

/// A future of a complete response.
pub(crate) type Exchanged<'c> =
    Pin<Box<dyn Future<Output = Result<Reply, Error<NoFailure>>> + Send + 'c>>;

impl Client {
    /// Writes the request of a call with these options. Sends nothing before the first poll.
    pub(crate) fn begin(
        &self,
        call: Call,
        options: Option<&Options>,
        encode: &dyn Fn(&mut Parts),
    ) -> Exchanged<'_> {
        let (parts, options) = self.write(&call, options, encode);
        Box::pin(self.exchange(call, parts, options))
    }

    /// Writes the request of a call.
    pub(super) fn write(
        &self,
        call: &Call,
        options: Option<&Options>,
        encode: &dyn Fn(&mut Parts),
    ) -> (Parts, Options) {
        let mut options = self.options(options);
        let mut parts = Parts::beside(call.endpoint.clone(), &options);
        let explicit = options.explicit_defaults;
        let explicit = explicit.unwrap_or(self.shared.explicit_defaults);
        let written = secrets_of(|| {
            if explicit {
                explicit_defaults(|| encode(&mut parts));
            } else {
                encode(&mut parts);
            }
        });
        let written = written.into_iter();
        options
            .secrets
            .extend(written.map(|secret| Arc::new(secret) as Hide));
        (parts, options)
    }

    /// Sends a request, with retries if allowed, and reads the whole response.
    async fn exchange(
        &self,
        call: Call,
        parts: Parts,
        options: Options,
    ) -> Result<Reply, Error<NoFailure>> {
        let mut exchange = Exchange::new(&self.shared, call, parts, options)?;
        loop {
            let incoming = exchange.head().await?;
            match exchange.whole(incoming).await {
                Ok(reply) => return Ok(reply),
                Err(error) => exchange.retry(error).await?,
            }
        }
    }
}

/// A call in progress.
pub(super) struct Exchange<'c> {
    shared: &'c Shared,
    call: Call,
    prepared: Prepared,
    credentials: Vec<Credential>,
    /// The credentials that were fetched for the last attempt.
    fetched: Vec<(Arc<dyn Fetch>, Fetched)>,
    /// True if the call was repeated with another credential after a 401.
    is_renewed: bool,
    /// Secrets to hide in messages.
    hidden: Arc<Hidden>,
    limits: Limits,
    retry: Retry,
    repeatable: Option<bool>,
    /// The end of the call's time, by the transport's clock.
    deadline: Option<Duration>,
    /// The end of the attempt's time.
    attempt_deadline: Option<Duration>,
    attempt: Attempt,
    /// The cost of the last retry.
    cost: Option<u32>,
}

impl<'c> Exchange<'c> {
    /// Writes the request without sending it.
    pub(super) fn new(
        shared: &'c Shared,
        call: Call,
        parts: Parts,
        options: Options,
    ) -> Result<Self, Error<NoFailure>> {
        let prepared = Prepared::new(shared, &call, parts, &options)?;
        let retry = options.retry.unwrap_or(shared.retry);
        if options.retry.is_some() && retry.max_retries > 0 && !shared.has_timer() {
            return Err(Error::Encode(EncodeError::new("the request", NO_TIMER)));
        }
        let credentials = credentials(shared, &call, &options, &prepared)?;
        let hidden = match options.secrets.as_slice() {
            [] => Arc::clone(&shared.hidden),
            secrets => Arc::new(shared.hidden.and(secrets.iter().cloned())),
        };
        let limits = Limits {
            timeout: options.timeout.unwrap_or(shared.limits.timeout),
            idle_timeout: options.silence().filter(|_| call.is_in_pieces),
            ..shared.limits
        };
        // A time beyond the clock's range is no limit.
        let deadline = |limit| shared.transport.now().checked_add(limit);
        Ok(Self {
            shared,
            call,
            prepared,
            credentials,
            fetched: Vec::new(),
            is_renewed: false,
            hidden,
            limits,
            retry,
            repeatable: options.repeatable,
            deadline: limits.timeout.and_then(deadline),
            attempt_deadline: None,
            attempt: Attempt(0),
            cost: None,
        })
    }

    /// Sends the request until a response requires no further attempt. The body stays unread.
    pub(super) async fn head(&mut self) -> Result<Incoming, Error<NoFailure>> {
        loop {
            let outcome = self.attempt().await?;
            let (verdict, delay, status) = match &outcome {
                Ok(response) => {
                    let (status, headers) = (response.status(), response.headers());
                    let delay = retry::server_delay(headers, self.shared.transport.date());
                    let verdict = Verdict::of_response(status, headers);
                    (verdict, delay, Some(status))
                }
                Err(error) => (Verdict::of_error(error), None, None),
            };
            let tried = self.tried(verdict, delay);
            if status == Some(StatusCode::UNAUTHORIZED) && self.renew() {
                // This drops the response and its connection.
                continue;
            }
            if let Some(wait) = self.next_attempt(tried, Budget::cost(status)) {
                #[cfg(feature = "tracing")]
                self.trace_retry(status, outcome.as_ref().err(), wait);
                // This drops the response and its connection before the wait.
                drop(outcome);
                self.wait(wait).await;
                continue;
            }
            return match outcome {
                Ok(response) => Ok(self.incoming(response, tried)),
                Err(source) => Err(self.transport_error(source, tried)),
            };
        }
    }

    /// Reads the body of a response.
    pub(super) async fn whole(&self, incoming: Incoming) -> Result<Reply, Error<NoFailure>> {
        if let Some(error) = self.unexpected_events(&incoming) {
            return Err(error);
        }
        if !self.call.is_in_pieces {
            return incoming.whole().await;
        }
        // The transport does not limit the time of the body.
        let tried = incoming.tried;
        let reading = async { Ok(incoming.whole().await) };
        let read = within(&*self.shared.transport, self.time_left(), reading).await;
        read.unwrap_or_else(|source| Err(self.transport_error(source, tried)))
    }

    /// Returns an error for a success with an unexpected stream of events, which may never end.
    fn unexpected_events(&self, incoming: &Incoming) -> Option<Error<NoFailure>> {
        const EVENTS: &str = "text/event-stream";
        let head = &incoming.head;
        let content_type = head.headers.get(http::header::CONTENT_TYPE)?;
        let essence = essence(content_type.to_str().ok()?);
        let accept = self.call.accept;
        let is_asked_for = [EVENTS, "text/*", "*/*"]
            .iter()
            .any(|one| accept.contains(one));
        if !head.status.is_success() || essence != EVENTS || is_asked_for {
            return None;
        }
        let reply = Reply::new(head.status, head.headers.clone(), Vec::new());
        let (endpoint, hidden) = (incoming.endpoint.clone(), Arc::clone(&incoming.hidden));
        Some(Error::Decode {
            reply: Box::new(reply.with_context(endpoint, hidden, incoming.tried)),
            source: Box::new(DecodeError::new(
                "",
                "the body is a stream of events, which is not read as a whole: call `stream()`, or \
                 `in_pieces()` and `events()` where the document does not describe the events (an \
                 overlay with `x-streaming` can name their schema)",
            )),
        })
    }

    /// Waits for a further attempt, if the error of reading a body allows one.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not, returns the same error.
    pub(super) async fn retry(&mut self, error: Error<NoFailure>) -> Result<(), Error<NoFailure>> {
        let (Error::Transport { source, .. } | Error::Timeout { source, .. }) = error else {
            return Err(error);
        };
        let tried = self.tried(Verdict::of_error(&source), None);
        match self.next_attempt(tried, Budget::cost(None)) {
            Some(wait) => {
                #[cfg(feature = "tracing")]
                self.trace_retry(None, Some(&source), wait);
                self.wait(wait).await;
                Ok(())
            }
            None => Err(self.transport_error(source, tried)),
        }
    }

    /// Rejects the credentials that were fetched for the last attempt, at most once in a call.
    /// Returns whether to send the request with other credentials.
    fn renew(&mut self) -> bool {
        if self.is_renewed || self.fetched.is_empty() {
            return false;
        }
        self.is_renewed = true;
        for (fetch, refused) in self.fetched.drain(..) {
            fetch.reject(&refused);
        }
        true
    }

    /// Returns the credentials of an attempt, and fetches them if necessary.
    async fn current_credentials(&mut self) -> Result<Vec<Credential>, Error<NoFailure>> {
        self.fetched.clear();
        let mut current = Vec::with_capacity(self.credentials.len());
        for credential in &self.credentials {
            let Some(fetch) = credential.fetch() else {
                current.push(credential.clone());
                continue;
            };
            let now = self.shared.transport.now();
            let limit = self.deadline.map(|deadline| deadline.saturating_sub(now));
            let fetched = fetch.fetch(limit).await.map_err(|error| {
                let endpoint = &self.call.endpoint;
                Error::Token(error.in_call(endpoint, credential.name(), self.attempt.0))
            })?;
            if !self.hidden.in_text((*fetched.secret).as_ref()) {
                self.hidden = Arc::new(self.hidden.and([Arc::clone(&fetched.secret)]));
            }
            current.push(fetched.credential.clone());
            self.fetched.push((Arc::clone(fetch), fetched));
        }
        Ok(current)
    }

    /// Sends the request with the credentials of this attempt, and follows redirects.
    async fn attempt(
        &mut self,
    ) -> Result<Result<http::Response<Body>, TransportError>, Error<NoFailure>> {
        let credentials = self.current_credentials().await?;
        self.attempt.0 = self.attempt.0.saturating_add(1);
        let limit = self.retry.attempt_timeout;
        let deadline = limit.and_then(|limit| self.shared.transport.now().checked_add(limit));
        self.attempt_deadline = [deadline, self.deadline].into_iter().flatten().min();
        let mut outgoing = self.prepared.outgoing(&credentials, self.attempt)?;
        let mut redirects = 0;
        loop {
            #[allow(unused_mut, reason = "it is changed under some features")]
            let mut request = outgoing.request();
            #[cfg(any(feature = "testing", feature = "tracing"))]
            request.extensions_mut().insert(Arc::clone(&self.hidden));
            let sending = self.shared.transport.send(request, self.limits_now());
            let sent = if self.call.is_in_pieces {
                within(&*self.shared.transport, self.time_left(), sending).await
            } else {
                sending.await
            };
            let response = match sent {
                Ok(response) => response,
                Err(error) => return Ok(Err(error)),
            };
            if !self.call.follow_redirects
                || redirects == MAX_REDIRECTS
                || !outgoing.follow(&response)
            {
                return Ok(Ok(response));
            }
            redirects += 1;
        }
    }

    /// Returns the limits for the remaining time of the attempt.
    fn limits_now(&self) -> Limits {
        let left = self.time_left();
        // The timeout of a transport includes the body.
        let (timeout, head_timeout) = match self.call.is_in_pieces {
            true => (None, left),
            false => (left, None),
        };
        Limits {
            timeout,
            head_timeout,
            ..self.limits
        }
    }

    /// Returns the remaining time of the attempt.
    fn time_left(&self) -> Option<Duration> {
        let now = || self.shared.transport.now();
        let deadline = self.attempt_deadline;
        deadline.map(|deadline| deadline.saturating_sub(now()))
    }

    /// Returns the state after an attempt.
    fn tried(&self, verdict: Verdict, retry_after: Option<Duration>) -> Tried {
        let is_retryable = match verdict {
            Verdict::Never => false,
            Verdict::IfSafe => self.is_safe(),
            Verdict::Always => true,
        };
        Tried {
            attempts: self.attempt.0,
            is_retryable,
            retry_after,
        }
    }

    /// Returns whether sending the request again has no further effect.
    fn is_safe(&self) -> bool {
        self.repeatable.unwrap_or_else(|| {
            retry::is_idempotent(self.call.endpoint.method()) || self.prepared.has_key()
        })
    }

    /// Returns the delay before the next attempt, if one is allowed. Takes its cost from the
    /// budget.
    fn next_attempt(&mut self, tried: Tried, cost: u32) -> Option<Duration> {
        // The request after a 401 does not count as a retry.
        let first = 1 + u32::from(self.is_renewed);
        let retries = self.attempt.0.saturating_sub(first);
        if !tried.is_retryable || retries >= self.retry.max_retries {
            return None;
        }
        let now = self.shared.transport.now();
        let random = retry::random(now);
        let delay = match tried.retry_after.filter(|delay| !delay.is_zero()) {
            Some(delay) if delay > self.retry.max_server_delay => return None,
            Some(delay) => retry::spread(delay, random),
            None => retry::backoff(retries, random),
        };
        let is_in_time = |deadline| now.saturating_add(delay) < deadline;
        if !self.deadline.is_none_or(is_in_time) {
            return None;
        }
        if !self.shared.has_timer() || !self.shared.budget.take(cost) {
            return None;
        }
        self.cost = Some(cost);
        Some(delay)
    }

    #[cfg(feature = "tracing")]
    fn trace_retry(
        &self,
        status: Option<http::StatusCode>,
        error: Option<&TransportError>,
        delay: Duration,
    ) {
        let status = status.as_ref().map(http::StatusCode::as_str);
        let cause = error.map(super::observer::word).or(status);
        let cause = cause.unwrap_or_default();
        super::tracing::retry(&self.call.endpoint, self.attempt, cause, delay);
    }

    async fn wait(&self, delay: Duration) {
        if let Some(sleeping) = self.shared.transport.sleep(delay) {
            sleeping.await;
        }
    }

    fn incoming(&self, response: http::Response<Body>, tried: Tried) -> Incoming {
        let (head, body) = response.into_parts();
        if head.status.as_u16() < 400 {
            self.shared.budget.succeeded(self.cost);
        }
        Incoming {
            endpoint: self.call.endpoint.clone(),
            head,
            body,
            max_bytes: self.limits.max_response_bytes,
            timeout: self.time_limit(),
            hidden: Arc::clone(&self.hidden),
            tried,
        }
    }

    fn transport_error(&self, source: TransportError, tried: Tried) -> Error<NoFailure> {
        let endpoint = self.call.endpoint.clone();
        transport_error(endpoint, self.time_limit(), source.after(tried))
    }

    /// Returns the time limit that ends an attempt: its own, or that of the whole call.
    fn time_limit(&self) -> Option<Duration> {
        if self.attempt_deadline == self.deadline {
            self.limits.timeout
        } else {
            self.retry.attempt_timeout
        }
    }
}

/// Returns the result of a future, or a timeout. A transport without a timer has no timeout.
async fn within<T>(
    transport: &dyn Transport,
    time: Option<Duration>,
    future: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    let mut future = pin!(future);
    let mut timer = time.and_then(|time| transport.sleep(time));
    let next = std::future::poll_fn(|context| {
        let polled = future.as_mut().poll(context);
        match &mut timer {
            Some(timer) if polled.is_pending() => timer
                .as_mut()
                .poll(context)
                .map(|()| Err(TransportError::timeout("the time for the attempt is over"))),
            _ => polled,
        }
    });
    next.await
}
