//! Checks OpenAPI 3.0, 3.1 and 3.2, corrects known mistakes, and separates schemas from the rest.
//!
//! The walk follows the structure of the specification, not key names: a property called `default`
//! is a schema, a value in an `example` is not.
//!
//! Each schema outside of another schema moves to [`Normalized::placed`] and leaves a `$ref` to its
//! pointer. It keeps its keywords as they are written, apart from corrections; a `$ref` to an
//! `$anchor`, a `$dynamicRef` with one target and a `$recursiveRef` become a `$ref` to the pointer.
//!
//! The rest becomes what `openapiv3` models (3.0). Fields that it does not have move to an
//! extension, `x-carried-` and the field's name:
//!
//! | object | fields |
//! |---|---|
//! | document | `$self`, `jsonSchemaDialect`, `webhooks` |
//! | info, license, tag, server | `summary`; `identifier`; `summary`, `parent`, `kind`; `name` |
//! | components | `callbacks`, `pathItems`, `mediaTypes`; `securitySchemes` of `type: mutualTLS` |
//! | path item | `query`, `additionalOperations` |
//! | operation | `callbacks` |
//! | parameter | `allowReserved` and `allowEmptyValue` outside of the query, `style: cookie` |
//! | header, encoding | `explode` (to record its presence), `allowReserved`, `allowEmptyValue`; `encoding`, `prefixEncoding`, `itemEncoding` |
//! | media type, response, example | `description`, `itemSchema`, `prefixEncoding`, `itemEncoding`; `summary`; `dataValue`, `serializedValue` |
//! | security scheme, flows, flow | `oauth2MetadataUrl`, `deprecated`; `deviceAuthorization`; `deviceAuthorizationUrl` |
//! | discriminator | `defaultMapping` |
//! | any | a value of `null`, which `openapiv3` reads as absent; every unknown field |
//!
//! The path items, operations and callbacks among them are looked up by pointer: they move to
//! [`Normalized::placed`] and leave `null` in their place.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics, Location, Remedy, Scope, code};
use crate::pointer::Pointer;
use crate::spec::{ObjectKind, Version};

mod authorization;
mod bounds;
mod carried_fields;
mod content;
mod examples;
mod expression;
mod fields;
mod keywords;
mod names;
mod object;
mod parameter;
mod path;
mod pattern;
mod place;
mod quirks;
mod reference;
mod rules;
mod schema;
mod security;
mod servers;
mod shape;
mod template;
mod types;
mod visit;
mod walk;

#[cfg(test)]
mod tests;

pub use crate::carried::PREFIX;
pub(crate) use reference::target;
pub(crate) use types::{format_type, is_of as is_of_type};

/// Returns the value of a keyword that `openapiv3` does not model and that was carried.
fn carried<'v>(map: &'v Map<String, Value>, keyword: &str) -> Option<&'v Value> {
    let mut members = map.iter();
    members
        .find(|(key, _)| key.strip_prefix(PREFIX) == Some(keyword))
        .map(|(_, value)| value)
}

/// A document in the vocabulary of OpenAPI 3.0, without its schemas.
#[derive(Debug)]
pub struct Normalized {
    /// The document.
    pub value: Value,
    /// The objects that are looked up by pointer: schemas, targets of `$ref`s outside of
    /// `components`, and objects that `openapiv3` has no field for.
    pub placed: Vec<Placed>,
    /// The pointers to the schemas that a `$ref` refers to, apart from `components.schemas`,
    /// ordered.
    pub targets: Vec<Pointer>,
    /// The version in which it was written.
    pub version: Version,
}

/// An object that is looked up by pointer.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The kind of the object.
    pub kind: ObjectKind,
    /// The pointer to the object in the original document.
    pub pointer: Pointer,
    /// The normalized object, which may be a `$ref`.
    pub value: Value,
}

/// Checks a bundled document, and separates its schemas from the rest.
///
/// `diagnostics` receives every fault with its location. If there is an error, the result must not
/// be [read](crate::document::Document::read).
#[must_use]
pub fn normalize(mut value: Value, diagnostics: &mut Diagnostics) -> Normalized {
    let Some(version) = version(&mut value, diagnostics) else {
        return Normalized {
            value,
            placed: Vec::new(),
            targets: Vec::new(),
            version: Version::V3_0,
        };
    };
    for place in rules::check(&value, version, diagnostics) {
        if let Some(place) = value.pointer_mut(place.as_str()) {
            *place = Value::from("path");
        }
    }
    let mut walk = walk::Walk::new(version, &value, diagnostics);
    let root = Pointer::root();
    walk.object(
        ObjectKind::Document,
        &mut value,
        &place::Place::Start(&root),
    );
    let (placed, targets) = walk.finish();
    if let Value::Object(map) = &mut value {
        // The rules check it; `openapiv3` requires it in every version.
        map.entry("paths")
            .or_insert_with(|| Value::Object(serde_json::Map::new()));
    }
    Normalized {
        value,
        placed,
        targets,
        version,
    }
}

