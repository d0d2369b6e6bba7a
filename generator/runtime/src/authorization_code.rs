//! The authorization code grant (RFC 6749, section 4.1) with PKCE (RFC 7636).

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Uri;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::body_excerpt::{Hidden, shown};
use super::client::Client;
use super::fetched_credential::Setup;
use super::oauth2::{Shared, endpoint, flows, setters};
use super::percent;
use super::secret::Secret;
use super::security::{Flow, Scheme};
use super::token::Tokens;
use super::token_error::TokenError;
use super::token_http::{Form, TokenHttp, encode_into};
use super::url::BaseUrl;

/// The authorization code grant with PKCE (S256): a person allows the application to act for them.
///
/// [`start`](Self::start) returns a [`Login`] with the URL to open in the person's browser.
/// [`Login::finish`] takes the URL to which the server redirects the browser afterwards.
#[derive(Clone)]
#[must_use = "`start` begins the login"]
pub struct AuthorizationCode {
    scheme: Scheme,
    shared: Shared,
    redirect_uri: String,
    authorization_url: Option<String>,
    issuer: Option<String>,
    queries: Vec<(String, String)>,
}

setters!(AuthorizationCode);

impl AuthorizationCode {
    /// Creates a grant for a security scheme of the document. `redirect_url` is registered for the
    /// client.
    pub fn new(
        scheme: Scheme,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            scheme,
            shared: Shared::new(client_id, None),
            redirect_uri: redirect_uri.into(),
            authorization_url: None,
            issuer: None,
            queries: Vec::new(),
        }
    }

    /// Sets the client secret, if the client has one.
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        let secret = secret.into().into_exposed();
        self.shared.client.secret = Some(Arc::new(Zeroizing::new(secret)));
        self
    }

    /// Sets the authorization URL, instead of the document's.
    pub fn authorization_url(mut self, url: impl Into<String>) -> Self {
        self.authorization_url = Some(url.into());
        self
    }

    /// Sets the issuer of the server. The callback must then name it as `iss` (RFC 9207), which
    /// protects a client of several servers from a mix-up. Without an issuer, `iss` is not checked.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Adds a parameter to the authorization URL, such as `prompt` or `login_hint`.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.queries.push((name.into(), value.into()));
        self
    }

    /// Begins a login without sending a request.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no usable authorization URL, or the operating system has no
    /// random numbers.
    pub fn start(self, client: &Client) -> Result<Login, TokenError> {
        let (state, verifier) = (random()?, random()?);
        self.resume(client, state.as_str(), verifier.as_str())
    }

    /// Returns the login with this state and this verifier, for the callback to a server that
    /// stored only those two.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no usable authorization URL.
    pub fn resume(
        self,
        client: &Client,
        state: impl Into<Secret>,
        verifier: impl Into<Secret>,
    ) -> Result<Login, TokenError> {
        let (scheme, base_url) = (self.scheme, client.base_url());
        let allows_http = client.shared.allows_http;
        let given = self.authorization_url.as_deref();
        let authorization = authorization_url(scheme, given, base_url, allows_http);
        let wipe = |secret: Secret| Arc::new(Zeroizing::new(secret.into_exposed()));
        let mut login = Login {
            state: wipe(state.into()),
            verifier: wipe(verifier.into()),
            token_url: token_url(&self.shared, scheme, base_url, allows_http)
                .map_err(TokenError::new)?,
            url: String::new(),
            grant: self,
        };
        login.url = login.write_url(&authorization.map_err(TokenError::new)?);
        Ok(login)
    }
}

fn token_url(
    shared: &Shared,
    scheme: Scheme,
    base_url: &BaseUrl,
    allows_http: bool,
) -> Result<Uri, String> {
    let flow = flows(scheme).authorization_code;
    let known = flow.map(|flow| flow.token_url).into_iter();
    shared.endpoint(known, base_url, allows_http)
}

/// Returns the authorization URL of a scheme.
fn authorization_url(
    scheme: Scheme,
    given: Option<&str>,
    base_url: &BaseUrl,
    allows_http: bool,
) -> Result<Uri, String> {
    let flow: Option<Flow> = flows(scheme).authorization_code;
    let known = flow.map(|flow| flow.authorization_url);
    let Some(url) = given.or(known.filter(|url| !url.is_empty())) else {
        let message = "the document has no authorization URL: set it with `authorization_url`";
        return Err(message.to_owned());
    };
    endpoint("authorization URL", url, base_url, allows_http)
}

/// Returns 32 random bytes (RFC 7636, section 4.1).
fn random() -> Result<Zeroizing<String>, TokenError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|error| {
        TokenError::new(format!(
            "the operating system has no random numbers: {error}"
        ))
    })?;
    Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

