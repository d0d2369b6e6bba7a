//! Repairs security schemes and requirements.

use serde_json::{Map, Value, json};

use super::describe::{self, quoted};
use super::index::{Index, lists};
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::{ObjectKind, type_at};

/// Maximum number of operations named in one effect.
const MOST_SHOWN: usize = 3;

/// Returns the remedy that removes a security scheme and the requirements that name it.
pub(super) fn scheme(document: &Index<'_>, at: &Pointer) -> Remedy {
    let name = at.last().unwrap_or_default();
    let unusable: Vec<&str> = vec![name.as_str()];
    let without = document.requirements_of(&name).iter().filter(|list| {
        let alternatives = alternatives(document, list);
        alternatives.iter().all(|one| names_any(one, &unusable))
    });
    let shown: Vec<String> = without.map(|list| holder(document, list)).collect();
    let mut effect = format!("the security scheme {} is left out", quoted(&name));
    if !shown.is_empty() {
        let rest = shown.len().saturating_sub(MOST_SHOWN);
        let mut first: Vec<String> = shown.into_iter().take(MOST_SHOWN).collect();
        if rest > 0 {
            first.push(format!("{rest} more"));
        }
        let first = first.join(", ");
        effect = format!("{effect}, and no credential is sent for {first}");
    }
    Remedy::new(Scope::Security, Edit::Remove(at.clone()), effect)
}

/// Returns the remedy for a requirement of an unknown scheme: its alternative is removed.
pub(super) fn unknown(document: &Value, at: &Pointer) -> Option<Remedy> {
    let alternative = at.parent()?;
    let list = alternative.parent()?;
    if list.last()? != "security" {
        return None;
    }
    let known = document.pointer("/components/securitySchemes");
    let known = known.and_then(Value::as_object);
    let is_usable = |one: &&Value| {
        let names = one.as_object().into_iter().flat_map(Map::keys);
        let mut names = names.map(|name| known.is_some_and(|known| known.contains_key(name)));
        names.all(|is_known| is_known)
    };
    let alternatives = alternatives(document, &list);
    let holder = holder(document, &list);
    let effect = if alternatives.iter().any(is_usable) {
        let name = at.last().unwrap_or_default();
        format!(
            "the alternative with {} is left out of the `security` of {holder}",
            quoted(&name)
        )
    } else {
        format!("no credential is sent for {holder}")
    };
    let edit = Edit::Remove(alternative);
    Some(Remedy::new(Scope::Security, edit, effect))
}

/// Returns the edits of requirements for removed schemes.
pub(super) fn requirements_of(document: &Value, removed: &[String]) -> Vec<Edit> {
    let removed: Vec<&str> = removed.iter().map(String::as_str).collect();
    if removed.is_empty() {
        return Vec::new();
    }
    let of_list = |list: Pointer| {
        let alternatives = alternatives(document, &list).into_iter().enumerate();
        let edits = alternatives.filter(|(_, one)| names_any(one, &removed));
        let edits = edits.map(|(index, _)| Edit::Remove(list.child(index)));
        edits.collect::<Vec<_>>()
    };
    lists(document).into_iter().flat_map(of_list).collect()
}

fn names_any(alternative: &Value, names: &[&str]) -> bool {
    let map = alternative.as_object();
    let mut keys = map.into_iter().flat_map(Map::keys);
    keys.any(|key| names.contains(&key.as_str()))
}

fn alternatives<'v>(document: &'v Value, list: &Pointer) -> Vec<&'v Value> {
    let list = document.pointer(list.as_str()).and_then(Value::as_array);
    list.into_iter().flatten().collect()
}

/// Returns the operation that has a list of requirements, or a phrase for the document's own list.
fn holder(document: &Value, list: &Pointer) -> String {
    match list.parent() {
        Some(operation) if operation != Pointer::root() => {
            quoted(&describe::name(document, &operation, ObjectKind::Operation))
        }
        _ => "operations without their own `security`".to_owned(),
    }
}

