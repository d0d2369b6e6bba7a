//! Checks that only report, one file for each part of the specification.
//!
//! Each function takes the fields of an object and its place. [`visit`](super::visit) calls them.

pub(super) mod body;
pub(super) mod bounds;
pub(super) mod dialect;
pub(super) mod discriminator;
pub(super) mod document;
pub(super) mod expression;
pub(super) mod http_names;
pub(super) mod keywords;
pub(super) mod media_type;
pub(super) mod parameter;
pub(super) mod pattern;
pub(super) mod required;
pub(super) mod security;
pub(super) mod server;
pub(super) mod types;
pub(super) mod values;
