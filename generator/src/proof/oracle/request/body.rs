//! The body of a call in a test, and the expected body (wire rule 15).

use openapiv3::{MediaType, RequestBody};
use serde_json::Value as Json;

use crate::ir::{self, BodyChoice, BodyCodec};
use crate::lower::{OperationOrigin, documented_values};
use crate::pointer::Pointer;
use crate::proof::model::{Argument, WireBody};
use crate::proof::oracle::documented;
use crate::proof::oracle::request_parts::RequestParts;
use crate::proof::oracle::style::{self, Part};
use crate::proof::oracle::test_values::{SampleSpec, Tester};
use crate::proof::sample::{self, Direction};

/// Maximum number of branches of a union that are sent.
const MOST_BRANCHES: usize = 64;

/// A placeholder for any boundary.
const BOUNDARY: &str = "boundary";

impl Tester<'_> {
    /// Returns the argument for the body with a media type, and the expected body.
    pub(super) fn request_body(
        self,
        choice: &BodyChoice,
        branch: usize,
        origin: &OperationOrigin<'_>,
        request: &mut RequestParts,
    ) -> Option<(Argument, WireBody)> {
        let mut media_type = choice.media_type.clone();
        let (argument, body) = match &choice.codec {
            BodyCodec::Bytes => {
                let is_range = media_type.contains('*');
                media_type = media_type
                    .replace("*/*", "application/*")
                    .replace('*', "x-example");
                let text = "content".to_owned();
                let typed = is_range.then(|| media_type.clone());
                (Argument::Content(typed, text.clone()), WireBody::Text(text))
            }
            codec => {
                let (json, written) = self.body_value(choice, branch, origin)?;
                let files = self.files_to_choose(choice, &written)?;
                let body = match codec {
                    BodyCodec::Form(_) => {
                        let (source, _) = self.media_type(choice, origin)?;
                        let arrays = self.arrays;
                        let fields = documented::fields(source, arrays);
                        WireBody::Text(style::form(&written, &fields)?)
                    }
                    BodyCodec::Multipart(parts) => {
                        media_type.push_str("; boundary=");
                        media_type.push_str(BOUNDARY);
                        let documented = |name: &str| parts.iter().find(|part| part.name == name);
                        let is_file = |name: &str, value: &Json| {
                            self.is_file(&choice.ty, &written, name, value)
                        };
                        WireBody::Text(multipart(&written, documented, is_file)?)
                    }
                    BodyCodec::Text | BodyCodec::EncodedText | BodyCodec::Bytes => {
                        WireBody::Text(written.as_str()?.to_owned())
                    }
                    BodyCodec::Json => WireBody::Json(written),
                };
                let argument = self.argument(&choice.ty, json);
                let argument = if files.is_empty() {
                    argument
                } else {
                    Argument::Files(Box::new(argument), choice.ty.clone(), files)
                };
                (argument, body)
            }
        };
        let media_type = match self.body(origin) {
            Some((source, _)) => documented::media_type(source, &media_type),
            None => media_type,
        };
        request
            .headers
            .insert("content-type".to_owned(), media_type);
        Some((argument, body))
    }

    /// Returns the body in the document, with its pointer.
    fn body<'c>(self, origin: &'c OperationOrigin<'_>) -> Option<(&'c RequestBody, Pointer)>
    where
        Self: 'c,
    {
        let source = &origin.source;
        let body = source.operation.request_body.as_ref()?;
        let at = source.pointer.child("requestBody");
        self.document.resolve(body, at)
    }

    /// Returns the media type of a body in the document, with its pointer.
    fn media_type<'c>(
        self,
        choice: &BodyChoice,
        origin: &'c OperationOrigin<'_>,
    ) -> Option<(&'c MediaType, Pointer)>
    where
        Self: 'c,
    {
        let (body, at) = self.body(origin)?;
        let media_type = body.content.get(&choice.key)?;
        Some((media_type, at.child("content").child(&choice.key)))
    }

    /// Returns the number of branches if a form or multipart body is a union. The fields of each
    /// branch have another order.
    pub(in crate::proof::oracle) fn branches(
        self,
        choice: &BodyChoice,
        origin: &OperationOrigin<'_>,
    ) -> usize {
        let is_of_fields = matches!(choice.codec, BodyCodec::Form(_) | BodyCodec::Multipart(_));
        let media_type = self.media_type(choice, origin).filter(|_| is_of_fields);
        let branches = media_type.and_then(|(media_type, _)| {
            let schema = media_type.schema.as_ref()?;
            let node = self.document.node(schema);
            Some(sample::branch_count(&node))
        });
        branches.unwrap_or(1).clamp(1, MOST_BRANCHES)
    }

    fn body_value(
        self,
        choice: &BodyChoice,
        branch: usize,
        origin: &OperationOrigin<'_>,
    ) -> Option<(Json, Json)> {
        let (media_type, at) = self.media_type(choice, origin)?;
        let given = documented_values(
            self.document,
            media_type.example.as_ref(),
            &media_type.examples,
            &at,
        );
        let node = media_type.schema.as_ref();
        let node = node.map(|schema| self.document.node(schema));
        let spec = node.as_ref().map(|node| SampleSpec {
            node,
            hint: "body",
            direction: Direction::Sent,
            levels: 2,
            odd: match &choice.codec {
                BodyCodec::Form(_) => ": a&b=c",
                _ => "",
            },
        });
        let fits = |json: &Json| match &choice.codec {
            BodyCodec::Form(fields) => style::form(json, fields).is_some(),
            BodyCodec::Multipart(_) => json.is_object(),
            // The test compares text, not bytes.
            BodyCodec::EncodedText => json.as_str().is_some_and(str::is_ascii),
            _ => true,
        };
        if branch > 0 {
            let sample = sample::branch(node.as_ref()?, branch, Direction::Sent);
            return self.value(&choice.ty, sample.as_ref(), None, fits);
        }
        self.value(&choice.ty, given, spec, fits)
    }
}

/// Returns a multipart body, with lines separated by `\n`.
fn multipart<'p>(
    value: &Json,
    documented: impl Fn(&str) -> Option<&'p ir::Part>,
    is_file: impl Fn(&str, &Json) -> bool,
) -> Option<String> {
    let mut text = String::new();
    for (name, value) in value.as_object()? {
        let is_file = is_file(name, value);
        let values = match value {
            Json::Array(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in values.iter().filter(|value| !value.is_null()) {
            let part = Part {
                name,
                value,
                is_file,
                documented: documented(name),
            };
            let (headers, content) = part.text();
            let headers = headers.join("\n");
            text.extend(["--", BOUNDARY, "\n", &headers, "\n\n", &content, "\n"]);
        }
    }
    text.extend(["--", BOUNDARY, "--\n"]);
    Some(text)
}
