//! Walks the document by the [table](super::table): checks the JSON type of every field, and
//! corrects known mistakes.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use super::place::Place;
use super::reference::Anchor;
use super::shape::json_type;
use super::{Placed, object, reference, schema, visit};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, code};
use crate::limits::{self, FINDINGS};
use crate::pointer::Pointer;
use crate::source::MAX_DEPTH;
use crate::spec::{self, ObjectKind, Version};

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
    wanted: IndexSet<(ObjectKind, Pointer)>,
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
        let mut known: HashMap<(ObjectKind, Pointer), usize> = HashMap::new();
        let mut seen = 0;
        while let Some((kind, pointer)) = self.wanted.get_index(next).cloned() {
            next += 1;
            let new = self.placed.iter().enumerate().skip(seen);
            known.extend(new.map(|(at, placed)| ((placed.kind, placed.pointer.clone()), at)));
            seen = self.placed.len();
            if known.contains_key(&(kind, pointer.clone()))
                || kind == ObjectKind::Schema && self.has_schema(&pointer, &known)
            {
                continue;
            }
            let place = Place::Start(&pointer);
            if let Some(mut value) = self.copy(&pointer, &place) {
                self.object(kind, &mut value, &place);
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
        let targets = targets.filter_map(|(kind, at)| (kind == ObjectKind::Schema).then_some(at));
        let mut targets: Vec<Pointer> = targets.collect();
        targets.sort_unstable();
        (self.placed, targets)
    }

    /// Returns true if a pointer refers to a schema within one of the placed schemas.
    fn has_schema(&self, pointer: &Pointer, known: &HashMap<(ObjectKind, Pointer), usize>) -> bool {
        let mut ancestor = pointer.parent();
        while let Some(at) = ancestor {
            let outer = known.get(&(ObjectKind::Schema, at.clone()));
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
    pub(super) fn reference(&mut self, kind: ObjectKind, map: &mut Map<String, Value>) {
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
    pub(super) fn want(&mut self, kind: ObjectKind, pointer: Option<Pointer>) {
        if let Some(pointer) = pointer
            && !reference::is_plain(kind, &pointer)
        {
            self.wanted.insert((kind, pointer));
        }
    }

    /// Checks and rewrites an object of the specification.
    pub(super) fn object(&mut self, kind: ObjectKind, value: &mut Value, place: &Place<'_>) {
        let is_schema = kind == ObjectKind::Schema;
        if is_schema && value.is_boolean() {
            return;
        }
        object::mend(self, kind, value, place);
        let Value::Object(map) = value else {
            self.wrong_object(kind, value, place);
            return;
        };
        if is_schema {
            schema::dynamic_reference(self, map, place);
        }
        if is_looked_up(kind)
            && let Some(reference) = map.get("$ref").filter(|text| !text.is_string())
        {
            self.wrong_type(reference, "the text of a reference", &place.key("$ref"));
            return;
        }
        let mut reference = None;
        if is_looked_up(kind) && matches!(map.get("$ref"), Some(Value::String(_))) {
            if kind == ObjectKind::PathItem {
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
        visit::enter(self, kind, map, place);
        self.fields(spec::object(kind), map, place);
        visit::leave(self, kind, map, place);
        if let Some(reference) = reference {
            // Both apply (JSON Schema 2020-12, section 8.2.3.1). OpenAPI 3.0 ignores the siblings
            // of `$ref`, but no author intends that.
            map.insert("$ref".to_owned(), reference);
        }
    }

    fn wrong_object(&mut self, kind: ObjectKind, value: &Value, place: &Place<'_>) {
        let found = json_type(value);
        let (code, message) = match (kind, place.property()) {
            (ObjectKind::Schema, Some(name)) => (
                code::NOT_A_SCHEMA,
                format!("property `{name}` is neither an object nor a boolean, but {found}"),
            ),
            (ObjectKind::Schema, None) => (
                code::NOT_A_SCHEMA,
                format!("a schema is an object or a boolean, not {found}"),
            ),
            _ => {
                let name = if kind.name().ends_with(" object") {
                    place.title()
                } else {
                    kind.name().to_owned()
                };
                let message = format!("{name} has to be an object, not {found}");
                (code::WRONG_TYPE, message)
            }
        };
        let help = match (kind, value) {
            (ObjectKind::Schema, Value::String(text)) if text.starts_with("#/") => {
                format!("write `$ref: '{text}'` under it")
            }
            (ObjectKind::Schema, Value::String(text)) if !text.is_empty() => {
                format!("write `type: {text}` under it, or `$ref: '#/components/schemas/{text}'`")
            }
            (ObjectKind::Schema, _) => {
                "write a schema, such as `type: string`, under it".to_owned()
            }
            _ => match written(kind) {
                Some(example) => format!("write {example}"),
                None => format!("write the fields of {} under it", kind.name()),
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
}

/// Returns a short example of an object of the specification.
fn written(kind: ObjectKind) -> Option<&'static str> {
    Some(match kind {
        ObjectKind::RequestBody => {
            "`content: { application/json: { schema: { type: object } } }` under it"
        }
        ObjectKind::Response => "`description: ..`, and `content` where there is a body, under it",
        ObjectKind::Parameter => "`{ name: limit, in: query, schema: { type: integer } }`",
        ObjectKind::Header => "`schema: { type: string }` under it",
        ObjectKind::SecurityRequirement => {
            "the scheme's name with its scopes, such as `bearerAuth: []`"
        }
        ObjectKind::SecurityScheme => {
            "`{ type: http, scheme: bearer }`, or the fields of another type"
        }
        ObjectKind::Responses => "responses by their status, such as `'200': { description: .. }`",
        ObjectKind::Operation => {
            "`responses: { '200': { description: .. } }` and its other fields under it"
        }
        ObjectKind::PathItem => "operations by their method, such as `get: { responses: .. }`",
        ObjectKind::Paths => "path items by their paths, such as `/pets: { get: .. }`",
        ObjectKind::Components => "`schemas: ..` and the like under it",
        ObjectKind::Info => "`{ title: .., version: .. }`",
        ObjectKind::OAuthFlows => {
            "`clientCredentials: { tokenUrl: .., scopes: {} }`, or another flow, under it"
        }
        _ => return None,
    })
}

/// Returns true if an object is looked up by pointer: as the target of a `$ref`, or an operation
/// that `openapiv3` has no field for.
pub(super) fn is_looked_up(kind: ObjectKind) -> bool {
    kind.section().is_some() || kind == ObjectKind::Operation
}
