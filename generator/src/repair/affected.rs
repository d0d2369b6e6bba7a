//! The operations that depend on a part of the document.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::bundle::grammar::{Kind, shape_at};
use crate::bundle::references;
use crate::pointer::Pointer;

/// So many operations are named for one fault.
const MOST_NAMED: usize = 20;

/// So many parts are visited for all faults of a pass.
const MOST_VISITS: usize = 200_000;

/// The references of a document, from each part to those that refer to it.
///
/// A part is a component, an operation, or what stands outside of both.
#[derive(Debug)]
pub(super) struct Dependents {
    users: HashMap<Pointer, HashSet<Pointer>>,
    /// The operations of each path.
    operations: HashMap<Pointer, Vec<Pointer>>,
    /// The operations that depend on each part, as far as they were asked for.
    known: HashMap<Pointer, Vec<String>>,
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
            let methods = methods.filter(|at| shape_at(at).kind() == Some(Kind::Operation));
            operations.insert(at.clone(), methods.collect());
        }
        Self {
            users,
            operations,
            known: HashMap::new(),
            visits: 0,
        }
    }

    /// Returns the operations that depend on a node, as `GET /pets`, in the order of their names.
    ///
    /// Where very many faults are in very many parts, some are not found.
    pub(super) fn of(&mut self, at: &Pointer) -> Vec<String> {
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
            if shape_at(next).kind() == Some(Kind::Operation) {
                found.extend(name(next));
            }
            queue.extend(self.operations.get(next).into_iter().flatten());
            queue.extend(self.users.get(next).into_iter().flatten());
        }
        found.sort();
        found.dedup();
        found.truncate(MOST_NAMED);
        self.known.insert(start, found.clone());
        found
    }
}

/// Returns the component, operation or path item that holds a node.
fn part(at: &Pointer) -> Pointer {
    let tokens: Vec<String> = at.tokens().collect();
    let parts: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let root = Pointer::root();
    match parts.as_slice() {
        ["components", section, name, ..] => root.below(&["components", section, name]),
        ["paths", path, key, ..] => {
            let operation = root.below(&["paths", path, key]);
            match shape_at(&operation).kind() {
                Some(Kind::Operation) => operation,
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
