//! Upgrades keywords of OpenAPI 3.0 that have another meaning in JSON Schema 2020-12.
//!
//! | OpenAPI 3.0 | becomes |
//! |---|---|
//! | `nullable: true` beside `type` | the type `null` |
//! | `exclusiveMinimum: true`, `exclusiveMaximum: true` | the bound itself is exclusive |

use serde_json::Value;

use super::model::{NumberKeywords, Schema, SchemaType, TypePlaces};
use crate::number::{Bound, number};
use crate::pointer::Pointer;

/// The keywords whose meaning depends on another keyword.
#[derive(Default)]
pub(super) struct Pending {
    pub types: Option<Value>,
    pub is_nullable: bool,
    minimum: [Option<Value>; 2],
    maximum: [Option<Value>; 2],
    multiple_of: Option<Value>,
}

impl Pending {
    pub fn number(&mut self, key: &str, value: Value) {
        let [minimum, exclusive_minimum] = &mut self.minimum;
        let [maximum, exclusive_maximum] = &mut self.maximum;
        let place = match key {
            "minimum" => minimum,
            "exclusiveMinimum" => exclusive_minimum,
            "maximum" => maximum,
            "exclusiveMaximum" => exclusive_maximum,
            "multipleOf" => &mut self.multiple_of,
            _ => return,
        };
        *place = Some(value);
    }

    pub fn bounds(self) -> Option<Box<NumberKeywords>> {
        let [minimum, exclusive_minimum] = &self.minimum;
        let [maximum, exclusive_maximum] = &self.maximum;
        let number = NumberKeywords {
            minimum: Bound::lower(minimum.as_ref(), exclusive_minimum.as_ref()),
            maximum: Bound::upper(maximum.as_ref(), exclusive_maximum.as_ref()),
            multiple_of: self.multiple_of.as_ref().and_then(number),
        };
        let is_empty =
            number.minimum.is_none() && number.maximum.is_none() && number.multiple_of.is_none();
        (!is_empty).then(|| Box::new(number))
    }
}

/// Reads `type`, a name or a list of names. The type `null` is added for `nullable: true`.
pub(super) fn types(schema: &mut Schema, pending: &Pending, at: &Pointer) {
    let (names, is_list) = match &pending.types {
        Some(Value::Array(names)) => (names.as_slice(), true),
        Some(name) => (std::slice::from_ref(name), false),
        None => (&[][..], false),
    };
    let mut places = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match name.as_str() {
            Some("null") => schema.types.null = true,
            Some(name) => {
                if let Some(of) = SchemaType::named(name) {
                    schema.types.insert(of);
                    places.push((of, index));
                }
            }
            None => {}
        }
    }
    if schema.types.iter().any(|of| of == SchemaType::Number) {
        // Every integer is a number.
        schema.types.retain(|of| of != SchemaType::Integer);
    }
    if is_list && schema.types.are_several() {
        let list = at.child("type");
        let place = |of: SchemaType| {
            let (_, index) = places.iter().find(|(other, _)| *other == of)?;
            Some((of, list.child(*index)))
        };
        let names = schema.types.iter().filter_map(place).collect();
        schema.type_places = Some(Box::new(TypePlaces { list, names }));
    }
    if pending.is_nullable {
        schema.types.null |= !schema.types.is_empty();
        schema.nullable = schema.types.is_empty();
    }
}
