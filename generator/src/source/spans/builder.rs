//! Builds the tree of a text.

use std::ops::Range;

use super::tree::{Key, Kind, Link, Node, Span32, Tree};

/// A container that is being read.
#[derive(Debug)]
struct Open {
    node: usize,
    last: Option<usize>,
    key: Link,
    /// True if the next node is a key of a mapping.
    expects_key: bool,
}

/// Adds the nodes of a text to a tree, in their order.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) tree: Tree,
    stack: Vec<Open>,
    /// The depth inside a key that is a container, which JSON does not allow.
    skipped: usize,
}

impl Builder {
    /// Adds a scalar or an alias, or makes it the next key.
    pub(super) fn node(&mut self, kind: Kind, text: &str, span: Range<usize>) -> usize {
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

    pub(super) fn open(&mut self, kind: Kind, start: usize) -> usize {
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

    pub(super) fn close(&mut self) {
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

    pub(super) fn finish(mut self) -> Tree {
        self.tree.index();
        self.tree
    }
}
