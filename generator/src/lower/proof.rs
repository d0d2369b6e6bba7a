//! Collects the examples of the document for the tests of the generated crate.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use openapiv3::{Example as NamedExample, MediaType, ReferenceOr};
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Outcome, Refusal, SchemaNode, SchemaType, SchemaView, carried, is_same};
use crate::ir::{Example, ExampleGroup, Type};
use crate::limits::{self, Room};
use crate::pointer::Pointer;

use super::default::{compared, not_checked};
use super::naming;
use super::response::is_json;
use super::schema::Typed;
use super::written::Codec;
use super::{Lowering, branch_test};

/// Examples, collected until all types are known.
#[derive(Debug, Default)]
pub(super) struct Examples<'d> {
    found: Vec<Found<'d>>,
    /// The entries of `found`, since a shared example occurs several times.
    known: HashSet<(Pointer, Type)>,
}

#[derive(Debug)]
struct Found<'d> {
    /// The pointer to the example.
    at: Pointer,
    value: &'d Json,
    /// The documentation of the example.
    words: Option<&'d str>,
    /// The type that reads it.
    ty: Type,
    /// The schemas that must allow it.
    nodes: Vec<SchemaNode<'d>>,
}

impl<'d> Examples<'d> {
    fn add(&mut self, found: Found<'d>) {
        if self.known.insert((found.at.clone(), found.ty.clone())) {
            self.found.push(found);
        }
    }

    /// Records the examples in the schemas of one value, or beside a `$ref` that is one of them.
    pub fn of_schemas(&mut self, nodes: &[SchemaNode<'d>], typed: impl Fn() -> Typed) {
        let ty = LazyCell::new(|| typed().into_nullable_type());
        for view in nodes.iter().filter_map(SchemaNode::inline) {
            // Siblings of a `$ref` are a branch of their own.
            let beside = view.all_of().into_iter().filter_map(|node| node.inline());
            let beside = beside.filter(SchemaView::is_any);
            for view in std::iter::once(view.clone()).chain(beside) {
                for (at, value) in view.examples_at() {
                    self.add(Found {
                        at,
                        value,
                        words: None,
                        ty: Type::clone(&ty),
                        nodes: nodes.to_vec(),
                    });
                }
            }
        }
    }
}

impl<'d> Lowering<'d, '_> {
    /// Records the examples of a parameter or header.
    pub(super) fn note_examples(
        &mut self,
        example: Option<&'d Json>,
        named: &'d IndexMap<String, ReferenceOr<NamedExample>>,
        at: &Pointer,
        ty: &Type,
        node: &SchemaNode<'d>,
    ) {
        self.note_those(example, named, at, (ty, node), |_| true);
    }

