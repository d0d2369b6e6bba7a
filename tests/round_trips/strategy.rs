//! Generates values from schemas. Most of them are valid; the validator decides.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

use super::convert::{COMPONENTS, CONDITION, OF_TYPE, escape};
use super::scalar::{anything, integer, matching, number, text};
use super::schema::Document;

/// A property that no schema of the features declares.
pub const UNDECLARED: &str = "nobody declares this";

/// Beyond this depth, only required parts are generated.
const DEPTH: u32 = 4;

/// Beyond this depth, nothing is generated.
const MOST: u32 = 12;

/// The kind of generated values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Any value.
    Any,
    /// With all optional properties.
    Full,
    /// Without optional properties.
    Lean,
    /// With defaults for all properties that have one.
    Defaults,
    /// With one undeclared property, in the objects of this level.
    Extra(u32),
}

/// Generates values for a document's schemas.
pub struct Maker<'d> {
    pub document: &'d Document,
    pub extent: Extent,
    /// The part that each value must cover, as in [`aims`](super::expect::aims).
    pub forced: Option<&'d str>,
}

/// The position of a schema on the path from the component.
#[derive(Clone, Copy, Default)]
struct Way {
    /// The number of schemas around it.
    depth: u32,
    /// The number of values around its own.
    level: u32,
    /// True if a component extends it.
    is_parent: bool,
}

impl Way {
    /// Returns the position of another schema for the same value.
    fn same(self) -> Self {
        Self {
            depth: self.depth + 1,
            is_parent: false,
            ..self
        }
    }

    /// Returns the position of a nested value.
    fn below(self) -> Self {
        Self {
            level: self.level + 1,
            ..self.same()
        }
    }

    fn extended(self, is_parent: bool) -> Self {
        Self {
            is_parent,
            ..self.same()
        }
    }
}

pub fn of_component(document: &Document, name: &str) -> BoxedStrategy<Value> {
    let maker = Maker {
        document,
        extent: Extent::Any,
        forced: None,
    };
    maker.component(name)
}

