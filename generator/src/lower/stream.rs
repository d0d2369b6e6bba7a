//! Finds the operations whose responses are sequences of items, and the types of the items.
//!
//! An extension decides, else a documented media type that is a sequence.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use openapiv3::MediaType;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Document, OperationEntry, SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::ir::{EventData, Stream, StreamItem, Type};
use crate::pointer::Pointer;

use super::inline_site::InlineSite;
use super::lowering::Lowering;
use super::media_type::{EVENTS, essence, is_json, is_sequence};
use super::operation_draft::{OperationDraft, StreamDraft};
use super::pagination::{Types, body_field};
use super::response::successes;

/// The maximum number of branches of a union of events that are examined.
const MOST_PARTS: usize = 1_000;

/// The property of a body that selects a stream, unless an extension names another one.
const SWITCH: &str = "stream";

/// The extensions that are read: ours, and Fern's.
const EXTENSIONS: [&str; 2] = ["x-streaming", "x-fern-streaming"];

/// The description of an operation's stream in the document.
#[derive(Default)]
pub(super) struct StreamDescription<'d> {
    /// The media type of a successful response that is a sequence, with its pointer.
    documented: Option<(&'d str, &'d MediaType, Pointer)>,
    extension: Option<Extension>,
}

/// The contents of an extension.
struct Extension {
    name: &'static str,
    /// The schema of an item; `None` if the media type has it.
    schema: Option<Pointer>,
    terminator: Option<String>,
    is_events: bool,
    /// The property of the body that selects the stream.
    switch: Option<String>,
}

impl StreamDescription<'_> {
    /// Returns `true` if the client reads the items of the operation.
    pub(super) fn is_streamed(&self) -> bool {
        self.documented.is_some() || self.extension.is_some()
    }
}

impl<'d> Lowering<'d, '_> {
    /// Reads the description of an operation's stream. Reports an extension that cannot be used.
    pub(super) fn describe_stream(&mut self, entry: &OperationEntry<'d>) -> StreamDescription<'d> {
        let mut described = StreamDescription {
            documented: documented(self.context.document, entry),
            extension: None,
        };
        for name in EXTENSIONS {
            let Some(value) = entry.operation.extensions.get(name) else {
                continue;
            };
            if matches!(value, Value::Bool(false) | Value::Null) {
                return StreamDescription::default();
            }
            match extension(self.context.document, entry, name, value) {
                Ok(extension) => described.extension = Some(extension),
                Err((key, message)) => {
                    let at = key
                        .iter()
                        .fold(entry.pointer.child(name), |at: Pointer, key| at.child(key));
                    self.findings.push(
                        Diagnostic::warning(code::UNKNOWN_STREAM, at, message)
                            .label("the extension is not used")
                            .help("name a schema: `schema: { $ref: '#/components/schemas/..' }`"),
                    );
                }
            }
            break;
        }
        described
    }

    /// Returns the stream of an operation with the type of its items.
    pub(super) fn lower_stream(
        &mut self,
        described: StreamDescription<'d>,
        site: &InlineSite,
    ) -> Option<StreamDraft> {
        let StreamDescription {
            documented,
            extension,
        } = described;
        let site = site.named("stream item");
        let is_events = extension
            .as_ref()
            .is_none_or(|described| described.is_events);
        let media_type = match &documented {
            Some((name, ..)) => (*name).to_owned(),
            None if is_events => EVENTS.to_owned(),
            None => "application/x-ndjson".to_owned(),
        };
        let is_events = essence(&media_type) == EVENTS;
        let named = extension
            .as_ref()
            .and_then(|described| described.schema.clone());
        let named = named.and_then(|pointer| self.context.document.schema(&pointer));
        let item = if let Some(node) = named {
            self.lower_stream_item(&node, is_events, &site)
        } else {
            let (_, media_type, at) = documented?;
            let item_schema = self.context.document.item_schema(media_type, &at);
            let schema = media_type.schema.as_ref();
            match (item_schema, schema) {
                (Some(node), _) if is_events => self.lower_event_item(&node, &site),
                (Some(node), _) => {
                    StreamItem::Json(self.lower_node(&node, &site).into_nullable_type())
                }
                (None, Some(schema)) => {
                    let node = self.context.document.node(schema);
                    self.lower_stream_item(&node, is_events, &site)
                }
                (None, None) => StreamItem::Raw,
            }
        };
        let (terminator, switch, decided_by) = match extension {
            Some(described) => (
                described.terminator,
                described.switch,
                Some(described.name.to_owned()),
            ),
            None => (None, None, None),
        };
        Some(StreamDraft {
            media_type,
            item,
            terminator,
            switch,
            decided_by,
        })
    }

    /// Returns the type of an item, from a schema of the whole stream or of an item.
    fn lower_stream_item(
        &mut self,
        node: &SchemaNode<'d>,
        is_events: bool,
        site: &InlineSite,
    ) -> StreamItem {
        let Some(mut view) = node.follow() else {
            return StreamItem::Raw;
        };
        let mut node = node.clone();
        // A list is the items of the stream.
        if view.inferred_type() == Some(SchemaType::Array)
            && let SchemaOrBool::Schema(items) = view.items()
        {
            let Some(item) = items.follow() else {
                return StreamItem::Raw;
            };
            (node, view) = (items, item);
        }
        if view.is_any() || view.inferred_type() == Some(SchemaType::String) {
            return StreamItem::Raw;
        }
        if is_events && is_event(&view) {
            return self.lower_event_item(&node, site);
        }
        StreamItem::Json(self.lower_node(&node, site).into_nullable_type())
    }

    /// Returns the type of an item, from the schema of an event with its fields.
    fn lower_event_item(&mut self, node: &SchemaNode<'d>, site: &InlineSite) -> StreamItem {
        let Some(view) = node.follow() else {
            return StreamItem::Raw;
        };
        if view.is_any() {
            return StreamItem::Raw;
        }
        let found = data(&view);
        let is_text = |data: &SchemaNode<'_>| {
            let is_decoded = self.context.encoded_data.contains(data.pointer());
            let kind = data.follow().and_then(|data| data.inferred_type());
            kind == Some(SchemaType::String) && !is_decoded
        };
        let texts = found.iter().filter(|data| is_text(data)).count();
        let data = match (texts, found.len()) {
            (0, 1..) => EventData::Json,
            (texts, all) if texts == all => EventData::Text,
            _ => EventData::JsonOrText,
        };
        let ty = self.lower_node(node, site).into_nullable_type();
        StreamItem::Event { ty, data }
    }
}

