//! Checks values that are no objects of the specification, and corrects those of another type if the
//! intention is clear.

use serde_json::{Map, Number, Value};

use super::reporter::Reporter;
use crate::diagnostic::{Diagnostic, code};
use crate::pointer::Trail;

/// Numbers and booleans are read as texts.
pub(super) fn check_text(reporter: &mut Reporter<'_>, value: &mut Value, place: &Trail<'_>) {
    match value {
        Value::String(_) => {}
        Value::Number(number) => {
            let text = Value::String(number.to_string());
            reporter.coerce(value, text, "a string", place);
        }
        Value::Bool(flag) => {
            let text = Value::String(flag.to_string());
            reporter.coerce(value, text, "a string", place);
        }
        _ => reporter.wrong_type(value, "a string", place),
    }
}

/// A single text is read as a list, and `null` in a list is left out.
pub(super) fn check_texts(reporter: &mut Reporter<'_>, value: &mut Value, place: &Trail<'_>) {
    if value.is_string() {
        let list = Value::Array(vec![value.clone()]);
        return reporter.coerce(value, list, "a list of strings", place);
    }
    let Some(list) = check_list(reporter, value, "a list of strings", place) else {
        return;
    };
    for (index, value) in list.iter_mut().enumerate() {
        let place = place.index(index);
        if value.is_null() {
            let title = place.title();
            reporter.warn(code::NULL_FIELD, &title, || {
                let message = format!("{title} has no value and is left out");
                Diagnostic::warning(code::NULL_FIELD, place.pointer(), message)
                    .help("give it a value or remove it")
            });
        } else {
            check_text(reporter, value, &place);
        }
    }
    list.retain(|value| !value.is_null());
}

/// Checks the name of a type, or a list of names, in which YAML's `null` is the name of a type.
pub(super) fn check_type_names(reporter: &mut Reporter<'_>, value: &mut Value, place: &Trail<'_>) {
    let Value::Array(names) = value else {
        if !value.is_string() {
            reporter.wrong_type(value, "the name of a type", place);
        }
        return;
    };
    for name in names.iter_mut().filter(|name| name.is_null()) {
        *name = Value::from("null");
    }
    check_texts(reporter, value, place);
}

/// Texts such as `yes` are read as booleans.
pub(super) fn check_flag(reporter: &mut Reporter<'_>, value: &mut Value, place: &Trail<'_>) {
    if value.is_boolean() {
        return;
    }
    let word = value.as_str().map(str::to_ascii_lowercase);
    let meant = match word.as_deref() {
        Some("true" | "yes") => true,
        Some("false" | "no") => false,
        _ => return reporter.wrong_type(value, "`true` or `false`", place),
    };
    reporter.coerce(value, Value::Bool(meant), "a boolean", place);
}

/// The text of a number is read as the number.
pub(super) fn check_number(reporter: &mut Reporter<'_>, value: &mut Value, place: &Trail<'_>) {
    if value.is_number() {
        return;
    }
    match number_in(value) {
        Some(number) => reporter.coerce(value, Value::Number(number), "a number", place),
        None => reporter.wrong_type(value, "a number", place),
    }
}

/// Checks a non-negative integer. Returns `false` if the field is to be removed.
pub(super) fn check_count(
    reporter: &mut Reporter<'_>,
    value: &mut Value,
    place: &Trail<'_>,
) -> bool {
    check_number(reporter, value, place);
    let Value::Number(number) = &*value else {
        return true;
    };
    if number.as_u64().is_some() {
        return true;
    }
    let number = number.as_f64().unwrap_or(f64::NAN);
    if number >= 0.0 && number.fract() == 0.0 {
        // `1.0` and `1e3` are integers (JSON Schema, section 4.2.3). A bound beyond `u64` is
        // out of reach.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and not negative; beyond `u64` it saturates"
        )]
        let whole = number as u64;
        *value = Value::from(whole);
        return true;
    }
    let name = place.last().unwrap_or_default();
    if number < 0.0 && name.starts_with("min") {
        let warning = Diagnostic::warning(
            code::COERCED,
            place.pointer(),
            format!("`{name}` is negative, so it has no effect"),
        );
        reporter.push(warning.help("remove it"));
        return false;
    }
    let expected = "a whole number that is not negative";
    let title = place.title();
    reporter.push(
        Diagnostic::error(
            code::WRONG_TYPE,
            place.pointer(),
            format!("{title} has to be {expected}, not `{value}`"),
        )
        .help(format!("write {expected}")),
    );
    true
}

/// Returns the items of a list.
pub(super) fn check_list<'v>(
    reporter: &mut Reporter<'_>,
    value: &'v mut Value,
    expected: &str,
    place: &Trail<'_>,
) -> Option<&'v mut Vec<Value>> {
    if !value.is_array() {
        reporter.wrong_type(value, expected, place);
    }
    value.as_array_mut()
}

/// Returns the members of an object. An empty list is read as an empty object.
pub(super) fn check_map<'v>(
    reporter: &mut Reporter<'_>,
    value: &'v mut Value,
    place: &Trail<'_>,
) -> Option<&'v mut Map<String, Value>> {
    if value.as_array().is_some_and(Vec::is_empty) {
        reporter.coerce(value, Value::Object(Map::new()), "an object", place);
    }
    if !value.is_object() {
        reporter.wrong_type(value, "an object", place);
    }
    value.as_object_mut()
}

/// Checks a number, or in older versions a boolean.
pub(super) fn check_flag_or_number(
    reporter: &mut Reporter<'_>,
    value: &mut Value,
    place: &Trail<'_>,
) {
    if value.is_number() {
        return;
    }
    match number_in(value) {
        Some(number) => reporter.coerce(value, Value::Number(number), "a number", place),
        None => check_flag(reporter, value, place),
    }
}

/// Returns the number that a text contains.
fn number_in(value: &Value) -> Option<Number> {
    let text = value.as_str()?.trim();
    let number: Number = text.parse().ok()?;
    number.as_f64().filter(|number| number.is_finite())?;
    Some(number)
}
