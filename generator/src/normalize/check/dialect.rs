//! The dialect of JSON Schema.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Returns true for dialects of JSON Schema whose keywords have the meaning assumed here.
fn is_known_dialect(dialect: &str) -> bool {
    let dialect = dialect.trim_end_matches('#').trim_end_matches('/');
    let path = dialect
        .strip_prefix("https://")
        .or_else(|| dialect.strip_prefix("http://"));
    let Some(path) = path else { return false };
    path.starts_with("spec.openapis.org/oas/3.")
        || [
            "json-schema.org/schema",
            "json-schema.org/draft/2020-12/schema",
            "json-schema.org/draft/2019-09/schema",
            "json-schema.org/draft-07/schema",
            "json-schema.org/draft-06/schema",
            "json-schema.org/draft-05/schema",
            "json-schema.org/draft-04/schema",
        ]
        .contains(&path)
}

/// Warns about a dialect whose keywords may have another meaning.
pub(crate) fn check_dialect(
    reporter: &mut Reporter<'_>,
    map: &Fields,
    keyword: &str,
    place: &Trail<'_>,
) {
    let Some(Value::String(dialect)) = map.get(keyword) else {
        return;
    };
    if is_known_dialect(dialect) {
        return;
    }
    reporter.warn(code::UNKNOWN_DIALECT, dialect, || {
        let message =
            format!("the dialect `{dialect}` is unknown; it is read as JSON Schema 2020-12");
        Diagnostic::warning(code::UNKNOWN_DIALECT, place.key(keyword).pointer(), message)
            .help("write `https://json-schema.org/draft/2020-12/schema`, or remove it")
    });
}
