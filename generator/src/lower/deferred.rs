//! The queues of the checks that need all types.

use serde_json::Value as Json;

use crate::document::SchemaNode;
use crate::ident::FieldName;
use crate::ir::TypePath;
use crate::pointer::Pointer;

use super::documented_example::Examples;

/// The queues of checks that need all types.
#[derive(Debug, Default)]
pub(super) struct Deferred<'d> {
    pub defaults: Vec<DefaultCandidate<'d>>,
    pub examples: Examples<'d>,
}

/// A property's default.
#[derive(Clone, Debug)]
pub(super) struct DefaultCandidate<'d> {
    /// The struct.
    pub owner: TypePath,
    /// The property's field.
    pub field: FieldName,
    /// The default.
    pub value: &'d Json,
    /// The pointer to the default.
    pub at: Pointer,
    /// The schemas of the property.
    pub schemas: Vec<SchemaNode<'d>>,
    /// True if the body of a PATCH can contain the struct.
    pub patch: bool,
    /// True if the property allows null.
    pub nullable: bool,
    /// True if only the server sends the property.
    pub of_server: bool,
}
