//! Walks the document by the [table](super::table): checks the JSON type of every field, corrects
//! known mistakes, and moves fields that `openapiv3` lacks into extensions.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use super::kind::Kind;
use super::place::Place;
use super::reference::Anchor;
use super::row::{Field, Keys, Object, Shape};
use super::shape::Moves;
use super::shape::json_type;
use super::{PREFIX, Placed, Version, object, reference, schema};
use crate::carried;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Location, Severity, code, nearest};
use crate::limits::{self, FINDINGS};
use crate::pointer::Pointer;
use crate::source::MAX_DEPTH;

/// The state of the walk.
pub(super) struct Walk<'d> {
    pub(super) version: Version,
    /// The original document, if parts of it must be read twice.
    original: Option<Value>,
    /// The number of nodes that may still be copied.
    budget: usize,
    anchors: IndexMap<String, Anchor>,
    /// The names in `components.schemas`, if a mapping may refer to them.
    pub(super) schemas: HashSet<String>,
    recursive: Vec<Pointer>,
    wanted: IndexSet<(Kind, Pointer)>,
    pub(super) placed: Vec<Placed>,
    diagnostics: &'d mut Diagnostics,
    repeated: IndexMap<(Code, String), (Diagnostic, usize)>,
    /// The number of further warnings that were not stored.
    unkept: usize,
}

/// Maximum number of nodes copied for `$ref`s to places outside of `components`.
const BUDGET: usize = 4_000_000;

/// Maximum depth of a copied node. The bundled document can be twice as deep as a file.
const DEEPEST: usize = 2 * MAX_DEPTH;

impl<'d> Walk<'d> {
    pub(super) fn new(version: Version, root: &Value, diagnostics: &'d mut Diagnostics) -> Self {
        let survey = reference::survey(root);
        let schemas = root
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        Self {
            version,
            original: survey.reads_twice.then(|| root.clone()),
            budget: BUDGET,
            anchors: survey.anchors,
            schemas: schemas.into_iter().flat_map(Map::keys).cloned().collect(),
            recursive: survey.recursive,
            wanted: IndexSet::new(),
            placed: Vec::new(),
            diagnostics,
            repeated: IndexMap::new(),
            unkept: 0,
        }
    }

    /// Walks the targets of `$ref`s outside of `components`, and ends the walk. Returns the placed
    /// objects, and the pointers to the targets that are schemas.
    pub(super) fn finish(mut self) -> (Vec<Placed>, Vec<Pointer>) {
        let mut next = 0;
        let mut known: HashMap<(Kind, Pointer), usize> = HashMap::new();
        let mut seen = 0;
        while let Some((kind, pointer)) = self.wanted.get_index(next).cloned() {
            next += 1;
            let new = self.placed.iter().enumerate().skip(seen);
            known.extend(new.map(|(at, placed)| ((placed.kind, placed.pointer.clone()), at)));
            seen = self.placed.len();
            if known.contains_key(&(kind, pointer.clone()))
                || kind == Kind::Schema && self.has_schema(&pointer, &known)
            {
                continue;
            }
            let place = Place::Start(&pointer);
            if let Some(mut value) = self.copy(&pointer, &place) {
                self.object(kind.object(), &mut value, &place);
                self.placed.push(Placed {
                    kind,
                    pointer,
                    value,
                });
            }
        }
        for (mut diagnostic, others) in self.repeated.into_values() {
            if others > 0 {
                let places = if others == 1 { "place" } else { "places" };
                diagnostic.message =
                    format!("{} (and in {others} more {places})", diagnostic.message);
            }
            self.diagnostics.push(diagnostic);
        }
        self.diagnostics.count(Severity::Warning, self.unkept);
        let targets = self.wanted.into_iter();
        let targets = targets.filter_map(|(kind, at)| (kind == Kind::Schema).then_some(at));
        let mut targets: Vec<Pointer> = targets.collect();
        targets.sort_unstable();
        (self.placed, targets)
    }

    /// Returns true if a pointer refers to a schema within one of the placed schemas.
    fn has_schema(&self, pointer: &Pointer, known: &HashMap<(Kind, Pointer), usize>) -> bool {
        let mut ancestor = pointer.parent();
        while let Some(at) = ancestor {
            let outer = known.get(&(Kind::Schema, at.clone()));
            if let Some(outer) = outer.and_then(|index| self.placed.get(*index))
                && let Some(below) = pointer.strip_prefix(&at)
            {
                return reference::is_schema_in_schema(&below)
                    && outer.value.pointer(below.as_str()).is_some();
            }
            ancestor = at.parent();
        }
        false
    }

