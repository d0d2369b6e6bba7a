//! Operations: their parameters, bodies, security, and the call that their docs show.

use std::collections::HashMap;

use openapiv3::{
    CookieStyle, Encoding, HeaderStyle, MediaType, Parameter as Modelled, ParameterData,
    ParameterSchemaOrContent, PathStyle as ModelledPathStyle, QueryStyle as ModelledQueryStyle,
    ReferenceOr, RequestBody,
};
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{OperationEntry, PathEntry, SchemaNode};
use crate::ident::{FieldName, ModuleName, TypeName};
use crate::ir::{
    Body, BodyChoice, BodyCodec, CallExample, Docs, FormField, Name, Operation, OperationGroup,
    Parameter, Part, PathStyle, Place as In, QueryStyle, Style, Type, TypePath,
};
use crate::pointer::Pointer;

use super::default_value::Values;
use super::naming::{self, Members};
use super::response::{self, Outcomes};
use super::usage::Usage;
use super::{Lowering, OwnerKey, Place, example, info};

/// A group of operations, and what its calls are shown with.
pub(super) struct Group<'d> {
    pub done: OperationGroup,
    calls: Vec<Call<'d>>,
}

/// What an operation's call can be shown with, in the order of its parameters.
struct Call<'d> {
    parameters: Vec<Option<Json>>,
    body: Option<(&'d MediaType, Pointer)>,
}

