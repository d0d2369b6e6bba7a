//! Fields with a fixed set of words.

use serde_json::{Map, Value};

/// Converts a field with a fixed set of words to a string, so that its own check rejects it.
pub(crate) fn convert_to_text(map: &mut Map<String, Value>, field: &str) {
    if let Some(value @ (Value::Bool(_) | Value::Number(_))) = map.get_mut(field) {
        *value = Value::String(value.to_string());
    }
}
