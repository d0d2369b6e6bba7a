//! Access tokens, and what gives them.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::secret::Secret;
use super::token_error::TokenError;
use super::token_http::TokenHttp;

/// A token that is on its way.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Token, TokenError>> + Send + 'a>>;

/// Gives access tokens, such as those of a grant that this crate does not have:
/// [`Credentials::source`](super::oauth2::Credentials::source) makes a credential of it.
///
/// The client keeps a token until it expires or the server refuses it, and asks for one at a time,
/// however many calls wait.
pub trait TokenSource: Send + Sync {
    /// Returns a new token. `http` sends requests by the client's transport.
    fn token<'a>(&'a self, http: &'a TokenHttp) -> TokenFuture<'a>;

    /// Takes note that a server refused a token with 401.
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
    /// A token that is valid until a server refuses it.
    #[must_use]
    pub fn new(text: impl Into<Secret>) -> Self {
        Self {
            text: Arc::new(Zeroizing::new(text.into().into_exposed())),
            expires_in: None,
        }
    }

    /// Sets how long the token is valid from now on.
    #[must_use]
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }

    /// The token itself.
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

/// What a token endpoint gives (RFC 6749, section 5.1). It is wiped from memory when its last clone
/// is dropped.
#[derive(Clone)]
pub struct Tokens {
    pub(super) access_token: Token,
    pub(super) refresh_token: Option<Arc<Zeroizing<String>>>,
    pub(super) expires_at: Option<SystemTime>,
    pub(super) scope: Option<String>,
}

impl Tokens {
    /// Tokens that an application has stored.
    #[must_use]
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self {
            access_token: Token::new(access_token),
            refresh_token: None,
            expires_at: None,
            scope: None,
        }
    }

    /// Sets when the access token expires.
    #[must_use]
    pub fn with_expiry(mut self, at: SystemTime) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// The access token.
    #[must_use]
    pub fn access_token(&self) -> &str {
        self.access_token.expose()
    }

    /// The refresh token, if there is one.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&str> {
        let token = self.refresh_token.as_ref()?;
        Some(token)
    }

    /// When the access token expires; `None` where neither the server nor a clock says it.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// The scopes of the access token, separated by spaces; `None` where they are those that were
    /// asked for.
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
