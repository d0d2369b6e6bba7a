//! The expected requests, directly from the document.
//!
//! The tests compare the client with these. They share no decisions with the code that generates
//! the client (`parameter.rs`, `body.rs`, `info.rs`), so that faults there fail a test.

use openapiv3::{
    APIKeyLocation, CookieStyle, Encoding, HeaderStyle, MediaType, Parameter,
    ParameterSchemaOrContent, PathStyle as ModelledPathStyle, QueryStyle as ModelledQueryStyle,
    RequestBody, SecurityScheme as Modelled,
};
use serde_json::Value as Json;

use crate::document::{Document, OperationEntry, Scheme, carried};
use crate::ir::{
    ArrayForm, FieldStyle, FormField, ParameterLocation, PathStyle, QueryStyle, Style,
};

/// Returns the serialization of a parameter (OpenAPI 3.1.1, section 4.8.12): by its `style` and
/// `explode`, which defaults to true only for `form`, or as JSON, if that is its `content`.
///
/// `arrays` is the user's option for arrays in `deepObject`.
pub(super) fn style(parameter: &Parameter, arrays: ArrayForm) -> Style {
    let data = parameter.parameter_data_ref();
    if let ParameterSchemaOrContent::Content(content) = &data.format
        && content.keys().next().is_some_and(|name| is_json(name))
    {
        return Style::Json(match parameter {
            Parameter::Path { .. } => ParameterLocation::Path,
            Parameter::Query { .. } => ParameterLocation::Query,
            Parameter::Header { .. } => ParameterLocation::Header,
            Parameter::Cookie { .. } => ParameterLocation::Cookie,
        });
    }
    let explode = |is_form| data.explode.unwrap_or(is_form);
    match parameter {
        Parameter::Path { style, .. } => Style::Path {
            style: match style {
                ModelledPathStyle::Simple => PathStyle::Simple,
                ModelledPathStyle::Label => PathStyle::Label,
                ModelledPathStyle::Matrix => PathStyle::Matrix,
            },
            explode: explode(false),
        },
        Parameter::Query {
            style,
            allow_reserved,
            ..
        } => Style::Query {
            style: query_style(style, arrays),
            explode: explode(*style == ModelledQueryStyle::Form),
            allow_reserved: *allow_reserved,
        },
        Parameter::Header {
            style: HeaderStyle::Simple,
            ..
        } => Style::Header {
            explode: explode(false),
        },
        Parameter::Cookie {
            style: CookieStyle::Form,
            ..
        } => Style::Cookie {
            explode: explode(true),
        },
    }
}

fn query_style(style: &ModelledQueryStyle, arrays: ArrayForm) -> QueryStyle {
    match style {
        ModelledQueryStyle::Form => QueryStyle::Form,
        ModelledQueryStyle::SpaceDelimited => QueryStyle::SpaceDelimited,
        ModelledQueryStyle::PipeDelimited => QueryStyle::PipeDelimited,
        ModelledQueryStyle::DeepObject => QueryStyle::DeepObject(arrays),
    }
}

/// Returns the serialization of form properties with an Encoding Object (OpenAPI 3.1.1, section
/// 4.8.15.1.2): `contentType` only applies without `style`, `explode` and `allowReserved`.
pub(super) fn fields(media_type: &MediaType, arrays: ArrayForm) -> Vec<FormField> {
    let encodings = media_type.encoding.iter();
    let fields = encodings.filter_map(|(name, encoding)| {
        let style = field_style(encoding, arrays)?;
        let name = name.clone();
        Some(FormField { name, style })
    });
    fields.collect()
}

fn field_style(encoding: &Encoding, arrays: ArrayForm) -> Option<FieldStyle> {
    let explode = carried(&encoding.extensions, "explode").and_then(Json::as_bool);
    if encoding.style.is_none() && explode.is_none() && !encoding.allow_reserved {
        let is_json = encoding.content_type.as_deref().is_some_and(is_json);
        return is_json.then_some(FieldStyle::Json);
    }
    let style = encoding.style.as_ref();
    let style = style.map_or(QueryStyle::Form, |style| query_style(style, arrays));
    Some(FieldStyle::Query {
        style,
        explode: explode.unwrap_or(style == QueryStyle::Form),
        allow_reserved: encoding.allow_reserved,
    })
}

/// Returns the media type of a request whose body is sent as `sent`: `sent` itself, if a key of the
/// body's `content` matches it, otherwise that of the first key.
///
/// A range is never sent (RFC 9110, section 8.3).
pub(super) fn media_type(body: &RequestBody, sent: &str) -> String {
    let is_documented = body.content.keys().any(|key| is_in(sent, key));
    if is_documented && !sent.contains('*') {
        return sent.to_owned();
    }
    let Some(first) = body.content.keys().next() else {
        return sent.to_owned();
    };
    if is_in("application/json", first) {
        return "application/json".to_owned();
    }
    first
        .replace("*/*", "application/*")
        .replace('*', "x-example")
}