/// The documented media type of a success that is a sequence: events before lines.
fn documented<'d>(
    document: &'d Document,
    entry: &OperationEntry<'d>,
) -> Option<(&'d str, &'d MediaType, Pointer)> {
    let mut found: Option<(&str, &MediaType, Pointer)> = None;
    for (at, node) in successes(entry) {
        let Some((response, at)) = document.resolve(node, at) else {
            continue;
        };
        for (name, media_type) in response
            .content
            .iter()
            .filter(|(name, _)| is_sequence(name))
        {
            let is_better = found
                .as_ref()
                .is_none_or(|(other, ..)| essence(name) == EVENTS && essence(other) != EVENTS);
            if is_better {
                found = Some((name, media_type, at.child("content").child(name)));
            }
        }
    }
    found
}

/// Reads an extension.
///
/// # Errors
///
/// Returns the key that has the fault, and a message.
fn extension(
    document: &Document,
    entry: &OperationEntry<'_>,
    name: &'static str,
    value: &Value,
) -> Result<Extension, (Vec<&'static str>, String)> {
    let mut described = Extension {
        name,
        schema: None,
        terminator: None,
        is_events: true,
        switch: None,
    };
    let Value::Object(keys) = value else {
        return match value {
            Value::Bool(true) if documented(document, entry).is_some() => Ok(described),
            _ => Err((Vec::new(), "it does not say what an item is".to_owned())),
        };
    };
    let text = |key: &str| keys.get(key).and_then(Value::as_str);
    described.terminator = text("terminator").map(str::to_owned);
    described.is_events = text("format").is_none_or(|format| format != "json");
    described.switch = text("stream-condition")
        .or_else(|| text("switch"))
        .map(|path| path.trim_start_matches("$request.").to_owned());
    let key = if name == "x-streaming" {
        "schema"
    } else {
        "response-stream"
    };
    if let Some(schema) = keys.get(key) {
        let reference = schema.as_str().or_else(|| schema.get("$ref")?.as_str());
        let reference = reference.ok_or_else(|| (vec![key], "it is not a reference".to_owned()))?;
        let pointer = Pointer::from_reference(reference);
        let pointer = pointer.filter(|pointer| document.schema(pointer).is_some());
        let missing = || (vec![key], format!("there is no schema `{reference}`"));
        described.schema = Some(pointer.ok_or_else(missing)?);
    } else if documented(document, entry).is_none() {
        return Err((Vec::new(), "it does not say what an item is".to_owned()));
    }
    Ok(described)
}

