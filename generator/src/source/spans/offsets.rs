//! Bytes of a text by character.

/// Converts character counts of the event parser to bytes of the file.
pub(in crate::source) struct Offsets<'a> {
    source: &'a str,
    /// The start of the source in its file.
    base: usize,
    /// The byte of each 64th character; empty if all are ASCII.
    steps: Vec<usize>,
}

const STEP: usize = 64;

impl<'a> Offsets<'a> {
    pub(in crate::source) fn new(source: &'a str, base: usize) -> Self {
        let steps = if source.is_ascii() {
            Vec::new()
        } else {
            let steps = source.char_indices().step_by(STEP).map(|(at, _)| at);
            steps.collect()
        };
        Self {
            source,
            base,
            steps,
        }
    }

    pub(in crate::source) fn byte(&self, character: usize) -> usize {
        let length = self.source.len();
        let at = if self.steps.is_empty() {
            character.min(length)
        } else if let Some(&step) = self.steps.get(character / STEP) {
            let rest = self.source.get(step..).unwrap_or_default();
            let mut starts = rest.char_indices();
            let start = starts.nth(character % STEP);
            start.map_or(length, |(at, _)| step + at)
        } else {
            length
        };
        self.base + at
    }
}
