//! Credentials that are fetched when a request needs them.

use std::fmt;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::HeaderValue;
use http::{HeaderMap, Uri};

use super::body_excerpt::Hide;
use super::credential::Credential;
use super::retry::Retry;
use super::security::Scheme;
use super::token_error::TokenError;
use super::transport::Transport;
use super::url::BaseUrl;

/// A future of a credential.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Fetched, TokenError>> + Send + 'a>>;

/// Fetches the credential of a scheme, and keeps it as long as it is valid.
pub trait Fetch: Send + Sync {
    /// Returns the credential for an attempt. `limit` is the remaining time of the call.
    fn fetch(&self, limit: Option<Duration>) -> Fetching<'_>;

    /// Removes a credential that a server rejected with 401, if it is still the current one.
    fn reject(&self, refused: &Fetched);

    /// Returns whether this URL issues the credential, and so cannot require it.
    fn is_fetched_from(&self, url: &Uri) -> bool;

    /// Returns the texts to hide in messages.
    fn secrets(&self) -> Vec<Hide>;
}

/// A fetched credential.
#[derive(Clone)]
pub struct Fetched {
    pub(super) credential: Credential,
    /// The text to hide in messages.
    pub(super) secret: Hide,
    number: u64,
}

impl Fetched {
    /// Creates the credential of a scheme. The number distinguishes it from others with the same
    /// text.
    ///
    /// # Errors
    ///
    /// Returns an error if a request cannot contain the text.
    pub fn new(scheme: Scheme, secret: Hide, number: u64) -> Result<Self, &'static str> {
        let text: &str = (*secret).as_ref();
        let credential = Credential::new(scheme, text)?;
        Ok(Self {
            credential,
            secret,
            number,
        })
    }

    /// Returns the number of the credential.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.credential.fmt(f)
    }
}

/// The parts of a client that a fetcher of credentials uses.
#[derive(Clone)]
pub struct Setup {
    /// The server.
    pub base_url: BaseUrl,
    /// The transport with all of its wrappers.
    pub transport: Arc<dyn Transport>,
    /// The header `User-Agent`.
    pub user_agent: Option<HeaderValue>,
    /// The rules for retries.
    pub retry: Retry,
    /// The time limit for a connection.
    pub connect_timeout: Option<Duration>,
    /// True if secrets may be sent over plain http to another computer.
    pub allows_http: bool,
}

impl Setup {
    /// Returns the value of `User-Agent` among the headers of every request.
    pub(super) fn user_agent(headers: &HeaderMap) -> Option<HeaderValue> {
        headers.get(http::header::USER_AGENT).cloned()
    }
}

/// A function that makes the fetcher of a credential.
pub(super) type MakeFetch = Box<dyn FnOnce(Setup) -> Result<Arc<dyn Fetch>, String> + Send>;

/// Returns `true` if the network cannot read a request to this URL: its scheme is https, or its
/// host is this computer, that is a loopback address, or `localhost` and the names below it (RFC
/// 6761, section 6.3).
#[must_use]
pub fn is_confidential(url: &Uri) -> bool {
    if url.scheme_str() == Some("https") {
        return true;
    }
    let host = url.host().unwrap_or_default().to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
