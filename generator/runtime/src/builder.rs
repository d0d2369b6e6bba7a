//! The builder of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue, USER_AGENT};

use super::body_excerpt::{Hidden, Hide};
use super::client::{Client, Shared};
use super::credential::{Credential, secret_headers};
use super::fetched_credential::{Fetch, MakeFetch, Setup};
use super::percent;
use super::retry::{Budget, Retry};
use super::secret::Secret;
use super::security::Scheme;
use super::server::Server;
use super::transport::{Limits, Transport};
use super::url::BaseUrl;

/// Builds a [`Client`].
#[must_use = "`build` makes the client"]
pub struct ClientBuilder {
    server: Server,
    variables: Vec<(&'static str, String)>,
    base_url: Option<String>,
    user_agent: String,
    headers: Vec<(String, String)>,
    credentials: Vec<(Scheme, Secret)>,
    /// Functions that make the fetchers of credentials.
    fetched: Vec<(Scheme, MakeFetch)>,
    /// Secrets to hide in messages: names of members, and texts other than the credentials of
    /// schemes.
    secret_names: &'static [&'static str],
    api_key_headers: &'static [&'static str],
    secrets: Vec<Secret>,
    limits: Limits,
    explicit_defaults: bool,
    allows_http: bool,
    retry: Option<Retry>,
    transport: Option<Arc<dyn Transport>>,
    /// Wrappers of the transport, the outermost first.
    wraps: Vec<Wrap>,
    refused: Option<&'static str>,
}

/// Wraps a transport in another one.
type Wrap = Box<dyn FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send>;

impl ClientBuilder {
    /// Creates a builder of a client for this server.
    pub fn new(server: impl Into<Server>) -> Self {
        Self {
            server: server.into(),
            variables: Vec::new(),
            base_url: None,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            headers: Vec::new(),
            credentials: Vec::new(),
            fetched: Vec::new(),
            secret_names: &[],
            api_key_headers: &[],
            secrets: Vec::new(),
            limits: Limits::default(),
            explicit_defaults: false,
            allows_http: false,
            retry: None,
            transport: None,
            wraps: Vec::new(),
            refused: None,
        }
    }

    /// Makes [`build`](Self::build) fail with this reason, for setters that reject their arguments.
    pub fn refuse(mut self, reason: &'static str) -> Self {
        self.refused = Some(reason);
        self
    }

