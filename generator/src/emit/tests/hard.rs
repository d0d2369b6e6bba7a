//! What is hard to get right, all in one API.

use super::api as plain;
use crate::ir::Api;

/// The whole API.
pub(super) fn api() -> Api {
    plain(Vec::new())
}
