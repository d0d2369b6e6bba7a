//! The part of a generated crate that is the same for every document: requests, responses, errors
//! and the client.
//!
//! The generator copies the modules that a document needs into `src/runtime/` of the generated
//! crate. To compile in both places, modules refer to each other as `super::name`, and macros refer
//! to items as `$crate::runtime::name`.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(
    not(test),
    allow(
        unused_imports,
        unused_macros,
        reason = "generated code and the tests use the macros"
    )
)]

pub mod authorization_code;
pub mod base64;
pub mod basic_auth;

#[cfg(feature = "blocking")]
pub mod blocking;

#[cfg(all(feature = "blocking", feature = "download"))]
pub mod blocking_download;

#[cfg(feature = "blocking")]
pub mod blocking_iterator;

#[cfg(feature = "blocking")]
pub mod blocking_pages;

#[cfg(feature = "blocking")]
pub mod blocking_streams;

pub mod body;
pub mod body_excerpt;
pub mod builder;
pub mod client;
pub mod codec;
pub mod constructor;

#[cfg(feature = "download")]
pub mod content_disposition;

pub mod credential;
pub mod credential_selection;
pub mod defaults;

#[cfg(feature = "download")]
pub mod download;

pub mod endpoint;
pub mod endpoint_call;
pub mod enumeration;
pub mod error;
pub mod events;
pub mod exchange;
pub mod fetched_credential;
pub mod form;
pub mod from_branches;
pub mod header;
pub mod idempotency;
pub mod integer_enum;
pub mod json;
pub mod json_enum;
pub mod json_pointer;
pub mod json_value;
pub mod json_value_codec;
pub mod lines;
pub mod link_header;
pub mod members;
pub mod multipart;
pub mod number;
pub mod oauth2;
pub mod object_reader;
pub mod object_writer;

#[cfg(feature = "observer")]
pub mod observer;

pub mod operation;
pub mod options;
pub mod page_error;
pub mod pages;
pub mod paging;
pub mod parameter;
pub mod percent;
pub mod pieces;
pub mod prepared_request;
pub mod quoted_string;
pub mod random_key;
pub mod raw_json;
pub mod reconnect;
pub mod redact;
pub mod request;

#[cfg(feature = "reqwest")]
pub mod reqwest;

#[cfg(feature = "wasm")]
pub mod reqwest_wasm;

pub mod response;
pub mod retry;
pub mod secret;
pub mod security;
pub mod sequence;
pub mod server;
pub mod stream_error;
pub mod streamed;
pub mod tagged_union;

#[cfg(feature = "testing")]
pub mod tape;

#[cfg(feature = "testing")]
pub mod testing;

pub mod text;
pub mod text_enum;
pub mod token;
pub mod token_cache;
pub mod token_error;
pub mod token_http;

#[cfg(feature = "tower")]
pub mod tower;

#[cfg(feature = "tracing")]
pub mod tracing;

pub mod transport;
pub mod tree;
pub mod union;
pub mod union_score;
pub mod unread_response;
pub mod untagged_union;
pub mod upload;

#[cfg(feature = "blocking")]
pub mod ureq;

pub mod uri;
pub mod url;
pub mod written_secrets;

pub use authorization_code::{AuthorizationCode, Login};
pub use base64::{Base64, Base64Error};
pub use body::{Body, Content, TypedContent};
pub use builder::{BuildError, ClientBuilder};
pub use client::Client;
pub use defaults::explicit_defaults;
#[cfg(feature = "download")]
pub use download::{Download, SaveError};
pub use endpoint::{Attempt, Endpoint, OperationId};
pub use endpoint_call::EndpointCall;
pub use enumeration::UnknownValue;
pub use error::{
    DecodeError, EncodeError, Error, Failure, MissingCredential, NoFailure, Rejection, TooLarge,
};
pub use events::RawEvent;
pub use header::HeaderError;
pub use http::{HeaderMap, Method, StatusCode};
pub use idempotency::IdempotencyKey;
pub use json_value::Json;
pub use lines::Line;
pub use members::Members;
pub use multipart::File;
pub use number::Number;
pub use oauth2::{ClientCredentials, Credentials, RefreshToken};
pub use operation::{Operation, Request};
pub use options::Options;
pub use page_error::PageError;
pub use pages::{Items, Pages, Resume};
pub use paging::{Listed, Paged, Paging};
pub use pieces::{Chunks, Pieces};
pub use reconnect::Reconnect;
pub use request::Parts;
pub use response::{Reply, Response};
pub use retry::Retry;
pub use secret::Secret;
pub use security::{Flow, Flows, Scheme, Security};
pub use sequence::{Lines, RawEvents};
pub use server::Server;
pub use stream_error::{Raw, StreamError};
pub use streamed::{Events, Streamed, Streaming};
pub use token::{Token, TokenFuture, TokenSource, Tokens};
pub use token_error::TokenError;
pub use token_http::TokenHttp;
pub use transport::{Limits, Transport, TransportError};
pub use uri::{Uri, UriError};

// The path of the modules in a generated crate.
#[doc(hidden)]
pub extern crate self as runtime;

#[cfg(test)]
mod tests;
