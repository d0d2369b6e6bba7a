//! A call: its attempts, and the redirects of each.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::body::Body;
use super::builder::NO_TIMER;
use super::client::{Client, Shared};
use super::defaults::explicit_defaults;
use super::endpoint::Attempt;
use super::error::{EncodeError, Error, MissingCredential, NoFailure};
use super::excerpt::Hidden;
use super::incoming::{Incoming, transport_error};
use super::operation::Call;
use super::options::Options;
use super::outgoing::Prepared;
use super::request::Parts;
use super::response::Reply;
use super::retry::{self, Budget, Retry, Tried, Verdict};
use super::security::{Credential, select};
use super::transport::{Limits, TransportError};

/// How many redirects an attempt follows.
const MAX_REDIRECTS: usize = 5;

#[cfg(feature = "tracing")]
use super::secrets::collect as secrets_of;

/// Without spans nobody asks for the secrets in a request.
#[cfg(not(feature = "tracing"))]
fn secrets_of(write: impl FnOnce()) -> [String; 0] {
    write();
    []
}

/// A whole response that is on its way.
pub(crate) type Exchanged<'c> =
    Pin<Box<dyn Future<Output = Result<Reply, Error<NoFailure>>> + Send + 'c>>;

impl Client {
    /// Writes the request of a call with these options; nothing is sent before the result is polled.
    pub(crate) fn begin(
        &self,
        call: Call,
        options: Option<&Options>,
        encode: &dyn Fn(&mut Parts),
    ) -> Exchanged<'_> {
        let mut options = self.options(options);
        let mut parts = Parts::beside(call.endpoint.clone(), &options);
        let explicit = options.explicit_defaults;
        let explicit = explicit.unwrap_or(self.shared.explicit_defaults);
        options.secrets.extend(secrets_of(|| {
            if explicit {
                explicit_defaults(|| encode(&mut parts));
            } else {
                encode(&mut parts);
            }
        }));
        Box::pin(self.exchange(call, parts, options))
    }

    /// Sends a request, again where that can help, and reads the whole response.
    async fn exchange(
        &self,
        call: Call,
        parts: Parts,
        options: Options,
    ) -> Result<Reply, Error<NoFailure>> {
        let mut exchange = Exchange::new(&self.shared, call, parts, options)?;
        loop {
            let incoming = exchange.head().await?;
            match incoming.whole().await {
                Ok(reply) => return Ok(reply),
                Err(error) => exchange.retry(error).await?,
            }
        }
    }
}

/// A call that is under way.
pub(super) struct Exchange<'c> {
    shared: &'c Shared,
    call: Call,
    prepared: Prepared,
    credentials: Vec<Credential>,
    /// What no message shows.
    hidden: Arc<Hidden>,
    limits: Limits,
    retry: Retry,
    repeatable: Option<bool>,
    /// When the time for the whole call is over, by the transport's clock.
    deadline: Option<Duration>,
    /// When the time for the attempt is over.
    attempt_deadline: Option<Duration>,
    attempt: Attempt,
    /// What the last retry has cost.
    cost: Option<u32>,
}

impl<'c> Exchange<'c> {
    /// Writes the request; nothing is sent yet.
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
        let credentials = credentials(shared, &call, &options)?;
        let hidden = match options.secrets.as_slice() {
            [] => Arc::clone(&shared.hidden),
            secrets => Arc::new(shared.hidden.and(secrets)),
        };
        let limits = Limits {
            timeout: options.timeout.unwrap_or(shared.limits.timeout),
            ..shared.limits
        };
        // A time that no clock holds is none.
        let deadline = |limit| shared.transport.now().checked_add(limit);
        Ok(Self {
            shared,
            call,
            prepared,
            credentials,
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

    /// Sends the request until there is a response that asks for no further attempt. Its body is
    /// unread.
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
            if let Some(wait) = self.next_attempt(tried, Budget::cost(status)) {
                #[cfg(feature = "tracing")]
                self.trace_retry(status, outcome.as_ref().err(), wait);
                // The response is dropped before the wait, and its connection with it.
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

    /// Waits for a further attempt, if the error of reading a body allows one.
    ///
    /// # Errors
    ///
    /// The same error, if not.
    async fn retry(&mut self, error: Error<NoFailure>) -> Result<(), Error<NoFailure>> {
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

    /// Sends the request, and follows redirects. The credentials are those of this attempt.
    async fn attempt(
        &mut self,
    ) -> Result<Result<http::Response<Body>, TransportError>, Error<NoFailure>> {
        self.attempt.0 = self.attempt.0.saturating_add(1);
        let limit = self.retry.attempt_timeout;
        let deadline = limit.and_then(|limit| self.shared.transport.now().checked_add(limit));
        self.attempt_deadline = [deadline, self.deadline].into_iter().flatten().min();
        let mut outgoing = self.prepared.outgoing(&self.credentials, self.attempt)?;
        let mut redirects = 0;
        loop {
            #[allow(unused_mut, reason = "it is changed under the feature `tracing`")]
            let mut request = outgoing.request();
            #[cfg(feature = "tracing")]
            request.extensions_mut().insert(Arc::clone(&self.hidden));
            let sending = self.shared.transport.send(request, self.limits_now());
            let response = match sending.await {
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

    /// The limits for the rest of the time of the attempt.
    fn limits_now(&self) -> Limits {
        let now = || self.shared.transport.now();
        let deadline = self.attempt_deadline;
        Limits {
            timeout: deadline.map(|deadline| deadline.saturating_sub(now())),
            ..self.limits
        }
    }

    /// What is known after an attempt.
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

    /// Whether the effect of two of these requests is that of one.
    fn is_safe(&self) -> bool {
        self.repeatable.unwrap_or_else(|| {
            retry::is_idempotent(self.call.endpoint.method()) || self.prepared.has_key()
        })
    }

    /// The delay before a further attempt, if there can be one. Takes its cost from the budget.
    fn next_attempt(&mut self, tried: Tried, cost: u32) -> Option<Duration> {
        let retries = self.attempt.0.saturating_sub(1);
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

    /// The limit by which an attempt ends: its own, or that of the whole call.
    fn time_limit(&self) -> Option<Duration> {
        if self.attempt_deadline == self.deadline {
            self.limits.timeout
        } else {
            self.retry.attempt_timeout
        }
    }
}

/// The credentials that are sent.
fn credentials(
    shared: &Shared,
    call: &Call,
    options: &Options,
) -> Result<Vec<Credential>, Error<NoFailure>> {
    let mut known = options.credentials.clone();
    if options.anonymous && known.is_empty() {
        return Ok(known);
    }
    for credential in &shared.credentials {
        if !options.anonymous && !known.iter().any(|own| own.is_same(credential)) {
            known.push(credential.clone());
        }
    }
    let Some(security) = call.security else {
        let mut all: Vec<Credential> = Vec::new();
        for credential in known {
            if !all.iter().any(|first| first.replaces(&credential)) {
                all.push(credential);
            }
        }
        return Ok(all);
    };
    let selected = select(security, &known);
    selected
        .map(|selected| selected.into_iter().cloned().collect())
        .ok_or_else(|| {
            Error::MissingCredential(MissingCredential {
                endpoint: call.endpoint.clone(),
                security,
            })
        })
}
