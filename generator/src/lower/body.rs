//! Request bodies: media types, serialization and parts (wire rule 15).

use indexmap::IndexMap;
use openapiv3::{Encoding, MediaType, QueryStyle as ModelledQueryStyle, ReferenceOr, RequestBody};

use crate::diagnostic::{Diagnostic, code};
use crate::document::{SchemaNode, SchemaType, carried};
use crate::ident::TypeName;
use crate::inline_code;
use crate::ir::{
    ArrayForm, Body, BodyChoice, BodyCodec, BodyNote, Docs, FieldStyle, FormField, Note,
    QueryStyle, ResponseCodec, Type,
};
use crate::pointer::Pointer;

use super::all_of::MergedSchema;
use super::inline_site::InlineSite;
use super::lowering::Lowering;
use super::media_type::{
    self, charset, essence, is_json, is_plain_json, is_range, parameters, sent, subtype,
};
use super::multipart;
use super::naming::Members;
use super::response_content::same_schema;
use super::type_draft::ShapeDraft;

/// The media type of an HTML form without files.
const FORM: &str = "application/x-www-form-urlencoded";

/// The first media type of a body, with its pointer.
pub(super) type BodySource<'d> = (&'d MediaType, Pointer);

/// One media type of a request body.
struct Entry<'d> {
    /// The key in `content`.
    key: &'d str,
    schema: Option<SchemaNode<'d>>,
    codec: BodyCodec,
    ty: Type,
}

impl Entry<'_> {
    /// Returns `true` if the body is JSON of no particular kind.
    fn is_plain_json(&self) -> bool {
        self.codec == BodyCodec::Json && (is_plain_json(self.key) || is_range(sent(self.key)))
    }

    /// Returns `true` if a body of the other media type can be sent as this one.
    fn takes(&self, other: &Self) -> bool {
        let is_json = self.codec == BodyCodec::Json && other.codec == BodyCodec::Json;
        is_json
            && same_schema(self.schema.as_ref(), other.schema.as_ref())
            && parameters(self.key) == parameters(other.key)
            && (is_range(sent(other.key)) || self.is_plain_json() && other.is_plain_json())
    }

    fn choice(self, members: &mut Members<TypeName>) -> BodyChoice {
        let name = sent(self.key);
        let (essence, parameters) = name.split_at(name.find(';').unwrap_or(name.len()));
        // A range cannot be sent as a media type.
        let media_type = match (&self.codec, essence.trim()) {
            (BodyCodec::Json, essence) if is_range(essence) => {
                format!("application/json{parameters}")
            }
            (BodyCodec::Multipart(_), essence) if is_range(essence) => {
                format!("multipart/form-data{parameters}")
            }
            // The caller chooses the boundary.
            (BodyCodec::Bytes, essence)
                if media_type::essence(essence).starts_with("multipart/") =>
            {
                "multipart/*".to_owned()
            }
            _ => name.to_owned(),
        };
        let kind = match &self.codec {
            BodyCodec::Json => subtype(&media_type),
            _ => subtype(name),
        };
        BodyChoice {
            variant: members.variant(kind),
            media_type,
            key: self.key.to_owned(),
            codec: self.codec,
            ty: self.ty,
        }
    }
}

