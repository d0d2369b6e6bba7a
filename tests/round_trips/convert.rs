//! Rewrites an OpenAPI document as JSON Schema 2020-12 for a validator.
//!
//! Schemas keep their positions, so that a JSON pointer of the generator refers to the same schema
//! here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// Keywords whose values are data, not schemas.
pub const DATA: &[&str] = &["enum", "const", "default", "example", "examples"];

/// The pointer to the components' schemas.
pub const COMPONENTS: &str = "/components/schemas";

/// The pointer to copies of parents without the alternatives that list their children.
pub const PARENTS: &str = "/x-parents";

/// Marks a branch that only restricts the type; the value is the type's name.
pub const OF_TYPE: &str = "x-of-type";

/// Marks a part that is the condition on a discriminator's property.
pub const CONDITION: &str = "x-condition";

pub fn convert(value: &mut Value) {
    let is_3_0 = value["openapi"]
        .as_str()
        .is_some_and(|version| version.starts_with("3.0"));
    if is_3_0 {
        each_schema(value, &mut nullable);
    }
    each_schema(value, &mut split_types);
    encode_references(value);
    let document = value.clone();
    each_schema(value, &mut |schema| discriminate(&document, schema));
    tag_components(&document, value);
    extend_parents(value);
}

/// Returns the components' schemas.
fn schemas(document: &Value) -> Option<&Map<String, Value>> {
    document.pointer(COMPONENTS).and_then(Value::as_object)
}

/// Calls a function for each object that may be a schema, nested ones first.
fn each_schema(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_schema(item, change)),
        Value::Object(object) => {
            let inner = object
                .iter_mut()
                .filter(|(key, _)| !DATA.contains(&key.as_str()));
            inner.for_each(|(_, value)| each_schema(value, change));
            change(object);
        }
        _ => {}
    }
}

/// Converts `nullable` and the bounds of OpenAPI 3.0 to JSON Schema.
fn nullable(object: &mut Map<String, Value>) {
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
    for keyword in ["oneOf", "anyOf"] {
        let branches = object.get_mut(keyword).and_then(Value::as_array_mut);
        for branch in branches.into_iter().flatten() {
            // Beside others, a branch that is only nullable stands for null.
            if is_only_nullable(branch) {
                *branch = json!({ "type": "null" });
            }
        }
    }
    if let Some(Value::Array(parts)) = object.get_mut("allOf")
        && parts.iter().any(is_only_nullable)
    {
        parts.retain(|part| !is_only_nullable(part));
        object.insert("nullable".to_owned(), Value::Bool(true));
    }
    if object.get("nullable") != Some(&Value::Bool(true)) || is_only_nullable(&json!(object)) {
        return;
    }
    object.remove("nullable");
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
    if let Some(kind @ Value::String(_)) = object.get("type").cloned() {
        object.insert("type".to_owned(), json!([kind, "null"]));
        return;
    }
    let of_null = json!({ "type": "null" });
    match ["oneOf", "anyOf"].map(|keyword| object.contains_key(keyword)) {
        [true, false] => add(object, "oneOf", of_null),
        [false, true] => add(object, "anyOf", of_null),
        _ if object.contains_key("enum") => {}
        _ => {
            let meant = Value::Object(std::mem::take(object));
            object.insert("anyOf".to_owned(), json!([of_null, meant]));
        }
    }
}

fn is_only_nullable(schema: &Value) -> bool {
    let Some(object) = schema.as_object() else {
        return false;
    };
    object.get("nullable") == Some(&Value::Bool(true))
        && object
            .keys()
            .all(|key| matches!(key.as_str(), "nullable" | "description" | "title"))
}

fn add(object: &mut Map<String, Value>, keyword: &str, schema: Value) {
    let list = object.entry(keyword).or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.push(schema);
    }
}

