//! The inputs of all emitters.

use crate::plan::Plan;

/// The inputs of all emitters.
#[derive(Debug)]
pub(super) struct Context<'a> {
    /// The package's name.
    pub(super) package: &'a str,
    /// The package's name in Rust.
    pub(super) krate: &'a str,
    pub(super) plan: Plan<'a>,
}
