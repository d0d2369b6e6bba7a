//! Text as Markdown: escaping, and detection of text that needs none.

use std::borrow::Cow;

/// Removes characters that a comment cannot contain: line breaks other than `\n`, tabs, control
/// characters, and marks that change the text direction.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte == b'\n' || (b' '..0x7f).contains(&byte))
    {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            '\t' => cleaned.push_str("    "),
            '\u{feff}' => {}
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                cleaned.push('\u{fffd}');
            }
            character if character.is_control() => cleaned.push('\u{fffd}'),
            character => cleaned.push(character),
        }
    }
    Cow::Owned(cleaned)
}

/// Cleans a text within a line.
pub(super) fn in_line(text: &str) -> Cow<'_, str> {
    match clean(text) {
        text if text.contains('\n') => Cow::Owned(text.replace('\n', " ")),
        text => text,
    }
}

/// Returns the lines of a text that Markdown does not change, as is the case for most texts.
pub(super) fn plain(text: &str) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.trim_end_matches(' ');
        if line.is_empty() {
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
            continue;
        }
        if !is_plain(line) {
            return None;
        }
        lines.push(line.to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Some(lines)
}

fn is_plain(line: &str) -> bool {
    let starts_plain =
        line.starts_with(|c: char| c.is_alphabetic() || matches!(c, '(' | '"' | '\''));
    let bytes = line.as_bytes();
    let word = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    starts_plain
        && bytes.iter().enumerate().all(|(at, byte)| match byte {
            b'\\' | b'`' | b'*' | b'[' | b']' | b'<' | b'&' | b'~' => false,
            b'_' => word(at.checked_sub(1)) && word(Some(at + 1)),
            b':' => !bytes
                .get(at + 1..)
                .is_some_and(|rest| rest.starts_with(b"//")),
            _ => true,
        })
}

/// Escapes Markdown syntax in a text at any position of a line.
pub(super) fn escape(text: &str, out: &mut String) {
    let mut previous = out.chars().last();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let next = rest.clone().next();
        let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let escaped = match character {
            '\\' | '`' | '[' | ']' => true,
            '*' => !(space(previous) && space(next)) || previous.is_none(),
            '_' => !(word(previous) && word(next)),
            '~' => !space(previous),
            '<' => next.is_none_or(|c| c.is_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => next.is_none_or(|c| c.is_alphanumeric() || c == '#'),
            _ => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(character);
        previous = Some(character);
    }
}

/// Escapes the start of a line that Markdown would read as a list, heading, table or fence.
pub(super) fn escape_start(line: &str) -> Cow<'_, str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let after = line.get(digits..).unwrap_or_default();
    let (head, marker) = line.split_at_checked(1).unwrap_or((line, ""));
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let ruled = line.bytes().all(|byte| b"-=|: _*".contains(&byte));
    match head {
        "#" if ends(marker.trim_start_matches('#')) => Cow::Owned(format!("\\{line}")),
        "-" | "+" | "*" if ends(marker) => Cow::Owned(format!("\\{line}")),
        ">" | "~" | "|" => Cow::Owned(format!("\\{line}")),
        "-" | "=" | ":" | "_" | "*" if ruled => Cow::Owned(format!("\\{line}")),
        _ if digits > 0 => match after.split_at_checked(1) {
            Some(("." | ")", rest)) if ends(rest) => {
                let digits = line.get(..digits).unwrap_or_default();
                Cow::Owned(format!("{digits}\\{after}"))
            }
            _ => Cow::Borrowed(line),
        },
        _ => Cow::Borrowed(line),
    }
}

/// A piece of text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    /// A URL that can be a link.
    Url(&'a str),
    /// A URL template.
    Template(&'a str),
}

/// Finds the URLs in a text, which rustdoc requires to be links.
pub(super) fn urls(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = url_start(rest) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
            .unwrap_or(from.len());
        let (url, _) = from.split_at_checked(end).unwrap_or((from, ""));
        let url = trim_url(url);
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(if url.contains(['{', '}', '\\', '|', '^', '*', '[', ']']) {
            Piece::Template(url)
        } else {
            Piece::Url(url)
        });
        rest = from.get(url.len()..).unwrap_or_default();
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn url_start(text: &str) -> Option<usize> {
    // Searches for both schemes at once: searching for each to the end of the text would take
    // quadratic time.
    let mut starts = text.match_indices("http").map(|(at, _)| at);
    starts.find(|at| {
        let rest = text.get(at + "http".len()..).unwrap_or_default();
        rest.starts_with("://") || rest.starts_with("s://")
    })
}

/// Removes punctuation after a URL, which belongs to the sentence.
fn trim_url(url: &str) -> &str {
    let count = |c: char| url.matches(c).count();
    // The number of closing brackets without an opening one.
    let surplus = |[open, close]: [char; 2]| count(close).saturating_sub(count(open));
    let [mut round, mut square, mut curly] = [['(', ')'], ['[', ']'], ['{', '}']].map(surplus);
    url.trim_end_matches(|last| {
        let surplus = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' => return true,
            ')' => &mut round,
            ']' => &mut square,
            '}' => &mut curly,
            _ => return false,
        };
        let is_surplus = *surplus > 0;
        *surplus = surplus.saturating_sub(1);
        is_surplus
    })
}

/// Returns any text as inline code.
pub(in crate::emit) fn code(text: &str) -> String {
    let text = in_line(text);
    crate::inline_code::code(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_unchanged() {
        let text = "The client's name (see RFC 7591), as client_name: \"x\".\n\nIt's shown to the end-user.";
        assert_eq!(
            plain(text).map(|lines| lines.join("\n")).as_deref(),
            Some(text)
        );
        for text in [
            "a `b`",
            "- a",
            "1. a",
            "    a",
            "see https://a.example",
            "<b>",
            "[a]",
            "_a_",
            "a\n---",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn a_url_ends_before_the_punctuation_of_the_sentence() {
        assert_eq!(
            urls("See (https://a.example/x_(y)), or https://{host}/z."),
            [
                Piece::Text("See ("),
                Piece::Url("https://a.example/x_(y)"),
                Piece::Text("), or "),
                Piece::Template("https://{host}/z"),
                Piece::Text("."),
            ]
        );
    }

    #[test]
    fn code_holds_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code("a\r\n\tb"), "`a     b`");
    }

    #[test]
    fn direction_marks_are_removed() {
        assert_eq!(clean("a\u{202e}b\0c\r\nd"), "a\u{fffd}b\u{fffd}c\nd");
    }
}
