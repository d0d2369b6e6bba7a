//! References that lead nowhere, or to an object of another kind.

use serde_json::Value;

use super::candidates::{any_value, path_parameter, request_body};
use super::describe::quoted;
use crate::bundle::Broken;
use crate::bundle::grammar::{Kind, Shape, shape_at};
use crate::bundle::references;
use crate::diagnostic::{Edit, Location, Part, Remedy, Scope};
use crate::pointer::Pointer;
use crate::source::Sources;

/// Returns the remedy for a reference; `None` where its place is already gone.
pub(super) fn remedy(document: &Value, broken: &Broken) -> Option<Remedy> {
    document.pointer(broken.at.as_str())?;
    if broken.is_mapping {
        let tag = broken.at.last().unwrap_or_default();
        return Some(Remedy::new(
            Scope::Keyword,
            Edit::Remove(broken.at.clone()),
            format!("the discriminator's value {} is kept as JSON", quoted(&tag)),
        ));
    }
    let kind = shape_at(&broken.at).kind()?;
    if let Some(target) = &broken.leads_to
        && let Some(found) = document.pointer(target.as_str())
        && fits(kind, found)
    {
        return Some(Remedy::new(
            Scope::Keyword,
            Edit::Set(broken.at.clone(), found.clone()),
            "the object is read as what is expected here",
        ));
    }
    Some(missing(document, &broken.at, kind))
}

/// Whether an object has the members that mark its kind.
fn fits(kind: Kind, found: &Value) -> bool {
    let has = |name: &str| found.get(name).is_some();
    match kind {
        Kind::Parameter => has("name") && has("in"),
        Kind::Header => has("schema") || has("content"),
        Kind::Response => (has("description") || has("content")) && !has("in") && !has("type"),
        Kind::RequestBody => has("content"),
        Kind::Example => has("value") || has("externalValue"),
        Kind::Link => has("operationId") || has("operationRef"),
        Kind::SecurityScheme => has("type"),
        Kind::Schema => {
            found.is_object() && !has("in") && !has("content") && !has("value") && !has("schema")
        }
        _ => false,
    }
}

/// The remedy where there is nothing of a kind.
fn missing(document: &Value, at: &Pointer, kind: Kind) -> Remedy {
    let name = at.last().unwrap_or_default();
    let left_out = |scope: Scope, noun: &str| {
        let effect = format!("the {noun} {} is left out", quoted(&name));
        Remedy::new(scope, Edit::Remove(at.clone()), effect)
    };
    match kind {
        Kind::Schema => {
            let parent = at.parent().and_then(|parent| parent.last());
            any_value(at, parent.as_deref() == Some("properties"))
        }
        Kind::RequestBody => request_body(at),
        Kind::Response => {
            let effect = format!("the response {} is undocumented", quoted(&name));
            Remedy::new(Scope::Response, Edit::Remove(at.clone()), effect)
        }
        Kind::Parameter => parameter(document, at),
        Kind::PathItem => left_out(Scope::Path, "path"),
        Kind::Header => left_out(Scope::Header, "header"),
        Kind::Example => left_out(Scope::Example, "example"),
        Kind::Link => left_out(Scope::Link, "link"),
        Kind::Callback => left_out(Scope::Link, "callback"),
        Kind::SecurityScheme => left_out(Scope::Security, "security scheme"),
        _ => left_out(Scope::Keyword, "object"),
    }
}

/// A parameter that is not there may be one of the path.
fn parameter(document: &Value, at: &Pointer) -> Remedy {
    let text = document
        .pointer(at.as_str())
        .and_then(|node| node.get("$ref"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let name = text.rsplit('/').next().unwrap_or_default();
    // /paths/{path}/parameters/0 or /paths/{path}/get/parameters/0
    let path = at.tokens().nth(1).unwrap_or_default();
    let is_of_path = path.contains(&format!("{{{name}}}")) && !name.is_empty();
    if is_of_path {
        return Remedy::new(
            Scope::Parameter,
            Edit::Set(at.clone(), path_parameter(name)),
            format!("the path parameter {} is text", quoted(name)),
        );
    }
    let effect = format!("the parameter {} is left out", quoted(name));
    Remedy::new(Scope::Parameter, Edit::Remove(at.clone()), effect)
}

/// Returns the remedies for the references to a node that will be removed, and to those below it.
pub(super) fn to(document: &Value, removed: &Pointer) -> Vec<Remedy> {
    let is_referred_to = removed.as_str().starts_with("/components/")
        || shape_at(removed) == Shape::One(Kind::PathItem);
    if !is_referred_to {
        return Vec::new();
    }
    let mut remedies: Vec<Remedy> = references(document)
        .into_iter()
        .filter(|(at, target)| target.is_within(removed) && !at.is_within(removed))
        .filter_map(|(at, _)| {
            let kind = shape_at(&at).kind()?;
            Some(missing(document, &at, kind))
        })
        .collect();
    // Later items of a list first, so that the others keep their places.
    remedies.reverse();
    remedies
}

/// Where the text of a reference stands in its file.
pub(super) fn location(broken: &Broken, sources: &Sources) -> Option<Location> {
    let node = if broken.is_mapping {
        broken.at.clone()
    } else {
        broken.at.child("$ref")
    };
    let (file, span) = sources.find(&Location::Node(node, Part::Value))?;
    Some(Location::Span(file, span))
}
