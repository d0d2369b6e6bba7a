//! Finds the operations that depend on a part of the document.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::bundle::references;
use crate::diagnostic::Remedy;
use crate::pointer::Pointer;
use crate::spec::{ObjectKind, type_at};

/// Maximum number of operations named for one fault.
const MOST_NAMED: usize = 20;

/// The operations that depend on a part.
#[derive(Clone, Debug, Default)]
struct Affected {
    /// The first operations, as `GET /pets`, ordered by name.
    named: Vec<String>,
    /// The total number of operations.
    count: usize,
}

/// Maximum number of parts visited for all faults of a pass.
const MOST_VISITS: usize = 200_000;

/// The reverse references of a document: for each part, the parts that refer to it.
///
/// A part is a component, an operation, or a node outside of both.
#[derive(Debug)]
pub(super) struct Dependents {
    users: HashMap<Pointer, HashSet<Pointer>>,
    /// The operations of each path.
    operations: HashMap<Pointer, Vec<Pointer>>,
    /// The results so far, by part.
    known: HashMap<Pointer, Affected>,
    visits: usize,
}

impl Dependents {
    pub(super) fn new(document: &Value) -> Self {
        let mut users: HashMap<Pointer, HashSet<Pointer>> = HashMap::new();
        for (at, target) in references(document) {
            users.entry(part(&target)).or_default().insert(part(&at));
        }
        let mut operations: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
        let paths = document.get("paths").and_then(Value::as_object);
        let root = Pointer::root().child("paths");
        for (path, item) in paths.into_iter().flatten() {
            let at = root.child(path);
            let keys = item.as_object().into_iter().flatten().map(|(key, _)| key);
            let methods = keys.map(|key| at.child(key));
            let methods = methods.filter(|at| type_at(at).kind() == Some(ObjectKind::Operation));
            operations.insert(at.clone(), methods.collect());
        }
        Self {
            users,
            operations,
            known: HashMap::new(),
            visits: 0,
        }
    }

    /// Adds the operations that depend on a node to a remedy.
    pub(super) fn tell(&mut self, at: &Pointer, remedy: &mut Remedy) {
        let Affected { named, count } = self.affected(at);
        remedy.affected = named;
        remedy.affected_count = count;
    }

    /// Returns the operations that depend on a node.
    ///
    /// The result may be incomplete if there are too many faults in too many parts.
    fn affected(&mut self, at: &Pointer) -> Affected {
        let start = part(at);
        if let Some(known) = self.known.get(&start) {
            return known.clone();
        }
        let mut seen = HashSet::new();
        let mut queue = vec![&start];
        let mut found: Vec<String> = Vec::new();
        while let Some(next) = queue.pop().filter(|_| self.visits < MOST_VISITS) {
            if !seen.insert(next) {
                continue;
            }
            self.visits += 1;
            if type_at(next).kind() == Some(ObjectKind::Operation) {
                found.extend(name(next));
            }
            queue.extend(self.operations.get(next).into_iter().flatten());
            queue.extend(self.users.get(next).into_iter().flatten());
        }
        found.sort();
        found.dedup();
        let count = found.len();
        found.truncate(MOST_NAMED);
        let affected = Affected {
            named: found,
            count,
        };
        self.known.insert(start, affected.clone());
        affected
    }
}

/// Returns the component, operation or path item that contains a node.
fn part(at: &Pointer) -> Pointer {
    let tokens: Vec<String> = at.tokens().collect();
    let parts: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let root = Pointer::root();
    match parts.as_slice() {
        ["components", section, name, ..] => root.below(&["components", section, name]),
        ["paths", path, key, ..] => {
            let operation = root.below(&["paths", path, key]);
            match type_at(&operation).kind() {
                Some(ObjectKind::Operation) => operation,
                _ => root.below(&["paths", path]),
            }
        }
        _ => at.clone(),
    }
}

fn name(operation: &Pointer) -> Option<String> {
    let path = operation.parent()?.last()?;
    Some(format!("{} {path}", operation.last()?.to_uppercase()))
}
