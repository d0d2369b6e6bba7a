//! The limits on the files of a document.

/// The maximum nesting depth of mappings and lists.
pub const MAX_DEPTH: usize = 128;

/// The maximum size of a file, in bytes.
pub const MAX_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// The maximum number of mappings, lists, keys and scalars in a file.
pub const MAX_VALUES: usize = 5_000_000;

/// The maximum number of values in a YAML file, which takes more memory to read.
pub const MAX_YAML_VALUES: usize = 4_000_000;

/// The maximum number of values in all files of a document.
pub const MAX_VALUES_OF_ALL: usize = 5_000_000;

/// The maximum total size of all files of a document, in bytes.
pub const MAX_SIZE_OF_ALL: u64 = 128 * 1024 * 1024;

/// The maximum total length of the pointers to all values of a file, in bytes. A long key is part
/// of the pointer to each value below it.
pub const MAX_POINTERS: usize = 1024 * 1024 * 1024;

/// The maximum total length of the text files that are copied into the document, in bytes.
pub(crate) const MAX_COPIED_TEXT: usize = 16 * 1024 * 1024;

/// The limit on the number of values of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) most: usize,
    /// The number of values of other files.
    pub(super) before: usize,
}

impl Limit {
    /// The limit for the first file.
    #[cfg(test)]
    pub(super) const FIRST: Self = Self {
        most: MAX_VALUES,
        before: 0,
    };
}
