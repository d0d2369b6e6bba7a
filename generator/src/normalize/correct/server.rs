//! The URLs and variables of servers.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::check::server::redacted;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Corrects URLs with surrounding spaces and with the `${region}` of template strings.
pub(crate) fn correct_url(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let here = place.key("url");
    let Some(Value::String(url)) = map.get_mut("url") else {
        return;
    };
    let meant = url.trim().replace("${", "{");
    if meant != *url && !reporter.is_strict() {
        let fault = if url.contains("${") {
            "has `${` instead of `{`"
        } else {
            "has spaces around it"
        };
        let (written, shown) = (redacted(url), redacted(&meant));
        let message = format!("the server `{written}` {fault}; it is read as `{shown}`");
        reporter.warn_value_correction(&here, message, format!("write `{shown}`"));
        *url = meant;
    }
}

/// Removes an `enum` without values.
pub(crate) fn remove_empty_enum(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if map.get("enum") != Some(&Value::Array(Vec::new())) {
        return;
    }
    let name = place.last().unwrap_or_default();
    let message = format!("`enum` of the server variable `{name}` is empty and is ignored");
    reporter.push(
        Diagnostic::warning(code::EMPTY_LIST, place.key("enum").pointer().key(), message)
            .help("list the values, or remove it"),
    );
    map.shift_remove("enum");
}