    /// Returns true if any fault of the document stops the run.
    pub(super) fn is_strict(&self) -> bool {
        self.diagnostics.is_strict()
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports the warning once, with a count of further occurrences.
    pub(super) fn warn(&mut self, code: Code, subject: &str, warning: impl FnOnce() -> Diagnostic) {
        let key = (code, subject.to_owned());
        if let Some((_, others)) = self.repeated.get_mut(&key) {
            *others += 1;
        } else if self.repeated.len() < FINDINGS {
            self.repeated.insert(key, (warning(), 0));
        } else {
            self.unkept += 1;
        }
    }

    /// Returns a copy of the original value at a pointer.
    ///
    /// A copy may contain references that are copied in turn, even to itself, so nothing is copied
    /// to places that are too deep.
    pub(super) fn copy(&mut self, pointer: &Pointer, place: &Place<'_>) -> Option<Value> {
        let at = place.pointer();
        if at.tokens().count() > DEEPEST {
            let message = "inlined `$ref`s are nested too deeply";
            self.report(
                Diagnostic::error(code::TOO_DEEP, at, message)
                    .label("the limit is reached here")
                    .help("write no fields beside the `$ref`, or refer to fewer levels"),
            );
            return None;
        }
        let value = self.original.as_ref()?.pointer(pointer.as_str())?;
        let most = self.budget.saturating_sub(1);
        let Some((nodes, _)) = limits::size(value, most, usize::MAX) else {
            self.report(
                Diagnostic::error(
                    code::TOO_MANY_COPIES,
                    place.pointer(),
                    format!("the targets of `$ref`s outside of `components` have more than {BUDGET} nodes"),
                )
                .help("move the targets to `components`"),
            );
            return None;
        };
        self.budget -= nodes;
        Some(value.clone())
    }

    pub(super) fn anchor(&self, name: &str) -> Option<&Anchor> {
        self.anchors.get(name)
    }

    /// Returns the innermost schema around a place that has `$recursiveAnchor: true`.
    pub(super) fn recursive_anchor(&self, place: &Pointer) -> Option<&Pointer> {
        let around = self.recursive.iter().filter(|at| place.is_within(at));
        around.max_by_key(|at| at.as_str().len())
    }

    /// Records the target of a `$ref` for look-up by pointer.
    pub(super) fn reference(&mut self, kind: Kind, map: &mut Map<String, Value>) {
        let Some(Value::String(text)) = map.get_mut("$ref") else {
            return;
        };
        if let Some(anchor) = text
            .strip_prefix('#')
            .and_then(|name| self.anchors.get(name))
        {
            *text = reference::text(&anchor.pointer);
        }
        let pointer = reference::target(text);
        self.want(kind, pointer);
    }

    /// Records a pointer for look-up.
    pub(super) fn want(&mut self, kind: Kind, pointer: Option<Pointer>) {
        if let Some(pointer) = pointer
            && !reference::is_plain(kind, &pointer)
        {
            self.wanted.insert((kind, pointer));
        }
    }

    /// Checks and rewrites an object of the specification.
    pub(super) fn object(&mut self, rule: &'static Object, value: &mut Value, place: &Place<'_>) {
        let is_schema = rule.kind == Some(Kind::Schema);
        if is_schema && value.is_boolean() {
            return;
        }
        object::mend(self, rule, value, place);
        let Value::Object(map) = value else {
            self.wrong_object(rule, value, place);
            return;
        };
        if is_schema {
            schema::dynamic_reference(self, map, place);
        }
        if rule.kind.is_some()
            && let Some(reference) = map.get("$ref").filter(|text| !text.is_string())
        {
            self.wrong_type(reference, "the text of a reference", &place.key("$ref"));
            return;
        }
        let mut reference = None;
        if let Some(kind) = rule.kind
            && matches!(map.get("$ref"), Some(Value::String(_)))
        {
            if kind == Kind::PathItem {
                object::merge_path_item(self, map, place);
            }
            self.reference(kind, map);
            if !is_schema && map.contains_key("$ref") {
                self.ignore_siblings(map, place);
                return;
            }
            if map.len() == 1 {
                return;
            }
            reference = map.shift_remove("$ref");
        }
        if let Some(before) = rule.before {
            before(self, map, place);
        }
        self.fields(rule, map, place);
        if let Some(after) = rule.after {
            after(self, map, place);
        }
        if let Some(reference) = reference {
            // Both apply (JSON Schema 2020-12, section 8.2.3.1). OpenAPI 3.0 ignores the siblings
            // of `$ref`, but no author intends that.
            map.insert("$ref".to_owned(), reference);
        }
    }

    fn wrong_object(&mut self, rule: &Object, value: &Value, place: &Place<'_>) {
        let found = json_type(value);
        let (code, message) = match (rule.kind, place.property()) {
            (Some(Kind::Schema), Some(name)) => (
                code::NOT_A_SCHEMA,
                format!("property `{name}` is neither an object nor a boolean, but {found}"),
            ),
            (Some(Kind::Schema), None) => (
                code::NOT_A_SCHEMA,
                format!("a schema is an object or a boolean, not {found}"),
            ),
            _ => {
                let name = if rule.name.ends_with(" object") {
                    place.title()
                } else {
                    rule.name.to_owned()
                };
                let message = format!("{name} has to be an object, not {found}");
                (code::WRONG_TYPE, message)
            }
        };
        let help = match (rule.kind, value) {
            (Some(Kind::Schema), Value::String(text)) if text.starts_with("#/") => {
                format!("write `$ref: '{text}'` under it")
            }
            (Some(Kind::Schema), Value::String(text)) if !text.is_empty() => {
                format!("write `type: {text}` under it, or `$ref: '#/components/schemas/{text}'`")
            }
            (Some(Kind::Schema), _) => {
                "write a schema, such as `type: string`, under it".to_owned()
            }
            _ => match written(rule.name) {
                Some(example) => format!("write {example}"),
                None => format!("write the fields of {} under it", rule.name),
            },
        };
        self.report(
            Diagnostic::error(code, place.pointer(), message)
                .label("expected an object")
                .help(help),
        );
    }

    fn ignore_siblings(&mut self, map: &mut Map<String, Value>, place: &Place<'_>) {
        // `summary` and `description` are allowed beside it (OpenAPI 3.1, section 4.8.23).
        map.retain(|key, _| {
            matches!(key.as_str(), "$ref" | "summary" | "description") || {
                self.warn(code::IGNORED_SIBLING, key, || {
                    Diagnostic::warning(
                        code::IGNORED_SIBLING,
                        place.key(key).pointer().key(),
                        format!("`{key}` beside `$ref` has no effect here"),
                    )
                    .help("move it to the target of the `$ref`, or remove the `$ref`")
                });
                false
            }
        });
    }

    fn fields(&mut self, rule: &'static Object, map: &mut Map<String, Value>, place: &Place<'_>) {
        let mut removed: Vec<String> = Vec::new();
        let mut renamed: Vec<String> = Vec::new();
        let mut copied: Vec<String> = Vec::new();
        let is_schema = rule.kind == Some(Kind::Schema);
        for (key, value) in map.iter_mut() {
            let here = place.key(key);
            // The name of a security scheme may begin with `x-`.
            if key.starts_with("x-") && !matches!(rule.keys, Keys::Any(Shape::Texts)) {
                if carried::is_mark(key) {
                    // A repair has added it.
                } else if key.starts_with(PREFIX) {
                    self.reserved(key, &here);
                    removed.push(key.clone());
                }
                continue;
            }
            let Some((shape, carried)) = self.expected(rule, key, &here) else {
                if is_schema {
                    removed.push(key.clone());
                } else {
                    renamed.push(key.clone());
                }
                continue;
            };
            if value.is_null() {
                match (shape, rule.field(key)) {
                    // `openapiv3` reads `null` as absent.
                    (Shape::Data, Some(_)) if is_schema => {}
                    (Shape::Data, Some(_)) => copied.push(key.clone()),
                    (_, Some(_)) => {
                        self.null_field(key, &here);
                        removed.push(key.clone());
                        continue;
                    }
                    (_, None) => {}
                }
            }
            let moves = if is_schema {
                Moves::Nothing
            } else if carried {
                Moves::Object
            } else {
                Moves::Schema
            };
            if !self.shape(shape, moves, value, &here) {
                removed.push(key.clone());
            } else if carried && rule.field(key).is_some() {
                renamed.push(key.clone());
            }
        }
        for key in copied {
            map.insert(format!("{PREFIX}{key}"), Value::Null);
        }
        // Removing keys one by one would shift the rest of the map each time.
        if !removed.is_empty() || !renamed.is_empty() {
            let removed: HashSet<String> = removed.into_iter().collect();
            let renamed: HashSet<String> = renamed.into_iter().collect();
            let mut moved = Map::new();
            map.retain(|key, value| {
                if renamed.contains(key) {
                    moved.insert(format!("{PREFIX}{key}"), value.take());
                    return false;
                }
                !removed.contains(key)
            });
            map.extend(moved);
        }
        for field in rule.fields.iter().filter(|field| field.required) {
            if !map.contains_key(field.name) {
                self.missing(rule, field, place);
            }
        }
    }

    /// Returns the expected value of a key. Returns `None`, after a warning, for an unknown key.
    fn expected(
        &mut self,
        rule: &'static Object,
        key: &str,
        here: &Place<'_>,
    ) -> Option<(Shape, bool)> {
        if let Some(field) = rule.field(key) {
            return Some((field.shape, field.carried));
        }
        match rule.keys {
            Keys::Any(shape) => return Some((shape, rule.kind == Some(Kind::Callback))),
            Keys::Paths if key.starts_with('/') => {
                return Some((Shape::One(&super::table::PATH_ITEM), false));
            }
            Keys::Paths => {
                self.report(
                    Diagnostic::error(
                        code::INVALID_PATH,
                        here.pointer().key(),
                        format!("path `{key}` does not begin with a slash"),
                    )
                    .help(match key.split_once("://") {
                        Some((scheme, rest)) => {
                            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                            format!(
                                "write `/{path}`, and `{scheme}://{host}` as the `url` of a server"
                            )
                        }
                        None => format!("write `/{key}`"),
                    }),
                );
            }
            Keys::Statuses if object::is_status(key) => {
                return Some((Shape::One(Kind::Response.object()), false));
            }
            Keys::Statuses => {
                self.report(
                    Diagnostic::error(
                        code::INVALID_STATUS_CODE,
                        here.pointer().key(),
                        format!("`{key}` is not a status code"),
                    )
                    .help("write three digits (`200`), a range (`2XX`) or `default`"),
                );
            }
            Keys::Unknown => self.unknown_field(rule, key, here),
        }
        None
    }

    fn missing(&mut self, rule: &Object, field: &Field, place: &Place<'_>) {
        let pointer = place.pointer();
        let code = match rule.kind {
            Some(Kind::SecurityScheme) => code::INCOMPLETE_SECURITY_SCHEME,
            _ => code::MISSING_FIELD,
        };
        let location = if pointer == Pointer::root() {
            Location::from(pointer)
        } else {
            pointer.key()
        };
        self.report(
            Diagnostic::error(
                code,
                location,
                format!("{} has no `{}`", rule.name, field.name),
            )
            .label(format!("`{}` is missing here", field.name))
            .help(match (rule.name, field.name) {
                (_, "info") => "add `info: { title: .., version: .. }`".to_owned(),
                (_, "in") => {
                    "add `in: query`, or another of `path`, `header` and `cookie`".to_owned()
                }
                (_, "url") => "add `url`, such as `url: https://api.example.com`".to_owned(),
                (_, "content") => {
                    "add `content`, such as `application/json: { schema: { type: object } }`"
                        .to_owned()
                }
                (_, "propertyName") => {
                    "add `propertyName`: the property that identifies the branch".to_owned()
                }
                (_, "default") => {
                    "add `default`: the value that is used if the client sets none".to_owned()
                }
                ("a security scheme", "type") => {
                    "add `type`, such as `type: http` with `scheme: bearer`".to_owned()
                }
                ("a parameter", "name") => "add `name`: the name that is sent".to_owned(),
                ("a tag", "name") => {
                    "add `name`: the name that operations use in `tags`".to_owned()
                }
                ("an info object", "title") => "add `title`, the name of the API".to_owned(),
                (_, name) => format!("add `{name}`"),
            }),
        );
    }

    fn null_field(&mut self, key: &str, here: &Place<'_>) {
        self.warn(code::NULL_FIELD, key, || {
            Diagnostic::warning(
                code::NULL_FIELD,
                here.pointer().key(),
                format!("`{key}` has no value and is read as absent"),
            )
            .help("give it a value or remove it")
        });
    }

    fn reserved(&mut self, key: &str, here: &Place<'_>) {
        self.report(
            Diagnostic::warning(
                code::RESERVED_EXTENSION,
                here.pointer().key(),
                format!(
                    "the extension `{key}` is ignored: `{PREFIX}` is reserved for the generator"
                ),
            )
            .help("rename it"),
        );
    }

    pub(super) fn unknown_field(&mut self, rule: &Object, key: &str, here: &Place<'_>) {
        let subject = format!("{} {key}", rule.name);
        self.warn(code::UNKNOWN_FIELD, &subject, || {
            let warning = Diagnostic::warning(
                code::UNKNOWN_FIELD,
                here.pointer().key(),
                format!("`{key}` is not a field of {} and has no effect", rule.name),
            );
            if let Some(help) = moved(rule.name, key) {
                return warning.help(help);
            }
            let others = rule.fields.iter().map(|field| field.name);
            match nearest(key, others.filter(|name| *name != key)) {
                Some(meant) => warning.help(format!("did you mean `{meant}`?")),
                None => warning.help(format!("remove it, or write it as `x-{key}`")),
            }
        });
    }
}

/// Returns a short example of an object of the specification.
fn written(object: &str) -> Option<&'static str> {
    Some(match object {
        "a request body" => {
            "`content: { application/json: { schema: { type: object } } }` under it"
        }
        "a response" => "`description: ..`, and `content` where there is a body, under it",
        "a parameter" => "`{ name: limit, in: query, schema: { type: integer } }`",
        "a header" => "`schema: { type: string }` under it",
        "a security requirement" => "the scheme's name with its scopes, such as `bearerAuth: []`",
        "a security scheme" => "`{ type: http, scheme: bearer }`, or the fields of another type",
        "a responses object" => "responses by their status, such as `'200': { description: .. }`",
        "an operation" => {
            "`responses: { '200': { description: .. } }` and its other fields under it"
        }
        "a path item" => "operations by their method, such as `get: { responses: .. }`",
        "a paths object" => "path items by their paths, such as `/pets: { get: .. }`",
        "a components object" => "`schemas: ..` and the like under it",
        "an info object" => "`{ title: .., version: .. }`",
        "an OAuth flows object" => {
            "`clientCredentials: { tokenUrl: .., scopes: {} }`, or another flow, under it"
        }
        _ => return None,
    })
}

