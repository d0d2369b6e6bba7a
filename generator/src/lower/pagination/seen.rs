//! What the rules look at: schemas, and the inputs of an operation.

use std::collections::HashSet;

use openapiv3::{MediaType, Parameter, ParameterSchemaOrContent};

use crate::document::{
    Document, OperationEntry, PathEntry, SchemaNode, SchemaOrBool, SchemaType, SchemaView,
};
use crate::ir::PageParameter;
use crate::pointer::Pointer;

use super::super::media_type::is_json;
use super::vocabulary::{fold, is_container};

/// A schema is unwrapped no deeper than this.
const DEEPEST: usize = 32;

/// The parts of an object that are looked at.
const MOST_PARTS: usize = 50;

/// The properties of an object that are looked at, and those of a request body together with the
/// objects in it.
const MOST_PROPERTIES: usize = 500;

/// A schema, without what wraps it.
#[derive(Clone)]
pub(super) struct Seen<'d> {
    pub view: SchemaView<'d>,
    pub kind: Option<SchemaType>,
    /// What the document says of it, on the way to it too.
    pub words: String,
}

impl<'d> Seen<'d> {
    /// Follows references, and compositions that have one part.
    pub fn of(node: &SchemaNode<'d>) -> Option<Self> {
        let mut view = node.follow()?;
        let mut words = String::new();
        for _ in 0..DEEPEST {
            words.push_str(view.description().unwrap_or_default());
            words.push('\n');
            let own = view.inferred_type();
            let mut parts = view.all_of();
            parts.extend(view.one_of());
            parts.extend(view.any_of());
            let only = match parts.as_slice() {
                [only] if view.properties().is_empty() => only.follow(),
                _ => None,
            };
            let Some(inner) = only else {
                let kind = own.or_else(|| common_kind(&parts));
                return Some(Self { view, kind, words });
            };
            view = inner;
        }
        None
    }

    pub fn is(&self, kind: SchemaType) -> bool {
        self.kind == Some(kind)
    }

    pub fn is_integer(&self) -> bool {
        self.is(SchemaType::Integer) || self.is(SchemaType::Number)
    }

    /// The properties, those of every part of an `allOf` too.
    pub fn properties(&self) -> Vec<(&'d str, Self)> {
        let mut found: Vec<(&'d str, Self)> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        let mut parts = vec![self.view.clone()];
        let mut at = 0;
        while let Some(view) = parts.get(at).cloned() {
            at += 1;
            for (name, node) in view.properties() {
                if found.len() >= MOST_PROPERTIES {
                    return found;
                }
                if known.contains(name) {
                    continue;
                }
                if let Some(seen) = Self::of(&node) {
                    known.insert(name);
                    found.push((name, seen));
                }
            }
            if parts.len() < MOST_PARTS {
                parts.extend(view.all_of().iter().filter_map(SchemaNode::follow));
            }
        }
        found
    }

    /// The kinds of a property: one, or one of each alternative where each has it.
    pub fn kinds_of(&self, name: &str) -> Vec<Option<SchemaType>> {
        if let Some(property) = self.property(name) {
            return vec![property.kind];
        }
        let mut parts = self.view.one_of();
        parts.extend(self.view.any_of());
        let kind = |part: &SchemaNode<'d>| Some(Self::of(part)?.property(name)?.kind);
        let kinds = parts.iter().take(MOST_PARTS).map(kind);
        kinds.collect::<Option<_>>().unwrap_or_default()
    }

    pub fn property(&self, name: &str) -> Option<Self> {
        let properties = self.properties().into_iter();
        properties
            .into_iter()
            .find_map(|(other, seen)| (other == name).then_some(seen))
    }

    /// The schema of the items; of several kinds of lists, that of the first.
    pub fn item(&self) -> Option<Self> {
        let own = match self.view.items() {
            SchemaOrBool::Schema(node) => Self::of(&node),
            _ => None,
        };
        own.or_else(|| {
            let mut parts = self.view.all_of();
            parts.extend(self.view.one_of());
            parts.extend(self.view.any_of());
            let views = parts.iter().filter_map(SchemaNode::follow);
            let items = views.filter_map(|view| match view.items() {
                SchemaOrBool::Schema(node) => Self::of(&node),
                _ => None,
            });
            items.into_iter().next()
        })
    }

    /// Whether it is text that is no URL: its format, its examples and its words do not say so.
    pub fn is_opaque_text(&self) -> bool {
        self.is(SchemaType::String) && !self.is_url()
    }

    pub fn is_url(&self) -> bool {
        let format = self.view.format();
        let is_format =
            format.is_some_and(|format| matches!(format, "uri" | "url" | "uri-reference"));
        let mut examples = self.view.examples().into_iter();
        let is_example = examples.any(|example| {
            let text = example.as_str().unwrap_or_default();
            text.starts_with("http") || text.starts_with('/')
        });
        is_format || is_example || super::vocabulary::says_url(&self.words)
    }
}

/// The kind that all parts have.
fn common_kind(parts: &[SchemaNode<'_>]) -> Option<SchemaType> {
    let mut kinds = parts
        .iter()
        .filter_map(|part| part.follow()?.inferred_type());
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// An input that may select a page.
pub(super) struct Input<'d> {
    /// How it is named in the generated code.
    pub parameter: PageParameter,
    /// The folded names of it alone, and with what it is in.
    pub names: [String; 2],
    pub value: Seen<'d>,
    pub words: String,
    pub deprecated: bool,
}

impl Input<'_> {
    pub fn is_named(&self, is: impl Fn(&str) -> bool) -> bool {
        // What stands inside of another object is meant by its own name only where that object is
        // about pages.
        let [own, whole] = &self.names;
        is(whole) || is(own)
    }
}

/// The inputs of an operation: of a POST the properties of its body, of any other the query.
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

/// The query parameters, and the properties of those that are objects.
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
        let Some(value) = Seen::of(&document.node(schema)) else {
            continue;
        };
        let name = &parameter_data.name;
        let is_known = |input: &Input<'_>| input.parameter.query.as_deref() == Some(name);
        if inputs.iter().any(is_known) {
            continue;
        }
        let deprecated = parameter_data.deprecated == Some(true) || value.view.deprecated();
        let words = parameter_data.description.clone().unwrap_or_default();
        let words = format!("{words}\n{}", value.words);
        if value.is(SchemaType::Object) && is_container(&fold(name)) {
            inputs.extend(value.properties().into_iter().map(|(inner, seen)| Input {
                parameter: PageParameter {
                    query: Some(name.clone()),
                    path: vec![inner.to_owned()],
                },
                names: [fold(inner), fold(&format!("{name}{inner}"))],
                words: seen.words.clone(),
                deprecated: deprecated || seen.view.deprecated(),
                value: seen,
            }));
        }
        inputs.push(Input {
            parameter: PageParameter {
                query: Some(name.clone()),
                path: Vec::new(),
            },
            names: [fold(name), fold(name)],
            value,
            words,
            deprecated,
        });
    }
    inputs
}

