//! What the specification asks across nodes: names that are given once, and
//! names that have to be given somewhere.
//!
//! This sees the document as it was written, before the walk has checked its
//! types, and passes over whatever has another shape than it should.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::path::{bad_escape, expression, outside_braces, without_dots};
use super::place::Place;
use super::{Version, authorization, reference};
use crate::bundle::MAX_HOPS;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, code, nearest};
use crate::pointer::Pointer;

/// The methods of a path item, `query` (OpenAPI 3.2) included.
pub(crate) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The locations of parameters, with those of OpenAPI 2.0.
const LOCATIONS: [&str; 6] = ["query", "header", "path", "cookie", "body", "formdata"];

struct Rules<'v, 'd> {
    root: &'v Value,
    diagnostics: &'d mut Diagnostics,
    /// Where each operationId was given first, and under which tag.
    operation_ids: HashMap<&'v str, (Pointer, Option<&'v str>)>,
    /// Each `in` that is meant to be `path`.
    meant_in_path: Vec<Pointer>,
    /// The scopes that were reported, by their schemes.
    unknown_scopes: HashSet<(String, String)>,
}

/// An operation with what stands around it.
struct Operation<'v> {
    method: &'v str,
    pointer: Pointer,
    value: &'v Map<String, Value>,
}

/// A parameter behind its `$ref`.
struct Parameter<'v> {
    name: &'v str,
    location: &'v str,
    value: &'v Value,
    pointer: Pointer,
}

