//! The keys of responses.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::error_at_key;
use crate::normalize::reporter::Reporter;
use crate::normalize::status::is_status;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Removes interim responses, which the transport handles (RFC 9110, section 15.2). Only a switch
/// of protocols is a final response.
pub(crate) fn remove_interim_responses(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    let is_interim = |key: &str| {
        let key = key.trim();
        key.len() == 3 && key.starts_with('1') && key != "101"
    };
    let keys: Vec<String> = map.keys().filter(|key| is_interim(key)).cloned().collect();
    for key in keys {
        reporter.warn(code::IGNORED_RESPONSE, &key, || {
            let at = place.key(&key).pointer().key();
            let message = format!("a {key} response is not final: clients do not return it");
            Diagnostic::warning(code::IGNORED_RESPONSE, at, message)
                .help("describe only the final response")
        });
        map.shift_remove(&key);
    }
}

/// Rewrites the keys of responses: ranges are written in upper case (OpenAPI 3.1, section 4.8.16).
pub(crate) fn correct_statuses(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if !map.keys().any(|key| is_misspelled(key)) {
        return;
    }
    let mut written: HashMap<String, String> = HashMap::new();
    for (key, value) in std::mem::take(map) {
        let meant_key = if is_misspelled(&key) {
            correct_status(&key)
        } else {
            key.clone()
        };
        let here = place.key(&key);
        if let Some(first) = written.get(&meant_key) {
            reporter.push(
                error_at_key(
                    &here,
                    code::INVALID_STATUS_CODE,
                    format!("response `{meant_key}` is defined twice"),
                )
                .related(place.key(first).pointer().key(), "first written here")
                .help("merge the two: names are case-insensitive"),
            );
        } else if meant_key != key {
            let message = format!("`{key}` is not a key of responses; it is read as `{meant_key}`");
            reporter.warn_correction(&key, &here, message, format!("write `{meant_key}`"));
        }
        written.entry(meant_key.clone()).or_insert(key);
        map.insert(meant_key, value);
    }
}

/// Returns a key of responses in its usual spelling.
fn correct_status(key: &str) -> String {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        "default".to_owned()
    } else {
        key.to_ascii_uppercase()
    }
}

fn is_misspelled(key: &str) -> bool {
    let meant = correct_status(key);
    meant != key && !key.starts_with("x-") && (meant == "default" || is_status(&meant))
}
