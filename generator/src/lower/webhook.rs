//! Lowers webhooks and callbacks: requests that the API sends. Their requests are read and the
//! answers are sent.

use crate::diagnostic::{Diagnostic, code};
use crate::document::{OperationEntry, PathEntry};
use crate::ident::{FieldName, TypeName};
use crate::ir::Webhook;
use crate::output_limits;
use crate::pointer::Pointer;

use super::directions::Directions;
use super::inline_site::{InlineSite, OwnerKey};
use super::lowering::Lowering;
use super::naming::Members;
use super::operation::operation_docs;
use super::response_draft::with_names;

/// Maximum depth of nested callbacks.
const MOST_NESTED: usize = 50;

/// The name of a webhook or callback.
struct Called {
    /// The key in the document.
    wire_name: String,
    /// The text for the name of the type.
    text: String,
    /// For a callback, the expression of its URL.
    url: Option<String>,
}

impl<'d> Lowering<'d, '_> {
    /// Returns the webhooks of the document.
    pub(super) fn lower_webhooks(&mut self) -> Vec<Webhook> {
        let mut webhooks = Vec::new();
        for path in self.context.document.webhooks() {
            let entries: Vec<_> = self.context.document.operations(&path).collect();
            for entry in &entries {
                let called = Called {
                    wire_name: path.path.to_owned(),
                    text: with_method(path.path, entry, entries.len()),
                    url: None,
                };
                webhooks.push(self.lower_webhook(&path, entry, called));
            }
        }
        webhooks
    }

    /// Returns the callbacks of an operation with the type `name`, including nested ones.
    pub(super) fn lower_callbacks(
        &mut self,
        operation: &OperationEntry<'d>,
        name: &TypeName,
    ) -> Vec<Webhook> {
        self.lower_nested_callbacks(operation, name, &mut Vec::new())
    }

    /// Returns the callbacks of an operation. `open` holds the callbacks on the current path, to
    /// include a recursive one only once.
    fn lower_nested_callbacks(
        &mut self,
        operation: &OperationEntry<'d>,
        name: &TypeName,
        open: &mut Vec<Pointer>,
    ) -> Vec<Webhook> {
        let mut webhooks = Vec::new();
        for (key, items) in self.context.document.callbacks(operation) {
            for path in &items {
                let entries: Vec<_> = self.context.document.operations(path).collect();
                for entry in &entries {
                    if open.contains(&entry.pointer) || !self.may_nest(&entry.pointer, open.len()) {
                        continue;
                    }
                    let own = with_method(key, entry, entries.len());
                    let called = Called {
                        wire_name: key.to_owned(),
                        text: format!("{name} {own}"),
                        url: Some(path.path.to_owned()),
                    };
                    let webhook = self.lower_webhook(path, entry, called);
                    let name = webhook.type_name.clone();
                    webhooks.push(webhook);
                    open.push(entry.pointer.clone());
                    webhooks.extend(self.lower_nested_callbacks(entry, &name, open));
                    open.pop();
                }
            }
        }
        webhooks
    }

    /// Returns `true` if there is budget for a callback at a depth, since nested callbacks can
    /// multiply.
    fn may_nest(&mut self, at: &Pointer, depth: usize) -> bool {
        if depth < MOST_NESTED {
            return self.charge(at, output_limits::PARTS_OF_A_WEBHOOK);
        }
        let message = format!("callbacks are nested more than {MOST_NESTED} deep");
        self.findings.push(
            Diagnostic::error(code::TOO_DEEP, at, message)
                .label("the limit is reached here")
                .help("remove callbacks of callbacks"),
        );
        false
    }

    /// Returns the name of a type of a webhook or of a callback, which is in the module of its
    /// operation.
    fn arriving_type(&mut self, text: &str, is_callback: bool) -> TypeName {
        if is_callback {
            self.names.operation_type(text)
        } else {
            self.names.webhook_type(text)
        }
    }

    fn lower_webhook(
        &mut self,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
        called: Called,
    ) -> Webhook {
        let Called {
            wire_name,
            text,
            url,
        } = called;
        let OperationEntry {
            method,
            pointer,
            operation,
        } = entry;
        let is_callback = url.is_some();
        let type_name = self.arriving_type(&text, is_callback);
        let kind = if is_callback { "callback" } else { "webhook" };
        let arriving = InlineSite {
            owner: OwnerKey::Operation(format!("{text} {kind}")),
            hint: String::new(),
            directions: Directions::READ,
        };
        let mut members = Members::<FieldName>::default();
        let (parameters, ..) = self.lower_parameters(path, entry, &arriving, &mut members);
        let is_alone = parameters.is_empty();
        let body = operation.request_body.as_ref().and_then(|body| {
            self.lower_body(
                body,
                &pointer.child("requestBody"),
                &arriving.named("body"),
                |lowering| {
                    if is_alone {
                        type_name.clone()
                    } else {
                        lowering.arriving_type(&format!("{text} body"), is_callback)
                    }
                },
            )
        });
        let answered = InlineSite {
            directions: Directions::SENT,
            ..arriving
        };
        let answers =
            self.lower_cases(&operation.responses, &pointer.child("responses"), &answered);
        let answers = with_names(answers);
        let answer_type = (!answers.is_empty())
            .then(|| self.arriving_type(&format!("{text} answer"), is_callback));
        Webhook {
            wire_name,
            type_name,
            http_method: (*method).to_owned(),
            url,
            docs: operation_docs(self.context.document, entry, path),
            deprecated: operation.deprecated,
            parameters,
            body: body.map(|(body, _)| body),
            answer_type,
            answers,
        }
    }
}

/// Returns the key, with the method if the key has several.
fn with_method(key: &str, entry: &OperationEntry<'_>, count: usize) -> String {
    if count > 1 {
        format!("{key} {}", entry.method.to_lowercase())
    } else {
        key.to_owned()
    }
}
