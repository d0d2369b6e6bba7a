//! Adds the `Box`es and newtypes that recursive types need (wire rule 11).

use std::collections::HashMap;

use crate::ir::{Type, TypePath};

use super::type_draft::{ShapeDraft, TypeDraft};
use super::types::{TypeId, Types};

/// Boxes each use of a type that would make a type contain itself.
pub(super) fn close(types: &mut Types) {
    open_aliases(types);
    for (from, to) in closing_edges(types, |def| targets(def, types, by_value)) {
        let target = types.get(to).map(|def| def.path.clone());
        if let (Some(def), Some(target)) = (types.get_mut(from), target) {
            for ty in def.shape.members_mut() {
                box_uses(ty, &target);
            }
        }
    }
}

/// Turns circular aliases into types: the alias that closes a circle becomes a newtype.
fn open_aliases(types: &mut Types) {
    let through_aliases = |def: &TypeDraft| match &def.shape {
        ShapeDraft::Alias(_) => targets(def, types, anywhere),
        _ => Vec::new(),
    };
    for (_, to) in closing_edges(types, through_aliases) {
        if let Some(def) = types.get_mut(to)
            && let ShapeDraft::Alias(ty) = &def.shape
        {
            def.shape = ShapeDraft::Newtype(ty.clone());
        }
    }
}

/// Returns the edges back to a type on the current path of a depth-first search in document order.
///
/// Without these edges, the graph has no cycle. An explicit stack is used, since a chain of types
/// can be longer than the thread's stack allows.
fn closing_edges(
    types: &Types,
    targets: impl Fn(&TypeDraft) -> Vec<TypeId>,
) -> Vec<(TypeId, TypeId)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Open,
        Done,
    }
    let mut states = HashMap::new();
    let mut closing = Vec::new();
    for (start, _) in types.iter() {
        let mut stack = vec![(start, None::<std::vec::IntoIter<TypeId>>)];
        while let Some((node, edges)) = stack.last_mut() {
            let node = *node;
            let Some(def) = types.get(node) else { break };
            let edges = match edges {
                Some(edges) => edges,
                None if states.contains_key(&node) => {
                    stack.pop();
                    continue;
                }
                None => {
                    states.insert(node, State::Open);
                    edges.insert(targets(def).into_iter())
                }
            };
            if let Some(next) = edges.next() {
                match states.get(&next) {
                    None => stack.push((next, None)),
                    Some(State::Open) if !closing.contains(&(node, next)) => {
                        closing.push((node, next));
                    }
                    _ => {}
                }
            } else {
                states.insert(node, State::Done);
                stack.pop();
            }
        }
    }
    closing
}

/// Returns the declared types in a definition, including those within the types that `descend`
/// returns.
fn targets(def: &TypeDraft, types: &Types, descend: fn(&Type) -> Vec<&Type>) -> Vec<TypeId> {
    let mut found = Vec::new();
    let mut queue: Vec<&Type> = def.shape.members();
    while let Some(ty) = queue.pop() {
        if let Type::Named(path) = ty {
            found.extend(types.id(path));
        }
        queue.extend(descend(ty));
    }
    found.reverse();
    found
}

/// Returns the types that a type contains without indirection.
fn by_value(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Option(inner) => vec![inner],
        Type::Tuple(types) => types.iter().collect(),
        _ => Vec::new(),
    }
}

/// Returns all types within a type.
fn anywhere(ty: &Type) -> Vec<&Type> {
    ty.parts().iter().collect()
}

fn box_uses(ty: &mut Type, target: &TypePath) {
    match ty {
        Type::Named(path) if path == target => {
            *ty = Type::Box(Box::new(ty.clone()));
        }
        Type::Option(inner) => box_uses(inner, target),
        Type::Tuple(types) => types.iter_mut().for_each(|ty| box_uses(ty, target)),
        _ => {}
    }
}
