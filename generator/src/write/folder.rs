//! The output folder, locked against a second generator.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::generated_toml::List;
use super::journal;
use super::path::{LIST, MANIFEST, fault};
use crate::diagnostic::{Aborted, Diagnostic, Diagnostics, Location, code};
use crate::emit::manifest::Owned;
use crate::source::Sources;

/// An output folder, with the results of the last run.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    manifest: Option<String>,
    pub(super) list: List,
    has_list: bool,
    /// Folders created by [`Folder::open`], outermost first. They are removed if nothing is
    /// written.
    made: Vec<PathBuf>,
    /// The lock, held until the folder is dropped, to serialize concurrent runs.
    _lock: Option<File>,
}

impl Folder {
    /// Reads a folder without changing it. It need not exist.
    ///
    /// # Errors
    /// Returns [`Aborted`] if it is not a folder, or if its `Cargo.toml` or list of generated files
    /// cannot be read.
    pub fn look(
        path: &Path,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Self, Aborted> {
        Self::read(path, Vec::new(), None, sources, diagnostics)
    }

    /// Creates the folder if it does not exist, and waits until no other generator writes to it.
    ///
    /// # Errors
    /// Returns the errors of [`Folder::look`], or an error if the folder cannot be created.
    pub fn open(
        path: &Path,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Self, Aborted> {
        let mut made = Vec::new();
        let lock = make(path, &mut made).and_then(|()| lock(path));
        match lock {
            Ok(lock) => {
                recover(path, diagnostics)?;
                Self::read(path, made, Some(lock), sources, diagnostics)
            }
            Err(error) => {
                remove(&made);
                diagnostics.push(not_a_folder(path, &error));
                Err(Aborted)
            }
        }
    }

    fn read(
        path: &Path,
        made: Vec<PathBuf>,
        lock: Option<File>,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Self, Aborted> {
        let mut folder = Self {
            path: path.to_owned(),
            manifest: None,
            list: List::default(),
            has_list: false,
            made,
            _lock: lock,
        };
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                let error = io::Error::from(io::ErrorKind::NotADirectory);
                diagnostics.push(not_a_folder(path, &error));
                return Err(Aborted);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(folder),
            Err(error) => {
                diagnostics.push(not_a_folder(path, &error));
                return Err(Aborted);
            }
        }
        folder.manifest = folder.text(MANIFEST, diagnostics)?;
        if let Some(text) = folder.text(LIST, diagnostics)? {
            folder.has_list = true;
            folder.list = List::read(&text).map_err(|unreadable| {
                let name = folder.path.join(LIST).display().to_string();
                let file = sources.add_text(&name, &text);
                let location = Location::Span(file, unreadable.span.unwrap_or_default());
                let message = "the list of generated files cannot be read";
                diagnostics.push(
                    Diagnostic::error(code::INVALID_FILE_LIST, location, message)
                        .label(unreadable.message)
                        .help(
                            "delete it and generate again: generated files are also recognized by their first line",
                        ),
                );
                Aborted
            })?;
        }
        Ok(folder)
    }

    /// Returns the text of a file, or `None` if it does not exist.
    fn text(&self, name: &str, diagnostics: &mut Diagnostics) -> Result<Option<String>, Aborted> {
        let path = self.path.join(name);
        // Reading a pipe waits for its other end, and a device may never end.
        if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(None);
        }
        match fs::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => Ok(Some(text)),
            Ok(Err(_)) => {
                diagnostics.push(fault(code::FILE_IN_THE_WAY, &path, "this is not UTF-8"));
                Err(Aborted)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // A folder or link of this name is reported with the other files.
            Err(_) if !path.is_file() => Ok(None),
            Err(error) => {
                let message = format!("this file cannot be read: {error}");
                diagnostics.push(fault(code::FILE_IN_THE_WAY, &path, message));
                Err(Aborted)
            }
        }
    }

    /// Returns the path of the folder as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the text of the existing `Cargo.toml`.
    #[must_use]
    pub fn manifest(&self) -> Option<&str> {
        self.manifest.as_deref()
    }

    /// Returns the entries of `Cargo.toml` that the generator owns.
    #[must_use]
    pub fn owned(&self) -> &Owned {
        &self.list.owned
    }

    /// Returns whether a list of generated files exists.
    pub(super) fn has_list(&self) -> bool {
        self.has_list
    }

    /// Keeps the folders that were created, because they contain files now.
    pub(super) fn keep(&mut self) {
        self.made.clear();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.made);
    }
}

/// Restores the files that a killed run changed.
fn recover(root: &Path, diagnostics: &mut Diagnostics) -> Result<(), Aborted> {
    let failed = journal::recover(root);
    for (path, error) in &failed {
        let message = format!(
            "the generator was interrupted here, and this file cannot be restored: {error}"
        );
        diagnostics.push(
            fault(code::OUTPUT_NOT_WRITTEN, &root.join(path), message).help(
                "fix the cause, or delete the folder `.generated.staging` and check what else has changed",
            ),
        );
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Aborted)
    }
}

fn not_a_folder(path: &Path, error: &io::Error) -> Diagnostic {
    fault(
        code::OUTPUT_NOT_WRITTEN,
        path,
        format!("the output folder cannot be used: {error}"),
    )
    .help("choose another folder with `--out`")
}

/// Creates a folder and its parents, and records those that did not exist.
pub(super) fn make(path: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing = path
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let mut missing: Vec<&Path> = missing.collect();
    while let Some(folder) = missing.pop() {
        match fs::create_dir(folder) {
            Ok(()) => made.push(folder.to_owned()),
            // Another process created it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Removes empty folders, innermost first.
pub(super) fn remove(made: &[PathBuf]) {
    for folder in made.iter().rev() {
        // A folder that is not empty is kept.
        let _ = fs::remove_dir(folder);
    }
}

/// Waits for the lock of the folder, which creates no file.
#[cfg(unix)]
fn lock(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    match file.lock() {
        // Some network file systems have no locks. Two generators at the same time are rare there.
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(file),
    }
}

/// Waits for the lock of the folder: a file in the temporary folder, because a folder cannot be
/// opened.
#[cfg(not(unix))]
fn lock(path: &Path) -> io::Result<File> {
    let name = fs::canonicalize(path)?;
    let hash = super::generated_toml::hash(name.as_os_str().as_encoded_bytes());
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(std::env::temp_dir().join(format!("generator-{hash:016x}.lock")))?;
    file.lock()?;
    Ok(file)
}
