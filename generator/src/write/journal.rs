//! The journal of a run, which makes its changes all or nothing.
//!
//! A run creates the folder [`STAGING`] in the crate. It contains the new contents of each file,
//! the old file for each change (as a hard link if the file system has them), and a journal of the
//! changes. As long as the journal exists, the changes can be undone: a failed run does so, and if
//! a run is killed, the next run does so first. After a run, a crate is thus either the old or the
//! new one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{Array, ArrayOfTables, Document, DocumentMut, Item, Table, value};

use super::disk::{Disk, Step};
use super::generated_toml::hash;
use super::path::relative;

/// The path of the staging folder in the crate.
pub(super) const STAGING: &str = ".generated.staging";

/// The name of the journal in it.
const JOURNAL: &str = "journal.toml";

/// Called before each disk operation. An error makes the operation fail, which tests use.
pub(super) type Gate<'a> = dyn FnMut(&Path) -> io::Result<()> + 'a;

/// The changes of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    /// Folders that are created for new files, outermost first.
    folders: Vec<String>,
    /// Files in the order in which they are written.
    entries: Vec<Entry>,
}

/// A file that is written or removed.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    path: String,
    /// The hash of the old contents; `None` if the file did not exist.
    old: Option<u64>,
    /// The hash of the new contents; `None` if the file is removed.
    new: Option<u64>,
}

impl Journal {
    /// Creates the journal of steps.
    pub(super) fn new(root: &Path, steps: &[Step]) -> Self {
        let mut folders: Vec<String> = Vec::new();
        for step in steps.iter().filter(|step| step.new.is_some()) {
            for (end, _) in step.path.match_indices('/') {
                let folder = step.path.get(..end).unwrap_or_default();
                if !root.join(folder).exists() && folders.iter().all(|known| known != folder) {
                    folders.push(folder.to_owned());
                }
            }
        }
        let entries = steps.iter().map(|step| Entry {
            path: step.path.clone(),
            old: step.old.as_ref().map(|old| hash(&old.contents)),
            new: step.new.as_ref().map(|text| hash(text.as_bytes())),
        });
        Self {
            folders,
            entries: entries.collect(),
        }
    }

    /// Writes everything that the changes need to the staging folder, the journal last. A full disk
    /// is noticed here.
    ///
    /// # Errors
    /// Returns the path and the error. Then nothing is left behind.
    pub(super) fn stage<'a>(
        &self,
        root: &Path,
        steps: &'a [Step],
        gate: &mut Gate<'_>,
    ) -> Result<(), (&'a str, io::Error)> {
        let staged = self.try_stage(root, steps, gate);
        if staged.is_err() {
            // The next run removes what remains.
            let _ = fs::remove_dir_all(root.join(STAGING));
        }
        staged
    }

    fn try_stage<'a>(
        &self,
        root: &Path,
        steps: &'a [Step],
        gate: &mut Gate<'_>,
    ) -> Result<(), (&'a str, io::Error)> {
        let staging = root.join(STAGING);
        let of_all = |error| (STAGING, error);
        gate(&staging).map_err(of_all)?;
        fs::create_dir(&staging).map_err(of_all)?;
        for (number, step) in steps.iter().enumerate() {
            stage(root, number, step, gate).map_err(|error| (step.path.as_str(), error))?;
        }
        let written = staging.join("journal.new");
        gate(&written).map_err(of_all)?;
        fs::write(&written, self.text()).map_err(of_all)?;
        fs::rename(&written, staging.join(JOURNAL)).map_err(of_all)
    }

    /// Moves the new files into place, removes obsolete files, and deletes the journal, which
    /// commits the changes.
    ///
    /// # Errors
    /// Returns the path and the error. Then [`roll_back`](Self::roll_back) is still possible.
    pub(super) fn place(&self, root: &Path, gate: &mut Gate<'_>) -> Result<(), (&str, io::Error)> {
        for folder in &self.folders {
            let path = root.join(folder);
            let made = gate(&path).and_then(|()| fs::create_dir(&path));
            made.map_err(|error| (folder.as_str(), error))?;
        }
        for (number, entry) in self.entries.iter().enumerate() {
            let path = root.join(&entry.path);
            let placed = gate(&path).and_then(|()| match entry.new {
                Some(_) => fs::rename(staged(root, number, "new"), &path),
                None => fs::remove_file(&path),
            });
            placed.map_err(|error| (entry.path.as_str(), error))?;
        }
        let journal = root.join(STAGING).join(JOURNAL);
        let ended = gate(&journal).and_then(|()| fs::remove_file(&journal));
        ended.map_err(|error| (STAGING, error))?;
        let _ = fs::remove_dir_all(root.join(STAGING));
        Ok(())
    }

    /// Restores all files, and returns those that could not be restored. In that case the journal
    /// stays for the next run.
    ///
    /// A file that was changed in the meantime is not touched.
    pub(super) fn roll_back(&self, root: &Path) -> Vec<(&str, io::Error)> {
        let mut failed = Vec::new();
        for (number, entry) in self.entries.iter().enumerate().rev() {
            if let Err(error) = entry.roll_back(root, number) {
                failed.push((entry.path.as_str(), error));
            }
        }
        for folder in self.folders.iter().rev() {
            // A folder that is not empty is kept.
            let _ = fs::remove_dir(root.join(folder));
        }
        if failed.is_empty() {
            let staging = root.join(STAGING);
            let ended = fs::remove_file(staging.join(JOURNAL));
            failed.extend(ended.err().map(|error| (STAGING, error)));
            let _ = fs::remove_dir_all(staging);
        }
        failed
    }

    fn text(&self) -> String {
        let hex = |hash: u64| value(format!("{hash:016x}"));
        let mut files = ArrayOfTables::new();
        for Entry { path, old, new } in &self.entries {
            let mut table = Table::new();
            table.insert("path", value(path));
            if let Some(old) = old {
                table.insert("old", hex(*old));
            }
            if let Some(new) = new {
                table.insert("new", hex(*new));
            }
            files.push(table);
        }
        let mut document = DocumentMut::new();
        let folders = self.folders.iter().map(String::as_str);
        document.insert("folders", value(folders.collect::<Array>()));
        document.insert("file", Item::ArrayOfTables(files));
        format!("# The generator was interrupted. Its next run puts everything back.\n{document}")
    }

    /// Parses the text of [`Journal::text`]. Paths that leave the crate are rejected.
    fn read(text: &str) -> Option<Self> {
        let document = Document::parse(text).ok()?;
        let path = |text: &str| relative(Path::new(text)).ok();
        let folders = document.get("folders")?.as_array()?.iter();
        let files = document.get("file").and_then(Item::as_array_of_tables);
        let entries = files.into_iter().flatten().map(|table| {
            let number = |key| match table.get(key) {
                None => Some(None),
                Some(hash) => u64::from_str_radix(hash.as_str()?, 16).ok().map(Some),
            };
            Some(Entry {
                path: path(table.get("path")?.as_str()?)?,
                old: number("old")?,
                new: number("new")?,
            })
        });
        Some(Self {
            folders: folders
                .map(|name| path(name.as_str()?))
                .collect::<Option<_>>()?,
            entries: entries.collect::<Option<_>>()?,
        })
    }
}

