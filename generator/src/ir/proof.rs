//! What the generated crate's own tests prove it by.

use crate::ident::MethodName;

use super::Type;

/// The examples that stand in one schema, operation or other component.
#[derive(Clone, Debug)]
pub struct ExampleGroup {
    /// The test of them.
    pub name: MethodName,
    /// Where they all stand: a JSON pointer into the document.
    pub at: String,
    /// The examples, in the order in which they were found; never empty.
    pub examples: Vec<Example>,
}

/// One example of the document.
#[derive(Clone, Debug)]
pub struct Example {
    /// Where it stands: a JSON pointer, from the group's.
    pub at: String,
    /// Its type.
    pub ty: Type,
    /// The example.
    pub value: serde_json::Value,
    /// What the type writes when it has read the example, where that is not the same.
    pub written: Option<serde_json::Value>,
}
