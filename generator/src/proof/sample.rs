//! Sample values for the tests: from the document, from a schema, or from a type.

mod adapted;
mod discriminator;
mod format;
mod from_schema;
mod minimal_value;

pub(super) use adapted::adapted;
pub(super) use discriminator::Tags;
pub(super) use from_schema::{
    Direction, SampleCache, branch, branch_count, full, is_given, minimal, of_branch,
};
pub(super) use minimal_value::minimal_value;
