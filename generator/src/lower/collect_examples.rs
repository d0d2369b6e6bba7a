//! Collects the examples of the document, each with the type that reads it.

use indexmap::IndexMap;
use openapiv3::{Example, MediaType, ReferenceOr};
use serde_json::Value as Json;

use crate::document::{SchemaNode, SchemaType, carried};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::documented_example::DocumentedExample;
use super::lowering::Lowering;
use super::media_type::is_json;

impl<'d> Lowering<'d, '_> {
    /// Records the examples of a parameter or header.
    pub(super) fn note_examples(
        &mut self,
        example: Option<&'d Json>,
        named: &'d IndexMap<String, ReferenceOr<Example>>,
        at: &Pointer,
        ty: &Type,
        node: &SchemaNode<'d>,
    ) {
        self.note_those(example, named, at, (ty, node), |_| true);
    }

    fn note_those(
        &mut self,
        example: Option<&'d Json>,
        named: &'d IndexMap<String, ReferenceOr<Example>>,
        at: &Pointer,
        (ty, node): (&Type, &SchemaNode<'d>),
        counts: impl Fn(&Json) -> bool,
    ) {
        let mut add = |at: Pointer, value: &'d Json, words: Option<&'d str>| {
            if counts(value) {
                self.deferred.examples.add(DocumentedExample {
                    at,
                    value,
                    words,
                    ty: ty.clone(),
                    nodes: vec![node.clone()],
                });
            }
        };
        if let Some(value) = example {
            add(at.child("example"), value, None);
        }
        let at = at.child("examples");
        for (name, example) in named {
            let Some((example, at)) = self.context.document.resolve(example, at.child(name)) else {
                continue;
            };
            let value = example.value.as_ref().map(|value| ("value", value));
            let data = || Some(("dataValue", carried(&example.extensions, "dataValue")?));
            if let Some((key, value)) = value.or_else(data) {
                let words = example.summary.as_ref().or(example.description.as_ref());
                add(at.child(key), value, words.map(String::as_str));
            }
        }
    }

    /// Records the examples of response and body components that no operation refers to.
    pub(super) fn unused_examples(&mut self) {
        let Some(components) = &self.context.document.api().components else {
            return;
        };
        let at = Pointer::root().child("components");
        let responses = components.responses.iter().filter_map(|(name, node)| {
            let at = at.child("responses").child(name).child("content");
            Some((at, &node.as_item()?.content))
        });
        let bodies = components.request_bodies.iter().filter_map(|(name, node)| {
            let at = at.child("requestBodies").child(name).child("content");
            Some((at, &node.as_item()?.content))
        });
        for (at, content) in responses.chain(bodies) {
            for (name, media_type) in content {
                let at = at.child(name);
                let node = media_type.schema.as_ref();
                let node = node.map(|schema| self.context.document.node(schema));
                let target = node.as_ref().and_then(SchemaNode::reference);
                let path = target.and_then(|target| self.types.of_schema(&target));
                if let (Some(node), Some(path)) = (&node, path) {
                    let ty = Type::Named(path.clone());
                    self.media_type_examples(media_type, &at, &ty, node);
                }
            }
        }
    }

    /// Records the examples of a media type.
    pub(super) fn media_type_examples(
        &mut self,
        media_type: &'d MediaType,
        at: &Pointer,
        ty: &Type,
        node: &SchemaNode<'d>,
    ) {
        // The example of a form may be its text.
        let is_json = at.last().is_some_and(|name| is_json(&name));
        let counts = |value: &Json| is_json || *ty == Type::String || !value.is_string();
        let (example, named) = (media_type.example.as_ref(), &media_type.examples);
        self.note_those(example, named, at, (ty, node), counts);
    }

    /// Records the examples of a text media type, if its schema is a string.
    pub(super) fn text_examples(&mut self, media_type: &'d MediaType, at: &Pointer) {
        let Some(schema) = &media_type.schema else {
            return;
        };
        let node = self.context.document.node(schema);
        let kind = node.follow().and_then(|view| view.inferred_type());
        if kind == Some(SchemaType::String) {
            self.media_type_examples(media_type, at, &Type::String, &node);
        }
    }
}
