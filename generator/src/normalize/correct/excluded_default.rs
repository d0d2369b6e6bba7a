//! Defaults that the schema excludes.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::check::values::excluding_keyword;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Removes a default that other keywords exclude (wire rule 2). A default of another type is left
/// to `lower`, which knows the generated type.
pub(crate) fn remove_excluded_default(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    let Some(default) = map.get("default").filter(|default| !default.is_null()) else {
        return;
    };
    let Some(keyword) = excluding_keyword(map, default) else {
        return;
    };
    let shown = |keyword: &str| match map.get(keyword) {
        Some(bound) => format!("`{keyword}: {bound}`"),
        None => format!("`{keyword}`"),
    };
    let message = match keyword {
        "enum" => format!("the default {default} is not among the values of `enum`"),
        "const" => format!("the default {default} is not the value of `const`"),
        "uniqueItems" => format!("the default {default} has a duplicate item"),
        "multipleOf" => {
            let step = map.get(keyword).unwrap_or(&Value::Null);
            format!("the default {default} is not a multiple of {step}")
        }
        _ => format!("the default {default} violates {}", shown(keyword)),
    };
    let at = place.key("default").pointer();
    reporter.push(
        Diagnostic::warning(code::DEFAULT_REFUSED, at, message)
            .label("not used")
            .related(place.key(keyword).pointer().key(), "excludes it")
            .help("use a value that the schema allows"),
    );
    map.shift_remove("default");
}