/// Adds a branch for each type of a list, like the generator.
fn split_types(object: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = object.get("type") else {
        return;
    };
    let mut types: Vec<String> = types
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| *name != "null")
        .map(str::to_owned)
        .collect();
    if types.iter().any(|name| name == "number") {
        types.retain(|name| name != "integer");
    }
    if let Some(Value::Array(values)) = object.get("enum") {
        types.retain(|name| values.iter().any(|value| is_of(value, name)));
    }
    if types.len() < 2 {
        return;
    }
    let branches = types
        .iter()
        .map(|name| json!({ "type": name, OF_TYPE: name }));
    let branches: Vec<Value> = branches.collect();
    if object.contains_key("anyOf") {
        add(object, "allOf", json!({ "anyOf": branches }));
    } else {
        object.insert("anyOf".to_owned(), branches.into());
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => name == "number" || name == "integer" && !number.is_f64(),
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

/// Encodes braces in references, which the validator requires (RFC 3986, section 3.5).
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

/// Adds to each branch of a discriminator the condition that its tag selects it.
fn discriminate(document: &Value, object: &mut Map<String, Value>) {
    let Some(discriminator) = object.get("discriminator").cloned() else {
        return;
    };
    let Some(property) = discriminator["propertyName"].as_str() else {
        return;
    };
    for keyword in ["oneOf", "anyOf"] {
        let branches = object.get_mut(keyword).and_then(Value::as_array_mut);
        for branch in branches.into_iter().flatten() {
            let Some(target) = branch["$ref"].as_str() else {
                continue;
            };
            let tags = tags(document, &discriminator, target, 0);
            if let Some(branch) = branch.as_object_mut() {
                add(branch, "allOf", condition(property, &tags));
            }
        }
    }
}

fn condition(property: &str, tags: &[Value]) -> Value {
    json!({
        CONDITION: true,
        "type": "object",
        "required": [property],
        "properties": { property: { "enum": tags } },
    })
}

/// Adds its tag to each component that a discriminator selects: its type may not support other
/// tags.
fn tag_components(document: &Value, value: &mut Value) {
    let mut found: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    collect_tags(document, document, "", &mut found);
    let Some(schemas) = schemas(document) else {
        return;
    };
    let own = found.clone();
    for ((name, property), mut tags) in found {
        // Extensions have their own tags.
        for child in descendants(schemas, &name) {
            let of_child = own.get(&(child, property.clone()));
            tags.extend(of_child.into_iter().flatten().cloned());
        }
        let schema = &mut value["components"]["schemas"][name];
        let is_alone = ["oneOf", "anyOf", "discriminator", "$ref"]
            .iter()
            .all(|key| schema[*key].is_null());
        let declares = !declared(document, schema, &property, 0).is_empty();
        if let Some(schema) = schema.as_object_mut().filter(|_| is_alone && declares) {
            add(schema, "allOf", condition(&property, &tags));
        }
    }
}

/// Collects the tags of components, by component and property.
fn collect_tags(
    document: &Value,
    value: &Value,
    at: &str,
    found: &mut BTreeMap<(String, String), Vec<Value>>,
) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect_tags(document, item, "", found);
            }
        }
        Value::Object(object) => {
            for (key, value) in object {
                if !DATA.contains(&key.as_str()) {
                    collect_tags(document, value, &format!("{at}/{}", escape(key)), found);
                }
            }
            let discriminator = &value["discriminator"];
            let Some(property) = discriminator["propertyName"].as_str() else {
                return;
            };
            for heir in heirs(document, at) {
                let key = (heir.name, property.to_owned());
                found.entry(key).or_default().extend(heir.tags);
            }
            let schemas = schemas(document);
            let branches = ["oneOf", "anyOf"].map(|keyword| value[keyword].as_array());
            let branches = branches.into_iter().flatten().flatten();
            for target in branches.filter_map(|branch| branch["$ref"].as_str()) {
                if let (Some(name), Some(schemas)) = (component(target), schemas) {
                    let name = resolved(schemas, &name);
                    let tags = tags(document, discriminator, target, 0);
                    found
                        .entry((name, property.to_owned()))
                        .or_default()
                        .extend(tags);
                }
            }
        }
        _ => {}
    }
}

/// A component that a discriminator without alternatives selects by a tag.
pub struct Heir {
    pub name: String,
    /// The discriminator's property.
    pub property: String,
    pub tags: Vec<Value>,
    /// The schemas it extends that have a discriminator of another property, which then selects it.
    pub through: Vec<String>,
}