/// Returns `true` if a schema describes an event with its fields: an object with these properties, or
/// a union of such objects.
fn is_event(view: &SchemaView<'_>) -> bool {
    let is_union = |view: &SchemaView<'_>| !view.one_of().is_empty() || !view.any_of().is_empty();
    let branches = parts(view, |view| [view.one_of(), view.any_of()].concat());
    let mut objects = branches.iter().filter(|view| !is_union(view));
    objects.all(|object| {
        let all = parts(object, SchemaView::all_of);
        let names = all.iter().flat_map(SchemaView::properties);
        let names: Vec<&str> = names.map(|(name, _)| name).collect();
        let is_field = |name: &&str| matches!(*name, "data" | "event" | "id" | "retry");
        names.contains(&"data") && names.iter().all(is_field)
    })
}

/// The schemas of `data` in an event, of each branch of a union.
fn data<'d>(view: &SchemaView<'d>) -> Vec<SchemaNode<'d>> {
    let all = parts(view, |view| {
        [view.one_of(), view.any_of(), view.all_of()].concat()
    });
    all.iter()
        .filter_map(|view| view.property("data"))
        .collect()
}

/// A schema, and those that it leads to, each once.
fn parts<'d>(
    view: &SchemaView<'d>,
    next: impl Fn(&SchemaView<'d>) -> Vec<SchemaNode<'d>>,
) -> Vec<SchemaView<'d>> {
    let mut known = HashSet::from([view.pointer().clone()]);
    let mut found = vec![view.clone()];
    let mut at = 0;
    while let Some(view) = found.get(at).cloned() {
        at += 1;
        for part in next(&view).iter().filter_map(SchemaNode::follow) {
            if found.len() < MOST_PARTS && known.insert(part.pointer().clone()) {
                found.push(part);
            }
        }
    }
    found
}

/// Returns `true` if a text is JSON and has a schema in the document.
fn is_encoded(view: &SchemaView<'_>) -> bool {
    let is_json = view.content_media_type().is_none_or(is_json);
    is_json && view.content_schema().is_some()
}

/// The schemas of `data` whose text is JSON of another schema, in all events of a document: their
/// type is that of the other schema.
pub(super) fn encoded_data(document: &Document) -> HashSet<Pointer> {
    let mut found = HashSet::new();
    for path in document.paths() {
        for entry in document.operations(&path) {
            let Some((name, media_type, at)) = documented(document, &entry) else {
                continue;
            };
            if essence(name) != EVENTS {
                continue;
            }
            let schema = media_type.schema.as_ref();
            let item = document.item_schema(media_type, &at);
            let node = item.or_else(|| Some(document.node(schema?)));
            let Some(view) = node.and_then(|node| node.follow()) else {
                continue;
            };
            let data = data(&view);
            let encoded = data.iter().filter_map(SchemaNode::inline);
            let encoded = encoded.filter(is_encoded);
            found.extend(encoded.map(|view| view.pointer().clone()));
        }
    }
    found
}

/// Returns the boolean property of the body that is called `stream`.
pub(super) fn switch(operation: &OperationDraft<'_>, types: &Types<'_>) -> Option<String> {
    let found = body_field(operation, SWITCH, types);
    let is_switch = found.is_ok_and(|(_, ty)| is_boolean(&ty));
    is_switch.then(|| SWITCH.to_owned())
}

/// Returns the stream of an operation with the field that selects it.
pub(super) fn complete(operation: &OperationDraft<'_>, types: &Types<'_>) -> Option<Stream> {
    let stream = operation.stream.as_ref()?;
    let named = stream.switch.as_deref();
    let name = named.unwrap_or(SWITCH);
    let (switch, select) = match body_field(operation, name, types) {
        Ok((input, ty)) if is_boolean(&ty) => (Some(name), Ok(Some(input))),
        Ok(_) | Err(_) if named.is_none() => (None, Ok(None)),
        Ok(_) => (named, Err(format!("`{name}` is not a boolean"))),
        Err(reason) => (named, Err(reason)),
    };
    Some(Stream {
        media_type: stream.media_type.clone(),
        item: stream.item.clone(),
        terminator: stream.terminator.clone(),
        switch: switch.map(str::to_owned),
        decided_by: stream.decided_by.clone(),
        select,
    })
}

fn is_boolean(ty: &Type) -> bool {
    match ty {
        Type::Option(inner) => is_boolean_alone(inner),
        ty => is_boolean_alone(ty),
    }
}

fn is_boolean_alone(ty: &Type) -> bool {
    *ty == Type::Bool
}
