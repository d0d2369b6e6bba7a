//! The document as the rules see it: as written, before the walk has checked its types.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::bundle::MAX_HOPS;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::pointer::Pointer;
use crate::spec::METHODS;

/// The document, and what the rules have found so far.
pub(super) struct Rules<'v, 'd> {
    pub(super) root: &'v Value,
    pub(super) diagnostics: &'d mut Diagnostics,
    /// The first use of each operationId, with its tag.
    pub(super) operation_ids: HashMap<&'v str, (Pointer, Option<&'v str>)>,
    /// The pointers to each `in` that is to be read as `path`.
    pub(super) locations_to_correct: Vec<Pointer>,
    /// The scopes already reported, with their schemes.
    pub(super) unknown_scopes: HashSet<(String, String)>,
}

/// An operation with its context.
pub(super) struct Operation<'v> {
    pub(super) method: &'v str,
    pub(super) pointer: Pointer,
    pub(super) value: &'v Map<String, Value>,
}

/// A parameter after following its `$ref`.
pub(super) struct Parameter<'v> {
    pub(super) name: &'v str,
    pub(super) location: &'v str,
    pub(super) value: &'v Value,
    pub(super) pointer: Pointer,
}

impl<'v> Rules<'v, '_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Returns the value and pointer after following any number of `$ref`s.
    pub(super) fn follow(
        &self,
        value: &'v Value,
        pointer: Pointer,
    ) -> Option<(&'v Value, Pointer)> {
        let (mut value, mut pointer) = (value, pointer);
        for _ in 0..=MAX_HOPS {
            let Some(text) = value.get("$ref").and_then(Value::as_str) else {
                return Some((value, pointer));
            };
            pointer = Pointer::from_reference(text)?;
            value = self.root.pointer(pointer.as_str())?;
        }
        None
    }

    /// Returns the parameters of a list, with `$ref`s followed.
    pub(super) fn parameters_of(&self, list: Option<&'v Value>) -> impl Iterator<Item = &'v Value> {
        let list = list.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|one| Some(self.follow(one, Pointer::root())?.0))
    }
}

/// Returns the operations of a path item.
pub(super) fn operations<'v>(item: &'v Value, pointer: &Pointer) -> Vec<Operation<'v>> {
    let map = item.as_object();
    let own = map.into_iter().flatten().filter_map(|(method, value)| {
        METHODS.contains(&method.as_str()).then_some(())?;
        Some((method, value, pointer.child(method)))
    });
    let additional = item.get("additionalOperations").and_then(Value::as_object);
    let at = pointer.child("additionalOperations");
    let additional = additional
        .into_iter()
        .flatten()
        .map(|(method, value)| (method, value, at.child(method)));
    own.chain(additional)
        .filter_map(|(method, value, pointer)| {
            Some(Operation {
                method,
                pointer,
                value: value.as_object()?,
            })
        })
        .collect()
}
