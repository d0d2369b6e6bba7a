//! Pages and items without an asynchronous runtime.

use super::blocking::{NotReady, not_ready, wait};
use super::blocking_iterator::iterate;
use super::page_error::PageError;
use super::pages::{Items, Pages};
use super::paging::{Listed, Paged};
use super::response::Response;

impl<O: Paged> Pages<'_, O> {
    /// Returns an iterator over the remaining pages. `next` fetches a page and blocks the thread.
    ///
    /// After an error, `next` fetches the same page again. If the transport does not block, the
    /// only item is an error. See [`Request::call`](super::operation::Request::call).
    pub fn iter(
        &mut self,
    ) -> impl Iterator<Item = Result<Response<O::Output>, PageError<O::Failure>>> {
        iterate(move || wait(self.next()).map_err(|NotReady| self.failed(not_ready(O::ENDPOINT))))
    }
}

impl<O: Listed> Items<'_, O> {
    /// Returns an iterator over the remaining items. `next` fetches pages as needed and blocks the
    /// thread.
    ///
    /// After an error, `next` fetches the same page again. If the transport does not block, the
    /// only item is an error. See [`Request::call`](super::operation::Request::call).
    pub fn iter(&mut self) -> impl Iterator<Item = Result<O::Item, PageError<O::Failure>>> {
        iterate(move || {
            wait(self.next()).map_err(|NotReady| self.pages.failed(not_ready(O::ENDPOINT)))
        })
    }
}
