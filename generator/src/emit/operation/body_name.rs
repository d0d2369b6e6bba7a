//! The name of the field and argument for a request body.

use crate::ident::FieldName;
use crate::ir::Operation;

/// Returns the name of the field and argument for the request body: a parameter may be called
/// `body`.
pub(in crate::emit) fn body_name(operation: &Operation) -> FieldName {
    let mut name = FieldName::new("body");
    let taken = |name: &FieldName| {
        let mut parameters = operation.parameters.iter();
        parameters.any(|parameter| parameter.name.rust == *name)
    };
    while taken(&name) {
        name = FieldName::new("request").suffixed(&format!("_{name}"));
    }
    name
}
