//! The pages of an operation, and their items.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::client::Client;
use super::error::Error;
use super::operation::{Call, Operation, Request};
use super::page_error::{Kind, Reason};
use super::paging::{Listed, Paged, Step};
use super::prepared_request::Prepared;
use super::request::Parts;
use super::response::Response;
use super::url::redirect;

pub use super::page_error::PageError;

/// A page of an operation.
type PageResult<O> =
    Result<Response<<O as Operation>::Output>, PageError<<O as Operation>::Failure>>;

/// An item of an operation.
type ItemResult<O> = Result<<O as Listed>::Item, PageError<<O as Operation>::Failure>>;

/// The default of [`Pages::max_pages`].
const MAX_PAGES: u64 = 10_000;

impl<'c, O: Paged> Request<'c, O> {
    /// Returns all pages, starting with this one. Sends nothing yet.
    pub fn pages(self) -> Pages<'c, O> {
        Pages::new(self, None, 0)
    }

    /// Returns all items, starting with this page. Sends nothing yet.
    pub fn items(self) -> Items<'c, O>
    where
        O: Listed,
    {
        Items {
            pages: self.pages(),
            page: Vec::new().into_iter(),
            left: None,
        }
    }
}

/// The pages of an operation, in order.
///
/// Each page is the [`Response`] of the operation. The server decides when the pages end: a short
/// page is never the end, and an empty page is not the end if there is a cursor or a URL.
#[must_use = "nothing is sent before `next` or `collect` is awaited"]
pub struct Pages<'c, O: Paged> {
    upcoming: Upcoming<'c, O>,
    /// The current request. It is kept if a future of `next` is dropped.
    sending: Option<Sending<'c, O>>,
    max_pages: u64,
    /// The number of pages fetched since the last limit error.
    counted: u64,
    /// The number of pages and items so far.
    seen: Seen,
    /// Hashes of the inputs and URLs of the pages so far: a cursor can be long.
    selected: HashSet<u64>,
    /// The hash of the last page, if only an empty page is the end.
    last: Option<u64>,
    hasher: RandomState,
}

type Sending<'c, O> = Pin<
    Box<
        dyn Future<
                Output = Result<
                    Response<<O as Operation>::Output>,
                    Error<<O as Operation>::Failure>,
                >,
            > + Send
            + 'c,
    >,
>;

/// The continuation after a page.
enum Upcoming<'c, O> {
    Page(Box<Request<'c, O>>, Option<http::Uri>),
    /// The next page is unknown.
    Fault(Kind),
    End,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    pages: u64,
    items: u64,
}

/// The position of the next page, as plain data to continue from later.
#[derive(Clone, Debug)]
pub struct Resume<O> {
    /// The operation, with the input of the next page.
    pub operation: O,
    /// The URL of the next page, if it has its own.
    pub url: Option<String>,
    /// The number of items on the pages before it.
    pub items: u64,
}

impl<O: Paged> Resume<O> {
    /// Continues with the pages. Options of the first request are not kept.
    pub fn pages(self, client: &Client) -> Pages<'_, O> {
        let url = self.url.and_then(|url| url.parse().ok());
        Pages::new(client.request(self.operation), url, self.items)
    }

    /// Continues with the items.
    pub fn items(self, client: &Client) -> Items<'_, O>
    where
        O: Listed,
    {
        Items {
            pages: self.pages(client),
            page: Vec::new().into_iter(),
            left: None,
        }
    }
}

impl<'c, O: Paged> Pages<'c, O> {
    fn new(request: Request<'c, O>, url: Option<http::Uri>, items: u64) -> Self {
        Self {
            upcoming: Upcoming::Page(Box::new(request), url),
            sending: None,
            max_pages: MAX_PAGES,
            counted: 0,
            seen: Seen { pages: 0, items },
            selected: HashSet::new(),
            last: None,
            hasher: RandomState::new(),
        }
    }

