//! What the document's own examples say against its formats (wire rule 4).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use openapiv3::{Content, Parameter, ParameterSchemaOrContent, ReferenceOr};
use serde_json::{Number, Value as Json};

use crate::document::{Document, PathEntry, Rest, SchemaNode, SchemaType, SchemaView};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::default_value::fits;
use super::example;
use super::facets::{Facets, ObjectFacets};
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
}

impl Shown {
    /// Compares every example of the document with the schemas that it is an example of.
    pub fn of(document: &Document) -> Self {
        let mut comparison = Comparison {
            document,
            offenders: HashMap::new(),
            seen: HashSet::new(),
            schemas: HashMap::new(),
            steps: MOST_STEPS,
        };
        comparison.run();
        Self {
            offenders: comparison.offenders,
        }
    }

    /// The example that does not keep to the format of a schema.
    pub fn offender(&self, schema: &Pointer) -> Option<&Json> {
        self.offenders.get(schema)
    }
}

/// What is asked of a schema for each value.
struct Compared<'d> {
    facets: Facets<'d>,
    object: ObjectFacets<'d>,
}

struct Comparison<'d> {
    document: &'d Document,
    offenders: HashMap<Pointer, Json>,
    /// What was looked at: many operations may share it.
    seen: HashSet<Pointer>,
    schemas: HashMap<Pointer, Rc<Compared<'d>>>,
    /// How many more times a value may be compared with a schema.
    steps: usize,
}

impl<'d> Comparison<'d> {
    fn run(&mut self) {
        let document = self.document;
        for (_, node) in document.schemas() {
            self.schema(&node);
        }
        for path in document.paths().chain(document.webhooks()) {
            self.path(&path);
            for entry in document.operations(&path) {
                for (_, paths) in document.callbacks(&entry) {
                    for path in &paths {
                        self.path(path);
                    }
                }
            }
        }
    }

    fn path(&mut self, path: &PathEntry<'d>) {
        let document = self.document;
        let at = path.pointer.child("parameters");
        self.parameters(&path.item.parameters, &at);
        for entry in document.operations(path) {
            let at = entry.pointer.child("parameters");
            self.parameters(&entry.operation.parameters, &at);
            if let Some(body) = &entry.operation.request_body
                && let Some((body, at)) = document.resolve(body, entry.pointer.child("requestBody"))
            {
                self.content(&body.content, &at.child("content"));
            }
            for (_, at, node) in entry.responses() {
                let Some((response, at)) = document.resolve(node, at) else {
                    continue;
                };
                self.content(&response.content, &at.child("content"));
                for (name, node) in &response.headers {
                    let at = at.child("headers").child(name);
                    if let Some((header, at)) = document.resolve(node, at) {
                        let examples = example::given(
                            document,
                            header.example.as_ref(),
                            &header.examples,
                            &at,
                        );
                        self.value(&header.format, &examples, &at);
                    }
                }
            }
        }
    }

    fn parameters(&mut self, parameters: &'d [ReferenceOr<Parameter>], at: &Pointer) {
        let document = self.document;
        for (index, node) in parameters.iter().enumerate() {
            if let Some((parameter, at)) = document.resolve(node, at.child(index)) {
                let data = parameter.parameter_data_ref();
                let examples = example::given(document, data.example.as_ref(), &data.examples, &at);
                self.value(&data.format, &examples, &at);
            }
        }
    }

    /// The value of a parameter or a header.
    fn value(&mut self, format: &'d ParameterSchemaOrContent, examples: &[&'d Json], at: &Pointer) {
        let document = self.document;
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
                self.content(content, &at.child("content"));
            }
        }
    }

    fn content(&mut self, content: &'d Content, at: &Pointer) {
        let document = self.document;
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
    fn schema(&mut self, node: &SchemaNode<'d>) {
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

    fn compared(&mut self, view: SchemaView<'d>) -> Rc<Compared<'d>> {
        let known = self.schemas.get(view.pointer());
        if let Some(known) = known {
            return Rc::clone(known);
        }
        let facets = Facets::of(&view);
        let compared = Rc::new(Compared {
            object: facets.object(),
            facets,
        });
        let at = view.pointer().clone();
        self.schemas.insert(at, Rc::clone(&compared));
        compared
    }

    fn compare(&mut self, node: &SchemaNode<'d>, example: &Json) {
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
            let Some(steps) = self.steps.checked_sub(1) else {
                return;
            };
            self.steps = steps;
            let mut nodes = vec![node];
            let mut seen = 0;
            while let Some(node) = nodes.pop() {
                seen += 1;
                let Some(view) = node.follow().filter(|_| seen <= MOST_SCHEMAS) else {
                    continue;
                };
                let schema = self.compared(view);
                let facets = &schema.facets;
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
                        let object = &schema.object;
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
