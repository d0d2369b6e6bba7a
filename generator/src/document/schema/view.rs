//! The keywords of a schema.

use std::fmt;

use openapiv3::{Discriminator, ExternalDocumentation};
use serde_json::Value;

use super::super::{Document, ValueIndex, carried};
use super::model::{Part, Schema, SchemaId, SchemaKey, SchemaType};
use super::node::{Nodes, SchemaNode, SchemaOrBool};
use crate::internal_extensions::LOST_VALUE;
use crate::pointer::Pointer;
use crate::spec;

/// The keywords of an inline schema, or those for one of its types.
#[derive(Clone)]
pub struct SchemaView<'a> {
    pub(super) node: SchemaNode<'a>,
}

/// Omits the document, which can be very long.
impl fmt::Debug for SchemaView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl<'a> SchemaNode<'a> {
    /// Returns the schema if it is inline.
    #[must_use]
    pub fn inline(&self) -> Option<SchemaView<'a>> {
        let is_inline = self.link().is_none();
        is_inline.then(|| SchemaView::new(self.clone()))
    }

    /// Returns the schema after following any number of `$ref`s. Its
    /// [`pointer`](SchemaView::pointer) is that of the last target.
    ///
    /// Returns `None` for a missing target or a circular reference, which `bundle` has reported.
    #[must_use]
    pub fn follow(&self) -> Option<SchemaView<'a>> {
        let mut node = self.clone();
        for _ in 0..=self.document.table().len() {
            match node.link() {
                Some(link) => node = self.document.schema(link.target.as_ref()?)?,
                None => return Some(SchemaView::new(node)),
            }
        }
        None
    }

    /// Returns this schema as the value of a keyword such as `additionalProperties`.
    pub(super) fn rest(self) -> SchemaOrBool<'a> {
        match self.inline() {
            Some(view) if view.is_bare() => SchemaOrBool::Any,
            Some(view) if view.is_never() => SchemaOrBool::Closed,
            _ => SchemaOrBool::Schema(self),
        }
    }
}

