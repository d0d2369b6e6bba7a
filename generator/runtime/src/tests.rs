//! What is written and read, compared with serde's derives and over transports in memory.

mod any;
mod body;
mod client;
mod codec;
mod defaults;
mod exchange;
mod parameter;
mod script;
mod text;
mod union;