/// Checks the rules; returns where `in` is to be read as `path`.
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
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// OpenAPI 3.0, section 4.7.1; OpenAPI 3.1, section 4.3.
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

    /// What stands behind any number of `$ref`s, and where.
    fn follow(&self, value: &'v Value, pointer: Pointer) -> Option<(&'v Value, Pointer)> {
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

    /// The names in a path template (OpenAPI 3.1, section 4.8.2); `None` where its
    /// braces do not match.
    fn template(&mut self, path: &'v str, at: &Pointer) -> Option<Vec<&'v str>> {
        let mut names = Vec::new();
        let mut known = HashSet::new();
        let mut rest = path;
        let fault = loop {
            let Some(start) = rest.find(['{', '}']) else {
                break None;
            };
            let (_, after) = rest.split_at(start);
            let Some((name, after)) = after
                .strip_prefix('{')
                .and_then(|after| after.split_once('}'))
            else {
                break Some("the braces of path `{}` do not match".to_owned());
            };
            if name.is_empty() || name.contains('{') {
                break Some("a name is missing between the braces of path `{}`".to_owned());
            }
            if !known.insert(name) {
                break Some(format!("`{name}` is twice in path `{{}}`"));
            }
            names.push(name);
            rest = after;
        };
        let Some(fault) = fault else {
            return Some(names);
        };
        self.report(
            Diagnostic::error(code::INVALID_PATH, at.key(), fault.replacen("{}", path, 1))
                .help("write each parameter once, by its name in braces: `/pets/{id}`"),
        );
        None
    }

    /// What a path cannot carry, and what of it is not sent (RFC 3986, section 3.3).
    fn signs(&mut self, path: &'v str, at: &Pointer) {
        let parts = path.split(['{', '}']).step_by(2);
        let outside = parts.collect::<Vec<_>>().join("{}");
        let literal = outside.split(['?', '#']).next().unwrap_or_default();
        let sign = literal
            .chars()
            .find(|c| c.is_control() || c.is_whitespace() || *c == '\\');
        if let Some(sign) = sign {
            let text = sign.to_string();
            let encoded =
                percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
            self.report(
                Diagnostic::error(
                    code::INVALID_PATH,
                    at.key(),
                    format!("path `{path}` has a character that no path can have"),
                )
                .label(format!("`{}` is not allowed", sign.escape_default()))
                .help(format!("write `{encoded}` if that is meant")),
            );
        }
        if let Some(escape) = bad_escape(literal) {
            let message = format!("path `{path}` has a percent sign that begins no escape");
            self.report(
                Diagnostic::error(code::INVALID_PATH, at.key(), message)
                    .label(format!("`{escape}` is no escape"))
                    .help("write `%25` if a percent sign is meant"),
            );
        }
        if literal
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        {
            self.report(
                Diagnostic::error(
                    code::INVALID_PATH,
                    at.key(),
                    format!("path `{path}` has a segment `.` or `..`"),
                )
                .label("would be another path on its way")
                .help(format!("write `{}`", without_dots(path))),
            );
        }
        if let Some(end) = outside_braces(path, ['?', '#']) {
            let (_, after) = path.split_at(end);
            let is_sent = after.starts_with('?');
            let (message, help) = if is_sent {
                let message = format!("a path has no query: `{after}` is sent with every request");
                (message, "write a query parameter with a default")
            } else {
                let message = format!("a path has no fragment: `{after}` is not sent");
                (message, "remove it, or write `%23` if that is meant")
            };
            let warning = Diagnostic::warning(code::COERCED, at.key(), message);
            self.report(warning.help(help));
        }
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
            // One path item under two paths.
            return;
        }
        let message = format!("two operations have the operationId `{id}`");
        // Under tags of their own the two are told apart all the same.
        let diagnostic = if tag.is_some() && first_tag.is_some() && tag != *first_tag {
            Diagnostic::warning(code::DUPLICATE_OPERATION_ID, at, message)
        } else {
            Diagnostic::error(code::DUPLICATE_OPERATION_ID, at, message)
        };
        let diagnostic = diagnostic
            .related(first, "first given here")
            .help("give each operation an operationId of its own");
        self.report(diagnostic);
    }

    /// Every name of the template is a path parameter, and the other way round.
    fn declared(
        &mut self,
        (path, at): (&str, &Pointer),
        names: &[&str],
        operation: &Operation<'v>,
        shared: &[Parameter<'v>],
        own: &[Parameter<'v>],
    ) {
        let in_path = |parameter: &&Parameter<'v>| parameter.location.eq_ignore_ascii_case("path");
        let method = operation.method.to_ascii_uppercase();
        let declared = shared.iter().chain(own).filter(in_path);
        let declared: HashSet<&str> = declared.map(|parameter| parameter.name).collect();
        let wanted: HashSet<&str> = names.iter().copied().collect();
        let unused = shared.iter().chain(own).filter(in_path);
        let unused = unused.filter(|parameter| !wanted.contains(parameter.name));
        let unused: Vec<_> = unused.collect();
        for name in names {
            if declared.contains(name) {
                continue;
            }
            if self.meant_in_path(name, (path, at), own) || self.is_without_place(name, operation) {
                continue;
            }
            let mut error = Diagnostic::error(
                code::UNDECLARED_PATH_PARAMETER,
                operation.pointer.key(),
                format!("path parameter `{name}` of {method} `{path}` is not declared"),
            )
            .label(format!("no parameter `{name}` here"))
            .related(at.key(), "the path");
            let others = unused.iter().map(|parameter| parameter.name);
            let meant = nearest(name, others);
            let meant = unused.iter().find(|other| Some(other.name) == meant);
            error = match (meant, expression(name)) {
                (Some(other), _) => error
                    .related(other.pointer.child("name"), "declared under this name")
                    .help(format!("write `{{{}}}` in the path", other.name)),
                (None, Some(help)) => error.help(help),
                (None, None) => error.help(format!(
                    "add a parameter with `name: {name}`, `in: path` and `required: true`"
                )),
            };
            self.report(error);
        }
        for parameter in own.iter().filter(in_path) {
            if !wanted.contains(parameter.name) {
                let name = parameter.name;
                self.report(
                    Diagnostic::warning(
                        code::UNUSED_PATH_PARAMETER,
                        &parameter.pointer,
                        format!(
                            "path parameter `{name}` is not in the path `{path}` and is not sent"
                        ),
                    )
                    .related(at.key(), "the path")
                    .help(format!(
                        "write `{{{name}}}` in the path, or remove the parameter"
                    )),
                );
            }
        }
    }

    /// A parameter of the template's name that is said to be in the query: there
    /// is nothing else that the template can mean.
    fn meant_in_path(
        &mut self,
        name: &str,
        (path, path_at): (&str, &Pointer),
        own: &[Parameter<'v>],
    ) -> bool {
        let mut same = own.iter().filter(|parameter| parameter.name == name);
        let (Some(parameter), None) = (same.next(), same.next()) else {
            return false;
        };
        let at = parameter.pointer.child("in");
        let is_written_here = self.root.pointer(at.as_str()).is_some();
        if parameter.location != "query" || !is_written_here {
            return false;
        }
        let message =
            format!("`{name}` is in the path `{path}`: `in: query` is read as `in: path`");
        let warning = Diagnostic::warning(code::COERCED, &at, message);
        let warning = warning.related(path_at.key(), "the path");
        self.report(warning.help("write `in: path`"));
        self.meant_in_path.push(at);
        true
    }

    /// Whether a parameter of the template's name has no location, or one that does not exist. The
    /// walk reports it.
    fn is_without_place(&self, name: &str, operation: &Operation<'v>) -> bool {
        let item = operation.pointer.parent();
        let item = item.and_then(|item| self.root.pointer(item.as_str()));
        let lists = [
            item.and_then(|item| item.get("parameters")),
            operation.value.get("parameters"),
        ];
        let written = lists
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten();
        let mut parameters = written.filter_map(|one| Some(self.follow(one, Pointer::root())?.0));
        parameters.any(|one| {
            let text = |key: &str| one.get(key).and_then(Value::as_str);
            let is_known = |place: &str| {
                let place = place.trim().to_ascii_lowercase();
                LOCATIONS.contains(&place.as_str())
            };
            text("name") == Some(name) && !text("in").is_some_and(is_known)
        })
    }

    /// OpenAPI 3.1, section 4.8.30: a name of `components.securitySchemes`.
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

    /// A security scheme behind its `$ref`.
    fn scheme(&self, name: &str) -> Option<(&'v Value, Pointer)> {
        let at = Pointer::root().child("components").child("securitySchemes");
        let at = at.child(name);
        let scheme = self.root.pointer(at.as_str())?;
        self.follow(scheme, at)
    }

    /// Every credential of one requirement is sent, each in a place of its own; of two for one
    /// place, either is.
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
                format!("the {location} `{shown}` of a request holds one credential, not two");
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
                    .label("either is sent")
                    .related(first, "the other one")
                    .help("write them as two entries of `security` where either will do"),
                );
            }
        }
    }

    /// The scopes that a scheme has, where it lists them.
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
                "no flow of `{name}` has the scope `{scope}`, which the client does not ask for"
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

    /// OpenAPI 3.1, section 4.8.8: `/pets/{id}` and `/pets/{name}` are one path.
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
                            let message =
                                format!("{method} `{path}` and {method} `{first}` are one address");
                            let location: Location = operation.pointer.key();
                            let warning =
                                Diagnostic::warning(code::EQUIVALENT_PATHS, location, message)
                                    .related(
                                        first_at.child(operation.method).key(),
                                        "first declared here",
                                    )
                                    .help("give each address one path");
                            self.report(warning);
                        }
                    }
                }
            }
        }
    }
}

fn operations<'v>(item: &'v Value, pointer: &Pointer) -> Vec<Operation<'v>> {
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
