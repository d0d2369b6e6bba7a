//! A uniform view of a schema, independent of the `SchemaKind` that `openapiv3` chose for it.

use std::fmt;

use openapiv3::{
    AnySchema, ArrayType, Discriminator, ExternalDocumentation, ObjectType, ReferenceOr, Schema,
    SchemaKind, StringType, Type,
};
use serde_json::{Number, Value};

use super::values;
use super::{
    Document, NamedNodes, Nodes, SchemaNode, SchemaOrBool, SchemaRef, ValueIndex, carried,
};
use crate::carried::LOST_VALUE;
use crate::normalize::{self, PREFIX};
use crate::pointer::Pointer;

/// The keywords of an inline schema.
#[derive(Clone)]
pub struct SchemaView<'a> {
    pub(super) document: &'a Document,
    pub(super) schema: &'a Schema,
    pub(super) pointer: Pointer,
}

/// The `type` keyword. For `null`, see [`SchemaView::nullable`] and [`SchemaView::is_null`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemaType {
    /// `string`
    String,
    /// `number`
    Number,
    /// `integer`
    Integer,
    /// `boolean`
    Boolean,
    /// `array`
    Array,
    /// `object`
    Object,
}

/// `minimum` or `maximum`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The bound, as precise as in the document.
    pub value: Number,
    /// True if the bound itself is excluded.
    pub exclusive: bool,
}

/// Omits the document, which would fill pages.
impl fmt::Debug for SchemaView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaView")
            .field("schema", &self.schema)
            .field("pointer", &self.pointer)
            .finish_non_exhaustive()
    }
}

/// Reads a field that several `openapiv3` kinds have under one name.
macro_rules! facet {
    ($view:expr, $($kind:pat => $value:expr),+ $(,)?) => {
        match &$view.schema.schema_kind {
            $($kind => $value,)+
            _ => None,
        }
    };
}

pub(super) use facet;

use SchemaKind::{Any, Type as Typed};

impl<'a> SchemaView<'a> {
    /// Returns the effects of this schema's repaired faults.
    pub fn faults(&self) -> impl Iterator<Item = &str> {
        self.document.faults(&self.pointer)
    }

    pub(super) fn new(document: &'a Document, schema: &'a Schema, pointer: Pointer) -> Self {
        Self {
            document,
            schema,
            pointer,
        }
    }

