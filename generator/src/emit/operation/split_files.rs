//! Splits the operations of one tag into files that an editor can open.

use std::collections::HashSet;

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::ident;
use crate::ident::ModuleName;
use crate::ir::Operation;
use crate::plan::file_stem;

/// The maximum number of operations in a file, which is about ten thousand lines.
const MOST_OPERATIONS: usize = 100;

/// The maximum number of files; beyond it, a file contains the operations of several segments.
const MOST_FILES: usize = 200;

/// Groups operations by the first segment of their paths that differs, each group with the name of
/// its file. Empty if one file is enough.
///
/// The files are private modules: adding an operation to a tag only changes the location of the
/// source of others.
pub(super) fn split(operations: &[Operation]) -> Vec<(String, Vec<&Operation>)> {
    if operations.len() <= MOST_OPERATIONS {
        return Vec::new();
    }
    let common = common_segments(operations);
    let mut parts: IndexMap<ModuleName, Vec<&Operation>> = IndexMap::new();
    for operation in operations {
        let segment = segments(&operation.path)
            .skip(common)
            .find(|segment| !segment.contains('{'));
        let name = ModuleName::new(segment.unwrap_or("other"));
        parts.entry(name).or_default().push(operation);
    }
    if parts.len() == 1 {
        return Vec::new();
    }
    let mut stems = HashSet::from(["mod".to_owned()]);
    joined(parts)
        .into_iter()
        .map(|(name, operations)| {
            let name = name.as_str().trim_start_matches("r#");
            (file_stem(name, &mut stems), operations)
        })
        .collect()
}

/// Joins consecutive parts if there are too many. The first one gives the name.
fn joined(parts: IndexMap<ModuleName, Vec<&Operation>>) -> Vec<(ModuleName, Vec<&Operation>)> {
    if parts.len() <= MOST_FILES {
        return parts.into_iter().collect();
    }
    let mut joined: Vec<(ModuleName, Vec<&Operation>)> = Vec::new();
    for (name, operations) in parts {
        match joined.last_mut() {
            Some((_, before)) if before.len() + operations.len() <= MOST_OPERATIONS => {
                before.extend(operations);
            }
            _ => joined.push((name, operations)),
        }
    }
    joined
}

/// Returns the modules of the files, for the module of the tag.
pub(super) fn modules(parts: &[(String, Vec<&Operation>)]) -> TokenStream {
    let modules = parts.iter().map(|(stem, _)| {
        let (name, file) = (ident(&format!("{stem}_")), format!("{stem}.rs"));
        quote!(#[path = #file] mod #name; pub use #name::*;)
    });
    quote!(#(#modules)*)
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Returns the number of segments that all paths start with.
fn common_segments(operations: &[Operation]) -> usize {
    let mut paths = operations.iter().map(|operation| operation.path.as_str());
    let first: Vec<&str> = segments(paths.next().unwrap_or_default()).collect();
    paths.fold(first.len(), |common, path| {
        let same = first.iter().zip(segments(path));
        same.take(common).take_while(|(a, b)| **a == *b).count()
    })
}
