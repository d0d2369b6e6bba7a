//! Finds examples of the document that violate the formats of their schemas (wire rule 4).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use openapiv3::{Content, Parameter, ParameterSchemaOrContent, ReferenceOr};
use serde_json::Value as Json;

use crate::document::{
    Document, PathEntry, SchemaNode, SchemaOrBool, SchemaType, SchemaView, Walk,
};
use crate::ir::{Integer, Type};
use crate::pointer::Pointer;
use crate::values::{fits, has_fraction, is_beyond_float, range, whole, width};

use super::all_of::{MergedSchema, ObjectKeywords};
use super::directions::NESTED;
use super::documented_example::documented_values_at;

/// Maximum number of schemas per value; more come from circular compositions.
const MOST_SCHEMAS: usize = 64;

/// Maximum number of comparisons of values with schemas.
const MOST_STEPS: usize = 5_000_000;

/// The schemas with an example that violates their format.
#[derive(Debug, Default)]
pub(super) struct FormatViolations {
    offenders: HashMap<Pointer, Json>,
    /// The numbers with an example that an `f64` cannot represent.
    beyond_float: HashSet<Pointer>,
}

impl FormatViolations {
    /// Compares every example of the document with its schemas.
    pub fn new(document: &Document) -> Self {
        let mut comparison = Comparison {
            document,
            format_violations: Self::default(),
            seen: HashSet::new(),
            schemas: HashMap::new(),
            steps: MOST_STEPS,
        };
        comparison.run();
        comparison.format_violations
    }

    /// Returns the example that violates a schema's format.
    pub fn offender(&self, schema: &Pointer) -> Option<&Json> {
        self.offenders.get(schema)
    }

    /// Returns `true` if an `f64` cannot represent an example of a number.
    pub fn needs_digits(&self, schema: &Pointer) -> bool {
        self.beyond_float.contains(schema)
    }
}

/// The keywords of a schema, read once for all values.
struct Compared<'d> {
    merged: MergedSchema<'d>,
    object: ObjectKeywords<'d>,
}

