//! The document as `openapiv3` models it, its version, and `$ref` look-up.
//!
//! Everything here borrows from one [`Document`]. Pointers are those of the
//! bundled document as its author wrote it: what `normalize` carried in
//! `x-openapi-prefixItems/0` stands at `prefixItems/0`.

use indexmap::IndexMap;
use openapiv3::{
    Callback, Example, Header, Link, OpenAPI, Operation, Parameter, PathItem, ReferenceOr,
    RequestBody, Response, Schema, SecurityScheme,
};
use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::normalize::{Normalized, Version};
use crate::pointer::Pointer;

mod schema;

pub use schema::{Bound, NamedNodes, Nodes, Rest, SchemaNode, SchemaRef, SchemaType, SchemaView};

/// A document that was read, and every place in it that a `$ref` means.
#[derive(Debug)]
pub struct Document {
    api: OpenAPI,
    version: Version,
}

/// A path, or a webhook, with what stands there.
#[derive(Clone, Debug)]
pub struct PathEntry<'a> {
    /// The template (`/pets/{id}`), or the webhook's name.
    pub path: &'a str,
    /// Where the path item stands: where its `$ref` leads, if it is one.
    pub pointer: Pointer,
    /// The path item.
    pub item: &'a PathItem,
}

/// An operation and its method.
#[derive(Clone, Debug)]
pub struct OperationEntry<'a> {
    /// The method in upper case: one of the eight, `QUERY`, or a key of
    /// `additionalOperations` (OpenAPI 3.2) as it is written there.
    pub method: &'a str,
    /// Where the operation stands.
    pub pointer: Pointer,
    /// The operation.
    pub operation: &'a Operation,
}

/// A security scheme, also of the kind that `openapiv3` does not model.
#[derive(Clone, Copy, Debug)]
pub enum Scheme<'a> {
    /// A scheme of OpenAPI 3.0.
    Modelled(&'a SecurityScheme),
    /// `type: mutualTLS` (OpenAPI 3.1): nothing is sent, the connection has a certificate.
    MutualTls {
        /// What the document says on it.
        description: Option<&'a str>,
    },
}

/// What can stand behind a `$ref`, apart from schemas ([`SchemaNode`]).
pub trait Component: Sized + 'static {
    #[doc(hidden)]
    fn look_up<'a>(document: &'a Document, pointer: &Pointer) -> Option<&'a ReferenceOr<Self>>;
}

impl Document {
    /// Reads a normalized document.
    ///
    /// `None` where `openapiv3` refuses it; the reason is in `diagnostics`.
    #[must_use]
    pub fn read(normalized: Normalized, diagnostics: &mut Diagnostics) -> Option<Self> {
        let _ = (normalized, diagnostics);
        None
    }

    /// The document's own contents. Prefer [`paths`](Self::paths) to `api().paths`
    /// and [`schemas`](Self::schemas) to `api().components`: they know the
    /// pointers and what `openapiv3` does not model.
    #[must_use]
    pub fn api(&self) -> &OpenAPI {
        &self.api
    }

    /// The edition of the specification that the document follows.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The paths in the document's order, `$ref`s of path items followed.
    pub fn paths(&self) -> impl Iterator<Item = PathEntry<'_>> {
        std::iter::empty()
    }

    /// The webhooks (OpenAPI 3.1) in the document's order.
    pub fn webhooks(&self) -> impl Iterator<Item = PathEntry<'_>> {
        std::iter::empty()
    }

    /// The operations of a path item in a fixed order of methods, `query` and
    /// `additionalOperations` (OpenAPI 3.2) included.
    pub fn operations<'a>(
        &'a self,
        entry: &PathEntry<'a>,
    ) -> impl Iterator<Item = OperationEntry<'a>> {
        let _ = entry;
        std::iter::empty()
    }

    /// `components.schemas` in the document's order.
    pub fn schemas(&self) -> impl Iterator<Item = (&str, SchemaNode<'_>)> {
        std::iter::empty()
    }

    /// The schema that stands at a pointer that some `$ref` means (anywhere in the
    /// document), or in `components.schemas`. It may be a `$ref` itself.
    #[must_use]
    pub fn schema(&self, pointer: &Pointer) -> Option<SchemaNode<'_>> {
        let _ = pointer;
        None
    }

    /// A schema field of `openapiv3` and where it stands, as a node:
    /// `document.node(media_type.schema.as_ref()?, pointer.child("schema"))`.
    #[must_use]
    pub fn node<'a>(&'a self, schema: &'a ReferenceOr<Schema>, pointer: Pointer) -> SchemaNode<'a> {
        SchemaNode::new(self, schema.into(), pointer)
    }

    /// Follows a `$ref` of anything but a schema, to what is no `$ref` and where that stands.
    ///
    /// `None` where it leads nowhere or in a circle, which `bundle` has reported.
    #[must_use]
    pub fn resolve<'a, T: Component>(
        &'a self,
        node: &'a ReferenceOr<T>,
        pointer: Pointer,
    ) -> Option<(&'a T, Pointer)> {
        let _ = (node, pointer);
        None
    }

    /// The security scheme of a name in `components.securitySchemes`.
    #[must_use]
    pub fn security_scheme(&self, name: &str) -> Option<Scheme<'_>> {
        let _ = name;
        None
    }
}

/// What `normalize` carried in an object's extensions under a keyword that
/// `openapiv3` does not model there: `carried(&header.extensions, "explode")`.
#[must_use]
pub fn carried<'a>(extensions: &'a IndexMap<String, Value>, keyword: &str) -> Option<&'a Value> {
    extensions.get(&format!("x-openapi-{keyword}"))
}

macro_rules! components {
    ($($component:ty),*) => {
        $(impl Component for $component {
            fn look_up<'a>(
                document: &'a Document,
                pointer: &Pointer,
            ) -> Option<&'a ReferenceOr<Self>> {
                let _ = (document, pointer);
                None
            }
        })*
    };
}

components!(
    Callback,
    Example,
    Header,
    Link,
    Parameter,
    PathItem,
    RequestBody,
    Response,
    SecurityScheme
);
