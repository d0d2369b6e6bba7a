//! Reads schemas from JSON. `upgrade.rs` upgrades those of OpenAPI 3.0 to JSON Schema 2020-12.
//!
//! Keywords of older versions of JSON Schema become those of 2020-12: `items` with a list and
//! `additionalItems` become `prefixItems` and `items`, `dependencies` becomes `dependentRequired`
//! and `dependentSchemas`.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::model::{
    Annotations, ArrayKeywords, ObjectKeywords, Reference, Schema, SchemaId, SchemaTable,
    SchemaType, StringKeywords,
};
use super::upgrade::{Pending, types};
use crate::diagnostic::{Diagnostic, code};
use crate::pointer::Pointer;
use crate::spec;

/// Reads schemas into a table.
pub(in crate::document) struct Reader<'t> {
    pub table: &'t mut SchemaTable,
    /// The errors. The checks of `normalize` find them first, so there should be none.
    pub faults: &'t mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads a schema with the schemas in it.
    ///
    /// The recursion is as deep as the document is nested, which `source` limits.
    pub fn schema(&mut self, value: Value, at: Pointer) -> SchemaId {
        if let Some(known) = self.table.id(&at) {
            return known;
        }
        let schema = match value {
            Value::Bool(true) => Schema::default(),
            Value::Bool(false) => Schema::no_value(),
            Value::Object(map) => self.keywords(map, &at),
            other => {
                self.wrong(&other, &at);
                Schema::default()
            }
        };
        self.table.insert(at, schema)
    }

    fn keywords(&mut self, map: Map<String, Value>, at: &Pointer) -> Schema {
        let mut schema = Schema::default();
        let mut pending = Pending::default();
        let has_siblings = map.len() > 1;
        for (key, value) in map {
            match spec::keyword_types(&key) {
                [] => self.keyword(&mut schema, &mut pending, key, value, at, has_siblings),
                ["string"] => self.string(&mut schema, &key, value, at),
                ["array"] => self.array(&mut schema, &key, value, at),
                ["object"] => self.object(&mut schema, &key, value, at),
                _ => pending.number(&key, value),
            }
        }
        types(&mut schema, &pending, at);
        schema.number = pending.bounds();
        narrow(&mut schema);
        schema
    }

    /// Reads a keyword that applies to values of all types.
    fn keyword(
        &mut self,
        schema: &mut Schema,
        pending: &mut Pending,
        key: String,
        value: Value,
        at: &Pointer,
        has_siblings: bool,
    ) {
        match key.as_str() {
            "type" => pending.types = Some(value),
            "nullable" => pending.is_nullable = value == Value::Bool(true),
            "$ref" => {
                schema.reference = Some(Reference {
                    target: value.as_str().and_then(Pointer::from_reference),
                    beside: has_siblings.then(|| at.child("$ref")),
                });
            }
            "format" => schema.format = self.text(value, at, &key),
            "const" => schema.constant = Some(value),
            "enum" => schema.enumeration = self.list(value, at, &key),
            "allOf" => schema.all_of = self.branches(value, at, &key),
            "oneOf" => schema.one_of = self.branches(value, at, &key),
            "anyOf" => schema.any_of = self.branches(value, at, &key),
            "not" => schema.not = Some(self.child(value, at, &key)),
            "if" | "then" | "else" => {
                let id = Some(self.child(value, at, &key));
                let [condition, then, otherwise] = &mut schema.conditional;
                match key.as_str() {
                    "if" => *condition = id,
                    "then" => *then = id,
                    _ => *otherwise = id,
                }
            }
            "discriminator" => schema.discriminator = self.object_of(value, at, &key),
            // Only references lead to these schemas.
            "$defs" | "definitions" => _ = self.named(value, at, &key),
            _ => {
                if let Some(value) = self.annotation(&mut schema.annotations, &key, value, at) {
                    schema.others.insert(key, value);
                }
            }
        }
    }

    /// Reads an annotation. Returns the value of another keyword.
    fn annotation(
        &mut self,
        annotations: &mut Annotations,
        key: &str,
        value: Value,
        at: &Pointer,
    ) -> Option<Value> {
        let is_true = value == Value::Bool(true);
        match key {
            "title" => annotations.title = self.text(value, at, key),
            "description" => annotations.description = self.text(value, at, key),
            "default" => annotations.default = Some(value),
            "example" => annotations.example = Some(value),
            "examples" => annotations.examples = self.list(value, at, key),
            "readOnly" => annotations.read_only = is_true,
            "writeOnly" => annotations.write_only = is_true,
            "deprecated" => annotations.deprecated = is_true,
            "externalDocs" => annotations.external_docs = self.object_of(value, at, key),
            "xml" => annotations.xml = Some(Box::new(value)),
            _ => return Some(value),
        }
        None
    }

    fn string(&mut self, schema: &mut Schema, key: &str, value: Value, at: &Pointer) {
        let string: &mut StringKeywords = schema.string.get_or_insert_default();
        match key {
            "pattern" => string.pattern = self.text(value, at, key),
            "minLength" => string.min_length = self.count(&value, at, key),
            "maxLength" => string.max_length = self.count(&value, at, key),
            "contentEncoding" => string.content_encoding = self.text(value, at, key),
            "contentMediaType" => string.content_media_type = self.text(value, at, key),
            "contentSchema" => string.content_schema = Some(self.child(value, at, key)),
            _ => {}
        }
    }

    fn array(&mut self, schema: &mut Schema, key: &str, value: Value, at: &Pointer) {
        let array: &mut ArrayKeywords = schema.array.get_or_insert_default();
        match key {
            "items" if value.is_array() => array.prefix_items = self.branches(value, at, key),
            "items" | "additionalItems" => array.items = Some(self.child(value, at, key)),
            "prefixItems" => array.prefix_items = self.branches(value, at, key),
            "contains" => array.contains = Some(self.child(value, at, key)),
            "minContains" => array.min_contains = self.count(&value, at, key),
            "maxContains" => array.max_contains = self.count(&value, at, key),
            "minItems" => array.min_items = self.count(&value, at, key),
            "maxItems" => array.max_items = self.count(&value, at, key),
            "uniqueItems" => array.unique_items = value == Value::Bool(true),
            "unevaluatedItems" => array.unevaluated_items = Some(self.child(value, at, key)),
            _ => {}
        }
    }

    fn object(&mut self, schema: &mut Schema, key: &str, value: Value, at: &Pointer) {
        let is_empty = value.as_object().is_some_and(Map::is_empty)
            || value.as_array().is_some_and(Vec::is_empty);
        if is_empty && matches!(key, "properties" | "required") {
            // They restrict nothing, and do not even require objects.
            return;
        }
        let object: &mut ObjectKeywords = schema.object.get_or_insert_default();
        match key {
            "properties" => object.properties = self.named(value, at, key).into_iter().collect(),
            "required" => object.required = self.texts(value, at, key),
            "additionalProperties" => {
                object.additional_properties = Some(self.child(value, at, key));
            }
            "patternProperties" => object.pattern_properties = self.named(value, at, key),
            "propertyNames" => object.property_names = Some(self.child(value, at, key)),
            "dependentRequired" | "dependentSchemas" | "dependencies" => {
                self.dependencies(object, value, &at.child(key));
            }
            "minProperties" => object.min_properties = self.count(&value, at, key),
            "maxProperties" => object.max_properties = self.count(&value, at, key),
            "unevaluatedProperties" => {
                object.unevaluated_properties = Some(self.child(value, at, key));
            }
            _ => {}
        }
    }

    /// Reads `dependentRequired`, `dependentSchemas`, or `dependencies`, which had both kinds of
    /// values before JSON Schema 2019-09.
    fn dependencies(&mut self, object: &mut ObjectKeywords, value: Value, at: &Pointer) {
        for (name, value) in self.map(value, at) {
            if value.is_array() {
                let names = self.texts(value, at, &name);
                object.dependent_required.push((name, names));
            } else {
                let id = self.schema(value, at.child(&name));
                object.dependent_schemas.push((name, id));
            }
        }
    }

    fn child(&mut self, value: Value, at: &Pointer, key: &str) -> SchemaId {
        self.schema(value, at.child(key))
    }

    fn branches(&mut self, value: Value, at: &Pointer, key: &str) -> Vec<SchemaId> {
        let branches = self.list(value, at, key).into_iter().enumerate();
        let branches = branches.map(|(index, branch)| {
            let at = at.below(&[key, &index.to_string()]);
            self.schema(branch, at)
        });
        branches.collect()
    }

    fn named(&mut self, value: Value, at: &Pointer, key: &str) -> Vec<(String, SchemaId)> {
        let at = at.child(key);
        let members = self.map(value, &at).into_iter();
        let members = members.map(|(name, schema)| {
            let id = self.schema(schema, at.child(&name));
            (name, id)
        });
        members.collect()
    }

    fn map(&mut self, value: Value, at: &Pointer) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => {
                self.wrong(&other, at);
                Map::new()
            }
        }
    }

    fn list(&mut self, value: Value, at: &Pointer, key: &str) -> Vec<Value> {
        match value {
            Value::Array(list) => list,
            other => {
                self.wrong(&other, &at.child(key));
                Vec::new()
            }
        }
    }

    fn texts(&mut self, value: Value, at: &Pointer, key: &str) -> Vec<String> {
        let list = self.list(value, at, key).into_iter();
        list.filter_map(|text| self.text(text, at, key)).collect()
    }

    fn text(&mut self, value: Value, at: &Pointer, key: &str) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            other => {
                self.wrong(&other, &at.child(key));
                None
            }
        }
    }

    fn count(&mut self, value: &Value, at: &Pointer, key: &str) -> Option<usize> {
        let Some(count) = value.as_u64() else {
            self.wrong(value, &at.child(key));
            return None;
        };
        Some(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Reads an object of OpenAPI, which `openapiv3` models.
    fn object_of<T: DeserializeOwned>(
        &mut self,
        value: Value,
        at: &Pointer,
        key: &str,
    ) -> Option<Box<T>> {
        match T::deserialize(value) {
            Ok(object) => Some(Box::new(object)),
            Err(error) => {
                self.unreadable(&at.child(key), &error.to_string());
                None
            }
        }
    }

    fn wrong(&mut self, value: &Value, at: &Pointer) {
        self.unreadable(at, &format!("unexpected value {value}"));
    }

    fn unreadable(&mut self, at: &Pointer, reason: &str) {
        let message = format!("this does not follow the OpenAPI specification: {reason}");
        let help = "compare it with the specification, https://spec.openapis.org/oas/";
        let fault = Diagnostic::error(code::UNREADABLE, at, message).help(help);
        self.faults.push(fault);
    }
}

/// Removes the values of `enum` that have none of the types, and the types without a value.
fn narrow(schema: &mut Schema) {
    if !schema.types.are_several() {
        return;
    }
    let types = schema.types;
    let is_of = |value: &Value, of: SchemaType| spec::is_of_type(value, of.name());
    let is_of_any = |value: &Value| types.iter().any(|of| is_of(value, of));
    schema.constant = schema.constant.take().filter(is_of_any);
    schema.enumeration.retain(is_of_any);
    let values = match &schema.constant {
        Some(constant) => std::slice::from_ref(constant),
        None => &schema.enumeration,
    };
    if !values.is_empty() {
        schema
            .types
            .retain(|of| values.iter().any(|value| is_of(value, of)));
    }
}
