//! A normalized document -> `openapiv3`.
//!
//! `openapiv3` copies what stands below each object that may have extensions,
//! so that the outermost ones are read here a member at a time. What remains is
//! small, and a fault in it has a place.

use indexmap::IndexMap;
use openapiv3::{
    Components, OpenAPI, Operation, PathItem, Paths, ReferenceOr, Responses, StatusCode,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use super::{Document, Tables};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::limits::PATHS;
use crate::normalize::{Kind, Normalized, Placed};
use crate::pointer::Pointer;

/// In bytes. `openapiv3` takes some 20 kB a level in an unoptimized build, and
/// a document may have 128.
const STACK: usize = 64 << 20;

type Fault = Box<Diagnostic>;

pub(super) fn read(normalized: Normalized, diagnostics: &mut Diagnostics) -> Option<Document> {
    // `openapiv3` reads a fault twice on each level above it: with what the
    // walk has found, it could take for ever to say the same.
    diagnostics.finish().ok()?;
    let version = normalized.version;
    if let Some(fault) = too_many_paths(&normalized) {
        diagnostics.push(fault);
        return None;
    }
    let result = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || parts(normalized))
            .ok()?
            .join()
            .ok()
    });
    match result {
        Some(Ok((api, placed))) => Some(Document {
            api,
            version,
            placed,
        }),
        Some(Err(fault)) => {
            diagnostics.push(*fault);
            None
        }
        None => {
            diagnostics.push(
                Diagnostic::error(
                    code::UNREADABLE,
                    Pointer::root(),
                    "the document cannot be read with the memory there is",
                )
                .help("free some memory, or split the document"),
            );
            None
        }
    }
}

/// `openapiv3` has room for an operation of each method in every path, even in a reference.
fn too_many_paths(normalized: &Normalized) -> Option<Diagnostic> {
    let paths = normalized.value.get("paths").and_then(Value::as_object);
    let placed = normalized.placed.iter();
    let placed = placed.filter(|placed| placed.kind == Kind::PathItem).count();
    let count = paths.map_or(0, Map::len) + placed;
    (count > PATHS).then(|| {
        let message = format!(
            "the document has {count} paths, webhooks and callbacks, and {PATHS} are the most"
        );
        let at = Pointer::root().child("paths");
        Diagnostic::error(code::TOO_LARGE, at.key(), message)
            .label("too many together")
            .help("split the document by paths, and generate a crate for each part")
    })
}

fn parts(normalized: Normalized) -> Result<(OpenAPI, Tables), Fault> {
    let api = api(normalized.value)?;
    let mut tables = Tables::default();
    for placed in normalized.placed {
        put(&mut tables, placed)?;
    }
    Ok((api, tables))
}

fn put(tables: &mut Tables, placed: Placed) -> Result<(), Fault> {
    let Placed {
        kind,
        pointer,
        value,
    } = placed;
    macro_rules! put {
        ($($kind:ident => $table:ident,)*) => {
            match kind {
                $(Kind::$kind => {
                    let part = item(value, &pointer, part)?;
                    tables.$table.insert(pointer, part);
                })*
                Kind::PathItem => {
                    let part = item(value, &pointer, path_item)?;
                    tables.path_items.insert(pointer, part);
                }
                Kind::Operation => {
                    let part = operation(value, &pointer)?;
                    tables.operations.insert(pointer, part);
                }
                Kind::Callback => {
                    tables.callbacks.insert(pointer, value);
                }
            }
        };
    }
    put! {
        Schema => schemas,
        Parameter => parameters,
        Header => headers,
        Response => responses,
        RequestBody => request_bodies,
        Example => examples,
        Link => links,
        SecurityScheme => security_schemes,
    }
    Ok(())
}

fn api(mut value: Value) -> Result<OpenAPI, Fault> {
    let root = Pointer::root();
    let written_paths = take(&mut value, "paths");
    let written_components = take(&mut value, "components");
    if let Value::Object(map) = &mut value {
        map.insert("paths".to_owned(), Value::Object(Map::new()));
    }
    let mut api: OpenAPI = part(value, &root)?;
    api.paths = paths(written_paths, &root.child("paths"))?;
    if !written_components.is_empty() {
        api.components = Some(components(written_components, &root.child("components"))?);
    }
    Ok(api)
}

