//! Bodies of messages that have none by definition.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Reports bodies of responses that have none by definition (RFC 9110, sections 15.2.2, 15.3.5,
/// 15.3.6 and 15.4.5).
pub(crate) fn check_bodiless_statuses(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    place: &Trail<'_>,
) {
    for (key, response) in map {
        let content = response.get("content").and_then(Value::as_object);
        let has_body = content.is_some_and(|content| !content.is_empty());
        if has_body && matches!(key.as_str(), "101" | "204" | "205" | "304") {
            reporter.warn(code::IGNORED_BODY, key, || {
                let here = place.key(key);
                let at = here.key("content").pointer().key();
                let message = format!("a {key} response has no body: its `content` has no effect");
                Diagnostic::warning(code::IGNORED_BODY, at, message)
                    .related(here.pointer().key(), "the status")
                    .help("remove `content`, or use a status that allows a body")
            });
        }
    }
}

/// Reports bodies of responses to HEAD (RFC 9110, section 9.3.2).
pub(crate) fn check_head(reporter: &mut Reporter<'_>, path_item: &Fields, place: &Trail<'_>) {
    let responses = path_item.get("head").and_then(|head| head.get("responses"));
    let here = place.key("head");
    let here = here.key("responses");
    let responses = responses.and_then(Value::as_object);
    for (status, response) in responses.into_iter().flatten() {
        let content = response.get("content").and_then(Value::as_object);
        if content.is_some_and(|content| !content.is_empty()) {
            reporter.warn(code::IGNORED_BODY, "head", || {
                let at = here.key(status);
                let at = at.key("content").pointer().key();
                let message = "a response to HEAD has no body: its `content` has no effect";
                Diagnostic::warning(code::IGNORED_BODY, at, message)
                    .related(place.key("head").pointer().key(), "the method")
                    .help("remove `content`")
            });
        }
    }
}
