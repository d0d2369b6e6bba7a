//! Bodies in pieces without an asynchronous runtime.

use bytes::Bytes;

use super::blocking::{NotReady, not_ready, wait};
use super::blocking_iterator::iterate;
use super::endpoint::Endpoint;
use super::error::Error;
use super::events::RawEvent;
use super::lines::Line;
use super::operation::{Operation, Request};
use super::pieces::{Chunks, Pieces};
use super::reconnect::Reconnect;
use super::sequence::{Lines, RawEvents};
use super::stream_error::StreamError;
use super::streamed::{Events, Streamed};
use super::transport::TransportError;

impl<O: Operation> Request<'_, O> {
    /// Like [`in_pieces`](Self::in_pieces), but blocks the thread: see [`call`](Self::call).
    ///
    /// # Errors
    ///
    /// See [`in_pieces`](Self::in_pieces); also [`Error::Transport`] if the transport does not
    /// block.
    pub fn in_pieces_blocking(self) -> Result<Pieces, Error<O::Failure>> {
        wait(self.in_pieces()).unwrap_or_else(|NotReady| Err(not_ready(O::ENDPOINT)))
    }
}

impl<O: Streamed> Request<'_, O> {
    /// Like [`stream`](Self::stream), but blocks the thread: see [`call`](Self::call).
    /// [`Events::iter`] reads the items.
    ///
    /// # Errors
    ///
    /// See [`stream`](Self::stream); also [`Error::Transport`] if the transport does not block.
    pub fn stream_blocking(self) -> Result<Events<O::Item>, Error<O::Failure>> {
        wait(self.stream()).unwrap_or_else(|NotReady| Err(not_ready(O::ENDPOINT)))
    }

    /// Like [`stream_with`](Self::stream_with), but blocks the thread: see [`call`](Self::call).
    ///
    /// # Errors
    ///
    /// See [`stream_with`](Self::stream_with); also [`Error::Transport`] if the transport does not
    /// block.
    pub fn stream_with_blocking(
        self,
        reconnect: Reconnect,
    ) -> Result<Events<O::Item>, Error<O::Failure>> {
        let opening = wait(self.stream_with(reconnect));
        opening.unwrap_or_else(|NotReady| Err(not_ready(O::ENDPOINT)))
    }
}

/// Returns the error of a transport that does not block, for a body whose head has arrived.
pub(super) fn stream_not_ready(endpoint: Endpoint) -> StreamError {
    StreamError::Transport {
        endpoint,
        source: TransportError::other(NotReady),
    }
}

/// Implements iterators over the results of `next`.
macro_rules! iterators {
    ($([$($parameter:ident)?] $name:ty: $item:ty, $what:literal, $endpoint:expr;)*) => {$(
        impl<$($parameter)?> $name {
            #[doc = concat!("Returns the ", $what, " that follow. Each one blocks the thread until it is there.")]
            /// If the transport does not block, the only item is an error. See
            /// [`Request::call`](super::operation::Request::call).
            pub fn iter(&mut self) -> impl Iterator<Item = Result<$item, StreamError>> {
                let endpoint: fn(&Self) -> &Endpoint = $endpoint;
                iterate(move || {
                    wait(self.next()).map_err(|NotReady| stream_not_ready(endpoint(self).clone()))
                })
            }
        }
    )*};
}

iterators! {
    [T] Events<T>: T, "items", |events| events.endpoint();
    [] RawEvents: RawEvent, "events", |events| &events.origin.endpoint;
    [] Lines: Line, "lines", |lines| &lines.origin.endpoint;
    [] Chunks: Bytes, "pieces", |chunks| chunks.endpoint();
}
