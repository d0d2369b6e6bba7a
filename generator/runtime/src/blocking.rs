//! Calls without an asynchronous runtime.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use super::endpoint::Endpoint;
use super::endpoint_call::EndpointCall;
use super::error::{Error, NoFailure};
use super::operation::{Operation, Request};
use super::response::{Reply, Response};
use super::transport::TransportError;

impl<O: Operation> Request<'_, O> {
    /// Sends the request, blocks the thread until the response arrives, and returns the output.
    ///
    /// The transport must be a blocking one, such as [`Ureq`](super::ureq::Ureq). On a thread of an
    /// asynchronous runtime, the other tasks of the thread wait.
    ///
    /// # Errors
    ///
    /// See [`Error`]; also [`Error::Transport`] if the transport does not block.
    pub fn call(self) -> Result<O::Output, Error<O::Failure>> {
        self.send_blocking().map(Response::into_inner)
    }

    /// Like [`call`](Self::call), but returns the output with status, headers and bytes.
    ///
    /// # Errors
    ///
    /// See [`call`](Self::call).
    pub fn send_blocking(self) -> Result<Response<O::Output>, Error<O::Failure>> {
        wait(self.send()).unwrap_or_else(|NotReady| Err(not_ready(O::ENDPOINT)))
    }
}

impl EndpointCall<'_> {
    /// Sends the request and blocks the thread until the response arrives.
    ///
    /// # Errors
    ///
    /// See [`Request::call`].
    pub fn call(self) -> Result<Reply, Error<NoFailure>> {
        let endpoint = self.endpoint.clone();
        wait(self.into_future()).unwrap_or_else(|NotReady| Err(not_ready(endpoint)))
    }
}

/// Returns the error of a call whose transport does not block.
pub(super) fn not_ready<F>(endpoint: Endpoint) -> Error<F> {
    Error::Transport {
        endpoint,
        source: TransportError::other(NotReady),
    }
}

/// The event that the blocking call of a thread waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// The thread runs no blocking call.
    NoCall,
    /// The thread's transport.
    Transport,
    /// The call of another thread, for at most this long.
    OtherCall(Option<Duration>),
}

thread_local! {
    static WAIT: Cell<Wait> = const { Cell::new(Wait::NoCall) };
}

/// Records that a blocking call of this thread waits for a call of another thread.
#[allow(dead_code, reason = "calls share tokens only")]
pub(super) fn wait_for_other_call() {
    if WAIT.get() != Wait::NoCall {
        WAIT.set(Wait::OtherCall(None));
    }
}

/// Limits the time of that wait. Returns `false` if this thread does not wait for another call.
#[allow(dead_code, reason = "as above")]
pub(super) fn limit_wait(time: Duration) -> bool {
    let waits = matches!(WAIT.get(), Wait::OtherCall(_));
    if waits {
        WAIT.set(Wait::OtherCall(Some(time)));
    }
    waits
}

/// Wakes a thread that waits for another thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Returns the output of a future over a blocking transport. Such a future is ready after one poll,
/// unless it waits for a call of another thread.
///
/// # Errors
///
/// Returns an error if the future waits for anything else, because the transport does not block.
pub fn wait<F: Future>(future: F) -> Result<F::Output, NotReady> {
    /// Restores the previous state, even if polling panics.
    struct Scope(Wait);

    impl Drop for Scope {
        fn drop(&mut self) {
            WAIT.set(self.0);
        }
    }

    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let _scope = Scope(WAIT.get());
    loop {
        WAIT.set(Wait::Transport);
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Ok(output);
        }
        match WAIT.get() {
            Wait::OtherCall(Some(time)) => thread::park_timeout(time),
            Wait::OtherCall(None) => thread::park(),
            Wait::NoCall | Wait::Transport => return Err(NotReady),
        }
    }
}

/// The error for a call that cannot block the thread, because its transport does not block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReady;

impl std::fmt::Display for NotReady {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this transport does not block: use `Ureq`")
    }
}

impl std::error::Error for NotReady {}
