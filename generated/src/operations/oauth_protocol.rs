//! OAuth Protocol

use crate::runtime::{
    Client, EncodeError, Method, Operation, Parts, Rejection, Reply, Request, Security,
};
use crate::types;

/// The operation `RegisterOAuthClient`: see [`Client::register_oauth_client`].
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterOAuthClient {
    /// The request body.
    pub body: types::OAuthDynamicRegistrationRequest,
}

/// The failures that the document describes for [`RegisterOAuthClient`].
#[derive(Clone, Debug, PartialEq)]
pub enum RegisterOAuthClientFailure {
    /// 400: Invalid client metadata
    BadRequest(types::register_oauth_client::BadRequest),
}

impl Operation for RegisterOAuthClient {
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/oauth/register";
    const SECURITY: Security = &[];
    type Output = types::OAuthDynamicRegistrationResponse;
    type Failure = RegisterOAuthClientFailure;

    fn encode(&self, request: &mut Parts) -> Result<(), EncodeError> {
        request.json("application/json", &self.body)
    }

    fn decode(reply: &Reply) -> Result<Self::Output, Rejection<Self::Failure>> {
        match reply.code() {
            201 => Ok(reply.json()?),
            400 => Err(Rejection::Failure(RegisterOAuthClientFailure::BadRequest(
                reply.json()?,
            ))),
            _ => Err(Rejection::Undocumented),
        }
    }
}

impl Client {
    /// Dynamic client registration
    ///
    /// Register a new OAuth client dynamically (RFC 7591)
    ///
    /// `POST /oauth/register`
    ///
    /// # Example
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use generated::{Client, types::OAuthDynamicRegistrationRequest};
    ///
    /// let client = Client::builder().build()?;
    /// let response = client
    ///     .register_oauth_client(OAuthDynamicRegistrationRequest {
    ///         redirect_uris: Some(vec!["https://example.com/callback".parse()?]),
    ///         client_name: Some("My OAuth Application".to_owned()),
    ///         scope: Some("admin".to_owned()),
    ///         ..Default::default()
    ///     })
    ///     .await?;
    /// println!("{response:?}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn register_oauth_client(
        &self,
        body: types::OAuthDynamicRegistrationRequest,
    ) -> Request<'_, RegisterOAuthClient> {
        self.request(RegisterOAuthClient { body })
    }
}
