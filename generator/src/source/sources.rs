//! The files of a document, and the origin of each node.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use super::file::{SourceFile, display};
use super::file_limits::{Limit, MAX_VALUES, MAX_VALUES_OF_ALL};
use super::overlay::Places;
use crate::diagnostic::{Aborted, Diagnostics, FileId, Location, Part};
use crate::pointer::Pointer;

/// The path that means standard input.
pub const STANDARD_INPUT: &str = "-";

/// All files that were read, and the origins of the nodes of the bundle.
#[derive(Debug, Default)]
pub struct Sources {
    pub(super) files: Vec<SourceFile>,
    /// The origin of nodes of the bundle: a file and a node in it.
    pub(super) origins: BTreeMap<Pointer, (FileId, Pointer)>,
    /// Nodes of the root document that overlays have changed.
    pub(super) overlaid: Places,
    /// The local files for URLs, or folders for URLs that end with a slash.
    pub(super) maps: Vec<(String, PathBuf)>,
    /// The folder that references may not leave, if the user names one.
    pub(super) reference_root: Option<PathBuf>,
    pub(super) roots: OnceLock<Roots>,
    /// The bytes of all files that were read.
    pub(super) size: u64,
    /// The files that references lead to, because a faulty document is bundled twice.
    pub(super) loaded: HashMap<PathBuf, FileId>,
    /// The bytes of all texts that were copied into the document.
    pub(super) copied: usize,
    /// The number of failed reads of referenced files.
    pub(super) unreadable: usize,
}

impl Sources {
    /// Creates an empty set of files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the folder that references may lead to, instead of the folder of the document.
    pub fn set_reference_root(&mut self, folder: impl Into<PathBuf>) {
        self.reference_root = Some(folder.into());
    }

    /// Reads a file; `-` is standard input.
    ///
    /// The first file that is read is the root of the bundle.
    ///
    /// # Errors
    /// Returns [`Aborted`] if there is no value, with the reasons in `diagnostics`.
    pub fn read(
        &mut self,
        path: impl AsRef<Path>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(FileId, Value), Aborted> {
        let file = match self.load_root(path.as_ref()) {
            Ok(file) => file,
            Err(unreadable) => {
                let name = display(path.as_ref());
                diagnostics.push(unreadable.at(Location::File(name)));
                return Err(Aborted);
            }
        };
        self.parse(file, diagnostics).map(|value| (file, value))
    }

    /// Reads a text as the contents of a file with this name.
    ///
    /// # Errors
    /// Returns [`Aborted`] if there is no value, with the reasons in `diagnostics`.
    pub fn read_text(
        &mut self,
        name: &str,
        text: impl Into<Vec<u8>>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(FileId, Value), Aborted> {
        let file = self.add(name.to_owned(), None, text.into());
        self.parse(file, diagnostics).map(|value| (file, value))
    }

    /// Maps a URL to a local file from which references to it are read. A URL that ends with a
    /// slash and a folder map all files below them.
    pub fn map(&mut self, url: impl Into<String>, path: impl Into<PathBuf>) {
        self.maps.push((url.into(), path.into()));
    }

    /// Returns the local file for a reference, and the fragment of the reference, or `None` if its
    /// URL is not mapped.
    ///
    /// The longest matching URL is used.
    pub(crate) fn mapped<'t>(&self, reference: &'t str) -> Option<(PathBuf, &'t str)> {
        let end = reference.find('#').unwrap_or(reference.len());
        let (url, fragment) = reference.split_at_checked(end)?;
        let fits = self.maps.iter().filter_map(|(known, path)| {
            if url == known {
                return Some((known.len(), path.clone()));
            }
            let rest = url.strip_prefix(known.as_str())?;
            let is_below = known.ends_with('/') && !rest.split('/').any(|part| part == "..");
            is_below.then(|| (known.len(), path.join(rest)))
        });
        let (_, path) = fits.max_by_key(|(length, _)| *length)?;
        Some((path, fragment))
    }

    /// Adds a text that is not part of the document, for diagnostics about it.
    pub fn add_text(&mut self, name: &str, text: &str) -> FileId {
        self.add(name.to_owned(), None, text.into())
    }

    /// Returns the paths of all files that were read from the disk, in this order. A build script
    /// has to watch them.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|file| file.path.as_deref())
    }