impl Entry {
    fn roll_back(&self, root: &Path, number: usize) -> io::Result<()> {
        let path = root.join(&self.path);
        let now = read(root, &self.path)?;
        if now == self.old || now.is_some() && now != self.new {
            return Ok(());
        }
        match self.old {
            None => fs::remove_file(path),
            Some(_) => match fs::rename(staged(root, number, "old"), &path) {
                // It was restored before, and removed in the meantime.
                Err(error) if error.kind() == io::ErrorKind::NotFound && now.is_none() => Ok(()),
                outcome => outcome,
            },
        }
    }
}

/// Restores a crate after a killed run, and returns the files that could not be restored.
pub(super) fn recover(root: &Path) -> Vec<(String, io::Error)> {
    let staging = root.join(STAGING);
    match fs::symlink_metadata(&staging) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            let error = io::Error::from(io::ErrorKind::NotADirectory);
            return vec![(STAGING.to_owned(), error)];
        }
        Err(error) => return vec![(STAGING.to_owned(), error)],
    }
    let all = |error| vec![(STAGING.to_owned(), error)];
    match fs::read_to_string(staging.join(JOURNAL)) {
        // The run was killed before the first or after the last change.
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::remove_dir_all(&staging)
            .err()
            .map(all)
            .unwrap_or_default(),
        Err(error) => all(error),
        Ok(text) => match Journal::read(&text) {
            Some(journal) => {
                let failed = journal.roll_back(root).into_iter();
                failed
                    .map(|(path, error)| (path.to_owned(), error))
                    .collect()
            }
            None => all(io::Error::new(
                io::ErrorKind::InvalidData,
                "its `journal.toml` cannot be read",
            )),
        },
    }
}

/// Writes the new contents to the staging folder, and links the old file there.
fn stage(root: &Path, number: usize, step: &Step, gate: &mut Gate<'_>) -> io::Result<()> {
    let path = root.join(&step.path);
    let parent = path.parent().unwrap_or(root);
    // A read-only file or folder is not replaced, even if the system allows its owner to do so.
    let is_read_only = |permissions: &fs::Permissions| permissions.readonly();
    if step
        .old
        .as_ref()
        .is_some_and(|old| is_read_only(&old.permissions))
        || fs::metadata(parent).is_ok_and(|it| is_read_only(&it.permissions()))
    {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "it is read-only",
        ));
    }
    if let Some(text) = &step.new {
        let name = staged(root, number, "new");
        gate(&name)?;
        fs::write(&name, text)?;
        if let Some(old) = &step.old {
            fs::set_permissions(&name, old.permissions.clone())?;
        }
    }
    if let Some(old) = &step.old {
        let name = staged(root, number, "old");
        gate(&name)?;
        // Not all file systems have hard links.
        if fs::hard_link(&path, &name).is_err() {
            fs::copy(&path, &name)?;
            if let Some(modified) = old.modified {
                let file = fs::File::options().write(true).open(&name)?;
                file.set_modified(modified)?;
            }
        }
    }
    Ok(())
}

fn staged(root: &Path, number: usize, kind: &str) -> PathBuf {
    root.join(STAGING).join(format!("{number}.{kind}"))
}

/// Returns the hash of the file at a path, if it exists.
fn read(root: &Path, path: &str) -> io::Result<Option<u64>> {
    let found = Disk::new(root).read(path);
    let found = found.map_err(|obstacle| io::Error::other(obstacle.message))?;
    Ok(found.map(|old| hash(&old.contents)))
}
