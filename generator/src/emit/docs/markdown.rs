//! Converts any text to Markdown that rustdoc displays and never runs.

mod writer;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::escape::{clean, plain};
use super::html::{Around, Converter};
use writer::Writer;

/// Returns the lines of a document's text as Markdown that is safe in a doc comment.
pub(in crate::emit) fn safe(text: &str) -> Vec<String> {
    let text = clean(text.trim());
    if let Some(lines) = plain(&text) {
        return lines;
    }
    let text = if text.contains('<') {
        without_html(&text)
    } else {
        text.into_owned()
    };
    let mut writer = Writer::default();
    let mut events = TextMergeStream::new(Parser::new_ext(&text, options())).peekable();
    while let Some(event) = events.next() {
        let before_paragraph = matches!(events.peek(), Some(Event::Start(Tag::Paragraph)));
        writer.event(event, before_paragraph);
    }
    writer.finish()
}

/// Returns the Markdown extensions of rustdoc, except footnotes.
fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

/// Returns the text with HTML converted to Markdown.
fn without_html(text: &str) -> String {
    let mut converter = Converter::new(text);
    let mut inside = 0_usize;
    let mut in_table = false;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Item | Tag::BlockQuote(_)) => inside += 1,
            Event::End(TagEnd::Item | TagEnd::BlockQuote(_)) => inside = inside.saturating_sub(1),
            Event::Start(Tag::Table(_)) => in_table = true,
            Event::End(TagEnd::Table) => in_table = false,
            Event::Html(_) => converter.block_line(range, around(in_table, inside)),
            Event::InlineHtml(_) => converter.html(range, around(in_table, inside)),
            _ => {}
        }
    }
    converter.finish()
}

fn around(in_table: bool, inside: usize) -> Around {
    match (in_table, inside) {
        (true, _) => Around::Table,
        (false, 0) => Around::Top,
        (false, _) => Around::Inside,
    }
}

#[cfg(test)]
mod tests;
