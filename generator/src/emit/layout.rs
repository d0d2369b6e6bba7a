//! Which file of the generated crate a type stands in.

use std::collections::HashMap;

use crate::ir::{Api, TypePath};

/// The parts of `types` and `codec`: one file each.
#[derive(Debug, Default)]
pub(super) struct Layout<'a> {
    /// The part of what stands at the top of `types`: a type, or a module with all that is in it.
    parts: HashMap<&'a str, usize>,
}

impl<'a> Layout<'a> {
    /// Decides on the parts.
    pub(super) fn new(_api: &'a Api) -> Self {
        Self::default()
    }

    /// The part that a type stands in; `0` is `types.rs` itself.
    pub(super) fn part_of(&self, path: &TypePath) -> usize {
        let TypePath { modules, name } = path;
        let top = modules
            .first()
            .map_or(name.as_str(), |module| module.as_str());
        self.parts.get(top).copied().unwrap_or_default()
    }
}
