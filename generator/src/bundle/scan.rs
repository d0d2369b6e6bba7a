//! Finds all references below a node.

use serde_json::{Map, Value};

use crate::diagnostic::{Location, Part};
use crate::pointer::{Pointer, Trail};
use crate::spec::{FieldType, ObjectKind};

/// A reference and its location.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The node of the bundle that is the reference: an object with `$ref`, or a value in the
    /// mapping of a discriminator.
    pub(super) at: Pointer,
    pub(super) text: String,
    /// The expected type of the target.
    pub(super) ty: FieldType,
    /// True if the object has no other members.
    pub(super) is_alone: bool,
    pub(super) is_mapping: bool,
}

impl Found {
    /// Returns the node with the text.
    pub(super) fn text_node(&self) -> Pointer {
        if self.is_mapping {
            self.at.clone()
        } else {
            self.at.child("$ref")
        }
    }

    pub(super) fn location(&self) -> Location {
        Location::Node(self.text_node(), Part::Value)
    }
}

/// Collects the references below a node, without those for which `is_settled` returns true.
pub(super) fn scan(
    node: &Value,
    at: &Pointer,
    ty: FieldType,
    mut is_settled: impl FnMut(&str, FieldType) -> bool,
) -> Vec<Found> {
    let mut scan = Scan {
        is_settled: &mut is_settled,
        found: Vec::new(),
    };
    scan.node(node, Trail::Start(at), ty);
    scan.found
}

struct Scan<'a> {
    is_settled: &'a mut dyn FnMut(&str, FieldType) -> bool,
    found: Vec<Found>,
}

impl Scan<'_> {
    // As deep as the document is nested, which the reader limits.
    fn node(&mut self, node: &Value, trail: Trail<'_>, ty: FieldType) {
        match (node, ty) {
            (_, FieldType::Data) => {}
            (Value::Object(map), FieldType::SchemaMapping) => self.mapping(map, trail),
            (Value::Object(map), _) => {
                if let Some(Value::String(text)) = map.get("$ref")
                    && !(self.is_settled)(text, ty)
                {
                    self.found.push(Found {
                        at: trail.pointer(),
                        text: text.clone(),
                        ty,
                        is_alone: map.len() == 1,
                        is_mapping: false,
                    });
                }
                for (key, value) in map {
                    if value.is_object() || value.is_array() {
                        self.node(value, Trail::Key(&trail, key), ty.child(key));
                    }
                }
            }
            (Value::Array(list), FieldType::List(kind) | FieldType::OneOrList(kind)) => {
                for (index, value) in list.iter().enumerate() {
                    self.node(value, Trail::Index(&trail, index), FieldType::One(kind));
                }
            }
            _ => {}
        }
    }

    fn mapping(&mut self, map: &Map<String, Value>, trail: Trail<'_>) {
        let ty = FieldType::One(ObjectKind::Schema);
        for (name, value) in map {
            if let Value::String(text) = value
                && !(self.is_settled)(text, ty)
            {
                self.found.push(Found {
                    at: Trail::Key(&trail, name).pointer(),
                    text: text.clone(),
                    ty,
                    is_alone: false,
                    is_mapping: true,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sees_references_and_not_data() {
        let document = json!({
            "paths": {"/a": {"get": {"parameters": [{"$ref": "1"}], "x-a": {"$ref": "no"}}}},
            "x-b": {"$ref": "no"},
            "components": {"schemas": {"A": {
                "properties": {
                    "$ref": {"$ref": "2"},
                    "default": {"default": {"$ref": "no"}, "const": {"$ref": "no"}},
                    "example": {"items": {"$ref": "3"}, "enum": [{"$ref": "no"}]},
                    "number": {"$ref": 5},
                },
                "items": [{"$ref": "4"}],
                "example": {"$ref": "no"},
                "examples": [{"$ref": "no"}],
                "discriminator": {"propertyName": "$ref", "mapping": {"a": "5", "$ref": "6"}},
            }}, "examples": {"B": {"$ref": "7"}, "C": {"value": {"$ref": "no"}}}},
        });
        let found = scan(
            &document,
            &Pointer::root(),
            FieldType::One(ObjectKind::Document),
            |_, _| false,
        );
        let texts: Vec<_> = found.iter().map(|found| found.text.as_str()).collect();
        assert_eq!(texts, ["1", "2", "3", "4", "5", "6", "7"]);
        assert_eq!(
            found[1].text_node().as_str(),
            "/components/schemas/A/properties/$ref/$ref"
        );
        assert_eq!(
            found[5].text_node().as_str(),
            "/components/schemas/A/discriminator/mapping/$ref"
        );
    }
}
