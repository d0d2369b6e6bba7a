//! Reads an OpenAPI document and writes a Rust crate: request and response
//! types, enums, default functions and a client.

pub mod diagnostic;
<<<<<<< HEAD
pub mod ident;
pub mod ir;
=======
pub mod document;
pub mod normalize;
>>>>>>> 9a0ba4b
pub mod pointer;
