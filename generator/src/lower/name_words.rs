//! The texts from which names are derived.

use crate::document::OperationEntry;
use crate::ident::{FieldName, MethodName};

/// Returns the name of an operation: its `operationId`, or its method and path.
pub(crate) fn operation(entry: &OperationEntry<'_>, path: &str) -> String {
    let id = entry.operation.operation_id.as_ref();
    let id = id.filter(|id| !id.trim().is_empty());
    id.map_or_else(|| unnamed_operation(entry.method, path), Clone::clone)
}

/// Returns `default_` and the field's name.
pub(super) fn default_function(field: &FieldName) -> MethodName {
    MethodName::new(&format!(
        "default_{}",
        field.as_str().trim_start_matches("r#")
    ))
}

/// Returns the name of an operation without `operationId`: `GET /pets/{id}` is `get_pets_by_id`.
pub(super) fn unnamed_operation(method: &str, path: &str) -> String {
    let mut words = vec![method.to_lowercase()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(parameter) => words.push(format!("by {parameter}")),
            None => words.push(segment.to_owned()),
        }
    }
    words.join(" ")
}

/// Returns the name of a list's item: `grant_types` has the item `grant_type`.
///
/// Appends `item` to a word that is not a plural.
pub(crate) fn singular(text: &str) -> String {
    let keeps_s = ["ss", "us", "is"].iter().any(|end| text.ends_with(end));
    if let Some(stem) = text.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        format!("{stem}y")
    } else if let Some(stem) = ["sses", "shes", "ches", "xes"].iter().find_map(|end| {
        let stem = text.strip_suffix("es")?;
        text.ends_with(end).then_some(stem)
    }) {
        stem.to_owned()
    } else if let Some(stem) = text
        .strip_suffix('s')
        .filter(|stem| !keeps_s && stem.len() > 1)
    {
        stem.to_owned()
    } else {
        format!("{text} item")
    }
}

/// Returns the name of the variant for a status: its reason phrase (RFC 9110, section 15).
pub(super) fn status(code: u16) -> String {
    let phrase = match code {
        100 => "Continue",
        101 => "SwitchingProtocols",
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritativeInformation",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        207 => "MultiStatus",
        300 => "MultipleChoices",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        304 => "NotModified",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        407 => "ProxyAuthenticationRequired",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        414 => "UriTooLong",
        415 => "UnsupportedMediaType",
        416 => "RangeNotSatisfiable",
        417 => "ExpectationFailed",
        421 => "MisdirectedRequest",
        422 => "UnprocessableContent",
        423 => "Locked",
        424 => "FailedDependency",
        425 => "TooEarly",
        426 => "UpgradeRequired",
        428 => "PreconditionRequired",
        429 => "TooManyRequests",
        431 => "RequestHeaderFieldsTooLarge",
        451 => "UnavailableForLegalReasons",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => return format!("Status{code}"),
    };
    phrase.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_called_by_the_singular_of_its_list() {
        for (plural, one) in [
            ("grant_types", "grant_type"),
            ("policies", "policy"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status item"),
            ("data", "data item"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }

    #[test]
    fn an_operation_without_a_name_is_called_by_method_and_path() {
        assert_eq!(
            MethodName::new(&unnamed_operation("GET", "/pets/{id}/toys")).as_str(),
            "get_pets_by_id_toys"
        );
    }
}
