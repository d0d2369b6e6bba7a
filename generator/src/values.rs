//! Converts JSON values to values of the generated types, and predicts the JSON that a type writes
//! after reading a value.
//!
//! `lower` needs this for defaults and `proof` for examples and tests. It knows the intermediate
//! representation, and of the document only the digits of its numbers.

mod exact_numbers;
mod from_json;
mod round_trip;
mod scalar;
mod variants;

pub(crate) use exact_numbers::{exact_text, has_more_than_float, is_beyond_float};
pub(crate) use from_json::ValueReader;
pub(crate) use round_trip::RoundTrip;
pub(crate) use scalar::{fits, has_fraction, range, tag_text, whole, width};
