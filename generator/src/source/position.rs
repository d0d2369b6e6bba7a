//! Where a node of the JSON value stands in the text.
//!
//! Reading keeps no positions, so that it stays as fast as the parsers are.
//! The first diagnostic that shows a file builds this tree of it.

use std::collections::HashMap;
use std::ops::Range;

use libyaml_safer::{Event, EventData, Parser, ScalarStyle};

use crate::diagnostic::Part;
use crate::pointer::Pointer;

/// Containers with more children than this are indexed, so that looking up
/// many nodes of a large document stays linear.
const WIDE: u32 = 16;

/// Merge keys may refer to mappings that have merge keys; a hostile document
/// may do so in a circle.
const MERGE_DEPTH: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Scalar,
    Mapping,
    Sequence,
    /// Stands for the anchored node.
    Alias(usize),
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// The text of the key in `Tree::keys`, and its bytes in the file.
    key: Option<(Range<usize>, Range<usize>)>,
    /// The bytes of a scalar; nothing at the beginning of a container.
    span: Range<usize>,
    parent: usize,
    first: Option<usize>,
    next: Option<usize>,
    children: u32,
}

/// The nodes of one document with their positions.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// All keys, one after the other.
    keys: String,
    wide: HashMap<usize, HashMap<Box<str>, usize>>,
    /// Whether of a key that is there twice the last one counts, and not the first.
    last_counts: bool,
    second_document: Option<usize>,
}