/// Returns where OpenAPI 3 has a field of Swagger 2.0, or a misplaced field.
fn moved(object: &str, key: &str) -> Option<String> {
    let help = match (object, key) {
        ("an OpenAPI document", "host" | "basePath" | "schemes") => "write a URL in `servers`",
        ("an OpenAPI document", "definitions") => "move the schemas to `components.schemas`",
        ("an OpenAPI document", "securityDefinitions") => {
            "move the schemes to `components.securitySchemes`"
        }
        ("an OpenAPI document" | "an operation", "consumes" | "produces") => {
            "write the media types under `content`"
        }
        ("a response" | "a request body", "schema") => {
            "move it to a media type, such as `content: { application/json: { schema: .. } }`"
        }
        ("a media type", "type" | "properties" | "items" | "allOf" | "oneOf" | "anyOf") => {
            "nest it under `schema:`"
        }
        ("a security scheme", "flow" | "authorizationUrl" | "tokenUrl" | "scopes") => {
            "move it under `flows`, such as `flows: { implicit: { authorizationUrl: .., scopes: .. } }`"
        }
        ("an OAuth flows object", _) => {
            "write `implicit`, `password`, `clientCredentials`, `authorizationCode` or `deviceAuthorization`"
        }
        ("a parameter", "collectionFormat") => "write `style` and `explode`",
        ("a components object", _) => {
            return Some(format!(
                "move it to `components.schemas`, or to where `{key}` belongs"
            ));
        }
        _ => return None,
    };
    Some(help.to_owned())
}
