//! Rules across nodes: unique names, and names that must be declared.
//!
//! The rules see the document as written, before the walk has checked its types, and skip values of
//! the wrong type.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::place::Place;
use super::{authorization, reference};
use crate::bundle::MAX_HOPS;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, code, nearest};
use crate::pointer::Pointer;
use crate::spec::{METHODS, Version};

pub(super) struct Rules<'v, 'd> {
    pub(super) root: &'v Value,
    pub(super) diagnostics: &'d mut Diagnostics,
    /// The first use of each operationId, with its tag.
    operation_ids: HashMap<&'v str, (Pointer, Option<&'v str>)>,
    /// The pointers to each `in` that is to be read as `path`.
    pub(super) meant_in_path: Vec<Pointer>,
    /// The scopes already reported, with their schemes.
    unknown_scopes: HashSet<(String, String)>,
}

/// An operation with its context.
pub(super) struct Operation<'v> {
    pub(super) method: &'v str,
    pub(super) pointer: Pointer,
    pub(super) value: &'v Map<String, Value>,
}

/// A parameter after following its `$ref`.
pub(super) struct Parameter<'v> {
    pub(super) name: &'v str,
    pub(super) location: &'v str,
    pub(super) value: &'v Value,
    pub(super) pointer: Pointer,
}

/// Checks the rules. Returns the pointers to each `in` that is to be read as `path`.
pub(super) fn check(root: &Value, version: Version, diagnostics: &mut Diagnostics) -> Vec<Pointer> {
    let mut rules = Rules {
        root,
        diagnostics,
        operation_ids: HashMap::new(),
        meant_in_path: Vec::new(),
        unknown_scopes: HashSet::new(),
    };
    rules.contents(version);
    let start = Pointer::root();
    let place = Place::Start(&start);
    rules.security(root.get("security"), &place.key("security"));
    for section in ["paths", "webhooks"] {
        let items = root.get(section).and_then(Value::as_object);
        for (path, item) in items.into_iter().flatten() {
            if !path.starts_with("x-") || section == "webhooks" {
                rules.path_item(section, path, item);
            }
        }
    }
    rules.equivalent_paths();
    rules.meant_in_path
}

