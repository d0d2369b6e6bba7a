//! Values in schemas: `const`, `enum`, `default`, `multipleOf`, and schemas that allow none.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use super::bounds::number_bounds;
use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::number::{compare, number};
use crate::pointer::Trail;
use crate::spec::{Fields, is_of_type};

/// Reports values of `const` and `enum` that the schema's own type excludes.
pub(crate) fn check_listed_values(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
    types: &[&str],
) {
    if types.is_empty() {
        return;
    }
    let constant = map.get("const");
    let constant = constant.map(|value| (place.key("const").pointer(), value));
    let list = map.get("enum").and_then(Value::as_array);
    // `const` replaces `enum`.
    let list = list.filter(|_| constant.is_none()).into_iter().flatten();
    let at = place.key("enum");
    let list = list
        .enumerate()
        .map(|(index, value)| (at.index(index).pointer(), value));
    for (at, value) in constant.into_iter().chain(list) {
        let fits = types.iter().any(|name| is_of_type(value, name));
        // `lower` reads a value of another type that has only one interpretation.
        let is_meant = match value {
            Value::Null => true,
            Value::Bool(_) | Value::Number(_) => types.contains(&"string"),
            Value::String(text) => {
                matches!(
                    serde_json::from_str(text),
                    Ok(Value::Number(_) | Value::Bool(_))
                )
            }
            _ => false,
        };
        if fits || is_meant {
            continue;
        }
        let declared = types.join("` or `");
        reporter.warn(code::ENUM_VALUE_TYPE, &declared, || {
            let message = format!(
                "the value {value} is not of `type: {declared}`; it is read and written unchanged"
            );
            Diagnostic::warning(code::ENUM_VALUE_TYPE, at, message)
                .related(place.key("type").pointer(), "the type")
                .help("write a value of that type, or correct the type")
        });
    }
}

/// Reports a `const` that is not among the values of `enum`, which it replaces.
pub(crate) fn check_const(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    if let Some(constant) = map.get("const")
        && let Some(Value::Array(values)) = map.get("enum")
        && !values.contains(constant)
    {
        reporter.push(
            Diagnostic::warning(
                code::CONTRADICTORY_CONST,
                place.key("const").pointer(),
                "`const` is not among the values of `enum`; the `enum` is ignored",
            )
            .related(place.key("enum").pointer(), "the values")
            .help("remove one of them"),
        );
    }
}

/// Reports a `multipleOf` that is not positive (JSON Schema, section 6.2.1).
pub(crate) fn check_multiple_of(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    if let Some(Value::Number(number)) = map.get("multipleOf")
        && number.as_f64().is_some_and(|number| number <= 0.0)
    {
        reporter.push(
            Diagnostic::error(
                code::WRONG_TYPE,
                place.key("multipleOf").pointer(),
                format!("`multipleOf` has to be greater than 0, not `{number}`"),
            )
            .help("write the step between two values, such as `1` or `0.01`"),
        );
    }
}

/// Reports a branch of an `allOf` that allows no value, since then the whole allows none.
pub(crate) fn check_branches(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    let branches = map.get("allOf").and_then(Value::as_array);
    let mut branches = branches.into_iter().flatten();
    if let Some(index) = branches.position(|branch| *branch == Value::Bool(false)) {
        let all_of = place.key("allOf");
        reporter.push(
            Diagnostic::error(
                code::CONTRADICTORY_ALL_OF,
                all_of.index(index).pointer(),
                "a branch of the `allOf` allows no value, so the schema allows none",
            )
            .label("`false` allows no value")
            .help("remove the branch, or write the schema that is meant"),
        );
    }
}

/// Returns the keyword that excludes a value.
pub(crate) fn excluding_keyword(map: &Fields, value: &Value) -> Option<&'static str> {
    let (keyword, values) = match (map.get("const"), map.get("enum")) {
        (Some(constant), _) => ("const", std::slice::from_ref(constant)),
        (None, Some(Value::Array(values))) => ("enum", values.as_slice()),
        _ => ("enum", &[][..]),
    };
    let is_like = |other: &Value| std::mem::discriminant(other) == std::mem::discriminant(value);
    if !values.iter().any(|other| is_same(other, value)) && values.iter().any(is_like) {
        return Some(keyword);
    }
    let length = match value {
        Value::String(text) => Some((text.chars().count(), "minLength", "maxLength")),
        Value::Array(list) => Some((list.len(), "minItems", "maxItems")),
        Value::Object(map) => Some((map.len(), "minProperties", "maxProperties")),
        _ => None,
    };
    if let Some((length, least, most)) = length {
        let bound = |keyword: &str| map.get(keyword).and_then(Value::as_u64);
        let length = length as u64;
        if bound(least).is_some_and(|bound| length < bound) {
            return Some(least);
        }
        if bound(most).is_some_and(|bound| length > bound) {
            return Some(most);
        }
    }
    if let Value::Array(list) = value {
        let mut seen = HashSet::new();
        let is_unique = map.get("uniqueItems") == Some(&Value::Bool(true));
        if is_unique && !list.iter().all(|item| seen.insert(item.to_string())) {
            return Some("uniqueItems");
        }
    }
    let number = number(value)?;
    let sides = [Ordering::Less, Ordering::Greater];
    for (bound, side) in number_bounds(map).into_iter().zip(sides) {
        let Some(bound) = bound else { continue };
        let order = compare(&number, &bound.value);
        if order == Some(side) || order == Some(Ordering::Equal) && bound.exclusive {
            return Some(bound.keyword);
        }
    }
    let step = map.get("multipleOf").and_then(Value::as_i64)?;
    let whole = number.as_i64()?;
    (step > 0 && whole % step != 0).then_some("multipleOf")
}

fn is_same(one: &Value, other: &Value) -> bool {
    let equal = || compare(&number(one)?, &number(other)?);
    one == other || equal() == Some(Ordering::Equal)
}
