//! Header parameters named `Authorization`, which are to be ignored (OpenAPI 3.1, Parameter Object,
//! `name`).

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Edit, Remedy, Scope, code};
use crate::pointer::Pointer;

/// Returns `true` if the header holds the credential of a request.
fn is_meant(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
}

/// Returns an error for an operation that has a parameter for a credential but no `security`. In
/// other operations, the parameter is ignored, since a credential is sent anyway.
///
/// `headers` are the header parameters: names, pointers and values.
pub(super) fn undeclared_credential<'v>(
    root: &Value,
    (operation, shown): (&Pointer, &str),
    mut headers: impl Iterator<Item = (&'v str, &'v Pointer, &'v Value)>,
) -> Option<Diagnostic> {
    let (_, header_at, header) = headers.find(|(name, ..)| is_meant(name))?;
    let own = root.pointer(operation.as_str())?.get("security");
    let common = root.get("security").filter(|common| *common != &json!([]));
    if own.or(common).is_some() {
        return None;
    }
    let description = header.get("description");
    let mut scheme = json!({ "type": "apiKey", "in": "header", "name": "Authorization" });
    if let (Some(scheme), Some(text @ Value::String(_))) = (scheme.as_object_mut(), description) {
        scheme.insert("description".to_owned(), text.clone());
    }
    let (name, mut edits) = declaration(root, scheme)?;
    let mut alternatives = vec![json!({ name.clone(): [] })];
    if header.get("required") != Some(&Value::Bool(true)) {
        alternatives.push(json!({}));
    }
    edits.push(Edit::Set(
        operation.child("security"),
        Value::Array(alternatives),
    ));
    edits.push(Edit::Remove(header_at.clone()));
    let effect = format!(
        "the client's credential `{name}` is sent in the header `Authorization` of {shown}"
    );
    let remedy = Remedy::with_edits(Scope::Security, edits, effect);
    let message = "`Authorization` is declared as a header parameter, and not as a credential";
    Some(
        Diagnostic::error(code::HEADER_IGNORED, header_at, message)
            .help("declare a security scheme, and require it with `security`")
            .remedy(remedy),
    )
}

/// Returns the name of the security scheme, and the edits that declare it if it is missing. All
/// operations share the description of the first parameter.
fn declaration(root: &Value, scheme: Value) -> Option<(String, Vec<Edit>)> {
    let components = Pointer::root().child("components");
    let at = components.child("securitySchemes");
    let is_same = |other: &Value| {
        let field = |name: &str| other.get(name).and_then(Value::as_str);
        field("type") == Some("apiKey")
            && field("in") == Some("header")
            && field("name").is_some_and(is_meant)
    };
    let schemes = match root.pointer(at.as_str()) {
        Some(schemes) => schemes.as_object()?,
        None => &Map::new(),
    };
    if let Some((name, _)) = schemes.iter().find(|(_, other)| is_same(other)) {
        return Some((name.clone(), Vec::new()));
    }
    let names = ["Authorization", "AuthorizationHeader"];
    let name = names
        .into_iter()
        .find(|name| !schemes.contains_key(*name))?;
    let edit = match (root.get("components"), root.pointer(at.as_str())) {
        (Some(_), Some(_)) => Edit::Set(at.child(name), scheme),
        (Some(_), None) => Edit::Set(at, json!({ name: scheme })),
        (None, _) => {
            let components_value = json!({ "securitySchemes": { name: scheme } });
            Edit::Set(components, components_value)
        }
    };
    Some((name.to_owned(), vec![edit]))
}
