//! Lowers maps, arrays and tuples.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{SchemaNode, SchemaOrBool, SchemaView};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::all_of::MergedSchema;
use super::inline_site::InlineSite;
use super::lowering::Lowering;
use super::name_words;
use super::nullable_type::Typed;

impl<'d> Lowering<'d, '_> {
    pub(super) fn lower_map(&mut self, merged: &MergedSchema<'d>, site: &InlineSite) -> Type {
        let object = merged.object();
        let site = site.named(name_words::singular(&site.hint));
        let value = match (object.additional, object.patterns.as_slice()) {
            (SchemaOrBool::Schema(node), []) => self.lower_node(&node, &site).into_nullable_type(),
            (SchemaOrBool::Any | SchemaOrBool::Absent | SchemaOrBool::Closed, []) => {
                self.lower_any(&merged.at, "the object's properties are not described")
            }
            (rest, patterns) => self.lower_patterns(merged, &rest, patterns, &site),
        };
        Type::Map(Box::new(value))
    }

    /// Returns the type for the properties of patterns and of `additionalProperties`, if it is a
    /// schema.
    pub(super) fn lower_patterns(
        &mut self,
        merged: &MergedSchema<'d>,
        rest: &SchemaOrBool<'d>,
        patterns: &[(&'d str, SchemaNode<'d>)],
        site: &InlineSite,
    ) -> Type {
        let mut nodes: Vec<SchemaNode<'d>> =
            patterns.iter().map(|(_, node)| node.clone()).collect();
        match rest {
            SchemaOrBool::Any => {
                return self.lower_any(
                    &merged.at,
                    "other properties than the patterns' may be anything",
                );
            }
            SchemaOrBool::Schema(node) => nodes.push(node.clone()),
            SchemaOrBool::Absent | SchemaOrBool::Closed => {}
        }
        self.lower_any_of(&nodes, merged, site)
    }

    /// Returns the type of a value that matches one of several schemas.
    pub(super) fn lower_any_of(
        &mut self,
        nodes: &[SchemaNode<'d>],
        merged: &MergedSchema<'d>,
        site: &InlineSite,
    ) -> Type {
        let mut known = HashSet::new();
        let distinct = nodes.iter().filter(|node| known.insert(identity(node)));
        let distinct: Vec<SchemaNode<'d>> = distinct.cloned().collect();
        let allows_all = |node: &SchemaNode<'d>| node.follow().is_some_and(|view| view.is_any());
        if distinct.iter().any(allows_all) {
            return self.lower_any(&merged.at, "one of the alternatives allows any value");
        }
        match (distinct.as_slice(), merged.own()) {
            ([only], _) => self.lower_node(only, site).into_nullable_type(),
            (several, Some(owner)) => {
                let ty = self.lower_branches(owner, several, merged, site);
                let is_nullable =
                    |node: &SchemaNode<'d>| node.follow().is_some_and(|view| view.nullable());
                let nullable = several.iter().any(is_nullable);
                Typed { ty, nullable }.into_nullable_type()
            }
            (_, None) => self.lower_any(&merged.at, "the schema has no declaration"),
        }
    }

    pub(super) fn lower_array(&mut self, merged: &MergedSchema<'d>, site: &InlineSite) -> Type {
        let site = site.named(name_words::singular(&site.hint));
        let prefix =
            merged.last(|view| Some(view.prefix_items()).filter(|items| !items.is_empty()));
        let said = |rest: SchemaOrBool<'d>| {
            Some(rest).filter(|rest| !matches!(rest, SchemaOrBool::Absent))
        };
        let items = merged
            .last(|view| said(view.items()))
            .or_else(|| merged.last(|view| said(view.unevaluated_items())));
        if let Some(prefix) = prefix {
            return self.lower_tuple(merged, &prefix, items, &site);
        }
        let nodes: Vec<SchemaNode<'d>> = merged
            .parts
            .iter()
            .filter_map(|part| match (part.items(), part.unevaluated_items()) {
                (SchemaOrBool::Schema(node), _)
                | (SchemaOrBool::Absent, SchemaOrBool::Schema(node)) => Some(node),
                _ => None,
            })
            .collect();
        let item = match nodes.as_slice() {
            [] => self.lower_any(&merged.at, "the array's items are not described"),
            nodes => self
                .lower_nodes(nodes, &merged.keyword("items"), &site)
                .into_nullable_type(),
        };
        Type::Vec(Box::new(item))
    }

    /// Returns the type for `prefixItems`: a tuple if the length is fixed, otherwise a list of any
    /// of the types.
    pub(super) fn lower_tuple(
        &mut self,
        merged: &MergedSchema<'d>,
        prefix: &[SchemaNode<'d>],
        items: Option<SchemaOrBool<'d>>,
        site: &InlineSite,
    ) -> Type {
        let ends = matches!(items, Some(SchemaOrBool::Closed))
            || merged.last(SchemaView::max_items) == Some(prefix.len());
        if ends && merged.last(SchemaView::min_items) == Some(prefix.len()) {
            let types = (1..).zip(prefix).map(|(position, node)| {
                let site = site.named(format!("{} {position}", site.hint));
                self.lower_node(node, &site).into_nullable_type()
            });
            return Type::Tuple(types.collect());
        }
        // In older versions of JSON Schema, the keyword is `items`.
        let first = prefix.first().and_then(|node| node.pointer().parent());
        let at = first.unwrap_or_else(|| merged.keyword("prefixItems"));
        self.findings.push(
            Diagnostic::warning(
                code::UNCHECKED,
                at.key(),
                "`prefixItems` without a fixed length: the positions of items are not checked",
            )
            .help("write `minItems` and `maxItems` for a tuple"),
        );
        let mut nodes = prefix.to_vec();
        match items {
            Some(SchemaOrBool::Schema(node)) => nodes.push(node),
            Some(SchemaOrBool::Closed) => {}
            _ if ends => {}
            _ => {
                let reason = "items beyond the described ones may be anything";
                return Type::Vec(Box::new(self.lower_any(&merged.at, reason)));
            }
        }
        Type::Vec(Box::new(self.lower_any_of(&nodes, merged, site)))
    }
}

/// Returns the identity of a schema: the target of its `$ref`, or its content.
fn identity(node: &SchemaNode<'_>) -> (Option<Pointer>, Option<String>) {
    let own = node.inline();
    (node.reference(), own.map(|view| view.identity()))
}
