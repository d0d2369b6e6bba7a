//! Response headers.

use super::name::{Docs, Name};
use super::types::Type;
use crate::ident::MethodName;

/// A response header.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResponseHeader {
    /// The name; the accessor.
    pub name: Name<MethodName>,
    /// The type.
    pub ty: Type,
    /// The deserialization.
    pub codec: HeaderCodec,
    /// `required`
    pub required: bool,
    /// The documentation.
    pub docs: Docs,
    /// `deprecated`
    pub deprecated: bool,
}

/// The deserialization of a response header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeaderCodec {
    /// Text in the style `simple`.
    Text,
    /// JSON (`content`).
    Json,
}
