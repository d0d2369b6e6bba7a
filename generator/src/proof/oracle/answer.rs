//! The answers in the generated tests: each documented response with its example, and the expected
//! result (wire rules 18 to 20).

use std::collections::hash_map::Entry;

use openapiv3::{Header, MediaType, ParameterSchemaOrContent, ReferenceOr, Response};
use serde_json::Value as Json;

use crate::document::SchemaNode;
use crate::ir::{
    HeaderCodec, Operation, ResponseCase, ResponseCodec, ResponseHeader, Status, Type,
};
use crate::lower::{self, OperationOrigin, documented_values, essence};
use crate::pointer::Pointer;
use crate::proof::model::{WireAnswer, WireBody, WireHeader};
use crate::proof::sample::Direction;

use super::style;
use super::test_values::{SampleSpec, Tester};

/// Headers about the transfer of a message.
const OF_MESSAGE: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Tester<'_> {
    /// Returns an answer for each response and media type.
    pub(super) fn answers(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
    ) -> Vec<WireAnswer> {
        let mut answers = Vec::new();
        for (is_success, outcome) in [(true, &operation.success), (false, &operation.failure)] {
            for (position, case) in outcome.cases.iter().enumerate() {
                let Some(status) = status(operation, case.status, is_success) else {
                    continue;
                };
                let Some((response, at)) = self.source(origin, case.status) else {
                    continue;
                };
                let add = |answer| {
                    answers.push(WireAnswer {
                        status,
                        is_success,
                        case: position,
                        ..answer
                    });
                };
                if at.is_within(&origin.source.pointer) {
                    self.case(case, response, &at).into_iter().for_each(add);
                } else {
                    // Most operations share their failures.
                    let mut known = self.known.borrow_mut();
                    let alike = match known.entry((at, case.bodies.len())) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(new) => {
                            let answers = self.case(case, response, &new.key().0);
                            new.insert(answers)
                        }
                    };
                    alike.iter().cloned().for_each(add);
                }
            }
        }
        answers
    }

    /// Returns the answers of a response, without the case and operation.
    fn case(self, case: &ResponseCase, response: &Response, at: &Pointer) -> Vec<WireAnswer> {
        let answer = WireAnswer {
            status: 0,
            media_type: None,
            headers: self.headers(case, response, at),
            body: WireBody::Empty,
            is_success: false,
            case: 0,
            read: None,
        };
        if case.bodies.is_empty() {
            return vec![answer];
        }
        let mut answers = Vec::new();
        for (index, body) in case.bodies.iter().enumerate() {
            for name in &body.media_types {
                let source = response.content.get(name);
                let at = at.child("content").child(name);
                let media_type = concrete(case, name, body.codec);
                let value = self.response_body(source, &at, body.codec, &body.ty);
                if let (Some((sent, read)), Some(_)) = (value, &media_type) {
                    answers.push(WireAnswer {
                        media_type,
                        body: sent,
                        read: Some((index, read)),
                        ..answer.clone()
                    });
                }
            }
        }
        answers
    }

    /// Returns the response in the document.
    fn source<'s>(
        self,
        origin: &'s OperationOrigin<'_>,
        status: Status,
    ) -> Option<(&'s Response, Pointer)>
    where
        Self: 's,
    {
        let responses = &origin.source.operation.responses;
        let at = origin.source.pointer.child("responses");
        let node: &ReferenceOr<Response> = match status {
            Status::Default => responses.default.as_ref()?,
            Status::Code(_) | Status::Range(_) => {
                let mut coded = responses.responses.iter();
                let found = coded.find(|(code, _)| lower::status(code) == Some(status));
                found.map(|(_, node)| node)?
            }
        };
        self.document.resolve(node, at.child(status.to_string()))
    }

    /// Returns a body and the value read from it, as JSON.
    fn response_body(
        self,
        source: Option<&MediaType>,
        at: &Pointer,
        codec: ResponseCodec,
        ty: &Type,
    ) -> Option<(WireBody, Option<Json>)> {
        let given = source.map_or_else(Vec::new, |source| {
            documented_values(self.document, source.example.as_ref(), &source.examples, at)
        });
        match codec {
            ResponseCodec::Text | ResponseCodec::Bytes
                if codec == ResponseCodec::Bytes || *ty == Type::String =>
            {
                let text = given
                    .iter()
                    .find_map(|json| json.as_str())
                    .unwrap_or("text");
                Some((WireBody::Text(text.to_owned()), None))
            }
            _ => {
                let schema = source.and_then(|source| source.schema.as_ref());
                let node: Option<SchemaNode<'_>> = schema.map(|schema| self.document.node(schema));
                let spec = node.as_ref().map(|node| read(node, "text"));
                let is_text = codec != ResponseCodec::Json;
                let fits = |json: &Json| !is_text || json.is_string();
                let (json, written) = self.value(ty, given, spec, fits)?;
                let sent = match json {
                    Json::String(text) if is_text => WireBody::Text(text),
                    json => WireBody::Json(json),
                };
                Some((sent, Some(written)))
            }
        }
    }

    /// Returns the declared headers of a response.
    fn headers(self, case: &ResponseCase, response: &Response, at: &Pointer) -> Vec<WireHeader> {
        let declared = case.headers.iter();
        declared
            .filter(|header| {
                let name = header.name.wire.to_ascii_lowercase();
                !OF_MESSAGE.contains(&name.as_str())
            })
            .filter_map(|header| {
                let node = response.headers.get(&header.name.wire)?;
                let at = at.child("headers").child(&header.name.wire);
                self.header(header, self.document.resolve(node, at)?)
            })
            .collect()
    }

    fn header(
        self,
        header: &ResponseHeader,
        (source, at): (&Header, Pointer),
    ) -> Option<WireHeader> {
        let mut given = documented_values(
            self.document,
            source.example.as_ref(),
            &source.examples,
            &at,
        );
        let node = match &source.format {
            ParameterSchemaOrContent::Schema(schema) => Some(self.document.node(schema)),
            ParameterSchemaOrContent::Content(content) => {
                content.iter().next().and_then(|(name, media_type)| {
                    let at = at.child("content").child(name);
                    given.extend(documented_values(
                        self.document,
                        media_type.example.as_ref(),
                        &media_type.examples,
                        &at,
                    ));
                    let schema = media_type.schema.as_ref()?;
                    Some(self.document.node(schema))
                })
            }
        };
        let name = header.name.wire.as_str();
        let text = |json: &Json| {
            let text = match header.codec {
                HeaderCodec::Json => json.to_string(),
                HeaderCodec::Text => style::header(json, false)?,
            };
            let is_read = match json {
                // An item with a comma would be read as two items.
                Json::Array(items) => items.iter().all(|item| {
                    let text = item.as_str().unwrap_or("1");
                    !text.is_empty() && text.trim() == text && !text.contains(',')
                }),
                _ => true,
            };
            let is_legal = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            (is_read && is_legal && !text.is_empty() && text.trim() == text).then_some(text)
        };
        let spec = node.as_ref().map(|node| read(node, name));
        let (json, read) = self.value(&header.ty, given, spec, |json| text(json).is_some())?;
        // The text of the example, or of the value read from it if the example has none.
        Some(WireHeader {
            name: header.name.wire.clone(),
            text: text(&json).or_else(|| text(&read))?,
            ty: header.ty.clone(),
            codec: header.codec,
            read,
        })
    }
}

