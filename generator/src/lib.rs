//! Reads an OpenAPI document and writes a Rust crate: request and response
//! types, enums, default functions and a client.

pub mod bundle;
pub mod diagnostic;
pub mod pointer;
pub mod source;
