//! The error of a page that could not be fetched.

use std::error;
use std::fmt;

use super::endpoint::Endpoint;
use super::error::Error;
use super::paging::Fault;

/// The error of a page that could not be fetched. `F` is the type of the documented failures.
pub struct PageError<F> {
    pub(super) endpoint: Endpoint,
    pub(super) page: u64,
    pub(super) reason: Box<Reason<F>>,
}

pub(super) enum Reason<F> {
    Call(Error<F>),
    Fault(Kind),
}

/// The reason why the next page is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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
    pub(super) fn new(fault: Fault) -> Self {
        match fault {
            Fault::Missing => Self::Missing,
            Fault::Url => Self::CursorIsUrl,
            Fault::NoText => Self::NoText,
        }
    }
}

impl<F> PageError<F> {
    /// Returns the operation.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Returns the number of the page. The first page requested is 1.
    #[must_use]
    pub fn page(&self) -> u64 {
        self.page
    }

    /// Returns the error of the call; `None` if the previous pages do not lead to this one, or the
    /// limit is reached.
    #[must_use]
    pub fn call(&self) -> Option<&Error<F>> {
        match &*self.reason {
            Reason::Call(error) => Some(error),
            Reason::Fault(_) => None,
        }
    }

    /// Returns the error of the call by value.
    ///
    /// # Errors
    ///
    /// Returns this error if no call failed.
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

    /// Returns `true` if the limit on the number of pages is reached.
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
            Self::Missing => "the page before it says that there are more pages, but does not have the next cursor",
            Self::CursorIsUrl => "the cursor on the page before it is a URL",
            Self::NoText => "the cursor on the page before it is neither text nor a number",
            Self::ForeignUrl => "its URL is on another server",
            Self::Input => "the input of the operation does not allow the value from the page before it",
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
        // The message of the call is already part of this one.
        self.call().and_then(error::Error::source)
    }
}
