//! Responses become what a success holds and what a failure holds (wire rules 18 to 20).

use openapiv3::{
    Content, Header, MediaType, ParameterSchemaOrContent, ReferenceOr, Response, StatusCode,
};

use crate::diagnostic::{Diagnostic, code};
use crate::document::{SchemaType, SchemaView};
use crate::ident::{MethodName, TypeName};
use crate::ir::{
    Docs, HeaderCodec, Name, Outcome, Repr, ResponseBody, ResponseCase, ResponseCodec,
    ResponseHeader, Shape, Status, Type,
};
use crate::pointer::Pointer;

use super::naming::{self, Members};
use super::{Lowering, Place, docs};

/// The two sides of an operation's responses, and the name of what reads their headers.
pub(super) struct Outcomes {
    pub success: Outcome,
    pub failure: Outcome,
    pub headers_name: Option<TypeName>,
}

impl<'d> Lowering<'d, '_> {
    /// Sorts the responses into successes and failures.
    ///
    /// 2XX is a success. Where the document has none, 3XX is, then 1XX (a switch
    /// of protocols), and where it has no such either, `default` is both.
    pub(super) fn outcomes(
        &mut self,
        responses: &'d openapiv3::Responses,
        at: &Pointer,
        place: &Place,
        name: &str,
        http_method: &str,
    ) -> Outcomes {
        let mut cases = self.cases(responses, at, place);
        if http_method == "HEAD" {
            // The answer never has a body (RFC 9110, section 9.3.2).
            for case in &mut cases {
                case.bodies.clear();
            }
        }
        let class = |case: &ResponseCase| match case.status {
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
        let success = self.outcome(success, name, "Output", false);
        let failure = self.outcome(failure, name, "Failure", true);
        let headers = || self.names.operation_type(&format!("{name} Headers"));
        Outcomes {
            success,
            failure,
            headers_name: has_headers.then(headers),
        }
    }

    /// The documented responses: exact codes first, then ranges, then `default`.
    pub(super) fn cases(
        &mut self,
        responses: &'d openapiv3::Responses,
        at: &Pointer,
        place: &Place,
    ) -> Vec<ResponseCase> {
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
        cases
    }

    /// One side: an enum where a single type would not say all.
    fn outcome(
        &mut self,
        mut cases: Vec<ResponseCase>,
        name: &str,
        suffix: &str,
        always: bool,
    ) -> Outcome {
        name_variants(&mut cases);
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
        let key = (at, status);
        if let Some(known) = self.responses.get(&key) {
            return Some(known.clone());
        }
        let case = self.case(status, response, &key.0, place);
        let bodies = case.bodies.iter().map(|body| &body.ty);
        let mut types = bodies.chain(case.headers.iter().map(|header| &header.ty));
        // An inline schema is declared for each operation.
        if matches!(node, ReferenceOr::Reference { .. }) && types.all(is_of_components) {
            self.responses.insert(key, case.clone());
        }
        Some(case)
    }

    fn case(
        &mut self,
        status: Status,
        response: &'d Response,
        at: &Pointer,
        place: &Place,
    ) -> ResponseCase {
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
        ResponseCase {
            status,
            variant,
            bodies,
            headers,
            docs,
        }
    }

    /// The bodies by how they are read: media types that are read alike are one.
    ///
    /// A range stands behind what it holds, as a reader takes the first that fits.
    fn bodies(&mut self, content: &'d Content, at: &Pointer, place: &Place) -> Vec<ResponseBody> {
        let mut content: Vec<_> = content.iter().collect();
        content.sort_by_key(|(name, _)| breadth(sent(name)));
        let mut bodies: Vec<ResponseBody> = Vec::new();
        for (name, media_type) in content {
            let (at, name) = (at.child(name), sent(name));
            let codec = self.codec(name, media_type, &at);
            let ty = match codec {
                ResponseCodec::Json => self.media_type(media_type, &at, place),
                ResponseCodec::Text => {
                    self.text_examples(media_type, &at);
                    Type::String
                }
                ResponseCodec::Bytes => Type::Bytes,
            };
            let alike = |body: &ResponseBody| {
                let first = body.media_types.first();
                body.codec == codec
                    && body.ty == ty
                    && first.is_some_and(|other| breadth(other) == breadth(name))
            };
            match bodies.iter_mut().find(|body| alike(body)) {
                Some(body) => body.media_types.push(name.to_owned()),
                None => bodies.push(ResponseBody {
                    media_types: vec![name.to_owned()],
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
                let ty = self.node(&node, place).flat();
                self.media_type_examples(media_type, at, &ty, &node);
                ty
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
        let mut words_of_schema = None;
        let (mut ty, codec) = match &header.format {
            ParameterSchemaOrContent::Schema(schema) => {
                let node = self.document.node(schema, at.child("schema"));
                words_of_schema = Some(docs::of_value(&node, name));
                let typed = self.node(&node, &place);
                let ty = typed.clone().flat();
                self.note_examples(header.example.as_ref(), &header.examples, &at, &ty, &node);
                (typed.ty, HeaderCodec::Text)
            }
            ParameterSchemaOrContent::Content(content) => {
                let json = content.iter().find(|(name, _)| is_json(name));
                match json {
                    Some((name, media_type)) => {
                        let at = at.child("content").child(name);
                        (self.media_type(media_type, &at, &place), HeaderCodec::Json)
                    }
                    None => (Type::String, HeaderCodec::Text),
                }
            }
        };
        if codec == HeaderCodec::Text && !self.is_header_text(&ty) {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::HEADER_AS_TEXT,
                    &at,
                    format!("the header `{name}` is given as text"),
                )
                .related(at.child("schema").key(), "its schema")
                .help("write a schema of a string, a number, a boolean or a list of them, or `content: { application/json: .. }`"),
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

    /// How a body of a media type is read: where that says nothing of its form, its schema does.
    pub(super) fn codec(
        &mut self,
        name: &str,
        media_type: &'d MediaType,
        at: &Pointer,
    ) -> ResponseCodec {
        if is_json(name) {
            return ResponseCodec::Json;
        }
        let schema = media_type.schema.as_ref();
        let view =
            schema.and_then(|schema| self.document.node(schema, at.child("schema")).follow());
        let kind = view
            .as_ref()
            .and_then(|view| view.declared_type().or_else(|| view.inferred_type()));
        let is_any = view.as_ref().is_none_or(SchemaView::is_any);
        let is_structured = match kind {
            Some(SchemaType::Object | SchemaType::Array) => true,
            Some(_) => false,
            None => !is_any,
        };
        let codec = if is_text(name) {
            // A number or a boolean is the same text in JSON.
            if essence(name) == "text/plain" && kind.is_some_and(is_number) {
                return ResponseCodec::Json;
            }
            ResponseCodec::Text
        } else if !is_open(name) {
            ResponseCodec::Bytes
        } else if is_structured {
            return ResponseCodec::Json;
        } else {
            let is_binary = view
                .as_ref()
                .is_some_and(|view| view.format() == Some("binary"));
            match kind {
                Some(SchemaType::String) if !is_binary && is_range(name) => ResponseCodec::Text,
                Some(kind) if is_number(kind) && is_range(name) => ResponseCodec::Json,
                _ => ResponseCodec::Bytes,
            }
        };
        if is_structured {
            let (form, schema) = match codec {
                ResponseCodec::Text => ("text", "`type: string`"),
                ResponseCodec::Json | ResponseCodec::Bytes => {
                    ("bytes", "`type: string` and `format: binary`")
                }
            };
            self.diagnostics.push(
                Diagnostic::warning(
                    code::SCHEMA_NOT_USED,
                    at.child("schema"),
                    format!("a body of `{name}` is given as {form}, whatever its schema says"),
                )
                .related(at.key(), "the media type")
                .help(format!(
                    "write {schema} if that is meant: only JSON, and a form that is sent, goes by its schema"
                )),
            );
        }
        codec
    }

    /// Whether a type is read from the text of a header: a scalar, or a list of them.
    fn is_header_text(&self, ty: &Type) -> bool {
        match ty {
            Type::Vec(item) => self.is_scalar(item),
            ty => self.is_scalar(ty),
        }
    }

    /// Whether a value of a type is text, a number or a boolean.
    pub(super) fn is_scalar(&self, ty: &Type) -> bool {
        let Type::Named(path) = ty else {
            return is_scalar(ty);
        };
        let shape = self.types.iter().find(|def| def.path == *path);
        match shape.map(|def| &def.shape) {
            Some(Shape::Enum(shape)) => shape.repr == Repr::Text,
            Some(Shape::Alias(ty) | Shape::Newtype(ty)) => is_scalar(ty),
            _ => false,
        }
    }
}

/// Names the variants of an enum of responses.
pub(super) fn name_variants(cases: &mut [ResponseCase]) {
    let mut members = Members::<TypeName>::default();
    for case in cases {
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
}

/// How much a media type leaves open: with parameters, without, `text/*`, `*/*`.
fn breadth(media_type: &str) -> u8 {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    match essence.trim() {
        "*/*" => 3,
        essence if essence.ends_with("/*") => 2,
        _ if parameters.trim().is_empty() => 1,
        // The encoding of the text is no difference in what it says.
        _ if parameters
            .trim()
            .to_ascii_lowercase()
            .starts_with("charset") =>
        {
            1
        }
        _ => 0,
    }
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

/// Whether no schema declares a type that stands inside of another one, or of an operation.
fn is_of_components(ty: &Type) -> bool {
    match ty {
        Type::Named(path) => path.modules.is_empty(),
        ty => ty.parts().iter().all(is_of_components),
    }
}

/// The status that a key of the Responses Object is.
pub(super) fn status(code: &StatusCode) -> Option<Status> {
    match code {
        StatusCode::Code(code) => Some(Status::Code(*code)),
        StatusCode::Range(class) => u8::try_from(*class).ok().map(Status::Range),
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

/// Whether a media type says nothing of the form of its bodies: a range, or one of
/// `application` that is neither text nor known to be binary.
fn is_open(media_type: &str) -> bool {
    const BINARY: &[&str] = &[
        "octet-stream",
        "pdf",
        "zip",
        "gzip",
        "tar",
        "cbor",
        "msgpack",
        "protobuf",
        "avro",
        "bson",
        "parquet",
        "wasm",
        "signed",
        "pkcs",
    ];
    let essence = essence(media_type);
    let Some(subtype) = essence.strip_prefix("application/") else {
        return essence == "*/*";
    };
    !BINARY.iter().any(|binary| subtype.contains(binary))
}

/// `image/*`, `*/*`
fn is_range(media_type: &str) -> bool {
    essence(media_type).ends_with("/*")
}

/// Whether a value of a type is its own text in JSON too.
fn is_number(kind: SchemaType) -> bool {
    matches!(
        kind,
        SchemaType::Integer | SchemaType::Number | SchemaType::Boolean
    )
}

/// A media type as it is sent: a mere `*`, which older clients sent, is `*/*`.
pub(super) fn sent(media_type: &str) -> &str {
    match media_type.trim() {
        "*" => "*/*",
        _ => media_type,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mere_star_is_any_media_type() {
        assert_eq!(sent("*"), "*/*");
        assert_eq!(sent("image/*"), "image/*");
        assert_eq!(breadth(sent("*")), breadth("*/*"));
    }
}
