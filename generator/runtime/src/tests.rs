//! What is written and read, compared with serde's derives and over transports in memory.

mod any;
mod authorization_code;
mod body;
mod client;
mod codec;
mod defaults;
mod download;
mod events;
mod exchange;
mod lines;
mod link;
#[cfg(target_os = "linux")]
mod memory;
mod oauth2;
mod options;
mod pages;
mod parameter;
mod retry;
mod script;
mod streams;
mod text;
mod token;
mod union;
