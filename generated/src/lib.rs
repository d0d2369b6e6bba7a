//! # Telnyx OAuth API
//!
//! API for OAuth.
//!
//! Version 2.0.0 of the API. Contact: <support@telnyx.com>. Servers: ...

pub mod client;
mod codec;
pub mod operations;
pub mod runtime;
pub mod types;

pub use client::{Client, ClientBuilder};
pub use runtime::{Error, Response};