impl Maker<'_> {
    pub fn component(&self, name: &str) -> BoxedStrategy<Value> {
        self.of(&Document::component(name), Way::default())
    }

    /// Returns `true` if the values must cover a schema or a nested one.
    fn is_forced(&self, pointer: &str) -> bool {
        let below = self.forced.and_then(|forced| forced.strip_prefix(pointer));
        below.is_some_and(|below| below.is_empty() || below.starts_with(['/', ' ']))
    }

    /// Returns `true` if the property must be in this state.
    fn is_wanted(&self, pointer: &str, word: &str) -> bool {
        let below = self.forced.and_then(|forced| forced.strip_prefix(pointer));
        below.and_then(|below| below.strip_prefix(' ')) == Some(word)
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one step for each keyword, in the order in which they are combined"
    )]
    fn of(&self, pointer: &str, way: Way) -> BoxedStrategy<Value> {
        let Some(schema) = self.document.at(pointer).and_then(Value::as_object) else {
            return anything();
        };
        if way.depth > MOST {
            return Just(Value::Null).boxed();
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            return select(values.clone()).boxed();
        }
        if let Some(value) = schema.get("const") {
            return Just(value.clone()).boxed();
        }
        if !way.is_parent
            && let Some(heirs) = self.heirs(pointer, way)
        {
            return heirs;
        }
        let mut parts = Vec::new();
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = Document::target(target).expect("the reference is local");
            parts.push(self.of(&target, way.extended(way.is_parent)));
        }
        let is_component = pointer
            .strip_prefix(COMPONENTS)
            .is_some_and(|token| token.matches('/').count() == 1);
        let mut conditions = Vec::new();
        for (index, part) in list(schema, "allOf").iter().enumerate() {
            if part.as_object().is_some_and(says_something) {
                let at = format!("{pointer}/allOf/{index}");
                let made = self.of(&at, way.extended(way.is_parent || is_component));
                if part[CONDITION].is_null() {
                    // A part can select one of the alternatives of the previous part.
                    let selects = !is_component && !way.is_parent;
                    let properties = part["properties"].as_object().filter(|_| selects).cloned();
                    let both = match parts.pop() {
                        Some(before) => (before, made)
                            .prop_map(move |(before, made)| match &properties {
                                Some(listed) if is_other(&before, listed) => Value::Null,
                                _ => united(before, made),
                            })
                            .boxed(),
                        None => made,
                    };
                    parts.push(both);
                } else {
                    conditions.push((made, part["properties"].clone()));
                }
            }
        }
        let kinds = kinds(schema);
        let is_said = !parts.is_empty() && is_bare_scalar(schema, &kinds);
        if !kinds.is_empty() && !is_split(schema) && !is_said {
            let made = kinds
                .into_iter()
                .map(|kind| self.of_type(pointer, schema, kind, way));
            parts.push(Union::new(made).boxed());
        }
        for keyword in ["oneOf", "anyOf"] {
            let branches = list(schema, keyword);
            let branches = (0..branches.len()).map(|index| format!("{pointer}/{keyword}/{index}"));
            let mut branches: Vec<String> = branches.collect();
            if branches.iter().any(|branch| self.is_forced(branch)) {
                branches.retain(|branch| self.is_forced(branch));
            } else if way.depth > DEPTH {
                // At this depth, use the first branch that needs no further branches.
                branches.truncate(1);
            }
            let made: Vec<_> = branches
                .iter()
                .map(|branch| self.branch(pointer, schema, branch, way))
                .collect();
            if !made.is_empty() {
                parts.push(Union::new(made).boxed());
            }
        }
        let parts = parts.into_iter().reduce(|one, other| {
            (one, other)
                .prop_map(|(one, other)| united(one, other))
                .boxed()
        });
        let whole = parts.unwrap_or_else(|| {
            if conditions.is_empty() {
                anything()
            } else {
                Just(json!({})).boxed()
            }
        });
        // A condition overrides the schema itself, but keeps a tag that it allows.
        conditions.into_iter().fold(whole, |one, (other, tags)| {
            (one, other)
                .prop_map(move |(one, other)| {
                    if has_tag(&one, &tags) {
                        one
                    } else {
                        united(one, other)
                    }
                })
                .boxed()
        })
    }

    fn branch(
        &self,
        pointer: &str,
        schema: &Map<String, Value>,
        branch: &str,
        way: Way,
    ) -> BoxedStrategy<Value> {
        let kind = self.document.at(branch).map(|branch| &branch[OF_TYPE]);
        match kind.and_then(Value::as_str) {
            Some(kind) => self.of_type(pointer, schema, kind, way),
            None => self.of(branch, way.same()),
        }
    }

    /// Returns values of the schemas that a parent's discriminator selects, each with its tag.
    fn heirs(&self, pointer: &str, way: Way) -> Option<BoxedStrategy<Value>> {
        let mut heirs = self.document.heirs(pointer);
        if way.depth > DEPTH {
            heirs.retain(|heir| heir.pointer == pointer);
        }
        let made: Vec<_> = heirs
            .into_iter()
            .map(|heir| {
                // A schema with its own discriminator has further alternatives.
                let schema = self.document.at(&heir.pointer);
                let has_own = schema.is_some_and(|schema| !schema["discriminator"].is_null());
                let is_parent = heir.pointer == pointer || !has_own;
                let value = self.of(&heir.pointer, way.extended(is_parent));
                let name = heir.property;
                (value, select(heir.tags))
                    .prop_map(move |(value, tag)| united(value, json!({ name.clone(): tag })))
                    .boxed()
            })
            .collect();
        (!made.is_empty()).then(|| Union::new(made).boxed())
    }

    fn of_type(
        &self,
        pointer: &str,
        schema: &Map<String, Value>,
        kind: &str,
        way: Way,
    ) -> BoxedStrategy<Value> {
        match kind {
            "null" => Just(Value::Null).boxed(),
            "boolean" => any::<bool>().prop_map(Value::from).boxed(),
            "integer" => integer(schema),
            // The format makes it an integer.
            "number" if schema.get("format").is_some_and(is_integer) => integer(schema),
            "number" => number(schema),
            "string" => text(schema),
            "array" => self.array(pointer, schema, way),
            "object" => self.object(pointer, schema, way),
            _ => anything(),
        }
    }

    fn array(&self, pointer: &str, schema: &Map<String, Value>, way: Way) -> BoxedStrategy<Value> {
        let length = |keyword: &str| {
            let length = schema.get(keyword).and_then(Value::as_u64)?;
            usize::try_from(length).ok()
        };
        let first: Vec<_> = (0..list(schema, "prefixItems").len())
            .map(|index| self.of(&format!("{pointer}/prefixItems/{index}"), way.below()))
            .collect();
        let least = length("minItems").unwrap_or(0);
        let most = length("maxItems").unwrap_or(least.max(first.len()) + 3);
        let most = if way.depth > DEPTH {
            least
        } else {
            most.min(least + 8)
        };
        // A branch may apply to an item.
        let has_one = !matches!(self.extent, Extent::Any | Extent::Lean)
            || self.is_forced(&format!("{pointer}/items"));
        let wanted = if has_one {
            least.max(1).min(most)
        } else {
            least
        };
        let rest = match schema.get("items") {
            Some(Value::Bool(false)) => None,
            Some(_) => Some(self.of(&format!("{pointer}/items"), way.below())),
            None => Some(anything()),
        };
        let count = first.len();
        let rest = match rest {
            Some(rest) => {
                let (low, high) = (wanted.saturating_sub(count), most.saturating_sub(count));
                vec(rest, low..=high.max(low)).boxed()
            }
            None => Just(Vec::new()).boxed(),
        };
        (first, rest)
            .prop_map(|(mut items, rest)| {
                items.extend(rest);
                Value::Array(items)
            })
            .boxed()
    }

    fn object(&self, pointer: &str, schema: &Map<String, Value>, way: Way) -> BoxedStrategy<Value> {
        let required: Vec<&str> = list(schema, "required")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let declared = schema.get("properties").and_then(Value::as_object);
        let mut always = Vec::new();
        let mut sometimes = Vec::new();
        for (name, property) in declared.into_iter().flatten() {
            let is_required = required.contains(&name.as_str());
            if !is_required && way.depth > DEPTH {
                continue;
            }
            let pointer = format!("{pointer}/properties/{}", escape(name));
            if self.is_wanted(&pointer, "absent") {
                continue;
            }
            let member = self.property(&pointer, property, way).prop_map({
                let name = name.clone();
                move |value| (name.clone(), value)
            });
            if is_required || self.is_forced(&pointer) {
                always.push(member.boxed());
            } else {
                sometimes.push(member.boxed());
            }
        }
        for name in required {
            if declared.is_none_or(|declared| !declared.contains_key(name)) {
                let name = name.to_owned();
                always.push(
                    anything()
                        .prop_map(move |value| (name.clone(), value))
                        .boxed(),
                );
            }
        }
        let count = sometimes.len();
        let chosen = match self.extent {
            Extent::Full | Extent::Defaults => sometimes.boxed(),
            Extent::Lean => Just(Vec::new()).boxed(),
            Extent::Any | Extent::Extra(_) => subsequence(sometimes, 0..=count)
                .prop_flat_map(|members| members)
                .boxed(),
        };
        let more = self.additional(pointer, schema, way);
        (always, chosen, more)
            .prop_map(|(always, chosen, more)| {
                // Declared properties take precedence over additional ones.
                let members = more.into_iter().chain(chosen).chain(always);
                Value::Object(members.collect())
            })
            .boxed()
    }

    fn property(&self, pointer: &str, property: &Value, way: Way) -> BoxedStrategy<Value> {
        let any = self.of(pointer, way.below());
        match property.get("default") {
            Some(default)
                if self.extent == Extent::Defaults || self.is_wanted(pointer, "default") =>
            {
                Just(default.clone()).boxed()
            }
            Some(default) => prop_oneof![4 => any, 1 => Just(default.clone())].boxed(),
            None => any,
        }
    }

    /// Returns a strategy for undeclared members.
    fn additional(
        &self,
        pointer: &str,
        schema: &Map<String, Value>,
        way: Way,
    ) -> BoxedStrategy<Vec<(String, Value)>> {
        let mut kinds = Vec::new();
        if let Some(Value::Object(patterns)) = schema.get("patternProperties") {
            for pattern in patterns.keys() {
                let inner = pattern.trim_start_matches('^').trim_end_matches('$');
                if let Some(names) = matching(inner) {
                    let value = format!("{pointer}/patternProperties/{}", escape(pattern));
                    kinds.push((names, self.of(&value, way.below())).boxed());
                }
            }
        }
        let undeclared = (Just(UNDECLARED.to_owned()), anything()).boxed();
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => {}
            Some(_) if way.depth <= DEPTH => {
                let value = format!("{pointer}/additionalProperties");
                let value = self.of(&value, way.below());
                let names = matching("[a-z]{1,3}[ -~]{0,3}").expect("a pattern");
                kinds.push((names, value).boxed());
            }
            Some(_) => {}
            // Names that match no pattern are not distinguished, which a warning reports
            // (`unchecked`).
            None if schema.contains_key("patternProperties") => {}
            None => match self.extent {
                Extent::Any => kinds.push(undeclared),
                Extent::Extra(level) if level == way.level => {
                    return vec(undeclared, 1).boxed();
                }
                _ => {}
            },
        }
        if kinds.is_empty() {
            return Just(Vec::new()).boxed();
        }
        let least = ["patternProperties", "additionalProperties"]
            .iter()
            .any(|keyword| self.is_forced(&format!("{pointer}/{keyword}")));
        vec(Union::new(kinds), usize::from(least)..3).boxed()
    }
}

