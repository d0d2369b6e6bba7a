//! Converts HTML in descriptions to Markdown. Tags without an equivalent become text.
//!
//! No HTML is kept: rustdoc would include it in its pages.

use std::ops::Range;

/// The maximum distance to the end tag of an element.
const FARTHEST_END: usize = 2000;

/// The maximum length of a tag; a longer one is text.
const LONGEST_TAG: usize = 4000;

/// The maximum number of consecutive line breaks that become one.
const MOST_BREAKS: usize = 50;

/// Formatting tags. Any other tag is a placeholder such as `<id>`.
const KNOWN: &[&str] = &[
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "html",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// The context of a piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// The top level: it may start paragraphs and lists.
    Top,
    /// In a list or a quote: it stays in its line.
    Inside,
    /// In a table row, which has no line breaks.
    Table,
}

/// Converts the HTML in a text to Markdown.
pub(super) struct Converter<'t> {
    text: &'t str,
    out: String,
    /// The position up to which the text is converted.
    done: usize,
    /// The Markdown marks that are open.
    open: Vec<&'static str>,
    /// The start of an open link's text in `out`, and the link's target.
    link: Option<(usize, &'t str)>,
}

impl<'t> Converter<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            out: String::with_capacity(text.len()),
            done: 0,
            open: Vec::new(),
            link: None,
        }
    }

    /// Converts the HTML in a range of the text. Ranges must be in order.
    pub(super) fn html(&mut self, range: Range<usize>, around: Around) {
        self.copy_to(range.start);
        while let Some(rest) = self.text.get(self.done..range.end)
            && let Some(start) = rest.find('<')
        {
            self.copy_to(self.done + start);
            let rest = rest.get(start..).unwrap_or_default();
            if let Some(comment) = rest.strip_prefix("<!--") {
                let length = comment.find("-->").map_or(rest.len(), |end| end + 7);
                self.done += length;
            } else if let Some(tag) = Tag::read(rest) {
                self.done += tag.length;
                self.tag(&tag, around);
            } else {
                self.out.push_str("\\<");
                self.done += 1;
            }
        }
        self.copy_to(range.end);
    }

    /// Converts a line of an HTML block, ignoring leading spaces.
    pub(super) fn block_line(&mut self, range: Range<usize>, around: Around) {
        self.copy_to(range.start);
        let line = self.text.get(range.clone()).unwrap_or_default();
        self.done += line.len() - line.trim_start_matches(' ').len();
        self.html(self.done..range.end, around);
    }

    /// Returns the converted text, to be parsed again.
    pub(super) fn finish(mut self) -> String {
        self.copy_to(self.text.len());
        self.out
    }

    fn copy_to(&mut self, end: usize) {
        if let Some(text) = self.text.get(self.done..end) {
            self.out.push_str(text);
            self.done = end;
        }
    }

    fn after(&self) -> &'t str {
        self.text.get(self.done..).unwrap_or_default()
    }

    /// Returns `true` if an element is closed within a short distance.
    fn is_closed(&self, name: &str) -> bool {
        let end = format!("</{name}>");
        let near = self
            .after()
            .char_indices()
            .take_while(|(at, _)| *at < FARTHEST_END);
        let length = near.last().map_or(0, |(at, c)| at + c.len_utf8());
        let near = self.after().get(..length).unwrap_or_default();
        near.to_ascii_lowercase().contains(&end)
    }

    fn tag(&mut self, tag: &Tag<'t>, around: Around) {
        match tag.name.as_str() {
            "b" | "strong" => self.mark("**", tag),
            "i" | "em" => self.mark("*", tag),
            "code" | "kbd" | "tt" | "var" | "samp" => self.mark("`", tag),
            "a" => self.anchor(tag),
            "br" => self.line_break(around),
            "li" => match (around, tag.closing) {
                (Around::Top, false) => self.out.push_str("\n- "),
                (Around::Inside, false) => self.line_break(around),
                _ => {}
            },
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if around == Around::Top => {
                self.out
                    .push_str(if tag.closing { "\n\n" } else { "\n\n#### " });
            }
            "p" | "div" | "ul" | "ol" | "dl" | "dt" | "dd" | "pre" | "blockquote" | "table"
            | "tr" | "hr" | "details" | "summary" => match around {
                Around::Top => self.out.push_str("\n\n"),
                Around::Inside | Around::Table => self.out.push(' '),
            },
            "td" | "th" => self.out.push(' '),
            _ => {}
        }
    }

    /// Adds a mark, if Markdown allows it: not next to a space.
    fn mark(&mut self, mark: &'static str, tag: &Tag<'_>) {
        if tag.closing {
            if self.open.last() == Some(&mark) && self.out.ends_with(|c: char| !c.is_whitespace()) {
                self.open.pop();
                self.out.push_str(mark);
            }
        } else if self
            .after()
            .starts_with(|c: char| !c.is_whitespace() && c != '<')
            && self.is_closed(&tag.name)
        {
            self.open.push(mark);
            self.out.push_str(mark);
        }
    }

    fn anchor(&mut self, tag: &Tag<'t>) {
        if tag.closing {
            if let Some((start, url)) = self.link.take() {
                let text = self.out.split_off(start);
                let text: Vec<&str> = text.split_whitespace().collect();
                self.out.push('[');
                self.out.push_str(&text.join(" "));
                self.out.push_str("](<");
                self.out.push_str(url);
                self.out.push_str(">)");
            }
        } else if let Some(url) = tag.target()
            && self.is_closed("a")
        {
            self.link = Some((self.out.len(), url));
        }
    }

    fn line_break(&mut self, around: Around) {
        let mut after = self.after().trim_start_matches(' ');
        for _ in 0..MOST_BREAKS {
            let Some(tag) = Tag::read(after).filter(|tag| tag.name == "br") else {
                break;
            };
            after = after
                .get(tag.length..)
                .unwrap_or_default()
                .trim_start_matches(' ');
        }
        let last = after.is_empty() || after.starts_with("\n\n");
        self.out.truncate(self.out.trim_end_matches(' ').len());
        let started = self.out.is_empty() || self.out.ends_with('\n');
        match around {
            Around::Table => self.out.push(' '),
            _ if last || started => {}
            _ if after.starts_with('\n') => self.out.push('\\'),
            _ => self.out.push_str("\\\n"),
        }
    }
}

