//! The decisions for each operation, as text or JSON.

use std::fmt::{self, Write as _};

use serde_json::{Value, json};

use crate::diagnostic::OverlayAction;
use crate::ir::{
    Api, Certainty, IdempotencyKey, NextPage, Operation, PageCode, PageEnd, PageStyle, Pagination,
    ParameterLocation, StreamItem, Style,
};

/// An operation of a document, with the decisions for it.
#[derive(Clone, Debug)]
pub struct ListedOperation {
    /// `operationId`, or the method and the path if the document has none.
    pub id: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The first tag; `default` if there is none.
    pub tag: String,
    /// The alternatives of `security`, each with its schemes.
    pub security: Vec<Vec<String>>,
    /// The pagination of a long list, in JSON; `null` if there is none.
    pagination: Option<Pagination>,
    page_code: Result<PageCode, String>,
    /// The stream of items in the response, if any.
    pub stream: Option<ListedStream>,
    /// The header parameter that makes a call safe to repeat, or the property of the body as
    /// `body.idempotency_key`.
    pub idempotency_key: Option<String>,
}

/// A response that is a stream of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedStream {
    /// The media type of the response, as in the document.
    pub media_type: Option<String>,
    /// The boolean property of the body that selects the stream.
    pub switch: Option<String>,
    /// The form of an item: `json`, `event` (an object with the fields of the event) or `raw`;
    /// `None` if the document does not describe the stream.
    pub item: Option<String>,
    /// The text that ends the stream, if an extension sets one.
    pub terminator: Option<String>,
    /// The extension that decided; `None` if the media type did.
    pub decided_by: Option<String>,
    /// The reason why the request has no `.stream()`, if so.
    pub reason: Option<String>,
}

/// Lists the operations in the order of tags.
pub(crate) fn operations(api: &Api) -> Vec<ListedOperation> {
    let groups = api.groups.iter();
    let operations = groups.flat_map(|group| {
        let of_group = group.operations.iter();
        of_group.map(|operation| ListedOperation {
            id: operation.wire_name.clone(),
            method: operation.http_method.clone(),
            path: operation.path.clone(),
            tag: group.title.clone(),
            security: operation
                .security
                .iter()
                .map(|alternative| alternative.iter().map(|name| name.wire.clone()).collect())
                .collect(),
            pagination: operation.pagination.clone(),
            page_code: operation.page_code.clone(),
            stream: stream(operation),
            idempotency_key: idempotency_key(operation),
        })
    });
    operations.collect()
}

/// Returns the stream of an operation, and the property that selects it.
fn stream(operation: &Operation) -> Option<ListedStream> {
    let stream = operation.stream.as_ref();
    let switch = match stream {
        Some(stream) => stream.switch.clone(),
        None => operation.stream_switch.clone(),
    };
    if stream.is_none() && switch.is_none() {
        return None;
    }
    let item = stream.map(|stream| match &stream.item {
        StreamItem::Raw => "raw",
        StreamItem::Json(_) => "json",
        StreamItem::Event { .. } => "event",
    });
    Some(ListedStream {
        media_type: stream.map(|stream| stream.media_type.clone()),
        switch,
        item: item.map(str::to_owned),
        terminator: stream.and_then(|stream| stream.terminator.clone()),
        decided_by: stream.and_then(|stream| stream.decided_by.clone()),
        reason: stream.and_then(|stream| stream.select.clone().err()),
    })
}

/// Returns the header parameter with the idempotency key, or the property of the body.
fn idempotency_key(operation: &Operation) -> Option<String> {
    let mut parameters = operation.parameters.iter();
    let found = parameters.find(|parameter| {
        let is_header = matches!(
            parameter.style,
            Style::Header { .. } | Style::Json(ParameterLocation::Header)
        );
        let name = parameter.name.wire.to_ascii_lowercase();
        let is_key = matches!(
            name.as_str(),
            "idempotency-key" | "x-idempotency-key" | "paypal-request-id"
        );
        is_header && is_key
    });
    let header = found.map(|parameter| parameter.name.wire.clone());
    header.or_else(|| match operation.idempotency_key.as_ref()? {
        IdempotencyKey::Header(name) => Some(name.clone()),
        IdempotencyKey::Property(name) => Some(format!("body.{name}")),
    })
}

