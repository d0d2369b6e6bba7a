//! The declared types of schemas.

use serde_json::{Map, Value};

/// Returns the types of a schema in document order, without duplicates and without `null`.
pub(crate) fn declared_types(map: &Map<String, Value>) -> Vec<&str> {
    let names = match map.get("type") {
        Some(Value::Array(names)) => names.as_slice(),
        Some(name) => std::slice::from_ref(name),
        None => &[],
    };
    let mut types: Vec<&str> = Vec::new();
    for name in names.iter().filter_map(Value::as_str) {
        if name != "null" && !types.contains(&name) {
            types.push(name);
        }
    }
    // Every integer is a `number`.
    if types.contains(&"number") {
        types.retain(|name| *name != "integer");
    }
    types
}