    fn note_those(
        &mut self,
        example: Option<&'d Json>,
        named: &'d IndexMap<String, ReferenceOr<NamedExample>>,
        at: &Pointer,
        (ty, node): (&Type, &SchemaNode<'d>),
        counts: impl Fn(&Json) -> bool,
    ) {
        let mut add = |at: Pointer, value: &'d Json, words: Option<&'d str>| {
            if counts(value) {
                self.examples.add(Found {
                    at,
                    value,
                    words,
                    ty: ty.clone(),
                    nodes: vec![node.clone()],
                });
            }
        };
        if let Some(value) = example {
            add(at.child("example"), value, None);
        }
        let at = at.child("examples");
        for (name, example) in named {
            let Some((example, at)) = self.document.resolve(example, at.child(name)) else {
                continue;
            };
            let value = example.value.as_ref().map(|value| ("value", value));
            let data = || Some(("dataValue", carried(&example.extensions, "dataValue")?));
            if let Some((key, value)) = value.or_else(data) {
                let words = example.summary.as_ref().or(example.description.as_ref());
                add(at.child(key), value, words.map(String::as_str));
            }
        }
    }

    /// Records the examples of response and body components that no operation refers to.
    pub(super) fn unused_examples(&mut self) {
        let Some(components) = &self.document.api().components else {
            return;
        };
        let at = Pointer::root().child("components");
        let responses = components.responses.iter().filter_map(|(name, node)| {
            let at = at.child("responses").child(name).child("content");
            Some((at, &node.as_item()?.content))
        });
        let bodies = components.request_bodies.iter().filter_map(|(name, node)| {
            let at = at.child("requestBodies").child(name).child("content");
            Some((at, &node.as_item()?.content))
        });
        for (at, content) in responses.chain(bodies) {
            for (name, media_type) in content {
                let at = at.child(name);
                let node = media_type.schema.as_ref();
                let node = node.map(|schema| self.document.node(schema, at.child("schema")));
                let target = node.as_ref().and_then(SchemaNode::reference);
                let path = target.and_then(|target| self.by_pointer.get(&target));
                if let (Some(node), Some(path)) = (&node, path) {
                    let ty = Type::Named(path.clone());
                    self.media_type_examples(media_type, &at, &ty, node);
                }
            }
        }
    }

    /// Records the examples of a media type.
    pub(super) fn media_type_examples(
        &mut self,
        media_type: &'d MediaType,
        at: &Pointer,
        ty: &Type,
        node: &SchemaNode<'d>,
    ) {
        // The example of a form may be its text.
        let is_json = at.last().is_some_and(|name| is_json(&name));
        let counts = |value: &Json| is_json || *ty == Type::String || !value.is_string();
        let (example, named) = (media_type.example.as_ref(), &media_type.examples);
        self.note_those(example, named, at, (ty, node), counts);
    }

    /// Records the examples of a text media type, if its schema is a string.
    pub(super) fn text_examples(&mut self, media_type: &'d MediaType, at: &Pointer) {
        let Some(schema) = &media_type.schema else {
            return;
        };
        let node = self.document.node(schema, at.child("schema"));
        let kind = node.follow().and_then(|view| view.inferred_type());
        if kind == Some(SchemaType::String) {
            self.media_type_examples(media_type, at, &Type::String, &node);
        }
    }

    /// Returns the tests of all examples, grouped by pointer. Reports examples that their own
    /// schemas do not allow.
    pub(super) fn example_groups(&mut self) -> Vec<ExampleGroup> {
        let Examples { found, .. } = std::mem::take(&mut self.examples);
        let mut refused = HashSet::new();
        let mut groups: IndexMap<Pointer, Vec<Example>> = IndexMap::new();
        let codec = Codec::new(&self.types);
        let room = Room::new(limits::TEST_VALUES, limits::TEST_BYTES);
        for Found {
            at,
            value,
            words,
            ty,
            nodes,
        } in &found
        {
            match compared(&self.validity, nodes, value) {
                Outcome::Allowed => {}
                Outcome::NotChecked => {
                    if refused.insert(at) {
                        self.diagnostics
                            .push(not_checked("example", at, "not tested"));
                    }
                    continue;
                }
                Outcome::Refused(refusal) => {
                    // Tools write `example: null` for a missing example.
                    if !value.is_null() && refused.insert(at) {
                        self.diagnostics.push(warning(at, &refusal));
                    }
                    continue;
                }
            }
            // Once as the value, once as the expected output.
            let mark = room.mark();
            if room.take_copies(value, 2).is_none() {
                room.restore(mark);
                continue;
            }
            // Constants have no declared type.
            if matches!(ty, Type::Named(path) if codec.shape(path).is_none()) {
                continue;
            }
            let Some(written) = codec.written(ty, value) else {
                if refused.insert(at) {
                    self.diagnostics.push(if codec.gave_up() {
                        not_checked("example", at, "not tested")
                    } else {
                        unread(at)
                    });
                }
                continue;
            };
            let group = group_of(at);
            let example = Example {
                at: at.strip_prefix(&group).unwrap_or_default().to_string(),
                words: words.map(str::to_owned),
                ty: ty.clone(),
                value: (*value).clone(),
                variant: None,
                written: (!is_same(&written, value)).then_some(written),
            };
            groups.entry(group).or_default().push(example);
        }
        let unions = branch_test::examples(&self.unions, &codec, &self.types, &self.circular);
        drop(codec);
        let operations = self.operation_texts();
        let groups = groups.into_iter().map(|(at, examples)| {
            let text = group_text(&at, &operations);
            (text, at, examples)
        });
        let groups: Vec<_> = groups.chain(unions).collect();
        let groups = groups.into_iter().map(|(text, at, examples)| ExampleGroup {
            name: self.names.test(&text),
            at: at.to_string(),
            examples,
        });
        groups.collect()
    }

    /// Returns the names of operations by pointer.
    fn operation_texts(&self) -> HashMap<Pointer, String> {
        let paths = self.document.paths();
        let operations = paths.flat_map(|path| {
            let entries: Vec<_> = self.document.operations(&path).collect();
            entries.into_iter().map(move |entry| {
                let text = naming::operation(&entry, path.path);
                (entry.pointer, text)
            })
        });
        operations.collect()
    }
}

/// Returns the pointer to the component or operation that contains an example.
fn group_of(at: &Pointer) -> Pointer {
    let mut group = Pointer::root();
    for token in at.tokens().take(3) {
        group = group.child(token);
    }
    group
}

/// Returns the text for the name of a group's test: `schema Pet`, `operation listPets`.
fn group_text(at: &Pointer, operations: &HashMap<Pointer, String>) -> String {
    if let Some(text) = operations.get(at) {
        return format!("operation {text}");
    }
    let tokens: Vec<String> = at.tokens().collect();
    match tokens.as_slice() {
        [components, kind, name] if components == "components" => {
            format!("{} {name}", naming::singular(kind))
        }
        [first, name, ..] => format!("{} {name}", naming::singular(first)),
        _ => "document".to_owned(),
    }
}

/// Returns the diagnostic for an example that is valid per schema but that the generated type
/// rejects, such as 1.0 for an integer.
fn unread(example: &Pointer) -> Diagnostic {
    let message = "the example is not a value of the type that its schema becomes";
    Diagnostic::warning(code::INVALID_EXAMPLE, example, message)
        .label("not tested")
        .help("write a value of the `type` and `format` of the schema")
}

fn warning(example: &Pointer, refusal: &Refusal) -> Diagnostic {
    let message = format!(
        "the example is not a value of its own schema: {}",
        refusal.describe()
    );
    Diagnostic::warning(code::INVALID_EXAMPLE, example, message)
        .label("not tested")
        .related(refusal.by.key(), "rejects it")
        .help("correct the example or the schema")
}
