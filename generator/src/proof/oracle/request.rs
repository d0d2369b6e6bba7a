//! The call of an operation in a test, and the expected request (wire rules 13 to 17).

use std::collections::BTreeMap;

use openapiv3::{MediaType, RequestBody};
use serde_json::{Value as Json, json};

use crate::document::{SchemaType, SchemaView};
use crate::ident::TypeName;
use crate::ir::{
    self, BodyChoice, BodyCodec, Operation, Parameter, ParameterLocation, Presence, QueryStyle,
    Server, Shape, Style, Tagging, Type, TypePath, Union, UnionVariant,
};
use crate::lower::{
    MergedSchema, OperationOrigin, ParameterOrigin, documented_values, is_json, is_range, listed,
    preference,
};
use crate::pointer::Pointer;
use crate::proof::model::{Argument, ChosenFile, WireBody, WireRequest, WireTest};
use crate::proof::sample::{self, Direction};
use crate::values::tag_text;

use super::credential::{basic, secret};
use super::documented::{self, Carrier};
use super::page_value::{self, PageValue};
use super::style::{self, Part};
use super::tester::{ORIGIN, SampleSpec, Tester, is_absolute, plain};

/// Headers that the transport handles, so that no test sets them.
const OF_TRANSPORT: &[&str] = &["connection", "expect", "host", "upgrade"];

/// Maximum number of branches of a union that are sent.
const MOST_BRANCHES: usize = 64;

/// A placeholder for any boundary.
const BOUNDARY: &str = "boundary";

/// The parts of a request.
#[derive(Default)]
struct Pieces {
    variables: Vec<(String, String)>,
    query: Vec<String>,
    headers: BTreeMap<String, String>,
    cookies: Vec<String>,
}

/// The optional arguments of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// All arguments that have a value, with the body in one of its media types, as one of the
    /// branches of its union.
    All { choice: usize, branch: usize },
    /// The lists, empty.
    EmptyLists,
}

impl Default for Given {
    fn default() -> Self {
        let (choice, branch) = (0, 0);
        Self::All { choice, branch }
    }
}

