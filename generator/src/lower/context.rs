//! The inputs of lowering.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::document::Document;
use crate::ir::ArrayForm;
use crate::pointer::Pointer;

use super::directions::SchemaDirections;
use super::format_violations::FormatViolations;
use super::hierarchy::Hierarchies;
use super::multipart::MultipartSchemas;

/// Options for cases that the specification does not define.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The serialization of arrays in the style `deepObject`.
    pub deep_object_arrays: ArrayForm,
}

/// The document, with facts about all of it.
pub(super) struct Context<'d> {
    pub document: &'d Document,
    pub options: Options,
    pub schema_directions: SchemaDirections,
    pub format_violations: FormatViolations,
    pub multipart: MultipartSchemas,
    /// The schemas selected by discriminators.
    pub hierarchies: Hierarchies<'d>,
    /// The schemas whose text is JSON that is read, too: the data of events.
    pub encoded_data: HashSet<Pointer>,
    /// The names of parameters by pointer, set on first use.
    pub parameter_names: OnceCell<HashMap<Pointer, &'d str>>,
}
