//! Pages and items without an asynchronous runtime.

use super::blocking::{NotReady, wait};
use super::error::Error;
use super::pages::{Items, PageError, Pages};
use super::paging::{Listed, Paged};
use super::response::Response;
use super::transport::TransportError;

impl<O: Paged> Pages<'_, O> {
    /// Returns an iterator over the remaining pages. `next` fetches a page and blocks the thread.
    ///
    /// After an error, `next` fetches the same page again. If the transport does not block, the
    /// only item is an error. See [`Request::call`](super::operation::Request::call).
    pub fn iter(
        &mut self,
    ) -> impl Iterator<Item = Result<Response<O::Output>, PageError<O::Failure>>> {
        let mut is_over = false;
        std::iter::from_fn(move || {
            if is_over {
                return None;
            }
            wait(self.next()).unwrap_or_else(|NotReady| {
                is_over = true;
                Some(Err(self.failed(not_ready::<O>())))
            })
        })
    }
}

impl<O: Listed> Items<'_, O> {
    /// Returns an iterator over the remaining items. `next` fetches pages as needed and blocks the
    /// thread.
    ///
    /// After an error, `next` fetches the same page again. If the transport does not block, the
    /// only item is an error. See [`Request::call`](super::operation::Request::call).
    pub fn iter(&mut self) -> impl Iterator<Item = Result<O::Item, PageError<O::Failure>>> {
        let mut is_over = false;
        std::iter::from_fn(move || {
            if is_over {
                return None;
            }
            wait(self.next()).unwrap_or_else(|NotReady| {
                is_over = true;
                Some(Err(self.pages.failed(not_ready::<O>())))
            })
        })
    }
}

fn not_ready<O: Paged>() -> Error<O::Failure> {
    Error::Transport {
        endpoint: O::ENDPOINT,
        source: TransportError::other(NotReady),
    }
}
