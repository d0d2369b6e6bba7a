//! The credential of an OAuth 2 scheme: an access token, or a source of tokens (RFC 6749).

use std::fmt;
use std::sync::{Arc, Mutex};

use http::Uri;
use zeroize::Zeroizing;

use super::builder::ClientBuilder;
use super::fetched_credential::{Setup, is_confidential};
use super::secret::Secret;
use super::security::{Flows, Scheme};
use super::token::{Token, TokenFuture, TokenSource, Tokens};
use super::token_cache::{TokenCache, lock};
use super::token_http::{ClientId, Form, TokenHttp};
use super::url::BaseUrl;

/// The credential of an OAuth 2 scheme: an access token, or a source of tokens.
#[derive(Debug)]
pub struct Credentials(Kind);

enum Kind {
    Token(Secret),
    Client(ClientCredentials),
    Refresh(RefreshToken),
    Source(Arc<dyn TokenSource>),
}

impl Credentials {
    /// Uses access tokens from a custom source.
    pub fn source(source: impl TokenSource + 'static) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }
}

impl<T: Into<Secret>> From<T> for Credentials {
    fn from(token: T) -> Self {
        Self(Kind::Token(token.into()))
    }
}

impl From<ClientCredentials> for Credentials {
    fn from(grant: ClientCredentials) -> Self {
        Self(Kind::Client(grant))
    }
}

impl From<RefreshToken> for Credentials {
    fn from(grant: RefreshToken) -> Self {
        Self(Kind::Refresh(grant))
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(token) => token.fmt(f),
            Self::Client(grant) => grant.fmt(f),
            Self::Refresh(grant) => grant.fmt(f),
            Self::Source(_) => f.write_str("TokenSource"),
        }
    }
}

impl ClientBuilder {
    /// Sets the credential of an OAuth 2 scheme.
    ///
    /// A token is fetched when a call first needs it. All calls of the client and its clones share
    /// it until it expires. [`build`](Self::build) rejects a plain http token URL of another
    /// computer, unless [`allow_http`](Self::allow_http) allows it.
    pub fn oauth2_scheme(self, scheme: Scheme, credentials: impl Into<Credentials>) -> Self {
        match credentials.into().0 {
            Kind::Token(token) => self.credential(scheme, token),
            Kind::Client(grant) => self.fetch(scheme, move |setup| {
                let url = grant.shared.url(scheme, &setup)?;
                let shared = grant.shared.clone();
                let source = ClientSource {
                    grant,
                    url: url.clone(),
                };
                let cache = cache(scheme, Arc::new(source), setup);
                Ok(Arc::new(cache.of_grant(&shared, url)))
            }),
            Kind::Refresh(grant) => self.fetch(scheme, move |setup| {
                let url = grant.shared.refresh_url(scheme, &setup)?;
                let shared = grant.shared.clone();
                let source = RefreshSource {
                    current: Mutex::new(Arc::clone(&grant.token)),
                    first: Mutex::new(grant.first.clone()),
                    grant,
                    url: url.clone(),
                };
                let cache = cache(scheme, Arc::new(source), setup);
                Ok(Arc::new(cache.of_grant(&shared, url)))
            }),
            Kind::Source(source) => self.fetch(scheme, move |setup| {
                Ok(Arc::new(cache(scheme, source, setup)))
            }),
        }
    }

    /// Sets a source of bearer tokens for any scheme.
    pub fn credential_source(self, scheme: Scheme, source: impl TokenSource + 'static) -> Self {
        self.oauth2_scheme(scheme, Credentials::source(source))
    }
}

fn cache(scheme: Scheme, source: Arc<dyn TokenSource>, setup: Setup) -> TokenCache {
    TokenCache {
        scheme,
        source,
        http: TokenHttp::new(setup),
        token_url: None,
        secrets: Vec::new(),
        state: Mutex::default(),
    }
}

impl TokenCache {
    /// Sets the token URL and the secrets of a grant.
    fn of_grant(self, shared: &Shared, url: Uri) -> Self {
        Self {
            token_url: Some(url),
            secrets: shared.client.secrets(),
            ..self
        }
    }
}

/// The settings that all grants share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) client: ClientId,
    pub(super) scopes: Vec<String>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) token_url: Option<String>,
}

impl Shared {
    pub(super) fn new(id: impl Into<String>, secret: Option<Secret>) -> Self {
        let secret = secret.map(|secret| Arc::new(Zeroizing::new(secret.into_exposed())));
        Self {
            client: ClientId {
                id: id.into(),
                secret,
                in_body: false,
            },
            scopes: Vec::new(),
            parameters: Vec::new(),
            token_url: None,
        }
    }

