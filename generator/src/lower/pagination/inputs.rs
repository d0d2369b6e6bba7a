//! The inputs of an operation that may select a page.

use openapiv3::{Parameter, ParameterSchemaOrContent};

use crate::document::{Document, OperationEntry, PathEntry, SchemaType};
use crate::ir::PageParameter;

use super::schema::{MAX_PROPERTIES, ValueSchema, json_of};
use super::vocabulary::{fold, is_container, is_plain_cursor};

/// An input that may select a page.
pub(super) struct Input<'d> {
    /// The parameter or property.
    pub parameter: PageParameter,
    /// Its folded name, and its folded name with those of the objects around it.
    pub names: [String; 2],
    pub value: ValueSchema<'d>,
    pub text: String,
    pub deprecated: bool,
}

impl Input<'_> {
    pub fn is_named(&self, is: impl Fn(&str) -> bool) -> bool {
        // `body_inputs` and `query_inputs` only have nested inputs of objects about pages, so the
        // own name is enough.
        let [own, whole] = &self.names;
        is(whole) || is(own)
    }
}

/// Returns the inputs of an operation: the body's properties for a POST, and the query parameters
/// for any other method.
pub(super) fn inputs<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
) -> Vec<Input<'d>> {
    if entry.method == "POST" {
        body_inputs(document, entry).unwrap_or_default()
    } else {
        query_inputs(document, path, entry)
    }
}

/// Returns the query parameters, and the properties of those that are objects about pages.
pub(super) fn query_inputs<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
) -> Vec<Input<'d>> {
    let own = (&entry.operation.parameters, &entry.pointer);
    let shared = (&path.item.parameters, &path.pointer);
    let lists = [own, shared].into_iter();
    let parameters = lists.flat_map(|(list, at)| {
        let at = at.child("parameters");
        let nodes = list.iter().enumerate();
        nodes.filter_map(move |(index, node)| document.resolve(node, at.child(index)))
    });
    let mut inputs: Vec<Input<'d>> = Vec::new();
    for (parameter, _) in parameters {
        let Parameter::Query { parameter_data, .. } = parameter else {
            continue;
        };
        let ParameterSchemaOrContent::Schema(schema) = &parameter_data.format else {
            continue;
        };
        let Some(value) = ValueSchema::new(&document.node(schema)) else {
            continue;
        };
        let name = &parameter_data.name;
        let is_known = |input: &Input<'_>| input.parameter.query.as_deref() == Some(name);
        if inputs.iter().any(is_known) {
            continue;
        }
        let deprecated = parameter_data.deprecated == Some(true) || value.view.deprecated();
        let text = parameter_data.description.clone().unwrap_or_default();
        let text = format!("{text}\n{}", value.text);
        if value.is(SchemaType::Object) && is_container(&fold(name)) {
            inputs.extend(value.properties().into_iter().map(|(inner, schema)| Input {
                parameter: PageParameter {
                    query: Some(name.clone()),
                    path: vec![inner.to_owned()],
                },
                names: [fold(inner), fold(&format!("{name}{inner}"))],
                text: schema.text.clone(),
                deprecated: deprecated || schema.view.deprecated(),
                value: schema,
            }));
        }
        inputs.push(Input {
            parameter: PageParameter {
                query: Some(name.clone()),
                path: Vec::new(),
            },
            names: [fold(name), fold(name)],
            value,
            text,
            deprecated,
        });
    }
    inputs
}

/// Returns the properties of a JSON body, and those of objects in it up to two levels deep.
fn body_inputs<'d>(document: &'d Document, entry: &OperationEntry<'d>) -> Option<Vec<Input<'d>>> {
    let body = entry.operation.request_body.as_ref()?;
    let (body, at) = document.resolve(body, entry.pointer.child("requestBody"))?;
    let (media_type, _) = json_of(&body.content, &at)?;
    let node = document.node(media_type.schema.as_ref()?);
    let mut inputs: Vec<Input<'d>> = Vec::new();
    let mut objects = vec![(Vec::new(), ValueSchema::new(&node)?)];
    let mut next = 0;
    let mut count = 0;
    while let Some((path, object)) = objects.get(next).cloned() {
        next += 1;
        for (name, schema) in object.properties() {
            count += 1;
            if count > MAX_PROPERTIES {
                return Some(inputs);
            }
            let mut below: Vec<String> = path.clone();
            below.push(name.to_owned());
            let is_inner = !path.is_empty();
            let folded = fold(name);
            if schema.is(SchemaType::Object) && below.len() <= 2 {
                objects.push((below.clone(), schema.clone()));
            }
            // A nested property is only about pages if its name or that of its object indicates it.
            let parent = path.last().map(|parent| fold(parent)).unwrap_or_default();
            let is_about_pages = !is_inner
                || is_container(&parent)
                || matches!(parent.as_str(), "options" | "query" | "cursor")
                || is_plain_cursor(&folded);
            if is_about_pages {
                inputs.push(Input {
                    names: [folded, fold(&below.concat())],
                    parameter: PageParameter {
                        query: None,
                        path: below,
                    },
                    text: schema.text.clone(),
                    deprecated: schema.view.deprecated(),
                    value: schema,
                });
            }
        }
    }
    Some(inputs)
}
