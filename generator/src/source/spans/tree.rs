//! The nodes of a text, and the location of each.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::diagnostic::Part;
use crate::pointer::Pointer;

/// Containers with more children are indexed, to find many nodes of a large document in linear
/// time.
const WIDE: u32 = 16;

/// The maximum number of mappings that are searched for one key. Merge keys can refer to mappings
/// with merge keys.
const MOST_MERGED: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Mapping,
    Sequence,
    /// The anchored node.
    Alias(usize),
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The key in `Tree::keys`.
    pub(super) key: Link,
    /// The range of a scalar; for a container, an empty range at its start.
    pub(super) span: Span32,
    pub(super) parent: Link,
    pub(super) first: Link,
    pub(super) next: Link,
    pub(super) children: u32,
}

/// The optional index of a node or a key, in four bytes because there can be millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link(pub(super) u32);

impl Link {
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn new(number: usize) -> Self {
        u32::try_from(number).map_or(Self::NONE, Self)
    }

    fn get(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// A byte range. A `u32` is enough because files are smaller than 4 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span32(u32, u32);

impl Span32 {
    pub(super) fn new(range: &Range<usize>) -> Self {
        let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self(number(range.start), number(range.end))
    }

    fn get(self) -> Range<usize> {
        self.0 as usize..self.1 as usize
    }
}

/// A key: its text in `Tree::texts`, and its bytes in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) text: Span32,
    pub(super) span: Span32,
}

/// The index of the children of a large container.
#[derive(Debug)]
enum Wide {
    Mapping(HashMap<Box<str>, usize>),
    Sequence(Vec<Link>),
}

/// The nodes of one document with their positions.
#[derive(Debug, Default)]
pub(in crate::source) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) keys: Vec<Key>,
    /// The concatenated texts of all keys.
    pub(super) texts: String,
    wide: HashMap<usize, Wide>,
    /// True if the last of several equal keys counts, not the first.
    last_counts: bool,
    pub(super) second_document: Option<usize>,
}

impl Tree {
    /// Returns the start of the second document of a YAML stream.
    pub(in crate::source) fn second_document(&self) -> Option<usize> {
        self.second_document
    }

    /// Returns the byte range to mark for a node.
    ///
    /// A token that the text does not have is skipped, because corrections of mistakes add nodes. A
    /// container is marked by its key; without a key, the range is empty and at its start. Returns
    /// `None` if the text has no node at all.
    pub(in crate::source) fn find(&self, pointer: &Pointer, part: Part) -> Option<Range<usize>> {
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
    pub(in crate::source) fn has(&self, pointer: &Pointer) -> bool {
        let mut tokens = pointer.tokens();
        let node = tokens.try_fold(0, |at, token| self.child(at, &token));
        node.is_some()
    }

    /// Makes the last of several equal keys count.
    pub(in crate::source) fn prefer_last(mut self) -> Self {
        self.last_counts = true;
        self.index();
        self
    }

    /// Indexes the containers with many children.
    pub(super) fn index(&mut self) {
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
    pub(in crate::source) fn duplicate_keys(&self) -> Vec<(Range<usize>, Range<usize>, String)> {
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
