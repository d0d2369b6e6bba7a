//! A normalized document -> `openapiv3`.

use openapiv3::OpenAPI;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use super::{Document, Tables};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::normalize::{Kind, Normalized, Placed};
use crate::pointer::Pointer;

/// In bytes. `openapiv3` takes some 20 kB a level in an unoptimized build, and
/// a document may have 128.
const STACK: usize = 64 << 20;

pub(super) fn read(normalized: Normalized, diagnostics: &mut Diagnostics) -> Option<Document> {
    // `openapiv3` reads a fault twice on each level above it: with what the
    // walk has found, it could take for ever to say the same.
    diagnostics.finish().ok()?;
    let version = normalized.version;
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
        Some(Err(diagnostic)) => {
            diagnostics.push(*diagnostic);
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

fn parts(normalized: Normalized) -> Result<(OpenAPI, Tables), Box<Diagnostic>> {
    let api = part(normalized.value, &Pointer::root())?;
    let mut tables = Tables::default();
    for placed in normalized.placed {
        put(&mut tables, placed)?;
    }
    Ok((api, tables))
}

fn put(tables: &mut Tables, placed: Placed) -> Result<(), Box<Diagnostic>> {
    let Placed {
        kind,
        pointer,
        value,
    } = placed;
    macro_rules! put {
        ($($kind:ident => $table:ident,)*) => {
            match kind {
                $(Kind::$kind => {
                    let part = part(value, &pointer)?;
                    tables.$table.insert(pointer, part);
                })*
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
        PathItem => path_items,
        Operation => operations,
    }
    Ok(())
}

fn part<T: DeserializeOwned>(value: Value, pointer: &Pointer) -> Result<T, Box<Diagnostic>> {
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
