//! Checks the branches of a schema against its discriminator, its type and each other.

use indexmap::IndexMap;
use openapiv3::{MediaType, Parameter, ParameterSchemaOrContent, RequestBody, Response};

use super::super::{Applicator, SchemaNode, SchemaOrBool, SchemaType, SchemaView, Walk};
use super::Check;
use super::value_kinds::Kinds;
use crate::diagnostic::{Diagnostic, code, nearest};

/// The keywords whose subschemas are searched for closed branches.
const INNER: &[Applicator] = &[
    Applicator::Properties,
    Applicator::PatternProperties,
    Applicator::PrefixItems,
    Applicator::AllOf,
    Applicator::OneOf,
    Applicator::AnyOf,
    Applicator::AdditionalProperties,
    Applicator::Items,
];

/// Returns `true` if a schema may have a property, and collects the names of its properties.
pub(super) fn has_property<'d>(
    view: &SchemaView<'d>,
    name: &str,
    names: &mut Vec<&'d str>,
) -> bool {
    let mut branches = view.walk(Applicator::COMPOSITION);
    branches.any(|view| {
        let open = !matches!(
            view.additional_properties(),
            SchemaOrBool::Absent | SchemaOrBool::Closed
        );
        let own = view.properties();
        names.extend(own.iter().map(|(name, _)| *name));
        open || own.iter().any(|(own, _)| *own == name)
            || !view.pattern_properties().is_empty()
            || own.is_empty() && view.subschemas(Applicator::COMPOSITION).is_empty()
    })
}

