//! Changes what `openapiv3` requires, or reads only from an extension.

use serde_json::Value;

use crate::internal_extensions::PREFIX;
use crate::spec::Fields;

/// Carries the `mutualTLS` schemes of components, which `openapiv3` does not model.
pub(crate) fn carry_mutual_tls(map: &mut Fields) {
    let Some(Value::Object(schemes)) = map.get_mut("securitySchemes") else {
        return;
    };
    let is_mutual =
        |scheme: &Value| scheme.get("type").and_then(Value::as_str) == Some("mutualTLS");
    if !schemes.values().any(is_mutual) {
        return;
    }
    let (mutual, others) = std::mem::take(schemes)
        .into_iter()
        .partition::<Fields, _>(|(_, scheme)| is_mutual(scheme));
    *schemes = others;
    map.insert(format!("{PREFIX}securitySchemes"), Value::Object(mutual));
}

/// Records the `explode` of an encoding. `openapiv3` reads an absent one as `false`, but the default
/// depends on the style.
pub(crate) fn carry_explode(map: &mut Fields) {
    if let Some(explode) = map.get("explode").cloned() {
        map.insert(format!("{PREFIX}explode"), explode);
    }
}

/// Carries the `style: cookie` of OpenAPI 3.2, and fields that `openapiv3` has for queries only.
pub(crate) fn carry_parameter_fields(map: &mut Fields) {
    let Some(location) = map.get("in").and_then(Value::as_str) else {
        return;
    };
    let is_cookie_style = map.get("style").and_then(Value::as_str) == Some("cookie");
    let style = (location == "cookie" && is_cookie_style).then_some("style");
    let is_query = location == "query";
    let others = ["allowReserved", "allowEmptyValue"];
    let others = others.into_iter().filter(|_| !is_query);
    for key in style.into_iter().chain(others) {
        if let Some(value) = map.shift_remove(key) {
            map.insert(format!("{PREFIX}{key}"), value);
        }
    }
}

/// Adds a `description` to a response. It is required until OpenAPI 3.1, but nothing on the wire
/// depends on it.
pub(crate) fn add_description(map: &mut Fields) {
    map.entry("description").or_insert_with(|| Value::from(""));
}
