//! Multipart bodies: their schemas, files, and the serialization of parts (wire rule 15).

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};
use openapiv3::Encoding;

use crate::document::{Document, SchemaNode, SchemaOrBool, SchemaType, SchemaView, Walk};
use crate::ir::Part;
use crate::pointer::Pointer;
use crate::spec::Version;

use super::all_of::MergedSchema;
use super::media_type::{essence, is_json, is_open, is_text, listed};

/// The schemas of multipart bodies and their parts.
#[derive(Debug, Default)]
pub(super) struct MultipartSchemas {
    known: HashSet<Pointer>,
    /// Inline strings whose Encoding Object has a binary media type.
    binary: HashSet<Pointer>,
    /// True if a schema without keywords means bytes (OpenAPI 3.1, section 4.8.15).
    open_is_binary: bool,
}

impl MultipartSchemas {
    /// Collects the schemas from the request bodies of every operation.
    pub fn new(document: &Document) -> Self {
        let mut schemas = Self {
            known: HashSet::new(),
            binary: HashSet::new(),
            open_is_binary: document.version() != Version::V3_0,
        };
        for path in document.paths() {
            for entry in document.operations(&path) {
                let Some(body) = &entry.operation.request_body else {
                    continue;
                };
                let at = entry.pointer.child("requestBody");
                let Some((body, _)) = document.resolve(body, at) else {
                    continue;
                };
                for (name, media_type) in &body.content {
                    if let Some(schema) = &media_type.schema
                        && essence(name).starts_with("multipart/")
                    {
                        let node = document.node(schema);
                        schemas.encodings(&node, &media_type.encoding);
                        schemas.body(node);
                    }
                }
            }
        }
        schemas
    }

    /// Returns `true` if a schema is a multipart body or a part of one.
    pub fn contains(&self, schema: &Pointer) -> bool {
        self.known.contains(schema)
    }

    /// Returns `true` if a schema is a file: binary data in a part of a multipart body.
    pub fn is_file(&self, merged: &MergedSchema<'_>, value_type: Option<SchemaType>) -> bool {
        let pointers = merged.parts.iter().map(SchemaView::pointer);
        if !std::iter::once(&merged.at)
            .chain(pointers)
            .any(|pointer| self.contains(pointer))
        {
            return false;
        }
        if merged.parts.iter().any(SchemaView::is_never) {
            return false;
        }
        let encoded = merged.last(SchemaView::content_encoding).is_some();
        let media_type = merged.last(SchemaView::content_media_type);
        match value_type {
            Some(SchemaType::String) => {
                merged.last(SchemaView::format) == Some("binary")
                    || (!encoded
                        && (media_type.is_some_and(is_binary) || self.binary.contains(&merged.at)))
            }
            None => self.open_is_binary && !encoded && media_type.is_none_or(is_binary),
            Some(_) => false,
        }
    }

    /// Collects the strings that are binary according to their Encoding Object.
    fn encodings(&mut self, node: &SchemaNode<'_>, encodings: &IndexMap<String, Encoding>) {
        for (name, encoding) in encodings {
            let content_type = encoding.content_type.as_deref().unwrap_or_default();
            // Other `application` types may be text.
            if !listed(content_type).any(|name| is_binary(name) && !is_open(name)) {
                continue;
            }
            for part in properties(node)
                .swap_remove(name.as_str())
                .unwrap_or_default()
            {
                let item = part.follow().and_then(|view| view.items().schema());
                // A named schema may be text elsewhere.
                for value in [Some(part), item].into_iter().flatten() {
                    self.binary
                        .extend(value.inline().map(|view| view.pointer().clone()));
                }
            }
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
            let merged = MergedSchema::new(&view);
            let branches = merged.unions.iter().flat_map(|union| &union.branches);
            bodies.extend(branches.cloned());
            for node in merged.object().properties.into_values().flatten() {
                self.part(node);
            }
        }
    }

