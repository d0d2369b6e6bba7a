//! Reads the nodes of a YAML text.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use libyaml_safer::{Event, EventData, Parser, ScalarStyle};

use super::builder::Builder;
use super::tree::{Kind, Tree};
use crate::source::panic_guard::guarded;

/// Keys that are aliases are compared up to this length.
const LONGEST_ALIAS: usize = 1_000;

impl Tree {
    /// Reads `text[body]` up to the first YAML error.
    ///
    /// The parser is a port of the one in `serde_yaml`, so that both agree on every text.
    pub(in crate::source) fn yaml(text: &str, body: Range<usize>) -> Self {
        let source = prepared(text.get(body.clone()).unwrap_or_default());
        let mut builder = Builder::default();
        // The tree that was built before a panic is usable: later nodes are located by those around
        // them.
        _ = guarded(|| events(&mut builder, text, body.start, &source));
        builder.finish()
    }
}

/// Adds the nodes of a text, with their locations in the file.
pub(super) fn events(builder: &mut Builder, text: &str, base: usize, source: &str) {
    let mut input = source.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut anchors: HashMap<String, (usize, Rc<str>)> = HashMap::new();
    let mut ended = None;
    while let Ok(event) = parser.parse() {
        let span = span(&event, base, text);
        let kind = match event.data {
            EventData::SequenceStart { .. } => Kind::Sequence,
            _ => Kind::Mapping,
        };
        match event.data {
            EventData::DocumentStart { .. } if ended.is_some() => {
                builder.tree.second_document = Some(span.start);
                return;
            }
            EventData::DocumentEnd { implicit } => ended = Some((span.end, implicit)),
            EventData::StreamEnd => return,
            EventData::StreamStart { .. } | EventData::DocumentStart { .. } => {}
            EventData::Alias { anchor } => {
                let known = anchors.get(&anchor).cloned();
                let (target, key) = known.unwrap_or_else(|| (0, Rc::from("")));
                builder.node(Kind::Alias(target), &key, span);
            }
            EventData::Scalar {
                anchor,
                value,
                style,
                ..
            } => {
                let span = behind_anchor(text, span);
                let span = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => behind_header(text, span),
                    _ => span,
                };
                let node = builder.node(Kind::Scalar, &value, span);
                if let Some(anchor) = anchor {
                    let key = if value.len() > LONGEST_ALIAS {
                        ""
                    } else {
                        &value
                    };
                    anchors.insert(anchor, (node, Rc::from(key)));
                }
            }
            EventData::MappingStart { anchor, .. } | EventData::SequenceStart { anchor, .. } => {
                let node = builder.open(kind, behind_anchor(text, span).start);
                if let Some(anchor) = anchor {
                    anchors.insert(anchor, (node, Rc::from("")));
                }
            }
            EventData::MappingEnd | EventData::SequenceEnd => builder.close(),
        }
    }
    // After `...`, the parser ends at a second document without `---`.
    let end = ended.filter(|(_, implicit)| !implicit);
    let rest = end.and_then(|(end, _)| Some((end, text.get(end..)?)));
    builder.tree.second_document = rest.map(|(end, rest)| {
        let blank = rest.len() - rest.trim_start().len();
        end + blank
    });
}

/// Returns a text of the same length that the position parser can read.
///
/// That parser panics if a text ends inside a block scalar, or if a comma follows a tag.
fn prepared(text: &str) -> String {
    let mut is_before_comma = false;
    let bytes = text.bytes().rev().map(|byte| match byte {
        b',' | b'[' | b']' | b'{' | b'}' | b' ' | b'\t' | b'\r' | b'\n' => {
            is_before_comma = byte == b',';
            byte
        }
        b'!' if is_before_comma => b'_',
        _ => byte,
    });
    let mut bytes: Vec<u8> = bytes.collect();
    bytes.reverse();
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}

/// Returns the range of an event in the file, without trailing whitespace.
fn span(event: &Event, base: usize, text: &str) -> Range<usize> {
    let byte = |index: u64| base.saturating_add(usize::try_from(index).unwrap_or(usize::MAX));
    let start = byte(event.start_mark.index).min(text.len());
    let end = byte(event.end_mark.index).clamp(start, text.len());
    let slice = text.get(start..end).unwrap_or_default();
    start..start + slice.trim_end().len()
}

/// Skips the line with the `|` or `>` of a block scalar.
fn behind_header(text: &str, span: Range<usize>) -> Range<usize> {
    let node = text.get(span.clone()).unwrap_or_default();
    match node.split_once('\n') {
        Some((_, block)) if !block.trim().is_empty() => {
            span.end - block.trim_start().len()..span.end
        }
        _ => span,
    }
}

/// Skips the anchor before a node.
pub(super) fn behind_anchor(text: &str, span: Range<usize>) -> Range<usize> {
    let node = text.get(span.clone()).unwrap_or_default();
    let end = node.find(char::is_whitespace);
    match end.filter(|_| node.starts_with('&')) {
        Some(end) => {
            let rest = node.get(end..).unwrap_or_default();
            span.end - rest.trim_start().len()..span.end
        }
        None => span,
    }
}