/// Returns the components that a discriminator without alternatives selects: the targets of its
/// mapping, all components that extend the schema, and the schema itself. For a component that
/// extends the one with the discriminator, these are the component and all that extend it.
pub fn heirs(document: &Value, pointer: &str) -> Vec<Heir> {
    let name = component(&format!("#{pointer}"));
    let (Some(name), Some(schemas)) = (name, schemas(document)) else {
        return Vec::new();
    };
    if !schemas[&name]["discriminator"].is_null() {
        return heirs_of(document, schemas, &name);
    }
    let below = descendants(schemas, &name);
    let mut above = ancestors(schemas, &name).into_iter();
    let root = above.find(|root| !schemas[root]["discriminator"].is_null());
    let Some(root) = root.filter(|_| !below.is_empty()) else {
        return Vec::new();
    };
    let mut heirs = heirs_of(document, schemas, &root);
    heirs.retain(|heir| heir.name == name || below.contains(&heir.name));
    heirs
}

fn heirs_of(document: &Value, schemas: &Map<String, Value>, own: &str) -> Vec<Heir> {
    let schema = &schemas[own];
    let discriminator = &schema["discriminator"];
    let property = discriminator["propertyName"].as_str().unwrap_or_default();
    if ["oneOf", "anyOf"].iter().any(|key| !schema[*key].is_null()) {
        return Vec::new();
    }
    let mapping = discriminator["mapping"].as_object().into_iter().flatten();
    let mapped = mapping.filter_map(|(_, target)| {
        let target = target.as_str()?;
        Some(component(target).unwrap_or_else(|| target.to_owned()))
    });
    let mut names: BTreeSet<String> = mapped.filter(|name| schemas.contains_key(name)).collect();
    let below = descendants(schemas, own);
    names.extend(below.iter().cloned());
    if names.is_empty() {
        return Vec::new();
    }
    names.insert(own.to_owned());
    let heirs = names.into_iter().map(|name| {
        let target = format!("#{COMPONENTS}/{}", escape(&name));
        let is_other = |above: &String| {
            let other = schemas[above]["discriminator"]["propertyName"].as_str();
            *above != name && below.contains(above) && other.is_some_and(|other| other != property)
        };
        let through = ancestors(schemas, &name).into_iter().filter(is_other);
        Heir {
            property: property.to_owned(),
            tags: tags(document, discriminator, &target, 0),
            through: through.collect(),
            name,
        }
    });
    let mut heirs: Vec<Heir> = heirs.collect();
    // The parent has the values that no child has.
    let children = heirs.iter().filter(|heir| heir.name != own);
    let taken: Vec<Value> = children.flat_map(|heir| heir.tags.clone()).collect();
    for heir in heirs.iter_mut().filter(|heir| heir.name == own) {
        heir.tags.retain(|tag| !taken.contains(tag));
    }
    heirs.retain(|heir| !heir.tags.is_empty());
    heirs
}

/// Returns `true` if a schema is only a `$ref`, apart from the condition of a discriminator.
pub fn is_reference(schema: &Map<String, Value>) -> bool {
    schema.contains_key("$ref")
        && schema.keys().all(|key| match key.as_str() {
            "$ref" | "description" | "summary" | "title" => true,
            "allOf" => schema["allOf"]
                .as_array()
                .is_some_and(|parts| parts.iter().all(|part| !part[CONDITION].is_null())),
            key => key.starts_with("x-"),
        })
}