impl Tree {
    /// Reads `text[body]` as far as it is YAML.
    ///
    /// The parser is a port of the one in `serde_yaml`, so that both agree on every text.
    pub(super) fn yaml(text: &str, body: Range<usize>) -> Self {
        let mut builder = Builder::default();
        let base = body.start;
        let source = prepared(text.get(body).unwrap_or_default());
        let mut input = source.as_bytes();
        let mut parser = Parser::new();
        parser.set_input_string(&mut input);
        let mut anchors: HashMap<String, (usize, String)> = HashMap::new();
        let mut ended = None;
        while let Ok(event) = parser.parse() {
            let span = span(&event, base, text);
            match event.data {
                EventData::DocumentStart { .. } if ended.is_some() => {
                    builder.tree.second_document = Some(span.start);
                    return builder.finish();
                }
                EventData::DocumentEnd { implicit } => ended = Some((span.end, implicit)),
                EventData::StreamEnd => return builder.finish(),
                EventData::StreamStart { .. } | EventData::DocumentStart { .. } => {}
                EventData::Alias { anchor } => {
                    let (target, key) = anchors.get(&anchor).cloned().unwrap_or_default();
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
                        anchors.insert(anchor, (node, value));
                    }
                }
                EventData::MappingStart { anchor, .. } => {
                    let node = builder.open(Kind::Mapping, behind_anchor(text, span).start);
                    if let Some(anchor) = anchor {
                        anchors.insert(anchor, (node, String::new()));
                    }
                }
                EventData::SequenceStart { anchor, .. } => {
                    let node = builder.open(Kind::Sequence, behind_anchor(text, span).start);
                    if let Some(anchor) = anchor {
                        anchors.insert(anchor, (node, String::new()));
                    }
                }
                EventData::MappingEnd | EventData::SequenceEnd => builder.close(),
            }
        }
        // Behind `...` the parser ends at a second document that has no `---`.
        let end = ended.filter(|(_, implicit)| !implicit);
        let rest = end.and_then(|(end, _)| Some((end, text.get(end..)?)));
        builder.tree.second_document = rest.map(|(end, rest)| {
            let blank = rest.len() - rest.trim_start().len();
            end + blank
        });
        builder.finish()
    }

    /// Reads `text[body]` as far as it is JSON.
    pub(super) fn json(text: &str, body: Range<usize>) -> Self {
        let mut builder = Builder::default();
        let bytes = text.as_bytes();
        let mut at = body.start;
        while let Some(&byte) = bytes.get(at).filter(|_| at < body.end) {
            let start = at;
            at += 1;
            match byte {
                b'{' => _ = builder.open(Kind::Mapping, start),
                b'[' => _ = builder.open(Kind::Sequence, start),
                b'}' | b']' => builder.close(),
                b'"' => {
                    while let Some(&byte) = bytes.get(at).filter(|_| at < body.end) {
                        at += if byte == b'\\' { 2 } else { 1 };
                        if byte == b'"' {
                            break;
                        }
                    }
                    at = at.min(body.end);
                    let raw = text.get(start..at).unwrap_or_default();
                    // Only keys need their text; unescaping each string costs little.
                    let key = if raw.contains('\\') {
                        serde_json::from_str(raw).unwrap_or_default()
                    } else {
                        raw.trim_matches('"').to_owned()
                    };
                    builder.node(Kind::Scalar, &key, start..at);
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {}
                _ => {
                    while bytes.get(at).is_some_and(|byte| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
                    }) {
                        at += 1;
                    }
                    builder.node(Kind::Scalar, "", start..at);
                }
            }
        }
        builder.finish()
    }

    /// Where the second document of a YAML stream begins.
    pub(super) fn second_document(&self) -> Option<usize> {
        self.second_document
    }

    /// The bytes to mark for a node.
    ///
    /// A token that the text does not have is skipped, since `normalize` puts
    /// nodes of its own between those of the document. A container is marked
    /// by its key; where it has none, the range is empty and says where it
    /// begins. `None` where the text has no node at all.
    pub(super) fn find(&self, pointer: &Pointer, part: Part) -> Option<Range<usize>> {
        let mut at = 0;
        for token in pointer.tokens() {
            // Before JSON Schema 2020-12, `items` could be a list.
            let older =
                || (token == "prefixItems").then(|| self.child(at, "items", MERGE_DEPTH))?;
            if let Some(child) = self.child(at, &token, MERGE_DEPTH).or_else(older) {
                at = child;
            }
        }
        let node = self.nodes.get(at)?;
        let is_shown_by_key = part == Part::Key || node.span.is_empty();
        Some(match &node.key {
            Some((_, span)) if is_shown_by_key => span.clone(),
            _ => node.span.clone(),
        })
    }

    /// Has the last of several equal keys count.
    pub(super) fn prefer_last(mut self) -> Self {
        self.last_counts = true;
        self.index();
        self
    }

    /// Indexes the containers with many children.
    fn index(&mut self) {
        let mut wide = HashMap::new();
        for (id, node) in self.nodes.iter().enumerate() {
            if node.children <= WIDE {
                continue;
            }
            let mut index: HashMap<Box<str>, usize> = HashMap::new();
            for (position, child) in self.children(id).enumerate() {
                let token = match self.key(child) {
                    Some(key) => key.into(),
                    None => position.to_string().into(),
                };
                if self.last_counts {
                    index.insert(token, child);
                } else {
                    index.entry(token).or_insert(child);
                }
            }
            wide.insert(id, index);
        }
        self.wide = wide;
    }

    /// The keys that stand twice in one mapping: the first one, the other one and its text.
    pub(super) fn duplicate_keys(&self) -> Vec<(Range<usize>, Range<usize>, String)> {
        let mut seen: HashMap<(usize, &str), &Range<usize>> = HashMap::new();
        let mut found = Vec::new();
        for node in &self.nodes {
            let Some((text, span)) = &node.key else {
                continue;
            };
            let key = self.keys.get(text.clone()).unwrap_or_default();
            if let Some(first) = seen.get(&(node.parent, key)) {
                found.push(((*first).clone(), span.clone(), key.to_owned()));
            } else {
                seen.insert((node.parent, key), span);
            }
        }
        found
    }

    fn child(&self, parent: usize, token: &str, depth: usize) -> Option<usize> {
        let mut parent = parent;
        let mut node = self.nodes.get(parent)?;
        if let Kind::Alias(target) = node.kind {
            parent = target;
            node = self.nodes.get(target)?;
        }
        if let Some(found) = self.own_child(parent, token) {
            return Some(found);
        }
        if node.kind != Kind::Mapping {
            return None;
        }
        let depth = depth.checked_sub(1)?;
        let merged = self.own_child(parent, "<<")?;
        let sources: Vec<usize> = match self.nodes.get(merged)?.kind {
            Kind::Sequence => self.children(merged).collect(),
            _ => vec![merged],
        };
        let mut sources = sources.into_iter();
        sources.find_map(|source| self.child(source, token, depth))
    }

    fn own_child(&self, parent: usize, token: &str) -> Option<usize> {
        if let Some(index) = self.wide.get(&parent) {
            return index.get(token).copied();
        }
        match self.nodes.get(parent)?.kind {
            Kind::Mapping => self
                .children(parent)
                .filter(|&child| self.key(child) == Some(token))
                .take(if self.last_counts { usize::MAX } else { 1 })
                .last(),
            Kind::Sequence => self.children(parent).nth(token.parse().ok()?),
            Kind::Scalar | Kind::Alias(_) => None,
        }
    }

    fn children(&self, parent: usize) -> impl Iterator<Item = usize> {
        let first = self.nodes.get(parent).and_then(|node| node.first);
        std::iter::successors(first, |&child| self.nodes.get(child)?.next)
    }

    fn key(&self, node: usize) -> Option<&str> {
        let (text, _) = self.nodes.get(node)?.key.as_ref()?;
        self.keys.get(text.clone())
    }
}

