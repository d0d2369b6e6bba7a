//! Reports values that a style cannot serialize, and properties that are sent under the name of
//! another value (OpenAPI 3.1, section 4.8.12.4).

use std::collections::{HashMap, HashSet};

use openapiv3::{Parameter, ParameterSchemaOrContent, QueryStyle, ReferenceOr};

use super::super::{
    Applicator, OperationEntry, PathEntry, SchemaNode, SchemaOrBool, SchemaView, Walk,
};
use super::value_kinds::{Kinds, type_of};
use super::{Check, DEEPEST};
use crate::diagnostic::{Diagnostic, Location, code};
use crate::pointer::Pointer;

/// A value that is serialized in a style.
pub(super) struct Styled<'a> {
    /// The value's name in messages, such as ``parameter `a` ``.
    pub(super) subject: String,
    /// The pointer to the value.
    pub(super) at: &'a Pointer,
    /// The location of the style.
    pub(super) style: Location,
    /// True for a parameter, false for a property of a form.
    pub(super) is_parameter: bool,
}

/// A name in the query or among the cookies, with its origin.
struct Sent {
    name: String,
    at: Location,
    /// The exploded object, if the name is one of its properties.
    object: Option<String>,
}

/// Returns the part of a schema's values that is a list or an object in every value, with the
/// pointer to its schema. Returns `None` if some values have no such part.
pub(super) fn always_nested(
    node: &SchemaNode<'_>,
    kinds: Kinds,
) -> Option<(&'static str, Pointer)> {
    let view = node.follow()?;
    match (kinds.list, kinds.object) {
        (true, false) => match view.items() {
            SchemaOrBool::Schema(items) if Kinds::new(&items).is_nested() => {
                Some(("the items", view.keyword("items")))
            }
            _ => None,
        },
        (false, true) => {
            let required = view.required();
            let mut properties = view.properties().into_iter();
            let nested = properties.find(|(name, property)| {
                required.iter().any(|other| other == name) && Kinds::new(property).is_nested()
            });
            nested.map(|(_, property)| ("properties", property.pointer().clone()))
        }
        _ => None,
    }
}

