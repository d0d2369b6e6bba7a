//! Reads files as JSON values and finds the location of each node: YAML, JSON, or a Markdown page
//! that contains the document.

mod digits;
mod fault;
mod file;
mod format;
mod json;
mod limits;
mod line_column;
mod load;
mod markdown;
mod overlay;
mod panic_guard;
mod reference_root;
mod sources;
mod spans;
mod syntax_error;
mod value;
pub(crate) mod yaml;

#[cfg(test)]
mod tests;

pub use self::digits::digits;
pub use self::limits::{
    MAX_DEPTH, MAX_FILE_SIZE, MAX_POINTERS, MAX_SIZE_OF_ALL, MAX_VALUES, MAX_VALUES_OF_ALL,
    MAX_YAML_VALUES,
};
pub use self::line_column::LineColumn;
pub(crate) use self::load::Unreadable;
pub(crate) use self::reference_root::OutsideRoot;
pub use self::sources::{STANDARD_INPUT, Sources};
