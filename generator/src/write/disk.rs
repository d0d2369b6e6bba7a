//! Reads the files of the crate's folder without following symbolic links.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::path::fault;
use crate::diagnostic::{Diagnostic, code};

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

/// Reads files below a folder without following symbolic links.
pub(super) struct Disk {
    pub(super) root: PathBuf,
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

    pub(super) fn in_the_way(&self, obstacle: &Obstacle) -> Diagnostic {
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
    pub(super) fn new(path: &str, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            message: message.into(),
        }
    }
}
