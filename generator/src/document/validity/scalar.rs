//! Compares a value with `type`, `enum` and `const`, a number with its bounds, and a text with its
//! length.

use serde_json::{Number, Value};

use super::refusal::{Verdict, quoted, refuse, shown};
use crate::document::prepared_schema::PreparedSchema;
use crate::document::{Bound, SchemaType, SchemaView};
use crate::number::{compare, is_multiple};
use crate::pointer::Trail;

pub(super) fn has_type(schema: &PreparedSchema<'_>, value: &Value, at: &Trail<'_>) -> Verdict {
    let wanted = match schema.inferred_type {
        _ if schema.is_null => "null",
        Some(SchemaType::String) if !value.is_string() => "a string",
        Some(SchemaType::Number) if !value.is_number() => "a number",
        Some(SchemaType::Integer) if !is_integer(value) => "an integer",
        Some(SchemaType::Boolean) if !value.is_boolean() => "a boolean",
        Some(SchemaType::Array) if !value.is_array() => "an array",
        Some(SchemaType::Object) if !value.is_object() => "an object",
        _ => return Ok(()),
    };
    if wanted == "null" && value.is_null() {
        return Ok(());
    }
    refuse(
        at,
        &schema.view,
        "type",
        format!("{} is not {wanted}", shown(value)),
    )
}

pub(super) fn is_listed(schema: &PreparedSchema<'_>, value: &Value, at: &Trail<'_>) -> Verdict {
    let PreparedSchema { view, values, .. } = schema;
    if values.values().is_empty() || values.position(value).is_some() {
        return Ok(());
    }
    let shown = shown(value);
    match values.values() {
        [only] if view.is_constant() => {
            let reason = format!("{shown} is not {only}, the value of `const`");
            refuse(at, view, "const", reason)
        }
        _ => refuse(
            at,
            view,
            "enum",
            format!("{shown} is not among the values of `enum`"),
        ),
    }
}

pub(super) fn in_bounds(view: &SchemaView<'_>, number: &Number, at: &Trail<'_>) -> Verdict {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let beyond = |bound: &Bound, side| {
        let order = compare(number, &bound.value);
        order == Some(side) || order == Some(Equal) && bound.exclusive
    };
    let bounds = [
        (view.minimum(), Less, ["minimum", "exclusiveMinimum"]),
        (view.maximum(), Greater, ["maximum", "exclusiveMaximum"]),
    ];
    for (bound, side, [plain, exclusive]) in bounds {
        if let Some(bound) = bound.filter(|bound| beyond(bound, side)) {
            let keyword = if bound.exclusive { exclusive } else { plain };
            let reason = format!("{number} violates `{keyword}: {}`", bound.value);
            return refuse(at, view, keyword, reason);
        }
    }
    if let Some(step) = view.multiple_of().filter(|step| !is_multiple(number, step)) {
        return refuse(
            at,
            view,
            "multipleOf",
            format!("{number} is not a multiple of {step}"),
        );
    }
    Ok(())
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// Compares the length of a text with `minLength` and `maxLength`, in characters.
pub(super) fn length(view: &SchemaView<'_>, text: &str, at: &Trail<'_>) -> Verdict {
    let (least, most) = (view.min_length(), view.max_length());
    if least.is_none() && most.is_none() {
        return Ok(());
    }
    let length = text.chars().count();
    if let Some(least) = least.filter(|least| length < *least) {
        let reason = format!("{} is shorter than `minLength`, {least}", quoted(text));
        return refuse(at, view, "minLength", reason);
    }
    if let Some(most) = most.filter(|most| length > *most) {
        let reason = format!("{} is longer than `maxLength`, {most}", quoted(text));
        return refuse(at, view, "maxLength", reason);
    }
    Ok(())
}