/// Returns the code challenge of a verifier (RFC 7636, section 4.2).
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// A login in progress.
pub struct Login {
    grant: AuthorizationCode,
    url: String,
    state: Arc<Zeroizing<String>>,
    verifier: Arc<Zeroizing<String>>,
    token_url: Uri,
}

impl Login {
    /// Returns the URL to open in the person's browser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the value that identifies the callback. It belongs to one browser: a server stores
    /// it in the person's session.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Returns the secret that proves that this client started the login.
    #[must_use]
    pub fn verifier(&self) -> &str {
        &self.verifier
    }

    fn write_url(&self, authorization: &Uri) -> String {
        let AuthorizationCode {
            shared, queries, ..
        } = &self.grant;
        let mut url = authorization.to_string();
        let mut separator = if url.contains('?') { '&' } else { '?' };
        let mut add = |name: &str, value: &str| {
            url.push(std::mem::replace(&mut separator, '&'));
            encode_into(&mut url, name);
            url.push('=');
            encode_into(&mut url, value);
        };
        add("response_type", "code");
        add("client_id", &shared.client.id);
        add("redirect_uri", &self.grant.redirect_uri);
        if !shared.scopes.is_empty() {
            add("scope", &shared.scopes.join(" "));
        }
        add("state", &self.state);
        add("code_challenge", &challenge(&self.verifier));
        add("code_challenge_method", "S256");
        for (name, value) in queries {
            add(name, value);
        }
        url
    }

    /// Takes the URL to which the server redirected the browser, or its query, and exchanges its
    /// code for tokens.
    ///
    /// # Errors
    ///
    /// Returns an error if the state is not that of this login, if `iss` is not the configured
    /// issuer, if the server or the person refused, or if the server returns no tokens for the
    /// code.
    pub async fn finish(self, client: &Client, callback: &str) -> Result<Tokens, TokenError> {
        let code = self.code(callback)?;
        let shared = &self.grant.shared;
        let form = Form::new("authorization_code")
            .secret("code", &code)
            .field("redirect_uri", &self.grant.redirect_uri)
            .secret("code_verifier", &self.verifier);
        let parameters = shared.parameters.iter();
        let form = parameters.fold(form, |form, (name, value)| form.field(name, value));
        let client = &client.shared;
        let http = TokenHttp::new(Setup {
            base_url: client.base_url.clone(),
            transport: Arc::clone(&client.transport),
            user_agent: Setup::user_agent(&client.headers),
            retry: client.retry,
            connect_timeout: client.limits.connect_timeout,
            allows_http: client.allows_http,
        });
        http.tokens(&self.token_url, &form, &shared.client, false)
            .await
    }

    /// Returns the code of a callback (RFC 6749, section 4.1.2).
    fn code(&self, callback: &str) -> Result<Arc<Zeroizing<String>>, TokenError> {
        let callback = callback.split('#').next().unwrap_or_default();
        let query = callback
            .split_once('?')
            .map_or(callback, |(_, query)| query);
        let parameter = |name: &str| {
            let mut values = query.split('&').filter_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                (*decode(key) == name).then(|| decode(value))
            });
            match (values.next(), values.next()) {
                (value, None) => Ok(value),
                _ => Err(TokenError::new(format!("the callback has `{name}` twice"))),
            }
        };
        // Checked first: the rest of a callback with another state is not trusted.
        let state = parameter("state")?;
        if !state.is_some_and(|state| is_same(&state, &self.state)) {
            return Err(TokenError::new(
                "the state of the callback is not that of this login",
            ));
        }
        let issuer = parameter("iss")?;
        if let Some(expected) = &self.grant.issuer
            && issuer.is_none_or(|issuer| *issuer != *expected)
        {
            return Err(TokenError::new(
                "the callback is not from the issuer of this login",
            ));
        }
        let secrets = self.grant.shared.client.secrets();
        let hidden = Hidden::new(&[], secrets);
        if let Some(error) = parameter("error")? {
            let description = parameter("error_description")?;
            let description = description.map(|text| shown(&text, &hidden));
            return Err(TokenError::refused(shown(&error, &hidden), description));
        }
        match parameter("code")? {
            Some(code) if !code.is_empty() => Ok(Arc::new(code)),
            _ => Err(TokenError::new(
                "the callback has neither a code nor an error",
            )),
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("grant", &self.grant)
            .finish_non_exhaustive()
    }
}

/// Compares two texts in constant time, which does not reveal where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let difference = one
        .bytes()
        .zip(other.bytes())
        .fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && difference == 0
}

/// Decodes a part of a query.
fn decode(text: &str) -> Zeroizing<String> {
    let bytes = Zeroizing::new(percent::decode(text));
    Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
}
