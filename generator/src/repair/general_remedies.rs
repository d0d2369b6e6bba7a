//! The remedies that every part has: it is left out, or any value is allowed.

use serde_json::{Value, json};

use super::describe::{self, holders, quoted};
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::{ObjectKind, type_at};

/// Returns the remedy that leaves out an object.
pub(super) fn left_out(document: &Value, at: &Pointer, scope: Scope, noun: &str) -> Remedy {
    let name = at.last().unwrap_or_default();
    let of = holders(document, at);
    let effect = format!("the {noun} {}{of} is left out", quoted(&name));
    Remedy::new(scope, Edit::Remove(at.clone()), effect)
}

/// Returns the remedy that leaves out an operation.
pub(super) fn operation(document: &Value, at: &Pointer) -> Remedy {
    let name = describe::name(document, at, ObjectKind::Operation);
    let effect = format!("the operation {} is left out", quoted(&name));
    Remedy::new(Scope::Operation, Edit::Remove(at.clone()), effect)
}

/// Keywords whose schema is a condition. Replacing it by any value would change the meaning, so it
/// is removed.
const CONDITIONS: &[&str] = &[
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];

/// Returns the remedy that replaces a schema by any JSON value, keeping its documentation.
pub(super) fn any_value(document: &Value, at: &Pointer) -> Remedy {
    let keyword = at.last().unwrap_or_default();
    let is_keyword = |outer: Pointer| type_at(&outer).kind() == Some(ObjectKind::Schema);
    if CONDITIONS.contains(&keyword.as_str()) && at.parent().is_some_and(is_keyword) {
        let effect = format!("{}{} is ignored", quoted(&keyword), holders(document, at));
        return Remedy::new(Scope::Keyword, Edit::Remove(at.clone()), effect);
    }
    let (scope, name) = describe::schema(at);
    let of = holders(document, at);
    let effect = if name == "branch of the `allOf`" {
        format!("the {name}{of} is ignored")
    } else {
        format!("the {name}{of} is any JSON value")
    };
    let written = document.pointer(at.as_str());
    let mut schema = json!({});
    for field in ["title", "description"] {
        if let Some(text @ Value::String(_)) = written.and_then(|written| written.get(field))
            && let Some(schema) = schema.as_object_mut()
        {
            schema.insert(field.to_owned(), text.clone());
        }
    }
    Remedy::new(scope, Edit::Set(at.clone(), schema), effect)
}
