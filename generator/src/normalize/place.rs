//! Where the walk stands: a list of tokens on the stack, made into a
//! [`Pointer`] only where one is needed.

use crate::pointer::Pointer;

/// A node of the document, by the nodes above it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'p> {
    /// Where a walk began.
    Start(&'p Pointer),
    /// Under an object's key.
    Key(&'p Place<'p>, &'p str),
    /// Under an array's index.
    Index(&'p Place<'p>, usize),
}

impl<'p> Place<'p> {
    pub(super) fn key(&'p self, key: &'p str) -> Place<'p> {
        Place::Key(self, key)
    }

    pub(super) fn index(&'p self, index: usize) -> Place<'p> {
        Place::Index(self, index)
    }

    pub(super) fn pointer(&self) -> Pointer {
        match self {
            Self::Start(pointer) => (*pointer).clone(),
            Self::Key(parent, key) => parent.pointer().child(key),
            Self::Index(parent, index) => parent.pointer().child(index),
        }
    }

    /// The name of the property that stands here, if the place is one.
    pub(super) fn property(&self) -> Option<&'p str> {
        match self {
            Self::Key(Self::Key(_, "properties"), name) => Some(name),
            _ => None,
        }
    }

    /// What the node is called in a message.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Start(_) => "the document".to_owned(),
            Self::Key(_, key) => format!("`{key}`"),
            Self::Index(parent, _) => format!("an entry of {}", parent.title()),
        }
    }

    /// The key under which the node stands.
    pub(super) fn last(&self) -> Option<&'p str> {
        match self {
            Self::Key(_, key) => Some(key),
            _ => None,
        }
    }
}