impl Tester<'_> {
    /// Returns the call and the expected request.
    pub(super) fn test(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        extent: Given,
    ) -> Result<WireTest, String> {
        self.test_of_page(operation, origin, extent, None)
    }

    /// Returns the call for a page, and the request that it sends.
    pub(super) fn test_of_page(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        extent: Given,
        page: Option<PageValue<'_>>,
    ) -> Result<WireTest, String> {
        let mut pieces = Pieces::default();
        let mut parameters = Vec::new();
        for (parameter, sample) in operation.parameters.iter().zip(&origin.parameters) {
            let argument = if parameter.required || extent != Given::EmptyLists {
                self.parameter(parameter, sample, page, &mut pieces)
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
        let accept = documented::accept(self.document, &origin.source, &accepted(operation));
        if !accept.is_empty() {
            pieces.headers.entry("accept".to_owned()).or_insert(accept);
        }
        let (choice, branch, mut name) = match extent {
            Given::All { choice, branch } => (choice, branch, operation.method_name.clone()),
            Given::EmptyLists => {
                let name = operation.method_name.suffixed("_with_empty_lists");
                (0, 0, self.unused(&name))
            }
        };
        let (mut given, mut sent) = (None, WireBody::Empty);
        if let Some(body) = &operation.body
            && (body.required || extent != Given::EmptyLists)
            && let Some(one) = body.choices.get(choice)
        {
            let (argument, written) = self
                .request_body(one, branch, origin, &mut pieces)
                .ok_or_else(|| format!("there is no value for a body of `{}`", one.media_type))?;
            let argument = match &body.choice_type {
                None => argument,
                Some(ty) => Argument::Choice(ty.clone(), one.variant.clone(), Box::new(argument)),
            };
            if choice > 0 {
                name = self.unused(&name.suffixed(&format!("_with_body_{}", choice + 1)));
            }
            if branch > 0 {
                name = self.unused(&name.suffixed(&format!("_with_branch_{}", branch + 1)));
            }
            (given, sent) = (Some(argument), written);
        }
        self.credentials(origin, &mut pieces)?;
        if !pieces.cookies.is_empty() {
            pieces
                .headers
                .insert("cookie".to_owned(), pieces.cookies.join("; "));
        }
        let request = WireRequest {
            method: origin.source.method.to_owned(),
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
            pages: None,
        })
    }

    /// Adds a parameter to the request, and returns its argument.
    fn parameter(
        self,
        parameter: &Parameter,
        sample: &ParameterOrigin<'_>,
        page: Option<PageValue<'_>>,
        pieces: &mut Pieces,
    ) -> Option<Argument> {
        let name = parameter.name.wire.as_str();
        let header = name.to_ascii_lowercase();
        let style = documented::style(sample.source, self.arrays);
        if matches!(
            style,
            Style::Header { .. } | Style::Json(ParameterLocation::Header)
        ) && OF_TRANSPORT.contains(&header.as_str())
        {
            return None;
        }
        let spec = sample.schema.as_ref().map(|node| SampleSpec {
            node,
            hint: name,
            direction: Direction::Sent,
            levels: 2,
            odd: match &style {
                Style::Path { .. } | Style::Json(ParameterLocation::Path) => " a/b?%20ü",
                Style::Query { .. } | Style::Json(ParameterLocation::Query) => ": a/b&%20ü",
                Style::Cookie { .. } | Style::Json(ParameterLocation::Cookie) => " 1;%20ü",
                Style::Header { .. } | Style::Json(ParameterLocation::Header) => "",
            },
        });
        let fits = |json: &Json| Serialized::of(name, &style, json).is_some();
        let mut value = self.value(&parameter.ty, sample.given, spec, fits);
        if let Some(page) = page
            && page.parameter.query.as_deref() == Some(name)
            && matches!(
                style,
                Style::Query { .. } | Style::Json(ParameterLocation::Query)
            )
        {
            let mut json = value.map(|(json, _)| json).unwrap_or_default();
            page_value::set(&mut json, &page.parameter.path, Some(page.value.clone()))?;
            let written = plain(self.codec.written(&parameter.ty, &json)?);
            value = Some((json, written));
        }
        let (json, written) = value?;
        match Serialized::of(name, &style, &written)? {
            Serialized::Path(text) => pieces.variables.push((name.to_owned(), text)),
            Serialized::Query(pairs) => pieces.query.extend(pairs),
            Serialized::Cookies(cookies) => pieces.cookies.extend(cookies),
            Serialized::Header(text) => {
                pieces.headers.insert(header, text);
            }
        }
        Some(self.argument(&parameter.ty, json))
    }

    /// Returns an empty list as the argument of an optional parameter: it sends nothing (wire rule
    /// 13).
    pub(super) fn empty_list(
        self,
        parameter: &Parameter,
        sample: &ParameterOrigin<'_>,
    ) -> Option<Argument> {
        let is_joined = match &parameter.style {
            Style::Query { style, .. } => !matches!(style, QueryStyle::DeepObject(_)),
            Style::Header { .. } | Style::Cookie { .. } => true,
            Style::Path { .. } | Style::Json(_) => false,
        };
        if parameter.required || !is_joined {
            return None;
        }
        let merged = MergedSchema::of(&sample.schema.as_ref()?.follow()?);
        let is_list = merged.value_type() == Some(SchemaType::Array);
        let may_be_empty = merged.last(SchemaView::min_items).unwrap_or_default() == 0;
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

    /// Returns the argument for the body with a media type, and the expected body.
    fn request_body(
        self,
        choice: &BodyChoice,
        branch: usize,
        origin: &OperationOrigin<'_>,
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
        pieces.headers.insert("content-type".to_owned(), media_type);
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
    pub(super) fn branches(self, choice: &BodyChoice, origin: &OperationOrigin<'_>) -> usize {
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

    /// Returns the files of a body that need a media type from the caller, or `None` if the test
    /// cannot set one.
    fn files_to_choose(self, choice: &BodyChoice, body: &Json) -> Option<Vec<ChosenFile>> {
        let BodyCodec::Multipart(parts) = &choice.codec else {
            return Some(Vec::new());
        };
        let mut files = Vec::new();
        for part in parts {
            let types = part.content_type.as_deref().unwrap_or_default();
            let types: Vec<&str> = listed(types).collect();
            let Some(media_type) = style::chosen(&types) else {
                continue;
            };
            let Some(value) = body.get(&part.name) else {
                continue;
            };
            if !self.is_file(&choice.ty, body, &part.name, value) {
                continue;
            }
            let body = self.unaliased(&choice.ty);
            let Some(Shape::Struct(shape)) = path_of(body).and_then(|path| self.codec.shape(path))
            else {
                return None;
            };
            let mut fields = shape.fields.iter();
            let field = fields.find(|field| field.name.wire == part.name)?;
            let (ty, variant) = self.place_of_file(&field.ty, value)?;
            let is_option = matches!(field.presence, Presence::Nullable | Presence::Optional);
            files.push(ChosenFile {
                field: field.name.rust.clone(),
                ty: if is_option {
                    Type::Option(Box::new(ty))
                } else {
                    ty
                },
                variant,
                media_type,
            });
        }
        Some(files)
    }

    /// Returns a type with aliases resolved.
    fn unaliased<'u>(self, ty: &'u Type) -> &'u Type
    where
        Self: 'u,
    {
        let mut ty = ty;
        while let Some(Shape::Alias(inner)) = path_of(ty).and_then(|path| self.codec.shape(path)) {
            ty = inner;
        }
        ty
    }

    /// Returns the type of a field with files, with aliases resolved, and the variant of a file if
    /// it is a union. Returns `None` for other types.
    fn place_of_file(self, ty: &Type, value: &Json) -> Option<(Type, Option<TypeName>)> {
        let ty = self.unaliased(ty);
        match ty {
            Type::Bytes => Some((Type::Bytes, None)),
            Type::Option(inner) => {
                let (inner, variant) = self.place_of_file(inner, value)?;
                Some((Type::Option(Box::new(inner)), variant))
            }
            Type::Vec(inner) => {
                let (inner, variant) = self.place_of_file(inner, value.get(0)?)?;
                Some((Type::Vec(Box::new(inner)), variant))
            }
            Type::Named(path) => {
                let Some(Shape::Union(shape)) = self.codec.shape(path) else {
                    return None;
                };
                let variant = self.branch(shape, value)?;
                let is_file = *self.unaliased(&variant.ty) == Type::Bytes;
                is_file.then(|| (ty.clone(), Some(variant.name.clone())))
            }
            _ => None,
        }
    }

    /// Returns `true` if a part of a body is a file or a list of files.
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

    /// Returns the branch of a union that a value matches.
    fn branch<'u>(self, shape: &'u Union, value: &Json) -> Option<&'u UnionVariant> {
        let mut variants = shape.variants.iter();
        match &shape.tagging {
            Tagging::Property(property) => {
                let tag = tag_text(value.get(property)?)?;
                variants.find(|variant| variant.tags.contains(&tag))
            }
            Tagging::Untagged => {
                let mut variants: Vec<_> = variants.collect();
                self.codec.rank(&mut variants, value);
                let best = variants.into_iter().next()?;
                self.codec.written(&best.ty, value).map(|_| best)
            }
        }
    }

    /// Returns `true` if a type reads a value as bytes or a list of bytes.
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

    /// Adds the required credentials (wire rule 16). If several share a place, only the first is
    /// added.
    fn credentials(self, origin: &OperationOrigin<'_>, pieces: &mut Pieces) -> Result<(), String> {
        let asked = documented::asked(self.document, &origin.source);
        let undeclared = asked.iter().find(|name| {
            let mut schemes = self.schemes.iter();
            schemes.all(|scheme| scheme.name.wire != **name)
        });
        if let Some(name) = undeclared {
            return Err(format!("the security scheme `{name}` is not declared"));
        }
        let mut known = Vec::new();
        let schemes = self.schemes.iter();
        for scheme in schemes.filter(|scheme| asked.contains(&scheme.name.wire.as_str())) {
            let Some(carrier) = documented::carrier(self.document, &scheme.name.wire) else {
                continue;
            };
            let secret = secret(scheme);
            let place = match &carrier {
                Carrier::Connection => continue,
                Carrier::Authorization(_) => ("header", "authorization".to_owned()),
                Carrier::Header(name) => ("header", name.to_ascii_lowercase()),
                Carrier::Query(name) => ("query", (*name).to_owned()),
                Carrier::Cookie(name) => ("cookie", (*name).to_owned()),
            };
            if known.contains(&place) {
                continue;
            }
            let (_, name) = place.clone();
            known.push(place);
            let value = match carrier {
                Carrier::Authorization("Basic") => format!("Basic {}", basic(scheme)),
                Carrier::Authorization(word) => format!("{word} {secret}"),
                _ => secret,
            };
            match carrier {
                Carrier::Query(_) => {
                    let pair = [style::encode(&name), style::encode(&value)];
                    pieces.query.push(pair.join("="));
                }
                Carrier::Cookie(_) => pieces.cookies.push(format!("{name}={value}")),
                _ => {
                    pieces.headers.insert(name, value);
                }
            }
        }
        Ok(())
    }

    /// Returns the URL: server, path and query.
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
            Some(own) => return Err(format!("its server `{own}` is not a URL")),
        };
        // A fragment only distinguishes operations and is not sent.
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
            return Err("its path has a variable that is not a parameter".to_owned());
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

