//! The contents of an extension, before its names are looked up.

use crate::ir::{PageEndKind, PageStyle};

/// The contents of an extension, with names of the document.
#[derive(Debug, Default)]
pub(super) struct DeclaredPagination {
    pub(super) style: Option<PageStyle>,
    pub(super) parameter: Option<Named>,
    pub(super) next: Option<Named>,
    pub(super) items: Option<Named>,
    pub(super) end: Option<(PageEndKind, Named)>,
    pub(super) first: Option<u64>,
}

/// A name in an extension, with its key.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) key: Vec<&'static str>,
}

/// A fault in an extension, with the key that has it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) key: Vec<String>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Fault {
    pub(super) fn new(key: &[&str], message: impl Into<String>) -> Self {
        Self {
            key: key.iter().map(|key| (*key).to_owned()).collect(),
            message: message.into(),
            help: None,
        }
    }
}
