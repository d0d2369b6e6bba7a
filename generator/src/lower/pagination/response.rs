//! The successful response of an operation that may be paginated.

use openapiv3::{ParameterSchemaOrContent, Response};
use serde_json::Value;

use crate::document::{Document, OperationEntry, PathEntry, SchemaType};
use crate::pointer::Pointer;

use super::super::response::successes;
use super::schema::{ValueSchema, json_of};
use super::vocabulary::{fold, is_container, is_envelope, is_side_list, list_rank};

/// The maximum number of properties of a response that are examined.
const MAX_PROPERTIES: usize = 500;

/// A property of a response.
#[derive(Clone)]
pub(super) struct ResponseProperty<'d> {
    pub path: Vec<String>,
    pub name: String,
    /// The folded name of the object that contains it; empty at the top level.
    pub parent: String,
    pub value: ValueSchema<'d>,
}

/// A successful response that contains a list.
pub(super) struct ListResponse<'d> {
    /// The path of the list.
    pub items: Vec<String>,
    pub item: Option<ValueSchema<'d>>,
    /// The properties beside the list, and those of objects about pages. The top level is first.
    pub properties: Vec<ResponseProperty<'d>>,
    /// True if the response is only a list, or if the list has one of the usual names.
    pub is_list: bool,
    /// The declaration of the header `Link`.
    pub link_header: LinkHeader,
    /// The whole body.
    pub root: ValueSchema<'d>,
}

/// The declaration of the header `Link` (RFC 8288) in a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkHeader {
    Undeclared,
    Declared,
    /// An example, or the description, has the relation `next`.
    Next,
}

impl LinkHeader {
    fn new(document: &Document, response: &Response, at: &Pointer) -> Self {
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
        let has_next = |text: &&str| text.contains("rel=\"next\"") || text.contains("rel=next");
        if texts.iter().any(has_next) {
            Self::Next
        } else {
            Self::Declared
        }
    }
}

/// Returns the first successful response of an operation with a JSON body.
fn success<'d>(
    document: &'d Document,
    entry: &OperationEntry<'d>,
) -> Option<(LinkHeader, ValueSchema<'d>)> {
    successes(entry).into_iter().find_map(|(at, node)| {
        let (response, at) = document.resolve(node, at)?;
        let link = LinkHeader::new(document, response, &at);
        let (media_type, _) = json_of(&response.content, &at)?;
        let node = document.node(media_type.schema.as_ref()?);
        Some((link, ValueSchema::new(&node)?))
    })
}

impl<'d> ListResponse<'d> {
    /// Returns the successful response of an operation, if it contains a list (rule 1).
    pub fn new(
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
            properties: properties(&root, &items),
            link_header,
            items,
            root,
        })
    }

    /// Like [`new`](Self::new), with the path of the list from an extension.
    pub fn with_list(
        document: &'d Document,
        path: &PathEntry<'d>,
        entry: &OperationEntry<'d>,
        items: Option<&[String]>,
    ) -> Option<Self> {
        let Some(items) = items else {
            return Self::new(document, path, entry);
        };
        let (link_header, root) = success(document, entry)?;
        let list = at(&root, items);
        Some(Self {
            item: list.as_ref().and_then(ValueSchema::item),
            is_list: true,
            properties: properties(&root, items),
            link_header,
            items: items.to_vec(),
            root,
        })
    }

    /// Returns the first property that meets a condition.
    pub fn find(
        &self,
        is: impl Fn(&ResponseProperty<'d>) -> bool,
    ) -> Option<&ResponseProperty<'d>> {
        self.properties.iter().find(|property| is(property))
    }
}

/// Returns the schema at the end of a path of properties.
pub(super) fn at<'d>(root: &ValueSchema<'d>, path: &[String]) -> Option<ValueSchema<'d>> {
    let mut schema = root.clone();
    for name in path {
        schema = schema.property(name)?;
    }
    Some(schema)
}

/// Returns the path of the list in a response: the response itself, one of its properties, or a
/// property of an object that wraps the whole body.
fn list_of(root: &ValueSchema<'_>, path: &str) -> Option<Vec<String>> {
    if root.is(SchemaType::Array) {
        return Some(Vec::new());
    }
    if let Some(name) = list_in(root, path) {
        return Some(vec![name]);
    }
    let properties = root.properties();
    let has_list = properties
        .iter()
        .any(|(name, schema)| schema.is(SchemaType::Array) && !is_side_list(&fold(name)));
    if has_list {
        return None;
    }
    let mut envelopes = properties.iter().filter_map(|(name, schema)| {
        let is_envelope_object = is_envelope(&fold(name)) && schema.is(SchemaType::Object);
        let list = list_in(schema, path).filter(|_| is_envelope_object)?;
        Some(vec![(*name).to_owned(), list])
    });
    let first = envelopes.next()?;
    envelopes.next().is_none().then_some(first)
}

/// Returns `true` if a response represents a list. A single object can also contain a list, such as
/// its tags.
fn is_list(root: &ValueSchema<'_>, items: &[String], path: &str) -> bool {
    let Some((name, parents)) = items.split_last() else {
        return true;
    };
    let folded = fold(name);
    let Some(object) = at(root, parents) else {
        return false;
    };
    let is_beside = |name: &str| {
        let name = fold(name);
        name == folded || is_container(&name) || is_side_list(&name)
    };
    let mut names = object.properties().into_iter().map(|(name, _)| name);
    list_rank(&folded).is_some() || Some(folded.clone()) == word_of(path) || names.all(is_beside)
}

/// Returns the last literal segment of a path, folded and without the extension `.json`.
fn word_of(path: &str) -> Option<String> {
    let mut words = path.rsplit('/');
    let word = words.find(|word| !word.is_empty() && !word.contains('{'))?;
    Some(fold(word.trim_end_matches(".json")))
}

/// Returns the property of an object that is the list of the operation.
fn list_in(object: &ValueSchema<'_>, path: &str) -> Option<String> {
    let properties = object.properties().into_iter();
    let (side, lists): (Vec<_>, Vec<_>) = properties
        .filter(|(_, schema)| schema.is(SchemaType::Array))
        .partition(|(name, _)| is_side_list(&fold(name)));
    let word = word_of(path);
    let is_of_path = |name: &str| word.as_ref().is_some_and(|word| fold(name) == *word);
    let name = match lists.as_slice() {
        // `/messages` lists messages. Elsewhere, `messages` is not the list of the operation.
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
                let mut objects = several.iter().filter(|(_, schema)| {
                    schema
                        .item()
                        .is_some_and(|item| item.is(SchemaType::Object))
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

/// Returns the properties of a response, of the objects around its list, and of objects about
/// pages.
fn properties<'d>(root: &ValueSchema<'d>, items: &[String]) -> Vec<ResponseProperty<'d>> {
    let mut found = Vec::new();
    let mut objects: Vec<(Vec<String>, String, ValueSchema<'d>)> =
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
                // The object around the list counts as the top level.
                let parent = if holds_list {
                    String::new()
                } else {
                    folded.clone()
                };
                objects.push((below.clone(), parent, value.clone()));
            }
            found.push(ResponseProperty {
                path: below,
                name: folded,
                parent: parent.clone(),
                value,
            });
            if found.len() > MAX_PROPERTIES {
                return found;
            }
        }
    }
    found
}
