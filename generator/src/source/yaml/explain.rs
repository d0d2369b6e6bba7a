//! Explains errors of the YAML parser.

use std::ops::Range;

use super::super::spans::Tree;
use super::super::syntax_error::{SyntaxError, character, long_pointers, too_deep, too_many};
use super::super::value_reader::Reader;
use crate::diagnostic::{Code, code};

/// Explains an error of the parser: `full` is its message, `at` the index of the byte it names.
pub(super) fn explain(full: &str, at: usize, reader: &Reader, text: &str) -> SyntaxError {
    let span = character(text, at);
    if reader.has_long_pointers() {
        return long_pointers(span);
    }
    if reader.is_crowded() {
        return too_many(span, reader.limit());
    }
    if reader.is_exhausted() || full.contains("repetition limit exceeded") {
        return SyntaxError {
            code: code::TOO_MANY_ALIASES,
            span,
            message: "aliases expand this document beyond the limit".to_owned(),
            label: "the limit is reached here".to_owned(),
            help: "use `$ref` instead of anchors and aliases".to_owned(),
            related: None,
        };
    }
    if full.contains("recursion limit exceeded") {
        // The depth of the text itself was checked before.
        return circular_alias(text, &span).unwrap_or_else(|| too_deep(span));
    }
    if full.contains("more than one document") {
        return second_document(text);
    }
    if full.contains("control characters are not allowed") {
        return control_character(text);
    }
    let Some(row) = ROWS.iter().find(|row| row.matches(full, text, &span)) else {
        let reason = full.split(" at line ").next().unwrap_or_default();
        return SyntaxError {
            code: code::INVALID_YAML,
            span,
            message: format!("this is not YAML: {reason}"),
            label: "here".to_owned(),
            help: "check the indentation, and put text with special characters in quotes"
                .to_owned(),
            related: None,
        };
    };
    let context = context(full, text);
    let begins = context.as_ref().map_or(span.start, |context| context.start);
    if let Some(key) = long_key(text, begins, span.start) {
        return key_is_too_long(key);
    }
    let (span, related) = match (row.context, context) {
        (Context::Primary, Some(context)) => (context, None),
        (Context::Related(label), Some(context)) => (span, Some((context, label))),
        _ => (span, None),
    };
    let related = related.or_else(|| long_quote(text, &span));
    SyntaxError {
        code: row.code,
        span,
        message: row.message.to_owned(),
        label: row.label.to_owned(),
        help: row.help.to_owned(),
        related,
    }
}

/// Explains an alias inside the value that its anchor names. Returns `None` if there is no anchor at
/// the location.
fn circular_alias(text: &str, span: &Range<usize>) -> Option<SyntaxError> {
    let rest = text.get(span.start..)?.strip_prefix('&')?;
    let name = rest.split(|c: char| c.is_whitespace() || ",[]{}".contains(c));
    let alias = format!("*{}", name.into_iter().next().unwrap_or_default());
    // The first alias of this name, which has to exist for this error to occur.
    let inside = rest
        .match_indices(&alias)
        .map(|(at, _)| span.start + 1 + at);
    let ends = |at: usize| {
        let after = text.get(at + alias.len()..).unwrap_or_default();
        !after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
    };
    let alias_span = inside.into_iter().find(|at| ends(*at));
    let alias_span = alias_span.map(|at| at..at + alias.len());
    Some(SyntaxError {
        code: code::TOO_DEEP,
        related: alias_span
            .is_some()
            .then(|| (span.clone(), "the value begins here")),
        span: alias_span.unwrap_or_else(|| span.clone()),
        message: "this alias refers to a value that contains it".to_owned(),
        label: "this alias".to_owned(),
        help: "write a `$ref` instead: schemas may refer to themselves".to_owned(),
    })
}

