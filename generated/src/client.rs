//! The client of this API: its servers and its credentials.

pub use crate::runtime::{Client, ClientBuilder};
use crate::runtime::{Scheme, Secret};

/// The servers that the document names; the first is the default.
pub const SERVERS: &[&str] = &["https://api.telnyx.com/v2"];

/// `bearerAuth`: HTTP bearer authentication.
pub const BEARER_AUTH: Scheme = Scheme::bearer("bearerAuth");

impl Client {
    /// A client for the document's first server, `https://api.telnyx.com/v2`, without credentials.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new(SERVERS[0])
    }
}

impl ClientBuilder {
    /// Sets the token of `bearerAuth`, sent as `Authorization: Bearer ..` by the operations that ask for it.
    pub fn bearer_auth(self, token: impl Into<Secret>) -> Self {
        self.credential(BEARER_AUTH, token)
    }
}
