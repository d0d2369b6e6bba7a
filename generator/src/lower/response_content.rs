//! Deserialization of response bodies, by media type and schema (wire rules 19 and 25).

use openapiv3::{Content, MediaType};

use crate::diagnostic::{Diagnostic, code};
use crate::document::{SchemaNode, SchemaType, SchemaView};
use crate::ir::{ResponseCodec, Type};
use crate::pointer::Pointer;

use super::all_of::MergedSchema;
use super::inline_site::InlineSite;
use super::lowering::Lowering;
use super::media_type::{breadth, essence, is_json, is_open, is_range, is_sequence, is_text, sent};
use super::response_draft::ResponseBodyDraft;

/// The format of a body according to its schema.
struct Form {
    kind: Option<SchemaType>,
    /// True for a list, an object or a value of several types.
    is_structured: bool,
    is_binary: bool,
}

impl Form {
    fn new(node: Option<SchemaNode<'_>>) -> Self {
        let view = node.and_then(|node| node.follow());
        let kind = view
            .as_ref()
            .and_then(|view| view.declared_type().or_else(|| view.inferred_type()));
        let is_any = view.as_ref().is_none_or(SchemaView::is_any);
        let format = view.as_ref().map(MergedSchema::new);
        let format = format.and_then(|merged| merged.last(SchemaView::format));
        Self {
            kind,
            is_structured: match kind {
                Some(SchemaType::Object | SchemaType::Array) => true,
                Some(_) => false,
                None => !is_any,
            },
            is_binary: format == Some("binary"),
        }
    }
}

