//! The client, and what its calls share.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use super::excerpt::Hidden;
use super::operation::{Operation, Request};
use super::security::Credential;
use super::transport::{Limits, Transport};
use super::url::BaseUrl;

/// A client of the API. A clone shares everything with the original.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
}

/// What the clones of a client share.
pub(super) struct Shared {
    pub(super) base_url: BaseUrl,
    /// Whether the base URL was given, and so replaces an operation's own servers.
    pub(super) base_url_given: bool,
    /// The values of the variables in the servers' URLs.
    pub(super) variables: Vec<(&'static str, String)>,
    pub(super) headers: HeaderMap,
    pub(super) credentials: Vec<Credential>,
    /// What no message shows.
    pub(super) hidden: Arc<Hidden>,
    pub(super) limits: Limits,
    /// Whether properties that are equal to their default are written.
    pub(super) explicit_defaults: bool,
    pub(super) transport: Arc<dyn Transport>,
}

impl Client {
    /// A call of an operation, to be sent by `.await`.
    pub fn request<O: Operation>(&self, operation: O) -> Request<'_, O> {
        Request::new(self, operation)
    }

    /// The base URL of the server.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.shared.base_url
    }

    /// Returns whether properties that are equal to their default are written.
    pub(crate) fn explicit_defaults(&self) -> bool {
        self.shared.explicit_defaults
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.shared.base_url)
            .field("credentials", &self.shared.credentials)
            .field("limits", &self.shared.limits)
            .finish_non_exhaustive()
    }
}
