//! Repairs references without a target or to an object of another kind.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::describe::{holders, quoted};
use super::{missing, security, wrong_types};
use crate::bundle::{Broken, mappings, references};
use crate::diagnostic::{Edit, Location, Part, Remedy, Scope};
use crate::internal_extensions::{LOST_VALUE, PREFIX};
use crate::pointer::Pointer;
use crate::source::Sources;
use crate::spec::{FieldType, ObjectKind, type_at};

/// Returns the remedy for a reference, or `None` if it no longer exists.
pub(super) fn remedy(document: &Value, broken: &Broken) -> Option<Remedy> {
    document.pointer(broken.at.as_str())?;
    let kind = if broken.is_mapping {
        Some(ObjectKind::Schema)
    } else {
        type_at(&broken.at).kind()
    };
    let component =
        kind.and_then(|kind| wrong_types::meant_reference(document, &broken.text, kind));
    if let Some(meant) = broken.meant.as_ref().or(component.as_ref()) {
        let (node, scope) = if broken.is_mapping {
            (broken.at.clone(), Scope::Keyword)
        } else {
            (broken.at.child("$ref"), Scope::Schema)
        };
        let text = format!("#{}", meant.as_str().replace('%', "%25"));
        let effect = format!("{} is read as {}", quoted(&broken.text), quoted(&text));
        let edit = Edit::Set(node, Value::String(text));
        return Some(Remedy::new(scope, edit, effect));
    }
    if broken.is_mapping {
        return Some(mapping(document, &broken.at));
    }
    let kind = kind?;
    if let Some(target) = &broken.leads_to
        && let Some(remedy) = wrong_types::body_of_schema(document, &broken.at, kind, target)
    {
        return Some(remedy);
    }
    if let Some(target) = &broken.leads_to
        && let Some(found) = document.pointer(target.as_str())
        && let Some(read) = as_kind(kind, found)
    {
        let noun = kind.noun();
        let effect = format!("{} is read as {noun}", quoted(&broken.text));
        let edit = Edit::Set(broken.at.clone(), read);
        return Some(Remedy::new(Scope::Keyword, edit, effect));
    }
    Some(missing::missing(document, &broken.at, kind, None))
}

/// Returns the remedy for a value of `mapping` without a target.
pub(super) fn mapping(document: &Value, at: &Pointer) -> Remedy {
    let tag = at.last().unwrap_or_default();
    let of = holders(document, at);
    let effect = format!(
        "a value{of} with the discriminator {} is any JSON value",
        quoted(&tag)
    );
    Remedy::with_edits(Scope::Keyword, without_value(document, at), effect)
}

/// Returns the edits that remove a value of a mapping. The mark allows such a value to be sent.
fn without_value(document: &Value, at: &Pointer) -> Vec<Edit> {
    let discriminator = at.parent().and_then(|mapping| mapping.parent());
    let mark = discriminator.map(|at| at.child(format!("{PREFIX}{LOST_VALUE}")));
    let mark = mark.filter(|mark| document.pointer(mark.as_str()).is_none());
    let mark = mark.map(|mark| Edit::Set(mark, Value::Bool(true)));
    std::iter::once(Edit::Remove(at.clone()))
        .chain(mark)
        .collect()
}

/// Returns an object as one of a kind if it has the characteristic fields.
fn as_kind(kind: ObjectKind, found: &Value) -> Option<Value> {
    let map = found.as_object()?;
    let has = |name: &str| map.contains_key(name);
    let only = |others: &[&str]| {
        let members = map
            .iter()
            .filter(|(key, _)| !others.contains(&key.as_str()));
        let members = members.map(|(key, value)| (key.clone(), value.clone()));
        Value::Object(members.collect::<Map<_, _>>())
    };
    match kind {
        ObjectKind::Parameter if has("name") && has("in") => Some(found.clone()),
        ObjectKind::Header if has("schema") || has("content") => Some(only(&["name", "in"])),
        ObjectKind::Response if has("content") && !has("in") && !has("type") => {
            Some(only(&["required"]))
        }
        ObjectKind::Response if has("description") && map.len() == 1 => Some(found.clone()),
        ObjectKind::RequestBody if has("content") => {
            Some(only(&["headers", "links", "name", "in"]))
        }
        ObjectKind::Example if has("value") || has("externalValue") => Some(found.clone()),
        ObjectKind::Link if has("operationId") || has("operationRef") => Some(found.clone()),
        ObjectKind::SecurityScheme if has("type") => Some(found.clone()),
        ObjectKind::Schema => {
            let is_other = ["in", "content", "value", "schema", "paths"]
                .into_iter()
                .any(has);
            let is_schema = [
                "type",
                "properties",
                "items",
                "allOf",
                "oneOf",
                "anyOf",
                "enum",
                "const",
                "additionalProperties",
            ];
            (!is_other && is_schema.into_iter().any(has)).then(|| found.clone())
        }
        _ => None,
    }
}

/// Returns the edits for references to removed nodes.
pub(super) fn to(document: &Value, gone: &HashSet<Pointer>) -> Vec<Edit> {
    let is_referred_to = |at: &Pointer| {
        at.as_str().starts_with("/components")
            || type_at(at) == FieldType::One(ObjectKind::PathItem)
    };
    let gone: HashSet<&Pointer> = gone.iter().filter(|at| is_referred_to(at)).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let is_gone = |target: &Pointer| {
        document.pointer(target.as_str()).is_none()
            && std::iter::successors(Some(target.clone()), Pointer::parent)
                .any(|at| gone.contains(&at))
    };
    let mut edits = Vec::new();
    for (at, target) in references(document) {
        if is_gone(&target)
            && let Some(kind) = type_at(&at).kind()
        {
            edits.extend(missing::missing(document, &at, kind, None).edits);
        }
    }
    for (at, target) in mappings(document) {
        if is_gone(&target) {
            edits.extend(without_value(document, &at));
        }
    }
    let schemes = Pointer::root().child("components").child("securitySchemes");
    let removed: Vec<String> = gone
        .iter()
        .filter(|at| at.parent().as_ref() == Some(&schemes))
        .filter_map(|at| at.last())
        .collect();
    edits.extend(security::requirements_of(document, &removed));
    edits
}

/// Returns the location of a reference in its file.
pub(super) fn location(broken: &Broken, sources: &Sources) -> Option<Location> {
    let node = if broken.is_mapping {
        broken.at.clone()
    } else {
        broken.at.child("$ref")
    };
    let (file, span) = sources.find(&Location::Node(node, Part::Value))?;
    Some(Location::Span(file, span))
}
