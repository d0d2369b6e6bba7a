//! The names in `required`.

use std::collections::HashSet;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code, nearest};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Reports names in `required` that are misspelled or cannot have a value.
pub(crate) fn check_required(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let (Some(Value::Array(names)), Some(Value::Object(properties))) =
        (map.get("required"), map.get("properties"))
    else {
        return;
    };
    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
    let required: HashSet<&str> = names.iter().copied().collect();
    let others = properties.keys().map(String::as_str);
    let others: Vec<&str> = others.filter(|other| !required.contains(other)).collect();
    for (index, name) in names.iter().enumerate() {
        let at = place.key("required");
        let at = at.index(index);
        match properties.get(*name) {
            Some(Value::Bool(false)) => {
                let message = format!("no value is valid for the required property `{name}`");
                let properties = place.key("properties");
                reporter.push(
                    Diagnostic::error(code::CONTRADICTORY_SCHEMA, at.pointer(), message)
                        .label("required here")
                        .related(properties.key(name).pointer(), "`false` allows no value")
                        .help("remove it from `required`, or write the schema of its values"),
                );
            }
            Some(_) => {}
            None => {
                let others = others.iter().copied();
                if let Some(meant) = nearest(name, others) {
                    let message = format!(
                        "the required property `{name}` is not among the `properties`, so it is any JSON value"
                    );
                    reporter.push(
                        Diagnostic::warning(code::UNKNOWN_PROPERTY, at.pointer(), message)
                            .related(
                                place.key("properties").key(meant).pointer().key(),
                                "similar name",
                            )
                            .help(format!("did you mean `{meant}`?")),
                    );
                }
            }
        }
    }
}
