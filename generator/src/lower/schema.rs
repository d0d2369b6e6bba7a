//! Lowers a schema to a declared type or to a type without declaration.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Location, code};
use crate::document::{SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::ir::{Shape, Traits, Type, TypeDef, TypePath};
use crate::limits;
use crate::pointer::Pointer;
use crate::values::{fits, has_more_than_float};

use super::all_of::{Disjoint, EnumValue, MergedSchema};
use super::directions::Directions;
use super::union::{Branches, is_bare};
use super::{InlineSite, Lowering, OwnerKey, Untyped, bounds, docs, integer, naming};

/// A type, and whether it allows null.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Typed {
    pub ty: Type,
    pub nullable: bool,
}

impl Typed {
    /// Returns the type for an item or a map's value, where null needs an `Option`.
    pub fn into_nullable_type(self) -> Type {
        if self.nullable && self.ty != Type::Json {
            Type::Option(Box::new(self.ty))
        } else {
            self.ty
        }
    }
}

/// The form of the type for a schema.
pub(super) enum TypeForm<'d> {
    /// Any JSON value, with the reason.
    Any(&'static str),
    /// Only null.
    Null,
    /// One of a list of values.
    Enum(Vec<EnumValue>),
    /// An object with known properties, or a closed one without any.
    Struct,
    /// An object with properties of any name.
    Map,
    /// An array.
    Array,
    /// A string, a number, an integer or a boolean.
    Scalar(SchemaType),
    /// The same as another schema.
    Same(SchemaNode<'d>),
    /// The same as another merged schema.
    Merged(Box<MergedSchema<'d>>),
    /// A `oneOf` or `anyOf`.
    Union(Box<Branches<'d>>),
    /// A string that is one of a list of values, or any other string.
    OpenEnum(Vec<EnumValue>),
}

impl TypeForm<'_> {
    /// Returns true if types of this form have a declaration.
    fn is_declared(&self) -> bool {
        matches!(
            self,
            Self::Enum(_) | Self::OpenEnum(_) | Self::Struct | Self::Union(_)
        )
    }
}

impl<'d> Lowering<'d, '_> {
    /// Declares every schema of `components.schemas`.
    pub(super) fn lower_components(&mut self) {
        let schemas: Vec<(&str, SchemaNode<'d>)> = self.document.schemas().collect();
        for (name, node) in &schemas {
            let name = self.names.type_in(&[], name);
            self.by_pointer.insert(
                node.pointer().clone(),
                TypePath {
                    modules: Vec::new(),
                    name,
                },
            );
        }
        for (_, node) in &schemas {
            if let Some(path) = self.by_pointer.get(node.pointer()).cloned() {
                self.lower_component(node, path);
            }
        }
    }

    /// Declares a schema under its reserved name.
    pub(super) fn lower_component(&mut self, node: &SchemaNode<'d>, path: TypePath) {
        if !self.charge(node.pointer(), limits::PARTS_OF_A_TYPE) {
            return;
        }
        let directions = self.schema_directions.at(node.pointer());
        let owner = OwnerKey::Type(path.clone());
        self.examples
            .of_schemas(std::slice::from_ref(node), || Typed {
                ty: Type::Named(path.clone()),
                nullable: (node.follow()).is_some_and(|view| MergedSchema::of(&view).nullable()),
            });
        let Some(view) = node.inline() else {
            let ty = self.lower_reference(node).ty;
            self.types.push(TypeDef {
                path,
                docs: crate::ir::Docs::default(),
                deprecated: false,
                shape: Shape::Alias(ty),
                same_as: None,
                traits: Traits::default(),
            });
            return;
        };
        let merged = MergedSchema::of(&view);
        // An alias, unless it is a branch of the schema that it refers to.
        if let Some(inner) = view
            .annotated()
            .filter(|inner| inner.reference().is_some() && !self.is_child(&view, &merged, inner))
        {
            let ty = self.lower_reference(&inner).ty;
            self.types.push(TypeDef {
                docs: docs::of_schema(&view, path.name.as_str()),
                path,
                deprecated: view.deprecated(),
                shape: Shape::Alias(ty),
                same_as: None,
                traits: Traits::default(),
            });
            return;
        }
        let site = InlineSite {
            owner,
            hint: "items".to_owned(),
            directions,
        };
        let mut merged = merged;
        let mut form = self.type_form(&merged);
        let mut seen = HashSet::from([merged.key()]);
        while let TypeForm::Merged(other) = &form
            && seen.insert(other.key())
        {
            merged = (**other).clone();
            form = self.type_form(&merged);
        }
        if !merged.whole && form.is_declared() {
            let known = self.merged.entry(merged.key());
            known.or_insert_with(|| path.clone());
        }
        let shape = match self.declare_shape(&merged, form, &path, directions) {
            Ok(shape) => shape,
            Err(form) => Shape::Alias(self.lower_form(&merged, form, &site)),
        };
        let docs = docs::of_schema(&view, path.name.as_str());
        self.types.push(TypeDef {
            path,
            docs,
            deprecated: view.deprecated(),
            shape,
            same_as: None,
            traits: Traits::default(),
        });
    }

    /// Returns the type of a schema at any place.
    pub(super) fn lower_node(&mut self, node: &SchemaNode<'d>, site: &InlineSite) -> Typed {
        let decoded = self.decoded(node);
        let node = decoded.as_ref().unwrap_or(node);
        let typed = match node.inline() {
            Some(view) => self.lower_view(&view, site),
            None => self.lower_reference(node),
        };
        let of = std::slice::from_ref(node);
        self.examples.of_schemas(of, || typed.clone());
        typed
    }

    /// Returns the schema of what the data of an event encodes, where that is read.
    fn decoded(&self, node: &SchemaNode<'d>) -> Option<SchemaNode<'d>> {
        let view = node.inline()?;
        let is_encoded = self.encoded_data.contains(view.pointer());
        view.content_schema().filter(|_| is_encoded)
    }

    fn lower_view(&mut self, view: &SchemaView<'d>, site: &InlineSite) -> Typed {
        if let Some(path) = self.by_pointer.get(view.pointer()) {
            return Typed {
                ty: Type::Named(path.clone()),
                nullable: MergedSchema::of(view).nullable(),
            };
        }
        let merged = MergedSchema::of(view);
        if let Some(inner) = view
            .annotated()
            .filter(|inner| !self.is_child(view, &merged, inner))
        {
            return Typed {
                nullable: view.nullable(),
                ..self.lower_node(&inner, site)
            };
        }
        self.lower_merged(&merged, site)
    }

    /// Returns true if a schema that only wraps another one is also a branch of that one, by its
    /// `oneOf`, `anyOf` or discriminator: the same type would be its own branch. It is a type of
    /// its own if the wrapped schema has keywords beside its branches.
    fn is_child(
        &self,
        view: &SchemaView<'d>,
        merged: &MergedSchema<'d>,
        inner: &SchemaNode<'d>,
    ) -> bool {
        let lists = |parent: SchemaView<'d>| {
            let mut unions = MergedSchema::of(&parent).unions.into_iter();
            unions.any(|union| union.holds(std::slice::from_ref(view)))
        };
        let says = |part: &SchemaView<'d>| !is_bare(part) || part.discriminator().is_some();
        let is_listed = inner.follow().is_some_and(lists)
            && (!merged.unions.is_empty() || merged.parts.iter().any(says));
        is_listed || self.hierarchies.is_member(view.pointer())
    }

    /// Returns the type of several schemas that a value must match.
    pub(super) fn lower_nodes(
        &mut self,
        nodes: &[SchemaNode<'d>],
        at: &Pointer,
        site: &InlineSite,
    ) -> Typed {
        let typed = match nodes {
            [only] => return self.lower_node(only, site),
            [first, rest @ ..] if rest.iter().all(|node| first.is_same(node)) => {
                self.lower_node(first, site)
            }
            _ => {
                // Ignore parts that only annotate.
                let telling: Vec<&SchemaNode<'d>> = nodes
                    .iter()
                    .filter(|node| node.follow().is_some_and(|view| !view.is_any()))
                    .collect();
                let merged = MergedSchema::of_all(nodes, at.clone());
                let only = match telling.as_slice() {
                    [only] => Some(*only),
                    _ => narrowest(&telling),
                };
                match only {
                    Some(only) => Typed {
                        nullable: merged.nullable(),
                        ..self.lower_node(only, site)
                    },
                    None => self.lower_merged(&merged, site),
                }
            }
        };
        self.examples.of_schemas(nodes, || typed.clone());
        typed
    }

    pub(super) fn lower_merged(&mut self, merged: &MergedSchema<'d>, site: &InlineSite) -> Typed {
        let nullable = merged.nullable();
        if !self.deepen(&merged.at) {
            let ty = self.lower_any(&merged.at, "the schemas are nested too deeply");
            return Typed { ty, nullable };
        }
        let typed = self.lower_entered(merged, nullable, site);
        self.depth -= 1;
        typed
    }

    fn lower_entered(
        &mut self,
        merged: &MergedSchema<'d>,
        nullable: bool,
        site: &InlineSite,
    ) -> Typed {
        let form = self.type_form(merged);
        // Merged alternatives can multiply.
        if !merged.whole && !self.charge(&merged.at, merged.parts.len()) {
            let ty = self.lower_any(&merged.at, "the types are too large");
            return Typed { ty, nullable };
        }
        let ty = self.lower_form_of(merged, form, site);
        Typed { ty, nullable }
    }

    fn lower_form_of(
        &mut self,
        merged: &MergedSchema<'d>,
        form: TypeForm<'d>,
        site: &InlineSite,
    ) -> Type {
        if !form.is_declared() {
            return self.lower_guarded(merged, form, site);
        }
        let key = merged.key();
        if !merged.whole
            && let Some(path) = self.merged.get(&key)
        {
            return Type::Named(path.clone());
        }
        let modules = self.declare_module(&site.owner);
        let text = inline_text(merged)
            .filter(|_| !merged.base)
            .map(|text| (text, self.multipart.contains(&merged.at)));
        if let Some(text) = &text
            && let Some((_, path)) = self
                .inline
                .get(&modules)
                .and_then(|known| known.iter().find(|(known, _)| known == text))
        {
            return Type::Named(path.clone());
        }
        let name = self.names.type_in(&modules, &site.hint);
        let path = TypePath {
            modules: modules.clone(),
            name,
        };
        if let Some(text) = text {
            self.inline
                .entry(modules)
                .or_default()
                .push((text, path.clone()));
        }
        // Registered before nested schemas are lowered, since they may refer to it.
        if merged.whole {
            self.by_pointer.insert(merged.at.clone(), path.clone());
        } else {
            self.merged.insert(key, path.clone());
        }
        match self.declare_shape(merged, form, &path, site.directions) {
            Ok(shape) => {
                let view = merged.own();
                let docs = view.map(|view| docs::of_schema(view, path.name.as_str()));
                let docs = docs.unwrap_or_default();
                let deprecated = view.is_some_and(SchemaView::deprecated);
                self.types.push(TypeDef {
                    path: path.clone(),
                    docs,
                    deprecated,
                    shape,
                    same_as: None,
                    traits: Traits::default(),
                });
                Type::Named(path)
            }
            Err(form) => self.lower_form(merged, form, site),
        }
    }

    /// Returns the type of a form without declaration, or any JSON value if it contains itself.
    fn lower_guarded(
        &mut self,
        merged: &MergedSchema<'d>,
        form: TypeForm<'d>,
        site: &InlineSite,
    ) -> Type {
        let key = merged.key();
        if self.open.contains(&key) {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::TYPE_WIDENED,
                    merged.at.key(),
                    "a schema without a name contains itself, and the inner one becomes any JSON value",
                )
                .help("move it to `components.schemas` and refer to it"),
            );
            return self.lower_any(&merged.at, "the schema contains itself and has no name");
        }
        self.open.push(key);
        let ty = self.lower_form(merged, form, site);
        self.open.pop();
        ty
    }

    /// Returns the declaration of a form, or the form itself if it has none.
    fn declare_shape(
        &mut self,
        merged: &MergedSchema<'d>,
        form: TypeForm<'d>,
        path: &TypePath,
        directions: Directions,
    ) -> Result<Shape, TypeForm<'d>> {
        match form {
            TypeForm::Enum(values) => Ok(Shape::Enum(
                self.lower_enum(merged, values, directions, false),
            )),
            TypeForm::OpenEnum(values) => Ok(Shape::Enum(
                self.lower_enum(merged, values, directions, true),
            )),
            TypeForm::Struct => Ok(Shape::Struct(self.lower_object(merged, path, directions))),
            TypeForm::Union(branches) => {
                Ok(Shape::Union(self.lower_union(*branches, path, directions)))
            }
            form => Err(form),
        }
    }

    /// Returns the type of a form without declaration.
    fn lower_form(
        &mut self,
        merged: &MergedSchema<'d>,
        form: TypeForm<'d>,
        site: &InlineSite,
    ) -> Type {
        match form {
            TypeForm::Any(_) if self.multipart.is_file(merged, None) => Type::Bytes,
            TypeForm::Any(reason) => self.lower_any(&merged.at, reason),
            TypeForm::Null => Type::Null,
            TypeForm::Same(node) => self.lower_node(&node, site).ty,
            TypeForm::Merged(merged) => self.lower_merged(&merged, site).ty,
            TypeForm::Map => self.lower_map(merged, site),
            TypeForm::Array => self.lower_array(merged, site),
            TypeForm::Scalar(value_type) => self.lower_scalar(merged, value_type),
            TypeForm::Enum(_) | TypeForm::OpenEnum(_) | TypeForm::Struct | TypeForm::Union(_) => {
                self.lower_any(&merged.at, "the schema has no declaration")
            }
        }
    }

    /// Returns the form of the type for a schema.
    pub(super) fn type_form(&mut self, merged: &MergedSchema<'d>) -> TypeForm<'d> {
        if merged.own().is_some_and(SchemaView::is_null) {
            return TypeForm::Null;
        }
        if merged.parts.iter().any(SchemaView::is_never) {
            return TypeForm::Any("the schema allows no value");
        }
        if let Some(form) = self.alternatives(merged) {
            return form;
        }
        if merged.is_any() && !merged.is_discriminated() {
            return TypeForm::Any("the schema does not say what it is");
        }
        let value_type = match merged.agreed_type() {
            Ok(value_type) => value_type,
            Err(contradiction) => {
                contradiction.report(&merged.at, self.diagnostics);
                return TypeForm::Any("the parts of the `allOf` are of different types");
            }
        };
        bounds::check(merged, value_type, self.diagnostics);
        let disjoint = if self.diagnostics.is_strict() {
            Disjoint::Empty
        } else {
            Disjoint::Joined
        };
        if let Some(listed) = merged.listed(disjoint) {
            listed.report(&merged.at, self.diagnostics);
            let is_joined = disjoint == Disjoint::Joined && !listed.disjoint.is_empty();
            return if is_joined {
                TypeForm::OpenEnum(listed.values)
            } else {
                TypeForm::Enum(listed.values)
            };
        }
        match value_type {
            Some(SchemaType::Object) => object_form(merged),
            None if merged.is_object() || merged.is_discriminated() => object_form(merged),
            Some(SchemaType::Array) => TypeForm::Array,
            Some(scalar) => TypeForm::Scalar(scalar),
            None => {
                let lists =
                    |part: &SchemaView<'d>| !part.one_of().is_empty() || !part.any_of().is_empty();
                if merged.unions.is_empty() && merged.parts.iter().any(lists) {
                    let says = "the schema only lists itself as an alternative";
                    self.diagnostics.push(
                        Diagnostic::warning(code::TYPE_WIDENED, merged.at.key(), says)
                            .label("becomes any JSON value")
                            .help("write a `type` or properties"),
                    );
                }
                TypeForm::Any("the schema has no type")
            }
        }
    }

    /// Returns any JSON value, and records the reason for the report.
    pub(super) fn lower_any(&mut self, at: &Pointer, reason: &'static str) -> Type {
        let found = Untyped {
            pointer: at.clone(),
            reason,
        };
        // A schema that is merged into several others occurs several times.
        if self.noted.insert((at.clone(), reason)) {
            self.untyped.push(found);
        }
        Type::Json
    }

    fn lower_map(&mut self, merged: &MergedSchema<'d>, site: &InlineSite) -> Type {
        let object = merged.object();
        let site = site.named(naming::singular(&site.hint));
        let value = match (object.additional, object.patterns.as_slice()) {
            (SchemaOrBool::Schema(node), []) => self.lower_node(&node, &site).into_nullable_type(),
            (SchemaOrBool::Any | SchemaOrBool::Unsaid | SchemaOrBool::Closed, []) => {
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
            SchemaOrBool::Unsaid | SchemaOrBool::Closed => {}
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
        let distinct = nodes.iter().filter(|node| known.insert(words(node)));
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

    fn lower_array(&mut self, merged: &MergedSchema<'d>, site: &InlineSite) -> Type {
        let site = site.named(naming::singular(&site.hint));
        let prefix =
            merged.last(|view| Some(view.prefix_items()).filter(|items| !items.is_empty()));
        let said = |rest: SchemaOrBool<'d>| {
            Some(rest).filter(|rest| !matches!(rest, SchemaOrBool::Unsaid))
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
                | (SchemaOrBool::Unsaid, SchemaOrBool::Schema(node)) => Some(node),
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
    fn lower_tuple(
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
        self.diagnostics.push(
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

    fn lower_scalar(&mut self, merged: &MergedSchema<'d>, value_type: SchemaType) -> Type {
        let format = merged.last(SchemaView::format).unwrap_or_default();
        match value_type {
            SchemaType::Boolean => Type::Bool,
            SchemaType::Number if self.is_integer(merged, format) => {
                self.lower_integer(merged, format)
            }
            SchemaType::Number if self.needs_digits(merged) => Type::Number,
            SchemaType::Number => Type::Float64,
            SchemaType::Integer => self.lower_integer(merged, format),
            SchemaType::String if self.multipart.is_file(merged, Some(value_type)) => Type::Bytes,
            SchemaType::String => self.lower_string(merged, format),
            SchemaType::Array | SchemaType::Object => {
                self.lower_any(&merged.at, "the schema has no type")
            }
        }
    }

    /// Returns the type of a string, by its format if the document's own values have it (wire rule
    /// 4).
    fn lower_string(&mut self, merged: &MergedSchema<'d>, format: &str) -> Type {
        let encoding = merged
            .last(SchemaView::content_encoding)
            .unwrap_or_default();
        let ty = match format {
            "uri" => Type::Uri,
            "uuid" => Type::Uuid,
            "date" => Type::Date,
            "date-time" => Type::DateTime,
            "byte" => Type::Base64,
            "password" => Type::Secret,
            "" if encoding == "base64" => Type::Base64,
            _ => return Type::String,
        };
        let broken =
            |value: &serde_json::Value| value.as_str().is_some_and(|text| !fits(&ty, text));
        if self.contradicts(merged, format, broken, "so this is read as any text") {
            return Type::String;
        }
        ty
    }

    /// Returns true if a `number` has an integer format, and no value in the document has a
    /// fraction.
    fn is_integer(&mut self, merged: &MergedSchema<'d>, format: &str) -> bool {
        integer::width(format).is_some()
            && !self.contradicts(
                merged,
                format,
                integer::has_fraction,
                "so this is read as any number",
            )
    }

    /// Returns true if an `f64` cannot represent a value in the document.
    fn needs_digits(&self, merged: &MergedSchema<'d>) -> bool {
        merged.parts.iter().any(|part| {
            self.format_violations.needs_digits(part.pointer())
                || has_more_than_float(self.document, part)
        })
    }

    /// Returns true, and reports it, if a value in the document violates a format.
    fn contradicts(
        &mut self,
        merged: &MergedSchema<'d>,
        format: &str,
        breaks: impl Fn(&serde_json::Value) -> bool,
        consequence: &str,
    ) -> bool {
        let own = merged
            .parts
            .iter()
            .flat_map(|view| {
                let default = view.default_value();
                let default = default.map(|value| (view.keyword("default"), value));
                view.examples_at().into_iter().chain(default)
            })
            .find(|(_, value)| breaks(value));
        let own = own.map(|(at, value)| (Location::from(at), value.to_string()));
        let offender = own.or_else(|| {
            let shown = merged
                .parts
                .iter()
                .filter_map(|part| self.format_violations.offender(part.pointer()))
                .find(|value| breaks(value))?;
            Some((merged.at.key(), shown.to_string()))
        });
        let Some((at, offender)) = offender else {
            return false;
        };
        let mut warning = Diagnostic::warning(
            code::FORMAT_NOT_KEPT,
            at,
            format!("the value {offender} in the document does not have the format `{format}`"),
        )
        .label(consequence)
        .help(format!(
            "correct the value, or leave out `format: {format}`"
        ));
        let mut parts = merged.parts.iter().rev();
        if let Some(part) = parts.find(|part| part.format().is_some()) {
            warning = warning.related(part.keyword("format"), "the format");
        }
        self.diagnostics.push(warning);
        true
    }
}

fn object_form<'d>(merged: &MergedSchema<'d>) -> TypeForm<'d> {
    let object = merged.object();
    // Without properties, `additionalProperties: false` only allows the empty object.
    let closed = matches!(object.additional, SchemaOrBool::Closed) && object.patterns.is_empty();
    let unnamed =
        object.properties.is_empty() && object.conditional.is_empty() && object.required.is_empty();
    if unnamed && !closed {
        TypeForm::Map
    } else {
        TypeForm::Struct
    }
}

/// Returns the schema that extends all others, such as a property that a child schema narrows.
fn narrowest<'n, 'd>(nodes: &[&'n SchemaNode<'d>]) -> Option<&'n SchemaNode<'d>> {
    let merged: Vec<MergedSchema<'d>> = nodes
        .iter()
        .map(|node| Some(MergedSchema::of(&node.follow()?)))
        .collect::<Option<_>>()?;
    let extends = |one: &MergedSchema<'d>| {
        let mut others = merged.iter();
        others.all(|other| one.include(&other.parts, &other.unions))
    };
    merged
        .iter()
        .position(extends)
        .and_then(|at| nodes.get(at).copied())
}

/// Returns the identity of a schema: the target of its `$ref`, or its content.
fn words(node: &SchemaNode<'_>) -> (Option<Pointer>, Option<String>) {
    let own = node.inline();
    (node.reference(), own.map(|view| view.identity()))
}

/// Returns the text of an inline schema, to find equal ones.
fn inline_text(merged: &MergedSchema<'_>) -> Option<String> {
    match merged.parts.as_slice() {
        [only] if *only.pointer() == merged.at => Some(only.identity()),
        _ => None,
    }
}