/// A known tag.
struct Tag<'t> {
    name: String,
    closing: bool,
    attributes: &'t str,
    /// The length in the text, with brackets.
    length: usize,
}

impl<'t> Tag<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let inner = text.strip_prefix('<')?;
        let end = inner
            .bytes()
            .take(LONGEST_TAG)
            .position(|byte| byte == b'>')?;
        let inner = inner.get(..end)?;
        let length = inner.len() + 2;
        let closing = inner.starts_with('/');
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        let end = inner
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(inner.len());
        let (name, attributes) = inner.split_at_checked(end)?;
        let follows = attributes.is_empty()
            || attributes.starts_with('/')
            || attributes.starts_with(char::is_whitespace);
        let name = name.to_ascii_lowercase();
        let known = KNOWN.contains(&name.as_str());
        (follows && known).then_some(Self {
            name,
            closing,
            attributes,
            length,
        })
    }

    /// Returns the target of a link, if it is absolute.
    fn target(&self) -> Option<&'t str> {
        let (_, value) = self.attributes.split_once("href=")?;
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (url, _) = value.get(1..)?.split_once(quote)?;
        let url = url.trim();
        let absolute = url.starts_with("http://") || url.starts_with("https://");
        let legal = !url.contains(|c: char| c.is_whitespace() || c == '<' || c == '>');
        (absolute && legal).then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        let mut converter = Converter::new(html);
        converter.html(0..html.len(), Around::Top);
        converter.finish()
    }

    #[test]
    fn formatting_becomes_markdown() {
        for (html, text) in [
            ("a <b>b</b> <em>c</em> <code>d</code>", "a **b** *c* `d`"),
            ("a<br>b<br/><BR>", "a\\\nb"),
            ("<ul><li>a</li><li>b</li></ul>", "\n\n\n- a\n- b\n\n"),
            (
                "<a class='x' href=\"https://a.example\">a\n b</a>",
                "[a b](<https://a.example>)",
            ),
            ("<a href=\"javascript:x\">a</a>", "a"),
            ("<b> a</b>", " a"),
        ] {
            assert_eq!(markdown(html), text, "{html}");
        }
    }

    #[test]
    fn unknown_tags_are_text() {
        for (html, text) in [
            ("/x/<id>", "/x/\\<id>"),
            ("<script>x</script>", "\\<script>x\\</script>"),
            ("a < b", "a \\< b"),
            ("a <!-- b --> c", "a  c"),
            ("a <!-- b", "a "),
        ] {
            assert_eq!(markdown(html), text, "{html}");
        }
    }
}
