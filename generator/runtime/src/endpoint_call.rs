//! Calls to endpoints that are not in the document.

use std::fmt;
use std::pin::Pin;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;

use super::body::Content;
use super::client::Client;
use super::endpoint::Endpoint;
use super::error::{Error, NoFailure};
use super::operation::Call;
use super::options::Options;
use super::percent;
use super::request::Parts;
use super::response::Reply;
use super::security::Security;

impl Client {
    /// Creates a call to an endpoint that is not in the document, such as a new one. It uses the
    /// limits, the retries and the credentials of the client.
    pub fn call(&self, endpoint: Endpoint) -> EndpointCall<'_> {
        EndpointCall {
            client: self,
            parts: Parts::new(endpoint.clone()),
            endpoint,
            security: None,
            options: Options::new(),
        }
    }
}

/// A call to an endpoint that is not in the document. `.await` returns the response if its status
/// is a success; [`json`](Self::json) decodes its body. See [`Client::call`].
#[must_use = "a call is sent by `.await` or `.json().await`"]
pub struct EndpointCall<'c> {
    client: &'c Client,
    pub(super) endpoint: Endpoint,
    parts: Parts,
    security: Option<Security>,
    options: Options,
}

impl<'c> EndpointCall<'c> {
    /// Sets a variable of the path template, percent-encoded. It must not be empty.
    pub fn path(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.parts.path_text(name, percent::encode(value.as_ref()));
        self
    }

    /// Adds a percent-encoded parameter to the query.
    pub fn query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options(|options| options.query(name, value))
    }

    /// Adds a header that is not a credential, see [`Options::header`].
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options(|options| options.header(name, value))
    }

    /// Sets a body with this media type.
    pub fn body(mut self, media_type: &str, content: impl Into<Content>) -> Self {
        self.parts.content(media_type, content.into());
        self
    }

    /// Sets a JSON body.
    pub fn json_body<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        self.parts.json("application/json", value);
        self
    }

    /// Sets the credentials that the endpoint requires, as in [`Operation::SECURITY`]. By default,
    /// all credentials of the client are sent; if two use the same header, the first one.
    ///
    /// [`Operation::SECURITY`]: super::operation::Operation::SECURITY
    pub fn security(mut self, security: Security) -> Self {
        self.security = Some(security);
        self
    }

    /// Overrides options of the client for this call.
    pub fn with(self, options: Options) -> Self {
        self.options(|earlier| options.over(&earlier))
    }

    fn options(mut self, change: impl FnOnce(Options) -> Options) -> Self {
        self.options = change(self.options);
        self
    }

    /// Sends the request and decodes the body of the response as JSON.
    ///
    /// # Errors
    ///
    /// See [`Error`]. A status other than a success is [`Error::Undocumented`].
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error<NoFailure>> {
        let reply = self.await?;
        match reply.json() {
            Ok(value) => Ok(value),
            Err(source) => Err(Error::Decode {
                reply: Box::new(reply),
                source: Box::new(source),
            }),
        }
    }
}

impl<'c> IntoFuture for EndpointCall<'c> {
    type Output = Result<Reply, Error<NoFailure>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::of_endpoint(self.endpoint, self.security);
        let options = Some(&self.options);
        let exchange = self
            .client
            .begin(call, options, &|parts| parts.take_over(&self.parts));
        Box::pin(async move {
            let reply = exchange.await?;
            if reply.status().is_success() {
                Ok(reply)
            } else {
                Err(Error::Undocumented(Box::new(reply)))
            }
        })
    }
}

impl fmt::Debug for EndpointCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointCall")
            .field("parts", &self.parts)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
