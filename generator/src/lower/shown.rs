//! What the document's own examples say against its formats (wire rule 4).

use std::collections::{HashMap, HashSet};

use openapiv3::{Content, Parameter, ParameterSchemaOrContent, ReferenceOr};
use serde_json::{Number, Value as Json};

use crate::document::{Document, PathEntry, Rest, SchemaNode, SchemaType, SchemaView};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::default_value::fits;
use super::example;
use super::facets::Facets;
use super::integer::{range, width};
use super::usage::children;

/// More schemas than this for one value come from compositions that hold themselves.
const MOST_SCHEMAS: usize = 64;

/// Values are compared with as many schemas altogether.
const MOST_STEPS: usize = 5_000_000;

/// The schemas whose format one of the document's examples does not keep to.
#[derive(Debug, Default)]
pub(super) struct Shown {
    offenders: HashMap<Pointer, Json>,
    /// What was looked at: many operations may share it.
    seen: HashSet<Pointer>,
    /// How many more values may be compared with schemas.
    steps: Option<usize>,
}

impl Shown {
    /// Compares every example of the document with the schemas that it is an example of.
    pub fn of(document: &Document) -> Self {
        let mut shown = Self {
            steps: Some(MOST_STEPS),
            ..Self::default()
        };
        for (_, node) in document.schemas() {
            shown.schema(&node);
        }
        for path in document.paths().chain(document.webhooks()) {
            shown.path(document, &path);
            for entry in document.operations(&path) {
                for (_, paths) in document.callbacks(&entry) {
                    for path in &paths {
                        shown.path(document, path);
                    }
                }
            }
        }
        shown
    }

    /// The example that does not keep to the format of a schema.
    pub fn offender(&self, schema: &Pointer) -> Option<&Json> {
        self.offenders.get(schema)
    }

    fn path(&mut self, document: &Document, path: &PathEntry<'_>) {
        let at = path.pointer.child("parameters");
        self.parameters(document, &path.item.parameters, &at);
        for entry in document.operations(path) {
            let at = entry.pointer.child("parameters");
            self.parameters(document, &entry.operation.parameters, &at);
            if let Some(body) = &entry.operation.request_body
                && let Some((body, at)) = document.resolve(body, entry.pointer.child("requestBody"))
            {
                self.content(document, &body.content, &at.child("content"));
            }
            for (_, at, node) in entry.responses() {
                let Some((response, at)) = document.resolve(node, at) else {
                    continue;
                };
                self.content(document, &response.content, &at.child("content"));
                for (name, node) in &response.headers {
                    let at = at.child("headers").child(name);
                    if let Some((header, at)) = document.resolve(node, at) {
                        let examples = example::given(
                            document,
                            header.example.as_ref(),
                            &header.examples,
                            &at,
                        );
                        self.value(document, &header.format, &examples, &at);
                    }
                }
            }
        }
    }

    fn parameters(
        &mut self,
        document: &Document,
        parameters: &[ReferenceOr<Parameter>],
        at: &Pointer,
    ) {
        for (index, node) in parameters.iter().enumerate() {
            if let Some((parameter, at)) = document.resolve(node, at.child(index)) {
                let data = parameter.parameter_data_ref();
                let examples = example::given(document, data.example.as_ref(), &data.examples, &at);
                self.value(document, &data.format, &examples, &at);
            }
        }
    }

    /// The value of a parameter or a header.
    fn value(
        &mut self,
        document: &Document,
        format: &ParameterSchemaOrContent,
        examples: &[&Json],
        at: &Pointer,
    ) {
        if !self.seen.insert(at.clone()) {
            return;
        }
        match format {
            ParameterSchemaOrContent::Schema(schema) => {
                let node = document.node(schema, at.child("schema"));
                for example in examples {
                    self.compare(&node, example);
                }
                self.schema(&node);
            }
            ParameterSchemaOrContent::Content(content) => {
                self.content(document, content, &at.child("content"));
            }
        }
    }

    fn content(&mut self, document: &Document, content: &Content, at: &Pointer) {
        if !self.seen.insert(at.clone()) {
            return;
        }
        for (name, media_type) in content {
            let Some(schema) = &media_type.schema else {
                continue;
            };
            let at = at.child(name);
            let node = document.node(schema, at.child("schema"));
            for example in example::given(
                document,
                media_type.example.as_ref(),
                &media_type.examples,
                &at,
            ) {
                self.compare(&node, example);
            }
            self.schema(&node);
        }
    }

    /// The examples that stand in a schema, and in those inside it.
    fn schema(&mut self, node: &SchemaNode<'_>) {
        let mut queue = vec![node.clone()];
        while let Some(node) = queue.pop() {
            let Some(view) = node.inline() else { continue };
            for example in view
                .examples()
                .into_iter()
                .filter(|example| !example.is_string())
            {
                self.compare(&node, example);
            }
            queue.extend(children(&view));
        }
    }

    fn compare(&mut self, node: &SchemaNode<'_>, example: &Json) {
        let mut queue = vec![(node.clone(), example)];
        let mut compared: HashSet<(Pointer, usize)> = HashSet::new();
        while let Some((node, value)) = queue.pop() {
            // Formats do not apply to these.
            if matches!(value, Json::Null | Json::Bool(_)) {
                continue;
            }
            // Several branches may lead to one schema.
            let target = node.reference().unwrap_or_else(|| node.pointer().clone());
            if !compared.insert((target, std::ptr::from_ref(value).addr())) {
                continue;
            }
            self.steps = self.steps.and_then(|steps| steps.checked_sub(1));
            if self.steps.is_none() {
                return;
            }
            let mut nodes = vec![node];
            let mut seen = 0;
            while let Some(node) = nodes.pop() {
                seen += 1;
                let Some(view) = node.follow().filter(|_| seen <= MOST_SCHEMAS) else {
                    continue;
                };
                let facets = Facets::of(&view);
                nodes.extend(
                    facets
                        .unions
                        .iter()
                        .flat_map(|union| union.branches.iter().cloned()),
                );
                match value {
                    Json::String(_) | Json::Number(_) => {
                        for part in facets.parts.iter().filter(|part| !keeps_to(part, value)) {
                            let offender = self.offenders.entry(part.pointer().clone());
                            offender.or_insert_with(|| value.clone());
                        }
                    }
                    Json::Array(items) => {
                        for part in &facets.parts {
                            if let Rest::Schema(item) = part.items() {
                                queue.extend(items.iter().map(|value| (item.clone(), value)));
                            }
                        }
                    }
                    Json::Object(members) => {
                        let object = facets.object();
                        for (name, value) in members {
                            match (object.properties.get(name.as_str()), &object.additional) {
                                (Some(nodes), _) => {
                                    queue.extend(nodes.iter().map(|node| (node.clone(), value)));
                                }
                                (None, Rest::Schema(node)) => queue.push((node.clone(), value)),
                                (None, _) => {}
                            }
                        }
                    }
                    Json::Null | Json::Bool(_) => {}
                }
            }
        }
    }
}

/// Whether a text or a number is of a schema's format.
fn keeps_to(view: &SchemaView<'_>, value: &Json) -> bool {
    let format = view.format().unwrap_or_default();
    let ty = match format {
        _ if view.declared_type() == Some(SchemaType::Integer) => {
            let number = value.as_number().and_then(Number::as_i128);
            return number.is_none_or(|number| range(width(format)).contains(&number));
        }
        "uuid" => Type::Uuid,
        "date" => Type::Date,
        "date-time" => Type::DateTime,
        "byte" => Type::Base64,
        _ => return true,
    };
    value.as_str().is_none_or(|text| fits(&ty, text))
}
