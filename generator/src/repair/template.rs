//! Repairs path parameters that a template contains but the operation does not declare.

use serde_json::{Value, json};

use super::describe::{self, listed, quoted};
use super::follow::behind;
use super::parameter::of_path;
use crate::diagnostic::{Diagnostic, Edit, Location, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::ObjectKind;

/// A path parameter declared by an operation.
struct Declared<'v> {
    at: Pointer,
    name: &'v str,
    value: &'v Value,
}

/// Returns the remedy for an operation that does not declare every parameter of its path.
pub(super) fn undeclared(document: &Value, error: &Diagnostic, at: &Pointer) -> Option<Remedy> {
    let Some((Location::Node(path_at, _), _)) = error.related.first() else {
        return None;
    };
    let path = path_at.last()?;
    if let Some(remedy) = plain(document, path_at, &path) {
        return Some(remedy);
    }
    let names = names(&path);
    let item = at.parent()?;
    let mut declared = declared(document, &item.child("parameters"));
    declared.extend(self::declared(document, &at.child("parameters")));
    let missing: Vec<&str> = names
        .iter()
        .filter(|name| declared.iter().all(|one| one.name != **name))
        .copied()
        .collect();
    let unused: Vec<&Declared<'_>> = declared
        .iter()
        .filter(|one| !names.contains(&one.name))
        .collect();
    let operation = quoted(&describe::name(document, at, ObjectKind::Operation));
    if let ([name], [other]) = (missing.as_slice(), unused.as_slice()) {
        let effect = format!(
            "the parameter {} of {operation} is read as the {} of its path",
            quoted(other.name),
            quoted(name)
        );
        return Some(Remedy::new(
            Scope::Parameter,
            renamed(document, other, name),
            effect,
        ));
    }
    let list = at.child("parameters");
    let written = document.pointer(list.as_str()).and_then(Value::as_array);
    let mut parameters = written.cloned().unwrap_or_default();
    parameters.extend(missing.iter().map(|name| of_path(name)));
    let shown: Vec<String> = missing.iter().map(|name| quoted(name)).collect();
    let effect = match shown.as_slice() {
        [one] => format!("the path parameter {one} of {operation} is required text"),
        all => format!(
            "the path parameters {} of {operation} are required text",
            listed(all)
        ),
    };
    let edit = Edit::Set(list, Value::Array(parameters));
    Some(Remedy::new(Scope::Parameter, edit, effect))
}

/// Returns the edit that renames a parameter. A referenced one is copied, because others may use
/// it.
fn renamed(document: &Value, parameter: &Declared<'_>, name: &str) -> Edit {
    let node = document.pointer(parameter.at.as_str());
    if node.is_some_and(|node| node.get("$ref").is_none()) {
        return Edit::Set(parameter.at.child("name"), Value::from(name));
    }
    let mut value = parameter.value.clone();
    if let Some(map) = value.as_object_mut() {
        map.insert("name".to_owned(), Value::from(name));
    }
    Edit::Set(parameter.at.clone(), value)
}

fn declared<'v>(document: &'v Value, list: &Pointer) -> Vec<Declared<'v>> {
    let items = document.pointer(list.as_str()).and_then(Value::as_array);
    let items = items.into_iter().flatten().enumerate();
    items
        .filter_map(|(index, item)| {
            let value = behind(document, item)?;
            let place = value.get("in")?.as_str()?;
            let name = value.get("name")?.as_str()?;
            place.eq_ignore_ascii_case("path").then(|| Declared {
                at: list.child(index),
                name,
                value,
            })
        })
        .collect()
}

/// Returns the names in the braces of a template.
fn names(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}

/// Returns the remedy for a template with expressions of RFC 6570 or of a web framework: the plain
/// template.
fn plain(document: &Value, at: &Pointer, path: &str) -> Option<Remedy> {
    let meant = plain_path(path).filter(|meant| meant != path)?;
    let new = at.parent()?.child(&meant);
    if document.pointer(new.as_str()).is_some() {
        return None;
    }
    let value = document.pointer(at.as_str())?.clone();
    Some(Remedy::with_edits(
        Scope::Path,
        vec![Edit::Remove(at.clone()), Edit::Set(new, value)],
        format!("the path {} is read as {}", quoted(path), quoted(&meant)),
    ))
}

fn plain_path(path: &str) -> Option<String> {
    let mut meant = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        meant.push_str(before);
        rest = after;
        if name.starts_with(['?', '&']) {
            // A query is not part of the path.
            continue;
        }
        let (name, _) = name.split_once(':').unwrap_or((name, ""));
        let name = name.trim_start_matches(['+', '#', '.', '/', ';']);
        let name = name.trim_end_matches(['*', '?']);
        if name.is_empty() {
            return None;
        }
        meant.extend(["{", name, "}"]);
    }
    meant.push_str(rest);
    Some(meant)
}

/// Returns the remedy for a duplicate parameter: the second is removed if it adds nothing,
/// otherwise the first.
pub(super) fn twice(document: &Value, error: &Diagnostic, at: &Pointer) -> Option<Remedy> {
    let Some((Location::Node(first, _), _)) = error.related.first() else {
        return None;
    };
    let value = |at: &Pointer| behind(document, document.pointer(at.as_str())?)?.as_object();
    let (one, other) = (value(first)?, value(at)?);
    let adds_nothing = other
        .iter()
        .all(|(key, value)| one.get(key) == Some(value) || *value == json!(null));
    let shown = describe::parameter(document, at);
    let of = describe::holders(document, at);
    let (word, edit) = if adds_nothing {
        ("first", Edit::Remove(at.clone()))
    } else {
        ("last", Edit::Remove(first.clone()))
    };
    let effect = format!("the {word} {shown}{of} is used");
    Some(Remedy::new(Scope::Parameter, edit, effect))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_expressions_of_others() {
        for (path, meant) in [
            ("/pets/{id}", "/pets/{id}"),
            ("/pets/{id*}", "/pets/{id}"),
            ("/pets/{id:[0-9]+}/x", "/pets/{id}/x"),
            ("/pets{?limit,page}", "/pets"),
            ("/{+path}", "/{path}"),
        ] {
            assert_eq!(plain_path(path).as_deref(), Some(meant), "{path}");
        }
        assert_eq!(plain_path("/{*}"), None);
    }
}
