//! Links to other operations, for the docs.

use std::collections::{BTreeMap, HashMap};

use openapiv3::LinkOperation;
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code, nearest};
use crate::document::OperationEntry;
use crate::ident::MethodName;
use crate::ir::Link;
use crate::pointer::Pointer;

use super::findings::Findings;
use super::lowering::Lowering;
use super::operation_draft::{DocumentedLink, GroupDraft};

impl<'d> Lowering<'d, '_> {
    /// Returns the links of an operation's responses.
    pub(super) fn declared_links(&self, entry: &OperationEntry<'d>) -> Vec<DocumentedLink<'d>> {
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
        links
    }
}

/// The methods of the operations that a link can refer to.
pub(super) struct LinkTargets<'d> {
    by_id: BTreeMap<&'d str, MethodName>,
    by_pointer: HashMap<Pointer, MethodName>,
}

impl<'d> LinkTargets<'d> {
    pub fn new(groups: &[GroupDraft<'d>]) -> Self {
        let mut targets = Self {
            by_id: BTreeMap::new(),
            by_pointer: HashMap::new(),
        };
        for draft in groups.iter().flat_map(|group| &group.operations) {
            let OperationEntry {
                pointer, operation, ..
            } = &draft.origin.source;
            let name = &draft.method_name;
            targets.by_pointer.insert(pointer.clone(), name.clone());
            if let Some(id) = &operation.operation_id {
                targets.by_id.insert(id, name.clone());
            }
        }
        targets
    }

    /// Returns a link with its target. Reports one to an operation that does not exist.
    pub fn resolve(&self, found: &DocumentedLink<'d>, findings: &mut Findings<'_>) -> Link {
        let DocumentedLink {
            code,
            name,
            link,
            at,
        } = found;
        let (target, wire_target) = match &link.operation {
            LinkOperation::OperationId(id) => {
                let target = self.by_id.get(id.as_str());
                // An empty `operationId` was already reported.
                if target.is_none() && !id.is_empty() {
                    findings.push(unknown_operation(id, at, &self.by_id));
                }
                (target, id)
            }
            LinkOperation::OperationRef(reference) => {
                let pointer = Pointer::from_reference(reference);
                let target = pointer.and_then(|pointer| self.by_pointer.get(&pointer));
                (target, reference)
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
