//! Carries a plan out: all of it, or none.
//!
//! Everything is first written to temporary files beside its place, which is
//! where a full disk shows; then they are renamed into place. Where a step
//! fails, the steps before it are undone.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::plan::{OldFile, Plan, Step};
use super::{Folder, fault, folder};
use crate::diagnostic::{Diagnostics, Stopped, code};

/// Called before each step on disk; an error makes the step fail. Tests break steps with it.
type Gate<'a> = dyn FnMut(&Path) -> io::Result<()> + 'a;

impl Plan {
    /// Writes and removes the files that differ; the others are not touched.
    ///
    /// # Errors
    /// Where a file cannot be written; then the folder is as it was before.
    pub fn apply(&self, folder: Folder, diagnostics: &mut Diagnostics) -> Result<(), Stopped> {
        self.apply_through(folder, &mut |_| Ok(()), diagnostics)
    }

    pub(super) fn apply_through(
        &self,
        mut folder: Folder,
        gate: &mut Gate<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Stopped> {
        let mut work = Work {
            root: folder.path().to_owned(),
            gate,
            made: Vec::new(),
            done: Vec::new(),
        };
        match work.run(&self.steps) {
            Ok(()) => {
                folder.keep();
                Ok(())
            }
            Err((path, error)) => {
                let left = work.undo();
                let message = format!("this file cannot be written: {error}");
                let help = if left.is_empty() {
                    "nothing was changed: the folder is as it was before"
                } else {
                    "some files were changed: generate again when the cause is removed"
                };
                let path = work.root.join(path);
                diagnostics.push(fault(code::OUTPUT_NOT_WRITTEN, &path, message).help(help));
                for (path, error) in left {
                    let message = format!("this file could not be put back as it was: {error}");
                    let path = work.root.join(path);
                    diagnostics.push(fault(code::OUTPUT_NOT_WRITTEN, &path, message));
                }
                Err(Stopped)
            }
        }
    }
}

struct Work<'a, 'g> {
    root: PathBuf,
    gate: &'a mut Gate<'g>,
    /// Folders made for new files, outermost first.
    made: Vec<PathBuf>,
    /// The steps that were carried out.
    done: Vec<&'a Step>,
}

impl<'a> Work<'a, '_> {
    fn run(&mut self, steps: &'a [Step]) -> Result<(), (&'a str, io::Error)> {
        let mut staged = Vec::with_capacity(steps.len());
        for step in steps {
            let temporary = self.stage(step);
            staged.push(temporary.map_err(|error| (step.path.as_str(), error))?);
        }
        for (step, temporary) in steps.iter().zip(staged) {
            self.place(step, temporary)
                .map_err(|error| (step.path.as_str(), error))?;
            self.done.push(step);
        }
        for step in steps.iter().filter(|step| step.new.is_none()) {
            self.prune(&step.path);
        }
        Ok(())
    }

    /// Writes the new contents beside its place.
    fn stage(&mut self, step: &Step) -> io::Result<Option<TempPath>> {
        let path = self.root.join(&step.path);
        let parent = path.parent().unwrap_or(&self.root);
        // A file or folder marked as read-only is meant to stay, even where the system would
        // let its owner replace it.
        let read_only = step
            .old
            .as_ref()
            .is_some_and(|old| old.permissions.readonly());
        if read_only || fs::metadata(parent).is_ok_and(|it| it.permissions().readonly()) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it is read-only",
            ));
        }
        let Some(text) = &step.new else {
            return Ok(None);
        };
        folder::make(parent, &mut self.made)?;
        (self.gate)(&path)?;
        temporary(parent, text.as_bytes(), step.old.as_ref()).map(Some)
    }

    fn place(&mut self, step: &Step, temporary: Option<TempPath>) -> io::Result<()> {
        let path = self.root.join(&step.path);
        (self.gate)(&path)?;
        match temporary {
            Some(temporary) => temporary.persist(&path).map_err(|error| error.error),
            None => fs::remove_file(&path),
        }
    }

    /// Removes the folders that a removed file leaves empty.
    fn prune(&self, path: &str) {
        for (end, _) in path.rmatch_indices('/') {
            let folder = path.get(..end).unwrap_or(path);
            // One that holds something else stays, and so do those around it.
            if fs::remove_dir(self.root.join(folder)).is_err() {
                break;
            }
        }
    }

    /// Puts everything back; returns what could not be put back.
    fn undo(&mut self) -> Vec<(&'a str, io::Error)> {
        let mut failed = Vec::new();
        while let Some(step) = self.done.pop() {
            let path = self.root.join(&step.path);
            let undone = match &step.old {
                Some(old) => put_back(&path, old),
                None => fs::remove_file(&path),
            };
            if let Err(error) = undone {
                failed.push((step.path.as_str(), error));
            }
        }
        folder::remove(&self.made);
        failed
    }
}

/// Writes a temporary file with the permissions of the file that it will replace.
fn temporary(parent: &Path, contents: &[u8], old: Option<&OldFile>) -> io::Result<TempPath> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".generator-");
    // tempfile's own are for its owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(contents)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions.clone())?;
    }
    // Closed here: a large crate has more files than a process may hold open.
    Ok(file.into_temp_path())
}

fn put_back(path: &Path, old: &OldFile) -> io::Result<()> {
    let parent = path.parent().unwrap_or(path);
    let temporary = temporary(parent, &old.contents, Some(old))?;
    if let Some(modified) = old.modified {
        File::options()
            .write(true)
            .open(&temporary)?
            .set_modified(modified)?;
    }
    temporary.persist(path).map_err(|error| error.error)
}