    /// Sets how many pages can be fetched before an error, by default 10,000. Calls after the error
    /// can fetch the same number again.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.max_pages = pages;
        self
    }

    /// Returns the next page, or `None` after the last one.
    ///
    /// Can be called again after an error: it fetches the failed page again.
    pub async fn next(&mut self) -> Option<Result<Response<O::Output>, PageError<O::Failure>>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    /// Returns all remaining pages.
    ///
    /// # Errors
    ///
    /// Returns the first error. To keep the pages before it, use [`next`](Self::next).
    pub async fn collect(mut self) -> Result<Vec<Response<O::Output>>, PageError<O::Failure>> {
        let mut pages = Vec::new();
        while let Some(page) = self.next().await {
            pages.push(page?);
        }
        Ok(pages)
    }

    /// Returns the position of the next page, or `None` after the last one. After an error, this is
    /// the failed page.
    #[must_use]
    pub fn resume(&self) -> Option<Resume<O>> {
        match &self.upcoming {
            Upcoming::Page(request, url) => Some(Resume {
                operation: request.operation.clone(),
                url: url.as_ref().map(ToString::to_string),
                items: self.seen.items,
            }),
            Upcoming::Fault(_) | Upcoming::End => None,
        }
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<PageResult<O>>> {
        let (request, url) = match &self.upcoming {
            Upcoming::Page(request, url) => (request, url),
            Upcoming::End => return Poll::Ready(None),
            Upcoming::Fault(kind) => {
                let error = self.error(Reason::Fault(*kind));
                self.upcoming = Upcoming::End;
                return Poll::Ready(Some(Err(error)));
            }
        };
        let sending = match &mut self.sending {
            Some(sending) => sending,
            none if self.counted < self.max_pages => {
                let mut request = (**request).clone();
                request.location.clone_from(url);
                none.insert(Box::pin(request.send()))
            }
            _ => {
                self.counted = 0;
                let error = self.error(Reason::Fault(Kind::Limit(self.max_pages)));
                return Poll::Ready(Some(Err(error)));
            }
        };
        let sent = ready!(sending.as_mut().poll(context));
        self.sending = None;
        let page = match sent {
            Ok(page) => page,
            Err(error) => return Poll::Ready(Some(Err(self.error(Reason::Call(error))))),
        };
        self.upcoming = match self.after(&page) {
            Ok(upcoming) => upcoming,
            Err(kind) => Upcoming::Fault(kind),
        };
        self.counted += 1;
        self.seen.pages += 1;
        self.seen.items += O::PAGING.count(page.reply());
        Poll::Ready(Some(Ok(page)))
    }

    /// Returns the continuation after a page.
    fn after(&mut self, page: &Response<O::Output>) -> Result<Upcoming<'c, O>, Kind> {
        let Upcoming::Page(request, url) = &mut self.upcoming else {
            return Ok(Upcoming::End);
        };
        let mut next = request.clone();
        let asked = next.operation.input().and_then(|input| input.json());
        let items = self.seen.items;
        let step = O::PAGING.next(page.reply(), asked.as_deref(), items, url.is_some());
        let current = url.as_ref().map(ToString::to_string).or(asked);
        if let Some(current) = current {
            self.selected.insert(self.hasher.hash_one(current));
        }
        let (selected, upcoming) = match step.map_err(Kind::new)? {
            Step::End => return Ok(Upcoming::End),
            Step::Url(location) => {
                let from = match url.take() {
                    Some(url) => Some(url),
                    None => own_url(request),
                };
                let target = from.and_then(|from| redirect(&from, &location));
                let target = target.ok_or(Kind::ForeignUrl)?;
                (target.to_string(), Upcoming::Page(next, Some(target)))
            }
            Step::Input(json) => {
                if O::PAGING.is_endless() {
                    let page = self.hasher.hash_one(page.reply().bytes());
                    if self.last.replace(page) == Some(page) {
                        return Err(Kind::Same);
                    }
                }
                let input = next.operation.input();
                if !input.is_some_and(|input| input.set(&json)) {
                    return Err(Kind::Input);
                }
                (json, Upcoming::Page(next, None))
            }
        };
        if !self.selected.insert(self.hasher.hash_one(selected)) {
            return Err(Kind::Repeated);
        }
        Ok(upcoming)
    }

    #[cfg(feature = "blocking")]
    pub(super) fn failed(&self, error: Error<O::Failure>) -> PageError<O::Failure> {
        self.error(Reason::Call(error))
    }

    fn error(&self, reason: Reason<O::Failure>) -> PageError<O::Failure> {
        PageError {
            endpoint: O::ENDPOINT,
            page: self.seen.pages + 1,
            reason: Box::new(reason),
        }
    }
}

/// Returns the URL of an operation without credentials, or `None` if it cannot be written.
fn own_url<O: Operation>(request: &Request<'_, O>) -> Option<http::Uri> {
    let options = request.client.options(request.options.as_deref());
    let mut parts = Parts::beside(O::ENDPOINT, &options);
    request.operation.encode(&mut parts);
    let shared = &request.client.shared;
    let prepared = Prepared::new(shared, &Call::of::<O>(), parts, &options).ok()?;
    prepared.join(prepared.query()).parse().ok()
}

/// The items of an operation, page by page.
#[must_use = "nothing is sent before `next` or `collect` is awaited"]
pub struct Items<'c, O: Listed> {
    pub(super) pages: Pages<'c, O>,
    page: std::vec::IntoIter<O::Item>,
    /// The number of items that can still be returned.
    left: Option<u64>,
}

impl<'c, O: Listed> Items<'c, O> {
    /// Stops after this many items. Fetches no page that is not needed.
    pub fn max(mut self, items: u64) -> Self {
        self.left = Some(items);
        self
    }

    /// Sets how many pages can be fetched before an error: see [`Pages::max_pages`].
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Returns the next item, or `None` after the last one.
    ///
    /// Can be called again after an error: it fetches the failed page again.
    pub async fn next(&mut self) -> Option<Result<O::Item, PageError<O::Failure>>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// Returns all remaining items.
    ///
    /// # Errors
    ///
    /// Returns the first error. To keep the items before it, use [`next`](Self::next).
    pub async fn collect(mut self) -> Result<Vec<O::Item>, PageError<O::Failure>> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }

    /// Returns the position of the page after the page of the last item, or `None` after the last
    /// page. After an error, this is the failed page.
    #[must_use]
    pub fn resume(&self) -> Option<Resume<O>> {
        self.pages.resume()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<ItemResult<O>>> {
        loop {
            if self.left == Some(0) {
                return Poll::Ready(None);
            }
            if let Some(item) = self.page.next() {
                self.left = self.left.map(|left| left - 1);
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.page = O::items(page.into_inner()).into_iter(),
            }
        }
    }
}

#[cfg(feature = "stream")]
impl<O: Paged> futures_core::Stream for Pages<'_, O> {
    type Item = Result<Response<O::Output>, PageError<O::Failure>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

#[cfg(feature = "stream")]
impl<O: Listed> futures_core::Stream for Items<'_, O>
where
    O::Item: Unpin,
{
    type Item = Result<O::Item, PageError<O::Failure>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<O: Paged + fmt::Debug> fmt::Debug for Pages<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("endpoint", &O::ENDPOINT)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

impl<O: Listed + fmt::Debug> fmt::Debug for Items<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
