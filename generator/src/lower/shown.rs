//! What the document's own examples say against its formats (wire rule 4).

use std::collections::HashMap;

use openapiv3::{Content, Example, MediaType, ReferenceOr};
use serde_json::Value as Json;

use crate::document::{Document, Rest, SchemaNode};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::default_value::fits;
use super::facets::Facets;
use super::usage::children;

/// More schemas than this for one value come from compositions that hold themselves.
const MOST_SCHEMAS: usize = 64;

/// The text schemas whose format one of the document's examples does not keep to.
#[derive(Debug, Default)]
pub(super) struct Shown {
    offenders: HashMap<Pointer, String>,
}

impl Shown {
    /// Compares every example of the document with the schemas that it is an example of.
    pub fn of(document: &Document) -> Self {
        let mut shown = Self::default();
        for (_, node) in document.schemas() {
            shown.schema(&node);
        }
        for path in document.paths() {
            for entry in document.operations(&path) {
                if let Some(body) = &entry.operation.request_body
                    && let Some((body, at)) =
                        document.resolve(body, entry.pointer.child("requestBody"))
                {
                    shown.content(document, &body.content, &at.child("content"));
                }
                let responses = &entry.operation.responses;
                for node in responses.responses.values().chain(&responses.default) {
                    if let Some((response, at)) =
                        document.resolve(node, entry.pointer.child("responses"))
                    {
                        shown.content(document, &response.content, &at.child("content"));
                    }
                }
            }
        }
        shown
    }

    /// The example that does not keep to the format of a schema.
    pub fn offender(&self, schema: &Pointer) -> Option<&str> {
        self.offenders.get(schema).map(String::as_str)
    }

    fn content(&mut self, document: &Document, content: &Content, at: &Pointer) {
        for (name, media_type) in content {
            let Some(schema) = &media_type.schema else {
                continue;
            };
            let node = document.node(schema, at.child(name).child("schema"));
            for example in examples(document, media_type, &at.child(name)) {
                self.compare(&node, &example);
            }
            self.schema(&node);
        }
    }

    /// The examples that stand in a schema, and in those inside it.
    fn schema(&mut self, node: &SchemaNode<'_>) {
        let mut queue = vec![node.clone()];
        while let Some(node) = queue.pop() {
            let Some(view) = node.inline() else { continue };
            for example in view
                .examples()
                .into_iter()
                .filter(|example| !example.is_string())
            {
                self.compare(&node, example);
            }
            queue.extend(children(&view));
        }
    }

    fn compare(&mut self, node: &SchemaNode<'_>, example: &Json) {
        let mut queue = vec![(node.clone(), example)];
        while let Some((node, value)) = queue.pop() {
            let mut nodes = vec![node];
            let mut seen = 0;
            while let Some(node) = nodes.pop() {
                seen += 1;
                let Some(view) = node.follow().filter(|_| seen <= MOST_SCHEMAS) else {
                    continue;
                };
                let facets = Facets::of(&view);
                nodes.extend(
                    facets
                        .unions
                        .iter()
                        .flat_map(|union| union.branches.iter().cloned()),
                );
                match value {
                    Json::String(text) => {
                        for part in &facets.parts {
                            if part
                                .format()
                                .and_then(checked)
                                .is_some_and(|ty| !fits(&ty, text))
                            {
                                self.offenders
                                    .entry(part.pointer().clone())
                                    .or_insert_with(|| text.clone());
                            }
                        }
                    }
                    Json::Array(items) => {
                        for part in &facets.parts {
                            if let Rest::Schema(item) = part.items() {
                                queue.extend(items.iter().map(|value| (item.clone(), value)));
                            }
                        }
                    }
                    Json::Object(members) => {
                        let object = facets.object();
                        for (name, value) in members {
                            match (object.properties.get(name.as_str()), &object.additional) {
                                (Some(nodes), _) => {
                                    queue.extend(nodes.iter().map(|node| (node.clone(), value)));
                                }
                                (None, Rest::Schema(node)) => queue.push((node.clone(), value)),
                                (None, _) => {}
                            }
                        }
                    }
                    Json::Null | Json::Bool(_) | Json::Number(_) => {}
                }
            }
        }
    }
}

fn examples(document: &Document, media_type: &MediaType, at: &Pointer) -> Vec<Json> {
    let named =
        media_type
            .examples
            .iter()
            .filter_map(|(name, example): (_, &ReferenceOr<Example>)| {
                document
                    .resolve(example, at.child("examples").child(name))?
                    .0
                    .value
                    .clone()
            });
    media_type.example.iter().cloned().chain(named).collect()
}

/// The type of a format that not every text is of.
fn checked(format: &str) -> Option<Type> {
    Some(match format {
        "uuid" => Type::Uuid,
        "date" => Type::Date,
        "date-time" => Type::DateTime,
        "byte" => Type::Base64,
        _ => return None,
    })
}