fn is_integer(format: &Value) -> bool {
    let format = format.as_str().unwrap_or_default();
    let width = format.strip_prefix('u').unwrap_or(format);
    matches!(width, "int8" | "int16" | "int32" | "int64")
}

fn list<'a>(schema: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    let list = schema.get(keyword).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// Returns `true` if values can be generated for a part of an `allOf`. A part that only requires
/// properties leaves their schemas to other parts.
fn says_something(schema: &Map<String, Value>) -> bool {
    let words = ["enum", "const", "$ref", "allOf", "oneOf", "anyOf"];
    let mut keys = schema.keys();
    let is_requirement = schema.contains_key("required")
        && keys.all(|key| matches!(key.as_str(), "required" | "description" | "title" | "type"));
    let has_kind = !kinds(schema).is_empty();
    has_kind && !is_requirement || words.iter().any(|word| schema.contains_key(*word))
}

/// Returns `true` if the alternatives of a schema are its types.
fn is_split(schema: &Map<String, Value>) -> bool {
    let mut branches = list(schema, "oneOf").iter().chain(list(schema, "anyOf"));
    branches.any(|branch| !branch[OF_TYPE].is_null())
}

/// Returns `true` if a schema only has the type of a scalar.
fn is_bare_scalar(schema: &Map<String, Value>, kinds: &[&str]) -> bool {
    let limits = [
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
    ];
    let is_scalar = |kind: &&str| !matches!(*kind, "object" | "array");
    kinds.iter().all(is_scalar) && !limits.iter().any(|limit| schema.contains_key(*limit))
}

