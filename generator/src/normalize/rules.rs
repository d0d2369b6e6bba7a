//! Rules across nodes: unique names, and names that must be declared.
//!
//! The rules see the document as written, before the walk has checked its types, and skip values of
//! the wrong type.

mod authorization;
mod document;
mod path;
mod security;
mod template;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use self::document::{Operation, Parameter, Rules, operations};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, code};
use crate::pointer::{Pointer, Trail};
use crate::spec::Version;

/// Checks the rules. Returns the pointers to each `in` that is to be read as `path`.
pub(super) fn check(root: &Value, version: Version, diagnostics: &mut Diagnostics) -> Vec<Pointer> {
    let mut rules = Rules {
        root,
        diagnostics,
        operation_ids: HashMap::new(),
        locations_to_correct: Vec::new(),
        unknown_scopes: HashSet::new(),
    };
    rules.check_contents(version);
    let start = Pointer::root();
    let place = Trail::Start(&start);
    rules.check_security(root.get("security"), &place.key("security"));
    for section in ["paths", "webhooks"] {
        let items = root.get(section).and_then(Value::as_object);
        for (path, item) in items.into_iter().flatten() {
            if !path.starts_with("x-") || section == "webhooks" {
                rules.check_path_item(section, path, item);
            }
        }
    }
    rules.check_equivalent_paths();
    rules.locations_to_correct
}

impl<'v> Rules<'v, '_> {
    /// Reports a document without content (OpenAPI 3.0, section 4.7.1; OpenAPI 3.1, section 4.3).
    fn check_contents(&mut self, version: Version) {
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

    fn check_path_item(&mut self, section: &str, path: &'v str, item: &'v Value) {
        let at = Pointer::root().child(section).child(path);
        let Some((item, pointer)) = self.follow(item, at.clone()) else {
            return;
        };
        let template = if section == "paths" {
            self.check_characters(path, &at);
            self.check_other_templates(path, &at, item, &pointer);
            let names = self.template_names(path, &at);
            let Some(names) = names else { return };
            Some(names)
        } else {
            None
        };
        let shared = self.unique_parameters(item.get("parameters"), &pointer);
        for operation in operations(item, &pointer) {
            self.check_operation_id(&operation);
            let place = Trail::Start(&operation.pointer);
            self.check_security(operation.value.get("security"), &place.key("security"));
            let own = self.unique_parameters(operation.value.get("parameters"), &operation.pointer);
            if section == "paths" && !self.diagnostics.is_strict() {
                let all = own.iter().chain(&shared);
                let headers = all.filter(|one| one.location.eq_ignore_ascii_case("header"));
                let headers = headers.map(|one| (one.name, &one.pointer, one.value));
                let shown = format!("`{} {path}`", operation.method.to_ascii_uppercase());
                let fault = authorization::undeclared_credential(
                    self.root,
                    (&operation.pointer, &shown),
                    headers,
                );
                if let Some(fault) = fault {
                    self.report(fault);
                }
            }
            if let Some(names) = &template {
                self.check_declared((path, &at), names, &operation, &shared, &own);
            }
        }
    }

    fn unique_parameters(
        &mut self,
        list: Option<&'v Value>,
        owner: &Pointer,
    ) -> Vec<Parameter<'v>> {
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

    fn check_operation_id(&mut self, operation: &Operation<'v>) {
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

    /// Reports paths that differ only in parameter names, such as `/pets/{id}` and `/pets/{name}`
    /// (OpenAPI 3.1, section 4.8.8).
    fn check_equivalent_paths(&mut self) {
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
                                "{method} `{path}` and {method} `{first}` match the same URLs"
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
