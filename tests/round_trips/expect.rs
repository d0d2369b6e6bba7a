//! The expected variants of a value: the branches of each union that the document allows.

use std::collections::BTreeSet;

use jsonschema::is_valid;
use serde_json::{Map, Value, json};

use super::convert::{COMPONENTS, CONDITION, escape};
use super::schema::{Document, canonical};

const ALTERNATIVES: [&str; 2] = ["oneOf", "anyOf"];

/// A union that applies to a value.
pub struct Choice {
    /// The pointer within the value.
    pub at: String,
    /// The pointer to the union.
    pub union: String,
    /// The pointer to each resolved branch.
    pub branches: Vec<String>,
    /// The branches for which the value is valid, or that its tag selects.
    pub allowed: BTreeSet<String>,
}

/// The expectations for a value.
#[derive(Default)]
pub struct Expected {
    pub choices: Vec<Choice>,
    /// The pointers to values that an `enum` lists.
    pub listed: BTreeSet<String>,
    /// The parts of the document that the value covers; see [`aims`].
    pub reached: BTreeSet<String>,
}

/// Returns the expectations for a valid value of a schema.
pub fn expected(document: &Document, pointer: &str, value: &Value) -> Expected {
    let mut walk = Walk {
        document,
        seen: BTreeSet::new(),
        expected: Expected::default(),
    };
    walk.schema(pointer, value, "", false);
    walk.expected
}

/// Returns all parts of a document that values can cover: each branch of a union, each tag, each
/// optional property present, absent and equal to its default.
pub fn aims(document: &Document, pointer: &str) -> BTreeSet<String> {
    let mut aims = BTreeSet::new();
    collect_aims(document, pointer, &[], &mut aims);
    aims
}

/// Collects the aims of a schema. `tags` are the properties that a condition on the same value
/// requires.
fn collect_aims(document: &Document, pointer: &str, tags: &[&Value], aims: &mut BTreeSet<String>) {
    let Some(schema) = document.at(pointer).and_then(Value::as_object) else {
        return;
    };
    for keyword in ALTERNATIVES {
        let branches = indices(schema, keyword).map(|index| format!("{pointer}/{keyword}/{index}"));
        aims.extend(branches.filter(|branch| !is_null(document, branch)));
    }
    for heir in document.heirs(pointer) {
        aims.extend(heir.tags.iter().map(|tag| tag_aim(pointer, tag)));
    }
    for branch in indices(schema, "oneOf").chain(indices(schema, "anyOf")) {
        let tags = ALTERNATIVES.iter().find_map(|keyword| {
            let condition = schema.get(*keyword)?.get(branch)?["allOf"]
                .as_array()?
                .last()?;
            let property = schema.get("discriminator")?["propertyName"].as_str()?;
            condition["properties"][property]["enum"]
                .as_array()
                .cloned()
        });
        let tags = tags.into_iter().flatten();
        aims.extend(tags.map(|tag| tag_aim(pointer, &tag)));
    }
    let required = schema.get("required").and_then(Value::as_array);
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter();
    let conditions: Vec<&Value> = parts
        .flatten()
        .filter(|part| !part[CONDITION].is_null())
        .flat_map(|part| part["required"].as_array().into_iter().flatten())
        .chain(tags.iter().copied())
        .collect();
    let is_required = |name: &str| {
        let mut required = required
            .into_iter()
            .flatten()
            .chain(conditions.iter().copied());
        required.any(|it| it == name)
    };
    for (name, property) in entries(schema, "properties") {
        let at = format!("{pointer}/properties/{}", escape(name));
        if property == &json!(false) {
            continue;
        }
        if !is_required(name) {
            aims.extend(["present", "absent"].map(|word| format!("{at} {word}")));
        }
        if property.get("default").is_some() {
            aims.insert(format!("{at} default"));
        }
    }
    for below in below(schema) {
        let tags = if below.starts_with("/allOf/") {
            conditions.as_slice()
        } else {
            &[]
        };
        collect_aims(document, &format!("{pointer}{below}"), tags, aims);
    }
}