    /// Sets the base URL, instead of the document's servers. The port, the path and the trailing
    /// slash are optional.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base_url = Some(url.as_ref().to_owned());
        self
    }

    /// Chooses a server of the document. The default is the first one.
    pub fn server(mut self, server: impl Into<Server>) -> Self {
        self.server = server.into();
        self
    }

    /// Sets a variable in the URLs of the document's servers. [`build`](Self::build) rejects a
    /// value that the document does not allow.
    pub fn server_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.retain(|(other, _)| *other != name);
        self.variables.push((name, value.into()));
        self
    }

    /// Sets the time limit for a connection; `None` for no limit. The default is 10 seconds.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.limits.connect_timeout = limit.into();
        self
    }

    /// Sets the time limit for a call, including its retries and the body of the response; `None`
    /// for no limit. The default is 60 seconds.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.limits.timeout = limit.into();
        self
    }

    /// Sets the maximum size of a response body in bytes. The default is 32 MiB.
    ///
    /// Decoded values can take more memory than the body. In addition to the body, short values
    /// take up to 8 times its size in a list of numbers, and 24 times in a list of texts or of any
    /// JSON values. In a list of maps or objects, each item takes the size of its type, some
    /// hundreds of bytes, even if its JSON is only `{}`.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.limits.max_response_bytes = limit;
        self
    }

    /// Sets the header `User-Agent`. The default is this package's name and version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Adds a header to every request. Use [`credential`](Self::credential) for credentials: they
    /// are sent only to operations that require them.
    ///
    /// `Authorization`, `Cookie`, `Proxy-Authorization` and the headers of the document's API keys
    /// are not sent over plain http to other computers: see [`allow_http`](Self::allow_http).
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the credential of a scheme: the token or the API key.
    pub fn credential(mut self, scheme: Scheme, secret: impl Into<Secret>) -> Self {
        self = self.without(scheme);
        self.credentials.push((scheme, secret.into()));
        self
    }

    /// Sets the function that makes the fetcher of a scheme's credential, for the client that
    /// [`build`](Self::build) makes. If it returns an error, `build` fails.
    pub fn fetch(
        mut self,
        scheme: Scheme,
        make: impl FnOnce(Setup) -> Result<Arc<dyn Fetch>, String> + Send + 'static,
    ) -> Self {
        self = self.without(scheme);
        self.fetched.push((scheme, Box::new(make)));
        self
    }

    /// Removes the credential of a scheme.
    fn without(mut self, scheme: Scheme) -> Self {
        self.credentials.retain(|(other, _)| *other != scheme);
        self.fetched.retain(|(other, _)| *other != scheme);
        self
    }

    /// Allows sending credentials and tokens over plain http to other computers, where anybody on
    /// the network can read them. Otherwise, a call with a credential to an `http` URL is an error
    /// and nothing is sent, unless the host is a loopback address, `localhost` or a name below it.
    /// This applies to any transport, including a `Mock`, and to credentials in a
    /// [`default_header`](Self::default_header).
    pub fn allow_http(mut self) -> Self {
        self.allows_http = true;
        self
    }

    /// Names the members of bodies that hold a secret, in addition to `password` and similar names.
    /// No error shows them. An empty name declares that a whole body is a secret.
    pub fn secret_names(mut self, names: &'static [&'static str]) -> Self {
        self.secret_names = names;
        self
    }

    /// Names the headers of the document's API keys. Like the other credentials, they are not sent
    /// over plain http to other computers, even as default headers.
    pub fn api_key_headers(mut self, names: &'static [&'static str]) -> Self {
        self.api_key_headers = names;
        self
    }

    /// Hides this text in all errors.
    pub fn hide(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Sets whether requests include properties that equal their default. By default they are left
    /// out, because the server applies the same defaults. Some servers keep the current value of
    /// an absent property instead.
    pub fn explicit_defaults(mut self, explicit: bool) -> Self {
        self.explicit_defaults = explicit;
        self
    }

    /// Sets the rules for retries. The default is [`Retry::default`], if the transport has a timer.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Wraps the transport, inside the wrappers added before. The wrapper must forward the clock:
    /// [`Transport::sleep`], [`Transport::now`] and [`Transport::date`].
    pub fn wrap(
        mut self,
        wrap: impl FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + 'static,
    ) -> Self {
        self.wraps.push(Box::new(wrap));
        self
    }

    /// Sets the transport that sends the requests, instead of reqwest.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Returns an error if the base URL is invalid, if a header or a credential has an invalid
    /// character, if there is no transport, or if retries are enabled and the transport has no
    /// timer.
    pub fn build(self) -> Result<Client, BuildError> {
        if let Some(reason) = self.refused {
            return Err(BuildError::new(reason));
        }
        let base_url = self.parse_base_url()?;
        let headers = default_headers(self.user_agent, self.headers, self.api_key_headers)?;
        let mut credentials = Vec::new();
        let mut secrets: Vec<Hide> = Vec::new();
        for secret in self.secrets {
            secrets.push(Arc::new(secret.into_exposed()));
        }
        for (scheme, secret) in self.credentials {
            secrets.push(Arc::new(secret.expose().to_owned()));
            secrets.push(Arc::new(percent::encode(secret.expose())));
            let credential = Credential::new(scheme, secret.expose());
            credentials.push(credential.map_err(|message| bad_credential(scheme, message))?);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.limits)?,
        };
        let wraps = self.wraps.into_iter().rev();
        let transport = wraps.fold(transport, |transport, wrap| wrap(transport));
        #[cfg(feature = "tracing")]
        let transport = super::tracing::traced(transport);
        if let Some(retry) = &self.retry {
            check_retry(retry, &*transport)?;
        }
        let setup = Setup {
            base_url: base_url.clone(),
            transport: Arc::clone(&transport),
            user_agent: Setup::user_agent(&headers),
            retry: self.retry.unwrap_or_default(),
            connect_timeout: self.limits.connect_timeout,
            allows_http: self.allows_http,
        };
        for (scheme, make) in self.fetched {
            let fetch = make(setup.clone()).map_err(|message| bad_credential(scheme, &message))?;
            secrets.extend(fetch.secrets());
            credentials.push(Credential::fetched(scheme, fetch));
        }
        Ok(Client {
            options: None,
            shared: Arc::new(Shared {
                base_url,
                base_url_given: self.base_url.is_some(),
                variables: self.variables,
                headers,
                api_key_headers: self.api_key_headers,
                credentials,
                hidden: Arc::new(Hidden::new(self.secret_names, secrets)),
                limits: self.limits,
                explicit_defaults: self.explicit_defaults,
                allows_http: self.allows_http,
                retry: setup.retry,
                budget: Budget::full(),
                transport,
            }),
        })
    }

    /// Returns the base URL: the given one, or that of the server.
    fn parse_base_url(&self) -> Result<BaseUrl, BuildError> {
        let url = match &self.base_url {
            Some(url) => Ok(url.clone()),
            None => self.server.expand(&self.variables),
        };
        url.and_then(|url| BaseUrl::parse(&url))
            .map_err(BuildError::new)
    }
}

