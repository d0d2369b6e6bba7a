//! What the document's own examples say against its formats (wire rule 4).

use std::collections::{HashMap, HashSet};

use openapiv3::{Content, Parameter, ParameterSchemaOrContent, ReferenceOr};
use serde_json::Value as Json;

use crate::document::{Document, PathEntry, Rest, SchemaNode, SchemaType, SchemaView};
use crate::ir::{Integer, Type};
use crate::pointer::Pointer;

use super::default_value::fits;
use super::digits::is_beyond_float;
use super::example;
use super::facets::Facets;
use super::integer::{has_fraction, range, whole, width};
use super::usage::children;

/// More schemas than this for one value come from compositions that hold themselves.
const MOST_SCHEMAS: usize = 64;

/// The schemas whose format one of the document's examples does not keep to.
#[derive(Debug, Default)]
pub(super) struct Shown {
    offenders: HashMap<Pointer, Json>,
    /// The numbers with an example that an `f64` does not hold.
    beyond_float: HashSet<Pointer>,
}

impl Shown {
    /// Compares every example of the document with the schemas that it is an example of.
    pub fn of(document: &Document) -> Self {
        let mut shown = Self::default();
        for (_, node) in document.schemas() {
            shown.schema(document, &node);
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

    /// Returns whether an example of a number is one that an `f64` does not hold.
    pub fn needs_digits(&self, schema: &Pointer) -> bool {
        self.beyond_float.contains(schema)
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
                        let examples = example::given_at(
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
                let examples =
                    example::given_at(document, data.example.as_ref(), &data.examples, &at);
                self.value(document, &data.format, &examples, &at);
            }
        }
    }

    /// The value of a parameter or a header.
    fn value(
        &mut self,
        document: &Document,
        format: &ParameterSchemaOrContent,
        examples: &[(Pointer, Json)],
        at: &Pointer,
    ) {
        match format {
            ParameterSchemaOrContent::Schema(schema) => {
                let node = document.node(schema, at.child("schema"));
                for (at, example) in examples {
                    self.compare(document, &node, example, at);
                }
                self.schema(document, &node);
            }
            ParameterSchemaOrContent::Content(content) => {
                self.content(document, content, &at.child("content"));
            }
        }
    }

    fn content(&mut self, document: &Document, content: &Content, at: &Pointer) {
        for (name, media_type) in content {
            let Some(schema) = &media_type.schema else {
                continue;
            };
            let at = at.child(name);
            let node = document.node(schema, at.child("schema"));
            for (at, example) in example::given_at(
                document,
                media_type.example.as_ref(),
                &media_type.examples,
                &at,
            ) {
                self.compare(document, &node, &example, &at);
            }
            self.schema(document, &node);
        }
    }

    /// The examples that stand in a schema, and in those inside it.
    fn schema(&mut self, document: &Document, node: &SchemaNode<'_>) {
        let mut queue = vec![node.clone()];
        while let Some(node) = queue.pop() {
            let Some(view) = node.inline() else { continue };
            for (at, example) in view
                .examples_at()
                .into_iter()
                .filter(|(_, example)| !example.is_string())
            {
                self.compare(document, &node, example, &at);
            }
            queue.extend(children(&view));
        }
    }

    fn compare(
        &mut self,
        document: &Document,
        node: &SchemaNode<'_>,
        example: &Json,
        at: &Pointer,
    ) {
        // Only numbers beyond an `f64` are looked up by where they stand.
        let is_placed = document.has_digits(at);
        let below = |at: &Pointer, child: &dyn Fn(&Pointer) -> Pointer| {
            if is_placed {
                child(at)
            } else {
                Pointer::root()
            }
        };
        let mut queue = vec![(node.clone(), example, at.clone())];
        while let Some((node, value, at)) = queue.pop() {
            // No format is of these.
            if matches!(value, Json::Null | Json::Bool(_)) {
                continue;
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
                if let Json::Number(number) = value
                    && is_beyond_float(document, number, &at)
                {
                    let parts = facets.parts.iter().map(|part| part.pointer().clone());
                    self.beyond_float.extend(parts);
                }
                match value {
                    Json::String(_) | Json::Number(_) => {
                        for part in facets.parts.iter().filter(|part| !keeps_to(part, value)) {
                            let offender = self.offenders.entry(part.pointer().clone());
                            let offender = offender.or_insert_with(|| value.clone());
                            // One that no integer type holds says more than a large one.
                            if has_fraction(value) {
                                *offender = value.clone();
                            }
                        }
                    }
                    Json::Array(items) => {
                        for part in &facets.parts {
                            if let Rest::Schema(item) = part.items() {
                                for (index, value) in items.iter().enumerate() {
                                    let at = below(&at, &|at| at.child(index));
                                    queue.push((item.clone(), value, at));
                                }
                            }
                        }
                    }
                    Json::Object(members) => {
                        let object = facets.object();
                        for (name, value) in members {
                            let at = below(&at, &|at| at.child(name));
                            match (object.properties.get(name.as_str()), &object.additional) {
                                (Some(nodes), _) => {
                                    let nodes = nodes.iter();
                                    queue.extend(
                                        nodes.map(|node| (node.clone(), value, at.clone())),
                                    );
                                }
                                (None, Rest::Schema(node)) => queue.push((node.clone(), value, at)),
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
            let width = width(format).unwrap_or(Integer::I64);
            return whole(value).is_none_or(|number| range(width).contains(&number));
        }
        _ if view.declared_type() == Some(SchemaType::Number) => {
            let fits = |width| whole(value).is_none_or(|number| range(width).contains(&number));
            return width(format).is_none_or(|width| fits(width) && !has_fraction(value));
        }
        "uuid" => Type::Uuid,
        "date" => Type::Date,
        "date-time" => Type::DateTime,
        "byte" => Type::Base64,
        _ => return true,
    };
    value.as_str().is_none_or(|text| fits(&ty, text))
}
