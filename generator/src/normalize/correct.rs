//! Corrections of known mistakes, with a warning, and the changes that `openapiv3` needs.
//!
//! [`visit`](super::visit) calls the functions.

pub(super) mod annotations;
pub(super) mod bare_value;
pub(super) mod enumeration;
pub(super) mod examples;
pub(super) mod excluded_default;
pub(super) mod for_openapiv3;
pub(super) mod link;
pub(super) mod missing_field;
pub(super) mod operation;
pub(super) mod parameter;
pub(super) mod reference;
pub(super) mod required;
pub(super) mod responses;
pub(super) mod schema;
pub(super) mod schema_position;
pub(super) mod security;
pub(super) mod server;
mod text;
pub(super) mod types;
