//! Overlay actions that apply a remedy to the user's own document.

use std::fmt::Write as _;

use serde_json::Value;

use crate::diagnostic::{Edit, FileId, OverlayAction};
use crate::internal_extensions::PREFIX;
use crate::pointer::Pointer;
use crate::source::Sources;

/// Returns the overlay actions for the edits of a remedy.
///
/// Empty if an edit is in another file than the root document, which an overlay cannot change.
pub(super) fn actions(document: &Value, edits: &[Edit], sources: &Sources) -> Vec<OverlayAction> {
    let actions = edits.iter().map(|edit| action(document, edit, sources));
    let actions: Option<Vec<Vec<OverlayAction>>> = actions.collect();
    actions.map(|actions| actions.concat()).unwrap_or_default()
}

fn action(document: &Value, edit: &Edit, sources: &Sources) -> Option<Vec<OverlayAction>> {
    let written = |at: &Pointer| {
        let holder = at.parent().and_then(|at| document.pointer(at.as_str()));
        let origin = if holder.is_some_and(Value::is_object) {
            sources.member(at)
        } else {
            sources.origin(at)
        };
        match origin? {
            (FileId(0), pointer) => Some(path(document, &pointer)),
            _ => None,
        }
    };
    let at = edit.pointer();
    let remove = || {
        let target = written(at)?;
        Some(OverlayAction {
            target,
            update: None,
        })
    };
    let Edit::Set(_, value) = edit else {
        return Some(vec![remove()?]);
    };
    let (parent, key) = (at.parent()?, at.last()?);
    if key.starts_with(PREFIX) {
        return Some(Vec::new());
    }
    let value = &without_marks(value);
    let holder = document.pointer(parent.as_str())?;
    let is_single = |value: &Value| !value.is_object() && !value.is_array();
    let known = document.pointer(at.as_str());
    if known.is_some_and(is_single) && is_single(value) {
        return Some(vec![OverlayAction {
            target: written(at)?,
            update: Some(value.clone()),
        }]);
    }
    let update = if holder.is_array() {
        // An overlay would concatenate a nested list with the list that contains it.
        match value {
            Value::Array(_) => return None,
            value => value.clone(),
        }
    } else {
        Value::Object([(key, value.clone())].into_iter().collect())
    };
    let add = OverlayAction {
        target: written(&parent)?,
        update: Some(update),
    };
    Some(match known {
        Some(_) => vec![remove()?, add],
        None => vec![add],
    })
}

/// Returns a value without the marks that are internal to the generator.
fn without_marks(value: &Value) -> Value {
    let mut value = value.clone();
    let mut queue = vec![&mut value];
    while let Some(value) = queue.pop() {
        match value {
            Value::Object(members) => {
                members.retain(|key, _| !key.starts_with(PREFIX));
                queue.extend(members.values_mut());
            }
            Value::Array(items) => queue.extend(items),
            _ => {}
        }
    }
    value
}

/// Returns the JSONPath of a node (RFC 9535). Names that are not plain are in brackets.
fn path(document: &Value, pointer: &Pointer) -> String {
    let mut path = "$".to_owned();
    let mut at = Pointer::root();
    for token in pointer.tokens() {
        let is_list = document.pointer(at.as_str()).is_some_and(Value::is_array);
        at = at.child(&token);
        let is_plain = token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_list {
            let _ = write!(path, "[{token}]");
        } else if is_plain {
            let _ = write!(path, ".{token}");
        } else {
            let _ = write!(path, "[{}]", quoted(&token));
        }
    }
    path
}

/// Returns a name in single quotes (RFC 9535, section 2.3.1.1).
fn quoted(name: &str) -> String {
    let mut quoted = "'".to_owned();
    for c in name.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => _ = write!(quoted, "\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "'"
}
