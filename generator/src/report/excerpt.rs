//! Extracts the lines of a file that a diagnostic shows, safe to print.

use std::ops::Range;

use crate::diagnostic::FileId;
use crate::source::Sources;

/// Longer lines are truncated to a window around the marker, in characters.
const LONGEST_LINE: usize = 160;
const BEFORE_MARKER: usize = 50;

/// The maximum distance of marks in one excerpt, in lines.
const FURTHEST: usize = 5_000;

/// The number of lines that are needed around a marked line, because short gaps are shown in full.
const MARGIN: usize = 2;

/// A private-use character that no shown text contains, because it is escaped.
pub(super) const PLACEHOLDER: char = '\u{F8FF}';

/// A range of the file with its label.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) span: Range<usize>,
    pub(super) label: String,
    pub(super) is_primary: bool,
}

/// Lines with their marks, whose ranges are bytes of `text`.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub(super) first_line: usize,
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
}

/// Returns whether two locations of a file fit into one excerpt.
pub(super) fn fit_together(
    sources: &Sources,
    file: FileId,
    one: &Range<usize>,
    other: &Range<usize>,
) -> bool {
    let line = |span: &Range<usize>| sources.line_column(file, span.start).line;
    let (one, other) = (line(one), line(other));
    if one == other {
        sources.line_span(file, one).len() <= LONGEST_LINE
    } else {
        one.abs_diff(other) <= FURTHEST
    }
}

/// Extracts the lines with marks. Empty lines between them preserve the line numbers.
///
/// A mark of several lines is truncated to its first line.
pub(super) fn excerpt(sources: &Sources, file: FileId, marks: &[Mark]) -> Excerpt {
    let marks: Vec<(usize, &Mark)> = marks
        .iter()
        .map(|mark| (sources.line_column(file, mark.span.start).line, mark))
        .collect();
    let lines = || marks.iter().map(|(line, _)| *line);
    let first_line = lines().min().unwrap_or(1);
    let last_line = lines().max().unwrap_or(1);
    let mut excerpt = Excerpt {
        first_line,
        text: String::new(),
        marks: Vec::new(),
    };
    for line in first_line..=last_line {
        if lines().any(|marked| marked.abs_diff(line) <= MARGIN) {
            let here = marks.iter().filter(|(marked, _)| *marked == line);
            let here: Vec<&Mark> = here.map(|(_, mark)| *mark).collect();
            excerpt.push_line(sources, file, line, &here);
        }
        if line < last_line {
            excerpt.text.push('\n');
        }
    }
    excerpt
}

impl Excerpt {
    fn push_line(&mut self, sources: &Sources, file: FileId, line: usize, marks: &[&Mark]) {
        let span = sources.line_span(file, line);
        let text = sources.text(file).get(span.clone()).unwrap_or_default();
        // In bytes from the beginning of the line, because a whole file can be one line.
        let place = |byte: usize| byte.clamp(span.start, span.end) - span.start;
        let center = marks.iter().find(|mark| mark.is_primary).or(marks.first());
        let center = center.map_or(0, |mark| place(mark.span.start));
        let window = window(text, center);
        if window.start > 0 {
            self.text.push_str("...");
        }
        let mut offsets = Vec::new();
        let shown = text.get(window.clone()).unwrap_or_default();
        for (at, c) in shown.char_indices() {
            offsets.push((window.start + at, self.text.len()));
            push_visible(&mut self.text, c);
        }
        let end = self.text.len();
        if window.end < text.len() {
            self.text.push_str("...");
        }
        let offset = |byte: usize| {
            let next = offsets.partition_point(|(at, _)| *at < place(byte));
            offsets.get(next).map_or(end, |(_, offset)| *offset)
        };
        for mark in marks {
            let span = offset(mark.span.start)..offset(mark.span.end);
            self.marks.push(Mark {
                span,
                ..(*mark).clone()
            });
        }
    }
}

/// Returns the range of a line that is shown: all of it, or a window around a byte.
fn window(text: &str, center: usize) -> Range<usize> {
    if text.char_indices().nth(LONGEST_LINE).is_none() {
        return 0..text.len();
    }
    let before = text.get(..center).unwrap_or_default().char_indices();
    let start = before.rev().take(BEFORE_MARKER).last();
    let start = start.map_or(center, |(at, _)| at);
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.char_indices().nth(LONGEST_LINE);
    start..start + length.map_or(rest.len(), |(at, _)| at)
}

/// Returns a text of a document as one line that cannot affect the text around it.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            c => push_visible(&mut shown, c),
        }
    }
    shown
}

/// Writes control characters and those that are invisible or reorder text as escapes.
fn push_visible(text: &mut String, c: char) {
    let is_invisible = match c {
        '\t' => false,
        '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | PLACEHOLDER
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        c => c.is_control(),
    };
    if is_invisible {
        text.extend(c.escape_unicode());
    } else {
        text.push(c);
    }
}
