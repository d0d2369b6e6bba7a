//! All pages of an operation, and all of their items.

use std::collections::HashSet;
use std::error;
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::client::Client;
use super::endpoint::Endpoint;
use super::error::Error;
use super::operation::{Call, Operation, Request};
use super::outgoing::Prepared;
use super::paging::{Fault, Listed, Paged, Step};
use super::request::Parts;
use super::response::Response;
use super::url::redirect;

/// A page of an operation.
type PageResult<O> =
    Result<Response<<O as Operation>::Output>, PageError<<O as Operation>::Failure>>;

/// An item of an operation.
type ItemResult<O> = Result<<O as Listed>::Item, PageError<<O as Operation>::Failure>>;

/// How many pages are fetched at most, unless [`Pages::max_pages`] says otherwise.
const MAX_PAGES: u64 = 10_000;

impl<'c, O: Paged> Request<'c, O> {
    /// Returns all pages, from this one on. Nothing is sent yet.
    pub fn pages(self) -> Pages<'c, O> {
        Pages::new(self, None, 0)
    }

    /// Returns all items, from this page on. Nothing is sent yet.
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

/// All pages of an operation, one after the other.
///
/// A page is the operation's [`Response`]. The next one is asked for as the server says: neither a
/// short page nor, where there is a cursor or a URL, an empty one is the end.
#[must_use = "nothing is sent before `next` or `collect` is awaited"]
pub struct Pages<'c, O: Paged> {
    upcoming: Upcoming<'c, O>,
    /// The request that is under way. It stays so where a future of `next` is dropped.
    sending: Option<Sending<'c, O>>,
    max_pages: u64,
    /// How many pages were fetched since the limit was reached.
    counted: u64,
    /// How many pages there were, and items on them.
    seen: Seen,
    /// Hashes of what selected the pages so far: a cursor may be long.
    selected: HashSet<u64>,
    /// The hash of the last page, where only an empty one is the end.
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

/// What comes next.
enum Upcoming<'c, O> {
    Page(Box<Request<'c, O>>, Option<http::Uri>),
    /// An error, as it is not known how to go on.
    Fault(Kind),
    End,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    pages: u64,
    items: u64,
}

/// Where to go on later: plain data.
#[derive(Clone, Debug)]
pub struct Resume<O> {
    /// The operation with the input of the page that is next.
    pub operation: O,
    /// The URL of that page, where it has one of its own.
    pub url: Option<String>,
    /// How many items were on the pages before it.
    pub items: u64,
}

impl<O: Paged> Resume<O> {
    /// Goes on. Options of the request that the pages were begun with are not kept.
    pub fn pages(self, client: &Client) -> Pages<'_, O> {
        let url = self.url.and_then(|url| url.parse().ok());
        Pages::new(client.request(self.operation), url, self.items)
    }

    /// Goes on with the items.
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

    /// Sets how many pages may be fetched before there is an error: at first 10,000. Who goes on after
    /// the error gets as many again.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.max_pages = pages;
        self
    }

    /// Returns the next page; `None` after the last one.
    ///
    /// May be called again after an error: a page that failed is asked for again.
    pub async fn next(&mut self) -> Option<Result<Response<O::Output>, PageError<O::Failure>>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    /// Returns all of the pages that follow.
    ///
    /// # Errors
    ///
    /// The first error; [`next`](Self::next) has the pages before it.
    pub async fn collect(mut self) -> Result<Vec<Response<O::Output>>, PageError<O::Failure>> {
        let mut pages = Vec::new();
        while let Some(page) = self.next().await {
            pages.push(page?);
        }
        Ok(pages)
    }

    /// Returns where to go on later; `None` after the last page. After an error it is the page that
    /// failed.
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

    /// What comes after a page.
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
        let (selected, upcoming) = match step.map_err(Kind::of)? {
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

/// The URL of an operation, without credentials; `None` where it cannot be written.
fn own_url<O: Operation>(request: &Request<'_, O>) -> Option<http::Uri> {
    let options = request.client.options(request.options.as_deref());
    let mut parts = Parts::beside(O::ENDPOINT, &options);
    request.operation.encode(&mut parts);
    let shared = &request.client.shared;
    let prepared = Prepared::new(shared, &Call::of::<O>(), parts, &options).ok()?;
    prepared.join(prepared.query()).parse().ok()
}

/// All items of an operation, page by page.
#[must_use = "nothing is sent before `next` or `collect` is awaited"]
pub struct Items<'c, O: Listed> {
    pub(super) pages: Pages<'c, O>,
    page: std::vec::IntoIter<O::Item>,
    /// How many more items there may be.
    left: Option<u64>,
}

