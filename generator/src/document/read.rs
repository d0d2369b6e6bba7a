//! Reads a normalized document: its schemas into their table, everything else into `openapiv3`.
//!
//! `openapiv3` copies everything below each object that may have extensions, so the outermost
//! objects are read here one member at a time. The remaining parts are small, and their faults can
//! be located.

use std::collections::HashMap;

use indexmap::IndexMap;
use openapiv3::{
    Components, OpenAPI, Operation, PathItem, Paths, ReferenceOr, Responses, StatusCode,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use super::model::{Document, Lists, Tables};
use super::schema::{Reader, SchemaTable};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::normalize::{Normalized, Placed};
use crate::output_limits::{PARTS_OF_A_TYPE, PATHS, TYPE_PARTS};
use crate::pointer::Pointer;
use crate::spec::ObjectKind;

/// The errors of `openapiv3`. Each part is read by itself, so that all of them are found in one
/// run.
#[derive(Default)]
struct Faults(Vec<Diagnostic>);

pub(super) fn read(normalized: Normalized, diagnostics: &mut Diagnostics) -> Option<Document> {
    // Other faults do not change the size, so this limit is checked first.
    if let Some(fault) = too_many_paths(&normalized) {
        diagnostics.push(fault);
        return None;
    }
    // `openapiv3` reads a faulty part twice on each level above it, which takes exponential time.
    // The errors of the walk already explain the fault.
    diagnostics.finish().ok()?;
    let Normalized {
        value,
        placed,
        targets,
        version,
    } = normalized;
    let mut faults = Faults::default();
    let api = faults.api(value);
    let mut placed_objects = Tables::default();
    let mut schemas = SchemaTable::default();
    for placed in placed {
        if placed.kind == ObjectKind::Schema {
            let mut reader = Reader {
                table: &mut schemas,
                faults: &mut faults.0,
            };
            reader.schema(placed.value, placed.pointer);
        } else {
            faults.put(&mut placed_objects, placed);
        }
    }
    if let Some(api) = api.filter(|_| faults.0.is_empty()) {
        return Some(Document {
            api,
            version,
            schemas,
            targets,
            placed: placed_objects,
            lists: Lists::default(),
            faults: HashMap::new(),
            fault_summary: Vec::new(),
            digits: std::collections::BTreeMap::new(),
            nullability: std::sync::Mutex::default(),
        });
    }
    for fault in faults.0 {
        diagnostics.push(fault);
    }
    None
}

/// Returns an error if there are too many path items: `openapiv3` reserves space for every method
/// in each of them, even in references.
fn too_many_paths(normalized: &Normalized) -> Option<Diagnostic> {
    let paths = normalized.value.get("paths").and_then(Value::as_object);
    let placed = normalized.placed.iter();
    let placed = placed
        .filter(|placed| placed.kind == ObjectKind::PathItem)
        .count();
    let count = paths.map_or(0, Map::len) + placed;
    (count > PATHS).then(|| {
        let message =
            format!("the document has {count} paths, webhooks and callbacks; the limit is {PATHS}");
        let at = Pointer::root().child("paths");
        Diagnostic::error(code::TOO_LARGE, at.key(), message)
            .label("too many in total")
            .help("split the document by paths, and generate a crate for each part")
    })
}

/// Returns an error if the component schemas exceed the limit on types. They are counted before any
/// work is done for them.
pub(super) fn too_many_types(document: &Value) -> Option<Diagnostic> {
    let at = Pointer::root().child("components").child("schemas");
    let schemas = document.pointer(at.as_str())?.as_object()?;
    let properties = |schema: &Value| Some(schema.get("properties")?.as_object()?.len());
    let parts = schemas
        .values()
        .map(|schema| PARTS_OF_A_TYPE + properties(schema).unwrap_or_default());
    (parts.sum::<usize>() > TYPE_PARTS).then(|| {
        let message = format!("the types have more than {TYPE_PARTS} fields, values and defaults");
        Diagnostic::error(code::TOO_LARGE, at.key(), message)
            .label("too many together")
            .help("split the document, and generate a crate for each part")
    })
}

impl Faults {
    fn put(&mut self, tables: &mut Tables, placed: Placed) {
        let Placed {
            kind,
            pointer,
            value,
        } = placed;
        macro_rules! put {
            ($($kind:ident => $table:ident, $read:ident;)*) => {
                match kind {
                    $(ObjectKind::$kind => {
                        if let Some(part) = self.item(value, &pointer, Self::$read) {
                            tables.$table.insert(pointer, part);
                        }
                    })*
                    ObjectKind::Operation => {
                        if let Some(part) = self.operation(value, &pointer) {
                            tables.operations.insert(pointer, part);
                        }
                    }
                    ObjectKind::Callback => {
                        tables.callbacks.insert(pointer, value);
                    }
                    // Schemas have a table of their own, and other objects are not placed.
                    _ => {}
                }
            };
        }
        put! {
            Parameter => parameters, part;
            Header => headers, part;
            Response => responses, part;
            RequestBody => request_bodies, part;
            Example => examples, part;
            Link => links, part;
            SecurityScheme => security_schemes, part;
            PathItem => path_items, path_item;
        }
    }

    fn api(&mut self, mut value: Value) -> Option<OpenAPI> {
        let root = Pointer::root();
        let written_paths = take(&mut value, "paths");
        let written_components = take(&mut value, "components");
        if let Value::Object(map) = &mut value {
            map.insert("paths".to_owned(), Value::Object(Map::new()));
        }
        let api: Option<OpenAPI> = self.part(value, &root);
        let paths = self.paths(written_paths, &root.child("paths"));
        let is_empty = written_components.is_empty();
        let components = self.components(written_components, &root.child("components"));
        let mut api = api?;
        api.paths = paths;
        if !is_empty {
            api.components = Some(components);
        }
        Some(api)
    }

    fn paths(&mut self, written: Map<String, Value>, at: &Pointer) -> Paths {
        let mut paths = Paths::default();
        for (path, value) in written {
            if !path.starts_with('/') {
                paths.extensions.insert(path, value);
            } else if let Some(item) = self.item(value, &at.child(&path), Self::path_item) {
                paths.paths.insert(path, item);
            }
        }
        paths
    }

    fn path_item(&mut self, mut value: Value, at: &Pointer) -> Option<PathItem> {
        let mut methods = Vec::new();
        for method in [
            "get", "put", "post", "delete", "options", "head", "patch", "trace",
        ] {
            let own = take(&mut value, method);
            methods.push(if own.is_empty() {
                None
            } else {
                self.operation(Value::Object(own), &at.child(method))
            });
        }
        let mut methods = methods.into_iter();
        let mut next = || methods.next().flatten();
        let mut item: PathItem = self.part(value, at)?;
        item.get = next();
        item.put = next();
        item.post = next();
        item.delete = next();
        item.options = next();
        item.head = next();
        item.patch = next();
        item.trace = next();
        Some(item)
    }

    fn operation(&mut self, mut value: Value, at: &Pointer) -> Option<Operation> {
        let written = take(&mut value, "responses");
        if let Value::Object(map) = &mut value {
            map.insert("responses".to_owned(), Value::Object(Map::new()));
        }
        let operation: Option<Operation> = self.part(value, at);
        let responses = self.responses(written, &at.child("responses"));
        let mut operation = operation?;
        operation.responses = responses;
        Some(operation)
    }

    fn responses(&mut self, written: Map<String, Value>, at: &Pointer) -> Responses {
        let mut responses = Responses::default();
        for (key, value) in written {
            let place = at.child(&key);
            if key == "default" {
                responses.default = self.item(value, &place, Self::part);
            } else if key.starts_with("x-") {
                responses.extensions.insert(key, value);
            } else {
                let code: Option<StatusCode> = self.part(Value::String(key), &place);
                let response = self.item(value, &place, Self::part);
                if let (Some(code), Some(response)) = (code, response) {
                    responses.responses.insert(code, response);
                }
            }
        }
        responses
    }

    fn components(&mut self, mut written: Map<String, Value>, at: &Pointer) -> Components {
        let mut section = |name: &str| match written.shift_remove(name) {
            Some(Value::Object(map)) => (map, at.child(name)),
            _ => (Map::new(), at.child(name)),
        };
        let (schemas, responses) = (section("schemas"), section("responses"));
        let (parameters, examples) = (section("parameters"), section("examples"));
        let (bodies, headers) = (section("requestBodies"), section("headers"));
        let (security, links) = (section("securitySchemes"), section("links"));
        Components {
            schemas: self.items(schemas),
            responses: self.items(responses),
            parameters: self.items(parameters),
            examples: self.items(examples),
            request_bodies: self.items(bodies),
            headers: self.items(headers),
            security_schemes: self.items(security),
            links: self.items(links),
            callbacks: IndexMap::new(),
            extensions: written.into_iter().collect(),
        }
    }

    fn items<T: DeserializeOwned>(
        &mut self,
        (map, at): (Map<String, Value>, Pointer),
    ) -> IndexMap<String, ReferenceOr<T>> {
        map.into_iter()
            .filter_map(|(name, value)| {
                let item = self.item(value, &at.child(&name), Self::part)?;
                Some((name, item))
            })
            .collect()
    }

    fn item<T>(
        &mut self,
        value: Value,
        at: &Pointer,
        read: impl FnOnce(&mut Self, Value, &Pointer) -> Option<T>,
    ) -> Option<ReferenceOr<T>> {
        match value.get("$ref") {
            Some(Value::String(reference)) => Some(ReferenceOr::Reference {
                reference: reference.clone(),
            }),
            _ => Some(ReferenceOr::Item(read(self, value, at)?)),
        }
    }

    fn part<T: DeserializeOwned>(&mut self, value: Value, pointer: &Pointer) -> Option<T> {
        let error = match serde_path_to_error::deserialize(value) {
            Ok(part) => return Some(part),
            Err(error) => error,
        };
        let mut at = pointer.clone();
        for segment in error.path() {
            at = match segment {
                Segment::Seq { index } => at.child(index),
                Segment::Map { key } => at.child(key),
                Segment::Enum { .. } | Segment::Unknown => at,
            };
        }
        let message = format!(
            "this does not follow the OpenAPI specification: {}",
            error.inner()
        );
        let help = "compare it with the specification, https://spec.openapis.org/oas/";
        self.0
            .push(Diagnostic::error(code::UNREADABLE, at, message).help(help));
        None
    }
}

/// Removes and returns the object under a key.
fn take(value: &mut Value, key: &str) -> Map<String, Value> {
    let map = value.as_object_mut();
    match map.and_then(|map| map.shift_remove(key)) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