fn read<'n, 'd>(node: &'n SchemaNode<'d>, hint: &'n str) -> SampleSpec<'n, 'd> {
    SampleSpec {
        node,
        hint,
        direction: Direction::Read,
        levels: 2,
        odd: "",
    }
}

/// Returns a status for a response that no other response matches more exactly.
fn status(operation: &Operation, status: Status, is_success: bool) -> Option<u16> {
    let cases = [&operation.success, &operation.failure];
    let statuses = || cases.into_iter().flat_map(|outcome| &outcome.cases);
    let is_coded = |code: u16| statuses().any(|case| case.status == Status::Code(code));
    let has_range = |code: u16| {
        let digit = code / 100;
        statuses()
            .any(|case| matches!(case.status, Status::Range(range) if u16::from(range) == digit))
    };
    // These responses have no body or are interim.
    let has_body = |code: &u16| *code >= 200 && !matches!(code, 204 | 205 | 304);
    match status {
        Status::Code(code) => (code >= 200).then_some(code),
        Status::Range(digit) => {
            let first = u16::from(digit) * 100;
            (first..first + 100)
                .filter(has_body)
                .find(|code| !is_coded(*code))
        }
        Status::Default => {
            let (success, failure) = (200..300, 400..600);
            let mut codes = if is_success { success } else { failure };
            codes.find(|code| has_body(code) && !is_coded(*code) && !has_range(*code))
        }
    }
}

/// Returns a media type to send. For a range, it is one that no other body matches.
fn concrete(case: &ResponseCase, name: &str, codec: ResponseCodec) -> Option<String> {
    if !name.contains('*') {
        return Some(name.to_owned());
    }
    let range = essence(name);
    let kind = range.split('/').next().filter(|kind| *kind != "*");
    let usual = match codec {
        ResponseCodec::Json => "application/json",
        ResponseCodec::Text | ResponseCodec::JsonOrText => "text/plain",
        ResponseCodec::Bytes => "application/octet-stream",
    };
    // A range of subtypes, such as `application/*+json`.
    if !range.ends_with("/*") {
        return Some(range.replace('*', "x-example"));
    }
    let own = kind.map(|kind| format!("{kind}/x-example"));
    let candidates = [
        Some(usual.to_owned()).filter(|usual| kind.is_none_or(|kind| usual.starts_with(kind))),
        own,
        Some("application/x-example".to_owned()).filter(|_| kind.is_none()),
    ];
    let others: Vec<&String> = case
        .bodies
        .iter()
        .flat_map(|body| &body.media_types)
        .collect();
    candidates.into_iter().flatten().find(|candidate| {
        others.iter().all(|other| {
            let other = essence(other);
            let more = other
                .strip_suffix("/*")
                .filter(|kind| *kind != "*" && essence(name) == "*/*");
            other != *candidate && more.is_none_or(|kind| !candidate.starts_with(kind))
        })
    })
}
