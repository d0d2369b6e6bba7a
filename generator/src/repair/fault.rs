//! A fault with the remedies that were tried.

use serde_json::Value;

use super::edit::Moved;
use crate::diagnostic::{Diagnostic, Edit, Remedy};
use crate::pointer::Pointer;

/// A repaired fault.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) error: Diagnostic,
    pub(super) remedy: Remedy,
    /// The node of the error, or `None` if it no longer exists.
    pub(super) at: Option<Pointer>,
    /// The edited nodes, `None` if they no longer exist, each with its parent.
    pub(super) touched: Vec<(Option<Pointer>, Pointer)>,
}

impl Fault {
    pub(super) fn new(error: Diagnostic, remedy: Remedy, at: Option<Pointer>) -> Self {
        let pointers = remedy.edits.iter().map(Edit::pointer);
        let touched = pointers.map(|at| (Some(at.clone()), at.parent().unwrap_or_default()));
        let touched = touched.collect();
        Self {
            error,
            remedy,
            at,
            touched,
        }
    }

    /// Returns `true` if another remedy removes or replaces everything that was edited here.
    pub(super) fn is_covered_by(&self, remedy: &Remedy, document: &Value) -> bool {
        let is_gone = |node: &Pointer, edit: &Edit| {
            let Some(way) = node
                .strip_prefix(edit.pointer())
                .filter(|_| node.is_within(edit.pointer()))
            else {
                return false;
            };
            match edit {
                Edit::Remove(_) => true,
                // An edit that only adds to a list or object keeps the node.
                Edit::Set(_, new) => new.pointer(way.as_str()) != document.pointer(node.as_str()),
            }
        };
        !self.touched.is_empty()
            && self.touched.iter().all(|(at, holder)| {
                let node = at.as_ref().unwrap_or(holder);
                remedy.edits.iter().any(|edit| is_gone(node, edit))
            })
    }

    /// Returns `true` if a diagnostic at a node may result from the edits of this fault.
    pub(super) fn may_cause(&self, node: &Pointer) -> bool {
        self.at.as_ref() == Some(node)
            || self.touched.iter().any(|(at, holder)| {
                node == holder || at.as_ref().is_some_and(|at| node.is_within(at))
            })
    }

    /// Updates the pointers of moved nodes.
    pub(super) fn moved(&mut self, moved: &dyn Moved) {
        let follow = |at: &mut Option<Pointer>| {
            if let Some(node) = at.as_ref().filter(|at| at.is_within(moved.below())) {
                *at = moved.moved(node);
            }
        };
        follow(&mut self.at);
        for (at, holder) in &mut self.touched {
            follow(at);
            if holder.is_within(moved.below())
                && let Some(moved) = moved.moved(holder)
            {
                *holder = moved;
            }
        }
    }
}
