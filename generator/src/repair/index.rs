//! Look-up tables of the whole document, built once for all errors of a pass.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Deref;

use serde_json::{Map, Value};

use crate::bundle::references;
use crate::pointer::Pointer;

/// A document with the references to its parts.
pub(super) struct Index<'v> {
    document: &'v Value,
    references: OnceCell<HashMap<Pointer, Vec<Pointer>>>,
    requirements: OnceCell<HashMap<String, Vec<Pointer>>>,
}

impl<'v> Index<'v> {
    pub(super) fn new(document: &'v Value) -> Self {
        Self {
            document,
            references: OnceCell::new(),
            requirements: OnceCell::new(),
        }
    }

    /// Returns the pointers to all references to a node.
    pub(super) fn references_to(&self, target: &Pointer) -> &[Pointer] {
        let map = self.references.get_or_init(|| {
            let mut map: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
            for (at, target) in references(self.document) {
                map.entry(target).or_default().push(at);
            }
            map
        });
        map.get(target).map_or(&[], Vec::as_slice)
    }

    /// Returns the pointers to all `security` lists that name a scheme.
    pub(super) fn requirements_of(&self, scheme: &str) -> &[Pointer] {
        let map = self.requirements.get_or_init(|| {
            let mut map: HashMap<String, Vec<Pointer>> = HashMap::new();
            for list in lists(self.document) {
                let written = self.document.pointer(list.as_str());
                let alternatives = written.and_then(Value::as_array).into_iter().flatten();
                let maps = alternatives.filter_map(Value::as_object);
                for name in maps.flat_map(Map::keys) {
                    let known = map.entry(name.clone()).or_default();
                    if known.last() != Some(&list) {
                        known.push(list.clone());
                    }
                }
            }
            map
        });
        map.get(scheme).map_or(&[], Vec::as_slice)
    }
}

impl Deref for Index<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.document
    }
}

/// Returns every `security` of the document and of the operations below `paths`, `webhooks` and
/// `components.pathItems`.
pub(super) fn lists(document: &Value) -> Vec<Pointer> {
    let root = Pointer::root();
    let mut found = vec![root.child("security")];
    let items = [
        root.child("paths"),
        root.child("webhooks"),
        root.child("components").child("pathItems"),
    ];
    for items in items {
        let map = document.pointer(items.as_str()).and_then(Value::as_object);
        for (path, item) in map.into_iter().flatten() {
            let item_at = items.child(path);
            let members = item.as_object().into_iter().flatten();
            for (key, member) in members {
                let at = item_at.child(key);
                if key == "additionalOperations" {
                    let methods = member.as_object().into_iter().flat_map(Map::keys);
                    found.extend(methods.map(|method| at.child(method).child("security")));
                } else if member.get("security").is_some() {
                    found.push(at.child("security"));
                }
            }
        }
    }
    found.retain(|list| document.pointer(list.as_str()).is_some());
    found
}