fn tag_aim(pointer: &str, tag: &Value) -> String {
    format!("{pointer} tag {tag}")
}

/// Returns the relative pointers of nested schemas.
fn below(schema: &Map<String, Value>) -> Vec<String> {
    let mut below = Vec::new();
    for keyword in ["allOf", "oneOf", "anyOf", "prefixItems"] {
        below.extend(indices(schema, keyword).map(|index| format!("/{keyword}/{index}")));
    }
    for keyword in ["properties", "patternProperties"] {
        let entries = entries(schema, keyword);
        below.extend(entries.map(|(name, _)| format!("/{keyword}/{}", escape(name))));
    }
    for keyword in ["items", "additionalProperties"] {
        if schema.get(keyword).is_some_and(Value::is_object) {
            below.push(format!("/{keyword}"));
        }
    }
    below
}

pub fn indices(schema: &Map<String, Value>, keyword: &str) -> std::ops::Range<usize> {
    let list = schema.get(keyword).and_then(Value::as_array);
    0..list.map_or(0, Vec::len)
}

fn entries<'s>(
    schema: &'s Map<String, Value>,
    keyword: &str,
) -> impl Iterator<Item = (&'s String, &'s Value)> {
    let entries = schema.get(keyword).and_then(Value::as_object);
    entries.into_iter().flatten()
}

/// Returns `true` if a branch only allows null.
fn is_null(document: &Document, pointer: &str) -> bool {
    document
        .at(&document.resolve(pointer))
        .is_some_and(|schema| {
            let values = schema["enum"].as_array();
            let is_listed = values.is_some_and(|values| values.iter().all(Value::is_null));
            schema["type"] == "null" || is_listed
        })
}

struct Walk<'d> {
    document: &'d Document,
    seen: BTreeSet<(String, String, bool)>,
    expected: Expected,
}