    /// Returns the document of the schema.
    #[must_use]
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Returns the pointer to the schema.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Returns the schema as `openapiv3` models it.
    #[must_use]
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    pub(super) fn any(&self) -> Option<&'a AnySchema> {
        facet!(self, Any(any) => Some(any))
    }

    pub(super) fn object(&self) -> Option<&'a ObjectType> {
        facet!(self, Typed(Type::Object(object)) => Some(object))
    }

    pub(super) fn array(&self) -> Option<&'a ArrayType> {
        facet!(self, Typed(Type::Array(array)) => Some(array))
    }

    pub(super) fn string(&self) -> Option<&'a StringType> {
        facet!(self, Typed(Type::String(string)) => Some(string))
    }

    // Type

    /// Returns the `type` keyword, if present.
    #[must_use]
    pub fn declared_type(&self) -> Option<SchemaType> {
        match &self.schema.schema_kind {
            Typed(Type::String(_)) => Some(SchemaType::String),
            Typed(Type::Number(_)) => Some(SchemaType::Number),
            Typed(Type::Integer(_)) => Some(SchemaType::Integer),
            Typed(Type::Boolean(_)) => Some(SchemaType::Boolean),
            Typed(Type::Array(_)) => Some(SchemaType::Array),
            Typed(Type::Object(_)) => Some(SchemaType::Object),
            Any(any) => values::type_of_name(any.typ.as_deref()?),
            _ => None,
        }
    }

    /// Returns the `type`, or the single type that the other keywords imply (`properties` without
    /// `type`, an `enum` of strings only).
    #[must_use]
    pub fn inferred_type(&self) -> Option<SchemaType> {
        if let Some(declared) = self.declared_type() {
            return Some(declared);
        }
        let any = self.any();
        if let Some(of_values) = any.and_then(|any| values::type_of_all(&any.enumeration)) {
            return Some(of_values);
        }
        if any.is_some_and(|any| !any.enumeration.is_empty()) {
            return None;
        }
        let of_keywords = [
            (
                any.is_some_and(values::is_about_objects),
                SchemaType::Object,
            ),
            (any.is_some_and(values::is_about_arrays), SchemaType::Array),
            (
                any.is_some_and(values::is_about_strings),
                SchemaType::String,
            ),
            (
                any.is_some_and(values::is_about_numbers),
                SchemaType::Number,
            ),
            (self.carries(&values::OBJECT_KEYWORDS), SchemaType::Object),
            (self.carries(&values::ARRAY_KEYWORDS), SchemaType::Array),
            (self.carries(&values::STRING_KEYWORDS), SchemaType::String),
        ];
        let mut types = of_keywords
            .into_iter()
            .filter_map(|(is_there, of_type)| is_there.then_some(of_type));
        let first = types.next()?;
        types.all(|other| other == first).then_some(first)
    }

    fn carries(&self, keywords: &[&str]) -> bool {
        keywords
            .iter()
            .any(|keyword| self.carried(keyword).is_some())
    }

    /// Returns true if the schema allows any value: it has no keywords but annotations.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.any().is_some_and(|any| *any == AnySchema::default())
            && self.discriminator().is_none()
            && !self.is_constrained()
    }

    /// Returns true if the schema allows any value and has no annotations.
    pub(super) fn is_bare(&self) -> bool {
        let data = &self.schema.schema_data;
        let is_annotated = data.description.is_some()
            || data.default.is_some()
            || data.example.is_some()
            || data.title.is_some();
        self.is_any() && !is_annotated
    }

    /// Returns true if a keyword that `openapiv3` does not model restricts the values.
    pub(super) fn is_constrained(&self) -> bool {
        let keys = self.schema.schema_data.extensions.keys();
        keys.filter_map(|key| key.strip_prefix(PREFIX))
            .any(|keyword| values::CONSTRAINTS.contains(&keyword))
    }

    /// Returns the keywords that `openapiv3` does not model, with their values.
    #[must_use]
    pub fn carried_constraints(&self) -> Vec<(&'a str, &'a Value)> {
        let extensions = self.schema.schema_data.extensions.iter();
        extensions
            .filter_map(|(key, value)| Some((key.strip_prefix(PREFIX)?, value)))
            .filter(|(keyword, _)| !matches!(*keyword, "example" | "examples" | "default"))
            .collect()
    }

    /// Returns true if no value is valid: `false`, `not: {}`.
    #[must_use]
    pub fn is_never(&self) -> bool {
        let not = self.not().and_then(|not| not.inline());
        not.is_some_and(|not| not.is_any())
    }

    /// Returns true if only `null` is valid: `type: "null"`, `const: null`, `enum: [null]`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match &self.schema.schema_kind {
            Any(any) => !any.enumeration.is_empty() && any.enumeration.iter().all(Value::is_null),
            Typed(Type::String(string)) => values::only_null(&string.enumeration),
            Typed(Type::Number(number)) => values::only_null(&number.enumeration),
            Typed(Type::Integer(integer)) => values::only_null(&integer.enumeration),
            Typed(Type::Boolean(boolean)) => values::only_null(&boolean.enumeration),
            _ => false,
        }
    }

    pub(super) fn enumeration_has_null(&self) -> bool {
        match &self.schema.schema_kind {
            Any(any) => any.enumeration.contains(&Value::Null),
            Typed(Type::String(string)) => string.enumeration.contains(&None),
            Typed(Type::Number(number)) => number.enumeration.contains(&None),
            Typed(Type::Integer(integer)) => integer.enumeration.contains(&None),
            Typed(Type::Boolean(boolean)) => boolean.enumeration.contains(&None),
            _ => false,
        }
    }

    // Values

    /// Returns `enum` as written, or the value of `const`. Empty if both are absent.
    #[must_use]
    pub fn enumeration(&self) -> Vec<Value> {
        if let Some(Value::Array(values)) = self.carried("enum") {
            return values.clone();
        }
        match &self.schema.schema_kind {
            Any(any) => any.enumeration.clone(),
            Typed(Type::String(string)) => values::json(&string.enumeration),
            Typed(Type::Integer(integer)) => values::json(&integer.enumeration),
            Typed(Type::Number(number)) => values::json(&number.enumeration),
            Typed(Type::Boolean(boolean)) => values::json(&boolean.enumeration),
            _ => Vec::new(),
        }
    }

    /// Returns true if the only value of [`enumeration`](Self::enumeration) is from `const`.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.carried("const").is_some()
    }

    /// Returns `default`, including `null`.
    #[must_use]
    pub fn default_value(&self) -> Option<&'a Value> {
        let default = self.schema.schema_data.default.as_ref();
        default.or_else(|| self.carried("default"))
    }

    /// Returns `example`, followed by `examples`.
    #[must_use]
    pub fn examples(&self) -> Vec<&'a Value> {
        let example = self.schema.schema_data.example.as_ref();
        let example = example.or_else(|| self.carried("example"));
        let others = self.carried("examples").and_then(Value::as_array);
        let others = others.into_iter().flatten();
        example
            .into_iter()
            .chain(others.filter(|other| Some(*other) != example))
            .collect()
    }

    /// Returns the [`examples`](Self::examples), each with its pointer.
    #[must_use]
    pub fn examples_at(&self) -> Vec<(Pointer, &'a Value)> {
        let listed = self.carried("examples").and_then(Value::as_array);
        let listed = ValueIndex::new(listed.into_iter().flatten());
        let examples = self.examples().into_iter();
        let placed = examples.map(|example| {
            let at = match listed.position(example) {
                Some(index) => self.pointer.child("examples").child(index),
                None => self.pointer.child("example"),
            };
            (at, example)
        });
        placed.collect()
    }

    // Composition

    /// Returns `allOf`.
    #[must_use]
    pub fn all_of(&self) -> Nodes<'a> {
        let branches: &[_] = match &self.schema.schema_kind {
            SchemaKind::AllOf { all_of } => all_of,
            Any(any) => &any.all_of,
            _ => &[],
        };
        self.nodes("allOf", branches).collect()
    }

    pub(super) fn raw_one_of(&self) -> &'a [ReferenceOr<Schema>] {
        match &self.schema.schema_kind {
            SchemaKind::OneOf { one_of } => one_of,
            Any(any) => &any.one_of,
            _ => &[],
        }
    }

    pub(super) fn raw_any_of(&self) -> &'a [ReferenceOr<Schema>] {
        match &self.schema.schema_kind {
            SchemaKind::AnyOf { any_of } => any_of,
            Any(any) => &any.any_of,
            _ => &[],
        }
    }

    /// Returns `oneOf`, without branches that only allow `null` (see [`nullable`](Self::nullable)).
    #[must_use]
    pub fn one_of(&self) -> Nodes<'a> {
        self.branches("oneOf", self.raw_one_of())
    }

    /// Returns `anyOf`, without branches that only allow `null`. Each name of a `type` list is a
    /// branch here too.
    #[must_use]
    pub fn any_of(&self) -> Nodes<'a> {
        self.branches("anyOf", self.raw_any_of())
    }

    pub(super) fn branches(&self, keyword: &str, branches: &'a [ReferenceOr<Schema>]) -> Nodes<'a> {
        without_null(self.nodes(keyword, branches).collect())
    }

    /// Returns all branches of `oneOf` and of `anyOf`.
    pub(super) fn all_branches(&self) -> [Nodes<'a>; 2] {
        [("oneOf", self.raw_one_of()), ("anyOf", self.raw_any_of())]
            .map(|(keyword, branches)| self.nodes(keyword, branches).collect())
    }

    /// Returns `not`.
    #[must_use]
    pub fn not(&self) -> Option<SchemaNode<'a>> {
        let not = facet!(self, SchemaKind::Not { not } => Some(not), Any(any) => any.not.as_ref())?;
        let not: &ReferenceOr<Schema> = not;
        Some(self.child(not.into(), &["not"]))
    }

    /// Returns `if`, `then`, `else`.
    #[must_use]
    pub fn conditional(&self) -> [Option<SchemaNode<'a>>; 3] {
        ["if", "then", "else"].map(|keyword| self.placed(keyword))
    }

    /// Returns `discriminator`.
    #[must_use]
    pub fn discriminator(&self) -> Option<&'a Discriminator> {
        self.schema.schema_data.discriminator.as_ref()
    }

    /// Returns true if a value of the discriminator selects a schema that the document lacks.
    #[must_use]
    pub fn has_lost_value(&self) -> bool {
        let discriminator = self.discriminator();
        discriminator.is_some_and(|found| super::carried(&found.extensions, LOST_VALUE).is_some())
    }

    /// Returns the schema that a discriminator value selects: by `mapping` (a `$ref` or a name), or
    /// by the name in `components.schemas`.
    #[must_use]
    pub fn discriminated(&self, value: &str) -> Option<SchemaNode<'a>> {
        let mapped = self.discriminator()?.mapping.get(value);
        let target = mapped.map_or(value, String::as_str);
        let schemas = Pointer::root().child("components").child("schemas");
        let pointer = match normalize::target(target) {
            Some(pointer) => pointer,
            None => schemas.child(target),
        };
        self.document.schema(&pointer)
    }

    // Annotations

    /// Returns `title`.
    #[must_use]
    pub fn title(&self) -> Option<&'a str> {
        self.schema.schema_data.title.as_deref()
    }

    /// Returns `description`.
    #[must_use]
    pub fn description(&self) -> Option<&'a str> {
        self.schema.schema_data.description.as_deref()
    }

    /// Returns `readOnly`.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.schema.schema_data.read_only
    }

    /// Returns `writeOnly`.
    #[must_use]
    pub fn write_only(&self) -> bool {
        self.schema.schema_data.write_only
    }

    /// Returns `deprecated`.
    #[must_use]
    pub fn deprecated(&self) -> bool {
        self.schema.schema_data.deprecated
    }

    /// Returns `externalDocs`.
    #[must_use]
    pub fn external_docs(&self) -> Option<&'a ExternalDocumentation> {
        self.schema.schema_data.external_docs.as_ref()
    }

    /// Returns `xml`.
    #[must_use]
    pub fn xml(&self) -> Option<&'a Value> {
        self.carried("xml")
    }

    /// Returns the value of an `x-` key.
    #[must_use]
    pub fn extension(&self, name: &str) -> Option<&'a Value> {
        self.schema.schema_data.extensions.get(name)
    }

    /// Returns the value of a keyword that `openapiv3` does not model and that has no method here.
    #[must_use]
    pub fn carried(&self, keyword: &str) -> Option<&'a Value> {
        carried(&self.schema.schema_data.extensions, keyword)
    }

    // Nested schemas

    pub(super) fn child(&self, schema: SchemaRef<'a>, tokens: &[&str]) -> SchemaNode<'a> {
        SchemaNode::new(self.document, schema, self.pointer.below(tokens))
    }

    fn nodes(
        &self,
        keyword: &str,
        branches: &'a [ReferenceOr<Schema>],
    ) -> impl Iterator<Item = SchemaNode<'a>> + use<'a> {
        let at = if branches.is_empty() {
            Pointer::root()
        } else {
            self.pointer.child(keyword)
        };
        let document = self.document;
        branches
            .iter()
            .enumerate()
            .map(move |(index, schema)| SchemaNode::new(document, schema.into(), at.child(index)))
    }

    pub(super) fn placed(&self, keyword: &str) -> Option<SchemaNode<'a>> {
        self.carried(keyword)?;
        self.document.schema(&self.pointer.child(keyword))
    }

    pub(super) fn placed_map(&self, keyword: &str) -> NamedNodes<'a> {
        let Some(Value::Object(map)) = self.carried(keyword) else {
            return Vec::new();
        };
        let at = self.pointer.child(keyword);
        let nodes = map
            .keys()
            .filter_map(|name| Some((name.as_str(), self.document.schema(&at.child(name))?)));
        nodes.collect()
    }

    pub(super) fn placed_rest(&self, keyword: &str) -> SchemaOrBool<'a> {
        match self.carried(keyword) {
            None => SchemaOrBool::Unsaid,
            Some(Value::Bool(true)) => SchemaOrBool::Any,
            Some(Value::Bool(false)) => SchemaOrBool::Closed,
            Some(_) => self
                .placed(keyword)
                .map_or(SchemaOrBool::Any, SchemaNode::rest),
        }
    }
}

/// Returns the branches that allow more than `null`.
fn without_null(mut branches: Nodes<'_>) -> Nodes<'_> {
    branches.retain(|branch| !branch.follow().is_some_and(|view| view.is_null()));
    let is_only_nullable =
        |branch: &SchemaNode<'_>| branch.inline().is_some_and(|view| view.is_only_nullable());
    if !branches.iter().all(is_only_nullable) {
        branches.retain(|branch| !is_only_nullable(branch));
    }
    branches
}
