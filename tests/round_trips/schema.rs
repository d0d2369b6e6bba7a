//! A feature's document as equivalent JSON Schema 2020-12.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use generator::bundle::bundle;
use generator::diagnostic::Diagnostics;
use generator::document::is_same;
use generator::source::Sources;
use jsonschema::{Draft, Validator};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::convert::{self, COMPONENTS, DATA, PARENTS, escape};

/// A longer chain of references is a circle.
const MOST_REFERENCES: usize = 32;

/// A document with local references only.
pub struct Document {
    value: Value,
    defaults: Vec<Value>,
    one_way: BTreeSet<String>,
    validators: RefCell<BTreeMap<String, Option<Rc<Validator>>>>,
}

/// A schema that a tag of a parent's discriminator selects.
pub struct Heir {
    /// The pointer to the schema.
    pub pointer: String,
    /// The discriminator's property.
    pub property: String,
    pub tags: Vec<Value>,
    /// The schemas whose own discriminator selects it.
    pub through: Vec<String>,
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
        convert::convert(&mut value);
        let mut document = Self {
            value: Value::Null,
            defaults: Vec::new(),
            one_way: BTreeSet::new(),
            validators: RefCell::default(),
        };
        document.note(&value);
        document.value = value;
        document
    }

    /// Returns the names of the components' schemas.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        let schemas = self.value.pointer(COMPONENTS);
        let schemas = schemas.and_then(Value::as_object).into_iter();
        schemas.flat_map(Map::keys).map(String::as_str)
    }

    /// Returns the pointer to the schema of a component.
    pub fn component(name: &str) -> String {
        format!("{COMPONENTS}/{}", escape(name))
    }

    /// Returns the schema at a pointer.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    /// Returns the pointer that a reference refers to.
    pub fn target(reference: &str) -> Option<String> {
        let pointer = reference.strip_prefix('#')?;
        Some(percent_decode_str(pointer).decode_utf8().ok()?.into_owned())
    }

    /// Returns the pointer to a schema after following references without siblings.
    pub fn resolve(&self, pointer: &str) -> String {
        let mut pointer = canonical(pointer);
        for _ in 0..MOST_REFERENCES {
            let schema = self.at(&pointer).and_then(Value::as_object);
            let Some(schema) = schema.filter(|schema| convert::is_reference(schema)) else {
                break;
            };
            let target = schema.get("$ref").and_then(Value::as_str);
            match target.and_then(Self::target) {
                Some(target) => pointer = canonical(&target),
                None => break,
            }
        }
        pointer
    }

    /// Returns the schemas that a discriminator without alternatives selects: the targets of its
    /// mapping, and all schemas that extend the schema.
    pub fn heirs(&self, pointer: &str) -> Vec<Heir> {
        let heirs = convert::heirs(&self.value, pointer).into_iter();
        let heirs = heirs.map(|heir| Heir {
            pointer: Self::component(&heir.name),
            property: heir.property,
            tags: heir.tags,
            through: heir.through.iter().map(|it| Self::component(it)).collect(),
        });
        heirs.collect()
    }

    /// Returns the validator for a schema.
    ///
    /// Returns `None` for a reference to an `$anchor`, which the validator only finds inside of
    /// schemas.
    pub fn validator(&self, pointer: &str) -> Option<Rc<Validator>> {
        let known = self.validators.borrow().get(pointer).cloned();
        known.unwrap_or_else(|| {
            let made = self.build(pointer).map(Rc::new);
            let mut validators = self.validators.borrow_mut();
            validators.insert(pointer.to_owned(), made.clone());
            made
        })
    }

    fn build(&self, pointer: &str) -> Option<Validator> {
        let mut schema = self.value.clone();
        let encoded = pointer.split('/').map(|token| {
            let token = utf8_percent_encode(token, NON_ALPHANUMERIC);
            token.to_string()
        });
        let encoded: Vec<String> = encoded.collect();
        schema["$ref"] = json!(format!("#{}", encoded.join("/")));
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&schema);
        match built {
            Ok(validator) => Some(validator),
            Err(error) if error.to_string().starts_with("Anchor") => None,
            Err(error) => panic!("{pointer}: {error} at {}", error.instance_path()),
        }
    }

    /// Returns `true` if a schema has this default: the property may then be omitted or added.
    pub fn is_default(&self, value: &Value) -> bool {
        self.defaults.iter().any(|default| is_same(default, value))
    }

    /// Returns `true` if a property with this name is only sent or only read.
    pub fn is_one_way(&self, name: &str) -> bool {
        self.one_way.contains(name)
    }

    /// Records the parts of a value that may be omitted.
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

/// Returns the generator's pointer for a schema that this document has moved.
pub fn canonical(pointer: &str) -> String {
    match pointer.strip_prefix(PARENTS) {
        Some(below) => format!("{COMPONENTS}{below}"),
        None => pointer.to_owned(),
    }
}
