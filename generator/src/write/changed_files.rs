//! Compares the generated files with those on disk.

use super::disk::{Disk, Obstacle, Step};
use super::folder::Folder;
use super::formatted_files::{Files, is_marked};
use super::generated_toml::{List, hash};
use super::path::{LIST, MANIFEST};
use crate::diagnostic::{Aborted, Diagnostic, Diagnostics, Location, code};
use crate::emit::manifest::Owned;

/// The differences between generated files and those on disk. Paths are relative to the folder of
/// the crate, with `/` as separator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Files that do not exist yet.
    pub missing: Vec<String>,
    /// Files whose contents differ.
    pub stale: Vec<String>,
    /// Files that are up to date.
    pub unchanged: Vec<String>,
    /// Files that the generator wrote before and no longer generates.
    pub obsolete: Vec<String>,
    /// Obsolete files that were edited, which are not removed.
    pub kept: Vec<String>,
}

impl Comparison {
    /// Returns whether the folder contains exactly the generated files.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        self.missing.is_empty()
            && self.stale.is_empty()
            && self.obsolete.is_empty()
            && self.kept.is_empty()
    }
}

/// The changes to make to a folder.
#[derive(Debug, Default)]
pub struct Plan {
    /// The differences.
    pub comparison: Comparison,
    /// The steps in the order in which they are applied. The list of files is the last.
    pub(super) steps: Vec<Step>,
}

/// A file that no generated crate has. A folder with it contains another crate, whose `Cargo.toml`
/// must not be edited.
const PROGRAM: &str = "src/main.rs";

impl Plan {
    /// Compares the files with a folder. Changes nothing.
    ///
    /// `owned` are the entries of `Cargo.toml` that the generator owns.
    ///
    /// # Errors
    /// Reports a file that the generator did not write, a folder in the place of a file, a file in
    /// the place of a folder, or a symbolic link.
    pub fn new(
        files: Files,
        owned: Owned,
        folder: &Folder,
        diagnostics: &mut Diagnostics,
    ) -> Result<Self, Aborted> {
        let mut plan = Self::default();
        let mut disk = Disk::new(folder.path());
        let mut list = List {
            owned,
            files: files
                .0
                .iter()
                .filter(|(path, _)| *path != MANIFEST)
                .map(|(path, text)| (path.clone(), hash(text.as_bytes())))
                .collect(),
        };
        let mut blocked = false;
        if !folder.has_list() && matches!(disk.read(PROGRAM), Ok(Some(_))) {
            let message = "this folder contains a program, not a generated crate";
            diagnostics.push(disk.in_the_way(&Obstacle::new(PROGRAM, message)));
            blocked = true;
        }
        for (path, text) in files.0 {
            let listed = folder.list.files.contains_key(&path);
            blocked |= plan
                .compare(path, text, listed, &mut disk, diagnostics)
                .is_err();
        }
        plan.find_obsolete(folder, &mut list, &mut disk, diagnostics);
        blocked |= plan
            .compare(LIST.to_owned(), list.text(), true, &mut disk, diagnostics)
            .is_err();
        if blocked { Err(Aborted) } else { Ok(plan) }
    }

    fn compare(
        &mut self,
        path: String,
        text: String,
        listed: bool,
        disk: &mut Disk,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Aborted> {
        let old = disk.read(&path).map_err(|obstacle| {
            diagnostics.push(disk.in_the_way(&obstacle));
            Aborted
        })?;
        match &old {
            None => self.comparison.missing.push(path.clone()),
            Some(old) if old.contents == text.as_bytes() => {
                self.comparison.unchanged.push(path);
                return Ok(());
            }
            Some(old) if listed || path == MANIFEST || is_marked(&old.contents) => {
                self.comparison.stale.push(path.clone());
            }
            Some(_) => {
                let message = "a file that the generator did not write already exists here";
                diagnostics.push(disk.in_the_way(&Obstacle::new(&path, message)));
                return Err(Aborted);
            }
        }
        self.steps.push(Step {
            path,
            old,
            new: Some(text),
        });
        Ok(())
    }

    /// Finds files that were generated last time and are no longer generated.
    fn find_obsolete(
        &mut self,
        folder: &Folder,
        list: &mut List,
        disk: &mut Disk,
        diagnostics: &mut Diagnostics,
    ) {
        for (path, written) in &folder.list.files {
            if list.files.contains_key(path) || path == MANIFEST || path == LIST {
                continue;
            }
            // A file that became a link or a folder is not the one that the generator wrote.
            let Ok(Some(old)) = disk.read(path) else {
                continue;
            };
            if hash(&old.contents) == *written {
                self.comparison.obsolete.push(path.clone());
                self.steps.push(Step {
                    path: path.clone(),
                    old: Some(old),
                    new: None,
                });
            } else {
                self.comparison.kept.push(path.clone());
                list.files.insert(path.clone(), *written);
                let shown = disk.root.join(path).display().to_string();
                let message = "this file is no longer generated, but was edited: it is not removed";
                diagnostics.push(
                    Diagnostic::warning(code::EDITED_FILE_KEPT, Location::File(shown), message)
                        .help("delete it, or remove it from `.generated.toml` to keep it"),
                );
            }
        }
    }
}
