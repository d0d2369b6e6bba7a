//! The types of security schemes, the locations of API keys, and scopes.

use serde_json::{Value, json};

use super::text::convert_to_text;
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::normalize::check::security::SCHEMES;
use crate::normalize::messages::json_type;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// Corrects the type of a scheme. Returns `None` if the type is missing or unknown, or `basic`.
pub(crate) fn correct_type(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) -> Option<&'static str> {
    convert_to_text(map, "type");
    convert_to_text(map, "in");
    let written = map.get("type")?.as_str()?.to_owned();
    if written.eq_ignore_ascii_case("basic") {
        let message = "security schemes have no type `basic`; it is read as `type: http` with `scheme: basic`";
        reporter.warn_value_correction(
            &place.key("type"),
            message.to_owned(),
            "write `type: http` and `scheme: basic`",
        );
        map.insert("type".to_owned(), Value::from("http"));
        map.insert("scheme".to_owned(), Value::from("basic"));
        return None;
    }
    let mut types = SCHEMES.iter().map(|(known, _)| *known);
    let known = types.find(|known| known.eq_ignore_ascii_case(&written));
    let Some(known) = known else {
        report_unknown_type(reporter, &written, place);
        return None;
    };
    if written != known {
        let message =
            format!("security schemes have no type `{written}`; it is read as `type: {known}`");
        let help = format!("write `type: {known}`");
        reporter.warn_value_correction(&place.key("type"), message, help);
        map.insert("type".to_owned(), Value::from(known));
    }
    Some(known)
}

fn report_unknown_type(reporter: &mut Reporter<'_>, written: &str, place: &Trail<'_>) {
    let name = place.last().unwrap_or_default();
    let error = Diagnostic::error(
        code::INCOMPLETE_SECURITY_SCHEME,
        place.key("type").pointer(),
        format!("security scheme `{name}` has the unknown type `{written}`"),
    );
    let types = SCHEMES.iter().map(|(known, _)| *known);
    reporter.push(error.help(match nearest(written, types) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "write `apiKey`, `http`, `mutualTLS`, `oauth2` or `openIdConnect`".to_owned(),
    }));
}

/// Writes the location of an API key in lower case, and reports an unknown one.
pub(crate) fn correct_key_location(
    reporter: &mut Reporter<'_>,
    map: &mut Fields,
    place: &Trail<'_>,
) {
    let here = place.key("in");
    let Some(Value::String(location)) = map.get_mut("in") else {
        return;
    };
    let lower = location.to_ascii_lowercase();
    if !matches!(lower.as_str(), "query" | "header" | "cookie") {
        let message = format!("an API key cannot be in `{location}`");
        reporter.push(
            Diagnostic::error(code::UNKNOWN_LOCATION, here.pointer(), message)
                .help("write `query`, `header` or `cookie`"),
        );
    } else if *location != lower {
        let message = format!("`in: {location}` is not in lower case; it is read as `in: {lower}`");
        reporter.warn_value_correction(&here, message, format!("write `in: {lower}`"));
        *location = lower;
    }
}

/// Reads `null` as an empty list of scopes. The names in `security` are free, so misspelled fields
/// cannot be detected.
pub(crate) fn correct_scopes(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    for (name, value) in map.iter_mut() {
        if value.is_null() || *value == json!({}) {
            let found = json_type(value);
            let message = format!(
                "the scopes of `{name}` have to be a list, not {found}; they are read as empty"
            );
            reporter.warn_correction("scopes of null", &place.key(name), message, "write `[]`");
            *value = Value::Array(Vec::new());
        }
    }
}