    /// Collects the parts of a property: its value, each item of a list, and each branch of a
    /// union.
    fn part(&mut self, node: SchemaNode<'_>) {
        let mut parts = vec![node];
        while let Some(node) = parts.pop() {
            let Some(view) = node.follow() else { continue };
            if !self.known.insert(view.pointer().clone()) {
                continue;
            }
            parts.extend(view.annotated());
            let merged = MergedSchema::new(&view);
            let branches = merged.unions.iter().flat_map(|union| &union.branches);
            parts.extend(branches.cloned());
            let items = merged.parts.iter().map(SchemaView::items);
            parts.extend(items.filter_map(SchemaOrBool::schema));
        }
    }
}

/// Returns the properties of a body, including all branches of its unions.
fn properties<'d>(node: &SchemaNode<'d>) -> IndexMap<&'d str, Vec<SchemaNode<'d>>> {
    let mut properties: IndexMap<&str, Vec<SchemaNode<'_>>> = IndexMap::new();
    let mut walk = Walk::new([node.clone()], &[]);
    while let Some(view) = walk.next() {
        let merged = MergedSchema::new(&view);
        let branches = merged.unions.iter().flat_map(|union| &union.branches);
        walk.enter(branches.cloned().rev());
        for (name, nodes) in merged.object().properties {
            properties.entry(name).or_default().extend(nodes);
        }
    }
    properties
}

/// Returns the parts that are not serialized by default.
///
/// The media type is that of the Encoding Object, or `contentMediaType`, or
/// `application/octet-stream` for encoded text. `contentEncoding` is equivalent to a header
/// `Content-Transfer-Encoding` with that value (OpenAPI 3.1.1, section "Content-Transfer-Encoding
/// and contentEncoding"); `format: byte` is its form in OpenAPI 3.0.
pub(super) fn parts(
    node: Option<&SchemaNode<'_>>,
    encodings: &IndexMap<String, Encoding>,
) -> Vec<Part> {
    let properties = node.map(properties).unwrap_or_default();
    let encoded = encodings.keys().map(String::as_str);
    let names: IndexSet<&str> = encoded.chain(properties.keys().copied()).collect();
    let part = |name: &str| {
        let mut nodes = properties.get(name).into_iter().flatten();
        let text = nodes.find_map(Text::new).unwrap_or_default();
        let given = encodings
            .get(name)
            .and_then(|encoding| encoding.content_type.clone());
        let is_encoded = text.encoding.is_some();
        let is_content = is_encoded || given.is_none();
        let default = || is_encoded.then(|| "application/octet-stream".to_owned());
        let content_type = given.or(text.media_type).or_else(default)?;
        Some(Part {
            name: name.to_owned(),
            is_verbatim: is_content && listed(&content_type).any(is_json),
            content_type: Some(content_type),
            transfer_encoding: text.encoding,
        })
    };
    names.into_iter().filter_map(part).collect()
}

/// The keywords of a schema about the content of its text.
#[derive(Default)]
struct Text {
    encoding: Option<String>,
    media_type: Option<String>,
}

impl Text {
    /// Returns the keywords of a schema, or of the items of a list.
    fn new(node: &SchemaNode<'_>) -> Option<Self> {
        let view = node.follow()?;
        let merged = MergedSchema::new(&view);
        let items = merged.parts.iter().rev().map(SchemaView::items);
        let items = items.filter_map(|items| items.schema()?.follow());
        let item = items.into_iter().next();
        let merged = item.as_ref().map_or(merged, MergedSchema::new);
        let encoding = merged.last(SchemaView::content_encoding);
        let byte = || (merged.last(SchemaView::format) == Some("byte")).then_some("base64");
        let text = Self {
            encoding: encoding.or_else(byte).map(str::to_owned),
            media_type: merged
                .last(SchemaView::content_media_type)
                .map(str::to_owned),
        };
        (text.encoding.is_some() || text.media_type.is_some()).then_some(text)
    }
}

/// Returns `true` if a media type is not text that a string can hold.
fn is_binary(media_type: &str) -> bool {
    !is_text(media_type) && !is_json(media_type)
}
