//! Parents that list children which extend them. JSON Schema gives such a circle no meaning; here a
//! child extends what its parent says beside the list.

use serde_json::{Map, Value, json};

/// What the name of a schema without its alternatives ends with.
const BARE: &str = "__bare";

/// Lets each child that an ancestor lists extend the ancestor without its list.
pub fn split(document: &mut Value) {
    let Some(schemas) = document.pointer("/components/schemas").cloned() else {
        return;
    };
    let Value::Object(schemas) = schemas else {
        return;
    };
    let mut split = schemas.clone();
    let listed = schemas.iter().filter(|(name, _)| is_listed(&schemas, name));
    for (name, schema) in listed {
        let mut child = schema.clone();
        extend_bare(&schemas, &mut child, &mut split);
        split.insert(name.clone(), child);
    }
    document["components"]["schemas"] = Value::Object(split);
}

/// The component that a `$ref` means, through those that are nothing but a `$ref`.
fn target<'a>(schemas: &'a Map<String, Value>, schema: &Value) -> Option<&'a str> {
    let mut reference = schema.get("$ref")?.as_str()?.to_owned();
    loop {
        let name = reference.strip_prefix("#/components/schemas/")?;
        let (name, schema) = schemas.get_key_value(name)?;
        match schema.get("$ref").and_then(Value::as_str) {
            Some(next) => reference = next.to_owned(),
            None => return Some(name),
        }
    }
}

fn targets<'a>(schemas: &'a Map<String, Value>, name: &str, keyword: &str) -> Vec<&'a str> {
    let list = schemas[name].get(keyword).and_then(Value::as_array);
    let list = list.into_iter().flatten();
    list.filter_map(|schema| target(schemas, schema)).collect()
}

/// Whether a schema that a component extends lists the component.
fn is_listed(schemas: &Map<String, Value>, name: &str) -> bool {
    let mut above = targets(schemas, name, "allOf");
    let mut at = 0;
    while let Some(parent) = above.get(at).copied() {
        let lists = |keyword| targets(schemas, parent, keyword).contains(&name);
        if lists("oneOf") || lists("anyOf") {
            return true;
        }
        let further = targets(schemas, parent, "allOf");
        above.extend(further);
        at += 1;
        assert!(at < 100, "{name} extends itself");
    }
    false
}

/// Lets a schema extend others without their alternatives.
fn extend_bare(schemas: &Map<String, Value>, schema: &mut Value, split: &mut Map<String, Value>) {
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        let Some(parent) = target(schemas, part) else {
            continue;
        };
        let bare = format!("{parent}{BARE}");
        *part = json!({ "$ref": format!("#/components/schemas/{bare}") });
        if !split.contains_key(&bare) {
            let mut schema = schemas[parent].clone();
            let members = schema.as_object_mut().expect("it is a schema");
            for keyword in ["oneOf", "anyOf", "discriminator"] {
                members.remove(keyword);
            }
            extend_bare(schemas, &mut schema, split);
            split.insert(bare, schema);
        }
    }
}
