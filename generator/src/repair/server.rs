//! Repairs servers and their variables.

use serde_json::{Map, Value, json};

use super::describe::{holders, listed, quoted};
use super::wrong_types::named;
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::internal_extensions::{NO_DEFAULT, PREFIX};
use crate::pointer::Pointer;

/// Returns the remedy for a URL with undeclared variables: they become variables without a default.
pub(super) fn undeclared(document: &Value, url: &Pointer) -> Option<Remedy> {
    let server = url.parent()?;
    let text = document.pointer(url.as_str())?.as_str()?;
    let at = server.child("variables");
    let written = document.pointer(at.as_str()).and_then(Value::as_object);
    let mut variables: Map<String, Value> = written.cloned().unwrap_or_default();
    let names = text.split('{').skip(1);
    let names = names.filter_map(|part| Some(part.split_once('}')?.0.to_owned()));
    let missing: Vec<String> = names.filter(|name| !variables.contains_key(name)).collect();
    for name in &missing {
        variables.insert(name.clone(), variable_without_default(None));
    }
    let shown: Vec<String> = missing.iter().map(|name| quoted(name)).collect();
    let effect = asked_for(&shown);
    let edit = Edit::Set(at, Value::Object(variables));
    (!missing.is_empty()).then(|| Remedy::new(Scope::Server, edit, effect))
}

fn asked_for(names: &[String]) -> String {
    let (verb, plural) = if names.len() == 1 {
        ("has", "")
    } else {
        ("have", "s")
    };
    format!(
        "the variable{plural} {} {verb} no default: `build()` requires a value, unless a base URL is given",
        listed(names)
    )
}

/// Returns the remedy for `variables` as a list. Each item has a name, or is an object whose only
/// key is the name.
pub(super) fn variables_as_list(document: &Value, at: &Pointer) -> Option<Remedy> {
    let list = document.pointer(at.as_str())?.as_array()?;
    if at.parent()?.parent()?.last()? != "servers" {
        return None;
    }
    let variables = named(list)?;
    let effect = format!(
        "`variables`{} are read by their names",
        holders(document, at)
    );
    let edit = Edit::Set(at.clone(), Value::Object(variables));
    Some(Remedy::new(Scope::Server, edit, effect))
}

/// Returns the remedy for a variable without a default or one that is not an object.
pub(super) fn without_default(document: &Value, at: &Pointer) -> Option<Remedy> {
    let variable = std::iter::successors(Some(at.clone()), Pointer::parent).find(|at| {
        let holder = at.parent();
        holder.and_then(|holder| holder.last()).as_deref() == Some("variables")
    })?;
    let is_field = *at != variable && at.last().as_deref() != Some("default");
    let servers = variable.parent()?.parent()?.parent()?;
    if is_field || servers.last()? != "servers" {
        return None;
    }
    let written = document.pointer(variable.as_str())?;
    let name = variable.last()?;
    if let Value::String(text) = written {
        let effect = format!(
            "the variable {}{} is read as one with the default {}",
            quoted(&name),
            holders(document, &variable),
            quoted(text)
        );
        let edit = Edit::Set(variable, json!({ "default": text }));
        return Some(Remedy::new(Scope::Server, edit, effect));
    }
    let edit = Edit::Set(variable, variable_without_default(written.as_object()));
    let effect = asked_for(&[quoted(&name)]);
    Some(Remedy::new(Scope::Server, edit, effect))
}

/// Returns a server variable without a default.
pub(super) fn variable_without_default(written: Option<&Map<String, Value>>) -> Value {
    let mut variable = written.cloned().unwrap_or_default();
    variable.insert("default".to_owned(), Value::from(""));
    variable.insert(format!("{PREFIX}{NO_DEFAULT}"), Value::Bool(true));
    Value::Object(variable)
}
