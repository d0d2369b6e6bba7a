//! The type that the keywords of a schema imply.

use serde_json::Value;

use super::model::SchemaType;
use super::view::SchemaView;

impl SchemaView<'_> {
    /// Returns the `type`, or the single type that the other keywords imply (`properties` without
    /// `type`, an `enum` of strings only).
    #[must_use]
    pub fn inferred_type(&self) -> Option<SchemaType> {
        if let Some(declared) = self.declared_type() {
            return Some(declared);
        }
        let schema = self.whole().filter(|schema| !schema.types.are_several())?;
        let values = self.values();
        if let Some(of_values) = type_of_all(values) {
            return Some(of_values);
        }
        if !values.is_empty() {
            return None;
        }
        let of_keywords = [
            (schema.object.is_some(), SchemaType::Object),
            (schema.array.is_some(), SchemaType::Array),
            (schema.string.is_some(), SchemaType::String),
            (schema.number.is_some(), SchemaType::Number),
        ];
        let mut types = of_keywords
            .into_iter()
            .filter_map(|(is_there, of_type)| is_there.then_some(of_type));
        let first = types.next()?;
        types.all(|other| other == first).then_some(first)
    }
}

/// Returns the common type of all values, ignoring `null`.
fn type_of_all(values: &[Value]) -> Option<SchemaType> {
    let mut types = values.iter().filter_map(type_of);
    let mut all = types.next()?;
    for other in types {
        all = match (all, other) {
            (one, other) if one == other => one,
            (
                SchemaType::Integer | SchemaType::Number,
                SchemaType::Integer | SchemaType::Number,
            ) => SchemaType::Number,
            _ => return None,
        };
    }
    Some(all)
}

fn type_of(value: &Value) -> Option<SchemaType> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => SchemaType::Boolean,
        Value::Number(number) if number.is_f64() => SchemaType::Number,
        Value::Number(_) => SchemaType::Integer,
        Value::String(_) => SchemaType::String,
        Value::Array(_) => SchemaType::Array,
        Value::Object(_) => SchemaType::Object,
    })
}
