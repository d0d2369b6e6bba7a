//! Which schemas are files: the binary parts of multipart bodies (wire rule 15).

use std::collections::HashSet;

use crate::document::{Document, Rest, SchemaNode, SchemaView};
use crate::pointer::Pointer;

/// The schemas that are files.
#[derive(Debug, Default)]
pub(super) struct Files {
    files: HashSet<Pointer>,
    seen: HashSet<Pointer>,
}

impl Files {
    /// Goes through every request body of several parts.
    pub fn of(document: &Document) -> Self {
        let mut files = Self::default();
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
                        && name.to_ascii_lowercase().starts_with("multipart/")
                    {
                        let at = at.child("content").child(name).child("schema");
                        files.body(&document.node(schema, at));
                    }
                }
            }
        }
        files
    }

    /// Whether the schema at a pointer is a file.
    pub fn contains(&self, schema: &Pointer) -> bool {
        self.files.contains(schema)
    }

    /// The schema of a body: its properties are parts.
    fn body(&mut self, node: &SchemaNode<'_>) {
        let Some(view) = node.follow() else { return };
        if !self.seen.insert(view.pointer().clone()) {
            return;
        }
        for (_, part) in view.properties() {
            self.part(&part, 0);
        }
        if let Rest::Schema(part) = view.additional_properties() {
            self.part(&part, 0);
        }
        for branch in branches(&view) {
            self.body(&branch);
        }
    }

    /// A part: a file, a list of them, or one of several.
    fn part(&mut self, node: &SchemaNode<'_>, depth: usize) {
        const DEEPEST: usize = 8;
        let Some(view) = node.follow().filter(|_| depth < DEEPEST) else {
            return;
        };
        if is_binary(&view) {
            self.files.insert(view.pointer().clone());
            return;
        }
        if let Rest::Schema(item) = view.items() {
            self.part(&item, depth + 1);
        }
        for branch in branches(&view) {
            self.part(&branch, depth + 1);
        }
    }
}

fn branches<'a>(view: &SchemaView<'a>) -> Vec<SchemaNode<'a>> {
    let mut branches: Vec<SchemaNode<'a>> = Vec::new();
    branches.extend(view.all_of());
    branches.extend(view.any_of());
    branches.extend(view.one_of());
    branches
}

/// `format: binary` (OpenAPI 3.0), or a media type without an encoding (OpenAPI
/// 3.1, section 4.8.14.3).
fn is_binary(view: &SchemaView<'_>) -> bool {
    let is_media = view
        .content_media_type()
        .is_some_and(|media_type| !media_type.starts_with("text/"));
    view.format() == Some("binary") || (is_media && view.content_encoding().is_none())
}
