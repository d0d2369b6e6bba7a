//! Operations, and calls to them.

use std::fmt;
use std::pin::Pin;

use http::Uri;

use super::client::Client;
use super::endpoint::{Endpoint, OperationId};
use super::error::{Error, NoFailure, Rejection};
use super::exchange::Exchanged;
use super::idempotency::IdempotencyKey;
use super::options::Options;
use super::request::Parts;
use super::response::{Reply, Response};
use super::security::Security;
use super::server::Server;

/// An operation of the API with its inputs. It converts the inputs to a request, and a response to
/// the output. [`Client::request`] sends it.
pub trait Operation: Send + Sync {
    /// The HTTP method, and the path template, such as `/widgets/{id}`.
    const ENDPOINT: Endpoint;
    /// The alternatives of `security`. Each one requires all of its schemes. Empty if no credential
    /// is sent.
    const SECURITY: Security = &[];
    /// The media types of the documented responses, for the header `Accept`; empty for none.
    const ACCEPT: &'static str = "application/json";
    /// The operation's own servers, instead of the document's; mostly empty.
    const SERVERS: &'static [Server] = &[];
    /// Whether the client follows a redirect to the same origin. `false` if the document describes
    /// a `3XX` response, which is then the output.
    const FOLLOW_REDIRECTS: bool = true;
    /// The place of the key that makes the request safe to repeat.
    const IDEMPOTENCY_KEY: IdempotencyKey = IdempotencyKey::Undocumented;
    /// The value of a success.
    type Output;
    /// The value of a documented failure.
    type Failure;

    /// Writes the inputs, if any, into a request.
    fn encode(&self, request: &mut Parts) {
        let _ = request;
    }

    /// Decodes a response.
    ///
    /// # Errors
    ///
    /// Returns an error if it is a failure, or does not match the document.
    fn decode(reply: &Reply) -> Result<Self::Output, Rejection<Self::Failure>>;
}

/// The properties of an operation that the client needs, without its types.
#[derive(Clone, Debug)]
pub struct Call {
    /// The called endpoint.
    pub endpoint: Endpoint,
    /// The path of the operation's type; `None` for an endpoint that is not in the document.
    type_name: Option<fn() -> &'static str>,
    /// [`Operation::SECURITY`]; `None` for all known credentials.
    pub security: Option<Security>,
    /// [`Operation::ACCEPT`]
    pub accept: &'static str,
    /// [`Operation::SERVERS`]
    pub servers: &'static [Server],
    /// [`Operation::FOLLOW_REDIRECTS`]
    pub follow_redirects: bool,
    /// [`Operation::IDEMPOTENCY_KEY`]
    pub idempotency_key: IdempotencyKey,
    /// True if the body of a success is read in pieces: the call's time covers only the head.
    pub is_in_pieces: bool,
}

impl Call {
    /// Creates the description of an operation.
    #[must_use]
    pub const fn of<O: Operation>() -> Self {
        Self {
            endpoint: O::ENDPOINT,
            type_name: Some(std::any::type_name::<O>),
            security: Some(O::SECURITY),
            accept: O::ACCEPT,
            servers: O::SERVERS,
            follow_redirects: O::FOLLOW_REDIRECTS,
            idempotency_key: O::IDEMPOTENCY_KEY,
            is_in_pieces: false,
        }
    }

    /// Creates the description of an endpoint that is not in the document.
    pub(crate) const fn of_endpoint(endpoint: Endpoint, security: Option<Security>) -> Self {
        Self {
            endpoint,
            type_name: None,
            security,
            accept: "application/json, */*;q=0.5",
            servers: &[],
            follow_redirects: true,
            idempotency_key: IdempotencyKey::Undocumented,
            is_in_pieces: false,
        }
    }

    /// Returns the name of the operation's type.
    #[must_use]
    pub fn id(&self) -> Option<OperationId> {
        let path = self.type_name?();
        path.rsplit("::").next().map(OperationId)
    }
}

/// A call that is ready to be sent. `.await` returns the output; [`send`](Self::send) returns it
/// with status and headers.
#[must_use = "a request is sent by `.await` or `.send().await`"]
#[derive(Clone)]
pub struct Request<'c, O> {
    pub(super) client: &'c Client,
    pub(super) options: Option<Box<Options>>,
    /// The URL, if it is not that of the operation.
    pub(super) location: Option<Uri>,
    /// The operation and its inputs.
    pub operation: O,
}

impl<'c, O: Operation> Request<'c, O> {
    pub(crate) fn new(client: &'c Client, operation: O) -> Self {
        Self {
            client,
            options: None,
            location: None,
            operation,
        }
    }

    /// Overrides options of the client for this call.
    pub fn with(mut self, options: Options) -> Self {
        let options = match &self.options {
            Some(earlier) => options.over(earlier),
            None => options,
        };
        self.options = Some(Box::new(options));
        self
    }

    /// Sends the request; returns the output with status, headers and bytes.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<O::Output>, Error<O::Failure>> {
        receive::<O>(exchange(&self).await)
    }
}

/// Begins the exchange, which does not depend on the operation's types. This is not a method,
/// because an input of the operation could have the same name.
fn exchange<'c, O: Operation>(request: &Request<'c, O>) -> Exchanged<'c> {
    let options = request.options.as_deref();
    let encode = |parts: &mut Parts| encode(request, parts);
    request.client.begin(Call::of::<O>(), options, &encode)
}

/// Writes the inputs of the operation.
pub(super) fn encode<O: Operation>(request: &Request<'_, O>, parts: &mut Parts) {
    request.operation.encode(parts);
    if let Some(location) = &request.location {
        parts.at(location.clone());
    }
}

pub(super) fn receive<O: Operation>(
    exchanged: Result<Reply, Error<NoFailure>>,
) -> Result<Response<O::Output>, Error<O::Failure>> {
    let reply = exchanged.map_err(Error::widen)?;
    match O::decode(&reply) {
        Ok(output) => Ok(Response::new(reply, output)),
        Err(Rejection::Failure(failure)) => {
            Err(Error::Failure(Box::new(Response::new(reply, failure))))
        }
        Err(Rejection::Undocumented) => Err(Error::Undocumented(Box::new(reply))),
        Err(Rejection::Decode(source)) => Err(Error::Decode {
            reply: Box::new(reply),
            source: Box::new(source),
        }),
    }
}

impl<'c, O: Operation + 'c> IntoFuture for Request<'c, O> {
    type Output = Result<O::Output, Error<O::Failure>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        let exchange = exchange(&self);
        Box::pin(async move { receive::<O>(exchange.await).map(Response::into_inner) })
    }
}

impl<O: fmt::Debug> fmt::Debug for Request<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// Defines the methods of a [`Request`] that set an operation's optional inputs.
#[allow(unused_macros, reason = "not every document has an optional input")]
macro_rules! setters {
    ($operation:ident($($(#[$attribute:meta])* $input:ident: $type:ty),* $(,)?)) => {
        #[allow(clippy::should_implement_trait, reason = "the document names the inputs")]
        impl $crate::runtime::Request<'_, $operation> {$(
            /// Sets the operation's input of this name.
            $(#[$attribute])*
            pub fn $input(mut self, $input: $type) -> Self {
                self.operation.$input =
                    ::core::option::Option::Some(::core::convert::Into::into($input));
                self
            }
        )*}
    };
}

#[allow(
    unused_imports,
    reason = "used by the operations that have optional inputs"
)]
pub(crate) use setters;