impl<'a> SchemaView<'a> {
    /// Returns the effects of this schema's repaired faults.
    pub fn faults(&self) -> impl Iterator<Item = &'a str> {
        self.document().faults(self.pointer())
    }

    pub(super) fn new(node: SchemaNode<'a>) -> Self {
        Self { node }
    }

    /// Returns the document of the schema.
    #[must_use]
    pub fn document(&self) -> &'a Document {
        self.node.document
    }

    /// Returns the pointer to the schema, which identifies it. See
    /// [`SchemaNode::pointer`](SchemaNode::pointer).
    #[must_use]
    pub fn pointer(&self) -> &'a Pointer {
        self.node.pointer()
    }

    /// Returns the pointer to the whole schema, even if this view is only one of its types.
    #[must_use]
    pub fn schema_pointer(&self) -> &'a Pointer {
        self.node.at
    }

    /// Returns the pointer to a keyword of the schema.
    #[must_use]
    pub fn keyword(&self, keyword: &str) -> Pointer {
        self.node.at.child(keyword)
    }

    /// Returns the identity of the schema within the document.
    pub(in crate::document) fn key(&self) -> SchemaKey {
        self.node.key()
    }

    /// Returns the schema, unless this is only a part of it.
    pub(super) fn whole(&self) -> Option<&'a Schema> {
        (self.node.part == Part::Whole).then_some(self.node.schema)
    }

    /// Returns the keywords for values of some types.
    ///
    /// If the schema has several types, its keywords belong to the views of the single types.
    pub(super) fn of_types<T>(
        &self,
        types: &[SchemaType],
        keywords: impl FnOnce(&'a Schema) -> Option<&'a T>,
    ) -> Option<&'a T> {
        let schema = self.node.schema;
        let is_shown = match self.node.part {
            Part::Whole => !schema.types.are_several(),
            Part::Type(of) => types.contains(&of),
            Part::Types | Part::Reference => false,
        };
        keywords(schema).filter(|_| is_shown)
    }

    // Type

    /// Returns the `type` keyword, if present.
    #[must_use]
    pub fn declared_type(&self) -> Option<SchemaType> {
        match self.node.part {
            Part::Whole => self.node.schema.types.only(),
            Part::Type(of) => Some(of),
            Part::Types | Part::Reference => None,
        }
    }

    /// Returns `true` if the schema allows any value: it has no keywords but annotations.
    #[must_use]
    pub fn is_any(&self) -> bool {
        let whole = self.whole();
        whole.is_some_and(|schema| {
            schema.types.is_empty() && !schema.has_all_of() && schema.has_only_type_and_all_of()
        })
    }

    /// Returns `true` if the schema has an `allOf`, at most one type, and no other keywords but
    /// annotations.
    pub(in crate::document) fn is_only_all_of(&self) -> bool {
        self.whole().is_some_and(|schema| {
            schema.has_all_of()
                && schema.has_only_type_and_all_of()
                && !schema.types.are_several()
                && !schema.types.is_only_null()
        })
    }

    /// Returns `true` if the schema has one type and no other keywords but annotations.
    pub(in crate::document) fn is_only_a_type(&self) -> bool {
        self.whole().is_some_and(|schema| {
            schema.types.only().is_some()
                && !schema.has_all_of()
                && schema.has_only_type_and_all_of()
        })
    }

    /// Returns `true` if the schema allows any value and has no annotations.
    pub(super) fn is_bare(&self) -> bool {
        let annotations = &self.node.schema.annotations;
        let is_annotated = annotations.description.is_some()
            || annotations.default.is_some()
            || annotations.example.is_some()
            || !annotations.examples.is_empty()
            || annotations.title.is_some();
        self.is_any() && !is_annotated
    }

    /// Returns `true` if the schema has a keyword of JSON Schema that OpenAPI 3.0 does not have and
    /// that restricts the values.
    pub(in crate::document) fn is_constrained(&self) -> bool {
        let closed = matches!(self.items(), SchemaOrBool::Closed);
        closed
            || self.object().is_some_and(|object| {
                !object.pattern_properties.is_empty()
                    || object.property_names.is_some()
                    || object.unevaluated_properties.is_some()
                    || !object.dependent_required.is_empty()
                    || !object.dependent_schemas.is_empty()
            })
            || self.array().is_some_and(|array| {
                !array.prefix_items.is_empty()
                    || array.contains.is_some()
                    || array.min_contains.is_some()
                    || array.max_contains.is_some()
                    || array.unevaluated_items.is_some()
            })
            || self.string().is_some_and(|string| {
                string.content_encoding.is_some()
                    || string.content_media_type.is_some()
                    || string.content_schema.is_some()
            })
            || self.conditional().iter().any(Option::is_some)
    }

    /// Returns `true` if no value is valid: `false`, `not: {}`.
    #[must_use]
    pub fn is_never(&self) -> bool {
        let not = || self.not().and_then(|not| not.inline());
        self.is_false() || not().is_some_and(|not| not.is_any())
    }

    /// Returns `true` if this is the schema `false`.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.node.schema.is_false
    }

    /// Returns `true` if only `null` is valid: `type: "null"`, `const: null`, `enum: [null]`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        let values = self.values();
        let is_null_type = || self.whole().is_some_and(|it| it.types.is_only_null());
        if values.is_empty() {
            is_null_type()
        } else {
            values.iter().all(Value::is_null)
        }
    }

    /// Returns `true` if the schema itself allows `null` explicitly.
    pub(in crate::document) fn has_null(&self) -> bool {
        let is_stated = |schema: &Schema| schema.nullable || schema.types.null;
        self.whole().is_some_and(is_stated) || self.values().contains(&Value::Null)
    }

    /// Returns `true` for `nullable: true` (OpenAPI 3.0) without `type`.
    pub(in crate::document) fn is_marked_nullable(&self) -> bool {
        self.whole().is_some_and(|schema| schema.nullable)
    }

    // Values

    /// Returns `enum` or `const` of a schema with at most one type.
    pub(super) fn values(&self) -> &'a [Value] {
        let schema = self.whole().filter(|schema| !schema.types.are_several());
        schema.map_or(&[], |schema| match &schema.constant {
            Some(constant) => std::slice::from_ref(constant),
            None => &schema.enumeration,
        })
    }

    /// Returns `enum` as written, or the value of `const`; `null` for `type: "null"`. Empty without
    /// any of them.
    #[must_use]
    pub fn enumeration(&self) -> Vec<Value> {
        if let Part::Type(of) = self.node.part {
            let values = self.node.schema.enumeration.iter();
            let values = values.filter(|value| spec::is_of_type(value, of.name()));
            return values.cloned().collect();
        }
        let values = self.values();
        if values.is_empty() && self.is_null() {
            return vec![Value::Null];
        }
        values.to_vec()
    }

    /// Returns `true` if the only value of [`enumeration`](Self::enumeration) is from `const`.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.whole().is_some_and(|schema| schema.constant.is_some())
    }

    /// Returns `default`, including `null`.
    #[must_use]
    pub fn default_value(&self) -> Option<&'a Value> {
        self.whole()?.annotations.default.as_ref()
    }

    /// Returns `example`, followed by `examples`.
    #[must_use]
    pub fn examples(&self) -> Vec<&'a Value> {
        let Some(schema) = self.whole() else {
            return Vec::new();
        };
        let listed = schema.annotations.examples.iter();
        match &schema.annotations.example {
            Some(example) => {
                let others = listed.filter(|other| *other != example);
                std::iter::once(example).chain(others).collect()
            }
            None => listed.collect(),
        }
    }

    /// Returns the [`examples`](Self::examples), each with its pointer.
    #[must_use]
    pub fn examples_at(&self) -> Vec<(Pointer, &'a Value)> {
        let listed = self.whole().map(|schema| &schema.annotations.examples);
        let listed = ValueIndex::new(listed.into_iter().flatten());
        let examples = self.examples().into_iter();
        let placed = examples.map(|example| {
            let at = match listed.position(example) {
                Some(index) => self.keyword("examples").child(index),
                None => self.keyword("example"),
            };
            (at, example)
        });
        placed.collect()
    }

    // Composition

    /// Returns `allOf`, and the other parts that apply in addition to the keywords of the schema:
    /// the target of its `$ref`, and several types beside an `anyOf`.
    #[must_use]
    pub fn all_of(&self) -> Nodes<'a> {
        let Some(schema) = self.whole() else {
            return Vec::new();
        };
        let mut nodes = self.nodes(&schema.all_of);
        if schema.types.are_several() && !schema.any_of.is_empty() {
            nodes.push(self.node.part(Part::Types));
        }
        if schema.reference.is_some() {
            nodes.push(self.node.part(Part::Reference));
        }
        nodes
    }

    /// Returns all branches of `oneOf`.
    pub(in crate::document) fn all_one_of(&self) -> Nodes<'a> {
        self.nodes(self.whole().map_or(&[], |schema| &schema.one_of))
    }

    /// Returns all branches of `anyOf`. Without `anyOf`, each of several types is a branch.
    pub(in crate::document) fn all_any_of(&self) -> Nodes<'a> {
        let schema = self.node.schema;
        let types = || {
            let types = schema.types.iter();
            types.map(|of| self.node.part(Part::Type(of))).collect()
        };
        match self.node.part {
            Part::Whole if !schema.any_of.is_empty() => self.nodes(&schema.any_of),
            Part::Whole | Part::Types if schema.types.are_several() => types(),
            _ => Vec::new(),
        }
    }

    /// Returns `oneOf`, without branches that only allow `null` (see [`nullable`](Self::nullable)).
    #[must_use]
    pub fn one_of(&self) -> Nodes<'a> {
        without_null(self.all_one_of())
    }

    /// Returns `anyOf`, without branches that only allow `null`. Each of several types is a branch
    /// here too.
    #[must_use]
    pub fn any_of(&self) -> Nodes<'a> {
        without_null(self.all_any_of())
    }

    /// Returns all branches of `oneOf` and of `anyOf`.
    pub(in crate::document) fn all_branches(&self) -> [Nodes<'a>; 2] {
        [self.all_one_of(), self.all_any_of()]
    }

    /// Returns `not`.
    #[must_use]
    pub fn not(&self) -> Option<SchemaNode<'a>> {
        self.one(self.whole()?.not)
    }

    /// Returns `if`, `then`, `else`.
    #[must_use]
    pub fn conditional(&self) -> [Option<SchemaNode<'a>>; 3] {
        match self.whole() {
            Some(schema) => schema.conditional.map(|id| self.one(id)),
            None => [const { None }; 3],
        }
    }

    /// Returns `discriminator`.
    #[must_use]
    pub fn discriminator(&self) -> Option<&'a Discriminator> {
        self.whole()?.discriminator.as_deref()
    }

    /// Returns `true` if a value of the discriminator selects a schema that the document lacks.
    #[must_use]
    pub fn has_lost_value(&self) -> bool {
        let discriminator = self.discriminator();
        discriminator.is_some_and(|found| carried(&found.extensions, LOST_VALUE).is_some())
    }

    /// Returns the schema that a discriminator value selects: by `mapping` (a `$ref` or a name), or
    /// by the name in `components.schemas`.
    #[must_use]
    pub fn discriminated(&self, value: &str) -> Option<SchemaNode<'a>> {
        let mapped = self.discriminator()?.mapping.get(value);
        let target = mapped.map_or(value, String::as_str);
        let schemas = Pointer::root().child("components").child("schemas");
        let pointer = match Pointer::from_reference(target) {
            Some(pointer) => pointer,
            None => schemas.child(target),
        };
        self.document().schema(&pointer)
    }

    // Annotations

    /// Returns `title`.
    #[must_use]
    pub fn title(&self) -> Option<&'a str> {
        self.whole()?.annotations.title.as_deref()
    }

    /// Returns `description`.
    #[must_use]
    pub fn description(&self) -> Option<&'a str> {
        self.whole()?.annotations.description.as_deref()
    }

    /// Returns `readOnly`.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.whole().is_some_and(|it| it.annotations.read_only)
    }

    /// Returns `writeOnly`.
    #[must_use]
    pub fn write_only(&self) -> bool {
        self.whole().is_some_and(|it| it.annotations.write_only)
    }

    /// Returns `deprecated`.
    #[must_use]
    pub fn deprecated(&self) -> bool {
        self.whole().is_some_and(|it| it.annotations.deprecated)
    }

    /// Returns `externalDocs`.
    #[must_use]
    pub fn external_docs(&self) -> Option<&'a ExternalDocumentation> {
        self.whole()?.annotations.external_docs.as_deref()
    }

    /// Returns `xml`.
    #[must_use]
    pub fn xml(&self) -> Option<&'a Value> {
        self.whole()?.annotations.xml.as_deref()
    }

    /// Returns the value of an `x-` key, or of a keyword without effect on the generated crate,
    /// such as `$id`.
    #[must_use]
    pub fn extension(&self, name: &str) -> Option<&'a Value> {
        self.whole()?.others.get(name)
    }

    // Nested schemas

    pub(super) fn one(&self, id: Option<SchemaId>) -> Option<SchemaNode<'a>> {
        Some(SchemaNode::get(self.document(), id?))
    }

    pub(super) fn nodes(&self, ids: &[SchemaId]) -> Nodes<'a> {
        let document = self.document();
        ids.iter()
            .map(|id| SchemaNode::get(document, *id))
            .collect()
    }

    pub(super) fn rest(&self, id: Option<SchemaId>) -> SchemaOrBool<'a> {
        self.one(id).map_or(SchemaOrBool::Absent, SchemaNode::rest)
    }
}

/// Returns the branches that allow more than `null`.
pub(in crate::document) fn without_null(mut branches: Nodes<'_>) -> Nodes<'_> {
    branches.retain(|branch| !branch.follow().is_some_and(|view| view.is_null()));
    let is_only_nullable =
        |branch: &SchemaNode<'_>| branch.inline().is_some_and(|view| view.is_only_nullable());
    if !branches.iter().all(is_only_nullable) {
        branches.retain(|branch| !is_only_nullable(branch));
    }
    branches
}
