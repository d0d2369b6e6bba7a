//! Applies edits to a document, and tracks nodes that move.

use std::cmp::Ordering;
use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::diagnostic::{Edit, Remedy};
use crate::pointer::Pointer;
use crate::source::Sources;

/// An item that was removed from a list, which moves the items after it.
pub(super) struct Removed {
    pub(super) list: Pointer,
    pub(super) index: usize,
}

/// A change that moves nodes.
pub(super) trait Moved {
    /// Returns the node whose descendants may have moved.
    fn below(&self) -> &Pointer;

    /// Returns the new pointer of a descendant of that node, or `None` if it was removed.
    fn moved(&self, at: &Pointer) -> Option<Pointer>;
}

/// A member of an object that was renamed.
#[derive(PartialEq, Eq)]
pub(super) struct Renamed {
    pub(super) old: Pointer,
    pub(super) new: Pointer,
}

impl Moved for Renamed {
    fn below(&self) -> &Pointer {
        &self.old
    }

    fn moved(&self, at: &Pointer) -> Option<Pointer> {
        let way = at.strip_prefix(&self.old)?;
        Some(self.new.join(&way))
    }
}

impl Moved for Removed {
    fn below(&self) -> &Pointer {
        &self.list
    }

    fn moved(&self, at: &Pointer) -> Option<Pointer> {
        let Some(way) = at
            .strip_prefix(&self.list)
            .filter(|way| !way.as_str().is_empty())
        else {
            return Some(at.clone());
        };
        let mut tokens = way.tokens();
        let Some(index) = tokens.next().and_then(|token| token.parse::<usize>().ok()) else {
            return Some(at.clone());
        };
        match index.cmp(&self.index) {
            Ordering::Less => Some(at.clone()),
            Ordering::Equal => None,
            Ordering::Greater => {
                let item = self.list.child(index - 1);
                Some(tokens.fold(item, |at, token| at.child(token)))
            }
        }
    }
}

/// Applies an edit. Returns the list item that it removed, if any. Has no effect if the parent of
/// the edited node is missing.
pub(super) fn apply(value: &mut Value, edit: &Edit, sources: &mut Sources) -> Option<Removed> {
    let at = edit.pointer();
    let (parent, token) = (at.parent()?, at.last()?);
    match (value.pointer_mut(parent.as_str())?, edit) {
        (Value::Object(map), Edit::Remove(_)) => {
            map.shift_remove(&token);
        }
        (Value::Object(map), Edit::Set(_, new)) => {
            map.insert(token, new.clone());
        }
        (Value::Array(items), Edit::Remove(_)) => {
            let index = token.parse().ok().filter(|index| *index < items.len())?;
            items.remove(index);
            let removed = Removed {
                list: parent,
                index,
            };
            move_places(&removed, items.len(), sources);
            return Some(removed);
        }
        (Value::Array(items), Edit::Set(_, new)) => match token.parse::<usize>() {
            Ok(index) if index < items.len() => {
                if let Some(item) = items.get_mut(index) {
                    *item = new.clone();
                }
            }
            _ => items.push(new.clone()),
        },
        _ => {}
    }
    None
}

/// Returns the old and the new key if a remedy only renames a member of an object.
pub(super) fn renaming(remedy: &Remedy) -> Option<(&Pointer, &Pointer)> {
    match remedy.edits.as_slice() {
        [Edit::Remove(old), Edit::Set(new, _)]
            if old.parent().is_some() && old.parent() == new.parent() =>
        {
            Some((old, new))
        }
        _ => None,
    }
}

/// Renames members, keeping their order.
pub(super) fn rename(value: &mut Value, renamed: &[Renamed], sources: &mut Sources) {
    let mut by_holder: IndexMap<Pointer, HashMap<String, &Renamed>> = IndexMap::new();
    for renamed in renamed {
        if let (Some(holder), Some(key)) = (renamed.old.parent(), renamed.old.last()) {
            by_holder.entry(holder).or_default().insert(key, renamed);
        }
    }
    for (holder, renamed) in by_holder {
        let Some(Value::Object(map)) = value.pointer_mut(holder.as_str()) else {
            continue;
        };
        let mut done = Vec::new();
        let members: Map<String, Value> = std::mem::take(map)
            .into_iter()
            .map(|(key, value)| match renamed.get(&key) {
                Some(renamed) => {
                    done.push(*renamed);
                    (renamed.new.last().unwrap_or(key), value)
                }
                None => (key, value),
            })
            .collect();
        *map = members;
        for renamed in done {
            let Renamed { old, new } = renamed;
            let origin = sources.origin(old);
            sources.move_origins(old, |at| renamed.moved(at));
            if let Some((file, pointer)) = origin {
                sources.add_origin(new.clone(), file, pointer);
            }
        }
    }
}

/// Moves the source locations of the items after a removed one.
fn move_places(removed: &Removed, length: usize, sources: &mut Sources) {
    let Removed { list, index } = removed;
    let origins: Vec<_> = (*index..length)
        .map(|index| (index, sources.origin(&list.child(index + 1))))
        .collect();
    sources.move_origins(list, |at| removed.moved(at));
    for (index, origin) in origins {
        if let Some((file, pointer)) = origin {
            sources.add_origin(list.child(index), file, pointer);
        }
    }
}

/// Compares nodes by document order. Indexes are compared as numbers: item 10 is after item 9.
pub(super) fn order(one: &Pointer, other: &Pointer) -> Ordering {
    let key = |at: &Pointer| at.tokens().map(token_key).collect::<Vec<_>>();
    key(one).cmp(&key(other))
}

fn token_key(token: String) -> (usize, String) {
    match token.parse::<usize>() {
        Ok(index) => (index, String::new()),
        Err(_) => (usize::MAX, token),
    }
}
