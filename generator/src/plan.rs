//! Makes the decisions about the whole crate: the files and the traits of the types, the definitions
//! that operations share, and the parts of the runtime that the crate needs.
//!
//! `emit` reads the results. Names do not depend on them, except those of shared definitions.

mod failures;
mod layout;
mod response_headers;
mod runtime_features;
mod shared;
mod sizes;
mod traits;

use std::collections::{HashMap, HashSet};

pub(crate) use failures::Failures;
pub(crate) use layout::{Layout, file_stem, top};
pub(crate) use response_headers::{Accessor, ResponseHeaders, accessors};
pub(crate) use runtime_features::{RuntimeFeature, RuntimeFeatures};
pub(crate) use shared::Shared;
pub(crate) use sizes::Sizes;
pub(crate) use traits::{DefaultImpl, HashImpl, Traits};

use crate::ident::TypeName;
use crate::ir::{
    Additional, Api, Requirement, SchemeKind, SecurityScheme, Server, Shape, Struct, Type, TypeDef,
    TypePath, Webhook,
};

/// The decisions about the whole crate, and facts that several emitters use.
#[derive(Debug)]
pub struct Plan<'a> {
    pub(crate) layout: Layout<'a>,
    pub(crate) sizes: Sizes<'a>,
    pub(crate) traits: HashMap<&'a TypePath, Traits>,
    pub(crate) features: RuntimeFeatures,
    pub(crate) failures: Failures<'a>,
    pub(crate) headers: ResponseHeaders<'a>,
    pub(crate) definitions: HashMap<&'a TypePath, &'a Shape>,
    pub(crate) deprecated: HashSet<&'a TypePath>,
    pub(crate) schemes: HashMap<&'a str, &'a SchemeKind>,
    /// The document's own `security`, if an operation uses it.
    pub(crate) security: Option<&'a [Requirement]>,
    /// The first server's URL, with variables replaced by their defaults.
    pub(crate) default_url: String,
    /// True if the document has deprecated items.
    pub(crate) deprecates: bool,
}

impl<'a> Plan<'a> {
    /// Makes the decisions about a crate.
    #[must_use]
    pub fn new(api: &'a Api) -> Self {
        let deprecated_type = |def: &TypeDef| {
            def.deprecated
                || match &def.shape {
                    Shape::Struct(Struct { fields, .. }) => {
                        fields.iter().any(|field| field.deprecated)
                    }
                    _ => false,
                }
        };
        let deprecated_webhook = |webhook: &Webhook| {
            webhook.deprecated || webhook.parameters.iter().any(|p| p.deprecated)
        };
        let mut operations = api.groups.iter().flat_map(|group| &group.operations);
        let traits = traits::decide(&api.types);
        Self {
            layout: Layout::new(api),
            sizes: Sizes::new(api),
            features: RuntimeFeatures::new(api, &traits),
            traits,
            failures: Failures::new(api),
            headers: ResponseHeaders::new(api),
            definitions: api
                .types
                .iter()
                .map(|TypeDef { path, shape, .. }| (path, shape))
                .collect(),
            deprecated: api
                .types
                .iter()
                .filter(|def| def.deprecated)
                .map(|def| &def.path)
                .collect(),
            schemes: api
                .schemes
                .iter()
                .map(|scheme| (scheme.name.wire.as_str(), &scheme.kind))
                .collect(),
            security: common_security(api),
            default_url: api
                .servers
                .first()
                .map_or_else(|| "/".to_owned(), Server::default_url),
            deprecates: api.types.iter().any(deprecated_type)
                || operations.any(|operation| {
                    operation.deprecated
                        || operation.parameters.iter().any(|p| p.deprecated)
                        || operation.callbacks.iter().any(deprecated_webhook)
                })
                || api.webhooks.iter().any(deprecated_webhook),
        }
    }

    /// Returns `true` if a type cannot be named without naming a deprecated type.
    pub(crate) fn is_deprecated(&self, ty: &Type) -> bool {
        ty.paths().any(|path| self.deprecated.contains(path))
    }

    /// Returns `true` if a type is any JSON value or an alias of it: null is then one of its
    /// values.
    pub(crate) fn is_any(&self, ty: &Type) -> bool {
        let ty = ty.follow(|ty| match ty {
            Type::Named(path) => match self.definitions.get(path)? {
                Shape::Alias(ty) => Some(ty),
                _ => None,
            },
            _ => None,
        });
        *ty == Type::Json
    }

    pub(crate) fn structure(&self, path: &TypePath) -> Option<&'a Struct> {
        match self.definitions.get(path) {
            Some(Shape::Struct(shape)) => Some(shape),
            _ => None,
        }
    }

    /// Returns the traits of a declared type.
    pub(crate) fn traits(&self, path: &TypePath) -> Traits {
        self.traits.get(path).copied().unwrap_or_default()
    }

    /// Returns the number of a struct's fields.
    pub(crate) fn field_count(&self, path: &TypePath) -> Option<usize> {
        let Struct {
            constants: _,
            fields,
            additional,
        } = self.structure(path)?;
        let kept = usize::from(matches!(additional, Additional::Kept { .. }));
        Some(fields.len() + kept)
    }

    /// Returns the name of the variant of an open enum that keeps undocumented values.
    pub(crate) fn open_variant(&self, path: &TypePath) -> Option<&'a TypeName> {
        match self.definitions.get(path) {
            Some(Shape::Enum(shape)) => shape.open.as_ref(),
            _ => None,
        }
    }
}

/// Returns the document's own `security`, if an operation uses it and its constant has no other
/// meaning.
fn common_security(api: &Api) -> Option<&[Requirement]> {
    let common = api.security.as_slice();
    let is_taken = |scheme: &SecurityScheme| scheme.name.rust.as_str() == "security";
    let mut operations = api.groups.iter().flat_map(|group| &group.operations);
    let is_used = operations.any(|operation| operation.security == common);
    (is_used && !common.is_empty() && !api.schemes.iter().any(is_taken)).then_some(common)
}