/// Returns the types of a schema, or the one that its keywords imply.
fn kinds(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => {
            let has = |keywords: &[&str]| keywords.iter().any(|word| schema.contains_key(*word));
            if has(&[
                "properties",
                "additionalProperties",
                "patternProperties",
                "required",
            ]) {
                vec!["object"]
            } else if has(&["items", "prefixItems"]) {
                vec!["array"]
            } else if has(&["pattern", "minLength", "maxLength", "format"]) {
                vec!["string"]
            } else {
                Vec::new()
            }
        }
    }
}

/// Returns `true` if an object has a property whose value is not in the list of its schema.
fn is_other(value: &Value, properties: &Map<String, Value>) -> bool {
    properties.iter().any(|(name, property)| {
        let listed = property["enum"].as_array();
        let value = value.get(name);
        listed.is_some_and(|listed| value.is_some_and(|value| !listed.contains(value)))
    })
}

/// Returns `true` if an object has one of the tags in a condition.
fn has_tag(value: &Value, condition: &Value) -> bool {
    let mut properties = condition.as_object().into_iter().flatten();
    properties.all(|(name, tags)| {
        let tags = tags["enum"].as_array();
        value
            .get(name)
            .is_some_and(|tag| tags.is_some_and(|tags| tags.contains(tag)))
    })
}

/// Returns the merged members of two objects or items of two arrays, otherwise the second value.
fn united(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            for (name, other) in other {
                let both = match one.remove(&name) {
                    Some(one) => united(one, other),
                    None => other,
                };
                one.insert(name, both);
            }
            Value::Object(one)
        }
        (Value::Array(one), Value::Array(other)) => {
            let items = one.into_iter().zip(other);
            items.map(|(one, other)| united(one, other)).collect()
        }
        (_, other) => other,
    }
}
