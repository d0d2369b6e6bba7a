//! Remedies: the changes by which the generator continues after a fault in the document.

use std::fmt;

use serde_json::{Value, json};

use crate::pointer::Pointer;

/// The part of a document that a fault affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The whole document. Nothing is generated.
    Document,
    /// A path and all of its operations.
    Path,
    /// An operation.
    Operation,
    /// A request body.
    RequestBody,
    /// A parameter.
    Parameter,
    /// A response of an operation.
    Response,
    /// A media type of a body.
    MediaType,
    /// A header of a response or of a part.
    Header,
    /// A security scheme, or an alternative of a security requirement.
    Security,
    /// A server, or a variable of one.
    Server,
    /// A schema.
    Schema,
    /// A property of a schema.
    Property,
    /// A keyword of a schema, or a field of another object.
    Keyword,
    /// A link or a callback.
    Link,
    /// An example.
    Example,
    /// A description, a title or another text for readers.
    Annotation,
}

impl Scope {
    /// Returns the name in `--message-format json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Path => "path",
            Self::Operation => "operation",
            Self::RequestBody => "request-body",
            Self::Parameter => "parameter",
            Self::Response => "response",
            Self::MediaType => "media-type",
            Self::Header => "header",
            Self::Security => "security",
            Self::Server => "server",
            Self::Schema => "schema",
            Self::Property => "property",
            Self::Keyword => "keyword",
            Self::Link => "link",
            Self::Example => "example",
            Self::Annotation => "annotation",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A change to a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Removes a member of an object, or an item of a list.
    Remove(Pointer),
    /// Replaces a node, or adds it to an existing object or list.
    Set(Pointer, Value),
}

impl Edit {
    /// Returns the node that changes.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        match self {
            Self::Remove(pointer) | Self::Set(pointer, _) => pointer,
        }
    }
}

/// A change of the document by which the generator continues after a fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The part that the fault affects.
    pub scope: Scope,
    /// The effect on the crate, as a clause: "the parameter `limit` is left out".
    pub effect: String,
    /// The changes, in their order.
    pub edits: Vec<Edit>,
    /// The affected operations, such as `GET /pets`; only the first ones if there are very many.
    pub affected: Vec<String>,
    /// The total number of affected operations.
    pub affected_count: usize,
    /// The overlay actions that make the same changes; empty if an overlay cannot.
    pub overlay: Vec<OverlayAction>,
}

/// An action of an overlay (OpenAPI Overlay Specification 1.1, section 4.4.3).
#[derive(Clone, Debug, PartialEq)]
pub struct OverlayAction {
    /// The JSONPath of the node.
    pub target: String,
    /// The value to merge with the node; `None` removes the node.
    pub update: Option<Value>,
}

impl fmt::Display for OverlayAction {
    /// Writes the action as JSON, which is also YAML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = match &self.update {
            Some(update) => json!({ "target": self.target, "update": update }),
            None => json!({ "target": self.target, "remove": true }),
        };
        action.fmt(f)
    }
}

impl Remedy {
    /// Creates a remedy with one change.
    pub fn new(scope: Scope, edit: Edit, effect: impl Into<String>) -> Self {
        Self::with_edits(scope, vec![edit], effect)
    }

    /// Creates a remedy with several changes, in order.
    pub fn with_edits(scope: Scope, edits: Vec<Edit>, effect: impl Into<String>) -> Self {
        Self {
            scope,
            effect: effect.into(),
            edits,
            affected: Vec::new(),
            affected_count: 0,
            overlay: Vec::new(),
        }
    }

    /// Creates a remedy that a stage has applied itself, without a change to the document.
    pub fn without_edits(scope: Scope, effect: impl Into<String>) -> Self {
        Self::with_edits(scope, Vec::new(), effect)
    }
}
