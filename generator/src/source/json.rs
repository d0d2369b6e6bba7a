//! Reads JSON (RFC 8259) with `serde_json`.

use serde_json::Value;

use super::syntax_error::{SyntaxError, character, long_pointers, too_deep, too_many};
use super::value_reader::Reader;
use crate::diagnostic::code;

pub(super) fn read(reader: &Reader, text: &str) -> Result<Value, Box<SyntaxError>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    reader
        .read(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| Box::new(explain(&error, reader, text)))
}

/// Explains an error of the parser.
fn explain(error: &serde_json::Error, reader: &Reader, text: &str) -> SyntaxError {
    let at = byte(text, error.line(), error.column());
    let span = character(text, at);
    let full = error.to_string();
    let reason = full.split(" at line ").next().unwrap_or_default();
    if reader.has_long_pointers() {
        return long_pointers(span);
    }
    if reader.is_crowded() {
        return too_many(span, reader.limit());
    }
    if reason == "recursion limit exceeded" {
        return too_deep(span);
    }
    let before = text.get(..at).unwrap_or_default().trim_end();
    let rest = text.get(at..).unwrap_or_default();
    let mut advice = SyntaxError {
        code: code::INVALID_JSON,
        span,
        message: format!("this is not JSON: {reason}"),
        label: "here".to_owned(),
        help: "check the commas, colons, quotes and brackets before it".to_owned(),
        related: None,
    };
    if reason.starts_with("expected `") {
        reason.clone_into(&mut advice.message);
        "something is missing before this".clone_into(&mut advice.label);
    } else if reason == "expected value" && before.is_empty() {
        "this is not JSON".clone_into(&mut advice.message);
        "expected `{`".clone_into(&mut advice.label);
        "a JSON document begins with `{`; if this is YAML, name the file `.yml`"
            .clone_into(&mut advice.help);
    } else if let Some(row) = ROWS.iter().find(|row| row.matches(reason, rest)) {
        row.message.clone_into(&mut advice.message);
        row.label.clone_into(&mut advice.label);
        row.help.clone_into(&mut advice.help);
        advice.span = match row.place {
            Place::Here => advice.span,
            Place::Before => before.len().saturating_sub(1)..before.len(),
            Place::End => text.trim_end().len()..text.len(),
        };
    }
    advice
}

/// The location of the fault, relative to where the parser stopped.
#[derive(Clone, Copy)]
enum Place {
    Here,
    /// The character before it.
    Before,
    /// The end of the text.
    End,
}

/// A message of the parser and its explanation.
struct Row {
    /// The start of the message.
    reason: &'static str,
    /// The text at the location begins with one of these characters; empty matches any text.
    found: &'static [char],
    place: Place,
    message: &'static str,
    label: &'static str,
    help: &'static str,
}

impl Row {
    fn matches(&self, reason: &str, rest: &str) -> bool {
        reason.starts_with(self.reason) && (self.found.is_empty() || rest.starts_with(self.found))
    }
}

