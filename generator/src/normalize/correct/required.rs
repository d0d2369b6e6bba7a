//! The `required` of schemas.

use std::collections::HashSet;

use serde_json::Value;

use super::enumeration::remove_duplicates;
use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Removes a boolean `required`, with a warning: the list of the parent schema declares required
/// properties.
pub(crate) fn remove_required_flag(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    let flag = match map.get("required") {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) if matches!(text.as_str(), "true" | "false") => text == "true",
        _ => return,
    };
    map.shift_remove("required");
    reporter.warn(code::MISPLACED_REQUIRED, "", || {
        let warning = Diagnostic::warning(
            code::MISPLACED_REQUIRED,
            place.key("required").pointer().key(),
            format!("`required: {flag}` inside a schema has no effect"),
        );
        match place.property() {
            Some(name) => warning.help(format!("write `required: [{name}]` in the parent schema")),
            None => warning.help("list the required properties by name"),
        }
    });
}

/// Adds properties with `required: true` to the list of the schema, the only possible intention. In
/// strict mode it has no effect, as in the specification.
pub(crate) fn list_required_properties(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    if reporter.is_strict() {
        return;
    }
    let is_flag = |property: &Value| match property.get("required") {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        _ => false,
    };
    let properties = map.get("properties").and_then(Value::as_object);
    if !properties.is_some_and(|properties| properties.values().any(is_flag)) {
        return;
    }
    if let Some(name @ Value::String(_)) = map.get_mut("required") {
        let list = Value::Array(vec![name.clone()]);
        reporter.coerce(name, list, "a list of strings", &place.key("required"));
    }
    let mut listed = match map.get("required") {
        Some(Value::Array(names)) => names.clone(),
        None | Some(Value::Null) => Vec::new(),
        Some(_) => return,
    };
    let Some(Value::Object(properties)) = map.get_mut("properties") else {
        return;
    };
    let known: HashSet<String> = listed
        .iter()
        .filter_map(|name| name.as_str().map(ToOwned::to_owned))
        .collect();
    let written = listed.len();
    let here = place.key("properties");
    for (name, property) in properties
        .iter_mut()
        .filter(|(_, property)| is_flag(property))
    {
        let Value::Object(property) = property else {
            continue;
        };
        property.shift_remove("required");
        let is_listed = known.contains(name);
        if !is_listed {
            listed.push(Value::from(name.clone()));
        }
        let subject = if is_listed { "listed" } else { "meant" };
        reporter.warn(code::MISPLACED_REQUIRED, subject, || {
            misplaced_required(&here.key(name), name, is_listed)
        });
    }
    if listed.len() > written {
        map.insert("required".to_owned(), Value::Array(listed));
    }
}

fn misplaced_required(property: &Trail<'_>, name: &str, is_listed: bool) -> Diagnostic {
    let (says, help) = if is_listed {
        (
            "has no effect: the parent schema already lists it".to_owned(),
            "remove it",
        )
    } else {
        (
            format!("is misplaced; it is read as `required: [{name}]` of the parent schema"),
            "list the required properties by name in the parent schema",
        )
    };
    let message = format!("`required: true` inside the property `{name}` {says}");
    let at = property.key("required").pointer().key();
    Diagnostic::warning(code::MISPLACED_REQUIRED, at, message).help(help)
}

/// Removes names that are listed twice.
pub(crate) fn remove_duplicate_names(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    let Some(Value::Array(names)) = map.get_mut("required") else {
        return;
    };
    let here = place.key("required");
    remove_duplicates(names, |name, first, second| {
        reporter.warn(code::DUPLICATE_VALUE, "required", || {
            Diagnostic::warning(
                code::DUPLICATE_VALUE,
                here.index(second).pointer(),
                format!("{name} is listed in `required` twice"),
            )
            .related(here.index(first).pointer(), "first written here")
            .help("remove it")
        });
    });
}
