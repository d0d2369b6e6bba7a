//! Calls without an asynchronous runtime.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use super::call::EndpointCall;
use super::error::{Error, NoFailure};
use super::operation::{Operation, Request};
use super::response::{Reply, Response};
use super::transport::TransportError;

impl<O: Operation> Request<'_, O> {
    /// Sends the request, blocks the thread until the response is there, and returns what is in it.
    ///
    /// The transport has to be one that blocks, such as [`Ureq`](super::ureq::Ureq). The thread may be
    /// one of an asynchronous runtime, whose other tasks on the thread wait meanwhile.
    ///
    /// # Errors
    ///
    /// See [`Error`]; and [`Error::Transport`] if the transport does not block.
    pub fn call(self) -> Result<O::Output, Error<O::Failure>> {
        self.send_blocking().map(Response::into_inner)
    }

    /// As [`call`](Self::call); the output comes with status, headers and bytes.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call).
    pub fn send_blocking(self) -> Result<Response<O::Output>, Error<O::Failure>> {
        wait(self.send()).unwrap_or_else(|NotReady| {
            Err(Error::Transport {
                endpoint: O::ENDPOINT,
                source: TransportError::other(NotReady),
            })
        })
    }
}

impl EndpointCall<'_> {
    /// Sends the request and blocks the thread until the response is there.
    ///
    /// # Errors
    ///
    /// As [`Request::call`].
    pub fn call(self) -> Result<Reply, Error<NoFailure>> {
        let endpoint = self.endpoint.clone();
        wait(self.into_future()).unwrap_or_else(|NotReady| {
            Err(Error::Transport {
                endpoint,
                source: TransportError::other(NotReady),
            })
        })
    }
}

/// What the call of a thread waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// The thread is in no blocking call.
    NoCall,
    /// Its transport.
    Transport,
    /// The call of another thread, at most this long.
    OtherCall(Option<Duration>),
}

thread_local! {
    static WAIT: Cell<Wait> = const { Cell::new(Wait::NoCall) };
}

/// Notes that a blocking call of this thread waits for that of another thread.
#[allow(dead_code, reason = "calls share tokens only")]
pub(super) fn wait_for_other_call() {
    if WAIT.get() != Wait::NoCall {
        WAIT.set(Wait::OtherCall(None));
    }
}

/// Limits the time of that. Returns `false` if this thread does not wait so.
#[allow(dead_code, reason = "as above")]
pub(super) fn limit_wait(time: Duration) -> bool {
    let waits = matches!(WAIT.get(), Wait::OtherCall(_));
    if waits {
        WAIT.set(Wait::OtherCall(Some(time)));
    }
    waits
}

/// Wakes a thread that waits for another one.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Returns the output of a future over a transport that blocks. Such a future is ready when it has
/// been polled, unless it waits for the call of another thread.
///
/// # Errors
///
/// If the future waits for something else, and so the transport is another one.
pub fn wait<F: Future>(future: F) -> Result<F::Output, NotReady> {
    /// Restores what was there before, also if polling panics.
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

/// A call cannot block the thread, as its transport does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReady;

impl std::fmt::Display for NotReady {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this transport is not a blocking one: give the client a `Ureq`")
    }
}

impl std::error::Error for NotReady {}
