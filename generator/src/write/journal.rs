//! What a run is about to change, kept beside the crate until all of it is done.
//!
//! A run makes the folder [`STAGING`] in the crate. In it stand the new contents
//! of every file, the old file of every place that changes (the file itself, by a
//! second name, where the system has that), and a journal that says which is
//! which. From the moment that the journal has its name until it is gone, the way
//! back is open: a run that fails goes it, and where one was ended from outside,
//! the next one does before anything else. So a crate is whole, the old one or the
//! new one, as soon as a generator has been there again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{Array, ArrayOfTables, Document, DocumentMut, Item, Table, value};

use super::list::hash;
use super::plan::{Disk, Step};
use super::relative;

/// Where files wait, relative to the crate's folder.
pub(super) const STAGING: &str = ".generated.staging";

/// The journal's name in it.
const JOURNAL: &str = "journal.toml";

/// Called before each operation on the disk; an error makes the operation fail. Tests break runs
/// with it.
pub(super) type Gate<'a> = dyn FnMut(&Path) -> io::Result<()> + 'a;

/// What a run changes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    /// Folders that are made for new files, outermost first.
    folders: Vec<String>,
    /// Files in the order in which they are placed.
    entries: Vec<Entry>,
}

/// A file that is written or removed.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    path: String,
    /// The hash of the old contents; there was no file without it.
    old: Option<u64>,
    /// The hash of the new contents; the file is removed without it.
    new: Option<u64>,
}

impl Journal {
    /// What the steps are going to change.
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

    /// Puts everything beside the crate that placing it needs, the journal last. This is where a
    /// full disk shows.
    ///
    /// # Errors
    /// Where that fails; nothing is left then.
    pub(super) fn stage<'a>(
        &self,
        root: &Path,
        steps: &'a [Step],
        gate: &mut Gate<'_>,
    ) -> Result<(), (&'a str, io::Error)> {
        let staged = self.try_stage(root, steps, gate);
        if staged.is_err() {
            // The next run removes what is left of it.
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

    /// Puts the new files into their places, removes those that go, and lets the way back go.
    ///
    /// # Errors
    /// Where that fails: [`roll_back`](Self::roll_back) is still possible then.
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

    /// Puts everything back as it was; returns what could not be put back. Then the journal stays,
    /// for the next run.
    ///
    /// A file that somebody has changed since is left to them.
    pub(super) fn roll_back(&self, root: &Path) -> Vec<(&str, io::Error)> {
        let mut failed = Vec::new();
        for (number, entry) in self.entries.iter().enumerate().rev() {
            if let Err(error) = entry.roll_back(root, number) {
                failed.push((entry.path.as_str(), error));
            }
        }
        for folder in self.folders.iter().rev() {
            // One that holds something stays.
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

    /// Reads what [`Journal::text`] writes, with no path that leaves the crate.
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
                // It was put back before, and removed by somebody since.
                Err(error) if error.kind() == io::ErrorKind::NotFound && now.is_none() => Ok(()),
                outcome => outcome,
            },
        }
    }
}

/// Puts a crate back as it was before a run that was ended from outside; returns what could not be
/// put back.
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
        // It was ended before anything changed, or after everything had.
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

/// Writes the new contents beside the crate, and gives the old file a second name there.
fn stage(root: &Path, number: usize, step: &Step, gate: &mut Gate<'_>) -> io::Result<()> {
    let path = root.join(&step.path);
    let parent = path.parent().unwrap_or(root);
    // A file or folder marked as read-only is meant to stay, even where the system would let its
    // owner replace it.
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
        // Not every file system has second names.
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

/// The hash of the file at a path, where there is one.
fn read(root: &Path, path: &str) -> io::Result<Option<u64>> {
    let found = Disk::new(root).read(path);
    let found = found.map_err(|obstacle| io::Error::other(obstacle.message))?;
    Ok(found.map(|old| hash(&old.contents)))
}