/// Merges media types that are sent the same way: the names and ranges of plain JSON with one
/// schema. `application/json` is sent if it is among them.
///
/// A special JSON type such as `application/merge-patch+json` stays separate, since the server may
/// treat it differently.
fn joined(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let rank = |entry: &Entry<'_>| {
        (
            is_range(sent(entry.key)),
            essence(entry.key) != "application/json",
        )
    };
    let mut ranked: Vec<(usize, Entry<'_>)> = entries.into_iter().enumerate().collect();
    ranked.sort_by_key(|(_, entry)| (rank(entry), !entry.is_plain_json()));
    let mut joined: Vec<(usize, Entry<'_>)> = Vec::new();
    for (position, entry) in ranked {
        match joined.iter_mut().find(|(_, known)| known.takes(&entry)) {
            Some((first, _)) => *first = position.min(*first),
            None => joined.push((position, entry)),
        }
    }
    joined.sort_by_key(|(position, _)| *position);
    joined.into_iter().map(|(_, entry)| entry).collect()
}

impl<'d> Lowering<'d, '_> {
    /// Lowers a request body. If it has several media types, `name` names their enum.
    pub(super) fn lower_body(
        &mut self,
        node: &'d ReferenceOr<RequestBody>,
        at: &Pointer,
        site: &InlineSite,
        name: impl FnOnce(&mut Self) -> TypeName,
    ) -> Option<(Body, Option<BodySource<'d>>)> {
        let (body, at) = self.context.document.resolve(node, at.clone())?;
        let mut entries: Vec<Entry<'d>> = Vec::new();
        let mut types = Vec::new();
        let mut notes = Vec::new();
        for (key, media_type) in &body.content {
            let at = at.child("content").child(key);
            let (codec, ty) = self.form_of(sent(key), media_type, &at, site, &mut types);
            if matches!(codec, BodyCodec::Multipart(_)) {
                self.lower_parts(&ty, &media_type.encoding, &at, &mut notes);
            }
            let schema = media_type.schema.as_ref();
            entries.push(Entry {
                key,
                schema: schema.map(|schema| self.context.document.node(schema)),
                codec,
                ty,
            });
        }
        let (first, media_type) = body.content.first()?;
        let source = (media_type, at.child("content").child(first));
        let mut members = Members::<TypeName>::default();
        let choices: Vec<BodyChoice> = joined(entries)
            .into_iter()
            .map(|entry| entry.choice(&mut members))
            .collect();
        if let [choice] = choices.as_slice()
            && choice.codec == BodyCodec::Bytes
            && choice.media_type.contains('*')
            && site.directions.sent
        {
            let media_types = choice.media_type.clone();
            notes.push(Note::Body(BodyNote::MediaTypes(media_types)));
        }
        let choice_type = (choices.len() > 1).then(|| name(self));
        let docs = Docs {
            summary: None,
            description: body.description.clone(),
            notes,
        };
        let body = Body {
            required: body.required,
            choices,
            choice_type,
            docs,
        };
        Some((body, Some(source)))
    }

    /// Returns the serialization and the type of a body with one media type.
    fn form_of(
        &mut self,
        name: &str,
        media_type: &'d MediaType,
        at: &Pointer,
        site: &InlineSite,
        types: &mut Vec<(&'d MediaType, Type)>,
    ) -> (BodyCodec, Type) {
        let mut codec = self.body_codec(name, media_type, at);
        let ty = match codec {
            BodyCodec::Json => self.lower_media_type_once(media_type, at, site, types),
            BodyCodec::Form(_) | BodyCodec::Multipart(_) => {
                self.lower_media_type(media_type, at, site)
            }
            BodyCodec::Text | BodyCodec::EncodedText => {
                self.text_examples(media_type, at);
                Type::String
            }
            BodyCodec::Bytes => Type::Bytes,
        };
        // The caller chooses the media type of a text out of a range.
        if codec == BodyCodec::Text && site.directions.sent && is_range(name) {
            codec = BodyCodec::Bytes;
            return (codec, Type::Bytes);
        }
        (codec, ty)
    }

    /// Returns the serialization of a body with a media type.
    fn body_codec(&mut self, name: &str, media_type: &'d MediaType, at: &Pointer) -> BodyCodec {
        let essence = essence(name);
        if (essence == FORM || essence.starts_with("multipart/")) && !self.is_object(media_type) {
            return if essence.starts_with("multipart/") {
                BodyCodec::Bytes
            } else {
                BodyCodec::Text
            };
        }
        if essence == FORM {
            let arrays = self.context.options.deep_object_arrays;
            let encodings = media_type.encoding.iter();
            let fields = encodings.filter_map(|encoding| form_field(encoding, arrays));
            return BodyCodec::Form(fields.collect());
        }
        if essence.starts_with("multipart/") {
            let schema = media_type.schema.as_ref();
            let node = schema.map(|schema| self.context.document.node(schema));
            return BodyCodec::Multipart(multipart::parts(node.as_ref(), &media_type.encoding));
        }
        match self.codec(name, media_type, at) {
            ResponseCodec::Json => BodyCodec::Json,
            ResponseCodec::Text | ResponseCodec::JsonOrText => match charset(name).as_deref() {
                None | Some("utf-8" | "utf8") => BodyCodec::Text,
                Some(_) => BodyCodec::EncodedText,
            },
            ResponseCodec::Bytes => BodyCodec::Bytes,
        }
    }

    /// Returns `true` if the schema of a form allows objects.
    fn is_object(&self, media_type: &'d MediaType) -> bool {
        let schema = media_type.schema.as_ref();
        let view = schema.and_then(|schema| self.context.document.node(schema).follow());
        let Some(view) = view else { return true };
        let value_type = MergedSchema::new(&view).value_type();
        matches!(value_type, None | Some(SchemaType::Object))
    }

    /// Reports parts that cannot be serialized as their Encoding Object requires, and notes the
    /// headers that they can have.
    fn lower_parts(
        &mut self,
        ty: &Type,
        encodings: &'d IndexMap<String, Encoding>,
        at: &Pointer,
        notes: &mut Vec<Note>,
    ) {
        for (name, encoding) in encodings {
            let ty = self.lower_part(ty, name);
            let is_file = matches!(&ty, Some(Type::Bytes));
            let headers = part_headers(encoding);
            if is_file && !headers.is_empty() {
                let part = name.clone();
                notes.push(Note::Body(BodyNote::PartHeaders { part, headers }));
            } else if !headers.is_empty() {
                self.findings.push(headers_not_sent(name, &headers, at));
            }
            let Some(content_type) = &encoding.content_type else {
                continue;
            };
            let is_choice = content_type.contains(',') || is_range(content_type);
            if is_file && is_choice {
                notes.push(Note::Body(BodyNote::PartMediaTypes {
                    part: name.clone(),
                    media_types: content_type.clone(),
                }));
            }
            let is_text = ty
                .as_ref()
                .is_none_or(|ty| *ty == Type::Base64 || self.is_scalar(ty));
            let can_be_json = |name: &str| {
                is_json(name) || matches!(essence(name).as_str(), "*/*" | "application/*")
            };
            if !(is_file || is_text || media_type::listed(content_type).any(can_be_json)) {
                self.findings
                    .push(part_without_form(name, content_type, at));
            }
        }
    }

    /// Returns the type of a struct's property, or of its items if it is a list, with aliases
    /// resolved.
    fn lower_part(&self, ty: &Type, name: &str) -> Option<Type> {
        let ShapeDraft::Struct(shape) = self.shape_of(self.unaliased(ty))? else {
            return None;
        };
        let field = shape.fields.iter().find(|field| field.name.wire == name)?;
        let ty = match self.unaliased(&field.ty) {
            Type::Vec(item) => self.unaliased(item),
            ty => ty,
        };
        Some(ty.clone())
    }

    /// Returns a type with aliases resolved.
    fn unaliased<'t>(&'t self, ty: &'t Type) -> &'t Type {
        // An inline schema of an operation may still be a circular alias.
        ty.follow(|ty| match self.shape_of(ty)? {
            ShapeDraft::Alias(other) => Some(other),
            _ => None,
        })
    }

    fn shape_of(&self, ty: &Type) -> Option<&ShapeDraft> {
        let Type::Named(path) = ty else { return None };
        self.types.shape(path)
    }
}

/// Returns the headers of a part, except those that its content determines.
fn part_headers(encoding: &Encoding) -> Vec<String> {
    let of_content = ["content-type", "content-transfer-encoding"];
    let is_own = |header: &&String| {
        !of_content
            .iter()
            .any(|own| header.eq_ignore_ascii_case(own))
    };
    encoding.headers.keys().filter(is_own).cloned().collect()
}

fn headers_not_sent(part: &str, headers: &[String], media_type: &Pointer) -> Diagnostic {
    let headers: Vec<String> = headers.iter().map(|name| inline_code::code(name)).collect();
    let headers = headers.join(", ");
    Diagnostic::warning(
        code::PART_HEADER_IGNORED,
        media_type.child("encoding").child(part).child("headers"),
        format!("the headers of the part `{part}` are not sent: {headers}"),
    )
    .help("change the part's schema to `type: string` and `format: binary`: only file parts can have headers")
}

fn part_without_form(part: &str, content_type: &str, media_type: &Pointer) -> Diagnostic {
    let property = media_type.child("schema").child("properties").child(part);
    Diagnostic::error(
        code::PART_WITHOUT_FORM,
        media_type.child("encoding").child(part).child("contentType"),
        format!("the part `{part}` cannot be encoded as `{content_type}`"),
    )
    .label("only a file or text can be encoded like this")
    .related(property.key(), "its schema")
    .help("write `type: string` in its schema if the caller provides the encoded text, or change `contentType` to `application/json`")
}

pub(super) fn query_style(style: &ModelledQueryStyle, arrays: ArrayForm) -> QueryStyle {
    match style {
        ModelledQueryStyle::Form => QueryStyle::Form,
        ModelledQueryStyle::SpaceDelimited => QueryStyle::SpaceDelimited,
        ModelledQueryStyle::PipeDelimited => QueryStyle::PipeDelimited,
        ModelledQueryStyle::DeepObject => QueryStyle::DeepObject(arrays),
    }
}

/// Returns the serialization of a form property, if its Encoding Object defines one.
///
/// `contentType` only applies without `style`, `explode` and `allowReserved` (OpenAPI 3.1.1,
/// section 4.8.15.1.2).
fn form_field((name, encoding): (&String, &Encoding), arrays: ArrayForm) -> Option<FormField> {
    let explode = carried(&encoding.extensions, "explode").and_then(serde_json::Value::as_bool);
    let content_type = encoding.content_type.as_deref();
    let style = if encoding.style.is_some() || explode.is_some() || encoding.allow_reserved {
        let style = encoding
            .style
            .as_ref()
            .map_or(QueryStyle::Form, |style| query_style(style, arrays));
        FieldStyle::Query {
            style,
            explode: explode.unwrap_or(style == QueryStyle::Form),
            allow_reserved: encoding.allow_reserved,
        }
    } else if content_type.is_some_and(is_json) {
        FieldStyle::Json
    } else {
        return None;
    };
    Some(FormField {
        name: name.clone(),
        style,
    })
}
