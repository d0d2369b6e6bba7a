//! What the generated crate's own tests prove it by.

use crate::ident::{MethodName, TypeName};

use super::Type;

/// The examples in one schema, operation or other component, or those of the branches of a union.
#[derive(Clone, Debug)]
pub struct ExampleGroup {
    /// The test of them.
    pub name: MethodName,
    /// Where they all stand: a JSON pointer into the document.
    pub at: String,
    /// The examples, in the order in which they were found; never empty.
    pub examples: Vec<Example>,
}

/// One example of the document, or a value that is made of a union's branch.
#[derive(Clone, Debug)]
pub struct Example {
    /// Where it stands: a JSON pointer, from the group's.
    pub at: String,
    /// `summary`, or else `description`.
    pub words: Option<String>,
    /// Its type.
    pub ty: Type,
    /// The example.
    pub value: serde_json::Value,
    /// The variant that it is read as, where the type is a union and the document says which.
    pub variant: Option<TypeName>,
    /// What the type writes when it has read the example, where that is not the same.
    pub written: Option<serde_json::Value>,
}