/// Returns the tags that select a component: those of the mapping, or its name if the property
/// allows it, or the values that the property allows.
///
/// (OpenAPI 3.1.1, section 4.8.25.3, "Options for Mapping Values to Schemas".)
pub fn tags(document: &Value, discriminator: &Value, target: &str, depth: usize) -> Vec<Value> {
    let name = target.rsplit('/').next().unwrap_or_default();
    let mapped = discriminator["mapping"].as_object().into_iter().flatten();
    let is_it = |meant: &str| {
        let meant = component(meant).unwrap_or_else(|| meant.to_owned());
        meant == name || schemas(document).is_some_and(|schemas| resolved(schemas, &meant) == name)
    };
    let mapped: Vec<Value> = mapped
        .filter(|(_, meant)| *meant == target || meant.as_str().is_some_and(is_it))
        .map(|(tag, _)| json!(tag))
        .collect();
    let schema = document.pointer(target.trim_start_matches('#'));
    let Some(schema) = schema.filter(|_| depth < 8) else {
        return mapped;
    };
    let property = discriminator["propertyName"].as_str().unwrap_or_default();
    if !mapped.is_empty() {
        // The keys of a mapping are strings, whatever the type of the property.
        let declared = declared(document, schema, property, 0);
        let is_text = declared
            .iter()
            .all(|it| it["type"] == "string" || it["type"].is_null());
        let typed = |tag: &Value| match tag.as_str().map(serde_json::from_str) {
            Some(Ok(value)) if !is_text => value,
            _ => tag.clone(),
        };
        return mapped.iter().map(typed).collect();
    }
    let nested = ["oneOf", "anyOf"].into_iter().filter_map(|keyword| {
        let branches = schema[keyword].as_array()?.iter();
        let targets = branches.filter_map(|branch| branch["$ref"].as_str());
        Some(targets.flat_map(|target| tags(document, &schema["discriminator"], target, depth + 1)))
    });
    let nested: Vec<Value> = nested.flatten().collect();
    if schema["discriminator"]["propertyName"] == property && !nested.is_empty() {
        return nested;
    }
    let is_free = |tag: &&Value| {
        let tag = tag.as_str().unwrap_or_default();
        discriminator["mapping"][tag].is_null()
    };
    match values(document, schema, property) {
        Some(own) if !own.contains(&json!(name)) => own.iter().filter(is_free).cloned().collect(),
        _ => vec![json!(name)],
    }
}

/// Returns the values that a schema lists for a property, in all of its parts.
fn values(document: &Value, schema: &Value, property: &str) -> Option<Vec<Value>> {
    let lists = declared(document, schema, property, 0).into_iter();
    let lists = lists.filter_map(|schema| match (&schema["enum"], schema.get("const")) {
        (Value::Array(values), _) => Some(values.clone()),
        (_, Some(value)) => Some(vec![value.clone()]),
        _ => None,
    });
    lists.reduce(|mut one, other| {
        one.retain(|value| other.contains(value));
        one
    })
}

/// Returns the declarations of a property in a schema and its parts.
fn declared(document: &Value, schema: &Value, property: &str, depth: usize) -> Vec<Value> {
    if depth > 8 {
        return Vec::new();
    }
    let target = |schema: &Value| {
        let reference = schema["$ref"].as_str()?.strip_prefix('#')?;
        document.pointer(reference).cloned()
    };
    let own = schema["properties"].get(property);
    let own = own.map(|own| target(own).unwrap_or_else(|| own.clone()));
    let parts = schema["allOf"].as_array().cloned().unwrap_or_default();
    let parts = parts.into_iter().chain(target(schema));
    let parts = parts.flat_map(|part| declared(document, &part, property, depth + 1));
    own.into_iter().chain(parts).collect()
}

