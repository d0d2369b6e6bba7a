//! The document as data, and look-up by pointer.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use openapiv3::{
    Example, Header, Link, OpenAPI, Operation, Parameter, PathItem, ReferenceOr, RequestBody,
    Response, SecurityScheme,
};
use serde_json::Value;

use super::nullability::Nullability;
use super::schema::{SchemaKey, SchemaTable};
use crate::normalize::PREFIX;
use crate::pointer::{Pointer, unescape};
use crate::spec::Version;

/// A parsed document with all targets of its `$ref`s.
#[derive(Debug)]
pub struct Document {
    pub(super) api: OpenAPI,
    pub(super) version: Version,
    pub(super) schemas: SchemaTable,
    /// The pointers to the schemas outside of `components` that a `$ref` refers to, in order.
    pub(super) targets: Vec<Pointer>,
    pub(super) placed: Tables,
    pub(super) lists: Lists,
    /// The effects of repaired faults, by the schema or operation that has them.
    pub(super) faults: HashMap<Pointer, Vec<String>>,
    /// The repaired faults with their effects, for the crate's main page.
    pub(super) fault_summary: Vec<String>,
    /// The text of numbers that an `f64` cannot represent, by their pointers.
    pub(super) digits: BTreeMap<String, String>,
    /// The nullability of schemas.
    pub(super) nullability: Mutex<HashMap<SchemaKey, Nullability>>,
}

/// The schemas listed by each `oneOf` and `anyOf`, by the pointer to the keyword.
///
/// Cached, because each of a thousand children asks for the list of its parent.
#[derive(Debug, Default)]
pub(super) struct Lists(pub(super) Mutex<HashMap<Pointer, List>>);

pub(super) type List = Arc<HashSet<Pointer>>;

/// The objects that are looked up by pointer, apart from schemas, `components` and `paths`.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) parameters: Table<Parameter>,
    pub(super) headers: Table<Header>,
    pub(super) responses: Table<Response>,
    pub(super) request_bodies: Table<RequestBody>,
    pub(super) examples: Table<Example>,
    pub(super) links: Table<Link>,
    pub(super) security_schemes: Table<SecurityScheme>,
    pub(super) path_items: Table<PathItem>,
    pub(super) operations: HashMap<Pointer, Operation>,
    /// The callbacks, for their keys; their path items are in `path_items`.
    pub(super) callbacks: HashMap<Pointer, Value>,
}

pub(super) type Table<T> = HashMap<Pointer, ReferenceOr<T>>;

/// A path, webhook or callback with its path item.
#[derive(Clone, Debug)]
pub struct PathEntry<'a> {
    /// The template (`/pets/{id}`), the webhook's name or the callback's expression.
    pub path: &'a str,
    /// The pointer to the path item, after following its `$ref`.
    pub pointer: Pointer,
    /// The path item.
    pub item: &'a PathItem,
}

/// An operation and its method.
#[derive(Clone, Debug)]
pub struct OperationEntry<'a> {
    /// The method in upper case: one of the eight, `QUERY`, or a key of `additionalOperations`
    /// (OpenAPI 3.2) as written.
    pub method: &'a str,
    /// The pointer to the operation.
    pub pointer: Pointer,
    /// The operation.
    pub operation: &'a Operation,
}

impl<'a> OperationEntry<'a> {
    /// Returns the key, pointer and response of each entry of `responses`, `default` last.
    pub fn responses(
        &self,
    ) -> impl Iterator<Item = (String, Pointer, &'a ReferenceOr<Response>)> + use<'a> {
        let responses = &self.operation.responses;
        let at = self.pointer.child("responses");
        let coded = responses.responses.iter();
        let coded = coded.map(|(code, response)| (code.to_string(), response));
        let default = responses.default.iter();
        let default = default.map(|response| ("default".to_owned(), response));
        coded.chain(default).map(move |(key, response)| {
            let at = at.child(&key);
            (key, at, response)
        })
    }
}

/// A security scheme, including the type that `openapiv3` does not model.
#[derive(Clone, Copy, Debug)]
pub enum Scheme<'a> {
    /// A scheme of OpenAPI 3.0.
    Modelled(&'a SecurityScheme),
    /// `type: mutualTLS` (OpenAPI 3.1): the connection has a client certificate, nothing is sent.
    MutualTls {
        /// The `description` of the scheme.
        description: Option<&'a str>,
    },
}

/// An object that a `$ref` can refer to, apart from schemas ([`SchemaNode`](super::SchemaNode)).
pub trait Component: Sized + 'static {
    #[doc(hidden)]
    fn look_up<'a>(document: &'a Document, pointer: &Pointer) -> Option<&'a ReferenceOr<Self>>;
}

impl Document {
    /// Adds the effects of the document's repaired faults, each with the pointer to its schema or
    /// operation, and a summary of them.
    #[must_use]
    pub fn with_faults(
        mut self,
        faults: impl IntoIterator<Item = (Pointer, String)>,
        summary: Vec<String>,
    ) -> Self {
        self.fault_summary = summary;
        for (at, effect) in faults {
            let known = self.faults.entry(at).or_default();
            if !known.contains(&effect) {
                known.push(effect);
            }
        }
        self
    }