/// Returns the headers of every request. Those with secrets are marked as sensitive.
fn default_headers(
    user_agent: String,
    others: Vec<(String, String)>,
    api_key_headers: &'static [&'static str],
) -> Result<HeaderMap, BuildError> {
    let mut headers = HeaderMap::new();
    let user_agent = HeaderValue::try_from(user_agent)
        .map_err(|_| BuildError::new("the user agent is not a valid header value"))?;
    headers.insert(USER_AGENT, user_agent);
    for (name, value) in others {
        let (Ok(header), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::try_from(value),
        ) else {
            let name = name.escape_debug();
            return Err(BuildError::new(format!(
                "the default header `{name}` has an invalid character"
            )));
        };
        headers.insert(header, value);
    }
    for name in secret_headers(api_key_headers) {
        if let Some(value) = headers.get_mut(name) {
            value.set_sensitive(true);
        }
    }
    Ok(headers)
}

/// Checks the rules for retries, and that the transport can wait before a retry.
fn check_retry(retry: &Retry, transport: &dyn Transport) -> Result<(), BuildError> {
    if let Some(message) = retry.fault() {
        return Err(BuildError::new(message));
    }
    if retry.max_retries > 0 && transport.sleep(Duration::ZERO).is_none() {
        return Err(BuildError::new(NO_TIMER));
    }
    Ok(())
}

fn bad_credential(scheme: Scheme, message: &str) -> BuildError {
    BuildError::new(format!("the credential `{}`: {message}", scheme.name()))
}

/// The message for a transport that cannot wait before a retry.
pub(super) const NO_TIMER: &str = "retries are enabled, but the transport has no timer";

#[cfg(all(feature = "reqwest", target_family = "wasm", not(feature = "wasm")))]
compile_error!("enable the feature `wasm` for this target, or disable `reqwest`");

#[cfg(all(feature = "reqwest", not(target_family = "wasm")))]
use super::reqwest::Reqwest;
#[cfg(all(feature = "reqwest", target_family = "wasm"))]
use super::reqwest_wasm::Reqwest;

#[cfg(feature = "reqwest")]
fn default_transport(limits: Limits) -> Result<Arc<dyn Transport>, BuildError> {
    match Reqwest::new(limits) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(source) => Err(BuildError {
            message: "reqwest cannot be set up".to_owned(),
            source: Some(source),
        }),
    }
}

#[cfg(not(feature = "reqwest"))]
fn default_transport(_limits: Limits) -> Result<Arc<dyn Transport>, BuildError> {
    Err(BuildError::new(
        "no transport is set, and the feature `reqwest` is disabled",
    ))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("server", &self.server)
            .field("user_agent", &self.user_agent)
            .field("credentials", &self.credentials)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The reason why a client cannot be built.
#[derive(Debug)]
pub struct BuildError {
    message: String,
    source: Option<super::transport::BoxError>,
}

impl BuildError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}
