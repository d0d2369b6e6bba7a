//! Calls of endpoints that the document does not have.

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
    /// A call of an endpoint that the document does not have, such as one that is new: with the
    /// limits and the retries of every call, and the credentials that the client was given.
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

/// A call of an endpoint that the document does not have: `.await` gives the response if its status
/// is a success, [`json`](Self::json) what is in it. See [`Client::call`].
#[must_use = "a call is sent by `.await` or `.json().await`"]
pub struct EndpointCall<'c> {
    client: &'c Client,
    pub(super) endpoint: Endpoint,
    parts: Parts,
    security: Option<Security>,
    options: Options,
}

impl<'c> EndpointCall<'c> {
    /// Gives a variable of the path template, percent-encoded. It cannot be empty.
    pub fn path(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.parts.path_text(name, percent::encode(value.as_ref()));
        self
    }

    /// Adds a parameter to the query, percent-encoded.
    pub fn query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options(|options| options.query(name, value))
    }

    /// Adds a header: not a credential, see [`Options::header`].
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options(|options| options.header(name, value))
    }

    /// Gives a body of this media type.
    pub fn body(mut self, media_type: &str, content: impl Into<Content>) -> Self {
        self.parts.content(media_type, content.into());
        self
    }

    /// Gives a body in JSON.
    pub fn json_body<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        self.parts.json("application/json", value);
        self
    }

    /// Sets which credentials the endpoint asks for, as in [`Operation::SECURITY`]. Without it, each
    /// credential of the client is sent; of two for the same header, the first one.
    ///
    /// [`Operation::SECURITY`]: super::operation::Operation::SECURITY
    pub fn security(mut self, security: Security) -> Self {
        self.security = Some(security);
        self
    }

    /// Sets what the call does otherwise than its client.
    pub fn with(self, options: Options) -> Self {
        self.options(|earlier| options.over(&earlier))
    }

    fn options(mut self, change: impl FnOnce(Options) -> Options) -> Self {
        self.options = change(self.options);
        self
    }

    /// Sends the request and reads the body of the response as JSON.
    ///
    /// # Errors
    ///
    /// See [`Error`]: a status that is no success is [`Error::Undocumented`].
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
