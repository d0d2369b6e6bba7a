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

mod check;
mod correct;
mod fields_not_in_openapiv3;
mod json_types;
mod messages;
mod reporter;
mod rules;
mod status;
mod survey;
mod targets;
mod version;
mod visit;
mod walk;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use self::reporter::Reporter;
pub use self::targets::Placed;
use self::targets::Targets;
use self::version::read_version;
use self::visit::Checks;
use self::walk::{Context, walk};
use crate::diagnostic::Diagnostics;
pub use crate::internal_extensions::PREFIX;
use crate::pointer::Pointer;
use crate::spec::Version;

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

/// Checks a bundled document, and separates its schemas from the rest.
///
/// `diagnostics` receives every fault with its location. If there is an error, the result must not
/// be [read](crate::document::Document::read).
#[must_use]
pub fn normalize(mut value: Value, diagnostics: &mut Diagnostics) -> Normalized {
    let Some(version) = read_version(&mut value, diagnostics) else {
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
    let visitor = Checks::new(&value);
    let context = Context {
        reporter: Reporter::new(version, diagnostics),
        targets: Targets::new(&value),
    };
    let (placed, targets) = walk(&mut value, context, visitor);
    if let Value::Object(map) = &mut value {
        // The rules check it; `openapiv3` requires it in every version.
        map.entry("paths")
            .or_insert_with(|| Value::Object(Map::new()));
    }
    Normalized {
        value,
        placed,
        targets,
        version,
    }
}
