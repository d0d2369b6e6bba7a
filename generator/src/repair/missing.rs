//! The remedies for a reference without a target.

use serde_json::Value;

use super::describe::{holders, quoted};
use super::index::Index;
use super::{body, general_remedies, parameter, security};
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::ObjectKind;

/// Returns the remedy for a missing object of a kind; `removed` is the former target of the
/// reference.
pub(super) fn missing(
    document: &Value,
    at: &Pointer,
    kind: ObjectKind,
    removed: Option<&Value>,
) -> Remedy {
    let name = at.last().unwrap_or_default();
    let of = holders(document, at);
    let left_out = |scope: Scope, noun: &str| general_remedies::left_out(document, at, scope, noun);
    match kind {
        ObjectKind::Schema => general_remedies::any_value(document, at),
        ObjectKind::RequestBody => body::any(document, at),
        ObjectKind::Response => {
            let effect = format!("the response {}{of} is undocumented", quoted(&name));
            Remedy::new(Scope::Response, Edit::Remove(at.clone()), effect)
        }
        ObjectKind::Parameter => missing_parameter(document, at, removed),
        ObjectKind::PathItem => left_out(Scope::Path, "path"),
        ObjectKind::Header => left_out(Scope::Header, "header"),
        ObjectKind::Example => left_out(Scope::Example, "example"),
        ObjectKind::Link => left_out(Scope::Link, "link"),
        ObjectKind::Callback => left_out(Scope::Link, "callback"),
        ObjectKind::SecurityScheme => security::scheme(&Index::new(document), at),
        ObjectKind::MediaType => left_out(Scope::MediaType, "media type"),
        _ => left_out(Scope::Keyword, "object"),
    }
}

/// Returns the remedy for a missing parameter, which may be a path parameter.
fn missing_parameter(document: &Value, at: &Pointer, removed: Option<&Value>) -> Remedy {
    let text = document
        .pointer(at.as_str())
        .and_then(|node| node.get("$ref"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let key = text.rsplit('/').next().unwrap_or_default();
    let name = removed.and_then(|removed| removed.get("name"));
    let name = name.and_then(Value::as_str).unwrap_or(key);
    let of = holders(document, at);
    // The path is in `/paths/{path}/parameters/0` or `/paths/{path}/get/parameters/0`.
    let path = at.tokens().nth(1).unwrap_or_default();
    let in_path = match of_template(&path, name) {
        Some(name) if at.as_str().starts_with("/paths/") => name,
        _ => {
            let effect = format!("the parameter {}{of} is left out", quoted(name));
            return Remedy::new(Scope::Parameter, Edit::Remove(at.clone()), effect);
        }
    };
    Remedy::new(
        Scope::Parameter,
        Edit::Set(at.clone(), parameter::of_path(in_path)),
        format!("the path parameter {}{of} is text", quoted(in_path)),
    )
}

/// Returns the name in a path template that matches the name of a component: `PetId` matches
/// `{petId}`.
pub(super) fn of_template<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let plain = |text: &str| {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let names = path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next());
    let mut names = names.filter(|other| !name.is_empty() && plain(other) == plain(name));
    names.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_name_of_a_template_that_a_component_means() {
        for (path, name, meant) in [
            ("/pets/{petId}", "PetId", Some("petId")),
            ("/pets/{pet_id}/{id}", "petId", Some("pet_id")),
            ("/pets/{id}", "PetId", None),
            ("/pets", "", None),
        ] {
            assert_eq!(of_template(path, name), meant, "{path} {name}");
        }
    }
}
