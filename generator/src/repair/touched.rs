//! Which faults have changed a part of the document.

use std::collections::HashMap;

use super::Fault;
use crate::pointer::Pointer;

/// The faults by the nodes that they are about, and by those that hold them.
///
/// A node can have left the part that it is found by: who asks looks at the fault itself.
#[derive(Debug, Default)]
pub(super) struct Touched(HashMap<Pointer, Vec<usize>>);

impl Touched {
    /// Notes where the nodes of a fault stand now.
    pub(super) fn note(&mut self, index: usize, fault: &Fault) {
        let changed = fault.touched.iter();
        let changed = changed.flat_map(|(at, holder)| at.iter().chain([holder]));
        for node in fault.at.iter().chain(changed) {
            for holder in std::iter::successors(Some(node.clone()), Pointer::parent) {
                let faults = self.0.entry(holder).or_default();
                if faults.last() != Some(&index) {
                    faults.push(index);
                }
            }
        }
    }

    /// Returns the faults with a node at or below one of some nodes, in their order.
    pub(super) fn within<'p>(&self, nodes: impl Iterator<Item = &'p Pointer>) -> Vec<usize> {
        let mut found: Vec<usize> = nodes
            .filter_map(|node| self.0.get(node))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
