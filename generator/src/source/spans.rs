//! Finds the location of a node of the JSON value in the text.
//!
//! Reading does not record positions, because that would slow it down. The first diagnostic about a
//! file builds this tree.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use libyaml_safer::{Event, EventData, Parser, ScalarStyle};

use super::panic_guard::guarded;
use crate::diagnostic::Part;
use crate::pointer::Pointer;

/// Containers with more children are indexed, to find many nodes of a large document in linear
/// time.
const WIDE: u32 = 16;

/// The maximum number of mappings that are searched for one key. Merge keys can refer to mappings
/// with merge keys.
const MOST_MERGED: usize = 200;

/// Keys that are aliases are compared up to this length.
const LONGEST_ALIAS: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Scalar,
    Mapping,
    Sequence,
    /// The anchored node.
    Alias(usize),
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// The key in `Tree::keys`.
    key: Link,
    /// The range of a scalar; for a container, an empty range at its start.
    span: Span32,
    parent: Link,
    first: Link,
    next: Link,
    children: u32,
}

/// The optional index of a node or a key, in four bytes because there can be millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link(u32);

impl Link {
    const NONE: Self = Self(u32::MAX);

    fn new(number: usize) -> Self {
        u32::try_from(number).map_or(Self::NONE, Self)
    }

    fn get(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// A byte range. A `u32` is enough because files are smaller than 4 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span32(u32, u32);

impl Span32 {
    fn new(range: &Range<usize>) -> Self {
        let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self(number(range.start), number(range.end))
    }

    fn get(self) -> Range<usize> {
        self.0 as usize..self.1 as usize
    }
}

/// A key: its text in `Tree::texts`, and its bytes in the file.
#[derive(Clone, Copy, Debug)]
struct Key {
    text: Span32,
    span: Span32,
}

/// The index of the children of a large container.
#[derive(Debug)]
enum Wide {
    Mapping(HashMap<Box<str>, usize>),
    Sequence(Vec<Link>),
}

/// The nodes of one document with their positions.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    keys: Vec<Key>,
    /// The concatenated texts of all keys.
    texts: String,
    wide: HashMap<usize, Wide>,
    /// True if the last of several equal keys counts, not the first.
    last_counts: bool,
    second_document: Option<usize>,
}

impl Tree {
    /// Reads `text[body]` up to the first YAML error.
    ///
    /// The parser is a port of the one in `serde_yaml`, so that both agree on every text.
    pub(super) fn yaml(text: &str, body: Range<usize>) -> Self {
        let source = prepared(text.get(body.clone()).unwrap_or_default());
        let mut builder = Builder::default();
        // The tree that was built before a panic is usable: later nodes are located by those around
        // them.
        _ = guarded(|| builder.events(text, body.start, &source));
        builder.finish()
    }

    /// Reads `text[body]` up to the first JSON error.
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
                    // Only keys need their text, and few have escapes.
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

    /// Returns the start of the second document of a YAML stream.
    pub(super) fn second_document(&self) -> Option<usize> {
        self.second_document
    }

    /// Returns the byte range to mark for a node.
    ///
    /// A token that the text does not have is skipped, because corrections of mistakes add nodes. A
    /// container is marked by its key; without a key, the range is empty and at its start. Returns
    /// `None` if the text has no node at all.
    pub(super) fn find(&self, pointer: &Pointer, part: Part) -> Option<Range<usize>> {
        let mut at = 0;
        for token in pointer.tokens() {
            if let Some(child) = self.child(at, &token) {
                at = child;
            }
        }
        let node = self.nodes.get(at)?;
        let span = node.span.get();
        let is_shown_by_key = part == Part::Key || span.is_empty();
        Some(match self.key_of(node) {
            Some(key) if is_shown_by_key => key.span.get(),
            _ => span,
        })
    }

