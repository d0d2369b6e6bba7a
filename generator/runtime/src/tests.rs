//! What is written and read, compared with serde's derives and over transports in memory.

mod any;
mod body;
mod client;
mod codec;
mod defaults;
#[cfg(target_os = "linux")]
mod memory;
mod parameter;
mod text;
mod union;
