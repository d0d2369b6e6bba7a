//! The requests of a call, complete except for the credentials.

use http::header::{ACCEPT, CONTENT_LENGTH, COOKIE, HeaderValue, LOCATION};
use http::{HeaderMap, Method, Uri};

use super::body::{Body, Content};
use super::client::Shared;
use super::credential::{Credential, push, secret_headers};
use super::endpoint::Attempt;
use super::error::{EncodeError, Error, NoFailure};
use super::operation::Call;
use super::options::Options;
use super::request::{Parts, Taken};
use super::url::{BaseUrl, redirect};

/// The parts that all attempts share: everything but the credentials.
pub(super) struct Prepared {
    call: Call,
    server: BaseUrl,
    parts: Taken,
}

impl Prepared {
    /// Writes a request.
    pub(super) fn new(
        shared: &Shared,
        call: &Call,
        parts: Parts,
        options: &Options,
    ) -> Result<Self, Error<NoFailure>> {
        options
            .check(call.security.unwrap_or_default())
            .map_err(Error::Encode)?;
        let mut parts = parts.take().map_err(Error::Encode)?;
        let mut headers = shared.headers.clone();
        if let Ok(accept) = HeaderValue::from_str(call.accept)
            && !call.accept.is_empty()
        {
            headers.insert(ACCEPT, accept);
        }
        for (name, value) in options.headers.iter().chain(&parts.headers) {
            headers.insert(name.clone(), value.clone());
        }
        if let Some(name) = options
            .headers
            .keys()
            .find(|name| parts.headers.contains_key(*name))
        {
            return Err(Error::Encode(EncodeError::new(
                format!("the header `{name}`"),
                "it is an input of the operation, not an option",
            )));
        }
        call.idempotency_key
            .apply(&mut headers, options)
            .map_err(Error::Encode)?;
        options.add_query(&mut parts.query);
        let method = call.endpoint.method();
        let means_a_body = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
        if means_a_body && parts.content.is_empty() {
            // RFC 9110, section 8.6: some servers reject such a request without a length.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        parts.headers = headers;
        Ok(Self {
            call: call.clone(),
            server: server(shared, call)?,
            parts,
        })
    }

    /// Returns whether the request has a key by which the server recognizes a repeated one.
    pub(super) fn has_key(&self) -> bool {
        let parts = &self.parts;
        self.call
            .idempotency_key
            .is_in(&parts.headers, &parts.content)
    }

    /// Returns the name of a header that contains a credential, before those of the call's schemes
    /// are added.
    pub(super) fn secret_header(&self, shared: &Shared) -> Option<&'static str> {
        secret_headers(shared.api_key_headers).find(|name| self.parts.headers.contains_key(*name))
    }

    /// Creates the first request of an attempt, with these credentials.
    pub(super) fn outgoing(
        &self,
        credentials: &[Credential],
        attempt: Attempt,
    ) -> Result<Outgoing<'_>, Error<NoFailure>> {
        let parts = &self.parts;
        let mut headers = parts.headers.clone();
        let (mut query, mut cookies) = (self.query().to_owned(), parts.cookies.clone());
        if parts.location.is_some() {
            // A server may have repeated the credentials in its URL.
            let is_one = |pair: &&str| credentials.iter().any(|known| known.is_pair(pair));
            let pairs = query.split('&').filter(|pair| !is_one(pair));
            query = pairs.collect::<Vec<_>>().join("&");
        }
        for credential in credentials {
            credential.apply(&mut headers, &mut query, &mut cookies);
        }
        if !cookies.is_empty() {
            add_cookies(&mut headers, cookies).map_err(Error::Encode)?;
        }
        let Ok(uri) = self.join(&query).parse() else {
            return Err(Error::Encode(EncodeError::new(
                "the URL",
                "it is too long, or has an invalid character",
            )));
        };
        Ok(Outgoing {
            call: &self.call,
            content: &parts.content,
            uri,
            headers,
            attempt,
        })
    }

    /// Returns the query without credentials.
    pub(super) fn query(&self) -> &str {
        match &self.parts.location {
            Some(location) => location.query().unwrap_or_default(),
            None => &self.parts.query,
        }
    }

    /// Returns the URL with this query.
    pub(super) fn join(&self, query: &str) -> String {
        let Some(location) = &self.parts.location else {
            return self.server.join(&self.parts.path, query);
        };
        let (scheme, authority) = (location.scheme_str(), location.authority());
        let mut url = format!("{}://", scheme.unwrap_or_default());
        url.push_str(authority.map_or("", |authority| authority.as_str()));
        url.push_str(location.path());
        if !query.is_empty() {
            url.push('?');
            url.push_str(query);
        }
        url
    }
}

/// Returns the configured base URL, or else the operation's server, or else the document's.
fn server(shared: &Shared, call: &Call) -> Result<BaseUrl, Error<NoFailure>> {
    match call.servers.first() {
        Some(server) if !shared.base_url_given => server
            .expand(&shared.variables)
            .and_then(|server| shared.base_url.sibling(&server))
            .map_err(|message| Error::Encode(EncodeError::new("the URL", message))),
        _ => Ok(shared.base_url.clone()),
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
            "they have a character that is not allowed in a header",
        ));
    };
    value.set_sensitive(true);
    headers.insert(COOKIE, value);
    Ok(())
}

/// A request of an attempt, which a redirect sends to another URL.
pub(super) struct Outgoing<'a> {
    call: &'a Call,
    content: &'a Content,
    uri: Uri,
    headers: HeaderMap,
    attempt: Attempt,
}

impl Outgoing<'_> {
    /// Returns the request. Its extensions contain the properties of the call for layers.
    pub(super) fn request(&self) -> http::Request<Body> {
        let mut request = http::Request::new(self.content.body());
        *request.method_mut() = self.call.endpoint.method().clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let extensions = request.extensions_mut();
        extensions.insert(self.call.endpoint.clone());
        extensions.insert(self.attempt);
        if let Some(id) = self.call.id() {
            extensions.insert(id);
        }
        request
    }

    /// Applies the URL of a redirect to the same origin. A credential or a body is never sent to
    /// another origin, and the method never changes.
    pub(super) fn follow(&mut self, response: &http::Response<Body>) -> bool {
        let safe = matches!(*self.call.endpoint.method(), Method::GET | Method::HEAD);
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
