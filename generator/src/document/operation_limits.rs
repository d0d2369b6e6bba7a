//! Checks the limits on the lists of each operation, and on all operations together. Shared parts
//! count for each operation: a response that a thousand operations refer to is generated a thousand
//! times.

use openapiv3::{
    Content, Header, Link, Parameter, ParameterSchemaOrContent, PathItem, ReferenceOr, RequestBody,
    Response, SecurityRequirement, Server,
};

use super::{Document, OperationEntry};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::output_limits::{LONGEST_LIST, OPERATION_PARTS, PARTS_OF_AN_OPERATION, TEXT_OF_A_PART};
use crate::pointer::Pointer;

/// Reports exceeded limits. Returns `true` if there is one.
pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) -> bool {
    let mut extent = Extent {
        document,
        diagnostics,
        parts: 0,
        is_beyond: false,
    };
    extent.root();
    for path in document.paths().chain(document.webhooks()) {
        let at = path.pointer.clone();
        let shared = extent.shared(path.item, &at);
        for entry in document.operations(&path) {
            extent.operation(&entry, shared);
        }
    }
    let Extent {
        parts, is_beyond, ..
    } = extent;
    if parts <= OPERATION_PARTS {
        return is_beyond;
    }
    let message = format!(
        "the operations have {parts} parts in total, such as parameters, media types, headers and \
         responses, counting shared ones for each operation; the limit is {OPERATION_PARTS}"
    );
    let at = Pointer::root().child("paths");
    diagnostics.push(
        Diagnostic::error(code::TOO_LARGE, at.key(), message)
            .label("too many in total")
            .help("split the document by tags or paths, and generate a crate for each part"),
    );
    true
}

struct Extent<'d, 'r> {
    document: &'d Document,
    diagnostics: &'r mut Diagnostics,
    parts: usize,
    is_beyond: bool,
}

impl Extent<'_, '_> {
    /// Counts the objects at the root of the document.
    fn root(&mut self) {
        let api = self.document.api();
        let root = Pointer::root();
        self.servers(&api.servers, &root);
        self.security(api.security.as_deref(), &root);
        if let Some(components) = &api.components {
            let at = root.child("components").child("securitySchemes");
            self.list(components.security_schemes.len(), &at);
        }
    }

    /// Returns the number of parts that each operation of a path item inherits from it.
    fn shared(&mut self, item: &PathItem, at: &Pointer) -> usize {
        self.servers(&item.servers, at);
        let servers = item.servers.len();
        let text = text(item.description.as_deref());
        servers + text + self.parameters(&item.parameters, at)
    }

    fn operation(&mut self, entry: &OperationEntry<'_>, shared: usize) {
        let (operation, at) = (entry.operation, &entry.pointer);
        let mut parts = shared + PARTS_OF_AN_OPERATION + text(operation.description.as_deref());
        parts += self.parameters(&operation.parameters, at);
        if let Some(body) = &operation.request_body {
            let at = at.child("requestBody");
            if let Some((body, at)) = self.document.resolve(body, at) {
                let RequestBody {
                    description,
                    content,
                    ..
                } = body;
                parts += text(description.as_deref()) + self.content(content, &at);
            }
        }
        for (_, at, response) in entry.responses() {
            if let Some((response, at)) = self.document.resolve(response, at) {
                parts += 1 + self.response(response, &at);
            }
        }
        self.servers(&operation.servers, at);
        self.security(operation.security.as_deref(), at);
        self.list(operation.tags.len(), &at.child("tags"));
        let api = self.document.api();
        let alternatives = operation.security.as_ref().or(api.security.as_ref());
        let alternatives = alternatives.into_iter().flatten();
        let scopes = alternatives.flat_map(|one| one.values().map(|scopes| 1 + scopes.len()));
        parts += operation.servers.len() + operation.tags.len() + scopes.sum::<usize>();
        self.parts = self.parts.saturating_add(parts);
    }

    fn parameters(&mut self, list: &[ReferenceOr<Parameter>], at: &Pointer) -> usize {
        let at = at.child("parameters");
        self.list(list.len(), &at);
        let mut parts = list.len();
        for (index, parameter) in list.iter().enumerate() {
            let at = at.child(index);
            if let Some((parameter, _)) = self.document.resolve(parameter, at) {
                let data = parameter.parameter_data_ref();
                parts += text(data.description.as_deref());
                if let ParameterSchemaOrContent::Content(content) = &data.format {
                    parts += content.len();
                }
            }
        }
        parts
    }

    fn response(&mut self, response: &Response, at: &Pointer) -> usize {
        let Response {
            description,
            headers,
            content,
            links,
            ..
        } = response;
        let headers: &indexmap::IndexMap<String, ReferenceOr<Header>> = headers;
        let links: &indexmap::IndexMap<String, ReferenceOr<Link>> = links;
        self.list(headers.len(), &at.child("headers"));
        self.list(links.len(), &at.child("links"));
        let mut parts = text(Some(description)) + headers.len() + links.len();
        for (name, header) in headers {
            let at = at.child("headers").child(name);
            if let Some((header, _)) = self.document.resolve(header, at) {
                parts += text(header.description.as_deref());
            }
        }
        parts + self.content(content, at)
    }

    fn content(&mut self, content: &Content, at: &Pointer) -> usize {
        let at = at.child("content");
        self.list(content.len(), &at);
        content.len()
    }

    fn servers(&mut self, servers: &[Server], at: &Pointer) {
        let at = at.child("servers");
        self.list(servers.len(), &at);
        for (index, server) in servers.iter().enumerate() {
            let variables = server.variables.as_ref();
            let variables = variables.map_or(0, indexmap::IndexMap::len);
            self.list(variables, &at.child(index).child("variables"));
        }
    }

    fn security(&mut self, security: Option<&[SecurityRequirement]>, at: &Pointer) {
        let at = at.child("security");
        let alternatives = security.unwrap_or_default();
        self.list(alternatives.len(), &at);
        for (index, alternative) in alternatives.iter().enumerate() {
            self.list(alternative.len(), &at.child(index));
        }
    }

    fn list(&mut self, length: usize, at: &Pointer) {
        if length <= LONGEST_LIST {
            return;
        }
        self.is_beyond = true;
        let name = at.last().unwrap_or_default();
        let message = format!("`{name}` has {length} entries; the limit is {LONGEST_LIST}");
        self.diagnostics.push(
            Diagnostic::error(code::TOO_LARGE, at.key(), message)
                .label("too many entries")
                .help("remove entries that no caller needs"),
        );
    }
}

/// Returns the number of parts that a text counts as.
fn text(text: Option<&str>) -> usize {
    text.map_or(0, str::len) / TEXT_OF_A_PART
}