/// A serialized parameter.
enum Serialized {
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

impl Serialized {
    /// Serializes a value. Returns `None` if the style cannot serialize it, or its place does not
    /// allow the text.
    fn of(name: &str, style: &Style, json: &Json) -> Option<Self> {
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
        Some(match style {
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
            Style::Json(ParameterLocation::Path) => Self::Path(style::encode(&json.to_string())),
            Style::Json(ParameterLocation::Query) => Self::Query(vec![json_pair()]),
            Style::Json(ParameterLocation::Header) => header(json.to_string())?,
            Style::Json(ParameterLocation::Cookie) => Self::Cookies(vec![json_pair()]),
        })
    }
}

/// Returns the media types of all documented responses for `Accept` (RFC 9110, section 12.5.1):
/// those of successes, JSON first, then those of failures, then ranges.
fn accepted(operation: &Operation) -> String {
    let mut groups: [Vec<&str>; 5] = Default::default();
    for (first, outcome) in [(0, &operation.success), (2, &operation.failure)] {
        let bodies = outcome.cases.iter().flat_map(|case| &case.bodies);
        for media_type in bodies.flat_map(|body| &body.media_types) {
            let media_type = accepted_as(media_type);
            let group = match (is_range(media_type), is_json(media_type)) {
                (true, _) => 4,
                (false, true) => first,
                (false, false) => first + 1,
            };
            let is_known = groups.iter().flatten().any(|known| *known == media_type);
            if let Some(group) = groups.get_mut(group).filter(|_| !is_known) {
                group.push(media_type);
            }
        }
    }
    for group in &mut groups {
        group.sort_by_key(|media_type| preference(media_type));
    }
    groups.concat().join(", ")
}

/// Returns a range for `Accept`: HTTP has no ranges of subtypes.
fn accepted_as(media_type: &str) -> &str {
    let essence = media_type.split(';').next().unwrap_or_default();
    match essence.trim().split_once('/') {
        Some((_, subtype)) if subtype == "*" || !subtype.contains('*') => media_type,
        Some((_, subtype)) if subtype.ends_with("+json") => "application/json",
        Some((_, subtype)) if subtype.ends_with("+xml") => "application/xml",
        Some(("application", _)) => "application/*",
        _ => "*/*",
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
