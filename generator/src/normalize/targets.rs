//! The objects that are looked up by pointer: targets of `$ref`s, and objects that move out of the
//! document.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Value, json};

use super::reporter::Reporter;
use super::survey::{Anchor, survey};
use crate::diagnostic::{Diagnostic, code};
use crate::output_limits;
use crate::pointer::{Pointer, Trail};
use crate::source::MAX_DEPTH;
use crate::spec::{FieldType, Fields, ObjectKind};

/// Maximum number of nodes copied for `$ref`s to places outside of `components`.
const BUDGET: usize = 4_000_000;

/// Maximum depth of a copied node. The bundled document can be twice as deep as a file.
const DEEPEST: usize = 2 * MAX_DEPTH;

/// An object that is looked up by pointer.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The kind of the object.
    pub kind: ObjectKind,
    /// The pointer to the object in the original document.
    pub pointer: Pointer,
    /// The normalized object, which may be a `$ref`.
    pub value: Value,
}

/// The targets and the placed objects.
pub(super) struct Targets {
    /// The original document, if parts of it must be read twice.
    original: Option<Value>,
    /// The number of nodes that may still be copied.
    budget: usize,
    anchors: IndexMap<String, Anchor>,
    /// The pointers to schemas with `$recursiveAnchor: true`.
    recursive: Vec<Pointer>,
    /// The targets of `$ref`s outside of `components`.
    wanted: IndexSet<(ObjectKind, Pointer)>,
    /// The number of items of `wanted` that [`Self::next_target`] has looked at.
    next: usize,
    placed: Vec<Placed>,
    /// The indices of the first `seen_objects` in `placed`.
    known: HashMap<(ObjectKind, Pointer), usize>,
    seen_objects: usize,
}

impl Targets {
    pub(super) fn new(document: &Value) -> Self {
        let survey = survey(document);
        Self {
            original: survey.reads_twice.then(|| document.clone()),
            budget: BUDGET,
            anchors: survey.anchors,
            recursive: survey.recursive,
            wanted: IndexSet::new(),
            next: 0,
            placed: Vec::new(),
            known: HashMap::new(),
            seen_objects: 0,
        }
    }

    /// Returns the next target that is not among the placed objects.
    pub(super) fn next_target(&mut self) -> Option<(ObjectKind, Pointer)> {
        while let Some((kind, pointer)) = self.wanted.get_index(self.next).cloned() {
            self.next += 1;
            let new = self.placed.iter().enumerate().skip(self.seen_objects);
            self.known
                .extend(new.map(|(at, placed)| ((placed.kind, placed.pointer.clone()), at)));
            self.seen_objects = self.placed.len();
            let is_within_schema = kind == ObjectKind::Schema && self.has_schema(&pointer);
            if !is_within_schema && !self.known.contains_key(&(kind, pointer.clone())) {
                return Some((kind, pointer));
            }
        }
        None
    }

    /// Returns `true` if a pointer refers to a schema within one of the placed schemas.
    fn has_schema(&self, pointer: &Pointer) -> bool {
        let mut ancestor = pointer.parent();
        while let Some(at) = ancestor {
            let outer = self.known.get(&(ObjectKind::Schema, at.clone()));
            if let Some(outer) = outer.and_then(|index| self.placed.get(*index))
                && let Some(below) = pointer.strip_prefix(&at)
            {
                let ty = FieldType::One(ObjectKind::Schema).descendant(&below);
                return ty.kind() == Some(ObjectKind::Schema)
                    && outer.value.pointer(below.as_str()).is_some();
            }
            ancestor = at.parent();
        }
        false
    }

    /// Returns the placed objects, and the pointers to the targets that are schemas.
    pub(super) fn finish(self) -> (Vec<Placed>, Vec<Pointer>) {
        let targets = self.wanted.into_iter();
        let targets = targets.filter_map(|(kind, at)| (kind == ObjectKind::Schema).then_some(at));
        let mut targets: Vec<Pointer> = targets.collect();
        targets.sort_unstable();
        (self.placed, targets)
    }

