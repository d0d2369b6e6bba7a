//! The client: everything that sending needs, written once.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{ACCEPT, CONTENT_LENGTH, COOKIE, HeaderName, HeaderValue, LOCATION, USER_AGENT};
use http::{HeaderMap, Method, Uri};

use super::body::{Body, Content};
use super::error::{EncodeError, Error, MissingCredential, NoFailure, TooLarge};
use super::excerpt::Hidden;
use super::operation::{Call, Endpoint, Operation, Request};
use super::percent;
use super::request::Parts;
use super::response::Reply;
use super::secret::Secret;
use super::security::{Credential, Scheme, push, select};
use super::server::Server;
use super::transport::{Limits, Transport, TransportError};
use super::url::{BaseUrl, redirect};

/// How many redirects a call follows.
const MAX_REDIRECTS: usize = 5;

/// A client of the API. A clone shares everything with the original.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    base_url: BaseUrl,
    /// Whether the base URL was given, and so goes before an operation's own servers.
    base_url_given: bool,
    /// The values of the variables in the servers' URLs.
    variables: Vec<(&'static str, String)>,
    headers: HeaderMap,
    credentials: Vec<Credential>,
    /// What no message shows.
    hidden: Arc<Hidden>,
    limits: Limits,
    /// Whether properties that are equal to their default are written.
    explicit_defaults: bool,
    transport: Arc<dyn Transport>,
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

    /// Sends a request, follows redirects, and reads the whole response.
    pub(crate) async fn exchange(
        &self,
        call: Call,
        parts: Parts,
    ) -> Result<Reply, Error<NoFailure>> {
        let shared = &*self.shared;
        // A time that no clock holds is none.
        let timeout = shared.limits.timeout;
        let deadline = timeout.and_then(|limit| Instant::now().checked_add(limit));
        let mut outgoing = shared.prepare(&call, parts)?;
        let mut redirects = 0;
        loop {
            let request = outgoing.request();
            let limits = shared.limits_until(deadline);
            let response = match shared.transport.send(request, limits).await {
                Ok(response) => response,
                Err(source) => return Err(shared.transport_error(call.endpoint, source)),
            };
            if call.follow_redirects && redirects < MAX_REDIRECTS && outgoing.follow(&response) {
                redirects += 1;
                continue;
            }
            return shared.receive(call.endpoint, response).await;
        }
    }
}

impl Shared {
    fn prepare(&self, call: &Call, parts: Parts) -> Result<Outgoing, Error<NoFailure>> {
        let parts = parts.take().map_err(Error::Encode)?;
        let Some(credentials) = select(call.security, &self.credentials) else {
            return Err(Error::MissingCredential(MissingCredential {
                endpoint: call.endpoint.clone(),
                security: call.security,
            }));
        };
        let mut headers = self.headers.clone();
        if let Ok(accept) = HeaderValue::from_str(call.accept)
            && !call.accept.is_empty()
        {
            headers.insert(ACCEPT, accept);
        }
        for (name, value) in &parts.headers {
            headers.insert(name.clone(), value.clone());
        }
        let (mut query, mut cookies) = (parts.query, parts.cookies);
        for credential in credentials {
            credential.apply(&mut headers, &mut query, &mut cookies);
        }
        let method = call.endpoint.method();
        let means_a_body = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
        if means_a_body && parts.content.is_empty() {
            // RFC 9110, section 8.6: some servers refuse such a request without a length.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if !cookies.is_empty() {
            add_cookies(&mut headers, cookies).map_err(Error::Encode)?;
        }
        let uri = self.server(call)?.join(&parts.path, &query);
        let Ok(uri) = uri.parse() else {
            return Err(Error::Encode(EncodeError::new(
                "the URL",
                "it is too long, or has a character that it cannot have",
            )));
        };
        Ok(Outgoing {
            method: call.endpoint.method().clone(),
            uri,
            headers,
            content: parts.content,
        })
    }

    /// The base URL that was given, or the operation's own, or the document's.
    fn server(&self, call: &Call) -> Result<BaseUrl, Error<NoFailure>> {
        match call.servers.first() {
            Some(server) if !self.base_url_given => server
                .expand(&self.variables)
                .and_then(|server| self.base_url.sibling(&server))
                .map_err(|message| Error::Encode(EncodeError::new("the URL", message))),
            _ => Ok(self.base_url.clone()),
        }
    }