const ROWS: &[Row] = &[
    Row {
        reason: "unexpected end of hex escape",
        found: &[],
        place: Place::Here,
        message: "this escape is half of a surrogate pair",
        label: "the other half of the pair is missing",
        help: "write the character itself, or both halves: `\\ud83d\\ude00`",
    },
    Row {
        reason: "lone leading surrogate",
        found: &[],
        place: Place::Here,
        message: "this escape is half of a surrogate pair",
        label: "the other half of the pair is missing",
        help: "write the character itself, or both halves: `\\ud83d\\ude00`",
    },
    Row {
        reason: "trailing comma",
        found: &[],
        place: Place::Before,
        message: "trailing commas are not allowed in JSON",
        label: "trailing comma",
        help: "remove the comma",
    },
    Row {
        reason: "EOF",
        found: &[],
        place: Place::End,
        message: "the file ends in the middle of the document",
        label: "unexpected end of file",
        help: "close the open part with `\"`, `]` or `}`, or check that the file is complete",
    },
    Row {
        reason: "key must be a string",
        found: &[],
        place: Place::Here,
        message: "expected a key in double quotes",
        label: "not a key",
        help: "write each key in double quotes: `\"name\": ..`",
    },
    Row {
        reason: "expected value",
        found: &['\''],
        place: Place::Here,
        message: "JSON strings have double quotes",
        label: "single quote",
        help: "write `\"` instead of `'`",
    },
    Row {
        reason: "expected value",
        found: &['/', '#'],
        place: Place::Here,
        message: "JSON has no comments",
        label: "not JSON",
        help: "remove the comment, or name the file `.yml` and write comments with `#`",
    },
    Row {
        reason: "expected value",
        found: &[],
        place: Place::Here,
        message: "expected a value",
        label: "not a value",
        help: "write an object, a list, text in double quotes, a number, `true`, `false` or `null`",
    },
    Row {
        reason: "expected ident",
        found: &[],
        place: Place::Here,
        message: "unknown word",
        label: "not `true`, `false` or `null`",
        help: "put text in double quotes",
    },
    Row {
        reason: "trailing characters",
        found: &[],
        place: Place::Here,
        message: "there is text after the end of the document",
        label: "the document ended before this",
        help: "remove it, or check the brackets before it",
    },
    Row {
        reason: "control character",
        found: &[],
        place: Place::Here,
        message: "a string contains a line break or control character",
        label: "not allowed in a string",
        help: "close the string with `\"` before it, or write `\\n` for a line break",
    },
    Row {
        reason: "invalid escape",
        found: &[],
        place: Place::Here,
        message: "unknown escape in a string",
        label: "not an escape",
        help: "write `\\\\` for a backslash",
    },
    Row {
        reason: "number out of range",
        found: &[],
        place: Place::Here,
        message: "the number is too large",
        label: "out of range",
        help: "write a smaller number, or put it in quotes",
    },
    Row {
        reason: "invalid number",
        found: &[],
        place: Place::Here,
        message: "invalid JSON number",
        label: "not a number",
        help: "write digits without a leading zero, with a digit on both sides of the point",
    },
];

/// Returns the byte index of a location of `serde_json`, which counts lines from 1 and columns in
/// bytes.
fn byte(text: &str, line: usize, column: usize) -> usize {
    let start = line
        .checked_sub(2)
        .and_then(|breaks| text.match_indices('\n').nth(breaks))
        .map_or(0, |(at, _)| at + 1);
    (start + column).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn marked(text: &str) -> (String, Range<usize>) {
        let reader = Reader::new(false, text.len(), crate::source::file_limits::Limit::FIRST);
        let error = read(&reader, text).expect_err("not JSON");
        (error.message, error.span)
    }

    #[test]
    fn points_at_the_fault() {
        for (text, message, place) in [
            (
                "{\"é\": 1,\n}",
                "trailing commas are not allowed in JSON",
                ",",
            ),
            ("[1, ]", "trailing commas are not allowed in JSON", ","),
            ("{\"a\": 1\n\"b\": 2}", "expected `,` or `}`", "\""),
            (
                "{\"a\": 1",
                "the file ends in the middle of the document",
                "",
            ),
            ("{a: 1}", "expected a key in double quotes", "a"),
            ("{\"a\": 'x'}", "JSON strings have double quotes", "'"),
            (
                "{\"a\": 1} x",
                "there is text after the end of the document",
                "x",
            ),
            (
                "{\"a\": \"x\n\"}",
                "a string contains a line break or control character",
                "\n",
            ),
            ("{\"a\": \"\\q\"}", "unknown escape in a string", "q"),
            ("{\"a\": 01}", "invalid JSON number", "1"),
            (
                "{\"a\": 1} // x",
                "there is text after the end of the document",
                "/",
            ),
            ("{ // x\n}", "expected a key in double quotes", "/"),
            ("{\"a\": // x\n1}", "JSON has no comments", "/"),
            ("openapi: 3.1.0", "this is not JSON", "o"),
            ("{\"a\": NaN}", "expected a value", "N"),
        ] {
            let (found, span) = marked(text);
            assert_eq!((found.as_str(), &text[span]), (message, place), "{text}");
        }
    }

    #[test]
    fn limits_the_values_of_a_text() {
        let text = format!("[{}1]", "1,".repeat(crate::source::MAX_VALUES));
        assert!(marked(&text).0.contains("more than 5000000 values"));
    }

    #[test]
    fn limits_depth() {
        let text = "[".repeat(100_000);
        assert!(marked(&text).0.contains("deeper than 128"));
    }
}
