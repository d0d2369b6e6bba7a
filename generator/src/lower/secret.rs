//! Finds members of bodies that hold a secret although their names do not suggest it (wire rule
//! 12).

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ident::FieldName;
use crate::ir::{OperationGroup, Outcome, Shape, Type, TypeDef, TypePath};

/// Returns the names of these members. An empty name means that the body of a failure is a secret.
pub(super) fn names(types: &[TypeDef], groups: &[OperationGroup]) -> Vec<String> {
    let shapes = types.iter().map(|def| (&def.path, &def.shape)).collect();
    let fields = types.iter().flat_map(|def| match &def.shape {
        Shape::Struct(shape) => shape.fields.as_slice(),
        _ => &[],
    });
    let mut names: BTreeSet<String> = fields
        .filter(|field| !is_secret(&field.name.wire) && holds_secret(&field.ty, &shapes))
        .map(|field| field.name.wire.clone())
        .collect();
    let operations = groups.iter().flat_map(|group| &group.operations);
    let failures = operations.map(|operation| &operation.failure);
    let mut bodies =
        failures.flat_map(|Outcome { cases, .. }| cases.iter().flat_map(|case| &case.bodies));
    if bodies.any(|body| holds_secret(&body.ty, &shapes)) {
        names.insert(String::new());
    }
    names.into_iter().collect()
}

/// Returns `true` if a value or one of its items is a secret. Members of objects are found by name.
fn holds_secret(ty: &Type, shapes: &HashMap<&TypePath, &Shape>) -> bool {
    let mut queue = vec![ty];
    let mut seen = HashSet::new();
    while let Some(ty) = queue.pop() {
        match ty {
            Type::Secret => return true,
            Type::Named(path) if seen.insert(path) => match shapes.get(path) {
                Some(Shape::Alias(ty) | Shape::Newtype(ty)) => queue.push(ty),
                Some(Shape::Union(shape)) => {
                    queue.extend(shape.variants.iter().map(|variant| &variant.ty));
                }
                _ => {}
            },
            ty => queue.extend(ty.parts()),
        }
    }
    false
}

/// Returns `true` if a string property with this name holds a credential (wire rule 12).
///
/// Page tokens and the like are not secrets, so the ending `token` alone is not sufficient.
pub(super) fn is_secret(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "secret",
        "password",
        "passphrase",
        "access_token",
        "refresh_token",
        "id_token",
        "auth_token",
        "bearer_token",
        "api_token",
        "session_token",
        "api_key",
        "apikey",
        "private_key",
        "secret_key",
        "encryption_key",
        "signing_key",
    ];
    let name = FieldName::new(name);
    let name = name.as_str();
    name == "token"
        || ENDINGS.iter().any(|end| {
            name.strip_suffix(end)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
        })
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn a_name_says_whether_a_text_is_a_credential() {
        let secret = [
            "client_secret",
            "clientSecret",
            "webhook-secret",
            "secret",
            "password",
            "newPassword",
            "key_passphrase",
            "access_token",
            "refreshToken",
            "id_token",
            "auth_token",
            "bearerToken",
            "api_token",
            "session_token",
            "token",
            "api_key",
            "X-Api-Key",
            "apikey",
            "private_key",
            "secret_key",
            "encryptionKey",
            "signing_key",
        ];
        for name in secret {
            assert!(is_secret(name), "{name}");
        }
        let open = [
            "page_token",
            "nextToken",
            "token_type",
            "password_hint",
            "secretary",
            "top_secrets",
            "primary_key",
            "monkey",
            "grapikey",
        ];
        for name in open {
            assert!(!is_secret(name), "{name}");
        }
    }
}
