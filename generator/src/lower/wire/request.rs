//! The call of an operation, and the request that it has to send (wire rules 13 to 17).

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostics;
use crate::document::{SchemaType, SchemaView};
use crate::ir::{
    Argument, BodyChoice, BodyCodec, Operation, Parameter, Place, QueryStyle, SchemeKind, Server,
    Shape, Style, Tagging, Type, TypePath, Union, UnionVariant, WireBody, WireRequest, WireTest,
};

use super::super::call::{Call, Sample};
use super::super::example::{self, Direction};
use super::super::facets::Facets;
use super::super::response::is_json;
use super::style::{self, Part};
use super::{Making, ORIGIN, Tester, basic, is_absolute, secret};

/// Headers that the transport acts upon, so that no test gives them.
const OF_TRANSPORT: &[&str] = &["connection", "expect", "host", "upgrade"];

/// The boundary that stands for any.
const BOUNDARY: &str = "boundary";

/// What a request is put together from.
#[derive(Default)]
struct Pieces {
    variables: Vec<(String, String)>,
    query: Vec<String>,
    headers: BTreeMap<String, String>,
    cookies: Vec<String>,
}

/// What of a call is given that need not be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// All that there is a value for, and the body in one of its media types.
    All { choice: usize },
    /// The lists, without an item.
    EmptyLists,
}