/// The use of the second location of a message.
#[derive(Clone, Copy)]
enum Context {
    None,
    Primary,
    Related(&'static str),
}

/// A message of the parser and its explanation.
struct Row {
    /// The message contains all of these.
    message_has: &'static [&'static str],
    /// The text at the location begins with one of these characters; empty matches any text.
    text_has: &'static [char],
    context: Context,
    code: Code,
    message: &'static str,
    label: &'static str,
    help: &'static str,
}

impl Row {
    fn matches(&self, message: &str, text: &str, span: &Range<usize>) -> bool {
        let rest = text.get(span.start..).unwrap_or_default();
        self.message_has.iter().all(|part| message.contains(part))
            && (self.text_has.is_empty() || rest.starts_with(self.text_has))
    }
}

const ANY: Row = Row {
    message_has: &[],
    text_has: &[],
    context: Context::None,
    code: code::INVALID_YAML,
    message: "",
    label: "",
    help: "",
};

const ROWS: &[Row] = &[
    Row {
        message_has: &["tab character"],
        code: code::TAB,
        message: "tabs cannot be used to indent YAML",
        label: "tab",
        help: "indent with spaces",
        ..ANY
    },
    Row {
        message_has: &["found character that cannot start any token"],
        text_has: &['\t'],
        code: code::TAB,
        message: "tabs cannot be used to indent YAML",
        label: "tab",
        help: "indent with spaces",
        ..ANY
    },
    Row {
        message_has: &["found character that cannot start any token"],
        message: "this character cannot start an unquoted string",
        label: "here",
        help: "put the text in quotes",
        ..ANY
    },
    Row {
        message_has: &["unexpected end of stream", "quoted scalar"],
        context: Context::Primary,
        message: "unterminated quoted string",
        label: "opened here",
        help: "close it with the same quote",
        ..ANY
    },
    Row {
        message_has: &["mapping values are not allowed"],
        message: "a key is not allowed here",
        label: "this `:` turns the text before it into a key",
        help: "put text that contains `: ` in quotes, or check the indentation of this line",
        ..ANY
    },
    Row {
        message_has: &["did not find expected ',' or ']'"],
        context: Context::Related("the list begins here"),
        message: "expected `,` or `]`",
        label: "the list is still open here",
        help: "close the list with `]`, or put the text in quotes",
        ..ANY
    },
    Row {
        message_has: &["did not find expected ',' or '}'"],
        context: Context::Related("the mapping begins here"),
        message: "expected `,` or `}`",
        label: "the mapping is still open here",
        help: "close the mapping with `}`, or put the text in quotes",
        ..ANY
    },
    Row {
        message_has: &["did not find expected key"],
        message: "expected a key of the mapping",
        label: "no key can begin here",
        help: "give all keys of a mapping the same indentation; if a text contains one kind of quote, enclose it in the other kind",
        ..ANY
    },
    Row {
        message_has: &["did not find expected '-' indicator"],
        message: "expected a list item",
        label: "no item begins here",
        help: "begin each item with `- `, or indent what belongs to the item above more deeply",
        ..ANY
    },
    Row {
        message_has: &["could not find expected ':'"],
        context: Context::Primary,
        message: "expected `:` after this key",
        label: "a key without a value",
        help: "write `key: value`, or, if the line continues the text above, indent it further",
        ..ANY
    },
    Row {
        message_has: &["did not find expected node content"],
        message: "expected a value",
        label: "no value can begin here",
        help: "write a value before it, or put the text in quotes",
        ..ANY
    },
    Row {
        message_has: &["block sequence entries are not allowed"],
        message: "a list cannot begin here",
        label: "this `-` would begin a list",
        help: "begin the list on a line of its own, or put the text in quotes",
        ..ANY
    },
    Row {
        message_has: &["mapping keys are not allowed"],
        message: "a key is not allowed here",
        label: "this `?` would begin a key",
        help: "put the text in quotes",
        ..ANY
    },
    Row {
        message_has: &["block scalar"],
        context: Context::Related("the text is introduced here"),
        message: "a text after `|` or `>` begins on the next line",
        label: "not allowed on this line",
        help: "move the text to the next line and indent it",
        ..ANY
    },
    Row {
        message_has: &["unknown anchor"],
        message: "this alias refers to an unknown anchor",
        label: "unknown alias",
        help: "write `&name` before the value that the alias refers to, or put the text in quotes",
        ..ANY
    },
    Row {
        message_has: &["alphabetic or numeric character"],
        message: "expected the name of an anchor",
        label: "here",
        help: "put text that begins with `&` or `*` in quotes",
        ..ANY
    },
    Row {
        message_has: &["undefined tag handle"],
        code: code::YAML_TAG,
        message: "this YAML tag is not declared",
        label: "tag",
        help: "put text that begins with `!` in quotes",
        ..ANY
    },
    Row {
        message_has: &["invalid Unicode character escape code"],
        message: "invalid Unicode escape",
        label: "not a Unicode character",
        help: "write the character itself, or its own escape: `\\U0001F600` instead of `\\uD83D\\uDE00`",
        ..ANY
    },
    Row {
        message_has: &["unknown directive name"],
        message: "unknown YAML directive",
        label: "here",
        help: "remove the line: `%` begins `%YAML` and `%TAG` only",
        ..ANY
    },
    Row {
        message_has: &["incompatible YAML document"],
        message: "unknown YAML version",
        label: "here",
        help: "write `%YAML 1.2`, or remove the line",
        ..ANY
    },
    Row {
        message_has: &["unknown escape character"],
        message: "unknown escape in a double-quoted string",
        label: "not an escape",
        help: "write `\\\\` for a backslash, or use single quotes",
        ..ANY
    },
    Row {
        message_has: &["hexadecimal number"],
        message: "unknown escape in a double-quoted string",
        label: "expected a hexadecimal digit",
        help: "write `\\\\` for a backslash, or use single quotes",
        ..ANY
    },
    Row {
        message_has: &["expected a string"],
        message: "a key has to be a string",
        label: "this key is a list or a mapping",
        help: "put text that begins with `[` or `{` in quotes",
        ..ANY
    },
];

