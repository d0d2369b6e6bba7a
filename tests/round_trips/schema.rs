//! A feature's document as the schemas of JSON Schema 2020-12 that it means.

use std::collections::BTreeSet;
use std::path::Path;

use generator::bundle::bundle;
use generator::diagnostic::Diagnostics;
use generator::document::is_same;
use generator::source::Sources;
use jsonschema::{Draft, Validator};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// Keywords whose values are data and no schemas.
const DATA: &[&str] = &["enum", "const", "default", "example", "examples"];

/// A document whose references are local.
pub struct Document {
    value: Value,
    defaults: Vec<Value>,
    one_way: BTreeSet<String>,
}

impl Document {
    pub fn read(path: &Path) -> Self {
        let mut diagnostics = Diagnostics::default();
        let mut sources = Sources::new();
        let read = sources.read(path, &mut diagnostics);
        let Ok((root, value)) = read else {
            panic!("{}: {diagnostics:?}", path.display());
        };
        let mut value = bundle(root, value, &mut sources, &mut diagnostics).value;
        let is_3_0 = value["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.0"));
        let mut document = Self {
            value: Value::Null,
            defaults: Vec::new(),
            one_way: BTreeSet::new(),
        };
        if is_3_0 {
            newer(&mut value);
        }
        encode_references(&mut value);
        discriminate(&mut value);
        document.note(&value);
        document.value = value;
        document
    }

    /// The names of the components' schemas.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        let schemas = self.value.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter();
        schemas.flat_map(Map::keys).map(String::as_str)
    }

    /// The schema of a component.
    pub fn component(&self, name: &str) -> &Value {
        &self.value["components"]["schemas"][name]
    }

    /// What a reference leads to.
    pub fn follow(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix('#')?;
        let pointer = percent_encoding::percent_decode_str(pointer)
            .decode_utf8()
            .ok()?;
        self.value.pointer(&pointer)
    }

    /// The judge of what is valid for a component.
    ///
    /// `None` where a reference is by `$anchor`, which it finds inside of schemas only.
    pub fn validator(&self, component: &str) -> Option<Validator> {
        let mut schema = self.value.clone();
        let token = component.replace('~', "~0").replace('/', "~1");
        let token = utf8_percent_encode(&token, NON_ALPHANUMERIC);
        schema["$ref"] = json!(format!("#/components/schemas/{token}"));
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&schema);
        match built {
            Ok(validator) => Some(validator),
            Err(error) if error.to_string().starts_with("Anchor") => None,
            Err(error) => panic!("{component}: {error}"),
        }
    }

    /// Whether some schema has this default: it may be left out, or be set.
    pub fn is_default(&self, value: &Value) -> bool {
        self.defaults.iter().any(|default| is_same(default, value))
    }

    /// Whether a property of this name is only sent, or only read.
    pub fn is_one_way(&self, name: &str) -> bool {
        self.one_way.contains(name)
    }

    /// Remembers what may go of a value.
    fn note(&mut self, value: &Value) {
        let entries: Vec<(Option<&String>, &Value)> = match value {
            Value::Object(object) => object
                .iter()
                .map(|(key, value)| (Some(key), value))
                .collect(),
            Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
            _ => return,
        };
        for (key, value) in entries {
            match key.map(String::as_str) {
                Some("default") => self.defaults.push(value.clone()),
                Some(key) if DATA.contains(&key) => {}
                Some("properties") => {
                    for (name, schema) in value.as_object().into_iter().flatten() {
                        if schema["readOnly"] == true || schema["writeOnly"] == true {
                            self.one_way.insert(name.clone());
                        }
                        self.note(schema);
                    }
                }
                _ => self.note(value),
            }
        }
    }
}

/// The judge takes a reference to a path only with its braces encoded (RFC 3986, section 3.5).
fn encode_references(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(encode_references),
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                *reference = reference.replace('{', "%7B").replace('}', "%7D");
            }
            object.values_mut().for_each(encode_references);
        }
        _ => {}
    }
}

/// Lets a discriminator decide: a branch is for the values of the tag that mean it.
fn discriminate(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(discriminate),
        Value::Object(object) => {
            object.values_mut().for_each(discriminate);
            discriminate_schema(object);
        }
        _ => {}
    }
}

fn discriminate_schema(object: &mut Map<String, Value>) {
    let Some(discriminator) = object.get("discriminator").cloned() else {
        return;
    };
    let Some(property) = discriminator["propertyName"].as_str() else {
        return;
    };
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = object.get_mut(keyword) else {
            continue;
        };
        for branch in branches {
            let Some(target) = branch["$ref"].as_str() else {
                continue;
            };
            let tags = tags(&discriminator["mapping"], target);
            let tagged = json!({
                "type": "object",
                "required": [property],
                "properties": { property: { "enum": tags } },
            });
            *branch = json!({ "allOf": [branch, tagged] });
        }
    }
}

/// The tags that mean a component: those of the mapping, else its name.
fn tags(mapping: &Value, target: &str) -> Vec<Value> {
    let name = target.rsplit('/').next().unwrap_or_default();
    let mapped = mapping.as_object().into_iter().flatten();
    let tags: Vec<Value> = mapped
        .filter(|(_, meant)| *meant == target || *meant == name)
        .map(|(tag, _)| json!(tag))
        .collect();
    if tags.is_empty() {
        vec![json!(name)]
    } else {
        tags
    }
}

/// Writes schemas of OpenAPI 3.0 as those of JSON Schema 2020-12.
fn newer(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(newer),
        Value::Object(object) => {
            name_null(object);
            let keys = object
                .iter_mut()
                .filter(|(key, _)| !DATA.contains(&key.as_str()));
            keys.for_each(|(_, value)| newer(value));
            newer_schema(object);
        }
        _ => {}
    }
}

/// A part that is nothing but `nullable: true` means null: as a branch beside others it is null,
/// in an `allOf` it makes the whole nullable.
fn name_null(object: &mut Map<String, Value>) {
    let only_nullable = json!({ "nullable": true });
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = object.get_mut(keyword)
            && branches.len() > 1
        {
            let nulls = branches
                .iter_mut()
                .filter(|branch| **branch == only_nullable);
            nulls.for_each(|branch| *branch = json!({ "type": "null" }));
        }
    }
    if let Some(Value::Array(parts)) = object.get_mut("allOf")
        && parts.contains(&only_nullable)
    {
        parts.retain(|part| *part != only_nullable);
        object.insert("nullable".to_owned(), json!(true));
    }
}

fn newer_schema(object: &mut Map<String, Value>) {
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(Value::Bool(exclusive)) = object.get(flag) {
            let exclusive = *exclusive;
            object.remove(flag);
            if exclusive && let Some(limit) = object.remove(bound) {
                object.insert(flag.to_owned(), limit);
            }
        }
    }
    if object.get("nullable") != Some(&Value::Bool(true)) {
        return;
    }
    object.remove("nullable");
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
    if let Some(kind @ Value::String(_)) = object.get("type").cloned() {
        object.insert("type".to_owned(), json!([kind, "null"]));
    } else {
        let meant = Value::Object(std::mem::take(object));
        object.insert("anyOf".to_owned(), json!([{ "type": "null" }, meant]));
    }
}
