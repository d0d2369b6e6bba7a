//! The folders that references of a document may lead to.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::file::display;
use super::sources::{Roots, Sources};

/// The error for a file outside of these folders.
#[derive(Debug)]
pub(crate) struct OutsideRoot {
    /// The folder for diagnostics; `None` for the current folder.
    pub(crate) folder: Option<String>,
}

impl Sources {
    /// Checks whether a reference may lead to a path, which may contain `..` at its beginning only.
    ///
    /// Allowed are the folder that the user names, or else the folder of the document, or the
    /// current folder if the document is below it; and the folders of mapped URLs.
    pub(crate) fn may_read(&self, path: &Path) -> Result<(), OutsideRoot> {
        let roots = self.roots.get_or_init(|| self.find_roots());
        let is_within = |path: &Path| roots.folders.iter().any(|root| path.starts_with(root));
        let outside = || OutsideRoot {
            folder: roots.shown.clone(),
        };
        // Checked before a diagnostic can reveal anything about the file, even whether it exists.
        if !resolved(path).is_some_and(|path| is_within(&path)) {
            return Err(outside());
        }
        // A symbolic link can lead elsewhere.
        match fs::canonicalize(path) {
            Ok(path) if !is_within(&path) => Err(outside()),
            _ => Ok(()),
        }
    }

    fn find_roots(&self) -> Roots {
        let (root, shown) = self.document_root();
        let mapped = self.maps.iter().filter_map(|(url, path)| {
            let folder = if url.ends_with('/') {
                path.as_path()
            } else {
                path.parent()?
            };
            fs::canonicalize(Path::new(".").join(folder)).ok()
        });
        Roots {
            folders: std::iter::once(root).chain(mapped).collect(),
            shown,
        }
    }

    /// Returns the folder as a canonical path and for diagnostics.
    fn document_root(&self) -> (PathBuf, Option<String>) {
        let current = env::current_dir().unwrap_or_default();
        let current = fs::canonicalize(&current).unwrap_or(current);
        let folder = match (&self.reference_root, self.files.first()) {
            (Some(folder), _) => folder.as_path(),
            (None, Some(document)) => {
                let folder = document.path.as_deref().and_then(Path::parent);
                folder.unwrap_or(Path::new(""))
            }
            (None, None) => Path::new(""),
        };
        if folder == Path::new("") {
            return (current, None);
        }
        let root = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        if self.reference_root.is_none() && root.starts_with(&current) {
            return (current, None);
        }
        (root, Some(display(folder)))
    }
}

/// Returns the absolute path, with symbolic links of the existing folders resolved, or `None` if
/// the path leaves the file system.
fn resolved(path: &Path) -> Option<PathBuf> {
    let mut missing = Vec::new();
    let mut there = std::path::absolute(path).ok()?;
    loop {
        // The target of `..` is unknown if the path before it does not exist.
        let name = there.file_name()?.to_owned();
        missing.push(name);
        if !there.pop() {
            return None;
        }
        if let Ok(found) = fs::canonicalize(&there) {
            let names = missing.into_iter().rev();
            return Some(names.fold(found, |path, name| path.join(name)));
        }
    }
}
