//! Empty and duplicate values in `enum`.

use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Removes an empty `enum`, and duplicate values.
pub(crate) fn correct_enum(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if map.contains_key("const") {
        return;
    }
    let Some(Value::Array(values)) = map.get_mut("enum") else {
        return;
    };
    let here = place.key("enum");
    if values.is_empty() {
        reporter.warn(code::EMPTY_LIST, "enum", || {
            Diagnostic::warning(
                code::EMPTY_LIST,
                here.pointer(),
                "`enum` has no values and is ignored",
            )
            .help("list the values, or remove it")
        });
        map.shift_remove("enum");
        return;
    }
    remove_duplicates(values, |value, first, second| {
        reporter.warn(code::DUPLICATE_VALUE, "enum", || {
            Diagnostic::warning(
                code::DUPLICATE_VALUE,
                here.index(second).pointer(),
                format!("{value} is listed in `enum` twice"),
            )
            .related(here.index(first).pointer(), "first written here")
            .help("remove it")
        });
    });
}

/// Removes duplicates from a list and reports each with both positions.
pub(crate) fn remove_duplicates(
    values: &mut Vec<Value>,
    mut report: impl FnMut(&Value, usize, usize),
) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut index = 0;
    values.retain(|value| {
        let first = *seen.entry(value.to_string()).or_insert(index);
        if first != index {
            report(value, first, index);
        }
        index += 1;
        first + 1 == index
    });
}
