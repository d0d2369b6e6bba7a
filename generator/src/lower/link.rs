//! Links to other operations, for the docs.

use std::collections::{BTreeMap, HashMap};

use openapiv3::LinkOperation;
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code, nearest};
use crate::document::OperationEntry;
use crate::ident::MethodName;
use crate::ir::Link;
use crate::pointer::Pointer;

use super::group::{DocumentedLink, Group, Links};
use super::lowering::Lowering;

impl<'d> Lowering<'d, '_> {
    /// Returns the links of an operation's responses.
    pub(super) fn declared_links(&self, entry: &OperationEntry<'d>) -> Links<'d> {
        let mut links = Vec::new();
        for (code, at, response) in entry.responses() {
            let Some((response, at)) = self.context.document.resolve(response, at) else {
                continue;
            };
            for (name, link) in &response.links {
                let at = at.child("links").child(name);
                if let Some((link, at)) = self.context.document.resolve(link, at) {
                    links.push(DocumentedLink {
                        code: code.clone(),
                        name,
                        link,
                        at,
                    });
                }
            }
        }
        Links {
            pointer: entry.pointer.clone(),
            id: entry.operation.operation_id.as_deref(),
            responses: links,
        }
    }

    /// Sets the links of each operation, once all methods have names.
    pub(super) fn resolve_links(&mut self, groups: &mut [Group<'d>]) {
        let mut by_id: BTreeMap<&'d str, MethodName> = BTreeMap::new();
        let mut by_pointer: HashMap<Pointer, MethodName> = HashMap::new();
        for group in &*groups {
            for (operation, links) in group.done.operations.iter().zip(&group.links) {
                let Links { pointer, id, .. } = links;
                let name = &operation.method_name;
                by_pointer.insert(pointer.clone(), name.clone());
                if let Some(id) = id {
                    by_id.insert(id, name.clone());
                }
            }
        }
        for group in groups {
            for (operation, links) in group.done.operations.iter_mut().zip(&group.links) {
                let links = links.responses.iter();
                operation.links = links
                    .map(|found| {
                        let DocumentedLink {
                            code,
                            name,
                            link,
                            at,
                        } = found;
                        let (target, wire_target) = match &link.operation {
                            LinkOperation::OperationId(id) => {
                                let target = by_id.get(id.as_str());
                                // An empty `operationId` was already reported.
                                if target.is_none() && !id.is_empty() {
                                    self.findings.push(unknown_operation(id, at, &by_id));
                                }
                                (target, id)
                            }
                            LinkOperation::OperationRef(reference) => {
                                let pointer = Pointer::from_reference(reference);
                                (
                                    pointer.and_then(|pointer| by_pointer.get(&pointer)),
                                    reference,
                                )
                            }
                        };
                        Link {
                            name: (*name).to_owned(),
                            status: code.clone(),
                            target: target.cloned(),
                            wire_target: wire_target.clone(),
                            values: values(link),
                            server: link.server.as_ref().map(|server| server.url.clone()),
                            description: link.description.clone(),
                        }
                    })
                    .collect();
            }
        }
    }
}

fn unknown_operation(id: &str, at: &Pointer, known: &BTreeMap<&str, MethodName>) -> Diagnostic {
    let message = format!("no operation has the operationId `{id}`");
    let finding = Diagnostic::warning(code::UNKNOWN_OPERATION, at.child("operationId"), message);
    finding.help(match nearest(id, known.keys().copied()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => "name an `operationId` of this document, or use `operationRef`".to_owned(),
    })
}

/// Returns the parameters and the body of a link, each with its value.
fn values(link: &openapiv3::Link) -> Vec<(String, String)> {
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        value => value.to_string(),
    };
    let parameters = link.parameters.iter();
    let mut values: Vec<_> = parameters
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    if let Some(body) = &link.request_body {
        values.push(("body".to_owned(), text(body)));
    }
    values
}
