//! Checks the branches of a schema against its discriminator, its type and each other.

use std::collections::{HashSet, VecDeque};

use indexmap::IndexMap;
use openapiv3::{MediaType, Parameter, ParameterSchemaOrContent, RequestBody, Response};

use super::super::{SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use super::value_kinds::Kinds;
use super::{Check, DEEPEST};
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::pointer::Pointer;

/// Returns `true` if a schema may have a property, and collects the names of its properties.
pub(super) fn has_property<'d>(
    view: &SchemaView<'d>,
    name: &str,
    names: &mut Vec<&'d str>,
) -> bool {
    may_have(view, name, names, &mut HashSet::new(), DEEPEST)
}

/// Searches a schema and its branches. `seen` holds the schemas already searched or being searched.
fn may_have<'d>(
    view: &SchemaView<'d>,
    name: &str,
    names: &mut Vec<&'d str>,
    seen: &mut HashSet<Pointer>,
    depth: usize,
) -> bool {
    if depth == 0 {
        return true;
    }
    if !seen.insert(view.pointer().clone()) {
        return false;
    }
    let open = !matches!(
        view.additional_properties(),
        SchemaOrBool::Absent | SchemaOrBool::Closed
    );
    let own = view.properties();
    names.extend(own.iter().map(|(name, _)| *name));
    if open || own.iter().any(|(own, _)| *own == name) || !view.pattern_properties().is_empty() {
        return true;
    }
    let mut parts = view.all_of();
    parts.extend(view.one_of());
    parts.extend(view.any_of());
    let is_said = !own.is_empty() || !parts.is_empty();
    !is_said
        || parts
            .iter()
            .filter_map(SchemaNode::follow)
            .any(|part| may_have(&part, name, names, seen, depth - 1))
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
            .label("this value selects the schema, as its own values do")
            .related(tag.keyword(keyword), "its values")
            .help(format!("map one of them: {}", shown.join(", "))),
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
                    format!("no branch of the `{keyword}` is of the schema's own type"),
                )
                .related(view.keyword(keyword).key(), "the branches")
                .help("remove `type`, or write branches of that type"),
            );
        }
    }

    /// Reports `additionalProperties: false` in all schemas of the document, inline ones included.
    pub(super) fn all_closed_branches(&mut self) {
        let schemas = self.document.schemas().map(|(_, schema)| schema);
        let mut queue: VecDeque<SchemaNode<'d>> = schemas.collect();
        queue.extend(self.schemas_of_messages());
        let (mut seen, mut referred) = (HashSet::new(), HashSet::new());
        while let Some(node) = queue.pop_front() {
            // Follows one reference at a time, because a chain of references may be long.
            if let Some(target) = node.reference() {
                let is_new = referred.insert(target.clone());
                let schema = self.document.schema(&target);
                queue.extend(schema.filter(|_| is_new));
                continue;
            }
            if let Some(view) = node
                .inline()
                .filter(|view| seen.insert(view.pointer().clone()))
            {
                self.closed_branches(&view);
                queue.extend(inner(&view));
            }
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
    let mut seen = HashSet::new();
    let mut queue = vec![view.clone()];
    while let Some(view) = queue.pop() {
        if seen.insert(view.pointer().clone()) {
            properties.extend(view.properties());
            queue.extend(view.all_of().iter().filter_map(SchemaNode::follow));
        }
    }
    properties
}

/// Returns the schemas nested directly in a schema.
fn inner<'d>(view: &SchemaView<'d>) -> Vec<SchemaNode<'d>> {
    let mut nodes: Vec<SchemaNode<'d>> = Vec::new();
    nodes.extend(view.properties().into_iter().map(|(_, node)| node));
    nodes.extend(view.pattern_properties().into_iter().map(|(_, node)| node));
    nodes.extend(view.prefix_items());
    nodes.extend(view.all_of());
    nodes.extend(view.one_of());
    nodes.extend(view.any_of());
    for rest in [view.additional_properties(), view.items()] {
        if let SchemaOrBool::Schema(node) = rest {
            nodes.push(node);
        }
    }
    nodes
}
