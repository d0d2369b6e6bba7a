//! Compares the generated files with those on disk.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::list::{List, hash};
use super::{Files, Folder, LIST, MANIFEST, fault, is_marked};
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

/// A file to write or remove.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) path: String,
    /// The existing file.
    pub(super) old: Option<OldFile>,
    /// The new contents; `None` removes the file.
    pub(super) new: Option<String>,
}

/// A file on disk.
#[derive(Debug)]
pub(super) struct OldFile {
    pub(super) contents: Vec<u8>,
    pub(super) permissions: fs::Permissions,
    pub(super) modified: Option<SystemTime>,
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

/// Reads files below a folder without following symbolic links.
pub(super) struct Disk {
    root: PathBuf,
    /// Paths that are known to be folders.
    folders: BTreeSet<String>,
}

impl Disk {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            folders: BTreeSet::new(),
        }
    }

    /// Returns the file at a path, or `None` if it does not exist.
    pub(super) fn read(&mut self, path: &str) -> Result<Option<OldFile>, Obstacle> {
        for (end, _) in path.match_indices('/') {
            let folder = path.get(..end).unwrap_or(path);
            if self.folders.contains(folder) {
                continue;
            }
            match self.inspect(folder)? {
                None => return Ok(None),
                Some(metadata) if metadata.is_dir() => {
                    self.folders.insert(folder.to_owned());
                }
                Some(_) => {
                    return Err(Obstacle::new(
                        folder,
                        "a file exists where a folder is needed",
                    ));
                }
            }
        }
        let Some(metadata) = self.inspect(path)? else {
            return Ok(None);
        };
        if !metadata.is_file() {
            return Err(Obstacle::new(
                path,
                "a folder exists where a file is needed",
            ));
        }
        let contents = fs::read(self.root.join(path)).map_err(|error| {
            let message = format!("this file cannot be read: {error}");
            Obstacle::new(path, message)
        })?;
        Ok(Some(OldFile {
            contents,
            permissions: metadata.permissions(),
            modified: metadata.modified().ok(),
        }))
    }

    fn inspect(&self, path: &str) -> Result<Option<fs::Metadata>, Obstacle> {
        match fs::symlink_metadata(self.root.join(path)) {
            Ok(metadata) if metadata.is_symlink() => {
                let message = "a symbolic link already exists here: it is not followed";
                Err(Obstacle::new(path, message))
            }
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let message = format!("this path cannot be read: {error}");
                Err(Obstacle::new(path, message))
            }
        }
    }

    fn in_the_way(&self, obstacle: &Obstacle) -> Diagnostic {
        let path = self.root.join(&obstacle.path);
        fault(code::FILE_IN_THE_WAY, &path, &obstacle.message)
            .help("move it away, or choose another folder with `--out`")
    }
}

/// Something in the place of a generated file.
pub(super) struct Obstacle {
    path: String,
    pub(super) message: String,
}

impl Obstacle {
    fn new(path: &str, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            message: message.into(),
        }
    }
}
