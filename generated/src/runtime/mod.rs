//! What every client needs: requests, responses, errors, the codec.

pub mod body;
pub mod client;
pub mod codec;
pub mod error;
pub mod json;
pub mod operation;
pub mod percent;
pub mod request;
#[cfg(feature = "reqwest")]
pub mod reqwest;
pub mod response;
pub mod secret;
pub mod security;
#[cfg(feature = "tower")]
pub mod tower;
pub mod transport;
pub mod tree;
pub mod uri;
pub mod url;

pub use body::{Body, Content};
pub use client::{BuildError, Client, ClientBuilder};
pub use error::{
    DecodeError, EncodeError, Error, MissingCredential, NoFailure, Rejection, TooLarge,
};
pub use http::{HeaderMap, Method, StatusCode};
pub use operation::{Endpoint, Operation, Request};
pub use request::Parts;
pub use response::{Reply, Response};
pub use secret::Secret;
pub use security::{Scheme, Security};
pub use transport::{Limits, Transport, TransportError};
pub use uri::{Uri, UriError};