/// The properties of a JSON body, and those of its objects two levels down.
fn body_inputs<'d>(document: &'d Document, entry: &OperationEntry<'d>) -> Option<Vec<Input<'d>>> {
    let body = entry.operation.request_body.as_ref()?;
    let (body, at) = document.resolve(body, entry.pointer.child("requestBody"))?;
    let (media_type, _) = json_of(&body.content, &at)?;
    let node = document.node(media_type.schema.as_ref()?);
    let mut inputs: Vec<Input<'d>> = Vec::new();
    let mut objects = vec![(Vec::new(), Seen::of(&node)?)];
    let mut next = 0;
    let mut count = 0;
    while let Some((path, object)) = objects.get(next).cloned() {
        next += 1;
        for (name, seen) in object.properties() {
            count += 1;
            if count > MOST_PROPERTIES {
                return Some(inputs);
            }
            let mut below: Vec<String> = path.clone();
            below.push(name.to_owned());
            let is_inner = !path.is_empty();
            let folded = fold(name);
            if seen.is(SchemaType::Object) && below.len() <= 2 {
                objects.push((below.clone(), seen.clone()));
            }
            // What is in another object is about something else, unless it or that object says so.
            let parent = path.last().map(|parent| fold(parent)).unwrap_or_default();
            let is_about_pages = !is_inner
                || is_container(&parent)
                || matches!(parent.as_str(), "options" | "query" | "cursor")
                || super::vocabulary::is_plain_cursor(&folded);
            if is_about_pages {
                inputs.push(Input {
                    names: [folded, fold(&below.concat())],
                    parameter: PageParameter {
                        query: None,
                        path: below,
                    },
                    words: seen.words.clone(),
                    deprecated: seen.view.deprecated(),
                    value: seen,
                });
            }
        }
    }
    Some(inputs)
}

/// The first media type that is JSON.
pub(super) fn json_of<'d>(
    content: &'d openapiv3::Content,
    at: &Pointer,
) -> Option<(&'d MediaType, Pointer)> {
    let (name, media_type) = content.iter().find(|(name, _)| is_json(name))?;
    Some((media_type, at.child("content").child(name)))
}
