//! Breaks circles of aliases and union branches: reading such a type would recurse without
//! consuming input.
//!
//! After this pass, aliases, newtypes and branches can be followed without a guard: every cycle of
//! types contains a struct, list, map or tuple.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Location, code};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::lowering::Lowering;
use super::type_draft::{ShapeDraft, TypeDraft, UnionDraft};
use super::types::{TypeId, Types};

/// A type on the path of the search.
struct Step {
    ty: TypeId,
    /// The types that are read from the same value, with the index of the branch.
    next: Vec<(usize, TypeId)>,
    /// The number of those already visited.
    seen: usize,
}

impl Step {
    /// Returns the index of the current branch.
    fn branch(&self) -> usize {
        let last = self
            .seen
            .checked_sub(1)
            .and_then(|last| self.next.get(last));
        last.map_or(0, |(branch, _)| *branch)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

impl Lowering<'_, '_> {
    /// Removes branches that refer back to their own union, and replaces circular aliases by any
    /// JSON value.
    pub(super) fn break_circles(&mut self) {
        let mut states = HashMap::new();
        let ids: Vec<TypeId> = self.types.iter().map(|(id, _)| id).collect();
        for start in ids {
            let mut way = Vec::new();
            if !states.contains_key(&start) {
                self.enter(start, &mut states, &mut way);
            }
            // No recursion, since a chain of aliases may have any length.
            while let Some(step) = way.last_mut() {
                let Some((_, next)) = step.next.get(step.seen).copied() else {
                    states.insert(step.ty, State::Done);
                    way.pop();
                    continue;
                };
                step.seen += 1;
                match states.get(&next) {
                    None => self.enter(next, &mut states, &mut way),
                    Some(State::Open) => {
                        let first = way.iter().position(|step| step.ty == next);
                        let cut = self.cut(&way, first.unwrap_or_default());
                        for step in way.drain(cut..) {
                            states.remove(&step.ty);
                        }
                        // The modified type is searched again.
                        let again = way.pop().map_or(start, |step| step.ty);
                        self.enter(again, &mut states, &mut way);
                    }
                    _ => {}
                }
            }
        }
    }

    fn enter(&self, ty: TypeId, states: &mut HashMap<TypeId, State>, way: &mut Vec<Step>) {
        let Some(def) = self.types.get(ty) else {
            return;
        };
        states.insert(ty, State::Open);
        way.push(Step {
            ty,
            next: same_value(def, &self.types),
            seen: 0,
        });
    }

    /// Breaks the circle that begins at the step `first`. Returns the number of steps to keep; the
    /// last of them is the modified type.
    fn cut(&mut self, way: &[Step], first: usize) -> usize {
        let circle = way.iter().enumerate().skip(first);
        let is_union = |ty: TypeId| {
            let def = self.types.get(ty);
            def.is_some_and(|def| matches!(def.shape, ShapeDraft::Union(_)))
        };
        // Prefer to modify a union: it has other branches, but an alias has no other content.
        let mut unions = circle.rev().filter(|(_, step)| is_union(step.ty));
        let union = unions.next();
        let is_alone = unions.next().is_none();
        let kept = union.map_or(way.len().saturating_sub(1), |(at, _)| at);
        let Some(step) = way.get(kept) else { return 0 };
        let (ty, branch) = (step.ty, step.branch());
        let place = self.place_of(ty);
        let mut is_empty = true;
        if let Some(def) = self.types.get_mut(ty)
            && let ShapeDraft::Union(UnionDraft { variants, .. }) = &mut def.shape
            && branch < variants.len()
        {
            variants.remove(branch);
            is_empty = variants.is_empty();
            let source = self
                .unions
                .iter_mut()
                .find(|source| source.path == def.path);
            let source = source.filter(|source| branch < source.variants.len());
            let schemas = source.map(|source| source.variants.remove(branch));
            let schemas = schemas.unwrap_or_default();
            let places = schemas.iter().map(|branch| branch.node.pointer());
            self.circular.branches.extend(places.cloned());
            self.circular.unions.insert(def.path.clone());
            let first = schemas.first();
            let at = first
                .map(|branch| Location::from(branch.node.pointer()))
                .or_else(|| Some(place.as_ref()?.key()));
            let name = def.path.name.as_str().to_owned();
            self.findings.push(own_branch(&name, at, is_alone));
        }
        if is_empty {
            self.widen(ty, place.as_ref());
        }
        kept + 1
    }

    /// Replaces a type by any JSON value.
    fn widen(&mut self, ty: TypeId, at: Option<&Pointer>) {
        let json = match at {
            Some(at) => self.lower_any(at, "the schema refers only to itself"),
            None => Type::Json,
        };
        if let Some(def) = self.types.get_mut(ty) {
            def.shape = ShapeDraft::Alias(json);
            let name = def.path.name.as_str();
            let message = format!("schema `{name}` refers only to itself");
            let at = at.map_or_else(|| Pointer::root().into(), Pointer::key);
            self.findings.push(
                Diagnostic::warning(code::TYPE_WIDENED, at, message)
                    .label("becomes any JSON value")
                    .help("write a `type`, or refer to a schema that does not refer back"),
            );
        }
    }

    /// Returns the pointer to the schema of a type, if the type has a name.
    fn place_of(&self, ty: TypeId) -> Option<Pointer> {
        let path = &self.types.get(ty)?.path;
        self.types.schema_of(path).cloned()
    }
}

/// Returns the warning for a removed branch; `is_alone` is true if the circle contains no other
/// union.
fn own_branch(name: &str, at: Option<Location>, is_alone: bool) -> Diagnostic {
    let message = format!("the branch refers back to `{name}`, which contains it");
    let at = at.unwrap_or_else(|| Pointer::root().into());
    Diagnostic::warning(code::CIRCULAR_REFERENCE, at, message)
        .label(if is_alone {
            "adds nothing, and is left out"
        } else {
            "the branch is left out: values that match only this branch are read as JSON and cannot be sent"
        })
        .help("remove the branch, or write it as the schema of a property")
}

/// Returns the declared types that are read from the same value as a type, each with the index of
/// its branch.
fn same_value(def: &TypeDraft, declared: &Types) -> Vec<(usize, TypeId)> {
    let types = match &def.shape {
        ShapeDraft::Struct(_) => Vec::new(),
        shape => shape.members(),
    };
    let ids = types.into_iter().map(|mut ty| {
        while let Type::Option(inner) | Type::Box(inner) = ty {
            ty = inner;
        }
        match ty {
            Type::Named(path) => declared.id(path),
            _ => None,
        }
    });
    let numbered = (0..).zip(ids);
    numbered
        .filter_map(|(branch, id)| Some((branch, id?)))
        .collect()
}
