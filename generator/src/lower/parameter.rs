//! Lowers parameters: their locations and styles (wire rule 13).

use openapiv3::{
    CookieStyle, HeaderStyle, MediaType, Parameter as Modelled, ParameterData,
    ParameterSchemaOrContent, PathStyle as ModelledPathStyle, ReferenceOr, StatusCode,
};

use crate::diagnostic::{Diagnostic, code};
use crate::document::{OperationEntry, PathEntry, SchemaNode};
use crate::ident::FieldName;
use crate::ir::{
    Docs, Name, Note, Parameter, ParameterLocation, PathStyle, QueryStyle, Style, Type,
};
use crate::pointer::Pointer;

use super::body::query_style;
use super::docs;
use super::documented_example::documented_values;
use super::inline_site::InlineSite;
use super::lowering::Lowering;
use super::media_type::is_json;
use super::naming::Members;
use super::origins::ParameterOrigin;

/// The `schema` or `content` of a parameter.
struct ParameterFormat<'d> {
    schema: Option<SchemaNode<'d>>,
    style: Style,
    /// The media type of JSON.
    json: Option<(&'d MediaType, Pointer)>,
    /// True for another media type.
    is_text: bool,
}

impl<'d> Lowering<'d, '_> {
    /// Returns the parameters of an operation, including those of its path item, path parameters
    /// first.
    pub(super) fn lower_parameters(
        &mut self,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
        site: &InlineSite,
        members: &mut Members<FieldName>,
    ) -> (Vec<Parameter>, Vec<ParameterOrigin<'d>>) {
        let of = |list: &'d [ReferenceOr<Modelled>], at: Pointer| {
            let document = self.context.document;
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
            // An operation's parameter replaces the path item's parameter of the same name and
            // location.
            match resolved
                .iter_mut()
                .find(|(known, _)| key(known) == key(own))
            {
                Some(known) => *known = (own, at),
                None => resolved.push((own, at)),
            }
        }
        let responses = &entry.operation.responses.responses;
        let switches_protocol = responses.contains_key(&StatusCode::Code(101));
        resolved.sort_by_key(|(parameter, _)| !matches!(parameter, Modelled::Path { .. }));
        let mut parameters = Vec::new();
        let mut samples = Vec::new();
        for (parameter, at) in resolved {
            let data = parameter.parameter_data_ref();
            if matches!(parameter, Modelled::Header { .. }) && is_reserved_header(&data.name) {
                self.findings.push(
                    Diagnostic::warning(code::HEADER_IGNORED, &at, format!("the header parameter `{}` is ignored", data.name))
                        .help("use `content`, `responses` or `security` instead (OpenAPI 3.1, Parameter Object, `name`)"),
                );
                continue;
            }
            // Webhook receivers may read transport headers.
            if matches!(parameter, Modelled::Header { .. })
                && site.directions.sent
                && is_of_transport(&data.name, switches_protocol)
            {
                let message = format!("the header parameter `{}` is left out", data.name);
                self.findings.push(
                    Diagnostic::warning(code::HEADER_IGNORED, at.child("name"), message)
                        .label("set by the HTTP library")
                        .help("remove it (RFC 9110, sections 7.6.1 and 8.6; RFC 9112, section 6)"),
                );
                continue;
            }
            let (lowered, sample) = self.lower_parameter(parameter, data, &at, site, members);
            parameters.push(lowered);
            samples.push(sample);
        }
        (parameters, samples)
    }

    fn lower_parameter(
        &mut self,
        parameter: &'d Modelled,
        data: &'d ParameterData,
        at: &Pointer,
        site: &InlineSite,
        members: &mut Members<FieldName>,
    ) -> (Parameter, ParameterOrigin<'d>) {
        let site = site.named(&data.name);
        let format = self.parameter_format(parameter, data, at);
        let ty = self.parameter_type(data, &format, at, &site);
        let given = documented_values(
            self.context.document,
            data.example.as_ref(),
            &data.examples,
            at,
        );
        let required = data.required || matches!(parameter, Modelled::Path { .. });
        let mut docs = self.parameter_docs(data, format.schema.as_ref(), at);
        if let Modelled::Query {
            allow_empty_value: Some(true),
            ..
        } = parameter
        {
            docs.notes.push(Note::EmptyValue(ty == Type::String));
        }
        let lowered = Parameter {
            name: Name {
                wire: data.name.clone(),
                rust: members.parameter(&data.name, place_name(parameter)),
            },
            style: format.style,
            ty,
            required,
            docs,
            deprecated: data.deprecated.unwrap_or_default(),
        };
        let sample = ParameterOrigin {
            given: given.into_iter().next(),
            schema: format.schema,
            source: parameter,
        };
        (lowered, sample)
    }

    fn parameter_format(
        &self,
        parameter: &Modelled,
        data: &'d ParameterData,
        at: &Pointer,
    ) -> ParameterFormat<'d> {
        let content = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => {
                return ParameterFormat {
                    schema: Some(self.context.document.node(schema)),
                    style: self.parameter_style(parameter, data),
                    json: None,
                    is_text: false,
                };
            }
            ParameterSchemaOrContent::Content(content) => content.iter().next(),
        };
        let schema = content.and_then(|(_, media_type)| media_type.schema.as_ref());
        let json = content.filter(|(name, _)| is_json(name));
        let json = json.map(|(name, media_type)| (media_type, at.child("content").child(name)));
        ParameterFormat {
            schema: schema.map(|schema| self.context.document.node(schema)),
            style: match &json {
                Some(_) => Style::Json(place_of(parameter)),
                None => self.parameter_style(parameter, data),
            },
            is_text: json.is_none(),
            json,
        }
    }

    fn parameter_type(
        &mut self,
        data: &'d ParameterData,
        format: &ParameterFormat<'d>,
        at: &Pointer,
        site: &InlineSite,
    ) -> Type {
        let ty = match &format.schema {
            Some(node) => {
                self.default_of_parameter(node);
                let typed = self.lower_node(node, site);
                let ty = typed.clone().into_nullable_type();
                self.note_examples(data.example.as_ref(), &data.examples, at, &ty, node);
                if let Some((media_type, at)) = &format.json {
                    self.media_type_examples(media_type, at, &ty, node);
                }
                typed.ty
            }
            None if format.json.is_some() => self.lower_any(at, "the media type has no schema"),
            None => Type::String,
        };
        // The caller serializes other media types; only a scalar is its own text.
        if format.is_text && !self.is_scalar(&ty) {
            Type::String
        } else {
            ty
        }
    }

    fn parameter_docs(
        &mut self,
        data: &ParameterData,
        node: Option<&SchemaNode<'d>>,
        at: &Pointer,
    ) -> Docs {
        let mut docs = match node {
            Some(node) => self.lower_docs(Some(at), || docs::of_value(node, &data.name)),
            None => Docs::default(),
        };
        if let Some(description) = &data.description {
            docs.description = Some(description.clone());
        }
        docs
    }

    /// Returns the style of a parameter; `explode` defaults to true only for `form` (OpenAPI 3.1,
    /// Parameter Object).
    fn parameter_style(&self, parameter: &Modelled, data: &ParameterData) -> Style {
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
                let style = query_style(style, self.context.options.deep_object_arrays);
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
}

