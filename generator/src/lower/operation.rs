//! Lowers operations, grouped by tag.

use std::collections::HashMap;

use indexmap::IndexSet;
use openapiv3::{Server, Tag};

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Document, OperationEntry, PathEntry};
use crate::ident::{FieldName, MethodName, ModuleName, TypeName};
use crate::ir::{Body, Docs, Parameter};

use super::directions::Directions;
use super::inline_site::{InlineSite, OwnerKey};
use super::lowering::Lowering;
use super::name_words;
use super::naming::Members;
use super::operation_draft::{GroupDraft, OperationDraft};
use super::origins::OperationOrigin;
use super::{docs, pagination, security, server};

/// The methods that a generated crate can call: those of OpenAPI 3.2, and other methods in `http`.
const METHODS: [&str; 10] = [
    "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY", "CONNECT",
];

/// The groups so far.
struct Groups<'d> {
    list: Vec<GroupDraft<'d>>,
    positions: HashMap<&'d str, usize>,
    /// The Tag Objects by name.
    tags: HashMap<&'d str, &'d Tag>,
}

impl<'d> Groups<'d> {
    fn new(document: &'d Document) -> Self {
        // On duplicates, the first one counts.
        let tags = document.api().tags.iter().rev();
        Self {
            list: Vec::new(),
            positions: HashMap::new(),
            tags: tags.map(|tag| (tag.name.as_str(), tag)).collect(),
        }
    }
}

impl<'d> Lowering<'d, '_> {
    /// Lowers every operation of the document's paths into the group of its first tag. The groups
    /// of its other tags list it.
    pub(super) fn lower_operations(&mut self) -> Vec<GroupDraft<'d>> {
        let mut groups = Groups::new(self.context.document);
        let mut shared: Vec<(&'d str, ModuleName, TypeName)> = Vec::new();
        for path in self.context.document.paths() {
            for entry in self.context.document.operations(&path) {
                let tags = &entry.operation.tags;
                let tag = tags.first().map_or("default", String::as_str);
                let operation = self.lower_operation(&path, &entry);
                let type_name = operation.type_name.clone();
                let Some(group) = self.lower_group(&mut groups, tag, tags.is_empty()) else {
                    continue;
                };
                group.operations.push(operation);
                let module = group.module.clone();
                let others = tags.iter().skip(1).filter(|other| *other != tag);
                shared.extend(
                    others.map(|other| (other.as_str(), module.clone(), type_name.clone())),
                );
            }
        }
        for (tag, module, name) in shared {
            if let Some(group) = self.lower_group(&mut groups, tag, false) {
                group.others.insert((module, name));
            }
        }
        groups.list
    }

    /// Returns the group of a tag, creating it on first use.
    fn lower_group<'g>(
        &mut self,
        groups: &'g mut Groups<'d>,
        tag: &'d str,
        is_untagged: bool,
    ) -> Option<&'g mut GroupDraft<'d>> {
        let Groups {
            list,
            positions,
            tags,
        } = groups;
        let position = *positions.entry(tag).or_insert_with(|| {
            let tag_docs = tags.get(tag).copied();
            let mut docs = tag_docs.map_or_else(Docs::default, docs::of_tag);
            if is_untagged && docs.description.is_none() {
                docs.description = Some("Operations without a tag.".to_owned());
            }
            list.push(GroupDraft {
                module: self.names.group(tag),
                title: tag.to_owned(),
                docs,
                operations: Vec::new(),
                others: IndexSet::new(),
            });
            list.len() - 1
        });
        list.get_mut(position)
    }

    fn check_method(&mut self, method: &str, at: &crate::pointer::Pointer) {
        if !METHODS.contains(&method) {
            let message = format!("the HTTP method `{method}` is not supported");
            self.findings.push(
                Diagnostic::error(code::UNKNOWN_METHOD, at, message)
                    .help(format!("use one of {}", METHODS.join(", "))),
            );
        }
    }

    fn lower_operation(
        &mut self,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
    ) -> OperationDraft<'d> {
        let OperationEntry {
            method,
            pointer,
            operation,
        } = entry;
        self.check_method(method, pointer);
        let text = name_words::operation(entry, path.path);
        let method_name = self.names.method(&text);
        let type_name = self.names.operation_type(&text);
        let site = request_site(method, &method_name);
        let pagination = pagination::decide(
            self.context.document,
            path,
            entry,
            self.findings.diagnostics,
        );
        let (parameters, body, origin) = self.lower_request(path, entry, &site, &text);
        let site = InlineSite {
            directions: Directions::READ,
            ..site
        };
        let described = self.describe_stream(entry);
        let is_streamed = described.is_streamed();
        let outcomes = self.lower_responses(
            &operation.responses,
            &pointer.child("responses"),
            &site,
            type_name.as_str(),
            method,
            is_streamed,
        );
        let stream = self.lower_stream(described, &site);
        let callbacks = self.lower_callbacks(entry, &type_name);
        let document = self.context.document;
        OperationDraft {
            wire_name: wire_name(path, entry),
            method_name,
            type_name,
            http_method: (*method).to_owned(),
            path: path.path.to_owned(),
            docs: request_docs(document, entry, path),
            deprecated: operation.deprecated,
            servers: own_servers(path, entry)
                .iter()
                .map(server::server)
                .collect(),
            security: security::security(document, operation.security.as_ref()),
            parameters,
            body,
            idempotency_key: self.idempotency_key(method, &origin),
            outcomes,
            callbacks,
            pagination,
            stream,
            links: self.declared_links(entry),
            origin,
        }
    }

    /// Returns the parameters and the body of an operation.
    fn lower_request(
        &mut self,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
        site: &InlineSite,
        text: &str,
    ) -> (Vec<Parameter>, Option<Body>, OperationOrigin<'d>) {
        let mut members = Members::<FieldName>::default();
        let (parameters, origins) = self.lower_parameters(path, entry, site, &mut members);
        let body = entry.operation.request_body.as_ref().and_then(|body| {
            self.lower_body(
                body,
                &entry.pointer.child("requestBody"),
                &site.named("request body"),
                |lowering| lowering.names.operation_type(&format!("{text} body")),
            )
        });
        let (body, source) = body.map_or((None, None), |(body, source)| (Some(body), source));
        let origin = OperationOrigin {
            parameters: origins,
            body: source,
            source: entry.clone(),
        };
        (parameters, body, origin)
    }
}

