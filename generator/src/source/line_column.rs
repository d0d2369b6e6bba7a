//! Lines and columns of a file.

use std::ops::Range;

use super::file::SourceFile;
use super::sources::Sources;
use crate::diagnostic::FileId;

/// The size in bytes of the blocks in which characters are counted, because a whole file can be one
/// line.
const BLOCK: usize = 1024;

/// A location for users and editors. Lines and columns start at 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Sources {
    /// Returns the line and column of a byte of a file.
    #[must_use]
    pub fn line_column(&self, file: FileId, byte: usize) -> LineColumn {
        let Some(source) = self.get(file) else {
            return LineColumn { line: 1, column: 1 };
        };
        let line = source.line(byte);
        let start = source.line_span(line).start;
        let before = source.characters_before(byte.max(start)) - source.characters_before(start);
        LineColumn {
            line,
            column: before + 1,
        }
    }

    /// Returns the byte range of a line without its line break. Lines start at 1.
    pub(crate) fn line_span(&self, file: FileId, line: usize) -> Range<usize> {
        self.get(file).map_or(0..0, |source| source.line_span(line))
    }
}

impl SourceFile {
    /// Returns the start of each line.
    pub(super) fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let breaks = self.text.match_indices('\n').map(|(at, _)| at + 1);
            let mark = if self.text.starts_with('\u{FEFF}') {
                '\u{FEFF}'.len_utf8()
            } else {
                0
            };
            std::iter::once(mark).chain(breaks).collect()
        })
    }

    /// Returns the line of a byte. Lines start at 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.lines().partition_point(|&start| start <= byte).max(1)
    }

    pub(super) fn line_span(&self, line: usize) -> Range<usize> {
        let start = self.lines().get(line.saturating_sub(1));
        let start = start.copied().unwrap_or(self.text.len());
        let end = self
            .lines()
            .get(line)
            .map_or(self.text.len(), |next| next - 1);
        let text = self.text.get(start..end).unwrap_or_default();
        start..start + text.trim_end_matches('\r').len()
    }

    /// Returns the number of characters before a byte.
    pub(super) fn characters_before(&self, byte: usize) -> usize {
        let begins = |byte: &&u8| !matches!(**byte, 0x80..=0xBF);
        let bytes = self.text.as_bytes();
        let counts = self.characters.get_or_init(|| {
            let blocks = bytes.chunks(BLOCK);
            let counts = blocks.scan(0, |count, block| {
                let before = *count;
                *count += block.iter().filter(begins).count();
                Some(before)
            });
            counts.collect()
        });
        let byte = byte.min(bytes.len());
        let block = (byte / BLOCK).min(counts.len().saturating_sub(1));
        let before = counts.get(block).copied().unwrap_or_default();
        let rest = bytes.get(block * BLOCK..byte).unwrap_or_default();
        before + rest.iter().filter(begins).count()
    }

    pub(super) fn first_line(&self, span: &Range<usize>) -> Range<usize> {
        span.start..self.line_span(self.line(span.start)).end.max(span.start)
    }
}
