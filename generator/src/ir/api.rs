//! The whole crate.

use super::info::Info;
use super::name::{Docs, Name};
use super::operation::{OperationGroup, Webhook};
use super::security::{Requirement, SecurityScheme};
use super::server::Server;
use super::types::{Module, Shape, TypeDef, TypePath};
use crate::ident::MethodName;

/// The whole crate.
#[derive(Clone, Debug)]
pub struct Api {
    /// The metadata of the API.
    pub info: Info,
    /// The servers in document order; never empty (OpenAPI: the default is `/`).
    pub servers: Vec<Server>,
    /// The variables in the URLs of all servers, including those of operations: the names and the
    /// builder's setters.
    pub server_variables: Vec<Name<MethodName>>,
    /// Every security scheme that the document declares.
    pub schemes: Vec<SecurityScheme>,
    /// The default security requirements of operations.
    pub security: Vec<Requirement>,
    /// The names of body members that hold a secret although their names do not suggest it. An
    /// empty name means that the whole body of a failure is a secret.
    pub secret_names: Vec<String>,
    /// The modules for inline schemas, parents before children.
    pub modules: Vec<Module>,
    /// Every type, in document order.
    pub types: Vec<TypeDef>,
    /// The operations by tag, in order of the first use of each tag.
    pub groups: Vec<OperationGroup>,
    /// The tags without operations, with their documentation: chapters of the crate's docs.
    pub chapters: Vec<(String, Docs)>,
    /// The webhooks in document order.
    pub webhooks: Vec<Webhook>,
}

impl Api {
    /// Returns the declared types, without the re-exports.
    pub fn declared(&self) -> impl Iterator<Item = &TypeDef> {
        self.types.iter().filter(|def| def.same_as.is_none())
    }

    /// Returns the definitions of all types by their paths.
    pub fn shapes(&self) -> impl Iterator<Item = (&TypePath, &Shape)> {
        self.types.iter().map(|def| (&def.path, &def.shape))
    }
}