/// Returns the place of the inline schemas of a request.
fn request_site(http_method: &str, method_name: &MethodName) -> InlineSite {
    let name = method_name.as_str().trim_start_matches("r#");
    InlineSite {
        owner: OwnerKey::Operation(name.to_owned()),
        hint: String::new(),
        directions: match http_method {
            "PATCH" => Directions::PATCH,
            _ => Directions::SENT,
        },
    }
}

/// Returns the servers of an operation, or those of its path.
fn own_servers<'d>(path: &PathEntry<'d>, entry: &OperationEntry<'d>) -> &'d [Server] {
    let own = entry.operation.servers.as_slice();
    if own.is_empty() {
        &path.item.servers
    } else {
        own
    }
}

/// Returns `operationId`, or the method and the path.
fn wire_name(path: &PathEntry<'_>, entry: &OperationEntry<'_>) -> String {
    let id = entry.operation.operation_id.clone();
    id.filter(|id| !id.trim().is_empty())
        .unwrap_or_else(|| format!("{} {}", entry.method, path.path))
}

/// Returns the docs of an operation with its scopes and servers.
fn request_docs(document: &Document, entry: &OperationEntry<'_>, path: &PathEntry<'_>) -> Docs {
    let mut docs = operation_docs(document, entry, path);
    let scopes = security::scopes(document, entry.operation.security.as_ref());
    docs.notes.extend(scopes);
    let servers = own_servers(path, entry);
    docs.notes.extend(server::other_servers(servers));
    docs
}

/// Returns the docs of an operation: its own, or those of its path.
pub(super) fn operation_docs(
    document: &Document,
    entry: &OperationEntry<'_>,
    path: &PathEntry<'_>,
) -> Docs {
    let operation = entry.operation;
    let text = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let external = operation.external_docs.iter().map(docs::external);
    let faults = document.faults(&entry.pointer).map(docs::fault);
    let notes = external.chain(faults).collect();
    Docs {
        summary: text(&operation.summary).or_else(|| text(&path.item.summary)),
        description: text(&operation.description).or_else(|| text(&path.item.description)),
        notes,
    }
}
