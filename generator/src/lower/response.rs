//! Lowers responses to the outcomes of an operation: success and failure (wire rules 18 to 20).

use openapiv3::{Header, ParameterSchemaOrContent, ReferenceOr, Response, StatusCode};

use crate::diagnostic::{Diagnostic, code};
use crate::document::OperationEntry;
use crate::ident::{MethodName, TypeName};
use crate::ir::{Docs, HeaderCodec, Name, Outcome, Repr, ResponseHeader, Status, Type};
use crate::pointer::Pointer;

use super::media_type::{self, is_json, is_range, is_sequence, preference};

use super::docs;
use super::inline_site::InlineSite;
use super::lowering::Lowering;
use super::name_words;
use super::naming::Members;
use super::operation_draft::Outcomes;
use super::response_draft::{CaseDraft, ResponseBodyDraft, with_names};
use super::type_draft::ShapeDraft;

impl<'d> Lowering<'d, '_> {
    /// Sorts the responses into successes and failures.
    ///
    /// 2XX is a success. If there is none, 3XX is; then 1XX (a switch of protocols); and if there
    /// is none of these, `default` is both.
    pub(super) fn lower_responses(
        &mut self,
        responses: &'d openapiv3::Responses,
        at: &Pointer,
        site: &InlineSite,
        name: &str,
        http_method: &str,
        is_streamed: bool,
    ) -> Outcomes {
        let mut cases = self.lower_cases(responses, at, site);
        if http_method == "HEAD" {
            // The response never has a body (RFC 9110, section 9.3.2).
            for case in &mut cases {
                case.bodies.clear();
            }
        }
        if is_streamed {
            // What is left is what `.await` asks for; the stream has a call of its own.
            for case in &mut cases {
                let is_sequence = |body: &ResponseBodyDraft| {
                    body.media_types.iter().all(|name| is_sequence(name))
                };
                if case.bodies.iter().any(|body| !is_sequence(body)) {
                    case.bodies.retain(|body| !is_sequence(body));
                }
            }
        }
        let class = |case: &CaseDraft| match case.status {
            Status::Code(code) => code / 100,
            Status::Range(class) => class.into(),
            Status::Default => 0,
        };
        let successful = [2, 3, 1, 0]
            .into_iter()
            .find(|wanted| cases.iter().any(|case| class(case) == *wanted));
        let (success, mut failure): (Vec<_>, Vec<_>) = cases
            .into_iter()
            .partition(|case| Some(class(case)) == successful);
        if successful == Some(0) {
            failure.extend(success.iter().cloned());
        }
        let mut all = success.iter().chain(&failure);
        let has_headers = all.any(|case| !case.headers.is_empty());
        let success = self.lower_outcome(success, name, "Output", false);
        let failure = self.lower_outcome(failure, name, "Failure", true);
        let accept = accept(&success, &failure);
        let headers = || self.names.operation_type(&format!("{name} Headers"));
        Outcomes {
            success,
            failure,
            accept,
            headers_name: has_headers.then(headers),
        }
    }

    /// Returns the documented responses: exact codes first, then ranges, then `default`.
    pub(super) fn lower_cases(
        &mut self,
        responses: &'d openapiv3::Responses,
        at: &Pointer,
        site: &InlineSite,
    ) -> Vec<CaseDraft> {
        let mut cases: Vec<CaseDraft> = Vec::new();
        let coded = responses
            .responses
            .iter()
            .map(|(code, node)| (status(code), node, code.to_string()));
        let default = responses
            .default
            .iter()
            .map(|node| (Some(Status::Default), node, "default".to_owned()));
        for (status, node, key) in coded.chain(default) {
            let Some(status) = status else { continue };
            if let Some(case) = self.lower_response(status, node, &at.child(key), site) {
                cases.push(case);
            }
        }
        cases.sort_by_key(|case| case.status);
        cases
    }

    /// Returns an outcome: an enum, unless a single type is sufficient.
    fn lower_outcome(
        &mut self,
        cases: Vec<CaseDraft>,
        name: &str,
        suffix: &str,
        always: bool,
    ) -> Outcome {
        let cases = with_names(cases);
        let types: Vec<Option<&Type>> = cases
            .iter()
            .flat_map(|case| {
                let none = case.bodies.is_empty().then_some(None);
                none.into_iter()
                    .chain(case.bodies.iter().map(|body| Some(&body.ty)))
            })
            .collect();
        let same = types
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a == b));
        let needed = if always { !cases.is_empty() } else { !same };
        let enum_name = needed.then(|| self.names.operation_type(&format!("{name} {suffix}")));
        Outcome { enum_name, cases }
    }

    fn lower_response(
        &mut self,
        status: Status,
        node: &'d ReferenceOr<Response>,
        at: &Pointer,
        site: &InlineSite,
    ) -> Option<CaseDraft> {
        let (response, at) = self.context.document.resolve(node, at.clone())?;
        let key = (at, status);
        if let Some(known) = self.responses.get(&key) {
            return Some(known.clone());
        }
        let case = self.lower_case(status, response, &key.0, site);
        let bodies = case.bodies.iter().map(|body| &body.ty);
        let mut types = bodies.chain(case.headers.iter().map(|header| &header.ty));
        // An inline schema is declared for each operation.
        if matches!(node, ReferenceOr::Reference { .. }) && types.all(is_of_components) {
            self.responses.insert(key, case.clone());
        }
        Some(case)
    }

    fn lower_case(
        &mut self,
        status: Status,
        response: &'d Response,
        at: &Pointer,
        site: &InlineSite,
    ) -> CaseDraft {
        let text = match status {
            Status::Code(code) => name_words::status(code),
            Status::Range(class) => [
                "Informational",
                "Success",
                "Redirection",
                "ClientError",
                "ServerError",
            ]
            .get(usize::from(class).saturating_sub(1))
            .map_or_else(|| format!("Status{class}xx"), |name| (*name).to_owned()),
            Status::Default => "Default".to_owned(),
        };
        let site = site.named(format!("{text} body"));
        // These statuses never have a body, even if the document defines one (RFC 9110, section
        // 6.4.1).
        let empty = matches!(status, Status::Code(101 | 204 | 205 | 304));
        let bodies = if empty {
            Vec::new()
        } else {
            self.lower_contents(&response.content, &at.child("content"), &site)
        };
        let mut members = Members::<MethodName>::default();
        let headers = response
            .headers
            .iter()
            // This header is to be ignored (OpenAPI 3.1, Response Object).
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
            .filter_map(|(name, header)| {
                self.lower_header(
                    name,
                    header,
                    &at.child("headers").child(name),
                    &site,
                    &mut members,
                )
            })
            .collect();
        let description =
            Some(response.description.trim().to_owned()).filter(|text| !text.is_empty());
        let docs = Docs {
            description,
            ..Docs::default()
        };
        CaseDraft {
            status,
            name: TypeName::new(&text),
            bodies,
            headers,
            docs,
        }
    }

    fn lower_header(
        &mut self,
        name: &str,
        node: &'d ReferenceOr<Header>,
        at: &Pointer,
        site: &InlineSite,
        members: &mut Members<MethodName>,
    ) -> Option<ResponseHeader> {
        let (header, at) = self.context.document.resolve(node, at.clone())?;
        let site = site.named(name);
        let mut words_of_schema = None;
        let (mut ty, codec) = match &header.format {
            ParameterSchemaOrContent::Schema(schema) => {
                let node = self.context.document.node(schema);
                words_of_schema = Some(docs::of_value(&node, name));
                let typed = self.lower_node(&node, &site);
                let ty = typed.clone().into_nullable_type();
                self.note_examples(header.example.as_ref(), &header.examples, &at, &ty, &node);
                (typed.ty, HeaderCodec::Text)
            }
            ParameterSchemaOrContent::Content(content) => {
                let json = content.iter().find(|(name, _)| is_json(name));
                match json {
                    Some((name, media_type)) => {
                        let at = at.child("content").child(name);
                        (
                            self.lower_media_type(media_type, &at, &site),
                            HeaderCodec::Json,
                        )
                    }
                    None => (Type::String, HeaderCodec::Text),
                }
            }
        };
        if codec == HeaderCodec::Text && !self.is_header_text(&ty) {
            self.findings.push(
                Diagnostic::warning(
                    code::HEADER_AS_TEXT,
                    &at,
                    format!(
                        "the header `{name}` is not a string, number, boolean or list of them; it is returned as text"
                    ),
                )
                .related(at.child("schema").key(), "its schema")
                .help("write another schema, or `content: { application/json: .. }`"),
            );
            ty = Type::String;
        }
        let mut docs = words_of_schema.unwrap_or_default();
        if let Some(description) = &header.description {
            docs.description = Some(description.clone());
        }
        Some(ResponseHeader {
            name: Name {
                wire: name.to_owned(),
                rust: members.header(name),
            },
            ty,
            codec,
            required: header.required,
            docs,
            deprecated: header.deprecated.unwrap_or_default(),
        })
    }

    /// Returns `true` if a type is read from a header's text: a scalar, or a list of scalars.
    fn is_header_text(&self, ty: &Type) -> bool {
        match ty {
            Type::Vec(item) => self.is_scalar(item),
            ty => self.is_scalar(ty),
        }
    }

    /// Returns `true` if the values of a type are strings, numbers or booleans.
    pub(super) fn is_scalar(&self, ty: &Type) -> bool {
        let Type::Named(path) = ty else {
            return is_scalar(ty);
        };
        match self.types.shape(path) {
            Some(ShapeDraft::Enum(shape)) => shape.repr == Repr::Text,
            Some(ShapeDraft::Alias(ty) | ShapeDraft::Newtype(ty)) => is_scalar(ty),
            _ => false,
        }
    }
}

