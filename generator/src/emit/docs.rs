//! Rustdoc comments, from the document's texts and from generated sentences.

pub(super) mod client;
mod escape;
mod html;
mod link;
mod markdown;
mod note;
pub(super) mod operations;
pub(super) mod types;
pub(super) mod webhook;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use escape::code;

use super::scope::plain;
use crate::ir::Docs;

/// The lines of a doc comment, in Markdown.
#[derive(Debug, Default)]
pub(super) struct Doc(Vec<String>);

impl Doc {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Creates a comment from the docs of an item.
    pub(super) fn of_item(docs: &Docs) -> Self {
        let mut doc = Self::new();
        doc.words(docs);
        doc
    }

    /// Adds the docs of an item.
    pub(super) fn words(&mut self, docs: &Docs) {
        let Docs {
            summary,
            description,
            notes,
        } = docs;
        let doc = self;
        if let Some(summary) = summary {
            doc.markdown(summary);
        }
        if let Some(description) = description
            && summary.as_ref() != Some(description)
        {
            doc.markdown(description);
        }
        match notes.as_slice() {
            [] => {}
            [note] => doc.markdown(&note::words(note)),
            notes => {
                doc.gap();
                for note in notes {
                    let mut lines = markdown::safe(&note::words(note)).into_iter();
                    doc.0.extend(lines.next().map(|line| format!("- {line}")));
                    doc.0.extend(lines.map(|line| indented(&line)));
                }
            }
        }
    }

    /// Returns the comment with a heading of one or two words before it.
    pub(super) fn headed(&self, head: &str) -> Self {
        match self.0.split_first() {
            None => Self(vec![head.to_owned()]),
            // A paragraph continues the line; any other block starts a new one.
            Some((first, rest)) if first.starts_with(|c: char| c.is_alphanumeric()) => {
                let first = format!("{head}: {first}");
                Self(std::iter::once(first).chain(rest.iter().cloned()).collect())
            }
            Some(_) => {
                let head = [head.to_owned(), String::new()].into_iter();
                Self(head.chain(self.0.iter().cloned()).collect())
            }
        }
    }

    /// Adds a text of the document as separate paragraphs, converted to safe Markdown.
    pub(super) fn markdown(&mut self, text: &str) {
        let lines = markdown::safe(text);
        if !lines.is_empty() {
            self.gap();
            self.0.extend(lines);
        }
    }

    /// Adds a text of the document as a heading.
    pub(super) fn heading(&mut self, text: &str) {
        if let Some(line) = first_line(text) {
            self.paragraph(format!("# {line}"));
        }
    }

    /// Adds a paragraph of generated Markdown.
    pub(super) fn paragraph(&mut self, text: impl Into<String>) {
        self.gap();
        self.0.push(text.into());
    }

    /// Adds consecutive lines of generated Markdown, such as a list or a code block.
    pub(super) fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        self.gap();
        self.0.extend(lines);
    }

    /// Adds another comment as separate paragraphs.
    pub(super) fn append(&mut self, other: Self) {
        self.gap();
        self.0.extend(other.0);
    }

    /// Sets the text of an empty comment.
    pub(super) fn or(mut self, text: impl FnOnce() -> String) -> Self {
        if self.0.is_empty() {
            self.0.push(text());
        }
        self
    }

    /// Sets the text of an empty comment to the wire name, if it differs from the Rust name.
    pub(super) fn or_wire(self, wire: &str, rust: &str) -> Self {
        if plain(rust) == wire {
            self
        } else {
            self.or(|| code(wire))
        }
    }

    fn gap(&mut self) {
        if !self.0.is_empty() {
            self.0.push(String::new());
        }
    }

    /// Returns the comment as outer attributes: `///`.
    pub(super) fn outer(&self) -> TokenStream {
        let lines = self.0.iter().map(|line| spaced(line));
        quote!(#(#[doc = #lines])*)
    }

    /// Returns the comment as inner attributes: `//!`.
    pub(super) fn inner(&self) -> TokenStream {
        let lines = self.0.iter().map(|line| spaced(line));
        quote!(#(#![doc = #lines])*)
    }
}

impl From<String> for Doc {
    fn from(text: String) -> Self {
        Self(vec![text])
    }
}

impl From<&str> for Doc {
    fn from(text: &str) -> Self {
        Self(vec![text.to_owned()])
    }
}

/// Returns the first line of the docs, for a list.
pub(super) fn summary(docs: &Docs) -> Option<String> {
    first_line(docs.summary.as_ref().or(docs.description.as_ref())?)
}

/// Returns the first line of a text, if it is a paragraph and no other block.
pub(super) fn first_line(text: &str) -> Option<String> {
    let first = markdown::safe(text).into_iter().next()?;
    first
        .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '<' | '[' | '*'))
        .then_some(first)
}

fn spaced(line: &str) -> String {
    if line.is_empty() {
        String::new()
    } else {
        format!(" {line}")
    }
}

fn indented(line: &str) -> String {
    if line.is_empty() {
        String::new()
    } else {
        format!("  {line}")
    }
}
