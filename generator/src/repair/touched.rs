//! Finds the faults whose remedies have changed a part of the document.

use std::collections::HashMap;

use super::fault::Fault;
use crate::pointer::Pointer;

/// The faults, by the affected nodes and their ancestors.
///
/// A node may have moved out of an ancestor since, so callers check the fault itself.
#[derive(Debug, Default)]
pub(super) struct Touched(HashMap<Pointer, Vec<usize>>);

impl Touched {
    /// Records the current nodes of a fault.
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

    /// Returns the faults that affect one of the nodes or a descendant, in order.
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
