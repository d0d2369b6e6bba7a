//! The parts of the document that the types and operations come from. `proof` creates the tests of
//! the generated crate from them.

use openapiv3::{MediaType, Parameter};
use serde_json::Value as Json;

use crate::document::{OperationEntry, SchemaNode, Validity};
use crate::pointer::Pointer;

use super::branch::{Circular, UnionSource};
use super::documented_example::DocumentedExample;

/// The origins of the types and operations of an [`Api`](crate::ir::Api).
pub struct Origins<'d> {
    /// The origins of the operations of each group, in the order of the operations.
    pub(crate) operations: Vec<Vec<OperationOrigin<'d>>>,
    /// The unions with the sources of their variants.
    pub(crate) unions: Vec<UnionSource<'d>>,
    /// The branches that the types of unions omit.
    pub(crate) circular: Circular,
    /// The examples with their types.
    pub(crate) examples: Vec<DocumentedExample<'d>>,
    /// The comparisons so far, which share a limit with further ones.
    pub(crate) validity: Validity<'d>,
}

/// The origin of an operation.
pub(crate) struct OperationOrigin<'d> {
    /// The origin of each parameter, in order.
    pub parameters: Vec<ParameterOrigin<'d>>,
    /// The first media type of the body, with its pointer.
    pub body: Option<(&'d MediaType, Pointer)>,
    /// The operation in the document.
    pub source: OperationEntry<'d>,
}

/// The origin of a parameter.
pub(crate) struct ParameterOrigin<'d> {
    /// The example in the document.
    pub given: Option<&'d Json>,
    pub schema: Option<SchemaNode<'d>>,
    /// The parameter in the document.
    pub source: &'d Parameter,
}