impl ListedOperation {
    /// Returns the operation as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "method": self.method,
            "path": self.path,
            "tag": self.tag,
            "security": self.security,
            "pagination": self.pagination.as_ref().map(|pagination| self.pagination(pagination)),
            "stream": self.stream.as_ref().map(|stream| self.stream(stream)),
            "idempotencyKey": self.idempotency_key,
        })
    }

    fn pagination(&self, pagination: &Pagination) -> Value {
        let items = match pagination.items.as_slice() {
            [] => String::new(),
            path => dotted(path),
        };
        let mut object = json!({
            "style": pagination.style.as_str(),
            "certainty": pagination.certainty.as_str(),
            "decidedBy": pagination.decided_by.to_string(),
            "parameter": pagination.parameter.as_ref().map(ToString::to_string),
            "next": pagination.next.as_ref().map(next),
            "until": pagination.end.as_ref().map(|PageEnd { kind, path }| json!({
                kind.as_str(): dotted(path),
            })),
            "items": items,
            "first": pagination.first,
            "number": pagination.number.as_deref().map(dotted),
            "generated": match &self.page_code {
                Ok(code) if code.items.is_some() => json!("items"),
                Ok(_) => json!("pages"),
                Err(_) => Value::Null,
            },
        });
        if let Err(reason) = &self.page_code {
            object["reason"] = json!(reason);
        }
        if pagination.certainty != Certainty::Certain {
            let action = self.overlay(pagination);
            object["overlay"] = json!(action.to_string());
        }
        object
    }

    fn stream(&self, stream: &ListedStream) -> Value {
        let is_generated = stream.item.is_some() && stream.reason.is_none();
        let mut object = json!({
            "mediaType": stream.media_type,
            "switch": stream.switch,
            "item": stream.item,
            "terminator": stream.terminator,
            "decidedBy": stream.decided_by,
            "generated": is_generated.then_some("stream"),
        });
        if let Some(reason) = &stream.reason {
            object["reason"] = json!(reason);
        }
        if stream.item.is_none() {
            object["overlay"] = json!(self.stream_overlay().to_string());
        }
        object
    }

    /// Returns the overlay action that describes the stream that a property of the body selects.
    fn stream_overlay(&self) -> OverlayAction {
        let schema = json!({ "$ref": "#/components/schemas/ITEM" });
        self.action(json!({ "x-streaming": { "schema": schema } }))
    }

    fn action(&self, update: Value) -> OverlayAction {
        let path = self.path.replace('\\', "\\\\").replace('\'', "\\'");
        OverlayAction {
            target: format!("$.paths['{path}'].{}", self.method.to_ascii_lowercase()),
            update: Some(update),
        }
    }

    fn stream_line(&self, stream: &ListedStream, out: &mut String) -> fmt::Result {
        out.push_str("    stream:");
        if let Some(media_type) = &stream.media_type {
            write!(out, " {media_type}")?;
        }
        if let Some(switch) = &stream.switch {
            write!(out, " by `{switch}` in the body")?;
        }
        if let Some(item) = &stream.item {
            write!(out, ", items: {item}")?;
        }
        if let Some(terminator) = &stream.terminator {
            write!(out, ", until `{terminator}`")?;
        }
        if let Some(extension) = &stream.decided_by {
            write!(out, " ({extension})")?;
        }
        out.push('\n');
        match (&stream.reason, &stream.item) {
            (Some(reason), _) => writeln!(out, "    without `.stream()`: {reason}"),
            (None, None) => writeln!(out, "    to describe it: - {}", self.stream_overlay()),
            (None, Some(_)) => Ok(()),
        }
    }

    /// Returns the overlay action that makes a likely pagination certain.
    fn overlay(&self, pagination: &Pagination) -> OverlayAction {
        let mut extension = json!({ "style": pagination.style.as_str() });
        let has_parameter = !matches!(pagination.style, PageStyle::NextUrl | PageStyle::LinkHeader);
        if let Some(parameter) = pagination.parameter.as_ref().filter(|_| has_parameter) {
            let name = parameter.to_string();
            extension["parameter"] = json!(name.strip_prefix("body.").unwrap_or(&name));
        }
        if !pagination.items.is_empty() {
            extension["items"] = json!(dotted(&pagination.items));
        }
        if let Some(first) = pagination.first {
            extension["first"] = json!(first);
        } else if pagination.style == PageStyle::PageNumber {
            extension["first"] = json!(1);
        }
        if let Some(PageEnd { kind, path }) = &pagination.end
            && kind.as_str() != "count"
        {
            extension[kind.as_str()] = json!(dotted(path));
        }
        self.action(json!({ "x-pagination": extension }))
    }

    fn pagination_line(&self, pagination: &Pagination, out: &mut String) -> fmt::Result {
        write!(out, "    pages: {}", pagination.style)?;
        if let Some(parameter) = &pagination.parameter {
            write!(out, " by `{parameter}`")?;
        }
        match (pagination.first, &pagination.number) {
            (Some(first), _) => write!(out, " from {first}")?,
            (None, Some(path)) => write!(out, " after `{}`", dotted(path))?,
            (None, None) => {}
        }
        if let Some(found) = &pagination.next {
            write!(out, ", next in `{}`", next(found))?;
        }
        if let Some(PageEnd { kind, path }) = &pagination.end {
            write!(out, ", {} in `{}`", kind.as_str(), dotted(path))?;
        }
        match pagination.items.as_slice() {
            [] => out.push_str(", items in the body"),
            path => write!(out, ", items in `{}`", dotted(path))?,
        }
        let certainty = pagination.certainty.as_str();
        writeln!(out, " ({certainty}, {})", pagination.decided_by)?;
        match &self.page_code {
            _ if pagination.certainty != Certainty::Certain => {
                writeln!(out, "    to switch it on: - {}", self.overlay(pagination))
            }
            Err(reason) => writeln!(out, "    without a method for all pages: {reason}"),
            Ok(_) => Ok(()),
        }
    }
}