/// The maximum length in bytes of a key without `?`. YAML counts characters (YAML 1.2, section
/// 7.4.2), the parser counts bytes.
const LONGEST_KEY: usize = 1024;

fn key_is_too_long(span: Range<usize>) -> SyntaxError {
    let length = span.len();
    SyntaxError {
        code: code::INVALID_YAML,
        span,
        message: format!(
            "this key has {length} bytes; the limit for a YAML key without `?` is {LONGEST_KEY}"
        ),
        label: "too long for `key: value`".to_owned(),
        help: "write `? ` before the key, and `: ` with the value on the next line".to_owned(),
        related: None,
    }
}

/// Returns the key that is too long for the parser: one that starts at `begins`, or that is on the
/// line of its colon at `colon`.
fn long_key(text: &str, begins: usize, colon: usize) -> Option<Range<usize>> {
    let key = |start: usize| {
        let length = key_length(text.get(start..)?)?;
        (length > LONGEST_KEY).then_some(start..start + length)
    };
    if let Some(found) = key(begins) {
        return Some(found);
    }
    let line = text
        .get(..colon)?
        .rfind(['\n', '\r'])
        .map_or(0, |at| at + 1);
    let before = text.get(line..colon)?;
    let block = before.len() - before.trim_start_matches([' ', '-']).len();
    let flow = before.match_indices(['{', '[', ',']).map(|(at, _)| {
        let rest = before.get(at + 1..).unwrap_or_default();
        before.len() - rest.trim_start().len()
    });
    let starts = std::iter::once(block).chain(flow).map(|at| line + at);
    let ends_there = |key: &Range<usize>| {
        let after = text.get(key.end..).unwrap_or_default();
        text.len() - after.trim_start_matches(' ').len() == colon
    };
    starts.filter_map(key).find(ends_there)
}