/// Returns the media types of all responses for `Accept` (RFC 9110, section 12.5.1).
///
/// Many servers take the first type that they support. Types of failures come after those of
/// successes, so that no success is written in a failure's media type, and ranges are last.
fn accept(success: &Outcome, failure: &Outcome) -> String {
    let mut accepted: Vec<(&str, bool)> = Vec::new();
    for (outcome, is_failure) in [(success, false), (failure, true)] {
        let bodies = outcome.cases.iter().flat_map(|case| &case.bodies);
        for media_type in bodies.flat_map(|body| &body.media_types) {
            let media_type = media_type::accepted(media_type);
            if !accepted.iter().any(|(known, _)| *known == media_type) {
                accepted.push((media_type, is_failure));
            }
        }
    }
    accepted.sort_by_key(|(media_type, is_failure)| {
        let preference = preference(media_type);
        (is_range(media_type), *is_failure, preference)
    });
    let accepted: Vec<&str> = accepted.iter().map(|(name, _)| *name).collect();
    accepted.join(", ")
}

fn is_scalar(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool
            | Type::Integer(_)
            | Type::Float64
            | Type::Number
            | Type::String
            | Type::Secret
            | Type::Uri
            | Type::Uuid
            | Type::Date
            | Type::DateTime
    )
}

/// Returns `true` if a type only contains types of components.
fn is_of_components(ty: &Type) -> bool {
    ty.paths().all(|path| path.modules.is_empty())
}

/// Returns the successes of an operation, each with its pointer: those of 2XX, in the order of their
/// codes, or `default` if there is none.
pub(super) fn successes<'d>(
    entry: &OperationEntry<'d>,
) -> Vec<(Pointer, &'d ReferenceOr<Response>)> {
    let responses = entry.responses();
    let (mut coded, default): (Vec<_>, Vec<_>) = responses
        .filter(|(key, ..)| key.starts_with('2') || key == "default")
        .partition(|(key, ..)| key != "default");
    coded.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let found = if coded.is_empty() { default } else { coded };
    found.into_iter().map(|(_, at, node)| (at, node)).collect()
}

/// Returns the status for a key of the Responses Object.
pub(crate) fn status(code: &StatusCode) -> Option<Status> {
    match code {
        StatusCode::Code(code) => Some(Status::Code(*code)),
        StatusCode::Range(class) => u8::try_from(*class).ok().map(Status::Range),
    }
}
