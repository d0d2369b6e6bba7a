//! The data of the generated tests of examples: each example or branch value, and the expected
//! result.

use crate::ident::{MethodName, TypeName};
use crate::ir::Type;

/// The examples of one schema, operation or other component, or values for the branches of a union.
#[derive(Clone, Debug)]
pub struct ExampleGroup {
    /// The name of their test.
    pub name: MethodName,
    /// The common location: a JSON pointer into the document.
    pub at: String,
    /// The examples, in order; never empty.
    pub examples: Vec<Example>,
}

/// An example of the document, or a value generated for a union's branch.
#[derive(Clone, Debug)]
pub struct Example {
    /// The location: a JSON pointer relative to that of the group.
    pub at: String,
    /// `summary`, or `description` if there is none.
    pub words: Option<String>,
    /// Its type.
    pub ty: Type,
    /// The example.
    pub value: serde_json::Value,
    /// The variant it is read as, if the type is a union and the document determines it.
    pub variant: Option<TypeName>,
    /// The value that the type writes after reading the example, if it differs.
    pub written: Option<serde_json::Value>,
}
