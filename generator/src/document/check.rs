//! Checks that need resolved references: schemas that contain themselves, parameters and bodies
//! that no style can serialize, discriminators that select a wrong schema.

mod branch;
mod circle;
mod operation;
mod style;
mod value_kinds;

use std::collections::HashSet;

use indexmap::IndexMap;

use super::Document;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::pointer::Pointer;

/// Maximum depth of nested schemas that are searched.
const DEEPEST: usize = 16;

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    let mut check = Check {
        document,
        diagnostics,
        repeated: IndexMap::new(),
        seen: HashSet::new(),
    };
    check.compositions();
    for (_, schema) in document.schemas() {
        if let Some(view) = schema.inline() {
            check.discriminator(&view);
            check.branches_of_other_types(&view);
        }
    }
    for path in document.paths() {
        for operation in document.operations(&path) {
            let at = path.pointer.child("parameters");
            check.parameters(&path.item.parameters, &at);
            check.operation(&operation);
            check.exploded(&path, &operation);
        }
    }
    check.all_closed_branches();
    check.finish();
}

struct Check<'d, 'a> {
    document: &'d Document,
    diagnostics: &'a mut Diagnostics,
    repeated: IndexMap<(Code, String), (Diagnostic, usize)>,
    /// Shared objects that were already checked.
    seen: HashSet<Pointer>,
}

impl Check<'_, '_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports the warning once, with a count of further occurrences.
    fn warn(&mut self, code: Code, subject: &str, warning: impl FnOnce() -> Diagnostic) {
        self.repeated
            .entry((code, subject.to_owned()))
            .and_modify(|(_, others)| *others += 1)
            .or_insert_with(|| (warning(), 0));
    }

    fn finish(self) {
        for (mut diagnostic, others) in self.repeated.into_values() {
            if others > 0 {
                let places = if others == 1 { "place" } else { "places" };
                diagnostic.message =
                    format!("{} (and in {others} more {places})", diagnostic.message);
            }
            self.diagnostics.push(diagnostic);
        }
    }
}
