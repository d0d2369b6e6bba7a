//! JSON values and the types of the generated crate: the value of a type that a JSON value is, and
//! the JSON that the type writes again.
//!
//! `lower` needs this for defaults and `proof` for examples and tests. It knows the intermediate
//! representation, and of the document only the digits of its numbers.

mod digits;
mod reader;
mod round_trip;
mod scalar;
mod variants;

pub(crate) use digits::{exact_text, has_more_than_float, is_beyond_float};
pub(crate) use reader::ValueReader;
pub(crate) use round_trip::RoundTrip;
pub(crate) use scalar::{fits, has_fraction, range, tag_text, whole, width};