impl fmt::Display for ListedOperation {
    /// Writes a line for the operation, and one for each decision.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} {} ({}) [{}]",
            self.method, self.path, self.id, self.tag
        )?;
        let security = self
            .security
            .iter()
            .map(|schemes| match schemes.as_slice() {
                [] => "none".to_owned(),
                schemes => schemes.join(" and "),
            });
        let security: Vec<String> = security.collect();
        if !security.is_empty() {
            writeln!(f, "    security: {}", security.join(", or "))?;
        }
        if let Some(pagination) = &self.pagination {
            let mut lines = String::new();
            self.pagination_line(pagination, &mut lines)?;
            f.write_str(&lines)?;
        }
        if let Some(stream) = &self.stream {
            let mut lines = String::new();
            self.stream_line(stream, &mut lines)?;
            f.write_str(&lines)?;
        }
        match &self.idempotency_key {
            Some(name) => writeln!(f, "    idempotency key: {name}"),
            None => Ok(()),
        }
    }
}

/// Returns a path of properties: with dots, or as a JSON Pointer if a name contains one.
fn dotted(path: &[String]) -> String {
    if path.iter().any(|name| name.contains(['.', '[', '/', '~'])) {
        let escaped = path
            .iter()
            .map(|name| name.replace('~', "~0").replace('/', "~1"));
        return escaped.flat_map(|name| ["/".to_owned(), name]).collect();
    }
    path.join(".")
}

fn next(next: &NextPage) -> String {
    match next {
        NextPage::Body(path) => dotted(path),
        NextPage::LastItem(path) => format!("[-1].{}", dotted(path)),
        NextPage::Relation(path) => format!("{}[rel=next].href", dotted(path)),
        NextPage::Link => "Link".to_owned(),
    }
}
