//! Reads YAML with `serde_yaml`. No other file of the generator uses that crate.
//!
//! `serde_yaml` expands aliases. `value_reader.rs` limits what they add, and merges the mappings of
//! `<<`.

mod explain;

use saphyr_parser::{Event, Parser};
use serde_json::Value;

use self::explain::explain;
use super::file_limits::{Limit, MAX_DEPTH};
use super::panic_guard::guarded;
use super::spans::Offsets;
use super::syntax_error::{SyntaxError, character, too_deep, too_many};
use super::value_reader::Reader;
use crate::diagnostic::code;

/// A text of this many bytes or fewer is read directly. The values of a larger one are counted
/// first.
const HARMLESS_LENGTH: usize = 8 * 1024 * 1024;

/// The nesting depth of brackets that the scanner of `serde_yaml` reads in negligible time.
const HARMLESS_BRACKETS: usize = 5_000;

pub(super) fn read(reader: &Reader, text: &str) -> Result<Value, Box<SyntaxError>> {
    guarded(|| read_unguarded(reader, text)).unwrap_or_else(|| Err(Box::new(panicked(text))))
}

/// Returns the error for a text on which the parser panics, which has no location.
fn panicked(text: &str) -> SyntaxError {
    SyntaxError {
        code: code::INVALID_YAML,
        span: character(text, 0),
        message: "the YAML parser fails on this text".to_owned(),
        label: "the text begins here".to_owned(),
        help: "save the document as JSON, or look for the place with another YAML parser"
            .to_owned(),
        related: None,
    }
}

fn read_unguarded(reader: &Reader, text: &str) -> Result<Value, Box<SyntaxError>> {
    check_size(text, reader.limit())?;
    reader
        .read(serde_yaml::Deserializer::from_str(text))
        .map_err(|error| {
            let at = error.location().map_or(0, |location| location.index());
            Box::new(explain(&error.to_string(), at, reader, text))
        })
}

/// Reads YAML without limits or locations, for the data of tests.
#[cfg(test)]
pub(crate) fn value(text: &str) -> Option<Value> {
    serde_yaml::from_str(text).ok()
}

/// Returns whether `serde_yaml` reads a text as a value.
#[cfg(test)]
pub(super) fn is_yaml(text: &str) -> bool {
    serde_yaml::from_str::<serde_yaml::Value>(text).is_ok()
}

/// Rejects text that `serde_yaml` cannot read in bounded time and memory: its scanner takes time
/// quadratic in the depth of brackets, and it needs about 300 bytes for each value.
fn check_size(text: &str, limit: Limit) -> Result<(), Box<SyntaxError>> {
    if text.len() <= HARMLESS_LENGTH && deepest_brackets(text) <= HARMLESS_BRACKETS {
        return Ok(());
    }
    let place = |index| character(text, Offsets::new(text, 0).byte(index));
    let mut depth = 0_usize;
    let mut values = 0_usize;
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            // That parser has a limit on brackets too.
            Err(error) if error.info().contains("recursion limit") => {
                return Err(Box::new(too_deep(place(error.marker().index()))));
            }
            // `serde_yaml` reports other errors.
            Err(_) => break,
        };
        match event {
            Event::StreamEnd => break,
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        values += 1;
        if depth > MAX_DEPTH {
            return Err(Box::new(too_deep(place(span.start.index()))));
        }
        if values > limit.most {
            let place = place(span.start.index());
            return Err(Box::new(too_many(place, limit)));
        }
    }
    Ok(())
}

/// Returns an upper bound of the nesting depth of brackets.
///
/// Inside brackets, a closing bracket belongs to a text only after a quote, in a comment or in a
/// tag. After any of their signs, closing brackets are therefore not counted.
fn deepest_brackets(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_quotes, mut in_line) = (false, false);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_quotes && !in_line => depth = depth.saturating_sub(1),
            b'"' | b'\'' if depth > 0 => in_quotes = true,
            b'#' | b'!' if depth > 0 => in_line = true,
            b'\n' => in_line = false,
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::MAX_VALUES;

    fn fault(text: &str) -> SyntaxError {
        *read(&Reader::new(true, text.len(), Limit::FIRST), text).expect_err("not YAML")
    }

    #[test]
    fn limits_depth_in_bounded_time() {
        for unit in ["[", "{a: ", "- ", "{\"a\": [", "{'}': "] {
            let fault = fault(&unit.repeat(100_000));
            assert_eq!(fault.code, code::TOO_DEEP, "{unit}");
        }
        assert_eq!(fault(&"- ".repeat(129)).code, code::TOO_DEEP);
        let text = "- ".repeat(MAX_DEPTH);
        assert!(read(&Reader::new(true, text.len(), Limit::FIRST), &text).is_ok());
    }

    #[test]
    fn brackets_are_never_deeper_than_they_are_taken_to_be() {
        for (text, deepest) in [
            ("a: [1, 2]\n".repeat(9), 1),
            ("/a/{b}/{c}: {d: [e]}\n".repeat(9), 2),
            ("a]b: [".to_owned(), 1),
            ("[']', ".repeat(9), 9),
            ("[\"]\n]\", ".repeat(9), 9),
            ("[a, # ]\n".repeat(9), 9),
            ("[!<]> ".repeat(9), 9),
        ] {
            assert!(deepest_brackets(&text) >= deepest, "{text}");
        }
        assert_eq!(deepest_brackets(&"a: [1, {b: 2}] # []\n".repeat(9)), 2);
    }

    #[test]
    fn limits_the_values_of_a_large_text() {
        let text = "- ".to_owned() + &"x\n- ".repeat(MAX_VALUES + 1);
        assert_eq!(fault(&text).code, code::TOO_LARGE);
    }

    #[test]
    fn limits_the_values_of_aliases() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for i in 1..40 {
            let alias = format!("*a{}, ", i - 1).repeat(9);
            let _ = writeln!(text, "a{i}: &a{i} [{alias}]");
        }
        assert_eq!(fault(&text).code, code::TOO_MANY_ALIASES);

        let long = "x".repeat(100_000);
        let text = format!("a: &a {long}\nb:\n{}", "  - *a\n".repeat(10_000));
        assert_eq!(fault(&text).code, code::TOO_MANY_ALIASES);
    }
}