    /// Returns the effects of the faults of the schema or operation at a pointer.
    pub fn faults(&self, at: &Pointer) -> impl Iterator<Item = &str> {
        let faults = self.faults.get(at).into_iter().flatten();
        faults.map(String::as_str)
    }

    /// Returns the repaired faults with their effects.
    #[must_use]
    pub fn fault_summary(&self) -> &[String] {
        &self.fault_summary
    }

    /// Adds the text of numbers that an `f64` cannot represent, by their pointers.
    #[must_use]
    pub fn with_digits(self, digits: BTreeMap<String, String>) -> Self {
        Self { digits, ..self }
    }

    /// Returns the text of a number that an `f64` cannot represent.
    #[must_use]
    pub fn digits(&self, at: &Pointer) -> Option<&str> {
        self.digits.get(at.as_str()).map(String::as_str)
    }

    /// Returns `true` if a value contains a number that an `f64` cannot represent.
    #[must_use]
    pub fn has_digits(&self, within: &Pointer) -> bool {
        let below = format!("{within}/");
        let mut later = self.digits.range(below.clone()..);
        self.digits(within).is_some() || later.next().is_some_and(|(at, _)| at.starts_with(&below))
    }

    /// Returns the parsed document. Prefer [`paths`](Self::paths) to `api().paths` and
    /// [`schemas`](Self::schemas) to `api().components`: they have the pointers and the keywords
    /// that `openapiv3` does not model. The `callbacks` in it are empty: see
    /// [`callbacks`](Self::callbacks).
    #[must_use]
    pub fn api(&self) -> &OpenAPI {
        &self.api
    }

    /// Returns the version of the specification that the document uses.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Returns the paths in document order, with `$ref`s of path items followed.
    pub fn paths(&self) -> impl Iterator<Item = PathEntry<'_>> {
        let at = Pointer::root().child("paths");
        self.api.paths.paths.iter().filter_map(move |(path, item)| {
            let (item, pointer) = self.resolve(item, at.child(path))?;
            Some(PathEntry {
                path,
                pointer,
                item,
            })
        })
    }

    /// Returns the path with the given template, with its `$ref` followed.
    #[must_use]
    pub fn path(&self, path: &str) -> Option<PathEntry<'_>> {
        let (_, path, item) = self.api.paths.paths.get_full(path)?;
        let at = Pointer::root().child("paths").child(path);
        let (item, pointer) = self.resolve(item, at)?;
        Some(PathEntry {
            path,
            pointer,
            item,
        })
    }

    /// Returns the webhooks (OpenAPI 3.1) in document order.
    pub fn webhooks(&self) -> impl Iterator<Item = PathEntry<'_>> {
        let at = Pointer::root().child("webhooks");
        keys(carried(&self.api.extensions, "webhooks"))
            .filter_map(move |name| self.path_entry(name, at.child(name)))
    }

    /// Returns the callbacks of an operation: each name, with the path items under its runtime
    /// expressions (OpenAPI 3.1, section 4.8.18).
    pub fn callbacks<'a>(
        &'a self,
        entry: &OperationEntry<'a>,
    ) -> impl Iterator<Item = (&'a str, Vec<PathEntry<'a>>)> {
        let at = entry.pointer.child("callbacks");
        keys(carried(&entry.operation.extensions, "callbacks")).map(move |name| {
            let (pointer, callback) = self.callback(at.child(name)).unzip();
            let expressions = keys(callback).filter(|expression| !expression.starts_with("x-"));
            let items = expressions.filter_map(|expression| {
                let at = pointer.as_ref()?.child(expression);
                self.path_entry(expression, at)
            });
            (name, items.collect())
        })
    }

    fn callback(&self, mut pointer: Pointer) -> Option<(Pointer, &Value)> {
        for _ in 0..=self.placed.callbacks.len() {
            let callback = self.placed.callbacks.get(&pointer)?;
            match callback.get("$ref").and_then(Value::as_str) {
                Some(reference) => pointer = Pointer::from_reference(reference)?,
                None => return Some((pointer, callback)),
            }
        }
        None
    }

    fn path_entry<'a>(&'a self, path: &'a str, at: Pointer) -> Option<PathEntry<'a>> {
        let item = self.placed.path_items.get(&at)?;
        let (item, pointer) = self.resolve(item, at)?;
        Some(PathEntry {
            path,
            pointer,
            item,
        })
    }

    /// Returns the operations of a path item in a fixed order of methods, including `query` and
    /// `additionalOperations` (OpenAPI 3.2).
    pub fn operations<'a>(
        &'a self,
        entry: &PathEntry<'a>,
    ) -> impl Iterator<Item = OperationEntry<'a>> {
        let item = entry.item;
        let methods = [
            ("GET", "get", &item.get),
            ("PUT", "put", &item.put),
            ("POST", "post", &item.post),
            ("DELETE", "delete", &item.delete),
            ("OPTIONS", "options", &item.options),
            ("HEAD", "head", &item.head),
            ("PATCH", "patch", &item.patch),
            ("TRACE", "trace", &item.trace),
        ];
        let at = entry.pointer.clone();
        let modelled = methods
            .into_iter()
            .filter_map(move |(method, key, operation)| {
                Some((method, at.child(key), operation.as_ref()?))
            });
        let at = entry.pointer.child("additionalOperations");
        let additional = keys(carried(&item.extensions, "additionalOperations"))
            .map(move |method| (method, at.child(method)));
        let query = ("QUERY", entry.pointer.child("query"));
        let placed = std::iter::once(query)
            .chain(additional)
            .filter_map(|(method, pointer)| {
                let operation = self.placed.operations.get(&pointer)?;
                Some((method, pointer, operation))
            });
        modelled
            .chain(placed)
            .map(|(method, pointer, operation)| OperationEntry {
                method,
                pointer,
                operation,
            })
    }

    /// Follows a `$ref` to anything but a schema. Returns the target and its pointer.
    ///
    /// Returns `None` for a missing target or a circular reference, which `bundle` has reported.
    #[must_use]
    pub fn resolve<'a, T: Component>(
        &'a self,
        node: &'a ReferenceOr<T>,
        pointer: Pointer,
    ) -> Option<(&'a T, Pointer)> {
        let (mut node, mut pointer) = (node, pointer);
        // A long chain is valid; only a circle exceeds this number.
        for _ in 0..1_000_000 {
            match node {
                ReferenceOr::Item(item) => return Some((item, pointer)),
                ReferenceOr::Reference { reference } => {
                    pointer = Pointer::from_reference(reference)?;
                    node = T::look_up(self, &pointer)?;
                }
            }
        }
        None
    }

    /// Returns the entry of `components.securitySchemes` with the given name.
    #[must_use]
    pub fn security_scheme(&self, name: &str) -> Option<Scheme<'_>> {
        let components = self.api.components.as_ref()?;
        if let Some(scheme) = components.security_schemes.get(name) {
            let (scheme, _) = self.resolve(scheme, Pointer::root())?;
            return Some(Scheme::Modelled(scheme));
        }
        let scheme = carried(&components.extensions, "securitySchemes")?.get(name)?;
        Some(Scheme::MutualTls {
            description: scheme.get("description").and_then(Value::as_str),
        })
    }
}