    /// Adds an object to those that are looked up by pointer.
    pub(super) fn place(&mut self, kind: ObjectKind, pointer: Pointer, value: Value) {
        self.placed.push(Placed {
            kind,
            pointer,
            value,
        });
    }

    /// Moves an object out of the document. A schema leaves a reference to its pointer.
    pub(super) fn move_out(&mut self, kind: ObjectKind, value: &mut Value, place: &Trail<'_>) {
        let pointer = place.pointer();
        let rest = if kind == ObjectKind::Schema {
            json!({ "$ref": pointer.to_reference() })
        } else {
            Value::Null
        };
        self.place(kind, pointer, std::mem::replace(value, rest));
    }

    /// Returns a copy of the original value at a pointer.
    ///
    /// A copy may contain references that are copied in turn, even to itself, so nothing is copied
    /// to places that are too deep.
    pub(super) fn copy(
        &mut self,
        reporter: &mut Reporter<'_>,
        pointer: &Pointer,
        place: &Trail<'_>,
    ) -> Option<Value> {
        let at = place.pointer();
        if at.tokens().count() > DEEPEST {
            let message = "inlined `$ref`s are nested too deeply";
            reporter.push(
                Diagnostic::error(code::TOO_DEEP, at, message)
                    .label("the limit is reached here")
                    .help("write no fields beside the `$ref`, or refer to fewer levels"),
            );
            return None;
        }
        let value = self.original.as_ref()?.pointer(pointer.as_str())?;
        let most = self.budget.saturating_sub(1);
        let Some((nodes, _)) = output_limits::size(value, most, usize::MAX) else {
            reporter.push(
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

    /// Returns the `$anchor` or `$dynamicAnchor` with a name.
    pub(super) fn anchor(&self, name: &str) -> Option<&Anchor> {
        self.anchors.get(name)
    }

    /// Returns the innermost schema around a place that has `$recursiveAnchor: true`.
    pub(super) fn recursive_anchor(&self, place: &Pointer) -> Option<&Pointer> {
        let around = self.recursive.iter().filter(|at| place.is_within(at));
        around.max_by_key(|at| at.as_str().len())
    }

    /// Records the target of a `$ref` for look-up by pointer.
    pub(super) fn record_reference(&mut self, kind: ObjectKind, map: &mut Fields) {
        let Some(Value::String(text)) = map.get_mut("$ref") else {
            return;
        };
        if let Some(anchor) = text
            .strip_prefix('#')
            .and_then(|name| self.anchors.get(name))
        {
            *text = anchor.pointer.to_reference();
        }
        let pointer = Pointer::from_reference(text);
        self.record_target(kind, pointer);
    }

    /// Records a pointer for look-up.
    pub(super) fn record_target(&mut self, kind: ObjectKind, pointer: Option<Pointer>) {
        if let Some(pointer) = pointer
            && !is_in_section(kind, &pointer)
        {
            self.wanted.insert((kind, pointer));
        }
    }
}

/// Returns `true` if a pointer refers to an entry of `components` or `paths` that is looked up there.
fn is_in_section(kind: ObjectKind, pointer: &Pointer) -> bool {
    let mut tokens = pointer.as_str().split('/').skip(1);
    let head = (tokens.next(), tokens.next(), tokens.next(), tokens.next());
    match head {
        (Some("components"), section, Some(_), None) => section == kind.section(),
        (Some("paths" | "webhooks"), Some(_), None, None) => kind == ObjectKind::PathItem,
        _ => false,
    }
}

/// Returns `true` if an object is looked up by pointer: as the target of a `$ref`, or an operation
/// that `openapiv3` has no field for.
pub(super) fn is_looked_up(kind: ObjectKind) -> bool {
    kind.section().is_some() || kind == ObjectKind::Operation
}