impl<'v> Rules<'v, '_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a document without content (OpenAPI 3.0, section 4.7.1; OpenAPI 3.1, section 4.3).
    fn contents(&mut self, version: Version) {
        let has = |key: &str| self.root.get(key).is_some();
        if has("paths") || version > Version::V3_0 && (has("components") || has("webhooks")) {
            return;
        }
        let (message, help) = match version {
            Version::V3_0 => (
                "the document has no `paths`",
                "add `paths: {}`, or write `openapi: 3.1.0` if it has none",
            ),
            _ => (
                "the document has none of `paths`, `components` and `webhooks`",
                "add `paths`",
            ),
        };
        self.report(
            Diagnostic::error(code::MISSING_FIELD, Pointer::root(), message)
                .label("`paths` is missing here")
                .help(help),
        );
    }

    /// Returns the value and pointer after following any number of `$ref`s.
    pub(super) fn follow(
        &self,
        value: &'v Value,
        pointer: Pointer,
    ) -> Option<(&'v Value, Pointer)> {
        let (mut value, mut pointer) = (value, pointer);
        for _ in 0..=MAX_HOPS {
            let Some(text) = value.get("$ref").and_then(Value::as_str) else {
                return Some((value, pointer));
            };
            pointer = reference::target(text)?;
            value = self.root.pointer(pointer.as_str())?;
        }
        None
    }

    fn path_item(&mut self, section: &str, path: &'v str, item: &'v Value) {
        let at = Pointer::root().child(section).child(path);
        let Some((item, pointer)) = self.follow(item, at.clone()) else {
            return;
        };
        let template = if section == "paths" {
            self.signs(path, &at);
            self.colons(path, &at, item, &pointer);
            let names = self.template(path, &at);
            let Some(names) = names else { return };
            Some(names)
        } else {
            None
        };
        let shared = self.parameters(item.get("parameters"), &pointer);
        for operation in operations(item, &pointer) {
            self.operation_id(&operation);
            let place = Place::Start(&operation.pointer);
            self.security(operation.value.get("security"), &place.key("security"));
            let own = self.parameters(operation.value.get("parameters"), &operation.pointer);
            if section == "paths" && !self.diagnostics.is_strict() {
                let all = own.iter().chain(&shared);
                let headers = all.filter(|one| one.location.eq_ignore_ascii_case("header"));
                let headers = headers.map(|one| (one.name, &one.pointer, one.value));
                let shown = format!("`{} {path}`", operation.method.to_ascii_uppercase());
                let fault = authorization::fault(self.root, (&operation.pointer, &shown), headers);
                if let Some(fault) = fault {
                    self.report(fault);
                }
            }
            if let Some(names) = &template {
                self.declared((path, &at), names, &operation, &shared, &own);
            }
        }
    }

    /// Returns the parameters of a list, with `$ref`s followed.
    pub(super) fn written(&self, list: Option<&'v Value>) -> impl Iterator<Item = &'v Value> {
        let list = list.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|one| Some(self.follow(one, Pointer::root())?.0))
    }

    fn parameters(&mut self, list: Option<&'v Value>, owner: &Pointer) -> Vec<Parameter<'v>> {
        let mut parameters: Vec<Parameter<'v>> = Vec::new();
        let mut known: HashMap<(String, String), usize> = HashMap::new();
        let list = list.and_then(Value::as_array);
        for (index, written) in list.into_iter().flatten().enumerate() {
            let at = owner.child("parameters").child(index);
            let Some((value, _)) = self.follow(written, at.clone()) else {
                continue;
            };
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            let (Some(name), Some(location)) = (text("name"), text("in")) else {
                continue;
            };
            let location_key = location.to_ascii_lowercase();
            // RFC 9110, section 5.1: field names are case-insensitive.
            let name_key = match location_key.as_str() {
                "header" => name.to_ascii_lowercase(),
                _ => name.to_owned(),
            };
            let position = *known
                .entry((location_key, name_key))
                .or_insert(parameters.len());
            if let Some(first) = parameters.get(position) {
                let message = format!("parameter `{name}` in the {location} is declared twice");
                let diagnostic = if first.value == value {
                    Diagnostic::warning(code::DUPLICATE_PARAMETER, at, message)
                } else {
                    Diagnostic::error(code::DUPLICATE_PARAMETER, at, message)
                };
                let first = first.pointer.clone();
                let diagnostic = diagnostic.related(first, "first declared here");
                self.report(diagnostic.help("remove one of the two"));
                continue;
            }
            parameters.push(Parameter {
                name,
                location,
                value,
                pointer: at,
            });
        }
        parameters
    }

    fn operation_id(&mut self, operation: &Operation<'v>) {
        let Some(id) = operation.value.get("operationId").and_then(Value::as_str) else {
            return;
        };
        let at = operation.pointer.child("operationId");
        let tags = operation.value.get("tags");
        let tag = tags.and_then(|tags| tags.get(0)).and_then(Value::as_str);
        let Some((first, first_tag)) = self.operation_ids.get(id) else {
            self.operation_ids.insert(id, (at, tag));
            return;
        };
        if *first == at {
            // The same path item, used by two paths.
            return;
        }
        let message = format!("two operations have the operationId `{id}`");
        // Different tags make the generated names distinct.
        let diagnostic = if tag.is_some() && first_tag.is_some() && tag != *first_tag {
            Diagnostic::warning(code::DUPLICATE_OPERATION_ID, at, message)
        } else {
            Diagnostic::error(code::DUPLICATE_OPERATION_ID, at, message)
        };
        let diagnostic = diagnostic
            .related(first, "first used here")
            .help("give each operation its own operationId");
        self.report(diagnostic);
    }

    /// Reports requirements whose name is not in `components.securitySchemes` (OpenAPI 3.1, section
    /// 4.8.30).
    fn security(&mut self, requirements: Option<&'v Value>, place: &Place<'_>) {
        let schemes = self.root.pointer("/components/securitySchemes");
        let schemes = schemes.and_then(Value::as_object);
        let list = requirements.and_then(Value::as_array);
        for (index, requirement) in list.into_iter().flatten().enumerate() {
            let asked = requirement.as_object();
            self.conflicting_credentials(asked, &place.index(index));
            for (name, scopes) in asked.into_iter().flatten() {
                if schemes.is_some_and(|schemes| schemes.contains_key(name)) {
                    self.scopes(name, scopes, &place.index(index).key(name));
                    continue;
                }
                let known = schemes.into_iter().flat_map(Map::keys);
                let known = known.map(String::as_str);
                let help = match nearest(name, known) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("add `{name}` to `components.securitySchemes`"),
                };
                let at = place.index(index);
                self.report(
                    Diagnostic::error(
                        code::UNKNOWN_SECURITY_SCHEME,
                        at.key(name).pointer().key(),
                        format!("there is no security scheme `{name}`"),
                    )
                    .help(help),
                );
            }
        }
    }

    /// Returns a security scheme, with its `$ref` followed.
    fn scheme(&self, name: &str) -> Option<(&'v Value, Pointer)> {
        let at = Pointer::root().child("components").child("securitySchemes");
        let at = at.child(name);
        let scheme = self.root.pointer(at.as_str())?;
        self.follow(scheme, at)
    }

    /// Reports two credentials of one requirement that are sent in the same place, so that only one
    /// arrives.
    fn conflicting_credentials(
        &mut self,
        asked: Option<&'v Map<String, Value>>,
        place: &Place<'_>,
    ) {
        let mut places: HashMap<(String, String), &str> = HashMap::new();
        for name in asked.into_iter().flat_map(Map::keys) {
            let Some((scheme, _)) = self.scheme(name) else {
                continue;
            };
            let text = |field: &str| scheme.get(field).and_then(Value::as_str);
            let is_key = text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("apiKey"));
            let sent_in = match (text("in"), text("name")) {
                _ if text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("mutualTLS")) => {
                    continue;
                }
                (Some(location), Some(name)) if is_key => (location, name),
                _ if is_key => continue,
                _ => ("header", "Authorization"),
            };
            let (location, shown) = sent_in;
            let message =
                format!("the {location} `{shown}` of a request can hold only one credential");
            let folded = if location == "header" {
                shown.to_ascii_lowercase()
            } else {
                shown.to_owned()
            };
            if let Some(first) = places.insert((location.to_owned(), folded), name) {
                let first = place.key(first).pointer().key();
                self.report(
                    Diagnostic::warning(
                        code::CONFLICTING_CREDENTIALS,
                        place.key(name).pointer().key(),
                        message,
                    )
                    .label("one of the two is sent")
                    .related(first, "the other one")
                    .help("write them as two entries of `security` if one is enough"),
                );
            }
        }
    }

    /// Reports scopes that a scheme does not list, if it lists any.
    fn scopes(&mut self, name: &str, asked: &'v Value, place: &Place<'_>) {
        let Some((scheme, at)) = self.scheme(name) else {
            return;
        };
        let flows = scheme.get("flows").and_then(Value::as_object);
        let known: Vec<&str> = flows
            .into_iter()
            .flat_map(Map::values)
            .filter_map(|flow| flow.get("scopes")?.as_object())
            .flat_map(|scopes| scopes.keys().map(String::as_str))
            .collect();
        if known.is_empty() {
            return;
        }
        for (index, scope) in asked.as_array().into_iter().flatten().enumerate() {
            let Some(scope) = scope.as_str().filter(|scope| !known.contains(scope)) else {
                continue;
            };
            if !self
                .unknown_scopes
                .insert((name.to_owned(), scope.to_owned()))
            {
                continue;
            }
            let message = format!(
                "no flow of `{name}` has the scope `{scope}`; the client does not request it"
            );
            let help = match nearest(scope, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("add it to the `scopes` of a flow of `{name}`"),
            };
            self.report(
                Diagnostic::warning(code::UNKNOWN_SCOPE, place.index(index).pointer(), message)
                    .related(at.child("flows").key(), "the scopes are listed here")
                    .help(help),
            );
        }
    }

    /// Reports paths that differ only in parameter names, such as `/pets/{id}` and `/pets/{name}`
    /// (OpenAPI 3.1, section 4.8.8).
    fn equivalent_paths(&mut self) {
        let mut seen: IndexMap<String, Vec<(&str, &Value)>> = IndexMap::new();
        let paths = self.root.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let mut shape = String::new();
            let mut in_name = false;
            for letter in path.chars() {
                in_name = letter == '{' || in_name && letter != '}';
                if !in_name || letter == '{' {
                    shape.push(letter);
                }
            }
            seen.entry(shape).or_default().push((path, item));
        }
        for paths in seen.into_values().filter(|paths| paths.len() > 1) {
            let mut taken: HashMap<String, &str> = HashMap::new();
            for (path, item) in paths {
                let at = Pointer::root().child("paths").child(path);
                for operation in operations(item, &at) {
                    match taken.get(operation.method) {
                        None => {
                            taken.insert(operation.method.to_owned(), path);
                        }
                        Some(first) => {
                            let first_at = Pointer::root().child("paths").child(first);
                            let method = operation.method.to_ascii_uppercase();
                            let message = format!(
                                "{method} `{path}` and {method} `{first}` have the same address"
                            );
                            let location: Location = operation.pointer.key();
                            let warning =
                                Diagnostic::warning(code::EQUIVALENT_PATHS, location, message)
                                    .related(
                                        first_at.child(operation.method).key(),
                                        "first declared here",
                                    )
                                    .help("remove one of the two");
                            self.report(warning);
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn operations<'v>(item: &'v Value, pointer: &Pointer) -> Vec<Operation<'v>> {
    let map = item.as_object();
    let own = map.into_iter().flatten().filter_map(|(method, value)| {
        METHODS.contains(&method.as_str()).then_some(())?;
        Some((method, value, pointer.child(method)))
    });
    let additional = item.get("additionalOperations").and_then(Value::as_object);
    let at = pointer.child("additionalOperations");
    let additional = additional
        .into_iter()
        .flatten()
        .map(|(method, value)| (method, value, at.child(method)));
    own.chain(additional)
        .filter_map(|(method, value, pointer)| {
            Some(Operation {
                method,
                pointer,
                value: value.as_object()?,
            })
        })
        .collect()
}
