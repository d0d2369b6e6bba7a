//! What a response says of pages.

use openapiv3::{ParameterSchemaOrContent, Response};
use serde_json::Value;

use crate::document::{Document, OperationEntry, PathEntry, SchemaType};
use crate::pointer::Pointer;

use super::super::response::successes;
use super::seen::{Seen, json_of};
use super::vocabulary::{fold, is_container, is_envelope, is_side_list, list_rank};

/// The properties of a response that are looked at.
const MOST_FACTS: usize = 500;

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
    /// True if the response is nothing but a list, or names one as lists are named.
    pub is_list: bool,
    /// What is said of a header `Link`.
    pub link_header: LinkHeader,
    /// The whole.
    pub root: Seen<'d>,
}

/// What a response declares of the header `Link` (RFC 8288).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkHeader {
    Undeclared,
    Declared,
    /// An example, or the description, has the relation `next`.
    Next,
}

impl LinkHeader {
    fn of(document: &Document, response: &Response, at: &Pointer) -> Self {
        let mut headers = response.headers.iter();
        let Some((name, node)) = headers.find(|(name, _)| name.eq_ignore_ascii_case("link")) else {
            return Self::Undeclared;
        };
        let at = at.child("headers").child(name);
        let Some((header, at)) = document.resolve(node, at) else {
            return Self::Declared;
        };
        let mut texts: Vec<&str> = header.description.as_deref().into_iter().collect();
        texts.extend(header.example.as_ref().and_then(Value::as_str));
        for (name, node) in &header.examples {
            let example = document.resolve(node, at.child("examples").child(name));
            let value = example.and_then(|(example, _)| example.value.as_ref());
            texts.extend(value.and_then(Value::as_str));
        }
        if let ParameterSchemaOrContent::Schema(schema) = &header.format
            && let Some(view) = document.node(schema).follow()
        {
            texts.extend(view.examples().into_iter().filter_map(Value::as_str));
        }
        let says_next = |text: &&str| text.contains("rel=\"next\"") || text.contains("rel=next");
        if texts.iter().any(says_next) {
            Self::Next
        } else {
            Self::Declared
        }
    }
}

/// The success of an operation in JSON.
fn success<'d>(
    document: &'d Document,
    entry: &OperationEntry<'d>,
) -> Option<(LinkHeader, Seen<'d>)> {
    successes(entry).into_iter().find_map(|(at, node)| {
        let (response, at) = document.resolve(node, at)?;
        let link = LinkHeader::of(document, response, &at);
        let (media_type, _) = json_of(&response.content, &at)?;
        let node = document.node(media_type.schema.as_ref()?);
        Some((link, Seen::of(&node)?))
    })
}

impl<'d> Answer<'d> {
    /// The success of an operation, if it is a list (rule 1).
    pub fn of(
        document: &'d Document,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
    ) -> Option<Self> {
        let (link_header, root) = success(document, entry)?;
        let items = list_of(&root, path.path)?;
        let list = at(&root, &items)?;
        Some(Self {
            item: list.item(),
            is_list: is_list(&root, &items, path.path),
            facts: facts(&root, &items),
            link_header,
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
        let (link_header, root) = success(document, entry)?;
        let list = at(&root, items);
        Some(Self {
            item: list.as_ref().and_then(Seen::item),
            is_list: true,
            facts: facts(&root, items),
            link_header,
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

/// Returns whether a response is nothing but a list: one thing may have a list, too, as its tags.
fn is_list(root: &Seen<'_>, items: &[String], path: &str) -> bool {
    let Some((name, way)) = items.split_last() else {
        return true;
    };
    let folded = fold(name);
    let Some(object) = at(root, way) else {
        return false;
    };
    let is_beside = |name: &str| {
        let name = fold(name);
        name == folded || is_container(&name) || is_side_list(&name)
    };
    let mut names = object.properties().into_iter().map(|(name, _)| name);
    list_rank(&folded).is_some() || Some(folded.clone()) == word_of(path) || names.all(is_beside)
}

/// The last word of a path, folded; a path may end as the name of a file does.
fn word_of(path: &str) -> Option<String> {
    let mut words = path.rsplit('/');
    let word = words.find(|word| !word.is_empty() && !word.contains('{'))?;
    Some(fold(word.trim_end_matches(".json")))
}

/// The property of an object that is what the operation lists.
fn list_in(object: &Seen<'_>, path: &str) -> Option<String> {
    let properties = object.properties().into_iter();
    let (side, lists): (Vec<_>, Vec<_>) = properties
        .filter(|(_, seen)| seen.is(SchemaType::Array))
        .partition(|(name, _)| is_side_list(&fold(name)));
    let word = word_of(path);
    let is_of_path = |name: &str| word.as_ref().is_some_and(|word| fold(name) == *word);
    let name = match lists.as_slice() {
        // `/messages` lists messages, which stand beside the list elsewhere.
        [] => side.iter().find(|(name, _)| is_of_path(name))?.0,
        [(only, _)] => *only,
        several => {
            let ranked = several
                .iter()
                .filter_map(|(name, _)| Some((list_rank(&fold(name))?, *name)))
                .min();
            let of_path = || {
                let mut named = several.iter().map(|(name, _)| *name);
                named.find(|name| is_of_path(name))
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
