//! The parts of an expected request.

use std::collections::BTreeMap;

/// The parts of a request that are collected before its URL and headers are written.
#[derive(Default)]
pub(super) struct RequestParts {
    pub variables: Vec<(String, String)>,
    pub query: Vec<String>,
    pub headers: BTreeMap<String, String>,
    pub cookies: Vec<String>,
}
