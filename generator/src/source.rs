//! Reads files as JSON values and finds the location of each node: YAML, JSON, or a Markdown page
//! that contains the document.

mod duplicate_keys;
mod file;
mod file_limits;
mod format;
mod inexact_numbers;
mod json;
mod line_column;
mod load;
mod markdown_page;
mod overlay;
mod panic_guard;
mod reference_root;
mod sources;
mod spans;
mod syntax_error;
mod value_reader;
pub(crate) mod yaml;
mod yaml_features;

#[cfg(test)]
mod tests;

pub use self::file_limits::{
    MAX_DEPTH, MAX_FILE_SIZE, MAX_POINTERS, MAX_SIZE_OF_ALL, MAX_VALUES, MAX_VALUES_OF_ALL,
    MAX_YAML_VALUES,
};
pub use self::inexact_numbers::digits;
pub use self::line_column::LineColumn;
pub(crate) use self::load::Unreadable;
pub(crate) use self::reference_root::OutsideRoot;
pub use self::sources::{STANDARD_INPUT, Sources};
