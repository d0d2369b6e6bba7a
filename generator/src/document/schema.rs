//! Schemas: their data, and views of it that follow references.

mod constraints;
mod identity;
mod inference;
mod model;
mod node;
mod read;
mod upgrade;
mod view;

pub use model::SchemaType;
pub use node::{NamedNodes, Nodes, SchemaNode, SchemaOrBool};
pub use view::SchemaView;

pub(in crate::document) use model::{SchemaKey, SchemaTable};
pub(in crate::document) use read::Reader;
pub(in crate::document) use view::without_null;
