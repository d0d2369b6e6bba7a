//! Operations, by their tags.

use crate::document::{OperationEntry, PathEntry};
use crate::ident::{FieldName, ModuleName};
use crate::ir::{Docs, Operation, OperationGroup};

use super::call::Call;
use super::naming::{self, Members};
use super::response::Outcomes;
use super::usage::Usage;
use super::{Lowering, OwnerKey, Place, info};

/// A group of operations, and what its calls are shown with.
pub(super) struct Group<'d> {
    pub done: OperationGroup,
    pub calls: Vec<Call<'d>>,
}

impl<'d> Lowering<'d, '_> {
    /// Every operation of the document's paths, by its first tag.
    pub(super) fn operations(&mut self) -> Vec<Group<'d>> {
        let mut groups: Vec<Group<'d>> = Vec::new();
        for path in self.document.paths() {
            for entry in self.document.operations(&path) {
                let tag = entry
                    .operation
                    .tags
                    .first()
                    .map_or("default", String::as_str);
                let (operation, call) = self.operation(&path, &entry);
                let position = groups.iter().position(|group| group.done.title == tag);
                let position = position.unwrap_or_else(|| {
                    let module: ModuleName = self.names.group(tag);
                    let docs = Docs {
                        description: self.tag_description(tag),
                        ..Docs::default()
                    };
                    let done = OperationGroup {
                        module,
                        title: tag.to_owned(),
                        docs,
                        operations: Vec::new(),
                    };
                    groups.push(Group {
                        done,
                        calls: Vec::new(),
                    });
                    groups.len() - 1
                });
                if let Some(group) = groups.get_mut(position) {
                    group.done.operations.push(operation);
                    group.calls.push(call);
                }
            }
        }
        groups
    }

    fn tag_description(&self, tag: &str) -> Option<String> {
        self.document
            .api()
            .tags
            .iter()
            .find(|known| known.name == tag)?
            .description
            .clone()
    }

    fn operation(
        &mut self,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
    ) -> (Operation, Call<'d>) {
        let OperationEntry {
            method,
            pointer,
            operation,
        } = entry;
        let unnamed = || naming::unnamed_operation(method, path.path);
        let text = operation
            .operation_id
            .clone()
            .filter(|id| !id.trim().is_empty())
            .unwrap_or_else(unnamed);
        let method_name = self.names.method(&text);
        let type_name = self.names.operation_type(&text);
        let owner = OwnerKey::Operation(method_name.as_str().trim_start_matches("r#").to_owned());
        let sent = if *method == "PATCH" {
            Usage::PATCH
        } else {
            Usage::SENT
        };
        let request = Place {
            owner: owner.clone(),
            hint: String::new(),
            usage: sent,
        };
        let mut members = Members::<FieldName>::default();
        let (parameters, shown) = self.parameters(path, entry, &request, &mut members);
        let body = operation.request_body.as_ref().and_then(|body| {
            self.body(
                body,
                &pointer.child("requestBody"),
                &request.named("request body"),
                |lowering| lowering.names.operation_type(&format!("{text} body")),
            )
        });
        let (body, body_source) = body.map_or((None, None), |(body, source)| (Some(body), source));
        let response = Place {
            usage: Usage::READ,
            ..request
        };
        let Outcomes { success, failure } = self.outcomes(
            &operation.responses,
            &pointer.child("responses"),
            &response,
            type_name.as_str(),
            method,
        );
        let own_servers = if operation.servers.is_empty() {
            &path.item.servers
        } else {
            &operation.servers
        };
        let wire_name = operation
            .operation_id
            .clone()
            .unwrap_or_else(|| format!("{method} {}", path.path));
        let lowered = Operation {
            wire_name,
            method_name,
            type_name,
            http_method: (*method).to_owned(),
            path: path.path.to_owned(),
            docs: operation_docs(operation, path),
            deprecated: operation.deprecated,
            servers: own_servers.iter().map(info::server).collect(),
            security: info::security(self.document, operation.security.as_ref()),
            parameters,
            body,
            success,
            failure,
            example: None,
        };
        (
            lowered,
            Call {
                parameters: shown,
                body: body_source,
            },
        )
    }
}

fn operation_docs(operation: &openapiv3::Operation, path: &PathEntry<'_>) -> Docs {
    let text = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let notes = operation
        .external_docs
        .iter()
        .map(|docs| format!("See <{}>", docs.url))
        .collect();
    Docs {
        summary: text(&operation.summary).or_else(|| text(&path.item.summary)),
        description: text(&operation.description).or_else(|| text(&path.item.description)),
        notes,
    }
}
