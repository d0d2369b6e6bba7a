//! Calls without an asynchronous runtime.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

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

/// Returns what a future over a transport that blocks gives: its work is done by the time that it
/// has been polled once.
///
/// # Errors
///
/// If the future waits for something, and so the transport is another one.
pub fn wait<F: Future>(future: F) -> Result<F::Output, NotReady> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(NotReady),
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
