//! Applies a plan: all of it, or none.

use std::fs;
use std::io;
use std::path::Path;

use super::changed_files::Plan;
use super::folder::Folder;
use super::journal::{Gate, Journal};
use super::path::fault;
use crate::diagnostic::{Aborted, Diagnostics, code};

impl Plan {
    /// Writes and removes the files that differ; the others are not touched.
    ///
    /// # Errors
    /// Returns [`Aborted`] if a file cannot be written. Then the folder is unchanged.
    pub fn apply(&self, folder: Folder, diagnostics: &mut Diagnostics) -> Result<(), Aborted> {
        self.apply_through(folder, &mut |_| Ok(()), diagnostics)
    }

    pub(super) fn apply_through(
        &self,
        mut folder: Folder,
        gate: &mut Gate<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Aborted> {
        if self.steps.is_empty() {
            return Ok(());
        }
        let root = folder.path();
        let journal = Journal::new(root, &self.steps);
        if let Err((path, error)) = journal.stage(root, &self.steps, gate) {
            refuse(root, path, &error, &[], diagnostics);
            return Err(Aborted);
        }
        if let Err((path, error)) = journal.place(root, gate) {
            let left = journal.roll_back(root);
            refuse(root, path, &error, &left, diagnostics);
            return Err(Aborted);
        }
        for step in self.steps.iter().filter(|step| step.new.is_none()) {
            prune(root, &step.path);
        }
        folder.keep();
        Ok(())
    }
}

/// Reports the reason why nothing is written, and the files that could not be restored.
fn refuse(
    root: &Path,
    path: &str,
    error: &io::Error,
    left: &[(&str, io::Error)],
    diagnostics: &mut Diagnostics,
) {
    let help = if left.is_empty() {
        "nothing was changed: the folder is as it was before"
    } else {
        "some files were changed: fix the cause and generate again"
    };
    let message = format!("this file cannot be written: {error}");
    diagnostics.push(fault(code::OUTPUT_NOT_WRITTEN, &root.join(path), message).help(help));
    for (path, error) in left {
        let message = format!("this file could not be restored: {error}");
        diagnostics.push(fault(code::OUTPUT_NOT_WRITTEN, &root.join(path), message));
    }
}

/// Removes the folders that are empty after a file was removed.
fn prune(root: &Path, path: &str) {
    for (end, _) in path.rmatch_indices('/') {
        let folder = path.get(..end).unwrap_or(path);
        // A folder that is not empty is kept, and so are its parents.
        if fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
}