impl<'d> Lowering<'d, '_> {
    /// Every operation of the document's paths, by its first tag.
    pub(super) fn operations(&mut self) -> Vec<Group<'d>> {
        let mut groups: Vec<Group<'d>> = Vec::new();
        for path in self.document.paths() {
            for entry in self.document.operations(&path) {
                let tag = entry
                    .operation
                    .tags
                    .first()
                    .map_or("default", String::as_str);
                let (operation, call) = self.operation(&path, &entry);
                let position = groups.iter().position(|group| group.done.title == tag);
                let position = position.unwrap_or_else(|| {
                    let module: ModuleName = self.names.group(tag);
                    let docs = Docs {
                        description: self.tag_description(tag),
                        ..Docs::default()
                    };
                    let done = OperationGroup {
                        module,
                        title: tag.to_owned(),
                        docs,
                        operations: Vec::new(),
                    };
                    groups.push(Group {
                        done,
                        calls: Vec::new(),
                    });
                    groups.len() - 1
                });
                if let Some(group) = groups.get_mut(position) {
                    group.done.operations.push(operation);
                    group.calls.push(call);
                }
            }
        }
        groups
    }

    fn tag_description(&self, tag: &str) -> Option<String> {
        self.document
            .api()
            .tags
            .iter()
            .find(|known| known.name == tag)?
            .description
            .clone()
    }

    fn operation(
        &mut self,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
    ) -> (Operation, Call<'d>) {
        let OperationEntry {
            method,
            pointer,
            operation,
        } = entry;
        let unnamed = || naming::unnamed_operation(method, path.path);
        let text = operation
            .operation_id
            .clone()
            .filter(|id| !id.trim().is_empty())
            .unwrap_or_else(unnamed);
        let method_name = self.names.method(&text);
        let type_name = self.names.operation_type(&text);
        let owner = OwnerKey::Operation(method_name.as_str().trim_start_matches("r#").to_owned());
        let sent = if *method == "PATCH" {
            Usage::PATCH
        } else {
            Usage::SENT
        };
        let request = Place {
            owner: owner.clone(),
            hint: String::new(),
            usage: sent,
        };
        let mut members = Members::<FieldName>::default();
        let (parameters, shown) = self.parameters(path, entry, &request, &mut members);
        let body = operation.request_body.as_ref().and_then(|body| {
            self.body(
                body,
                &pointer.child("requestBody"),
                &request.named("request body"),
                &text,
            )
        });
        let (body, body_source) = body.map_or((None, None), |(body, source)| (Some(body), source));
        let response = Place {
            usage: Usage::READ,
            ..request
        };
        let Outcomes { success, failure } = self.outcomes(
            &operation.responses,
            &pointer.child("responses"),
            &response,
            type_name.as_str(),
        );
        let own_servers = if operation.servers.is_empty() {
            &path.item.servers
        } else {
            &operation.servers
        };
        let wire_name = operation
            .operation_id
            .clone()
            .unwrap_or_else(|| format!("{method} {}", path.path));
        let lowered = Operation {
            wire_name,
            method_name,
            type_name,
            http_method: (*method).to_owned(),
            path: path.path.to_owned(),
            docs: operation_docs(operation, path),
            deprecated: operation.deprecated,
            servers: own_servers.iter().map(info::server).collect(),
            security: info::security(self.document, operation.security.as_ref()),
            parameters,
            body,
            success,
            failure,
            example: None,
        };
        (
            lowered,
            Call {
                parameters: shown,
                body: body_source,
            },
        )
    }

    /// The parameters of an operation, those of its path included, path parameters first.
    fn parameters(
        &mut self,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
        place: &Place,
        members: &mut Members<FieldName>,
    ) -> (Vec<Parameter>, Vec<Option<Json>>) {
        let of = |list: &'d [ReferenceOr<Modelled>], at: Pointer| {
            let document = self.document;
            list.iter()
                .enumerate()
                .filter_map(move |(index, node)| document.resolve(node, at.child(index)))
                .collect::<Vec<_>>()
        };
        let mut resolved = of(&path.item.parameters, path.pointer.child("parameters"));
        for (own, at) in of(
            &entry.operation.parameters,
            entry.pointer.child("parameters"),
        ) {
            // The operation's own replaces the path's of the same name and place.
            match resolved
                .iter_mut()
                .find(|(known, _)| key(known) == key(own))
            {
                Some(known) => *known = (own, at),
                None => resolved.push((own, at)),
            }
        }
        resolved.sort_by_key(|(parameter, _)| !matches!(parameter, Modelled::Path { .. }));
        let mut parameters = Vec::new();
        let mut shown = Vec::new();
        for (parameter, at) in resolved {
            let data = parameter.parameter_data_ref();
            if matches!(parameter, Modelled::Header { .. }) && is_reserved_header(&data.name) {
                self.diagnostics.push(
                    Diagnostic::warning(code::HEADER_IGNORED, &at, format!("the header parameter `{}` is ignored", data.name))
                        .help("say it with `content`, `responses` or `security` (OpenAPI 3.1, Parameter Object, `name`)"),
                );
                continue;
            }
            let (lowered, example) = self.parameter(parameter, data, &at, place, members);
            parameters.push(lowered);
            shown.push(example);
        }
        (parameters, shown)
    }

    fn parameter(
        &mut self,
        parameter: &'d Modelled,
        data: &'d ParameterData,
        at: &Pointer,
        place: &Place,
        members: &mut Members<FieldName>,
    ) -> (Parameter, Option<Json>) {
        let place = place.named(&data.name);
        let (node, style) = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => (
                Some(self.document.node(schema, at.child("schema"))),
                style(parameter, data),
            ),
            ParameterSchemaOrContent::Content(content) => {
                let first = content.iter().next();
                let node = first.and_then(|(name, media_type)| {
                    let schema = media_type.schema.as_ref()?;
                    Some(
                        self.document
                            .node(schema, at.child("content").child(name).child("schema")),
                    )
                });
                let json = first.is_some_and(|(name, _)| response::is_json(name));
                (
                    node,
                    if json {
                        Style::Json(place_of(parameter))
                    } else {
                        style(parameter, data)
                    },
                )
            }
        };
        let ty = match &node {
            Some(node) => self.node(node, &place).ty,
            None => Type::String,
        };
        let named = data.examples.values().find_map(|example| {
            self.document
                .resolve(example, at.child("examples"))?
                .0
                .value
                .clone()
        });
        let shown = data.example.clone().or(named);
        let required = data.required || matches!(parameter, Modelled::Path { .. });
        let shown = shown.or_else(|| {
            let node = node.as_ref().filter(|_| required)?;
            example::of(node, &data.name)
        });
        let docs = Docs {
            description: data.description.clone(),
            ..Docs::default()
        };
        let lowered = Parameter {
            name: Name {
                wire: data.name.clone(),
                rust: members.parameter(&data.name),
            },
            style,
            ty,
            required,
            docs,
            deprecated: data.deprecated.unwrap_or_default(),
        };
        (lowered, shown)
    }

    fn body(
        &mut self,
        node: &'d ReferenceOr<RequestBody>,
        at: &Pointer,
        place: &Place,
        operation: &str,
    ) -> Option<(Body, Option<(&'d MediaType, Pointer)>)> {
        let (body, at) = self.document.resolve(node, at.clone())?;
        let mut members = Members::<TypeName>::default();
        let mut choices: Vec<BodyChoice> = Vec::new();
        let mut source = None;
        for (name, media_type) in &body.content {
            let at = at.child("content").child(name);
            let codec = self.body_codec(name, media_type);
            let ty = match codec {
                BodyCodec::Json | BodyCodec::Form(_) | BodyCodec::Multipart(_) => {
                    self.media_type(media_type, &at, place)
                }
                BodyCodec::Text => Type::String,
                BodyCodec::Bytes => Type::Bytes,
            };
            if source.is_none() {
                source = Some((media_type, at));
            }
            let variant = members.variant(response::subtype(name));
            choices.push(BodyChoice {
                media_type: name.clone(),
                variant,
                codec,
                ty,
            });
        }
        if choices.is_empty() {
            return None;
        }
        let choice_type =
            (choices.len() > 1).then(|| self.names.operation_type(&format!("{operation} body")));
        let docs = Docs {
            description: body.description.clone(),
            ..Docs::default()
        };
        Some((
            Body {
                required: body.required,
                choices,
                choice_type,
                docs,
            },
            source,
        ))
    }

    fn body_codec(&mut self, name: &str, media_type: &'d MediaType) -> BodyCodec {
        let essence = response::essence(name);
        if response::is_json(name) || (essence == "*/*" && media_type.schema.is_some()) {
            BodyCodec::Json
        } else if essence == "application/x-www-form-urlencoded" {
            BodyCodec::Form(
                media_type
                    .encoding
                    .iter()
                    .map(|(name, encoding)| form_field(name, encoding))
                    .collect(),
            )
        } else if essence.starts_with("multipart/") {
            let parts = media_type.encoding.iter();
            BodyCodec::Multipart(
                parts
                    .map(|(name, encoding)| Part {
                        name: name.clone(),
                        content_type: encoding.content_type.clone(),
                    })
                    .collect(),
            )
        } else if response::is_text(name) {
            BodyCodec::Text
        } else {
            BodyCodec::Bytes
        }
    }

    /// Gives each operation the call that its docs show, where every argument has a value.
    pub(super) fn call_examples(&mut self, groups: &mut [Group<'d>]) {
        let index: HashMap<TypePath, usize> = self
            .types
            .iter()
            .map(|def| def.path.clone())
            .zip(0..)
            .collect();
        let values = Values {
            types: &self.types,
            index: &index,
            lossless: false,
        };
        for group in groups {
            for (operation, call) in group.done.operations.iter_mut().zip(&group.calls) {
                operation.example = self.call(operation, call, &values);
            }
        }
    }

    fn call(
        &self,
        operation: &Operation,
        call: &Call<'d>,
        values: &Values<'_>,
    ) -> Option<CallExample> {
        let mut arguments = Vec::new();
        let mut setters = Vec::new();
        for (parameter, shown) in operation.parameters.iter().zip(&call.parameters) {
            let value = shown
                .as_ref()
                .and_then(|json| values.of(&parameter.ty, json));
            if parameter.required {
                arguments.push(value?);
            } else if let Some(value) = value {
                setters.push((parameter.name.rust.clone(), value));
            }
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            let [choice] = body.choices.as_slice() else {
                return None;
            };
            let (media_type, at) = call.body.as_ref()?;
            arguments.push(values.of(&choice.ty, &self.body_example(media_type, at)?)?);
        }
        Some(CallExample { arguments, setters })
    }

    fn body_example(&self, media_type: &'d MediaType, at: &Pointer) -> Option<Json> {
        let named = || {
            media_type.examples.iter().find_map(|(name, example)| {
                self.document
                    .resolve(example, at.child("examples").child(name))?
                    .0
                    .value
                    .clone()
            })
        };
        let from_schema = || {
            let node: SchemaNode<'d> = self
                .document
                .node(media_type.schema.as_ref()?, at.child("schema"));
            example::of(&node, "body")
        };
        media_type
            .example
            .clone()
            .or_else(named)
            .or_else(from_schema)
    }
}

fn operation_docs(operation: &openapiv3::Operation, path: &PathEntry<'_>) -> Docs {
    let text = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let notes = operation
        .external_docs
        .iter()
        .map(|docs| format!("See <{}>", docs.url))
        .collect();
    Docs {
        summary: text(&operation.summary).or_else(|| text(&path.item.summary)),
        description: text(&operation.description).or_else(|| text(&path.item.description)),
        notes,
    }
}

/// What makes two parameters the same one: name and place (OpenAPI 3.1, Operation Object, `parameters`).
fn key(parameter: &Modelled) -> (&str, In) {
    (&parameter.parameter_data_ref().name, place_of(parameter))
}

fn place_of(parameter: &Modelled) -> In {
    match parameter {
        Modelled::Path { .. } => In::Path,
        Modelled::Query { .. } => In::Query,
        Modelled::Header { .. } => In::Header,
        Modelled::Cookie { .. } => In::Cookie,
    }
}

/// The style of a parameter; `explode` is the default of `form` only (OpenAPI 3.1, Parameter Object).
fn style(parameter: &Modelled, data: &ParameterData) -> Style {
    let explode = |by_default: bool| data.explode.unwrap_or(by_default);
    match parameter {
        Modelled::Path { style, .. } => {
            let style = match style {
                ModelledPathStyle::Simple => PathStyle::Simple,
                ModelledPathStyle::Label => PathStyle::Label,
                ModelledPathStyle::Matrix => PathStyle::Matrix,
            };
            Style::Path {
                style,
                explode: explode(false),
            }
        }
        Modelled::Query {
            style,
            allow_reserved,
            ..
        } => {
            let style = query_style(style);
            Style::Query {
                style,
                explode: explode(style == QueryStyle::Form),
                allow_reserved: *allow_reserved,
            }
        }
        Modelled::Header {
            style: HeaderStyle::Simple,
            ..
        } => Style::Header {
            explode: explode(false),
        },
        Modelled::Cookie {
            style: CookieStyle::Form,
            ..
        } => Style::Cookie {
            explode: explode(true),
        },
    }
}

fn query_style(style: &ModelledQueryStyle) -> QueryStyle {
    match style {
        ModelledQueryStyle::Form => QueryStyle::Form,
        ModelledQueryStyle::SpaceDelimited => QueryStyle::SpaceDelimited,
        ModelledQueryStyle::PipeDelimited => QueryStyle::PipeDelimited,
        ModelledQueryStyle::DeepObject => QueryStyle::DeepObject,
    }
}

fn form_field(name: &str, encoding: &Encoding) -> FormField {
    let style = encoding
        .style
        .as_ref()
        .map_or(QueryStyle::Form, query_style);
    FormField {
        name: name.to_owned(),
        style,
        explode: encoding.explode,
        allow_reserved: encoding.allow_reserved,
    }
}

/// Header parameters that are to be ignored (OpenAPI 3.1, Parameter Object, `name`).
fn is_reserved_header(name: &str) -> bool {
    ["accept", "content-type", "authorization"]
        .iter()
        .any(|reserved| name.eq_ignore_ascii_case(reserved))
}
