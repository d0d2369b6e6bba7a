//! Receives the diagnostics of this stage.

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::output_limits::FINDINGS;
use crate::spec::Version;

/// The diagnostics of one run. Each check gets it as its first argument.
pub(super) struct Reporter<'d> {
    /// The version of the specification that the document uses.
    pub(super) version: Version,
    diagnostics: &'d mut Diagnostics,
    /// The first warning for each subject, and the number of further ones.
    repeated: IndexMap<(Code, String), (Diagnostic, usize)>,
    /// The number of further warnings that were not stored.
    unkept: usize,
}

impl<'d> Reporter<'d> {
    pub(super) fn new(version: Version, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            version,
            diagnostics,
            repeated: IndexMap::new(),
            unkept: 0,
        }
    }

    /// Returns `true` if any fault of the document stops the run.
    pub(super) fn is_strict(&self) -> bool {
        self.diagnostics.is_strict()
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports the warning once for each subject, with a count of further occurrences.
    pub(super) fn warn(&mut self, code: Code, subject: &str, warning: impl FnOnce() -> Diagnostic) {
        let key = (code, subject.to_owned());
        if let Some((_, others)) = self.repeated.get_mut(&key) {
            *others += 1;
        } else if self.repeated.len() < FINDINGS {
            self.repeated.insert(key, (warning(), 0));
        } else {
            self.unkept += 1;
        }
    }

    /// Reports the warnings that were collected.
    pub(super) fn finish(self) {
        for (mut diagnostic, others) in self.repeated.into_values() {
            if others > 0 {
                let places = if others == 1 { "place" } else { "places" };
                diagnostic.message =
                    format!("{} (and in {others} more {places})", diagnostic.message);
            }
            self.diagnostics.push(diagnostic);
        }
        self.diagnostics.count(Severity::Warning, self.unkept);
    }
}
