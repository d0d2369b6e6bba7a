//! What a request has to be, straight from the document.
//!
//! The tests compare the client with this. It shares no decision with the code that the client is
//! made from (`parameter.rs`, `body.rs`, `info.rs`): what is wrong there has to make a test fail.

use openapiv3::{
    APIKeyLocation, CookieStyle, Encoding, HeaderStyle, MediaType, Parameter,
    ParameterSchemaOrContent, PathStyle as ModelledPathStyle, QueryStyle as ModelledQueryStyle,
    RequestBody, SecurityScheme as Modelled,
};
use serde_json::Value as Json;

use crate::document::{Document, OperationEntry, Scheme, carried};
use crate::ir::{ArrayForm, FieldStyle, FormField, PathStyle, Place, QueryStyle, Style};

/// Returns how a parameter is written (OpenAPI 3.1.1, section 4.8.12): by its `style` and
/// `explode`, whose default is true for `form` alone; or as JSON, where its `content` is that.
///
/// `arrays` is how the user has `deepObject` write arrays.
pub(super) fn style(parameter: &Parameter, arrays: ArrayForm) -> Style {
    let data = parameter.parameter_data_ref();
    if let ParameterSchemaOrContent::Content(content) = &data.format
        && content.keys().next().is_some_and(|name| is_json(name))
    {
        return Style::Json(match parameter {
            Parameter::Path { .. } => Place::Path,
            Parameter::Query { .. } => Place::Query,
            Parameter::Header { .. } => Place::Header,
            Parameter::Cookie { .. } => Place::Cookie,
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

/// Returns how the properties of a form are written that have an Encoding Object (OpenAPI 3.1.1,
/// section 4.8.15.1.2): `contentType` counts only without `style`, `explode` and `allowReserved`.
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

/// Returns the media type of a request whose body is sent as another one: that one, if a key of the
/// body's `content` is it or is a range that it is in; else what the first key means.
///
/// A range itself is never sent (RFC 9110, section 8.3).
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

/// Returns the `Accept` of an operation (RFC 9110, section 12.5.1): the one that is sent, if all of
/// it is legal and some response has it, and there is something where a response has a body.
pub(super) fn accept(document: &Document, operation: &OperationEntry<'_>, sent: &str) -> String {
    let mut keys: Vec<&str> = Vec::new();
    // These have no body (RFC 9110, sections 9.3.2 and 15).
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

/// Whether a media type is another one, or in a range; the parameters aside.
fn is_in(media_type: &str, range: &str) -> bool {
    let (media_type, range) = (essence(media_type), essence(range));
    let Some((kind, subtype)) = media_type.split_once('/') else {
        return media_type == range;
    };
    match range.split_once('/') {
        Some((_, "*")) if range == "*/*" => true,
        Some((of, "*")) => of == kind,
        // Any type of JSON may be sent as JSON (RFC 6839, section 3.1).
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

/// Where a credential is in a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Carrier<'d> {
    /// The header `Authorization`, with this scheme.
    Authorization(&'d str),
    Header(&'d str),
    Query(&'d str),
    Cookie(&'d str),
    /// The connection.
    Connection,
}

/// Returns where the credential of a security scheme is (OpenAPI 3.1.1, section 4.8.27).
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

/// Returns the names of the security schemes that an operation asks for: those of the first
/// alternative with any (OpenAPI 3.1.1, section 4.8.30).
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
