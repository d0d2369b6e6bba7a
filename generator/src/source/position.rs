//! Where a node of the JSON value stands in the text.
//!
//! Reading keeps no positions, so that it stays as fast as the parsers are.
//! The first diagnostic that shows a file builds this tree of it.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, Span};

use crate::diagnostic::Part;
use crate::pointer::Pointer;

/// Containers with more children than this are indexed, so that looking up
/// many nodes of a large document stays linear.
const WIDE: u32 = 16;

/// Merge keys may refer to mappings that have merge keys, and so on; no more of them than this are
/// looked into for one key.
const MOST_MERGED: usize = 200;

/// A longer key that is an alias is not told from others.
const LONGEST_ALIAS: usize = 1_000;

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
    /// The key in `Tree::keys`.
    key: Link,
    /// The bytes of a scalar; nothing at the beginning of a container.
    span: Span32,
    parent: Link,
    first: Link,
    next: Link,
    children: u32,
}

/// The number of a node or a key, or none: there can be millions of them.
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

/// A range of bytes: no file has as many as a `u32` can count.
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

/// The children of a container that has many.
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
    /// The texts of all keys, one after the other.
    texts: String,
    wide: HashMap<usize, Wide>,
    second_document: Option<usize>,
}

/// A byte order mark, and a character that takes as many bytes and that nobody writes.
const MARK: &str = "\u{feff}";
const STAND_IN: &str = "\u{f8ff}";

impl Tree {
    /// Reads `text[body]` as far as it is YAML.
    pub(super) fn yaml(text: &str, body: Range<usize>) -> Self {
        let mut builder = Builder::default();
        let source = text.get(body.clone()).unwrap_or_default();
        let offsets = Offsets::new(source, body.start);
        let mut anchors: HashMap<usize, (usize, Rc<str>)> = HashMap::new();
        // The parser ends at a byte order mark that `libyaml` takes for a character.
        let has_mark = source.contains(MARK);
        let source = &if has_mark {
            Cow::Owned(source.replace(MARK, STAND_IN))
        } else {
            Cow::Borrowed(source)
        };
        let mut parser = Parser::new_from_str(source);
        let mut documents = 0;
        while let Some(Ok((event, span))) = parser.next_event() {
            let span = offsets.range(span);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents == 2 {
                        builder.tree.second_document = Some(span.start);
                        break;
                    }
                }
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::Alias(id) => {
                    let known = anchors.get(&id).cloned();
                    let (target, key) = known.unwrap_or_else(|| (0, Rc::from("")));
                    builder.node(Kind::Alias(target), &key, span);
                }
                Event::Scalar(value, _, anchor, _) => {
                    let value = if has_mark {
                        Cow::Owned(value.replace(STAND_IN, MARK))
                    } else {
                        value
                    };
                    let node = builder.node(Kind::Scalar, &value, trim(text, span));
                    if anchor != 0 {
                        let key = if value.len() > LONGEST_ALIAS {
                            ""
                        } else {
                            &value
                        };
                        anchors.insert(anchor, (node, Rc::from(key)));
                    }
                }
                Event::MappingStart(anchor, _) | Event::SequenceStart(anchor, _) => {
                    let kind = if matches!(event, Event::MappingStart(..)) {
                        Kind::Mapping
                    } else {
                        Kind::Sequence
                    };
                    let node = builder.open(kind, span.start);
                    if anchor != 0 {
                        anchors.insert(anchor, (node, Rc::from("")));
                    }
                }
                Event::MappingEnd | Event::SequenceEnd => builder.close(),
            }
        }
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
            let older = || (token == "prefixItems").then(|| self.child(at, "items"))?;
            if let Some(child) = self.child(at, &token).or_else(older) {
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

    /// The keys that stand twice in one mapping: the first one, the other one and its text.
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
        // The mappings to look into, the next one last.
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
            // A hostile document may merge mappings in a circle.
            if seen.len() < MOST_MERGED && seen.insert(parent) {
                queue.extend(merged.into_iter().rev());
            }
        }
        None
    }

    /// The nodes that the merge key of a mapping names.
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
                .find(|&child| self.key(child) == Some(token)),
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
        let tree = &self.tree;
        let mut wide = HashMap::new();
        for (id, node) in tree.nodes.iter().enumerate() {
            if node.children <= WIDE {
                continue;
            }
            let children = tree.children(id);
            let index = if node.kind == Kind::Sequence {
                Wide::Sequence(children.map(Link::new).collect())
            } else {
                let mut index: HashMap<Box<str>, usize> = HashMap::new();
                for child in children {
                    let key = tree.key(child).unwrap_or_default();
                    index.entry(key.into()).or_insert(child);
                }
                Wide::Mapping(index)
            };
            wide.insert(id, index);
        }
        self.tree.wide = wide;
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

    fn range(&self, span: Span) -> Range<usize> {
        self.byte(span.start.index())..self.byte(span.end.index())
    }
}

