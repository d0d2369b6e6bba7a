//! The origins of nodes that overlays have added or moved.

use std::collections::BTreeMap;

use crate::diagnostic::FileId;
use crate::pointer::Pointer;

/// Nodes of the root document, with the file and node that each comes from.
#[derive(Debug, Default)]
pub(in crate::source) struct Places {
    by_pointer: BTreeMap<Pointer, (FileId, Pointer)>,
}

impl Places {
    /// Returns the file and node that a node comes from.
    pub(in crate::source) fn find(&self, pointer: &Pointer) -> Option<(FileId, Pointer)> {
        if self.by_pointer.is_empty() {
            return None;
        }
        let mut at = Some(pointer.clone());
        while let Some(outer) = at {
            if let Some((file, origin)) = self.by_pointer.get(&outer) {
                let rest = pointer.strip_prefix(&outer)?;
                return Some((*file, origin.join(&rest)));
            }
            at = outer.parent();
        }
        None
    }

    /// Records that a node and everything below it comes from a node of a file.
    pub(super) fn set(&mut self, at: &Pointer, file: FileId, origin: Pointer) {
        self.forget(at);
        self.by_pointer.insert(at.clone(), (file, origin));
    }

    /// Moves the items after a removed one up by one.
    pub(super) fn remove_item(&mut self, list: &Pointer, removed: usize, length: usize) {
        self.forget(&list.child(removed));
        for index in removed + 1..length {
            let (from, to) = (list.child(index), list.child(index - 1));
            let below: Vec<_> = self.below(&from);
            let origin = self.find(&from).unwrap_or((FileId(0), from.clone()));
            self.set(&to, origin.0, origin.1);
            for (pointer, origin) in below {
                if let Some(rest) = pointer.strip_prefix(&from) {
                    self.by_pointer.insert(to.join(&rest), origin);
                }
            }
        }
    }

    /// Forgets a node and all below it.
    pub(super) fn forget(&mut self, at: &Pointer) {
        for (pointer, _) in self.below(at) {
            self.by_pointer.remove(&pointer);
        }
    }

    fn below(&self, at: &Pointer) -> Vec<(Pointer, (FileId, Pointer))> {
        let rest = self.by_pointer.range(at.clone()..);
        let within = rest.take_while(|(pointer, _)| pointer.as_str().starts_with(at.as_str()));
        let within = within.filter(|(pointer, _)| pointer.is_within(at));
        within
            .map(|(pointer, origin)| (pointer.clone(), origin.clone()))
            .collect()
    }
}