impl Walk<'_> {
    /// Follows a value through a schema for which it is valid. `is_parent` is true if the schema is
    /// extended by a component.
    fn schema(&mut self, pointer: &str, value: &Value, at: &str, is_parent: bool) {
        let key = (pointer.to_owned(), at.to_owned(), is_parent);
        let document = self.document;
        let Some(schema) = document.at(pointer).and_then(Value::as_object) else {
            return;
        };
        if !self.seen.insert(key) {
            return;
        }
        let listed = schema.get("enum").and_then(Value::as_array);
        if listed.is_some_and(|values| values.contains(value)) || schema.get("const") == Some(value)
        {
            self.expected.listed.insert(at.to_owned());
        }
        let target = schema.get("$ref").and_then(Value::as_str);
        if let Some(target) = target.and_then(Document::target) {
            self.schema(&target, value, at, is_parent);
        }
        let is_component = pointer
            .strip_prefix(COMPONENTS)
            .is_some_and(|token| token.matches('/').count() == 1);
        for index in indices(schema, "allOf") {
            let part = format!("{pointer}/allOf/{index}");
            self.schema(&part, value, at, is_parent || is_component);
        }
        for keyword in ALTERNATIVES {
            self.alternatives(pointer, schema, keyword, value, at);
        }
        if !is_parent {
            self.heirs(pointer, value, at);
        }
        match value {
            Value::Object(members) => self.members(pointer, schema, members, at),
            Value::Array(items) => self.items(pointer, schema, items, at),
            _ => {}
        }
    }

    fn alternatives(
        &mut self,
        pointer: &str,
        schema: &Map<String, Value>,
        keyword: &str,
        value: &Value,
        at: &str,
    ) {
        let document = self.document;
        let branches = indices(schema, keyword).map(|index| format!("{pointer}/{keyword}/{index}"));
        let branches: Vec<String> = branches.filter(|it| !is_null(document, it)).collect();
        let is_allowed = |branch: &&String| {
            let validator = document.validator(branch);
            validator.is_some_and(|validator| validator.is_valid(value))
        };
        let valid: Vec<&String> = branches.iter().filter(is_allowed).collect();
        if branches.is_empty() || value.is_null() {
            return;
        }
        self.expected.choices.push(Choice {
            at: at.to_owned(),
            union: canonical(pointer),
            branches: branches.iter().map(|it| document.resolve(it)).collect(),
            allowed: valid.iter().map(|it| document.resolve(it)).collect(),
        });
        let property = schema.get("discriminator").map(|it| &it["propertyName"]);
        if let Some(tag) = property.and_then(|name| value.get(name.as_str()?)) {
            self.expected.reached.insert(tag_aim(pointer, tag));
        }
        for branch in valid {
            self.expected.reached.insert(branch.clone());
            self.schema(branch, value, at, false);
        }
    }

    /// Adds the schema that the tag of a parent's discriminator selects.
    fn heirs(&mut self, pointer: &str, value: &Value, at: &str) {
        let heirs = self.document.heirs(pointer);
        let property = heirs.first().map(|heir| &heir.property);
        let Some(tag) = property.and_then(|name| value.get(name)) else {
            return;
        };
        let meant = heirs.iter().find(|heir| heir.tags.contains(tag));
        let Some(meant) = meant else { return };
        let mut allowed = BTreeSet::from([meant.pointer.clone()]);
        allowed.extend(meant.through.iter().cloned());
        // Its own discriminator selects among these.
        let own = self.document.heirs(&meant.pointer).into_iter();
        let own = own.filter(|heir| heir.property != meant.property);
        allowed.extend(own.map(|heir| heir.pointer));
        self.expected.reached.insert(tag_aim(pointer, tag));
        self.expected.choices.push(Choice {
            at: at.to_owned(),
            union: pointer.to_owned(),
            branches: heirs.iter().map(|heir| heir.pointer.clone()).collect(),
            allowed,
        });
        if meant.pointer != pointer {
            self.schema(&meant.pointer, value, at, false);
        }
    }

    fn members(
        &mut self,
        pointer: &str,
        schema: &Map<String, Value>,
        members: &Map<String, Value>,
        at: &str,
    ) {
        let mut others: BTreeSet<&String> = members.keys().collect();
        for (name, property) in entries(schema, "properties") {
            let below = format!("{pointer}/properties/{}", escape(name));
            others.remove(name);
            let Some(value) = members.get(name) else {
                self.expected.reached.insert(format!("{below} absent"));
                continue;
            };
            self.expected.reached.insert(format!("{below} present"));
            if property.get("default") == Some(value) {
                self.expected.reached.insert(format!("{below} default"));
            }
            self.schema(&below, value, &format!("{at}/{}", escape(name)), false);
        }
        for (pattern, _) in entries(schema, "patternProperties") {
            let below = format!("{pointer}/patternProperties/{}", escape(pattern));
            let names = json!({ "pattern": pattern });
            for (name, value) in members {
                if is_valid(&names, &json!(name)) {
                    others.remove(name);
                    self.schema(&below, value, &format!("{at}/{}", escape(name)), false);
                }
            }
        }
        let below = format!("{pointer}/additionalProperties");
        for name in others {
            if let Some(value) = members.get(name) {
                self.schema(&below, value, &format!("{at}/{}", escape(name)), false);
            }
        }
    }

    fn items(&mut self, pointer: &str, schema: &Map<String, Value>, items: &[Value], at: &str) {
        let first = indices(schema, "prefixItems").end;
        for (index, item) in items.iter().enumerate() {
            let below = if index < first {
                format!("{pointer}/prefixItems/{index}")
            } else {
                format!("{pointer}/items")
            };
            self.schema(&below, item, &format!("{at}/{index}"), false);
        }
    }
}
