//! Which schemas are a part of a multipart body: there, binary is a file (wire rule 15).

use std::collections::HashSet;

use crate::document::{Document, Rest, SchemaNode, SchemaType, SchemaView};
use crate::normalize::Version;
use crate::pointer::Pointer;

use super::facets::Facets;

/// The schemas of multipart bodies, and of the parts that they are made of.
#[derive(Debug, Default)]
pub(super) struct MultipartSchemas {
    known: HashSet<Pointer>,
    /// Whether a schema that says nothing of its value means bytes (OpenAPI 3.1, section 4.8.15).
    open_is_binary: bool,
}

impl MultipartSchemas {
    /// Goes through the request bodies of every operation.
    pub fn of(document: &Document) -> Self {
        let mut schemas = Self {
            known: HashSet::new(),
            open_is_binary: document.version() != Version::V3_0,
        };
        for path in document.paths() {
            for entry in document.operations(&path) {
                let Some(body) = &entry.operation.request_body else {
                    continue;
                };
                let at = entry.pointer.child("requestBody");
                let Some((body, at)) = document.resolve(body, at) else {
                    continue;
                };
                for (name, media_type) in &body.content {
                    if let Some(schema) = &media_type.schema
                        && super::response::essence(name).starts_with("multipart/")
                    {
                        let at = at.child("content").child(name).child("schema");
                        schemas.body(document.node(schema, at));
                    }
                }
            }
        }
        schemas
    }

    /// Whether a schema is a multipart body or a part of one.
    pub fn contains(&self, schema: &Pointer) -> bool {
        self.known.contains(schema)
    }

    /// Whether the value of facets is a file: bytes, and a part of a multipart body.
    pub fn is_file(&self, facets: &Facets<'_>, value_type: Option<SchemaType>) -> bool {
        let pointers = facets.parts.iter().map(SchemaView::pointer);
        if !std::iter::once(&facets.at)
            .chain(pointers)
            .any(|pointer| self.contains(pointer))
        {
            return false;
        }
        if facets.parts.iter().any(SchemaView::is_never) {
            return false;
        }
        let encoded = facets.last(SchemaView::content_encoding).is_some();
        let media_type = facets.last(SchemaView::content_media_type);
        match value_type {
            Some(SchemaType::String) => {
                facets.last(SchemaView::format) == Some("binary")
                    || (!encoded && media_type.is_some_and(is_binary))
            }
            None => self.open_is_binary && !encoded && media_type.is_none_or(is_binary),
            Some(_) => false,
        }
    }

    fn body(&mut self, node: SchemaNode<'_>) {
        let mut bodies = vec![node];
        while let Some(node) = bodies.pop() {
            let Some(view) = node.follow() else { continue };
            bodies.extend(view.annotated());
            if !self.known.insert(view.pointer().clone()) {
                continue;
            }
            let facets = Facets::of(&view);
            let branches = facets.unions.iter().flat_map(|union| &union.branches);
            bodies.extend(branches.cloned());
            for node in facets.object().properties.into_values().flatten() {
                self.part(node);
            }
        }
    }

    /// One property: its value, each item of a list, and each branch of a choice is a part.
    fn part(&mut self, node: SchemaNode<'_>) {
        let mut parts = vec![node];
        while let Some(node) = parts.pop() {
            let Some(view) = node.follow() else { continue };
            if !self.known.insert(view.pointer().clone()) {
                continue;
            }
            parts.extend(view.annotated());
            let facets = Facets::of(&view);
            let branches = facets.unions.iter().flat_map(|union| &union.branches);
            parts.extend(branches.cloned());
            let items = facets.parts.iter().map(SchemaView::items);
            parts.extend(items.filter_map(|items| match items {
                Rest::Schema(node) => Some(node),
                Rest::Any | Rest::Closed | Rest::Unsaid => None,
            }));
        }
    }
}

/// Whether a media type is not text, whose characters a string can hold.
fn is_binary(media_type: &str) -> bool {
    !super::response::is_text(media_type) && !super::response::is_json(media_type)
}
