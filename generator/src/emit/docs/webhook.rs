//! The docs of `src/webhooks.rs`.

use super::escape::code;
use super::{Doc, first_line};
use crate::ident::TypeName;
use crate::ir::{Parameter, ParameterLocation, ResponseCase, Status, Style, Webhook};

/// Returns the docs of the module.
pub(in crate::emit) fn module() -> Doc {
    Doc::from(
        "The webhooks of the document: requests that the API sends to you. This module has the types of these requests and of your responses; receiving them is up to your server.",
    )
}

/// Returns the docs of the type of a request.
pub(in crate::emit) fn request(webhook: &Webhook) -> Doc {
    let Webhook {
        wire_name,
        http_method,
        url,
        docs,
        parameters,
        body,
        answer_type,
        ..
    } = webhook;
    let mut doc = Doc::of_item(docs);
    let (name, method) = (code(wire_name), code(http_method));
    doc.paragraph(match url {
        None => format!("The webhook {name}, which the API sends by {method}."),
        Some(url) => format!(
            "The callback {name}, which the API sends to {} by {method}.",
            code(url)
        ),
    });
    if let Some(words) = body
        .as_ref()
        .and_then(|body| first_line(body.docs.description.as_ref()?))
    {
        doc.paragraph(format!("The body: {words}"));
    }
    if parameters.is_empty() && body.as_ref().is_some_and(|body| !body.required) {
        doc.paragraph("The body is optional.");
    }
    if let Some(answer) = answer_type {
        doc.paragraph(format!("The response is [`{answer}`]."));
    }
    doc
}

/// Returns the docs of the type of a request's body.
pub(in crate::emit) fn body(request: &TypeName) -> Doc {
    Doc::from(format!("The body of [`{request}`], by its media type."))
}

/// Returns the docs of the field of a parameter.
pub(in crate::emit) fn parameter(parameter: &Parameter) -> Doc {
    let place = match &parameter.style {
        Style::Path { .. } | Style::Json(ParameterLocation::Path) => "In the path",
        Style::Query { .. } | Style::Json(ParameterLocation::Query) => "In the query",
        Style::Header { .. } | Style::Json(ParameterLocation::Header) => "In the header",
        Style::Cookie { .. } | Style::Json(ParameterLocation::Cookie) => "In the cookie",
    };
    Doc::of_item(&parameter.docs).headed(&format!("{place} {}", code(&parameter.name.wire)))
}

/// Returns the docs of the type of the responses to a request.
pub(in crate::emit) fn responses(request: &TypeName) -> Doc {
    Doc::from(format!("The responses to [`{request}`]."))
}

/// Returns the docs of a response with these media types.
pub(in crate::emit) fn response(case: &ResponseCase, media_types: &[&str]) -> Doc {
    let mut head = match case.status {
        Status::Code(code) => code.to_string(),
        Status::Range(digit) => format!("{digit}XX, with the exact code"),
        Status::Default => "Any other status code".to_owned(),
    };
    for media_type in media_types {
        head.push_str(", ");
        head.push_str(&code(media_type));
    }
    let mut doc = Doc::of_item(&case.docs).headed(&head);
    let headers = case.headers.iter();
    let headers: Vec<String> = headers.map(|header| code(&header.name.wire)).collect();
    if !headers.is_empty() {
        doc.paragraph(format!("With the headers {}.", headers.join(", ")));
    }
    doc
}
