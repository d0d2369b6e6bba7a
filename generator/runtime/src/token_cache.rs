//! The token of a client, shared by all of its calls.
//!
//! Only one request for a token is active at a time, however many calls wait for it. It needs no
//! asynchronous runtime: each waiting call polls it, and if one is dropped, the others continue. If
//! all are dropped, the next call continues, so that a refresh token replaced by the server is not
//! lost.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use http::Uri;

use super::body_excerpt::Hide;
use super::fetched_credential::{Fetch, Fetched, Fetching};
use super::security::Scheme;
use super::token::{Token, TokenSource};
use super::token_error::TokenError;
use super::token_http::TokenHttp;
use super::transport::Transport;

/// A token is renewed when its remaining lifetime is less than this, or less than a quarter of its
/// lifetime if that is shorter.
const MARGIN: Duration = Duration::from_secs(60);

/// The token of a scheme, and its source.
pub(super) struct TokenCache {
    pub(super) scheme: Scheme,
    pub(super) source: Arc<dyn TokenSource>,
    pub(super) http: TokenHttp,
    /// The URL of the source's requests.
    pub(super) token_url: Option<Uri>,
    pub(super) secrets: Vec<Hide>,
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    held: Option<Held>,
    request: Option<Arc<TokenRequest>>,
    /// The number of tokens received.
    count: u64,
}

/// A token, and the time of its request.
#[derive(Clone)]
struct Held {
    token: Token,
    fetched: Fetched,
    since: Moment,
}

/// A time on both clocks of a transport: one stops while a computer sleeps, the other can be set.
#[derive(Clone, Copy)]
struct Moment {
    now: Duration,
    date: Option<SystemTime>,
}

impl Moment {
    fn now(transport: &dyn Transport) -> Self {
        Self {
            now: transport.now(),
            date: transport.date(),
        }
    }

    /// Returns the time since then, or `None` if the clock went back.
    fn elapsed(&self, transport: &dyn Transport) -> Option<Duration> {
        let later = Self::now(transport);
        let elapsed = later.now.checked_sub(self.now)?;
        let by_date = later
            .date
            .zip(self.date)
            .and_then(|(later, earlier)| later.duration_since(earlier).ok());
        Some(elapsed.max(by_date.unwrap_or_default()))
    }
}

impl Held {
    /// Returns `true` if the token is valid, with a margin of up to a minute if `is_early` is true.
    fn is_valid(&self, transport: &dyn Transport, is_early: bool) -> bool {
        let Some(life) = self.token.expires_in else {
            return true;
        };
        let margin = match is_early {
            true => MARGIN.min(life / 4),
            false => Duration::ZERO,
        };
        let age = self.since.elapsed(transport);
        age.is_some_and(|age| age.saturating_add(margin) < life)
    }
}

type Outcome = Result<Held, TokenError>;

impl TokenCache {
    fn transport(&self) -> &dyn Transport {
        self.http.setup().transport.as_ref()
    }

    async fn current(&self, limit: Option<Duration>) -> Result<Fetched, TokenError> {
        let deadline = limit.and_then(|limit| self.transport().now().checked_add(limit));
        loop {
            let request = {
                let mut state = lock(&self.state);
                match &state.held {
                    Some(held) if held.is_valid(self.transport(), true) => {
                        return Ok(held.fetched.clone());
                    }
                    _ => Arc::clone(state.request.get_or_insert_with(|| self.start_request())),
                }
            };
            let waiting = Waiting::new(self, &request);
            let is_resumed = waiting.is_resumed;
            match waiting.outcome(deadline).await {
                Ok(held) => return Ok(held.fetched),
                // Nothing polled it for a while, so it can have timed out.
                Err(_) if is_resumed && self.has_time(deadline) => {}
                Err(error) => {
                    let state = lock(&self.state);
                    let held = state.held.as_ref();
                    let valid = held.filter(|held| held.is_valid(self.transport(), false));
                    return valid.map(|held| held.fetched.clone()).ok_or(error);
                }
            }
        }
    }

    fn has_time(&self, deadline: Option<Duration>) -> bool {
        deadline.is_none_or(|deadline| self.transport().now() < deadline)
    }

    /// Starts a request for a token. Nothing is sent before it is polled.
    fn start_request(&self) -> Arc<TokenRequest> {
        let (source, http) = (Arc::clone(&self.source), self.http.clone());
        Arc::new(TokenRequest {
            since: Moment::now(self.transport()),
            progress: Mutex::new(Progress {
                future: Some(Box::pin(async move { source.token(&http).await })),
                outcome: None,
                waiting: 0,
                was_abandoned: false,
            }),
            waiters: Arc::default(),
        })
    }

    /// Stores the token of a finished request.
    fn store(&self, request: &Arc<TokenRequest>, result: Result<Token, TokenError>) -> Outcome {
        let mut state = lock(&self.state);
        let is_current = |other: &Arc<TokenRequest>| Arc::ptr_eq(other, request);
        state.request.take_if(|other| is_current(other));
        let token = result?;
        state.count += 1;
        let secret = Arc::clone(&token.text);
        let fetched = Fetched::new(self.scheme, secret, state.count).map_err(|message| {
            TokenError::new(format!("the access token cannot be sent: {message}"))
        })?;
        let held = Held {
            token,
            fetched,
            since: request.since,
        };
        state.held = Some(held.clone());
        Ok(held)
    }
}

impl Fetch for TokenCache {
    fn fetch(&self, limit: Option<Duration>) -> Fetching<'_> {
        Box::pin(self.current(limit))
    }

    fn reject(&self, refused: &Fetched) {
        let mut state = lock(&self.state);
        let is_refused = |held: &mut Held| held.fetched.number() == refused.number();
        let held = state.held.take_if(is_refused);
        drop(state);
        if let Some(held) = held {
            self.source.rejected(&held.token);
        }
    }

    fn is_fetched_from(&self, url: &Uri) -> bool {
        self.token_url.as_ref() == Some(url)
    }

    fn secrets(&self) -> Vec<Hide> {
        self.secrets.clone()
    }
}