impl Tester<'_> {
    /// The call, and what it has to send.
    pub(super) fn test(
        self,
        operation: &Operation,
        call: &Call<'_>,
        extent: Given,
    ) -> Result<WireTest, String> {
        let mut pieces = Pieces::default();
        let mut parameters = Vec::new();
        for (parameter, sample) in operation.parameters.iter().zip(&call.parameters) {
            let argument = if parameter.required || extent != Given::EmptyLists {
                self.parameter(parameter, sample, &mut pieces)
            } else {
                self.empty_list(parameter, sample)
            };
            if argument.is_none() && parameter.required {
                return Err(format!(
                    "no value for the parameter `{}`",
                    parameter.name.wire
                ));
            }
            parameters.push(argument);
        }
        let accept = accepted(operation);
        if !accept.is_empty() {
            pieces.headers.entry("accept".to_owned()).or_insert(accept);
        }
        let (choice, mut name) = match extent {
            Given::All { choice } => (choice, operation.method_name.clone()),
            Given::EmptyLists => {
                let name = operation.method_name.suffixed("_with_empty_lists");
                (0, self.unused(&name))
            }
        };
        let (mut given, mut sent) = (None, WireBody::Empty);
        if let Some(body) = &operation.body
            && (body.required || extent != Given::EmptyLists)
            && let Some(one) = body.choices.get(choice)
        {
            let (argument, written) = self
                .request_body(one, call, &mut pieces)
                .ok_or_else(|| format!("there is no value for a body of `{}`", one.media_type))?;
            let argument = match &body.choice_type {
                None => argument,
                Some(ty) => Argument::Choice(ty.clone(), one.variant.clone(), Box::new(argument)),
            };
            if choice > 0 {
                name = self.unused(&name.suffixed(&format!("_with_body_{}", choice + 1)));
            }
            (given, sent) = (Some(argument), written);
        }
        self.credentials(operation, &mut pieces)?;
        if !pieces.cookies.is_empty() {
            pieces
                .headers
                .insert("cookie".to_owned(), pieces.cookies.join("; "));
        }
        let request = WireRequest {
            method: operation.http_method.clone(),
            url: self.url(operation, &pieces)?,
            headers: pieces.headers.into_iter().collect(),
            body: sent,
        };
        Ok(WireTest {
            name,
            parameters,
            body: given,
            request,
            answers: Vec::new(),
        })
    }

    /// Puts a parameter into the request, and gives the argument for it.
    fn parameter(
        self,
        parameter: &Parameter,
        sample: &Sample<'_>,
        pieces: &mut Pieces,
    ) -> Option<Argument> {
        let name = parameter.name.wire.as_str();
        let header = name.to_ascii_lowercase();
        if matches!(
            parameter.style,
            Style::Header { .. } | Style::Json(Place::Header)
        ) && OF_TRANSPORT.contains(&header.as_str())
        {
            return None;
        }
        let making = sample.schema.as_ref().map(|node| Making {
            node,
            hint: name,
            direction: Direction::Sent,
            levels: 2,
            odd: match &parameter.style {
                Style::Path { .. } | Style::Json(Place::Path) => " a/b?%20ü",
                Style::Query { .. } | Style::Json(Place::Query) => ": a/b&%20ü",
                Style::Cookie { .. } | Style::Json(Place::Cookie) => " 1;%20ü",
                Style::Header { .. } | Style::Json(Place::Header) => "",
            },
        });
        let fits = |json: &Json| Written::of(parameter, json).is_some();
        let (json, written) = self.value(&parameter.ty, sample.given, making, fits)?;
        match Written::of(parameter, &written)? {
            Written::Path(text) => pieces.variables.push((name.to_owned(), text)),
            Written::Query(pairs) => pieces.query.extend(pairs),
            Written::Cookies(cookies) => pieces.cookies.extend(cookies),
            Written::Header(text) => {
                pieces.headers.insert(header, text);
            }
        }
        Some(self.argument(&parameter.ty, json))
    }

    /// The argument without an item of a parameter that need not have one: it sends nothing (wire
    /// rule 13).
    pub(super) fn empty_list(self, parameter: &Parameter, sample: &Sample<'_>) -> Option<Argument> {
        let is_joined = match &parameter.style {
            Style::Query { style, .. } => *style != QueryStyle::DeepObject,
            Style::Header { .. } | Style::Cookie { .. } => true,
            Style::Path { .. } | Style::Json(_) => false,
        };
        if parameter.required || !is_joined {
            return None;
        }
        let facets = Facets::of(&sample.schema.as_ref()?.follow()?);
        let scratch = &mut Diagnostics::default();
        let is_list = facets.value_type(scratch) == Some(SchemaType::Array);
        let may_be_empty = facets.last(SchemaView::min_items).unwrap_or_default() == 0;
        let json = json!([]);
        let is_read = self.codec.written(&parameter.ty, &json).as_ref() == Some(&json);
        (is_list && may_be_empty && is_read).then(|| self.argument(&parameter.ty, json))
    }

    fn argument(self, ty: &Type, json: Json) -> Argument {
        Argument::Value {
            ty: ty.clone(),
            value: self.expressions.of(ty, &json),
            json,
        }
    }

    /// The body of a media type: the argument for it, and what is sent.
    fn request_body(
        self,
        choice: &BodyChoice,
        call: &Call<'_>,
        pieces: &mut Pieces,
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
                let (json, written) = self.body_value(choice, call)?;
                let body = match codec {
                    BodyCodec::Form(fields) => WireBody::Text(style::form(&written, fields)?),
                    BodyCodec::Multipart(parts) => {
                        media_type.push_str("; boundary=");
                        media_type.push_str(BOUNDARY);
                        let content_type = |name: &str| {
                            let part = parts.iter().find(|part| part.name == name);
                            part.and_then(|part| part.content_type.as_deref())
                        };
                        let is_file = |name: &str, value: &Json| {
                            self.is_file(&choice.ty, &written, name, value)
                        };
                        WireBody::Text(multipart(&written, content_type, is_file)?)
                    }
                    BodyCodec::Text | BodyCodec::Bytes => {
                        WireBody::Text(written.as_str()?.to_owned())
                    }
                    BodyCodec::Json => WireBody::Json(written),
                };
                (self.argument(&choice.ty, json), body)
            }
        };
        pieces.headers.insert("content-type".to_owned(), media_type);
        Some((argument, body))
    }

    fn body_value(self, choice: &BodyChoice, call: &Call<'_>) -> Option<(Json, Json)> {
        let source = &call.source;
        let body = source.operation.request_body.as_ref()?;
        let (body, at) = self
            .document
            .resolve(body, source.pointer.child("requestBody"))?;
        // A range is another media type when it is sent.
        let mut contents = body.content.iter();
        let position = contents.position(|(name, _)| *name == choice.media_type);
        let (name, media_type) = body.content.get_index(position.unwrap_or_default())?;
        let at = at.child("content").child(name);
        let given = example::given(
            self.document,
            media_type.example.as_ref(),
            &media_type.examples,
            &at,
        );
        let node = media_type.schema.as_ref();
        let node = node.map(|schema| self.document.node(schema, at.child("schema")));
        let making = node.as_ref().map(|node| Making {
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
            _ => true,
        };
        self.value(&choice.ty, given, making, fits)
    }

    /// Whether a part of a body is a file, or a list of them.
    fn is_file(self, ty: &Type, body: &Json, name: &str, value: &Json) -> bool {
        let mut next = path_of(ty);
        for _ in 0..32 {
            match next.and_then(|path| self.codec.shape(path)) {
                Some(Shape::Struct(shape)) => {
                    let field = shape.fields.iter().find(|field| field.name.wire == name);
                    return field.is_some_and(|field| self.is_bytes(&field.ty, value));
                }
                Some(Shape::Alias(ty) | Shape::Newtype(ty)) => next = path_of(ty),
                Some(Shape::Union(shape)) => {
                    next = self
                        .branch(shape, body)
                        .and_then(|variant| path_of(&variant.ty));
                }
                _ => return false,
            }
        }
        false
    }

    /// The branch of a union that a value is of.
    fn branch<'u>(self, shape: &'u Union, value: &Json) -> Option<&'u UnionVariant> {
        let mut variants = shape.variants.iter();
        match &shape.tagging {
            Tagging::Property(property) => {
                let tag = value.get(property)?.as_str()?;
                variants.find(|variant| variant.tags.iter().any(|one| one == tag))
            }
            Tagging::Untagged => variants
                .find(|variant| self.codec.written(&variant.ty, value).as_ref() == Some(value)),
        }
    }

    /// Whether a value is bytes, or a list of them, as a type reads it.
    fn is_bytes(self, ty: &Type, value: &Json) -> bool {
        let mut next = ty;
        let mut value = value;
        for _ in 0..32 {
            next = match next {
                Type::Bytes => return true,
                Type::Option(ty) | Type::Box(ty) => ty,
                Type::Vec(ty) => {
                    value = value.get(0).unwrap_or(value);
                    ty
                }
                Type::Named(path) => match self.codec.shape(path) {
                    Some(Shape::Alias(ty) | Shape::Newtype(ty)) => ty,
                    Some(Shape::Union(shape)) => match self.branch(shape, value) {
                        Some(variant) => &variant.ty,
                        None => return false,
                    },
                    _ => return false,
                },
                _ => return false,
            };
        }
        false
    }

    /// The first alternative of `security` that asks for something (wire rule 16).
    fn credentials(self, operation: &Operation, pieces: &mut Pieces) -> Result<(), String> {
        let mut alternatives = operation.security.iter();
        let asked = alternatives.find(|alternative| !alternative.is_empty());
        for name in asked.into_iter().flatten() {
            let mut schemes = self.schemes.iter();
            let Some(scheme) = schemes.find(|scheme| scheme.name.wire == name.wire) else {
                return Err(format!(
                    "the security scheme `{}` is not declared",
                    name.wire
                ));
            };
            let secret = secret(scheme);
            let authorization = match &scheme.kind {
                SchemeKind::MutualTls => continue,
                SchemeKind::Header(name) => {
                    pieces.headers.insert(name.to_ascii_lowercase(), secret);
                    continue;
                }
                SchemeKind::Query(name) => {
                    pieces.query.push(format!(
                        "{}={}",
                        style::encode(name),
                        style::encode(&secret)
                    ));
                    continue;
                }
                SchemeKind::Cookie(name) => {
                    pieces.cookies.push(format!("{name}={secret}"));
                    continue;
                }
                SchemeKind::Bearer => format!("Bearer {secret}"),
                SchemeKind::Basic => format!("Basic {}", basic(scheme)),
                SchemeKind::Http(word) => format!("{word} {secret}"),
            };
            pieces
                .headers
                .insert("authorization".to_owned(), authorization);
        }
        Ok(())
    }

    /// The server, the path and the query.
    fn url(self, operation: &Operation, pieces: &Pieces) -> Result<String, String> {
        let server = match operation.servers.first().map(Server::default_url) {
            None => self.server.to_owned(),
            Some(own) if is_absolute(&own) => own,
            Some(own) if own.starts_with('/') && !own.contains('{') => {
                let after = self.server.find("://").map_or(0, |at| at + 3);
                let host = self.server.get(after..).unwrap_or_default();
                let end = host.find('/').map_or(self.server.len(), |at| after + at);
                format!("{}{own}", self.server.get(..end).unwrap_or(ORIGIN))
            }
            Some(own) => return Err(format!("its server `{own}` is no URL")),
        };
        // What follows a `#` tells operations apart and is not sent.
        let template = operation.path.split('#').next().unwrap_or_default();
        let (path, fixed) = match template.split_once('?') {
            Some((path, fixed)) => (path, Some(fixed)),
            None => (template, None),
        };
        let mut path = style::encode_but(path, "{}/%!$&'()*+,;=:@");
        for (name, value) in &pieces.variables {
            let name = style::encode_but(name, "{}/%!$&'()*+,;=:@");
            path = path.replace(&format!("{{{name}}}"), value);
        }
        if path.contains(['{', '}']) {
            return Err("its path has a variable that is no parameter".to_owned());
        }
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        let mut query: Vec<String> = fixed
            .map(|fixed| style::encode_but(fixed, "/%!$&'()*+,;=:@?"))
            .into_iter()
            .collect();
        query.extend(pieces.query.iter().cloned());
        let mut url = format!("{}{path}", server.trim_end_matches('/'));
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query.join("&"));
        }
        Ok(url)
    }
}

