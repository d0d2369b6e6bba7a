//! The variants of enums by their values.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value as Json;

use crate::document::ValueIndex;
use crate::ir::{Enum, Variant};

/// The variants of enums, indexed by value.
#[derive(Default)]
pub(super) struct Variants<'t>(RefCell<HashMap<usize, Rc<ValueIndex<&'t Json>>>>);

impl<'t> Variants<'t> {
    /// Returns the variant with an equal value.
    pub fn find(&self, shape: &'t Enum, json: &Json) -> Option<&'t Variant> {
        let key = std::ptr::from_ref(shape).addr();
        let mut indexes = self.0.borrow_mut();
        let index = indexes.entry(key).or_insert_with(|| {
            let values = shape.variants.iter().map(|variant| &variant.value);
            Rc::new(ValueIndex::new(values))
        });
        shape.variants.get(index.position(json)?)
    }
}
