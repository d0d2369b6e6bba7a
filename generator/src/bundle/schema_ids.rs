//! The anchors and identifiers of schemas (JSON Schema 2020-12, section 8.2).

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::pointer::{Pointer, Trail};

/// The names in one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The location of each `$anchor`, in file order.
    anchors: IndexMap<String, Vec<Pointer>>,
    ids: HashMap<String, Pointer>,
    /// The schemas that are resources of their own because of their `$id`.
    resources: HashSet<Pointer>,
}

impl Names {
    /// Collects the names of a file.
    pub(super) fn read(file: &Value) -> Self {
        let mut names = Self::default();
        names.collect(file, Trail::Start(&Pointer::root()));
        names
    }

    /// Returns the schema with this `$id`.
    pub(super) fn id(&self, text: &str) -> Option<&Pointer> {
        self.ids.get(text)
    }

    /// Returns all schemas with this anchor, in file order.
    pub(super) fn anchored(&self, name: &str) -> &[Pointer] {
        self.anchors.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the anchors that more than one schema has.
    pub(super) fn repeated(&self) -> impl Iterator<Item = &str> {
        let repeated = self.anchors.iter().filter(|(_, places)| places.len() > 1);
        repeated.map(|(name, _)| name.as_str())
    }

    /// Returns the scope of an anchor: the nearest enclosing schema with an `$id`, or the file.
    pub(super) fn resource(&self, place: &Pointer) -> Pointer {
        let mut around = std::iter::successors(Some(place.clone()), Pointer::parent);
        let nearest = around.find(|at| self.resources.contains(at));
        nearest.unwrap_or_default()
    }

    // Data is searched too: only the files that refer to this one determine what is data.
    fn collect(&mut self, node: &Value, trail: Trail<'_>) {
        match node {
            Value::Object(map) => {
                if let Some(Value::String(anchor)) = map.get("$anchor") {
                    self.add(anchor, trail.pointer());
                }
                if let Some(Value::String(id)) = map.get("$id") {
                    if let Some(anchor) = id.strip_prefix('#') {
                        // Anchors of drafts 4 to 7.
                        self.add(anchor, trail.pointer());
                    } else {
                        let place = trail.pointer();
                        self.resources.insert(place.clone());
                        self.ids.entry(id.clone()).or_insert(place);
                    }
                }
                for (key, value) in map {
                    if value.is_object() || value.is_array() {
                        self.collect(value, Trail::Key(&trail, key));
                    }
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    if value.is_object() || value.is_array() {
                        self.collect(value, Trail::Index(&trail, index));
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, anchor: &str, place: Pointer) {
        let places = self.anchors.entry(anchor.to_owned()).or_default();
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
}
