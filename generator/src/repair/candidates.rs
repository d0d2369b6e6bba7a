//! The changes that may remove an error, from the smallest part of the document to the largest.

use serde_json::{Value, json};

use super::describe::{self, quoted};
use crate::bundle::grammar::{Kind, Shape};
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;

/// Fields whose texts are for readers (OpenAPI 3.1, the tables of fixed fields).
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
];

/// The nodes on the way to an error, each with what the specification has there.
struct Step {
    at: Pointer,
    shape: Shape,
}

/// Returns the changes that may remove an error at a node.
pub(super) fn of(document: &Value, at: &Pointer) -> Vec<Remedy> {
    let mut steps = vec![Step {
        at: Pointer::root(),
        shape: Shape::One(Kind::Document),
    }];
    for token in at.tokens() {
        let Some(last) = steps.last() else { break };
        let step = Step {
            at: last.at.child(&token),
            shape: last.shape.child(&token),
        };
        steps.push(step);
    }
    let mut remedies = Vec::new();
    for (index, step) in steps.iter().enumerate().skip(1).rev() {
        let Some(outer) = index.checked_sub(1).and_then(|outer| steps.get(outer)) else {
            continue;
        };
        match step.shape.kind() {
            Some(kind) => remedies.extend(object(document, &step.at, kind, outer)),
            None => remedies.push(data(document, step, outer)),
        }
    }
    remedies
}

/// The change for a whole object of the specification.
fn object(document: &Value, at: &Pointer, kind: Kind, outer: &Step) -> Vec<Remedy> {
    let remove = |scope: Scope, noun: &str| {
        let name = describe::name(document, at, kind);
        let effect = format!("the {noun} {} is left out", quoted(&name));
        vec![Remedy::new(scope, Edit::Remove(at.clone()), effect)]
    };
    match kind {
        Kind::Document => Vec::new(),
        Kind::Components => remove(Scope::Schema, "section"),
        Kind::PathItem => remove(Scope::Path, "path"),
        Kind::Operation => remove(Scope::Operation, "operation"),
        Kind::Parameter => parameter(document, at, outer),
        Kind::RequestBody => vec![request_body(at)],
        Kind::MediaType => remove(Scope::MediaType, "media type"),
        Kind::Encoding => remove(Scope::Keyword, "encoding of"),
        Kind::Response => remove(Scope::Response, "response"),
        Kind::Header => remove(Scope::Header, "header"),
        Kind::Callback => remove(Scope::Link, "callback"),
        Kind::Link => remove(Scope::Link, "link"),
        Kind::Example => remove(Scope::Example, "example"),
        Kind::SecurityScheme => remove(Scope::Security, "security scheme"),
        Kind::Discriminator => vec![Remedy::new(
            Scope::Keyword,
            Edit::Remove(at.clone()),
            "the discriminator is ignored",
        )],
        Kind::Schema => vec![schema(at, outer)],
    }
}

/// A schema that cannot be given a type is any JSON value.
fn schema(at: &Pointer, outer: &Step) -> Remedy {
    any_value(at, outer.at.last().as_deref() == Some("properties"))
}

/// The remedy that makes a schema any JSON value.
pub(super) fn any_value(at: &Pointer, is_property: bool) -> Remedy {
    let (scope, noun) = if is_property {
        (Scope::Property, "property")
    } else {
        (Scope::Schema, "schema")
    };
    let name = at.last().unwrap_or_default();
    let effect = match name.as_str() {
        "schema" | "items" | "additionalProperties" | "0" | "1" | "2" | "3" => {
            "the schema allows any JSON value".to_owned()
        }
        name => format!("the {noun} {} allows any JSON value", quoted(name)),
    };
    Remedy::new(scope, Edit::Set(at.clone(), json!({})), effect)
}

/// The remedy that makes a request body any JSON value.
pub(super) fn request_body(at: &Pointer) -> Remedy {
    let body = json!({ "content": { "application/json": { "schema": {} } } });
    Remedy::new(
        Scope::RequestBody,
        Edit::Set(at.clone(), body),
        "the request body is any JSON value",
    )
}

/// A path parameter becomes text; another one is left out, and where it is required the operation.
fn parameter(document: &Value, at: &Pointer, outer: &Step) -> Vec<Remedy> {
    let node = document.pointer(at.as_str());
    let field = |name: &str| node.and_then(|node| node.get(name));
    let name = describe::name(document, at, Kind::Parameter);
    let place = field("in").and_then(Value::as_str);
    let mut remedies = Vec::new();
    if let (Some(text), Some("path")) = (field("name").and_then(Value::as_str), place) {
        remedies.push(Remedy::new(
            Scope::Parameter,
            Edit::Set(at.clone(), path_parameter(text)),
            format!("the path parameter {} is text", quoted(text)),
        ));
    }
    let is_required = field("required") == Some(&Value::Bool(true));
    let holder = outer.at.parent();
    if let Some(holder) =
        holder.filter(|_| is_required && outer.shape == Shape::List(Kind::Parameter))
    {
        let what = describe::name(document, &holder, Kind::Operation);
        remedies.push(Remedy::new(
            Scope::Operation,
            Edit::Remove(holder),
            format!("the operation {} is left out", quoted(&what)),
        ));
        return remedies;
    }
    remedies.push(Remedy::new(
        Scope::Parameter,
        Edit::Remove(at.clone()),
        format!("the parameter {} is left out", quoted(&name)),
    ));
    remedies
}

/// A required text parameter of a path.
pub(super) fn path_parameter(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
}

/// The change for a field, or for a value inside of one.
fn data(document: &Value, step: &Step, outer: &Step) -> Remedy {
    let key = step.at.last().unwrap_or_default();
    let is_item = document
        .pointer(outer.at.as_str())
        .is_some_and(Value::is_array);
    let (scope, effect) = match outer.shape.kind() {
        _ if ANNOTATIONS.contains(&key.as_str()) => {
            (Scope::Annotation, format!("{} is ignored", quoted(&key)))
        }
        _ if matches!(key.as_str(), "example" | "examples") => {
            (Scope::Example, format!("{} is ignored", quoted(&key)))
        }
        None if is_item => {
            let list = outer.at.last().unwrap_or_default();
            let effect = format!("the entry of {} is ignored", quoted(&list));
            (Scope::Keyword, effect)
        }
        _ => (Scope::Keyword, format!("{} is ignored", quoted(&key))),
    };
    Remedy::new(scope, Edit::Remove(step.at.clone()), effect)
}
