//! A feature's document as the schemas of JSON Schema 2020-12 that it means.

use std::collections::{BTreeMap, BTreeSet};
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
    /// What the tags of a component have to be.
    tagged: BTreeMap<String, Value>,
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
            tagged: BTreeMap::new(),
        };
        if is_3_0 {
            newer(&mut value);
        }
        encode_references(&mut value);
        document.tagged = tagged(&value);
        let before = value.clone();
        discriminate(&mut value, &before);
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

    /// The schema of a component, with what its tags have to be.
    pub fn component(&self, name: &str) -> Value {
        let own = &self.value["components"]["schemas"][name];
        match self.tagged.get(name) {
            None => own.clone(),
            Some(tagged) => json!({ "allOf": [own, tagged] }),
        }
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
        if let Some(tagged) = self.tagged.get(component) {
            schema["allOf"] = json!([tagged]);
        }
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
fn discriminate(value: &mut Value, document: &Value) {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| discriminate(item, document)),
        Value::Object(object) => {
            object
                .values_mut()
                .for_each(|value| discriminate(value, document));
            discriminate_schema(object, document);
        }
        _ => {}
    }
}

fn discriminate_schema(object: &mut Map<String, Value>, document: &Value) {
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
            let Some(tags) = tags(document, &discriminator, target) else {
                continue;
            };
            let tagged = json!({
                "type": "object",
                "required": [property],
                "properties": { property: { "enum": tags } },
            });
            *branch = json!({ "allOf": [branch, tagged] });
        }
    }
}

/// What the tags of each component are that a discriminator selects: its type may have no place for
/// another.
fn tagged(document: &Value) -> BTreeMap<String, Value> {
    let mut tagged: BTreeMap<String, Value> = BTreeMap::new();
    let schemas = document.pointer("/components/schemas");
    let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
    for (name, schema) in schemas {
        let discriminator = &schema["discriminator"];
        let Some(property) = discriminator["propertyName"].as_str() else {
            continue;
        };
        let lists = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|key| schema[key].as_array());
        let listed = lists.flatten().filter_map(|branch| branch["$ref"].as_str());
        let mut targets: BTreeSet<String> = listed.map(str::to_owned).collect();
        if targets.is_empty() {
            targets = extending(document, &format!("{COMPONENTS}{name}"));
            let mapped = discriminator["mapping"].as_object().into_iter().flatten();
            let mapped = mapped.filter_map(|(_, target)| target.as_str());
            targets.extend(
                mapped
                    .filter(|target| target.starts_with('#'))
                    .map(str::to_owned),
            );
        }
        for target in targets {
            let Some(tags) = tags(document, discriminator, &target) else {
                continue;
            };
            let own = document.pointer(target.trim_start_matches('#'));
            if own
                .and_then(|own| declared(document, own, property, 0))
                .is_none()
            {
                continue;
            }
            let name = target.trim_start_matches(COMPONENTS).to_owned();
            let tag = tagged
                .entry(name)
                .or_insert_with(|| json!({ "type": "object", "required": [], "properties": {} }));
            let known = &mut tag["properties"][property]["enum"];
            match known.as_array_mut() {
                Some(known) => known.extend(tags),
                None => *known = json!(tags),
            }
            if let Some(required) = tag["required"].as_array_mut() {
                required.push(json!(property));
                required.dedup();
            }
        }
    }
    tagged
}

const COMPONENTS: &str = "#/components/schemas/";

/// The components that extend another one by `allOf`, directly or not.
fn extending(document: &Value, base: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = vec![base.to_owned()];
    while let Some(base) = queue.pop() {
        let schemas = document.pointer("/components/schemas");
        for (name, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
            let target = format!("{COMPONENTS}{name}");
            if extends(schema, &base) && found.insert(target.clone()) {
                queue.push(target);
            }
        }
    }
    found
}

fn extends(schema: &Value, base: &str) -> bool {
    let mut branches = schema["allOf"].as_array().into_iter().flatten();
    schema["$ref"] == *base
        || branches.any(|branch| branch["$ref"] == *base || extends(branch, base))
}

/// The tags that mean a component: those of the mapping, else its name; where it can have none of
/// them, the values that it can have. `None` where it is a union itself.
fn tags(document: &Value, discriminator: &Value, target: &str) -> Option<Vec<Value>> {
    let name = target.rsplit('/').next().unwrap_or_default();
    let property = discriminator["propertyName"].as_str().unwrap_or_default();
    let mapped = discriminator["mapping"].as_object().into_iter().flatten();
    let tags = mapped.filter(|(_, meant)| *meant == target || *meant == name);
    let mut tags: Vec<Value> = tags.map(|(tag, _)| json!(tag)).collect();
    if tags.is_empty() {
        tags.push(json!(name));
    }
    let own = document.pointer(target.trim_start_matches('#'))?;
    if own.get("oneOf").is_some()
        || own.get("anyOf").is_some()
        || own.get("discriminator").is_some()
    {
        return None;
    }
    let Some(own) = declared(document, own, property, 0) else {
        return Some(tags);
    };
    if own["type"] == "integer" {
        let parsed = tags.iter().filter_map(Value::as_str).map(str::parse);
        tags = parsed
            .filter_map(Result::ok)
            .map(|number: i64| json!(number))
            .collect();
    }
    Some(match own["enum"].as_array() {
        Some(listed) if !tags.iter().any(|tag| listed.contains(tag)) => listed.clone(),
        _ => tags,
    })
}

/// What a schema says of a property, itself or by a part of it.
fn declared<'a>(
    document: &'a Value,
    schema: &'a Value,
    property: &str,
    depth: usize,
) -> Option<&'a Value> {
    let schema = followed(document, schema);
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let own = schema["properties"].get(property);
    let own = own.map(|own| followed(document, own));
    own.or_else(|| {
        let parts = parts.filter(|_| depth < 16);
        parts
            .filter_map(|part| declared(document, part, property, depth + 1))
            .last()
    })
}

fn followed<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix('#'));
    target
        .and_then(|target| document.pointer(target))
        .unwrap_or(schema)
}

/// Writes schemas of OpenAPI 3.0 as those of JSON Schema 2020-12.
fn newer(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(newer),
        Value::Object(object) => {
            let keys = object
                .iter_mut()
                .filter(|(key, _)| !DATA.contains(&key.as_str()));
            keys.for_each(|(_, value)| newer(value));
            newer_schema(object);
        }
        _ => {}
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
