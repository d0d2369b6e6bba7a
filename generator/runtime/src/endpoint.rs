//! The endpoint of a call, and the number of the attempt. Layers around a transport find these
//! types in the extensions of a request.

use std::fmt;

use http::Method;

/// An operation's method and path template, for messages.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    method: Method,
    path: &'static str,
}

impl Endpoint {
    /// Creates an endpoint from a method and a path template.
    #[must_use]
    pub const fn new(method: Method, path: &'static str) -> Self {
        Self { method, path }
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path template.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }
}

macro_rules! endpoints {
    ($($function:ident $method:ident,)*) => {
        impl Endpoint {$(
            #[doc = concat!("Of the method ", stringify!($method), " and a path template.")]
            #[must_use]
            pub const fn $function(path: &'static str) -> Self {
                Self::new(Method::$method, path)
            }
        )*}
    };
}

endpoints! {
    get GET, put PUT, post POST, delete DELETE, options OPTIONS, head HEAD, patch PATCH,
    trace TRACE, query QUERY, connect CONNECT,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The name of an operation's type, such as `ListWidgets`: its `operationId` in Rust's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OperationId(pub &'static str);

/// The number of an attempt: 1 for the first request of a call, plus 1 for each retry. Following a
/// redirect does not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attempt(pub u32);
