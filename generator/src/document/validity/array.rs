//! Compares an array with a schema.

use std::collections::HashSet;

use serde_json::Value;

use super::Validity;
use super::refusal::{Verdict, refuse};
use crate::document::prepared_schema::PreparedSchema;
use crate::document::{SchemaOrBool, SchemaView};
use crate::pointer::Trail;

impl<'d> Validity<'d> {
    pub(super) fn array(
        &self,
        schema: &PreparedSchema<'d>,
        items: &[Value],
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let PreparedSchema { view, prefix, .. } = schema;
        item_count(view, items.len(), at)?;
        if view.unique_items() {
            let mut seen = HashSet::new();
            let is_new = |item: &Value| seen.insert(item.to_string());
            if let Some(index) = items.iter().map(is_new).position(|is_new| !is_new) {
                let reason = "the item is a duplicate, and `uniqueItems` is true".to_owned();
                return refuse(&Trail::Index(at, index), view, "uniqueItems", reason);
            }
        }
        for (index, (node, item)) in prefix.iter().zip(items).enumerate() {
            self.node(node, item, &Trail::Index(at, index), depth + 1)?;
        }
        match view.items() {
            SchemaOrBool::Closed if items.len() > prefix.len() => {
                let reason = "there are more items than `items: false` allows".to_owned();
                return refuse(&Trail::Index(at, prefix.len()), view, "items", reason);
            }
            SchemaOrBool::Absent | SchemaOrBool::Any | SchemaOrBool::Closed => {}
            SchemaOrBool::Schema(node) => {
                for (index, item) in items.iter().enumerate().skip(prefix.len()) {
                    self.node(&node, item, &Trail::Index(at, index), depth + 1)?;
                }
            }
        }
        self.contains(view, items, at, depth)
    }

    fn contains(
        &self,
        view: &SchemaView<'d>,
        items: &[Value],
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let Some(node) = view.contains() else {
            return Ok(());
        };
        let found = items
            .iter()
            .filter(|item| self.allows(&node, item, at, depth));
        let (found, least) = (found.count(), view.min_contains().unwrap_or(1));
        if found < least || view.max_contains().is_some_and(|most| found > most) {
            let reason = format!("{found} items match `contains`");
            return refuse(at, view, "contains", reason);
        }
        Ok(())
    }
}

fn item_count(view: &SchemaView<'_>, count: usize, at: &Trail<'_>) -> Verdict {
    if let Some(least) = view.min_items().filter(|least| count < *least) {
        let reason = format!("{count} items are fewer than `minItems`, {least}");
        return refuse(at, view, "minItems", reason);
    }
    if let Some(most) = view.max_items().filter(|most| count > *most) {
        let reason = format!("{count} items are more than `maxItems`, {most}");
        return refuse(at, view, "maxItems", reason);
    }
    Ok(())
}
