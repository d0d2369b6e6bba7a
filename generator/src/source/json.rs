//! JSON (RFC 8259), read by `serde_json`.

use serde_json::Value;

use super::value::Reader;
use super::{MAX_DEPTH, SyntaxError};
use crate::diagnostic::code;

pub(super) fn read(reader: &Reader, text: &str) -> Result<Value, SyntaxError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    reader
        .read(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| explain(&error, text))
}

/// What is wrong, in the words of someone who looks at the text.
fn explain(error: &serde_json::Error, text: &str) -> SyntaxError {
    let at = byte(text, error.line(), error.column());
    let found = text.get(at..).and_then(|rest| rest.chars().next());
    let full = error.to_string();
    let reason = full.split(" at line ").next().unwrap_or_default();
    let mut span = at..at + found.map_or(0, char::len_utf8);
    let mut code = code::INVALID_JSON;
    let (message, label, help) = match (reason, found) {
        ("trailing comma", _) => {
            let before = text.get(..at).unwrap_or_default().trim_end();
            let comma = before.len().saturating_sub(1);
            span = comma..before.len();
            (
                "JSON allows no comma after the last member",
                "this one",
                "remove the comma",
            )
        }
        ("recursion limit exceeded", _) => {
            code = code::TOO_DEEP;
            return SyntaxError {
                code,
                span,
                message: format!("the document is nested deeper than {MAX_DEPTH} levels"),
                label: "the limit is reached here".to_owned(),
                help: "move inner parts into `components` and refer to them with `$ref`".to_owned(),
                related: None,
            };
        }
        ("key must be a string", _) => (
            "expected a key in double quotes",
            "not a key",
            "write each key in double quotes: `\"name\": ..`",
        ),
        ("expected value", Some('\'')) => (
            "JSON text stands in double quotes",
            "single quote",
            "write `\"` instead of `'`",
        ),
        ("expected value", Some('/' | '#')) => (
            "JSON has no comments",
            "not JSON",
            "remove the comment, or name the file `.yml` and write comments with `#`",
        ),
        ("expected value", _)
            if text
                .get(..at)
                .is_some_and(|before| before.trim().is_empty()) =>
        {
            (
                "this is not JSON",
                "expected `{`",
                "a JSON document begins with `{`; if this is YAML, name the file `.yml`",
            )
        }
        ("expected value" | "expected ident", _) => (
            "expected a value",
            "not a value",
            "write an object, a list, text in double quotes, a number, `true`, `false` or `null`",
        ),
        ("trailing characters", _) => (
            "there is text after the end of the document",
            "the document ended before this",
            "remove it, or check the brackets before it",
        ),
        (reason, _) if reason.starts_with("EOF") => {
            let end = text.trim_end().len();
            span = end..end;
            (
                "the file ends in the middle of the document",
                "more was expected here",
                "close what is open with `\"`, `]` or `}`, or check that the whole file was saved",
            )
        }
        (reason, _) if reason.starts_with("control character") => (
            "a line break or control character stands inside a text",
            "not allowed in a text",
            "close the text with `\"` before it, or write `\\n` for a line break",
        ),
        ("invalid escape", _) => (
            "unknown escape in a text",
            "not an escape",
            "write `\\\\` for a backslash",
        ),
        ("number out of range", _) => (
            "the number is larger than JSON readers can hold",
            "out of range",
            "write a smaller number, or put it in quotes",
        ),
        ("invalid number", _) => (
            "this is not a number of JSON",
            "not a number",
            "write digits without a leading zero, with a digit on both sides of the point",
        ),
        (reason, _) if reason.starts_with("expected `") => {
            return SyntaxError {
                code,
                span,
                message: reason.to_owned(),
                label: "something is missing before this".to_owned(),
                help: "check the commas, colons and brackets before it".to_owned(),
                related: None,
            };
        }
        (reason, _) => {
            return SyntaxError {
                code,
                span,
                message: format!("this is not JSON: {reason}"),
                label: "here".to_owned(),
                help: "see RFC 8259 for what JSON allows".to_owned(),
                related: None,
            };
        }
    };
    SyntaxError {
        code,
        span,
        message: message.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        related: None,
    }
}

/// The byte that `serde_json` means: it counts lines from 1 and, in bytes, columns.
fn byte(text: &str, line: usize, column: usize) -> usize {
    let start = line
        .checked_sub(2)
        .and_then(|breaks| text.match_indices('\n').nth(breaks))
        .map_or(0, |(at, _)| at + 1);
    text.floor_char_boundary((start + column).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn marked(text: &str) -> (String, Range<usize>) {
        let reader = Reader::new(false, text.len());
        let error = read(&reader, text).expect_err("not JSON");
        (error.message, error.span)
    }

    #[test]
    fn points_at_the_fault() {
        for (text, message, place) in [
            (
                "{\"é\": 1,\n}",
                "JSON allows no comma after the last member",
                ",",
            ),
            ("[1, ]", "JSON allows no comma after the last member", ","),
            ("{\"a\": 1\n\"b\": 2}", "expected `,` or `}`", "\""),
            (
                "{\"a\": 1",
                "the file ends in the middle of the document",
                "",
            ),
            ("{a: 1}", "expected a key in double quotes", "a"),
            ("{\"a\": 'x'}", "JSON text stands in double quotes", "'"),
            (
                "{\"a\": 1} x",
                "there is text after the end of the document",
                "x",
            ),
            (
                "{\"a\": \"x\n\"}",
                "a line break or control character stands inside a text",
                "\n",
            ),
            ("{\"a\": \"\\q\"}", "unknown escape in a text", "q"),
            ("{\"a\": 01}", "this is not a number of JSON", "1"),
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
    fn limits_depth() {
        let text = "[".repeat(100_000);
        assert!(marked(&text).0.contains("deeper than 128"));
    }
}