impl<'d> Check<'d, '_> {
    /// Reports uses of `deepObject` that the specification does not define: values other than
    /// objects, and nested lists or objects. They are sent as servers that use the style read them.
    pub(super) fn deep_object(&mut self, node: &SchemaNode<'d>, styled: &Styled<'_>) {
        let kinds = Kinds::new(node);
        let subject = &styled.subject;
        if kinds.scalar || kinds.list {
            self.warn(code::NO_FORM, "deep object", || {
                let message = format!(
                    "{subject} allows values that are not objects, for which `style: deepObject` is not defined"
                );
                Diagnostic::warning(code::NO_FORM, styled.style.clone(), message)
                    .label("a list is sent as `name[0]=..`, a single value as `name=..`")
                    .related(type_of(node), "its schema")
                    .help("write `style: form`, or a schema of `type: object`")
            });
        }
        let mut seen = HashSet::new();
        let mut objects = vec![node.clone()];
        while let Some(object) = objects.pop() {
            for (_, property) in members(&object) {
                for view in alternatives(&property) {
                    if !seen.insert(view.pointer().clone()) {
                        continue;
                    }
                    match view.items() {
                        SchemaOrBool::Schema(items) if Kinds::new(&items).is_nested() => {
                            self.undefined_form(&view.keyword("items"), styled);
                        }
                        _ => objects.push(property.clone()),
                    }
                }
            }
        }
    }

    fn undefined_form(&mut self, place: &Pointer, styled: &Styled<'_>) {
        self.warn(code::NO_FORM, "nested in a deep object", || {
            let message = format!(
                "{} contains lists or objects inside a list, for which `style: deepObject` is not defined",
                styled.subject
            );
            let help = if styled.is_parameter {
                "check which format the server expects, or describe the parameter with `content` and a media type such as `application/json`"
            } else {
                "check which format the server expects, or write `contentType: application/json` instead of the style"
            };
            Diagnostic::warning(code::NO_FORM, styled.style.clone(), message)
                .label("sent as `list[0][name]=..`; `--deep-object-arrays` changes this")
                .related(place, "inside a list")
                .help(help)
        });
    }

    /// Reports lists and objects nested in a list or an object, which the other styles cannot
    /// serialize.
    pub(super) fn nested(&mut self, node: &SchemaNode<'d>, styled: &Styled<'_>) {
        for view in alternatives(node) {
            if let SchemaOrBool::Schema(items) = view.items()
                && Kinds::new(&items).is_nested()
            {
                return self.no_form(view.keyword("items"), "the items", styled);
            }
            let mut properties = view.properties().into_iter();
            if let Some((_, property)) =
                properties.find(|(_, property)| Kinds::new(property).is_nested())
            {
                return self.no_form(property.pointer().clone(), "a property", styled);
            }
        }
    }

    fn no_form(&mut self, place: Pointer, what: &str, styled: &Styled<'_>) {
        self.warn(code::NO_FORM, "nested", || {
            let message = format!(
                "{} contains lists or objects inside {what}, which no style can encode: sending such a value is an error",
                styled.subject
            );
            let (label, help) = if styled.is_parameter {
                (
                    "the parameter",
                    "write `content: { application/json: { schema: .. } }` instead of `schema`",
                )
            } else {
                (
                    "the property's style",
                    "write `contentType: application/json` instead of the style",
                )
            };
            let related = if styled.is_parameter { styled.at.key() } else { styled.style.clone() };
            Diagnostic::warning(code::NO_FORM, place, message)
                .related(related, label)
                .help(help)
        });
    }

    /// Reports properties of exploded objects that are sent under the name of another parameter.
    pub(super) fn exploded(&mut self, path: &PathEntry<'d>, entry: &OperationEntry<'d>) {
        let lists = [
            (&path.item.parameters, path.pointer.child("parameters")),
            (
                &entry.operation.parameters,
                entry.pointer.child("parameters"),
            ),
        ];
        // An operation's own parameter replaces the path item's parameter of the same name and
        // location.
        let mut parameters: HashMap<(bool, &str), (&'d Parameter, Pointer)> = HashMap::new();
        let mut order = Vec::new();
        for (list, at) in lists {
            for (index, node) in list.iter().enumerate() {
                let node: &'d ReferenceOr<Parameter> = node;
                let Some((parameter, at)) = self.document.resolve(node, at.child(index)) else {
                    continue;
                };
                let is_cookie = match parameter {
                    Parameter::Query { .. } => false,
                    Parameter::Cookie { .. } => true,
                    Parameter::Path { .. } | Parameter::Header { .. } => continue,
                };
                let key = (is_cookie, parameter.parameter_data_ref().name.as_str());
                if parameters.insert(key, (parameter, at)).is_none() {
                    order.push(key);
                }
            }
        }
        for wanted in [false, true] {
            let mut sent = Vec::new();
            for key in order.iter().filter(|(is_cookie, _)| *is_cookie == wanted) {
                if let Some((parameter, at)) = parameters.get(key) {
                    self.sent(parameter, at, &mut sent);
                }
            }
            let place = if wanted { "cookie" } else { "query parameter" };
            self.clashes(&sent, place);
        }
    }

    /// Adds the names that a parameter is sent under.
    fn sent(&self, parameter: &'d Parameter, at: &Pointer, sent: &mut Vec<Sent>) {
        let data = parameter.parameter_data_ref();
        let is_form = !matches!(
            parameter,
            Parameter::Query { style, .. } if *style != QueryStyle::Form
        );
        if let ParameterSchemaOrContent::Schema(schema) = &data.format
            && is_form
            && data.explode.unwrap_or(true)
        {
            let node = self.document.node(schema);
            let kinds = Kinds::new(&node);
            sent.extend(members(&node).into_iter().map(|(name, property)| Sent {
                name: name.to_owned(),
                at: property.pointer().key(),
                object: Some(data.name.clone()),
            }));
            if kinds.object && !kinds.scalar && !kinds.list {
                return;
            }
        }
        sent.push(Sent {
            name: data.name.clone(),
            at: at.child("name").into(),
            object: None,
        });
    }

    fn clashes(&mut self, sent: &[Sent], place: &str) {
        for (index, one) in sent.iter().enumerate() {
            let Some(object) = &one.object else { continue };
            let mut others = sent.iter().enumerate();
            let other = others.find(|(position, other)| {
                let is_other = other.object.as_ref() != Some(object);
                // If two properties clash, only the later one is reported.
                let is_first = other.object.is_none() || *position < index;
                other.name == one.name && is_other && is_first
            });
            let Some((_, other)) = other else { continue };
            let name = &one.name;
            self.warn(code::DUPLICATE_PARAMETER, place, || {
                let message = format!(
                    "the property `{name}` of `{object}` (`explode: true`) and another {place} are sent under the same name: the server cannot distinguish the two"
                );
                let label = match &other.object {
                    Some(_) => "the other one, also a property",
                    None => "the other one",
                };
                Diagnostic::warning(code::DUPLICATE_PARAMETER, one.at.clone(), message)
                    .related(other.at.clone(), label)
                    .help(match place {
                        "cookie" => "rename one of them, or write `explode: false`",
                        _ => "rename one of them, or write `style: deepObject`",
                    })
            });
        }
    }

    /// Reports properties of an exploded object in a form that are sent under the name of another
    /// property.
    pub(super) fn exploded_property(
        &mut self,
        form: &SchemaNode<'d>,
        name: &str,
        node: &SchemaNode<'d>,
    ) {
        let others = members(form);
        let sent = others.iter().filter(|(other, _)| *other != name);
        let sent = sent.map(|(other, property)| Sent {
            name: (*other).to_owned(),
            at: property.pointer().key(),
            object: None,
        });
        let own = members(node).into_iter().map(|(own, property)| Sent {
            name: own.to_owned(),
            at: property.pointer().key(),
            object: Some(name.to_owned()),
        });
        let sent: Vec<Sent> = sent.chain(own).collect();
        self.clashes(&sent, "property of the form");
    }
}

/// Returns a schema, or the branches of its unions.
fn alternatives<'d>(node: &SchemaNode<'d>) -> Vec<SchemaView<'d>> {
    let branches = &[Applicator::AnyOf, Applicator::OneOf, Applicator::AllOf];
    let walk = Walk::new([node.clone()], branches);
    walk.take(DEEPEST * DEEPEST).collect()
}

/// Returns the properties of a schema and of its branches.
pub(super) fn members<'d>(node: &SchemaNode<'d>) -> Vec<(&'d str, SchemaNode<'d>)> {
    let mut members: Vec<(&str, SchemaNode<'_>)> = Vec::new();
    for view in alternatives(node) {
        for (name, property) in view.properties() {
            if !members.iter().any(|(known, _)| *known == name) {
                members.push((name, property));
            }
        }
    }
    members
}