/// Returns the identity of a parameter: its name and location (OpenAPI 3.1, Operation Object,
/// `parameters`).
fn key(parameter: &Modelled) -> (&str, ParameterLocation) {
    (&parameter.parameter_data_ref().name, place_of(parameter))
}

/// Returns the location of a parameter, to distinguish it from others of the same name.
fn place_name(parameter: &Modelled) -> &'static str {
    match place_of(parameter) {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}

fn place_of(parameter: &Modelled) -> ParameterLocation {
    match parameter {
        Modelled::Path { .. } => ParameterLocation::Path,
        Modelled::Query { .. } => ParameterLocation::Query,
        Modelled::Header { .. } => ParameterLocation::Header,
        Modelled::Cookie { .. } => ParameterLocation::Cookie,
    }
}

/// Returns true for header parameters that are to be ignored (OpenAPI 3.1, Parameter Object,
/// `name`).
fn is_reserved_header(name: &str) -> bool {
    ["accept", "content-type", "authorization"]
        .iter()
        .any(|reserved| name.eq_ignore_ascii_case(reserved))
}

/// Returns true for headers about the connection or the length of a message (RFC 9110, sections
/// 7.6.1 and 8.6). The caller only sets them to switch protocols (section 7.8).
fn is_of_transport(name: &str, switches_protocol: bool) -> bool {
    let is_one_of = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
    is_one_of(&[
        "content-length",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
    ]) || !switches_protocol && is_one_of(&["connection", "upgrade"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transport_headers_are_only_set_to_switch_protocols() {
        for (name, otherwise, to_switch) in [
            ("Content-Length", true, true),
            ("transfer-encoding", true, true),
            ("TE", true, true),
            ("Upgrade", true, false),
            ("connection", true, false),
            ("Host", false, false),
            ("Expect", false, false),
            ("Content-Language", false, false),
        ] {
            assert_eq!(is_of_transport(name, false), otherwise, "{name}");
            assert_eq!(is_of_transport(name, true), to_switch, "{name}");
        }
    }
}
