//! Finds the location of a node of the JSON value in the text.
//!
//! Reading does not record positions, because that would slow it down. The first diagnostic about a
//! file builds this tree.

mod builder;
mod json;
mod offsets;
mod tree;
mod yaml;

pub(super) use offsets::Offsets;
pub(super) use tree::Tree;

#[cfg(test)]
mod tests;
