//! Tests that compare reading and writing with serde's derives, and use transports in memory.

mod authorization_code;
mod blocking;
mod blocking_streams;
mod body;
mod client;
mod codec;
mod count;
mod defaults;
mod download;
mod events;
mod exchange;
mod json_value;
mod lines;
mod link_header;
#[cfg(target_os = "linux")]
mod memory;
mod oauth2;
mod observer;
mod options;
mod pages;
mod parameter;
mod plain_http;
mod reconnect;
mod retry;
mod script;
mod streams;
mod tape;
mod testing;
mod token;
mod tracing;
mod union;
mod uris_and_headers;
