//! The runtime of generated crates where it stands: every file of it, also
//! those that only some documents need.

// A generated crate is held to clippy's default lints.
#![allow(clippy::pedantic, reason = "the runtime is not a part of this package")]
#![allow(
    dead_code,
    reason = "each generated crate uses other parts of the runtime"
)]

mod runtime;

mod any;
mod body;
mod client;
mod codec;
mod defaults;
mod parameter;
mod text;
mod union;