    /// Adds the parameters and the scopes.
    pub(super) fn add_to(&self, form: Form) -> Form {
        let parameters = self.parameters.iter();
        parameters.fold(form.scopes(&self.scopes), |form, (name, value)| {
            form.field(name, value)
        })
    }

    /// Returns the token URL of the client credentials flow, or else of the other flow.
    fn url(&self, scheme: Scheme, setup: &Setup) -> Result<Uri, String> {
        let flows = flows(scheme);
        let flow = [flows.client_credentials, flows.authorization_code];
        let known = flow.into_iter().flatten().map(|flow| flow.token_url);
        self.endpoint(known, &setup.base_url, setup.allows_http)
    }

    fn refresh_url(&self, scheme: Scheme, setup: &Setup) -> Result<Uri, String> {
        let flows = flows(scheme);
        let flow = [flows.authorization_code, flows.client_credentials];
        let known = flow.into_iter().flatten();
        self.endpoint(
            known.flat_map(|flow| [flow.refresh_url, flow.token_url]),
            &setup.base_url,
            setup.allows_http,
        )
    }

    /// Returns the configured token URL, or else the first one of the document.
    pub(super) fn endpoint(
        &self,
        mut known: impl Iterator<Item = &'static str>,
        base_url: &BaseUrl,
        allows_http: bool,
    ) -> Result<Uri, String> {
        let known = known.find(|url| !url.is_empty());
        let Some(url) = self.token_url.as_deref().or(known) else {
            return Err("the document has no token URL: set it with `token_url`".to_owned());
        };
        endpoint("token URL", url, base_url, allows_http)
    }
}

/// Returns the flows of a scheme; none if the document has none.
pub(super) fn flows(scheme: Scheme) -> Flows {
    scheme.flows().copied().unwrap_or(Flows {
        client_credentials: None,
        authorization_code: None,
    })
}

/// Parses the URL of an endpoint (RFC 6749, section 3), which may be relative to the server.
pub(super) fn endpoint(
    what: &str,
    text: &str,
    base_url: &BaseUrl,
    allows_http: bool,
) -> Result<Uri, String> {
    let url = base_url.resolve(text);
    // A query can contain a secret, and a user name can have a password.
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    let shown = shown.rsplit('@').next().unwrap_or_default().escape_debug();
    if url.contains('#') {
        return Err(format!("the {what} `{shown}` has a fragment"));
    } else if url.contains('{') {
        return Err(format!("the {what} `{shown}` has a variable: set the URL"));
    }
    let uri: Uri = match url.parse() {
        Ok(uri) => uri,
        Err(error) => return Err(format!("the {what} `{shown}` is not a URL: {error}")),
    };
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if uri.host().is_none_or(str::is_empty) || authority.contains('@') {
        return Err(format!("the {what} `{shown}` has no host, or a user name"));
    }
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if allows_http || is_confidential(&uri) => Ok(uri),
        Some("http") => Err(format!(
            "the {what} `{shown}` is not an https URL, so that others can read the secret: give another one, or call `allow_http` on the client's builder"
        )),
        _ => Err(format!(
            "the {what} `{shown}` is neither an https nor an http URL"
        )),
    }
}

/// Defines the setters that all grants share.
macro_rules! setters {
    ($grant:ident) => {
        impl $grant {
            /// Requests a scope. Without scopes, the server chooses.
            pub fn scope(mut self, scope: impl Into<String>) -> Self {
                self.shared.scopes.push(scope.into());
                self
            }

            /// Adds a parameter to the token request, such as `audience` or `resource`.
            pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.shared.parameters.push((name.into(), value.into()));
                self
            }

            /// Sends the client secret in the body (`client_secret_post`), instead of the header
            /// `Authorization` (`client_secret_basic`).
            pub fn in_body(mut self) -> Self {
                self.shared.client.in_body = true;
                self
            }

            /// Sets the URL of the token endpoint, instead of the document's. A relative URL is
            /// resolved against the server.
            pub fn token_url(mut self, url: impl Into<String>) -> Self {
                self.shared.token_url = Some(url.into());
                self
            }
        }

        impl fmt::Debug for $grant {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($grant))
                    .field("client_id", &self.shared.client.id)
                    .field("scopes", &self.shared.scopes)
                    .finish_non_exhaustive()
            }
        }
    };
}

#[allow(
    unused_imports,
    reason = "used if the document has the authorization code flow"
)]
pub(super) use setters;

