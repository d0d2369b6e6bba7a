//! Writes the events of a parser of Markdown as Markdown.

use std::borrow::Cow;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Tag, TagEnd};

use super::super::escape::{Piece, code, escape, escape_start, in_line, urls};
use super::super::link;
use crate::inline_code::longest_run;

/// The maximum depth of lists and quotes; deeper ones are shown at this depth.
const DEEPEST: usize = 12;

/// A block that contains lines.
#[derive(Debug)]
enum Container {
    Quote,
    /// A list item: its marker, until it is written, and the width of the marker.
    Item(Option<String>, usize),
    /// A block beyond the maximum depth.
    Flat,
}

/// An open list.
#[derive(Debug)]
struct List {
    next: Option<u64>,
    marker: char,
}

/// An open link or image.
#[derive(Debug)]
struct Held {
    /// The start of its text in the line.
    start: usize,
    target: String,
    kind: link::LinkKind,
}

/// Writes events as Markdown.
#[derive(Debug, Default)]
pub(super) struct Writer {
    lines: Vec<String>,
    /// The current line of inline text.
    line: String,
    /// True if the line begins with text, not with a mark.
    begins_with_text: bool,
    /// True if the line ends with an opening mark.
    opened: bool,
    containers: Vec<Container>,
    lists: Vec<List>,
    held: Vec<Held>,
    /// True if the next block needs an empty line before it.
    gap: bool,
    /// The marker of the list that just ended; an adjacent list needs another one.
    last_marker: Option<char>,
    /// The language and the text of a code block.
    code: Option<(&'static str, String)>,
    columns: Vec<Alignment>,
    within: Within,
}

/// A block without line breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Other,
    Table,
    Heading,
}

