//! What is written and read, compared with serde's derives and over transports in memory.

mod any;
mod authorization_code;
mod body;
mod client;
mod codec;
mod defaults;
mod exchange;
mod link;
#[cfg(target_os = "linux")]
mod memory;
mod oauth2;
mod options;
mod pages;
mod parameter;
mod retry;
mod script;
mod text;
mod token;
mod union;
