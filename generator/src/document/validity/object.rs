//! Compares an object with a schema.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::refusal::{Refusal, Verdict, refuse};
use super::{Validity, Whole};
use crate::document::prepared_schema::PreparedSchema;
use crate::document::schema::SchemaKey;
use crate::document::{SchemaNode, SchemaOrBool, SchemaView};
use crate::inline_code::code;
use crate::pointer::Trail;

impl<'d> Validity<'d> {
    /// Compares an object with one part of a schema.
    pub(super) fn object(
        &self,
        schema: &PreparedSchema<'d>,
        whole: Whole<'_, 'd>,
        members: &Map<String, Value>,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        self.required(schema, whole, members, at)?;
        property_count(&schema.view, members.len(), at)?;
        let names = schema.view.property_names();
        let rest = [
            (schema.view.additional_properties(), "additionalProperties"),
            (
                schema.view.unevaluated_properties(),
                "unevaluatedProperties",
            ),
        ];
        for (name, value) in members {
            if self.gave_up.get() {
                return Ok(());
            }
            let is_declared = self.declared(schema, name, value, at, depth)?;
            if let Some(names) = &names
                && !self.allows_name(names, name, at, depth)
            {
                let reason = format!("`propertyNames` rejects the name {}", code(name));
                return refuse(at, &schema.view, "propertyNames", reason);
            }
            if !is_declared {
                self.undeclared(&schema.view, whole, &rest, (name, value), (at, depth))?;
            }
        }
        self.dependent_required(schema, members, at)
    }

    /// Refuses an object without a required property, unless only the other side sends it.
    fn required(
        &self,
        schema: &PreparedSchema<'d>,
        whole: Whole<'_, 'd>,
        members: &Map<String, Value>,
        at: &Trail<'_>,
    ) -> Verdict {
        let is_of_one_side = |name: &str| {
            if !self.take(1 + whole.others.len()) {
                return true;
            }
            let nodes = whole.parts().filter_map(|part| part.view.property(name));
            nodes
                .flat_map(|node| node.inline().into_iter().chain(node.follow()))
                .any(|view| view.read_only() || view.write_only())
        };
        let view = &schema.view;
        let mut required = view.required().iter();
        match required.find(|name| !members.contains_key(*name) && !is_of_one_side(name)) {
            None => Ok(()),
            Some(name) => {
                let reason = format!("the required property {} is missing", code(name));
                refuse(at, view, "required", reason)
            }
        }
    }

    /// Compares a property with the schemas that declare it by name or by pattern. Returns `false` if
    /// there are none.
    fn declared(
        &self,
        schema: &PreparedSchema<'d>,
        name: &str,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Result<bool, Refusal> {
        let at = Trail::Key(at, name);
        let mut is_declared = false;
        if let Some(node) = schema.view.property(name) {
            is_declared = true;
            self.node(&node, value, &at, depth + 1)?;
        }
        let patterns = schema.patterns.iter();
        for (_, node) in patterns.filter(|(pattern, _)| self.matches(pattern, name)) {
            is_declared = true;
            self.node(node, value, &at, depth + 1)?;
        }
        Ok(is_declared)
    }

    /// Compares a property that is not declared with `additionalProperties` and
    /// `unevaluatedProperties`. The properties of all parts count as declared.
    fn undeclared(
        &self,
        view: &SchemaView<'d>,
        whole: Whole<'_, 'd>,
        rest: &[(SchemaOrBool<'d>, &str)],
        (name, value): (&str, &Value),
        (at, depth): (&Trail<'_>, usize),
    ) -> Verdict {
        for (rest, keyword) in rest {
            match rest {
                SchemaOrBool::Absent | SchemaOrBool::Any => {}
                SchemaOrBool::Closed | SchemaOrBool::Schema(_) if self.declares(whole, name) => {}
                SchemaOrBool::Closed => {
                    let name = code(name);
                    let reason =
                        format!("the property {name} is not declared, and `{keyword}` is false");
                    return refuse(at, view, keyword, reason);
                }
                SchemaOrBool::Schema(node) => {
                    self.node(node, value, &Trail::Key(at, name), depth + 1)?;
                }
            }
        }
        Ok(())
    }

    fn dependent_required(
        &self,
        schema: &PreparedSchema<'d>,
        members: &Map<String, Value>,
        at: &Trail<'_>,
    ) -> Verdict {
        for (name, others) in &schema.dependent_required {
            let missing = |other: &&&str| !members.contains_key(**other);
            if self.take(1)
                && members.contains_key(*name)
                && let Some(other) = others.iter().find(missing)
            {
                let reason = format!("{} is present, but {} is missing", code(name), code(other));
                return refuse(at, &schema.view, "dependentRequired", reason);
            }
        }
        Ok(())
    }

    /// Returns `true` if one of several schemas, or a branch of one, declares a property.
    fn declares(&self, whole: Whole<'_, 'd>, name: &str) -> bool {
        let mut queue: Vec<Rc<PreparedSchema<'d>>> = whole.parts().cloned().collect();
        let mut seen: HashSet<SchemaKey> = queue.iter().map(|part| part.view.key()).collect();
        while let Some(schema) = queue.pop() {
            if !self.take(1) || schema.view.property(name).is_some() {
                return true;
            }
            let mut patterns = schema.patterns.iter();
            if patterns.any(|(pattern, _)| self.matches(pattern, name)) {
                return true;
            }
            for view in schema.applied().filter_map(SchemaNode::follow) {
                if seen.insert(view.key()) {
                    queue.push(self.prepared(view));
                }
            }
        }
        false
    }
}

fn property_count(view: &SchemaView<'_>, count: usize, at: &Trail<'_>) -> Verdict {
    if let Some(least) = view.min_properties().filter(|least| count < *least) {
        let reason = format!("{count} properties are fewer than `minProperties`, {least}");
        return refuse(at, view, "minProperties", reason);
    }
    if let Some(most) = view.max_properties().filter(|most| count > *most) {
        let reason = format!("{count} properties are more than `maxProperties`, {most}");
        return refuse(at, view, "maxProperties", reason);
    }
    Ok(())
}
