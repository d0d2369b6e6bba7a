//! Compares a value with the branches of `oneOf` and `anyOf`.

use serde_json::Value;

use super::Validity;
use super::refusal::{Refusal, Verdict, refuse};
use crate::document::prepared_schema::{Parts, PreparedSchema};
use crate::document::{Nodes, SchemaNode, SchemaView};
use crate::pointer::Trail;

impl<'d> Validity<'d> {
    pub(super) fn unions(
        &self,
        schema: &PreparedSchema<'d>,
        parts: &Parts<'d>,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Verdict {
        let view = &schema.view;
        let mut unions = view.unions_beside(&parts.views);
        if unions.is_empty() {
            return Ok(());
        }
        for (_, branches) in &mut unions {
            branches.retain(|branch| {
                !self.without.contains(branch.pointer()) && !self.is_open(branch, value)
            });
        }
        if let Some(node) = discriminated(view, &unions, value) {
            return self.node(&node, value, at, depth + 1);
        }
        for (keyword, branches) in &unions {
            let mut refusals = Vec::new();
            let mut fitting = 0;
            for branch in branches {
                match self.node(branch, value, at, depth + 1) {
                    Ok(()) => fitting += 1,
                    Err(refusal) => refusals.push(refusal),
                }
            }
            if fitting == 0 && !branches.is_empty() {
                return Err(nearest(refusals, view, keyword, at));
            }
            if fitting > 1
                && *keyword == "oneOf"
                && !self.is_lenient
                && !self.is_parent(schema, branches)
            {
                return refuse(
                    at,
                    view,
                    keyword,
                    format!("{fitting} branches of `oneOf` match instead of one"),
                );
            }
        }
        Ok(())
    }

    /// Returns `true` if a branch extends the schema that lists it. Such a `oneOf` is part of its own
    /// branches, so JSON Schema does not define how many of them match.
    fn is_parent(&self, schema: &PreparedSchema<'d>, branches: &[SchemaNode<'d>]) -> bool {
        let own = schema.view.key();
        branches
            .iter()
            .filter_map(SchemaNode::follow)
            .any(|branch| {
                let branch = self.prepared(branch);
                let others = &branch.parts(|view| self.prepared(view)).others;
                branch.view.key() == own || others.iter().any(|part| part.view.key() == own)
            })
    }
}

/// Returns the schema that the discriminator selects, if it is one of the branches or the mapping
/// names it.
fn discriminated<'d>(
    view: &SchemaView<'d>,
    unions: &[(&'static str, Nodes<'d>)],
    value: &Value,
) -> Option<SchemaNode<'d>> {
    let discriminator = view.discriminator()?;
    let tag = tag_text(value.get(&discriminator.property_name)?)?;
    let node = view.discriminated(&tag)?;
    let selected = node.follow()?;
    let mut branches = unions.iter().flat_map(|(_, branches)| branches);
    let mut is_branch = || branches.any(|branch| is_schema(branch, &selected));
    let is_other = selected.pointer() != view.pointer();
    (is_other && (discriminator.mapping.contains_key(&tag) || is_branch())).then_some(node)
}

/// Returns the reason found deepest in the value: its branch is most likely the intended one.
fn nearest(
    refusals: Vec<Refusal>,
    view: &SchemaView<'_>,
    keyword: &str,
    at: &Trail<'_>,
) -> Refusal {
    let here = at.pointer();
    if let [only] = refusals.as_slice() {
        return only.clone();
    }
    let depth = |refusal: &Refusal| refusal.at.tokens().count();
    let deepest = refusals.into_iter().filter(|refusal| refusal.at != here);
    // On a tie, the first one.
    let deepest = deepest.reduce(|one, other| {
        if depth(&other) > depth(&one) {
            other
        } else {
            one
        }
    });
    deepest.unwrap_or_else(|| Refusal {
        at: here,
        reason: format!("no branch of `{keyword}` matches"),
        by: view.keyword(keyword),
    })
}

/// Returns `true` if a branch is the schema or only annotates it.
fn is_schema(branch: &SchemaNode<'_>, schema: &SchemaView<'_>) -> bool {
    let view = branch.follow();
    let inner = view.as_ref().and_then(SchemaView::annotated);
    let mut views = view
        .into_iter()
        .chain(inner.and_then(|inner| inner.follow()));
    views.any(|view| view.pointer() == schema.pointer())
}

/// Returns the text of a value that a discriminator can be compared with.
fn tag_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) => Some(value.to_string()),
        Value::Number(number) if !number.is_f64() => Some(value.to_string()),
        _ => None,
    }
}
