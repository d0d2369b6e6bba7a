//! The folder that the references of a document may not leave.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Sources, load};

/// A file out of that folder.
#[derive(Debug)]
pub(crate) struct OutsideRoot {
    /// The folder, as it is shown; `None` for the current one.
    pub(crate) folder: Option<String>,
}

/// The folders that references may lead into.
#[derive(Debug)]
pub(super) struct Roots {
    /// Without links. The first is the document's; the others are those that URLs stand for.
    folders: Vec<PathBuf>,
    /// The first as it is shown; `None` for the current one.
    shown: Option<String>,
}

impl Sources {
    /// Whether a reference may lead to a path that has no `..` but at its beginning.
    ///
    /// It may within the folder that the user names, or else within the document's own, or the
    /// current one if the document is below it. It may also within the folders of local files that
    /// the user gives to URLs.
    pub(crate) fn may_read(&self, path: &Path) -> Result<(), OutsideRoot> {
        let roots = self.roots.get_or_init(|| self.find_roots());
        let is_within = |path: &Path| roots.folders.iter().any(|root| path.starts_with(root));
        let outside = || OutsideRoot {
            folder: roots.shown.clone(),
        };
        // Before anything is said about a file, even that it is not there.
        if !resolved(path).is_some_and(|path| is_within(&path)) {
            return Err(outside());
        }
        // A link leads elsewhere.
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

    /// The folder without links, and as it is shown.
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
        (root, Some(load::display(folder)))
    }
}

/// The absolute path, with the links of the folder that is there resolved; `None` where the path
/// leads out of the file system.
fn resolved(path: &Path) -> Option<PathBuf> {
    let mut missing = Vec::new();
    let mut there = std::path::absolute(path).ok()?;
    loop {
        // What is behind `..` is not known without what is before it.
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
