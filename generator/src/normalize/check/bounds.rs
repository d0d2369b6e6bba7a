//! Limits of schemas: `minimum`, `maxLength` and so on.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::with_version;
use crate::normalize::reporter::Reporter;
use crate::number::{Bound, number};
use crate::pointer::Trail;
use crate::spec::{Fields, Version};

fn is_bound(key: &str) -> bool {
    ["min", "max", "exclusive"]
        .iter()
        .any(|start| key.starts_with(start))
}

/// Returns the lower and the upper bound of numbers.
pub(crate) fn number_bounds(map: &Fields) -> [Option<Bound>; 2] {
    let [minimum, exclusive_minimum] = ["minimum", "exclusiveMinimum"].map(|key| map.get(key));
    let [maximum, exclusive_maximum] = ["maximum", "exclusiveMaximum"].map(|key| map.get(key));
    [
        Bound::lower(minimum, exclusive_minimum),
        Bound::upper(maximum, exclusive_maximum),
    ]
}

/// Returns the limits on a count.
fn count_bounds(map: &Fields, [least, most]: [&'static str; 2]) -> [Option<Bound>; 2] {
    [least, most].map(|keyword| {
        let value = map.get(keyword).and_then(number)?;
        Some(Bound {
            value,
            exclusive: false,
            keyword,
        })
    })
}

/// Reports bounds that exclude all values (JSON Schema, section 6), by their keywords as written.
pub(crate) fn check_bounds(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    // Most schemas have at most one bound.
    if map.keys().filter(|key| is_bound(key)).nth(1).is_none() {
        return;
    }
    for (limits, noun) in [
        (number_bounds(map), "number"),
        (count_bounds(map, ["minLength", "maxLength"]), "text"),
        (count_bounds(map, ["minItems", "maxItems"]), "array"),
        (
            count_bounds(map, ["minProperties", "maxProperties"]),
            "object",
        ),
        (count_bounds(map, ["minContains", "maxContains"]), "array"),
    ] {
        let [Some(low), Some(high)] = limits else {
            continue;
        };
        if low.excludes_all_to(&high) {
            let shown = |end: &Bound| {
                let value = map.get(end.keyword);
                value.map(Value::to_string).unwrap_or_default()
            };
            let message = format!(
                "no {noun} satisfies both `{}: {}` and `{}: {}`",
                low.keyword,
                shown(&low),
                high.keyword,
                shown(&high),
            );
            reporter.push(
                Diagnostic::error(
                    code::CONTRADICTORY_SCHEMA,
                    place.key(low.keyword).pointer(),
                    message,
                )
                .related(place.key(high.keyword).pointer(), "the other bound")
                .help("write the smaller one as the lower bound"),
            );
        }
    }
}

/// Reports `exclusiveMinimum` and `exclusiveMaximum` in the form of another version.
pub(crate) fn check_exclusive_bounds(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    for (keyword, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let here = place.key(keyword);
        match map.get(keyword) {
            Some(Value::Bool(true)) if !map.contains_key(bound) => {
                reporter.warn(code::IGNORED_KEYWORD, keyword, || {
                    let message = format!("`{keyword}: true` has no effect without `{bound}`");
                    Diagnostic::warning(code::IGNORED_KEYWORD, here.pointer().key(), message)
                        .help(format!("add `{bound}`, or write the bound in `{keyword}`"))
                });
            }
            Some(Value::Bool(flag)) if reporter.version > Version::V3_0 => {
                reporter.warn(code::OUTDATED_KEYWORD, keyword, || {
                    let message = format!(
                        "`{keyword}` is a boolean in OpenAPI 3.0 only; it is read as in OpenAPI 3.0"
                    );
                    let warning =
                        Diagnostic::warning(code::OUTDATED_KEYWORD, here.pointer().key(), message);
                    match (flag, map.get(bound)) {
                        (true, Some(value)) => warning
                            .related(place.key(bound).pointer().key(), "its bound")
                            .help(format!("write `{keyword}: {value}` in place of both")),
                        _ => warning.help("remove it"),
                    }
                });
            }
            Some(Value::Number(value)) if reporter.version == Version::V3_0 => {
                reporter.warn(code::NEWER_KEYWORD, keyword, || {
                    let message = format!(
                        "`{keyword}` is a boolean in OpenAPI 3.0; it is read as in OpenAPI 3.1"
                    );
                    let at = here.pointer().key();
                    with_version(Diagnostic::warning(code::NEWER_KEYWORD, at, message))
                        .help(format!("write `{bound}: {value}` and `{keyword}: true`"))
                });
            }
            _ => {}
        }
    }
}
