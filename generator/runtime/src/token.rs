//! Access tokens and their sources.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::secret::Secret;
use super::token_error::TokenError;
use super::token_http::TokenHttp;

/// A future that returns a token.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Token, TokenError>> + Send + 'a>>;

/// A source of access tokens, for example by a grant that this crate does not implement.
/// [`Credentials::source`](super::oauth2::Credentials::source) creates a credential from it.
///
/// The client keeps a token until it expires or a server rejects it. It requests one token at a
/// time, however many calls wait.
pub trait TokenSource: Send + Sync {
    /// Returns a new token. `http` sends requests with the client's transport.
    fn token<'a>(&'a self, http: &'a TokenHttp) -> TokenFuture<'a>;

    /// Called when a server rejects a token with 401.
    fn rejected(&self, token: &Token) {
        let _ = token;
    }
}

/// An access token. It is wiped from memory when its last clone is dropped.
#[derive(Clone)]
pub struct Token {
    pub(super) text: Arc<Zeroizing<String>>,
    pub(super) expires_in: Option<Duration>,
}

impl Token {
    /// Creates a token that is valid until a server rejects it.
    #[must_use]
    pub fn new(text: impl Into<Secret>) -> Self {
        Self {
            text: Arc::new(Zeroizing::new(text.into().into_exposed())),
            expires_in: None,
        }
    }

    /// Sets how long the token is valid from now.
    #[must_use]
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }

    /// Returns the text of the token.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// The tokens of a token endpoint's response (RFC 6749, section 5.1). They are wiped from memory
/// when the last clone is dropped.
#[derive(Clone)]
pub struct Tokens {
    pub(super) access_token: Token,
    pub(super) refresh_token: Option<Arc<Zeroizing<String>>>,
    pub(super) expires_at: Option<SystemTime>,
    pub(super) scope: Option<String>,
}

impl Tokens {
    /// Creates tokens from stored ones.
    #[must_use]
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self {
            access_token: Token::new(access_token),
            refresh_token: None,
            expires_at: None,
            scope: None,
        }
    }

    /// Sets the time when the access token expires.
    #[must_use]
    pub fn with_expiry(mut self, at: SystemTime) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// Returns the access token.
    #[must_use]
    pub fn access_token(&self) -> &str {
        self.access_token.expose()
    }

    /// Returns the refresh token, if any.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&str> {
        let token = self.refresh_token.as_ref()?;
        Some(token)
    }

    /// Returns the time when the access token expires, if the server and a clock provide it.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// Returns the scopes of the access token, separated by spaces; `None` if they are the
    /// requested ones.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
