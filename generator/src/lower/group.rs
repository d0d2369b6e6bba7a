//! The operations of a tag while they are lowered.

use std::collections::HashSet;

use crate::ident::{ModuleName, TypeName};
use crate::ir::OperationGroup;
use crate::pointer::Pointer;

use super::origins::OperationOrigin;

/// A group of operations, with their origins.
pub(super) struct Group<'d> {
    pub done: OperationGroup,
    pub origins: Vec<OperationOrigin<'d>>,
    /// The links of the responses of each operation.
    pub links: Vec<Links<'d>>,
    /// The entries of `others`, to avoid duplicates.
    pub known: HashSet<(ModuleName, TypeName)>,
}

/// The data to resolve and show the links of an operation.
pub(super) struct Links<'d> {
    /// The pointer to the operation.
    pub pointer: Pointer,
    /// The `operationId` of the operation.
    pub id: Option<&'d str>,
    /// The links, in order of the responses.
    pub responses: Vec<DocumentedLink<'d>>,
}

/// A link with its location.
pub(super) struct DocumentedLink<'d> {
    /// The status of the response.
    pub code: String,
    /// The key in `links`.
    pub name: &'d str,
    pub link: &'d openapiv3::Link,
    pub at: Pointer,
}
