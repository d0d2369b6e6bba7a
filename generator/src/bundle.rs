//! Turns references to other files into references within one document.
//!
//! A target in another file is moved to `components`, or copied to the reference if the
//! specification allows no reference there. All `$ref`s are visited here, so this stage also checks
//! that they resolve.

mod broken;
mod bundler;
mod lookup;
mod reference_errors;
mod reference_syntax;
mod referenced_files;
mod scan;
mod schema_ids;

use std::path::{Path, PathBuf};

use serde_json::Value;

pub use self::broken::Broken;
use self::bundler::Bundler;
pub(crate) use self::reference_errors::reference_as_property;
use self::reference_syntax::{Fragment, Reference};
use self::referenced_files::Files;
pub(crate) use self::referenced_files::MAX_HOPS;
use self::scan::scan;
use crate::diagnostic::{Diagnostics, FileId};
use crate::pointer::Pointer;
use crate::source::Sources;
use crate::spec::{FieldType, ObjectKind};

/// A document with local references only.
#[derive(Debug)]
pub struct Bundle {
    /// The document.
    pub value: Value,
    /// All files that were read from the disk.
    pub files: Vec<PathBuf>,
    /// The references that were reported as errors.
    pub broken: Vec<Broken>,
}

/// Bundles the document with the parts of other files that it refers to.
///
/// A document without such references is returned unchanged. `sources` records which file each node
/// came from, so that diagnostics at a [`Pointer`] into the bundle show that file.
///
/// References that are unresolved, remote or circular are errors in `diagnostics`, and are not
/// changed.
pub fn bundle(
    root: FileId,
    value: Value,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Bundle {
    sources.add_origin(Pointer::root(), root, Pointer::root());
    let mut bundler = Bundler::new(Files::new(root, value, sources, diagnostics));
    bundler.run();
    let Bundler {
        mut files,
        out,
        mut complaints,
        ..
    } = bundler;
    let broken = std::mem::take(&mut complaints.broken);
    complaints.report(&mut files);
    let paths = files.sources.paths().map(Path::to_owned).collect();
    Bundle {
        value: out.unwrap_or_else(|| files.into_root()),
        files: paths,
        broken,
    }
}

/// Returns all `$ref`s of a bundled document with their targets.
pub(crate) fn references(document: &Value) -> Vec<(Pointer, Pointer)> {
    let root = FieldType::One(ObjectKind::Document);
    let found = scan(document, &Pointer::root(), root, |_, _| false);
    let found = found.into_iter().filter(|found| !found.is_mapping);
    found
        .filter_map(|found| Some((found.at, local_target(&found.text)?)))
        .collect()
}

/// Returns all references in mappings of discriminators with their targets.
pub(crate) fn mappings(document: &Value) -> Vec<(Pointer, Pointer)> {
    let root = FieldType::One(ObjectKind::Document);
    let found = scan(document, &Pointer::root(), root, |_, _| false);
    let found = found.into_iter().filter(|found| found.is_mapping);
    found
        .filter_map(|found| Some((found.at, local_target(&found.text)?)))
        .collect()
}

/// Returns the target of a reference within the document.
pub(crate) fn local_target(text: &str) -> Option<Pointer> {
    match Reference::parse(text).ok()? {
        Reference {
            path: None,
            fragment: Fragment::Pointer(target),
        } => Some(target),
        _ => None,
    }
}

/// Returns the text of a file that a node of another file refers to: a regular file at a relative
/// path with the extension of a text file.
pub(crate) fn text_file(sources: &mut Sources, from: FileId, reference: &str) -> Option<String> {
    let parsed = Reference::parse(reference).ok()?;
    let path = parsed.path?;
    let extension = Path::new(&path).extension()?.to_str()?;
    let is_text = ["md", "markdown", "mdx", "txt"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known));
    if !is_text {
        return None;
    }
    let folder = sources.path(from).and_then(Path::parent);
    let path = referenced_files::without_dot_segments(&folder.unwrap_or(Path::new("")).join(path));
    sources.may_read(&path).ok()?;
    sources.text_to_copy(&path)
}

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
