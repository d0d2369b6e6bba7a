//! The root of a document.

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::with_version;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::{Fields, Version};

/// Reports `webhooks` in a version that does not have it.
pub(crate) fn check_webhooks(reporter: &mut Reporter<'_>, map: &Fields, place: &Trail<'_>) {
    if reporter.version == Version::V3_0 && map.contains_key("webhooks") {
        reporter.warn(code::NEWER_KEYWORD, "webhooks", || {
            let message = "`webhooks` does not exist in OpenAPI 3.0; it is read as in OpenAPI 3.1";
            let at = place.key("webhooks").pointer().key();
            with_version(Diagnostic::warning(code::NEWER_KEYWORD, at, message))
                .help("write `openapi: 3.1.0` if that is meant")
        });
    }
}
