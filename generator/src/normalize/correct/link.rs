//! The target and the parameters of links.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Makes a link refer to one operation.
pub(crate) fn correct_target(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    match (
        map.contains_key("operationRef"),
        map.contains_key("operationId"),
    ) {
        (false, false) => {
            let message = "a link has neither `operationId` nor `operationRef` and has no effect";
            reporter.warn_correction("link", place, message, "add `operationId`");
            map.insert("operationId".to_owned(), Value::from(""));
        }
        (true, true) => {
            reporter.warn(code::COERCED, "both ways of a link", || {
                let message =
                    "a link has both `operationId` and `operationRef`: `operationRef` is ignored";
                let at = place.key("operationRef").pointer().key();
                Diagnostic::warning(code::COERCED, at, message)
                    .related(place.key("operationId").pointer().key(), "the other one")
                    .help("remove one of them")
            });
            map.shift_remove("operationRef");
        }
        _ => {}
    }
}

/// Removes parameters without a value, and reports parameters of another type.
pub(crate) fn correct_parameters(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    match map.get("parameters") {
        Some(Value::Null) => {
            map.shift_remove("parameters");
        }
        Some(value) if !value.is_object() => {
            reporter.wrong_type(value, "an object", &place.key("parameters"));
        }
        _ => {}
    }
}