/// The client credentials grant (RFC 6749, section 4.4): the application acts on its own behalf.
///
/// A browser cannot keep a client secret: anybody who loads the page can read it.
#[derive(Clone)]
#[must_use = "pass it to the builder of a client"]
pub struct ClientCredentials {
    shared: Shared,
}

setters!(ClientCredentials);

impl ClientCredentials {
    /// Creates a grant with the client identifier and the client secret.
    pub fn new(client_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            shared: Shared::new(client_id, Some(secret.into())),
        }
    }
}

struct ClientSource {
    grant: ClientCredentials,
    url: Uri,
}

impl TokenSource for ClientSource {
    fn token<'a>(&'a self, http: &'a TokenHttp) -> TokenFuture<'a> {
        let shared = &self.grant.shared;
        Box::pin(async move {
            let form = shared.add_to(Form::new("client_credentials"));
            let tokens = http.tokens(&self.url, &form, &shared.client, true).await?;
            Ok(tokens.access_token)
        })
    }
}

/// A refresh token, which the server may replace with each access token (RFC 6749, section 6).
///
/// A server that replaces it rejects the old one. Store each new one with
/// [`on_tokens`](Self::on_tokens), and use a refresh token in one client only.
#[derive(Clone)]
#[must_use = "pass it to the builder of a client"]
pub struct RefreshToken {
    shared: Shared,
    token: Arc<Zeroizing<String>>,
    first: Option<Tokens>,
    on_tokens: Option<Store>,
}

/// Stores new tokens.
type Store = Arc<dyn Fn(&Tokens) + Send + Sync>;

setters!(RefreshToken);

impl RefreshToken {
    /// Creates a grant with the client identifier, and the refresh token that was issued to it.
    pub fn new(client_id: impl Into<String>, token: impl Into<Secret>) -> Self {
        Self {
            shared: Shared::new(client_id, None),
            token: Arc::new(Zeroizing::new(token.into().into_exposed())),
            first: None,
            on_tokens: None,
        }
    }

    /// Sets the client secret, if the client has one.
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        let secret = secret.into().into_exposed();
        self.shared.client.secret = Some(Arc::new(Zeroizing::new(secret)));
        self
    }

    /// Sets the tokens to start with, as long as the access token is valid. Their refresh token, if
    /// any, replaces the configured one.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        if let Some(token) = &tokens.refresh_token {
            self.token = Arc::clone(token);
        }
        self.first = Some(tokens);
        self
    }

    /// Sets a function that receives all new tokens before they are used. Their refresh token is
    /// always the one to use next, even if it is not new.
    pub fn on_tokens(mut self, store: impl Fn(&Tokens) + Send + Sync + 'static) -> Self {
        self.on_tokens = Some(Arc::new(store));
        self
    }
}

struct RefreshSource {
    grant: RefreshToken,
    url: Uri,
    /// The refresh token to use next.
    current: Mutex<Arc<Zeroizing<String>>>,
    first: Mutex<Option<Tokens>>,
}

impl RefreshSource {
    /// Returns the initial access token, if it is still valid.
    fn first(&self, http: &TokenHttp) -> Option<Token> {
        let tokens = lock(&self.first).take()?;
        match (tokens.expires_at, http.date()) {
            (None, _) => Some(tokens.access_token),
            (Some(at), Some(date)) => {
                let left = at
                    .duration_since(date)
                    .ok()
                    .filter(|left| !left.is_zero())?;
                Some(tokens.access_token.expires_in(left))
            }
            (Some(_), None) => None,
        }
    }

    fn current(&self) -> Arc<Zeroizing<String>> {
        Arc::clone(&lock(&self.current))
    }
}

impl TokenSource for RefreshSource {
    fn token<'a>(&'a self, http: &'a TokenHttp) -> TokenFuture<'a> {
        let RefreshToken {
            shared, on_tokens, ..
        } = &self.grant;
        Box::pin(async move {
            if let Some(token) = self.first(http) {
                return Ok(token);
            }
            let refresh_token = self.current();
            let form = Form::new("refresh_token").secret("refresh_token", &refresh_token);
            let form = shared.add_to(form);
            let mut tokens = http.tokens(&self.url, &form, &shared.client, false).await?;
            let next = tokens.refresh_token.get_or_insert(refresh_token);
            *lock(&self.current) = Arc::clone(next);
            if let Some(store) = on_tokens {
                store(&tokens);
            }
            Ok(tokens.access_token)
        })
    }
}