impl<'d> Check<'d, '_> {
    /// Reports branches that cannot have the property of the discriminator, or the value that
    /// selects them (OpenAPI 3.1, section 4.8.25).
    pub(super) fn discriminator(&mut self, view: &SchemaView<'d>) {
        let Some(discriminator) = view.discriminator() else {
            return;
        };
        let mut branches = view.one_of();
        branches.extend(view.any_of());
        if branches.is_empty() {
            return;
        }
        let at = view.keyword("discriminator");
        let property = &discriminator.property_name;
        for value in discriminator.mapping.keys() {
            self.mapped_value(view, property, value);
        }
        for branch in &branches {
            let Some(target) = branch.follow().filter(|_| Kinds::new(branch).object) else {
                continue;
            };
            let mut names = Vec::new();
            if has_property(&target, property, &mut names) {
                continue;
            }
            let message =
                format!("this branch does not declare the discriminator property `{property}`");
            self.report(
                Diagnostic::warning(code::UNKNOWN_PROPERTY, branch.pointer(), message)
                    .related(at.child("propertyName"), "the discriminator property")
                    .help(match nearest(property, names) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("add `{property}` to the branch's `properties`"),
                    }),
            );
        }
    }

    /// Reports a `mapping` value that the target's own property does not allow.
    fn mapped_value(&mut self, view: &SchemaView<'d>, property: &str, value: &str) {
        let target = view.discriminated(value).and_then(|node| node.follow());
        let Some(node) = target.and_then(|target| target.property(property)) else {
            return;
        };
        let Some(tag) = node.follow() else { return };
        let values = tag.enumeration();
        if values.is_empty() || values.iter().any(|other| other == value) {
            return;
        }
        let keyword = if tag.is_constant() { "const" } else { "enum" };
        let at = view.keyword("discriminator").child("mapping");
        let shown: Vec<String> = values.iter().take(3).map(ToString::to_string).collect();
        self.report(
            Diagnostic::warning(
                code::DISCRIMINATOR_UNUSABLE,
                at.child(value).key(),
                format!("`{value}` selects a schema whose `{property}` cannot have this value"),
            )
            .label("added to the values that select this schema")
            .related(tag.keyword(keyword), "its values")
            .help(format!(
                "use a value that the schema allows: {}",
                shown.join(", ")
            )),
        );
    }

    /// Reports branches that all have a type other than the schema's own: no value is valid.
    pub(super) fn branches_of_other_types(&mut self, view: &SchemaView<'d>) {
        let Some(own) = view.declared_type() else {
            return;
        };
        for (keyword, branches) in [("oneOf", view.one_of()), ("anyOf", view.any_of())] {
            let types: Option<Vec<SchemaType>> = branches
                .iter()
                .map(|branch| branch.follow()?.declared_type())
                .collect();
            let Some(types) = types.filter(|types| !types.is_empty()) else {
                continue;
            };
            let is_number = |of: SchemaType| matches!(of, SchemaType::Number | SchemaType::Integer);
            if types
                .iter()
                .any(|of| *of == own || is_number(own) && is_number(*of))
            {
                continue;
            }
            self.report(
                Diagnostic::error(
                    code::CONTRADICTORY_SCHEMA,
                    view.keyword("type"),
                    format!("no branch of the `{keyword}` allows the schema's own type"),
                )
                .related(view.keyword(keyword).key(), "the branches")
                .help("remove `type`, or write branches of that type"),
            );
        }
    }

    /// Reports `additionalProperties: false` in all schemas of the document, inline ones included.
    pub(super) fn all_closed_branches(&mut self) {
        let schemas = self.document.schemas().map(|(_, schema)| schema);
        let schemas = schemas.chain(self.schemas_of_messages());
        for view in Walk::new(schemas, INNER).breadth_first() {
            self.closed_branches(&view);
        }
    }

    /// Returns the schemas of parameters, bodies and headers.
    fn schemas_of_messages(&self) -> Vec<SchemaNode<'d>> {
        let document = self.document;
        let mut nodes = Vec::new();
        let mut content = |content: &'d IndexMap<String, MediaType>| {
            let schemas = content.values().filter_map(|it| it.schema.as_ref());
            nodes.extend(schemas.map(|schema| document.node(schema)));
        };
        let mut formats = Vec::new();
        for path in document.paths() {
            let shared = (&path.item.parameters, path.pointer.child("parameters"));
            let mut lists = vec![shared];
            for entry in document.operations(&path) {
                let at = entry.pointer.child("parameters");
                lists.push((&entry.operation.parameters, at));
                if let Some(body) = &entry.operation.request_body {
                    let at = entry.pointer.child("requestBody");
                    if let Some((body, _)) = document.resolve::<RequestBody>(body, at) {
                        content(&body.content);
                    }
                }
                for (_, at, response) in entry.responses() {
                    if let Some((response, _)) = document.resolve::<Response>(response, at) {
                        content(&response.content);
                    }
                }
            }
            for (list, at) in lists {
                for (index, node) in list.iter().enumerate() {
                    if let Some((parameter, _)) = document.resolve(node, at.child(index)) {
                        let parameter: &Parameter = parameter;
                        formats.push(&parameter.parameter_data_ref().format);
                    }
                }
            }
        }
        for format in formats {
            match format {
                ParameterSchemaOrContent::Schema(schema) => {
                    nodes.push(document.node(schema));
                }
                ParameterSchemaOrContent::Content(_) => {}
            }
        }
        nodes
    }

    /// Reports `additionalProperties: false` in a branch of `allOf`. It considers only the
    /// properties next to it (JSON Schema, section 10.3.2.3), so the properties of the other
    /// branches are invalid.
    fn closed_branches(&mut self, view: &SchemaView<'d>) {
        let mut parts: Vec<SchemaView<'d>> = view
            .all_of()
            .iter()
            .filter_map(SchemaNode::follow)
            .collect();
        if parts.is_empty() {
            return;
        }
        let own = parts.len();
        parts.push(view.clone());
        for (index, closed) in parts.iter().enumerate() {
            if !matches!(closed.additional_properties(), SchemaOrBool::Closed) {
                continue;
            }
            let others = parts.iter().enumerate();
            let others = others.filter(|(other, _)| *other != index);
            let mut names = others.flat_map(|(other, part)| {
                // The schema's own branches are already in `parts`.
                if other == own {
                    part.properties()
                } else {
                    all_properties(part)
                }
            });
            let Some((name, other)) = names.find(|(name, _)| closed.property(name).is_none())
            else {
                continue;
            };
            self.warn(code::COERCED, "closed branch", || {
                let of = if index == own { "a branch" } else { "another branch" };
                let message = format!(
                    "`additionalProperties: false` excludes the property `{name}` of {of}; this property is allowed anyway"
                );
                let at = closed.keyword("additionalProperties").key();
                Diagnostic::warning(code::COERCED, at, message)
                    .related(other.pointer().key(), "the property")
                    .help("write `unevaluatedProperties: false` beside the `allOf`")
            });
        }
    }
}

/// Returns the properties of a schema and of the branches of its `allOf`.
fn all_properties<'d>(view: &SchemaView<'d>) -> Vec<(&'d str, SchemaNode<'d>)> {
    let mut properties = Vec::new();
    let mut walk = view.walk(&[]);
    while let Some(view) = walk.next() {
        properties.extend(view.properties());
        walk.enter(view.all_of().into_iter().rev());
    }
    properties
}
