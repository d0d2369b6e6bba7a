//! Reads files as JSON values and finds the location of each node: YAML, JSON, or a Markdown page
//! that contains the document.

mod digits;
mod fault;
mod file;
mod format;
mod guard;
mod json;
mod limits;
mod load;
mod markdown;
mod overlay;
mod sources;
mod spans;
mod syntax_error;
mod value;
mod within;
pub(crate) mod yaml;

#[cfg(test)]
mod tests;

pub use self::digits::digits;
pub use self::file::LineColumn;
pub use self::limits::{
    MAX_DEPTH, MAX_FILE_SIZE, MAX_POINTERS, MAX_SIZE_OF_ALL, MAX_VALUES, MAX_VALUES_OF_ALL,
    MAX_YAML_VALUES,
};
pub(crate) use self::load::Unreadable;
pub use self::sources::{STANDARD_INPUT, Sources};
pub(crate) use self::within::OutsideRoot;
