//! The client, and the state that its calls share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use super::body_excerpt::Hidden;
use super::credential::Credential;
use super::operation::{Operation, Request};
use super::options::Options;
use super::retry::{Budget, Retry};
use super::transport::{Limits, Transport};
use super::url::BaseUrl;

/// A client of the API. Clones are cheap and share all state.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
    pub(super) options: Option<Arc<Options>>,
}

/// The state that the clones of a client share.
pub(super) struct Shared {
    pub(super) base_url: BaseUrl,
    /// True if the caller set the base URL, which then replaces an operation's own servers.
    pub(super) base_url_given: bool,
    /// The values of the variables in the servers' URLs.
    pub(super) variables: Vec<(&'static str, String)>,
    pub(super) headers: HeaderMap,
    /// The names of the headers of the document's API keys.
    pub(super) api_key_headers: &'static [&'static str],
    pub(super) credentials: Vec<Credential>,
    /// Secrets to hide in messages.
    pub(super) hidden: Arc<Hidden>,
    pub(super) limits: Limits,
    /// True if properties that equal their default are written.
    pub(super) explicit_defaults: bool,
    /// True if secrets may be sent over plain http to another computer.
    pub(super) allows_http: bool,
    pub(super) retry: Retry,
    pub(super) budget: Budget,
    pub(super) transport: Arc<dyn Transport>,
}

impl Shared {
    /// Returns whether a call can wait before the next attempt.
    pub(super) fn has_timer(&self) -> bool {
        self.transport.sleep(Duration::ZERO).is_some()
    }
}

impl Client {
    /// Creates a request for an operation. Await it to send it.
    pub fn request<O: Operation>(&self, operation: O) -> Request<'_, O> {
        Request::new(self, operation)
    }

    /// Returns the base URL of the server.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.shared.base_url
    }

    /// Returns a client that adds these options to those of this client. Both share the connections
    /// and the budget for retries.
    ///
    /// Do not set an [`idempotency_key`](Options::idempotency_key) here: it identifies one call, so
    /// every call of the returned client fails.
    #[must_use]
    pub fn with(&self, options: Options) -> Self {
        let mut options = match &self.options {
            Some(earlier) => options.over(earlier),
            None => options,
        };
        if options.idempotency_key.take().is_some() {
            options.refuse(
                "the idempotency key",
                "it is for one call, and cannot be set for a client",
            );
        }
        Self {
            shared: Arc::clone(&self.shared),
            options: Some(Arc::new(options)),
        }
    }

    /// Returns the options of a call, merged with those of this client.
    pub(super) fn options(&self, own: Option<&Options>) -> Options {
        match (own, self.options.as_deref()) {
            (Some(own), Some(earlier)) => own.clone().over(earlier),
            (Some(options), None) | (None, Some(options)) => options.clone(),
            (None, None) => Options::default(),
        }
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
