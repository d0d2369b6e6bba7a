//! Reads an OpenAPI document and writes a Rust crate: request and response
//! types, enums, default functions and a client.

pub mod diagnostic;
pub mod document;
pub mod emit;
pub mod ident;
pub mod ir;
pub mod lower;
pub mod normalize;
pub mod pointer;
