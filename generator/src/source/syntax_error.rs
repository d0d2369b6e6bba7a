//! Errors in the syntax of YAML and JSON.

use std::ops::Range;

use super::file_limits::{Limit, MAX_DEPTH, MAX_POINTERS, MAX_VALUES_OF_ALL, MAX_YAML_VALUES};
use crate::diagnostic::{Code, code};

/// A syntax error. Its ranges are bytes of the body.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) code: Code,
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) related: Option<(Range<usize>, &'static str)>,
}

pub(super) fn too_deep(span: Range<usize>) -> SyntaxError {
    SyntaxError {
        code: code::TOO_DEEP,
        span,
        message: format!("the document is nested deeper than {MAX_DEPTH} levels"),
        label: "the limit is reached here".to_owned(),
        help: "move inner parts into `components` and refer to them with `$ref`".to_owned(),
        related: None,
    }
}

pub(super) fn too_many(span: Range<usize>, limit: Limit) -> SyntaxError {
    let Limit { most, before } = limit;
    SyntaxError {
        code: code::TOO_LARGE,
        span,
        message: if most < MAX_YAML_VALUES {
            format!(
                "the files of the document have more than {MAX_VALUES_OF_ALL} values together: \
                 there are {before} before this file, which has more than {most}"
            )
        } else {
            format!("the document has more than {most} values")
        },
        label: "the limit is reached here".to_owned(),
        help: "split the document into files that refer to one another with `$ref`".to_owned(),
        related: None,
    }
}

pub(super) fn long_pointers(span: Range<usize>) -> SyntaxError {
    SyntaxError {
        code: code::TOO_LARGE,
        span,
        message: format!(
            "the paths of keys to all values have more than {} MiB in total",
            MAX_POINTERS >> 20
        ),
        label: "the limit is reached here".to_owned(),
        help: "shorten the keys that have many values below them".to_owned(),
        related: None,
    }
}

/// Returns the range of the character that contains a byte; an empty range at the end.
pub(super) fn character(text: &str, byte: usize) -> Range<usize> {
    let start = text.floor_char_boundary(byte);
    let found = text.get(start..).and_then(|rest| rest.chars().next());
    start..start + found.map_or(0, char::len_utf8)
}