/// Returns the value of a keyword that `openapiv3` does not model and `normalize` carried in an
/// object's extensions: `carried(&header.extensions, "explode")`.
#[must_use]
pub fn carried<'a>(extensions: &'a IndexMap<String, Value>, keyword: &str) -> Option<&'a Value> {
    // For a few entries, comparing each is faster than hashing.
    const FEW: usize = 16;

    if extensions.len() > FEW {
        return extensions.get(&format!("{PREFIX}{keyword}"));
    }
    let mut extensions = extensions.iter();
    extensions
        .find(|(key, _)| key.strip_prefix(PREFIX) == Some(keyword))
        .map(|(_, value)| value)
}

fn keys(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let map = value.and_then(Value::as_object);
    map.into_iter()
        .flat_map(|map| map.keys().map(String::as_str))
}

/// Returns the name if a pointer refers to an entry of the section of `components`.
fn component_name<'p>(pointer: &'p Pointer, section: &str) -> Option<Cow<'p, str>> {
    let rest = pointer.as_str().strip_prefix("/components/")?;
    let name = rest.strip_prefix(section)?.strip_prefix('/')?;
    (!name.contains('/')).then(|| unescape(name))
}

macro_rules! components {
    ($($component:ty: $section:literal, $table:ident;)*) => {
        $(impl Component for $component {
            fn look_up<'a>(
                document: &'a Document,
                pointer: &Pointer,
            ) -> Option<&'a ReferenceOr<Self>> {
                let components = document.api.components.as_ref();
                components
                    .zip(component_name(pointer, $section))
                    .and_then(|(components, name)| components.$table.get(&*name))
                    .or_else(|| document.placed.$table.get(pointer))
            }
        })*
    };
}

components! {
    Parameter: "parameters", parameters;
    Header: "headers", headers;
    Response: "responses", responses;
    RequestBody: "requestBodies", request_bodies;
    Example: "examples", examples;
    Link: "links", links;
    SecurityScheme: "securitySchemes", security_schemes;
}

impl Component for PathItem {
    fn look_up<'a>(document: &'a Document, pointer: &Pointer) -> Option<&'a ReferenceOr<Self>> {
        let path = pointer.as_str().strip_prefix("/paths/");
        let path = path.filter(|path| !path.contains('/'));
        path.and_then(|_| document.api.paths.paths.get(&pointer.last()?))
            .or_else(|| document.placed.path_items.get(pointer))
    }
}