    /// Returns the name of a file in diagnostics.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.name)
    }

    /// Returns the whole text of a file, with U+FFFD for bytes that are not UTF-8.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.text)
    }

    /// Returns the text of a file, or `None` if it is not UTF-8.
    pub(crate) fn valid_text(&self, file: FileId) -> Option<&str> {
        let source = self.get(file).filter(|source| source.not_utf8.is_none())?;
        source.text.get(source.body.clone())
    }

    /// Returns the file and the byte range of a location.
    ///
    /// Returns `None` for a file without a text.
    #[must_use]
    pub fn find(&self, location: &Location) -> Option<(FileId, Range<usize>)> {
        match location {
            Location::File(_) => None,
            Location::Span(file, span) => Some((*file, span.clone())),
            Location::Node(pointer, part) => {
                let (file, pointer) = match part {
                    Part::Key => self.member(pointer)?,
                    Part::Value => self.origin(pointer)?,
                };
                let source = self.get(file)?;
                Some((file, source.find(&pointer, *part)))
            }
        }
    }

    /// Returns whether diagnostics may quote lines of a file.
    pub(crate) fn may_show(&self, file: FileId) -> bool {
        self.get(file).is_none_or(|file| !file.is_hidden)
    }

    /// Records that the node `at` of the bundle is the node `pointer` of a file.
    pub(crate) fn add_origin(&mut self, at: Pointer, file: FileId, pointer: Pointer) {
        self.origins.insert(at, (file, pointer));
    }

    /// Records that nodes below a node of the bundle moved. `moved` returns the new location, or
    /// `None` if the node was removed.
    pub(crate) fn move_origins(
        &mut self,
        below: &Pointer,
        moved: impl Fn(&Pointer) -> Option<Pointer>,
    ) {
        let affected = self.origins.range(below.clone()..).map(|(at, _)| at);
        let affected = affected.take_while(|at| at.as_str().starts_with(below.as_str()));
        let affected = affected.filter(|at| at.is_within(below));
        let affected: Vec<Pointer> = affected.cloned().collect();
        let origins = affected.into_iter().filter_map(|at| {
            let origin = self.origins.remove(&at)?;
            Some((moved(&at)?, origin))
        });
        let origins: Vec<_> = origins.collect();
        self.origins.extend(origins);
    }

    /// Returns the origin of a node of the bundle: a file and a node in it.
    pub(crate) fn origin(&self, pointer: &Pointer) -> Option<(FileId, Pointer)> {
        let mut at = Some(pointer.clone());
        while let Some(outer) = at {
            if let Some((file, origin)) = self.origins.get(&outer) {
                let rest = pointer.strip_prefix(&outer)?;
                return Some(self.written(*file, origin.join(&rest)));
            }
            at = outer.parent();
        }
        (!self.files.is_empty()).then(|| self.written(FileId(0), pointer.clone()))
    }

    /// Returns the file and node that the key of a member comes from. The value of the member may
    /// be a copy of what a reference leads to; the key is then where the reference is.
    pub(crate) fn member(&self, pointer: &Pointer) -> Option<(FileId, Pointer)> {
        let (file, own) = self.origin(pointer)?;
        if !self.origins.contains_key(pointer) {
            return Some((file, own));
        }
        let Some(holder) = pointer.parent() else {
            return Some((file, own));
        };
        let (outer_file, outer) = self.origin(&holder)?;
        if file == outer_file && own.parent().as_ref() == Some(&outer) {
            return Some((file, own));
        }
        let written = outer.child(pointer.last()?);
        // An object with `$ref` can have members of its own.
        let is_written = self.get(outer_file)?.tree().has(&written);
        Some(if is_written {
            (outer_file, written)
        } else {
            (file, own)
        })
    }

    /// Returns the file and node that a node of a file comes from, which can be an overlay.
    fn written(&self, file: FileId, pointer: Pointer) -> (FileId, Pointer) {
        match self.overlaid.find(&pointer) {
            Some(place) if file == FileId(0) => place,
            _ => (file, pointer),
        }
    }

    /// Returns the path of a file, if it has one.
    pub(crate) fn path(&self, file: FileId) -> Option<&Path> {
        self.get(file)?.path.as_deref()
    }

    /// Returns the byte range to mark for a node of a file (not of the bundle).
    pub(crate) fn span(&self, file: FileId, pointer: &Pointer) -> Range<usize> {
        let source = self.get(file);
        source.map_or(0..0, |source| source.find(pointer, Part::Value))
    }

    /// Returns the location of a node of a file, or of the overlay that added it.
    pub(crate) fn place(&self, file: FileId, pointer: &Pointer) -> Location {
        let (file, pointer) = self.written(file, pointer.clone());
        Location::Span(file, self.span(file, &pointer))
    }

    pub(super) fn get(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0)
    }

    /// Parses a loaded file.
    pub(crate) fn parse(
        &mut self,
        file: FileId,
        diagnostics: &mut Diagnostics,
    ) -> Result<Value, Aborted> {
        // The file itself may have been parsed before.
        let others = self.files.iter().enumerate();
        let others = others.filter(|(index, _)| *index != file.0);
        let before: usize = others.map(|(_, other)| other.values).sum();
        let limit = Limit {
            most: (MAX_VALUES_OF_ALL - before.min(MAX_VALUES_OF_ALL)).min(MAX_VALUES),
            before,
        };
        let Some(source) = self.files.get_mut(file.0) else {
            return Err(Aborted);
        };
        match source.parse(file, limit, diagnostics.is_strict()) {
            Ok((value, found)) => {
                let mut is_contained = true;
                for (error, remedy) in found {
                    is_contained &= diagnostics.fault(error, || remedy);
                }
                if is_contained {
                    Ok(value)
                } else {
                    Err(Aborted)
                }
            }
            Err(found) => {
                for diagnostic in found {
                    diagnostics.push(diagnostic);
                }
                Err(Aborted)
            }
        }
    }

    pub(super) fn add(&mut self, name: String, path: Option<PathBuf>, bytes: Vec<u8>) -> FileId {
        self.files.push(SourceFile::new(name, path, bytes));
        FileId(self.files.len() - 1)
    }
}

/// The folders that references may lead into.
#[derive(Debug)]
pub(super) struct Roots {
    /// Canonical paths. The first is that of the document; the others are those of mapped URLs.
    pub(super) folders: Vec<PathBuf>,
    /// The first folder for diagnostics; `None` for the current folder.
    pub(super) shown: Option<String>,
}