/// Lets a child extend a parent without the parent's alternatives if they list the child: the child
/// matches by construction, and a validator would recurse forever. A child that is not listed
/// itself is one of its own children that are.
fn extend_parents(value: &mut Value) {
    let document = value.clone();
    let Some(schemas) = schemas(&document) else {
        return;
    };
    let mut parents = BTreeSet::new();
    for (name, schema) in schemas {
        let below = descendants(schemas, name);
        for (parent, at) in extended(schema) {
            let parent = resolved(schemas, &parent);
            let is_heir =
                |listed: &BTreeSet<String>| listed.contains(name) || !listed.is_disjoint(&below);
            let above = ancestors(schemas, &parent);
            if !above.iter().any(|parent| is_heir(&listed(schemas, parent))) {
                continue;
            }
            let part = &mut value["components"]["schemas"][name];
            if let Some(part) = part.pointer_mut(&at) {
                part["$ref"] = json!(format!("#{PARENTS}/{}", escape(&parent)));
            }
            let listed = listed(schemas, &parent);
            if !listed.contains(name) && schema["oneOf"].is_null() {
                for child in listed.intersection(&below) {
                    let target = format!("#{COMPONENTS}/{}", escape(child));
                    if let Some(part) = part.as_object_mut() {
                        add(part, "oneOf", json!({ "$ref": target }));
                    }
                }
            }
            parents.insert(parent);
        }
    }
    for name in parents {
        let mut alone = value["components"]["schemas"][&name].clone();
        let below = descendants(schemas, &name);
        if let Some(alone) = alone.as_object_mut() {
            for keyword in ["oneOf", "anyOf"] {
                if !listed_by(schemas, alone, keyword).is_disjoint(&below) {
                    alone.remove(keyword);
                    alone.remove("discriminator");
                }
            }
        }
        value["x-parents"][name] = alone;
    }
}

/// Returns a component and all components that it extends.
fn ancestors(schemas: &Map<String, Value>, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([name.to_owned()]);
    let mut queue = vec![name.to_owned()];
    while let Some(child) = queue.pop() {
        for (parent, _) in schemas.get(&child).map(extended).unwrap_or_default() {
            let parent = resolved(schemas, &parent);
            if found.insert(parent.clone()) {
                queue.push(parent);
            }
        }
    }
    found
}

/// Returns the components in the `allOf` of a schema, with their pointers relative to the schema.
fn extended(schema: &Value) -> Vec<(String, String)> {
    let parts = schema["allOf"].as_array().into_iter().flatten().enumerate();
    let mut found = Vec::new();
    for (index, part) in parts {
        let at = format!("/allOf/{index}");
        if let Some(name) = part["$ref"].as_str().and_then(component) {
            found.push((name, at));
        } else {
            let inner = extended(part).into_iter();
            found.extend(inner.map(|(name, below)| (name, format!("{at}{below}"))));
        }
    }
    found
}

/// Returns the target of a component that is only a reference to another one.
fn resolved(schemas: &Map<String, Value>, name: &str) -> String {
    let mut name = name.to_owned();
    for _ in 0..8 {
        let schema = schemas.get(&name).and_then(Value::as_object);
        let schema = schema.filter(|schema| is_reference(schema));
        let target = schema.and_then(|schema| component(schema["$ref"].as_str()?));
        match target {
            Some(target) => name = target,
            None => break,
        }
    }
    name
}

/// Returns the name of the component that a reference refers to.
fn component(reference: &str) -> Option<String> {
    let token = reference.strip_prefix('#')?.strip_prefix(COMPONENTS)?;
    let token = token.strip_prefix('/')?;
    (!token.contains('/')).then(|| token.replace("~1", "/").replace("~0", "~"))
}

pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Returns the components that a component's alternatives list.
fn listed(schemas: &Map<String, Value>, name: &str) -> BTreeSet<String> {
    let schema = schemas.get(name).and_then(Value::as_object);
    let lists = ["oneOf", "anyOf"].into_iter();
    let lists = lists.filter_map(|keyword| Some(listed_by(schemas, schema?, keyword)));
    lists.flatten().collect()
}

fn listed_by(
    schemas: &Map<String, Value>,
    schema: &Map<String, Value>,
    keyword: &str,
) -> BTreeSet<String> {
    let branches = schema.get(keyword).and_then(Value::as_array).into_iter();
    let references = branches
        .flatten()
        .filter_map(|branch| branch["$ref"].as_str());
    let names = references.filter_map(component);
    names.map(|name| resolved(schemas, &name)).collect()
}

/// Returns the components that extend a component, directly or indirectly.
pub fn descendants(schemas: &Map<String, Value>, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = vec![name.to_owned()];
    while let Some(parent) = queue.pop() {
        for (child, schema) in schemas {
            let mut bases = extended(schema).into_iter();
            let extends = bases.any(|(name, _)| resolved(schemas, &name) == parent);
            if extends && found.insert(child.clone()) {
                queue.push(child.clone());
            }
        }
    }
    found
}
