//! The position of the walk: a linked list of tokens on the stack, converted to a [`Pointer`] on
//! demand.

use crate::pointer::Pointer;

/// A node of the document with its ancestors.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'p> {
    /// The start of a walk.
    Start(&'p Pointer),
    /// The value of an object's key.
    Key(&'p Place<'p>, &'p str),
    /// An item of an array.
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

    /// Returns the name of the property at this place, if it is one.
    pub(super) fn property(&self) -> Option<&'p str> {
        match self {
            Self::Key(Self::Key(_, "properties"), name) => Some(name),
            _ => None,
        }
    }

    /// Returns the name of the node for messages.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Start(_) => "the document".to_owned(),
            Self::Key(_, key) => format!("`{key}`"),
            Self::Index(parent, _) => format!("an entry of {}", parent.title()),
        }
    }

    /// Returns the key of the node.
    pub(super) fn last(&self) -> Option<&'p str> {
        match self {
            Self::Key(_, key) => Some(key),
            _ => None,
        }
    }
}