/// A parameter on the wire.
enum Written {
    Path(String),
    Query(Vec<String>),
    Header(String),
    Cookies(Vec<String>),
}

fn path_of(ty: &Type) -> Option<&TypePath> {
    match ty {
        Type::Named(path) => Some(path),
        _ => None,
    }
}

impl Written {
    /// `None` where the value has no form in the parameter's style, or one that its place refuses.
    fn of(parameter: &Parameter, json: &Json) -> Option<Self> {
        let name = parameter.name.wire.as_str();
        let header = |text: String| {
            let is_legal = !text.is_empty() && !text.chars().any(char::is_control);
            (is_legal && text.trim() == text).then_some(Self::Header(text))
        };
        let json_pair = || {
            format!(
                "{}={}",
                style::encode(name),
                style::encode(&json.to_string())
            )
        };
        Some(match &parameter.style {
            Style::Path { style, explode } => {
                Self::Path(style::path(name, json, *style, *explode)?)
            }
            Style::Query {
                style,
                explode,
                allow_reserved,
            } => Self::Query(style::query(name, json, *style, *explode, *allow_reserved)?),
            Style::Header { explode } => header(style::header(json, *explode)?)?,
            Style::Cookie { explode } => Self::Cookies(style::cookie(name, json, *explode)?),
            Style::Json(Place::Path) => Self::Path(style::encode(&json.to_string())),
            Style::Json(Place::Query) => Self::Query(vec![json_pair()]),
            Style::Json(Place::Header) => header(json.to_string())?,
            Style::Json(Place::Cookie) => Self::Cookies(vec![json_pair()]),
        })
    }
}

/// The media types of all documented responses, as `Accept` has them (RFC 9110, section 12.5.1).
fn accepted(operation: &Operation) -> String {
    let mut accepted: Vec<&str> = Vec::new();
    let cases = [&operation.success, &operation.failure];
    let bodies = cases.into_iter().flat_map(|outcome| &outcome.cases);
    for media_type in bodies
        .flat_map(|case| &case.bodies)
        .flat_map(|body| &body.media_types)
    {
        if !accepted.contains(&media_type.as_str()) {
            accepted.push(media_type);
        }
    }
    accepted.join(", ")
}

/// A body of parts, its lines ended by `\n` alone.
fn multipart<'p>(
    value: &Json,
    content_type: impl Fn(&str) -> Option<&'p str>,
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
                content_type: content_type(name),
            };
            let (headers, content) = part.text(is_json);
            let headers = headers.join("\n");
            text.extend(["--", BOUNDARY, "\n", &headers, "\n\n", &content, "\n"]);
        }
    }
    text.extend(["--", BOUNDARY, "--\n"]);
    Some(text)
}
