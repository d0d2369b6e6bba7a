//! Reports parameters and bodies that cannot be serialized in their style or as a form.

use indexmap::IndexMap;
use openapiv3::{
    Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle, ReferenceOr, RequestBody,
    Response,
};

use serde_json::Value;

use super::super::{OperationEntry, SchemaNode, carried};
use super::Check;
use super::branch::has_property;
use super::style::{Styled, always_nested, members};
use super::value_kinds::{Kinds, type_of};
use crate::diagnostic::{Diagnostic, Remedy, Scope, code, nearest};
use crate::pointer::Pointer;

/// The media type of an HTML form without files.
const FORM: &str = "application/x-www-form-urlencoded";

impl<'d> Check<'d, '_> {
    pub(super) fn operation(&mut self, entry: &OperationEntry<'d>) {
        let at = &entry.pointer;
        self.parameters(&entry.operation.parameters, &at.child("parameters"));
        if let Some(body) = &entry.operation.request_body {
            let at = at.child("requestBody");
            if let Some((body, at)) = self.document.resolve::<RequestBody>(body, at) {
                self.content(&body.content, &at, true);
            }
        }
        for (_, at, response) in entry.responses() {
            if let Some((response, at)) = self.document.resolve::<Response>(response, at) {
                self.content(&response.content, &at, false);
            }
        }
    }

    pub(super) fn parameters(&mut self, list: &'d [ReferenceOr<Parameter>], at: &Pointer) {
        for (index, parameter) in list.iter().enumerate() {
            if let Some((parameter, at)) = self.document.resolve(parameter, at.child(index))
                && self.seen.insert(at.clone())
            {
                self.parameter(parameter, &at);
            }
        }
    }

    /// Checks a parameter's style. Styles are defined for scalars, and for lists and objects of
    /// scalars (OpenAPI 3.1, section 4.8.12.4).
    fn parameter(&mut self, parameter: &'d Parameter, at: &Pointer) {
        let data: &ParameterData = parameter.parameter_data_ref();
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return;
        };
        let node = self.document.node(schema);
        let kinds = Kinds::new(&node);
        let name = &data.name;
        let styled = Styled {
            subject: format!("parameter `{name}`"),
            at,
            style: at.child("style").into(),
            is_parameter: true,
        };
        if let Parameter::Query { style, .. } = parameter {
            match style {
                QueryStyle::DeepObject if kinds.can_be_object() => {
                    return self.deep_object(&node, &styled);
                }
                QueryStyle::DeepObject => {
                    return self.no_object(name, at, &node, kinds.list);
                }
                QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited if kinds.is_scalar() => {
                    self.warn(code::INVALID_STYLE, "delimited", || {
                        Diagnostic::warning(
                            code::INVALID_STYLE,
                            at.child("style"),
                            format!("the style of parameter `{name}` has no effect: it is a single value"),
                        )
                        .related(type_of(&node), "its type")
                        .help("remove `style`, or write a schema of `type: array`")
                    });
                }
                _ => {}
            }
        }
        if !self.diagnostics.is_strict()
            && let Some((what, place)) = always_nested(&node, kinds)
        {
            let message =
                format!("no style can encode parameter `{name}`: {what} are lists or objects");
            let error = Diagnostic::error(code::NO_FORM, place, message)
                .related(at.key(), "the parameter")
                .help("write `content: { application/json: { schema: .. } }` instead of `schema`");
            return self.report(error);
        }
        self.nested(&node, &styled);
    }

    /// Reports a parameter in the style `deepObject` that is not an object.
    fn no_object(&mut self, name: &str, at: &Pointer, node: &SchemaNode<'d>, has_lists: bool) {
        let message =
            format!("parameter `{name}` is not an object, which `style: deepObject` requires");
        let error = Diagnostic::error(code::INVALID_STYLE, at.child("style"), message)
            .related(type_of(node), "its type")
            .help("write `style: form`, or a schema of `type: object`");
        // Servers that use this style read it so; the specification does not define it.
        self.diagnostics.fault(error, || {
            let effect = if has_lists {
                format!(
                    "each item of `{name}` is sent separately, as `{name}[0]=..`; `--deep-object-arrays` changes this"
                )
            } else {
                format!("`{name}` is sent in the style `form`")
            };
            Remedy::without_edits(Scope::Parameter, effect)
        });
    }

    fn content(
        &mut self,
        content: &'d IndexMap<String, openapiv3::MediaType>,
        at: &Pointer,
        is_sent: bool,
    ) {
        for (name, media_type) in content {
            let at = at.child("content").child(name);
            if !self.seen.insert(at.clone()) {
                continue;
            }
            let essence = name.split(';').next().unwrap_or_default();
            let essence = essence.trim().to_ascii_lowercase();
            let Some(schema) = &media_type.schema else {
                continue;
            };
            let node = self.document.node(schema);
            let kinds = Kinds::new(&node);
            let is_form = essence == FORM || essence.starts_with("multipart/");
            if is_form && is_sent {
                self.form(&node, kinds, media_type, &essence, &at);
            } else if let Some(property) = media_type.encoding.keys().next() {
                self.warn(code::IGNORED_KEYWORD, "encoding", || {
                    let message = format!("`encoding` has no effect on a body of `{essence}`");
                    let media_type_at = &at;
                    let at = at.child("encoding").child(property).key();
                    Diagnostic::warning(code::IGNORED_KEYWORD, at, message)
                        .related(media_type_at.key(), "the media type")
                        .help("remove it: it applies to forms only")
                });
            }
        }
    }

    fn form(
        &mut self,
        node: &SchemaNode<'d>,
        kinds: Kinds,
        media_type: &openapiv3::MediaType,
        essence: &str,
        at: &Pointer,
    ) {
        if !kinds.can_be_object() {
            let message = format!(
                "a body of type `{essence}` has to be an object; this one is sent unchanged"
            );
            self.report(
                Diagnostic::warning(code::NO_FORM, at.child("schema").key(), message)
                    .label("not an object")
                    .related(type_of(node), "its type")
                    .help("write a schema of `type: object`, or another media type"),
            );
            return;
        }
        let Some(view) = node.follow() else { return };
        for property in media_type.encoding.keys() {
            let mut names = Vec::new();
            if has_property(&view, property, &mut names) {
                if essence == FORM {
                    self.form_property(node, property, media_type, at);
                }
                continue;
            }
            self.report(
                Diagnostic::warning(
                    code::UNKNOWN_PROPERTY,
                    at.child("encoding").child(property).key(),
                    format!(
                        "`{property}` is not a property of the form, so its encoding has no effect"
                    ),
                )
                .related(view.pointer().key(), "its schema")
                .help(match nearest(property, names) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "remove it, or add the property to the schema".to_owned(),
                }),
            );
        }
    }

    /// Reports values that the style of a form property cannot serialize. Without a style, objects
    /// are written as JSON.
    fn form_property(
        &mut self,
        form: &SchemaNode<'d>,
        name: &str,
        media_type: &openapiv3::MediaType,
        at: &Pointer,
    ) {
        let Some(encoding) = media_type.encoding.get(name) else {
            return;
        };
        let explode = carried(&encoding.extensions, "explode").and_then(Value::as_bool);
        if encoding.style.is_none() && explode.is_none() && !encoding.allow_reserved {
            return;
        }
        let mut properties = members(form).into_iter();
        let Some((_, node)) = properties.find(|(known, _)| *known == name) else {
            return;
        };
        let at = at.child("encoding").child(name);
        let styled = Styled {
            subject: format!("the form's property `{name}`"),
            at: &at,
            style: match encoding.style {
                Some(_) => at.child("style").into(),
                None => at.key(),
            },
            is_parameter: false,
        };
        match encoding.style {
            Some(QueryStyle::DeepObject) => self.deep_object(&node, &styled),
            Some(QueryStyle::Form) | None if explode.unwrap_or(true) => {
                self.nested(&node, &styled);
                self.exploded_property(form, name, &node);
            }
            _ => self.nested(&node, &styled),
        }
    }
}
