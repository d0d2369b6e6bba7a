//! The expected behavior of the generated operations, from the document and the specifications.

mod answer;
mod budget;
mod credential;
mod documented;
mod justified;
mod operations;
mod page_value;
mod pages;
mod request;
mod request_parts;
mod style;
mod test_values;

pub(super) use operations::tests;