impl Writer {
    pub(super) fn event(&mut self, event: Event<'_>, before_paragraph: bool) {
        match event {
            Event::Start(tag) => self.start(tag, before_paragraph),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) if self.in_table() => self.mark(&code(&text).replace('|', "\\|")),
            Event::Code(text) => self.mark(&code(&text)),
            Event::SoftBreak | Event::HardBreak if self.is_one_line() => self.mark(" "),
            Event::SoftBreak => self.flush(),
            Event::HardBreak => {
                self.line.push('\\');
                self.flush();
            }
            Event::Rule => {
                self.block();
                self.write("---");
                self.gap = true;
            }
            Event::TaskListMarker(done) => self.mark(if done { "[x] " } else { "[ ] " }),
            // HTML that remains in the second pass is text; the other events are not enabled.
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => {
                for line in text.lines() {
                    self.text(line);
                }
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, before_paragraph: bool) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.block(),
            Tag::Heading { level, .. } => {
                self.block();
                self.within = Within::Heading;
                self.mark(&format!("{} ", "#".repeat(level as usize)));
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.contain(Container::Quote);
            }
            Tag::CodeBlock(kind) => {
                self.block();
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => language(info),
                    CodeBlockKind::Indented => "text",
                };
                self.code = Some((language, String::new()));
            }
            Tag::List(start) => self.list(start),
            Tag::Item => self.item(before_paragraph),
            Tag::Table(columns) => {
                self.block();
                self.columns = columns;
                self.within = Within::Table;
            }
            Tag::TableHead | Tag::TableRow => self.mark("|"),
            Tag::TableCell => self.mark(" "),
            Tag::Emphasis => self.open("*"),
            Tag::Strong => self.open("**"),
            Tag::Strikethrough => self.open("~~"),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.hold(link::LinkKind::new(link_type), &dest_url),
            Tag::Image { dest_url, .. } => self.hold(link::LinkKind::Image, &dest_url),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                self.flush();
                self.gap = true;
            }
            TagEnd::Heading(_) => {
                if self.line.ends_with('#') {
                    // A trailing `#` would end the heading and be hidden.
                    self.line.pop();
                    self.line.push_str("\\#");
                }
                self.flush();
                self.within = Within::Other;
                self.gap = true;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.containers.pop();
                self.gap = true;
            }
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::List(_) => {
                self.flush();
                self.last_marker = self.lists.pop().map(|list| list.marker);
                self.gap = true;
            }
            TagEnd::Item => {
                self.flush();
                if let Some(Container::Item(Some(_), _)) = self.containers.last() {
                    self.write("");
                }
                self.containers.pop();
            }
            TagEnd::TableCell => self.mark(" |"),
            TagEnd::TableHead => {
                self.flush();
                let columns = self.columns.iter().map(|alignment| match alignment {
                    Alignment::None => " --- |",
                    Alignment::Left => " :-- |",
                    Alignment::Center => " :-: |",
                    Alignment::Right => " --: |",
                });
                let row: String = std::iter::once("|").chain(columns).collect();
                self.write(&row);
            }
            TagEnd::TableRow => self.flush(),
            TagEnd::Table => {
                self.within = Within::Other;
                self.gap = true;
            }
            TagEnd::Emphasis => self.mark("*"),
            TagEnd::Strong => self.mark("**"),
            TagEnd::Strikethrough => self.mark("~~"),
            TagEnd::Link | TagEnd::Image => self.release(),
            _ => {}
        }
    }

    fn list(&mut self, start: Option<u64>) {
        let last = self.last_marker.take();
        // Only a list that starts at 1 can interrupt a paragraph.
        self.gap |= !self.line.is_empty() && start.is_some_and(|start| start != 1);
        self.block();
        let marker = match (start, last) {
            (Some(_), Some('.')) => ')',
            (Some(_), _) => '.',
            (None, Some('-')) => '*',
            (None, _) => '-',
        };
        self.lists.push(List {
            next: start,
            marker,
        });
    }

    fn item(&mut self, is_loose: bool) {
        self.gap &= is_loose;
        self.block();
        let Some(list) = self.lists.last_mut() else {
            return self.contain(Container::Flat);
        };
        let marker = match &mut list.next {
            Some(number) => {
                let marker = format!("{number}{} ", list.marker);
                *number = number.saturating_add(1);
                marker
            }
            None => format!("{} ", list.marker),
        };
        let width = marker.len();
        self.contain(Container::Item(Some(marker), width));
    }

    fn contain(&mut self, container: Container) {
        let deep = self.containers.len() >= DEEPEST;
        self.containers
            .push(if deep { Container::Flat } else { container });
    }

    fn code_block(&mut self) {
        let Some((language, text)) = self.code.take() else {
            return;
        };
        let fence = "`".repeat(longest_run(&text, '`').max(2) + 1);
        self.write(&format!("{fence}{language}"));
        for line in text.lines() {
            self.write(line);
        }
        self.write(&fence);
        self.gap = true;
    }

    fn hold(&mut self, kind: link::LinkKind, target: &str) {
        self.held.push(Held {
            start: self.line.len(),
            target: in_line(target).into_owned(),
            kind,
        });
    }

    fn release(&mut self) {
        let Some(Held {
            start,
            target,
            kind,
        }) = self.held.pop()
        else {
            return;
        };
        if start > self.line.len() {
            return;
        }
        let text = self.line.split_off(start);
        let in_link = !self.held.is_empty();
        let link = link::write(&text, &target, kind, in_link, self.in_table());
        self.line.push_str(&link);
    }

    /// Writes literal text.
    fn text(&mut self, text: &str) {
        // An entity may decode to a removed character or to a line break.
        let mut text = in_line(text);
        if std::mem::take(&mut self.opened) {
            text = unspaced(text);
        }
        let text: &str = &text;
        if self.line.is_empty() {
            self.begins_with_text = true;
        }
        if !self.held.is_empty() {
            return self.escaped(text);
        }
        for piece in urls(text) {
            match piece {
                Piece::Text(text) => self.escaped(text),
                Piece::Url(url) if self.in_table() && url.contains('|') => self.escaped(url),
                Piece::Url(url) => {
                    self.line.push('<');
                    self.line.push_str(url);
                    self.line.push('>');
                }
                Piece::Template(url) if self.in_table() => {
                    self.line.push_str(&code(url).replace('|', "\\|"));
                }
                Piece::Template(url) => self.line.push_str(&code(url)),
            }
        }
    }

    fn escaped(&mut self, text: &str) {
        if self.in_table() && text.contains('|') {
            for (index, part) in text.split('|').enumerate() {
                if index > 0 {
                    self.line.push_str("\\|");
                }
                escape(part, &mut self.line);
            }
        } else {
            escape(text, &mut self.line);
        }
    }

    /// Writes an opening mark.
    fn open(&mut self, mark: &str) {
        self.mark(mark);
        self.opened = true;
    }

    /// Writes generated Markdown within a line.
    fn mark(&mut self, mark: &str) {
        if self.line.is_empty() {
            self.begins_with_text = false;
        }
        self.opened = false;
        self.line.push_str(mark);
    }

    fn in_table(&self) -> bool {
        self.within == Within::Table
    }

    fn is_one_line(&self) -> bool {
        self.within != Within::Other || !self.held.is_empty()
    }

    /// Ends the previous block.
    fn block(&mut self) {
        self.flush();
        if self.gap && !self.lines.is_empty() {
            self.write("");
        }
        self.gap = false;
        self.last_marker = None;
    }

    /// Writes the line of inline text.
    fn flush(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let line = std::mem::take(&mut self.line);
        let line = line.trim_start_matches(' ');
        if self.begins_with_text {
            self.write(&escape_start(line));
        } else {
            self.write(line);
        }
    }

    /// Writes a line, prefixed by the marks of its containers.
    fn write(&mut self, text: &str) {
        let mut line = String::new();
        for container in &mut self.containers {
            match container {
                Container::Quote => line.push_str("> "),
                Container::Item(marker, width) => match marker.take() {
                    Some(marker) => line.push_str(&marker),
                    None => line.extend(std::iter::repeat_n(' ', *width)),
                },
                Container::Flat => {}
            }
        }
        line.push_str(text);
        line.truncate(line.trim_end_matches(' ').len());
        self.lines.push(line);
    }

    pub(super) fn finish(mut self) -> Vec<String> {
        self.flush();
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines
    }
}

/// Replaces leading spaces by no-break spaces: after a mark, `*&#32;` would start a list.
fn unspaced(text: Cow<'_, str>) -> Cow<'_, str> {
    let rest = text.trim_start_matches(' ');
    match text.len() - rest.len() {
        0 => text,
        count => Cow::Owned("\u{a0}".repeat(count) + rest),
    }
}

/// Returns the language of a code block, if rustdoc knows it and it is not Rust.
fn language(info: &str) -> &'static str {
    const LANGUAGES: &[&str] = &[
        "bash",
        "c",
        "console",
        "cpp",
        "csharp",
        "css",
        "curl",
        "diff",
        "go",
        "graphql",
        "html",
        "http",
        "java",
        "javascript",
        "json",
        "kotlin",
        "php",
        "python",
        "ruby",
        "sh",
        "shell",
        "sql",
        "swift",
        "toml",
        "typescript",
        "xml",
        "yaml",
    ];
    let word = info
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    LANGUAGES
        .iter()
        .find(|language| language.eq_ignore_ascii_case(word))
        .copied()
        .unwrap_or("text")
}
