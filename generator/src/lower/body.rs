//! Request bodies: a media type, how it is written, and its parts (wire rule 15).

use indexmap::IndexMap;
use openapiv3::{Encoding, MediaType, QueryStyle as ModelledQueryStyle, ReferenceOr, RequestBody};

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{SchemaType, carried};
use crate::ident::TypeName;
use crate::ir::{
    ArrayForm, Body, BodyChoice, BodyCodec, Docs, FieldStyle, FormField, Part, QueryStyle,
    ResponseCodec, Shape, Type,
};
use crate::pointer::Pointer;

use super::facets::Facets;
use super::naming::Members;
use super::response::{self, essence, is_json};
use super::{Lowering, Place};

/// The media type of an HTML form without files.
const FORM: &str = "application/x-www-form-urlencoded";

/// The first media type of a body, and where it stands.
pub(super) type BodySource<'d> = (&'d MediaType, Pointer);

impl<'d> Lowering<'d, '_> {
    /// A request body. The enum of its media types, where there are several, is
    /// called by `name`.
    pub(super) fn body(
        &mut self,
        node: &'d ReferenceOr<RequestBody>,
        at: &Pointer,
        place: &Place,
        name: impl FnOnce(&mut Self) -> TypeName,
    ) -> Option<(Body, Option<BodySource<'d>>)> {
        let (body, at) = self.document.resolve(node, at.clone())?;
        let mut members = Members::<TypeName>::default();
        let mut choices: Vec<BodyChoice> = Vec::new();
        let mut source = None;
        let mut notes = Vec::new();
        for (name, media_type) in &body.content {
            let at = at.child("content").child(name);
            let choice =
                self.body_choice(response::sent(name), media_type, &at, place, &mut members);
            if matches!(choice.codec, BodyCodec::Multipart(_)) {
                self.parts(&choice, &media_type.encoding, &at, &mut notes);
            }
            choices.push(choice);
            if source.is_none() {
                source = Some((media_type, at));
            }
        }
        if choices.is_empty() {
            return None;
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
        Some((body, source))
    }

    fn body_choice(
        &mut self,
        name: &str,
        media_type: &'d MediaType,
        at: &Pointer,
        place: &Place,
        members: &mut Members<TypeName>,
    ) -> BodyChoice {
        let codec = self.body_codec(name, media_type, at);
        let ty = match codec {
            BodyCodec::Json | BodyCodec::Form(_) | BodyCodec::Multipart(_) => {
                self.media_type(media_type, at, place)
            }
            BodyCodec::Text => {
                self.text_examples(media_type, at);
                Type::String
            }
            BodyCodec::Bytes => Type::Bytes,
        };
        // A range is not a media type that can be sent.
        let sent = match (essence(name).as_str(), &codec) {
            // The caller says which boundary there is.
            (essence, BodyCodec::Bytes) if essence.starts_with("multipart/") => "multipart/*",
            ("*/*" | "application/*", BodyCodec::Json) => "application/json",
            ("*/*" | "text/*", BodyCodec::Text) => "text/plain",
            _ => name,
        };
        BodyChoice {
            media_type: sent.to_owned(),
            variant: members.variant(response::subtype(name)),
            codec,
            ty,
        }
    }

    /// How a body of a media type is written.
    fn body_codec(&mut self, name: &str, media_type: &'d MediaType, at: &Pointer) -> BodyCodec {
        let essence = essence(name);
        let encodings = media_type.encoding.iter();
        if (essence == FORM || essence.starts_with("multipart/")) && !self.is_object(media_type, at)
        {
            return if essence.starts_with("multipart/") {
                BodyCodec::Bytes
            } else {
                BodyCodec::Text
            };
        }
        if essence == FORM {
            return BodyCodec::Form(
                encodings
                    .filter_map(|encoding| form_field(encoding, self.options.deep_object_arrays))
                    .collect(),
            );
        }
        if essence.starts_with("multipart/") {
            let parts = encodings.map(|(name, encoding)| Part {
                name: name.clone(),
                content_type: encoding.content_type.clone(),
            });
            return BodyCodec::Multipart(parts.collect());
        }
        match self.codec(name, media_type, at) {
            ResponseCodec::Json => BodyCodec::Json,
            ResponseCodec::Text => BodyCodec::Text,
            ResponseCodec::Bytes => BodyCodec::Bytes,
        }
    }

    /// Whether the schema of a form leaves its value to be an object.
    fn is_object(&self, media_type: &'d MediaType, at: &Pointer) -> bool {
        let schema = media_type.schema.as_ref();
        let view =
            schema.and_then(|schema| self.document.node(schema, at.child("schema")).follow());
        let Some(view) = view else { return true };
        let value_type = Facets::of(&view).value_type(&mut Diagnostics::default());
        matches!(value_type, None | Some(SchemaType::Object))
    }

    /// Checks that each part can be written as its Encoding Object says, and
    /// notes which headers it can have.
    fn parts(
        &mut self,
        choice: &BodyChoice,
        encodings: &'d IndexMap<String, Encoding>,
        at: &Pointer,
        notes: &mut Vec<String>,
    ) {
        for (name, encoding) in encodings {
            let property = at.child("schema").child("properties").child(name);
            let at = at.child("encoding").child(name);
            let ty = self.part_type(&choice.ty, name);
            let is_file = matches!(&ty, Some(Type::Bytes));
            let headers = encoding.headers.keys();
            let headers: Vec<String> = headers
                .filter(|header| !header.eq_ignore_ascii_case("content-type"))
                .map(|header| format!("`{}`", header.replace('`', "'")))
                .collect();
            if !headers.is_empty() {
                let headers = headers.join(", ");
                let shown = name.replace('`', "'");
                if is_file {
                    notes.push(format!(
                        "The part `{shown}` can have the headers {headers}: `File::header` gives them."
                    ));
                } else {
                    self.diagnostics.push(
                        Diagnostic::warning(
                            code::PART_HEADER_IGNORED,
                            at.child("headers"),
                            format!("the headers of the part `{name}` are not sent: {headers}"),
                        )
                        .help("only a file (`format: binary`) can be given headers"),
                    );
                }
            }
            let Some(content_type) = &encoding.content_type else {
                continue;
            };
            let is_text = ty.as_ref().is_none_or(|ty| self.is_scalar(ty));
            if !(is_file || is_text || is_json(content_type)) {
                self.diagnostics.push(
                    Diagnostic::error(
                        code::PART_WITHOUT_FORM,
                        at.child("contentType"),
                        format!("the part `{name}` has no form as `{content_type}`"),
                    )
                    .label("only a file or a text has this form")
                    .related(property.key(), "its schema")
                    .help("write `type: string` in its schema, so that the caller gives the text, or `application/json` here"),
                );
            }
        }
    }

    /// The type of a property of a struct; of the items, where it is a list.
    fn part_type(&self, ty: &Type, name: &str) -> Option<Type> {
        let Type::Named(path) = ty else { return None };
        let def = self.types.iter().find(|def| def.path == *path)?;
        match &def.shape {
            Shape::Struct(shape) => {
                let field = shape.fields.iter().find(|field| field.name.wire == name)?;
                Some(match &field.ty {
                    Type::Vec(item) => (**item).clone(),
                    ty => ty.clone(),
                })
            }
            Shape::Alias(Type::Named(other)) if other != path => {
                self.part_type(&Type::Named(other.clone()), name)
            }
            _ => None,
        }
    }
}

pub(super) fn query_style(style: &ModelledQueryStyle, arrays: ArrayForm) -> QueryStyle {
    match style {
        ModelledQueryStyle::Form => QueryStyle::Form,
        ModelledQueryStyle::SpaceDelimited => QueryStyle::SpaceDelimited,
        ModelledQueryStyle::PipeDelimited => QueryStyle::PipeDelimited,
        ModelledQueryStyle::DeepObject => QueryStyle::DeepObject(arrays),
    }
}

/// How a property of a form is written, where its Encoding Object says so.
///
/// `contentType` is for what has no `style`, `explode` or `allowReserved`
/// (OpenAPI 3.1.1, section 4.8.15.1.2).
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
