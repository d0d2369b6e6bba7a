//! The results of lowering beside the types and operations: diagnostics and untyped schemas.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::pointer::Pointer;

/// A schema whose type is any JSON value, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untyped {
    /// The schema.
    pub pointer: Pointer,
    /// The reason.
    pub reason: &'static str,
}

/// The diagnostics and untyped schemas found so far.
pub(super) struct Findings<'r> {
    pub diagnostics: &'r mut Diagnostics,
    pub untyped: Vec<Untyped>,
    /// The places and reasons that were reported, so that each is reported once.
    noted: HashSet<(Pointer, &'static str)>,
}

impl<'r> Findings<'r> {
    pub fn new(diagnostics: &'r mut Diagnostics) -> Self {
        Self {
            diagnostics,
            untyped: Vec::new(),
            noted: HashSet::new(),
        }
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Returns true on the first call for a place and a text.
    pub fn is_new(&mut self, at: &Pointer, what: &'static str) -> bool {
        self.noted.insert((at.clone(), what))
    }

    /// Records a schema whose type is any JSON value.
    pub fn untyped(&mut self, at: &Pointer, reason: &'static str) {
        // A schema that is merged into several others occurs several times.
        if self.is_new(at, reason) {
            self.untyped.push(Untyped {
                pointer: at.clone(),
                reason,
            });
        }
    }
}