impl<'c, O: Listed> Items<'c, O> {
    /// Ends after so many items. No page is fetched that is not needed.
    pub fn max(mut self, items: u64) -> Self {
        self.left = Some(items);
        self
    }

    /// Sets how many pages may be fetched before there is an error: see [`Pages::max_pages`].
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Returns the next item; `None` after the last one.
    ///
    /// May be called again after an error: a page that failed is asked for again.
    pub async fn next(&mut self) -> Option<Result<O::Item, PageError<O::Failure>>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// Returns all of the items that follow.
    ///
    /// # Errors
    ///
    /// The first error; [`next`](Self::next) has the items before it.
    pub async fn collect(mut self) -> Result<Vec<O::Item>, PageError<O::Failure>> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }

    /// Returns where to go on later: the page after the one that the last item is of. `None` after
    /// the last page. After an error it is the page that failed.
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

/// Why a page is not there; `F` is what the document says of failures.
pub struct PageError<F> {
    endpoint: Endpoint,
    page: u64,
    reason: Box<Reason<F>>,
}

enum Reason<F> {
    Call(Error<F>),
    Fault(Kind),
}

/// Why it is not known how to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Repeated,
    Same,
    Missing,
    CursorIsUrl,
    NoText,
    ForeignUrl,
    Input,
    Limit(u64),
}

impl Kind {
    fn of(fault: Fault) -> Self {
        match fault {
            Fault::Missing => Self::Missing,
            Fault::Url => Self::CursorIsUrl,
            Fault::NoText => Self::NoText,
        }
    }
}

impl<F> PageError<F> {
    /// The operation.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The number of the page, from 1 for the first that was asked for.
    #[must_use]
    pub fn page(&self) -> u64 {
        self.page
    }

    /// Why the call of the page failed; `None` where the pages before it do not lead to it, or there
    /// are too many.
    #[must_use]
    pub fn call(&self) -> Option<&Error<F>> {
        match &*self.reason {
            Reason::Call(error) => Some(error),
            Reason::Fault(_) => None,
        }
    }

    /// The same by value.
    ///
    /// # Errors
    ///
    /// With this error, where no call failed.
    pub fn into_call(self) -> Result<Error<F>, Self> {
        let Self {
            endpoint,
            page,
            reason,
        } = self;
        match *reason {
            Reason::Call(error) => Ok(error),
            reason => Err(Self {
                endpoint,
                page,
                reason: Box::new(reason),
            }),
        }
    }

    /// Whether as many pages were fetched as the limit allows.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(*self.reason, Reason::Fault(Kind::Limit(_)))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "the page before it leads back to an earlier one",
            Self::Same => "the page before it is the same as the one before that",
            Self::Missing => "the page before it says that there is more, but not how to go on",
            Self::CursorIsUrl => "the cursor on the page before it is a URL",
            Self::NoText => "the cursor on the page before it is neither text nor a number",
            Self::ForeignUrl => "its URL is not one of the same server",
            Self::Input => "the operation cannot be given what the page before it says",
            Self::Limit(pages) => {
                return write!(f, "there are more than {pages} pages, which is the limit");
            }
        })
    }
}

impl<F> fmt::Display for PageError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.reason {
            Reason::Call(error) => write!(f, "page {}: {error}", self.page),
            Reason::Fault(kind) => write!(f, "{}, page {}: {kind}", self.endpoint, self.page),
        }
    }
}

impl<F: fmt::Debug> fmt::Debug for PageError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("PageError");
        shown
            .field("endpoint", &self.endpoint)
            .field("page", &self.page);
        match &*self.reason {
            Reason::Call(error) => shown.field("call", error),
            Reason::Fault(kind) => shown.field("kind", kind),
        };
        shown.finish()
    }
}

impl<F: fmt::Debug> error::Error for PageError<F> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // The message of the call is in this one already.
        self.call().and_then(error::Error::source)
    }
}