    /// Returns whether the text has a node with exactly this pointer.
    pub(super) fn has(&self, pointer: &Pointer) -> bool {
        let mut tokens = pointer.tokens();
        let node = tokens.try_fold(0, |at, token| self.child(at, &token));
        node.is_some()
    }

    /// Makes the last of several equal keys count.
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
            let children = self.children(id);
            if node.kind == Kind::Sequence {
                wide.insert(id, Wide::Sequence(children.map(Link::new).collect()));
                continue;
            }
            let mut index: HashMap<Box<str>, usize> = HashMap::new();
            for child in children {
                let key = self.key(child).unwrap_or_default().into();
                if self.last_counts {
                    index.insert(key, child);
                } else {
                    index.entry(key).or_insert(child);
                }
            }
            wide.insert(id, Wide::Mapping(index));
        }
        self.wide = wide;
    }

    /// Returns the duplicate keys of mappings: the first, the second, and its text.
    pub(super) fn duplicate_keys(&self) -> Vec<(Range<usize>, Range<usize>, String)> {
        let mut seen: HashMap<(u32, &str), Span32> = HashMap::new();
        let mut found = Vec::new();
        for node in &self.nodes {
            let Some(Key { text, span }) = self.key_of(node) else {
                continue;
            };
            let key = self.texts.get(text.get()).unwrap_or_default();
            match seen.entry((node.parent.0, key)) {
                Entry::Occupied(first) => {
                    found.push((first.get().get(), span.get(), key.to_owned()));
                }
                Entry::Vacant(new) => _ = new.insert(span),
            }
        }
        found
    }

    fn child(&self, parent: usize, token: &str) -> Option<usize> {
        // The mappings to search; the next one is the last.
        let mut queue = vec![parent];
        let mut seen = HashSet::new();
        while let Some(mut parent) = queue.pop() {
            if let Kind::Alias(target) = self.nodes.get(parent)?.kind {
                parent = target;
            }
            if let Some(found) = self.own_child(parent, token) {
                return Some(found);
            }
            let Some(merged) = self.merged(parent) else {
                continue;
            };
            // A hostile document can merge mappings in a cycle.
            if seen.len() < MOST_MERGED && seen.insert(parent) {
                queue.extend(merged.into_iter().rev());
            }
        }
        None
    }

    /// Returns the nodes that the merge key of a mapping refers to.
    fn merged(&self, parent: usize) -> Option<Vec<usize>> {
        if self.nodes.get(parent)?.kind != Kind::Mapping {
            return None;
        }
        let merged = self.own_child(parent, "<<")?;
        Some(match self.nodes.get(merged)?.kind {
            Kind::Sequence => self.children(merged).take(MOST_MERGED).collect(),
            _ => vec![merged],
        })
    }

    fn own_child(&self, parent: usize, token: &str) -> Option<usize> {
        match self.wide.get(&parent) {
            Some(Wide::Mapping(index)) => return index.get(token).copied(),
            Some(Wide::Sequence(items)) => {
                return items.get(token.parse::<usize>().ok()?)?.get();
            }
            None => {}
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
        let first = self.nodes.get(parent).and_then(|node| node.first.get());
        std::iter::successors(first, |&child| self.nodes.get(child)?.next.get())
    }

    fn key(&self, node: usize) -> Option<&str> {
        let key = self.key_of(self.nodes.get(node)?)?;
        self.texts.get(key.text.get())
    }

    fn key_of(&self, node: &Node) -> Option<Key> {
        self.keys.get(node.key.get()?).copied()
    }
}

/// A container that is being read.
#[derive(Debug)]
struct Open {
    node: usize,
    last: Option<usize>,
    key: Link,
    /// True if the next node is a key of a mapping.
    expects_key: bool,
}

#[derive(Debug, Default)]
struct Builder {
    tree: Tree,
    stack: Vec<Open>,
    /// The depth inside a key that is a container, which JSON does not allow.
    skipped: usize,
}

