//! The examples and tests of the generated crate as data.

mod examples;
mod wire;

use std::collections::HashMap;

use crate::ident::{FieldName, MethodName};
use crate::ir::Value;

pub use examples::{Example, ExampleGroup};
pub use wire::{
    Argument, ChosenFile, Credential, WireAnswer, WireBody, WireHeader, WirePage, WirePages,
    WireRequest, WireTest, WireTests,
};

/// The examples and tests of the generated crate.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    /// The examples of the document, grouped by location.
    pub examples: Vec<ExampleGroup>,
    /// The parts shared by the tests of all operations.
    pub wire: WireTests,
    /// The example and the tests of each operation, by its method.
    pub operations: HashMap<MethodName, OperationTests>,
}

/// The example and the tests of an operation.
#[derive(Clone, Debug)]
pub struct OperationTests {
    /// A call with the document's example values.
    pub example: Option<CallExample>,
    /// The tests, or the reason why there are none.
    pub tests: Result<Vec<WireTest>, String>,
}

/// A call with example values.
#[derive(Clone, Debug)]
pub struct CallExample {
    /// The arguments of the method, in order.
    pub arguments: Vec<Value>,
    /// The setters to call, with their values.
    pub setters: Vec<(FieldName, Value)>,
    /// True if a value is from the document.
    pub is_own: bool,
}