/// Returns the expected `Accept` of an operation (RFC 9110, section 12.5.1): the one sent, if it is
/// valid, each entry matches a response, and it is not empty when a response has a body.
pub(super) fn accept(document: &Document, operation: &OperationEntry<'_>, sent: &str) -> String {
    let mut keys: Vec<&str> = Vec::new();
    // These responses have no body (RFC 9110, sections 9.3.2 and 15).
    let is_empty =
        |status: &str| matches!(status, "204" | "205" | "304") || status.starts_with('1');
    let responses = operation.responses().filter(|_| operation.method != "HEAD");
    for (_, at, node) in responses.filter(|(status, ..)| !is_empty(status)) {
        if let Some((response, _)) = document.resolve(node, at) {
            keys.extend(response.content.keys().map(String::as_str));
        }
    }
    let is_legal = |range: &str| {
        let essence = essence(range);
        let (_, subtype) = essence.split_once('/').unwrap_or_default();
        let is_range = subtype == "*" || !subtype.contains('*');
        is_range
            && keys
                .iter()
                .any(|key| is_in(range, key) || is_in(key, range))
    };
    let ranges = sent.split(", ").filter(|range| !range.is_empty());
    if ranges.clone().all(is_legal) && (ranges.count() > 0 || keys.is_empty()) {
        return sent.to_owned();
    }
    keys.join(", ")
}

/// Returns `true` if a media type equals another one or matches a range, ignoring parameters.
fn is_in(media_type: &str, range: &str) -> bool {
    let (media_type, range) = (essence(media_type), essence(range));
    let Some((kind, subtype)) = media_type.split_once('/') else {
        return media_type == range;
    };
    match range.split_once('/') {
        Some((_, "*")) if range == "*/*" => true,
        Some((of, "*")) => of == kind,
        // Any JSON type may be sent as JSON (RFC 6839, section 3.1).
        Some((of, rest)) if rest.starts_with("*+") => {
            let suffix = rest.trim_start_matches("*+");
            of == kind && (subtype == suffix || subtype.ends_with(&format!("+{suffix}")))
        }
        _ => media_type == range,
    }
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let subtype = essence.split('/').next_back().unwrap_or_default();
    subtype == "json" || subtype.ends_with("+json")
}

/// The place of a credential in a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Carrier<'d> {
    /// The `Authorization` header with this scheme.
    Authorization(&'d str),
    Header(&'d str),
    Query(&'d str),
    Cookie(&'d str),
    /// The connection.
    Connection,
}

/// Returns the place of a security scheme's credential (OpenAPI 3.1.1, section 4.8.27).
pub(super) fn carrier<'d>(document: &'d Document, name: &str) -> Option<Carrier<'d>> {
    Some(match document.security_scheme(name)? {
        Scheme::MutualTls { .. } => Carrier::Connection,
        Scheme::Modelled(Modelled::APIKey { location, name, .. }) => match location {
            APIKeyLocation::Query => Carrier::Query(name),
            APIKeyLocation::Header => Carrier::Header(name),
            APIKeyLocation::Cookie => Carrier::Cookie(name),
        },
        Scheme::Modelled(Modelled::HTTP { scheme, .. }) => {
            match scheme.to_ascii_lowercase().as_str() {
                "bearer" => Carrier::Authorization("Bearer"),
                "basic" => Carrier::Authorization("Basic"),
                _ => Carrier::Authorization(scheme),
            }
        }
        Scheme::Modelled(Modelled::OAuth2 { .. } | Modelled::OpenIDConnect { .. }) => {
            Carrier::Authorization("Bearer")
        }
    })
}

/// Returns the names of the security schemes that an operation requires: those of the first
/// alternative that is not empty (OpenAPI 3.1.1, section 4.8.30).
pub(super) fn asked<'d>(document: &'d Document, operation: &OperationEntry<'d>) -> Vec<&'d str> {
    let own = operation.operation.security.as_ref();
    let alternatives = own.or(document.api().security.as_ref());
    let mut alternatives = alternatives.into_iter().flatten();
    let first = alternatives.find(|alternative| !alternative.is_empty());
    let names = first.into_iter().flat_map(|alternative| alternative.keys());
    names.map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_never_sent() {
        let body = |keys: &[&str]| RequestBody {
            content: keys
                .iter()
                .map(|key| ((*key).to_owned(), MediaType::default()))
                .collect(),
            ..RequestBody::default()
        };
        for (keys, sent, expected) in [
            (
                &["application/json"][..],
                "application/json",
                "application/json",
            ),
            (
                &["application/*+json"],
                "application/*+json",
                "application/json",
            ),
            (
                &["application/*+json"],
                "application/hal+json",
                "application/hal+json",
            ),
            (&["*/*"], "text/plain", "text/plain"),
            (
                &["text/json", "application/*+json"],
                "text/json",
                "text/json",
            ),
            (&["image/*"], "image/*", "image/x-example"),
            (&["application/xml"], "application/json", "application/xml"),
            (
                &["multipart/form-data"],
                "multipart/form-data; boundary=boundary",
                "multipart/form-data; boundary=boundary",
            ),
        ] {
            assert_eq!(media_type(&body(keys), sent), expected, "{keys:?}");
        }
    }
}
