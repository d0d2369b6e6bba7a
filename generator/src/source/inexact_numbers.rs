//! Finds the digits of numbers that an `f64` cannot represent.

use std::collections::BTreeMap;

use serde_json::Value;

use super::sources::Sources;
use crate::diagnostic::{Location, Part};
use crate::pointer::{Pointer, Trail};

/// From here on, an `f64` cannot represent every integer.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// An `f64` represents every number with at most this many digits.
const EXACT_DIGITS: usize = 15;

/// Returns the text of each number that differs from its `f64`, by its pointer.
///
/// The values of a document have 64 bits for each number.
#[must_use]
pub fn digits(value: &Value, sources: &Sources) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    visit(value, &Trail::Start(&Pointer::root()), sources, &mut found);
    found
}

fn visit(value: &Value, at: &Trail<'_>, sources: &Sources, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &Trail::Index(at, index), sources, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                visit(member, &Trail::Key(at, name), sources, found);
            }
        }
        Value::Number(number) if number.is_f64() => {
            let Some(float) = number.as_f64().filter(|float| may_be_changed(*float)) else {
                return;
            };
            let pointer = at.pointer();
            let location = Location::Node(pointer.clone(), Part::Value);
            let text = sources
                .find(&location)
                .and_then(|(file, span)| sources.text(file).get(span))
                .map(|text| text.strip_prefix('+').unwrap_or(text));
            // YAML has notations that are not valid in JSON.
            if let Some(text) = text.filter(|text| serde_json::from_str::<f64>(text).is_ok())
                && decimal(text) != decimal(&format!("{float:?}"))
            {
                found.insert(pointer.to_string(), text.to_owned());
            }
        }
        _ => {}
    }
}

/// Returns whether the text of a number can differ from that of its `f64`.
fn may_be_changed(float: f64) -> bool {
    let text = format!("{float:e}");
    let digits = text.split('e').next().unwrap_or_default();
    float.abs() >= INEXACT || digits.bytes().filter(u8::is_ascii_digit).count() > EXACT_DIGITS
}

/// Returns the sign, the digits without zeros at either end, and the power of ten of a number.
fn decimal(text: &str) -> (bool, String, i64) {
    let unsigned = text.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let trimmed = all.trim_end_matches('0');
    let shift = |length: usize| i64::try_from(length).unwrap_or_default();
    let exponent: i64 = exponent.parse().unwrap_or_default();
    let power = exponent - shift(fraction.len()) + shift(all.len() - trimmed.len());
    let digits = trimmed.trim_start_matches('0').to_owned();
    (text.starts_with('-'), digits, power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;

    #[test]
    fn finds_the_numbers_that_reading_changes() {
        for (name, text) in [
            (
                "a.yaml",
                "a: 12345678901234567890.123\nb: [0.1, 0.30000000000000004, 1.0]\n\
                 c: {d: 1180591620717411303425, e: 1e30, f: 1.7976931348623157e308}\n\
                 g: 0.12345678901234567890\nh: +1e22\ni: 18446744073709551615\n",
            ),
            (
                "a.json",
                r#"{"a": 12345678901234567890.123, "b": [0.1, 0.30000000000000004, 1.0],
                "c": {"d": 1180591620717411303425, "e": 1e30}, "g": 0.12345678901234567890}"#,
            ),
        ] {
            let mut sources = Sources::new();
            let read = sources.read_text(name, text, &mut Diagnostics::default());
            let (_, value) = read.unwrap_or_else(|_| panic!("{name}"));
            let found = digits(&value, &sources);
            let found: Vec<_> = found
                .iter()
                .map(|(pointer, text)| (pointer.as_str(), text.as_str()))
                .collect();
            let expected = [
                ("/a", "12345678901234567890.123"),
                ("/c/d", "1180591620717411303425"),
                ("/g", "0.12345678901234567890"),
            ];
            assert_eq!(found, expected, "{name}");
        }
    }
}