/// Returns the version that the document declares, or `None` after an error.
fn version(value: &mut Value, diagnostics: &mut Diagnostics) -> Option<Version> {
    let root = Pointer::root();
    let Value::Object(map) = value else {
        let is_page = value
            .as_str()
            .is_some_and(|text| text.trim_start().starts_with('<'));
        let message = if is_page {
            "this is HTML or XML, not an OpenAPI document".to_owned()
        } else {
            let found = shape::json_type(value);
            format!("an OpenAPI document has to be an object, not {found}")
        };
        let help = if is_page {
            "save the document itself, in YAML or JSON"
        } else {
            "the document begins with `openapi: 3.1.0`"
        };
        diagnostics.push(Diagnostic::error(code::MISSING_VERSION, root, message).help(help));
        return None;
    };
    let at = root.child("openapi");
    let written = match map.get("openapi") {
        Some(Value::String(text)) => text.clone(),
        // `openapi: 3.1` without quotes is a number in YAML.
        Some(Value::Number(number)) => {
            let written = number.to_string();
            let meant = if written == "3" {
                "3.0"
            } else {
                written.as_str()
            };
            if matches!(meant, "3.0" | "3.1" | "3.2") {
                let message = format!("`openapi` has to be a string, and is read as `{meant}`");
                diagnostics.push(
                    Diagnostic::warning(code::COERCED, &at, message)
                        .label("a number")
                        .help(format!("write the full version: `openapi: {meant}.0`")),
                );
            }
            let meant = meant.to_owned();
            map.insert("openapi".to_owned(), Value::from(meant.clone()));
            meant
        }
        Some(other) => {
            diagnostics.push(
                Diagnostic::error(
                    code::WRONG_TYPE,
                    at,
                    format!(
                        "`openapi` has to be a string, not {}",
                        shape::json_type(other)
                    ),
                )
                .help("write the version of the specification: `openapi: 3.1.0`"),
            );
            return None;
        }
        None => {
            diagnostics.push(no_version(map));
            return None;
        }
    };
    let number = written.trim();
    let meant = number.strip_prefix(['v', 'V']).unwrap_or(number);
    let is_meant = meant.len() < number.len() && !diagnostics.is_strict();
    if is_meant && meant.starts_with("3.") {
        let message = format!("there is no OpenAPI `{number}`");
        let effect = format!("`openapi` is read as `{meant}`");
        diagnostics.push(
            Diagnostic::warning(code::UNSUPPORTED_VERSION, &at, message)
                .help(format!("write `openapi: {meant}`"))
                .remedy(Remedy::without_edits(Scope::Annotation, effect)),
        );
    }
    let number = if is_meant { meant } else { number };
    let mut numbers = number.split('.');
    match (numbers.next(), numbers.next()) {
        (Some("3"), Some("0") | None) => Some(Version::V3_0),
        (Some("3"), Some("1")) => Some(Version::V3_1),
        (Some("3"), Some("2")) => Some(Version::V3_2),
        _ => {
            let diagnostic = if written.trim().is_empty() {
                let message = "`openapi` is empty";
                Diagnostic::error(code::MISSING_VERSION, at, message)
                    .help("write the version of the specification: `openapi: 3.1.0`")
            } else {
                let message = format!("OpenAPI `{written}` is not supported");
                Diagnostic::error(code::UNSUPPORTED_VERSION, at, message)
                    .label("not 3.0, 3.1 or 3.2")
                    .help("write the document in OpenAPI 3.0, 3.1 or 3.2")
            };
            diagnostics.push(diagnostic);
            None
        }
    }
}

fn no_version(map: &serde_json::Map<String, Value>) -> Diagnostic {
    let root = Pointer::root();
    if map.contains_key("swagger") {
        return Diagnostic::error(
            code::UNSUPPORTED_VERSION,
            root.child("swagger"),
            "Swagger 2.0 is not supported",
        )
        .label("not OpenAPI 3")
        .help("convert the document to OpenAPI 3.0 first, for example with swagger2openapi");
    }
    if map.contains_key("asyncapi") {
        return Diagnostic::error(
            code::UNSUPPORTED_VERSION,
            root.child("asyncapi"),
            "this is an AsyncAPI document",
        )
        .label("not OpenAPI 3")
        .help("pass a document that begins with `openapi: 3.1.0`");
    }
    let message = "the document has no `openapi` field";
    let written = map.keys().find(|key| key.eq_ignore_ascii_case("openapi"));
    match written {
        Some(key) => Diagnostic::error(code::MISSING_VERSION, root.child(key).key(), message)
            .label("not in lower case")
            .help("write `openapi`"),
        None => Diagnostic::error(code::MISSING_VERSION, Location::from(root), message)
            .label("`openapi` is missing here")
            .help("begin the document with `openapi: 3.1.0`"),
    }
}