impl<'d> Lowering<'d, '_> {
    /// Returns the ways to read a response, the most specific media type first, since a reader
    /// takes the first match.
    pub(super) fn lower_contents(
        &mut self,
        content: &'d Content,
        at: &Pointer,
        site: &InlineSite,
    ) -> Vec<ResponseBodyDraft> {
        let mut entries: Vec<_> = content.iter().collect();
        entries.sort_by_key(|(name, _)| breadth(sent(name)));
        let mut bodies: Vec<ResponseBodyDraft> = Vec::new();
        let mut types: Vec<(&MediaType, Type)> = Vec::new();
        for (name, media_type) in entries {
            let (at, name) = (at.child(name), sent(name));
            let codec = self.read_codec(name, media_type, &at, content);
            let is_of_json = self.has_json_of_same_schema(media_type, content);
            let ty = match codec {
                ResponseCodec::Bytes => Type::Bytes,
                ResponseCodec::Text
                    if !is_of_json || self.lower_form_body(media_type).is_structured =>
                {
                    self.text_examples(media_type, &at);
                    Type::String
                }
                ResponseCodec::Json | ResponseCodec::Text | ResponseCodec::JsonOrText => {
                    self.lower_media_type_once(media_type, &at, site, &mut types)
                }
            };
            let count = bodies.len();
            let is_alike = |(index, body): &(usize, &mut ResponseBodyDraft)| {
                let first = body.media_types.first();
                body.codec == codec
                    && body.ty == ty
                    // Media types that are tried one after the other may differ in breadth.
                    && (index + 1 == count
                        || first.is_some_and(|other| breadth(other) == breadth(name)))
            };
            if let Some((_, body)) = bodies.iter_mut().enumerate().find(is_alike) {
                body.media_types.push(name.to_owned());
                continue;
            }
            let shared = bodies
                .iter()
                .find(|body| body.ty == ty && (body.codec == codec || is_of_json));
            let variant = shared.map(|body| body.variant);
            bodies.push(ResponseBodyDraft {
                media_types: vec![name.to_owned()],
                variant: variant.unwrap_or(count),
                codec,
                ty,
            });
        }
        bodies
    }

    /// Returns the deserialization of a response with a media type.
    fn read_codec(
        &mut self,
        name: &str,
        media_type: &'d MediaType,
        at: &Pointer,
        content: &'d Content,
    ) -> ResponseCodec {
        // Frameworks list `text/plain` for every result, but write values other than strings as
        // JSON.
        let is_plain = essence(name) == "text/plain" || is_range(name) && is_text(name);
        if is_plain
            && self.has_json_of_same_schema(media_type, content)
            && self.lower_form_body(media_type).is_structured
        {
            return ResponseCodec::Json;
        }
        if is_sequence(name) {
            // The whole of it; its items are read by `.stream()`.
            return ResponseCodec::Text;
        }
        match self.codec(name, media_type, at) {
            ResponseCodec::Text if is_range(name) => ResponseCodec::JsonOrText,
            codec => codec,
        }
    }

    /// Returns the type of a media type's JSON.
    pub(super) fn lower_media_type(
        &mut self,
        media_type: &'d MediaType,
        at: &Pointer,
        site: &InlineSite,
    ) -> Type {
        match &media_type.schema {
            Some(schema) => {
                let node = self.context.document.node(schema);
                let ty = self.lower_node(&node, site).into_nullable_type();
                self.media_type_examples(media_type, at, &ty, &node);
                ty
            }
            None => self.lower_any(at, "the media type has no schema"),
        }
    }

    /// Returns the same, but media types of one body with the same schema share a type.
    pub(super) fn lower_media_type_once(
        &mut self,
        media_type: &'d MediaType,
        at: &Pointer,
        site: &InlineSite,
        types: &mut Vec<(&'d MediaType, Type)>,
    ) -> Type {
        let mut known = types.iter();
        let known = known.find(|(other, _)| self.has_same_schema(other, media_type));
        if let (Some((_, ty)), Some(schema)) = (known, &media_type.schema) {
            let ty = ty.clone();
            let node = self.context.document.node(schema);
            self.media_type_examples(media_type, at, &ty, &node);
            return ty;
        }
        let ty = self.lower_media_type(media_type, at, site);
        types.push((media_type, ty.clone()));
        ty
    }

    fn has_same_schema(&self, one: &MediaType, other: &MediaType) -> bool {
        let [one, other] = [one, other].map(|media_type| {
            let schema = media_type.schema.as_ref();
            schema.map(|schema| self.context.document.node(schema))
        });
        same_schema(one.as_ref(), other.as_ref())
    }

    /// Returns `true` if the body also has the schema of this media type as JSON.
    fn has_json_of_same_schema(&self, media_type: &MediaType, content: &Content) -> bool {
        content
            .iter()
            .any(|(name, other)| is_json(name) && self.has_same_schema(media_type, other))
    }

    fn lower_form_body(&self, media_type: &'d MediaType) -> Form {
        let schema = media_type.schema.as_ref();
        Form::new(schema.map(|schema| self.context.document.node(schema)))
    }

    /// Returns the deserialization of a body by its media type, or by its schema if the media type
    /// does not determine the format.
    pub(super) fn codec(
        &mut self,
        name: &str,
        media_type: &'d MediaType,
        at: &Pointer,
    ) -> ResponseCodec {
        if is_json(name) {
            return ResponseCodec::Json;
        }
        let form = self.lower_form_body(media_type);
        let codec = if form.is_binary && (is_text(name) || is_open(name)) {
            ResponseCodec::Bytes
        } else if is_text(name) {
            // A number or a boolean has the same text in JSON.
            if essence(name) == "text/plain" && form.kind.is_some_and(is_number) {
                return ResponseCodec::Json;
            }
            ResponseCodec::Text
        } else if !is_open(name) {
            ResponseCodec::Bytes
        } else if form.is_structured {
            return ResponseCodec::Json;
        } else {
            match form.kind {
                Some(SchemaType::String) if is_range(name) => ResponseCodec::Text,
                Some(kind) if is_number(kind) && is_range(name) => ResponseCodec::Json,
                _ => ResponseCodec::Bytes,
            }
        };
        if form.is_structured {
            self.schema_not_used(name, codec, at);
        }
        codec
    }

    fn schema_not_used(&mut self, name: &str, codec: ResponseCodec, at: &Pointer) {
        let (form, schema) = match codec {
            ResponseCodec::Text | ResponseCodec::JsonOrText => ("text", "`type: string`"),
            ResponseCodec::Json | ResponseCodec::Bytes => {
                ("bytes", "`type: string` and `format: binary`")
            }
        };
        self.findings.push(
            Diagnostic::warning(
                code::SCHEMA_NOT_USED,
                at.child("schema"),
                format!("a body of type `{name}` is returned as {form}, regardless of its schema"),
            )
            .related(at.key(), "the media type")
            .help(format!(
                "write {schema} instead: schemas apply only to JSON bodies and to forms in requests"
            )),
        );
    }
}

/// Returns `true` if there are two schemas, and they are the same `$ref` or equal inline schemas.
pub(super) fn same_schema(one: Option<&SchemaNode<'_>>, other: Option<&SchemaNode<'_>>) -> bool {
    one.zip(other)
        .is_some_and(|(one, other)| one.is_same(other))
}

/// Returns `true` if values of the type are their own text in JSON.
fn is_number(kind: SchemaType) -> bool {
    matches!(
        kind,
        SchemaType::Integer | SchemaType::Number | SchemaType::Boolean
    )
}
