//! The docs of operations, their requests and their responses.

use super::escape::code;
use super::{Doc, first_line};
use crate::emit::scope::plain;
use crate::ir::{Docs, Link, Operation, Outcome, ResponseCase, ResponseCodec, Status, Webhook};

/// The methods of a request beside `send`.
pub(in crate::emit) struct Methods {
    pub(in crate::emit) pages: bool,
    pub(in crate::emit) items: bool,
    pub(in crate::emit) stream: bool,
}

/// Returns the docs of the client's method.
pub(in crate::emit) fn method(operation: &Operation, methods: &Methods) -> Doc {
    let mut doc = Doc::of_item(&operation.docs);
    doc.append(returns(operation));
    if !operation.callbacks.is_empty() {
        doc.paragraph("The API may then send:");
        doc.lines(operation.callbacks.iter().map(callback_line));
    }
    if !operation.links.is_empty() {
        doc.paragraph("Links of its responses:");
        doc.lines(operation.links.iter().map(link_line));
    }
    if methods.items {
        doc.paragraph("`.items()` gets all items, page by page, and `.pages()` all pages.");
    } else if methods.pages {
        doc.paragraph("`.pages()` gets all pages.");
    }
    let mut bodies = operation.success.cases.iter().flat_map(|case| &case.bodies);
    if bodies.any(|body| body.codec == ResponseCodec::Bytes) {
        doc.paragraph(
            "With the feature `download`, `.download()` reads the bytes as they arrive, and can save them to a file.",
        );
    }
    if methods.stream {
        doc.paragraph("`.stream()` gets the items of its stream as they arrive.");
    }
    doc
}

/// Returns the method and the path of an operation.
fn endpoint(operation: &Operation) -> String {
    code(&format!("{} {}", operation.http_method, operation.path))
}

/// Returns the docs of successes without an enum, whose variants would have them.
///
/// Leaves out descriptions that repeat the status, such as `OK`.
fn returns(operation: &Operation) -> Doc {
    let endpoint = endpoint(operation);
    let Outcome { enum_name, cases } = &operation.success;
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let is_described = |case: &&ResponseCase| {
        let description = case.docs.description.as_deref().unwrap_or_default();
        letters(description) != letters(case.variant.as_str())
    };
    let described: Vec<&ResponseCase> = cases.iter().filter(is_described).collect();
    match described.as_slice() {
        [case] if enum_name.is_none() => {
            Doc::of_item(&case.docs).headed(&format!("{endpoint} returns"))
        }
        [_, _, ..] if enum_name.is_none() => {
            let mut doc = Doc::from(format!("{endpoint} returns, by status:"));
            for case in described {
                doc.append(Doc::of_item(&case.docs).headed(&status(case.status)));
            }
            doc
        }
        _ => Doc::from(endpoint),
    }
}

fn callback_line(callback: &Webhook) -> String {
    let (name, url) = (&callback.type_name, callback.url.as_deref());
    format!("- [`{name}`] to {}", code(url.unwrap_or_default()))
}

/// Returns a line about a link of a response.
fn link_line(link: &Link) -> String {
    let Link {
        name,
        status,
        target,
        wire_target,
        values,
        server,
        description,
    } = link;
    let target = match target {
        Some(method) => {
            let method = plain(method.as_str());
            format!("[`{method}`](crate::Client::{method})")
        }
        None => code(wire_target),
    };
    let mut shown = format!("- {}, link {}: {target}", code(status), code(name));
    let values: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{} out of {}", code(name), code(value)))
        .collect();
    if !values.is_empty() {
        shown.push_str(" with ");
        shown.push_str(&values.join(", "));
    }
    if let Some(url) = server {
        shown.push_str(" at ");
        shown.push_str(&code(url));
    }
    if let Some(words) = description.as_deref().and_then(first_line) {
        shown.push_str(". ");
        shown.push_str(&words);
    }
    shown
}

/// Returns the docs of the request's type.
pub(in crate::emit) fn request(operation: &Operation) -> Doc {
    let link = plain(operation.method_name.as_str());
    let endpoint = endpoint(operation);
    Doc::from(format!(
        "The request of [`Client::{link}`](crate::Client::{link}): {endpoint}."
    ))
}

/// Returns the docs of a body, with a generated sentence if there are only facts.
pub(in crate::emit) fn body(docs: &Docs) -> Doc {
    with_name(docs, || "The request body.".to_owned())
}

/// Returns the docs of a parameter, with its name if there are only facts.
pub(in crate::emit) fn parameter(name: &str, docs: &Docs) -> Doc {
    with_name(docs, || code(name))
}

fn with_name(docs: &Docs, name: impl FnOnce() -> String) -> Doc {
    if docs.summary.is_some() || docs.description.is_some() {
        return Doc::of_item(docs);
    }
    let mut doc = Doc::from(name());
    doc.words(docs);
    doc
}

/// Returns the docs of the enum of an operation's media types.
pub(in crate::emit) fn body_choices(operation: &Operation) -> Doc {
    let name = &operation.type_name;
    Doc::from(format!("The body of [`{name}`], by its media type."))
}

/// Returns the docs of the enum of an operation's successes.
pub(in crate::emit) fn successes(operation: &Operation) -> String {
    let name = &operation.type_name;
    format!("The responses of [`{name}`], by status.")
}

/// Returns the docs of the enum of an operation's failures.
pub(in crate::emit) fn failures(operation: &Operation) -> String {
    let name = &operation.type_name;
    format!("The documented failures of [`{name}`].")
}

/// Returns the docs of the reader of an operation's response headers.
pub(in crate::emit) fn headers(operation: &Operation) -> String {
    let name = &operation.type_name;
    format!("Reads the headers of the responses to [`{name}`].")
}

/// Returns the docs of a variant of a response: its status, and the media types of the variant if
/// the response has several variants.
pub(in crate::emit) fn response(case: &ResponseCase, media_types: &[&str]) -> Doc {
    let mut head = status(case.status);
    for media_type in media_types {
        head.push_str(", ");
        head.push_str(&code(media_type));
    }
    Doc::of_item(&case.docs).headed(&head)
}

fn status(status: Status) -> String {
    match status {
        Status::Default => "Any other status".to_owned(),
        Status::Code(_) | Status::Range(_) => status.to_string(),
    }
}
