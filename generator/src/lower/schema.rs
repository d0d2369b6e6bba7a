//! Lowers a schema to a declared type or to a type without declaration.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::ir::{Docs, Type, TypePath};
use crate::output_limits;
use crate::pointer::Pointer;

use super::all_of::MergedSchema;
use super::branch::is_bare;
use super::directions::Directions;
use super::inline_site::{InlineSite, OwnerKey};
use super::listed_values::Disjoint;
use super::lowering::Lowering;
use super::nullable_type::Typed;
use super::type_draft::{ShapeDraft, TypeDraft};
use super::type_form::TypeForm;
use super::{contradictory_bounds, docs};

impl<'d> Lowering<'d, '_> {
    /// Declares every schema of `components.schemas`.
    pub(super) fn lower_components(&mut self) {
        let schemas: Vec<(&str, SchemaNode<'d>)> = self.context.document.schemas().collect();
        for (name, node) in &schemas {
            self.types.reserve_for(node.pointer(), Vec::new(), name);
        }
        for (_, node) in &schemas {
            if let Some(path) = self.types.of_schema(node.pointer()).cloned() {
                self.lower_component(node, path);
            }
        }
    }

    /// Declares a schema under its reserved name.
    pub(super) fn lower_component(&mut self, node: &SchemaNode<'d>, path: TypePath) {
        if !self.charge(node.pointer(), output_limits::PARTS_OF_A_TYPE) {
            return;
        }
        let directions = self.context.schema_directions.at(node.pointer());
        let owner = OwnerKey::Type(path.clone());
        self.deferred
            .examples
            .of_schemas(std::slice::from_ref(node), || Typed {
                ty: Type::Named(path.clone()),
                nullable: (node.follow()).is_some_and(|view| MergedSchema::new(&view).nullable()),
            });
        let Some(view) = node.inline() else {
            let ty = self.lower_reference(node).ty;
            self.types.define(TypeDraft {
                path,
                docs: Docs::default(),
                deprecated: false,
                shape: ShapeDraft::Alias(ty),
            });
            return;
        };
        let merged = MergedSchema::new(&view);
        // An alias, unless it is a branch of the schema that it refers to.
        if let Some(inner) = view
            .annotated()
            .filter(|inner| inner.reference().is_some() && !self.is_child(&view, &merged, inner))
        {
            let ty = self.lower_reference(&inner).ty;
            self.types.define(TypeDraft {
                docs: docs::of_schema(&view, path.name.as_str()),
                path,
                deprecated: view.deprecated(),
                shape: ShapeDraft::Alias(ty),
            });
            return;
        }
        let site = InlineSite {
            owner,
            hint: "items".to_owned(),
            directions,
        };
        let (merged, form) = self.final_form(merged);
        if !merged.whole && form.is_declared() {
            self.types.set_merged(merged.key(), &path);
        }
        let shape = match self.declare_shape(&merged, form, &path, directions) {
            Ok(shape) => shape,
            Err(form) => ShapeDraft::Alias(self.lower_form(&merged, form, &site)),
        };
        let docs = docs::of_schema(&view, path.name.as_str());
        self.types.define(TypeDraft {
            path,
            docs,
            deprecated: view.deprecated(),
            shape,
        });
    }

    /// Returns the form of a schema, and the schema itself, after all merges that lead to another
    /// schema.
    fn final_form(&mut self, merged: MergedSchema<'d>) -> (MergedSchema<'d>, TypeForm<'d>) {
        let mut merged = merged;
        let mut form = self.type_form(&merged);
        let mut seen = HashSet::from([merged.key()]);
        while let TypeForm::Merged(other) = &form
            && seen.insert(other.key())
        {
            merged = (**other).clone();
            form = self.type_form(&merged);
        }
        (merged, form)
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
        self.deferred.examples.of_schemas(of, || typed.clone());
        typed
    }

    /// Returns the schema of the JSON in the data of an event, if it is decoded.
    fn decoded(&self, node: &SchemaNode<'d>) -> Option<SchemaNode<'d>> {
        let view = node.inline()?;
        let is_encoded = self.context.encoded_data.contains(view.pointer());
        view.content_schema().filter(|_| is_encoded)
    }

    fn lower_view(&mut self, view: &SchemaView<'d>, site: &InlineSite) -> Typed {
        if let Some(path) = self.types.of_schema(view.pointer()) {
            return Typed {
                ty: Type::Named(path.clone()),
                nullable: MergedSchema::new(view).nullable(),
            };
        }
        let merged = MergedSchema::new(view);
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

    /// Returns `true` if a schema that only wraps another one is also a branch of that one, by its
    /// `oneOf`, `anyOf` or discriminator: the same type would be its own branch. It is a type of
    /// its own if the wrapped schema has keywords beside its branches.
    fn is_child(
        &self,
        view: &SchemaView<'d>,
        merged: &MergedSchema<'d>,
        inner: &SchemaNode<'d>,
    ) -> bool {
        let lists = |parent: SchemaView<'d>| {
            let mut unions = MergedSchema::new(&parent).unions.into_iter();
            unions.any(|union| union.holds(std::slice::from_ref(view)))
        };
        let says = |part: &SchemaView<'d>| !is_bare(part) || part.discriminator().is_some();
        let is_listed = inner.follow().is_some_and(lists)
            && (!merged.unions.is_empty() || merged.parts.iter().any(says));
        is_listed || self.context.hierarchies.is_member(view.pointer())
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
        self.deferred.examples.of_schemas(nodes, || typed.clone());
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
            && let Some(path) = self.types.of_merged(&key)
        {
            return Type::Named(path.clone());
        }
        let modules = self.types.module_for(&site.owner);
        let text = inline_text(merged)
            .filter(|_| !merged.base)
            .map(|text| (text, self.context.multipart.contains(&merged.at)));
        if let Some(text) = &text
            && let Some(path) = self.types.of_text(&modules, text)
        {
            return Type::Named(path.clone());
        }
        let path = self.types.reserve(modules, &site.hint);
        if let Some(text) = text {
            self.types.set_text(text, &path);
        }
        // Registered before nested schemas are lowered, since they may refer to it.
        if merged.whole {
            self.types.set_schema(&merged.at, &path);
        } else {
            self.types.set_merged(key, &path);
        }
        match self.declare_shape(merged, form, &path, site.directions) {
            Ok(shape) => {
                let view = merged.own();
                let docs = view.map(|view| docs::of_schema(view, path.name.as_str()));
                let docs = docs.unwrap_or_default();
                let deprecated = view.is_some_and(SchemaView::deprecated);
                self.types.define(TypeDraft {
                    path: path.clone(),
                    docs,
                    deprecated,
                    shape,
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
            self.findings.push(
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
    ) -> Result<ShapeDraft, TypeForm<'d>> {
        match form {
            TypeForm::Enum(values) => Ok(ShapeDraft::Enum(
                self.lower_enum(merged, values, directions, false),
            )),
            TypeForm::OpenEnum(values) => Ok(ShapeDraft::Enum(
                self.lower_enum(merged, values, directions, true),
            )),
            TypeForm::Struct => Ok(ShapeDraft::Struct(
                self.lower_object(merged, path, directions),
            )),
            TypeForm::Union(branches) => Ok(ShapeDraft::Union(
                self.lower_union(*branches, path, directions),
            )),
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
            TypeForm::Any(_) if self.context.multipart.is_file(merged, None) => Type::Bytes,
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
                contradiction.report(&merged.at, self.findings.diagnostics);
                return TypeForm::Any("the parts of the `allOf` are of different types");
            }
        };
        contradictory_bounds::check(merged, value_type, self.findings.diagnostics);
        let disjoint = if self.findings.diagnostics.is_strict() {
            Disjoint::Empty
        } else {
            Disjoint::Joined
        };
        if let Some(listed) = merged.listed(disjoint) {
            listed.report(&merged.at, self.findings.diagnostics);
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
                    self.findings.push(
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
        self.findings.untyped(at, reason);
        Type::Json
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
        .map(|node| Some(MergedSchema::new(&node.follow()?)))
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

/// Returns the text of an inline schema, to find equal ones.
fn inline_text(merged: &MergedSchema<'_>) -> Option<String> {
    match merged.parts.as_slice() {
        [only] if *only.pointer() == merged.at => Some(only.identity()),
        _ => None,
    }
}
