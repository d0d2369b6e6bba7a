//! The operations of the document, a module for each tag.

mod oauth_protocol;

pub use oauth_protocol::*;
