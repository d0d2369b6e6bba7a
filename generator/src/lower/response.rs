//! Responses become what a success holds and what a failure holds (wire rules 18 to 20).

use openapiv3::{Content, Header, MediaType, ReferenceOr, Response, StatusCode};

use crate::diagnostic::{Diagnostic, code};
use crate::ident::{MethodName, TypeName};
use crate::ir::{
    Docs, Name, Outcome, ResponseBody, ResponseCase, ResponseCodec, ResponseHeader, Status, Type,
};
use crate::pointer::Pointer;

use super::naming::{self, Members};
use super::{Lowering, Place};

/// The two sides of an operation's responses.
pub(super) struct Outcomes {
    pub success: Outcome,
    pub failure: Outcome,
}

impl<'d> Lowering<'d, '_> {
    /// Sorts the responses into successes and failures.
    ///
    /// 2XX is a success. Where the document has none, 3XX is, and where it has
    /// no such either, `default` is both.
    pub(super) fn outcomes(
        &mut self,
        responses: &'d openapiv3::Responses,
        at: &Pointer,
        place: &Place,
        name: &str,
    ) -> Outcomes {
        let mut cases: Vec<ResponseCase> = Vec::new();
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
            if let Some(case) = self.response(status, node, &at.child(key), place) {
                cases.push(case);
            }
        }
        cases.sort_by_key(|case| case.status);
        let class = |case: &ResponseCase| match case.status {
            Status::Code(code) => code / 100,
            Status::Range(class) => class.into(),
            Status::Default => 0,
        };
        let successful = [2, 3, 0]
            .into_iter()
            .find(|wanted| cases.iter().any(|case| class(case) == *wanted));
        let (success, mut failure): (Vec<_>, Vec<_>) = cases
            .into_iter()
            .partition(|case| Some(class(case)) == successful);
        if successful == Some(0) {
            failure.extend(success.iter().cloned());
        }
        Outcomes {
            success: self.outcome(success, name, "Output", false),
            failure: self.outcome(failure, name, "Failure", true),
        }
    }

    /// One side: an enum where a single type would not say all.
    fn outcome(
        &mut self,
        mut cases: Vec<ResponseCase>,
        name: &str,
        suffix: &str,
        always: bool,
    ) -> Outcome {
        let mut members = Members::<TypeName>::default();
        for case in &mut cases {
            let text = case.variant.as_str().to_owned();
            case.variant = match case.bodies.as_mut_slice() {
                [] => members.variant(&text),
                [only] => {
                    only.variant = members.variant(&text);
                    only.variant.clone()
                }
                several => {
                    for body in several {
                        let kind = body
                            .media_types
                            .first()
                            .map_or("", |media_type| subtype(media_type));
                        body.variant = members.variant(&format!("{text} {kind}"));
                    }
                    case.variant.clone()
                }
            };
        }
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

    fn response(
        &mut self,
        status: Status,
        node: &'d ReferenceOr<Response>,
        at: &Pointer,
        place: &Place,
    ) -> Option<ResponseCase> {
        let (response, at) = self.document.resolve(node, at.clone())?;
        let text = match status {
            Status::Code(code) => naming::status(code),
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
        let variant = TypeName::new(&text);
        let place = place.named(format!("{text} body"));
        // These never have a body, whatever the document says (RFC 9110, section 6.4.1).
        let empty = matches!(status, Status::Code(204 | 205 | 304));
        let bodies = if empty {
            Vec::new()
        } else {
            self.bodies(&response.content, &at.child("content"), &place)
        };
        let mut members = Members::<MethodName>::default();
        let headers = response
            .headers
            .iter()
            // The description of this header is to be ignored (OpenAPI 3.1, Response Object).
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
            .filter_map(|(name, header)| {
                self.response_header(
                    name,
                    header,
                    &at.child("headers").child(name),
                    &place,
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
        Some(ResponseCase {
            status,
            variant,
            bodies,
            headers,
            docs,
        })
    }

    /// The bodies by how they are read: media types that are read alike are one.
    fn bodies(&mut self, content: &'d Content, at: &Pointer, place: &Place) -> Vec<ResponseBody> {
        let mut bodies: Vec<ResponseBody> = Vec::new();
        for (name, media_type) in content {
            let codec = codec(name);
            let at = at.child(name);
            let ty = match codec {
                ResponseCodec::Json => self.media_type(media_type, &at, place),
                ResponseCodec::Text => Type::String,
                ResponseCodec::Bytes => Type::Bytes,
            };
            match bodies
                .iter_mut()
                .find(|body| body.codec == codec && body.ty == ty)
            {
                Some(body) => body.media_types.push(name.clone()),
                None => bodies.push(ResponseBody {
                    media_types: vec![name.clone()],
                    variant: TypeName::new(name),
                    codec,
                    ty,
                }),
            }
        }
        bodies
    }

    /// The type of a media type's JSON.
    pub(super) fn media_type(
        &mut self,
        media_type: &'d MediaType,
        at: &Pointer,
        place: &Place,
    ) -> Type {
        match &media_type.schema {
            Some(schema) => {
                let node = self.document.node(schema, at.child("schema"));
                self.node(&node, place).flat()
            }
            None => self.untyped(at, "the media type has no schema"),
        }
    }

    fn response_header(
        &mut self,
        name: &str,
        node: &'d ReferenceOr<Header>,
        at: &Pointer,
        place: &Place,
        members: &mut Members<MethodName>,
    ) -> Option<ResponseHeader> {
        let (header, at) = self.document.resolve(node, at.clone())?;
        let place = place.named(name);
        let ty = match &header.format {
            openapiv3::ParameterSchemaOrContent::Schema(schema) => {
                let node = self.document.node(schema, at.child("schema"));
                self.node(&node, &place).ty
            }
            openapiv3::ParameterSchemaOrContent::Content(_) => Type::String,
        };
        let ty = if is_scalar(&ty) {
            ty
        } else {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::HEADER_AS_TEXT,
                    &at,
                    format!("the header `{name}` is given as text"),
                )
                .help("only a string, a number or a boolean is read as such from a header"),
            );
            Type::String
        };
        let docs = Docs {
            description: header.description.clone(),
            ..Docs::default()
        };
        Some(ResponseHeader {
            name: Name {
                wire: name.to_owned(),
                rust: members.method(name),
            },
            ty,
            required: header.required,
            docs,
        })
    }
}

fn is_scalar(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool
            | Type::Integer(_)
            | Type::Float32
            | Type::Float64
            | Type::String
            | Type::Secret
            | Type::Uri
            | Type::Uuid
            | Type::Date
            | Type::DateTime
    )
}

fn status(code: &StatusCode) -> Option<Status> {
    match code {
        StatusCode::Code(code) => Some(Status::Code(*code)),
        StatusCode::Range(class) => u8::try_from(*class).ok().map(Status::Range),
    }
}

/// How a response of a media type is read.
pub(super) fn codec(media_type: &str) -> ResponseCodec {
    if is_json(media_type) {
        ResponseCodec::Json
    } else if is_text(media_type) {
        ResponseCodec::Text
    } else {
        ResponseCodec::Bytes
    }
}

/// `application/json` and every `+json` (RFC 6839, section 3.1).
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// Text, XML and forms included.
pub(super) fn is_text(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("+yaml")
        || matches!(
            essence.as_str(),
            "application/xml"
                | "application/yaml"
                | "application/x-yaml"
                | "application/x-www-form-urlencoded"
                | "application/javascript"
                | "application/x-ndjson"
                | "application/jsonl"
        )
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// What tells a media type from the others of a response: `json`, `xml`, `png`.
pub(super) fn subtype(media_type: &str) -> &str {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence.split_once('/') {
        Some((kind, "*")) => kind,
        Some((_, subtype)) => subtype,
        None => essence,
    }
}