/// Returns the length in bytes of the key at the start of a text, if a colon follows it on the same
/// line.
fn key_length(text: &str) -> Option<usize> {
    let line = text.split(['\n', '\r']).next()?;
    let is_colon = |rest: &str| rest == ":" || rest.starts_with(": ");
    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else {
        let end = line
            .match_indices([':', ',', '[', ']', '{', '}'])
            .find(|(at, sign)| *sign != ":" || line.get(*at..).is_some_and(is_colon));
        let (end, _) = end.filter(|(_, sign)| *sign == ":")?;
        return line.get(..end).map(|key| key.trim_end().len());
    };
    let mut signs = line.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        let doubled = quote == '\'' && signs.peek().is_some_and(|(_, next)| *next == quote);
        if sign == '\\' && quote == '"' || sign == quote && doubled {
            signs.next();
        } else if sign == quote {
            let end = at + 1;
            let after = line.get(end..)?.trim_start_matches(' ');
            return (after.starts_with(':')).then_some(end);
        }
    }
    None
}

fn second_document(text: &str) -> SyntaxError {
    let tree = Tree::yaml(text, 0..text.len());
    let at = tree.second_document().unwrap_or(text.len());
    let rest = text.get(at..).unwrap_or_default();
    let length = if rest.starts_with("---") { 3 } else { 0 };
    SyntaxError {
        code: code::SEVERAL_DOCUMENTS,
        span: at..at + length,
        message: "the file contains more than one YAML document".to_owned(),
        label: "the second one begins here".to_owned(),
        help: "save each document in its own file".to_owned(),
        related: None,
    }
}

fn control_character(text: &str) -> SyntaxError {
    // YAML 1.2, production [1] c-printable.
    let found = text.char_indices().find(|(_, c)| {
        !matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
            || *c == '\u{FEFF}'
    });
    let (at, length, number) = found.map_or((0, 0, 0), |(at, c)| (at, c.len_utf8(), u32::from(c)));
    SyntaxError {
        code: code::INVALID_YAML,
        span: at..at + length,
        message: format!("the control character U+{number:04X} is not allowed in YAML"),
        label: "here".to_owned(),
        help: "remove it, or write it as an escape in double quotes".to_owned(),
        related: None,
    }
}

/// Returns a quoted text that spans several lines and ends right before the location. Most likely
/// its first line lacks the closing quote.
fn long_quote(text: &str, place: &Range<usize>) -> Option<(Range<usize>, &'static str)> {
    let before = text.get(..place.start)?.trim_end();
    let quote = before.chars().last().filter(|c| matches!(c, '"' | '\''))?;
    let inner = before.strip_suffix(quote)?;
    let start = inner.rfind(quote)?;
    let is_long = inner.get(start..)?.contains('\n');
    is_long.then_some((start..start + 1, "this quoted string spans several lines"))
}

/// Returns the second location of a message: "while .. at line 3 column 7".
fn context(message: &str, text: &str) -> Option<Range<usize>> {
    let (_, context) = message.split_once(", while ")?;
    let (_, place) = context.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let line: usize = line.parse().ok()?;
    let column: usize = column.parse().ok()?;
    let mut rest = text;
    // The line breaks of the parser (YAML 1.1, section 5.4).
    for _ in 1..line {
        let at = rest.find(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])?;
        let width = if rest.get(at..)?.starts_with("\r\n") {
            2
        } else {
            rest.get(at..)?.chars().next()?.len_utf8()
        };
        rest = rest.get(at + width..)?;
    }
    let start = text.len() - rest.len();
    let (at, found) = rest.char_indices().nth(column.checked_sub(1)?)?;
    Some(start + at..start + at + found.len_utf8())
}

#[cfg(test)]
mod tests;
