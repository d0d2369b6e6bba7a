//! The expected `Accept` header.

use crate::ir::Operation;
use crate::lower::{is_json, is_range, preference};

/// Returns the media types of all documented responses for `Accept` (RFC 9110, section 12.5.1):
/// those of successes, JSON first, then those of failures, then ranges.
pub(super) fn accepted(operation: &Operation) -> String {
    let mut groups: [Vec<&str>; 5] = Default::default();
    for (first, outcome) in [(0, &operation.success), (2, &operation.failure)] {
        let bodies = outcome.cases.iter().flat_map(|case| &case.bodies);
        for media_type in bodies.flat_map(|body| &body.media_types) {
            let media_type = accepted_as(media_type);
            let group = match (is_range(media_type), is_json(media_type)) {
                (true, _) => 4,
                (false, true) => first,
                (false, false) => first + 1,
            };
            let is_known = groups.iter().flatten().any(|known| *known == media_type);
            if let Some(group) = groups.get_mut(group).filter(|_| !is_known) {
                group.push(media_type);
            }
        }
    }
    for group in &mut groups {
        group.sort_by_key(|media_type| preference(media_type));
    }
    groups.concat().join(", ")
}

/// Returns a range for `Accept`: HTTP has no ranges of subtypes.
fn accepted_as(media_type: &str) -> &str {
    let essence = media_type.split(';').next().unwrap_or_default();
    match essence.trim().split_once('/') {
        Some((_, subtype)) if subtype == "*" || !subtype.contains('*') => media_type,
        Some((_, subtype)) if subtype.ends_with("+json") => "application/json",
        Some((_, subtype)) if subtype.ends_with("+xml") => "application/xml",
        Some(("application", _)) => "application/*",
        _ => "*/*",
    }
}