    /// The limits for what is left of the time.
    fn limits_until(&self, deadline: Option<Instant>) -> Limits {
        Limits {
            timeout: deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())),
            ..self.limits
        }
    }

    fn transport_error(&self, endpoint: Endpoint, source: TransportError) -> Error<NoFailure> {
        if source.is_timeout() {
            let limit = self.limits.timeout;
            Error::Timeout {
                endpoint,
                limit,
                source,
            }
        } else {
            Error::Transport { endpoint, source }
        }
    }

    /// Reads the body, up to the limit.
    async fn receive(
        &self,
        endpoint: Endpoint,
        response: http::Response<Body>,
    ) -> Result<Reply, Error<NoFailure>> {
        let limit = self.limits.max_response_bytes;
        let (head, mut body) = response.into_parts();
        let too_large = |endpoint, headers| {
            Err(Error::TooLarge(Box::new(TooLarge {
                endpoint,
                limit,
                status: head.status,
                headers,
            })))
        };
        // The answer to HEAD has the length of a body that does not come.
        let announced = match *endpoint.method() {
            Method::HEAD => None,
            _ => head.headers.get(CONTENT_LENGTH),
        };
        let announced = announced
            .and_then(|length| length.to_str().ok()?.parse::<u64>().ok())
            .unwrap_or_default();
        if announced > limit {
            return too_large(endpoint, head.headers);
        }
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await {
            let piece = match piece {
                Ok(piece) => piece,
                Err(source) => return Err(self.transport_error(endpoint, source)),
            };
            if (bytes.len() + piece.len()) as u64 > limit {
                return too_large(endpoint, head.headers);
            }
            if bytes.is_empty() {
                bytes.reserve_exact(usize::try_from(announced).unwrap_or_default().min(1 << 20));
            }
            bytes.extend_from_slice(&piece);
        }
        bytes.shrink_to_fit();
        let reply = Reply::new(head.status, head.headers, bytes);
        Ok(reply.of(endpoint, Arc::clone(&self.hidden)))
    }
}

/// Adds cookies to those that the client always sends.
fn add_cookies(headers: &mut HeaderMap, cookies: String) -> Result<(), EncodeError> {
    let mut all = match headers.get(COOKIE).map(HeaderValue::to_str) {
        Some(Ok(cookies)) => cookies.to_owned(),
        _ => String::new(),
    };
    push(&mut all, "; ", &cookies);
    let Ok(mut value) = HeaderValue::try_from(all) else {
        return Err(EncodeError::new(
            "the cookies",
            "they have a character that a header cannot have",
        ));
    };
    value.set_sensitive(true);
    headers.insert(COOKIE, value);
    Ok(())
}

/// A request that can be sent again.
struct Outgoing {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    content: Content,
}

impl Outgoing {
    fn request(&self) -> http::Request<Body> {
        let mut request = http::Request::new(self.content.body());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }

    /// Goes where a redirect leads, if that is the same origin: a credential or
    /// a body never goes to another one, and a method never changes.
    fn follow(&mut self, response: &http::Response<Body>) -> bool {
        let safe = matches!(self.method, Method::GET | Method::HEAD);
        let followed = match response.status().as_u16() {
            301..=303 => safe,
            307 | 308 => true,
            _ => false,
        };
        let target = response
            .headers()
            .get(LOCATION)
            .filter(|_| followed)
            .and_then(|location| redirect(&self.uri, location.to_str().ok()?));
        match target {
            Some(uri) => {
                self.uri = uri;
                true
            }
            None => false,
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

/// Makes a [`Client`].
#[must_use = "`build` makes the client"]
pub struct ClientBuilder {
    server: Server,
    variables: Vec<(&'static str, String)>,
    base_url: Option<String>,
    user_agent: String,
    headers: Vec<(String, String)>,
    credentials: Vec<(Scheme, Secret)>,
    /// What no message shows: names of members, and texts that are no credential of a scheme.
    secret_names: &'static [&'static str],
    secrets: Vec<Secret>,
    limits: Limits,
    explicit_defaults: bool,
    transport: Option<Arc<dyn Transport>>,
    refused: Option<&'static str>,
}

impl ClientBuilder {
    /// Of a client for this server.
    pub fn new(server: impl Into<Server>) -> Self {
        Self {
            server: server.into(),
            variables: Vec::new(),
            base_url: None,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            headers: Vec::new(),
            credentials: Vec::new(),
            secret_names: &[],
            secrets: Vec::new(),
            limits: Limits::default(),
            explicit_defaults: false,
            transport: None,
            refused: None,
        }
    }

    /// Has [`build`](Self::build) fail with this reason: for setters that
    /// cannot take what they are given.
    pub fn refuse(mut self, reason: &'static str) -> Self {
        self.refused = Some(reason);
        self
    }

    /// Sets the base URL, instead of the document's servers: with or without a
    /// port, a path, a closing slash.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base_url = Some(url.as_ref().to_owned());
        self
    }

    /// Chooses a server of the document: at first it is the first one.
    pub fn server(mut self, server: impl Into<Server>) -> Self {
        self.server = server.into();
        self
    }

    /// Sets a variable in the URLs of the document's servers. [`build`](Self::build)
    /// refuses a value that the document does not allow.
    pub fn server_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.retain(|(other, _)| *other != name);
        self.variables.push((name, value.into()));
        self
    }

    /// Sets how long a connection may take; `None` for as long as it takes. At
    /// first 10 seconds.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.limits.connect_timeout = limit.into();
        self
    }

