//! Writes the files that changed: all of them or none.
//!
//! The generator keeps a list of the files that it wrote, [`LIST`], in the crate. A file that is
//! neither in that list nor begins with the generator's first line belongs to the user: it is never
//! replaced or removed.
//!
//! A run that fails restores what it changed. A run that is killed leaves old and new files and a
//! journal, and the next run restores the old files first (`journal`). Power loss is not covered:
//! nothing is flushed to the disk.

mod apply;
mod changed_files;
mod disk;
#[cfg(test)]
mod disk_tests;
mod folder;
mod format;
mod formatted_files;
mod generated_toml;
mod journal;
mod macro_table;
mod path;

pub use changed_files::{Comparison, Plan};
pub use folder::Folder;
pub use formatted_files::{File, Files, Formatted, format};
pub use path::{LIST, MANIFEST};
