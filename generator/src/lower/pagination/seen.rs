//! What the rules look at: the inputs of an operation, and what its response says.

use std::collections::HashSet;

use openapiv3::{MediaType, Parameter, ParameterSchemaOrContent, Response};

use crate::document::{
    Document, OperationEntry, PathEntry, SchemaNode, SchemaOrBool, SchemaType, SchemaView,
};
use crate::ir::PageParameter;
use crate::pointer::Pointer;

use super::super::media_type::is_json;
use super::super::response::successes;
use super::vocabulary::{fold, is_container, is_envelope, is_side_list, list_rank};

/// A schema is unwrapped no deeper than this.
const DEEPEST: usize = 32;

/// The parts of an object that are looked at.
const MOST_PARTS: usize = 50;

/// The properties of an object that are looked at, and those of a request body together with the
/// objects in it.
const MOST_PROPERTIES: usize = 500;

/// The properties of a response that are looked at.
const MOST_FACTS: usize = 500;

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

/// A property of a response.
#[derive(Clone)]
pub(super) struct Fact<'d> {
    pub path: Vec<String>,
    pub name: String,
    /// The folded name of the object that it is in; empty at the top.
    pub parent: String,
    pub value: Seen<'d>,
}

/// A success that is a list.
pub(super) struct Answer<'d> {
    /// Where the list is.
    pub items: Vec<String>,
    pub item: Option<Seen<'d>>,
    /// What stands beside the list, and in the objects that are about pages; the top first.
    pub facts: Vec<Fact<'d>>,
    /// Whether a header `Link` is declared.
    pub has_link_header: bool,
    /// The whole.
    pub root: Seen<'d>,
}

/// The success of an operation in JSON.
fn success<'d>(
    document: &'d Document,
    entry: &OperationEntry<'d>,
) -> Option<(&'d Response, Seen<'d>)> {
    successes(entry).into_iter().find_map(|(at, node)| {
        let (response, at) = document.resolve(node, at)?;
        let (media_type, _) = json_of(&response.content, &at)?;
        let node = document.node(media_type.schema.as_ref()?);
        Some((response, Seen::of(&node)?))
    })
}

impl<'d> Answer<'d> {
    /// The success of an operation, if it is a list (rule 1).
    pub fn of(
        document: &'d Document,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
    ) -> Option<Self> {
        let (response, root) = success(document, entry)?;
        let items = list_of(&root, path.path)?;
        let list = at(&root, &items)?;
        let mut headers = response.headers.keys();
        Some(Self {
            item: list.item(),
            facts: facts(&root, &items),
            has_link_header: headers.any(|name| name.eq_ignore_ascii_case("link")),
            items,
            root,
        })
    }

    /// The same with the list where an extension says that it is.
    pub fn with_list(
        document: &'d Document,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
        items: Option<&[String]>,
    ) -> Option<Self> {
        let Some(items) = items else {
            return Self::of(document, path, entry);
        };
        let (response, root) = success(document, entry)?;
        let list = at(&root, items);
        let mut headers = response.headers.keys();
        Some(Self {
            item: list.as_ref().and_then(Seen::item),
            facts: facts(&root, items),
            has_link_header: headers.any(|name| name.eq_ignore_ascii_case("link")),
            items: items.to_vec(),
            root,
        })
    }

    /// The first property that fulfils a condition.
    pub fn fact(&self, is: impl Fn(&Fact<'d>) -> bool) -> Option<&Fact<'d>> {
        self.facts.iter().find(|fact| is(fact))
    }
}

/// The value at the end of a path of properties.
pub(super) fn at<'d>(root: &Seen<'d>, path: &[String]) -> Option<Seen<'d>> {
    let mut seen = root.clone();
    for name in path {
        seen = seen.property(name)?;
    }
    Some(seen)
}

/// Where the list of a response is: the response itself, one of its properties, or one of an object
/// that holds the whole answer.
fn list_of(root: &Seen<'_>, path: &str) -> Option<Vec<String>> {
    if root.is(SchemaType::Array) {
        return Some(Vec::new());
    }
    if let Some(name) = list_in(root, path) {
        return Some(vec![name]);
    }
    let properties = root.properties();
    let has_list = properties
        .iter()
        .any(|(name, seen)| seen.is(SchemaType::Array) && !is_side_list(&fold(name)));
    if has_list {
        return None;
    }
    let mut envelopes = properties.iter().filter_map(|(name, seen)| {
        let is_one = is_envelope(&fold(name)) && seen.is(SchemaType::Object);
        let list = list_in(seen, path).filter(|_| is_one)?;
        Some(vec![(*name).to_owned(), list])
    });
    let first = envelopes.next()?;
    envelopes.next().is_none().then_some(first)
}

/// The property of an object that is what the operation lists.
fn list_in(object: &Seen<'_>, path: &str) -> Option<String> {
    let properties = object.properties().into_iter();
    let lists: Vec<(&str, Seen<'_>)> = properties
        .filter(|(name, seen)| seen.is(SchemaType::Array) && !is_side_list(&fold(name)))
        .collect();
    let name = match lists.as_slice() {
        [] => return None,
        [(only, _)] => *only,
        several => {
            let ranked = several
                .iter()
                .filter_map(|(name, _)| Some((list_rank(&fold(name))?, *name)))
                .min();
            let word = path
                .rsplit('/')
                .find(|word| !word.is_empty() && !word.contains('{'));
            let of_path = || {
                let named = several.iter().map(|(name, _)| *name);
                let word = fold(word?);
                named.into_iter().find(|name| fold(name) == word)
            };
            let of_objects = || {
                let mut objects = several.iter().filter(|(_, seen)| {
                    seen.item().is_some_and(|item| item.is(SchemaType::Object))
                });
                let first = objects.next()?;
                objects.next().is_none().then_some(first.0)
            };
            ranked
                .map(|(_, name)| name)
                .or_else(of_path)
                .or_else(of_objects)?
        }
    };
    Some(name.to_owned())
}

/// The properties of a response, of the object that holds the list, and of those that are about pages.
fn facts<'d>(root: &Seen<'d>, items: &[String]) -> Vec<Fact<'d>> {
    let mut facts = Vec::new();
    let mut objects: Vec<(Vec<String>, String, Seen<'d>)> =
        vec![(Vec::new(), String::new(), root.clone())];
    let mut next = 0;
    while let Some((path, parent, object)) = objects.get(next).cloned() {
        next += 1;
        for (name, value) in object.properties() {
            let mut below = path.clone();
            below.push(name.to_owned());
            let folded = fold(name);
            let holds_list = items.len() > below.len() && items.starts_with(&below);
            if value.is(SchemaType::Object)
                && (is_container(&folded) || holds_list)
                && below.len() < 4
            {
                // What stands beside the list is at the top.
                let parent = if holds_list {
                    String::new()
                } else {
                    folded.clone()
                };
                objects.push((below.clone(), parent, value.clone()));
            }
            facts.push(Fact {
                path: below,
                name: folded,
                parent: parent.clone(),
                value,
            });
            if facts.len() > MOST_FACTS {
                return facts;
            }
        }
    }
    facts
}
