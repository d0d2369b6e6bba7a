//! Repairs parameters: removes them or reads them as text.

use serde_json::{Value, json};

use super::describe::{self, Step, holders, quoted};
use super::follow::operations_with;
use super::general_remedies;
use super::index::Index;
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::{FieldType, ObjectKind, type_at};

/// Returns the changes for a whole parameter. A path parameter becomes text, another one is
/// removed, and if it is required, so are the operations that have it.
pub(super) fn whole(document: &Index<'_>, at: &Pointer, outer: &Step) -> Vec<Remedy> {
    let node = document.pointer(at.as_str());
    let field = |name: &str| node.and_then(|node| node.get(name));
    let place = field("in").and_then(Value::as_str);
    let of = holders(document, at);
    let shown = describe::parameter(document, at);
    let mut remedies = Vec::new();
    if let (Some(text), Some("path")) = (field("name").and_then(Value::as_str), place) {
        remedies.push(Remedy::new(
            Scope::Parameter,
            Edit::Set(at.clone(), of_path(text)),
            format!("the path parameter {}{of} is text", quoted(text)),
        ));
    }
    let without = Edit::Remove(at.clone());
    if field("required") != Some(&Value::Bool(true)) {
        let effect = format!("the {shown}{of} is left out");
        remedies.push(Remedy::new(Scope::Parameter, without, effect));
        return remedies;
    }
    let holder = outer.at.parent();
    if let Some(holder) = holder.filter(|_| outer.ty == FieldType::List(ObjectKind::Parameter)) {
        remedies.push(holder_left_out(document, &holder, &shown));
        return remedies;
    }
    let operations = operations_with(document, at);
    let names: Vec<String> = operations
        .iter()
        .map(|at| quoted(&describe::name(document, at, ObjectKind::Operation)))
        .collect();
    let effect = match names.as_slice() {
        [] => format!("the {shown} is left out"),
        names => format!(
            "the {shown} is left out, and so is each operation that requires it: {}",
            names.join(", ")
        ),
    };
    let mut edits: Vec<Edit> = operations.into_iter().map(Edit::Remove).collect();
    edits.push(without);
    remedies.push(Remedy::with_edits(Scope::Operation, edits, effect));
    remedies
}

/// Returns the remedy that removes an operation or path with a required parameter that cannot be
/// sent.
fn holder_left_out(document: &Value, holder: &Pointer, shown: &str) -> Remedy {
    let is_path = type_at(holder).kind() == Some(ObjectKind::PathItem);
    let mut remedy = if is_path {
        let path = holder.last().unwrap_or_default();
        let effect = format!("the path {} is left out", quoted(&path));
        Remedy::new(Scope::Path, Edit::Remove(holder.clone()), effect)
    } else {
        general_remedies::operation(document, holder)
    };
    remedy.effect = format!("{}: it requires the {shown}", remedy.effect);
    remedy
}

/// Returns a required path parameter of type string.
pub(super) fn of_path(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
}

/// Returns the remedy for a parameter without a location or with an unknown one. It becomes a path
/// parameter if the template of each path that has it contains its name.
pub(super) fn of_template(document: &Index<'_>, at: &Pointer) -> Option<Remedy> {
    if type_at(at).kind() != Some(ObjectKind::Parameter) {
        return None;
    }
    let name = document.pointer(at.as_str())?.get("name")?.as_str()?;
    let users = if describe::is_component(at) {
        operations_with(document, at)
    } else {
        vec![at.clone()]
    };
    let has_name = |user: &Pointer| {
        let mut tokens = user.tokens();
        tokens.next().as_deref() == Some("paths")
            && tokens
                .next()
                .is_some_and(|path| path.contains(&format!("{{{name}}}")))
    };
    if users.is_empty() || !users.iter().all(has_name) {
        return None;
    }
    let effect = format!(
        "the parameter {}{} is read as one of the path",
        quoted(name),
        holders(document, at)
    );
    let edit = Edit::Set(at.child("in"), Value::from("path"));
    Some(Remedy::new(Scope::Parameter, edit, effect))
}

/// Returns the remedy for a parameter without a schema: it becomes text.
pub(super) fn without_schema(document: &Value, at: &Pointer) -> Option<Remedy> {
    let node = document.pointer(at.as_str())?;
    let content = node.get("content");
    let is_empty =
        content.is_none_or(|content| content.as_object().is_none_or(serde_json::Map::is_empty));
    if node.get("schema").is_some_and(|schema| !schema.is_null()) || !is_empty {
        return None;
    }
    let effect = format!(
        "the {}{} is text",
        describe::parameter(document, at),
        holders(document, at)
    );
    let schema = Edit::Set(at.child("schema"), json!({ "type": "string" }));
    let mut edits = vec![schema];
    if content.is_some() {
        edits.push(Edit::Remove(at.child("content")));
    }
    Some(Remedy::with_edits(Scope::Parameter, edits, effect))
}