/// A container that is being read.
#[derive(Debug)]
struct Open {
    node: usize,
    last: Option<usize>,
    key: Option<(Range<usize>, Range<usize>)>,
    /// Inside a mapping, whether what comes next is a key.
    expects_key: bool,
}

#[derive(Debug, Default)]
struct Builder {
    tree: Tree,
    stack: Vec<Open>,
    /// Depth inside a key that is itself a container, which JSON cannot say.
    skipped: usize,
}

impl Builder {
    /// Adds a scalar or an alias, or takes it as the next key.
    fn node(&mut self, kind: Kind, text: &str, span: Range<usize>) -> usize {
        if self.skipped > 0 {
            return 0;
        }
        if let Some(open) = self.stack.last_mut().filter(|open| open.expects_key) {
            let start = self.tree.keys.len();
            self.tree.keys.push_str(text);
            open.key = Some((start..self.tree.keys.len(), span));
            open.expects_key = false;
            return open.node;
        }
        self.push(kind, span)
    }

    fn open(&mut self, kind: Kind, start: usize) -> usize {
        let is_key = self.stack.last().is_some_and(|open| open.expects_key);
        if self.skipped > 0 || is_key {
            self.skipped += 1;
            return 0;
        }
        let node = self.push(kind, start..start);
        self.stack.push(Open {
            node,
            last: None,
            key: None,
            expects_key: kind == Kind::Mapping,
        });
        node
    }

    fn close(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            if self.skipped == 0
                && let Some(open) = self.stack.last_mut()
            {
                open.expects_key = false;
            }
        } else {
            self.stack.pop();
        }
    }

    fn push(&mut self, kind: Kind, span: Range<usize>) -> usize {
        let id = self.tree.nodes.len();
        let mut node = Node {
            kind,
            key: None,
            span,
            parent: id,
            first: None,
            next: None,
            children: 0,
        };
        if let Some(open) = self.stack.last_mut() {
            node.key = open.key.take();
            node.parent = open.node;
            let before = open.last.replace(id);
            if let Some(parent) = self.tree.nodes.get_mut(open.node) {
                parent.children += 1;
                parent.first.get_or_insert(id);
                open.expects_key = parent.kind == Kind::Mapping;
            }
            if let Some(before) = before.and_then(|id| self.tree.nodes.get_mut(id)) {
                before.next = Some(id);
            }
        }
        self.tree.nodes.push(node);
        id
    }

    fn finish(mut self) -> Tree {
        self.tree.index();
        self.tree
    }
}

/// From the characters that the event parser counts to the bytes of the file.
pub(super) struct Offsets<'a> {
    source: &'a str,
    /// The byte at which the source begins in its file.
    base: usize,
    /// The byte of each 64th character, or nothing where all are ASCII.
    steps: Vec<usize>,
}

const STEP: usize = 64;

impl<'a> Offsets<'a> {
    pub(super) fn new(source: &'a str, base: usize) -> Self {
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

    pub(super) fn byte(&self, character: usize) -> usize {
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

/// Returns the text as the parser of positions can read it; each byte keeps its place.
///
/// That parser panics where a text ends inside a block scalar, and where a comma follows a tag.
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

/// Returns the bytes of an event in the file, without white space at its end.
fn span(event: &Event, base: usize, text: &str) -> Range<usize> {
    let byte = |index: u64| base.saturating_add(usize::try_from(index).unwrap_or(usize::MAX));
    let start = byte(event.start_mark.index).min(text.len());
    let end = byte(event.end_mark.index).clamp(start, text.len());
    let slice = text.get(start..end).unwrap_or_default();
    start..start + slice.trim_end().len()
}

/// Leaves out the line with the `|` or `>` of a block scalar.
fn behind_header(text: &str, span: Range<usize>) -> Range<usize> {
    let node = text.get(span.clone()).unwrap_or_default();
    match node.split_once('\n') {
        Some((_, block)) if !block.trim().is_empty() => {
            span.end - block.trim_start().len()..span.end
        }
        _ => span,
    }
}

/// Leaves out the anchor before a node.
fn behind_anchor(text: &str, span: Range<usize>) -> Range<usize> {
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

#[cfg(test)]
mod tests;
