//! A call: its attempts, and the redirects of each.

use std::sync::Arc;
use std::time::Duration;

use super::client::{Client, Shared};
use super::endpoint::Attempt;
use super::error::{Error, MissingCredential, NoFailure};
use super::incoming::{Incoming, transport_error};
use super::operation::Call;
use super::outgoing::Prepared;
use super::request::Parts;
use super::response::Reply;
use super::security::{Credential, select};
use super::transport::Limits;

/// How many redirects an attempt follows.
const MAX_REDIRECTS: usize = 5;

impl Client {
    /// Sends a request and reads the whole response.
    pub(crate) async fn exchange(
        &self,
        call: Call,
        parts: Parts,
    ) -> Result<Reply, Error<NoFailure>> {
        let mut exchange = Exchange::new(&self.shared, call, parts)?;
        let incoming = exchange.head().await?;
        incoming.whole().await
    }
}

/// A call that is under way.
pub(crate) struct Exchange<'c> {
    shared: &'c Shared,
    call: Call,
    prepared: Prepared,
    credentials: Vec<&'c Credential>,
    /// When the time for the whole call is over, by the transport's clock.
    deadline: Option<Duration>,
    attempt: Attempt,
}

impl<'c> Exchange<'c> {
    /// Writes the request; nothing is sent yet.
    fn new(shared: &'c Shared, call: Call, parts: Parts) -> Result<Self, Error<NoFailure>> {
        let prepared = Prepared::new(shared, &call, parts)?;
        let Some(credentials) = select(call.security, &shared.credentials) else {
            return Err(Error::MissingCredential(MissingCredential {
                endpoint: call.endpoint,
                security: call.security,
            }));
        };
        // A time that no clock holds is none.
        let timeout = shared.limits.timeout;
        let deadline = timeout.and_then(|limit| shared.transport.now().checked_add(limit));
        Ok(Self {
            shared,
            call,
            prepared,
            credentials,
            deadline,
            attempt: Attempt(1),
        })
    }

    /// Sends the request, and follows redirects, until there is a response.
    async fn head(&mut self) -> Result<Incoming, Error<NoFailure>> {
        let mut outgoing = self.prepared.outgoing(&self.credentials, self.attempt)?;
        let mut redirects = 0;
        loop {
            let sending = self
                .shared
                .transport
                .send(outgoing.request(), self.limits());
            let response = match sending.await {
                Ok(response) => response,
                Err(source) => {
                    let endpoint = self.call.endpoint.clone();
                    return Err(transport_error(
                        endpoint,
                        self.shared.limits.timeout,
                        source,
                    ));
                }
            };
            if self.call.follow_redirects && redirects < MAX_REDIRECTS && outgoing.follow(&response)
            {
                redirects += 1;
                continue;
            }
            return Ok(self.incoming(response));
        }
    }

    /// The limits for the rest of the time.
    fn limits(&self) -> Limits {
        let now = || self.shared.transport.now();
        Limits {
            timeout: self.deadline.map(|deadline| deadline.saturating_sub(now())),
            ..self.shared.limits
        }
    }

    fn incoming(&self, response: http::Response<super::body::Body>) -> Incoming {
        let (head, body) = response.into_parts();
        Incoming {
            endpoint: self.call.endpoint.clone(),
            head,
            body,
            max_bytes: self.shared.limits.max_response_bytes,
            timeout: self.shared.limits.timeout,
            hidden: Arc::clone(&self.shared.hidden),
        }
    }
}