/// One request for a token.
struct TokenRequest {
    /// The start time.
    since: Moment,
    progress: Mutex<Progress>,
    waiters: Arc<Waiters>,
}

struct Progress {
    /// `None` while a call polls it, and after its end.
    future: Option<RequestFuture>,
    outcome: Option<Outcome>,
    /// The number of waiting calls.
    waiting: usize,
    /// True if all waiting calls were dropped before the outcome.
    was_abandoned: bool,
}

type RequestFuture = Pin<Box<dyn Future<Output = Result<Token, TokenError>> + Send>>;

/// The waiting calls. It does not own the future, which owns a waker to it.
#[derive(Default)]
struct Waiters {
    wakers: Mutex<(u64, BTreeMap<u64, Waker>)>,
    /// True if the future can make progress.
    is_woken: AtomicBool,
}

impl Waiters {
    fn number(&self) -> u64 {
        let mut wakers = lock(&self.wakers);
        wakers.0 += 1;
        wakers.0
    }

    fn wake_all(&self) {
        self.is_woken.store(true, Ordering::SeqCst);
        // The lock is not held: a waker can run any code.
        let wakers = std::mem::take(&mut lock(&self.wakers).1);
        wakers.into_values().for_each(Waker::wake);
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }
}

/// A call waiting for a request.
struct Waiting<'c> {
    cache: &'c TokenCache,
    request: Arc<TokenRequest>,
    number: u64,
    /// True if the request was abandoned before.
    is_resumed: bool,
}

impl<'c> Waiting<'c> {
    fn new(cache: &'c TokenCache, request: &Arc<TokenRequest>) -> Self {
        let mut progress = lock(&request.progress);
        progress.waiting += 1;
        Self {
            cache,
            request: Arc::clone(request),
            number: request.waiters.number(),
            is_resumed: progress.was_abandoned,
        }
    }

    /// Waits for the outcome, or until the timeout of the call.
    async fn outcome(self, deadline: Option<Duration>) -> Outcome {
        let transport = self.cache.transport();
        let mut timer = None;
        poll_fn(|cx| {
            if let Poll::Ready(outcome) = self.poll(cx) {
                return Poll::Ready(outcome);
            }
            let Some(deadline) = deadline else {
                return Poll::Pending;
            };
            #[cfg(feature = "blocking")]
            match deadline.saturating_sub(transport.now()) {
                Duration::ZERO => return Poll::Ready(Err(TokenError::timeout())),
                left if super::blocking::limit_wait(left) => return Poll::Pending,
                _ => {}
            }
            let timer = timer
                .get_or_insert_with(|| transport.sleep(deadline.saturating_sub(transport.now())));
            let Some(timer) = timer else {
                return Poll::Pending;
            };
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            // A blocking transport can wait here for longer than the other call.
            match self.poll(cx) {
                Poll::Ready(outcome) => Poll::Ready(outcome),
                Poll::Pending => Poll::Ready(Err(TokenError::timeout())),
            }
        })
        .await
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Outcome> {
        let waiters = &self.request.waiters;
        // First, so that no later wake-up is missed.
        lock(&waiters.wakers)
            .1
            .insert(self.number, cx.waker().clone());
        let future = {
            let mut progress = lock(&self.request.progress);
            if let Some(outcome) = &progress.outcome {
                return Poll::Ready(outcome.clone());
            }
            progress.future.take()
        };
        // Another call polls it, and wakes this one when there is progress.
        let Some(future) = future else {
            #[cfg(feature = "blocking")]
            super::blocking::wait_for_other_call();
            return Poll::Pending;
        };
        let mut polled = Polled {
            waiting: self,
            future: Some(future),
        };
        polled.poll()
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        lock(&self.request.waiters.wakers).1.remove(&self.number);
        let mut progress = lock(&self.request.progress);
        progress.waiting -= 1;
        // Each wake-up wakes all waiting calls, so none has to take over.
        progress.was_abandoned |= progress.waiting == 0 && progress.outcome.is_none();
    }
}

/// The future of a request while a call polls it.
struct Polled<'w> {
    waiting: &'w Waiting<'w>,
    future: Option<RequestFuture>,
}

impl Polled<'_> {
    fn poll(&mut self) -> Poll<Outcome> {
        let request = &self.waiting.request;
        let Some(mut future) = self.future.take() else {
            return Poll::Pending;
        };
        request.waiters.is_woken.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(&request.waiters));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        self.future = Some(future);
        match polled {
            Poll::Ready(result) => {
                self.future = None;
                Poll::Ready(self.end(result))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn end(&self, result: Result<Token, TokenError>) -> Outcome {
        let Waiting { cache, request, .. } = self.waiting;
        let outcome = cache.store(request, result);
        lock(&request.progress).outcome = Some(outcome.clone());
        request.waiters.wake_all();
        outcome
    }
}

impl Drop for Polled<'_> {
    fn drop(&mut self) {
        let request = &self.waiting.request;
        if let Some(future) = self.future.take() {
            lock(&request.progress).future = Some(future);
            if request.waiters.is_woken.load(Ordering::SeqCst) {
                // The calls that were woken did not find the future.
                request.waiters.wake_all();
            }
        } else if lock(&request.progress).outcome.is_none() {
            // The source panicked.
            let _ = self.end(Err(TokenError::new("the source of tokens panicked")));
        }
    }
}

/// Locks a mutex. A panic while it is locked leaves no partial change.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
