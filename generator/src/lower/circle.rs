//! Breaks circles of aliases and union branches: reading such a type would recurse without
//! consuming input.
//!
//! After this pass, aliases, newtypes and branches can be followed without a guard: every cycle of
//! types contains a struct, list, map or tuple.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Location, code};
use crate::ir::{Shape, Type, TypeDef, TypePath, Union};
use crate::pointer::Pointer;

use super::Lowering;

/// The branches that were removed because they refer back to their own union.
#[derive(Default)]
pub(crate) struct Circular {
    /// The branches, by pointer.
    pub branches: HashSet<Pointer>,
    /// The unions that lost a branch.
    pub unions: HashSet<TypePath>,
}

/// A type on the path of the search.
struct Step {
    position: usize,
    /// The types that are read from the same value, with the index of the branch.
    next: Vec<(usize, usize)>,
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
    New,
    Open,
    Done,
}

impl Lowering<'_, '_> {
    /// Removes branches that refer back to their own union, and replaces circular aliases by any
    /// JSON value.
    pub(super) fn break_circles(&mut self) {
        let index: HashMap<TypePath, usize> = self
            .types
            .iter()
            .map(|def| def.path.clone())
            .zip(0..)
            .collect();
        let mut states = vec![State::New; self.types.len()];
        for start in 0..self.types.len() {
            let mut way = Vec::new();
            if states.get(start) == Some(&State::New) {
                self.enter(start, &index, &mut states, &mut way);
            }
            // No recursion, since a chain of aliases may have any length.
            while let Some(step) = way.last_mut() {
                let Some((_, next)) = step.next.get(step.seen).copied() else {
                    set(&mut states, step.position, State::Done);
                    way.pop();
                    continue;
                };
                step.seen += 1;
                match states.get(next) {
                    Some(State::New) => self.enter(next, &index, &mut states, &mut way),
                    Some(State::Open) => {
                        let first = way.iter().position(|step| step.position == next);
                        let cut = self.cut(&way, first.unwrap_or_default());
                        for step in way.drain(cut..) {
                            set(&mut states, step.position, State::New);
                        }
                        // The modified type is searched again.
                        let again = way.pop().map_or(start, |step| step.position);
                        self.enter(again, &index, &mut states, &mut way);
                    }
                    _ => {}
                }
            }
        }
    }

    fn enter(
        &self,
        position: usize,
        index: &HashMap<TypePath, usize>,
        states: &mut [State],
        way: &mut Vec<Step>,
    ) {
        let Some(def) = self.types.get(position) else {
            return;
        };
        set(states, position, State::Open);
        way.push(Step {
            position,
            next: same_value(def, index),
            seen: 0,
        });
    }

    /// Breaks the circle that begins at the step `first`. Returns the number of steps to keep; the
    /// last of them is the modified type.
    fn cut(&mut self, way: &[Step], first: usize) -> usize {
        let circle = way.iter().enumerate().skip(first);
        let is_union = |position: usize| {
            let def = self.types.get(position);
            def.is_some_and(|def| matches!(def.shape, Shape::Union(_)))
        };
        // Prefer to modify a union: it has other branches, but an alias has no other content.
        let mut unions = circle.rev().filter(|(_, step)| is_union(step.position));
        let union = unions.next();
        let is_alone = unions.next().is_none();
        let kept = union.map_or(way.len().saturating_sub(1), |(at, _)| at);
        let Some(step) = way.get(kept) else { return 0 };
        let (position, branch) = (step.position, step.branch());
        let place = self.place_of(position);
        let mut is_empty = true;
        if let Some(def) = self.types.get_mut(position)
            && let Shape::Union(Union { variants, .. }) = &mut def.shape
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
            self.diagnostics.push(own_branch(&name, at, is_alone));
        }
        if is_empty {
            self.widen(position, place.as_ref());
        }
        kept + 1
    }

    /// Replaces a type by any JSON value.
    fn widen(&mut self, position: usize, at: Option<&Pointer>) {
        let json = match at {
            Some(at) => self.lower_any(at, "the schema consists only of itself"),
            None => Type::Json,
        };
        if let Some(def) = self.types.get_mut(position) {
            def.shape = Shape::Alias(json);
            let name = def.path.name.as_str();
            let message = format!("schema `{name}` consists only of itself");
            let at = at.map_or_else(|| Pointer::root().into(), Pointer::key);
            self.diagnostics.push(
                Diagnostic::warning(code::TYPE_WIDENED, at, message)
                    .label("becomes any JSON value")
                    .help("write a `type`, or refer to a schema that does not refer back"),
            );
        }
    }

    /// Returns the pointer to the schema of a type, if the type has a name.
    fn place_of(&self, position: usize) -> Option<Pointer> {
        let path = &self.types.get(position)?.path;
        let places = self.by_pointer.iter().filter(|(_, other)| *other == path);
        places.map(|(at, _)| at.clone()).min()
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
            "left out: a value that only this branch allows is kept as JSON, and cannot be sent"
        })
        .help("remove the branch, or write it as the schema of a property")
}

fn set(states: &mut [State], position: usize, state: State) {
    if let Some(known) = states.get_mut(position) {
        *known = state;
    }
}

/// Returns the declared types that are read from the same value as a type, each with the index of
/// its branch.
fn same_value(def: &TypeDef, index: &HashMap<TypePath, usize>) -> Vec<(usize, usize)> {
    let types: Vec<&Type> = match &def.shape {
        Shape::Union(Union { variants, .. }) => {
            variants.iter().map(|variant| &variant.ty).collect()
        }
        Shape::Alias(ty) | Shape::Newtype(ty) => vec![ty],
        Shape::Struct(_) | Shape::Enum(_) => Vec::new(),
    };
    let declared = types.into_iter().map(|mut ty| {
        while let Type::Option(inner) | Type::Box(inner) = ty {
            ty = inner;
        }
        match ty {
            Type::Named(path) => index.get(path).copied(),
            _ => None,
        }
    });
    let numbered = (0..).zip(declared);
    numbered
        .filter_map(|(branch, position)| Some((branch, position?)))
        .collect()
}