fn paths(written: Map<String, Value>, at: &Pointer) -> Result<Paths, Fault> {
    let mut paths = Paths::default();
    for (path, value) in written {
        if path.starts_with('/') {
            let item = item(value, &at.child(&path), path_item)?;
            paths.paths.insert(path, item);
        } else {
            paths.extensions.insert(path, value);
        }
    }
    Ok(paths)
}

fn path_item(mut value: Value, at: &Pointer) -> Result<PathItem, Fault> {
    let mut methods = Vec::new();
    for method in [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ] {
        let own = take(&mut value, method);
        methods.push(if own.is_empty() {
            None
        } else {
            Some(operation(Value::Object(own), &at.child(method))?)
        });
    }
    let mut methods = methods.into_iter();
    let mut next = || methods.next().flatten();
    let mut item: PathItem = part(value, at)?;
    item.get = next();
    item.put = next();
    item.post = next();
    item.delete = next();
    item.options = next();
    item.head = next();
    item.patch = next();
    item.trace = next();
    Ok(item)
}

fn operation(mut value: Value, at: &Pointer) -> Result<Operation, Fault> {
    let written = take(&mut value, "responses");
    if let Value::Object(map) = &mut value {
        map.insert("responses".to_owned(), Value::Object(Map::new()));
    }
    let mut operation: Operation = part(value, at)?;
    operation.responses = responses(written, &at.child("responses"))?;
    Ok(operation)
}

fn responses(written: Map<String, Value>, at: &Pointer) -> Result<Responses, Fault> {
    let mut responses = Responses::default();
    for (key, value) in written {
        let place = at.child(&key);
        if key == "default" {
            responses.default = Some(item(value, &place, part)?);
        } else if key.starts_with("x-") {
            responses.extensions.insert(key, value);
        } else {
            let code: StatusCode = part(Value::String(key), &place)?;
            responses.responses.insert(code, item(value, &place, part)?);
        }
    }
    Ok(responses)
}

fn components(mut written: Map<String, Value>, at: &Pointer) -> Result<Components, Fault> {
    let mut section = |name: &str| match written.shift_remove(name) {
        Some(Value::Object(map)) => (map, at.child(name)),
        _ => (Map::new(), at.child(name)),
    };
    Ok(Components {
        schemas: items(section("schemas"))?,
        responses: items(section("responses"))?,
        parameters: items(section("parameters"))?,
        examples: items(section("examples"))?,
        request_bodies: items(section("requestBodies"))?,
        headers: items(section("headers"))?,
        security_schemes: items(section("securitySchemes"))?,
        links: items(section("links"))?,
        callbacks: IndexMap::new(),
        extensions: written.into_iter().collect(),
    })
}

fn items<T: DeserializeOwned>(
    (map, at): (Map<String, Value>, Pointer),
) -> Result<IndexMap<String, ReferenceOr<T>>, Fault> {
    map.into_iter()
        .map(|(name, value)| {
            let item = item(value, &at.child(&name), part)?;
            Ok((name, item))
        })
        .collect()
}

fn item<T>(
    value: Value,
    at: &Pointer,
    read: impl FnOnce(Value, &Pointer) -> Result<T, Fault>,
) -> Result<ReferenceOr<T>, Fault> {
    match value.get("$ref") {
        Some(Value::String(reference)) => Ok(ReferenceOr::Reference {
            reference: reference.clone(),
        }),
        _ => Ok(ReferenceOr::Item(read(value, at)?)),
    }
}

/// The object under a key; the key goes.
fn take(value: &mut Value, key: &str) -> Map<String, Value> {
    let map = value.as_object_mut();
    match map.and_then(|map| map.shift_remove(key)) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn part<T: DeserializeOwned>(value: Value, pointer: &Pointer) -> Result<T, Fault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut at = pointer.clone();
        for segment in error.path() {
            at = match segment {
                Segment::Seq { index } => at.child(index),
                Segment::Map { key } => at.child(key),
                Segment::Enum { .. } | Segment::Unknown => at,
            };
        }
        let message = format!("this is not as OpenAPI has it: {}", error.inner());
        let help = "compare it with the specification, https://spec.openapis.org/oas/";
        Box::new(Diagnostic::error(code::UNREADABLE, at, message).help(help))
    })
}