struct Comparison<'d> {
    document: &'d Document,
    format_violations: FormatViolations,
    /// The nodes already visited, since operations may share them.
    seen: HashSet<Pointer>,
    schemas: HashMap<Pointer, Rc<Compared<'d>>>,
    /// The number of comparisons left.
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
                        let examples = documented_values_at(
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
                let examples =
                    documented_values_at(document, data.example.as_ref(), &data.examples, &at);
                self.value(&data.format, &examples, &at);
            }
        }
    }

    /// Compares the examples of a parameter or header.
    fn value(
        &mut self,
        format: &'d ParameterSchemaOrContent,
        examples: &[(Pointer, &'d Json)],
        at: &Pointer,
    ) {
        let document = self.document;
        if !self.seen.insert(at.clone()) {
            return;
        }
        match format {
            ParameterSchemaOrContent::Schema(schema) => {
                let node = document.node(schema);
                for (at, example) in examples {
                    self.compare(&node, example, at);
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
            let node = document.node(schema);
            for (at, example) in documented_values_at(
                document,
                media_type.example.as_ref(),
                &media_type.examples,
                &at,
            ) {
                self.compare(&node, example, &at);
            }
            self.schema(&node);
        }
    }

    /// Compares the examples in a schema and in its nested schemas.
    fn schema(&mut self, node: &SchemaNode<'d>) {
        let mut walk = Walk::new([node.clone()], &[]).inline();
        while let Some(view) = walk.next() {
            for (at, example) in view
                .examples_at()
                .into_iter()
                .filter(|(_, example)| !example.is_string())
            {
                self.compare(&view.node(), example, &at);
            }
            let mut nested = view.subschemas(NESTED);
            nested.extend(view.all_of());
            walk.enter(nested.into_iter().rev());
        }
    }

    fn compared(&mut self, view: &SchemaView<'d>) -> Rc<Compared<'d>> {
        if let Some(known) = self.schemas.get(view.pointer()) {
            return Rc::clone(known);
        }
        let merged = MergedSchema::new(view);
        let compared = Rc::new(Compared {
            object: merged.object(),
            merged,
        });
        let at = view.pointer().clone();
        self.schemas.insert(at, Rc::clone(&compared));
        compared
    }

    fn compare(&mut self, node: &SchemaNode<'d>, example: &Json, at: &Pointer) {
        // Pointers are only needed for numbers beyond an `f64`.
        let is_placed = self.document.has_digits(at);
        let at = if is_placed {
            at.clone()
        } else {
            Pointer::root()
        };
        let mut queue = vec![(node.clone(), example, at)];
        let mut compared: HashSet<(Pointer, usize)> = HashSet::new();
        while let Some((node, value, at)) = queue.pop() {
            // Formats do not apply to null or booleans.
            if matches!(value, Json::Null | Json::Bool(_)) {
                continue;
            }
            // Several branches may refer to the same schema.
            let target = node.reference().unwrap_or_else(|| node.pointer().clone());
            if !compared.insert((target, std::ptr::from_ref(value).addr())) {
                continue;
            }
            let Some(steps) = self.steps.checked_sub(1) else {
                return;
            };
            self.steps = steps;
            for schema in self.schemas_of(node) {
                self.compare_scalar(&schema.merged, value, &at);
                queue.extend(parts(&schema, value, is_placed.then_some(&at)));
            }
        }
    }

    /// Returns a schema and the branches of its unions, up to a limit.
    fn schemas_of(&mut self, node: SchemaNode<'d>) -> Vec<Rc<Compared<'d>>> {
        let mut nodes = vec![node];
        let mut found = Vec::new();
        for _ in 0..MOST_SCHEMAS {
            let Some(node) = nodes.pop() else {
                break;
            };
            let Some(view) = node.follow() else {
                continue;
            };
            let schema = self.compared(&view);
            // The queue is last in, first out, and limited: earlier branches would not be reached.
            nodes.extend(schema.merged.unions.iter().flat_map(|union| {
                let branches = &union.branches;
                let first = branches.len().saturating_sub(MOST_SCHEMAS);
                branches.iter().skip(first).cloned()
            }));
            found.push(schema);
        }
        found
    }

    /// Compares a text or a number with the formats of a schema.
    fn compare_scalar(&mut self, merged: &MergedSchema<'d>, value: &Json, at: &Pointer) {
        if let Json::Number(number) = value
            && is_beyond_float(self.document, number, at)
        {
            let parts = merged.parts.iter().map(|part| part.pointer().clone());
            self.format_violations.beyond_float.extend(parts);
        }
        if !matches!(value, Json::String(_) | Json::Number(_)) {
            return;
        }
        for part in merged.parts.iter().filter(|part| !keeps_to(part, value)) {
            let offenders = &mut self.format_violations.offenders;
            let offender = offenders.entry(part.pointer().clone());
            let offender = offender.or_insert_with(|| value.clone());
            // A fraction is a stronger violation than a large number.
            if has_fraction(value) {
                *offender = value.clone();
            }
        }
    }
}

/// Returns the items or properties of a value, each with its schema and its pointer. Without the
/// pointer of the value, that is the root.
fn parts<'d, 'j>(
    schema: &Compared<'d>,
    value: &'j Json,
    at: Option<&Pointer>,
) -> Vec<(SchemaNode<'d>, &'j Json, Pointer)> {
    let mut found = Vec::new();
    match value {
        Json::Array(items) => {
            for part in &schema.merged.parts {
                if let SchemaOrBool::Schema(item) = part.items() {
                    for (index, value) in items.iter().enumerate() {
                        let at = at.map_or_else(Pointer::root, |at| at.child(index));
                        found.push((item.clone(), value, at));
                    }
                }
            }
        }
        Json::Object(members) => {
            let object = &schema.object;
            for (name, value) in members {
                let at = at.map_or_else(Pointer::root, |at| at.child(name));
                match (object.properties.get(name.as_str()), &object.additional) {
                    (Some(nodes), _) => {
                        let nodes = nodes.iter();
                        found.extend(nodes.map(|node| (node.clone(), value, at.clone())));
                    }
                    (None, SchemaOrBool::Schema(node)) => found.push((node.clone(), value, at)),
                    (None, _) => {}
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::String(_) | Json::Number(_) => {}
    }
    found
}

/// Returns `true` if a string or number has the format of a schema.
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
