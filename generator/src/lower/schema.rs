//! Lowers a schema to a declared type or to a type without declaration.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Location, code};
use crate::document::{Rest, SchemaNode, SchemaType, SchemaView};
use crate::ir::{Shape, Traits, Type, TypeDef, TypePath};
use crate::limits;
use crate::pointer::Pointer;

use super::composition::{Branches, is_bare};
use super::digits::has_more_than_float;
use super::facets::{Facets, Listed};
use super::usage::Usage;
use super::{Lowering, OwnerKey, Place, Untyped, bounds, docs, integer, naming};

/// A type, and whether it allows null.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Typed {
    pub ty: Type,
    pub nullable: bool,
}

impl Typed {
    /// Returns the type for an item or a map's value, where null needs an `Option`.
    pub fn flat(self) -> Type {
        if self.nullable && self.ty != Type::Json {
            Type::Option(Box::new(self.ty))
        } else {
            self.ty
        }
    }
}

/// The kind of type for a schema.
pub(super) enum Kind<'d> {
    /// Any JSON value, with the reason.
    Any(&'static str),
    /// Only null.
    Null,
    /// One of a list of values.
    Enum(Vec<Listed>),
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
    /// The same as other facets.
    Merged(Box<Facets<'d>>),
    /// A `oneOf` or `anyOf`.
    Union(Box<Branches<'d>>),
    /// A string that is one of a list of values, or any other string.
    OpenEnum(Vec<Listed>),
}

impl Kind<'_> {
    /// Returns true if types of this kind have a declaration.
    fn is_declared(&self) -> bool {
        matches!(
            self,
            Self::Enum(_) | Self::OpenEnum(_) | Self::Struct | Self::Union(_)
        )
    }
}

impl<'d> Lowering<'d, '_> {
    /// Declares every schema of `components.schemas`.
    pub(super) fn components(&mut self) {
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
                self.component(node, path);
            }
        }
    }

    /// Declares a schema under its reserved name.
    pub(super) fn component(&mut self, node: &SchemaNode<'d>, path: TypePath) {
        if !self.charge(node.pointer(), limits::PARTS_OF_A_TYPE) {
            return;
        }
        let usage = self.usages.at(node.pointer());
        let owner = OwnerKey::Type(path.clone());
        self.examples
            .of_schemas(std::slice::from_ref(node), || Typed {
                ty: Type::Named(path.clone()),
                nullable: (node.follow()).is_some_and(|view| Facets::of(&view).nullable()),
            });
        let Some(view) = node.inline() else {
            let ty = self.reference(node).ty;
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
        let facets = Facets::of(&view);
        // An alias, unless it is a branch of the schema that it refers to.
        if let Some(inner) = view
            .annotated()
            .filter(|inner| inner.reference().is_some() && !self.is_child(&view, &facets, inner))
        {
            let ty = self.reference(&inner).ty;
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
        let place = Place {
            owner,
            hint: "items".to_owned(),
            usage,
        };
        let mut facets = facets;
        let mut kind = self.kind(&facets);
        let mut seen = HashSet::from([facets.key()]);
        while let Kind::Merged(merged) = &kind
            && seen.insert(merged.key())
        {
            facets = (**merged).clone();
            kind = self.kind(&facets);
        }
        if !facets.whole && kind.is_declared() {
            let known = self.merged.entry(facets.key());
            known.or_insert_with(|| path.clone());
        }
        let shape = match self.shape(&facets, kind, &path, usage) {
            Ok(shape) => shape,
            Err(kind) => Shape::Alias(self.plain(&facets, kind, &place)),
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
    pub(super) fn node(&mut self, node: &SchemaNode<'d>, place: &Place) -> Typed {
        let decoded = self.decoded(node);
        let node = decoded.as_ref().unwrap_or(node);
        let typed = match node.inline() {
            Some(view) => self.view(&view, place),
            None => self.reference(node),
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

    fn view(&mut self, view: &SchemaView<'d>, place: &Place) -> Typed {
        if let Some(path) = self.by_pointer.get(view.pointer()) {
            return Typed {
                ty: Type::Named(path.clone()),
                nullable: Facets::of(view).nullable(),
            };
        }
        let facets = Facets::of(view);
        if let Some(inner) = view
            .annotated()
            .filter(|inner| !self.is_child(view, &facets, inner))
        {
            return Typed {
                nullable: view.nullable(),
                ..self.node(&inner, place)
            };
        }
        self.facets(&facets, place)
    }

    /// Returns true if a schema that only wraps another one is also a branch of that one, by its
    /// `oneOf`, `anyOf` or discriminator: the same type would be its own branch. It is a type of
    /// its own if the wrapped schema has keywords beside its branches.
    fn is_child(&self, view: &SchemaView<'d>, facets: &Facets<'d>, inner: &SchemaNode<'d>) -> bool {
        let lists = |parent: SchemaView<'d>| {
            let mut unions = Facets::of(&parent).unions.into_iter();
            unions.any(|union| union.holds(std::slice::from_ref(view)))
        };
        let says = |part: &SchemaView<'d>| !is_bare(part) || part.discriminator().is_some();
        let is_listed = inner.follow().is_some_and(lists)
            && (!facets.unions.is_empty() || facets.parts.iter().any(says));
        is_listed || self.hierarchies.is_member(view.pointer())
    }

    /// Returns the type of several schemas that a value must match.
    pub(super) fn nodes(&mut self, nodes: &[SchemaNode<'d>], at: &Pointer, place: &Place) -> Typed {
        let typed = match nodes {
            [only] => return self.node(only, place),
            [first, rest @ ..] if rest.iter().all(|node| first.is_same(node)) => {
                self.node(first, place)
            }
            _ => {
                // Ignore parts that only annotate.
                let telling: Vec<&SchemaNode<'d>> = nodes
                    .iter()
                    .filter(|node| node.follow().is_some_and(|view| !view.is_any()))
                    .collect();
                let facets = Facets::of_all(nodes, at.clone());
                let only = match telling.as_slice() {
                    [only] => Some(*only),
                    _ => narrowest(&telling),
                };
                match only {
                    Some(only) => Typed {
                        nullable: facets.nullable(),
                        ..self.node(only, place)
                    },
                    None => self.facets(&facets, place),
                }
            }
        };
        self.examples.of_schemas(nodes, || typed.clone());
        typed
    }

    pub(super) fn facets(&mut self, facets: &Facets<'d>, place: &Place) -> Typed {
        let nullable = facets.nullable();
        if !self.deepen(&facets.at) {
            let ty = self.untyped(&facets.at, "the schemas are nested too deeply");
            return Typed { ty, nullable };
        }
        let typed = self.entered(facets, nullable, place);
        self.depth -= 1;
        typed
    }

    fn entered(&mut self, facets: &Facets<'d>, nullable: bool, place: &Place) -> Typed {
        let kind = self.kind(facets);
        // Merged alternatives can multiply.
        if !facets.whole && !self.charge(&facets.at, facets.parts.len()) {
            let ty = self.untyped(&facets.at, "the types are too large");
            return Typed { ty, nullable };
        }
        let ty = self.of_kind(facets, kind, place);
        Typed { ty, nullable }
    }

    fn of_kind(&mut self, facets: &Facets<'d>, kind: Kind<'d>, place: &Place) -> Type {
        if !kind.is_declared() {
            return self.plain_once(facets, kind, place);
        }
        let key = facets.key();
        if !facets.whole
            && let Some(path) = self.merged.get(&key)
        {
            return Type::Named(path.clone());
        }
        let modules = self.module(&place.owner);
        let text = inline_text(facets)
            .filter(|_| !facets.base)
            .map(|text| (text, self.multipart.contains(&facets.at)));
        if let Some(text) = &text
            && let Some((_, path)) = self
                .inline
                .get(&modules)
                .and_then(|known| known.iter().find(|(known, _)| known == text))
        {
            return Type::Named(path.clone());
        }
        let name = self.names.type_in(&modules, &place.hint);
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
        if facets.whole {
            self.by_pointer.insert(facets.at.clone(), path.clone());
        } else {
            self.merged.insert(key, path.clone());
        }
        match self.shape(facets, kind, &path, place.usage) {
            Ok(shape) => {
                let view = facets.own();
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
            Err(kind) => self.plain(facets, kind, place),
        }
    }

    /// Returns the type of a kind without declaration, or any JSON value if it contains itself.
    fn plain_once(&mut self, facets: &Facets<'d>, kind: Kind<'d>, place: &Place) -> Type {
        let key = facets.key();
        if self.open.contains(&key) {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::TYPE_WIDENED,
                    facets.at.key(),
                    "a schema without a name contains itself, and the inner one becomes any JSON value",
                )
                .help("move it to `components.schemas` and refer to it"),
            );
            return self.untyped(&facets.at, "the schema contains itself and has no name");
        }
        self.open.push(key);
        let ty = self.plain(facets, kind, place);
        self.open.pop();
        ty
    }

    /// Returns the declaration of a kind, or the kind itself if it has none.
    fn shape(
        &mut self,
        facets: &Facets<'d>,
        kind: Kind<'d>,
        path: &TypePath,
        usage: Usage,
    ) -> Result<Shape, Kind<'d>> {
        match kind {
            Kind::Enum(values) => Ok(Shape::Enum(self.enumeration(facets, values, usage, false))),
            Kind::OpenEnum(values) => {
                Ok(Shape::Enum(self.enumeration(facets, values, usage, true)))
            }
            Kind::Struct => Ok(Shape::Struct(self.object(facets, path, usage))),
            Kind::Union(branches) => Ok(Shape::Union(self.union(*branches, path, usage))),
            kind => Err(kind),
        }
    }

    /// Returns the type of a kind without declaration.
    fn plain(&mut self, facets: &Facets<'d>, kind: Kind<'d>, place: &Place) -> Type {
        match kind {
            Kind::Any(_) if self.multipart.is_file(facets, None) => Type::Bytes,
            Kind::Any(reason) => self.untyped(&facets.at, reason),
            Kind::Null => Type::Null,
            Kind::Same(node) => self.node(&node, place).ty,
            Kind::Merged(facets) => self.facets(&facets, place).ty,
            Kind::Map => self.map(facets, place),
            Kind::Array => self.array(facets, place),
            Kind::Scalar(value_type) => self.scalar(facets, value_type),
            Kind::Enum(_) | Kind::OpenEnum(_) | Kind::Struct | Kind::Union(_) => {
                self.untyped(&facets.at, "the schema has no declaration")
            }
        }
    }

    /// Returns the kind of type for facets.
    pub(super) fn kind(&mut self, facets: &Facets<'d>) -> Kind<'d> {
        if facets.own().is_some_and(SchemaView::is_null) {
            return Kind::Null;
        }
        if facets.parts.iter().any(SchemaView::is_never) {
            return Kind::Any("the schema allows no value");
        }
        if let Some(kind) = self.alternatives(facets) {
            return kind;
        }
        if facets.is_any() && !facets.is_discriminated() {
            return Kind::Any("the schema does not say what it is");
        }
        let Ok(value_type) = facets.agreed_type(self.diagnostics) else {
            return Kind::Any("the parts of the `allOf` are of different types");
        };
        bounds::check(facets, value_type, self.diagnostics);
        match facets.listed_or_joined(self.diagnostics) {
            Some((values, true)) => return Kind::OpenEnum(values),
            Some((values, false)) => return Kind::Enum(values),
            None => {}
        }
        match value_type {
            Some(SchemaType::Object) => object_kind(facets),
            None if facets.is_object() || facets.is_discriminated() => object_kind(facets),
            Some(SchemaType::Array) => Kind::Array,
            Some(scalar) => Kind::Scalar(scalar),
            None => {
                let lists =
                    |part: &SchemaView<'d>| !part.one_of().is_empty() || !part.any_of().is_empty();
                if facets.unions.is_empty() && facets.parts.iter().any(lists) {
                    let says = "the schema only lists itself as an alternative";
                    self.diagnostics.push(
                        Diagnostic::warning(code::TYPE_WIDENED, facets.at.key(), says)
                            .label("becomes any JSON value")
                            .help("write a `type` or properties"),
                    );
                }
                Kind::Any("the schema has no type")
            }
        }
    }

    /// Returns any JSON value, and records the reason for the report.
    pub(super) fn untyped(&mut self, at: &Pointer, reason: &'static str) -> Type {
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

    fn map(&mut self, facets: &Facets<'d>, place: &Place) -> Type {
        let object = facets.object();
        let place = place.named(naming::singular(&place.hint));
        let value = match (object.additional, object.patterns.as_slice()) {
            (Rest::Schema(node), []) => self.node(&node, &place).flat(),
            (Rest::Any | Rest::Unsaid | Rest::Closed, []) => {
                self.untyped(&facets.at, "the object's properties are not described")
            }
            (rest, patterns) => self.by_pattern(facets, &rest, patterns, &place),
        };
        Type::Map(Box::new(value))
    }

    /// Returns the type for the properties of patterns and of `additionalProperties`, if it is a
    /// schema.
    pub(super) fn by_pattern(
        &mut self,
        facets: &Facets<'d>,
        rest: &Rest<'d>,
        patterns: &[(&'d str, SchemaNode<'d>)],
        place: &Place,
    ) -> Type {
        let mut nodes: Vec<SchemaNode<'d>> =
            patterns.iter().map(|(_, node)| node.clone()).collect();
        match rest {
            Rest::Any => {
                return self.untyped(
                    &facets.at,
                    "other properties than the patterns' may be anything",
                );
            }
            Rest::Schema(node) => nodes.push(node.clone()),
            Rest::Unsaid | Rest::Closed => {}
        }
        self.any_of(&nodes, facets, place)
    }

    /// Returns the type of a value that matches one of several schemas.
    pub(super) fn any_of(
        &mut self,
        nodes: &[SchemaNode<'d>],
        facets: &Facets<'d>,
        place: &Place,
    ) -> Type {
        let mut known = HashSet::new();
        let distinct = nodes.iter().filter(|node| known.insert(words(node)));
        let distinct: Vec<SchemaNode<'d>> = distinct.cloned().collect();
        let allows_all = |node: &SchemaNode<'d>| node.follow().is_some_and(|view| view.is_any());
        if distinct.iter().any(allows_all) {
            return self.untyped(&facets.at, "one of the alternatives allows any value");
        }
        match (distinct.as_slice(), facets.own()) {
            ([only], _) => self.node(only, place).flat(),
            (several, Some(owner)) => {
                let ty = self.union_of(owner, several, facets, place);
                let is_nullable =
                    |node: &SchemaNode<'d>| node.follow().is_some_and(|view| view.nullable());
                let nullable = several.iter().any(is_nullable);
                Typed { ty, nullable }.flat()
            }
            (_, None) => self.untyped(&facets.at, "the schema has no declaration"),
        }
    }

    fn array(&mut self, facets: &Facets<'d>, place: &Place) -> Type {
        let place = place.named(naming::singular(&place.hint));
        let prefix =
            facets.last(|view| Some(view.prefix_items()).filter(|items| !items.is_empty()));
        let said = |rest: Rest<'d>| Some(rest).filter(|rest| !matches!(rest, Rest::Unsaid));
        let items = facets
            .last(|view| said(view.items()))
            .or_else(|| facets.last(|view| said(view.unevaluated_items())));
        if let Some(prefix) = prefix {
            return self.tuple(facets, &prefix, items, &place);
        }
        let nodes: Vec<SchemaNode<'d>> = facets
            .parts
            .iter()
            .filter_map(|part| match (part.items(), part.unevaluated_items()) {
                (Rest::Schema(node), _) | (Rest::Unsaid, Rest::Schema(node)) => Some(node),
                _ => None,
            })
            .collect();
        let item = match nodes.as_slice() {
            [] => self.untyped(&facets.at, "the array's items are not described"),
            nodes => self.nodes(nodes, &facets.keyword("items"), &place).flat(),
        };
        Type::Vec(Box::new(item))
    }

    /// Returns the type for `prefixItems`: a tuple if the length is fixed, otherwise a list of any
    /// of the types.
    fn tuple(
        &mut self,
        facets: &Facets<'d>,
        prefix: &[SchemaNode<'d>],
        items: Option<Rest<'d>>,
        place: &Place,
    ) -> Type {
        let ends = matches!(items, Some(Rest::Closed))
            || facets.last(SchemaView::max_items) == Some(prefix.len());
        if ends && facets.last(SchemaView::min_items) == Some(prefix.len()) {
            let types = (1..).zip(prefix).map(|(position, node)| {
                let place = place.named(format!("{} {position}", place.hint));
                self.node(node, &place).flat()
            });
            return Type::Tuple(types.collect());
        }
        self.diagnostics.push(
            Diagnostic::warning(
                code::UNCHECKED,
                facets.keyword("prefixItems").key(),
                "`prefixItems` without a fixed length: the positions of items are not checked",
            )
            .help("write `minItems` and `maxItems` for a tuple"),
        );
        let mut nodes = prefix.to_vec();
        match items {
            Some(Rest::Schema(node)) => nodes.push(node),
            Some(Rest::Closed) => {}
            _ if ends => {}
            _ => {
                let reason = "items beyond the described ones may be anything";
                return Type::Vec(Box::new(self.untyped(&facets.at, reason)));
            }
        }
        Type::Vec(Box::new(self.any_of(&nodes, facets, place)))
    }

    fn scalar(&mut self, facets: &Facets<'d>, value_type: SchemaType) -> Type {
        let format = facets.last(SchemaView::format).unwrap_or_default();
        match value_type {
            SchemaType::Boolean => Type::Bool,
            SchemaType::Number if self.is_integer(facets, format) => self.integer(facets, format),
            SchemaType::Number if self.needs_digits(facets) => Type::Number,
            SchemaType::Number => Type::Float64,
            SchemaType::Integer => self.integer(facets, format),
            SchemaType::String if self.multipart.is_file(facets, Some(value_type)) => Type::Bytes,
            SchemaType::String => self.text(facets, format),
            SchemaType::Array | SchemaType::Object => {
                self.untyped(&facets.at, "the schema has no type")
            }
        }
    }

    /// Returns the type of a string, by its format if the document's own values have it (wire rule
    /// 4).
    fn text(&mut self, facets: &Facets<'d>, format: &str) -> Type {
        let encoding = facets
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
        let broken = |value: &serde_json::Value| {
            value
                .as_str()
                .is_some_and(|text| !super::default_value::fits(&ty, text))
        };
        if self.contradicts(facets, format, broken, "so this is read as any text") {
            return Type::String;
        }
        ty
    }

    /// Returns true if a `number` has an integer format, and no value in the document has a
    /// fraction.
    fn is_integer(&mut self, facets: &Facets<'d>, format: &str) -> bool {
        integer::width(format).is_some()
            && !self.contradicts(
                facets,
                format,
                integer::has_fraction,
                "so this is read as any number",
            )
    }

    /// Returns true if an `f64` cannot represent a value in the document.
    fn needs_digits(&self, facets: &Facets<'d>) -> bool {
        facets.parts.iter().any(|part| {
            self.shown.needs_digits(part.pointer()) || has_more_than_float(self.document, part)
        })
    }

    /// Returns true, and reports it, if a value in the document violates a format.
    fn contradicts(
        &mut self,
        facets: &Facets<'d>,
        format: &str,
        breaks: impl Fn(&serde_json::Value) -> bool,
        consequence: &str,
    ) -> bool {
        let own = facets
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
            let shown = facets
                .parts
                .iter()
                .filter_map(|part| self.shown.offender(part.pointer()))
                .find(|value| breaks(value))?;
            Some((facets.at.key(), shown.to_string()))
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
        let mut parts = facets.parts.iter().rev();
        if let Some(part) = parts.find(|part| part.format().is_some()) {
            warning = warning.related(part.keyword("format"), "the format");
        }
        self.diagnostics.push(warning);
        true
    }
}

fn object_kind<'d>(facets: &Facets<'d>) -> Kind<'d> {
    let object = facets.object();
    // Without properties, `additionalProperties: false` only allows the empty object.
    let closed = matches!(object.additional, Rest::Closed) && object.patterns.is_empty();
    let unnamed =
        object.properties.is_empty() && object.conditional.is_empty() && object.required.is_empty();
    if unnamed && !closed {
        Kind::Map
    } else {
        Kind::Struct
    }
}

/// Returns the schema that extends all others, such as a property that a child schema narrows.
fn narrowest<'n, 'd>(nodes: &[&'n SchemaNode<'d>]) -> Option<&'n SchemaNode<'d>> {
    let facets: Vec<Facets<'d>> = nodes
        .iter()
        .map(|node| Some(Facets::of(&node.follow()?)))
        .collect::<Option<_>>()?;
    let extends = |one: &Facets<'d>| {
        let mut others = facets.iter();
        others.all(|other| one.include(&other.parts, &other.unions))
    };
    facets
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
fn inline_text(facets: &Facets<'_>) -> Option<String> {
    match facets.parts.as_slice() {
        [only] if *only.pointer() == facets.at => Some(only.identity()),
        _ => None,
    }
}