    /// Sets how long a call may take in all, the body of the response included;
    /// `None` for as long as it takes. At first 60 seconds.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.limits.timeout = limit.into();
        self
    }

    /// Sets how many bytes the body of a response may have. At first 32 MiB.
    ///
    /// What is read of it takes more memory where its values are short. Beside the body itself that
    /// is up to 8 times its size for a list of numbers, and 24 times for a list of texts or of any
    /// JSON values. In a list of maps or objects each takes what its type takes, some hundreds of
    /// bytes, even one that has only two as JSON: `{}`.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.limits.max_response_bytes = limit;
        self
    }

    /// Sets the header `User-Agent`. At first this package's name and version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Adds a header to every request. A credential belongs in
    /// [`credential`](Self::credential), which sends it only where it is asked for.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Gives the credential of a scheme: the token or the API key.
    pub fn credential(mut self, scheme: Scheme, secret: impl Into<Secret>) -> Self {
        self.credentials.retain(|(other, _)| *other != scheme);
        self.credentials.push((scheme, secret.into()));
        self
    }

    /// Names the members of bodies that hold a secret, in addition to those that are called
    /// `password` and the like: no error shows them. An empty name is a body that is a secret.
    pub fn secret_names(mut self, names: &'static [&'static str]) -> Self {
        self.secret_names = names;
        self
    }

    /// Has no error show this text.
    pub fn hide(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Sets whether requests have the properties that are equal to their default. At first they are
    /// left out, as the server applies the same defaults; some servers take an absent property for
    /// one that stays as it is.
    pub fn explicit_defaults(mut self, explicit: bool) -> Self {
        self.explicit_defaults = explicit;
        self
    }

    /// Sets what carries the requests, instead of reqwest.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// If the base URL is not one, if a header or a credential has a character
    /// that it cannot have, or if there is no transport.
    pub fn build(self) -> Result<Client, BuildError> {
        if let Some(reason) = self.refused {
            return Err(BuildError::new(reason));
        }
        let url = match &self.base_url {
            Some(url) => Ok(url.clone()),
            None => self.server.expand(&self.variables),
        };
        let base_url = url
            .and_then(|url| BaseUrl::parse(&url))
            .map_err(BuildError::new)?;
        let mut headers = HeaderMap::new();
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| BuildError::new("the user agent cannot stand in a header"))?;
        headers.insert(USER_AGENT, user_agent);
        for (name, value) in self.headers {
            let (Ok(header), Ok(value)) = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::try_from(value),
            ) else {
                let name = name.escape_debug();
                return Err(BuildError::new(format!(
                    "the default header `{name}` has a character that it cannot have"
                )));
            };
            headers.insert(header, value);
        }
        let mut credentials = Vec::new();
        let mut secrets: Vec<String> = Vec::new();
        secrets.extend(self.secrets.into_iter().map(Secret::into_exposed));
        for (scheme, secret) in self.credentials {
            secrets.push(secret.expose().to_owned());
            secrets.push(percent::encode(secret.expose()));
            credentials.push(Credential::new(scheme, &secret).map_err(|message| {
                BuildError::new(format!("the credential `{}`: {message}", scheme.name()))
            })?);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.limits)?,
        };
        Ok(Client {
            shared: Arc::new(Shared {
                base_url,
                base_url_given: self.base_url.is_some(),
                variables: self.variables,
                headers,
                credentials,
                hidden: Arc::new(Hidden::new(self.secret_names, secrets)),
                limits: self.limits,
                explicit_defaults: self.explicit_defaults,
                transport,
            }),
        })
    }
}

#[cfg(feature = "reqwest")]
fn default_transport(limits: Limits) -> Result<Arc<dyn Transport>, BuildError> {
    match super::reqwest::Reqwest::new(limits) {
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
        "no transport was given, and the feature `reqwest` is off",
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

/// Why there is no client.
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
