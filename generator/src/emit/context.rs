//! The inputs of all emitters.

use crate::ir::Operation;
use crate::plan::Plan;
use crate::proof::{OperationTests, Tests};

/// The inputs of all emitters.
#[derive(Debug)]
pub(super) struct Context<'a> {
    /// The package's name.
    pub(super) package: &'a str,
    /// The package's name in Rust.
    pub(super) krate: &'a str,
    pub(super) plan: Plan<'a>,
    pub(super) tests: &'a Tests,
}

impl Context<'_> {
    /// Returns the example and the tests of an operation.
    pub(super) fn tests_of(&self, operation: &Operation) -> Option<&OperationTests> {
        self.tests.operations.get(&operation.method_name)
    }
}
