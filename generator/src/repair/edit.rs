//! Makes one change of a document, and keeps the places of the nodes that move by it.

use std::cmp::Ordering;

use serde_json::Value;

use crate::diagnostic::{Edit, Remedy};
use crate::pointer::Pointer;
use crate::source::Sources;

/// Makes a change. Nothing happens where the node that holds the changed one is not there.
pub(super) fn apply(value: &mut Value, edit: &Edit, sources: &mut Sources) {
    let at = edit.pointer();
    let (Some(parent), Some(token)) = (at.parent(), at.last()) else {
        return;
    };
    match (value.pointer_mut(parent.as_str()), edit) {
        (Some(Value::Object(map)), Edit::Remove(_)) => {
            map.shift_remove(&token);
        }
        (Some(Value::Object(map)), Edit::Set(_, new)) => {
            map.insert(token, new.clone());
        }
        (Some(Value::Array(items)), Edit::Remove(_)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
                move_places(&parent, index, items.len(), sources);
            }
        }
        (Some(Value::Array(items)), Edit::Set(_, new)) => match token.parse::<usize>() {
            Ok(index) if index < items.len() => {
                if let Some(item) = items.get_mut(index) {
                    *item = new.clone();
                }
            }
            _ => items.push(new.clone()),
        },
        _ => {}
    }
}

/// The items after a removed one are where their neighbors were.
fn move_places(list: &Pointer, removed: usize, length: usize, sources: &mut Sources) {
    for index in removed..length {
        if let Some((file, pointer)) = sources.origin(&list.child(index + 1)) {
            sources.add_origin(list.child(index), file, pointer);
        }
    }
}

/// The order of remedies in a document, by the first node that each changes.
pub(super) fn order(one: &Remedy, other: &Remedy) -> Ordering {
    let key = |remedy: &Remedy| {
        let first = remedy.edits.first();
        first.map(|edit| edit.pointer().tokens().map(token_key).collect::<Vec<_>>())
    };
    key(one).cmp(&key(other))
}

/// An index is ordered as a number, so that item 10 comes after item 9.
fn token_key(token: String) -> (usize, String) {
    match token.parse::<usize>() {
        Ok(index) => (index, String::new()),
        Err(_) => (usize::MAX, token),
    }
}
