//! The lines of a file that a diagnostic shows, safe to print.

use std::ops::Range;

use crate::diagnostic::FileId;
use crate::source::Sources;

/// Lines of more characters are cut to a window around the marker.
const LONGEST_LINE: usize = 160;
const BEFORE_MARKER: usize = 50;

/// Marks further apart than this are shown as separate excerpts.
const FURTHEST: usize = 5_000;

/// Around a marked line these are needed, since a short gap is shown in full.
const MARGIN: usize = 2;

/// A private-use character that no shown text has: it is escaped.
pub(super) const PLACEHOLDER: char = '\u{F8FF}';

/// A place in the file and what to say about it.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) span: Range<usize>,
    pub(super) label: String,
    pub(super) is_primary: bool,
}

/// Some lines with their marks, whose spans are bytes of `text`.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub(super) first_line: usize,
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
}

/// Whether two places of one file fit into one excerpt.
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

/// Takes out the lines that have marks; between them stand empty lines, so
/// that the lines count as in the file.
///
/// A mark that goes over several lines is cut to its first one.
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
        // In characters from the beginning of the line.
        let place = |byte: usize| {
            let byte = byte.clamp(span.start, span.end) - span.start;
            text.get(..byte).unwrap_or_default().chars().count()
        };
        let length = place(span.end);
        let center = marks.iter().find(|mark| mark.is_primary).or(marks.first());
        let window = if length <= LONGEST_LINE {
            0..length
        } else {
            let center = center.map_or(0, |mark| place(mark.span.start));
            let start = center.saturating_sub(BEFORE_MARKER);
            start..length.min(start + LONGEST_LINE)
        };
        if window.start > 0 {
            self.text.push_str("...");
        }
        let mut offsets = Vec::with_capacity(window.len() + 1);
        for c in text.chars().skip(window.start).take(window.len()) {
            offsets.push(self.text.len());
            push_visible(&mut self.text, c);
        }
        offsets.push(self.text.len());
        if window.end < length {
            self.text.push_str("...");
        }
        let offset = |byte: usize| {
            let index = place(byte).clamp(window.start, window.end) - window.start;
            offsets.get(index).copied().unwrap_or(self.text.len())
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

/// A text of a document as one line that cannot change what stands around it.
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
