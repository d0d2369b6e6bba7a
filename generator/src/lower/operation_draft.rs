//! Operations before all types and methods are known.

use indexmap::IndexSet;

use crate::ident::{MethodName, ModuleName, TypeName};
use crate::ir::{
    Body, Docs, IdempotencyKey, Link, Operation, Outcome, PageCode, Pagination, Parameter,
    Requirement, Server, Stream, StreamItem, Webhook,
};
use crate::pointer::Pointer;

use super::origins::OperationOrigin;

/// The operations of a tag.
pub(super) struct GroupDraft<'d> {
    pub module: ModuleName,
    pub title: String,
    pub docs: Docs,
    pub operations: Vec<OperationDraft<'d>>,
    pub others: IndexSet<(ModuleName, TypeName)>,
}

/// An operation, without the fields that depend on types or on other operations.
pub(super) struct OperationDraft<'d> {
    pub wire_name: String,
    pub method_name: MethodName,
    pub type_name: TypeName,
    pub http_method: String,
    pub path: String,
    pub docs: Docs,
    pub deprecated: bool,
    pub servers: Vec<Server>,
    pub security: Vec<Requirement>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub idempotency_key: Option<IdempotencyKey>,
    pub outcomes: Outcomes,
    pub callbacks: Vec<Webhook>,
    pub pagination: Option<Pagination>,
    pub stream: Option<StreamDraft>,
    pub links: Vec<DocumentedLink<'d>>,
    pub origin: OperationOrigin<'d>,
}

/// The outcomes of an operation, and what concerns all of its responses.
pub(super) struct Outcomes {
    pub success: Outcome,
    pub failure: Outcome,
    /// The value of the `Accept` header.
    pub accept: String,
    /// The name of the type that reads response headers.
    pub headers_name: Option<TypeName>,
}

/// A stream without the field that selects it.
pub(super) struct StreamDraft {
    pub media_type: String,
    pub item: StreamItem,
    pub terminator: Option<String>,
    /// The property of the body that an extension names.
    pub switch: Option<String>,
    pub decided_by: Option<String>,
}

/// A link of a response, with its location.
pub(super) struct DocumentedLink<'d> {
    /// The status of the response.
    pub code: String,
    /// The key in `links`.
    pub name: &'d str,
    pub link: &'d openapiv3::Link,
    pub at: Pointer,
}

/// The fields of an operation that depend on types or on other operations.
pub(super) struct LateFields {
    pub page_code: Result<PageCode, String>,
    pub stream: Option<Stream>,
    pub stream_switch: Option<String>,
    pub links: Vec<Link>,
}

impl<'d> OperationDraft<'d> {
    /// Returns the complete operation and its origin.
    pub fn complete(self, late: LateFields) -> (Operation, OperationOrigin<'d>) {
        let LateFields {
            page_code,
            stream,
            stream_switch,
            links,
        } = late;
        let Outcomes {
            success,
            failure,
            accept,
            headers_name,
        } = self.outcomes;
        let operation = Operation {
            wire_name: self.wire_name,
            method_name: self.method_name,
            type_name: self.type_name,
            http_method: self.http_method,
            path: self.path,
            docs: self.docs,
            deprecated: self.deprecated,
            servers: self.servers,
            security: self.security,
            parameters: self.parameters,
            body: self.body,
            idempotency_key: self.idempotency_key,
            success,
            failure,
            accept,
            headers_name,
            callbacks: self.callbacks,
            links,
            pagination: self.pagination,
            page_code,
            stream,
            stream_switch,
        };
        (operation, self.origin)
    }
}