/// Returns the remedy that completes a security scheme.
pub(super) fn meant(document: &Value, at: &Pointer) -> Option<Remedy> {
    let scheme = std::iter::successors(Some(at.clone()), Pointer::parent)
        .find(|at| type_at(at).kind() == Some(ObjectKind::SecurityScheme))?;
    let node = document.pointer(scheme.as_str())?;
    let name = scheme.last().unwrap_or_default();
    let read_as = |what: &str| format!("the security scheme {} is read as {what}", quoted(&name));
    let set = |field: &str, value: Value| Edit::Set(scheme.child(field), value);
    let remedy =
        |effect: String, edits: Vec<Edit>| Remedy::with_edits(Scope::Security, edits, effect);
    if let Some(text) = node.as_str() {
        let http = http_scheme(text)?;
        let value = json!({ "type": "http", "scheme": http });
        let effect = read_as(&format!("`type: http` with `scheme: {http}`"));
        return Some(remedy(effect, vec![Edit::Set(scheme, value)]));
    }
    let has = |field: &str| node.get(field).is_some_and(|value| !value.is_null());
    let written = written_type(node);
    if let Some(http) = http_scheme(&written).filter(|_| !has("scheme")) {
        let edits = vec![set("type", "http".into()), set("scheme", http.into())];
        return Some(remedy(
            read_as(&format!("`type: http` with `scheme: {http}`")),
            edits,
        ));
    }
    let kind = match written.as_str() {
        "apikey" | "http" | "oauth2" | "openidconnect" | "mutualtls" => None,
        "oauth" | "oauth20" => Some("oauth2"),
        "openid" | "oidc" => Some("openIdConnect"),
        _ if has("flows") => Some("oauth2"),
        _ if has("scheme") => Some("http"),
        _ if has("openIdConnectUrl") => Some("openIdConnect"),
        _ if has("in") && has("name") => Some("apiKey"),
        _ => return None,
    };
    if let Some(kind) = kind {
        return Some(remedy(
            read_as(&format!("`type: {kind}`")),
            vec![set("type", kind.into())],
        ));
    }
    match written.as_str() {
        // The user supplies the token, so the client does not need the flows.
        "oauth2" if at.is_within(&scheme.child("flows")) && *at != scheme.child("flows") => {
            scopes(document, at)
        }
        "oauth2" if *at == scheme.child("flows") || !has("flows") => {
            let (flows, mut edits) = flows(node, &scheme);
            edits.push(set("flows", flows));
            let effect = "the client does not request a token, but sends the one that it is given";
            Some(remedy(effect.to_owned(), edits))
        }
        "openidconnect" => {
            let effect = "the client does not request a token, but sends the one that it is given";
            let edits = vec![set("openIdConnectUrl", "".into())];
            Some(remedy(effect.to_owned(), edits))
        }
        "http" if !has("scheme") && has("bearerFormat") => Some(remedy(
            read_as("`scheme: bearer`"),
            vec![set("scheme", "bearer".into())],
        )),
        _ => None,
    }
}

/// Returns the letters and digits of the `type`, in lower case.
fn written_type(scheme: &Value) -> String {
    let written = scheme.get("type").and_then(Value::as_str);
    let characters = written.unwrap_or_default().chars();
    characters
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Returns the remedy for an invalid part of a flow, which the client does not need.
fn scopes(document: &Value, at: &Pointer) -> Option<Remedy> {
    let list = document.pointer(at.as_str())?.as_array();
    let effect = "the client does not request a token, but sends the one that it is given";
    let names = list.map(|list| list.iter().filter_map(Value::as_str));
    let edit = match names.filter(|_| at.last().as_deref() == Some("scopes")) {
        Some(names) => {
            let scopes = names.map(|name| (name.to_owned(), Value::from("")));
            Edit::Set(at.clone(), Value::Object(scopes.collect()))
        }
        None => Edit::Remove(at.clone()),
    };
    Some(Remedy::new(Scope::Security, edit, effect))
}

fn http_scheme(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "bearer" | "jwt" => Some("bearer"),
        "basic" => Some("basic"),
        _ => None,
    }
}

/// Returns the flows of a scheme, converted if written as in OpenAPI 2.0.
fn flows(node: &Value, scheme: &Pointer) -> (Value, Vec<Edit>) {
    let flow = match node.get("flow").and_then(Value::as_str) {
        Some("implicit") => "implicit",
        Some("password") => "password",
        Some("application") => "clientCredentials",
        Some("accessCode") => "authorizationCode",
        _ => return (json!({}), Vec::new()),
    };
    let mut fields = Map::new();
    let mut edits = vec![Edit::Remove(scheme.child("flow"))];
    for field in ["authorizationUrl", "tokenUrl", "scopes"] {
        if let Some(value) = node.get(field) {
            fields.insert(field.to_owned(), value.clone());
            edits.push(Edit::Remove(scheme.child(field)));
        }
    }
    (json!({ flow: fields }), edits)
}
