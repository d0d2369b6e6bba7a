//! The specification as data: its objects, their fields, and the types of the values.
//!
//! `bundle` and `repair` ask which nodes of a document are objects or references, and `normalize`
//! checks each value against its type. `openapi.rs` and `schema.rs` have the tables of OpenAPI 3.
//! Another specification, such as Swagger 2.0, would have tables of the same form for the same
//! [`ObjectKind`]s.

mod object;
mod object_kind;
mod openapi;
mod position;
mod schema;
mod version;

pub(crate) use self::object::{Field, FieldType, Object, PatternedFields};
pub use self::object_kind::ObjectKind;
pub(crate) use self::openapi::object;
pub(crate) use self::position::type_at;
pub(crate) use self::schema::{TYPES, format_types, is_of_type, keyword_types};
pub use self::version::Version;

/// Returns all keywords of a schema.
#[cfg(test)]
pub(crate) fn schema_keywords() -> impl Iterator<Item = &'static str> {
    let fields = object(ObjectKind::Schema).fields;
    fields.iter().map(|field| field.name)
}

/// The fields of an object in a document.
pub(crate) type Fields = serde_json::Map<String, serde_json::Value>;

/// The methods of a path item, including `query` (OpenAPI 3.2).
pub(crate) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];
