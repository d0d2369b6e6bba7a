//! A response with an unread body.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use http::header::CONTENT_LENGTH;

use super::body::Body;
use super::body_excerpt::Hidden;
use super::endpoint::Endpoint;
use super::error::{Error, NoFailure, TooLarge};
use super::response::Reply;
use super::retry::Tried;
use super::transport::TransportError;

/// The head of a response, and the unread body.
pub(crate) struct Incoming {
    pub(crate) endpoint: Endpoint,
    pub(crate) head: http::response::Parts,
    pub(crate) body: Body,
    /// The maximum size of the body.
    pub(crate) max_bytes: u64,
    /// The time limit of the attempt.
    pub(crate) timeout: Option<Duration>,
    /// Secrets to hide in messages.
    pub(crate) hidden: Arc<Hidden>,
    pub(crate) tried: Tried,
}

impl Incoming {
    /// Reads the body, up to the limit.
    pub(crate) async fn whole(mut self) -> Result<Reply, Error<NoFailure>> {
        // A response to HEAD has the length of a body that is not sent.
        let announced = match *self.endpoint.method() {
            Method::HEAD => None,
            _ => self.head.headers.get(CONTENT_LENGTH),
        };
        let announced = announced
            .and_then(|length| length.to_str().ok()?.parse::<u64>().ok())
            .unwrap_or_default();
        if announced > self.max_bytes {
            return Err(self.too_large());
        }
        let mut bytes = Vec::new();
        while let Some(piece) = self.body.next().await {
            let piece = match piece {
                Ok(piece) => piece,
                Err(source) => {
                    let source = source.after(self.tried);
                    return Err(transport_error(self.endpoint, self.timeout, source));
                }
            };
            if (bytes.len() + piece.len()) as u64 > self.max_bytes {
                return Err(self.too_large());
            }
            if bytes.is_empty() {
                bytes.reserve_exact(usize::try_from(announced).unwrap_or_default().min(1 << 20));
            }
            bytes.extend_from_slice(&piece);
        }
        bytes.shrink_to_fit();
        let reply = Reply::new(self.head.status, self.head.headers, bytes);
        Ok(reply.with_context(self.endpoint, self.hidden, self.tried))
    }

    fn too_large(self) -> Error<NoFailure> {
        Error::TooLarge(Box::new(TooLarge {
            endpoint: self.endpoint,
            limit: self.max_bytes,
            status: self.head.status,
            headers: self.head.headers,
            tried: self.tried,
        }))
    }
}

/// Returns the error of a call without a complete response. `limit` is its time limit.
pub(super) fn transport_error(
    endpoint: Endpoint,
    limit: Option<Duration>,
    source: TransportError,
) -> Error<NoFailure> {
    if source.is_timeout() && !source.is_connect() {
        Error::Timeout {
            endpoint,
            limit,
            source,
        }
    } else {
        Error::Transport { endpoint, source }
    }
}