/// Leaves out the white space that the event parser counts to a scalar.
fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let slice = text.get(span.clone()).unwrap_or_default();
    span.start..span.start + slice.trim_end().len()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::Value;

    use super::*;
    use crate::diagnostic::{Diagnostics, FileId, Location};
    use crate::source::Sources;

    fn read(name: &str, text: &str) -> (Sources, Value) {
        let mut sources = Sources::new();
        let read = sources.read_text(name, text, &mut Diagnostics::default());
        let (_, value) = read.expect("a document");
        (sources, value)
    }

    /// What is marked for a node.
    fn marked<'a>(sources: &'a Sources, pointer: &str, part: Part) -> &'a str {
        let pointer = Pointer::parse(pointer).expect("a pointer");
        let place = sources.find(&Location::Node(pointer, part));
        let (file, span) = place.expect("a place");
        &sources.text(file)[span]
    }

    fn pointers(value: &Value, at: &Pointer, into: &mut Vec<(Pointer, Value)>) {
        into.push((at.clone(), value.clone()));
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    pointers(value, &at.child(key), into);
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    pointers(value, &at.child(index), into);
                }
            }
            _ => {}
        }
    }

    const DOCUMENTS: &[(&str, &str)] = &[
        (
            "a.yml",
            "\u{FEFF}# é\r\né: \"ü \\t x\"\r\nlist:\r\n  - name: föö # c\r\n    b: |\r\n      text ß\r\n      more\r\n  - [1, {a: b, 'c d': 2.5}]\r\n  -\r\n    - x\r\n    - - y\r\nempty:\r\n\"q/k\" : 'v'\r\n~x: a b\r\n  c d\r\nlast: {}\r\n",
        ),
        (
            "a.json",
            "{\n\t\"é\": \"\\u00fc\\\"\",\n\t\"list\": [1, -2.5e3, true, null, {\"a/b\": []}, [[\"x\"]]],\n\t\"~\": {}\n}\n",
        ),
        (
            "a.md",
            "# é\n\n```yaml\nopenapi: 3.1.0\ninfo:\n    title: |\n        ```\n\n    200: x\n```\n",
        ),
        ("a.yaml", "? a\n: b\n? 'c'\n:\n  - d\n"),
    ];

    #[test]
    fn finds_every_node_of_a_document() {
        for (name, text) in DOCUMENTS {
            let (sources, value) = read(name, text);
            let mut nodes = Vec::new();
            pointers(&value, &Pointer::root(), &mut nodes);
            assert!(nodes.len() > 3);
            for (pointer, value) in nodes {
                if let Some(key) = pointer.last().filter(|key| key.parse::<usize>().is_err()) {
                    let found = marked(&sources, pointer.as_str(), Part::Key);
                    let found = found.trim().trim_matches(['"', '\'']);
                    assert_eq!(found, key, "{name} {pointer}");
                }
                let found = marked(&sources, pointer.as_str(), Part::Value);
                match value {
                    Value::String(text) if !found.contains('\\') && !text.contains('\n') => {
                        let found = found.trim_matches(['"', '\'']);
                        let found = found.split_whitespace().collect::<Vec<_>>();
                        assert_eq!(found, text.split_whitespace().collect::<Vec<_>>());
                    }
                    Value::Number(number) => {
                        let found: f64 = found.parse().expect("a number");
                        assert_eq!(Some(found), number.as_f64(), "{name} {pointer}");
                    }
                    Value::Bool(value) => assert_eq!(found, value.to_string()),
                    _ => assert!(!found.is_empty(), "{name} {pointer}"),
                }
            }
        }
    }

    #[test]
    fn marks_a_container_by_its_key_or_its_beginning() {
        let (sources, _) = read(
            "a.yml",
            "a:\n  b: 1\nlist:\n  - c: 1\n    d: 2\n  - {e: 3}\nnone:\n",
        );
        assert_eq!(marked(&sources, "/a", Part::Value), "a");
        assert_eq!(marked(&sources, "/list/0", Part::Value), "c: 1");
        assert_eq!(marked(&sources, "/list/1", Part::Key), "{");
        assert_eq!(marked(&sources, "/none", Part::Value), "none");
        assert_eq!(marked(&sources, "", Part::Value), "a:");
    }

    #[test]
    fn skips_tokens_that_the_text_does_not_have() {
        let (sources, _) = read("a.yml", "a:\n  $ref: x\n  b:\n    c: 1\n");
        assert_eq!(marked(&sources, "/a/allOf/0/$ref", Part::Value), "x");
        assert_eq!(
            marked(&sources, "/a/anyOf/1/b/c/deeper/still", Part::Value),
            "1"
        );
        assert_eq!(marked(&sources, "/nowhere", Part::Key), "a:");
    }

    #[test]
    fn reads_on_behind_a_byte_order_mark() {
        let text = "a: x\u{feff}y\n\"k\u{feff}\": {b: c}\nd: e\n";
        let (sources, _) = read("mark.yaml", text);
        assert_eq!(marked(&sources, "/d", Part::Value), "e");
        assert_eq!(marked(&sources, "/k\u{feff}/b", Part::Value), "c");
    }

    #[test]
    fn follows_aliases_and_merge_keys() {
        let (sources, value) = read(
            "a.yml",
            "base: &base\n  x: 1\n  y: {z: 2}\nalias: *base\none:\n  <<: *base\n  x: 3\nlist:\n  <<: [*base, {w: 4}]\nself: &s\n  - *base\n",
        );
        assert_eq!(value["one"]["y"]["z"], 2);
        assert_eq!(marked(&sources, "/alias/y/z", Part::Value), "2");
        assert_eq!(marked(&sources, "/alias", Part::Value), "*base");
        assert_eq!(marked(&sources, "/one/x", Part::Value), "3");
        assert_eq!(marked(&sources, "/one/y/z", Part::Key), "z");
        assert_eq!(marked(&sources, "/list/w", Part::Value), "4");
        assert_eq!(marked(&sources, "/self/0/y", Part::Key), "y");
    }

    #[test]
    fn finds_nodes_of_wide_containers() {
        let mut text = String::from("map:\n");
        for i in 0..1000 {
            let _ = writeln!(text, "  k{i}: v{i}");
        }
        text.push_str("list:\n");
        for i in 0..1000 {
            let _ = writeln!(text, "  - w{i}");
        }
        let (sources, _) = read("a.yml", &text);
        assert_eq!(marked(&sources, "/map/k777", Part::Value), "v777");
        assert_eq!(marked(&sources, "/list/777", Part::Value), "w777");
    }

    #[test]
    fn gives_some_place_where_the_parsers_disagree() {
        let tree = Tree::yaml("a: 1\nb: [\n", 0..10);
        let pointer = Pointer::root().child("a");
        assert_eq!(tree.find(&pointer, Part::Value), Some(3..4));
        assert_eq!(Tree::json("", 0..0).find(&pointer, Part::Key), None);
        let (sources, _) = read("a.yml", "a: 1\n");
        assert_eq!(
            sources.find(&Location::Span(FileId(0), 3..4)),
            Some((FileId(0), 3..4))
        );
    }
}
