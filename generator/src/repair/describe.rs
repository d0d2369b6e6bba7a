//! Names of document parts for messages.

use serde_json::Value;

use crate::diagnostic::Scope;
use crate::pointer::Pointer;
use crate::spec::{FieldType, ObjectKind};

/// A node on a path, with its type in the specification.
pub(super) struct Step {
    pub(super) at: Pointer,
    pub(super) ty: FieldType,
}

/// Returns the nodes from the root of the document to a node.
pub(super) fn steps(at: &Pointer) -> Vec<Step> {
    let mut steps = vec![Step {
        at: Pointer::root(),
        ty: FieldType::One(ObjectKind::Document),
    }];
    for token in at.tokens() {
        let Some(last) = steps.last() else { break };
        let step = Step {
            at: last.at.child(&token),
            ty: last.ty.child(&token),
        };
        steps.push(step);
    }
    steps
}

/// Returns the name of an object: a parameter's own name, the method and path of an operation, or
/// the object's key.
pub(super) fn name(document: &Value, at: &Pointer, kind: ObjectKind) -> String {
    let key = at.last().unwrap_or_default();
    match kind {
        ObjectKind::Parameter => own_name(document, at).unwrap_or(key),
        ObjectKind::Operation => {
            let holder = at.parent();
            let is_additional =
                holder.as_ref().and_then(Pointer::last).as_deref() == Some("additionalOperations");
            let path = if is_additional {
                holder.and_then(|holder| holder.parent())
            } else {
                holder
            };
            let path = path.and_then(|path| path.last());
            format!("{} {}", key.to_uppercase(), path.unwrap_or_default())
        }
        _ => key,
    }
}

fn own_name(document: &Value, at: &Pointer) -> Option<String> {
    let name = document.pointer(at.as_str())?.get("name")?.as_str()?;
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// Returns a parameter with its name, or its position in the list if it has none.
pub(super) fn parameter(document: &Value, at: &Pointer) -> String {
    let key = at.last().unwrap_or_default();
    match (own_name(document, at), key.parse::<usize>()) {
        (Some(name), _) => format!("parameter {}", quoted(&name)),
        (None, Ok(index)) => format!("parameter number {}", index + 1),
        (None, Err(_)) => format!("parameter {}", quoted(&key)),
    }
}

/// Returns the name of a schema, and its scope: it may be a property.
pub(super) fn schema(at: &Pointer) -> (Scope, String) {
    let key = at.last().unwrap_or_default();
    let holder = at.parent().and_then(|holder| holder.last());
    let name = match holder.as_deref() {
        Some("properties") => return (Scope::Property, format!("property {}", quoted(&key))),
        Some("schemas" | "$defs" | "definitions") => format!("schema {}", quoted(&key)),
        Some(keyword @ ("allOf" | "anyOf" | "oneOf")) => format!("branch of the `{keyword}`"),
        _ if key == "items" => "item".to_owned(),
        _ if key == "additionalProperties" => "value of other properties".to_owned(),
        _ => "value".to_owned(),
    };
    (Scope::Schema, name)
}

/// Returns the parts that contain a node, innermost first: " of the parameter `limit` of
/// `GET /pets`". Empty if no named part contains it.
pub(super) fn holders(document: &Value, at: &Pointer) -> String {
    let mut steps = steps(at);
    // The caller names the node itself.
    steps.pop();
    let mut parts: Vec<String> = Vec::new();
    let mut has_schema = false;
    for step in steps.iter().rev() {
        let key = step.at.last().unwrap_or_default();
        let Some(kind) = step.ty.kind() else {
            continue;
        };
        let is_component = is_component(&step.at);
        let part = match kind {
            ObjectKind::Schema if is_component => quoted(&key),
            ObjectKind::Schema if has_schema => continue,
            ObjectKind::Schema => match schema(&step.at) {
                (Scope::Property, name) => format!("the {name}"),
                _ => continue,
            },
            ObjectKind::Operation => quoted(&name(document, &step.at, kind)),
            ObjectKind::PathItem => quoted(&key),
            ObjectKind::Parameter => format!("the {}", parameter(document, &step.at)),
            ObjectKind::Response => format!("the response {}", quoted(&key)),
            ObjectKind::RequestBody if is_component => format!("the request body {}", quoted(&key)),
            ObjectKind::RequestBody => "the request body".to_owned(),
            ObjectKind::Header => format!("the header {}", quoted(&key)),
            ObjectKind::SecurityScheme => format!("the security scheme {}", quoted(&key)),
            _ => continue,
        };
        has_schema |= kind == ObjectKind::Schema;
        parts.push(format!(" of {part}"));
        if is_component || matches!(kind, ObjectKind::Operation | ObjectKind::PathItem) {
            break;
        }
    }
    parts.concat()
}

/// Returns `true` if a node is an entry of a section of `components`.
pub(super) fn is_component(at: &Pointer) -> bool {
    at.as_str().starts_with("/components/") && at.tokens().count() == 3
}

/// Returns a list of names, with a count instead of the last ones if there are many.
pub(super) fn listed(names: &[String]) -> String {
    const MOST: usize = 10;
    match names.split_at_checked(MOST) {
        Some((first, others)) if !others.is_empty() => {
            format!("{} and {} more", first.join(", "), others.len())
        }
        _ => names.join(", "),
    }
}

/// Returns a name in backticks, shortened if it is very long.
pub(super) fn quoted(name: &str) -> String {
    const LONGEST: usize = 80;
    let name = name.replace('`', "'");
    let is_plain = !name.contains(char::is_control);
    let name = if is_plain {
        name
    } else {
        name.escape_debug().to_string()
    };
    if name.chars().count() > LONGEST {
        let start: String = name.chars().take(LONGEST).collect();
        return format!("`{start}..`");
    }
    format!("`{name}`")
}
