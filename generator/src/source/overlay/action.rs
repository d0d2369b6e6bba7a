//! One action of an overlay (Overlay Specification 1.1, section 4.4.3).

use serde_json::{Map, Value};

use super::super::file_limits::{MAX_DEPTH, MAX_VALUES};
use super::places::Places;
use super::query::Query;
use crate::diagnostic::{Code, FileId, code};
use crate::output_limits::Room;
use crate::pointer::Pointer;

/// A parsed action.
pub(super) struct Action {
    /// Its location in the overlay.
    pub(super) at: Pointer,
    target: Query,
    change: Change,
}

enum Change {
    Remove,
    Update(Value),
    Copy(Query),
}

/// The reason why an action cannot be applied.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// The node of the overlay; `None` for the target of the action.
    pub(super) at: Option<Pointer>,
}

impl Fault {
    fn new(code: Code, message: impl Into<String>, help: &'static str) -> Self {
        Self {
            code,
            message: message.into(),
            help,
            at: None,
        }
    }

    fn at(self, at: Pointer) -> Self {
        Self {
            at: Some(at),
            ..self
        }
    }
}

const INCOMPATIBLE: &str = "remove the node in an action of its own, and add the new value after";

impl Action {
    /// Parses an action. The error has the faulty member, a message and a help.
    pub(super) fn read(
        members: &Map<String, Value>,
        at: Pointer,
    ) -> Result<Self, (&'static str, String, &'static str)> {
        let target = query(members, "target")?.ok_or((
            "target",
            "the action has no `target`".to_owned(),
            "write the node that changes, such as `target: $.paths['/pets'].get`",
        ))?;
        let remove = match members.get("remove") {
            None => false,
            Some(Value::Bool(remove)) => *remove,
            Some(_) => {
                let message = "`remove` has to be `true` or `false`".to_owned();
                return Err(("remove", message, "write `remove: true`"));
            }
        };
        let change = match (remove, members.get("update"), query(members, "copy")?) {
            (true, _, _) => Change::Remove,
            (false, Some(update), _) => Change::Update(update.clone()),
            (false, None, Some(copy)) => Change::Copy(copy),
            (false, None, None) => {
                let message = "this action changes nothing".to_owned();
                return Err(("target", message, "add `update`, `copy` or `remove: true`"));
            }
        };
        Ok(Self { at, target, change })
    }

    /// Applies the action to the document.
    pub(super) fn apply(
        &self,
        document: &mut Value,
        file: FileId,
        places: &mut Places,
        room: &Room,
    ) -> Result<(), Fault> {
        let targets = select(&self.target, document)?;
        if targets.is_empty() {
            return Err(Fault::new(
                code::OVERLAY_TARGET,
                "the target selects nothing in the document",
                "correct the path, or remove the action if the document has changed",
            ));
        }
        let (value, origin) = match &self.change {
            Change::Remove => {
                // From the end, so that the indices of the remaining targets stay valid.
                for target in targets.iter().rev() {
                    remove(document, target, places)?;
                }
                return Ok(());
            }
            Change::Update(value) => (value.clone(), (file, self.at.child("update"))),
            Change::Copy(source) => self.source(source, document, places)?,
        };
        if room.take_copies(&value, targets.len()).is_none() {
            let message = format!("the overlay adds more than {MAX_VALUES} values");
            let help = "select fewer targets, or add the value once and refer to it with `$ref`";
            return Err(Fault::new(code::TOO_LARGE, message, help).at(self.at.clone()));
        }
        for target in &targets {
            let Some(node) = document.pointer_mut(target.as_str()) else {
                continue;
            };
            merge(node, value.clone(), target, &origin, places)
                .map_err(|fault| fault.at(self.at.clone()))?;
        }
        Ok(())
    }

    /// Returns the node to copy, and its origin.
    fn source(
        &self,
        source: &Query,
        document: &Value,
        places: &Places,
    ) -> Result<(Value, (FileId, Pointer)), Fault> {
        let found = select(source, document)?;
        let [only] = found.as_slice() else {
            return Err(Fault::new(
                code::OVERLAY_TARGET,
                format!("`copy` selects {} nodes, not one", found.len()),
                "write a path that selects one node",
            )
            .at(self.at.child("copy")));
        };
        let value = document.pointer(only.as_str()).cloned();
        let origin = places.find(only).unwrap_or((FileId(0), only.clone()));
        Ok((value.unwrap_or_default(), origin))
    }
}

