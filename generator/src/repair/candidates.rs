//! Finds changes that may remove an error, from the smallest part of the document to the largest.

use serde_json::Value;

use super::describe::{Step, holders, quoted, steps};
use super::general_remedies::{any_value, left_out};
use super::index::Index;
use super::{body, general_remedies, parameter, security};
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::ObjectKind;

/// Fields that only serve as documentation (OpenAPI 3.1, the tables of fixed fields).
const ANNOTATIONS: &[&str] = &[
    "title",
    "summary",
    "description",
    "externalDocs",
    "termsOfService",
    "contact",
    "license",
    "tags",
    "$comment",
    "xml",
    "deprecated",
];

/// Returns the changes that may remove an error at a node, smallest first.
pub(super) fn candidates(document: &Index<'_>, at: &Pointer) -> Vec<Remedy> {
    let steps = steps(at);
    let mut remedies = Vec::new();
    for (index, step) in steps.iter().enumerate().skip(1).rev() {
        let Some(outer) = index.checked_sub(1).and_then(|outer| steps.get(outer)) else {
            continue;
        };
        match step.ty.kind() {
            Some(kind) => remedies.extend(object(document, &step.at, kind, outer)),
            None => remedies.extend(data(document, step, outer)),
        }
    }
    remedies
}

/// Returns the changes for a whole object of the specification.
fn object(document: &Index<'_>, at: &Pointer, kind: ObjectKind, outer: &Step) -> Vec<Remedy> {
    let remove = |scope: Scope, noun: &str| vec![left_out(document, at, scope, noun)];
    match kind {
        ObjectKind::Components => remove(Scope::Schema, "section"),
        ObjectKind::PathItem => {
            let effect = format!(
                "the path {} is left out",
                quoted(&at.last().unwrap_or_default())
            );
            vec![Remedy::new(Scope::Path, Edit::Remove(at.clone()), effect)]
        }
        ObjectKind::Operation => vec![general_remedies::operation(document, at)],
        ObjectKind::Parameter => parameter::whole(document, at, outer),
        ObjectKind::RequestBody => vec![body::any(document, at)],
        ObjectKind::MediaType => remove(Scope::MediaType, "media type"),
        ObjectKind::Encoding => {
            let effect = format!(
                "the encoding of {} is ignored",
                quoted(&at.last().unwrap_or_default())
            );
            vec![Remedy::new(
                Scope::Keyword,
                Edit::Remove(at.clone()),
                effect,
            )]
        }
        ObjectKind::Response => remove(Scope::Response, "response"),
        ObjectKind::Header => remove(Scope::Header, "header"),
        ObjectKind::Callback => remove(Scope::Link, "callback"),
        ObjectKind::Link => remove(Scope::Link, "link"),
        ObjectKind::Example => remove(Scope::Example, "example"),
        ObjectKind::SecurityScheme => vec![security::scheme(document, at)],
        ObjectKind::Discriminator => {
            let effect = format!("the discriminator{} is ignored", holders(document, at));
            vec![Remedy::new(
                Scope::Keyword,
                Edit::Remove(at.clone()),
                effect,
            )]
        }
        ObjectKind::Schema => vec![any_value(document, at)],
        // The document itself stays. Objects without references are treated as data.
        _ => Vec::new(),
    }
}

/// Returns the change for a field or a value inside of one.
fn data(document: &Value, step: &Step, outer: &Step) -> Option<Remedy> {
    // Security schemes and parameters are unusable without these fields.
    let key = step.at.last().unwrap_or_default();
    let is_needed = match outer.ty.kind() {
        Some(ObjectKind::SecurityScheme) => {
            !["description", "bearerFormat"].contains(&key.as_str())
        }
        Some(ObjectKind::Parameter) => matches!(key.as_str(), "name" | "in"),
        _ => false,
    };
    if is_needed {
        return None;
    }
    if key.starts_with("x-") && outer.ty.kind().is_some() {
        return None;
    }
    let holder = document.pointer(outer.at.as_str());
    let is_item = holder.is_some_and(Value::is_array);
    let list = outer.at.last().unwrap_or_default();
    let (scope, name, of) = if is_item {
        let scope = match list.as_str() {
            "servers" => Scope::Server,
            "tags" => Scope::Annotation,
            "security" => Scope::Security,
            _ => Scope::Keyword,
        };
        let number = key.parse::<usize>().map_or(1, |index| index + 1);
        let name = format!("entry number {number} of {}", quoted(&list));
        (scope, name, holders(document, &outer.at))
    } else {
        let scope = match key.as_str() {
            key if ANNOTATIONS.contains(&key) => Scope::Annotation,
            "example" | "examples" => Scope::Example,
            "servers" | "variables" => Scope::Server,
            "security" => Scope::Security,
            "responses" => Scope::Response,
            "headers" => Scope::Header,
            "links" | "callbacks" => Scope::Link,
            "parameters" => Scope::Parameter,
            "content" => Scope::MediaType,
            "schemas" => Scope::Schema,
            _ => Scope::Keyword,
        };
        (scope, quoted(&key), holders(document, &step.at))
    };
    let effect = format!("{name}{of} is ignored");
    Some(Remedy::new(scope, Edit::Remove(step.at.clone()), effect))
}
