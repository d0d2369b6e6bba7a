//! Follows references in a faulty document.

use serde_json::Value;

use super::index::Index;
use crate::bundle::local_target;
use crate::pointer::Pointer;
use crate::spec::{ObjectKind, type_at};

/// Maximum length of a chain of references.
const MOST_HOPS: usize = 100;

/// Returns a node after following its references.
pub(super) fn behind<'v>(document: &'v Value, node: &'v Value) -> Option<&'v Value> {
    let mut node = node;
    for _ in 0..MOST_HOPS {
        let Some(text) = node.get("$ref").and_then(Value::as_str) else {
            return Some(node);
        };
        let target = local_target(text)?;
        node = document.pointer(target.as_str())?;
    }
    None
}

/// Returns the operations and path items whose parameters refer to a component.
pub(super) fn operations_with(document: &Index<'_>, component: &Pointer) -> Vec<Pointer> {
    let found = document.references_to(component).iter();
    let mut holders: Vec<Pointer> = found
        .filter_map(|at| at.parent()?.parent())
        .filter(|holder| {
            matches!(
                type_at(holder).kind(),
                Some(ObjectKind::Operation | ObjectKind::PathItem)
            )
        })
        .collect();
    holders.dedup();
    holders
}