/// Parses a member that is a JSONPath query (RFC 9535).
fn query(
    members: &Map<String, Value>,
    key: &'static str,
) -> Result<Option<Query>, (&'static str, String, &'static str)> {
    const HELP: &str = "write a JSONPath such as `$.paths['/pets'].get` (RFC 9535)";
    match members.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => match Query::parse(text) {
            Ok(query) => Ok(Some(query)),
            Err(message) => Err((key, format!("`{key}` {message}"), HELP)),
        },
        Some(_) => Err((key, format!("`{key}` has to be a string"), HELP)),
    }
}

/// Returns the nodes that a query selects, without duplicates, in document order.
fn select(query: &Query, document: &Value) -> Result<Vec<Pointer>, Fault> {
    query.select(document).ok_or_else(|| {
        Fault::new(
            code::TOO_LARGE,
            "the query visits too many nodes, or the same nodes in too many ways",
            "write the names on the way to the node instead of `..`, and each name once",
        )
    })
}

fn remove(document: &mut Value, target: &Pointer, places: &mut Places) -> Result<(), Fault> {
    let (Some(parent), Some(token)) = (target.parent(), target.last()) else {
        return Err(Fault::new(
            code::INVALID_OVERLAY,
            "the whole document cannot be removed",
            "select a part of the document",
        ));
    };
    match document.pointer_mut(parent.as_str()) {
        Some(Value::Object(map)) => {
            map.shift_remove(&token);
            places.forget(target);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
                places.remove_item(&parent, index, items.len() + 1);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Merges a value into a node, as the specification defines for `update`.
// As deep as the value is nested, which the reader and `fits` limit.
fn merge(
    node: &mut Value,
    update: Value,
    at: &Pointer,
    origin: &(FileId, Pointer),
    places: &mut Places,
) -> Result<(), Fault> {
    let below = |token: &str| (origin.0, origin.1.child(token));
    match (node, update) {
        (Value::Object(map), Value::Object(update)) => {
            for (key, value) in update {
                let (at, origin) = (at.child(&key), below(&key));
                if let Some(member) = map.get_mut(&key) {
                    merge(member, value, &at, &origin, places)?;
                } else {
                    fits(&at, &value)?;
                    map.insert(key, value);
                    places.set(&at, origin.0, origin.1);
                }
            }
            Ok(())
        }
        (Value::Array(items), Value::Array(update)) => {
            for (index, item) in update.into_iter().enumerate() {
                let (at, origin) = (at.child(items.len()), below(&index.to_string()));
                fits(&at, &item)?;
                places.set(&at, origin.0, origin.1);
                items.push(item);
            }
            Ok(())
        }
        (Value::Array(items), item) => {
            let at = at.child(items.len());
            fits(&at, &item)?;
            places.set(&at, origin.0, origin.1.clone());
            items.push(item);
            Ok(())
        }
        (Value::Object(_), _) => Err(incompatible(at, "an object", "is not")),
        (_, Value::Object(_) | Value::Array(_)) => {
            Err(incompatible(at, "a single value", "is an object or a list"))
        }
        (node, update) => {
            *node = update;
            places.set(at, origin.0, origin.1.clone());
            Ok(())
        }
    }
}

/// Checks that the document stays within the depth limit of documents, because each action can add
/// to what earlier ones added.
fn fits(at: &Pointer, value: &Value) -> Result<(), Fault> {
    let mut deepest = 0;
    let mut queue = vec![(value, at.tokens().count())];
    while let Some((value, above)) = queue.pop() {
        let depth = above + usize::from(value.is_object() || value.is_array());
        deepest = deepest.max(depth);
        match value {
            Value::Object(map) => queue.extend(map.values().map(|value| (value, depth))),
            Value::Array(items) => queue.extend(items.iter().map(|value| (value, depth))),
            _ => {}
        }
    }
    if deepest <= MAX_DEPTH {
        return Ok(());
    }
    let message = format!("this makes the document deeper than {MAX_DEPTH} levels");
    let help = "add the inner parts to `components` and refer to them with `$ref`";
    Err(Fault::new(code::TOO_DEEP, message, help))
}

fn incompatible(at: &Pointer, node: &str, update: &str) -> Fault {
    let message = format!("`#{at}` is {node}, and the update {update}");
    Fault::new(code::INVALID_OVERLAY, message, INCOMPATIBLE)
}