impl Builder {
    /// Adds a scalar or an alias, or makes it the next key.
    fn node(&mut self, kind: Kind, text: &str, span: Range<usize>) -> usize {
        if self.skipped > 0 {
            return 0;
        }
        if let Some(open) = self.stack.last_mut().filter(|open| open.expects_key) {
            let start = self.tree.texts.len();
            self.tree.texts.push_str(text);
            open.key = Link::new(self.tree.keys.len());
            self.tree.keys.push(Key {
                text: Span32::new(&(start..self.tree.texts.len())),
                span: Span32::new(&span),
            });
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
            key: Link::NONE,
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
            key: Link::NONE,
            span: Span32::new(&span),
            parent: Link::new(id),
            first: Link::NONE,
            next: Link::NONE,
            children: 0,
        };
        if let Some(open) = self.stack.last_mut() {
            node.key = std::mem::replace(&mut open.key, Link::NONE);
            node.parent = Link::new(open.node);
            let before = open.last.replace(id);
            if let Some(parent) = self.tree.nodes.get_mut(open.node) {
                parent.children += 1;
                if parent.first == Link::NONE {
                    parent.first = Link::new(id);
                }
                open.expects_key = parent.kind == Kind::Mapping;
            }
            if let Some(before) = before.and_then(|id| self.tree.nodes.get_mut(id)) {
                before.next = Link::new(id);
            }
        }
        self.tree.nodes.push(node);
        id
    }

    fn finish(mut self) -> Tree {
        self.tree.index();
        self.tree
    }

    /// Adds the nodes of a text, with their locations in the file.
    fn events(&mut self, text: &str, base: usize, source: &str) {
        let mut input = source.as_bytes();
        let mut parser = Parser::new();
        parser.set_input_string(&mut input);
        let mut anchors: HashMap<String, (usize, Rc<str>)> = HashMap::new();
        let mut ended = None;
        while let Ok(event) = parser.parse() {
            let span = span(&event, base, text);
            match event.data {
                EventData::DocumentStart { .. } if ended.is_some() => {
                    self.tree.second_document = Some(span.start);
                    return;
                }
                EventData::DocumentEnd { implicit } => ended = Some((span.end, implicit)),
                EventData::StreamEnd => return,
                EventData::StreamStart { .. } | EventData::DocumentStart { .. } => {}
                EventData::Alias { anchor } => {
                    let known = anchors.get(&anchor).cloned();
                    let (target, key) = known.unwrap_or_else(|| (0, Rc::from("")));
                    self.node(Kind::Alias(target), &key, span);
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
                    let node = self.node(Kind::Scalar, &value, span);
                    if let Some(anchor) = anchor {
                        let key = if value.len() > LONGEST_ALIAS {
                            ""
                        } else {
                            &value
                        };
                        anchors.insert(anchor, (node, Rc::from(key)));
                    }
                }
                EventData::MappingStart { anchor, .. } => {
                    let node = self.open(Kind::Mapping, behind_anchor(text, span).start);
                    if let Some(anchor) = anchor {
                        anchors.insert(anchor, (node, Rc::from("")));
                    }
                }
                EventData::SequenceStart { anchor, .. } => {
                    let node = self.open(Kind::Sequence, behind_anchor(text, span).start);
                    if let Some(anchor) = anchor {
                        anchors.insert(anchor, (node, Rc::from("")));
                    }
                }
                EventData::MappingEnd | EventData::SequenceEnd => self.close(),
            }
        }
        // After `...`, the parser ends at a second document without `---`.
        let end = ended.filter(|(_, implicit)| !implicit);
        let rest = end.and_then(|(end, _)| Some((end, text.get(end..)?)));
        self.tree.second_document = rest.map(|(end, rest)| {
            let blank = rest.len() - rest.trim_start().len();
            end + blank
        });
    }
}

/// Converts character counts of the event parser to bytes of the file.
pub(super) struct Offsets<'a> {
    source: &'a str,
    /// The start of the source in its file.
    base: usize,
    /// The byte of each 64th character; empty if all are ASCII.
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
